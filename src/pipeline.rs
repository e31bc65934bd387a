//! The whole compiler on one page: text → trees → model → table. Calls every stage once and knows none from inside.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! assert!(!compiled.findings.has_errors());
//! assert_eq!(compiled.table.unwrap().to_bytes(), rolec::example::TABLE);
//! ```

pub(crate) mod built_in;
mod organizations;

use std::collections::HashSet;

use crate::check::{self, Checked, Ground, Input};
use crate::diagnostic::{Code, Codes, Diagnostic, Diagnostics, Severity};
use crate::lint::{self, Moment, TemplateUses};
use crate::lower::Lowering;
use crate::model::{Model, Organization, Shared};
use crate::roster::{self, Roster};
use crate::source::{FileId, Place, Provenance, SourceFile, Sources, Span};
use crate::syntax::{Shapes, ast, parse_among};
use crate::table::{Flaw, Table, Task};
use crate::threads::{both, each};
use crate::told::{self, Allows, Run};

use self::built_in::{Mention, Part};
use self::organizations::Work;

/// What a compilation gives.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let wrong = compile(Sources::from_iter([("o.role", "organization o { role r from nobody {} }")]));
/// assert!(wrong.findings.has_errors());
/// assert!(wrong.model.is_none() && wrong.table.is_none());
/// // The catalog that is named was added to the files.
/// let right = compile(Sources::from_iter([("o.role", "use jumpcloud organization o {}")]));
/// assert!(right.sources.iter().any(|(_, file)| file.name() == "builtin:jumpcloud/catalog.role"));
/// ```
#[derive(Debug)]
pub struct Compilation {
    /// The files, those of built-in catalogs among them: findings point into them.
    pub sources: Sources,
    /// Every finding, in reading order; those of `--pedantic` too.
    pub findings: Diagnostics,
    /// The checked policy; none where a finding is an error, or a file could not be read, or nobody asked for it.
    pub model: Option<Model>,
    /// The table; none where a finding is an error, or a file could not be read.
    pub table: Option<Table>,
}

/// Compiles all files of a policy.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// // Several files make one policy; their order means nothing.
/// let catalog = ("wiki.role", "catalog wiki { category content { pages: verbs read, write } }");
/// let roles = ("acme.role", "use wiki organization acme { role editor { grant content: full } }");
/// let one = compile(Sources::from_iter([catalog, roles])).table.unwrap();
/// let other = compile(Sources::from_iter([roles, catalog])).table.unwrap();
/// assert_eq!(one, other);
/// ```
pub fn compile(sources: Sources) -> Compilation {
    compile_at(sources, Moment::default())
}

/// Compiles all files of a policy as it is looked at in a moment.
///
/// ```
/// use rolec::lint::Moment;
/// use rolec::pipeline::compile_at;
/// use rolec::source::Sources;
/// use rolec::vocab::Time;
///
/// let moment = Moment { now: Some(Time::parse("2026-12-01")?) };
/// let compiled = compile_at(Sources::from_iter([("acme.role", rolec::example::POLICY)]), moment);
/// assert!(compiled.table.is_some());
/// # Ok::<(), rolec::vocab::TimeError>(())
/// ```
pub fn compile_at(sources: Sources, moment: Moment) -> Compilation {
    compile_with(sources, Vec::new(), moment)
}

/// The same with assignments that stand in files of rows. Each of them is among `sources`, as
/// [`SourceFile::of_rows`] makes it.
///
/// ```
/// use rolec::lint::Moment;
/// use rolec::pipeline::compile_with;
/// use rolec::source::Sources;
///
/// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
/// assert!(compile_with(sources, Vec::new(), Moment::default()).table.is_some());
/// ```
pub fn compile_with(sources: Sources, rosters: Vec<Roster>, moment: Moment) -> Compilation {
    compile_for(sources, rosters, Wanted { moment, ..Wanted::all() })
}

