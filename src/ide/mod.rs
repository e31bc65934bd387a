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

mod names;
mod references;
mod rename;
mod resolve;
mod symbol;

pub use self::names::{Named, Sort, name_at, names};
pub use self::references::{Declarations, definition, highlights, references};
pub use self::rename::{Renamable, prepare_rename, rename};
pub use self::symbol::{LevelOf, Symbol};
