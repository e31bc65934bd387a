//! Where escalation leads: from the rows that somebody holds at their top, step by step, to what they may come to hold.
//! Arithmetic on rows; who holds what is for the caller to say.

use std::collections::BTreeMap;

use crate::vocab::RowId;

/// What the holder of a row's top may come to hold.
///
/// ```
/// use rolec::vocab::{Escalation, RowId};
///
/// let to = Escalation::To([RowId(3), RowId(7)].into());
/// assert!(to.is_marked() && Escalation::Everywhere.is_marked());
/// assert_eq!(to.rows(), [RowId(3), RowId(7)]);
/// assert_eq!(Escalation::default(), Escalation::Nowhere);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Escalation {
    /// No more: the row is not marked.
    #[default]
    Nowhere,
    /// All that the organization's catalog offers there: `escalating`.
    Everywhere,
    /// The top of these rows, by id, each once and never the row itself: `escalating to …`.
    To(Box<[RowId]>),
}

impl Escalation {
    /// Whether the row is marked `escalating`, to whatever.
    pub fn is_marked(&self) -> bool {
        *self != Self::Nowhere
    }

    /// The rows that are named; none where it leads nowhere or everywhere.
    pub fn rows(&self) -> &[RowId] {
        match self {
            Self::To(rows) => rows,
            Self::Nowhere | Self::Everywhere => &[],
        }
    }
}

/// A step: how many it took, and the row that made it; none where it was the super role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hop {
    steps: usize,
    by: Option<RowId>,
}

/// What can be come to from the rows that somebody holds at their top, in how few steps, and by which way.
///
/// ```
/// use rolec::vocab::{Escalation, Reach, RowId};
///
/// // 0 leads to 1, that to 2 and 3, and 3 to everything.
/// let rows = [&[1][..], &[2, 3], &[]].map(|rows| rows.iter().map(|row| RowId(*row)).collect());
/// let mut leads: Vec<Escalation> = rows.into_iter().map(Escalation::To).collect();
/// leads.push(Escalation::Everywhere);
/// let nowhere = Escalation::Nowhere;
///
/// let reach = Reach::from_tops([RowId(0)], |row| leads.get(row.index()).unwrap_or(&nowhere), |row| row.0 != 0);
/// assert_eq!(reach.steps(RowId(2)), Some(2));
/// assert_eq!(reach.path(RowId(2)), [RowId(0), RowId(1)], "each leads to the next, the last to row 2");
/// assert_eq!((reach.everything(), reach.steps(RowId(9))), (Some(3), Some(3)));
/// assert_eq!(reach.path_to_everything(), [RowId(0), RowId(1), RowId(3)]);
/// assert_eq!(reach.path(RowId(9)), reach.path_to_everything());
/// assert_eq!(reach.rows().map(|(row, _)| row.0).collect::<Vec<_>>(), [1, 2, 3]);
/// // Where rows 1 and 2 are all that is not held, nothing is left for the third step.
/// assert_eq!(reach.whole([RowId(1), RowId(2)]), Some((2, Some(RowId(2)))));
/// assert_eq!(reach.whole([RowId(1), RowId(9)]), Some((3, None)));
///
/// // Who may change roles needs no row for it.
/// let reach = Reach::of_super();
/// assert!((reach.steps(RowId(9)), reach.path(RowId(9)).len()) == (Some(1), 0) && !reach.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The rows that steps name.
    rows: BTreeMap<RowId, Hop>,
    /// The step that leads to all others.
    everything: Option<Hop>,
}

