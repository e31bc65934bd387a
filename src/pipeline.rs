//! The whole compiler on one page: text → trees → model → table. Calls every stage once and knows none from inside.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! assert!(compiled.findings.is_empty());
//! assert_eq!(compiled.table.unwrap().to_bytes(), rolec::example::TABLE);
//! ```

use crate::catalog::BuiltIn;
use crate::check::{Parsed, check};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lower::lower;
use crate::model::Model;
use crate::source::{FileId, Place, Provenance, SourceFile, Sources, Span};
use crate::syntax::parse;
use crate::table::{Flaw, Table};

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
    /// The checked policy; none where a finding is an error.
    pub model: Option<Model>,
    /// The table; none where a finding is an error.
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
pub fn compile(mut sources: Sources) -> Compilation {
    let mut findings = Diagnostics::new();
    let mut files = parse_all(&sources, &mut findings);
    add_built_in(&mut sources, &mut files, &mut findings);
    // By name, so that what is said of something that stands in several files does not hang on their order.
    files.sort_by_key(|file| sources.file(file.id).map(|source| source.name().to_owned()));
    let (model, of_check) = check(&sources, &files);
    findings.append(of_check);
    let model = (!findings.has_errors()).then_some(model);
    let table = model.as_ref().and_then(|model| {
        let lowered = lower(model, &sources);
        lowered.map_err(|flaw| findings.push(defect(&flaw))).ok()
    });
    findings.sort();
    Compilation { sources, findings, model, table }
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
