//! What became of people: which roles they hold otherwise, and which rights, from when until when. All periods are looked
//! at in one sweep over the bounds of somebody's assignments.

use std::collections::HashMap;
use std::sync::Arc;

use crate::table::{Organization, Principal, Role, Row, Table};
use crate::tools::diff::periods::{Period, Spell, merged, minus};
use crate::tools::diff::rows::{Moved, Rows};
use crate::tools::diff::sides::Sides;
use crate::vocab::{Actions, RoleId, Time};

/// What became of somebody in an organization.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("until 2027-01-01", "until 2027-02-01");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let found = diff(&old, &new);
/// let [ana] = &found.organizations[0].people[..] else { panic!("only she is concerned") };
/// assert_eq!(ana.principal.latest().map(|principal| principal.name()), Some("ana@acme.example"));
/// assert!(ana.gains() && !ana.loses() && !ana.is_other_kind());
/// ```
#[derive(Clone, Debug)]
pub struct PersonChange<'t> {
    /// Who.
    pub principal: Sides<Principal<'t>>,
    /// What came and went. Of people to whom the same happens it is the same.
    pub effect: Arc<Effect<'t>>,
}

impl PersonChange<'_> {
    /// Whether a right was gained, at any moment.
    pub fn gains(&self) -> bool {
        self.effect.spans().any(|span| !span.gained.is_empty())
    }

    /// Whether a right was lost, at any moment.
    pub fn loses(&self) -> bool {
        self.effect.spans().any(|span| !span.lost.is_empty())
    }

    /// Whether a person became a service account, or the other way round.
    pub fn is_other_kind(&self) -> bool {
        self.principal.map(Principal::kind).both().is_some_and(|(old, new)| old != new)
    }
}

/// What comes and goes for somebody.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("until 2027-01-01", "until 2027-02-01");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let effect = &diff(&old, &new).organizations[0].people[0].effect;
/// assert_eq!((effect.roles.len(), effect.rights.len()), (1, 3));
/// // As an editor she writes in spaces, of which she is a reader all the same.
/// let levels: Vec<String> = effect.spans().map(|span| span.gained.count().to_string()).collect();
/// assert_eq!(levels, ["1", "2", "1"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Effect<'t> {
    /// The roles that are held at other times.
    pub roles: Vec<HeldChange<'t>>,
    /// The rows of which something else is held, in the order of the new catalog.
    pub rights: Vec<RightChange<'t>>,
}

impl<'t> Effect<'t> {
    /// Every stretch of time in which something of a row is gained or lost.
    pub fn spans(&self) -> impl Iterator<Item = &Span> {
        self.rights.iter().flat_map(|right| &right.spans)
    }

    fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.rights.is_empty()
    }
}

/// A role that somebody holds at other times.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("until 2027-01-01", "until 2027-02-01");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let held = &diff(&old, &new).organizations[0].people[0].effect.roles[0];
/// assert_eq!(held.role.latest().map(|role| role.id()), Some("editor"));
/// assert_eq!((held.gained[0].to_string().as_str(), held.lost.len()), ("from 2027-01-01 until 2027-02-01", 0));
/// ```
#[derive(Clone, Debug)]
pub struct HeldChange<'t> {
    /// The role.
    pub role: Sides<Role<'t>>,
    /// When it is held and was not.
    pub gained: Vec<Period>,
    /// When it was held and is not any more.
    pub lost: Vec<Period>,
}

/// A row of which somebody holds something else.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("members: view", "members: manage");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let found = diff(&old, &new);
/// let right = &found.organizations[0].people[0].effect.rights[0];
/// assert_eq!(right.row.latest().map(|row| row.id()), Some("members"));
/// assert!(!right.is_of_catalog);
/// assert_eq!(right.spans[0].period.to_string(), "until 2027-01-01");
/// ```
#[derive(Clone, Debug)]
pub struct RightChange<'t> {
    /// The row; on one side only where the other catalog lacks it.
    pub row: Sides<Row<'t>>,
    /// When what is gained and lost, in order.
    pub spans: Vec<Span>,
    /// Whether it comes of another catalog alone. Never of somebody who is on one side only.
    pub is_of_catalog: bool,
}

/// A stretch of time in which what is held of a row is not what was held.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("members: view", "members: none");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let found = diff(&old, &new);
/// let span = found.organizations[0].people[0].effect.rights[0].spans[0];
/// assert_eq!((span.old, span.new.is_empty()), (span.lost, true));
/// assert!(span.gained.is_empty() && span.period.from.is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// When.
    pub period: Period,
    /// What was held, in the numbers of the old row.
    pub old: Actions,
    /// What is held, in the numbers of the new one.
    pub new: Actions,
    /// What is gained, in the numbers of the new row.
    pub gained: Actions,
    /// What is lost, in the numbers of the old one.
    pub lost: Actions,
}

