//! A role as text, ready to be put into a policy: what it starts from, and a line for each row that is otherwise.

use crate::syntax::{is_bare, quoted, spelled};
use crate::table::{Category, Organization, Role, Row, Table};
use crate::vocab::Actions;

/// A line of a drafted role.
///
/// ```
/// use rolec::eval::{Holder, Who};
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, query};
/// use rolec::tools::suggest::{Entry, Log, least};
/// use rolec::vocab::{Actions, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let at = Time::parse("2026-12-01")?;
/// let mut log = Log::new(&table);
/// log.record(query(&table, acme, Who::Principal("bot"), &What::Text("members:view"), at).unwrap());
/// let bot = Holder::Principal(table.principal(acme.key(), "bot").unwrap());
/// let draft = least(&log, &[bot], at).remove(0).draft;
/// let [Entry::Row(row, held)] = draft.entries[..] else { panic!("one row was used") };
/// assert_eq!((row.id(), held), ("members", Actions::first(1)));
/// assert!(!draft.entries.iter().any(|entry| matches!(entry, Entry::None(_))), "that is for bases");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Entry<'t> {
    /// All rows of a category at their floors, but for those said below.
    None(Category<'t>),
    /// A row at a level.
    Row(Row<'t>, Actions),
}

impl<'t> Entry<'t> {
    fn category(self) -> Category<'t> {
        match self {
            Self::None(category) => category,
            Self::Row(row, _) => row.category(),
        }
    }
}

/// A role that is not there yet.
///
/// ```
/// use rolec::eval::{Holder, Who};
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, query};
/// use rolec::tools::suggest::{Log, least};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let at = Time::parse("2026-12-01")?;
/// let mut log = Log::new(&table);
/// for text in ["spaces:write", "pages:update"] {
///     log.record(query(&table, acme, Who::Principal("bot"), &What::Text(text), at).unwrap());
/// }
/// let bot = Holder::Principal(table.principal(acme.key(), "bot").unwrap());
/// let draft = least(&log, &[bot], at).remove(0).draft;
/// assert_eq!((draft.id.as_str(), draft.base.is_none(), draft.from_nothing), ("bot-used", true, 2));
/// assert_eq!((draft.lines(), draft.same.is_none()), (2, true));
/// assert_eq!(
///     draft.text(),
///     "role bot-used {\n    grant content {\n        spaces: write\n        pages: update\n    }\n}\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Draft<'t> {
    /// An id that no role has.
    pub id: String,
    /// What it starts from: what needs the fewest lines. None is every row at its floor.
    pub base: Option<Role<'t>>,
    /// The lines, in the order of the catalog.
    pub entries: Vec<Entry<'t>>,
    /// How many lines it would have from nothing.
    pub from_nothing: usize,
    /// A role that holds just the same in its organization, where there is one.
    pub same: Option<Role<'t>>,
}

impl Draft<'_> {
    /// How many lines say what is otherwise than in the base.
    pub fn lines(&self) -> usize {
        self.entries.len()
    }

    /// The text of it, as it stands in an organization.
    pub fn text(&self) -> String {
        let base = self.base.map(|base| format!(" from {}", spelled(base.id()))).unwrap_or_default();
        let head = format!("role {}{base}", spelled(&self.id));
        if self.entries.is_empty() {
            return format!("{head} {{}}\n");
        }
        let mut text = format!("{head} {{\n");
        let same = |a: &Entry<'_>, b: &Entry<'_>| a.category().key() == b.category().key();
        for entries in self.entries.chunk_by(same) {
            let Some(category) = entries.first().map(|entry| spelled(entry.category().id())) else {
                continue;
            };
            match entries {
                [Entry::None(_)] => text += &format!("    grant {category}: none\n"),
                [Entry::Row(row, held)] => {
                    text += &format!("    grant {category}.{}: {}\n", spelled(row.id()), level(*row, *held));
                }
                several => {
                    let spread = several.iter().any(|entry| matches!(entry, Entry::None(_)));
                    text += &format!("    grant {category}{} {{\n", if spread { ": none" } else { "" });
                    for entry in several {
                        if let Entry::Row(row, held) = entry {
                            text += &format!("        {}: {}\n", spelled(row.id()), level(*row, *held));
                        }
                    }
                    text += "    }\n";
                }
            }
        }
        text + "}\n"
    }
}

fn level(row: Row<'_>, held: Actions) -> String {
    row.shape().level_of_words(held, spelled)
}

/// The line that a file needs before it speaks of an organization, and the head of the organization, opened again: what a
/// drafted role stands in.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::opening;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// assert_eq!(opening(&table, acme), ("use wiki \"3\"".to_owned(), "organization acme".to_owned()));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn opening(table: &Table, organization: Organization<'_>) -> (String, String) {
    let catalog = organization.catalog();
    // A quoted `use` is a path: an id that is no plain word is found by the file it stands in.
    let name = match table.file(catalog.position()) {
        Some(file) if !is_bare(catalog.id()) => quoted(file),
        _ => spelled(catalog.id()).into_owned(),
    };
    let version = catalog.version().map(|version| format!(" {}", quoted(version))).unwrap_or_default();
    (format!("use {name}{version}"), format!("organization {}", spelled(organization.id())))
}
