//! What all forbids of an organization ask for, as numbers of their own, and what each role has of them. Each forbid is
//! filed under the number that the fewest roles have: so whoever holds something looks at the forbids under what is
//! held, and not at all of them.

use foldhash::HashMap;

use crate::catalog::{Catalog, Cells};
use crate::check::forbids::numbering::{Numbering, highest};
use crate::check::forbids::sets::{Sets, has, numbers};
use crate::check::forbids::top::Top;
use crate::model::{Forbid, Organization, RoleRef, Roles, Shared};
use crate::vocab::{Actions, OrganizationKind, OwnRoleId, RowId};

/// A forbid that somebody may break.
pub(super) struct Watched<'m> {
    pub(super) forbid: &'m Forbid,
    /// The actions of each condition that have to be held: of a ladder the highest, which brings the others.
    pub(super) parts: Vec<(RowId, Actions)>,
    /// The number of each of these actions, part by part: what other files call its positions.
    pub(super) numbers: Vec<usize>,
    /// By part: its first position.
    starts: Vec<usize>,
    /// The roles that it passes over, sorted.
    pub(super) passed_over: Vec<usize>,
}

impl Watched<'_> {
    /// The actions that a part asks for, and its first position.
    pub(super) fn actions(&self, part: usize) -> Option<(Actions, usize)> {
        Some((self.parts.get(part)?.1, *self.starts.get(part)?))
    }

    /// The part of the first of some positions.
    pub(super) fn first_part(&self, positions: &[u64]) -> Option<usize> {
        numbers(positions).next().map(|position| self.part(position))
    }

    fn part(&self, position: usize) -> usize {
        self.starts.partition_point(|start| *start <= position).saturating_sub(1)
    }

    /// The parts with a position in a set of positions, and which of their actions these are.
    pub(super) fn parts_of(&self, positions: &[u64]) -> Vec<(RowId, Actions)> {
        let mut found: Vec<(usize, Actions)> = Vec::new();
        for position in numbers(positions) {
            let part = self.part(position);
            let Some((asked, start)) = self.actions(part) else { continue };
            let Some(action) = asked.positions().nth(position - start).map(Actions::one) else { continue };
            match found.last_mut().filter(|(last, _)| *last == part) {
                Some((_, actions)) => *actions = *actions | action,
                None => found.push((part, action)),
            }
        }
        found.into_iter().filter_map(|(part, actions)| Some((self.parts.get(part)?.0, actions))).collect()
    }
}

/// The forbids of an organization over its roles. Roles go by number: its own, then the templates that it assigns.
pub(super) struct Watch<'m> {
    pub(super) forbids: Vec<Watched<'m>>,
    own: usize,
    templates: Vec<RoleRef>,
    /// By role: the numbers that it has.
    held: Sets,
    /// By number: the forbids filed under it.
    filed: Vec<Vec<usize>>,
    /// The numbers that a forbid is filed under.
    leading: Vec<u64>,
}

impl<'m> Watch<'m> {
    pub(super) fn new(
        shared: &'m Shared,
        top: &Top,
        organization: &'m Organization,
        catalog: &Catalog,
    ) -> Self {
        let mut watch = Self {
            forbids: Vec::new(),
            own: organization.roles.len(),
            templates: Vec::new(),
            held: Sets::new(0, 0),
            filed: Vec::new(),
            leading: Vec::new(),
        };
        if top.is_empty(organization.catalog) && organization.forbids.is_empty() {
            return watch;
        }
        let assigned = organization.principals.assigned();
        watch.templates = assigned.filter(|role| matches!(role, RoleRef::Template(_))).collect();
        let roles = Roles { templates: &shared.templates, own: &organization.roles };
        let possible = |forbid: &&Forbid| {
            let is_there = |row: RowId| {
                catalog
                    .row(row)
                    .is_some_and(|row| !row.only_managed || organization.kind == OrganizationKind::Managed)
            };
            forbid.catalog == organization.catalog && forbid.conditions.iter().all(|one| is_there(one.row))
        };
        let cells = (0..watch.len()).filter_map(|number| watch.cells(roles, organization, number));
        let near = top.near(organization.catalog, organization.kind, cells);
        let near = near.into_iter().filter_map(|at| shared.forbids.get(at));
        let forbids: Vec<&Forbid> = near.chain(organization.forbids.iter().filter(possible)).collect();
        if forbids.is_empty() {
            return watch;
        }
        let asked: Vec<Vec<(RowId, Actions)>> = forbids
            .iter()
            .map(|forbid| {
                forbid.conditions.iter().map(|one| highest(catalog, (one.row, one.actions))).collect()
            })
            .collect();
        let numbering = Numbering::new(catalog, asked.iter().flatten().copied());
        watch.held = Sets::new(watch.len(), numbering.count);
        for number in 0..watch.len() {
            if let Some(cells) = watch.cells(roles, organization, number) {
                numbering.read(cells, |found| watch.held.add(number, found));
            }
        }
        watch.file(roles, catalog, forbids.into_iter().zip(asked), &numbering);
        watch
    }

