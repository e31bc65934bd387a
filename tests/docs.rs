//! The documents say what is: every policy in them compiles as they say, every command prints what they show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "documents and schemas are files")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rolec::diagnostic::Severity;
use rolec::pipeline::compile;
use rolec::source::Sources;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents: README.md, CONTRIBUTING.md and docs/*.md. The pages of findings have a test of their own.
fn documents() -> Vec<(PathBuf, String)> {
    let mut paths = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    let docs = std::fs::read_dir(root().join("docs")).unwrap();
    paths.extend(
        docs.map(|entry| entry.unwrap().path()).filter(|path| path.extension() == Some("md".as_ref())),
    );
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// The fenced blocks of a document: the line of the fence, its words, the text.
fn blocks(text: &str) -> Vec<(usize, String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(words), None) => open = Some((number + 1, words.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some((.., text))) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is never closed");
    blocks
}

#[test]
fn every_policy_compiles_as_it_is_said_to() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for (line, words, text) in blocks(&text) {
            let wanted = match words.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["role"] => None,
                ["role", "error", code] => Some((*code).to_owned()),
                _ => continue,
            };
            seen += 1;
            let compiled = compile(Sources::from_iter([("example.role", text.as_str())]));
            let errors = compiled.findings.iter().filter(|finding| finding.severity() == Severity::Error);
            let mut codes: Vec<&str> = errors.map(|finding| finding.code.code()).collect();
            codes.dedup();
            let is_right = match &wanted {
                None => codes.is_empty(),
                Some(code) => codes.contains(&code.as_str()),
            };
            if !is_right {
                wrong.push(format!("{}:{line}: wanted {wanted:?}, found {codes:?}", path.display()));
            }
            // A policy with tests in it passes them.
            if let (Some(model), Some(table)) = (&compiled.model, &compiled.table) {
                let report = rolec::tools::testing::run(model, table);
                if report.failed() > 0 {
                    wrong.push(format!("{}:{line}: a test in it fails", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen >= 15, "only {seen} policies were found: is the fence still called `role`?");
}

#[test]
fn every_command_prints_what_is_shown() {
    let binary = Path::new(env!("CARGO_BIN_EXE_rolec"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let scratch = tempfile::tempdir().unwrap();
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (document, text) in documents() {
        for (line, words, text) in blocks(&text) {
            if words != "console" {
                continue;
            }
            for (command, shown) in commands(&text) {
                seen += 1;
                let output = Command::new("sh")
                    .arg("-c")
                    .arg(format!("{{ {command}\n}} 2>&1"))
                    .current_dir(root())
                    .env("PATH", &path)
                    .env("SCRATCH", scratch.path())
                    .env("NO_COLOR", "1")
                    .stdin(Stdio::null())
                    .output()
                    .unwrap();
                let printed = String::from_utf8(output.stdout).unwrap();
                if printed.trim_end() != shown.trim_end() {
                    wrong.push(format!("{}:{line}: $ {command}\n{printed}", document.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "what is printed now:\n{}", wrong.join("\n"));
    assert!(seen >= 15, "only {seen} commands were found");
}

/// The commands of a console block, each with the output below it.
fn commands(text: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_owned(), String::new())),
            (None, Some((_, shown))) => {
                shown.push_str(line);
                shown.push('\n');
            }
            (None, None) => panic!("a console block begins with a command: {text}"),
        }
    }
    commands
}

#[test]
fn ci_runs_the_commands_of_the_readme() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    let section =
        readme.split("## On a fresh machine with Rust").nth(1).unwrap().split("\n## ").next().unwrap();
    let commands: Vec<String> =
        blocks(section).into_iter().filter(|(_, words, _)| words == "sh").map(|(.., text)| text).collect();
    assert_eq!(commands.len(), 2, "the README has two commands");
    for command in commands {
        assert!(
            ci.lines().any(|line| line.trim() == command.trim()),
            "`{}` is not in .ci/run",
            command.trim()
        );
    }
}

#[test]
fn every_link_leads_somewhere() {
    for (path, text) in documents() {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let linked = path.parent().unwrap().join(file);
            assert!(linked.exists(), "{}: {target}", path.display());
        }
    }
}
