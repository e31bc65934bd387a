//! What a terminal gets, whatever the program was given: every verb in every format, every option of it, over a policy,
//! a table, rows, queries, settings, names of files and variables that hold every character that nobody would see. Verbs,
//! options and formats are read from the help, so that a new one is swept or fails here.

mod watched;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::File;
use std::sync::Mutex;
use std::thread;

use self::watched::Watched;
use self::world::World;
use crate::run::{Folder, Run, uncolored};
use crate::verbs::{Verb, verbs};

/// Runs of each verb, from the folder of a [`World`], whose words begin with `@`. A run with `@asked` is one over the
/// policy and one over its table. Each is run in every format that the verb has, whether it fits there or not.
const RUNS: &[(&str, &[&str])] = &[
    (
        "check",
        &[
            "@good",
            "@bad",
            "@imports",
            "@none",
            "--pedantic @good",
            "--color always --pedantic @good",
            "--color always @bad",
            "--assignments @csv @good",
            "--assignments @jsonl @good",
            "--config @settings @good",
            "--fix --diff @mendable",
            "--fix --diff --color always @mendable",
            "--explain @x",
            "-",
        ],
    ),
    (
        "fmt",
        &[
            "--check @good",
            "--diff @good",
            "--diff --color always @good",
            "--diff @bad",
            "@scratch",
            "--diff -",
            "-",
            "@none",
        ],
    ),
    (
        "build",
        &[
            "@good -o @out",
            "@bad -o @out",
            "@none -o @out",
            "@good -o @none",
            "@good -o @out --sizes --assignments @csv",
        ],
    ),
    (
        "can",
        &[
            "@who @permission --why @asked",
            "@who @other @asked",
            "@who @unknown --why @asked",
            "@x @x @asked",
            "role:@x @permission @asked",
            "@role @permission --why @asked",
            "@who @permission -p @bad",
            "@who @permission --table @good",
        ],
    ),
    (
        "verify",
        &[
            "@table @good",
            "@table @bad",
            "@table @changed",
            "--show @table",
            "--show @none",
            "@good @good",
            "@none @x",
        ],
    ),
    ("eval", &["@asked", "@queries @asked", "@none @asked", "-p @bad"]),
    ("show", &["@id @asked", "@id --color always @asked", "@x @asked", "@id -p @bad", "@id --table @none"]),
    (
        "who",
        &[
            "@permission @asked",
            "@permission --reachable @asked",
            "--reachable @asked",
            "@permission --from 2019-01-01 @asked",
            "@x @asked",
            "@permission -p @bad",
        ],
    ),
    ("what", &["@who @asked", "@role @asked", "@who --from 2019-01-01 @asked", "@x @asked", "@who -p @bad"]),
    (
        "diff",
        &[
            "@good @changed",
            "--color always @good @changed",
            "@table @changed",
            "git:HEAD:@good @changed",
            "git:@x @good",
            "git:HEAD:@x @good",
            "@none @bad",
            "@bad @good",
        ],
    ),
    (
        "plan",
        &[
            "--as @who @good @changed",
            "--as @x @good @changed",
            "--as @who git:HEAD:@good @changed",
            "--as @who git:@x @changed",
            "--as @who @good @bad",
        ],
    ),
    (
        "matrix",
        &[
            "@asked",
            "--people --from 2019-01-01 @asked",
            "-o @written/matrix @asked",
            "--role @x @asked",
            "--category @x @asked",
            "-p @bad",
        ],
    ),
    (
        "suggest",
        &[
            "@asked",
            "--merges @asked",
            "--cover @permission @asked",
            "--cover @x @asked",
            "--from-log @log @asked",
            "-p @bad",
        ],
    ),
    (
        "export cedar",
        &["-o @written/cedar @asked", "-o @none/x/y -p @bad", "-o @none --table @good", "-o @table -p @good"],
    ),
    ("export rego", &["-o @written/rego -p @good", "-o @none/x/y -p @bad", "-o @table -p @good"]),
    ("export json", &["-p @good", "-o @written/json -p @good", "-p @bad", "-o @table/x -p @good"]),
    (
        "test",
        &[
            "@good",
            "--color always @good",
            "--coverage --mutation @passing",
            "--lcov @written/lcov @passing",
            "--filter @x @good",
            "@bad",
            "@none",
        ],
    ),
    (
        "role new",
        &[
            "@x -p @good --dry-run",
            "@x --title @x --description @x --from @id -p @good --dry-run",
            "@id -p @good",
            "r -p @bad",
        ],
    ),
    ("role copy", &["@id @x -p @good --dry-run", "@x y -p @good", "@id y -p @good --dry-run --color always"]),
    ("role rename", &["@id @x -p @good --dry-run", "@x y -p @good", "@id y -p @good --dry-run"]),
    ("role remove", &["@id -p @good --dry-run", "@x -p @good", "@id --replace-with @x -p @good --dry-run"]),
    ("assign", &["@id @x -p @good --dry-run --because @x", "@x @who -p @good", "@id @who -p @bad"]),
    ("unassign", &["@id @who -p @good --dry-run", "@id @x -p @good", "@x @who -p @good"]),
    ("new", &["@out/new", "@good", "@table/x"]),
    ("catalog list", &["-p @good", "-p @bad"]),
    ("catalog show", &["c -p @good", "@x", "@x -p @good", "@bad"]),
    ("catalog search", &["@x -p @good", "esc -p @good", "t -p @good", "@x"]),
    ("catalog compare", &["c jumpcloud -p @good", "@x jumpcloud", "jumpcloud @bad"]),
    ("key new", &["@none", "@table/x"]),
    ("key sign", &["@table --sign @none", "@none --sign @none", "@table --sign @table"]),
    ("lsp", &["", "@x"]),
    ("completions bash", &[""]),
    ("completions elvish", &[""]),
    ("completions fish", &[""]),
    ("completions powershell", &[""]),
    ("completions zsh", &["", "@x"]),
    ("man", &["", "--dir @table/x"]),
];

