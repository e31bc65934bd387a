//! The documents say what is: every policy in them compiles as they say, every command prints what they show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "documents and schemas are files")]

mod support {
    pub(crate) mod document;
}

use std::path::{Path, PathBuf};

use rolec::diagnostic::Severity;
use rolec::pipeline::compile;
use rolec::source::Sources;

use support::document::{Block, Folder, blocks, commands, run};

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

#[test]
fn every_policy_compiles_as_it_is_said_to() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for Block { line, words, text } in blocks(&text) {
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

/// Commands are run where their document says: from the root of the repository, or in the document's own folder, which
/// its edits and files change on the way.
#[test]
fn every_command_prints_what_is_shown() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        let folder = Folder::new();
        for Block { line, words, text } in blocks(&text) {
            let mut fail = |what: String| wrong.push(format!("{}:{line}: {what}", path.display()));
            match words.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["console", place @ ..] => {
                    let place = if place.is_empty() { root() } else { folder.path() };
                    for (command, shown) in commands(&text) {
                        seen += 1;
                        let (printed, _) = run(&command, place);
                        if printed.trim_end() != shown.trim_end() {
                            fail(format!("$ {command}\n{printed}"));
                        }
                    }
                }
                ["diff", file] => folder.edit(file, &text).unwrap_or_else(fail),
                ["yaml", file] => {
                    folder.write(file, &text);
                    let steps: Vec<&str> =
                        text.lines().filter_map(|line| line.trim().strip_prefix("- run: ")).collect();
                    if steps.is_empty() {
                        fail("a job that runs nothing".to_owned());
                    }
                    for step in steps {
                        seen += 1;
                        let (printed, is_success) = run(step, folder.path());
                        if !is_success {
                            fail(format!("the job fails at `{step}`\n{printed}"));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "what is printed now:\n{}", wrong.join("\n"));
    assert!(seen >= 20, "only {seen} commands were found");
}

/// A block whose words are misspelled would be run by nobody.
#[test]
fn every_block_is_of_a_form_that_is_known() {
    for (path, text) in documents() {
        for Block { line, words, .. } in blocks(&text) {
            let words: Vec<&str> = words.split_whitespace().collect();
            let is_known = matches!(
                words.as_slice(),
                ["role"] | ["role", "piece"] | ["role", "error", _]
                    | ["console"] | ["console", "folder"] | ["diff" | "yaml", _]
                    // Held by tests/editors.rs against the files that they are from, and by scripts/editors.
                    | ["lua"] | ["toml"] | ["yaml"]
                    // Run by cargo's documentation tests, and for people.
                    | ["rust"] | ["sh"] | ["text"]
            );
            assert!(is_known, "{}:{line}: a block of `{}`", path.display(), words.join(" "));
        }
    }
}

#[test]
fn ci_runs_the_commands_of_the_readme() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    let section =
        readme.split("## On a fresh machine with Rust").nth(1).unwrap().split("\n## ").next().unwrap();
    let commands: Vec<String> =
        blocks(section).into_iter().filter(|block| block.words == "sh").map(|block| block.text).collect();
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
