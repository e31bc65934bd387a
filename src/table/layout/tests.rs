//! Bits against the laws of shapes, and rows across the ends of words.

use super::Layout;
use crate::table::flaw::Fault;
use crate::table::sample::row;
use crate::vocab::{Actions, Form, OrganizationKind, RowId};

const LADDER: [&str; 5] = ["none", "a", "b", "c", "d"];

/// Bits that are found wrong here must be those of which `Shape::is_level` says so, row by row; with rows that lie
/// across the end of a word.
#[test]
fn one_law_for_rows_and_for_bits() {
    let verbs: Vec<String> = (0..62).map(|verb| format!("v{verb}")).collect();
    let verbs: Vec<&str> = verbs.iter().map(String::as_str).collect();
    for before in [1, 60, 61, 62] {
        for (dropped, form) in [
            (&[][..], Form::Ladder),
            (&["none"], Form::Ladder),
            (&["none", "b"], Form::Ladder),
            (&["a"], Form::Ladder),
            (&[], Form::Verbs),
        ] {
            let words = if form == Form::Ladder { &LADDER[..] } else { &LADDER[1..] };
            let rows = [
                row("before", 0, Form::Verbs, &verbs[..before], &[]),
                row("it", 0, form, words, dropped),
                row("after", 0, Form::Flag, &[], &[]),
            ];
            let layout = Layout::of(&rows);
            for held in 0..1 << rows[1].shape.width() {
                let held = Actions(held);
                let mut bits = layout.floors();
                layout.set(&mut bits, RowId(0), rows[0].shape.top());
                layout.set(&mut bits, RowId(1), held);
                assert_eq!(layout.get(&bits, RowId(1)), held);
                assert_eq!(layout.get(&bits, RowId(0)), rows[0].shape.top());
                assert_eq!(layout.get(&bits, RowId(2)), Actions::NONE);
                let wanted = (!rows[1].shape.is_level(held)).then_some(Fault::NotALevel { row: RowId(1) });
                assert_eq!(layout.fault(&bits), wanted, "{before} {dropped:?} {held:?}");
            }
        }
    }
}

/// A ladder of more steps than a word has bits.
#[test]
fn ladders_go_on_from_word_to_word() {
    let steps: Vec<String> = (0..71).map(|step| format!("s{step}")).collect();
    let words: Vec<&str> = std::iter::once("none").chain(steps.iter().skip(1).map(String::as_str)).collect();
    let ladder = row("l", 0, Form::Ladder, &words, &[]);
    let layout = Layout::of(std::slice::from_ref(&ladder));
    assert_eq!((layout.words(), ladder.shape.width()), (2, 70));
    for top in 0..=70_u32 {
        let held = (1_u128 << top) - 1;
        for gap in 0..top {
            for held in [held, held & !(1 << gap)] {
                let mut bits = layout.floors();
                layout.set(&mut bits, RowId(0), Actions(held));
                let wanted =
                    (!ladder.shape.is_level(Actions(held))).then_some(Fault::NotALevel { row: RowId(0) });
                assert_eq!(layout.fault(&bits), wanted, "{top} {gap}");
            }
        }
    }
}

#[test]
fn bits_that_cannot_be() {
    let layout = Layout::of(&[row("r", 0, Form::Verbs, &["a", "b", "c"], &["b"])]);
    assert_eq!(layout.fault(&[0b11]), None);
    assert_eq!(layout.fault(&[0b100]), Some(Fault::StrayBits));
    assert_eq!(layout.fault(&[]), Some(Fault::Width { found: 0, wanted: 1 }));
    assert_eq!(layout.fault(&[0, 0]), Some(Fault::Width { found: 2, wanted: 1 }));
}

#[test]
fn rows_as_wide_as_rows_can_be() {
    let verbs: Vec<String> = (0..128).map(|verb| format!("v{verb}")).collect();
    let verbs: Vec<&str> = verbs.iter().map(String::as_str).collect();
    let rows = [
        row("a", 0, Form::Verbs, &verbs, &[]),
        row("b", 0, Form::Flag, &[], &[]),
        row("c", 0, Form::Verbs, &verbs, &[]),
    ];
    let layout = Layout::of(&rows);
    assert_eq!(layout.words(), 5);
    for held in [0, u128::MAX, 1, 1 << 127, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef] {
        let mut bits = vec![0; 5];
        layout.set(&mut bits, RowId(1), Actions(1));
        layout.set(&mut bits, RowId(2), Actions(held));
        assert_eq!([0, 1, 2].map(|row| layout.get(&bits, RowId(row)).0), [0, 1, held]);
        layout.set(&mut bits, RowId(0), Actions(held));
        layout.set(&mut bits, RowId(1), Actions(2));
        assert_eq!([0, 1, 2].map(|row| layout.get(&bits, RowId(row)).0), [held, 0, held]);
        assert_eq!(layout.fault(&bits), None);
    }
    assert_eq!(layout.get(&[u64::MAX; 5], RowId(3)), Actions::NONE);
    assert_eq!(layout.get(&[u64::MAX; 1], RowId(2)), Actions::NONE);
}

#[test]
fn what_a_kind_of_organization_leaves() {
    let mut rows = [
        row("a", 0, Form::Verbs, &["x", "y"], &[]),
        row("b", 0, Form::Verbs, &["x", "y"], &[]),
        row("c", 0, Form::Flag, &[], &[]),
    ];
    rows[1].only_managed = true;
    let layout = Layout::of(&rows);
    assert_eq!(layout.mask(OrganizationKind::Managed), [0b11111]);
    assert_eq!(layout.mask(OrganizationKind::Direct), [0b10011]);
}
