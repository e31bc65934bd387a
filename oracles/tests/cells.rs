//! Every cell of every policy that ships, and of generated ones until there are enough: rolec, Cedar and Rego give one
//! answer. `ORACLE_CELLS` says how many, a million without it.
//!
//! `cargo test --release -p oracles`

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use oracles::{Asked, Who, cedar, rego};
use proptest::prelude::any;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use rolec::eval::{Evaluator, Request, Who as Asker};
use rolec::pipeline::compile;
use rolec::reference::Reference;
use rolec::render::export::cedar as written;
use rolec::render::json::Exported;
use rolec::source::Sources;
use rolec::table::{Organization, Row, Table};
use rolec::vocab::{Decision, Time};

#[allow(dead_code, reason = "other tests ask for more")]
#[path = "../../tests/support/generated/mod.rs"]
mod generated;
#[allow(dead_code, reason = "other tests ask for more")]
#[path = "../../tests/support/policies.rs"]
mod policies;

/// So many moments of a policy are asked about at most: each bound of an assignment, and both far ends.
const MOMENTS: usize = 8;

/// One policy in the three engines.
struct Trial<'t> {
    table: &'t Table,
    rego: rego::Engine,
    cells: u64,
    allowed: u64,
}

impl Trial<'_> {
    /// Asks all three about each action of a row and, where Cedar needs nothing for it, all of the row's together.
    fn row(&mut self, cedar: &cedar::Engine, of: Organization<'_>, who: Asker<'_>, row: Row<'_>, at: Time) {
        for action in row.shape().actions().map(Some).chain([None]) {
            let request = Request {
                organization: of.id(),
                who,
                category: row.category().id(),
                row: row.id(),
                action,
                at,
            };
            let ours = Evaluator::new(self.table).decide(&request).decision == Decision::Allow;
            let (name, principal) = match who {
                Asker::Principal(name) => (Who::Principal(name), ("Admin", written::admin(of.id(), name))),
                Asker::Role(id) => (Who::Role(id), ("Role", written::role(of.id(), id))),
            };
            let asked = Asked {
                organization: of.id(),
                who: name,
                category: row.category().id(),
                row: row.id(),
                action,
                at: at.0,
            };
            assert_eq!(self.rego.allows(&asked), ours, "Rego, {request:?}");
            if let Some(action) = action {
                let id = written::action(self.table, row, action);
                let theirs = cedar.allows((principal.0, &principal.1), &id, of.id());
                assert_eq!(theirs, Some(ours), "Cedar, {request:?}");
            }
            self.cells += 1;
            self.allowed += u64::from(ours);
        }
    }
}

/// Asks everything of a policy; how many cells, and how many are allowed.
fn every_cell(sources: &Sources, table: &Table) -> (u64, u64) {
    let exported = Exported::of(&Reference::of(sources).expect("a policy without errors"));
    let mut trial = Trial { table, rego: rego::Engine::new(&exported), cells: 0, allowed: 0 };
    let assignments = table.principals().flat_map(|principal| principal.assignments());
    let bounds: BTreeSet<Time> =
        assignments.flat_map(|given| [given.from(), given.until()]).flatten().collect();
    let far = [Time(i64::from(i32::MIN)), Time(i64::from(u32::MAX) * 100)];
    let moments: BTreeSet<Time> = bounds.into_iter().take(MOMENTS - 2).chain(far).collect();
    for (number, at) in moments.into_iter().enumerate() {
        let cedar = cedar::Engine::new(&written::export(table, at).expect("memory"));
        for of in table.organizations() {
            let rows = || of.catalog().rows();
            // Roles know no time.
            for role in written::roles(of).into_iter().filter(|_| number == 0) {
                rows().for_each(|row| trial.row(&cedar, of, Asker::Role(role.id()), row, at));
            }
            for principal in of.principals() {
                rows().for_each(|row| trial.row(&cedar, of, Asker::Principal(principal.name()), row, at));
            }
        }
        unknown(&mut trial, &cedar, at);
    }
    (trial.cells, trial.allowed)
}

/// What no policy knows is denied by Rego, and refused by Cedar as soon as it has the schema.
fn unknown(trial: &mut Trial<'_>, cedar: &cedar::Engine, at: Time) {
    for of in trial.table.organizations() {
        let Some(row) = of.catalog().rows().next() else { continue };
        let known = Asked {
            organization: of.id(),
            who: Who::Principal("nobody at all"),
            category: row.category().id(),
            row: row.id(),
            action: None,
            at: at.0,
        };
        let role = written::roles(of).first().map_or("nothing", |role| role.id());
        for asked in [
            known,
            Asked { organization: "no such organization", who: Who::Role(role), ..known },
            Asked { who: Who::Role("no such role"), ..known },
            Asked { who: Who::Role(role), category: "no such category", ..known },
            Asked { who: Who::Role(role), row: "no such row", ..known },
            Asked { who: Who::Role(role), action: Some("no such action"), ..known },
        ] {
            assert!(!trial.rego.allows(&asked), "{asked:?}");
        }
        let role = ("Role", written::role(of.id(), role));
        assert_eq!(cedar.allows((role.0, &role.1), "no such action", of.id()), None);
    }
}

#[test]
fn every_cell_of_the_policies_that_ship() {
    for policy in policies::shipped().iter().chain(&policies::corpus()) {
        let (cells, allowed) = every_cell(&policy.sources, &policy.table);
        eprintln!("{:24} {cells} cells, {allowed} allowed", policy.name);
        assert!(cells > 0);
    }
}

#[test]
fn a_million_cells_of_generated_policies() {
    let wanted: u64 =
        std::env::var("ORACLE_CELLS").map_or(1_000_000, |cells| cells.parse().expect("a number"));
    let (cells, allowed, tried) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (cells, allowed, tried) = (&cells, &allowed, &tried);
            scope.spawn(move || {
                let seed = RngSeed::Fixed(20_261_101 + thread);
                let mut runner = TestRunner::new(Config { rng_seed: seed, ..Config::default() });
                let all = (generated::policy(), any::<u64>());
                while cells.load(Ordering::Relaxed) < wanted {
                    let (policy, layout) = all.new_tree(&mut runner).expect("a policy").current();
                    let files = policy.unrestricted().files(layout);
                    let compiled = compile(Sources::from_iter(files.iter().cloned()));
                    let Some(table) = compiled.table else { continue };
                    let found = catch_unwind(AssertUnwindSafe(|| every_cell(&compiled.sources, &table)));
                    let (some, held) = found.unwrap_or_else(|why| {
                        eprintln!("{files:#?}");
                        resume_unwind(why)
                    });
                    cells.fetch_add(some, Ordering::Relaxed);
                    allowed.fetch_add(held, Ordering::Relaxed);
                    tried.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let [cells, allowed, tried] = [cells, allowed, tried].map(AtomicU64::into_inner);
    eprintln!("{cells} cells of {tried} policies, {allowed} allowed, no difference");
    assert!(cells >= wanted && allowed * 20 > cells);
}
