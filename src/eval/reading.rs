//! The text PERMISSION of the command line: `row`, `category.row`, either with `:action`. Exact spelling only; where
//! a text can be read in several ways, all of them are given and none is preferred.

use std::borrow::Cow;
use std::fmt;

use crate::decisions::Index;
use crate::eval::permission::Permission;
use crate::eval::quoted::{QuoteError, QuoteProblem, scan, whole};
use crate::eval::response::Reason;
use crate::table::{Catalog, Table};
use crate::vocab::{CatalogId, CategoryId, RowId, limits, spelled};

/// A longer text names nothing: three ids, each letter of them escaped, the quotes, the marks between.
const LONGEST: usize = 3 * (10 * limits::NAME_BYTES + 2) + 2;

/// One way to read a text.
///
/// ```
/// use rolec::eval::readings;
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let found = readings(&table, table.catalog("wiki").unwrap(), "pages:update")?;
/// let [reading] = found[..] else { panic!("it can be read in one way") };
/// assert_eq!(reading.action, Some(1));
/// assert_eq!(reading.spell(&table).as_deref(), Some("content.pages:update"));
/// assert_eq!(reading.permission(&table).map(|permission| permission.row()), Some(reading.row));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reading {
    /// The catalog that was read by.
    pub catalog: CatalogId,
    /// The category.
    pub category: CategoryId,
    /// The row.
    pub row: RowId,
    /// The action, as a position among the row's; all of them where none is named, or `full`.
    pub action: Option<usize>,
}

impl Reading {
    /// What is asked by it; `None` where it was read by another table.
    pub fn permission(self, table: &Table) -> Option<Permission> {
        Permission::at(table, self.catalog, self.row, self.action)
    }

    /// A text that is read so and in no other way; `None` where it was read by another table.
    pub fn spell(self, table: &Table) -> Option<String> {
        let row = table.catalog_view(self.catalog)?.row(self.row)?;
        let action = match self.action {
            None => None,
            Some(action) => Some(row.shape().actions().nth(action)?),
        };
        Some(name_of(row.category().id(), row.id(), action))
    }
}

/// Why a text names no permission.
///
/// ```
/// use rolec::eval::{Reason, Unread, readings};
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let unread = readings(&table, table.catalog("wiki").unwrap(), "sites.pages").unwrap_err();
/// assert_eq!(unread, Unread::UnknownCategory("sites".into()));
/// assert_eq!(unread.reason(), Some(Reason::UnknownCategory));
/// assert_eq!(unread.to_string(), "the catalog has no category `sites`");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unread {
    /// Its quotes cannot be read.
    Quotes(QuoteError),
    /// It is longer than any name of a permission.
    TooLong,
    /// The catalog has no such category.
    UnknownCategory(Box<str>),
    /// The category, or where none is named the catalog, has no such row.
    UnknownRow {
        /// The category.
        category: Option<CategoryId>,
        /// The row that is not there.
        row: Box<str>,
    },
    /// The row has no such action.
    UnknownAction {
        /// The row.
        row: RowId,
        /// The action that is not there.
        action: Box<str>,
    },
}

impl Unread {
    /// The reason of a deny that it leads to; none where the text says nothing at all.
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Quotes(_) | Self::TooLong => None,
            Self::UnknownCategory(_) => Some(Reason::UnknownCategory),
            Self::UnknownRow { .. } => Some(Reason::UnknownRow),
            Self::UnknownAction { .. } => Some(Reason::UnknownAction),
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quotes(error) => error.fmt(f),
            Self::TooLong => f.write_str("the text is longer than any permission's"),
            Self::UnknownCategory(id) => write!(f, "the catalog has no category `{}`", spelled(id)),
            Self::UnknownRow { category: None, row } => {
                write!(f, "the catalog has no row `{}`", spelled(row))
            }
            Self::UnknownRow { row, .. } => write!(f, "the category has no row `{}`", spelled(row)),
            Self::UnknownAction { action, .. } => write!(f, "the row has no action `{}`", spelled(action)),
        }
    }
}

impl std::error::Error for Unread {}

