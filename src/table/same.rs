//! Whether two tables say the same: names, levels, bits, people; and apart from that, on which line of which file it is
//! written. And whether they decide the same: then the lines of a role may be others, and assignments that give nothing may
//! go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use crate::table::Table;
use crate::table::parts::{Assignment, Parts, Position, Role};
use crate::vocab::{PrincipalId, Time, Written};

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
        named(&old, &new).or_else(|| {
            let principal = |assignment: &Assignment| {
                old.principals.get(assignment.principal.index()).map_or("", |principal| &principal.name)
            };
            first("an assignment of", &old.assignments, &new.assignments, principal)
        })
    }

    /// The first thing that is written elsewhere in what another table is made from, as in ``the place of role `tier1` ``,
    /// or otherwise on its lines. Of two that say the same, it is all that can differ. Folders above all files are
    /// no difference: whoever compiles from elsewhere names them otherwise.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    /// use rolec::table::Table;
    ///
    /// let of = |name: &str, text: String| compile(Sources::from_iter([(name, text)])).table.unwrap();
    /// let table = Table::from_bytes(rolec::example::TABLE)?;
    /// let elsewhere = of("policies/acme.role", rolec::example::POLICY.to_owned());
    /// assert_eq!((table.difference(&elsewhere), table.place_difference(&elsewhere)), (None, None));
    /// let moved = of("acme.role", format!("\n{}", rolec::example::POLICY));
    /// assert_eq!(table.difference(&moved), None);
    /// assert_eq!(table.place_difference(&moved).as_deref(), Some("the place of catalog `wiki`"));
    /// let renamed = of("other.role", rolec::example::POLICY.to_owned());
    /// assert_eq!(table.place_difference(&renamed).as_deref(), Some("the name of file `acme.role`"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn place_difference(&self, other: &Self) -> Option<String> {
        let (old, new) = (&self.parts, &other.parts);
        let files = || old.files.iter().zip(&new.files);
        if let Some((file, _)) = files().find(|(one, other)| !is_same_file(one, other)) {
            return Some(format!("the name of file `{file}`"));
        }
        if old.files.len() != new.files.len() {
            return Some("the number of files".to_owned());
        }
        let mut both = places(old).zip(places(new));
        let ((what, name, ..), _) = both.find(|(one, other)| (one.2, one.3) != (other.2, other.3))?;
        Some(format!("the place of {what} `{name}`"))
    }

    /// The first thing that another table decides otherwise, as in ``principal `ana` ``; none where both decide the
    /// same of the same roles and people at every moment.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    ///
    /// let table = |levels| {
    ///     let text = format!("use jumpcloud organization o {{ role r from read-only {{ {levels} }} }}");
    ///     compile(Sources::from_iter([("o.role", text)])).table.unwrap()
    /// };
    /// let (plain, spelt_out) = (table(""), table("grant user-management.user-management: view"));
    /// assert!(plain.difference(&spelt_out).is_some());
    /// assert_eq!(plain.decision_difference(&spelt_out), None);
    /// assert_eq!(plain.decision_difference(&table("grant all: none")).as_deref(), Some("role `r`"));
    /// ```
    pub fn decision_difference(&self, other: &Self) -> Option<String> {
        let (old, new) = (unled(unplaced(&self.parts)), unled(unplaced(&other.parts)));
        named(&old, &new).or_else(|| {
            // From here on the roles and principals of both are the same, number for number.
            let (ours, theirs) = (by_principal(&old), by_principal(&new));
            let mut principals =
                old.principals.iter().enumerate().map(|(at, one)| (PrincipalId::at(at), one));
            let (_, differing) = principals.find(|(id, _)| {
                let [ours, theirs] = [&ours, &theirs].map(|all| all.get(id).copied().unwrap_or_default());
                !holds_the_same(ours, theirs, &old.roles)
            })?;
            Some(format!("principal `{}`", differing.name))
        })
    }
}

/// The assignments of each principal.
fn by_principal(parts: &Parts) -> BTreeMap<PrincipalId, &[Assignment]> {
    let of_one = parts.assignments.chunk_by(|a, b| a.principal == b.principal);
    of_one.filter_map(|list| Some((list.first()?.principal, list))).collect()
}

/// Whether a principal holds the same by either assignments, at every moment.
fn holds_the_same(old: &[Assignment], new: &[Assignment], roles: &[Role]) -> bool {
    let given = |one: &Assignment| (one.role, one.from, one.until);
    if old.iter().map(given).eq(new.iter().map(given)) {
        return true;
    }
    // What is held changes where an assignment begins or ends, and nowhere else.
    let bounds = old.iter().chain(new).flat_map(|one| [one.from, one.until]).flatten();
    let moments: BTreeSet<Time> = bounds.chain([Time(i64::MIN)]).collect();
    moments.iter().all(|at| held(old, roles, *at) == held(new, roles, *at))
}

