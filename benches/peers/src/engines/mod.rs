//! How each contender is given a policy and asked. Each file gives closures that answer one question.

pub(crate) mod casbin;
pub(crate) mod cedar;
pub(crate) mod maps;
pub(crate) mod oso;
pub(crate) mod ours;
pub(crate) mod regorus;
