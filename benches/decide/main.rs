//! What one decision costs, at three sizes, beside a yardstick that does nothing else, and what it takes to open a table:
//! `cargo bench --no-default-features --features compile,parallel --bench decide`.
//!
//! A process for each contender and size, medians of several runs over all questions; all of them by turns, in several
//! rounds, since a machine that others share changes its pace from one process to the next. What counts are the ratios,
//! each of one round: the median of them, the least and the most. The nanoseconds are the machine's. By names the
//! yardstick is [`records`], by ids the bare test of a bit; `each` are many questions in one call, beside one after the
//! other. Neither yardstick knows time: they hold what everybody holds now, and one person in eight holds other things at
//! other times. `-always` leaves these out, by ids it is `any` that has them in.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own arguments and files")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark fails by a panic"
)]
#![allow(clippy::cast_possible_truncation, reason = "lengths of names were held against the room")]
#![allow(clippy::string_slice, reason = "cut where the pieces were joined")]

mod load;
mod records;
mod world;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use rolec::decisions::{Answer, Key, Question};
use rolec::eval::Evaluator;
use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::table::{Principal, Table};
use rolec::vocab::{CatalogId, PrincipalId, Time};

use self::records::Records;
use self::world::{AT, L, M, Random, S, World};

/// How often each contender is measured, by turns with the others.
const ROUNDS: usize = 5;

/// How often a process measures all questions. Its own pace is the median of these.
const RUNS: usize = 9;

/// What is measured, and beside what.
const CONTENDERS: [(&str, &str); 11] = [
    ("records", "records"),
    ("decide", "records"),
    ("one", "one"),
    ("each", "one"),
    ("records-always", "records-always"),
    ("decide-always", "records-always"),
    ("bits", "bits"),
    ("ids", "bits"),
    ("ids-any", "bits"),
    ("bits-chained", "bits-chained"),
    ("ids-chained", "bits-chained"),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, contender, world, file] = &arguments[..]
        && flag == "--one"
    {
        let world = World::find(world).expect("a world");
        let table = fs::read(file).expect("the table");
        let table = Table::from_bytes(&table).expect("the table just written");
        println!("{}", measure(contender, &table, &world.questions(&table), RUNS));
        return;
    }
    if let [flag, contender, world, file, catalog] = &arguments[..]
        && flag == "--load"
    {
        let catalog =
            Table::from_bytes(&fs::read(catalog).expect("the table")).expect("the table just written");
        let world = World { questions: 1, ..World::find(world).expect("a world") };
        let (took, held) = load::measure(contender, Path::new(file), &world.questions(&catalog)[0], at());
        println!("{took} {held}");
        return;
    }
    // `cargo test --benches` runs this too: that all answer alike is shown at two sizes.
    if !arguments.iter().any(|argument| argument == "--bench") {
        [S, World { organizations: 7, questions: 4_096, ..M }].into_iter().for_each(agree);
        return;
    }
    // `-- S M` asks these alone.
    let is_named = |world: &World| arguments.iter().any(|argument| argument == world.name);
    let is_any = [S, M, L].iter().any(is_named);
    let worlds = [S, M, L].into_iter().filter(|world| !is_any || is_named(world));
    println!("{:<16}{:>10}{:>10}{:>8}  in {ROUNDS} rounds", "ns a decision", "yardstick", "rolec", "ratio");
    for world in worlds.clone() {
        asked(world);
    }
    println!(
        "\n{:<16}{:>10}{:>10}{:>12}{:>8}  in {ROUNDS} rounds",
        "to open", "MB", "ms", "MB resident", "ratio"
    );
    for world in worlds {
        opened(world);
    }
}

