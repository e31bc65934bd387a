//! What all verbs share on their way out: help, versions, colours, and output that cannot be written.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::process::Stdio;

use crate::run::{BROKEN, Folder, Run, STORE, uncolored};
use crate::verbs::{Verb, verbs};

/// A run of each verb that prints something, those that write what they are asked for among them.
const PRINTING: [(&str, &str); 44] = [
    ("check", "bad.role"),
    ("check", "bad.role --format json"),
    ("check", "bad.role --format sarif"),
    ("check", "bad.role --format github"),
    ("check", "--explain R0401"),
    ("check", "--fix --diff twice.role"),
    ("fmt", "--check wide.role"),
    ("fmt", "--diff wide.role"),
    ("fmt", "--check wide.role --format json"),
    ("build", "bad.role -o x.rolec"),
    ("build", "store.role -o x.rolec --sizes"),
    ("can", "role:boss orders --why -p store.role"),
    ("can", "role:nobody orders -p store.role --format json"),
    ("eval", "q.jsonl -p store.role"),
    ("show", "boss -p store.role"),
    ("show", "boss -p store.role --format json"),
    ("who", "orders -p store.role"),
    ("what", "role:boss -p store.role"),
    ("diff", "store.role wide.role"),
    ("plan", "--as ana@store.example store.role wide.role"),
    ("matrix", "-p store.role"),
    ("matrix", "-p store.role --format html"),
    ("suggest", "-p store.role"),
    ("suggest", "-p store.role --from-log q.jsonl"),
    ("export cedar", "-p bad.role -o x --format json"),
    ("export rego", "-p bad.role -o x --format json"),
    ("export json", "-p store.role"),
    ("test", "store.role"),
    ("test", "store.role --format junit"),
    ("role new", "desk -p store.role --dry-run"),
    ("role copy", "clerk desk -p store.role --dry-run"),
    ("role rename", "clerk desk -p store.role --dry-run"),
    ("role remove", "boss -p store.role --dry-run --replace-with clerk"),
    ("assign", "boss dan@store.example -p store.role --dry-run"),
    ("unassign", "boss bea@store.example --at 2026-03-15 -p store.role --dry-run"),
    ("new", "fresh"),
    ("verify", "table.rolec store.role shop.role"),
    ("catalog list", ""),
    ("catalog show", "jumpcloud"),
    ("catalog search", "device"),
    ("catalog compare", "jumpcloud shop.role"),
    ("key new", "ours"),
    ("key sign", "store.role --sign none.key --format json"),
    ("man", ""),
];

/// Each of them, and the completions; `lsp` prints what it is asked for.
fn printing() -> Vec<String> {
    let mut runs: Vec<String> = PRINTING.iter().map(|(verb, args)| format!("{verb} {args}")).collect();
    for Verb { name, .. } in verbs() {
        if name.starts_with("completions ") {
            runs.push(name);
        } else {
            let is_known = name == "lsp" || PRINTING.iter().any(|(verb, _)| *verb == name);
            assert!(is_known, "`{name}` has no run that prints");
        }
    }
    runs
}

fn folder() -> Folder {
    let folder = Folder::store();
    folder.build("table.rolec");
    folder
        .with("bad.role", BROKEN)
        .with("q.jsonl", "{\"role\": \"boss\", \"row\": \"export\"}\n")
        .with("wide.role", STORE.replace("role clerk", "role  clerk").replace(": read, write", ": read"))
        .with("twice.role", "catalog k { category k { r: flag { escalating escalating } } }\n")
}

