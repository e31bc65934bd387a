//! What questions about access cost where much is asked at once: `cargo bench --bench questions`.
//!
//! 100 organizations, each with 20 roles and 1,000 principals, in the catalog of the JumpCloud Admin Portal. Prints the
//! best time of each question, in the library and on one core, beside the 100 ms that it may take. Reading files, the
//! command line and what is printed are not in it.
//!
//! What each line takes as given, and what it does:
//!
//! - `diff`: two tables loaded from their bytes; everything that differs, over all of time.
//! - `who`: a table loaded; one permission asked in all organizations, of all 100,000 people. Each permission is asked
//!   once, the dearest is shown, and what one takes in the middle.
//! - `what`: a table loaded; every row that somebody holds something of. Each of the 100,000 people is asked once, the
//!   dearest is shown, and all of them together.
//! - `matrix`: a table loaded; every cell of one organization's people.
//! - `forbids`: a table knows no forbids, so what is given is the checked policy, which `rolec check` has once it has
//!   worked out what each role holds; 20 forbids at the top are proved in all organizations. Where one is broken, the
//!   findings are made too.
//!
//! In one run, on one core of an x86-64 machine with two, in ms: `diff` 8 where nothing differs, 46 where a template of
//! all does, 64 where every role and every third date do, 92 where no role is left that was; `who` 20 at a moment and 31
//! over a year for the dearest permission, 7 in the middle; `what` below 0.1, and for all people one after the other 76
//! and 110, which are 100,000 questions; a matrix 1 and 2; the forbids 9, and 18 where 957 findings are made.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own arguments")]
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails by a panic")]

mod policy;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use policy::{Size, Version};
use rolec::check::{Ground, Input, openings, organization, proof};
use rolec::eval::{Holder, Permission};
use rolec::model::Model;
use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::syntax::ast::File;
use rolec::syntax::parse;
use rolec::table::Table;
use rolec::tools::diff::diff;
use rolec::tools::listing::{people, what, who};
use rolec::vocab::{Period, Time};

/// What a question may take.
const BUDGET: Duration = Duration::from_millis(100);

/// How it is measured.
#[derive(Clone, Copy)]
struct Run {
    size: Size,
    /// How often each question is asked; the best time counts.
    times: usize,
}

fn main() {
    // `cargo test --benches` runs this too: a small size shows that it works.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let organizations = if is_bench { 100 } else { 3 };
    let size = Size { organizations, roles: 20, principals: 1_000 };
    let run = Run { size, times: if is_bench { 10 } else { 1 } };
    println!(
        "{} organizations, each with {} roles and {} principals; best of several, may take {BUDGET:?}",
        size.organizations, size.roles, size.principals
    );
    let first = table(Version::First, size);
    run.diffs(&first);
    for (word, period) in [
        ("at a moment", Period::moment(Time::parse("2026-12-01").expect("a time"))),
        (
            "over a year",
            Period::new(None, Some(Time::parse("2027-06-01").expect("a time"))).expect("a period"),
        ),
    ] {
        run.who(&first, word, period);
        run.what(&first, word, period);
        run.matrix(&first, word, period);
    }
    run.forbids();
}

impl Run {
    /// The best time of something, and what it gave.
    fn best<T>(self, mut question: impl FnMut() -> T) -> (Duration, T) {
        let mut ask = || {
            let start = Instant::now();
            let answer = black_box(question());
            (start.elapsed(), answer)
        };
        let (mut best, mut answer) = ask();
        for _ in 1..self.times {
            let (time, next) = ask();
            best = best.min(time);
            answer = next;
        }
        (best, answer)
    }

    fn diffs(self, first: &Table) {
        for (name, version) in [
            ("nothing differs", Version::First),
            ("little differs", Version::Little),
            ("a template of all differs", Version::Template),
            ("every role and every third date", Version::Much),
            ("a row more, and every third date", Version::Catalog),
            ("every role is another one", Version::Roles),
        ] {
            let next = table(version, self.size);
            let (time, found) = self.best(|| diff(black_box(first), black_box(&next)));
            assert_eq!(found.is_empty(), version == Version::First, "{name}");
            let counts = found.counts();
            let note = format!("{} cells, {} people", counts.cells, counts.people);
            print(&format!("diff, {name}"), time, &note);
        }
    }

