//! Where a cell of a role comes from.

use std::collections::HashSet;

use crate::table::{Entry, Origin, Role, Row};
use crate::vocab::{Actions, OrganizationKind, RoleId};

/// What decided some actions of a cell.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::explain::{Deciding, deciding};
/// use rolec::vocab::OrganizationKind::{Direct, Managed};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let owner = table.role_view(table.template("owner").unwrap()).unwrap();
/// let tenants = owner.catalog().rows().find(|row| row.id() == "tenants").unwrap();
/// let first = |kind| deciding(owner, tenants, tenants.shape().top(), kind).remove(0).deciding;
/// assert!(matches!(first(Managed), Deciding::Entry(_, entry) if &*entry.level == "full"));
/// assert!(matches!(first(Direct), Deciding::OnlyManaged));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug)]
pub enum Deciding<'t> {
    /// A line of a role or template.
    Entry(Role<'t>, &'t Entry),
    /// No line: the row's floor, as the role without bases at the end of the way has it.
    Floor(Role<'t>),
    /// The row is there in managed organizations only, and this one is direct.
    OnlyManaged,
}

/// Some actions of a cell, decided by one line.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::explain::deciding;
///
/// let text = "catalog c { category a { r: flag } } use c
///     template one { grant a.r: on }
///     template two from one {}";
/// let table = compile(Sources::from_iter([("c.role", text)])).table.unwrap();
/// let two = table.role_view(table.template("two").unwrap()).unwrap();
/// let row = two.catalog().rows().next().unwrap();
/// let part = deciding(two, row, row.shape().top(), Default::default()).remove(0);
/// assert!(part.way.iter().map(|role| role.id()).eq(["two", "one"]));
/// assert!(part.actions == row.shape().top() && part.also.is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Part<'t> {
    /// Which actions.
    pub actions: Actions,
    /// What decided them.
    pub deciding: Deciding<'t>,
    /// The way from the role to the one that says it, the role itself first.
    pub way: Vec<Role<'t>>,
    /// Other bases on the way that give the same actions.
    pub also: Vec<Role<'t>>,
}

/// What decided each of the `asked` actions of a role's row, held ones and missing ones alike, in an organization of
/// a kind. Held actions that one line gave stand together; for missing ones every line that withheld them is named.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::explain::{Deciding, deciding};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let reader = table.role_view(table.template("reader").unwrap()).unwrap();
/// let spaces = reader.catalog().rows().next().unwrap();
/// // It can read and not write, and one line decided both.
/// let parts = deciding(reader, spaces, spaces.shape().top(), Default::default());
/// assert_eq!(parts.len(), 2);
/// assert!(parts.iter().all(|part| matches!(part.deciding, Deciding::Entry(_, entry) if &*entry.level == "read")));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn deciding<'t>(role: Role<'t>, row: Row<'t>, asked: Actions, kind: OrganizationKind) -> Vec<Part<'t>> {
    if row.is_only_managed() && kind == OrganizationKind::Direct {
        return vec![Part {
            actions: asked,
            deciding: Deciding::OnlyManaged,
            way: vec![role],
            also: Vec::new(),
        }];
    }
    let held = role.actions(row.key()) & asked;
    let mut parts: Vec<Part<'t>> = Vec::new();
    for action in held.positions() {
        let part = follow(role, row, action);
        // Where other bases give one action and not the other, that is two things to say.
        match parts.iter_mut().find(|known| same(known, &part)) {
            Some(known) => known.actions = known.actions | part.actions,
            None => parts.push(part),
        }
    }
    let missing = asked - held;
    if !missing.is_empty() {
        withheld(role, row, missing, &mut parts);
    }
    parts
}

fn same(a: &Part<'_>, b: &Part<'_>) -> bool {
    let keys = |roles: &[Role<'_>]| roles.iter().map(|role| role.key()).collect::<Vec<_>>();
    let is_same_line = match (&a.deciding, &b.deciding) {
        (Deciding::Entry(a, at), Deciding::Entry(b, there)) => {
            a.key() == b.key() && at.position == there.position
        }
        (Deciding::Floor(a), Deciding::Floor(b)) => a.key() == b.key(),
        (Deciding::OnlyManaged, Deciding::OnlyManaged) => true,
        _ => false,
    };
    is_same_line && keys(&a.way) == keys(&b.way) && keys(&a.also) == keys(&b.also)
}

/// The line that gave a held action: along the first base by id that holds it.
fn follow<'t>(role: Role<'t>, row: Row<'t>, action: usize) -> Part<'t> {
    let mut way = vec![role];
    let mut also = Vec::new();
    let mut at = role;
    loop {
        let deciding = match at.origin(row.key(), action) {
            Origin::Entry(entry) => Deciding::Entry(at, entry),
            Origin::Floor => Deciding::Floor(at),
            Origin::Base(_) => {
                let mut bases = at.bases_holding(row.key(), action);
                if let Some(first) = bases.next() {
                    also.extend(bases);
                    way.push(first);
                    at = first;
                    continue;
                }
                Deciding::Floor(at)
            }
        };
        return Part { actions: Actions::one(action), deciding, way, also };
    }
}

/// The lines that withheld actions: all bases lack them, so each end of each way is named, up to a handful.
fn withheld<'t>(role: Role<'t>, row: Row<'t>, missing: Actions, parts: &mut Vec<Part<'t>>) {
    const SHOWN: usize = 8;
    let mut seen: HashSet<RoleId> = HashSet::new();
    let mut open: Vec<(Role<'t>, Option<usize>)> = vec![(role, None)];
    // Every role once, in the order in which the ways lead there; `from` is where in the list it was reached from.
    let mut next = 0;
    let mut found = 0;
    while let Some((at, _)) = open.get(next).copied() {
        if found == SHOWN {
            return;
        }
        let deciding = match at.entry_for(row.key()) {
            Some(entry) => Some(Deciding::Entry(at, entry)),
            None => {
                let mut bases = at.bases().peekable();
                let is_end = bases.peek().is_none();
                open.extend(bases.filter(|base| seen.insert(base.key())).map(|base| (base, Some(next))));
                is_end.then_some(Deciding::Floor(at))
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
