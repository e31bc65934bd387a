//! The fewest roles that cover permissions, for people.

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::render::listing::{counted, widest};
use crate::render::suggest::asked;
use crate::tools::ask::bare_or_quoted;
use crate::tools::suggest::{Cover, Part};

/// How many permissions of a list are written.
const SHOWN: usize = 8;

/// Writes the fewest roles that hold all of some permissions.
///
/// ```
/// use rolec::render::suggest::cover;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::suggest::{self, A_SECOND};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let mut out = Vec::new();
/// cover(&suggest::cover(&table, acme, &[create], A_SECOND), false, &mut out)?;
/// assert_eq!(
///     String::from_utf8(out)?,
///     "acme (direct): 1 role covers it\n  role  editor  content.pages:create\nbeside that: 4 permissions, in 3 rows\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cover(cover: &Cover<'_>, all: bool, out: &mut dyn Write) -> io::Result<()> {
    let organization = cover.organization;
    let head = format!("{} ({})", organization.id(), organization.kind());
    let it =
        if cover.asked.iter().map(|part| part.actions.count()).sum::<usize>() == 1 { "it" } else { "all" };
    let Some(roles) = &cover.roles else {
        one_line(out, &format!("{head}: nothing covers {it}"))?;
        return one_line(out, &format!("no role or template holds {}", listed(&cover.nowhere, all)));
    };
    let number = match roles.len() {
        1 => "1 role covers".to_owned(),
        several => format!("{several} roles cover"),
    };
    one_line(out, &format!("{head}: {number} {it}"))?;
    let what = |is_template: bool| if is_template { "template" } else { "role" };
    let whats = widest(roles.iter().map(|role| what(role.role.is_template())));
    let ids = widest(roles.iter().map(|role| bare_or_quoted(role.role.id())));
    for role in roles {
        let (what, id) = (what(role.role.is_template()), bare_or_quoted(role.role.id()));
        one_line(out, &format!("  {what:<whats$}  {id:<ids$}  {}", listed(&role.holds, all)))?;
    }
    let count = cover.beside.iter().map(|part| part.actions.count()).sum();
    let beside = counted(count, "permission", "permissions");
    let rows = counted(cover.beside.len(), "row", "rows");
    match count {
        0 => writeln!(out, "nothing beside that")?,
        _ => writeln!(out, "beside that: {beside}, in {rows}")?,
    }
    match (cover.is_exact, cover.at_least < roles.len()) {
        (true, _) => Ok(()),
        (false, true) => {
            writeln!(
                out,
                "stopped early: at least {} needed",
                counted(cover.at_least, "role is", "roles are")
            )
        }
        (false, false) => writeln!(out, "stopped early: no fewer do, but as many may hold less beside it"),
    }
}

fn listed(parts: &[Part<'_>], all: bool) -> String {
    let mut told: Vec<String> = parts.iter().flat_map(asked).collect();
    let most = if all { usize::MAX } else { SHOWN };
    let more = told.len().saturating_sub(most);
    told.truncate(most);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told.join(", ")
}
