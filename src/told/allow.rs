//! What remarks in a file allow: each of them up to the end of what stands on its line, or on the line below it. Takes
//! what is allowed out of the findings, and tells the remarks that allow nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Codes, Diagnostic, Diagnostics, Fix};
use crate::source::{FileId, Place, Provenance, SourceFile, Span};
use crate::syntax::{Scope, Sign, ast, signs_from};
use crate::told::Run;
use crate::told::remark::{self, Named};

mod reach;

use self::reach::Things;

/// The remarks of a file that allow something.
#[derive(Clone, Debug)]
pub(crate) struct Allows {
    file: FileId,
    list: Vec<Allow>,
    /// What is wrong with remarks.
    findings: Diagnostics,
}

/// A remark that allows something.
#[derive(Clone, Debug)]
struct Allow {
    named: Vec<Named>,
    /// Where it does; nowhere where it stands above nothing.
    reach: Option<Span>,
}

impl Allows {
    /// The remarks of a file.
    pub(crate) fn read(source: &SourceFile, id: FileId, tree: &ast::File) -> Self {
        let mut allows = Self::none(id);
        if source.provenance() == Provenance::BuiltIn {
            return allows;
        }
        let text = source.text();
        // Those that stand above something, up to that.
        let mut above: Vec<Vec<Named>> = Vec::new();
        let mut last = Span::new(0, 0);
        let mut things: Option<Things<'_>> = None;
        // No token goes on on the next line, so lines on which no remark can be are passed over.
        let mut at = 0;
        while let Some(next) = text.get(at..).and_then(remark::opening).map(|found| at + found) {
            let line = text.get(..next).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
            if line > at {
                (at, last) = (line, Span::of(line - 1, line - 1));
            }
            let mut is_over = true;
            for (sign, span) in signs_from(text, at) {
                let is_alone = above.is_empty() && sign != Sign::Remark;
                if !is_alone {
                    let gap = source.slice(Span::new(last.end, span.start));
                    let lines = gap.bytes().filter(|byte| *byte == b'\n').count();
                    if lines > 1 {
                        allows.end(&mut above, None);
                    }
                    if !is_remark(sign) && !above.is_empty() {
                        let things = things.get_or_insert_with(|| Things::of(source, tree));
                        allows.end(&mut above, Some(things.below(span.start)));
                    }
                    if sign == Sign::Remark
                        && let Some(mut named) =
                            remark::read(id, span, source.slice(span), &mut allows.findings)
                    {
                        // With its line: an empty one would part the remarks above it from what they are about.
                        let whole = named.iter_mut().filter(|named| named.cut == span);
                        whole.for_each(|named| named.cut = Scope::of_file(source, id).without(span).span);
                        // The first on its line.
                        if lines > 0 || last.end == 0 {
                            above.push(named);
                        } else {
                            let things = things.get_or_insert_with(|| Things::of(source, tree));
                            allows.list.push(Allow { named, reach: Some(things.beside(span.start)) });
                        }
                    }
                }
                last = span;
                at = span.end as usize;
                if above.is_empty() && at > next {
                    is_over = false;
                    break;
                }
            }
            if is_over {
                break;
            }
        }
        allows.end(&mut above, None);
        allows
    }

    /// Those of a file that has none.
    pub(crate) fn none(file: FileId) -> Self {
        Self { file, list: Vec::new(), findings: Diagnostics::new() }
    }

    /// Whether a text may have one.
    pub(crate) fn may_be_in(text: &str) -> bool {
        remark::opening(text).is_some()
    }

    /// Whether there is nothing about them.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty() && self.findings.is_empty()
    }

    /// The sorts of findings that they allow.
    pub(crate) fn codes(&self) -> Codes {
        let named = || self.list.iter().flat_map(|allow| &allow.named);
        Codes::of(|code| named().any(|named| named.code == code))
    }

    /// Says that the file goes by another id.
    pub(crate) fn move_to(&mut self, file: FileId) {
        self.file = file;
        self.findings.move_to(file);
    }

    /// What the remarks above something are about.
    fn end(&mut self, above: &mut Vec<Vec<Named>>, reach: Option<Span>) {
        self.list.extend(above.drain(..).map(|named| Allow { named, reach }));
    }
}

