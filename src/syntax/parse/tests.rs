//! A file that is taken for right gives what the explanation of its braces gives.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Provenance, SourceFile};
use crate::syntax::ast::Name;
use crate::syntax::cut::cut;
use crate::syntax::lex::lex;
use crate::syntax::parse::{LexedFile, parse};
use crate::syntax::token::{Kind, tokens};
use crate::syntax::tree::Shapes;
use crate::vocab::limits;

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
        let slow =
            file.explained(&mut cut(&lexed, FileId(0), source.text()), findings, &mut Shapes::default());
        assert_eq!(quick, slow, "{}", source.text());
    }
    assert!(right > 300, "{right} texts were right");
}

#[test]
fn a_head_that_does_not_fit_keeps_its_id() {
    let text = "organization o from p { role a { } } catalog c managed { }";
    let source = SourceFile::new("f.role", text.into(), Provenance::Given);
    let (file, findings) = parse(&source, FileId(0));
    assert_eq!(findings.len(), 2, "{findings:?}");
    let organization = &file.organizations[0];
    let id = |start: u32, id: Option<Name>| id.map(|id| source.slice(id.span.shifted(start)));
    assert_eq!(id(organization.head.start, organization.head.node.id), Some("o"));
    assert_eq!(organization.roles.len(), 1);
    let head = &file.catalogs[0].head;
    assert_eq!(id(head.start, head.node.id), Some("c"));
}

#[test]
fn members_without_an_end_are_told_one_by_one() {
    let text = |count: usize| format!("organization o {{\n{}", "    role a {\n".repeat(count));
    let too_deep = |count: usize| {
        let source = SourceFile::new("f.role", text(count).into(), Provenance::Given);
        parse(&source, FileId(0)).1.iter().filter(|finding| finding.code == Code::TooDeep).count()
    };
    assert_eq!(too_deep(limits::OPEN_BRACES - 1), 0);
    assert_eq!(too_deep(200), 0, "each is explained");
    assert!(too_deep(300) > 0);
}

/// The text with the first fix of its one finding; none where that has no fix.
fn mended(text: &str) -> Option<String> {
    let source = SourceFile::new("f.role", text.into(), Provenance::Given);
    let findings: Vec<Diagnostic> = parse(&source, FileId(0)).1.into_iter().collect();
    let [finding] = &findings[..] else { panic!("{text}: {findings:?}") };
    let mut mended = text.to_owned();
    for edit in finding.fixes.first()?.edits.iter().rev() {
        let span = edit.place.span;
        mended.replace_range(span.start as usize..span.end as usize, &edit.text);
    }
    Some(mended)
}

#[test]
fn a_fix_takes_what_it_removes_with_its_space() {
    for (text, wanted) in [
        ("template t :\n    grant a.b: on\n}\n", "template t {\n    grant a.b: on\n}\n"),
        ("template t { grant a { grant b: on } }", "template t { grant a { b: on } }"),
        ("template t { grant grant a.b: on }", "template t { grant a.b: on }"),
        ("organization o { default role r { } }", "organization o { role r { } }"),
        ("organization o { } } }", "organization o { } "),
    ] {
        assert_eq!(mended(text).as_deref(), Some(wanted), "{text}");
    }
    // Who knows what braces on several lines are about.
    assert_eq!(mended("organization o { }\n}\n}\n"), None);
}

#[test]
fn what_nests_too_deep_ends_at_its_own_brace() {
    let many = |brace: &str| brace.repeat(limits::NESTING + 8);
    let text =
        format!("organization o {{\n    role a {{ {} {} }}\n    role b {{ }}\n}}\n", many("{"), many("}"));
    let source = SourceFile::new("f.role", text.into(), Provenance::Given);
    let (file, findings) = parse(&source, FileId(0));
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::TooDeep]);
    let ids =
        file.organizations[0].roles.iter().map(|role| role.node.id.map(|id| id.span.shifted(role.start)));
    assert_eq!(ids.map(|id| id.map(|id| source.slice(id))).collect::<Vec<_>>(), [Some("b")]);
}

#[test]
fn a_damaged_template_is_still_a_default_one() {
    let text = "default template t { grant a } template u { grant a }";
    let source = SourceFile::new("f.role", text.into(), Provenance::Given);
    let (file, _) = parse(&source, FileId(0));
    let found = file.templates.iter().map(|template| (template.node.is_default, template.node.is_damaged));
    assert_eq!(found.collect::<Vec<_>>(), [(true, true), (false, true)]);
}
