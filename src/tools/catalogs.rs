//! Catalogs searched.
//!
//! ```
//! use rolec::table::Table;
//! use rolec::tools::catalogs::search;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let wiki = table.catalogs().next().unwrap();
//! assert_eq!(search(wiki, "signs in")[0].id(), "members", "by its caveat");
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
