//! What a cursor points at, and what may be done there: pure functions over a workspace that is up to date. Offsets
//! and spans are bytes of a file; whoever speaks a protocol turns them into its own. Reads no file and no clock, and
//! never fails: any offset of any text, damaged or not, has an answer, if an empty one.
//!
//! ```
//! use rolec::ide;
//! use rolec::workspace::Workspace;
//!
//! let mut workspace = Workspace::default();
//! workspace.set("acme.role", rolec::example::POLICY);
//! workspace.update();
//! let file = workspace.file("acme.role").unwrap();
//! // From the `reader` that is assigned to the template.
//! let assigned = rolec::example::POLICY.find("assign reader").unwrap() + "assign ".len();
//! let places = ide::definition(&workspace, file, u32::try_from(assigned).unwrap());
//! let template = rolec::example::POLICY.find("template reader").unwrap() + "template ".len();
//! assert_eq!(places[0].span.start as usize, template);
//! ```

mod actions;
mod blocks;
mod completion;
mod context;
mod hints;
mod hover;
mod lenses;
mod links;
mod markdown;
mod names;
mod origin;
mod owner;
mod references;
mod rename;
mod resolve;
mod shapes;
mod symbol;
mod symbols;
mod tokens;

pub use self::actions::{Action, actions};
pub use self::completion::{Completion, CompletionKind, completions};
pub use self::hints::{Hint, hints};
pub use self::hover::{Hover, hover};
pub use self::lenses::{Command, Lens, lenses};
pub use self::links::{Link, links};
pub use self::names::{Named, Sort, name_at, names};
pub use self::origin::{Cell, Deciding, Part};
pub use self::references::{Declarations, definition, highlights, references};
pub use self::rename::{Renamable, prepare_rename, rename};
pub use self::shapes::{Fold, FoldKind, folding, selection};
pub use self::symbol::{LevelOf, Symbol};
pub use self::symbols::{Found, Outline, SymbolKind, document_symbols, workspace_symbols};
pub use self::tokens::{Modifiers, Token, TokenKind, semantic_tokens};
