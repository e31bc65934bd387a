//! What a decision is about: a row and some of its actions. Only a table makes one, so that none asks for nothing
//! or for what a row does not have.

use crate::table::Table;
use crate::vocab::{Actions, CatalogId, RowId};

/// Actions of one row, at least one, asked for together: whoever lacks one of them lacks it.
///
/// ```
/// use rolec::eval::Permission;
/// use rolec::table::Table;
/// use rolec::vocab::Actions;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalog("wiki").unwrap();
/// let pages = table.rows_named(wiki, "pages")[0];
/// let all = Permission::at(&table, wiki, pages, None).unwrap();
/// assert_eq!(Permission::of(&table, wiki, pages, Actions::first(3)), Some(all));
/// assert_eq!((all.catalog(), all.row(), all.actions().count()), (wiki, pages, 3));
/// assert_eq!(Permission::of(&table, wiki, pages, Actions::one(3)), None, "the row has no fourth");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permission {
    catalog: CatalogId,
    row: RowId,
    actions: Actions,
}

impl Permission {
    /// Some actions of a row. `None` where there is no such row, where it lacks one of them, or where there is
    /// none of them.
    pub fn of(table: &Table, catalog: CatalogId, row: RowId, actions: Actions) -> Option<Self> {
        let known = table.catalog_view(catalog)?.row(row)?.shape().top().contains(actions);
        (known && !actions.is_empty()).then_some(Self { catalog, row, actions })
    }

    /// One action of a row, as a position among them, or all of them.
    pub fn at(table: &Table, catalog: CatalogId, row: RowId, action: Option<usize>) -> Option<Self> {
        let actions = match action {
            Some(action) => Actions::one(action),
            None => table.catalog_view(catalog)?.row(row)?.shape().top(),
        };
        Self::of(table, catalog, row, actions)
    }

    /// The catalog of the row.
    pub fn catalog(self) -> CatalogId {
        self.catalog
    }

    /// The row.
    pub fn row(self) -> RowId {
        self.row
    }

    /// The actions asked for.
    pub fn actions(self) -> Actions {
        self.actions
    }
}
