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

/// Those of Zed (its documentation, "Language Extensions", "Syntax highlighting"), or a narrower one of such, which Zed
/// takes for it.
const ZED: &[&str] = &[
    "attribute",
    "comment",
    "comment.doc",
    "constant",
    "constant.builtin",
    "keyword",
    "keyword.modifier",
    "keyword.operator",
    "label",
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

/// The captures of a file of queries, beside the colours.
type Others = &'static [(&'static str, &'static [&'static str])];

const OTHERS_OF_NEOVIM: Others = &[
    ("folds.scm", &["fold"]),
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
];

const OTHERS_OF_HELIX: Others = &[
    ("indents.scm", &["indent", "outdent"]),
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

const OTHERS_OF_ZED: Others = &[
    ("brackets.scm", &["open", "close"]),
    ("indents.scm", &["indent", "end"]),
    ("outline.scm", &["annotation", "context", "item", "name"]),
    ("overrides.scm", &["comment.inclusive", "string"]),
    (
        "textobjects.scm",
        &["class.around", "class.inside", "comment.around", "function.around", "function.inside"],
    ),
];

fn language() -> Language {
    tree_sitter_role::LANGUAGE.into()
}

/// The queries of an editor.
struct Editor {
    folder: PathBuf,
    colours: &'static [&'static str],
    others: Others,
}

fn editors() -> [Editor; 3] {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    [
        Editor { folder: here.join("queries/role"), colours: NEOVIM, others: OTHERS_OF_NEOVIM },
        Editor { folder: here.join("../helix/queries/role"), colours: HELIX, others: OTHERS_OF_HELIX },
        Editor { folder: here.join("../zed/languages/role"), colours: ZED, others: OTHERS_OF_ZED },
    ]
}

fn query(path: &Path) -> Query {
    let text = std::fs::read_to_string(path).unwrap();
    Query::new(&language(), &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn they_fit_the_grammar_and_name_what_is_known() {
    for Editor { folder, colours, others } in editors() {
        let mut seen = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "scm") {
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let others = others.iter().find(|(file, _)| *file == name).map(|(_, known)| *known);
            let known = if name == "highlights.scm" { colours } else { others.unwrap() };
            let query = query(&path);
            let used: BTreeSet<&str> = query.capture_names().iter().copied().collect();
            let known: BTreeSet<&str> = known.iter().copied().collect();
            assert_eq!(used, known, "{}", path.display());
            seen.insert(name);
        }
        let wanted = others.iter().map(|(file, _)| *file).chain(["highlights.scm"]);
        assert_eq!(seen, wanted.map(str::to_owned).collect());
    }
}

/// Every token of every text that is right has one colour; the words of the language those of words, ids never.
#[test]
fn every_token_has_one_colour() {
    for Editor { folder, .. } in editors() {
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
