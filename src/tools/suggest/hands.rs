//! Who would gain what, if roles held something else: people with the roles that they hold together, from a moment on.

use std::collections::{BTreeMap, BTreeSet};

use crate::table::{Assignment, Principal};
use crate::tools::suggest::bits::{count, join};
use crate::tools::suggest::budget::Budget;
use crate::tools::suggest::scope::Scope;
use crate::vocab::Time;

/// What people would gain: each permission that somebody would hold at a moment at which they do not.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, Gain, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let gain = |day| advise(&table, acme, Time::parse(day).unwrap(), None, A_SECOND).within[0].gain;
/// // Owners instead of editors: ana, and the bot.
/// assert_eq!(gain("2026-12-01"), Gain { people: 2, permissions: 6 });
/// assert_eq!(gain("2027-01-01"), Gain { people: 1, permissions: 3 }, "ana is an editor no more");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gain {
    /// How many, each counted for everybody who would gain it.
    pub permissions: usize,
    /// How many people and service accounts.
    pub people: usize,
}

/// People who hold the same roles together, now or later.
#[derive(Debug)]
struct Crew {
    people: usize,
    /// Each set of roles that they hold at some moment, with all that it gives.
    sets: Vec<(Vec<usize>, Vec<u64>)>,
}

/// All who hold roles of an organization from a moment on.
#[derive(Debug)]
pub(super) struct Hands {
    crews: Vec<Crew>,
    /// The crews that hold each role at some moment.
    of_role: BTreeMap<usize, Vec<usize>>,
}

impl Hands {
    pub(super) fn of(scope: &Scope<'_>, at: Time) -> Self {
        let mut alike: BTreeMap<BTreeSet<Vec<usize>>, usize> = BTreeMap::new();
        for principal in scope.organization.principals() {
            *alike.entry(together(scope, principal, at)).or_default() += 1;
        }
        let mut of_role: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut crews = Vec::new();
        for (sets, people) in alike.into_iter().filter(|(sets, _)| !sets.is_empty()) {
            for role in sets.iter().flatten().copied().collect::<BTreeSet<usize>>() {
                of_role.entry(role).or_default().push(crews.len());
            }
            let given = |set: Vec<usize>| {
                let mut held = vec![0; scope.words];
                set.iter().for_each(|role| join(&mut held, scope.held(*role)));
                (set, held)
            };
            crews.push(Crew { people, sets: sets.into_iter().map(given).collect() });
        }
        Self { crews, of_role }
    }

    /// What all would gain, if some roles held something else.
    pub(super) fn gain(&self, instead: &BTreeMap<usize, &[u64]>, budget: &mut Budget) -> Gain {
        /// What a set of roles takes beside the looking.
        const AROUND: usize = 8;
        let touched = instead.keys().filter_map(|role| self.of_role.get(role)).flatten();
        let touched: BTreeSet<usize> = touched.copied().collect();
        let mut gain = Gain::default();
        for crew in touched.iter().filter_map(|crew| self.crews.get(*crew)) {
            let mut gained: Vec<u64> = Vec::new();
            for (set, held) in &crew.sets {
                for new in set.iter().filter_map(|role| instead.get(role)) {
                    budget.spend(AROUND + new.len());
                    gained.resize(held.len(), 0);
                    for ((gained, new), held) in gained.iter_mut().zip(*new).zip(held) {
                        *gained |= new & !held;
                    }
                }
            }
            let gained = count(&gained);
            gain.permissions += gained * crew.people;
            gain.people += if gained == 0 { 0 } else { crew.people };
        }
        gain
    }
}

/// Each set of roles that somebody holds at some moment from one on.
fn together(scope: &Scope<'_>, principal: Principal<'_>, at: Time) -> BTreeSet<Vec<usize>> {
    let ahead = |it: &Assignment<'_>| it.until().is_none_or(|until| until > at);
    let assigned: Vec<Assignment<'_>> = principal.assignments().filter(ahead).collect();
    let ends = assigned.iter().flat_map(|it| [it.from(), it.until()]).flatten().filter(|moment| *moment > at);
    let moments: BTreeSet<Time> = ends.chain([at]).collect();
    let held = |moment: Time| -> Vec<usize> {
        let in_force = assigned.iter().filter(|it| it.is_in_force(moment));
        let roles: BTreeSet<usize> = in_force.filter_map(|it| scope.position(it.role())).collect();
        roles.into_iter().collect()
    };
    moments.into_iter().map(held).filter(|set| !set.is_empty()).collect()
}
