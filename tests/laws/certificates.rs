//! A table is certified by its own sources, and by none that give anybody anything else.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;

use rolec::decisions::Decisions;
use rolec::reference::Reference;
use rolec::table::Table;
use rolec::tools::certify::{certify, certify_decisions};
use rolec::vocab::Time;

use crate::laws::diffs::{TURNS, matrix, turn};
use crate::support::generated;
use crate::support::law::{MANY, Tried, compiled, law, layout, shown};
use crate::support::picture::moments;

#[test]
fn a_table_is_certified_by_its_own_sources_alone() {
    let place = (any::<Index>(), any::<Index>(), any::<Index>());
    let turned = (proptest::sample::select(TURNS.to_vec()), place);
    let (refused, refused_alone, cells) = (Cell::new(0_u32), Cell::new(0_u32), Cell::new(0_u64));
    let cases = (generated::policy(), turned, layout(), layout());
    let all = law("certificates", 600, &cases, |(policy, (what, place), one, other)| {
        let mut before = policy.unrestricted();
        // They may name a row that is gone afterwards.
        let organizations = before.catalogs.iter_mut().flat_map(|it| &mut it.organizations);
        organizations.for_each(|it| it.tests.clear());
        let mut after = before.clone();
        turn(what, place, &mut after);
        let (files, files_after) = (before.files(one), after.files(other));
        let texts = || format!("{what:?}\n{}\n######## and then\n{}", shown(&files), shown(&files_after));
        let (old, new) = (compiled(&files), compiled(&files_after));
        let (Some(table), Some(table_after)) = (old.table, new.table) else { return Ok(Tried::Void) };
        // As every reader has it.
        let table = Table::from_bytes(&table.to_bytes()).unwrap();
        let alone = Decisions::from_bytes(&table.decisions().to_bytes(None)).unwrap();
        let (own, others) = (Reference::of(&old.sources).unwrap(), Reference::of(&new.sources).unwrap());
        let mut of_own = None;
        for found in [certify(&own, &table), certify_decisions(&own, &alone.index())] {
            match found {
                Ok(answers) => {
                    cells.set(cells.get() + answers.cells());
                    of_own = of_own.or(answers.certificate());
                }
                Err(found) => prop_assert!(false, "{:#?}\n{}", found.told(), texts()),
            }
        }
        // In whatever order and whichever files it is said.
        let again = before.files(other);
        let again = Reference::of(&compiled(&again).sources).unwrap();
        let of_again = certify(&again, &table).map(|answers| answers.certificate());
        prop_assert_eq!(of_again, Ok(of_own), "{}", texts());
        let all: BTreeSet<Time> = moments(&table).union(&moments(&table_after)).copied().collect();
        let differs = matrix(&table, &all) != matrix(&table_after, &all);
        let is_certified = certify(&others, &table).is_ok();
        // Of a table that is certified its decisions alone are, too.
        let is_alone = certify_decisions(&others, &alone.index()).is_ok();
        prop_assert!(is_alone || !is_certified, "its decisions alone are not certified\n{}", texts());
        prop_assert!(!(differs && is_certified), "the sources of another table certify it\n{}", texts());
        refused.set(refused.get() + u32::from(!is_certified));
        refused_alone.set(refused_alone.get() + u32::from(!is_alone));
        Ok(Tried::Held)
    });
    eprintln!("{} cells are certified, {} tables refused", cells.get(), refused.get());
    assert!(all < MANY || refused.get() * 2 >= all, "few tables were others: {}", refused.get());
    let refused_alone = refused_alone.get();
    assert!(all < MANY || refused_alone * 4 >= all, "few decisions were others: {refused_alone}");
}