    /// What a role has. What could not be worked out, what may have less, and what could not be named, has had its
    /// finding and has nothing here.
    fn cells<'c>(&self, roles: Roles<'c>, organization: &Organization, number: usize) -> Option<&'c Cells> {
        let role = roles.get(self.role(number)?)?;
        let is_known =
            role.is_whole && role.is_certain && role.catalog == organization.catalog && !role.id.is_empty();
        is_known.then_some(&role.cells)
    }

    /// Files each forbid under its rarest number; those of which a number is nowhere can be broken by nobody.
    fn file(
        &mut self,
        roles: Roles<'_>,
        catalog: &Catalog,
        forbids: impl Iterator<Item = (&'m Forbid, Vec<(RowId, Actions)>)>,
        numbering: &Numbering,
    ) {
        let mut holders = vec![0_usize; numbering.count];
        for number in (0..self.len()).flat_map(|role| numbers(self.held.get(role))) {
            if let Some(count) = holders.get_mut(number) {
                *count += 1;
            }
        }
        let ids: HashMap<&str, usize> = (0..self.len())
            .filter_map(|number| Some((&*roles.get(self.role(number)?)?.id, number)))
            .collect();
        let mut leading = Sets::new(1, numbering.count);
        self.filed = vec![Vec::new(); numbering.count];
        for (forbid, parts) in forbids {
            let numbers: Vec<usize> = parts.iter().flat_map(|part| numbering.of(catalog, *part)).collect();
            let count = |number: &usize| holders.get(*number).copied().unwrap_or(0);
            let Some(rarest) = numbers.iter().copied().min_by_key(count) else { continue };
            if count(&rarest) == 0 {
                continue;
            }
            let excepted = forbid.exceptions.iter().filter_map(|id| ids.get(&**id));
            let mut passed_over: Vec<usize> = excepted.copied().collect();
            passed_over.sort_unstable();
            leading.add(0, rarest);
            if let Some(filed) = self.filed.get_mut(rarest) {
                filed.push(self.forbids.len());
            }
            let starts = parts.iter().scan(0, |next, (_, actions)| {
                let start = *next;
                *next += actions.count();
                Some(start)
            });
            let starts = starts.collect();
            self.forbids.push(Watched { forbid, parts, numbers, starts, passed_over });
        }
        self.leading = leading.get(0).to_vec();
    }

    /// How many roles there are.
    pub(super) fn len(&self) -> usize {
        self.own + self.templates.len()
    }

    /// How many numbers there are.
    pub(super) fn numbers(&self) -> usize {
        self.filed.len()
    }

    /// A role by its number.
    pub(super) fn role(&self, number: usize) -> Option<RoleRef> {
        match number.checked_sub(self.own) {
            None => Some(RoleRef::Own(OwnRoleId::at(number))),
            Some(template) => self.templates.get(template).copied(),
        }
    }

    /// The number of a role.
    pub(super) fn number(&self, role: RoleRef) -> Option<usize> {
        match role {
            RoleRef::Own(id) => Some(id.index()),
            RoleRef::Template(_) => self.templates.binary_search(&role).ok().map(|at| self.own + at),
        }
    }

    /// What a role has.
    pub(super) fn held(&self, role: usize) -> &[u64] {
        self.held.get(role)
    }

    /// The forbids of which all is in a set.
    pub(super) fn within<'w>(&'w self, held: &'w [u64]) -> impl Iterator<Item = usize> + use<'w, 'm> {
        let led = held.iter().zip(&self.leading).map(|(held, leading)| held & leading).enumerate();
        let filed = led.filter(|(_, word)| *word != 0).flat_map(|(at, word)| {
            numbers(std::slice::from_ref(&word)).map(|number| at * 64 + number).collect::<Vec<_>>()
        });
        let filed = filed.filter_map(|number| self.filed.get(number)).flatten().copied();
        filed.filter(move |forbid| {
            self.forbids
                .get(*forbid)
                .is_some_and(|watched| watched.numbers.iter().all(|number| has(held, *number)))
        })
    }
}
