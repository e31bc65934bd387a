//! Names without their case and form, held against the tables of Unicode itself.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::HashMap;

use regex_syntax::Parser;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};
use unicode_normalization::UnicodeNormalization as _;

use super::fold;

/// The characters that differ from one by case only, as Unicode's own table says (CaseFolding.txt, C and S).
fn cases_of(c: char) -> impl Iterator<Item = char> {
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    class.try_case_fold_simple().unwrap();
    let ranges: Vec<_> = class.iter().map(|range| range.start()..=range.end()).collect();
    ranges.into_iter().flatten()
}

/// All characters that the tables of the test know.
fn assigned() -> impl Iterator<Item = char> {
    let all = Parser::new().parse(r"\P{Unassigned}").unwrap();
    let HirKind::Class(Class::Unicode(class)) = all.into_kind() else {
        return Vec::new().into_iter().flatten();
    };
    let ranges: Vec<_> = class.iter().map(|range| range.start()..=range.end()).collect();
    ranges.into_iter().flatten()
}

#[test]
fn all_of_unicode_folds_as_its_tables_say() {
    let mut text = [0; 4];
    let mut by_fold: HashMap<String, Vec<char>> = HashMap::new();
    let (mut seen, mut turned) = (0, 0);
    for c in assigned() {
        seen += 1;
        let folded = fold(c.encode_utf8(&mut text)).into_owned();
        assert_eq!(fold(&folded), folded, "{c:?} is folded once and for all");
        assert_eq!(fold(&c.nfkd().collect::<String>()), folded, "{c:?} in another form");
        for other in cases_of(c).filter(|other| *other != c) {
            turned += 1;
            assert_eq!(fold(other.encode_utf8(&mut text)), folded, "{other:?} is {c:?} in another case");
        }
        // What has another form is that form.
        if c.nfkc().eq([c]) {
            by_fold.entry(folded).or_default().push(c);
        }
    }
    assert!(seen > 140_000 && turned > 2_800, "{seen} characters, {turned} with another case");
    for alike in by_fold.into_values() {
        let first = *alike.first().unwrap();
        let cases: Vec<char> = cases_of(first).collect();
        assert!(
            alike.iter().all(|other| cases.contains(other)),
            "{alike:?} are more than cases of one letter"
        );
    }
}

#[test]
fn words_fold_letter_by_letter() {
    for (one, other) in [
        ("stra\u{df}e", "STRA\u{1e9e}E"),
        ("stra\u{1e9e}e", "strasse"),
        ("\u{3bf}\u{3b4}\u{3bf}\u{3c2}", "\u{39f}\u{394}\u{39f}\u{3a3}"),
        ("\u{fb01}le", "FILE"),
        ("\u{212a}elvin", "kelvin"),
        ("e\u{301}", "\u{c9}"),
        ("\u{3b1}\u{301}\u{345}", "\u{386}\u{399}"),
        ("\u{1c80}", "\u{412}"),
    ] {
        assert_eq!(fold(one), fold(other), "{one} {other}");
    }
    for (one, other) in [
        ("y\u{131}lmaz", "yilmaz"),
        ("Y\u{131}LMAZ", "YILMAZ"),
        ("\u{1d6a4}", "i"),
        ("\u{130}dris", "idris"),
        ("\u{237}", "j"),
        ("\u{430}", "a"),
    ] {
        assert_ne!(fold(one), fold(other), "{one} {other}");
    }
}
