//! What programs get: the shapes that `--format json` promises, each in a file of its own. They are a contract.
//! A field may be added; none is renamed, removed or given another meaning without a new [`VERSION`]. So no type
//! of another room is serialized as it is: what a pass calls its data may change, what stands here may not.

mod can;
mod eval;
mod failure;
mod findings;
mod listing;
mod origin;
mod show;
mod testing;

pub use self::can::{Answer, Asked, Assigned, Role, Why};
pub use self::eval::{Answered, Id, Line};
pub use self::failure::Failure;
pub use self::findings::{Edit, Finding, Findings, Fix, Label, Point, Region};
pub use self::listing::{
    CatalogOf, Catalogs, CategoryOf, ChangedRow, Compared, HeldBy, HoldersIn, RightOf, RowOf, WhatHeld,
    WhoHolds,
};
pub use self::origin::{At, Source};
pub use self::show::{Cell, Shown};
pub use self::testing::{Failed, Tested, Tests};

use std::io::{self, BufWriter, Write};

use super::Escaped;

/// The version of the shapes: the `version` field of every document.
pub const VERSION: u32 = 1;

/// Writes a document: indented, hidden characters escaped, a newline at its end.
pub fn write(document: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut escaped = Escaped::json(BufWriter::new(out));
    serde_json::to_writer_pretty(&mut escaped, document)?;
    escaped.write_all(b"\n")?;
    escaped.finish().map(drop)
}

/// Writes a document on one line, hidden characters escaped, a newline at its end.
pub fn write_line(document: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut escaped = Escaped::json(out);
    serde_json::to_writer(&mut escaped, document)?;
    escaped.write_all(b"\n")?;
    escaped.finish().map(drop)
}

#[cfg(test)]
mod schemas;
