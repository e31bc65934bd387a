//! `check --fix`: the safe fixes, in the files that were named and in no other; or what they would change.

use std::path::PathBuf;

use crate::cli::args::{Check, Format};
use crate::cli::exit::Exit;
use crate::cli::files::{self, Asked, Settings};
use crate::cli::out::{Out, complain};
use crate::diagnostic::Diagnostics;
use crate::lint::Moment;
use crate::render::{Human, unified};
use crate::source::{FileId, Sources};
use crate::tools::fix::{Fixed, fix};
use crate::tools::format::format_file;
use crate::vocab::limits;

/// Mends what can be mended with certainty, and gives the files as they are then; and whether it would have, but for
/// `--diff`. Where not all of the policy could be read, nothing is mended.
pub(super) fn mend(
    args: &Check,
    moment: Moment,
    settings: &Settings,
    (sources, asked, is_whole): (Sources, &[Asked], bool),
    out: &Out,
) -> Result<(Sources, bool), Exit> {
    if !args.diff && args.paths.iter().any(|path| files::is_stdin(path)) {
        return Err(complain(Exit::Usage, "`-` is no file that could be mended: name one, or add `--diff`"));
    }
    if !is_whole {
        out.error(|writer| writeln!(writer, "nothing was fixed: not all of the policy can be read"))?;
        return Ok((sources, false));
    }
    // Of a file that is too large, only the beginning was read.
    let is_small = |id| sources.file(id).is_some_and(|file| file.text().len() <= limits::FILE_BYTES);
    let may_change = |id| is_small(id) && asked.iter().any(|(other, _)| *other == id);
    let fixed = fix(&sources, moment, may_change, |finding| settings.tells(finding, args.pedantic));
    let mut fixed = fixed.map_err(|difference| {
        let message = format!(
            "fixing would change what the policy means ({difference}), so nothing was written; this is a defect of \
             rolec: please report it with the policy"
        );
        complain(Exit::Findings, &message)
    })?;
    if fixed.count == 0 {
        return Ok((fixed.sources, false));
    }
    fixed.tidy(&sources, |file, id| format_file(file, id).text);
    let changed = asked.iter().filter(|(id, _)| fixed.files.contains(id));
    if args.diff {
        changed.into_iter().try_for_each(|(id, _)| show(&sources, &fixed, *id, out))?;
    } else {
        // One fix may be in several files: all of them, or none.
        let texts = changed
            .filter_map(|(id, place)| Some((place.clone()?, fixed.sources.file(*id)?.text().as_bytes())));
        let texts: Vec<(PathBuf, &[u8])> = texts.collect();
        files::change(&sources, &texts).map_err(|failure| failure.tell(Format::Human, out))?;
    }
    let did = if args.diff { "would fix" } else { "fixed" };
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (count, files) = (fixed.count, fixed.files.len());
    out.error(|writer| {
        writeln!(writer, "{did} {count} finding{} in {files} file{}", plural(count), plural(files))
    })?;
    Ok((fixed.sources, args.diff))
}

/// Shows how a file would change.
fn show(sources: &Sources, fixed: &Fixed, id: FileId, out: &Out) -> Result<(), Exit> {
    let (Some(before), Some(after)) = (sources.file(id), fixed.sources.file(id)) else { return Ok(()) };
    out.answer(|writer| unified(before.name(), before.text(), after.text(), out.color(), writer))
}

/// What is left, on standard error: the difference has standard output.
pub(super) fn tell(sources: &Sources, findings: &Diagnostics, out: &Out) -> Result<(), Exit> {
    let human = Human { sources, color: out.error_color() };
    out.error(|writer| {
        human.render(findings, writer)?;
        super::summarize(findings, writer)
    })
}