/// All readings of a text by a catalog, in its order: at least one.
///
/// # Errors
/// Where there is none: what of it is unknown, by the reading that gets furthest.
///
/// ```
/// use rolec::eval::readings;
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalog("wiki").unwrap();
/// assert_eq!(readings(&table, wiki, "export")?, readings(&table, wiki, "site.export")?);
/// assert!(readings(&table, wiki, "Export").is_err(), "exact spelling only");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn readings(table: &Table, catalog: CatalogId, text: &str) -> Result<Vec<Reading>, Unread> {
    if text.len() > LONGEST {
        return Err(Unread::TooLong);
    }
    let marks = marks(text).map_err(Unread::Quotes)?;
    let Some(view) = table.catalog_view(catalog) else { return Err(missing(table, catalog, text, &marks)) };
    let mut found = Vec::new();
    let mut unknown_action = None;
    let heads = heads(text, &marks, |id| table.category(catalog, id));
    for (end, action) in tails(text, &marks) {
        for (category, start) in &heads {
            let Some(id) = text.get(*start..end).and_then(part) else { continue };
            let named = table.rows_named(catalog, &id);
            let one = category.map(|category| table.row(catalog, category, &id).into_iter().collect());
            for row in one.unwrap_or_else(|| named.to_vec()) {
                match &action {
                    None => found.extend(reading(view, row, None)),
                    Some(name) => match position(view, row, name) {
                        Some(action) => found.extend(reading(view, row, action)),
                        None => {
                            let action = || Unread::UnknownAction { row, action: name.as_ref().into() };
                            unknown_action.get_or_insert_with(action);
                        }
                    },
                }
            }
        }
    }
    found.sort_unstable();
    if found.is_empty() {
        Err(unknown_action.unwrap_or_else(|| missing(table, catalog, text, &marks)))
    } else {
        Ok(found)
    }
}

/// The name of a permission by its ids, as decisions know it; of all actions of the row where none is named.
///
/// ```
/// use rolec::eval::name_of;
///
/// assert_eq!(name_of("content", "pages", Some("create")), "content.pages:create");
/// assert_eq!(name_of("content", "home.page", None), "content.\"home.page\"");
/// ```
pub fn name_of(category: &str, row: &str, action: Option<&str>) -> String {
    format!("{}{}", spelled(category), name_behind(row, action))
}

/// What of such a name stands behind the category.
fn name_behind(row: &str, action: Option<&str>) -> String {
    match action {
        None => format!(".{}", spelled(row)),
        Some(action) => format!(".{}:{}", spelled(row), spelled(action)),
    }
}

/// The name by which a table's decisions alone know what a text asks for, where it can be read in one way only by all of
/// their catalogs; none where more of the table is needed to say.
///
/// ```
/// use rolec::eval::read_once;
/// use rolec::table::Table;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let index = table.decisions().index();
/// for text in ["content.pages:create", "\"content\".\"pages\":create", "pages:create"] {
///     assert_eq!(read_once(index, text).as_deref(), Some("content.pages:create"));
/// }
/// assert_eq!(read_once(index, "content.pages:Create"), None);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn read_once(index: Index<'_>, text: &str) -> Option<String> {
    /// Texts with more marks are left to the table's own rows.
    const MARKS: usize = 8;
    let marks = marks(text).ok().filter(|marks| text.len() <= LONGEST && marks.len() <= MARKS)?;
    let heads = heads(text, &marks, |category| Some(category.to_owned()));
    let mut asked: Vec<(bool, String)> = Vec::new();
    for (end, action) in tails(text, &marks) {
        for (category, start) in &heads {
            let Some(row) = text.get(*start..end).and_then(part) else { continue };
            let action = action.as_deref();
            let name = category.as_ref().map(|category| name_of(category, &row, action));
            asked.push((category.is_some(), name.unwrap_or_else(|| name_behind(&row, action))));
        }
    }
    // Without a category a name ends so: a dot before a row stands in no quotes.
    let is_meant = |name: &str| {
        asked
            .iter()
            .any(|(is_whole, text)| if *is_whole { name == text } else { name.ends_with(text.as_str()) })
    };
    let mut found = index.names().filter(|name| is_meant(name));
    let first = found.next()?;
    found.all(|other| other == first).then(|| first.to_owned())
}

