//! The whole compiler on one page: text → trees → model → table. Calls every stage once and knows none from inside.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::BuiltIn;
use crate::check::{self, Ground, Input, Openings};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::{self, Moment};
use crate::lower::lower;
use crate::model::{Model, Organization};
use crate::source::{FileId, Place, Provenance, SourceFile, Sources, Span};
use crate::syntax::{ast, parse};
use crate::table::{Flaw, Table};

/// What a compilation gives.
#[derive(Debug)]
pub struct Compilation {
    /// The files, those of built-in catalogs among them: findings point into them.
    pub sources: Sources,
    /// Every finding, in reading order; those of `--pedantic` too.
    pub findings: Diagnostics,
    /// The checked policy; none where a finding is an error, or a file could not be read.
    pub model: Option<Model>,
    /// The table; none where there is no model.
    pub table: Option<Table>,
}

/// Compiles all files of a policy.
pub fn compile(sources: Sources) -> Compilation {
    compile_at(sources, Moment::default())
}

/// Compiles all files of a policy as it is looked at in a moment.
pub fn compile_at(mut sources: Sources, moment: Moment) -> Compilation {
    let mut findings = Diagnostics::new();
    let mut files = parse_all(&sources, &mut findings);
    add_built_in(&mut sources, &mut files, &mut findings);
    // By name, so that what is said of something that stands in several files does not hang on their order.
    files.sort_by_key(|file| sources.file(file.id).map(|source| source.name().to_owned()));
    let damaged: HashSet<FileId> = findings.errors().map(|finding| finding.primary.place.file).collect();
    let inputs: Vec<Input<'_>> = files.iter().filter_map(|file| file.input(&sources)).collect();
    let (ground, of_ground) = ground(&inputs);
    let is_sound = !of_ground.has_errors();
    findings.append(of_ground);
    let (all, of_names) = check::openings(&inputs, &ground);
    findings.append(of_names);
    let mut organizations = Vec::with_capacity(all.len());
    for openings in &all {
        let is_sound = is_sound && !openings.list.iter().any(|opened| damaged.contains(&opened.input.id));
        let (checked, of_organization) = organization(&ground, openings, is_sound, moment);
        findings.append(of_organization);
        organizations.push(Arc::new(checked));
    }
    let model = Model { shared: ground.shared().clone(), organizations };
    // A policy of which a part is not known is none.
    let is_whole = sources.iter().all(|(_, source)| source.is_read());
    let model = (is_whole && !findings.has_errors()).then_some(model);
    if let Some(model) = &model {
        findings.append(lint::policy(model));
    }
    let table = model.as_ref().and_then(|model| {
        let lowered = lower(model, &sources);
        lowered.map_err(|flaw| findings.push(defect(&flaw))).ok()
    });
    findings.sort();
    Compilation { sources, findings, model, table }
}

/// What all organizations stand on, and advice on it where nothing in it is wrong.
pub(crate) fn ground(inputs: &[Input<'_>]) -> (Ground, Diagnostics) {
    let (ground, mut findings) = Ground::check(inputs);
    if !findings.has_errors() {
        let mut advice = lint::shared(ground.shared());
        // Nobody can mend what came with the program.
        advice.retain(|finding| !ground.is_built_in(finding.primary.place.file));
        findings.append(advice);
    }
    (ground, findings)
}

/// An organization, and advice on it where nothing in it or below it is wrong.
pub(crate) fn organization(
    ground: &Ground,
    openings: &Openings<'_>,
    is_sound: bool,
    moment: Moment,
) -> (Organization, Diagnostics) {
    let (organization, mut findings) = check::organization(ground, openings);
    if is_sound && !findings.has_errors() {
        findings.append(lint::organization(ground.shared(), &organization, moment));
    }
    (organization, findings)
}

/// A file and its tree.
struct Parsed {
    id: FileId,
    tree: ast::File,
    is_built_in: bool,
}

impl Parsed {
    fn input<'s>(&'s self, sources: &'s Sources) -> Option<Input<'s>> {
        let source = sources.file(self.id)?;
        Some(Input { id: self.id, source, tree: &self.tree, is_built_in: self.is_built_in })
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

fn parse_all(sources: &Sources, findings: &mut Diagnostics) -> Vec<Parsed> {
    let parsed = sources.iter().map(|(id, source)| parse_one(source, id, false, findings));
    parsed.collect()
}

fn parse_one(source: &SourceFile, id: FileId, is_built_in: bool, findings: &mut Diagnostics) -> Parsed {
    let (tree, of_file) = parse(source, id);
    findings.append(of_file);
    Parsed { id, tree, is_built_in }
}

/// Adds the files of each built-in catalog that is named by a `use`, or whose own text is among the files. A file
/// with that very text is that file.
fn add_built_in(sources: &mut Sources, files: &mut Vec<Parsed>, findings: &mut Diagnostics) {
    for built_in in crate::catalog::BUILT_IN {
        let mut given: Vec<Option<FileId>> = vec![None; built_in.files.len()];
        for file in files.iter_mut() {
            let Some(source) = sources.file(file.id) else { continue };
            let Some(position) = built_in.has_text(source.text()) else { continue };
            file.is_built_in = true;
            if let Some(slot) = given.get_mut(position) {
                *slot = slot.or(Some(file.id));
            }
        }
        if given.iter().all(Option::is_none) && !is_named(built_in, sources, files) {
            continue;
        }
        // The same file twice (a copy in another folder) counts once.
        files.retain(|file| {
            let position = sources.file(file.id).and_then(|source| built_in.has_text(source.text()));
            position.is_none_or(|position| given.get(position) == Some(&Some(file.id)))
        });
        for ((name, text), given) in built_in.files.iter().zip(given) {
            if given.is_none() {
                let id = sources.push(SourceFile::new(*name, text.as_bytes().to_vec(), Provenance::BuiltIn));
                if let Some(source) = sources.file(id) {
                    files.push(parse_one(source, id, true, findings));
                }
            }
        }
    }
}

/// Whether a file uses a built-in catalog by its id.
fn is_named(built_in: &BuiltIn, sources: &Sources, files: &[Parsed]) -> bool {
    files.iter().any(|file| {
        let Some(source) = sources.file(file.id) else { return false };
        file.tree.uses.iter().any(|member| {
            let scope = crate::syntax::Scope::new(source, file.id, member);
            !member.node.is_path && scope.name(member.node.catalog) == built_in.id
        })
    })
}
