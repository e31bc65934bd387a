//! Files of assignments: read through once, their text never in memory as a whole; and the lines of them that findings
//! are about, read again to be shown. Knows nothing of what a row means.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
#[cfg(feature = "parquet")]
use std::io::BufWriter;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::SystemTime;

use crate::cli::args::{Rows, RowsForm};
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{STDIN, is_stdin, open_whole, plain, unreadable};
#[cfg(feature = "parquet")]
use crate::cli::out::catching;
use crate::cli::progress::Progress;
use crate::diagnostic::Diagnostics;
use crate::found::shown;
use crate::render::sentence;
#[cfg(feature = "parquet")]
use crate::roster::lines_of_parquet;
use crate::roster::{Form, Roster, read};
use crate::source::{FileId, LineIndex, Provenance, SourceFile, Sources};

/// What files of assignments say, and the files, open.
#[derive(Default)]
pub(crate) struct Rosters {
    pub(crate) list: Vec<Roster>,
    files: RowFiles,
}

/// Files of assignments, open.
#[derive(Default)]
pub(crate) struct RowFiles(Vec<RowFile>);

struct RowFile {
    id: FileId,
    name: String,
    file: File,
    form: Form,
    /// How it was when it was read.
    state: State,
}

/// What changes where a file does: its length and when it was written.
type State = (u64, Option<SystemTime>);

fn state(file: &File) -> io::Result<State> {
    let metadata = file.metadata()?;
    Ok((metadata.len(), metadata.modified().ok()))
}

/// Reads the files of assignments that arguments name, and adds them to the files of the run.
pub(crate) fn rosters(args: &Rows, sources: &mut Sources) -> Result<Rosters, Failure> {
    let mut rosters = Rosters::default();
    let mut seen = BTreeSet::new();
    for path in &args.assignments {
        let form = form(args, path)?;
        let (name, file) = if is_stdin(path) {
            if !seen.insert(path.clone()) {
                continue;
            }
            (STDIN.to_owned(), spooled()?)
        } else {
            let name = shown(path);
            let (file, _) = open_whole(path)?;
            // Once, however it is named.
            if !seen.insert(fs::canonicalize(path).map_err(|error| unreadable(&name, &error))?) {
                continue;
            }
            (name, file)
        };
        let (file, form) = match form {
            RowsForm::Csv => (file, Form::Csv),
            RowsForm::Jsonl => (file, Form::Lines),
            #[cfg(feature = "parquet")]
            RowsForm::Parquet => (unpacked(&name, file)?, Form::Lines),
        };
        let id = sources.push(SourceFile::unread(name.clone()));
        let state = state(&file).map_err(|error| unreadable(&name, &error))?;
        let mut file = RowFile { id, name, file, form, state };
        let (roster, lines) = file.read()?;
        sources.replace(id, SourceFile::of_rows(file.name.clone(), lines));
        rosters.list.push(roster);
        rosters.files.0.push(file);
    }
    Ok(rosters)
}

impl RowFile {
    fn read(&mut self) -> Result<(Roster, LineIndex), Failure> {
        let mut progress = Progress::new(format!("reading {}", sentence(&self.name)), Some(self.state.0));
        let input = BufReader::with_capacity(1 << 18, &mut self.file);
        let read = read(input, self.form, self.id, &mut |done| progress.at(done));
        read.map_err(|error| unreadable(&self.name, &error))
    }
}

fn form(args: &Rows, path: &Path) -> Result<RowsForm, Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    args.assignments_format.or_else(|| RowsForm::of_ending(ending)).ok_or_else(|| {
        let name = shown(path);
        let message = if ending.eq_ignore_ascii_case("parquet") {
            format!(
                "`{name}`: this `rolec` was built without Parquet: build it with `--features parquet`, or save the \
                 file as .csv or .jsonl"
            )
        } else if is_stdin(path) {
            "standard input has no name that says how it is written: say `--assignments-format csv` or `jsonl`".to_owned()
        } else {
            format!(
                "`{name}` does not say how it is written: let its name end in .csv or .jsonl, or say \
                 `--assignments-format`"
            )
        };
        Failure::of(Reason::Usage, message)
    })
}

/// The rows of a Parquet file as lines, in a file that has no name: lines of it may be wanted again.
#[cfg(feature = "parquet")]
fn unpacked(name: &str, file: File) -> Result<File, Failure> {
    let mut progress = Progress::new(format!("unpacking {}", sentence(name)), None);
    let lines = nameless(name)?;
    let unpack = || {
        let mut lines = BufWriter::with_capacity(1 << 18, lines);
        catching(|| lines_of_parquet(file, &mut lines, &mut |done| progress.at(done)))?;
        let mut lines = lines.into_inner().map_err(io::IntoInnerError::into_error)?;
        lines.rewind()?;
        Ok(lines)
    };
    unpack().map_err(|error: io::Error| unreadable(name, &error))
}

