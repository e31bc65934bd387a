//! What `role`, `assign` and `unassign` have in common: a policy is opened and changed, what comes of it is told, and its
//! files are written, all or none.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::cli::args::{Edits, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{self, Asked, Settings};
use crate::cli::out::Out;
use crate::cli::policy;
use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::edit::{Change, Edited, Policy, Refusal, Rule, Way, before_rename, edit};
use crate::lint::Moment;
use crate::pipeline::Compilation;
use crate::render::diff::{Length, human};
use crate::render::{Human, escaped_line, json, summary, unified};
use crate::source::{FileId, Sources};
use crate::tools::diff::diff;

/// Changes a policy, as it is looked at in a moment.
pub(super) fn run(args: &Edits, at: Option<&str>, change: &Change<'_>, out: &Out) -> Result<Exit, Failure> {
    if args.policy.iter().any(|path| files::is_stdin(path)) {
        let message = "`-` is no file that could be changed: name the files or folders of the policy";
        return Err(Failure::of(Reason::Usage, message));
    }
    let moment = Moment { now: Some(policy::time(at)?) };
    let settings = Settings::of(args.config.as_deref(), &args.policy)?;
    let (sources, asked) = files::sources_to_format(&args.policy)?;
    let read = sources.clone();
    let may_change = |file: FileId| asked.iter().any(|(other, place)| *other == file && place.is_some());
    let (policy, edited) = match Policy::open(sources, moment) {
        Ok(policy) => {
            settings_are_right(&settings)?;
            let edited = edit(&policy, args.org.as_deref(), change, may_change)
                .map_err(|refusal| refused(&policy.compiled().sources, refusal))?;
            (policy, edited)
        }
        Err(compiled) => {
            let begun = begun((&read, &asked), moment, args, change, may_change).ok_or_else(|| {
                let message = "nothing is changed while the policy has errors";
                let Compilation { sources, findings, .. } = *compiled;
                Failure::with_findings(Reason::Policy, Some(message), sources, findings)
            })?;
            settings_are_right(&settings)?;
            begun
        }
    };
    let (after, fresh) = fresh(&policy, &edited, &settings);
    if fresh.has_errors() {
        return Err(Failure::with_findings(Reason::Refused, Some(WRONG), after, fresh));
    }
    if !args.dry_run {
        write(&read, &edited, change, &asked)?;
    }
    tell(args, &policy, &edited, (&after, &fresh), out)?;
    Ok(Exit::Clean)
}

/// The rest of a change of which a part is written, with the policy before it: a process was killed between two files. Of a
/// rename alone something is wrong with the policy then. What is left to be written lies beside its place still, to the
/// letter: without that, nobody knows that a rename was meant.
fn begun(
    (read, asked): (&Sources, &[Asked]),
    moment: Moment,
    args: &Edits,
    change: &Change<'_>,
    may_change: impl Fn(FileId) -> bool,
) -> Option<(Policy, Edited)> {
    let Change::Rename { role, to, .. } = change else { return None };
    let organization = args.org.as_deref();
    let policy = before_rename(read, moment, organization, role, to)?;
    let mut edited = edit(&policy, organization, change, may_change).ok()?;
    let text = |sources: &Sources, file: FileId| sources.file(file).map(|file| file.text().to_owned());
    edited.files.retain(|file| text(read, *file) != text(&edited.sources, *file));
    let is_left = |file: &FileId| {
        let place = asked.iter().find(|(other, _)| other == file)?.1.as_deref()?;
        Some(files::is_left_beside(place, edited.sources.file(*file)?.text().as_bytes()))
    };
    if edited.files.is_empty() || !edited.files.iter().all(|file| is_left(file) == Some(true)) {
        return None;
    }
    edited.notes.push("this was begun before, and cut off between two files".to_owned());
    Some((policy, edited))
}

/// Where the settings themselves are wrong, nobody knows what they refuse.
fn settings_are_right(settings: &Settings) -> Result<(), Failure> {
    let (mut sources, mut findings) = (Sources::new(), Diagnostics::new());
    settings.apply(&mut sources, &mut findings, false);
    if findings.has_errors() {
        let message = "nothing is changed while the settings are wrong";
        return Err(Failure::with_findings(Reason::Policy, Some(message), sources, findings));
    }
    Ok(())
}

/// Of a change that the compiler refuses, or the settings.
const WRONG: &str = "nothing was changed: the policy would have these errors";

