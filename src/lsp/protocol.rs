//! The types of the protocol, by one door: the crate that they come from breaks them in small versions.

pub(super) use gen_lsp_types::*;
