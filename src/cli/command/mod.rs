//! The verbs, a file each.

pub(crate) mod build;
pub(crate) mod can;
pub(crate) mod check;
pub(crate) mod eval;
pub(crate) mod show;
pub(crate) mod test;
