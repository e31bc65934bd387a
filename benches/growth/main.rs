//! How each figure grows, from 1,000 principals or 100 KB of text to a thousand times that: `cargo bench --bench growth`.
//!
//! Prints every figure at every size and the exponent that fits them: 0 does not grow, 1 grows as the policy does. Each
//! size is measured in a process of its own. `-- --write` draws the plots of docs/performance anew; `answers` or `text`
//! behind it measures these only, and a number up to that many times the smallest size.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own arguments and memory, and writes plots")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark fails by a panic"
)]

mod answers;
mod between;
mod fit;
mod plot;
mod text;
#[path = "../decide/world.rs"]
#[allow(dead_code, reason = "another benchmark uses the rest")]
mod world;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::table::Table;

use self::plot::{Plot, Series};
use self::world::{L, World};

/// Sizes as multiples of the smallest.
const FACTORS: [usize; 7] = [1, 3, 10, 32, 100, 316, 1_000];

/// What is measured of one size, by the names of its lines.
type Measured = Vec<(&'static str, f64)>;

/// A kind of figures: what its sizes are, and what is drawn of it.
struct Kind {
    name: &'static str,
    /// What a size counts, and how many there are of it in one organization.
    counts: &'static str,
    /// Organizations at the smallest size.
    smallest: usize,
    measure: fn(World, &Path) -> Measured,
    plots: &'static [Drawn],
}

/// A plot of some of the figures, which share a unit.
struct Drawn {
    file: &'static str,
    title: &'static str,
    unit: &'static str,
    lines: &'static [&'static str],
}

/// Organizations of 20 roles and 200 principals, about 50 KB of text each.
const KINDS: [Kind; 2] = [
    Kind {
        name: "answers",
        counts: "principals",
        smallest: 5,
        measure: answers::measure,
        plots: &[
            Drawn {
                file: "decision",
                title: "One decision",
                unit: "ns",
                lines: &["by names", "by ids", "in a batch of ids"],
            },
            Drawn {
                file: "table",
                title: "A table opened, and one question asked of everybody",
                unit: "ms",
                lines: &["read, checked, first answer", "who may do it"],
            },
            Drawn { file: "file", title: "A table's file", unit: "MB", lines: &["the file"] },
        ],
    },
    Kind {
        name: "text",
        counts: "bytes of text",
        smallest: 2,
        measure: text::measure,
        plots: &[
            Drawn {
                file: "compile",
                title: "Text to a table, on one core",
                unit: "ms",
                lines: &["text to bytes of a table", "lex and parse", "check", "lint", "lower", "write"],
            },
            Drawn {
                file: "edit",
                title: "A line edited in one organization of all",
                unit: "ms",
                lines: &["edit to findings"],
            },
            Drawn {
                file: "memory",
                title: "Memory of a compilation, at its peak",
                unit: "MB",
                lines: &["peak memory"],
            },
        ],
    },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, kind, organizations, file, ..] = &arguments[..]
        && flag == "--one"
    {
        let kind = KINDS.iter().find(|one| one.name == kind).expect("a kind of figures");
        let measured = (kind.measure)(world(organizations.parse().expect("a number")), Path::new(file));
        measured.into_iter().for_each(|(name, figure)| println!("{figure}\t{name}"));
        return;
    }
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    // `cargo test --benches` runs this too: two small sizes show that it works.
    let most = arguments.iter().find_map(|argument| argument.parse().ok());
    let most = most.unwrap_or(if has("--bench") { 1_000 } else { 3 });
    let factors: Vec<usize> = FACTORS.into_iter().filter(|factor| *factor <= most).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wanted = |kind: &&Kind| !KINDS.iter().any(|kind| has(kind.name)) || has(kind.name);
    for kind in KINDS.iter().filter(wanted) {
        let measured: Vec<(f64, Vec<(String, f64)>)> =
            factors.iter().map(|factor| apart(kind, kind.smallest * factor)).collect();
        print(kind, &measured);
        for drawn in kind.plots {
            let svg = draw(kind, drawn, &measured);
            assert!(svg.ends_with("</svg>\n"));
            if has("--write") {
                let place = root.join("docs/performance");
                fs::create_dir_all(&place).expect("a folder");
                fs::write(place.join(drawn.file).with_extension("svg"), svg).expect("a plot");
            }
        }
        if has("--write") {
            between::write(root, kind.name, &summed_up(kind, &measured));
        }
    }
}

