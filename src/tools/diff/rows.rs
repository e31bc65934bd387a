//! Which row of one catalog is which of another, and what was gained and lost of it. By names: the same row and the same
//! action have other numbers in another table.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::check::fold;
use crate::table::{Catalog, Row};
use crate::tools::diff::catalogs::{Difference, is_of_access, of_rows};
use crate::tools::diff::sides::{Sides, Unpaired};
use crate::vocab::{Actions, OrganizationKind, RowId};

/// A row that has another id, or is in another category.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("content.spaces", "content.rooms").replace("spaces", "rooms");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let found = diff(&old, &new);
/// let renamed = &found.catalogs[0].renamed[0];
/// assert_eq!((renamed.old.id(), renamed.new.id(), renamed.is_respelled), ("spaces", "rooms", false));
/// // Nobody lost anything. But who asks for the new id gets an allow that nobody got before.
/// assert!(found.organizations.is_empty() && found.templates.is_empty() && found.widens());
/// ```
#[derive(Clone, Debug)]
pub struct Renamed<'t> {
    /// The row as it was.
    pub old: Row<'t>,
    /// The row as it is.
    pub new: Row<'t>,
    /// Whether the ids differ by case or Unicode form only, where that is no difference.
    pub is_respelled: bool,
    /// What else differs.
    pub differences: Vec<Difference<'t>>,
}

/// A row of two catalogs.
#[derive(Clone, Debug)]
pub(super) struct Match<'t> {
    pub(super) row: Sides<Row<'t>>,
    actions: Numbering,
}

/// How the actions of the old row are numbered in the new one.
#[derive(Clone, Debug)]
enum Numbering {
    /// As they were.
    Same,
    /// The new number of each; none for one that is gone.
    Other(Vec<Option<usize>>),
}

/// What became of what is held of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    /// In the numbers of the new row.
    pub(super) gained: Actions,
    /// In the numbers of the old row.
    pub(super) lost: Actions,
}