fn refused(sources: &Sources, refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Unasked(unasked) => Failure::from(&unasked),
        Refusal::Broken(after) => {
            Failure::with_findings(Reason::Refused, Some(WRONG), after.sources, after.findings)
        }
        Refusal::Rule(rule) => {
            let Rule { mut message, places, near, way } = *rule;
            message += match way {
                Some(Way::Replace) => "; say which with `--replace-with ROLE`",
                Some(Way::Mentions) => "; with `--with-mentions` that goes too",
                None => "",
            };
            let places = places.into_iter().map(|found| {
                let (line, column) = sources.line_column(found.place);
                let file = sources.file(found.place.file).map(|file| file.name().to_owned());
                json::PlaceOf { file: file.unwrap_or_default(), line, column, text: found.text }
            });
            Failure::of(Reason::Refused, message).with_near(near).with_places(places.collect())
        }
    }
}

/// The errors and warnings that a policy has after a change and had not before, as its settings tell them; with the files
/// that they are in.
fn fresh(policy: &Policy, edited: &Edited, settings: &Settings) -> (Sources, Diagnostics) {
    let told = |compiled: &Compilation| {
        let (mut sources, mut findings) = (compiled.sources.clone(), compiled.findings.clone());
        settings.apply(&mut sources, &mut findings, false);
        findings.retain(|finding| finding.severity() != Severity::Note);
        (sources, findings)
    };
    let (_, before) = told(policy.compiled());
    // Where a finding stands is of no matter: what stands above it has changed.
    let mut known: HashMap<(Code, String), usize> = HashMap::new();
    for finding in before.iter() {
        *known.entry((finding.code, finding.message.clone())).or_default() += 1;
    }
    let (sources, mut after) = told(&edited.compiled);
    after.retain(|finding| match known.get_mut(&(finding.code, finding.message.clone())) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    (sources, after)
}

fn write(read: &Sources, edited: &Edited, change: &Change<'_>, asked: &[Asked]) -> Result<(), Failure> {
    let place =
        |file: &FileId| asked.iter().find(|(other, _)| other == file).and_then(|(_, place)| place.clone());
    let mut files: Vec<FileId> = edited.files.iter().copied().collect();
    // Killed between two files, the same change can be made again.
    let is_first = matches!(change, Change::Rename { .. });
    files.sort_by_key(|file| (Some(*file) == edited.home) != is_first);
    let changed = files.iter().filter_map(|file| {
        let text = edited.sources.file(*file)?.text();
        Some((place(file)?, text.as_bytes()))
    });
    let changed: Vec<(PathBuf, &[u8])> = changed.collect();
    if changed.is_empty() {
        return Ok(());
    }
    files::change(read, &changed)
}

/// Says what has changed, and what comes of it for whom.
fn tell(
    args: &Edits,
    policy: &Policy,
    edited: &Edited,
    (after, fresh): (&Sources, &Diagnostics),
    out: &Out,
) -> Result<(), Exit> {
    let Some(table) = &edited.compiled.table else { return Ok(()) };
    let difference = diff(policy.table(), table);
    if args.format == Format::Json {
        let document = json::Edits::of(policy, edited, &difference, fresh, !args.dry_run);
        return out.answer(|writer| json::write(&document, writer));
    }
    let names = || edited.files.iter().filter_map(|file| edited.sources.file(*file)).map(|file| file.name());
    let length = if args.all { Length::Whole } else { Length::Short };
    out.answer(|writer| {
        for file in edited.files.iter().filter(|_| args.dry_run) {
            let (Some(old), Some(new)) = (policy.sources().file(*file), edited.sources.file(*file)) else {
                continue;
            };
            unified(old.name(), old.text(), new.text(), out.color(), writer)?;
        }
        if args.dry_run && !edited.is_idle() && !difference.is_empty() {
            writeln!(writer)?;
        }
        human(&difference, length, out.color(), writer)
    })?;
    out.error(|writer| {
        if let Some(line) = summary(fresh) {
            Human { sources: after, color: out.error_color() }.render(fresh, writer)?;
            writeln!(writer, "{line}")?;
        }
        for note in &edited.notes {
            writeln!(writer, "note: {}", escaped_line(note))?;
        }
        let did = if args.dry_run { "would change" } else { "changed" };
        names().try_for_each(|name| writeln!(writer, "{did} {}", escaped_line(name)))
    })
}
