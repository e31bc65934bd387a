//! Which rows of a role rest on no public source: a line of its own or of what it starts from says so, and no line
//! above that one says the row again. Worked out once a role; says nothing.

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use foldhash::HashMap;

use crate::catalog::Catalog;
use crate::model::{Role, RoleRef, Roles, Target};
use crate::vocab::RowId;

/// The roles that were asked for.
#[derive(Default)]
pub(super) struct Resting {
    known: RefCell<HashMap<RoleRef, Rc<Rows>>>,
}

impl Resting {
    /// The rows of a role that rest on no public source.
    pub(super) fn rows(&self, catalog: &Catalog, roles: Roles<'_>, asked: RoleRef) -> Rc<Rows> {
        let mut known = self.known.borrow_mut();
        let mut open = vec![(asked, false)];
        while let Some((next, has_bases)) = open.pop() {
            let Some(role) = roles.get(next) else { continue };
            if has_bases {
                let mut rows = Rows::default();
                role.bases.iter().filter_map(|base| known.get(base)).for_each(|base| rows.join(base));
                rows.say(catalog, role);
                known.insert(next, Rc::new(rows));
            } else if let Entry::Vacant(slot) = known.entry(next) {
                slot.insert(Rc::default());
                open.push((next, true));
                open.extend(role.bases.iter().map(|base| (*base, false)));
            }
        }
        known.get(&asked).cloned().unwrap_or_default()
    }
}

/// Rows of one catalog, packed.
#[derive(Default)]
pub(super) struct Rows(Vec<u64>);

impl Rows {
    pub(super) fn has(&self, row: RowId) -> bool {
        self.0.get(row.index() / 64).is_some_and(|word| word >> (row.index() % 64) & 1 == 1)
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    fn set(&mut self, row: RowId, is_in: bool) {
        let index = row.index() / 64;
        if is_in && index >= self.0.len() {
            self.0.resize(index + 1, 0);
        }
        if let Some(word) = self.0.get_mut(index) {
            *word = *word & !(1 << (row.index() % 64)) | u64::from(is_in) << (row.index() % 64);
        }
    }

    /// Takes a role's own lines into account, the more exact ones last.
    fn say(&mut self, catalog: &Catalog, role: &Role) {
        if !self.0.is_empty() {
            for entry in &role.entries {
                match entry.target {
                    Target::All => self.0.clear(),
                    Target::Category(category) => {
                        catalog.rows_of(category).for_each(|(row, _)| self.set(row, false));
                    }
                    Target::Row(_) => {}
                }
            }
        }
        for entry in &role.entries {
            if let Target::Row(row) = entry.target {
                self.set(row, entry.unconfirmed.is_some());
            }
        }
    }
}