/// Compiles all files of a policy for its table alone: the same table, and of the findings the errors and warnings. Notes
/// are [`compile`]'s to find, and the model is not kept, which a large policy needs more room for than for all else.
///
/// ```
/// use rolec::pipeline::{compile, compile_table};
/// use rolec::source::Sources;
///
/// let sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
/// let alone = compile_table(sources.clone(), Vec::new());
/// assert!(alone.model.is_none());
/// assert_eq!(alone.table, compile(sources).table);
/// ```
pub fn compile_table(sources: Sources, rosters: Vec<Roster>) -> Compilation {
    let left_out = Codes::of(|code| code.severity() == Severity::Note);
    compile_for(sources, rosters, Wanted { has_model: false, left_out, ..Wanted::all() })
}

/// What somebody wants of a compilation.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    /// The moment in which the policy is looked at.
    pub(crate) moment: Moment,
    /// Whether the model is, which a large policy needs more room for than for all else.
    pub(crate) has_model: bool,
    /// Whether the table is.
    pub(crate) has_table: bool,
    /// The sorts of findings that will not be told, none of them errors.
    pub(crate) left_out: Codes,
}

impl Wanted {
    /// All that there is.
    pub(crate) fn all() -> Self {
        Self { moment: Moment::default(), has_model: true, has_table: true, left_out: Codes::NONE }
    }
}

/// The same for who wants less than all: what would not be told may be left out, and nothing else.
pub(crate) fn compile_for(mut sources: Sources, mut rosters: Vec<Roster>, wanted: Wanted) -> Compilation {
    let Wanted { moment, has_model, has_table, left_out } = wanted;
    let mut findings = Diagnostics::new();
    let is_large = sources.is_large();
    let mut files: Vec<Parsed> = Vec::with_capacity(sources.len());
    let texts = sources.iter().filter(|(_, file)| file.provenance() != Provenance::Rows);
    let mut texts: Vec<_> = texts.collect();
    texts.sort_by_key(|(_, file)| file.name());
    let new = |shapes: &mut Shapes, (id, source)| Parsed::new(source, id, shapes);
    for (file, found) in each(texts, is_large, Shapes::default, new) {
        files.push(file);
        findings.append(found);
    }
    let plan = built_in::plan(files.iter().map(|file| &file.mention));
    for (file, part) in files.iter_mut().zip(plan.parts) {
        file.part = part;
    }
    files.reserve_exact(plan.missing.len());
    for (name, text) in plan.missing {
        let source = SourceFile::new(name, text.into(), Provenance::BuiltIn);
        let id = sources.push(source);
        if let Some(source) = sources.file(id) {
            let (file, found) = Parsed::new(source, id, &mut Shapes::default());
            files.push(Parsed { part: Part::BuiltIn, ..file });
            findings.append(found);
        }
    }
    // By name, so that what is said of something that stands in several files does not hang on their order.
    files.sort_by_key(|file| sources.file(file.id).map(SourceFile::name));
    let damaged: HashSet<FileId> = findings.errors().map(|finding| finding.primary.place.file).collect();
    let inputs: Vec<Input<'_>> = files.iter().filter_map(|file| file.input(&sources)).collect();
    let (ground, of_ground) = ground(&inputs);
    findings.append(of_ground);
    let (mut all, of_names) = check::openings(&inputs, &ground);
    findings.append(of_names);
    findings.append(check::enroll(&mut all, &rosters, &ground));
    let plan = organizations::plan(&all, &rosters);
    drop(all);
    drop(inputs);
    let all = organizations::trees(plan, &mut files);
    // A policy of which a part is not known is none.
    let is_whole = sources.iter().all(|(_, source)| source.is_read());
    let lowering = Lowering::new(ground.shared(), &sources);
    // What a remark allows, or is to allow, it has to find.
    let allowing = files.iter().filter(|file| !file.allows.is_empty());
    let allowed = allowing.map(|file| (file.id, file.allows.codes())).collect();
    let work = Work {
        left_out,
        allowed,
        sources: &sources,
        files: &files,
        rosters: &rosters,
        ground: &ground,
        damaged: &damaged,
        moment,
        lowering: (has_table && is_whole && !findings.has_errors()).then_some(&lowering),
        has_model,
    };
    let (mut models, mut lowered, mut uses) = (Vec::new(), Vec::new(), TemplateUses::default());
    let all = work.run(all, is_large);
    findings.reserve(all.iter().map(|done| done.findings.len()).sum());
    lowered.reserve_exact(all.len());
    for done in all {
        findings.append(done.findings);
        models.extend(done.model);
        lowered.extend(done.lowered);
        uses.add(&done.uses);
    }
    let of_rows: Vec<FileId> = rosters.iter().map(Roster::file).collect();
    rosters.iter_mut().for_each(|roster| findings.append(roster.take_findings()));
    drop(rosters);
    let is_policy = is_whole && !findings.has_errors();
    if is_policy {
        findings.append(advice(&ground, lint::of_all(ground.shared(), uses)));
    }
    let lowered = (has_table && is_policy).then_some(lowered);
    let by_both = |one: Task<'_>, other: Task<'_>| {
        both(is_large, one, other);
    };
    let (table, ()) = both(
        is_large,
        || lowered.map(|lowered| lowering.table(lowered, by_both)).transpose(),
        || {
            let run = Run { is_clean: is_policy, has_time: moment.now.is_some(), has: &|_| true };
            told::settle(&mut findings, &sources, files.iter().map(|file| &file.allows), run);
            roster::few(&mut findings, &of_rows);
            findings.sort();
        },
    );
    let table = table.unwrap_or_else(|flaw| {
        findings.push(defect(&flaw));
        findings.sort();
        None
    });
    let model = Model { shared: ground.shared().clone(), organizations: models };
    let model = (is_policy && has_model).then_some(model);
    Compilation { sources, findings, model, table }
}

