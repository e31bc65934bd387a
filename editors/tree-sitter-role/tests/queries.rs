//! The queries: they fit the grammar, name colours that their editors know, and leave no word without one.

#![allow(clippy::disallowed_methods, reason = "the texts are files")]

#[path = "agreement/texts.rs"]
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tree_sitter::{Language, Node, Parser, Query, QueryCursor, StreamingIterator};

/// The colours of Neovim (`:help treesitter-highlight-groups`) that the queries use.
const NEOVIM: &[&str] = &[
    "attribute",
    "comment",
    "comment.documentation",
    "constant",
    "constant.builtin",
    "keyword",
    "keyword.modifier",
    "keyword.operator",
    "label",
    "module",
    "number",
    "operator",
    "property",
    "punctuation.bracket",
    "punctuation.delimiter",
    "string",
    "string.documentation",
    "string.escape",
    "string.special",
    "type",
    "type.definition",
];

/// Those of Helix (its book, "Themes", "Syntax highlighting").
const HELIX: &[&str] = &[
    "attribute",
    "comment.line",
    "comment.line.documentation",
    "constant",
    "constant.builtin",
    "constant.character.escape",
    "constant.numeric",
    "keyword",
    "keyword.directive",
    "keyword.operator",
    "keyword.storage.modifier",
    "keyword.storage.type",
    "label",
    "namespace",
    "operator",
    "punctuation.bracket",
    "punctuation.delimiter",
    "string",
    "string.special",
    "type",
    "variable.other.member",
];

/// Captures of the other queries, by file.
const OTHERS: &[(&str, &[&str])] = &[
    ("folds.scm", &["fold"]),
    ("indents.scm", &["indent", "outdent"]),
    (
        "tags.scm",
        &[
            "definition.class",
            "definition.constant",
            "definition.function",
            "definition.interface",
            "definition.module",
            "definition.type",
            "name",
            "reference.class",
        ],
    ),
    (
        "textobjects.scm",
        &[
            "class.around",
            "class.inside",
            "comment.around",
            "comment.inside",
            "entry.around",
            "test.around",
            "test.inside",
        ],
    ),
];

fn language() -> Language {
    tree_sitter_role::LANGUAGE.into()
}

/// The folders of queries, with the colours of their editor.
fn folders() -> [(PathBuf, &'static [&'static str]); 2] {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    [(here.join("queries/role"), NEOVIM), (here.join("../helix/queries/role"), HELIX)]
}

fn query(path: &Path) -> Query {
    let text = std::fs::read_to_string(path).unwrap();
    Query::new(&language(), &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn they_fit_the_grammar_and_name_what_is_known() {
    let mut seen = 0;
    for (folder, colours) in folders() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let others = OTHERS.iter().find(|(file, _)| *file == name).map(|(_, known)| *known);
            let known = if name == "highlights.scm" { colours } else { others.unwrap() };
            let query = query(&path);
            let used: BTreeSet<&str> = query.capture_names().iter().copied().collect();
            let known: BTreeSet<&str> = known.iter().copied().collect();
            assert_eq!(used, known, "{}", path.display());
            seen += 1;
        }
    }
    assert_eq!(seen, 6, "files of queries");
}

/// Every token of every text that is right has one colour; the words of the language those of words, ids never.
#[test]
fn every_token_has_one_colour() {
    for (folder, _) in folders() {
        let query = query(&folder.join("highlights.scm"));
        let mut parser = Parser::new();
        parser.set_language(&language()).unwrap();
        let mut words = BTreeMap::new();
        for (name, text) in texts::all() {
            let tree = parser.parse(&text, None).unwrap();
            if tree.root_node().has_error() {
                continue;
            }
            let colours = colours(&query, tree.root_node(), &text);
            for leaf in leaves(tree.root_node()) {
                let range = leaf.byte_range();
                let word = &text[range.clone()];
                let is_keyword = !leaf.is_named() && word.starts_with(|c: char| c.is_ascii_lowercase());
                let line = leaf.start_position().row + 1;
                let Some([colour]) = colours.get(&(range.start, range.end)).map(Vec::as_slice) else {
                    panic!(
                        "{name}:{line}: `{word}` has not one colour: {:?}",
                        colours.get(&(range.start, range.end))
                    );
                };
                let of_words = colour.starts_with("keyword") || colour == "attribute";
                assert_eq!(is_keyword, of_words, "{name}:{line}: `{word}` is {colour}");
                if is_keyword {
                    words.insert(word.to_owned(), colour.clone());
                }
            }
        }
        // `in` and `with` have no place in the language yet.
        let wanted = rolec::syntax::reserved_words().chain(rolec::syntax::contextual_words());
        let wanted: BTreeSet<&str> = wanted.filter(|word| !matches!(*word, "in" | "with")).collect();
        let seen: BTreeSet<&str> = words.keys().map(String::as_str).collect();
        assert_eq!(seen, wanted, "{}", folder.display());
    }
}

/// The tokens of a tree; a string is one.
fn leaves(root: Node<'_>) -> Vec<Node<'_>> {
    let (mut found, mut open) = (Vec::new(), vec![root]);
    while let Some(node) = open.pop() {
        if node.child_count() == 0 || node.kind() == "string" {
            found.push(node);
        } else {
            open.extend(node.children(&mut node.walk()));
        }
    }
    found.retain(|node| !node.byte_range().is_empty());
    found
}

/// The colours of each node that has any.
fn colours(query: &Query, root: Node<'_>, text: &str) -> BTreeMap<(usize, usize), Vec<String>> {
    let mut found: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(query, root, text.as_bytes());
    while let Some(matched) = matches.next() {
        for capture in matched.captures {
            let colour = query.capture_names()[capture.index as usize].to_owned();
            found.entry((capture.node.start_byte(), capture.node.end_byte())).or_default().push(colour);
        }
    }
    found
}
