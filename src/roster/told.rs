//! How much is told of one file of rows: somebody who has a million of them wrong reads the first, and mends their
//! source. Errors are never left out for the sake of advice.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::source::{FileId, Place, Span};
use crate::vocab::limits::ROW_FINDINGS;

/// The finding that says that more was found than is told.
pub(super) fn more(file: FileId, severity: Severity, message: String) -> Diagnostic {
    let place = Place { file, span: Span::new(0, 0) };
    Diagnostic::new(Code::MoreRows, place, message)
        .help("mend what writes the file, and run this again")
        .graded(severity)
}

/// Leaves of the findings on each of some files the first of each severity, and says how many more there are. A fix
/// that would edit such a file is left out: its text is not there, and another program writes it.
pub(crate) fn few(findings: &mut Diagnostics, files: &[FileId]) {
    if files.is_empty() {
        return;
    }
    findings.leave_fixes(|place| !files.contains(&place.file));
    // What is first is known once they are in order.
    findings.sort();
    let mut counts: BTreeMap<(FileId, Severity), usize> = BTreeMap::new();
    findings.retain(|finding| {
        let file = finding.primary.place.file;
        if !files.contains(&file) || finding.code == Code::MoreRows {
            return true;
        }
        let count = counts.entry((file, finding.severity())).or_default();
        *count += 1;
        *count <= ROW_FINDINGS
    });
    // Where the reading ended early that was told.
    let ended: Vec<FileId> = findings
        .iter()
        .filter(|finding| finding.code == Code::MoreRows)
        .map(|finding| finding.primary.place.file)
        .collect();
    let is_told = |file: FileId, severity| severity == Severity::Error && ended.contains(&file);
    for ((file, severity), count) in counts {
        if count <= ROW_FINDINGS || is_told(file, severity) {
            continue;
        }
        let word = match severity {
            Severity::Error => "errors",
            Severity::Warning => "warnings",
            Severity::Note => "notes",
        };
        // How many there are nobody counted: behind so many no more are kept.
        let message =
            format!("the first {ROW_FINDINGS} {word} of this file are told, and the others are not");
        findings.push(more(file, severity, message));
    }
}
