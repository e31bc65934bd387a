//! Whether two tables say the same: names, levels, bits, people; not on which line of which file it is written.

use std::fmt::Debug;

use crate::table::Table;
use crate::table::parts::{Parts, Position};

impl Table {
    /// The first thing that another table says otherwise, as in ``role `tier1` ``; none where both say the same. Where
    /// things are written is nothing that a table says.
    ///
    /// ```
    /// use rolec::table::Table;
    ///
    /// let table = Table::from_bytes(rolec::example::TABLE)?;
    /// assert_eq!(table.difference(&table.clone()), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn difference(&self, other: &Self) -> Option<String> {
        let (old, new) = (unplaced(&self.parts), unplaced(&other.parts));
        first("catalog", &old.catalogs, &new.catalogs, |catalog| &catalog.id)
            .or_else(|| {
                first("organization", &old.organizations, &new.organizations, |organization| &organization.id)
            })
            .or_else(|| first("role", &old.roles, &new.roles, |role| &role.id))
            .or_else(|| first("principal", &old.principals, &new.principals, |principal| &principal.name))
            .or_else(|| {
                let principal = |assignment: &crate::table::parts::Assignment| {
                    old.principals.get(assignment.principal.index()).map_or("", |principal| &principal.name)
                };
                first("an assignment of", &old.assignments, &new.assignments, principal)
            })
    }
}

fn first<'t, T: PartialEq + Debug>(
    what: &str,
    old: &'t [T],
    new: &'t [T],
    name: impl Fn(&'t T) -> &'t str,
) -> Option<String> {
    let differing = old.iter().zip(new).find(|(old, new)| old != new).map(|(old, _)| old);
    let found = differing.or_else(|| old.get(new.len())).or_else(|| new.get(old.len()))?;
    Some(format!("{what} `{}`", name(found)))
}

/// The parts of a table as if all were written at one place.
fn unplaced(parts: &Parts) -> Parts {
    let nowhere = Position { file: 0, line: 1, column: 1 };
    let mut parts = Parts { files: Vec::new(), ..parts.clone() };
    for catalog in &mut parts.catalogs {
        catalog.position = nowhere;
        catalog.categories.iter_mut().for_each(|category| category.position = nowhere);
        catalog.rows.iter_mut().for_each(|row| row.position = nowhere);
    }
    for role in &mut parts.roles {
        role.position = nowhere;
        role.entries.iter_mut().for_each(|entry| entry.position = nowhere);
    }
    parts.organizations.iter_mut().for_each(|organization| organization.position = nowhere);
    parts.assignments.iter_mut().for_each(|assignment| assignment.position = nowhere);
    parts
}

#[cfg(test)]
mod tests {
    use crate::table::parts::{Parts, Position};
    use crate::table::{Table, sample};

    fn difference(change: impl FnOnce(&mut Parts)) -> Option<String> {
        let table = sample::table();
        let mut parts = table.parts.clone();
        change(&mut parts);
        table.difference(&Table::assemble(parts).unwrap())
    }

    #[test]
    fn where_it_is_written_means_nothing() {
        let other = |position: &mut Position| position.line += 7;
        let moved = |parts: &mut Parts| {
            parts.catalogs.iter_mut().for_each(|catalog| {
                other(&mut catalog.position);
                catalog.categories.iter_mut().for_each(|category| other(&mut category.position));
                catalog.rows.iter_mut().for_each(|row| other(&mut row.position));
            });
            parts.organizations.iter_mut().for_each(|organization| other(&mut organization.position));
            parts.roles.iter_mut().for_each(|role| {
                other(&mut role.position);
                role.entries.iter_mut().for_each(|entry| other(&mut entry.position));
            });
            parts.assignments.iter_mut().for_each(|assignment| other(&mut assignment.position));
        };
        assert_eq!(difference(moved), None);
    }

    #[test]
    fn all_else_does() {
        let title = || Some("another".into());
        assert!(difference(|parts| parts.catalogs[0].title = title()).unwrap().starts_with("catalog `"));
        assert!(difference(|parts| parts.roles[0].doc = title()).unwrap().starts_with("role `"));
        let last = |parts: &mut Parts| parts.assignments.last_mut().unwrap().because = title();
        assert!(difference(last).unwrap().starts_with("an assignment of `"));
        let fewer = |parts: &mut Parts| drop((parts.assignments.pop(), parts.principals.pop()));
        assert!(difference(fewer).unwrap().starts_with("principal `"));
    }
}
