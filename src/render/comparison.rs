//! What differs between two catalogs, for people: a line for each thing that came, went or changed, in columns.
//!
//! ```
//! use rolec::render::comparison::comparison;
//! use rolec::table::Table;
//! use rolec::tools::diff::catalogs::compare;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let wiki = table.catalogs().next().unwrap();
//! let mut out = Vec::new();
//! comparison(&compare(wiki, wiki), &mut out)?;
//! assert!(out.is_empty(), "nothing differs from itself");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::table::{Category, Role, Row};
use crate::tools::ask::{bare_or_quoted, spelled};
use crate::tools::diff::catalogs::{Change, Comparison, Difference, Field, Said};

/// Writes what differs between two catalogs.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::comparison::comparison;
/// use rolec::source::Sources;
/// use rolec::tools::diff::catalogs::compare;
///
/// let text = "catalog old { category c { a: flag b: verbs get } limit custom-roles 5 }\n\
///             catalog new { category c { b: verbs get, put long: flag } }";
/// let table = compile(Sources::from_iter([("catalogs.role", text)])).table.unwrap();
/// let catalog = |id| table.catalog_view(table.catalog(id).unwrap()).unwrap();
/// let mut out = Vec::new();
/// comparison(&compare(catalog("old"), catalog("new")), &mut out)?;
/// assert_eq!(
///     String::from_utf8(out)?,
///     "~ catalog   new     limit of custom roles: 5 -> none\n\
///      ~ row       c.b     levels: none, get -> none, get, put\n\
///      + row       c.long  off, on\n\
///      - row       c.a     off, on\n",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn comparison(found: &Comparison<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    let name = bare_or_quoted(found.new.id()).into_owned();
    lines.extend(found.itself.iter().map(|differs| ('~', "catalog", name.clone(), said(differs))));
    push(&mut lines, "category", &found.categories, |one| bare_or_quoted(one.id()).into_owned(), titled);
    push(&mut lines, "row", &found.rows, |row| spelled(*row), |row| listed(row.shape().offered()));
    push(&mut lines, "role", &found.roles, |role| bare_or_quoted(role.id()).into_owned(), granted);
    let width = lines.iter().map(|(_, _, name, _)| name.chars().count()).max().unwrap_or(0);
    for (mark, sort, name, text) in lines {
        one_line(out, format!("{mark} {sort:<8}  {name:<width$}  {text}").trim_end())?;
    }
    Ok(())
}

/// Mark, sort, name, text.
type Line = (char, &'static str, String, String);

fn push<T>(
    lines: &mut Vec<Line>,
    sort: &'static str,
    changes: &[Change<'_, T>],
    name: impl Fn(&T) -> String,
    whole: impl Fn(&T) -> String,
) {
    for change in changes {
        match change {
            Change::Added(one) => lines.push(('+', sort, name(one), whole(one))),
            Change::Removed(one) => lines.push(('-', sort, name(one), whole(one))),
            Change::Changed(one, differs) => {
                lines.extend(differs.iter().map(|differs| ('~', sort, name(one), said(differs))));
            }
        }
    }
}

fn titled(category: &Category<'_>) -> String {
    category.title().map(|title| format!("\"{title}\"")).unwrap_or_default()
}

/// What a role grants, as far as a line may say it.
fn granted(role: &Role<'_>) -> String {
    let above_floor = |row: &Row<'_>| role.actions(row.key()) != row.shape().floor();
    let rows: Vec<Row<'_>> = role.catalog().rows().collect();
    let count = rows.iter().filter(|row| above_floor(row)).count();
    format!("grants something of {count} of {} rows", rows.len())
}

/// One thing that is said otherwise.
pub(super) fn said(differs: &Difference<'_>) -> String {
    let changed = |name: &str, quote: &str| {
        format!("{name}: {} -> {}", value(&differs.old, quote), value(&differs.new, quote))
    };
    match (&differs.field, &differs.new) {
        (Field::OnlyManaged, Said::Flag(true)) => "now only managed".to_owned(),
        (Field::OnlyManaged, _) => "no longer only managed".to_owned(),
        (Field::Escalating, Said::Flag(true)) => match differs.old {
            Said::Texts(_) => "now escalating to everything".to_owned(),
            _ => "now escalating".to_owned(),
        },
        (Field::Escalating, Said::Texts(rows)) => format!("now escalating to {}", rows.join(", ")),
        (Field::Escalating, _) => "no longer escalating".to_owned(),
        (Field::CaseSensitive, Said::Flag(true)) => "ids are now case-sensitive".to_owned(),
        (Field::CaseSensitive, _) => "ids are no longer case-sensitive".to_owned(),
        (Field::DefaultRole, Said::Flag(true)) => "now a default role".to_owned(),
        (Field::DefaultRole, _) => "no longer a default role".to_owned(),
        // Sentences: a program gets both, and people look into the catalogs.
        (Field::Doc, _) => "other `///` lines".to_owned(),
        (Field::Notes | Field::Caveats, _) => remarks(differs),
        (Field::Kind, _) => {
            let kind = |said: &Said| match said {
                Said::Text(kind) => kind.clone(),
                _ => "stated in place".to_owned(),
            };
            format!("kind: {} -> {}", kind(&differs.old), kind(&differs.new))
        }
        (Field::Description, _) => "another description".to_owned(),
        (Field::Title, _) => changed("title", "\""),
        (Field::CustomRoles, _) => changed("limit of custom roles", ""),
        (Field::Level(row), _) => changed(&spelled(*row), ""),
        (field, _) => changed(field.word(), ""),
    }
}

/// Which remarks came and which went.
fn remarks(differs: &Difference<'_>) -> String {
    let texts = |said: &Said| match said {
        Said::Texts(texts) => texts.clone(),
        _ => Vec::new(),
    };
    let (old, new) = (texts(&differs.old), texts(&differs.new));
    let came = new.iter().filter(|text| !old.contains(text)).map(|text| format!("now \"{text}\""));
    let went = old.iter().filter(|text| !new.contains(text)).map(|text| format!("no longer \"{text}\""));
    let mut told: Vec<String> = came.chain(went).collect();
    if told.is_empty() {
        told.push("in another order, or another number of times".to_owned());
    }
    format!("{}: {}", differs.field.word(), told.join(", "))
}

/// Words and ids as one writes them.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(bare_or_quoted).collect::<Vec<_>>().join(", ")
}

fn value(said: &Said, quote: &str) -> String {
    match said {
        Said::Text(text) => format!("{quote}{text}{quote}"),
        Said::Number(number) => number.to_string(),
        Said::Texts(texts) if !texts.is_empty() => listed(texts.iter().map(String::as_str)),
        Said::Nothing | Said::Texts(_) | Said::Flag(_) => "none".to_owned(),
    }
}
