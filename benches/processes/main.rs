//! What the command line takes, as a shell has it: one question to a table of ten thousand people beside the time of a
//! process that does nothing (`rolec --version`), a table that is asked where it lies, and many questions as lines.
//! `cargo bench --bench processes`.
//!
//! Processes are started in turn, so that whatever else the machine does meets all of them; medians.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "writes and reads its own files, and starts the program")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark fails by a panic"
)]

#[allow(dead_code, unused_imports, reason = "what is made there is used in several benches")]
#[path = "../decide/world.rs"]
mod world;

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use rolec::decisions::{Answer, Decisions, Index};
use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::table::Table;
use rolec::vocab::Time;

use self::world::{AT, L, M, Question, S, World};

fn main() {
    // `cargo test --benches` runs this too: that all is answered is shown at one size.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let (worlds, runs): (&[World], usize) = if is_bench { (&[S, M, L], 200) } else { (&[S], 2) };
    println!("{:<26}{:>10}{:>10}", "a whole process, ms", "median", "ratio");
    for world in worlds {
        let file = file(*world, "rolec");
        fs::write(&file, table(*world).to_bytes()).expect("a file");
        // Everything of a table of a million people is read for a reason: a few times is enough.
        one_question(*world, &file, if world.name == "L" { runs.min(15) } else { runs });
    }
    if is_bench {
        where_it_lies(&file(L, "rolec"));
    }
    let world = worlds[worlds.len().min(2) - 1];
    lines(world, &file(world, "rolec"), if is_bench { 1 << 20 } else { 1 << 12 });
}

fn file(world: World, ending: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("processes-{}.{ending}", world.name))
}

fn only_catalog() -> Table {
    let catalog = "use jumpcloud\norganization o { }\n".to_owned();
    compile(Sources::from_iter([("o.role".to_owned(), catalog)])).table.expect("no errors")
}

fn table(world: World) -> Table {
    compile(Sources::from_iter(world.files(&only_catalog()))).table.expect("the policy has no errors")
}

fn rolec() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolec"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A question that is allowed by the table.
fn allowed(world: World, bytes: &[u8]) -> Question {
    let decisions = Decisions::from_bytes(bytes).expect("the table just written");
    let at = Time::parse(AT).expect("a date");
    let mut all = world.questions(&only_catalog()).into_iter();
    all.find(|it| {
        decisions.index().decide(&it.organization, &it.principal, &permission(it), at) == Answer::Granted
    })
    .expect("somebody who may do something")
}

fn permission(question: &Question) -> String {
    let (category, row, action) = &question.permission;
    format!("{category}.{row}:{action}")
}

fn one_question(world: World, file: &Path, runs: usize) {
    let question = allowed(world, &fs::read(file).expect("the table"));
    let asked = || {
        let mut command = rolec();
        command.args(["can", &question.principal, &permission(&question), "--org", &question.organization]);
        command.args(["--at", AT, "--table"]).arg(file);
        command
    };
    let of = |name: &str| {
        let mut command = match name {
            "rolec --version" => rolec(),
            _ => asked(),
        };
        match name {
            "rolec --version" => command.arg("--version"),
            "can --trust-mapped" => command.arg("--trust-mapped"),
            "can --why" => command.arg("--why"),
            _ => &mut command,
        };
        command
    };
    let names = ["rolec --version", "can", "can --trust-mapped", "can --why"];
    let mut took = [(); 4].map(|()| Vec::new());
    for _ in 0..runs {
        for (name, took) in names.iter().zip(&mut took) {
            let start = Instant::now();
            let status = of(name).status().expect("the program");
            took.push(start.elapsed().as_secs_f64() * 1e3);
            assert!(status.success(), "{name}: {status}");
        }
    }
    let medians = took.map(median);
    for (name, took) in names.iter().zip(medians) {
        println!("{:<3}{name:<23}{took:>10.2}{:>10.2}", world.name, took / medians[0]);
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// What it takes inside of a process that is there already.
fn where_it_lies(file: &Path) {
    let question = allowed(L, &fs::read(file).expect("the table"));
    let (permission, at) = (permission(&question), Time::parse(AT).expect("a date"));
    let took = (0..101).map(|_| {
        let start = Instant::now();
        let opened = fs::File::open(file).expect("the table");
        // SAFETY: nobody else writes the file of this benchmark.
        #[allow(unsafe_code, reason = "mapping a file is unsafe whatever is done with it")]
        let mapped = unsafe { memmap2::Mmap::map(&opened) }.expect("a map");
        let index = Index::trusting(&mapped).expect("the table just written");
        let answer = index.decide(&question.organization, &question.principal, &permission, at);
        assert_eq!(black_box(answer), Answer::Granted);
        drop(mapped);
        start.elapsed().as_secs_f64() * 1e3
    });
    println!("L  mapped, opened and asked, in a process that runs: {:.3} ms", median(took.collect()));
}

/// Lines a second: all questions of a world, again and again.
fn lines(world: World, table: &Path, count: usize) {
    let mut text = String::new();
    let questions = world.questions(&only_catalog());
    for (id, question) in questions.iter().cycle().take(count).enumerate() {
        let Question { organization, principal, .. } = question;
        let permission = permission(question);
        let _ = writeln!(
            text,
            r#"{{"id": {id}, "org": "{organization}", "principal": "{principal}", "permission": "{permission}"}}"#
        );
    }
    let queries = file(world, "jsonl");
    fs::write(&queries, &text).expect("a file");
    let mut took = Vec::new();
    for _ in 0..5 {
        let answers = file(world, "answers");
        let mut command = rolec();
        command.args(["eval", "--at", AT, "--table"]).arg(table).arg(&queries);
        command.stdout(fs::File::create(&answers).expect("a file"));
        let start = Instant::now();
        let status = command.status().expect("the program");
        took.push(start.elapsed().as_secs_f64());
        assert!(status.success(), "eval: {status}");
        let found = fs::read_to_string(&answers).expect("the answers");
        assert_eq!(found.lines().count(), count);
    }
    let took = median(took);
    println!(
        "{}  eval, {count} lines of {:.0} bytes: {:.2} million lines/s on one core, loading included",
        world.name,
        text.len() as f64 / count as f64,
        count as f64 / took / 1e6
    );
}
