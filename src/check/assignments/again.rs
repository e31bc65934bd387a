//! One assignment read again, where all others of its organization stand as they did and nothing was found in any. Gives
//! nothing where that is not sure to be what reading all of them gives.

use std::hash::BuildHasher as _;

use foldhash::{HashMap, HashMapExt as _};
use smallvec::SmallVec;

use crate::check::assignments::{Around, clauses, cut, overlaps};
use crate::check::looks;
use crate::check::names::{Case, PRINCIPAL, is_blank, looks_at};
use crate::check::organizations::Openings;
use crate::diagnostic::Diagnostics;
use crate::model::{Assignment, Principal, Principals};
use crate::source::Span;
use crate::syntax::Scope;

/// An assignment whose text was edited.
#[derive(Debug)]
pub(crate) struct Edited {
    /// In which of the organization's openings.
    pub(crate) opening: usize,
    /// Which of its assignments.
    pub(crate) index: usize,
    /// What it gave: the places of the names in it before, with the numbers of the principals and of their assignments.
    /// The places are as they were.
    pub(crate) held: Vec<(Span, usize, usize)>,
}

/// What the names of principals look like. A name that looks like none of them clashes with none.
#[derive(Debug)]
pub(crate) struct Faces {
    /// How many have a key, by a number of it. Where two keys share one, a name is taken for known that is new.
    counts: HashMap<u64, u32>,
}

impl Faces {
    fn of(people: &[Principal]) -> Self {
        let mut faces = Self { counts: HashMap::with_capacity(people.len()) };
        people.iter().for_each(|principal| faces.add(&principal.name));
        faces
    }

    fn numbers(&self, name: &str) -> SmallVec<[u64; 2]> {
        looks::keys(name, Case::Same).iter().map(|key| self.counts.hasher().hash_one(key)).collect()
    }

    fn has(&self, name: &str) -> bool {
        self.numbers(name).iter().any(|number| self.counts.contains_key(number))
    }

    fn add(&mut self, name: &str) {
        for number in self.numbers(name) {
            *self.counts.entry(number).or_default() += 1;
        }
    }

    fn remove(&mut self, name: &str) {
        for number in self.numbers(name) {
            match self.counts.get_mut(&number) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(self.counts.remove(&number)),
            }
        }
    }
}

/// Principals as they were before an edit, and what their names look like, once somebody asked.
pub(in crate::check) struct Known<'k> {
    pub(in crate::check) list: &'k mut Principals,
    pub(in crate::check) faces: &'k mut Option<Faces>,
}

/// Reads an edited assignment again. None where all have to be read: what the principals are then is of no use.
pub(in crate::check) fn again(
    around: Around<'_>,
    openings: &Openings<'_>,
    known: Known<'_>,
    edited: &Edited,
) -> Option<()> {
    let Known { list, faces } = known;
    let opened = openings.list.get(edited.opening)?;
    let member = opened.tree.assignments.get(edited.index)?;
    let scope = Scope::new(opened.input.source, opened.input.id, member);
    let tree = &member.node;
    if tree.principals.len() != edited.held.len() {
        return None;
    }
    let mut findings = Diagnostics::new();
    let role = around.role(&scope.name(tree.role), scope.at(tree.role), false, &mut findings)?;
    let when = clauses(scope, tree, &mut findings)?;
    let faces = faces.get_or_insert_with(|| Faces::of(list));
    let spans: SmallVec<[Span; 4]> = tree.principals.iter().map(|principal| principal.span).collect();
    for (position, (principal, (was, holder, number))) in tree.principals.iter().zip(&edited.held).enumerate()
    {
        let name = scope.name(principal.name);
        if scope.is_garbled(principal.name) || is_blank(&name) {
            return None;
        }
        let place = scope.at(principal.name);
        list.change(*holder, |holder| {
            if *holder.name != *name || holder.kind != principal.kind {
                // Where somebody was named here alone, somebody else may be who is named nowhere else: then all others
                // stay in their order.
                if holder.assignments.len() != 1 {
                    return None;
                }
                faces.remove(&holder.name);
                if faces.has(&name) {
                    return None;
                }
                looks_at(PRINCIPAL, &name, place, None, &mut findings);
                faces.add(&name);
                (holder.name, holder.kind) = (name.into(), principal.kind);
            }
            if holder.place.file == place.file && holder.place.span == *was {
                holder.place = place;
            }
            *holder.assignments.get_mut(*number)? =
                Assignment::new(role, when.clone(), place, cut(scope, member, &spans, position));
            overlaps(holder, around.roles, &mut findings);
            Some(())
        })??;
    }
    findings.is_empty().then_some(())
}
