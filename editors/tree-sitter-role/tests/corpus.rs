//! `test/corpus/*.txt`, in the form of `tree-sitter test`: texts and their trees, the broken ones too.
//! `BLESS=1` writes the trees anew; read the difference before you commit it.

#![allow(clippy::disallowed_methods, reason = "the texts are files")]

use std::path::Path;

use tree_sitter::{Node, Parser};

#[test]
fn every_tree_is_right() {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_role::LANGUAGE.into()).unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("test/corpus")).unwrap() {
        let path = entry.unwrap().path();
        let wanted = std::fs::read_to_string(&path).unwrap();
        let mut found = String::new();
        // HEAD title HEAD text --- tree, again and again.
        let mut parts = wanted.split(HEAD).skip(1);
        while let (Some(title), Some(body)) = (parts.next(), parts.next()) {
            let (text, _) = body.split_once(TREE).unwrap();
            // The empty lines around a text are none of its own.
            let text = text.strip_prefix('\n').unwrap().strip_suffix('\n').unwrap();
            let tree = parser.parse(text, None).unwrap();
            found += &format!("{HEAD}{title}{HEAD}\n{text}\n{TREE}\n{}\n", written(tree.root_node()));
            seen += 1;
        }
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, found).unwrap();
        } else {
            assert_eq!(wanted, found, "{}: BLESS=1 writes it anew", path.display());
        }
    }
    assert!(seen >= 12, "{seen} texts only");
}

const HEAD: &str = "================\n";
const TREE: &str = "---\n";

/// The tree as `tree-sitter test` writes it: a node a line, two spaces a level.
fn written(root: Node<'_>) -> String {
    let mut text = String::new();
    write(root, None, 0, &mut text);
    text + "\n"
}

fn write(node: Node<'_>, field: Option<&str>, depth: usize, text: &mut String) {
    if depth > 0 {
        *text += &format!("\n{}", "  ".repeat(depth));
    }
    *text += &field.map(|field| format!("{field}: ")).unwrap_or_default();
    if node.is_missing() {
        let kind = if node.is_named() { node.kind().to_owned() } else { format!("{:?}", node.kind()) };
        *text += &format!("(MISSING {kind})");
        return;
    }
    *text += &format!("({}", node.kind());
    for (index, child) in node.children(&mut node.walk()).enumerate() {
        if child.is_named() || child.is_missing() {
            let field = node.field_name_for_child(u32::try_from(index).unwrap());
            write(child, field, depth + 1, text);
        }
    }
    *text += ")";
}
