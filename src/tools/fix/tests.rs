//! Which fixes are made, in which files, and which wait for one another.

use super::{at_once, fix};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Fix};
use crate::lint::Moment;
use crate::source::{FileId, Place, Sources, Span};

fn mended(text: &str) -> (String, usize) {
    let fixed = fix(&Sources::from_iter([("a.role", text)]), Moment::default(), |_| true, |_| true).unwrap();
    let after = fixed.sources.file(FileId(0)).unwrap().text().to_owned();
    assert_eq!(fixed.files.is_empty(), after == text);
    // What is mended stays so.
    let again = fix(&fixed.sources, Moment::default(), |_| true, |_| true).unwrap();
    assert_eq!(again.count, 0, "{after}");
    (after, fixed.count)
}

#[track_caller]
fn holds(before: &str, after: &str, count: usize) {
    let around = |text: &str| format!("use jumpcloud\norganization o {{\n{text}\n}}\n");
    assert_eq!(mended(&around(before)), (around(after), count));
}

const ROW: &str = "user-management.user-management";

#[test]
fn a_level_or_base_said_twice_is_taken_out() {
    let role = |levels: &str| format!("role r {{ grant {ROW}: {levels} }}");
    holds(&role("view, update,\n view, view, \"update\""), &role("view, update"), 3);
    holds(&role("view, // for now\n view"), &role("view, // for now\n view"), 0);
    holds("role r from help-desk, billing-only,help-desk { }", "role r from help-desk, billing-only { }", 1);
}

#[test]
fn a_comma_too_many_goes_where_a_list_ends() {
    let role = |rows: &str| format!("role r {{ grant device-management {{ {rows} }} }}");
    holds(
        &role("devices: view,\n remote-assist: full,\n"),
        &role("devices: view\n remote-assist: full\n"),
        2,
    );
    holds("role r { grant all: view, }", "role r { grant all: view }", 1);
    // What follows a statement is not known to end its list.
    holds("assign read-only to \"a\",", "assign read-only to \"a\",", 0);
    // Perhaps a name is missing.
    holds("assign read-only to \"a\", until 2027-01-01", "assign read-only to \"a\", until 2027-01-01", 0);
}

#[test]
fn what_changes_nothing_goes_but_not_with_a_remark() {
    let role = |lines: &str| format!("role r from read-only {{{lines}\n}}");
    holds(&role("\n    grant application-management.applications: view"), &role(""), 1);
    let remarked = role("\n    grant application-management {\n// why\napplications: view }");
    holds(&remarked, &remarked, 0);
}

#[test]
fn a_semicolon_goes_at_the_end_of_a_line() {
    holds("role r { grant all: view; // all\n }", "role r { grant all: view // all\n }", 1);
    holds("role r { grant all: view; }", "role r { grant all: view; }", 0);
}

#[test]
fn what_a_row_or_file_says_again_is_taken_out() {
    let catalog = |row: &str| format!("catalog c {{ category k {{ r: flag {{ {row} }} }} }}\n");
    assert_eq!(mended(&catalog("escalating escalating")), (catalog("escalating"), 1));
    assert_eq!(
        mended("use jumpcloud\nuse jumpcloud\norganization o { }"),
        ("use jumpcloud\n\norganization o { }".to_owned(), 1)
    );
    for kept in [
        "use jumpcloud\nuse jumpcloud version \"1\"\n",
        "use jumpcloud\nuse // why\n jumpcloud\n",
        "use jumpcloud\nuse nowhere\n",
    ] {
        assert_eq!(mended(kept), (kept.to_owned(), 0));
    }
}

#[test]
fn only_files_that_may_change_do() {
    let text = "use jumpcloud organization o { role r from help-desk, help-desk { } }";
    let sources = Sources::from_iter([("a.role", text), ("b.role", &text.replace(" o ", " p "))]);
    let fixed = fix(&sources, Moment::default(), |file| file == FileId(1), |_| true).unwrap();
    assert!(fixed.files.iter().eq([&FileId(1)]));
    assert_eq!(fixed.sources.file(FileId(0)).unwrap().text(), text);
    assert_eq!(
        fix(&sources, Moment::default(), |_| true, |finding| finding.code != Code::RepeatedBase)
            .unwrap()
            .count,
        0
    );
    let broken = Sources::from_iter([("a.role", [text.as_bytes(), b"\xff rest"].concat())]);
    assert_eq!(fix(&broken, Moment::default(), |_| true, |_| true).unwrap().count, 0);
}

/// The edits of the fixes that are made in one round, of those with these spans.
fn round(fixes: &[&[(u32, u32)]]) -> Vec<Vec<(u32, u32)>> {
    let place = |(start, end): (u32, u32)| Place { file: FileId(0), span: Span::new(start, end) };
    let mut findings = Diagnostics::new();
    for spans in fixes {
        let edits = spans.iter().map(|span| Edit { place: place(*span), text: String::new() }).collect();
        let fix = Fix { edits, ..Fix::safe("t", place((0, 0)), "") };
        findings.push(Diagnostic::new(Code::EmptyGrant, place((0, 0)), "m").fix(fix));
    }
    let span = |edit: &Edit| (edit.place.span.start, edit.place.span.end);
    at_once(&findings, |_| true).iter().map(|fix| fix.edits.iter().map(span).collect()).collect()
}

#[test]
fn edits_that_touch_wait() {
    assert_eq!(round(&[&[(4, 8)], &[(8, 9)], &[(0, 4)]]).len(), 3);
    assert_eq!(round(&[&[(4, 8)], &[(7, 9)], &[(0, 5)], &[(5, 6)], &[(3, 9)]]), [[(4, 8)]]);
    assert_eq!(round(&[&[(4, 4)], &[(4, 4)], &[(4, 8)], &[(0, 4)]]), [[(4, 4)]]);
    // Whole or not at all: the first edit of a fix that does not fit is not made, and is in nobody's way.
    assert_eq!(round(&[&[(4, 8)], &[(0, 2), (6, 7)], &[(1, 2)]]), [[(4, 8)], [(1, 2)]]);
    assert_eq!(round(&[&[(0, 4), (2, 6)], &[(5, 6)]]), [[(5, 6)]]);
    assert_eq!(round(&[&[]]).len(), 0);
}
