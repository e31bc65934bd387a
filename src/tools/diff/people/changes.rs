//! Who is compared with whom, and what is found of each. To whom the same happens it is found once: people are told apart
//! by which roles they hold and when, and whoever holds the same as somebody before them shares what was found then.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use crate::table::{Organization, Principal, Table};
use crate::tools::diff::people::sweep::Sweep;
use crate::tools::diff::people::{Effect, HeldChange, PersonChange};
use crate::tools::diff::periods::{Period, Spell, merged, minus};
use crate::tools::diff::rows::Rows;
use crate::tools::diff::sides::Sides;
use crate::vocab::{RoleId, Time};

/// The roles of both tables, each with its counterpart.
#[derive(Debug, Default)]
pub(in crate::tools::diff) struct Roles {
    all: Vec<Sides<RoleId>>,
    /// Whether what it holds is something else.
    is_changed: Vec<bool>,
    /// The place of each role of the old table among them.
    old: Vec<u32>,
    new: Vec<u32>,
}

impl Roles {
    /// Adds a role with its counterpart.
    pub(in crate::tools::diff) fn push(&mut self, role: Sides<RoleId>, is_changed: bool) {
        let place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        for (places, key) in [(&mut self.old, role.old), (&mut self.new, role.new)] {
            let Some(key) = key else { continue };
            if places.len() <= key.index() {
                places.resize(key.index() + 1, u32::MAX);
            }
            if let Some(known) = places.get_mut(key.index()) {
                *known = place;
            }
        }
        self.all.push(role);
        self.is_changed.push(is_changed);
    }

    pub(super) fn at(&self, place: u32) -> Sides<RoleId> {
        self.all.get(place as usize).copied().unwrap_or(Sides { old: None, new: None })
    }

    fn is_changed(&self, place: u32) -> bool {
        self.is_changed.get(place as usize).copied().unwrap_or_default()
    }
}

/// One organization on both sides, and what its people are compared with.
pub(in crate::tools::diff) struct People<'d, 't> {
    pub(in crate::tools::diff) tables: (&'t Table, &'t Table),
    pub(in crate::tools::diff) organization: Sides<Organization<'t>>,
    pub(in crate::tools::diff) rows: &'d Rows<'t>,
    pub(in crate::tools::diff) roles: &'d Roles,
    /// Whether kind or catalog differ, so that every role may hold something else.
    pub(in crate::tools::diff) is_other: bool,
    /// The one moment that is looked at; without it all.
    pub(in crate::tools::diff) at: Option<Time>,
}

/// What the people of an organization hold, in few numbers.
#[derive(Default)]
struct Keys {
    periods: HashMap<Period, u32>,
    key: Vec<u64>,
}

impl Keys {
    /// The same for the same spells before and after, and for no others.
    fn of(&mut self, was: &[Spell], is: &[Spell], is_on_both: bool) -> &[u64] {
        self.key.clear();
        self.key.push((was.len() as u64) << 1 | u64::from(is_on_both));
        for spell in was.iter().chain(is) {
            // Most are for always: those need no look.
            let period = if spell.period.is_always() {
                0
            } else {
                let next = u32::try_from(self.periods.len()).unwrap_or(u32::MAX).saturating_add(1);
                *self.periods.entry(spell.period).or_insert(next)
            };
            self.key.push(u64::from(spell.role) << 32 | u64::from(period));
        }
        &self.key
    }
}

impl<'t> People<'_, 't> {
    /// Everybody for whom something differs, by name.
    pub(in crate::tools::diff) fn changes(&self) -> Vec<PersonChange<'t>> {
        let mut found = Vec::new();
        let mut keys = Keys::default();
        let mut known: HashMap<Box<[u64]>, Arc<Effect<'t>>> = HashMap::new();
        let nothing: Arc<Effect<'t>> = Arc::default();
        let (mut was, mut is): (Vec<Spell>, Vec<Spell>) = Default::default();
        let mut sweep = Sweep::default();
        let principals =
            |side: Option<Organization<'t>>| side.into_iter().flat_map(Organization::principals).peekable();
        let (mut old, mut new) = (principals(self.organization.old), principals(self.organization.new));
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return found,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(before), Some(after)) => before.name().cmp(after.name()),
            };
            let principal = Sides {
                old: if order.is_le() { old.next() } else { None },
                new: if order.is_ge() { new.next() } else { None },
            };
            self.spells(principal.old, &self.roles.old, &mut was);
            self.spells(principal.new, &self.roles.new, &mut is);
            let is_same =
                !self.is_other && was == is && !was.iter().any(|spell| self.roles.is_changed(spell.role));
            let effect = if is_same {
                nothing.clone()
            } else {
                let is_on_both = order.is_eq();
                let key = keys.of(&was, &is, is_on_both);
                match known.get(key) {
                    Some(effect) => effect.clone(),
                    None => {
                        let rights = sweep.rights(self, &was, &is, is_on_both);
                        let effect = Arc::new(Effect { roles: self.held(&was, &is), rights });
                        known.insert(key.into(), effect.clone());
                        effect
                    }
                }
            };
            let change = PersonChange { principal, effect };
            if change.is_other_kind() || !change.effect.is_empty() {
                found.push(change);
            }
        }
    }

    /// When somebody holds which roles: by role, then by time, with nothing in it that overlaps.
    fn spells(&self, principal: Option<Principal<'t>>, places: &[u32], spells: &mut Vec<Spell>) {
        spells.clear();
        for assignment in principal.into_iter().flat_map(Principal::assignments) {
            let role = places.get(assignment.role().index()).copied().unwrap_or(u32::MAX);
            let period = match self.at {
                None => Period { from: assignment.from(), until: assignment.until() },
                Some(at) if assignment.is_in_force(at) => Period::ALWAYS,
                Some(_) => continue,
            };
            spells.push(Spell { role, period });
        }
        merged(spells);
    }

    /// The roles that are held at other times.
    fn held(&self, was: &[Spell], is: &[Spell]) -> Vec<HeldChange<'t>> {
        let differing = || ByRole { was, is }.filter(|(was, is)| was != is);
        let mut found = Vec::with_capacity(differing().count());
        for (was, is) in differing() {
            let keys = was.first().or(is.first()).map(|spell| self.roles.at(spell.role));
            let Some(keys) = keys else { continue };
            let role = Sides {
                old: keys.old.and_then(|key| self.tables.0.role_view(key)),
                new: keys.new.and_then(|key| self.tables.1.role_view(key)),
            };
            found.push(HeldChange {
                role,
                gained: minus(periods(is), periods(was)),
                lost: minus(periods(was), periods(is)),
            });
        }
        found
    }
}

fn periods(spells: &[Spell]) -> impl Iterator<Item = Period> {
    spells.iter().map(|spell| spell.period)
}

/// The spells of each role in turn, on both sides.
struct ByRole<'s> {
    was: &'s [Spell],
    is: &'s [Spell],
}

impl<'s> Iterator for ByRole<'s> {
    type Item = (&'s [Spell], &'s [Spell]);

    fn next(&mut self) -> Option<Self::Item> {
        let role = self.was.first().into_iter().chain(self.is.first()).map(|spell| spell.role).min()?;
        let own = |spells: &mut &'s [Spell]| {
            let end = spells.partition_point(|spell| spell.role <= role);
            let (own, rest) = spells.split_at_checked(end).unwrap_or_default();
            *spells = rest;
            own
        };
        Some((own(&mut self.was), own(&mut self.is)))
    }
}