fn reading(catalog: Catalog<'_>, row: RowId, action: Option<usize>) -> Option<Reading> {
    let category = catalog.row(row)?.category().key();
    Some(Reading { catalog: catalog.key(), category, row, action })
}

/// The position of an action, or none for all of them.
fn position(catalog: Catalog<'_>, row: RowId, name: &str) -> Option<Option<usize>> {
    if name == "full" { Some(None) } else { catalog.row(row)?.shape().action(name).map(Some) }
}

/// The dots and colons at which a text may be split: those outside of quotes.
fn marks(text: &str) -> Result<Vec<(usize, char)>, QuoteError> {
    let mut marks = Vec::new();
    let mut next = 0;
    let mut starts = true;
    for (at, c) in text.char_indices() {
        if at < next {
            continue;
        }
        let part = |at| QuoteError { at, problem: QuoteProblem::Part };
        match c {
            '"' if starts => {
                next = scan(text, at)?.1;
                let ends =
                    text.get(next..).is_none_or(|rest| rest.is_empty() || rest.starts_with(['.', ':']));
                if !ends {
                    return Err(part(next));
                }
                starts = false;
            }
            '"' => return Err(part(at)),
            '.' | ':' => {
                marks.push((at, c));
                starts = true;
            }
            _ => starts = false,
        }
    }
    Ok(marks)
}

/// The id that a part of the text is; `None` where it is none or too long to be one.
fn part(text: &str) -> Option<Cow<'_, str>> {
    let quoted = text.starts_with('"') && text.ends_with('"');
    if quoted {
        whole(text).ok()
    } else {
        (text.len() <= limits::NAME_BYTES && !text.contains('"')).then_some(Cow::Borrowed(text))
    }
}

/// The categories that the text may begin with, as `find` knows them, each with where the row begins; no category first.
fn heads<T>(
    text: &str,
    marks: &[(usize, char)],
    find: impl Fn(&str) -> Option<T>,
) -> Vec<(Option<T>, usize)> {
    let dots = marks.iter().filter(|(_, mark)| *mark == '.');
    let known = dots.filter_map(|(at, _)| Some((Some(find(&part(text.get(..*at)?)?)?), at + 1)));
    std::iter::once((None, 0)).chain(known).collect()
}

/// The actions that the text may end with, each with where the row ends; no action first.
fn tails<'a>(text: &'a str, marks: &[(usize, char)]) -> Vec<(usize, Option<Cow<'a, str>>)> {
    let colons = marks.iter().filter(|(_, mark)| *mark == ':');
    let actions = colons.filter_map(|(at, _)| Some((*at, Some(part(text.get(at + 1..)?)?))));
    std::iter::once((text.len(), None)).chain(actions).collect()
}

/// What is unknown in a text of which no row is known: after a known category the row, after another word that
/// word, else the row.
fn missing(table: &Table, catalog: CatalogId, text: &str, marks: &[(usize, char)]) -> Unread {
    let shown = |text: &str| part(text).map_or_else(|| Box::from(text), |id| Box::from(&*id));
    let end = marks.iter().rev().find(|(_, mark)| *mark == ':').map_or(text.len(), |(at, _)| *at);
    let known = heads(text, marks, |id| table.category(catalog, id))
        .into_iter()
        .rev()
        .find(|(_, start)| *start <= end);
    if let Some((Some(category), start)) = known {
        return Unread::UnknownRow {
            category: Some(category),
            row: shown(text.get(start..end).unwrap_or_default()),
        };
    }
    match marks.iter().find(|(at, mark)| *mark == '.' && *at < end) {
        Some((at, _)) => Unread::UnknownCategory(shown(text.get(..*at).unwrap_or_default())),
        None => Unread::UnknownRow { category: None, row: shown(text.get(..end).unwrap_or_default()) },
    }
}

#[cfg(test)]
mod tests;
