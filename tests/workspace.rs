//! Whatever is edited, in whatever order: what a workspace says is what a compile from scratch says.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "policies are files")]

mod support {
    pub(crate) mod random;
}

use std::collections::BTreeMap;
use std::path::Path;

use rolec::diagnostic::{Code, Diagnostic};
use rolec::lint::Moment;
use rolec::pipeline::{Compilation, compile_at};
use rolec::source::{Place, Sources};
use rolec::table::Table;
use rolec::told::{Level, Levels};
use rolec::workspace::Workspace;
use support::random::Random;

/// A finding in words, so that ids of files do not matter.
fn told(sources: &Sources, finding: &Diagnostic) -> String {
    let at = |place: Place| {
        let name = sources.file(place.file).map_or("?", |file| file.name());
        format!("{name}:{}-{}", place.span.start, place.span.end)
    };
    let labels: Vec<String> =
        finding.secondary.iter().map(|label| format!("{} {}", at(label.place), label.text)).collect();
    let fixes: Vec<String> = finding
        .fixes
        .iter()
        .map(|fix| {
            let edits: Vec<String> =
                fix.edits.iter().map(|edit| format!("{} {:?}", at(edit.place), edit.text)).collect();
            format!("{} {edits:?} {:?}", fix.title, fix.applicability)
        })
        .collect();
    format!(
        "{} {} {} {} {labels:?} {:?} {fixes:?} {}",
        finding.severity(),
        finding.code,
        at(finding.primary.place),
        finding.message,
        finding.help,
        finding.primary.text
    )
}

fn from_scratch(files: &BTreeMap<String, String>) -> Compilation {
    compile_at(Sources::from_iter(files.clone()), Moment::default())
}

fn same(
    workspace: &mut Workspace,
    files: &BTreeMap<String, String>,
    published: &mut BTreeMap<String, Vec<String>>,
    edit: &str,
) {
    let changed = workspace.update();
    let fresh = from_scratch(files);
    let mut wanted: Vec<String> =
        fresh.findings.iter().map(|finding| told(&fresh.sources, finding)).collect();
    wanted.sort();
    // What was published is what a client knows: files that are not named as changed keep what they had.
    published.retain(|name, _| workspace.file(name).is_some() || name.starts_with("builtin:"));
    for id in changed {
        let Some(file) = workspace.sources().file(id) else { continue };
        let list = workspace.findings(id).map(|finding| told(workspace.sources(), finding)).collect();
        published.insert(file.name().to_owned(), list);
    }
    let mut got: Vec<String> = published.values().flatten().cloned().collect();
    got.sort();
    assert_eq!(got, wanted, "after {edit}");
    for (id, source) in workspace.sources().iter() {
        // Members that stand as they did are not parsed again, and nobody can tell.
        let (tree, _) = rolec::syntax::parse(source, id);
        assert_eq!(workspace.tree(id), Some(&tree), "{} after {edit}", source.name());
    }
    let bytes = |table: Option<Table>| table.map(|table| table.to_bytes());
    assert_eq!(bytes(workspace.table()), bytes(fresh.table), "after {edit}");
}

fn load(files: &BTreeMap<String, String>) -> Workspace {
    let mut workspace = Workspace::new(Moment::default());
    for (name, text) in files {
        workspace.set(name, text.clone());
    }
    workspace
}

/// Cuts a text at its tokens' borders: where an edit may hurt.
fn borders(text: &str) -> Vec<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut cuts = vec![0];
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if !(is_word(before) && is_word(c)) {
            cuts.push(at);
        }
        before = c;
    }
    cuts.push(text.len());
    cuts
}

