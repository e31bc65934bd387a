//! Figures of a finished table: decisions, opening it, asking who may do something. Every result is used.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use rolec::decisions::{Answer, Decisions, Key};
use rolec::eval::{Evaluator, Permission};
use rolec::table::Table;
use rolec::tools::listing::who;
use rolec::vocab::{PrincipalId, Time};

use crate::Measured;
use crate::world::{AT, Question, Random, World, permissions};

/// The median of so many runs.
const RUNS: usize = 9;
/// As long as a run takes at least, in seconds.
const FINE: f64 = 0.02;

pub(crate) fn measure(world: World, file: &Path) -> Measured {
    let at = Time::parse(AT).expect("a date");
    let bytes = fs::read(file).expect("the table");
    let table = Table::from_bytes(&bytes).expect("the table just written");
    let questions = world.questions(&table);
    let texts: Vec<String> = questions
        .iter()
        .map(|Question { permission: (category, row, action), .. }| format!("{category}.{row}:{action}"))
        .collect();
    let index = table.decisions().index();
    let allows = |answer: Answer| answer == Answer::Granted;
    let by_names = each(questions.len(), || {
        let asked = questions.iter().zip(&texts);
        asked.filter(|(it, what)| allows(index.decide(&it.organization, &it.principal, what, at))).count()
    });

    let mut random = Random(0x1d5);
    let principals: Vec<_> = table.principals().map(|principal| principal.key()).collect();
    let permissions: Vec<Permission> = permissions_of(&table);
    let pairs = 1 << 18;
    let chosen: Vec<(PrincipalId, usize)> = (0..pairs)
        .map(|_| (principals[random.below(principals.len())], random.below(permissions.len())))
        .collect();
    let keys = keys_of(&table);
    let queries: Vec<(PrincipalId, Key)> = chosen.iter().map(|(who, what)| (*who, keys[*what])).collect();
    let by_ids = each(pairs, || {
        queries.iter().filter(|(who, what)| allows(index.decide_key(*who, *what, at))).count()
    });
    let people: Vec<PrincipalId> = chosen.iter().map(|(who, _)| *who).collect();
    let moment = Evaluator::new(&table).at(at);
    let asked = moment.ask(chosen.iter().map(|(_, what)| permissions[*what]));
    let batch = each(pairs, || moment.decide(&people, &asked).allowed());

    let open = each(1, || {
        let bytes = fs::read(file).expect("the table");
        let decisions = Decisions::from_bytes(&bytes).expect("the table just written");
        let first = &questions[0];
        usize::from(allows(decisions.index().decide(&first.organization, &first.principal, &texts[0], at)))
    });
    let mut turn = 0;
    let everybody = each(1, || {
        turn += 1;
        let permission = permissions[turn % permissions.len()];
        let held = table.organizations().filter_map(|organization| who(&table, organization, permission, at));
        held.map(|held| held.principals.len()).sum()
    });
    vec![
        ("principals", principals.len() as f64),
        ("by names", by_names),
        ("by ids", by_ids),
        ("in a batch of ids", batch),
        ("read, checked, first answer", open / 1e6),
        ("who may do it", everybody / 1e6),
        ("the file", bytes.len() as f64 / 1e6),
    ]
}

/// The key of each permission, in the order of [`permissions_of`].
fn keys_of(table: &Table) -> Vec<Key> {
    let (index, catalog) =
        (table.decisions().index(), table.catalogs().next().expect("the built-in catalog"));
    let key = |(category, row, action): &(String, String, String)| {
        index.key(catalog.key(), &format!("{category}.{row}:{action}")).expect("a known permission")
    };
    permissions(table).iter().map(key).collect()
}

fn permissions_of(table: &Table) -> Vec<Permission> {
    let catalog = table.catalogs().next().expect("the built-in catalog");
    let found: Vec<Permission> = catalog
        .rows()
        .flat_map(|row| (0..row.shape().width()).map(move |action| (row.key(), Some(action))))
        .filter_map(|(row, action)| Permission::at(table, catalog.key(), row, action))
        .collect();
    assert_eq!(found.len(), permissions(table).len());
    found
}

/// What each of so many takes, in nanoseconds.
fn each(count: usize, mut run: impl FnMut() -> usize) -> f64 {
    let started = Instant::now();
    black_box(run());
    let once = started.elapsed().as_secs_f64();
    let times = (FINE / once).ceil().max(1.0) as usize;
    let mut took: Vec<f64> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            for _ in 0..times {
                black_box(run());
            }
            started.elapsed().as_nanos() as f64 / (times * count) as f64
        })
        .collect();
    took.sort_by(f64::total_cmp);
    took[RUNS / 2]
}