impl Reach {
    /// From rows that are held at their top, wherever each `leads`; `is_open` says of a row whether it is there and not
    /// held at its top as things are. Breadth first, so by as few steps as can be; among ways of one length the first
    /// in the order of the catalog.
    pub fn from_tops<'e>(
        held: impl IntoIterator<Item = RowId>,
        leads: impl Fn(RowId) -> &'e Escalation,
        is_open: impl Fn(RowId) -> bool,
    ) -> Self {
        let mut reach = Self::default();
        let mut layer: Vec<RowId> = held.into_iter().collect();
        let mut steps = 0;
        // Beyond a step to everything there is nothing.
        while !layer.is_empty() && reach.everything.is_none() {
            steps += 1;
            layer.sort_unstable();
            let mut next = Vec::new();
            for row in layer {
                let hop = Hop { steps, by: Some(row) };
                let leads = leads(row);
                if *leads == Escalation::Everywhere {
                    reach.everything = reach.everything.or(Some(hop));
                }
                for target in leads.rows() {
                    if is_open(*target) && !reach.rows.contains_key(target) {
                        reach.rows.insert(*target, hop);
                        next.push(*target);
                    }
                }
            }
            layer = next;
        }
        reach
    }

    /// Of who holds the super role: whoever may change roles may come to everything.
    pub fn of_super() -> Self {
        Self { rows: BTreeMap::new(), everything: Some(Hop { steps: 1, by: None }) }
    }

    /// Whether nothing can be come to.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.everything.is_none()
    }

    /// Whether all that another leads to can be come to here too, in however many steps.
    ///
    /// ```
    /// use rolec::vocab::{Escalation, Reach, RowId};
    ///
    /// let leads = [Escalation::To([RowId(2)].into()), Escalation::Everywhere, Escalation::Nowhere];
    /// let from = |row| Reach::from_tops([RowId(row)], |row| &leads[row.index()], |_| true);
    /// assert!(from(1).covers(&from(0)) && !from(0).covers(&from(1)));
    /// assert!(from(0).covers(&from(2)) && !from(2).covers(&from(0)), "row 2 leads nowhere");
    /// ```
    pub fn covers(&self, other: &Self) -> bool {
        self.everything.is_some()
            || other.everything.is_none() && other.rows.keys().all(|row| self.rows.contains_key(row))
    }

    /// In how many steps the top of a row can be come to, if it is open; none where it cannot.
    pub fn steps(&self, row: RowId) -> Option<usize> {
        self.hop(row).map(|hop| hop.steps)
    }

    /// In how many steps a row is come to that leads to everything, and everything with it.
    pub fn everything(&self) -> Option<usize> {
        self.everything.map(|hop| hop.steps)
    }

    /// In how many steps all the rows are come to that are not held at their top, and by the way to which of them: the
    /// first of the farthest, where steps name them all before one leads to everything; else none.
    pub fn whole(&self, open: impl IntoIterator<Item = RowId>) -> Option<(usize, Option<RowId>)> {
        let everything = self.everything();
        match self.farthest(open) {
            Some((row, steps)) if everything.is_none_or(|all| steps < all) => Some((steps, Some(row))),
            _ => everything.map(|steps| (steps, None)),
        }
    }

    /// The first of those rows that take the most steps; none where steps do not name them all.
    fn farthest(&self, rows: impl IntoIterator<Item = RowId>) -> Option<(RowId, usize)> {
        let mut farthest: Option<(RowId, usize)> = None;
        for row in rows {
            let steps = self.rows.get(&row)?.steps;
            if farthest.is_none_or(|(_, most)| most < steps) {
                farthest = Some((row, steps));
            }
        }
        farthest
    }

    /// The rows that steps name, in the order of the catalog, and in how many steps each can be come to. What only a
    /// step to everything leads to is not among them.
    pub fn rows(&self) -> impl Iterator<Item = (RowId, usize)> {
        self.rows.iter().map(|(row, hop)| (*row, hop.steps))
    }

    /// A shortest way to the top of an open row: one that is held at its top, then those that each leads to; the last
    /// leads to the row. Empty where the row cannot be come to, and where it is the super role that leads there.
    pub fn path(&self, row: RowId) -> Vec<RowId> {
        self.way(self.hop(row))
    }

    /// A shortest way to everything, in the same form.
    pub fn path_to_everything(&self) -> Vec<RowId> {
        self.way(self.everything)
    }

    fn hop(&self, row: RowId) -> Option<Hop> {
        self.rows.get(&row).copied().or(self.everything)
    }

    fn way(&self, last: Option<Hop>) -> Vec<RowId> {
        let before = |hop: &Hop| hop.by.and_then(|row| self.rows.get(&row).copied());
        let mut path: Vec<RowId> = std::iter::successors(last, before).filter_map(|hop| hop.by).collect();
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::{Escalation, Reach, RowId};

    #[test]
    fn where_nothing_can_be_come_to() {
        let leads = [Escalation::Nowhere, Escalation::To([RowId(0)].into()), Escalation::Everywhere];
        let from = |row| Reach::from_tops([RowId(row)], |row| &leads[row.index()], |_| true);
        assert!(from(0).is_empty() && Reach::default().is_empty());
        assert!(!from(1).is_empty(), "rows alone");
        assert!(!from(2).is_empty() && !Reach::of_super().is_empty(), "everything, and no row by name");
    }
}
