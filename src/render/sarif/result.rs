//! One finding as a result of SARIF: its places, and its fixes as replacements.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::{Message, level};
use crate::diagnostic::{self, Applicability, Diagnostic};
use crate::render::spot::Spot;
use crate::source::{FileId, Place, Provenance, SourceFile, Sources};

/// One finding.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Result {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Clone, Debug, Serialize)]
struct Artifact {
    uri: String,
}

/// Lines and columns count from 1, columns in characters; the end is the column after the last.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: Vec<Change>,
    properties: Properties,
}

#[derive(Clone, Debug, Serialize)]
struct Properties {
    applicability: &'static str,
}

/// The replacements in one file.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Content,
}

/// Text to put into a file: as it is, unlike a message.
#[derive(Clone, Debug, Serialize)]
struct Content {
    text: String,
}

impl Result {
    /// `rule` is the place of its sort in the list of rules.
    pub(super) fn new(sources: &Sources, finding: &Diagnostic, rule: usize) -> Self {
        let lines: Vec<&str> =
            std::iter::once(&finding.message).chain(&finding.help).map(String::as_str).collect();
        let related = finding.secondary.iter().zip(1..);
        Self {
            rule_id: finding.code.code(),
            rule_index: rule,
            level: level(finding.severity()),
            message: Message::new(&lines.join("\n")),
            locations: Location::new(sources, &finding.primary, None).into_iter().collect(),
            related_locations: related
                .filter_map(|(label, id)| Location::new(sources, label, Some(id)))
                .collect(),
            fixes: finding.fixes.iter().filter_map(|fix| Fix::new(sources, fix)).collect(),
        }
    }
}

impl Location {
    fn new(sources: &Sources, label: &diagnostic::Label, id: Option<usize>) -> Option<Self> {
        let spot = Spot::of(sources, label.place)?;
        let physical_location =
            Physical { artifact_location: Artifact::new(spot.file), region: region(&spot) };
        let message = (!label.text.is_empty()).then(|| Message::new(&label.text));
        Some(Self { id, physical_location, message })
    }
}

impl Fix {
    /// Nothing where it has no edit: the standard wants one at least.
    fn new(sources: &Sources, fix: &diagnostic::Fix) -> Option<Self> {
        let mut by_file: BTreeMap<FileId, Vec<Replacement>> = BTreeMap::new();
        for edit in &fix.edits {
            by_file
                .entry(edit.place.file)
                .or_default()
                .push(Replacement::new(sources, edit.place, &edit.text)?);
        }
        let artifact_changes: Vec<Change> = by_file
            .into_iter()
            .filter_map(|(file, replacements)| {
                Some(Change { artifact_location: Artifact::new(sources.file(file)?), replacements })
            })
            .collect();
        let applicability = match fix.applicability {
            Applicability::Safe => "safe",
            Applicability::Suggestion => "suggestion",
        };
        (!artifact_changes.is_empty()).then(|| Self {
            description: Message::new(&fix.title),
            artifact_changes,
            properties: Properties { applicability },
        })
    }
}

impl Replacement {
    fn new(sources: &Sources, place: Place, text: &str) -> Option<Self> {
        let deleted_region = region(&Spot::of(sources, place)?);
        Some(Self { deleted_region, inserted_content: Content { text: text.to_owned() } })
    }
}

fn region(spot: &Spot<'_>) -> Region {
    let (first, last) = (spot.first(), spot.last());
    Region {
        start_line: first.line,
        start_column: first.column,
        end_line: last.line,
        end_column: last.column,
    }
}

impl Artifact {
    /// A file by its path; what is compiled in by a `builtin:` of its own.
    fn new(file: &SourceFile) -> Self {
        let name = file.name();
        let uri = match (file.provenance(), name.strip_prefix("builtin:")) {
            (Provenance::BuiltIn, Some(path)) => format!("builtin:{}", encoded(path)),
            _ if name.starts_with('/') => format!("file://{}", encoded(name)),
            _ => encoded(name),
        };
        Self { uri }
    }
}

/// A path as it stands in a URI. A `:` in it would begin a scheme.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            // Writing to a string does not fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Artifact;
    use crate::source::{Provenance, SourceFile};

    fn uri(name: &str, provenance: Provenance) -> String {
        Artifact::new(&SourceFile::new(name, Vec::new(), provenance)).uri
    }

    #[test]
    fn a_name_is_a_uri() {
        for (name, wanted) in [
            ("a/b-c.role", "a/b-c.role"),
            ("../a b%é.role", "../a%20b%25%C3%A9.role"),
            ("builtin:x", "builtin%3Ax"),
            ("<stdin>", "%3Cstdin%3E"),
            ("/tmp/a.role", "file:///tmp/a.role"),
        ] {
            assert_eq!(uri(name, Provenance::Given), wanted);
        }
        assert_eq!(uri("builtin:j c/a.role", Provenance::BuiltIn), "builtin:j%20c/a.role");
    }
}
