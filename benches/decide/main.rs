//! What one decision costs, at three sizes, beside a yardstick that does nothing else: `cargo bench --bench decide`.
//!
//! A process for each contender and size, medians of several runs over all questions. What counts are the ratios; the
//! nanoseconds are the machine's. By names the yardstick is [`records`], by ids the bare test of a bit.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own arguments and files")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a benchmark fails by a panic")]
#![allow(clippy::cast_possible_truncation, reason = "lengths of names were held against the room")]

mod records;
mod world;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use rolec::eval::{Evaluator, Query, Request, Who};
use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::table::Table;
use rolec::vocab::{Decision, Time};

use self::records::Records;
use self::world::{AT, L, M, Question, Random, S, World};

/// What is measured, and beside what.
const CONTENDERS: [(&str, &str); 6] = [
    ("records", "records"),
    ("decide", "records"),
    ("bits", "bits"),
    ("ids", "bits"),
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
        println!("{}", measure(contender, &table, &world.questions(&table), 15));
        return;
    }
    // `cargo test --benches` runs this too: that all answer alike is shown at two sizes.
    if !arguments.iter().any(|argument| argument == "--bench") {
        [S, World { organizations: 7, questions: 4_096, ..M }].into_iter().for_each(agree);
        return;
    }
    println!("{:<16}{:>10}{:>10}{:>8}", "ns a decision", "yardstick", "rolec", "ratio");
    for world in [S, M, L] {
        let file = write(world);
        let mut yardsticks = Vec::new();
        for (contender, beside) in CONTENDERS {
            let took = apart(contender, world, &file);
            if contender == beside {
                yardsticks.push((beside, took));
                continue;
            }
            let yardstick = yardsticks.iter().find(|(name, _)| *name == beside).expect("it ran before").1;
            println!("{:<3}{contender:<13}{yardstick:>10.2}{took:>10.2}{:>8.2}", world.name, took / yardstick);
        }
    }
}

/// Measures a contender in a process of its own.
fn apart(contender: &str, world: World, file: &Path) -> f64 {
    let itself = std::env::current_exe().expect("this program");
    let output = Command::new(itself).args(["--one", contender, world.name]).arg(file).output();
    let output = output.expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("a number");
    text.trim().parse().expect("a number")
}

fn write(world: World) -> PathBuf {
    let bytes = table(world).to_bytes();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("decide-{}.rolec", world.name));
    fs::write(&file, bytes).expect("a file");
    file
}

fn table(world: World) -> Table {
    let catalog = "use jumpcloud\norganization o { }\n".to_owned();
    let catalog = compile(Sources::from_iter([("o.role".to_owned(), catalog)])).table.expect("no errors");
    compile(Sources::from_iter(world.files(&catalog))).table.expect("the generated policy is without errors")
}

fn at() -> Time {
    Time::parse(AT).expect("a date")
}

/// Questions as a server reads them: one text after the other.
struct Texts {
    all: String,
    ends: Vec<[usize; 6]>,
}

impl Texts {
    fn of(questions: &[Question]) -> Self {
        let mut texts = Self { all: String::new(), ends: Vec::new() };
        for question in questions {
            let begins = texts.all.len();
            let (category, row, action) = &question.permission;
            let pieces = [&*question.organization, &*question.principal, category, ".", row, ":", action];
            let mut ends = [begins; 6];
            for (number, piece) in pieces.into_iter().enumerate() {
                texts.all.push_str(piece);
                match number {
                    0..=2 => ends[number + 1] = texts.all.len(),
                    4 => ends[4] = texts.all.len(),
                    6 => ends[5] = texts.all.len(),
                    _ => {}
                }
            }
            texts.ends.push(ends);
        }
        texts
    }

    /// Organization, principal, permission, and of that category, row and action.
    fn each(&self) -> impl Iterator<Item = [&str; 6]> {
        self.ends.iter().map(|[begins, organization, principal, category, row, action]| {
            let text = &self.all;
            [
                &text[*begins..*organization],
                &text[*organization..*principal],
                &text[*principal..*action],
                &text[*principal..*category],
                &text[category + 1..*row],
                &text[row + 1..*action],
            ]
        })
    }
}