impl Moved {
    pub(super) fn is_empty(self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

/// The rows of two catalogs: those of the new one in its order, then those that are gone.
#[derive(Debug)]
pub(super) struct Rows<'t> {
    pub(super) all: Vec<Match<'t>>,
    /// Whether both place the same actions of the same rows at the same bits.
    pub(super) is_aligned: bool,
    /// The place among `all` of the row of each bit of the old catalog, and of the new one.
    pub(super) of_bits: (Vec<usize>, Vec<usize>),
    /// Whether direct organizations see a row that they did not see, or the other way round.
    pub(super) is_seen_otherwise: bool,
}

impl<'t> Rows<'t> {
    /// The rows of two catalogs, and those of them that were renamed.
    pub(super) fn of(catalogs: Sides<Catalog<'t>>) -> (Self, Vec<Renamed<'t>>) {
        let (partners, renamed) = match catalogs.both() {
            Some((old, new)) => pairs(old, new),
            None => Default::default(),
        };
        let gone: Vec<Row<'t>> = catalogs
            .old
            .into_iter()
            .flat_map(Catalog::rows)
            .filter(|row| partners.by_old.get(row.key().index()).copied() != Some(true))
            .collect();
        let mut all: Vec<Match<'t>> = Vec::new();
        for row in catalogs.new.into_iter().flat_map(Catalog::rows) {
            let old = partners.by_new.get(&row.key()).copied();
            all.push(Match::of(Sides { old, new: Some(row) }));
        }
        let is_aligned = gone.is_empty()
            && all.iter().enumerate().all(|(index, found)| {
                let is_there = |row: Row<'_>| row.key().index() == index;
                let is_kept = matches!(found.actions, Numbering::Same);
                is_kept
                    && found.row.both().is_some_and(|(old, new)| {
                        is_there(old)
                            && is_there(new)
                            && old.shape().width() == new.shape().width()
                            && old.is_only_managed() == new.is_only_managed()
                    })
            });
        let is_seen_otherwise = all.iter().any(|found| {
            found.row.both().is_some_and(|(old, new)| old.is_only_managed() != new.is_only_managed())
        });
        all.extend(gone.into_iter().map(|row| Match::of(Sides { old: Some(row), new: None })));
        let of_bits = (of_bits(&all, |row| row.old), of_bits(&all, |row| row.new));
        (Self { all, is_aligned, of_bits, is_seen_otherwise }, renamed)
    }
}

/// The place of the row of each bit of one of the catalogs: every action of every row is a bit, rows in order.
fn of_bits<'t>(all: &[Match<'t>], side: impl Fn(Sides<Row<'t>>) -> Option<Row<'t>>) -> Vec<usize> {
    let rows = all.iter().enumerate().filter_map(|(place, found)| Some((side(found.row)?, place)));
    let mut rows: Vec<(Row<'t>, usize)> = rows.collect();
    rows.sort_by_key(|(row, _)| row.key());
    rows.into_iter().flat_map(|(row, place)| std::iter::repeat_n(place, row.shape().width())).collect()
}

impl<'t> Match<'t> {
    fn of(row: Sides<Row<'t>>) -> Self {
        let actions = match row.both() {
            Some((old, new)) if !old.shape().actions().eq(new.shape().actions()) => {
                Numbering::Other(old.shape().actions().map(|name| new.shape().action(name)).collect())
            }
            _ => Numbering::Same,
        };
        Self { row, actions }
    }

    /// Old actions in the numbers of the new row, without those that it lacks.
    pub(super) fn carried(&self, held: Actions) -> Actions {
        match (&self.actions, self.row.new) {
            (_, None) => Actions::NONE,
            (Numbering::Same, _) => held,
            (Numbering::Other(numbers), _) => held
                .positions()
                .filter_map(|position| numbers.get(position).copied().flatten())
                .fold(Actions::NONE, |all, position| all | Actions::one(position)),
        }
    }

    /// The old actions that the new row has.
    fn kept(&self, held: Actions) -> Actions {
        match (&self.actions, self.row.new) {
            (_, None) => Actions::NONE,
            (Numbering::Same, _) => held,
            (Numbering::Other(numbers), _) => held
                .positions()
                .filter(|position| numbers.get(*position).copied().flatten().is_some())
                .fold(Actions::NONE, |all, position| all | Actions::one(position)),
        }
    }

    /// What was gained and lost.
    pub(super) fn moved(&self, old: Actions, new: Actions) -> Moved {
        // The common case, at once.
        if let (Numbering::Same, Some(_)) = (&self.actions, self.row.both()) {
            return Moved { gained: new - old, lost: old - new };
        }
        let is_lost = |one: &Actions| (self.carried(*one) & new).is_empty();
        let lost = old.positions().map(Actions::one).filter(is_lost);
        Moved { gained: new - self.carried(old), lost: lost.fold(Actions::NONE, |all, one| all | one) }
    }

    /// Whether all that moved did so because the catalog is another one: what was gained could not be had before, and
    /// what was lost cannot be had now, whatever the roles say.
    pub(super) fn is_of_catalog(&self, moved: Moved, kinds: Sides<OrganizationKind>) -> bool {
        let offered = |row: Option<Row<'_>>, kind: Option<OrganizationKind>| {
            row.filter(|row| !is_hidden(*row, kind)).map(|row| row.shape().top()).unwrap_or_default()
        };
        // As an organization of the other kind would have it, so that a change of kind is no change of the catalog.
        let before = self.carried(offered(self.row.old, kinds.new.or(kinds.old)));
        let is_there = !offered(self.row.new, kinds.old.or(kinds.new)).is_empty();
        let after = if is_there { self.kept(offered(self.row.old, None)) } else { Actions::NONE };
        (moved.gained & before).is_empty() && (moved.lost & after).is_empty()
    }
}