/// What a decision of a world takes.
fn asked(world: World) {
    let file = write(world);
    let mut rounds = vec![Vec::new(); CONTENDERS.len()];
    for _ in 0..ROUNDS {
        for (took, (contender, _)) in rounds.iter_mut().zip(CONTENDERS) {
            took.push(apart(contender, world, &file));
        }
    }
    for (took, (contender, beside)) in rounds.iter().zip(CONTENDERS) {
        if contender == beside {
            continue;
        }
        let yardstick = CONTENDERS.iter().position(|(name, _)| *name == beside).expect("it is measured");
        let yardstick = &rounds[yardstick];
        println!(
            "{:<3}{contender:<13}{:>10.2}{:>10.2}{}",
            world.name,
            middle(yardstick.clone()),
            middle(took.clone()),
            ratios(took, yardstick)
        );
    }
}

/// Of each round, how much longer something took than the yardstick: the median, the least and the most.
fn ratios(took: &[f64], yardstick: &[f64]) -> String {
    let mut ratios: Vec<f64> = took.iter().zip(yardstick).map(|(took, yardstick)| took / yardstick).collect();
    ratios.sort_by(f64::total_cmp);
    format!("{:>8.2}  {:.2} to {:.2}", ratios[ratios.len() / 2], ratios[0], ratios[ratios.len() - 1])
}

/// The median.
fn middle(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// What it takes to open the decisions of a world, written by themselves.
fn opened(world: World) {
    let [whole, alone, map, catalog] = ["", "-alone", "-map", "-catalog"].map(|what| file(world, what));
    let bytes = fs::read(&whole).expect("the table");
    let table = Table::from_bytes(&bytes).expect("the table just written");
    let decisions = table.decisions().to_bytes(None);
    println!(
        "{:<3}{:<13}{:>10.2}  of which decisions {:.2}",
        world.name,
        "file",
        bytes.len() as f64 / 1e6,
        decisions.len() as f64 / 1e6
    );
    fs::write(&alone, decisions).expect("a file");
    fs::write(&map, load::map(&table, &rows(&table))).expect("a file");
    fs::write(&catalog, only_catalog().to_bytes()).expect("a file");
    drop((table, bytes));
    let of = |contender: &str| if contender == "serde" { &map } else { &alone };
    let mut rounds = load::CONTENDERS.map(|_| (Vec::new(), Vec::new()));
    for _ in 0..ROUNDS {
        for ((took, held), contender) in rounds.iter_mut().zip(load::CONTENDERS) {
            let arguments = [
                "--load".as_ref(),
                contender.as_ref(),
                world.name.as_ref(),
                of(contender).as_os_str(),
                catalog.as_os_str(),
            ];
            let text = run(&arguments);
            let (one, other) = text.split_once(' ').expect("two numbers");
            took.push(one.parse().expect("a number"));
            held.push(other.parse().expect("a number"));
        }
    }
    let [(plain, _), ..] = &rounds;
    for ((took, held), contender) in rounds.iter().zip(load::CONTENDERS) {
        let size = fs::metadata(of(contender)).expect("the file").len() as f64 / 1e6;
        println!(
            "{:<3}{contender:<13}{size:>10.2}{:>10.3}{:>12.2}{}",
            world.name,
            middle(took.clone()),
            middle(held.clone()),
            ratios(took, plain)
        );
    }
}

/// Measures a contender in a process of its own.
fn apart(contender: &str, world: World, file: &Path) -> f64 {
    let arguments = ["--one".as_ref(), contender.as_ref(), world.name.as_ref(), file.as_os_str()];
    run(&arguments).parse().expect("a number")
}

/// What this program says, asked for one figure.
fn run(arguments: &[&OsStr]) -> String {
    let itself = std::env::current_exe().expect("this program");
    let output = Command::new(itself).args(arguments).output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a text").trim().to_owned()
}

fn file(world: World, what: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("decide-{}{what}.rolec", world.name))
}

fn write(world: World) -> PathBuf {
    let file = file(world, "");
    fs::write(&file, table(world).to_bytes()).expect("a file");
    file
}