/// What assignments give together at a moment; none where none of them is in force.
fn held(assignments: &[Assignment], roles: &[Role], at: Time) -> Option<Vec<u64>> {
    let is_in_force = |one: &&Assignment| {
        one.from.is_none_or(|from| from <= at) && one.until.is_none_or(|until| at < until)
    };
    let given = assignments.iter().filter(is_in_force).filter_map(|one| roles.get(one.role.index()));
    given.fold(None, |held: Option<Vec<u64>>, role| {
        Some(match held {
            None => role.bits.to_vec(),
            Some(held) => held.iter().zip(&*role.bits).map(|(one, other)| one | other).collect(),
        })
    })
}

/// The parts of a table without what led to the bits of its roles.
fn unled(mut parts: Parts) -> Parts {
    for role in &mut parts.roles {
        role.entries.clear();
        role.bases.clear();
    }
    parts
}

/// The first thing with a name that differs.
fn named(old: &Parts, new: &Parts) -> Option<String> {
    first("catalog", &old.catalogs, &new.catalogs, |catalog| &catalog.id)
        .or_else(|| {
            first("organization", &old.organizations, &new.organizations, |organization| &organization.id)
        })
        .or_else(|| first("role", &old.roles, &new.roles, |role| &role.id))
        .or_else(|| first("principal", &old.principals, &new.principals, |principal| &principal.name))
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

/// Whether two names of files are one, but for the folders above one of them. What is built in lies in no folder.
fn is_same_file(one: &str, other: &str) -> bool {
    let (longer, shorter) = if one.len() < other.len() { (other, one) } else { (one, other) };
    let Some(above) = longer.strip_suffix(shorter) else { return false };
    let is_folder = |name: &str| !matches!(name, "" | "." | "..") && !name.contains(':');
    let above = above.strip_suffix('/').map(|above| above.strip_prefix('/').unwrap_or(above));
    longer == shorter || above.is_some_and(|above| above.is_empty() || above.split('/').all(is_folder))
}

/// What has a place, its name, where it is, and how it is written where that can be told.
type Placed<'p> = (&'static str, &'p str, Position, Option<Written>);

/// All places, in one order.
fn places(parts: &Parts) -> impl Iterator<Item = Placed<'_>> {
    let catalogs = parts.catalogs.iter().flat_map(|catalog| {
        let categories = catalog.categories.iter().map(|it| ("category", &*it.id, it.position, None));
        let rows = catalog.rows.iter().map(|it| ("row", &*it.id, it.position, None));
        std::iter::once(("catalog", &*catalog.id, catalog.position, None)).chain(categories).chain(rows)
    });
    let organizations = parts.organizations.iter().map(|it| ("organization", &*it.id, it.position, None));
    let roles = parts.roles.iter().flat_map(|role| {
        let entries =
            role.entries.iter().map(|it| ("a grant of role", &*role.id, it.position, Some(it.written)));
        std::iter::once(("role", &*role.id, role.position, None)).chain(entries)
    });
    let assignments = parts.assignments.iter().map(|it| {
        let principal = parts.principals.get(it.principal.index());
        ("an assignment of", principal.map_or("", |it| &*it.name), it.position, None)
    });
    catalogs.chain(organizations).chain(roles).chain(assignments)
}

/// The parts of a table as if all were written at one place.
fn unplaced(parts: &Parts) -> Parts {
    let nowhere = Position { file: 0, line: 1, column: 1 };
    let mut parts = parts.clone();
    for catalog in &mut parts.catalogs {
        catalog.position = nowhere;
        catalog.categories.iter_mut().for_each(|category| category.position = nowhere);
        catalog.rows.iter_mut().for_each(|row| row.position = nowhere);
    }
    for role in &mut parts.roles {
        role.position = nowhere;
        for entry in &mut role.entries {
            (entry.position, entry.written) = (nowhere, Written::Line);
        }
    }
    parts.organizations.iter_mut().for_each(|organization| organization.position = nowhere);
    parts.assignments.iter_mut().for_each(|assignment| assignment.position = nowhere);
    parts
}

#[cfg(test)]
mod tests {
    use crate::table::parts::{Assignment, Parts, Position};
    use crate::table::{Table, sample};
    use crate::vocab::{RoleId, Time};

    fn difference(change: impl FnOnce(&mut Parts)) -> Option<String> {
        let table = sample::table();
        let mut parts = table.parts.clone();
        change(&mut parts);
        table.difference(&Table::assemble(parts).unwrap())
    }

