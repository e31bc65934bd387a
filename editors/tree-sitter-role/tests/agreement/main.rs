//! The grammar for editors against the compiler's: the same texts are right, and what is right says the same.
//!
//! The texts are all policies of the repository: those to read, the fixtures with their mistakes, the examples of the
//! documents; then each of the smaller ones damaged in many ways, one token at a time.

#![allow(clippy::disallowed_methods, reason = "the texts are files")]

mod compiler;
mod texts;
mod tree;

use tree_sitter::Parser;

fn parser() -> Parser {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_role::LANGUAGE.into()).unwrap();
    parser
}

/// Whether the compiler finds the text well formed, and whether this grammar does.
fn verdicts(parser: &mut Parser, text: &str) -> (Vec<String>, bool) {
    (compiler::faults(text), parser.parse(text, None).unwrap().root_node().has_error())
}

#[test]
fn the_same_texts_are_right() {
    let mut parser = parser();
    let (mut right, mut wrong, mut differ) = (0, 0, Vec::new());
    for (name, text) in texts::all() {
        let (faults, has_error) = verdicts(&mut parser, &text);
        if faults.is_empty() {
            right += 1
        } else {
            wrong += 1
        }
        if faults.is_empty() == has_error {
            differ.push(format!("{name}: the compiler finds {faults:?}, here is an error: {has_error}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(right > 120 && wrong > 30, "{right} right and {wrong} wrong texts: too few are found");
}

#[test]
fn what_is_right_says_the_same() {
    let mut parser = parser();
    let mut items = 0;
    for (name, text) in texts::all() {
        if !compiler::faults(&text).is_empty() {
            continue;
        }
        let ours = compiler::items(&text);
        let theirs = tree::items(parser.parse(&text, None).unwrap().root_node(), &text);
        for (our, their) in ours.iter().zip(&theirs) {
            assert_eq!(our, their, "{name}: the compiler's, then that of this grammar");
        }
        assert_eq!(ours.len(), theirs.len(), "{name}");
        items += ours.len();
    }
    assert!(items > 3000, "{items} items only");
}

/// Texts of at most so many bytes are damaged.
const SMALL: usize = 1500;

/// A list with a comma too many goes on with the word below, a keyword or not: so this grammar reads it. Where that is
/// the whole beginning of a statement, the compiler takes it for one, to say what is wrong.
const HELPFUL: &str = "a list ends without a comma";

/// A row that lacks its last word takes the id of the row below for it: so this grammar reads it, and only the line end
/// shows what was meant. Nothing declares what was taken, so the compiler would refuse the text either way.
const SWALLOWED: [&str; 2] =
    ["expected a kind, found the end of the line", "expected an id, found the end of the line"];

/// A token left out, said twice, or changed with the next one: still both say the same of the text.
#[test]
fn damage_is_seen_by_both() {
    let mut parser = parser();
    let (mut seen, mut broken, mut helped, mut swallowed, mut differ) = (0, 0, 0, 0, Vec::new());
    for (name, text) in texts::all() {
        let tree = parser.parse(&text, None).unwrap();
        if text.len() > SMALL || tree.root_node().has_error() {
            continue;
        }
        let leaves = tree::leaves(tree.root_node());
        for (index, leaf) in leaves.iter().enumerate() {
            let (before, word, after) = (&text[..leaf.start], &text[leaf.clone()], &text[leaf.end..]);
            let mut damaged = vec![format!("{before}{after}"), format!("{before}{word} {word}{after}")];
            if let Some(next) = leaves.get(index + 1) {
                let (between, second) = (&text[leaf.end..next.start], &text[next.clone()]);
                damaged.push(format!("{before}{second}{between}{word}{}", &text[next.end..]));
            }
            for text in damaged {
                let (faults, has_error) = verdicts(&mut parser, &text);
                seen += 1;
                broken += usize::from(has_error);
                if !has_error && matches!(faults.as_slice(), [fault] if fault.contains(HELPFUL)) {
                    helped += 1;
                } else if !has_error
                    && matches!(faults.as_slice(), [fault] if SWALLOWED.iter().any(|told| fault.contains(told)))
                {
                    swallowed += 1;
                } else if faults.is_empty() == has_error {
                    let line = before.lines().count();
                    differ.push(format!("{name}, about line {line}, `{word}`: {faults:?}\n{text}\n"));
                }
            }
        }
    }
    let share = differ.len();
    differ.truncate(20);
    assert!(differ.is_empty(), "{share} of {seen}:\n{}", differ.join("\n"));
    assert!(swallowed <= 4, "{swallowed} rows read otherwise");
    assert!(helped <= 3, "{helped} lists read otherwise");
    assert!(broken > 5000 && seen - broken > 500, "{broken} of {seen} are broken");
}
