//! Why: the line that decided each action of each cell, through templates, spreads, floors and joins; and of a denial,
//! what would lift it. Works on a table alone, so that sources and compiled tables answer alike. Says nothing in words:
//! that is `render`'s.
//!
//! ```
//! use rolec::table::Table;
//! use rolec::tools::explain::sheet;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let reader = table.role_view(table.template("reader").unwrap()).unwrap();
//! let levels: Vec<String> = sheet(reader, None).lines.iter().map(|line| line.level()).collect();
//! assert_eq!(levels, ["read", "none", "off", "none", "off"]);
//! # Ok::<(), rolec::table::LoadError>(())
//! ```

mod decision;
mod flip;
mod origin;
mod sheet;
mod statement;

#[cfg(feature = "cli")]
pub(crate) use self::decision::answered;
#[cfg(feature = "render")]
pub(crate) use self::decision::{Asked, OF_MANY, explain_at_most};
pub use self::decision::{Explanation, Held, explain, explain_throughout};
pub use self::flip::{Change, Flip, How, Near, Stretch};
pub use self::origin::{Deciding, Part, deciding};
pub use self::sheet::{Line, Sheet, sheet};
pub use self::statement::statement;