fn only_catalog() -> Table {
    let catalog = "use jumpcloud\norganization o { }\n".to_owned();
    compile(Sources::from_iter([("o.role".to_owned(), catalog)])).table.expect("no errors")
}

fn table(world: World) -> Table {
    compile(Sources::from_iter(world.files(&only_catalog())))
        .table
        .expect("the generated policy is without errors")
}

fn at() -> Time {
    Time::parse(AT).expect("a date")
}

/// Questions as a server reads them: one text after the other.
struct Texts {
    all: String,
    ends: Vec<[usize; 4]>,
}

impl Texts {
    fn of(questions: &[world::Question]) -> Self {
        let mut texts = Self { all: String::new(), ends: Vec::new() };
        for question in questions {
            let (category, row, action) = &question.permission;
            let mut ends = [texts.all.len(); 4];
            texts.all.push_str(&question.organization);
            ends[1] = texts.all.len();
            texts.all.push_str(&question.principal);
            ends[2] = texts.all.len();
            texts.all.push_str(&format!("{category}.{row}:{action}"));
            ends[3] = texts.all.len();
            texts.ends.push(ends);
        }
        texts
    }

    /// Organization, principal, permission.
    fn each(&self) -> impl Iterator<Item = [&str; 3]> {
        self.ends.iter().map(|[begins, organization, principal, permission]| {
            let text = &self.all;
            [&text[*begins..*organization], &text[*organization..*principal], &text[*principal..*permission]]
        })
    }
}

/// The median of some runs over all questions, in nanoseconds for each.
fn measure(contender: &str, table: &Table, questions: &[world::Question], runs: usize) -> f64 {
    let index = table.decisions().index();
    let texts = Texts::of(questions);
    let mut asked: Vec<[&str; 3]> = texts.each().collect();
    if contender.ends_with("-always") {
        // Without the people who hold other things at other times.
        let bounded: HashSet<&str> =
            table.principals().filter(|it| !is_for_good(*it)).map(|principal| principal.name()).collect();
        asked.retain(|[_, who, _]| !bounded.contains(who));
    }
    match contender {
        "records" | "records-always" => {
            let records = Records::of(table, at());
            median(runs, asked.len(), || {
                asked
                    .iter()
                    .filter(|[organization, who, what]| records.decide(organization, who, what))
                    .count()
            })
        }
        "each" => {
            let (at, mut answers) = (at(), Vec::new());
            let asked: Vec<Question<'_>> = asked
                .iter()
                .map(|[organization, principal, permission]| Question { organization, principal, permission })
                .collect();
            median(runs, asked.len(), || {
                answers.clear();
                index.decide_each(&asked, at, &mut answers);
                answers.iter().filter(|answer| **answer == Answer::Granted).count()
            })
        }
        "decide" | "one" | "decide-always" => {
            let at = at();
            median(runs, asked.len(), || {
                let granted = |[organization, who, what]: &&[&str; 3]| {
                    index.decide(organization, who, what, at) == Answer::Granted
                };
                asked.iter().filter(granted).count()
            })
        }
        _ => by_ids(contender, table, runs),
    }
}

