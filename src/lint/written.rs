//! A role as it is written: which of its lines decides a row, and what the row would hold without that line. Says
//! nothing of it.

use std::cell::OnceCell;

use crate::catalog::{Catalog, Cells, Row};
use crate::lint::facts::Facts;
use crate::lint::resting::Rows;
use crate::model::{Entry, Role, Roles, Target};
use crate::source::Place;
use crate::vocab::{Actions, CategoryId, RowId};

/// A role, and what lies below its lines.
pub(super) struct Written<'m> {
    pub(super) facts: &'m Facts<'m>,
    pub(super) catalog: &'m Catalog,
    pub(super) roles: Roles<'m>,
    pub(super) role: &'m Role,
    /// What its bases hold together.
    pub(super) base: Cells,
    /// Its spread over all rows.
    pub(super) all: Option<&'m Entry>,
    /// Its spreads over categories, sorted.
    pub(super) categories: Vec<(CategoryId, &'m Entry)>,
    /// Its exact entries, by their rows.
    exact: Vec<(RowId, &'m Entry)>,
    /// The rows of which what the bases give rests on no public source, once they were asked for.
    resting: OnceCell<Rows>,
}

impl<'m> Written<'m> {
    pub(super) fn new(facts: &'m Facts<'m>, roles: Roles<'m>, role: &'m Role) -> Self {
        let mut base = facts.floor.clone();
        role.bases.iter().filter_map(|base| roles.get(*base)).for_each(|one| base.join(&one.cells));
        let (mut all, mut categories, mut exact) = (None, Vec::new(), Vec::with_capacity(role.entries.len()));
        for entry in &role.entries {
            match entry.target {
                Target::All => all = Some(entry),
                Target::Category(category) => categories.push((category, entry)),
                Target::Row(row) => exact.push((row, entry)),
            }
        }
        categories.sort_unstable_by_key(|(category, _)| *category);
        exact.sort_unstable_by_key(|(row, _)| *row);
        Self {
            facts,
            catalog: facts.catalog,
            roles,
            role,
            base,
            all,
            categories,
            exact,
            resting: OnceCell::new(),
        }
    }

    /// The spread over a category.
    pub(super) fn category(&self, id: CategoryId) -> Option<&'m Entry> {
        let at = self.categories.binary_search_by_key(&id, |(category, _)| *category).ok()?;
        self.categories.get(at).map(|(_, entry)| *entry)
    }

    /// The entry that says a row exactly.
    pub(super) fn exact(&self, id: RowId) -> Option<&'m Entry> {
        let at = self.exact.binary_search_by_key(&id, |(row, _)| *row).ok()?;
        self.exact.get(at).map(|(_, entry)| *entry)
    }

    /// The exact entries with their rows, in the order of the catalog.
    pub(super) fn rows(&self) -> impl Iterator<Item = (RowId, &'m Row, &'m Entry)> {
        self.exact.iter().filter_map(|(id, entry)| Some((*id, self.catalog.row(*id)?, *entry)))
    }

    /// The rows of a category that are said exactly.
    pub(super) fn rows_of(&self, category: CategoryId) -> impl Iterator<Item = &'m Row> {
        let rows = self.catalog.category(category).map_or(0..0, |category| category.rows.clone());
        let start = self.exact.partition_point(|(id, _)| id.index() < rows.start);
        let said = self.exact.get(start..).unwrap_or_default().iter();
        said.take_while(move |(id, _)| id.index() < rows.end).filter_map(|(id, _)| self.catalog.row(*id))
    }

    /// What the role holds of a row.
    pub(super) fn held(&self, row: &Row) -> Actions {
        self.role.cells.get(row)
    }

    /// Whether what the bases give of a row rests on no public source: a line of one's own then says that somebody looked.
    pub(super) fn rests(&self, id: RowId) -> bool {
        let resting = self.resting.get_or_init(|| {
            let mut rows = Rows::default();
            for base in &self.role.bases {
                rows.join(&self.facts.resting.rows(self.catalog, self.roles, *base));
            }
            rows
        });
        resting.has(id)
    }

    /// The base that gives a level of a row, where one does alone.
    pub(super) fn giver(&self, row: &Row, level: Actions) -> Option<&'m Role> {
        let bases = self.role.bases.iter().filter_map(|base| self.roles.get(*base));
        bases.into_iter().find(|base| base.cells.get(row).contains(level))
    }
}

/// What a spread sets a row to.
pub(super) fn spread(entry: &Entry, row: &Row) -> Actions {
    let words = entry.words.iter();
    words.fold(row.shape.floor(), |held, word| held | row.shape.spread(word).unwrap_or_default())
}

/// Whether a row knows any word of a spread: if not, it goes to its floor, which is told elsewhere.
pub(super) fn knows(entry: &Entry, row: &Row) -> bool {
    entry.words.iter().any(|word| row.shape.knows(word))
}

/// The places of entries without those that reach into one before.
pub(super) fn apart(mut cuts: Vec<Place>) -> Vec<Place> {
    cuts.sort_unstable();
    let mut apart: Vec<Place> = Vec::with_capacity(cuts.len());
    for cut in cuts {
        let reaches =
            apart.last().is_some_and(|last| last.file == cut.file && cut.span.start < last.span.end);
        if !reaches {
            apart.push(cut);
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::apart;
    use crate::source::{FileId, Place, Span};

    #[test]
    fn what_is_cut_stands_apart() {
        let place = |file, start, end| Place { file: FileId(file), span: Span::new(start, end) };
        let (first, inside, beside) = (place(0, 2, 8), place(0, 4, 6), place(0, 8, 9));
        let (elsewhere, behind) = (place(1, 3, 5), place(1, 7, 9));
        let cuts = vec![behind, beside, inside, elsewhere, first];
        assert_eq!(apart(cuts), [first, beside, elsewhere, behind]);
    }
}
