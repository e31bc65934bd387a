//! docs/language.md is the whole reference: each rule in it is shown by something that is run, its syntax has every
//! word of the grammar, and its list of findings is the registry. That its examples are right is for tests/docs.rs.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "documents and fixtures are files")]

use std::collections::BTreeSet;
use std::path::Path;

use rolec::diagnostic::Code;

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn exists(path: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).is_file()
}

/// The text below a heading of the reference, up to the next one of its rank.
fn section(heading: &str) -> String {
    let reference = text("docs/language.md");
    let below = reference.split(&format!("\n## {heading}\n")).nth(1).expect(heading);
    below.split("\n## ").next().unwrap().to_owned()
}

/// The rows of the tables of a text, as cells, without heads.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    let is_head = |index: usize| lines.get(index + 1).is_some_and(|next| next.starts_with("|---"));
    let rows = lines.iter().enumerate().filter(|(index, line)| !is_head(*index) && !line.starts_with("|---"));
    rows.map(|(_, line)| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// What stands between backticks.
fn ticked(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Whether what a rule names is there and is run.
fn is_run(shown: &str) -> bool {
    match shown.split_once('/') {
        // tests/fixtures.rs compiles every one of them.
        Some(("fixtures", name)) => exists(&format!("tests/fixtures/{name}.role")),
        // tests/decisions.rs asks each policy that has questions, and asks for questions to each.
        Some(("corpus", name)) => exists(&format!("tests/corpus/{name}.csv")),
        Some(("cli", name)) => name.split_once(": ").is_some_and(|(file, test)| {
            text("tests/cli/main.rs").contains(&format!("\nmod {file};\n"))
                && text(&format!("tests/cli/{file}.rs")).contains(&format!("\n#[test]\nfn {test}() {{\n"))
        }),
        _ => false,
    }
}

#[test]
fn every_rule_is_shown_by_something_that_is_run() {
    let section = section("Rules and fixtures");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for row in rows(&section) {
        seen += 1;
        let [rule, shown] = row.as_slice() else { panic!("a rule and what shows it: {row:?}") };
        let named = ticked(shown);
        if named.is_empty() {
            wrong.push(format!("nothing shows: {rule}"));
        }
        wrong.extend(
            named.iter().filter(|name| !is_run(name)).map(|name| format!("{rule} {name} is not run")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen >= 130, "only {seen} rules were found");
    assert!(section.split("\n### ").skip(1).all(|part| !rows(part).is_empty()), "a part without rules");
}

#[test]
fn the_findings_are_those_of_the_registry() {
    let section = section("Findings");
    let listed: Vec<[String; 3]> = rows(&section)
        .into_iter()
        .map(|row| {
            assert!(row.len() == 4 && !row[3].is_empty(), "four columns: {row:?}");
            [row[0].to_owned(), row[1].to_owned(), row[2].to_owned()]
        })
        .collect();
    let registered: Vec<[String; 3]> = Code::ALL
        .iter()
        .map(|code| {
            let told = if code.is_pedantic() { ", with `--pedantic`" } else { "" };
            [code.code().to_owned(), format!("`{}`", code.slug()), format!("{}{told}", code.severity())]
        })
        .collect();
    assert_eq!(listed, registered);
}

/// The words of the grammar, each with whether it is reserved: those have small letters.
fn words_of_the_grammar() -> Vec<(String, bool)> {
    let grammar = text("grammar/role.pest");
    let rules = grammar.lines().filter_map(|line| line.strip_prefix("kw_")?.split_once('='));
    rules
        .map(|(name, letter)| {
            let is_reserved = letter.chars().any(|letter| letter.is_ascii_lowercase());
            (name.trim().replace('_', "-"), is_reserved)
        })
        .collect()
}

#[test]
fn the_syntax_has_every_word_of_the_grammar_and_no_other() {
    let section = section("Syntax");
    let syntax = section.split("```").nth(1).unwrap().strip_prefix("text\n").unwrap();
    let in_quotes = syntax.split('"').skip(1).step_by(2);
    let shown: BTreeSet<&str> =
        in_quotes.filter(|text| text.starts_with(|c: char| c.is_ascii_alphabetic())).collect();
    let words = words_of_the_grammar();
    let words: BTreeSet<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    assert!(words.len() >= 40, "{words:?}");
    assert_eq!(shown, words);
}

/// Each name in the syntax is defined, and each definition used.
#[test]
fn the_syntax_is_closed() {
    let section = section("Syntax");
    let syntax = section.split("```").nth(1).unwrap().strip_prefix("text\n").unwrap();
    let mut defined: BTreeSet<&str> = BTreeSet::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for line in syntax.lines() {
        let (names, said) = line.split_once(" = ").unwrap_or(("", line));
        defined.extend(names.split(',').map(str::trim).filter(|name| !name.is_empty()));
        // The last lines define names in words.
        if said.contains(", or ") {
            continue;
        }
        let outside: String = said.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        let names = said
            .split('"')
            .step_by(2)
            .flat_map(|text| text.split(|c: char| !c.is_ascii_alphabetic() && c != '-'));
        used.extend(names.filter(|name| name.len() > 1));
        assert_eq!(
            outside.matches(['[', '{', '(']).count(),
            outside.matches([']', '}', ')']).count(),
            "{line}"
        );
    }
    let terminals = ["string", "time", "number"];
    let open: Vec<&&str> =
        used.iter().filter(|name| !defined.contains(**name) && !terminals.contains(name)).collect();
    assert!(open.is_empty(), "defined nowhere: {open:?}");
    let idle: Vec<&&str> = defined.iter().filter(|name| !used.contains(**name) && **name != "file").collect();
    assert!(idle.is_empty(), "used nowhere: {idle:?}");
}

#[test]
fn the_reserved_words_are_those_of_the_grammar() {
    let section = section("Text");
    let listed = section.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let listed: BTreeSet<String> = listed.split_whitespace().map(str::to_owned).collect();
    let reserved = words_of_the_grammar().into_iter().filter(|(_, is_reserved)| *is_reserved);
    // These two mean nothing yet, and so the grammar does not name them.
    let reserved: BTreeSet<String> =
        reserved.map(|(word, _)| word).chain(["in".to_owned(), "with".to_owned()]).collect();
    assert_eq!(listed, reserved);
    // And each of them is refused and allowed where the fixtures say so.
    let (refused, allowed) = (
        text("tests/fixtures/text/reserved-refused.role"),
        text("tests/fixtures/text/reserved-allowed.role"),
    );
    for word in &listed {
        assert!(refused.contains(&format!("kind {word} = flag\n")), "{word}");
        assert!(allowed.contains(&format!("grant k.{word}: on\n")), "{word}");
        assert!(allowed.contains(&format!("can k.verbs: {word}\n")), "{word}");
    }
}
