//! Files of assignments: read through once, their text never in memory as a whole; and the lines of them that findings
//! are about, read again to be shown. Knows nothing of what a row means.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::cli::args::Rows;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{STDIN, is_stdin, open_whole, unreadable};
use crate::cli::progress::Progress;
use crate::diagnostic::Diagnostics;
use crate::found::shown;
use crate::render::sentence;
use crate::roster::{Form, Roster, read};
use crate::source::{FileId, Provenance, SourceFile, Sources};

/// What files of assignments say, and the files, open.
#[derive(Default)]
pub(crate) struct Rosters {
    pub(crate) list: Vec<Roster>,
    files: Vec<(FileId, File)>,
}

/// Reads the files of assignments that arguments name, and adds them to the files of the run.
pub(crate) fn rosters(args: &Rows, sources: &mut Sources) -> Result<Rosters, Failure> {
    let mut rosters = Rosters::default();
    let mut seen = BTreeSet::new();
    for path in &args.assignments {
        let form = form(args, path)?;
        let (name, mut file) = if is_stdin(path) {
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
        let id = sources.push(SourceFile::unread(name.clone()));
        let size = file.metadata().map(|metadata| metadata.len()).ok();
        let mut progress = Progress::new(format!("reading {}", sentence(&name)), size);
        let input = BufReader::with_capacity(1 << 18, &mut file);
        let (roster, lines) = read(input, form, id, &mut |done| progress.at(done))
            .map_err(|error| unreadable(&name, &error))?;
        drop(progress);
        sources.replace(id, SourceFile::of_rows(name, lines));
        rosters.list.push(roster);
        rosters.files.push((id, file));
    }
    Ok(rosters)
}

fn form(args: &Rows, path: &Path) -> Result<Form, Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    args.assignments_format.map(Form::from).or_else(|| Form::of_ending(ending)).ok_or_else(|| {
        let message = format!(
            "`{}` does not say how it is written: let its name end in .csv or .jsonl, or say `--assignments-format`",
            shown(path)
        );
        Failure::of(Reason::Usage, message)
    })
}

/// Standard input in a file that has no name: lines of it may be wanted again.
fn spooled() -> Result<File, Failure> {
    let spool = || {
        let mut file = tempfile::tempfile()?;
        // More than a file may have is told where it is read.
        io::copy(&mut io::stdin().lock().take(u64::from(u32::MAX) + 1), &mut file)?;
        file.rewind()?;
        Ok(file)
    };
    spool().map_err(|error: io::Error| unreadable(STDIN, &error))
}

impl Rosters {
    /// Keeps the lines that findings are about, to be shown. A line that cannot be read again is told without it.
    pub(crate) fn excerpt(mut files: Vec<(FileId, File)>, findings: &Diagnostics, sources: &mut Sources) {
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
        for (id, from) in &mut files {
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

    /// The rows, and the files for [`excerpt`](Self::excerpt).
    pub(crate) fn apart(self) -> (Vec<Roster>, Vec<(FileId, File)>) {
        (self.list, self.files)
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
