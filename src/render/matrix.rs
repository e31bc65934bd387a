//! Whole matrices, in a file for each form: text, CSV, Markdown, a page of HTML. What is common to them stands here: the
//! words of a cell. Works out nothing: what is held is the tool's to say, where it comes from `explain`'s.
//!
//! ```
//! use rolec::render::matrix::{html, text};
//! use rolec::table::Table;
//! use rolec::tools::listing::roles;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let matrices: Vec<_> = table.organizations().map(|one| roles(&table, one)).collect();
//! let (mut shown, mut page) = (Vec::new(), Vec::new());
//! text(&matrices, &mut shown)?;
//! html(&matrices, &mut page)?;
//! assert!(shown.starts_with(b"acme (direct)\n") && page.starts_with(b"<!doctype html>\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod csv;
mod html;
mod markdown;
mod text;
mod why;

pub use self::csv::csv;
pub use self::html::html;
pub use self::markdown::markdown;
pub use self::text::text;

use crate::table::Row;
use crate::tools::ask;
use crate::tools::listing::{Cell, Matrix};
use crate::vocab::Period;

/// How a cell that is not of the whole period is marked.
const PART: &str = "*";
/// How one is marked of which not all is held at any one moment.
const NEVER_AT_ONCE: &str = "**";

/// The marks with what they mean, where a matrix has such cells.
fn meanings(marks: &[&str]) -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = [
        (PART, "in a part of the time only"),
        (NEVER_AT_ONCE, "in parts of the time, and never all of it at once"),
    ];
    all.into_iter().filter(|(mark, _)| marks.contains(mark))
}

fn mark(cell: Cell) -> &'static str {
    match (cell.is_part(), cell.at_once) {
        (false, _) => "",
        (true, true) => PART,
        (true, false) => NEVER_AT_ONCE,
    }
}

/// A cell for people: its level, `-` where nothing is held.
fn level(row: Row<'_>, cell: Cell) -> String {
    if cell.some.is_empty() { "-".to_owned() } else { ask::level(row.shape(), cell.some) }
}

/// Which organization, and when.
fn head<'t>(matrix: &Matrix<'t>) -> (&'t str, String) {
    let organization = matrix.organization;
    let when = matrix.period.map(|period: Period| format!(", {period}")).unwrap_or_default();
    (organization.id(), format!("({}){when}", organization.kind()))
}
