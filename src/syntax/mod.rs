//! Text to syntax tree. Knows the grammar and nothing of what names mean.
//!
//! text → tokens (`token`, `lex`) → members (`cut`) → trees (`tree`, by grammar/role.pest) → `ast` (`build`),
//! what does not fit → findings (`recover`). `parse` calls them.

mod build;
mod cut;
mod docs;
mod lex;
mod parse;
mod recover;
mod scope;
mod token;
mod tree;
mod words;

pub mod ast;

pub(crate) use self::lex::meaning;
pub use self::parse::parse;
pub use self::scope::{Scope, import_path, imports, is_bare, quoted};
pub(crate) use self::token::{Kind, tokens};
pub use self::words::{contextual_words, reserved_words};
