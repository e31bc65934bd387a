//! The same questions asked of rolec, of other engines, of maps written by hand and of a yardstick:
//! `cargo run --release -p peers`, or with the worlds that are wanted, `-- S M`.
//!
//! A process for each contender and world, medians of several runs, ratios to rolec in the same run. Every answer is
//! held against the model's. Prints the tables of docs/performance.md, and with `-- --write` puts them there.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own arguments and files")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark fails by a panic"
)]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by a panic")]

mod asked;
#[path = "../../growth/between.rs"]
mod between;
mod contenders;
mod engines;
mod machine;
mod measure;
mod policy;
#[path = "../../decide/records.rs"]
#[allow(clippy::cast_possible_truncation, reason = "lengths of names were held against the room")]
mod records;
mod report;
#[path = "../../decide/world.rs"]
#[allow(dead_code, reason = "another benchmark uses the rest")]
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::table::Table;
use rolec::vocab::Time;

use self::contenders::Contender;
use self::measure::Figure;
use self::world::{AT, L, M, S, World};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, contender, world, file] = &arguments[..]
        && flag == "--one"
    {
        let contender = Contender::find(contender).expect("a contender");
        let table = fs::read(file).expect("the table");
        println!("{}", contender.measure(&table, World::find(world).expect("a world")));
        return;
    }
    let is_written = arguments.iter().any(|argument| argument == "--write");
    let names = || arguments.iter().filter(|argument| *argument != "--write");
    let mut worlds: Vec<World> = names().filter_map(|name| World::find(name)).collect();
    if worlds.len() != names().count() || is_written && !worlds.is_empty() {
        eprintln!("peers [S] [M] [L]\npeers --write");
        std::process::exit(2);
    }
    if worlds.is_empty() {
        worlds.extend([S, M, L]);
    }
    let mut text = format!("{}.\n", machine::line());
    println!("{text}");
    for world in worlds {
        let (file, held) = write(world);
        let figures: Vec<(Contender, Figure)> = Contender::ALL
            .into_iter()
            .filter(|contender| contender.holds(world))
            .map(|contender| (contender, apart(contender, world, &file)))
            .collect();
        fs::remove_file(file).expect("what was written");
        let table = report::table(world, held, &figures);
        println!("{table}");
        text.push('\n');
        text.push_str(&table);
    }
    if is_written {
        between::write(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."), "peers", &text);
    }
}

/// Measures a contender in a process of its own.
fn apart(contender: Contender, world: World, file: &Path) -> Figure {
    let started = Instant::now();
    let itself = std::env::current_exe().expect("this program");
    let output = Command::new(itself).args(["--one", contender.name, world.name]).arg(file).output();
    let output = output.expect("a process");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} at {}: {said}", contender.name, world.name);
    eprint!("{said}");
    let text = String::from_utf8(output.stdout).expect("figures");
    let figure: Figure = text.trim().parse().expect("figures");
    let took = started.elapsed().as_secs_f64();
    eprintln!("{:<3}{:<18}{:>14.1} ns, {took:.1} s in all", world.name, contender.name, figure.nanoseconds);
    figure
}

/// The policy of a world as a table in a file, and how large it is.
fn write(world: World) -> (PathBuf, report::Held) {
    let catalog = "use jumpcloud\norganization o { }\n".to_owned();
    let catalog = compile(Sources::from_iter([("o.role".to_owned(), catalog)])).table.expect("no errors");
    let files = world.files(&catalog);
    let text = files.iter().map(|(_, text)| text.len()).sum();
    let table: Table =
        compile(Sources::from_iter(files)).table.expect("the generated policy is without errors");
    let held = report::Held { text, roles: table.roles().count(), principals: table.principals().count() };
    let file = std::env::temp_dir().join(format!("rolec-peers-{}-{}.rolec", world.name, std::process::id()));
    fs::write(&file, table.to_bytes()).expect("a file");
    (file, held)
}

fn at() -> Time {
    Time::parse(AT).expect("a date")
}
