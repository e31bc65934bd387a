//! The `.role` language for tree-sitter: the generated parser and its queries. Holds no logic of its own.
//!
//! ```
//! let mut parser = tree_sitter::Parser::new();
//! parser.set_language(&tree_sitter_role::LANGUAGE.into()).unwrap();
//! let tree = parser.parse("use jumpcloud", None).unwrap();
//! assert_eq!(tree.root_node().to_sexp(), "(source_file (use catalog: (identifier)))");
//! ```

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_role() -> *const ();
}

/// The language.
// SAFETY: the generated parser is compiled into this crate, and this is the one function that it exports.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_role) };

/// The kinds of nodes, as JSON.
pub const NODE_TYPES: &str = include_str!("../../src/node-types.json");

/// The query for colours.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/role/highlights.scm");

/// The query for folds.
pub const FOLDS_QUERY: &str = include_str!("../../queries/role/folds.scm");

/// The query for definitions and references.
pub const TAGS_QUERY: &str = include_str!("../../queries/role/tags.scm");
