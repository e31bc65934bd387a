//! Roles that are equal, within another, nearest.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;

use rolec::tools::suggest::{A_SECOND, advise};
use rolec::vocab::Time;

use super::{Brute, Set, policies};
use crate::support::law::{MANY, Tried, compiled, law, layout, shown};
use crate::support::picture::moments;

#[test]
fn advice_is_what_brute_force_finds() {
    let (equal, within, gains) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let all = law("advice", 300, &(policies(), any::<Index>(), layout()), |(policy, pick, layout)| {
        let files = policy.unrestricted().files(layout);
        let Some(table) = compiled(&files).table else { return Ok(Tried::Void) };
        let moments = moments(&table);
        let at: Time = moments.iter().copied().nth(pick.index(moments.len())).unwrap();
        let mut tried = Tried::Void;
        for organization in table.organizations() {
            let brute = Brute::of(&table, organization, &moments, at);
            let found = advise(&table, organization, at, None, A_SECOND);
            let texts = || format!("{} at {}\n{}", organization.id(), at.0, shown(&files));
            prop_assert!(found.is_whole, "{}", texts());
            if brute.own > 0 {
                tried = Tried::Held;
            }

            let mut groups: BTreeMap<&Set, Vec<&str>> = BTreeMap::new();
            for (id, set) in brute.ids.iter().zip(&brute.sets) {
                groups.entry(set).or_default().push(id);
            }
            let own: BTreeSet<&str> = brute.ids[..brute.own].iter().copied().collect();
            let is_told = |group: &Vec<&str>| group.len() > 1 && own.contains(group[0]);
            let wanted: BTreeSet<Vec<&str>> = groups.into_values().filter(is_told).collect();
            let told: Vec<Vec<&str>> =
                found.equal.iter().map(|group| group.iter().map(|role| role.id()).collect()).collect();
            equal.set(equal.get() + wanted.len());
            prop_assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), wanted, "{}", texts());
            prop_assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len(), "{}", texts());

            let told: BTreeSet<(&str, &str, usize, usize, usize)> = found
                .within
                .iter()
                .map(|it| (it.role.id(), it.wider.id(), it.more, it.gain.people, it.gain.permissions))
                .collect();
            let mut wanted = BTreeSet::new();
            for role in 0..brute.own {
                let less = |narrow: &Set, wide: &Set| narrow.is_subset(wide) && narrow != wide;
                let set = &brute.sets[role];
                let wider: Vec<usize> =
                    (0..brute.sets.len()).filter(|other| less(set, &brute.sets[*other])).collect();
                let is_next = |other: &&usize| {
                    let other = &brute.sets[**other];
                    !wider.iter().any(|between| less(&brute.sets[*between], other))
                };
                let is_first = |other: &&usize| {
                    brute.sets.iter().position(|set| *set == brute.sets[**other]) == Some(**other)
                };
                for other in wider.iter().filter(is_next).filter(is_first) {
                    let (people, gained) = brute.gain(&BTreeMap::from([(role, brute.sets[*other].clone())]));
                    let more = brute.sets[*other].len() - set.len();
                    gains.set(gains.get() + usize::from(gained > 0));
                    wanted.insert((brute.ids[role], brute.ids[*other], more, people, gained));
                }
            }
            within.set(within.get() + wanted.len());
            prop_assert_eq!(found.within.len(), told.len(), "{}", texts());
            prop_assert_eq!(told, wanted, "{}", texts());

            let told: Vec<(&str, &str, usize, usize)> =
                found.nearest.iter().map(|it| (it.role.id(), it.other.id(), it.more, it.less)).collect();
            let nearest = |role: usize| {
                let set = &brute.sets[role];
                let others = (0..brute.sets.len()).filter(|other| *other != role);
                let rank = |other: usize| {
                    let (more, less) = (&brute.sets[other] - set, set - &brute.sets[other]);
                    (more.len() + less.len(), more.len(), other, less.len())
                };
                let (_, more, other, less) = others.map(rank).min()?;
                Some((brute.ids[role], brute.ids[other], more, less))
            };
            let wanted: Vec<_> = (0..brute.own).filter_map(nearest).collect();
            prop_assert_eq!(told, wanted, "{}", texts());
            for nearest in &found.nearest {
                let count = |of: &dyn Fn(&rolec::tools::suggest::Differing<'_>) -> usize| {
                    nearest.rows.iter().map(of).sum::<usize>()
                };
                prop_assert_eq!(count(&|it| (it.other - it.held).count()), nearest.more);
                prop_assert_eq!(count(&|it| (it.held - it.other).count()), nearest.less);
            }
        }
        Ok(tried)
    });
    eprintln!("{} equal, {} within, {} at a gain", equal.get(), within.get(), gains.get());
    let enough = |count: &Cell<usize>| count.get() * 20 >= all as usize;
    assert!(all < MANY || (enough(&equal) && enough(&within) && enough(&gains)), "too few");
}
