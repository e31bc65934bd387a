//! What programs get: the shapes that `--format json` promises, each in a file of its own. They are a contract.
//! A field may be added; none is renamed, removed or given another meaning without a new [`VERSION`]. So no type
//! of another room is serialized as it is: what a pass calls its data may change, what stands here may not.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::render::json::{Findings, write};
//! use rolec::source::Sources;
//!
//! let compiled = compile(Sources::from_iter([("o.role", "use nowhere")]));
//! let mut out = Vec::new();
//! write(&Findings::new(&compiled.sources, &compiled.findings), &mut out)?;
//! let document: serde_json::Value = serde_json::from_slice(&out)?;
//! assert_eq!(document["findings"][0]["slug"], "unknown-catalog");
//! assert_eq!(document["summary"]["errors"], 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod can;
mod catalogs;
mod cedar;
mod comparison;
mod coverage;
mod diff;
mod edit;
mod eval;
mod exported;
mod failure;
mod findings;
mod flip;
mod formatting;
mod keys;
mod listing;
mod matrix;
mod origin;
mod plan;
mod reach;
mod show;
mod suggest;
mod testing;
mod when;

pub use self::can::Answer;
pub use self::catalogs::{CatalogOf, Catalogs};
pub use self::comparison::Compared;
pub use self::coverage::{Coverage, Mutation};
pub use self::diff::Differs;
pub use self::edit::Edits;
pub use self::eval::{Answered, Id, Line, Text};
pub use self::exported::Exported;
pub use self::failure::Failure;
pub use self::findings::Findings;
pub use self::formatting::Formatted;
pub use self::keys::{KeyMade, KeySigned};
pub use self::listing::{RightOf, WhatHeld, WhoHolds};
pub use self::matrix::Matrices;
pub use self::plan::Planned;
pub use self::reach::{WhoClimbs, WhoReaches};
pub use self::show::Shown;
pub use self::suggest::{Advised, Covered, LeastRoles, Used};
pub use self::testing::Tests;

// What a document is made of: its form is told by its schema in docs/schemas, not by these.
#[doc(hidden)]
pub use self::{
    can::{Asked, Assigned, Role, Why},
    catalogs::{CategoryOf, RowOf},
    cedar::{CedarAttributes, CedarEntity, CedarId},
    comparison::{CatalogNamed, Changed, Changes, Differing, LevelOf, RoleOf, Value},
    coverage::{
        CoveredRole, CoveredRow, MissingCell, MutatedRole, Share, UnnoticedAssignment, UnnoticedCell,
    },
    diff::{
        CatalogDiffers, CellDiffers, CountsOf, HeldDiffers, OrganizationDiffers, PersonDiffers, RightDiffers,
        RoleDiffers, RowNamed, RowRenamed, SpanOf,
    },
    edit::FileEdited,
    exported::{AssignmentExported, OrganizationExported, PrincipalExported},
    failure::PlaceOf,
    findings::{Edit, Finding, Fix, Label, Point, Region},
    flip::{ChangeOf, Flip, NearOf, StretchOf},
    formatting::{FileOf, Outcomes},
    listing::{HeldBy, HeldDuring, HoldersIn, LevelDuring},
    matrix::{CellIn, ColumnOf, LineOf, MatrixIn, RoleDuring},
    origin::{At, Source},
    plan::{ChangedThing, HolderOf, TouchedBy, TouchedElsewhere},
    reach::{ClimbedBy, ClimbersIn, GainOf, GivenBy, HopOf, ReachedBy, ReachersIn, RowReached, WayOf},
    show::Cell,
    suggest::{
        AdvisedIn, CoveringRole, Gained, LeastOf, Lines, MergeOf, MergesOf, NearestOf, PartOf, PlanOf,
        RoleOrTemplate, RowsApart, Suggested, UnusedOf, WithinOf,
    },
    testing::{Failed, Tested},
    when::{PeriodOf, When},
};

use std::io::{self, BufWriter, Write};

use super::Escaped;

/// The version of the shapes: the `version` field of every document.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::json::{Findings, VERSION};
/// use rolec::source::Sources;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// assert_eq!(Findings::new(&compiled.sources, &compiled.findings).version, VERSION);
/// ```
pub const VERSION: u32 = 1;

/// Writes a document: indented, hidden characters escaped, a newline at its end.
///
/// ```
/// let mut out = Vec::new();
/// rolec::render::json::write(&"a\u{202e}b", &mut out)?;
/// assert_eq!(out, b"\"a\\u202eb\"\n", "hidden characters are escaped here too");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write(document: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut escaped = Escaped::json(BufWriter::new(out));
    serde_json::to_writer_pretty(&mut escaped, document)?;
    escaped.write_all(b"\n")?;
    escaped.finish().map(drop)
}

/// Writes a document on one line, hidden characters escaped, a newline at its end. Flushes nothing.
///
/// ```
/// let mut out = Vec::new();
/// rolec::render::json::write_line(&["a\u{202e}b", "c"], &mut out)?;
/// assert_eq!(out, b"[\"a\\u202eb\",\"c\"]\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_line(document: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    // In one piece: a serializer writes every word by itself.
    let mut line = serde_json::to_vec(document)?;
    line.push(b'\n');
    // And not flushed: whoever writes many lines knows when somebody waits for them.
    Escaped::json(out).write_all(&line)
}

#[cfg(test)]
mod schemas;
