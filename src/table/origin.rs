//! Where a cell comes from. Nothing of it is stored: the entries, the bases and the bits say it. One step at a
//! time, so that chains of bases of any length are walked and never recursed into.

use crate::table::parts::{Entry, Target};
use crate::table::view::Role;
use crate::vocab::{Actions, RoleId, RowId};

/// Where a role has an action of a row from, or lacks it from.
///
/// ```
/// use rolec::table::{Origin, Table};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organization("acme").unwrap();
/// let editor = table.role_view(table.role(acme, "editor").unwrap()).unwrap();
/// let row = |id| editor.catalog().rows().find(|row| row.id() == id).unwrap().key();
///
/// let Origin::Entry(entry) = editor.origin(row("pages"), 0) else { panic!("a line says it") };
/// assert_eq!((&*entry.level, entry.position.line), ("create, update", 32));
/// // The reader, which it is made from, says nothing of exports either.
/// assert_eq!(editor.origin(row("export"), 0), Origin::Floor);
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'t> {
    /// From its own entry for the row, else for the category, else for all.
    Entry(&'t Entry),
    /// From its bases: the first by id that holds it.
    Base(RoleId),
    /// Nobody says anything: the row's floor.
    Floor,
}

impl<'t> Role<'t> {
    /// The role's own entry that decides a row: the one for the row, else for its category, else for all.
    pub fn entry_for(self, row: RowId) -> Option<&'t Entry> {
        let entries = self.entries();
        let find = |target: Target| {
            entries.binary_search_by_key(&target, |entry| entry.target).ok().and_then(|at| entries.get(at))
        };
        let category = self.catalog().row(row)?.category().key();
        find(Target::Row(row)).or_else(|| find(Target::Category(category))).or_else(|| find(Target::All))
    }

    /// The bases that hold an action of a row, by id. The action is a position among the row's.
    pub fn bases_holding(self, row: RowId, action: usize) -> impl Iterator<Item = Role<'t>> {
        let asked = Actions::one(action);
        self.bases().filter(move |base| !(base.actions(row) & asked).is_empty())
    }

    /// Where the role has an action of a row from, or lacks it from. The action is a position among the row's.
    ///
    /// Says nothing of what an organization's kind takes away.
    pub fn origin(self, row: RowId, action: usize) -> Origin<'t> {
        if let Some(entry) = self.entry_for(row) {
            return Origin::Entry(entry);
        }
        self.bases_holding(row, action).next().map_or(Origin::Floor, |base| Origin::Base(base.key()))
    }

    /// The role that really says it, following [`Origin::Base`] to its end, and its [`Origin`]: an entry or the
    /// floor.
    pub fn root(self, row: RowId, action: usize) -> (Self, Origin<'t>) {
        let mut role = self;
        loop {
            if let Some(entry) = role.entry_for(row) {
                return (role, Origin::Entry(entry));
            }
            match role.bases_holding(row, action).next() {
                Some(base) => role = base,
                None => return (role, Origin::Floor),
            }
        }
    }
}
