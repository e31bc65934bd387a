//! Lists for people: who holds a permission, what somebody holds, the rows of a catalog.
//!
//! ```
//! use rolec::render::listing::catalogs;
//! use rolec::table::Table;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let mut out = Vec::new();
//! catalogs(table.catalogs(), &mut out)?;
//! assert_eq!(out, b"wiki 3  Team Wiki  2 categories, 5 rows, 9 permissions, 1 default role\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::table::{Catalog, Role, Row};
use crate::tools::ask::{bare_or_quoted, spelled};
use crate::tools::listing::{Holders, Right};
use crate::vocab::{Actions, Form};

/// Writes who holds a permission, an organization at a time.
///
/// ```
/// use rolec::render::listing::who;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::listing;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let holders = listing::who(&table, acme, create, Time::parse("2027-01-01")?).unwrap();
/// let mut out = Vec::new();
/// who(&[holders], &mut out)?;
/// assert_eq!(
///     String::from_utf8(out)?,
///     "acme (direct)\n  role       editor\n  template   owner\n  service    bot  by editor\n",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn who(holders: &[Holders<'_>], out: &mut dyn Write) -> io::Result<()> {
    for (index, here) in holders.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        one_line(out, &format!("{} ({})", here.organization.id(), here.organization.kind()))?;
        if here.roles.is_empty() && here.principals.is_empty() {
            one_line(out, "  nobody")?;
        }
        for role in &here.roles {
            let what = if role.is_template() { "template" } else { "role" };
            one_line(out, &format!("  {what:<9}  {}", bare_or_quoted(role.id())))?;
        }
        let width =
            here.principals.iter().map(|(principal, _)| principal.name().chars().count()).max().unwrap_or(0);
        for (principal, by) in &here.principals {
            let what = match principal.kind() {
                crate::vocab::PrincipalKind::Admin => "admin",
                crate::vocab::PrincipalKind::Service => "service",
            };
            one_line(out, &format!("  {what:<9}  {:<width$}  by {}", principal.name(), ids(by)))?;
        }
    }
    Ok(())
}

/// Writes what somebody holds, by category.
///
/// ```
/// use rolec::eval::Holder;
/// use rolec::render::listing::what;
/// use rolec::table::Table;
/// use rolec::tools::listing;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let ana = Holder::Principal(acme.principals().next().unwrap().key());
/// let mut out = Vec::new();
/// what(&listing::what(&table, acme, ana, Time::parse("2027-01-01")?), &mut out)?;
/// assert_eq!(String::from_utf8(out)?, "Content\n  spaces  read  by reader\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn what(rights: &[Right<'_>], out: &mut dyn Write) -> io::Result<()> {
    let id = |right: &Right<'_>| bare_or_quoted(right.row.id()).into_owned();
    let ids_width = rights.iter().map(|right| id(right).chars().count()).max().unwrap_or(0);
    let level = |right: &Right<'_>| level_spelled(right.row, right.held);
    if rights.is_empty() {
        return writeln!(out, "nothing");
    }
    let levels_width = rights.iter().map(|right| level(right).chars().count()).max().unwrap_or(0);
    let mut category = None;
    for right in rights {
        let of = right.row.category();
        if category != Some(of.key()) {
            if category.is_some() {
                writeln!(out)?;
            }
            category = Some(of.key());
            one_line(out, of.title().unwrap_or(of.id()))?;
        }
        let by = if right.by.is_empty() { String::new() } else { format!("  by {}", ids(&right.by)) };
        let level = level(right);
        let line = format!("  {:<ids_width$}  {level:<levels_width$}{by}", id(right));
        one_line(out, line.trim_end())?;
    }
    Ok(())
}

/// A level as one writes it, verbs quoted where they must be.
fn level_spelled(row: Row<'_>, held: Actions) -> String {
    let shape = row.shape();
    if shape.form() != Form::Verbs || held.is_empty() {
        return bare_or_quoted(&shape.level(held)).into_owned();
    }
    let names = shape.actions().enumerate().filter(|(at, _)| held.contains(Actions::one(*at)));
    names.map(|(_, name)| bare_or_quoted(name)).collect::<Vec<_>>().join(", ")
}

fn ids(roles: &[Role<'_>]) -> String {
    roles.iter().map(|role| bare_or_quoted(role.id())).collect::<Vec<_>>().join(", ")
}

/// Writes catalogs, a line each.
///
/// ```
/// use rolec::render::listing::catalogs;
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let mut out = Vec::new();
/// catalogs(table.catalogs(), &mut out)?;
/// assert!(out.starts_with(b"wiki 3  Team Wiki"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn catalogs<'t>(catalogs: impl Iterator<Item = Catalog<'t>>, out: &mut dyn Write) -> io::Result<()> {
    for catalog in catalogs {
        let mut text = catalog.id().to_owned();
        if let Some(version) = catalog.version() {
            text += &format!(" {version}");
        }
        if let Some(title) = catalog.title() {
            text += &format!("  {title}");
        }
        let rows = catalog.rows().count();
        let actions: usize = catalog.rows().map(|row| row.shape().width()).sum();
        let categories = catalog.categories().count();
        let defaults = catalog.templates().filter(|template| template.is_default()).count();
        text += &format!(
            "  {}, {}, {}, {}",
            counted(categories, "category", "categories"),
            counted(rows, "row", "rows"),
            counted(actions, "permission", "permissions"),
            counted(defaults, "default role", "default roles")
        );
        one_line(out, &text)?;
    }
    Ok(())
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// Writes rows of catalogs with the levels they offer and what is said of them. Of several catalogs each row is said to
/// be of which.
///
/// ```
/// use rolec::render::listing::rows;
/// use rolec::table::Table;
/// use rolec::tools::catalogs::search;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let mut out = Vec::new();
/// let wiki = table.catalogs().next().unwrap();
/// rows(&[(wiki, search(wiki, "tenants"))], &mut out)?;
/// assert_eq!(String::from_utf8(out)?, "site.tenants  off, on  only managed\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn rows(found: &[(Catalog<'_>, Vec<Row<'_>>)], out: &mut dyn Write) -> io::Result<()> {
    let name = |catalog: &Catalog<'_>, row: &Row<'_>| match found {
        [_] => spelled(*row),
        _ => format!("{}  {}", bare_or_quoted(catalog.id()), spelled(*row)),
    };
    let all = || found.iter().flat_map(|(catalog, rows)| rows.iter().map(move |row| (catalog, row)));
    let width = all().map(|(catalog, row)| name(catalog, row).chars().count()).max().unwrap_or(0);
    for (catalog, row) in all() {
        let mut marks = String::new();
        if row.is_escalating() {
            marks += "  escalating";
        }
        if row.is_only_managed() {
            marks += "  only managed";
        }
        let offered: Vec<_> = row.shape().offered().into_iter().map(bare_or_quoted).collect();
        one_line(out, &format!("{:<width$}  {}{marks}", name(catalog, row), offered.join(", ")))?;
        // A `///` remark has lines of its own; a title or a note is one, whatever it would like to be.
        for text in
            row.title().into_iter().chain(row.doc().into_iter().flat_map(str::lines)).chain(row.notes())
        {
            one_line(out, &format!("  {text}"))?;
        }
        for caveat in row.caveats() {
            one_line(out, &format!("  caveat: {caveat}"))?;
        }
    }
    Ok(())
}
