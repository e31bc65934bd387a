//! Policies that say in their own text what is found in them: `tests/fixtures/**/*.role`.
//!
//! Below a line stands what is found in it, carets under the words at fault:
//!
//! ```text
//!     grant device-management.remote-asist: full
//! //                          ^^^^^^^^^^^^ error[R0204]: category `device-management` has no row `remote-asist`
//! ```
//!
//! - `|` stands between two characters: something is missing there.
//! - `//@ 1..5 error[…]: …` where carets have no room: from column 1 to before column 5 of the line above;
//!   `//@ 5..+2:3 …` ends two lines further down, before its column 3.
//! - `//- a/b.role` begins a file; what stands before the first belongs to none. A fixture without is one file.
//!   `//- a/b.role is policies/x.role` is a file with the text of one of this repository.
//! - `^^^^ fails` stands below a line of a test that does not hold, with the first moment at which it does not. So what
//!   a policy decides is shown by its own tests.
//! - The first line may ask for more: `// with advice pedantic labels help at=2026-12-01`. `advice`: the findings of
//!   lints, so that the other fixtures are about their own matter. `pedantic`: the findings told only to who asks.
//!   `labels`: the other places of each finding, as `---- text` below their lines. `help`: what to do next. `at=TIME`:
//!   the time at which the policy is looked at.
//!
//! A fixture is right when writing its findings into its text gives that very text: so every finding is expected, and
//! every expectation found. `BLESS=1 cargo test --test fixtures` writes them; read the difference before you commit it.
#![cfg(feature = "compile")]
#![expect(
    clippy::disallowed_methods,
    reason = "the fixtures are files, and BLESS is asked for by the environment"
)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rolec::diagnostic::{Applicability, Code, Diagnostic, Severity};
use rolec::lint::Moment;
use rolec::model::Principal;
use rolec::pipeline::{Compilation, compile_at};
use rolec::source::{FileId, Place, Provenance, Sources};
use rolec::tools::testing;
use rolec::vocab::Time;

#[test]
fn every_fixture_is_right() {
    let wrong: Vec<String> = all().iter().filter_map(|path| check(path).err()).collect();
    assert!(wrong.is_empty(), "\n{}\n{} wrong; BLESS=1 rewrites them", wrong.join("\n"), wrong.len());
}

/// Findings that no policy text can give, or none that a person could read: where they are tested instead.
const ELSEWHERE: &[(Code, &str)] = &[
    (Code::InvalidUtf8, "tests/mistakes.rs"),
    (Code::HiddenCharacter, "tests/mistakes.rs"),
    (Code::FileTooLarge, "tests/cli/input.rs"),
    (Code::TooManyRoles, "beyond 16 million roles, too many for a test"),
    (Code::UnknownOrganization, "tests/cli/rows.rs"),
    (Code::BadRow, "tests/cli/rows.rs"),
    (Code::BadColumns, "tests/cli/rows.rs"),
    (Code::MoreRows, "tests/cli/rows.rs"),
    (Code::NoTable, "no finding in a policy"),
    (Code::TableVersion, "no finding in a policy"),
    (Code::DamagedTable, "no finding in a policy"),
    (Code::DecisionsAlone, "no finding in a policy"),
    (Code::UncertifiedTable, "no finding in a policy"),
    (Code::UnsignedTable, "no finding in a policy"),
    (Code::BrokenSeal, "no finding in a policy"),
    (Code::UntrustedTable, "no finding in a policy"),
    (Code::ExpiredTable, "no finding in a policy"),
    (Code::OlderTable, "no finding in a policy"),
    (Code::DamagedState, "no finding in a policy"),
    (Code::WrongSetting, "tests/cli/settings.rs"),
    (Code::DamagedSettings, "tests/cli/settings.rs"),
    (Code::CompilerDefect, "no policy is known to give it"),
];

#[test]
fn every_code_has_a_fixture() {
    let mut seen: BTreeSet<Code> = ELSEWHERE.iter().map(|(code, _)| *code).collect();
    for path in all() {
        let text = std::fs::read_to_string(&path).unwrap();
        seen.extend(Code::ALL.iter().filter(|code| text.contains(&format!("[{code}]: "))));
    }
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "no fixture has {missing:?}");
}

