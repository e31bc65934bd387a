//! What editors bring along says what the compiler says: word lists come from the tokens, snippets are of the language,
//! and the blocks of docs/editors.md are the files that it speaks of.
#![cfg(feature = "render")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "grammars, snippets and documents are files")]

use std::collections::BTreeSet;
use std::path::Path;

use rolec::diagnostic::Code;
use rolec::source::Sources;
use rolec::syntax::{contextual_words, parse, reserved_words};
use rolec::vocab::LEVEL_WORDS;
use serde_json::Value;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap()
}

/// The words in a piece of text.
fn words(text: &str) -> BTreeSet<&str> {
    let ends = |c: char| !(c.is_ascii_lowercase() || c == '-');
    text.split(ends).filter(|word| word.len() > 1 && !word.starts_with('-')).collect()
}

/// What stands between two marks.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end} behind {start}")).0
}

#[test]
fn the_tree_sitter_grammar_has_the_words_of_the_compiler() {
    let grammar = read("editors/tree-sitter-role/grammar.js");
    assert_eq!(words(between(&grammar, "const RESERVED = [", "]")), reserved_words().collect());
    assert_eq!(words(between(&grammar, "const CONTEXTUAL = [", "]")), contextual_words().collect());
}

#[test]
fn the_reference_lists_the_reserved_words() {
    let reference = read("docs/language.md");
    let list = between(&reference, "Reserved words are quoted where an id is expected:\n\n```text\n", "```");
    assert_eq!(words(list), reserved_words().collect());
}

/// Every word that a pattern of the TextMate grammar spells out is of the language, and every word of the language is
/// spelt out somewhere. What each is coloured as, editors/vscode/tests says.
#[test]
fn the_textmate_grammar_has_the_words_of_the_compiler() {
    let grammar = json("editors/vscode/syntaxes/role.tmLanguage.json");
    let (mut found, mut open) = (BTreeSet::new(), vec![&grammar]);
    while let Some(value) = open.pop() {
        match value {
            Value::Array(values) => open.extend(values),
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(pattern) if matches!(name.as_str(), "match" | "begin" | "end") => {
                            found.extend(words(&literal(pattern)).into_iter().map(str::to_owned));
                        }
                        _ => open.push(value),
                    }
                }
            }
            _ => {}
        }
    }
    // Reserved, and of no use yet.
    let unused = ["in", "with"];
    let wanted = reserved_words().chain(contextual_words()).chain(LEVEL_WORDS);
    let wanted: BTreeSet<String> = wanted.filter(|word| !unused.contains(word)).map(str::to_owned).collect();
    assert_eq!(found, wanted);
}

/// A regular expression with a space for each escape and each class of characters.
fn literal(pattern: &str) -> String {
    let (mut text, mut in_class) = (String::new(), false);
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
                text.push(' ');
            }
            '[' => in_class = true,
            ']' => {
                in_class = false;
                text.push(' ');
            }
            c if !in_class => text.push(c),
            _ => {}
        }
    }
    text
}

/// Each snippet as it is inserted, in one of the places where it may stand.
#[test]
fn every_snippet_is_of_the_language() {
    const PLACES: [(&str, &str); 4] =
        [("", ""), ("organization o { ", " }"), ("template t { ", " }"), ("catalog c { ", " }")];
    let snippets = json("editors/vscode/snippets/role.json");
    let snippets = snippets.as_object().unwrap();
    let mut prefixes = BTreeSet::new();
    for (name, snippet) in snippets {
        assert!(prefixes.insert(snippet["prefix"].as_str().unwrap()), "{name}: another has its prefix");
        assert!(!snippet["description"].as_str().unwrap().is_empty(), "{name}");
        let lines = snippet["body"].as_array().unwrap();
        let body = lines.iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n");
        let text = inserted(&body);
        assert!(!text.contains('$'), "{name}: {text}");
        let fits = PLACES.iter().any(|(before, after)| is_right(&format!("{before}{text}{after}")));
        assert!(fits, "{name} fits nowhere:\n{text}");
    }
    assert!(snippets.len() >= 12);
}

fn is_right(text: &str) -> bool {
    let sources = Sources::from_iter([("a.role", text)]);
    let (id, file) = sources.iter().next().unwrap();
    let (_, findings) = parse(file, id);
    // A remark about what a text says is none about its shape.
    !findings.iter().any(|finding| finding.code < Code::UnknownCatalog)
}