/// Standard input in a file that has no name: lines of it may be wanted again.
fn spooled() -> Result<File, Failure> {
    let mut file = nameless(STDIN)?;
    let mut progress = Progress::new(format!("reading {STDIN}"), None);
    // More than a file may have is told where it is read.
    let stdin = io::stdin().lock().take(u64::from(u32::MAX) + 1);
    let mut input = BufReader::with_capacity(1 << 18, stdin);
    let mut done = 0;
    loop {
        let bytes = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(|error| unreadable(STDIN, &error))?,
        };
        if bytes.is_empty() {
            break;
        }
        file.write_all(bytes).map_err(|error| unkept(STDIN, &error))?;
        let count = bytes.len();
        done += count as u64;
        progress.at(done);
        input.consume(count);
    }
    file.rewind().map_err(|error| unkept(STDIN, &error))?;
    Ok(file)
}

/// A file that has no name, for what `name` says.
fn nameless(name: &str) -> Result<File, Failure> {
    tempfile::tempfile().map_err(|error| unkept(name, &error))
}

/// That what `name` says cannot be kept where temporary files are.
fn unkept(name: &str, error: &io::Error) -> Failure {
    let message = format!(
        "cannot keep what `{name}` says for the time of this run, in the folder for temporary files, `{}`: {}",
        shown(&tempfile::env::temp_dir()),
        plain(error)
    );
    Failure::of(Reason::Unreadable, message)
}

impl Rosters {
    /// The rows, and the files that they are from.
    pub(crate) fn apart(self) -> (Vec<Roster>, RowFiles) {
        (self.list, self.files)
    }
}

impl RowFiles {
    /// Reads all rows once more: who compiled them has used them up, and kept, many would take more room than a policy.
    pub(crate) fn again(&mut self) -> Result<Vec<Roster>, Failure> {
        let read = |file: &mut RowFile| {
            file.file.rewind().map_err(|error| unreadable(&file.name, &error))?;
            let (roster, _) = file.read()?;
            if state(&file.file).ok() == Some(file.state) {
                return Ok(roster);
            }
            let message = format!("`{}` was changed while it was read: start again", file.name);
            Err(Failure::of(Reason::Unreadable, message))
        };
        self.0.iter_mut().map(read).collect()
    }

    /// Keeps the lines that findings are about, to be shown. A line that cannot be read again is told without it.
    pub(crate) fn excerpt(&mut self, findings: &Diagnostics, sources: &mut Sources) {
        /// So many lines of one file are shown.
        const MOST: usize = 4096;
        let mut wanted: BTreeMap<FileId, BTreeSet<usize>> = BTreeMap::new();
        for finding in findings {
            for label in std::iter::once(&finding.primary).chain(&finding.secondary) {
                let id = label.place.file;
                let Some(file) = sources.file(id).filter(|file| file.provenance() == Provenance::Rows) else {
                    continue;
                };
                let lines = wanted.entry(id).or_default();
                if lines.len() < MOST {
                    lines.insert(file.lines().line(label.place.span.start));
                }
            }
        }
        for RowFile { id, file: from, .. } in &mut self.0 {
            let (Some(file), Some(lines)) = (sources.file(*id), wanted.get(id)) else { continue };
            let mut shown = SourceFile::of_rows(file.name(), file.lines().clone());
            for line in lines {
                if let Ok(text) = line_of(from, file, *line) {
                    shown.excerpt(*line, text);
                }
            }
            sources.replace(*id, shown);
        }
    }
}

/// The text of a line as far as anybody would look at it.
fn line_of(from: &mut File, file: &SourceFile, line: usize) -> io::Result<String> {
    /// Bytes of a line that are read again.
    const MOST: u64 = 1 << 16;
    let start = file.lines().start(line).unwrap_or(0);
    let end = file.lines().start(line + 1).map_or(MOST, |next| u64::from(next - start));
    from.seek(SeekFrom::Start(u64::from(start)))?;
    let mut bytes = Vec::new();
    from.take(end.min(MOST)).read_to_end(&mut bytes)?;
    while matches!(bytes.last(), Some(b'\n' | b'\r')) {
        bytes.pop();
    }
    // A byte that is no text becomes one character of one byte, so that places behind it stay where they are.
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{1a}'));
    }
    Ok(text)
}
