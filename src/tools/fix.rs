//! Findings mended where it is certain how: the safe fixes, made again until none is left. Makes no other, and gives
//! nothing back that decides otherwise than the policy did before.
//!
//! ```
//! use rolec::lint::Moment;
//! use rolec::source::{FileId, Sources};
//! use rolec::tools::fix::fix;
//!
//! let text = "use jumpcloud organization o { role r { grant monitoring-analytics: view, view } }";
//! let fixed = fix(&Sources::from_iter([("o.role", text)]), Moment::default(), |_| true, |_| true)?;
//! assert!(fixed.sources.file(FileId(0)).unwrap().text().ends_with("monitoring-analytics: view } }"));
//! # Ok::<(), String>(())
//! ```

use std::collections::BTreeSet;

use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::lint::Moment;
use crate::pipeline::compile_at;
use crate::source::{FileId, Place, SourceFile, Sources};

/// How often fixes are made at most: one that makes room for the next shall not do so for ever.
const ROUNDS: usize = 100;

/// A policy after its fixes.
///
/// ```
/// use rolec::lint::Moment;
/// use rolec::source::{FileId, Sources};
/// use rolec::tools::fix::{Fixed, fix};
///
/// let text = "use jumpcloud organization o { role r from help-desk, help-desk { grant all: view, } }";
/// let fixed: Fixed = fix(&Sources::from_iter([("o.role", text)]), Moment::default(), |_| true, |_| true)?;
/// assert_eq!((fixed.count, fixed.files.len()), (2, 1));
/// let mended = "use jumpcloud organization o { role r from help-desk { grant all: view } }";
/// assert_eq!(fixed.sources.file(FileId(0)).unwrap().text(), mended);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The files, with those that were mended.
    pub sources: Sources,
    /// Which of them were.
    pub files: BTreeSet<FileId>,
    /// How many findings were mended.
    pub count: usize,
}

/// Makes the safe fixes of the findings that `is_told` lets through, in the files that `may_change` names.
///
/// ```
/// use rolec::lint::Moment;
/// use rolec::source::Sources;
/// use rolec::tools::fix::fix;
///
/// let sources = Sources::from_iter([("o.role", "use jumpcloud; organization o { }")]);
/// // What is not certain is a person's to decide.
/// assert_eq!(fix(&sources, Moment::default(), |_| true, |_| true)?.count, 0);
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// Where the policy would decide otherwise after its fixes: what differs. That is a defect of a fix.
pub fn fix(
    sources: &Sources,
    moment: Moment,
    may_change: impl Fn(FileId) -> bool,
    is_told: impl Fn(&Diagnostic) -> bool,
) -> Result<Fixed, String> {
    let mut fixed = Fixed { sources: sources.clone(), files: BTreeSet::new(), count: 0 };
    let may_change = |place: Place| {
        // Of what is no text, only the beginning is known.
        may_change(place.file) && sources.file(place.file).is_some_and(|file| file.bad_byte().is_none())
    };
    let mut first = None;
    for round in 0..=ROUNDS {
        let compiled = compile_at(fixed.sources.clone(), moment);
        let before = first.get_or_insert_with(|| compiled.table.clone());
        let told = compiled.findings.iter().filter(|finding| round < ROUNDS && is_told(finding));
        let fixes = at_once(told, may_change);
        if fixes.is_empty() {
            return match (before, compiled.table) {
                (None, _) => Ok(fixed),
                (Some(_), None) => Err("the policy does not compile any more".to_owned()),
                (Some(before), Some(after)) => before.decision_difference(&after).map_or(Ok(fixed), Err),
            };
        }
        fixed.count += fixes.len();
        fixed.make(fixes.into_iter().flat_map(|fix| fix.edits.clone()).collect());
    }
    Ok(fixed)
}

/// The fixes that can be made at once: the first safe one of each finding, if none of its edits touches one of another.
/// Those that wait are seen again in the text as it is then.
pub(crate) fn at_once<'d>(
    findings: impl IntoIterator<Item = &'d Diagnostic>,
    may_change: impl Fn(Place) -> bool,
) -> Vec<&'d Fix> {
    let mut taken = Vec::new();
    let mut spans: BTreeSet<(FileId, u32, u32)> = BTreeSet::new();
    for finding in findings {
        let is_safe = |fix: &&Fix| fix.applicability == Applicability::Safe && !fix.edits.is_empty();
        let Some(fix) = finding.fixes.iter().find(is_safe) else { continue };
        let is_placed = |edit: &&Edit| may_change(edit.place) && place(&mut spans, edit.place);
        let placed = fix.edits.iter().take_while(is_placed).count();
        if placed == fix.edits.len() {
            taken.push(fix);
            continue;
        }
        for Edit { place, .. } in fix.edits.iter().take(placed) {
            spans.remove(&(place.file, place.span.start, place.span.end));
        }
    }
    taken
}

/// Adds a place to those that do not touch; false where it touches one.
fn place(spans: &mut BTreeSet<(FileId, u32, u32)>, place: Place) -> bool {
    let (file, start, end) = (place.file, place.span.start, place.span.end);
    let touches = |other: &(FileId, u32, u32)| {
        // An insertion is at one point: what ends or begins there may mean it to be on the other side.
        let is_apart = if start == end || other.1 == other.2 {
            end < other.1 || other.2 < start
        } else {
            end <= other.1 || other.2 <= start
        };
        other.0 == file && !is_apart
    };
    let before = spans.range(..(file, start, end)).next_back();
    let after = spans.range((file, start, end)..).next();
    if start > end || before.is_some_and(touches) || after.is_some_and(touches) {
        return false;
    }
    spans.insert((file, start, end))
}

impl Fixed {
    /// Formats what was mended and was in the canonical style before: who holds files to it finds them so again.
    pub(crate) fn tidy(&mut self, before: &Sources, format: impl Fn(&SourceFile, FileId) -> String) {
        for id in &self.files {
            let (Some(old), Some(file)) = (before.file(*id), self.sources.file(*id)) else { continue };
            if format(old, *id) != old.text() {
                continue;
            }
            let mut tidied = SourceFile::new(file.name(), format(file, *id).into_bytes(), file.provenance());
            file.paths().for_each(|path| tidied.add_path(path));
            self.sources.replace(*id, tidied);
        }
    }

    /// Makes edits that do not reach into each other.
    pub(crate) fn make(&mut self, mut edits: Vec<Edit>) {
        // From the end of each file, so that what is to come stays where it is.
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.place));
        for of_file in edits.chunk_by(|a, b| a.place.file == b.place.file) {
            let Some(id) = of_file.first().map(|edit| edit.place.file) else { continue };
            let Some(file) = self.sources.file(id) else { continue };
            let mut text = file.text().to_owned();
            for edit in of_file {
                let range = edit.place.span.start as usize..edit.place.span.end as usize;
                if text.get(range.clone()).is_some() {
                    text.replace_range(range, &edit.text);
                }
            }
            let mut mended = SourceFile::new(file.name(), text.into_bytes(), file.provenance());
            file.paths().for_each(|path| mended.add_path(path));
            self.sources.replace(id, mended);
            self.files.insert(id);
        }
    }
}

#[cfg(test)]
mod tests;
