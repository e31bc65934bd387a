//! How long each stage takes, for people: compile, parse, load, decide. The same work in every run, made from a fixed
//! seed; every result is used, and what is decided is asked at random, so that no branch can be learnt by heart.
//!
//! `cargo bench --no-default-features --features compile`

#![allow(clippy::unwrap_used, reason = "a bench of a policy that does not compile has nothing to measure")]
#![allow(clippy::indexing_slicing, reason = "what is picked at random is picked by length")]
#![allow(missing_docs, reason = "criterion writes `main`")]

#[path = "generate/random.rs"]
mod random;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rolec::eval::{Evaluator, Query, Request, Who};
use rolec::pipeline::compile;
use rolec::source::{FileId, Provenance, SourceFile, Sources};
use rolec::syntax::parse;
use rolec::table::Table;
use rolec::vocab::{Decision, Time};

use self::random::Random;

const FILES: [(&str, &str); 5] = [
    ("jumpcloud/catalog.role", include_str!("../policies/jumpcloud/catalog.role")),
    ("jumpcloud/default-roles.role", include_str!("../policies/jumpcloud/default-roles.role")),
    ("acme/acme.role", include_str!("../policies/acme/acme.role")),
    ("acme/people.role", include_str!("../policies/acme/people.role")),
    ("acme/templates.role", include_str!("../policies/acme/templates.role")),
];

/// 2026-11-23T22:27:00Z.
const NOW: Time = Time(1_795_472_820);

/// How many decisions one batch takes.
const BATCH: usize = 4096;

fn sources() -> Sources {
    Sources::from_iter(FILES)
}

fn table() -> Table {
    compile(sources()).table.unwrap()
}

/// A policy of one organization with `bytes` of roles and assignments, about as people write them.
fn generated(bytes: usize) -> String {
    let catalog = compile(sources()).table.unwrap();
    let catalog = catalog.catalogs().next().unwrap();
    let rows: Vec<_> = catalog.rows().collect();
    let mut random = Random(1);
    let mut text = String::from("use jumpcloud \"2026-11\"\n\norganization big \"Big\" direct {\n");
    let mut number = 0;
    while text.len() < bytes {
        let bases = ["help-desk", "read-only", "manager", "command-runner"];
        text += &format!("    /// Role number {number}.\n");
        text += &format!("    role role-{number} \"Role {number}\" from {} {{\n", bases[random.below(4)]);
        text += "        grant monitoring-analytics: view\n";
        for _ in 0..random.below(12) {
            let row = rows[random.below(rows.len())];
            let levels = row.shape().offered();
            let level = levels[random.below(levels.len())];
            text += &format!("        grant {}.{}: {level} // as agreed\n", row.category().id(), row.id());
        }
        text += "    }\n";
        for _ in 0..random.below(4) {
            let principal = random.below(10_000);
            text += &format!("    assign role-{number} to \"p{principal}@big.example\" from 2026-11-01\n");
        }
        number += 1;
    }
    text += "}\n";
    text
}

/// Every request that can be asked of the organization, and then as many of them as a batch takes.
fn requests(table: &Table) -> Vec<Request<'_>> {
    let organization = table.organizations().next().unwrap();
    let principals: Vec<_> = organization.principals().collect();
    let rows: Vec<_> = organization.catalog().rows().collect();
    let mut random = Random(2);
    let one = |_| {
        let row = rows[random.below(rows.len())];
        let actions: Vec<&str> = row.shape().actions().collect();
        Request {
            organization: organization.id(),
            who: Who::Principal(principals[random.below(principals.len())].name()),
            category: row.category().id(),
            row: row.id(),
            action: Some(actions[random.below(actions.len())]),
            at: NOW,
        }
    };
    (0..BATCH).map(one).collect()
}

fn stages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    group.sample_size(10);
    group.bench_function("JumpCloud and Acme, text to table", |bench| {
        bench.iter_batched(sources, |sources| compile(sources).table.unwrap(), BatchSize::LargeInput);
    });
    group.finish();
    let text = generated(1 << 20);
    let file = SourceFile::new("big.role", text.clone().into_bytes(), Provenance::Given);
    assert!(!parse(&file, FileId(0)).1.has_errors());
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("1 MB of roles, text to ast", |bench| {
        bench.iter(|| parse(black_box(&file), FileId(0)));
    });
    group.finish();
    let bytes = table().to_bytes();
    let mut group = criterion.benchmark_group("load");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("the table of JumpCloud and Acme", |bench| {
        bench.iter(|| Table::from_bytes(black_box(&bytes)).unwrap());
    });
    group.finish();
}

fn decisions(criterion: &mut Criterion) {
    let table = table();
    let evaluator = Evaluator::new(&table);
    let requests = requests(&table);
    let queries: Vec<Query> = requests.iter().map(|request| evaluator.resolve(request).unwrap()).collect();
    let allowed = queries.iter().map(|query| evaluator.decide_query(*query));
    let allowed = allowed.filter(|decision| *decision == Decision::Allow).count();
    assert!(
        allowed > BATCH / 10 && allowed < BATCH * 9 / 10,
        "{allowed} of {BATCH} tell both ways of answering"
    );
    let mut group = criterion.benchmark_group("decide");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("by names, 4096 at random", |bench| {
        bench.iter(|| {
            let decided = black_box(&requests).iter().map(|request| evaluator.decide(request).decision);
            decided.filter(|decision| *decision == Decision::Allow).count()
        });
    });
    group.bench_function("by keys, 4096 at random", |bench| {
        bench.iter(|| {
            let decided = black_box(&queries).iter().map(|query| evaluator.decide_query(*query));
            decided.filter(|decision| *decision == Decision::Allow).count()
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
        .sample_size(20);
    targets = stages, decisions
}
criterion_main!(benches);