/// Says nothing of what it is given, but in complaints about its arguments.
fn is_mute(verb: &str) -> bool {
    verb == "lsp" || verb.starts_with("completions")
}

/// A run to be, and what it is of.
struct Job {
    verb: String,
    format: String,
    args: Vec<OsString>,
    var: Option<(&'static str, OsString)>,
}

fn jobs(world: &World, verbs: &[Verb]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for verb in verbs {
        let (_, runs) = RUNS.iter().find(|(name, _)| *name == verb.name).unwrap();
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let mut job = |format: &str, run: &str, more: &[OsString]| {
            for table in [false, true] {
                if table && !run.contains("@asked") {
                    continue;
                }
                let mut args: Vec<OsString> = words(&verb.name).into_iter().map(OsString::from).collect();
                for word in words(run) {
                    match (word.as_str(), table) {
                        ("@asked", false) => args.extend([OsString::from("-p"), world.word("@good")]),
                        ("@asked", true) => args.extend([OsString::from("--table"), world.word("@table")]),
                        // A file for each format.
                        (named, _) if named.starts_with("@written") => {
                            args.push(world.word(&format!("{named}{format}")));
                        }
                        _ => args.push(world.word(&word)),
                    }
                }
                args.extend(more.iter().cloned());
                let format_args = (!format.is_empty()).then(|| [OsString::from("--format"), format.into()]);
                args.extend(format_args.into_iter().flatten());
                jobs.push(Job { verb: verb.name.clone(), format: format.to_owned(), args, var: None });
            }
        };
        let formats = if verb.formats.is_empty() { vec![String::new()] } else { verb.formats.clone() };
        for (index, format) in formats.iter().enumerate() {
            for (run, args) in runs.iter().enumerate() {
                // The tags are one sort of character: they come through every run, each in one of the formats.
                if world.is_first() || run % formats.len() == index {
                    job(format, args, &[]);
                }
            }
        }
        if !world.is_first() {
            continue;
        }
        let x = world.word("@x");
        let mut dashed = OsString::from("--");
        dashed.push(&x);
        let (format, first) = (formats.last().unwrap(), runs.first().unwrap().replace("@asked", "-p @good"));
        for option in &verb.options {
            job(format, &first, &[option.into(), x.clone()]);
        }
        job(format, &first, std::slice::from_ref(&x));
        job(format, &first, &[dashed]);
        job(format, "", &[x]);
        job(format, "", &[]);
    }
    jobs
}

/// Runs in which a variable that is read says something strange.
fn with_variables(world: &World) -> Vec<Job> {
    /// What the program, its libraries or git read.
    const READ: [&str; 17] = [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "TERM",
        "COLORTERM",
        "COLUMNS",
        "LINES",
        "HOME",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "TMPDIR",
        "PATH",
        "GIT_DIR",
        "GIT_CONFIG_GLOBAL",
        "RAYON_NUM_THREADS",
        "RUST_BACKTRACE",
        "CI",
    ];
    let mut jobs = Vec::new();
    for name in READ {
        for run in [
            "check --pedantic @good",
            "check --assignments - --assignments-format csv @good",
            "diff git:HEAD:@good @changed",
            "nonsense",
            "--help",
            "lsp",
        ] {
            let args = run.split_whitespace().map(|word| world.word(word)).collect();
            jobs.push(Job {
                verb: "variables".into(),
                format: String::new(),
                args,
                var: Some((name, world.word("@x"))),
            });
        }
    }
    jobs
}

/// Fails where a text holds what a terminal would obey or nobody would see, or a line that only a name could have begun.
fn is_plain(text: &str, of: &dyn std::fmt::Debug) {
    let raw = text.chars().find(|c| world::is_swept(*c) && !matches!(c, '\n' | '\t'));
    if let Some(c) = raw {
        let at = text.find(c).unwrap();
        let around: String =
            text[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        panic!("U+{:04X} is raw behind {around:?} in {of:?}", u32::from(c));
    }
    assert!(!text.lines().any(|line| line.starts_with(world::FORGED)), "a line is forged in {of:?}: {text}");
}

/// What was shown of hidden characters, by their spelling.
fn spelled(text: &str, seen: &mut BTreeSet<char>) {
    let number = |digits: &str| u32::from_str_radix(digits, 16).ok();
    for (at, _) in text.match_indices("<U+") {
        let digits = text[at + 3..].split('>').next().unwrap_or_default();
        seen.extend(number(digits).and_then(char::from_u32));
    }
    let units = text.match_indices("\\u").filter_map(|(at, _)| number(text.get(at + 2..at + 6)?));
    let units: Vec<u16> = units.filter_map(|unit| u16::try_from(unit).ok()).collect();
    seen.extend(char::decode_utf16(units).flatten());
    let short = [("\\b", '\u{8}'), ("\\t", '\t'), ("\\n", '\n'), ("\\f", '\u{c}'), ("\\r", '\r')];
    seen.extend(short.iter().filter(|(spelling, _)| text.contains(spelling)).map(|(_, c)| *c));
}

#[test]
fn nothing_hidden_reaches_a_terminal() {
    let verbs = verbs();
    let known: BTreeSet<&str> = RUNS.iter().map(|(verb, _)| *verb).collect();
    let there: BTreeSet<&str> = verbs.iter().map(|verb| verb.name.as_str()).collect();
    assert_eq!(known, there, "each verb of the help has its runs here");
    let mut shown: BTreeMap<(String, String), BTreeSet<char>> = BTreeMap::new();
    let mut count = 0;
    for world in World::all() {
        let mut jobs = jobs(&world, &verbs);
        if world.is_first() {
            jobs.extend(with_variables(&world));
        }
        count += jobs.len();
        let found = Mutex::new(&mut shown);
        let next = Mutex::new(jobs.into_iter());
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
                scope.spawn(|| {
                    loop {
                        let Some(job) = next.lock().unwrap().next() else { break };
                        let mut seen = BTreeSet::new();
                        sweep(&world, &job, &mut seen);
                        found.lock().unwrap().entry((job.verb, job.format)).or_default().extend(seen);
                    }
                });
            }
        });
        world.written(|path, text| {
            is_plain(&text, &path);
        });
    }
    // A sweep that nothing hostile came through would prove nothing. No file can have NUL in its name.
    let mut unshown = Vec::new();
    for verb in verbs.iter().filter(|verb| !is_mute(&verb.name)) {
        let formats = if verb.formats.is_empty() { vec![String::new()] } else { verb.formats.clone() };
        let of = |format: &String| &shown[&(verb.name.clone(), format.clone())];
        let in_all: BTreeSet<char> = formats.iter().flat_map(of).copied().collect();
        for format in &formats {
            let is_shown =
                |c: char| if world::is_tag(c) { in_all.contains(&c) } else { of(format).contains(&c) };
            let missing: String = world::swept().filter(|c| !is_shown(*c)).collect();
            if !missing.trim_matches(['\0', '\n', '\t']).is_empty() {
                unshown.push((verb.name.clone(), format.clone(), missing));
            }
        }
    }
    assert!(unshown.is_empty(), "these showed too little: {unshown:#?}");
    let formats: usize = verbs.iter().map(|verb| verb.formats.len().max(1)).sum();
    println!(
        "{} verbs, {formats} with their formats, {} characters, {count} runs",
        verbs.len(),
        world::swept().count()
    );
}