/// Whether an organization of a kind lacks a row. Without a kind it has all.
pub(super) fn is_hidden(row: Row<'_>, kind: Option<OrganizationKind>) -> bool {
    row.is_only_managed() && kind == Some(OrganizationKind::Direct)
}

/// Whether ids that differ by case or Unicode form are the same in both.
pub(super) fn is_folded(old: Catalog<'_>, new: Catalog<'_>) -> bool {
    !old.is_case_sensitive() && !new.is_case_sensitive()
}

/// Which old row each new one is.
#[derive(Default)]
struct Partners<'t> {
    by_new: HashMap<RowId, Row<'t>>,
    /// Which old rows are one of the new ones.
    by_old: Vec<bool>,
}

fn pairs<'t>(old: Catalog<'t>, new: Catalog<'t>) -> (Partners<'t>, Vec<Renamed<'t>>) {
    let mut partners = Partners { by_new: HashMap::new(), by_old: vec![false; old.rows().count()] };
    let old_row = |key: RowId| old.row(key);
    let new_row = |key: RowId| new.row(key);
    let mut left = Unpaired { old: Vec::new(), new: Vec::new() };
    let by_id: HashMap<(&str, &str), RowId> = old.rows().map(|row| (ids(row), row.key())).collect();
    let mut found: Vec<(RowId, RowId)> = Vec::new();
    for row in new.rows() {
        match by_id.get(&ids(row)) {
            Some(was) => found.push((*was, row.key())),
            None => left.new.push(row.key()),
        }
    }
    let mut join = |pairs: Vec<(RowId, RowId)>| -> Vec<(Row<'t>, Row<'t>)> {
        let views: Vec<(Row<'t>, Row<'t>)> =
            pairs.into_iter().filter_map(|(was, is)| Some((old_row(was)?, new_row(is)?))).collect();
        for (was, is) in &views {
            partners.by_new.insert(is.key(), *was);
            if let Some(mark) = partners.by_old.get_mut(was.key().index()) {
                *mark = true;
            }
        }
        views
    };
    let exact = join(found);
    let taken: std::collections::HashSet<RowId> = exact.iter().map(|(was, _)| was.key()).collect();
    left.old.extend(old.rows().map(Row::key).filter(|key| !taken.contains(key)));
    let mut renamed: Vec<Renamed<'t>> = Vec::new();
    let mut tell = |pairs: Vec<(Row<'t>, Row<'t>)>, is_respelled: bool| {
        let one = |(old, new)| {
            let differences = of_rows(old, new).into_iter().filter(is_of_access).collect();
            Renamed { old, new, is_respelled, differences }
        };
        renamed.extend(pairs.into_iter().map(one));
    };
    let category = |row: Row<'t>| match is_folded(old, new) {
        true => fold(row.category().id()),
        false => Cow::Borrowed(row.category().id()),
    };
    if is_folded(old, new) {
        let key = |row: Option<Row<'t>>| row.map(|row| (fold(row.category().id()), fold(row.id())));
        tell(join(left.pair(|old| key(old_row(old)), |new| key(new_row(new)))), true);
    }
    // Of the same levels, and in the same category of the same title, or of the same id in another category.
    let key = |row: Option<Row<'t>>| row.and_then(|row| Some((category(row), row.title()?, levels(row))));
    tell(join(left.pair(|old| key(old_row(old)), |new| key(new_row(new)))), false);
    let key = |row: Option<Row<'t>>| row.map(|row| (row.id(), levels(row)));
    tell(join(left.pair(|old| key(old_row(old)), |new| key(new_row(new)))), false);
    renamed.sort_by_key(|renamed| renamed.new.key());
    (partners, renamed)
}

fn ids<'t>(row: Row<'t>) -> (&'t str, &'t str) {
    (row.category().id(), row.id())
}

fn levels<'t>(row: Row<'t>) -> (&'static str, Vec<&'t str>) {
    (row.shape().form().word(), row.shape().offered())
}
