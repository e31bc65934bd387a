//! What escalation leads to from rows that are held at their top, and the words for it. Tells nothing by itself: which
//! role or principal it is said of, the lints know.

use crate::catalog::{Cells, Row};
use crate::lint::facts::{Facts, is_at_top};
use crate::lint::flags::listed;
use crate::syntax::spelled;
use crate::vocab::{Escalation, Reach, RowId};

/// What somebody holds, in an organization where rows `only managed` are there or are not.
#[derive(Clone, Copy)]
pub(super) struct Standing<'m> {
    pub(super) facts: &'m Facts<'m>,
    pub(super) held: &'m Cells,
    pub(super) is_direct: bool,
}

/// What can be come to beyond what is held.
pub(super) struct Told {
    /// `everything in 1 step`, ``` `a.b` and `a.c` in 2 steps```.
    pub(super) what: String,
    /// Which row leads to which, to the farthest.
    pub(super) way: String,
    /// The row that the way begins with.
    pub(super) from: Option<RowId>,
}

impl<'m> Standing<'m> {
    pub(super) fn is_there(&self, row: &Row) -> bool {
        !row.only_managed || !self.is_direct
    }

    /// Whether a row is there and not held at its top.
    fn is_open(&self, id: RowId) -> bool {
        let row = self.facts.catalog.row(id);
        row.is_some_and(|row| self.is_there(row) && !is_at_top(self.held, row))
    }

    /// Where rows lead that are held at their top.
    pub(super) fn reach(&self, tops: impl IntoIterator<Item = RowId>) -> Reach {
        let nowhere = &Escalation::Nowhere;
        let leads = |row| self.facts.catalog.row(row).map_or(nowhere, |row: &'m Row| &row.escalation);
        Reach::from_tops(tops, leads, |row| self.is_open(row))
    }

    /// The rows that lead further and are held at their top.
    pub(super) fn tops(self) -> impl Iterator<Item = (RowId, &'m Row)> + use<'m> {
        let rows = self.facts.rows_beyond(self.held, &self.facts.floor, &self.facts.escalating).into_iter();
        rows.filter(move |(_, row)| self.is_there(row) && is_at_top(self.held, row))
    }

    /// Whether anything is reached that is not held.
    pub(super) fn leads_on(&self, reach: &Reach) -> bool {
        reach.rows().next().is_some() || reach.everything().is_some() && self.open().next().is_some()
    }

    fn open(&self) -> impl Iterator<Item = RowId> {
        (0..self.facts.catalog.rows.len()).map(RowId::at).filter(|row| self.is_open(*row))
    }

    /// What is reached, in words; nothing where all of it is held.
    pub(super) fn told(&self, reach: &Reach) -> Option<Told> {
        // All that is there may be held already; then nothing is left to come to.
        if reach.everything().is_some()
            && self.open().next().is_some()
            && let Some((steps, last)) = reach.whole(self.open())
        {
            let (path, end) = match last {
                Some(last) => (reach.path(last), format!("`{}`", self.name(last))),
                None => (reach.path_to_everything(), "everything".to_owned()),
            };
            let what = format!("everything in {}", counted(steps));
            return Some(Told { what, way: self.way(&path, &end), from: path.first().copied() });
        }
        let rows: Vec<(RowId, usize)> = reach.rows().collect();
        // The first in the order of the catalog, of those that are as far.
        let (last, most) = rows.iter().copied().rev().max_by_key(|(_, steps)| *steps)?;
        let names: Vec<String> = rows.iter().map(|(row, _)| format!("`{}`", self.name(*row))).collect();
        let is_even = rows.iter().all(|(_, steps)| *steps == most);
        let at_most = if is_even { "" } else { "at most " };
        let what = format!("{} in {at_most}{}", listed(&names), counted(most));
        let path = reach.path(last);
        let way = self.way(&path, &format!("`{}`", self.name(last)));
        Some(Told { what, way, from: path.first().copied() })
    }

    /// The path as a sentence, its middle left out where it is long.
    fn way(&self, path: &[RowId], end: &str) -> String {
        const SHOWN: usize = 6;
        let mut rows: Vec<String> = path.iter().map(|row| format!("`{}`", self.name(*row))).collect();
        if let Some(hidden) = rows.len().checked_sub(SHOWN).filter(|hidden| *hidden > 0) {
            let after = rows.split_off(rows.len() - 1);
            rows.truncate(SHOWN - 1);
            rows.push(format!("{hidden} more"));
            rows.extend(after);
        }
        rows.push(end.to_owned());
        let (first, rest) = rows.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        rest.iter().enumerate().fold(first.to_owned(), |said, (index, row)| {
            said + if index == 0 { " leads to " } else { ", that to " } + row
        })
    }

    /// A row as one writes it.
    pub(super) fn name(&self, id: RowId) -> String {
        let catalog = self.facts.catalog;
        let of = |row: &Row| catalog.category(row.category).map(|category| spelled(&category.id));
        let row = catalog.row(id);
        let name = row.and_then(|row| Some(format!("{}.{}", of(row)?, spelled(&row.id))));
        name.unwrap_or_default()
    }
}

fn counted(steps: usize) -> String {
    if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") }
}