    #[test]
    fn a_file_is_known_in_a_folder() {
        for (one, other, is_same) in [
            ("a.role", "a.role", true),
            ("p/a.role", "a.role", true),
            ("a.role", "/srv/p/a.role", true),
            ("p/a.role", "q/a.role", false),
            ("aa.role", "a.role", false),
            ("builtin:jumpcloud/a.role", "a.role", false),
            ("https://evil/a.role", "a.role", false),
            ("../a.role", "a.role", false),
            ("p//a.role", "a.role", false),
        ] {
            assert_eq!(super::is_same_file(one, other), is_same, "{one} {other}");
            assert_eq!(super::is_same_file(other, one), is_same, "{other} {one}");
        }
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
    fn all_places_are_looked_at() {
        let table = sample::table();
        let moved = |change: &dyn Fn(&mut Parts)| {
            let mut parts = table.parts.clone();
            change(&mut parts);
            let other = Table::assemble(parts).unwrap();
            assert_eq!(other.place_difference(&table).is_some(), table.place_difference(&other).is_some());
            table.place_difference(&other)
        };
        let told = |what: &str| Some(format!("the place of {what}"));
        assert_eq!(moved(&|_| ()), None);
        assert_eq!(moved(&|parts| parts.files[1] = "folder/b.role".into()), None);
        let renamed = moved(&|parts| parts.files[1] = "c.role".into());
        assert_eq!(renamed.as_deref(), Some("the name of file `b.role`"));
        let more = moved(&|parts| parts.files.push("c.role".into()));
        assert_eq!(more.as_deref(), Some("the number of files"));
        assert_eq!(moved(&|parts| parts.catalogs[1].position.line += 1), told("catalog `tiny`"));
        assert_eq!(
            moved(&|parts| parts.catalogs[1].categories[0].position.column += 1),
            told("category `c`")
        );
        assert_eq!(moved(&|parts| parts.catalogs[1].rows[0].position.file = 1), told("row `r`"));
        assert_eq!(moved(&|parts| parts.organizations[1].position.line += 1), told("organization `beta`"));
        assert_eq!(moved(&|parts| parts.roles[4].position.line += 1), told("role `night`"));
        let entry = |parts: &mut Parts| parts.roles[3].entries[0].position.line += 1;
        assert_eq!(moved(&entry), told("a grant of role `lead`"));
        assert_eq!(moved(&|parts| parts.assignments[2].position.line += 1), told("an assignment of `bot`"));
    }

    #[test]
    fn what_leads_to_a_decision_is_none() {
        let table = sample::table();
        let otherwise = |change: &dyn Fn(&mut Parts)| {
            let mut parts = table.parts.clone();
            change(&mut parts);
            table.decision_difference(&Table::assemble(parts).unwrap())
        };
        // Twice the same, and a part of it, are no more.
        let again = |from: Option<Time>| {
            move |parts: &mut Parts| {
                let more = Assignment { from, ..parts.assignments[2].clone() };
                parts.assignments.push(more);
                parts.assignments.sort();
            }
        };
        assert!(table.parts.assignments[2].from.is_none() && table.parts.assignments[2].until.is_none());
        assert_eq!(otherwise(&again(Some(Time(5)))), None);
        assert!(difference(again(Some(Time(5)))).is_some());
        let later = |parts: &mut Parts| parts.assignments[2].from = Some(Time(5));
        assert!(otherwise(&later).unwrap().starts_with("principal `"));
        // A role beside another that holds as much adds nothing.
        let beside = |parts: &mut Parts| {
            let more = Assignment { role: RoleId(0), ..parts.assignments[2].clone() };
            parts.assignments.push(more);
            parts.assignments.sort();
        };
        assert_eq!(otherwise(&beside), None);
        // One that ends as the next begins is one, and one that ends before is not.
        let halves = |gap: i64| {
            move |parts: &mut Parts| {
                let one = parts.assignments[2].clone();
                parts.assignments[2].until = Some(Time(10 - gap));
                parts.assignments.push(Assignment { from: Some(Time(10)), ..one });
                parts.assignments.sort();
            }
        };
        assert_eq!(otherwise(&halves(0)), None);
        assert_eq!(otherwise(&halves(-3)), None);
        assert!(otherwise(&halves(1)).unwrap().starts_with("principal `"));
        // What `clerk` holds is more.
        let wider = |parts: &mut Parts| parts.roles[0].bits = parts.roles[1].bits.clone();
        assert!(otherwise(&wider).unwrap().starts_with("role `"));
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