    fn who(self, table: &Table, word: &str, period: Period) {
        let catalog = table.catalogs().next().expect("a catalog");
        let permissions = catalog.rows().flat_map(|row| {
            let one =
                move |action| Permission::at(table, catalog.key(), row.key(), action).expect("of the row");
            (0..row.shape().width()).map(Some).chain([None]).map(one)
        });
        let mut times: Vec<(Duration, usize)> = Vec::new();
        for permission in permissions {
            let ask = || -> usize {
                let holders = table.organizations().filter_map(|one| who(table, one, permission, period));
                // All are kept until all are found.
                let holders: Vec<_> = holders.collect();
                holders.iter().map(|holders| holders.principals.len()).sum()
            };
            let (time, found) = self.best(ask);
            times.push((time, found));
        }
        times.sort_unstable();
        let (dearest, found) = times[times.len() - 1];
        let middle = times[times.len() / 2].0;
        let note = format!("{found} people; one of {} takes {:.1} ms", times.len(), ms(middle));
        print(&format!("who, {word}"), dearest, &note);
    }

    fn what(self, table: &Table, word: &str, period: Period) {
        let ask = || {
            let (mut dearest, mut rows) = (Duration::ZERO, 0);
            for organization in table.organizations() {
                for principal in organization.principals() {
                    let start = Instant::now();
                    let holder = Holder::Principal(principal.key());
                    rows += black_box(what(table, organization, holder, period)).len();
                    dearest = dearest.max(start.elapsed());
                }
            }
            (dearest, rows)
        };
        let mut dearest = Duration::MAX;
        let (all, rows) = self.best(|| {
            let (slow, rows) = ask();
            dearest = dearest.min(slow);
            rows
        });
        print(&format!("what, {word}"), dearest, "the dearest of all people");
        let count = self.size.organizations * self.size.principals;
        print(&format!("what, {word}, everybody"), all, &format!("{count} people, {rows} rows"));
    }

    fn matrix(self, table: &Table, word: &str, period: Period) {
        let organization = table.organizations().next().expect("an organization");
        let (time, (cells, held)) = self.best(|| {
            let matrix = people(table, organization, period);
            let cells = matrix.rows.iter().flat_map(|row| matrix.cells(*row));
            (matrix.size(), cells.filter(|cell| !cell.some.is_empty()).count())
        });
        print(&format!("matrix, {word}"), time, &format!("{cells} cells, {held} with something in it"));
    }

    fn forbids(self) {
        for (name, version) in
            [("hold", Version::Forbids), ("are broken by every hundredth", Version::Broken)]
        {
            let model = model(version, self.size);
            let (time, findings) = self.best(|| proof(black_box(&model)));
            assert_eq!(findings.is_empty(), version == Version::Forbids, "{name}");
            let note = format!("{} forbids, {} findings", model.shared.forbids.len(), findings.len());
            print(&format!("forbids, all {name}"), time, &note);
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn print(name: &str, time: Duration, note: &str) {
    let over = if time > BUDGET { "  OVER" } else { "" };
    println!("{name:<42}{:>9.3} ms  {note}{over}", ms(time));
}

/// A table as it is loaded from its bytes.
fn table(version: Version, size: Size) -> Table {
    let compiled = compile(Sources::from_iter(version.files(size)));
    let first = compiled.findings.errors().next().map(|finding| &*finding.message);
    assert_eq!(first, None, "the generated policy is without errors");
    let table = compiled.table.expect("of a policy without errors");
    Table::from_bytes(&table.to_bytes()).expect("the table just written")
}

/// A policy as it is checked, whether or not a forbid is broken.
fn model(version: Version, size: Size) -> Model {
    let sources = Sources::from_iter(version.files(size));
    let trees: Vec<File> = sources.iter().map(|(id, source)| parse(source, id).0).collect();
    let inputs = sources.iter().zip(&trees);
    let inputs: Vec<Input<'_>> =
        inputs.map(|((id, source), tree)| Input { id, source, tree, is_built_in: false }).collect();
    let ground = Ground::check(&inputs).0;
    let all = openings(&inputs, &ground).0;
    let checked = all.iter().map(|openings| Arc::new(organization(&ground, openings).organization));
    Model { shared: ground.shared().clone(), organizations: checked.collect() }
}
