//! What all verbs share on their way out: help, versions, colours, and output that cannot be written.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::Stdio;

use crate::run::{BROKEN, Folder, Run, uncolored};

/// A run of each verb that prints something, with the exit status it has where that can be printed.
const PRINTING: [&str; 9] = [
    "check bad.role",
    "check bad.role --format json",
    "build bad.role -o x.rolec",
    "can role:boss orders --why -p store.role",
    "can role:nobody orders -p store.role --format json",
    "show boss -p store.role",
    "show boss -p store.role --format json",
    "suggest -p store.role",
    "suggest -p store.role --from-log q.jsonl",
];

fn folder() -> Folder {
    Folder::store().with("bad.role", BROKEN).with("q.jsonl", "{\"role\": \"boss\", \"row\": \"export\"}\n")
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
    for args in PRINTING {
        let output = folder().owned(args).stdout_to(full()).ends(5);
        assert_eq!(output.stderr, "error: cannot write the output: No space left on device (os error 28)\n");
    }
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
    for args in PRINTING.into_iter().chain(["eval long.jsonl -p store.role", "--help"]) {
        let (reader, mut writer) = std::io::pipe().unwrap();
        drop(reader);
        // A process that another test starts at this moment holds the reader too, until it is its own program.
        while writer.write_all(b"x").is_ok() {}
        let mut child = folder
            .run(args)
            .command()
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert_eq!((child.wait().unwrap().code(), told.as_str()), (Some(5), ""), "{args}");
    }
}