const PIECES: [&str; 29] = [
    "}",
    "{",
    ",",
    ":",
    "view",
    "full",
    "none",
    "on",
    "role x { grant all: view }",
    "template x from help-desk { }",
    "from",
    "help-desk",
    "grant device-management: view",
    "assign x to \"p\"",
    "x",
    "// remark\n",
    "/// doc\n",
    "organization o { }",
    "forbid \"f\" { device-management.devices: full }",
    "require \"r\" at least 1 { role desk }",
    "require \"s\" at most 0 { device-management.devices: view }",
    "use jumpcloud",
    "\"",
    "é",
    "managed",
    "template front-line { }",
    "\n// allow(unassigned-role, lowered-by-spread): a reason\n",
    " // allow(redundant-entry): a reason\n",
    "\n// allow(unused-template): a reason\n",
];

/// One random edit: a piece taken out, put in, doubled or moved.
fn edit(random: &mut Random, text: &str) -> String {
    let cuts = borders(text);
    let at = cuts[random.below(cuts.len())];
    let to = cuts.iter().copied().filter(|cut| *cut >= at).nth(1 + random.below(3)).unwrap_or(text.len());
    let (head, piece, tail) = (&text[..at], &text[at..to], &text[to..]);
    match random.below(7) {
        // Another word of the same length: the tree stays, and means something else.
        6 => {
            let (from, to) =
                [("view", "full"), ("full", "view"), ("desk", "dusk"), ("dusk", "desk")][random.below(4)];
            format!("{head}{}", text[at..].replacen(from, to, 1))
        }
        0 => format!("{head}{tail}"),
        1 => format!("{head}{piece}{piece}{tail}"),
        2 => {
            let other = cuts[random.below(cuts.len())];
            format!("{}{piece}{}", &text[..other], &text[other..])
        }
        _ => format!("{head}{}{piece}{tail}", PIECES[random.below(PIECES.len())]),
    }
}

/// Several organizations and templates in one file, and names that are nearly others.
const ONE_FILE: &str = r#"use jumpcloud
template desk from help-desk { grant device-management: view }
organization a {
    role a1 from desk { grant device-management.devices: full }
    role a2 from dusk { grant all: view }
    assign a1 to "ana"  assign desk to "bob" from 2026-01-01  assign a3 to "cat"
    forbid "both" except admin-with-billing { device-management.devices: full  device-management.remote-assist: full }
    test "t" { a1 can device-management.devices: full  "ana" cannot device-management.devices: full }
}
organization b managed {
    // allow(unassigned-role): never so
    role b1 from desk, read-only { grant monitoring-analytics: view }
    assign b1 to service "bot"  assign dosk to "dan"
}
// allow(single-use-template, redundant-entry): a reason
template dusk from desk { grant monitoring-analytics.event-logs: view }
forbid "top" except b1, nobody { core-administration.billing-management: full  device-management.devices: full }
organization c { assign desk to "eve"  assign dusk to "eve"  require "one" at least 1 at most 1 { role desk } }
require "few" at most 2 except dusk { device-management.devices: view }
"#;

