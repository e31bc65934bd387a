//! The formatter: examples by their texts before and after, what ships held against it, and properties over generated
//! damage.
//!
//! `tests/format/NAME.role` is a text, `tests/format/NAME.formatted` what becomes of it. `BLESS=1 cargo test --test
//! formatting` writes the latter; read the difference before you commit it.
#![cfg(feature = "compile")]
#![expect(
    clippy::disallowed_methods,
    reason = "the examples are files, and BLESS is asked for by the environment"
)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod support {
    pub(crate) mod texts;
}

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use rolec::diagnostic::{Code, Diagnostics, Severity};
use rolec::source::{FileId, Provenance, SourceFile, Sources};
use rolec::syntax::{Outline, PartSort, Sign, outline, signs};
use rolec::tools::format::{edits, format, same_policy};

use support::texts::{all, canonical, files, read};

#[test]
fn every_example_is_formatted_as_shown() {
    let mut wrong = Vec::new();
    for path in files("tests/format", "role") {
        let text = read(&path);
        let formatted = held(&text);
        let shown = path.with_extension("formatted");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&shown, &formatted).unwrap();
        }
        let wanted = std::fs::read_to_string(&shown).unwrap_or_default();
        if wanted != formatted {
            wrong.push(format!("{} is formatted as\n{formatted}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\nBLESS=1 writes them anew", wrong.join("\n"));
}

/// What we ship and what we show is in the style that we ask of others.
#[test]
fn what_ships_is_in_canonical_style() {
    let texts = canonical();
    let wrong: Vec<&str> =
        texts.iter().filter(|(_, text)| format(text).text != *text).map(|(name, _)| name.as_str()).collect();
    assert!(wrong.is_empty(), "`rolec fmt` would change {wrong:#?}");
    assert!(texts.len() > 50, "only {} texts were found", texts.len());
}

#[test]
fn every_text_that_there_is_holds() {
    for (name, text) in all() {
        println!("{name}");
        held(&text);
        held(&text.replace("\r\n", "\n").replace('\n', "\r\n"));
        // Everything on as few lines as can be.
        let joined = joined(&text);
        held(&joined);
        let sources = |text: &str| Sources::from_iter([("a.role", text)]);
        // The text of the built-in catalog in any other form is another catalog.
        if !name.starts_with("policies/jumpcloud/") {
            assert_eq!(same_policy(sources(&text), sources(&joined)), Ok(()), "{name}");
        }
    }
}

/// One edit of a text, at a place in thousandths of its tokens.
#[derive(Clone, Debug)]
enum Edit {
    /// Put before a token, in place of the white space there.
    Gap(&'static str),
    /// Put before a token.
    Insert(&'static str),
    Remove,
    Double,
}

const GAPS: &[&str] = &[
    " ",
    "\n",
    "\n\n\n",
    "\t",
    "\r\n",
    " // x\n",
    "\n// x\n\n// y\n",
    "\n\n/// d\n",
    " /// d\n",
    "  //  \n",
];

const WORDS: &[&str] = &[
    "{",
    "}",
    ":",
    ",",
    ".",
    "<",
    "=",
    "role",
    "grant",
    "organization",
    "template",
    "catalog",
    "use",
    "a",
    "\"s\"",
    "é",
    ";",
    "'",
    "\"",
    "2026-13-01",
    "5",
    "\u{202e}",
    "\r",
    "unconfirmed",
    "from",
    "}\n",
    "\n{",
    "assign",
    "forbid \"f\"",
    "category",
];

fn space() -> impl Strategy<Value = Edit> {
    proptest::sample::select(GAPS).prop_map(Edit::Gap)
}

fn damage() -> impl Strategy<Value = Edit> {
    prop_oneof![
        proptest::sample::select(WORDS).prop_map(Edit::Insert),
        Just(Edit::Remove),
        Just(Edit::Double),
    ]
}

fn places(edit: impl Strategy<Value = Edit>) -> impl Strategy<Value = Vec<(usize, Edit)>> {
    proptest::collection::vec((0..1000_usize, edit), 1..12)
}

/// The tokens of a text, each with the white space before it and whether that ends a comment; last, the white space at
/// the end.
fn pieces(text: &str) -> Vec<(&str, &str, bool)> {
    let mut pieces = Vec::new();
    let (mut end, mut is_bound) = (0, false);
    for (sign, span) in signs(text) {
        let (start, next) = (span.start as usize, span.end as usize);
        pieces.push((&text[end..start], &text[start..next], is_bound));
        is_bound = matches!(sign, Sign::Remark | Sign::Doc);
        end = next;
    }
    pieces.push((&text[end..], "", is_bound));
    pieces
}

/// A text with its edits made.
fn edited(text: &str, edits: &[(usize, Edit)]) -> String {
    let pieces = pieces(text);
    let mut out = String::new();
    for (at, (gap, token, is_bound)) in pieces.iter().enumerate() {
        let (mut gap, mut token) = ((*gap).to_owned(), (*token).to_owned());
        for (_, edit) in edits.iter().filter(|(place, _)| place * pieces.len() / 1000 == at) {
            match edit {
                // A comment ends with its line.
                Edit::Gap(text) if *is_bound => gap = format!("\n{text}"),
                Edit::Gap(text) => gap = (*text).to_owned(),
                Edit::Insert(text) => gap = format!("{gap}{text} "),
                Edit::Remove => token.clear(),
                Edit::Double => token = format!("{token} {token}"),
            }
        }
        out += &gap;
        out += &token;
    }
    out
}

/// A text on as few lines as can be.
fn joined(text: &str) -> String {
    pieces(text)
        .iter()
        .map(|(_, token, is_bound)| format!("{}{token}", if *is_bound { "\n" } else { " " }))
        .collect()
}

#[test]
fn white_space_and_comments_anywhere() {
    let texts = all();
    let strategy = (proptest::sample::select(texts), places(space()));
    run(strategy, |(_, text), edits| {
        let edited = edited(text, edits);
        held(&edited);
    });
}

#[test]
fn damage_anywhere() {
    let texts = all();
    let strategy = (proptest::sample::select(texts), places(prop_oneof![space(), damage()]));
    run(strategy, |(_, text), edits| {
        held(&edited(text, edits));
    });
}

fn run<T: std::fmt::Debug, E: std::fmt::Debug>(
    strategy: impl Strategy<Value = (T, E)>,
    test: impl Fn(&T, &E),
) {
    // The same texts in each run: what fails here fails everywhere. `CASES=20000` tries more.
    let cases = std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&strategy, |(text, edits)| {
            test(&text, &edits);
            Ok(())
        })
        .unwrap();
}

/// A stray word, a stray brace or a misspelt word costs one member, and all others are formatted.
#[test]
fn damage_costs_its_own_member() {
    let mut tried = 0;
    for (name, text) in canonical().iter().filter(|(name, _)| name.starts_with("policies/")) {
        let (outline, _) = outlined(text);
        let members = outline.parts.iter().filter(|part| part.sort == PartSort::Member);
        for part in members.step_by(3) {
            let span = |at: usize| outline.tokens[at].span;
            let start = span(part.tokens.start).start as usize;
            let end = span(part.tokens.end - 1).end as usize;
            let (before, member, after) = (&text[..start], &text[start..end], &text[end..]);
            let margin = &before[before.rfind('\n').map_or(0, |line| line + 1)..];
            if !margin.trim().is_empty() || !after.starts_with('\n') {
                continue;
            }
            for stray in ["foo", "}"] {
                let strayed = format!("{stray}\n{margin}");
                let (loosened, wanted) = (
                    format!("{}{strayed}{}{}", loose(before), loose(member), loose(after)),
                    format!("{before}{strayed}{member}{after}"),
                );
                assert_eq!(held(&loosened), wanted, "{name}: `{stray}` before\n{member}");
            }
            let misspelt = format!("{}{}", &member[..1], loose(member));
            let loosened = format!("{}{misspelt}{}", loose(before), loose(after));
            assert_eq!(held(&loosened), format!("{before}{misspelt}{after}"), "{name}: {misspelt}");
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} members were tried");
}

/// A text with too much space behind the words that lead its lines.
fn loose(text: &str) -> String {
    let words = ["grant ", "role ", "assign ", "forbid ", "template ", "organization ", "category "];
    let line = |line: &str| {
        let word = words.iter().find(|word| line.trim_start().starts_with(**word));
        word.map_or_else(|| line.to_owned(), |word| line.replacen(word, &format!("{word}  "), 1))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Formats a text and holds all that is promised of it.
fn held(text: &str) -> String {
    let formatted = format(text);
    if formatted.is_refused {
        let codes: Vec<Code> = formatted.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::TooDeep], "refused\n{text}");
        assert_eq!(formatted.text, text);
        return formatted.text;
    }
    let after = formatted.text;
    assert_eq!(said(text, true), said(&after, true), "tokens\n{text}\n--- became\n{after}");
    assert_eq!(said(text, false), said(&after, false), "comments\n{text}\n--- became\n{after}");
    let again = format(&after).text;
    assert_eq!(after, again, "formatted twice\n{text}");
    let (old, (new, left)) = (outlined(text).0, outlined(&after));
    assert_eq!(damaged(text, &old), damaged(&after, &new), "damaged parts\n{text}\n--- became\n{after}");
    assert_eq!(told(&formatted.findings), told(&left), "findings\n{text}\n--- became\n{after}");
    let mut made = text.to_owned();
    for edit in edits(text, &after, FileId(0)).iter().rev() {
        let span = edit.place.span;
        assert!(
            said(&text[span.start as usize..span.end as usize], true).len() <= 3,
            "a large edit of\n{text}"
        );
        made.replace_range(span.start as usize..span.end as usize, &edit.text);
    }
    assert_eq!(made, after, "edits of\n{text}");
    // Any of them may be left out, as where an editor formats a selection.
    let mut half = text.to_owned();
    for edit in edits(text, &after, FileId(0)).iter().rev().step_by(2) {
        half.replace_range(edit.place.span.start as usize..edit.place.span.end as usize, &edit.text);
    }
    assert_eq!(said(text, true), said(&half, true), "half of the edits of\n{text}");
    let sources = |text: &str| Sources::from_iter([("a.role", text)]);
    assert_eq!(same_policy(sources(text), sources(&after)), Ok(()), "{text}\n--- became\n{after}");
    after
}

/// The tokens of a text, or its remarks.
fn said(text: &str, is_token: bool) -> Vec<&str> {
    let wanted = signs(text).filter(|(sign, _)| (*sign != Sign::Remark) == is_token);
    wanted
        .map(|(_, span)| text[span.start as usize..span.end as usize].trim_end_matches([' ', '\t']))
        .collect()
}

fn outlined(text: &str) -> (Outline, Diagnostics) {
    let file = SourceFile::new("a.role", text.as_bytes().to_vec(), Provenance::Given);
    outline(&file, FileId(0))
}

/// What is damaged, from its first token to its last.
fn damaged<'t>(text: &'t str, outline: &Outline) -> Vec<&'t str> {
    let parts = outline.parts.iter().filter(|part| part.is_damaged && !part.tokens.is_empty());
    let span = |at: usize| outline.tokens[at].span;
    parts
        .map(|part| &text[span(part.tokens.start).start as usize..span(part.tokens.end - 1).end as usize])
        .collect()
}

fn told(findings: &Diagnostics) -> Vec<String> {
    let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
    errors.map(|finding| format!("{} {}", finding.code, finding.message)).collect()
}
