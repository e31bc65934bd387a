//! The verbs, a file each.

pub(crate) mod assign;
pub(crate) mod build;
pub(crate) mod can;
pub(crate) mod catalog;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod diff;
mod edit;
pub(crate) mod eval;
pub(crate) mod export;
pub(crate) mod fmt;
pub(crate) mod key;
#[cfg(feature = "lsp")]
pub(crate) mod lsp;
pub(crate) mod man;
pub(crate) mod matrix;
pub(crate) mod new;
pub(crate) mod plan;
pub(crate) mod role;
pub(crate) mod show;
pub(crate) mod suggest;
pub(crate) mod test;
pub(crate) mod what;
pub(crate) mod who;
