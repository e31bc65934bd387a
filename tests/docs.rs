//! The documents say what is: every policy in them compiles as they say, every command prints what they show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "documents and schemas are files")]

mod support {
    pub(crate) mod document;
    pub(crate) mod example;
    pub(crate) mod page;
}

use std::path::{Path, PathBuf};

use rolec::diagnostic::{Code, Severity};

use support::document::{Block, Folder, blocks, commands, run};
use support::example::Example;
use support::page::Page;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents: README.md, CONTRIBUTING.md, docs/*.md, and the pages of findings.
fn documents() -> Vec<(PathBuf, String)> {
    let mut paths = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    for folder in ["docs", "docs/diagnostics"] {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        paths.extend(
            entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension() == Some("md".as_ref())),
        );
    }
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_policy_compiles_as_it_is_said_to() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for Block { line, words, text } in blocks(&text) {
            let faults = match Example::read(&words, &text) {
                Ok(None) => continue,
                Ok(Some(example)) => example.faults(),
                Err(fault) => vec![fault],
            };
            seen += 1;
            wrong.extend(faults.iter().map(|fault| format!("{}:{line}: {fault}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen >= 100, "only {seen} policies were found: is the fence still called `role`?");
}

/// Findings that no text of one screen gives. Their pages say how they come about.
const UNSHOWN: &[Code] = &[
    Code::FileTooLarge,
    Code::TooManyActions,
    Code::TooManyRoles,
    Code::UnknownOrganization,
    Code::BadRow,
    Code::BadColumns,
    Code::MoreRows,
    Code::NoTable,
    Code::WrongSetting,
    Code::DamagedSettings,
    Code::TableVersion,
    Code::DamagedTable,
    Code::DecisionsAlone,
    Code::UnsignedTable,
    Code::BrokenSeal,
    Code::UntrustedTable,
    Code::ExpiredTable,
    Code::OlderTable,
    Code::DamagedState,
    Code::CompilerDefect,
];

/// The page of each finding; an empty one where there is none.
fn pages() -> impl Iterator<Item = (Code, String, Page)> {
    Code::ALL.iter().map(|code| {
        let path = root().join(format!("docs/diagnostics/{code}.md"));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let page = Page::read(&text);
        (*code, text, page)
    })
}

#[test]
fn every_page_has_the_form_of_the_house() {
    let mut wrong = Vec::new();
    for (code, text, page) in pages() {
        let mut fault = |what: String| wrong.push(format!("docs/diagnostics/{code}.md: {what}"));
        let title = format!("{code} {}", code.slug());
        if page.title != title {
            fault(format!("its title is not `{title}`"));
        }
        let headings: &[&str] = match UNSHOWN.contains(&code) {
            true => &["How it comes about", "How to mend"],
            false => &["Wrong", "Right", "How to mend"],
        };
        if page.headings() != headings {
            fault(format!("its sections are {:?}, not {headings:?}", page.headings()));
        }
        if page.opening.trim().is_empty() {
            fault("it does not say what is wrong".to_owned());
        }
        for section in &page.sections {
            let is_for_text = section.heading.starts_with("How");
            if section.prose.trim().is_empty() && (is_for_text || section.blocks.is_empty()) {
                fault(format!("`{}` says nothing", section.heading));
            }
        }
        let mentioned = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_code(word));
        for stale in mentioned.filter(|word| Code::find(word).is_none()) {
            fault(format!("there is no finding {stale}"));
        }
        // What is printed is as wide as it is; what is written fits a terminal.
        let blocks = page.sections.iter().flat_map(|section| &section.blocks);
        let written = blocks.filter(|block| !block.words.starts_with("console")).map(|block| &block.text);
        let prose = page.sections.iter().map(|section| &section.prose).chain([&page.opening]);
        for long in
            prose.chain(written).flat_map(|text| text.lines()).filter(|line| line.chars().count() > 80)
        {
            fault(format!("more than 80 columns: {long}"));
        }
        if text.lines().count() > 60 {
            fault("more than 60 lines".to_owned());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// That the policies are as their fences say is asked of all documents. Here: that they are about the page's finding.
#[test]
fn every_page_shows_its_finding_and_the_remedy() {
    let mut wrong = Vec::new();
    for (code, _, page) in pages() {
        let mut fault = |what: String| wrong.push(format!("docs/diagnostics/{code}.md: {what}"));
        let (shown, remedies) = (examples(&page, "Wrong"), examples(&page, "Right"));
        if shown.is_empty() != UNSHOWN.contains(&code) || remedies.is_empty() != UNSHOWN.contains(&code) {
            fault("it has a wrong and a right policy, unless no text can show it".to_owned());
        }
        for (line, example) in shown {
            if example.wanted != Some(code) {
                fault(format!("line {line}: the text is wrong by {:?}", example.wanted));
            }
        }
        for (line, mut example) in remedies {
            if let Some(other) = example.wanted {
                fault(format!("line {line}: a right text that gives {other}"));
            }
            // It is gone for those too who ask for everything.
            example.wanted = Some(code);
            for (severity, found) in example.findings(&example.compile()) {
                if severity <= Severity::Warning || found == code {
                    fault(format!("line {line}: the right text gives {found}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The policies of a section, with the lines of their fences.
fn examples<'p>(page: &'p Page, heading: &str) -> Vec<(usize, Example<'p>)> {
    let sections = page.sections.iter().filter(|section| section.heading == heading);
    let read = |block: &'p Block| Some((block.line, Example::read(&block.words, &block.text).ok()??));
    sections.flat_map(|section| &section.blocks).filter_map(read).collect()
}

/// Whether a word has the form of a code.
fn is_code(word: &str) -> bool {
    word.len() == 5 && word.starts_with('R') && word.bytes().skip(1).all(|byte| byte.is_ascii_digit())
}

#[test]
fn every_page_is_of_a_finding() {
    for entry in std::fs::read_dir(root().join("docs/diagnostics")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let is_known = Code::ALL.iter().any(|code| code.code() == stem);
        assert!(is_known && path.extension() == Some("md".as_ref()), "{} is of no finding", path.display());
    }
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
            // Whether those of a policy are known is asked where it is compiled.
            let words: Vec<&str> = words.split_whitespace().collect();
            let is_known = matches!(
                words.as_slice(),
                ["role", ..]
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