/// The roles of both tables, each with its counterpart.
#[derive(Debug, Default)]
pub(super) struct Roles {
    pub(super) all: Vec<Sides<RoleId>>,
    /// Whether what it holds is something else.
    pub(super) is_changed: Vec<bool>,
    /// The place of each role of the old table among them.
    old: Vec<u32>,
    new: Vec<u32>,
}

impl Roles {
    /// Adds a role with its counterpart.
    pub(super) fn push(&mut self, role: Sides<RoleId>, is_changed: bool) {
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

    fn at(&self, place: u32) -> Sides<RoleId> {
        self.all.get(place as usize).copied().unwrap_or(Sides { old: None, new: None })
    }
}

/// One organization on both sides, and what its people are compared with.
pub(super) struct People<'d, 't> {
    pub(super) tables: (&'t Table, &'t Table),
    pub(super) organization: Sides<Organization<'t>>,
    pub(super) rows: &'d Rows<'t>,
    pub(super) roles: &'d Roles,
    /// Whether kind or catalog differ, so that every role may hold something else.
    pub(super) is_other: bool,
    /// The one moment that is looked at; without it all.
    pub(super) at: Option<Time>,
}

impl<'t> People<'_, 't> {
    /// Everybody for whom something differs, by name.
    pub(super) fn changes(&self) -> Vec<PersonChange<'t>> {
        let mut found = Vec::new();
        let mut known: HashMap<Box<[Spell]>, Arc<Effect<'t>>> = HashMap::new();
        let (mut key, mut was, mut is): (Vec<Spell>, Vec<Spell>, Vec<Spell>) = Default::default();
        let mut sweep = Sweep::default();
        let principals =
            |side: Option<Organization<'t>>| side.into_iter().flat_map(Organization::principals).peekable();
        let (mut old, mut new) = (principals(self.organization.old), principals(self.organization.new));
        loop {
            let principal = match (old.peek(), new.peek()) {
                (None, None) => return found,
                (Some(_), None) => Sides { old: old.next(), new: None },
                (None, Some(_)) => Sides { old: None, new: new.next() },
                (Some(before), Some(after)) => match before.name().cmp(after.name()) {
                    std::cmp::Ordering::Less => Sides { old: old.next(), new: None },
                    std::cmp::Ordering::Greater => Sides { old: None, new: new.next() },
                    std::cmp::Ordering::Equal => Sides { old: old.next(), new: new.next() },
                },
            };
            self.spells(principal.old, &self.roles.old, &mut was);
            self.spells(principal.new, &self.roles.new, &mut is);
            let is_changed =
                |spell: &Spell| self.roles.is_changed.get(spell.role as usize).copied().unwrap_or_default();
            let is_same = !self.is_other && was == is && !was.iter().any(is_changed);
            let effect = if is_same {
                Arc::default()
            } else {
                key.clear();
                key.push(Spell::mark(was.len(), principal.both().is_some()));
                key.extend(was.iter().chain(&is));
                match known.get(&key[..]) {
                    Some(effect) => effect.clone(),
                    None => {
                        let effect = Arc::new(self.effect(&was, &is, principal.both().is_some(), &mut sweep));
                        known.insert(key.as_slice().into(), effect.clone());
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

    fn effect(&self, was: &[Spell], is: &[Spell], is_on_both: bool, sweep: &mut Sweep) -> Effect<'t> {
        Effect { roles: self.held(was, is), rights: self.rights(was, is, is_on_both, sweep) }
    }

    fn held(&self, was: &[Spell], is: &[Spell]) -> Vec<HeldChange<'t>> {
        let mut roles: Vec<u32> = was.iter().chain(is).map(|spell| spell.role).collect();
        roles.sort_unstable();
        roles.dedup();
        let periods = |spells: &[Spell], role: u32| -> Vec<Period> {
            let start = spells.partition_point(|spell| spell.role < role);
            let own = spells.get(start..).unwrap_or_default().iter().take_while(|spell| spell.role == role);
            own.map(|spell| spell.period).collect()
        };
        let found = roles.into_iter().filter_map(|place| {
            let (was, is) = (periods(was, place), periods(is, place));
            if was == is {
                return None;
            }
            let keys = self.roles.at(place);
            let role = Sides {
                old: keys.old.and_then(|key| self.tables.0.role_view(key)),
                new: keys.new.and_then(|key| self.tables.1.role_view(key)),
            };
            Some(HeldChange { role, gained: minus(&is, &was), lost: minus(&was, &is) })
        });
        found.collect()
    }

    fn rights(
        &self,
        was: &[Spell],
        is: &[Spell],
        is_on_both: bool,
        sweep: &mut Sweep,
    ) -> Vec<RightChange<'t>> {
        let events = |spells: &[Spell], is_new: bool| -> Vec<(Option<Time>, bool, bool, u32)> {
            let both = spells.iter().flat_map(|spell| {
                let ends = spell.period.until.map(|until| (Some(until), is_new, false, spell.role));
                std::iter::once((spell.period.from, is_new, true, spell.role)).chain(ends)
            });
            both.collect()
        };
        let mut events = [events(was, false), events(is, true)].concat();
        // No time is before all times.
        events.sort_unstable();
        let mut found: Vec<(usize, Span)> = Vec::new();
        sweep.clear();
        let mut moments = events.chunk_by(|(a, ..), (b, ..)| a == b).peekable();
        while let Some(moment) = moments.next() {
            for (_, is_new, begins, role) in moment {
                let side = if *is_new { &mut sweep.new } else { &mut sweep.old };
                self.turn(side, *is_new, *begins, *role);
            }
            if self.rows.is_aligned && sweep.is_equal() {
                continue;
            }
            let from = moment.first().and_then(|(at, ..)| *at);
            let until = moments.peek().and_then(|next| next.first()).and_then(|(at, ..)| *at);
            self.compare(sweep, Period { from, until }, &mut found);
        }
        found.sort_by_key(|(row, _)| *row);
        let kinds = self.organization.map(Organization::kind);
        let rights = found.chunk_by(|(a, _), (b, _)| a == b).filter_map(|spans| {
            let row = self.rows.all.get(spans.first()?.0)?;
            let mut joined: Vec<Span> = Vec::new();
            for (_, span) in spans {
                match joined.last_mut() {
                    Some(last)
                        if (last.old, last.new) == (span.old, span.new)
                            && last.period.until == span.period.from =>
                    {
                        last.period.until = span.period.until;
                    }
                    _ => joined.push(*span),
                }
            }
            let moved = |span: &Span| Moved { gained: span.gained, lost: span.lost };
            let is_of_catalog = is_on_both && joined.iter().all(|span| row.is_of_catalog(moved(span), kinds));
            Some(RightChange { row: row.row, spans: joined, is_of_catalog })
        });
        rights.collect()
    }

    /// A role begins or ends.
    fn turn(&self, side: &mut Held, is_new: bool, begins: bool, role: u32) {
        let keys = self.roles.at(role);
        let (table, organization, role) = match is_new {
            true => (self.tables.1, self.organization.new, keys.new),
            false => (self.tables.0, self.organization.old, keys.old),
        };
        let (Some(organization), Some(role)) = (organization, role) else { return };
        for (word, bits) in table.effective_bits(organization.key(), role).enumerate() {
            side.turn(word, bits, begins);
        }
    }

    /// What is held of each row in a stretch of time, on either side.
    fn compare(&self, sweep: &Sweep, period: Period, found: &mut Vec<(usize, Span)>) {
        let of = |side: Option<Organization<'_>>, held: &Held, row: Option<Row<'_>>| match (side, row) {
            (Some(side), Some(row)) => side.catalog().layout().get(&held.bits, row.key()),
            _ => Actions::NONE,
        };
        for (index, row) in self.rows.all.iter().enumerate() {
            let old = of(self.organization.old, &sweep.old, row.row.old);
            let new = of(self.organization.new, &sweep.new, row.row.new);
            let moved = row.moved(old, new);
            if !moved.is_empty() {
                found.push((index, Span { period, old, new, gained: moved.gained, lost: moved.lost }));
            }
        }
    }
}

/// What is held on both sides at the moment that a sweep has come to.
#[derive(Default)]
struct Sweep {
    old: Held,
    new: Held,
}

impl Sweep {
    fn clear(&mut self) {
        for side in [&mut self.old, &mut self.new] {
            side.bits.fill(0);
            side.counts.fill(0);
        }
    }

    fn is_equal(&self) -> bool {
        let (old, new) = (&self.old.bits, &self.new.bits);
        let words = old.len().max(new.len());
        let word = |bits: &[u64], index: usize| bits.get(index).copied().unwrap_or_default();
        (0..words).all(|index| word(old, index) == word(new, index))
    }
}

/// Bits, and by how many roles each is held.
#[derive(Default)]
struct Held {
    bits: Vec<u64>,
    counts: Vec<u32>,
}

impl Held {
    fn turn(&mut self, word: usize, bits: u64, begins: bool) {
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
            self.counts.resize((word + 1) * 64, 0);
        }
        let (Some(held), Some(counts)) = (self.bits.get_mut(word), self.counts.get_mut(word * 64..)) else {
            return;
        };
        let mut left = bits;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            let Some(count) = counts.get_mut(bit) else { continue };
            *count = if begins { count.saturating_add(1) } else { count.saturating_sub(1) };
        }
        if begins {
            *held |= bits;
            return;
        }
        let mut left = bits;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            if counts.get(bit) == Some(&0) {
                *held &= !(1 << bit);
            }
        }
    }
}
