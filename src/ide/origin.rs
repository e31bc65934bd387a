//! Where a cell of a role comes from, told from the model: while a text is damaged there is no table to ask, and the
//! other roles still mean what they say. A test holds it against `tools::explain`, cell by cell.

use std::collections::HashSet;

use crate::catalog::Row;
use crate::model::{Entry, Role, RoleRef, Roles, Target};
use crate::vocab::{Actions, OrganizationKind, RowId};

/// What decided some actions of a cell.
#[derive(Clone, Copy, Debug)]
pub enum Deciding<'m> {
    /// A line of a role or template.
    Entry(&'m Role, &'m Entry),
    /// No line: the row's floor, as a role without bases has it.
    Floor(&'m Role),
    /// The row is there in managed organizations only, and this one is direct.
    OnlyManaged,
}

/// Some actions of a cell, decided by one line.
#[derive(Clone, Debug)]
pub struct Part<'m> {
    /// Which actions.
    pub actions: Actions,
    /// What decided them.
    pub deciding: Deciding<'m>,
    /// The way from the role to the one that says it, the role itself first.
    pub way: Vec<&'m Role>,
    /// Other bases on the way that give the same actions.
    pub also: Vec<&'m Role>,
}

/// A row with its id.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'m> {
    /// The roles that bases are looked up in.
    pub roles: Roles<'m>,
    /// The role.
    pub role: &'m Role,
    /// The row's id.
    pub id: RowId,
    /// The row.
    pub row: &'m Row,
    /// The kind of the organization that the role is looked at in.
    pub kind: OrganizationKind,
}

impl<'m> Cell<'m> {
    /// Whether the organization has the row.
    pub fn is_there(&self) -> bool {
        !self.row.only_managed || self.kind == OrganizationKind::Managed
    }

    /// What is held.
    pub fn held(&self) -> Actions {
        if self.is_there() { self.role.cells.get(self.row) } else { Actions::NONE }
    }

    /// What the bases hold together; none where there is no base.
    pub fn inherited(&self) -> Option<Actions> {
        if self.role.bases.is_empty() {
            return None;
        }
        if !self.is_there() {
            return Some(Actions::NONE);
        }
        let floor = self.row.shape.floor();
        Some(bases(self.roles, self.role).fold(floor, |held, base| held | base.cells.get(self.row)))
    }

    /// What decided it: of a held row the lines that gave it, of an empty one the lines that withheld it. Nothing
    /// where something that the role starts from is not known.
    pub fn parts(&self) -> Vec<Part<'m>> {
        let held = self.held();
        self.deciding(if held.is_empty() { self.row.shape.top() } else { held })
    }

    /// What decided some actions, held ones and missing ones alike.
    pub fn deciding(&self, asked: Actions) -> Vec<Part<'m>> {
        if !self.role.is_whole {
            return Vec::new();
        }
        if !self.is_there() {
            let deciding = Deciding::OnlyManaged;
            return vec![Part { actions: asked, deciding, way: vec![self.role], also: Vec::new() }];
        }
        let held = self.role.cells.get(self.row) & asked;
        let mut parts: Vec<Part<'m>> = Vec::new();
        for action in held.positions() {
            let part = self.follow(action);
            // Where other bases give one action and not the other, that is two things to say.
            match parts.iter_mut().find(|known| same(known, &part)) {
                Some(known) => known.actions = known.actions | part.actions,
                None => parts.push(part),
            }
        }
        let missing = asked - held;
        if !missing.is_empty() {
            self.withheld(missing, &mut parts);
        }
        parts
    }

    /// The line that gave a held action: along the first base by id that holds it.
    fn follow(&self, action: usize) -> Part<'m> {
        let mut way = vec![self.role];
        let mut also = Vec::new();
        let mut at = self.role;
        loop {
            let entry = at.entry_for(self.id, self.row);
            let mut holding =
                bases(self.roles, at).filter(|base| base.cells.get(self.row).contains(Actions::one(action)));
            let deciding = match (entry, holding.next()) {
                (Some(entry), _) => Deciding::Entry(at, entry),
                (None, Some(first)) => {
                    also.extend(holding);
                    way.push(first);
                    at = first;
                    continue;
                }
                (None, None) => Deciding::Floor(at),
            };
            return Part { actions: Actions::one(action), deciding, way, also };
        }
    }

    /// The lines that withheld actions: all bases lack them, so each end of each way is named, up to a handful.
    fn withheld(&self, missing: Actions, parts: &mut Vec<Part<'m>>) {
        const SHOWN: usize = 8;
        let mut seen: HashSet<RoleRef> = HashSet::new();
        let mut open: Vec<(&'m Role, Option<usize>)> = vec![(self.role, None)];
        let (mut next, mut found) = (0, 0);
        while let Some((at, _)) = open.get(next).copied() {
            if found == SHOWN {
                return;
            }
            let deciding = match at.entry_for(self.id, self.row) {
                Some(entry) => Some(Deciding::Entry(at, entry)),
                None => {
                    let fresh = at.bases.iter().filter(|base| seen.insert(**base));
                    let fresh: Vec<_> = fresh.filter_map(|base| self.roles.get(*base)).collect();
                    open.extend(fresh.into_iter().map(|base| (base, Some(next))));
                    at.bases.is_empty().then_some(Deciding::Floor(at))
                }
            };
            if let Some(deciding) = deciding {
                found += 1;
                let mut way = vec![at];
                let mut from = open.get(next).and_then(|(_, from)| *from);
                while let Some((role, before)) = from.and_then(|index| open.get(index)) {
                    way.push(*role);
                    from = *before;
                }
                way.reverse();
                parts.push(Part { actions: missing, deciding, way, also: Vec::new() });
            }
            next += 1;
        }
    }
}

fn same(a: &Part<'_>, b: &Part<'_>) -> bool {
    let are =
        |a: &[&Role], b: &[&Role]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| std::ptr::eq(*a, *b));
    let is_same_line = match (&a.deciding, &b.deciding) {
        (Deciding::Entry(a, at), Deciding::Entry(b, there)) => {
            std::ptr::eq(*a, *b) && at.place == there.place
        }
        (Deciding::Floor(a), Deciding::Floor(b)) => std::ptr::eq(*a, *b),
        (Deciding::OnlyManaged, Deciding::OnlyManaged) => true,
        _ => false,
    };
    is_same_line && are(&a.way, &b.way) && are(&a.also, &b.also)
}

/// What a role starts from.
pub(super) fn bases<'m>(roles: Roles<'m>, role: &'m Role) -> impl Iterator<Item = &'m Role> {
    role.bases.iter().filter_map(move |base| roles.get(*base))
}

/// The lines of a role by what they set: for who asks about every row of a catalog.
pub(super) struct Lines(HashSet<Target>);

impl Lines {
    pub(super) fn of(role: &Role) -> Self {
        Self(role.entries.iter().map(|entry| entry.target).collect())
    }

    /// What the line that decides a row sets; as [`Role::entry_for`] finds it.
    pub(super) fn target_for(&self, id: RowId, row: &Row) -> Option<Target> {
        let targets = [Target::Row(id), Target::Category(row.category), Target::All];
        targets.into_iter().find(|target| self.0.contains(target))
    }
}