fn world(organizations: usize) -> World {
    // No more questions than a small world has.
    let questions = (organizations * L.principals * 64).min(L.questions);
    World { name: "growth", organizations, questions, ..L }
}

/// A size measured in a process of its own: what it counts, and its figures.
fn apart(kind: &Kind, organizations: usize) -> (f64, Vec<(String, f64)>) {
    let file = file(kind, organizations);
    let program = std::env::current_exe().expect("this program");
    let run =
        Command::new(program).args(["--one", kind.name, &organizations.to_string()]).arg(&file).output();
    let run = run.expect("a process");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    fs::remove_file(&file).expect("what was written");
    let said = String::from_utf8(run.stdout).expect("figures");
    let mut figures = said.lines().map(|line| {
        let (figure, name) = line.split_once('\t').expect("a figure and its name");
        (name.to_owned(), figure.parse().expect("a number"))
    });
    let (_, size) = figures.next().expect("the size");
    (size, figures.collect())
}

/// The table of a size, where the figures are about tables.
fn file(kind: &Kind, organizations: usize) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("growth-{}-{organizations}", kind.name));
    let bytes = if kind.name == "answers" { table(world(organizations)).to_bytes() } else { Vec::new() };
    fs::write(&file, bytes).expect("a file");
    file
}

fn table(world: World) -> Table {
    compile(Sources::from_iter(files(world))).table.expect("the generated policy is without errors")
}

/// The text of a world.
fn files(world: World) -> Vec<(String, String)> {
    let catalog = "use jumpcloud\norganization o { }\n".to_owned();
    let catalog = compile(Sources::from_iter([("o.role".to_owned(), catalog)])).table.expect("no errors");
    world.files(&catalog)
}

fn print(kind: &Kind, measured: &[(f64, Vec<(String, f64)>)]) {
    print!("{:<32}", kind.counts);
    measured.iter().for_each(|(size, _)| print!("{size:>12}"));
    println!("{:>10}", "exponent");
    for drawn in kind.plots {
        for line in drawn.lines {
            let points = points(measured, line);
            print!("{:<32}", format!("{line}, {}", drawn.unit));
            points.iter().for_each(|(_, figure)| print!("{figure:>12.3}"));
            println!("{:>10.2}", fit::exponent(&points).unwrap_or(f64::NAN));
        }
    }
    println!();
}

/// The ends of each line and its exponent, in Markdown.
fn summed_up(kind: &Kind, measured: &[(f64, Vec<(String, f64)>)]) -> String {
    let ends = |of: &dyn Fn(usize) -> f64| [of(0), of(measured.len() - 1)];
    let [first, last] = ends(&|at| measured[at].0);
    let mut text = format!("| | {first} {0} | {last} {0} | exponent |\n|---|---:|---:|---:|\n", kind.counts);
    for drawn in kind.plots {
        for line in drawn.lines {
            let points = points(measured, line);
            let [first, last] = ends(&|at| points[at].1);
            let exponent = fit::exponent(&points).unwrap_or(f64::NAN);
            let _ = writeln!(text, "| {line}, {} | {first:.3} | {last:.3} | {exponent:.2} |", drawn.unit);
        }
    }
    text
}

fn points(measured: &[(f64, Vec<(String, f64)>)], line: &str) -> Vec<(f64, f64)> {
    let figure = |figures: &[(String, f64)]| {
        figures.iter().find(|(name, _)| name == line).expect("a line that was measured").1
    };
    measured.iter().map(|(size, figures)| (*size, figure(figures))).collect()
}

fn draw(kind: &Kind, drawn: &Drawn, measured: &[(f64, Vec<(String, f64)>)]) -> String {
    let lines = drawn.lines.iter().map(|line| {
        let points = points(measured, line);
        Series { name: line, exponent: fit::exponent(&points), points }
    });
    Plot { title: drawn.title, across: kind.counts, up: drawn.unit, lines: lines.collect() }.svg()
}