fn policy(folder: &str) -> BTreeMap<String, String> {
    if folder.is_empty() {
        return BTreeMap::from([
            ("one.role".to_owned(), ONE_FILE.to_owned()),
            ("two.role".to_owned(), "use jumpcloud\norganization d { assign desk to \"fay\" }\n".to_owned()),
        ]);
    }
    let mut files = BTreeMap::new();
    let mut folders = vec![Path::new("policies").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.display().to_string(), std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

fn edits(folder: &str, seed: u64, count: usize) {
    let clean = policy(folder);
    let names: Vec<String> = clean.keys().cloned().collect();
    let mut files = clean.clone();
    let mut random = Random(seed);
    let mut workspace = load(&files);
    let mut published = BTreeMap::new();
    same(&mut workspace, &files, &mut published, "load");
    for step in 0..count {
        let name = &names[random.below(names.len())];
        let what = match random.below(12) {
            // Back to what compiles, so that the damage does not only grow.
            0..=4 => {
                files.insert(name.clone(), clean[name].clone());
                workspace.set(name, clean[name].clone());
                "mend"
            }
            5 if files.len() > 1 => {
                files.remove(name);
                workspace.remove(name);
                "remove"
            }
            _ => {
                let text = edit(&mut random, files.get(name).unwrap_or(&clean[name]));
                files.insert(name.clone(), text.clone());
                workspace.set(name, text);
                "edit"
            }
        };
        same(&mut workspace, &files, &mut published, &format!("step {step} of seed {seed}: {what} {name}"));
    }
}

#[test]
fn edits_of_a_company() {
    (1..=4).for_each(|seed| edits("acme", seed, 60));
}

#[test]
fn edits_of_a_provider() {
    (1..=4).for_each(|seed| edits("northwind-msp", seed, 60));
}

#[test]
fn edits_of_a_catalog() {
    (1..=4).for_each(|seed| edits("orders-app", seed, 60));
}

#[test]
fn edits_of_one_file() {
    (1..=12).for_each(|seed| edits("", seed, 60));
}

/// What may become what, so that a text which could be read still can.
const RETOUCHES: [(&str, &str); 14] = [
    ("view", "full"),
    ("full", "view"),
    (": view", ": none"),
    (": none", ": view"),
    ("\" {", " z\" {"),
    (" z\" {", "\" {"),
    (".example\"", "z.example\""),
    ("z.example\"", ".example\""),
    (" can ", " cannot "),
    (" cannot ", " can "),
    ("// ", "// z "),
    ("// z ", "// "),
    ("role", "rolez"),
    ("rolez", "role"),
];

/// Edits that leave the text readable, most of them inside of one member: a word, a name, a remark. Now and then two
/// before anybody looks.
fn retouches(folder: &str, seed: u64, count: usize) {
    let mut files = policy(folder);
    let names: Vec<String> = files.keys().cloned().collect();
    let mut random = Random(seed);
    let mut workspace = load(&files);
    let mut published = BTreeMap::new();
    same(&mut workspace, &files, &mut published, "load");
    let mut made = 0;
    while made < count {
        let name = &names[random.below(names.len())];
        let (from, to) = RETOUCHES[random.below(RETOUCHES.len())];
        let text = &files[name];
        let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
        if places.is_empty() {
            continue;
        }
        let at = places[random.below(places.len())];
        let text = format!("{}{to}{}", &text[..at], &text[at + from.len()..]);
        files.insert(name.clone(), text.clone());
        workspace.set(name, text);
        made += 1;
        if random.below(5) > 0 {
            let what = format!("step {made} of seed {seed}: {from:?} to {to:?} in {name} at {at}");
            same(&mut workspace, &files, &mut published, &what);
        }
    }
}

#[test]
fn retouches_of_what_can_be_read() {
    for (folder, count) in [("acme", 60), ("northwind-msp", 60), ("orders-app", 60), ("", 120)] {
        (1..=3).for_each(|seed| retouches(folder, seed, count));
    }
}

/// One assignment among others: names that others have, that nobody has, that look like others or are those of machines.
fn assignment(random: &mut Random) -> String {
    const NAMES: [&str; 9] = ["ana", "bob", "b0b", "Bob", "cat", "dan", "éva", "e\u{301}va", "p{}"];
    const ROLES: [&str; 6] = ["r0", "r1", "r2", "help-desk", "read-only", "r3"];
    const WHEN: [&str; 6] = [
        "",
        " until 2026-06-01",
        " from 2026-06-01",
        " from 2026-05-01 until 2026-07-01",
        " until 2026-06-01 from 2026-07-01",
        " from 2026-05-01 because \"so\"",
    ];
    // Mostly what is right, so that the next edit begins with that.
    let name = |random: &mut Random| {
        let name = NAMES[if random.below(3) > 0 { 8 } else { random.below(8) }];
        let name = name.replace("{}", &random.below(40).to_string());
        format!("{}\"{name}\"", if random.below(12) == 0 { "service " } else { "" })
    };
    let names: Vec<String> = (0..=random.below(5) / 3).map(|_| name(random)).collect();
    let known = if random.below(8) == 0 { 6 } else { 5 };
    let role = ROLES[random.below(known)];
    let when = WHEN[if random.below(3) > 0 { 0 } else { random.below(6) }];
    format!("assign {role} to {}{when}  // of many", names.join(", "))
}

#[test]
fn one_assignment_of_many() {
    for seed in 1..=3 {
        let mut random = Random(seed);
        let head = "use jumpcloud\norganization o {\n    role r0 from help-desk { grant device-management: full }\n    \
                    role r1 { grant all: view }\n    role r2 from r1 { grant monitoring-analytics: view }\n";
        let behind = "    forbid \"f\" { device-management.devices: full  core-administration.billing-management: full }\n    \
                      test \"t\" { \"p1\" cannot core-administration.billing-management: full }\n}\n\
                      organization q { assign help-desk to \"p1\", \"ana\" }\n";
        let mut lines: Vec<String> =
            (0..16).map(|n| format!("assign r{} to \"p{n}\"  // of many", n % 3)).collect();
        let text = |lines: &[String]| format!("{head}    {}\n{behind}", lines.join("\n    "));
        let mut files = BTreeMap::from([("o.role".to_owned(), text(&lines))]);
        let mut workspace = load(&files);
        let mut published = BTreeMap::new();
        same(&mut workspace, &files, &mut published, "load");
        for step in 0..120 {
            let line = random.below(lines.len());
            // Every other time back to what is right.
            lines[line] = match random.below(2) {
                0 => format!("assign r{} to \"p{line}\"  // of many", random.below(3)),
                _ => assignment(&mut random),
            };
            let text = text(&lines);
            files.insert("o.role".to_owned(), text.clone());
            workspace.set("o.role", text);
            same(
                &mut workspace,
                &files,
                &mut published,
                &format!("step {step} of seed {seed}: {}", lines[line]),
            );
        }
    }
}

/// Texts of files, one after the other, each checked against a compile from scratch.
fn steps(texts: &[(&str, &str)]) {
    at_once(&texts.iter().map(std::slice::from_ref).collect::<Vec<_>>());
}

/// The same for texts of several files in one step.
fn at_once(steps: &[&[(&str, &str)]]) {
    let mut files = BTreeMap::new();
    let mut workspace = load(&files);
    let mut published = BTreeMap::new();
    for (number, texts) in steps.iter().enumerate() {
        for (name, text) in *texts {
            files.insert((*name).to_owned(), (*text).to_owned());
            workspace.set(name, *text);
        }
        same(&mut workspace, &files, &mut published, &format!("step {number}"));
    }
}

#[test]
fn what_an_organization_asks_of_others() {
    let organization = "use jumpcloud organization o { assign desk to \"a\" }";
    let top = "use jumpcloud organization p { role only-here {} } forbid \"f\" except only-here { device-management.devices: full }";
    steps(&[
        ("o.role", organization),
        ("t.role", "use jumpcloud"),
        ("x.role", "use jumpcloud"),
        // Words of damaged text elsewhere.
        ("x.role", "use jumpcloud organization q { role desk desk from help-desk {} }"),
        ("x.role", "use jumpcloud organization q { role tusk tusk from help-desk {} }"),
        ("x.role", "use jumpcloud"),
        // A near name comes, then the name, then the name in damaged text, then none of it.
        ("t.role", "use jumpcloud template dusk from help-desk {}"),
        ("t.role", "use jumpcloud template desk from help-desk {}"),
        ("t.role", "use jumpcloud template desk desk from help-desk {"),
        ("t.role", "use jumpcloud template tusk tusk from help-desk {"),
        ("t.role", "use jumpcloud"),
        // The role of another organization that a forbid of the top names.
        ("t.role", top),
        ("o.role", "use jumpcloud organization o { role only-here {} assign only-here to \"a\" }"),
        ("t.role", &top.replace("role only-here {}", "role other-name {}")),
        ("o.role", organization),
        // A role that takes the id of a template, but for its case.
        ("o.role", "use jumpcloud organization o { role Desk {} assign Desk to \"a\" }"),
        ("t.role", "use jumpcloud template desk from help-desk {}"),
        ("t.role", "use jumpcloud"),
        ("o.role", "use jumpcloud organization O { } organization o { }"),
    ]);
}

/// What all organizations stand on, in files that none of them names.
#[test]
fn what_an_organization_is_held_against() {
    let catalog = "catalog c { category x { a: flag b: flag } } catalog d { category x { a: flag b: flag } }";
    let of = |catalog: &str, text: &str| format!("use {catalog} {text}");
    let organization = |id: &str| {
        of(
            id,
            &format!(
                "organization {id} {{ role r {{ grant x: on }} role s {{ grant x.a: on }} assign r to \"a\" assign s to \"b\" }}"
            ),
        )
    };
    let forbid = "forbid \"f\" { x.a: on x.b: on }";
    let default = |row: &str| of("c", &format!("default template t {{ grant x.{row}: on }}"));
    at_once(&[
        &[("c.role", catalog), ("x.role", "use c"), ("y.role", "use d")],
        &[("o.role", &organization("c")), ("p.role", &organization("d"))],
        &[("x.role", &of("c", forbid))],
        // From one catalog to the other, and no more and no fewer than there were.
        &[("x.role", "use c"), ("y.role", &of("d", forbid))],
        &[("y.role", "use d")],
        &[("t.role", &default("b"))],
        &[("t.role", &default("a"))],
        &[("t.role", &default("b"))],
    ]);
}

/// A finding that names the place of a principal, and one in their assignments.
#[test]
fn where_people_stand_while_something_is_edited() {
    let text = |title: &str, role: &str, from: &str| {
        format!(
            "use jumpcloud organization o {{ role r \"{title}\" {{ grant all: view }} assign {role} to \"ana\" until 2026-01-01 \
             assign help-desk to \"ana\" from {from} assign help-desk to \"bob\" test \"t\" {{ \
             service \"ana\" cannot core-administration.billing-management: full \
             service \"bob\" cannot core-administration.billing-management: full }} }}"
        )
    };
    let overlapping = |title: &str| text(title, "help-desk", "2025-12-31");
    steps(&[
        ("o.role", &text("one", "r", "2026-02-01")),
        ("o.role", &text("another", "r", "2026-02-01")),
        ("o.role", &text("another", "help-desk", "2026-02-01")),
        ("o.role", &text("another", "help-desk", "2026-02-01T10:00:00Z")),
        ("o.role", &overlapping("another")),
        ("o.role", &overlapping("one")),
        ("o.role", &overlapping("two")),
    ]);
}

/// What a remark allows hangs on other files: whether an advice is found, and whether anything is an error.
#[test]
fn what_is_allowed_and_for_nothing() {
    let mine = "use jumpcloud organization o {\n// allow(unassigned-role): kept\nrole r { grant all: view } assign help-desk to \"a\" }";
    let template = "use jumpcloud\n// allow(unused-template): kept\ntemplate t from help-desk { grant monitoring-analytics: view }";
    steps(&[
        ("o.role", mine),
        ("t.role", template),
        ("x.role", "use jumpcloud organization o { assign r to \"b\" }"),
        // An error elsewhere: what is for nothing is not told.
        ("x.role", "use jumpcloud organization o { assign r to \"b\" assign none-such to \"b\" }"),
        ("x.role", "use jumpcloud organization q { assign t to \"b\" assign none-such to \"b\" }"),
        ("x.role", "use jumpcloud organization q { assign t to \"b\" assign"),
        ("x.role", "use jumpcloud organization q { assign t to \"b\" }"),
        ("x.role", "use jumpcloud"),
        ("o.role", &mine.replace("kept\n", "kept\n\n")),
        ("o.role", &mine.replace(": kept", "")),
        ("t.role", &template.replace("unused", "unusd")),
    ]);
}

/// Levels say of a workspace what they say of a compile.
#[test]
fn levels_are_those_of_a_compile() {
    let files = policy("");
    let clean = BTreeMap::from([(
        "a.role".to_owned(),
        "use jumpcloud organization o { role r { } assign help-desk to \"a\" }".to_owned(),
    )]);
    let mut levels = Levels::default();
    levels.set(Code::UnassignedRole, Level::Deny);
    levels.set(Code::LoweredBySpread, Level::Allow);
    levels.set(Code::UntestedOrganization, Level::Warn);
    for files in [files, clean] {
        let mut workspace = load(&files);
        workspace.update();
        workspace.set_levels(levels.clone());
        assert_eq!(workspace.update().len(), workspace.sources().len(), "all are told anew");
        let mut fresh = from_scratch(&files);
        levels.apply(&mut fresh.findings);
        let mut wanted: Vec<String> =
            fresh.findings.iter().map(|finding| told(&fresh.sources, finding)).collect();
        wanted.sort();
        let found = workspace.files().iter().flat_map(|id| workspace.findings(*id));
        let mut found: Vec<String> = found.map(|finding| told(workspace.sources(), finding)).collect();
        found.sort();
        assert_eq!(found, wanted);
        // What is denied is no error of the policy.
        assert_eq!(workspace.has_errors(), fresh.model.is_none());
        assert_eq!(workspace.table().is_some(), fresh.table.is_some());
    }
}

#[test]
fn what_looks_like_a_name_elsewhere() {
    let organization =
        r#"use jumpcloud organization o { role desk-1 "Desk" {} assign own to "a" assign desk-1 to "a" }"#;
    let other = |text: &str| format!("use jumpcloud template own {text}");
    let titled = |title: &str| other(&format!("{title} from help-desk {{}}"));
    let beside = |id: &str| other(&format!("from help-desk {{}} template {id} {{}}"));
    let texts = [
        ("o.role", organization.to_owned()),
        ("t.role", other("from help-desk {}")),
        // A template that nobody names comes to look like a role, by another letter, as another, and goes.
        ("t.role", beside("\"desk_l\"")),
        ("t.role", beside("\"dеsk-1\"")),
        ("t.role", format!("// moved\n{}", beside("\"dеsk-1\""))),
        ("t.role", format!("{} template desk_1 {{}}", beside("\"dеsk-1\""))),
        ("t.role", format!("{} template \"dеsk-1\" {{}}", beside("desk_1"))),
        ("t.role", beside("desk-2")),
        // The title of a template that is assigned.
        ("t.role", titled("\"Desk\"")),
        ("t.role", titled("\"Dеsk\"")),
        ("t.role", format!("// moved\n{}", titled("\"Dеsk\""))),
        ("t.role", titled("\"DESK-1\"")),
        ("t.role", titled("\"Counter\"")),
        // Nobody uses it any more.
        ("t.role", titled("\"Desk\"")),
        ("o.role", organization.replace("assign own to \"a\"", "")),
        ("t.role", titled("\"Counter\"")),
        ("o.role", organization.replace("role desk-1", "role \"0wn\"")),
        ("t.role", "use jumpcloud organization \"о\" \"Desk\" {} organization p \"Dеsk\" {}".to_owned()),
        ("o.role", "use jumpcloud organization o \"DESK\" {}".to_owned()),
        ("t.role", "use jumpcloud organization q \"Desk\" {} organization p \"O\" {}".to_owned()),
    ];
    steps(&texts.each_ref().map(|(name, text)| (*name, text.as_str())));
}

#[test]
fn nothing_edited_is_nothing_done() {
    let files = policy("acme");
    let mut workspace = load(&files);
    assert!(!workspace.update().is_empty());
    assert!(workspace.update().is_empty());
    let people = "policies/acme/people.role";
    workspace.set(people, files[people].clone());
    assert_eq!(workspace.update(), [workspace.file(people).unwrap()]);
}
