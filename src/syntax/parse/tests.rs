//! A file that is taken for right gives what the explanation of its braces gives.

use std::ops::Range;

use crate::source::{FileId, Provenance, SourceFile};
use crate::syntax::lex::lex;
use crate::syntax::parse::LexedFile;
use crate::syntax::token::{Kind, tokens};
use crate::syntax::tree::Shapes;

const TEXT: &str = r#"
use jumpcloud "2026-11"

/// Who starts here.
template base "Base" { grant all: view }
default template more from base { grant c.role: on }
forbid "both" except base, role "a b" { c.r: on d.s: off }
require "one" at least 1 from 2026-01-01 { role base }

organization o "O" managed {
    /// A role.
    role "a b" "Title" from base, role more {
        description "What it does"
        grant all: view
        grant c: view { r, s: on role: full unconfirmed "seen" }
        grant d.s: off unconfirmed
        grant kind { test: on }
    }
    role limit from nothing {}
    assign role limit to "ana", service "bot" from 2026-01-01 until 2027-01-01 because "HR"
    assign base to "bo"
    test "it" {
        limit can c.r
        only role limit, "ana" can c.r: on at 2026-02-01
        cases "ana", role limit at 2026-02-01 { c.r: on | off d.s: off | off }
    }
    forbid "x" { c.r: on }
    require "two" at most 2 except base { c.r: on role limit }
}
organization p direct {}
"#;

/// The text with some tokens taken out, said twice, or put in the place of others.
fn damaged(parts: &[Range<usize>], seed: u64) -> String {
    let mut state = seed;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % limit as u64) as usize
    };
    let mut order: Vec<usize> = (0..parts.len()).collect();
    for _ in 0..=below(3) {
        let (at, other) = (below(order.len()), below(order.len()));
        match below(5) {
            0 => drop(order.remove(at)),
            1 => order.insert(at, order[other]),
            2 => order[at] = order[other],
            3 => order.swap(at, other),
            // A run of tokens elsewhere.
            _ => {
                let end = (at + below(12)).min(order.len());
                let run: Vec<usize> = order.drain(at..end).collect();
                let to = other.min(order.len());
                order.splice(to..to, run);
            }
        }
    }
    let gap = " ".repeat(seed as usize % 2);
    order.iter().map(|at| TEXT.get(parts[*at].clone()).unwrap().to_owned() + &gap).collect()
}

#[test]
fn what_is_taken_for_right_is_right() {
    let is_part = |kind: Kind| !matches!(kind, Kind::Unknown);
    let parts: Vec<Range<usize>> =
        tokens(TEXT).filter(|token| is_part(token.kind)).map(|token| token.start..token.end).collect();
    let mut right = 0;
    for seed in 0..6000 {
        let text = if seed == 0 { TEXT.to_owned() } else { damaged(&parts, seed) };
        let source = SourceFile::new("f.role", text.into_bytes(), Provenance::Given);
        let (lexed, findings) = lex(&source, FileId(0));
        let file = LexedFile { source: &source, id: FileId(0), lexed: &lexed, earlier: None };
        let Some(quick) = file.right(&findings, &mut Shapes::default()) else {
            assert_ne!(seed, 0, "the text itself is right");
            continue;
        };
        right += 1;
        let slow = file.explained(findings, &mut Shapes::default());
        assert_eq!(quick, slow, "{}", source.text());
    }
    assert!(right > 300, "{right} texts were right");
}