fn request([organization, principal, _, category, row, action]: [&str; 6]) -> Request<'_> {
    Request { organization, who: Who::Principal(principal), category, row, action: Some(action), at: at() }
}

/// The median of some runs over all questions, in nanoseconds for each.
fn measure(contender: &str, table: &Table, questions: &[Question], runs: usize) -> f64 {
    let evaluator = Evaluator::new(table);
    match contender {
        "records" => {
            let records = Records::of(table, at());
            let texts = Texts::of(questions);
            let asked: Vec<(&str, &str, &str)> =
                texts.each().map(|[organization, who, what, ..]| (organization, who, what)).collect();
            median(runs, asked.len(), || {
                asked.iter().filter(|(organization, who, what)| records.decide(organization, who, what)).count()
            })
        }
        "decide" => {
            let texts = Texts::of(questions);
            let asked: Vec<Request<'_>> = texts.each().map(request).collect();
            median(runs, asked.len(), || {
                asked.iter().filter(|it| evaluator.decide(it).decision == Decision::Allow).count()
            })
        }
        _ => by_ids(contender, table, runs),
    }
}

/// Random pairs of principals and permissions, by their ids: one after the other, or each depending on the answer to
/// the one before.
fn by_ids(contender: &str, table: &Table, runs: usize) -> f64 {
    let evaluator = Evaluator::new(table);
    let mut random = Random(0x1d5);
    let permissions = world::permissions(table);
    let principals: Vec<_> = table.principals().collect();
    let mut queries = Vec::new();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for _ in 0..1 << 18 {
        let (who, what) = (random.below(principals.len()), random.below(permissions.len()));
        let (category, row, action) = &permissions[what];
        let request = Request {
            organization: principals[who].organization().id(),
            who: Who::Principal(principals[who].name()),
            category,
            row,
            action: Some(action),
            at: at(),
        };
        queries.push(evaluator.resolve(&request).expect("known names"));
        pairs.push((who as u32, what as u32));
    }
    let rows: Vec<[u64; 2]> = principals
        .iter()
        .map(|principal| {
            let mut row = [0_u64; 2];
            for assignment in evaluator.assignments_in_force(principal.key(), at()) {
                let bits = table.effective_bits(principal.organization().key(), assignment.role());
                row.iter_mut().zip(bits).for_each(|(word, bits)| *word |= bits);
            }
            row
        })
        .collect();
    let bit = |(who, what): (u32, u32)| rows[who as usize][what as usize / 64] >> (what % 64) & 1 != 0;
    let decide = |query: Query| evaluator.decide_query(query) == Decision::Allow;
    let count = pairs.len();
    match contender {
        "bits" => median(runs, count, || pairs.iter().filter(|pair| bit(**pair)).count()),
        "ids" => median(runs, count, || queries.iter().filter(|query| decide(**query)).count()),
        "bits-chained" => median(runs, count, || chained(count, |at| bit(pairs[at]))),
        "ids-chained" => median(runs, count, || chained(count, |at| decide(queries[at]))),
        other => panic!("no contender {other}"),
    }
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
    let mut took: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..times {
                black_box(run());
            }
            start.elapsed().as_secs_f64() * 1e9 / (times * count) as f64
        })
        .collect();
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

/// That every contender gives the answer of the others.
fn agree(world: World) {
    let table = table(world);
    let (records, evaluator) = (Records::of(&table, at()), Evaluator::new(&table));
    let mut allowed = 0;
    for texts in Texts::of(&world.questions(&table)).each() {
        let expected = records.decide(texts[0], texts[1], texts[2]);
        let found = evaluator.decide(&request(texts)).decision == Decision::Allow;
        assert_eq!(found, expected, "{texts:?}");
        allowed += usize::from(found);
    }
    assert!(allowed > world.questions / 20, "{}: {allowed} allowed", world.name);
    for contender in CONTENDERS {
        assert!(measure(contender.0, &table, &world.questions(&table), 1) > 0.0);
    }
}
