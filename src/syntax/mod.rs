//! Text to syntax tree. Knows the grammar and nothing of what names mean.
//!
//! text → tokens (`token`, `lex`, `words`) → braces (`blocks`) → members (`cut`) → trees (`tree`, by
//! grammar/role.pest) → `ast` (`build`), what does not fit → findings (`recover`). `parse` calls them.

mod again;
mod blocks;
mod build;
mod cut;
mod docs;
mod inside;
mod lex;
mod lists;
mod nameless;
mod outline;
mod parse;
mod recover;
mod scope;
mod token;
mod tree;
mod words;

pub mod ast;

pub(crate) use self::again::common_start;
pub(crate) use self::inside::{Moved, parse_inside};
pub(crate) use self::lex::meaning;
pub use self::lists::{contextual_words, reserved_words};
pub(crate) use self::outline::signs_from;
pub use self::outline::{Begins, Outline, Part, PartSort, Sign, Token, outline, signs};
pub(crate) use self::parse::parse_among;
pub use self::parse::{parse, parse_again};
pub use self::scope::{NoImport, Scope, import, import_path, imports, is_bare, quoted, spelled};
pub(crate) use self::scope::{spelled_level, spelled_word};
pub(crate) use self::token::{Kind, tokens};
pub(crate) use self::tree::Shapes;