#[test]
fn help_goes_to_standard_output() {
    for args in
        ["--help", "-h", "check --help", "build -h", "can --help", "eval --help", "show --help", "fmt --help"]
    {
        let output = Run::new(args).ends(0).has("Usage: rolec");
        assert_eq!(output.stderr, "", "{output}");
    }
    Run::new("--help").ends(0).has("Exit status: 0 clean or allowed, 1 findings");
    // A paragraph is one line of ours, broken where the terminal ends alone; an example stays as it is.
    let help = Run::new("eval --help")
        .ends(0)
        .has("\n  {\"role\": \"tier1\", \"permission\": \"devices\", \"action\": \"view\"}\n");
    let from_fields = help.stdout.lines().skip_while(|line| !line.starts_with("Fields: "));
    let lines: Vec<&str> = from_fields.take_while(|line| !line.is_empty()).collect();
    for (line, next) in lines.iter().zip(&lines[1..]) {
        let word = next.split(' ').next().unwrap();
        assert!(line.len() <= 100 && line.len() + 1 + word.len() > 100, "{line}\n{help}");
    }
    assert!(lines.len() > 1, "{help}");
    Run::new("--version").succeeds(&format!("rolec {}\n", env!("CARGO_PKG_VERSION")));
    Run::new("-V").succeeds(&format!("rolec {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn usage_errors_go_to_standard_error() {
    for args in [
        "",
        "nonsense",
        "chek",
        "check --nonsense",
        "help",
        "check --format",
        "--color",
        "--color purple check",
    ] {
        Run::new(args).ends(2).stays_mute().warns("--help");
    }
    Run::new("chek").ends(2).warns("'check'");
}

#[test]
fn who_asks_for_colours_gets_them() {
    let folder = folder();
    let check = |args: &str| folder.run(&format!("check bad.role {args}"));
    let plain = check("").ends(1).stdout;
    check("--color never").prints(1, &plain);
    check("--color auto").prints(1, &plain);
    check("").var("NO_COLOR", "1").prints(1, &plain);
    check("").var("CLICOLOR", "1").prints(1, &plain);
    check("").var("CLICOLOR_FORCE", "0").prints(1, &plain);
    check("").var("CLICOLOR_FORCE", "").prints(1, &plain);
    check("--color never").var("CLICOLOR_FORCE", "1").prints(1, &plain);
    for run in [
        check("--color always"),
        folder.run("--color always check bad.role"),
        check("--color=always").var("NO_COLOR", "1"),
        check("").var("CLICOLOR_FORCE", "1"),
    ] {
        let colored = run.ends(1).stdout;
        assert!(colored.contains("\u{1b}[0;1;31m"), "{colored:?}");
        assert_eq!(uncolored(&colored), plain);
    }
    let json = check("--format json").ends(1).stdout;
    check("--format json --color always").prints(1, &json);
    folder.run("can role:r devices -p bad.role --color always").ends(4).stays_mute().warns("\u{1b}[0;1;31m");
}

#[test]
fn help_and_usage_follow_the_same_rules() {
    let plain = Run::new("--help").ends(0).stdout;
    for run in [Run::new("--help --color always"), Run::new("--help").var("CLICOLOR_FORCE", "1")] {
        let colored = run.ends(0).stdout;
        assert!(colored.contains("\u{1b}["), "{colored:?}");
        assert_eq!(uncolored(&colored), plain);
    }
    Run::new("--color never --help").var("CLICOLOR_FORCE", "1").succeeds(&plain);
    Run::new("--help").var("NO_COLOR", "1").succeeds(&plain);
    let colored = Run::new("chek --color=always").ends(2);
    assert!(colored.stderr.contains("\u{1b}["), "{colored}");
}

#[test]
fn a_full_disk() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    for args in printing() {
        let output = folder().owned(&args).stdout_to(full()).ends(5);
        // What a verb says of its work beside its answer may stand before.
        let last = "error: cannot write the output: No space left on device (os error 28)\n";
        assert!(output.stderr.ends_with(last), "{output}");
    }
    let initialize = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    let message = format!("Content-Length: {}\r\n\r\n{initialize}", initialize.len());
    Run::new("lsp").stdin(message).stdout_to(full()).ends(5).warns("cannot write the output");
    for args in ["--help", "--version"] {
        Run::new(args).stdout_to(full()).ends(5).warns("cannot write the output");
    }
    folder().owned("eval q.jsonl -p store.role").stdout_to(full()).ends(5).warns("cannot write the output");
}

#[test]
fn standard_error_that_is_full() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    folder().owned("check none.role").stderr_to(full()).ends(5);
    folder().owned("show boss -p bad.role").stderr_to(full()).ends(5).stays_mute();
    folder().owned("show boss --table bad.role").stderr_to(full()).ends(5).stays_mute();
    folder().owned("can role:boss orders -p store.role").stderr_to(full()).ends(0).has("allow");
    Run::new("nonsense").stderr_to(full()).ends(2);
}

#[test]
fn a_reader_that_went_away() {
    let folder = folder();
    let long = "{\"role\": \"boss\", \"row\": \"export\"}\n".repeat(10_000);
    folder.put("long.jsonl", long);
    for args in printing().into_iter().chain(["eval long.jsonl -p store.role".into(), "--help".into()]) {
        let (reader, mut writer) = std::io::pipe().unwrap();
        drop(reader);
        // A process that another test starts at this moment holds the reader too, until it is its own program.
        while writer.write_all(b"x").is_ok() {}
        let mut child = folder
            .run(&args)
            .command()
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        let code = child.wait().unwrap().code();
        assert_eq!(code, Some(5), "{args}: {told}");
        // A reader that has gone away knows.
        assert!(!told.contains("error: cannot write"), "{args}: {told}");
        fs::remove_dir_all(folder.at("fresh")).ok();
        for key in ["ours.key", "ours.pub"] {
            fs::remove_file(folder.at(key)).ok();
        }
    }
}
