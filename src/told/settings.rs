//! The text of a settings file, `rolec.toml`, as what it sets. Pure: finds and reads no file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, Severity, either, nearest};
use crate::source::{FileId, Place, SourceFile, Span};
use crate::told::remark::find;
use crate::told::{Level, Levels};

/// The tables that there are.
const TABLES: [&str; 1] = ["lints"];

/// The levels that a settings file sets, and what is wrong in it; the rest of it counts all the same.
///
/// ```
/// use rolec::diagnostic::Code;
/// use rolec::source::{FileId, Provenance, SourceFile};
/// use rolec::told::{Level, settings};
///
/// let read = |text: &str| {
///     settings(&SourceFile::new("rolec.toml", text.into(), Provenance::Given), FileId(0))
/// };
/// let (levels, findings) = read("[lints]\nunassigned-role = \"warn\"\n");
/// assert!(findings.is_empty() && levels.get(Code::UnassignedRole) == Some(Level::Warn));
/// let (_, findings) = read("[lints]\nunasigned-role = \"warn\"\n");
/// assert_eq!(findings.iter().next().unwrap().help, ["did you mean `unassigned-role`?"]);
/// ```
pub fn settings(source: &SourceFile, id: FileId) -> (Levels, Diagnostics) {
    let mut reader = Reader { id, levels: Levels::default(), findings: Diagnostics::new() };
    if let Some((at, _)) = source.bad_byte() {
        let place = Place { file: id, span: Span::new(at, at) };
        reader.damaged(place, "the file is not UTF-8");
        return (reader.levels, reader.findings);
    }
    match DeTable::parse(source.text()) {
        Ok(table) => reader.file(table.get_ref()),
        Err(error) => {
            let span = error.span().unwrap_or_default();
            reader.damaged(reader.place(&span), error.message());
        }
    }
    reader.findings.sort();
    (reader.levels, reader.findings)
}

struct Reader {
    id: FileId,
    levels: Levels,
    findings: Diagnostics,
}

impl Reader {
    fn place(&self, range: &std::ops::Range<usize>) -> Place {
        Place { file: self.id, span: Span::of(range.start, range.end) }
    }

    /// Text that is no TOML: nothing of it counts.
    fn damaged(&mut self, place: Place, message: &str) {
        let sentence = message.trim_end_matches('.').replace('\n', ", ");
        self.findings.push(
            Diagnostic::new(Code::DamagedSettings, place, format!("the settings are no TOML: {sentence}"))
                .help("nothing in the file counts until it is mended"),
        );
    }

    fn file(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let place = self.place(&key.span());
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("lints", DeValue::Table(lints)) => {
                    lints.iter().for_each(|(slug, level)| self.lint(slug.get_ref(), slug.span(), level));
                }
                ("lints", _) => self.findings.push(
                    Diagnostic::new(Code::WrongSetting, place, "`lints` is a table")
                        .help("write `[lints]`, and a line `SLUG = \"LEVEL\"` for each finding below it"),
                ),
                (other, _) => {
                    let near = nearest(other, TABLES);
                    let near = if near.is_empty() { TABLES.to_vec() } else { near };
                    let finding =
                        Diagnostic::new(Code::WrongSetting, place, format!("there is no setting `{other}`"));
                    self.findings.push(finding.help(format!("there is only {}", either(&near))));
                }
            }
        }
    }

    fn lint(&mut self, slug: &str, at: std::ops::Range<usize>, level: &Spanned<DeValue<'_>>) {
        let place = self.place(&at);
        let code = match find(slug) {
            Ok(code) => code,
            Err(unknown) => {
                self.findings.push(unknown.told(Code::WrongSetting, place, str::to_owned));
                return;
            }
        };
        if code.severity() == Severity::Error {
            self.findings.push(
                Diagnostic::new(Code::WrongSetting, place, format!("`{slug}` is an error, and stays one"))
                    .help("levels are for warnings and notes"),
            );
            return;
        }
        let place = self.place(&level.span());
        let words = Level::ALL.map(Level::word);
        let DeValue::String(word) = level.get_ref() else {
            self.findings.push(
                Diagnostic::new(
                    Code::WrongSetting,
                    place,
                    format!("the level of `{slug}` is a word in quotes"),
                )
                .help(format!("write {}", either(&words))),
            );
            return;
        };
        match Level::find(word) {
            Some(level) => self.levels.set(code, level),
            None => {
                let near = nearest(word, words);
                let finding =
                    Diagnostic::new(Code::WrongSetting, place, format!("there is no level `{word}`"))
                        .help(format!("the levels are {}", either(&words)));
                self.findings.push(near.iter().fold(finding, |finding, near| {
                    finding.fix(Fix::suggest(format!("write `{near}`"), place, format!("\"{near}\"")))
                }));
            }
        }
    }
}
