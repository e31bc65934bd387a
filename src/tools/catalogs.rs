//! Catalogs searched and compared.
//!
//! ```
//! use rolec::table::Table;
//! use rolec::tools::catalogs::{compare, search};
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let wiki = table.catalogs().next().unwrap();
//! assert_eq!(search(wiki, "signs in")[0].id(), "members", "by its caveat");
//! assert!(compare(wiki, wiki).is_empty());
//! # Ok::<(), rolec::table::LoadError>(())
//! ```

use crate::table::{Catalog, Row};

/// The rows of a catalog that a text is found in: in an id, a title, a note, a caveat or a `///` line, whatever its
/// case. Several words must all be found.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::catalogs::search;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalogs().next().unwrap();
/// let ids = |text| search(wiki, text).iter().map(|row| row.id()).collect::<Vec<_>>();
/// assert_eq!(ids("SITE"), ["export", "members", "tenants"]);
/// assert_eq!(ids("site member"), ["members"]);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn search<'t>(catalog: Catalog<'t>, text: &str) -> Vec<Row<'t>> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let is_found = |row: &Row<'t>| {
        let category = row.category();
        let own = [Some(row.id()), row.title(), row.doc(), Some(category.id()), category.title()];
        let texts: Vec<String> = own
            .into_iter()
            .flatten()
            .chain(row.notes())
            .chain(row.caveats())
            .map(str::to_lowercase)
            .collect();
        words.iter().all(|word| texts.iter().any(|text| text.contains(word.as_str())))
    };
    catalog.rows().filter(is_found).collect()
}

/// What differs of a row between two catalogs.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::catalogs::{Change, compare};
///
/// let later = rolec::example::POLICY.replace("export: flag", "export: flag { escalating }");
/// let compiled = |text: &str| compile(Sources::from_iter([("acme.role", text)])).table.unwrap();
/// let (old, new) = (compiled(rolec::example::POLICY), compiled(&later));
/// let changes = compare(old.catalogs().next().unwrap(), new.catalogs().next().unwrap());
/// let [Change::Changed(row, differs)] = &changes[..] else { panic!("one row differs") };
/// assert_eq!((row.id(), &differs[..]), ("export", &["now escalating".to_owned()][..]));
/// ```
#[derive(Clone, Debug)]
pub enum Change<'t> {
    /// Only the new one has it.
    Added(Row<'t>),
    /// Only the old one has it.
    Removed(Row<'t>),
    /// Both have it, and these words say what differs.
    Changed(Row<'t>, Vec<String>),
}

/// What differs between two catalogs: rows by category and id, in the order of the new one, those removed last.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::catalogs::{Change, compare};
///
/// let text = "catalog old { category c { a: flag b: flag } } catalog new { category c { b: flag c: flag } }";
/// let table = compile(Sources::from_iter([("catalogs.role", text)])).table.unwrap();
/// let catalog = |id| table.catalog_view(table.catalog(id).unwrap()).unwrap();
/// let changes = compare(catalog("old"), catalog("new"));
/// let [Change::Added(c), Change::Removed(a)] = &changes[..] else { panic!("one came, one went") };
/// assert_eq!((c.id(), a.id()), ("c", "a"));
/// ```
pub fn compare<'t>(old: Catalog<'t>, new: Catalog<'t>) -> Vec<Change<'t>> {
    let find = |catalog: Catalog<'t>, row: Row<'t>| {
        catalog.rows().find(|other| other.id() == row.id() && other.category().id() == row.category().id())
    };
    let mut changes = Vec::new();
    for row in new.rows() {
        match find(old, row) {
            None => changes.push(Change::Added(row)),
            Some(before) => {
                let differs = differences(before, row);
                if !differs.is_empty() {
                    changes.push(Change::Changed(row, differs));
                }
            }
        }
    }
    changes.extend(old.rows().filter(|row| find(new, *row).is_none()).map(Change::Removed));
    changes
}

fn differences(old: Row<'_>, new: Row<'_>) -> Vec<String> {
    let mut differs = Vec::new();
    let levels = |row: Row<'_>| row.shape().offered().join(", ");
    if old.shape().form() != new.shape().form() || levels(old) != levels(new) {
        let kind = |row: Row<'_>| format!("{} of {}", row.shape().form().word(), levels(row));
        differs.push(format!("levels: {} -> {}", kind(old), kind(new)));
    }
    if old.title() != new.title() {
        let title = |row: Row<'_>| row.title().unwrap_or("none").to_owned();
        differs.push(format!("title: {} -> {}", title(old), title(new)));
    }
    let mut flag = |name: &str, old: bool, new: bool| {
        if old != new {
            differs.push(if new { format!("now {name}") } else { format!("no longer {name}") });
        }
    };
    flag("only managed", old.is_only_managed(), new.is_only_managed());
    flag("escalating", old.is_escalating(), new.is_escalating());
    if !old.notes().eq(new.notes()) {
        differs.push("other notes".to_owned());
    }
    if !old.caveats().eq(new.caveats()) {
        differs.push("other caveats".to_owned());
    }
    differs
}
