//! How many instructions a decision, a batch, a load, a lint and a compilation take, counted by callgrind: what a clock
//! cannot tell on a machine that others use too. `scripts/counts` runs it and holds the counts against those in the tree.
//!
//! A policy of 1,000 people and 100 roles in 5 organizations. What prepares a question is not counted.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails by a panic")]
#![allow(missing_docs, reason = "gungraun writes modules")]
#![allow(clippy::disallowed_methods, reason = "gungraun writes a main that reads its arguments")]

mod seeds;
#[path = "../../decide/world.rs"]
#[allow(dead_code, reason = "another benchmark uses the rest")]
mod world;

use std::hint::black_box;

use gungraun::Callgrind;
use gungraun::prelude::*;
use rolec::decisions::{Answer, Decisions, Index};
use rolec::eval::{Asked, Evaluator, Moment, Permission};
use rolec::lint;
use rolec::model::Model;
use rolec::pipeline::{Compilation, compile};
use rolec::source::Sources;
use rolec::table::Table;
use rolec::vocab::{PrincipalId, Time};

use world::{AT, L, Random, World};

const WORLD: World = World { name: "counts", organizations: 5, questions: 1_024, ..L };
const BATCH: usize = 1 << 14;

fn files() -> Vec<(String, String)> {
    let catalog = "use jumpcloud\norganization o { }\n".to_owned();
    let catalog = compile(Sources::from_iter([("o.role".to_owned(), catalog)])).table.expect("no errors");
    WORLD.files(&catalog)
}

fn compiled() -> Compilation {
    compile(Sources::from_iter(files()))
}

/// A table that is there until the process ends, so that what borrows from it may be handed on.
fn table() -> &'static Table {
    Box::leak(Box::new(compiled().table.expect("the generated policy is without errors")))
}

fn at() -> Time {
    Time::parse(AT).expect("a date")
}

type Requests = (Index<'static>, Vec<[&'static str; 3]>);

fn requests() -> Requests {
    let table = table();
    let questions = Box::leak(WORLD.questions(table).into_boxed_slice());
    let requests = questions.iter().map(|question| {
        let (category, row, action) = &question.permission;
        let permission: &'static str = Box::leak(format!("{category}.{row}:{action}").into_boxed_str());
        [&*question.organization, &*question.principal, permission]
    });
    (table.decisions().index(), requests.collect())
}

#[library_benchmark]
#[bench::by_names(requests())]
fn decisions((index, requests): Requests) -> usize {
    let at = at();
    let allowed = |[organization, principal, permission]: &&[&str; 3]| {
        index.decide(organization, principal, permission, at) == Answer::Granted
    };
    black_box(requests.iter().filter(allowed).count())
}

type Columns = (Moment<'static>, Vec<PrincipalId>, Asked);

fn columns() -> Columns {
    let table = table();
    let catalog = table.catalogs().next().expect("the built-in catalog");
    let permissions: Vec<Permission> = catalog
        .rows()
        .flat_map(|row| (0..row.shape().width()).map(move |action| (row.key(), Some(action))))
        .filter_map(|(row, action)| Permission::at(table, catalog.key(), row, action))
        .collect();
    let all: Vec<PrincipalId> = table.principals().map(|it| it.key()).collect();
    let mut random = Random(0x1d5);
    let principals = (0..BATCH).map(|_| all[random.below(all.len())]).collect();
    let moment = Evaluator::new(table).at(at());
    let asked = moment.ask((0..BATCH).map(|_| permissions[random.below(permissions.len())]));
    (moment, principals, asked)
}

#[library_benchmark]
#[bench::by_ids(columns())]
fn batch((moment, principals, asked): Columns) -> usize {
    black_box(moment.decide(&principals, &asked).allowed())
}

#[library_benchmark]
#[bench::of_bytes(table().to_bytes())]
fn load(bytes: Vec<u8>) -> Decisions {
    black_box(Decisions::from_bytes(black_box(&bytes)).expect("the table just written"))
}

#[library_benchmark]
#[bench::of_all(compiled().model.expect("no errors"))]
fn lints(model: Model) -> usize {
    let mut advice = lint::shared(&model.shared);
    for organization in &model.organizations {
        advice.append(lint::organization(&model.shared, organization, lint::Moment::default()));
    }
    advice.append(lint::policy(&model));
    black_box(advice.len())
}

#[library_benchmark]
#[bench::of_text(Sources::from_iter(files()))]
fn compilation(sources: Sources) -> Compilation {
    black_box(compile(sources))
}

library_benchmark_group!(name = counts, benchmarks = [decisions, batch, load, lints, compilation]);

// The C library would choose its copies by what the processor can: the plain ones everywhere, so that counts of one
// machine hold on another. What caches would do is another machine's matter too.
gungraun::main!(
    config = LibraryBenchmarkConfig::default()
        .env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-AVX,-ERMS,-FSRM,-SSSE3")
        .tool(Callgrind::with_args(["--cache-sim=no"])),
    library_benchmark_groups = counts
);