/// Whether a token is for readers.
fn is_remark(sign: Sign) -> bool {
    matches!(sign, Sign::Remark | Sign::Doc)
}

/// Takes out of findings what the remarks of their files allow, and tells what is wrong with the remarks.
pub(crate) fn allow<'a>(findings: &mut Diagnostics, files: impl Iterator<Item = &'a Allows>, run: Run<'_>) {
    let files: Vec<&Allows> = files.filter(|file| !file.is_empty()).collect();
    if files.is_empty() {
        return;
    }
    // Where each sort of finding is allowed.
    let mut reaches: BTreeMap<(FileId, Code), Vec<(Span, &Named)>> = BTreeMap::new();
    for file in &files {
        for (allow, named) in
            file.list.iter().flat_map(|allow| allow.named.iter().map(move |named| (allow, named)))
        {
            // One that is nowhere is never used.
            let reach = allow.reach.unwrap_or(Span::new(u32::MAX, u32::MAX));
            reaches.entry((file.file, named.code)).or_default().push((reach, named));
        }
    }
    let mut places: BTreeMap<(FileId, Code), Vec<(u32, usize)>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        let Place { file, span } = finding.primary.place;
        if reaches.contains_key(&(file, finding.code)) {
            places.entry((file, finding.code)).or_default().push((span.start, index));
        }
    }
    let mut allowed: BTreeSet<usize> = BTreeSet::new();
    let mut idle = Diagnostics::new();
    for ((file, code), reaches) in &mut reaches {
        reaches.sort_by_key(|(reach, named)| (reach.start, named.span.start));
        let mut places = places.remove(&(*file, *code)).unwrap_or_default();
        places.sort_unstable();
        let used = sweep(reaches, &places, &mut allowed);
        let may_judge = run.is_clean && (run.has)(*code) && (run.has_time || !needs_time(*code));
        for ((reach, named), _) in reaches.iter().zip(used).filter(|(_, is_used)| !is_used && may_judge) {
            idle.push(for_nothing(*file, named, reach.start != u32::MAX));
        }
    }
    let mut index = 0..;
    findings.retain(|_| index.next().is_none_or(|index| !allowed.contains(&index)));
    findings.append(idle);
    files.iter().for_each(|file| findings.append(file.findings.clone()));
}

/// Finds what is allowed, and which of the remarks do. Of those that reach a place, the last to begin does. Both lists
/// are sorted.
fn sweep(reaches: &[(Span, &Named)], places: &[(u32, usize)], allowed: &mut BTreeSet<usize>) -> Vec<bool> {
    let mut used = vec![false; reaches.len()];
    let mut next = reaches.iter().enumerate().peekable();
    let mut open: Vec<(usize, Span)> = Vec::new();
    for (at, finding) in places {
        while let Some((index, (reach, _))) = next.next_if(|(_, (reach, _))| reach.start <= *at) {
            open.push((index, *reach));
        }
        // Places go up: what ends before this one is over for all that come.
        while open.pop_if(|(_, reach)| reach.end < *at).is_some() {}
        if let Some((index, _)) = open.last() {
            allowed.insert(*finding);
            if let Some(used) = used.get_mut(*index) {
                *used = true;
            }
        }
    }
    used
}

/// Whether a sort of finding is found in a moment only.
fn needs_time(code: Code) -> bool {
    matches!(code, Code::ExpiredAssignment | Code::EndingAssignment)
}

/// A remark that allows what is not there.
fn for_nothing(file: FileId, named: &Named, is_somewhere: bool) -> Diagnostic {
    let slug = named.code.slug();
    let place = Place { file, span: named.span };
    let (message, help) = match is_somewhere {
        true => (
            format!("there is no `{slug}` here that this would allow"),
            "take it out; if it was mended, that is all there is to do",
        ),
        false => (
            format!("this allows `{slug}` of nothing"),
            "write it directly above the line that it is about, or at its end",
        ),
    };
    let cut = Place { file, span: named.cut };
    Diagnostic::new(Code::IdleAllow, place, message).help(help).fix(Fix::suggest("remove it", cut, ""))
}