/// Random pairs of principals and permissions, by their ids: one after the other, or each depending on the answer to
/// the one before.
fn by_ids(contender: &str, table: &Table, runs: usize) -> f64 {
    let (index, at) = (table.decisions().index(), at());
    let mut random = Random(0x1d5);
    let bits = world::bits(table);
    let keys: Vec<Key> = world::permissions(table)
        .iter()
        .map(|(category, row, action)| {
            let name = format!("{category}.{row}:{action}");
            index.key(CatalogId(0), &name).expect("the permission is there")
        })
        .collect();
    // The bare test of a bit knows no time, so that it is asked about people of whom the same is true at any time.
    let is_any = contender == "ids-any";
    let who: Vec<u32> =
        (0..).zip(table.principals()).filter(|it| is_any || is_for_good(it.1)).map(|it| it.0).collect();
    let rows = rows(table);
    let mut queries: Vec<(PrincipalId, u32)> = Vec::new();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for _ in 0..1 << 18 {
        let (who, what) = (who[random.below(who.len())], random.below(keys.len()));
        queries.push((PrincipalId(who), what as u32));
        pairs.push((who, bits[what]));
    }
    let bit = |(who, what): (u32, u32)| rows[who as usize][what as usize / 64] >> (what % 64) & 1 != 0;
    let decide =
        |(who, what): (PrincipalId, u32)| index.decide_key(who, keys[what as usize], at) == Answer::Granted;
    let count = pairs.len();
    match contender {
        "bits" => median(runs, count, || pairs.iter().filter(|pair| bit(**pair)).count()),
        "ids" | "ids-any" => median(runs, count, || queries.iter().filter(|query| decide(**query)).count()),
        "bits-chained" => median(runs, count, || chained(count, |at| bit(pairs[at]))),
        "ids-chained" => median(runs, count, || chained(count, |at| decide(queries[at]))),
        other => panic!("no contender {other}"),
    }
}

/// Whether somebody's assignments neither begin nor end.
fn is_for_good(principal: Principal<'_>) -> bool {
    principal.assignments().all(|assignment| assignment.from().is_none() && assignment.until().is_none())
}

/// What each principal holds now.
fn rows(table: &Table) -> Vec<[u64; 2]> {
    let evaluator = Evaluator::new(table);
    let row = |principal: Principal<'_>| {
        let mut row = [0_u64; 2];
        for assignment in evaluator.assignments_in_force(principal.key(), at()) {
            let bits = table.effective_bits(principal.organization().key(), assignment.role());
            row.iter_mut().zip(bits).for_each(|(word, bits)| *word |= bits);
        }
        row
    };
    table.principals().map(row).collect()
}

/// As many questions as there are, where each answer says which comes next.
fn chained(count: usize, ask: impl Fn(usize) -> bool) -> usize {
    let (mut at, mut found) = (0, 0);
    for step in 0..count {
        let is_allowed = usize::from(ask(at));
        found += is_allowed;
        at = (step * 2 + 1 + is_allowed * 7_919) % count;
    }
    found
}

fn median(runs: usize, count: usize, mut run: impl FnMut() -> usize) -> f64 {
    // Small worlds are asked again until a run is long enough for the clock.
    let times = (1_000_000 / count).max(1);
    let took = (0..runs).map(|_| {
        let start = Instant::now();
        for _ in 0..times {
            black_box(run());
        }
        start.elapsed().as_secs_f64() * 1e9 / (times * count) as f64
    });
    middle(took.collect())
}

/// That every contender gives the answer of the others.
fn agree(world: World) {
    let table = table(world);
    let (records, index) = (Records::of(&table, at()), table.decisions().index());
    let mut each = Vec::new();
    let questions = world.questions(&table);
    let texts = Texts::of(&questions);
    let questions: Vec<Question<'_>> = texts
        .each()
        .map(|[organization, principal, permission]| Question { organization, principal, permission })
        .collect();
    index.decide_each(&questions, at(), &mut each);
    let one = |it: &Question<'_>| index.decide(it.organization, it.principal, it.permission, at());
    assert!(questions.iter().map(one).eq(each), "one by one and in groups");
    let mut allowed = 0;
    for [organization, who, what] in Texts::of(&world.questions(&table)).each() {
        let expected = records.decide(organization, who, what);
        let found = index.decide(organization, who, what, at()) == Answer::Granted;
        assert_eq!(found, expected, "{organization} {who} {what}");
        allowed += usize::from(found);
    }
    assert!(allowed > world.questions / 20, "{}: {allowed} allowed", world.name);
    for contender in CONTENDERS {
        assert!(measure(contender.0, &table, &world.questions(&table), 1) > 0.0);
    }
}
