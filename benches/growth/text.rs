//! Figures of a text that becomes a table: each stage, an edit, memory. The best of some runs, as nothing makes one
//! faster than it is.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rolec::check::{Ground, Input, openings, organization};
use rolec::lint::{self, Moment};
use rolec::lower::lower;
use rolec::model::Model;
use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::syntax::ast::File;
use rolec::syntax::parse;
use rolec::workspace::Workspace;

use crate::Measured;
use crate::world::World;

/// As long as the runs of one figure go on, and how many there are at least.
const ENOUGH: Duration = Duration::from_millis(500);
const FEWEST: usize = 2;

pub(crate) fn measure(world: World, _file: &Path) -> Measured {
    let files = crate::files(world);
    let size: usize = files.iter().map(|(_, text)| text.len()).sum();
    // First, while the process has taken no memory for anything else: above what the text takes itself.
    let before = peak_memory();
    let compiled = compile(Sources::from_iter(files));
    black_box(compiled.table.expect("the generated policy is without errors").to_bytes());
    let peak = peak_memory().saturating_sub(before);

    let files = crate::files(world);
    let total = best(
        || Sources::from_iter(files.clone()),
        |given| compile(given).table.expect("no errors").to_bytes(),
    );
    // With the catalog that it names.
    let sources = compile(Sources::from_iter(files.clone())).sources;
    let parsed = best(|| (), |()| trees(&sources));
    let trees = trees(&sources);
    let checked = best(|| (), |()| check(&sources, &trees));
    let model = check(&sources, &trees);
    let linted = best(|| (), |()| lint(&model));
    let lowered = best(|| (), |()| lower(&model, &sources).expect("a sound table"));
    let table = lower(&model, &sources).expect("a sound table");
    let written = best(|| (), |()| table.to_bytes());
    drop((table, model, trees, sources));
    vec![
        ("bytes of text", size as f64),
        ("text to bytes of a table", total),
        ("lex and parse", parsed),
        ("check", checked),
        ("lint", linted),
        ("lower", lowered),
        ("write", written),
        ("edit to findings", edit(&files)),
        ("peak memory", peak as f64 / 1e6),
    ]
}

fn trees(sources: &Sources) -> Vec<File> {
    sources.iter().map(|(id, source)| parse(source, id).0).collect()
}

fn check(sources: &Sources, trees: &[File]) -> Model {
    let inputs: Vec<Input<'_>> = sources
        .iter()
        .zip(trees)
        .map(|((id, source), tree)| {
            let is_built_in = source.name().starts_with("builtin:");
            Input { id, source, tree, is_built_in }
        })
        .collect();
    let ground = Ground::check(&inputs).0;
    let organizations = openings(&inputs, &ground).0;
    let checked = organizations.iter().map(|openings| Arc::new(organization(&ground, openings).organization));
    Model { shared: ground.shared().clone(), organizations: checked.collect() }
}

fn lint(model: &Model) -> usize {
    let mut advice = lint::shared(&model.shared);
    for organization in &model.organizations {
        advice.append(lint::organization(&model.shared, organization, Moment::default()));
    }
    advice.append(lint::policy(model));
    advice.len()
}

/// An assignment added to the organization in the middle and taken away again, each time to the findings.
fn edit(files: &[(String, String)]) -> f64 {
    let mut workspace = Workspace::new(Moment::default());
    files.iter().for_each(|(name, text)| workspace.set(name, text.as_str()));
    workspace.update();
    assert!(!workspace.has_errors());
    let (name, text) = &files[files.len() / 2];
    let mut edited = text.trim_end().trim_end_matches('}').to_owned();
    let _ = write!(edited, "    assign r00 to \"somebody.else@example.org\"\n}}\n");
    let mut turn = false;
    best(
        || {
            turn = !turn;
            if turn { edited.clone() } else { text.clone() }
        },
        |text| {
            workspace.set(name, text);
            workspace.update().len()
        },
    )
}

/// The best time of something in milliseconds, without what prepares it.
fn best<G, T>(mut prepare: impl FnMut() -> G, mut work: impl FnMut(G) -> T) -> f64 {
    let (mut best, mut all, mut runs) = (Duration::MAX, Duration::ZERO, 0);
    while runs < FEWEST || all < ENOUGH {
        let given = prepare();
        let started = Instant::now();
        let result = black_box(work(given));
        let took = started.elapsed();
        drop(result);
        best = best.min(took);
        all += took;
        runs += 1;
    }
    best.as_secs_f64() * 1e3
}

/// The most memory that the process ever took, in bytes; nothing where the system does not tell.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse().map_or(0, |kilobytes: usize| kilobytes * 1024)
}
