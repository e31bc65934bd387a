//! Remarks that allow findings, as they are written: `// allow(SLUG, SLUG): REASON`. Knows nothing of what they are
//! about.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, Severity, either, nearest};
use crate::source::{FileId, Place, Span};

/// How such a remark begins, behind `//`.
const OPENING: &str = "allow(";

/// A finding that a remark allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) code: Code,
    /// Its slug in the file.
    pub(super) span: Span,
    /// What to take out of the text so that it is not named.
    pub(super) cut: Span,
}

/// Where the first of such remarks may be in a text.
pub(super) fn opening(text: &str) -> Option<usize> {
    let word = OPENING.trim_end_matches('(');
    let mut brackets = text.match_indices('(').map(|(at, _)| at);
    // A bracket is rarer than the first letter.
    brackets.find_map(|at| text.get(..at)?.ends_with(word).then(|| at - word.len()))
}

/// What a remark allows; none where it is another remark. What is wrong with it is told, and allows nothing.
pub(super) fn read(
    file: FileId,
    comment: Span,
    text: &str,
    findings: &mut Diagnostics,
) -> Option<Vec<Named>> {
    let body = text.strip_prefix("//")?.trim_start();
    let inside = body.strip_prefix(OPENING)?;
    let whole = Place { file, span: comment };
    let Some((list, rest)) = inside.split_once(')') else {
        findings.push(unreasoned(whole, "this `allow` is not finished, and so allows nothing"));
        return None;
    };
    let reason = rest.trim_start().strip_prefix(':').map(str::trim).unwrap_or_default();
    if reason.is_empty() {
        findings.push(unreasoned(whole, "this `allow` gives no reason, and so allows nothing"));
        return None;
    }
    let mut named: Vec<Named> = Vec::new();
    let is_one = !list.contains(',');
    let mut start = comment.start as usize + text.len() - inside.len();
    for (index, part) in list.split(',').enumerate() {
        let slug = part.trim();
        let end = start + part.len();
        let before = start + part.len() - part.trim_start().len();
        let span = Span::of(before, before + slug.len());
        match known(slug, Place { file, span }) {
            Ok(code) => {
                let cut = match index {
                    0 if is_one => comment,
                    // With the comma behind it, or the one before.
                    0 => Span::of(start, end + 1),
                    _ => Span::of(start - 1, end),
                };
                named.push(Named { code, span, cut });
            }
            Err(finding) => findings.push(*finding),
        }
        start = end + 1;
    }
    Some(named)
}

fn unreasoned(place: Place, message: &str) -> Diagnostic {
    Diagnostic::new(Code::AllowWithoutReason, place, message)
        .help("write `// allow(SLUG): REASON`, for who reads it in a year")
}

/// The finding of a slug that may be allowed.
fn known(slug: &str, place: Place) -> Result<Code, Box<Diagnostic>> {
    let finding = match find(slug) {
        Ok(code) if code.severity() == Severity::Error => {
            let message = format!("`{slug}` is an error, and no error can be allowed");
            Diagnostic::new(Code::AllowedError, place, message)
                .help(format!("mend it: `rolec check --explain {slug}` says how"))
        }
        Ok(code) => return Ok(code),
        Err(unknown) => unknown.told(Code::UnknownFinding, place, str::to_owned),
    };
    Err(Box::new(finding))
}

/// A slug of no finding.
pub(super) struct Unknown {
    message: String,
    near: Vec<&'static str>,
}

impl Unknown {
    /// Its finding; `written` is how a slug stands in the text.
    pub(super) fn told(self, code: Code, place: Place, written: impl Fn(&str) -> String) -> Diagnostic {
        let finding = Diagnostic::new(code, place, self.message);
        match self.near.as_slice() {
            [] => finding.help("`rolec check --explain` lists all findings"),
            near => {
                near.iter().fold(finding.help(format!("did you mean {}?", either(near))), |finding, slug| {
                    finding.fix(Fix::suggest(format!("write `{slug}`"), place, written(slug)))
                })
            }
        }
    }
}

/// The finding of a slug. Codes are for people who look one up: a text names what it means.
pub(super) fn find(slug: &str) -> Result<Code, Unknown> {
    match Code::find(slug) {
        Some(code) if code.slug() == slug => Ok(code),
        Some(code) => Err(Unknown {
            message: format!("`{slug}` is a code: here findings go by their slugs"),
            near: vec![code.slug()],
        }),
        None if slug.is_empty() => {
            Err(Unknown { message: "here stands no slug of a finding".to_owned(), near: Vec::new() })
        }
        None => {
            let near = nearest(slug, Code::ALL.iter().map(|code| code.slug()));
            Err(Unknown { message: format!("there is no finding `{slug}`"), near })
        }
    }
}
