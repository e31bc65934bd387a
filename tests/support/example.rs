//! A policy in a document: what the document says of it, and whether that is so. Knows nothing of fences and headings.

use rolec::diagnostic::{Code, Diagnostic, Severity};
use rolec::lint::Moment;
use rolec::pipeline::{Compilation, compile_at};
use rolec::source::{Provenance, Sources};
use rolec::vocab::Time;

/// A policy, and what is to be found in it.
pub(crate) struct Example<'t> {
    /// Nothing: it compiles without errors.
    pub(crate) wanted: Option<Code>,
    /// When it is looked at.
    moment: Moment,
    text: &'t str,
}

impl<'t> Example<'t> {
    /// The policy below a fence with these words; none below other fences, and below that of a piece.
    pub(crate) fn read(words: &str, text: &'t str) -> Result<Option<Self>, String> {
        let words: Vec<&str> = words.split_whitespace().collect();
        let (said, moment) = match words.as_slice() {
            [said @ .., "at", time] => {
                let now = Time::parse(time).map_err(|error| format!("`{time}`: {error}"))?;
                (said, Moment { now: Some(now) })
            }
            said => (said, Moment::default()),
        };
        let wanted = match said {
            ["role"] => None,
            ["role", severity @ ("error" | "warning" | "note"), code] => {
                let known = Code::find(code).filter(|known| known.code() == *code);
                let known = known.ok_or_else(|| format!("there is no finding {code}"))?;
                if known.severity().word() != *severity {
                    return Err(format!("{code} is no {severity}: write `{}`", known.severity()));
                }
                Some(known)
            }
            ["role", "piece"] => return Ok(None),
            ["role", ..] => return Err(format!("`{}` is no form of a block", words.join(" "))),
            _ => return Ok(None),
        };
        Ok(Some(Self { wanted, moment, text }))
    }

    /// What is found in it. A note for those who ask for everything is found where it is wanted.
    pub(crate) fn findings(&self, of: &Compilation) -> Vec<(Severity, Code)> {
        let is_told = |finding: &&Diagnostic| {
            let file = of.sources.file(finding.primary.place.file).unwrap();
            let is_its_own = file.provenance() == Provenance::Given;
            is_its_own && (!finding.code.is_pedantic() || Some(finding.code) == self.wanted)
        };
        let told = of.findings.iter().filter(is_told);
        let mut found: Vec<_> = told.map(|finding| (finding.severity(), finding.code)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What is not as the document says. A finding that is wanted is there, and no other that is as grave.
    pub(crate) fn faults(&self) -> Vec<String> {
        let compiled = self.compile();
        let found = self.findings(&compiled);
        let least = self.wanted.map_or(Severity::Error, Code::severity);
        let grave: Vec<Code> =
            found.iter().filter(|(severity, _)| *severity <= least).map(|(_, code)| *code).collect();
        let mut faults = Vec::new();
        if grave != Vec::from_iter(self.wanted) {
            let wanted = self.wanted.map_or("no error".to_owned(), |code| code.to_string());
            faults.push(format!("wanted {wanted}, found {grave:?}"));
        }
        // A policy with tests in it passes them.
        if let (Some(model), Some(table)) = (&compiled.model, &compiled.table)
            && rolec::tools::testing::run(model, table).failed() > 0
        {
            faults.push("a test in it fails".to_owned());
        }
        faults
    }

    pub(crate) fn compile(&self) -> Compilation {
        compile_at(self.sources(), self.moment)
    }

    /// Its files. `//- NAME` begins one, as in the fixtures; without, it is one file.
    fn sources(&self) -> Sources {
        let mut files: Vec<(&str, String)> = Vec::new();
        for line in self.text.lines() {
            match line.strip_prefix("//- ") {
                Some(name) => files.push((name.trim_end(), String::new())),
                None => {
                    if files.is_empty() {
                        files.push(("example.role", String::new()));
                    }
                    let (_, text) = files.last_mut().unwrap();
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        files.into_iter().map(|(name, text)| (name, typed(&text))).collect()
    }
}

/// The bytes of a text. `<U+202E>` stands for the character, as everywhere in the output, and `<0xE9>` for a byte: in
/// a document neither could be seen.
fn typed(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        bytes.extend_from_slice(before.as_bytes());
        let stands_for = after.split_once('>').and_then(|(inside, behind)| {
            let hex = |digits| u32::from_str_radix(digits, 16).ok();
            let byte = inside.strip_prefix("0x").and_then(hex).and_then(|byte| u8::try_from(byte).ok());
            let char = inside.strip_prefix("U+").and_then(hex).and_then(char::from_u32);
            let char = char.map(|char| char.to_string().into_bytes());
            Some((byte.map(|byte| vec![byte]).or(char)?, behind))
        });
        match stands_for {
            Some((meant, behind)) => {
                bytes.extend(meant);
                rest = behind;
            }
            None => {
                bytes.push(b'<');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
