//! What a workspace keeps of what was found.

use std::sync::Arc;

use super::{Told, Workspace, kept_once};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Place, Span};

#[test]
fn what_is_told_as_it_was_found_is_kept_once() {
    let finding = |start: u32, message: &str| {
        let place = Place { file: FileId(0), span: Span::new(start, start + 1) };
        Diagnostic::new(Code::UnexpectedText, place, message)
    };
    let known = [finding(7, "b"), finding(3, "a"), finding(3, "b"), finding(3, "c")].map(Arc::new);
    let mut told = Diagnostics::new();
    [finding(3, "b"), finding(3, "other"), finding(5, "a"), finding(7, "b")]
        .into_iter()
        .for_each(|finding| told.push(finding));
    let kept = kept_once(told, known.iter().collect());
    let messages: Vec<&str> = kept.iter().map(|finding| &*finding.message).collect();
    assert_eq!(messages, ["b", "other", "a", "b"]);
    assert!(Arc::ptr_eq(&kept[0], &known[2]) && Arc::ptr_eq(&kept[3], &known[0]));
    let others = known.iter().map(Arc::strong_count).collect::<Vec<_>>();
    assert_eq!(others, [2, 1, 2, 1]);
}

#[test]
fn what_nobody_asked_for_is_not_kept() {
    let text = "use c catalog c { category d { r: flag } default-template t { grant d.r: on unconfirmed } }
        organization o { role x { grant d.r: on unconfirmed } }";
    let told = |told: Told| {
        let mut workspace = Workspace::default().telling(told);
        workspace.set("c.role", text);
        let file = workspace.update()[0];
        let pedantic = workspace.findings(file).filter(|finding| finding.code.is_pedantic()).count();
        (pedantic, workspace.findings(file).count() - pedantic)
    };
    let ((all, others), unasked) = (told(Told::All), told(Told::Unasked));
    assert!(all > 0 && others > 0, "{all} and {others}");
    assert_eq!(unasked, (0, others));
}
