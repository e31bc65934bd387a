//! Catalogs: what there is to grant. Data and the packing of rows into bits; how a catalog is read from its text is
//! `check`'s business. Knows no catalog by name but the list of those compiled in.
//!
//! ```
//! use rolec::catalog::BuiltIn;
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//!
//! let files = BuiltIn::find("jumpcloud").unwrap().files;
//! let model = compile(Sources::from_iter(files.iter().copied())).model.unwrap();
//! let catalog = &model.shared.catalogs[0];
//! assert_eq!((catalog.categories.len(), catalog.rows.len()), (11, 45));
//! ```

mod built_in;
mod cells;

pub use self::built_in::{BUILT_IN, BuiltIn, built_in_files};
#[doc(hidden)] // how a role holds its actions: `Model::held` asks it
pub use self::cells::Cells;

use std::ops::Range;

use crate::source::Place;
use crate::vocab::{Actions, CategoryId, Escalation, RowId, Shape};

/// A checked catalog.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::vocab::{CategoryId, RowId};
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let wiki = &model.shared.catalogs[0];
/// assert_eq!((&*wiki.id, wiki.custom_roles), ("wiki", Some(10)));
/// assert_eq!(wiki.all_rows().count(), 5);
///
/// let site = CategoryId(1);
/// assert_eq!(wiki.category(site).map(|category| &*category.id), Some("site"));
/// let rows: Vec<&str> = wiki.rows_of(site).map(|(_, row)| &*row.id).collect();
/// assert_eq!(rows, ["export", "members", "tenants"]);
/// assert_eq!(wiki.row(RowId(1)).map(|row| &*row.id), Some("pages"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its `///` lines.
    pub doc: Option<Box<str>>,
    /// Its version.
    pub version: Option<Box<str>>,
    /// Its categories, in the order of the text.
    pub categories: Vec<Category>,
    /// Its rows, in the order of the text; those of a category stand together.
    pub rows: Vec<Row>,
    /// The template whose holders may change roles.
    pub super_role: Option<Box<str>>,
    /// How many custom roles an organization may have.
    pub custom_roles: Option<u32>,
    /// Whether ids that differ by case or Unicode form only are different ids.
    pub is_case_sensitive: bool,
    /// Its head.
    pub place: Place,
}

/// A category: rows that belong together.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let site = &model.shared.catalogs[0].categories[1];
/// assert_eq!((&*site.id, site.title.as_deref()), ("site", Some("Site")));
/// assert_eq!(site.rows, 2..5);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its `///` lines.
    pub doc: Option<Box<str>>,
    /// Its rows.
    pub rows: Range<usize>,
    /// Its id in the text.
    pub place: Place,
}

/// A row: what one selector of the admin form sets.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let members = model.shared.catalogs[0].rows.iter().find(|row| &*row.id == "members").unwrap();
/// assert_eq!(members.shape.offered(), ["none", "view", "manage"]);
/// assert!(members.escalation.is_marked() && !members.only_managed);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: Box<str>,
    /// Its title.
    pub title: Option<Box<str>>,
    /// Its `///` lines.
    pub doc: Option<Box<str>>,
    /// Its category.
    pub category: CategoryId,
    /// The name of its kind, or the word of a kind stated in place.
    pub kind: Box<str>,
    /// Its levels.
    pub shape: Shape,
    /// The number of its first action among all actions of the catalog.
    pub first_bit: usize,
    /// Whether it is there in managed organizations only.
    pub only_managed: bool,
    /// What the holder of its top may come to hold.
    pub escalation: Escalation,
    /// Remarks.
    pub notes: Vec<Box<str>>,
    /// Remarks on an allow that may still be refused.
    pub caveats: Vec<Box<str>>,
    /// Its id in the text.
    pub place: Place,
}

impl Catalog {
    /// Behind which bit the last of its rows ends.
    #[doc(hidden)]
    pub fn width(&self) -> usize {
        self.rows.last().map_or(0, |row| row.first_bit + row.shape.width())
    }

    /// A category.
    pub fn category(&self, id: CategoryId) -> Option<&Category> {
        self.categories.get(id.index())
    }

    /// A row.
    pub fn row(&self, id: RowId) -> Option<&Row> {
        self.rows.get(id.index())
    }

    /// The rows of a category with their ids.
    pub fn rows_of(&self, id: CategoryId) -> impl Iterator<Item = (RowId, &Row)> {
        let range = self.category(id).map_or(0..0, |category| category.rows.clone());
        let start = range.start;
        self.rows
            .get(range)
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(move |(n, row)| (RowId::at(start + n), row))
    }

    /// All rows with their ids.
    pub fn all_rows(&self) -> impl Iterator<Item = (RowId, &Row)> {
        self.rows.iter().enumerate().map(|(index, row)| (RowId::at(index), row))
    }

    /// Every row at its floor.
    #[doc(hidden)]
    pub fn floor(&self) -> Cells {
        let mut cells = Cells::new(self.width());
        for row in &self.rows {
            if row.shape.floor() != Actions::NONE {
                cells.set(row, row.shape.floor());
            }
        }
        cells
    }
}