/// A snippet's text with its defaults: `${1:name}` as `name`, `${1|a,b|}` as `a`, `$0` as nothing.
fn inserted(body: &str) -> String {
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('$') {
        text += before;
        rest = match after.strip_prefix('{') {
            Some(stop) => {
                let (stop, behind) = stop.split_once('}').unwrap();
                let default = stop.trim_start_matches(|c: char| c.is_ascii_digit());
                text += match default.strip_prefix('|') {
                    Some(choices) => choices.split([',', '|']).next().unwrap(),
                    None => default.strip_prefix(':').unwrap_or_default(),
                };
                behind
            }
            None => after.trim_start_matches(|c: char| c.is_ascii_digit()),
        };
    }
    text + rest
}

#[test]
fn the_document_shows_the_files() {
    let document = read("docs/editors.md");
    for (path, fence) in [("editors/nvim/lsp/rolec.lua", "lua"), ("editors/helix/languages.toml", "toml")] {
        let block = format!("```{fence}\n{}```\n", read(path));
        assert!(document.contains(&block), "docs/editors.md does not show {path} as it is");
    }
}

/// The colours of Zed are those of the grammar, but for two names that Zed does not have.
#[test]
fn zed_has_the_colours_of_the_grammar() {
    let grammar = read("editors/tree-sitter-role/queries/role/highlights.scm");
    let wanted = grammar.replace("@comment.documentation", "@comment.doc").replace("@module", "@type");
    assert_ne!(wanted, grammar);
    let zed = read("editors/zed/languages/role/highlights.scm");
    // Behind a remark of its own.
    let (remark, _) = zed.split_once("; Each token has one colour").unwrap();
    assert!(remark.lines().all(|line| line.starts_with(';')), "{remark}");
    assert_eq!(zed.strip_prefix(remark), Some(&*wanted));
}

/// The value of a key in a section of a TOML file that has each on a line; the first section has no name.
fn said<'t>(text: &'t str, section: &str, key: &str) -> &'t str {
    let head = format!("[{section}]");
    let lines = text.lines().skip_while(|line| !section.is_empty() && *line != head);
    let lines = lines.skip(usize::from(!section.is_empty())).take_while(|line| !line.starts_with('['));
    let mut values = lines.filter_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
    values.next().unwrap_or_else(|| panic!("no `{key}` in [{section}]: {text}")).trim()
}

/// What Zed is told of the language, the grammar and the server is what they are.
#[test]
fn zed_is_told_what_there_is() {
    let manifest = read("editors/zed/extension.toml");
    let config = read("editors/zed/languages/role/config.toml");
    let grammar = json("editors/tree-sitter-role/tree-sitter.json");
    // The language by its name, the grammar by its name and place.
    let name = said(&config, "", "name");
    assert_eq!(said(&manifest, "language_servers.rolec", "languages"), format!("[{name}]"));
    assert_eq!(said(&manifest, "language_servers.rolec.language_ids", name.trim_matches('"')), "\"role\"");
    assert_eq!(said(&config, "", "grammar"), grammar["grammars"][0]["name"].to_string());
    assert_eq!(said(&config, "", "path_suffixes"), grammar["grammars"][0]["file-types"].to_string());
    let place = said(&manifest, "grammars.role", "path");
    let parser = read(&format!("{}/src/parser.c", place.trim_matches('"')));
    assert!(parser.contains("tree_sitter_role("), "{place}");
    // One version for all.
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(said(&manifest, "", "version"), version);
    assert_eq!(said(&read("editors/zed/Cargo.toml"), "package", "version"), version);
    // What `scripts/zed` fills in stands there once, at the start of a line.
    for key in ["repository = ", "rev = "] {
        assert_eq!(manifest.lines().filter(|line| line.starts_with(key)).count(), 1, "{key}");
    }
}

/// What the extension's README says is what its manifest declares; the lens is the server's alone.
#[test]
fn the_extension_declares_what_it_tells_of() {
    let manifest = json("editors/vscode/package.json");
    let readme = read("editors/vscode/README.md");
    let settings = manifest["contributes"]["configuration"]["properties"].as_object().unwrap();
    assert!(settings.keys().all(|name| readme.contains(&format!("| `{name}` |"))), "{settings:?}");
    let commands = manifest["contributes"]["commands"].as_array().unwrap();
    for command in commands.iter().filter(|command| command["command"] != "rolec.runTest") {
        let title = format!("rolec: {}", command["title"].as_str().unwrap());
        assert!(readme.contains(&title), "{title}");
        assert!(read("docs/editors.md").contains(&title), "{title}");
    }
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"), "one version for all");
}