/// What `check --watch` and `test --watch` say, in each of their formats, over one round after the other: nothing hidden,
/// and the name of the file that has changed is told.
#[test]
fn nothing_hidden_comes_of_a_watch() {
    for world in World::all() {
        for (verb, format) in [
            ("check", "human"),
            ("check", "json"),
            ("check", "github"),
            ("check", "sarif"),
            ("test", "human"),
            ("test", "json"),
            ("test", "junit"),
        ] {
            let mut seen = BTreeSet::new();
            let mut watched = Watched::over(&world, &["--watch", "--format", format], verb);
            watched.until("waiting for changes");
            for round in ["// one more\n", "}\n", ""] {
                world.change(round);
                watched.until("changed: ");
                watched.until("waiting for changes");
            }
            let (found, told) = watched.end();
            for text in [&found, &told] {
                is_plain(text, &(verb, format));
                spelled(text, &mut seen);
            }
            // The file's name stands in the line that parts the rounds: as long as a name is, without NUL.
            let missing: String = world.named().filter(|c| !seen.contains(c)).collect();
            assert!(missing.is_empty(), "{verb} {format} showed no {missing:?}");
            assert!(!found.is_empty(), "{verb} {format} found nothing");
        }
    }
}

fn sweep(world: &World, job: &Job, seen: &mut BTreeSet<char>) {
    let mut run = Run::new("").dir(world.path()).stdin(world.stdin(&job.verb));
    for arg in &job.args {
        run = run.arg(arg.clone());
    }
    if let Some((name, value)) = &job.var {
        run = run.var(name, value.clone());
    }
    // The server speaks to a program on standard output, and to people on standard error alone.
    if job.args.first().is_some_and(|arg| arg == "lsp") {
        run = run.stdout_to(File::options().write(true).open("/dev/null").unwrap());
    }
    let output = run.output();
    let is_forced = job.var.as_ref().is_some_and(|(name, _)| *name == "CLICOLOR_FORCE");
    let is_colored = is_forced || job.args.iter().any(|arg| arg == "always");
    for text in [&output.stdout, &output.stderr] {
        let plain = if is_colored { uncolored(text) } else { text.clone() };
        is_plain(&plain, &(&job.args, &job.var));
        spelled(&plain, seen);
    }
}

/// What was formatted is the user's own text, with its mark and its line ends; and a text with anything else hidden in it
/// is not handed on.
#[test]
fn what_is_formatted_is_handed_on() {
    let text = "\u{feff}use jumpcloud\r\n// ok\r\n";
    let folder = Folder::new();
    Run::new("fmt -").stdin(text).stdout_to(File::create(folder.at("out")).unwrap()).ends(0);
    assert_eq!(folder.bytes("out"), text.as_bytes());
    for c in world::swept().filter(|c| !matches!(c, '\n' | '\t')) {
        let output = Run::new("fmt -").stdin(format!("use jumpcloud\n// a {c} b\n")).ends(1).stays_mute();
        is_plain(&output.stderr, &c);
    }
}