/// What all organizations stand on, and advice on it where nothing in it is wrong.
pub(crate) fn ground(inputs: &[Input<'_>]) -> (Ground, Diagnostics) {
    let (ground, mut findings) = Ground::check(inputs);
    if !findings.has_errors() && ground.is_sound() {
        let found = lint::shared(ground.shared());
        findings.append(advice(&ground, found));
    }
    (ground, findings)
}

/// Advice without that on what came with the program: nobody can mend it.
pub(crate) fn advice(ground: &Ground, mut found: Diagnostics) -> Diagnostics {
    found.retain(|finding| !ground.is_built_in(finding.primary.place.file));
    found
}

/// What is told of an organization that has no errors else: the requirements that are not met; advice where all are.
pub(crate) fn requirements_and_advice(
    shared: &Shared,
    organization: &Organization,
    moment: Moment,
    left_out: Codes,
) -> Diagnostics {
    let unmet = check::requirements(shared, organization);
    if unmet.has_errors() { unmet } else { lint::organization_but(shared, organization, moment, left_out) }
}

/// Whether nothing is wrong in an organization, nor in what it stands on: only then is advice worth having.
pub(crate) fn is_sound(ground: &Ground, checked: &Checked) -> bool {
    !checked.findings.has_errors() && checked.is_certain && ground.is_sound_for(&checked.organization)
}

/// A file and its tree.
struct Parsed {
    id: FileId,
    tree: ast::File,
    mention: Mention,
    part: Part,
    allows: Allows,
}

impl Parsed {
    fn new(source: &SourceFile, id: FileId, shapes: &mut Shapes) -> (Self, Diagnostics) {
        let (tree, findings) = parse_among(source, id, shapes);
        let (mention, allows) = (Mention::of(source, id, &tree), Allows::read(source, id, &tree));
        (Self { id, mention, tree, part: Part::Own, allows }, findings)
    }

    fn input<'s>(&'s self, sources: &'s Sources) -> Option<Input<'s>> {
        let source = sources.file(self.id)?;
        let is_built_in = self.part == Part::BuiltIn;
        (self.part != Part::Again).then_some(Input { id: self.id, source, tree: &self.tree, is_built_in })
    }
}

/// A table that its own checks refuse: ours to mend, and never an answer.
fn defect(flaw: &Flaw) -> Diagnostic {
    let nowhere = Place { file: FileId(0), span: Span::new(0, 0) };
    Diagnostic::new(
        Code::CompilerDefect,
        nowhere,
        format!("the compiler made a table that it refuses itself: {flaw}"),
    )
    .help("this is a defect of rolec and not of the policy: please report it with the policy")
}

#[cfg(test)]
mod tests;