/// An offered fix mends: with it, the very finding is gone. What compiled still does, and where a machine may make it
/// unasked, all is decided as before. The advice on every fixture is mended, told in its text or not.
#[test]
fn every_fix_mends() {
    let mut wrong = String::new();
    for path in all() {
        let fixture = Fixture::read(&path);
        let before = fixture.compile();
        for finding in before.findings.iter().filter(|finding| !is_built_in(&before, finding)) {
            for fix in &finding.fixes {
                let mut files = fixture.files.clone();
                let mut edits = fix.edits.clone();
                edits.sort_by_key(|edit| std::cmp::Reverse(edit.place));
                for edit in edits {
                    let Some((_, text)) = files.get_mut(edit.place.file.index()) else { continue };
                    text.replace_range(
                        edit.place.span.start as usize..edit.place.span.end as usize,
                        &edit.text,
                    );
                }
                let after = fixture.compiled(files);
                let count = |of: &Compilation| {
                    of.findings
                        .iter()
                        .filter(|other| (other.code, &other.message) == (finding.code, &finding.message))
                        .count()
                };
                if count(&after) >= count(&before) {
                    let _ = writeln!(
                        wrong,
                        "{}: {}: `{}` mends nothing",
                        path.display(),
                        finding.message,
                        fix.title
                    );
                }
                let mut fault = |what: &str| {
                    let message = &finding.message;
                    let _ = writeln!(wrong, "{}: {message}: `{}` {what}", path.display(), fix.title);
                };
                let unread = |of: &Compilation| {
                    of.findings.iter().filter(|other| other.code == Code::UnexpectedText).count()
                };
                // What stands around a character of no use is read only once that is mended.
                if finding.code != Code::UnknownCharacter && unread(&after) > unread(&before) {
                    fault("leaves what cannot be read");
                }
                let is_advice = finding.severity() != Severity::Error;
                if is_advice && before.table.is_some() && after.table.is_none() {
                    fault("breaks what compiled");
                }
                let is_safe = fix.applicability == Applicability::Safe;
                if is_safe && before.table.is_some() && decisions(&before) != decisions(&after) {
                    fault("changes a decision");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// All that a policy decides: of each role, and of each principal at each moment at which that may change, the words of
/// what is held.
fn decisions(of: &Compilation) -> Option<BTreeMap<String, Vec<u64>>> {
    let model = of.model.as_ref()?;
    let mut decided = BTreeMap::new();
    for template in &model.shared.templates {
        decided.insert(format!("template {}", template.id), template.cells.words().to_vec());
    }
    for organization in &model.organizations {
        let id = &organization.id;
        for role in &organization.roles {
            decided.insert(format!("role {} of {id}", role.id), role.cells.words().to_vec());
        }
        let principals = organization.principals.iter();
        // A moment that one of two policies does not know is no change there, so all of them are asked in both.
        let moments: BTreeSet<Time> = principals.clone().flat_map(Principal::moments).collect();
        for principal in principals {
            let mut last = None;
            for at in &moments {
                let in_force = principal.assignments.iter().filter(|one| one.is_in_force(*at));
                let roles = in_force.filter_map(|one| model.roles(organization).get(one.role));
                let held = roles.fold(None, |held: Option<Vec<u64>>, role| {
                    let words = role.cells.words();
                    Some(match held {
                        None => words.to_vec(),
                        Some(held) => held.iter().zip(words).map(|(one, other)| one | other).collect(),
                    })
                });
                // Only where it changes: the moments of others are not its own.
                if last.as_ref() != Some(&held) {
                    let key = format!("`{}` of {id} at {at:?}", principal.name);
                    decided.insert(key, held.clone().unwrap_or_default());
                    last = Some(held);
                }
            }
        }
    }
    Some(decided)
}

fn check(path: &Path) -> Result<(), String> {
    let wanted = std::fs::read_to_string(path).unwrap();
    let fixture = Fixture::read(path);
    let found = fixture.with_findings();
    if wanted == found {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, found).unwrap();
        return Ok(());
    }
    Err(format!("{} (- wanted, + found)\n{}", path.display(), difference(&wanted, &found)))
}

/// A fixture without its expectations.
struct Fixture {
    /// What it asks for.
    with: Vec<String>,
    /// The lines before the first file.
    before: String,
    /// The lines that begin the files; none where the fixture is one file.
    heads: Vec<String>,
    files: Vec<(String, String)>,
}

impl Fixture {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let with = text.lines().next().and_then(|line| line.strip_prefix("// with ")).unwrap_or_default();
        let with: Vec<String> = with.split(' ').filter(|word| !word.is_empty()).map(Into::into).collect();
        for word in &with {
            let is_known =
                matches!(&**word, "advice" | "pedantic" | "labels" | "help") || word.starts_with("at=");
            assert!(is_known, "{}: with `{word}`?", path.display());
        }
        let mut fixture = Self { with, before: String::new(), heads: Vec::new(), files: Vec::new() };
        for line in text.split_inclusive('\n').filter(|line| !is_expectation(line)) {
            match (line.strip_prefix("//- "), fixture.files.last_mut()) {
                (Some(name), _) => {
                    fixture.heads.push(line.to_owned());
                    fixture.files.push(match name.trim_end().split_once(" is ") {
                        Some((name, path)) => {
                            (name.to_owned(), std::fs::read_to_string(root().join(path)).unwrap())
                        }
                        None => (name.trim_end().to_owned(), String::new()),
                    });
                }
                (None, None) => fixture.before.push_str(line),
                (None, Some((_, text))) => text.push_str(line),
            }
        }
        let is_remark = |line: &str| line.trim().is_empty() || line.starts_with("//");
        let has_stray = !fixture.heads.is_empty() && !fixture.before.lines().all(is_remark);
        assert!(!has_stray, "{}: text before the first `//-` belongs to no file", path.display());
        if fixture.files.is_empty() {
            fixture.files.push(("policy.role".to_owned(), std::mem::take(&mut fixture.before)));
        }
        fixture
    }

    fn compile(&self) -> Compilation {
        self.compiled(self.files.clone())
    }

    /// Compiles files at the fixture's time.
    fn compiled(&self, files: Vec<(String, String)>) -> Compilation {
        let at = self.with.iter().find_map(|word| word.strip_prefix("at="));
        let now = at.map(|time| Time::parse(time).unwrap());
        compile_at(files.into_iter().collect::<Sources>(), Moment { now })
    }

    fn has(&self, word: &str) -> bool {
        self.with.iter().any(|with| with == word)
    }

    /// Whether a finding belongs into the text: advice and the pedantic ones where it asks for them. What the built-in
    /// catalog's own files rest on is none of a fixture's business.
    fn tells(&self, of: &Compilation, finding: &Diagnostic) -> bool {
        let is_wanted = self.has("advice") || !finding.code.code().starts_with("R08");
        is_wanted && (!finding.code.is_pedantic() || (self.has("pedantic") && !is_built_in(of, finding)))
    }

    /// The text with its findings in it.
    fn with_findings(&self) -> String {
        let compilation = self.compile();
        let sources = &compilation.sources;
        // By file and line: what stands below it.
        let mut below: BTreeMap<(FileId, usize), (String, String)> = BTreeMap::new();
        for finding in compilation.findings.iter().filter(|finding| self.tells(&compilation, finding)) {
            let text = format!("{}[{}]: {}", finding.severity(), finding.code, finding.message);
            let (here, _) = below.entry(line_of(sources, finding.primary.place)).or_default();
            here.push_str(&pointer(sources, finding.primary.place, '^', &text));
            if self.has("labels") && !finding.primary.text.is_empty() {
                let _ = writeln!(here, "//  label: {}", finding.primary.text);
            }
            if self.has("help") {
                for help in &finding.help {
                    let _ = writeln!(here, "//  help: {help}");
                }
                for fix in &finding.fixes {
                    let _ = writeln!(here, "//  fix: {}", fix.title);
                }
            }
            for label in finding.secondary.iter().filter(|_| self.has("labels")) {
                let file = sources.file(label.place.file).unwrap();
                if file.provenance() == Provenance::BuiltIn {
                    let (here, _) = below.entry(line_of(sources, finding.primary.place)).or_default();
                    let _ = writeln!(here, "//  label in {}: {}", file.name(), label.text);
                } else {
                    let (_, labels) = below.entry(line_of(sources, label.place)).or_default();
                    labels.push_str(&pointer(sources, label.place, '-', &label.text));
                }
            }
        }
        if let (Some(model), Some(table)) = (&compilation.model, &compilation.table) {
            for failure in testing::run(model, table).outcomes.iter().flat_map(|outcome| &outcome.failures) {
                let place = failure.assertion.place;
                let when =
                    if failure.at == Time(i64::MIN) { String::new() } else { format!(" at {}", failure.at) };
                let (here, _) = below.entry(line_of(sources, place)).or_default();
                // Of a line with `only` it says who is missing, or too many.
                let who = match failure.assertion.claim.subject() {
                    Some(_) => String::new(),
                    None => format!(" for `{}`", failure.name),
                };
                here.push_str(&pointer(sources, place, '^', &format!("fails{who}{when}")));
            }
        }
        let mut out = self.before.clone();
        for (index, (_, text)) in self.files.iter().enumerate() {
            let head = self.heads.get(index).map_or("", |head| head);
            out.push_str(head);
            // The text of another file is not shown; what is found in it stands at the end.
            if head.contains(" is ") {
                continue;
            }
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            for line in 0..=lines.len() {
                let written = lines.get(line).copied().unwrap_or_default();
                out.push_str(written);
                if let Some((findings, labels)) = below.remove(&(FileId::at(index), line)) {
                    if !written.is_empty() && !written.ends_with('\n') {
                        out.push('\n');
                    }
                    out.push_str(&findings);
                    out.push_str(&labels);
                }
            }
        }
        for ((file, line), (findings, _)) in below {
            let _ = write!(out, "// in {}:{line}\n{findings}", sources.file(file).unwrap().name());
        }
        out
    }
}

fn is_built_in(of: &Compilation, finding: &Diagnostic) -> bool {
    of.sources.file(finding.primary.place.file).unwrap().provenance() == Provenance::BuiltIn
}

/// The line that a place begins in, from 0.
fn line_of(sources: &Sources, place: Place) -> (FileId, usize) {
    (place.file, sources.line_column(place).0 as usize - 1)
}

/// A place and a text about it, to stand below its line.
fn pointer(sources: &Sources, place: Place, sign: char, text: &str) -> String {
    let end = Place { span: rolec::source::Span::new(place.span.end, place.span.end), ..place };
    let ((line, column), (last, until)) = (sources.line_column(place), sources.line_column(end));
    // `//-` begins a file.
    let has_room = column > 3 || (column == 3 && sign == '^');
    if line == last && has_room {
        let indent = " ".repeat(column as usize - 3);
        let signs = if until == column {
            "|".to_owned()
        } else {
            String::from(sign).repeat((until - column) as usize)
        };
        return format!("//{indent}{signs} {text}\n");
    }
    let label = if sign == '-' { "-- " } else { "" };
    match last - line {
        0 => format!("//@ {column}..{until} {label}{text}\n"),
        more => format!("//@ {column}..+{more}:{until} {label}{text}\n"),
    }
}

/// Whether a line is one that [`Fixture::with_findings`] writes.
fn is_expectation(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("//") else { return false };
    let pointed = rest.trim_start_matches(' ');
    rest.starts_with("@ ")
        || pointed.starts_with(['^', '|'])
        || (rest != pointed && pointed.starts_with('-'))
        || rest.starts_with("--")
        || (rest.starts_with("  ")
            && ["label: ", "label in ", "help: ", "fix: "].iter().any(|word| pointed.starts_with(word)))
}

/// The lines that differ, with the two lines before each.
fn difference(wanted: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), found.lines().collect());
    // The longest common lines, from the end.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, line) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            common[i][j] =
                if line == other { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let mut out = String::new();
    let (mut i, mut j, mut told) = (0, 0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        for (line, text) in old.iter().enumerate().take(i).skip(told.max(i.saturating_sub(2))) {
            let _ = writeln!(out, "{:5}   {text}", line + 1);
        }
        if j < new.len() && (i == old.len() || common[i][j + 1] >= common[i + 1][j]) {
            let _ = writeln!(out, "      + {}", new[j]);
            j += 1;
        } else {
            let _ = writeln!(out, "{:5} - {}", i + 1, old[i]);
            i += 1;
        }
        told = i;
    }
    out
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every fixture, sorted.
fn all() -> Vec<PathBuf> {
    let mut folders = vec![root().join("tests/fixtures")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "role") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
