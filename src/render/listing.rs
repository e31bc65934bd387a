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

use crate::render::escape::{escaped_line, one_line};
use crate::render::when::within;
use crate::table::{Catalog, Role, Row};
use crate::tools::ask::{bare_or_quoted, level, spelled};
use crate::tools::listing::{Holders, Right, Stretch};
use crate::vocab::Period;

/// Writes who holds a permission, an organization at a time: at a moment, or over a period with the stretches of it.
///
/// ```
/// use rolec::render::listing::who;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
/// use rolec::tools::listing;
/// use rolec::vocab::{Period, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let create = permission(&table, acme.catalog(), &What::Text("pages:create")).unwrap();
/// let told = |period: Period| {
///     let mut out = Vec::new();
///     who(&[listing::who(&table, acme, create, period).unwrap()], period, &mut out).unwrap();
///     String::from_utf8(out).unwrap()
/// };
/// assert_eq!(
///     told(Time::parse("2027-01-01")?.into()),
///     "acme (direct)\n  role       editor\n  template   owner\n  service    bot  by editor\n",
/// );
/// assert!(told(Period::parse("2026")?).ends_with(
///     "  admin      ana@acme.example  throughout       by editor
///   service    bot               from 2026-06-01  by editor\n"
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn who(holders: &[Holders<'_>], period: impl Into<Period>, out: &mut dyn Write) -> io::Result<()> {
    let period = period.into();
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
        // As it is shown, so that what is hidden in it shifts nothing.
        let names = widest(here.principals.iter().map(|(principal, _)| escaped_line(principal.name())));
        let whens = when_width(here.principals.iter().flat_map(|(_, stretches)| stretches), period);
        for (principal, stretches) in &here.principals {
            let shown = escaped_line(principal.name());
            let mut name = &*shown;
            let mut what = principal.kind().word();
            for stretch in stretches {
                let when = when(stretch, period, whens);
                one_line(out, &format!("  {what:<9}  {name:<names$}{when}{}", by(&stretch.by)))?;
                (what, name) = ("", "");
            }
        }
    }
    Ok(())
}

/// Writes what somebody holds, by category: at a moment, or over a period with the stretches of it.
///
/// ```
/// use rolec::eval::Holder;
/// use rolec::render::listing::what;
/// use rolec::table::Table;
/// use rolec::tools::listing;
/// use rolec::vocab::{Period, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let ana = Holder::Principal(acme.principals().next().unwrap().key());
/// let told = |period: Period| {
///     let mut out = Vec::new();
///     what(&listing::what(&table, acme, ana, period), period, &mut out).unwrap();
///     String::from_utf8(out).unwrap()
/// };
/// assert_eq!(told(Time::parse("2027-01-01")?.into()), "Content\n  spaces  read  by reader\n");
/// assert!(told(Period::new(Some(Time::parse("2026-12-01")?), None).unwrap()).starts_with(
///     "Content
///   spaces   write           until 2027-01-01  by reader, editor
///            read            from 2027-01-01   by reader
///   pages    create, update  until 2027-01-01  by editor\n"
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn what(rights: &[Right<'_>], period: impl Into<Period>, out: &mut dyn Write) -> io::Result<()> {
    let period = period.into();
    let id = |right: &Right<'_>| bare_or_quoted(right.row.id()).into_owned();
    if rights.is_empty() {
        return writeln!(out, "nothing");
    }
    let ids = widest(rights.iter().map(id));
    let level_in = |right: &Right<'_>, stretch: &Stretch<'_>| level(right.row.shape(), stretch.held);
    let all = || rights.iter().flat_map(|right| right.stretches.iter().map(move |stretch| (right, stretch)));
    let levels = widest(all().map(|(right, stretch)| level_in(right, stretch)));
    let whens = when_width(rights.iter().flat_map(|right| &right.stretches), period);
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
        let mut id = id(right);
        for stretch in &right.stretches {
            let (level, when) = (level_in(right, stretch), when(stretch, period, whens));
            let line = format!("  {id:<ids$}  {level:<levels$}{when}{}", by(&stretch.by));
            one_line(out, line.trim_end())?;
            id.clear();
        }
    }
    Ok(())
}

/// When a stretch is, in a column of its own; nothing of a moment.
fn when(stretch: &Stretch<'_>, period: Period, width: usize) -> String {
    if period.is_moment() { String::new() } else { format!("  {:<width$}", within(stretch.period, period)) }
}

fn when_width<'s>(stretches: impl Iterator<Item = &'s Stretch<'s>>, period: Period) -> usize {
    widest(stretches.map(|stretch| within(stretch.period, period)))
}

pub(super) fn widest(texts: impl Iterator<Item = impl AsRef<str>>) -> usize {
    texts.map(|text| text.as_ref().chars().count()).max().unwrap_or(0)
}

/// The roles that give something.
fn by(roles: &[Role<'_>]) -> String {
    if roles.is_empty() { String::new() } else { format!("  by {}", ids(roles)) }
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

pub(super) fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// That a row is escalating, and to which rows where it is not to all.
fn escalating(row: Row<'_>) -> String {
    let rows: Vec<String> = row.leads_to().map(spelled).collect();
    if rows.is_empty() { "escalating".to_owned() } else { format!("escalating to {}", rows.join(", ")) }
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
            marks += &format!("  {}", escalating(*row));
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
