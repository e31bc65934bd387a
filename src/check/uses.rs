//! Which catalog each file speaks of.

use foldhash::{HashMap, HashMapExt as _};

use crate::catalog::BUILT_IN;
use crate::check::Input;
use crate::check::catalogs::Catalogs;
use crate::check::lost::Lost;
use crate::check::names::offer;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, NearNames};
use crate::source::{FileId, Place, Span};
use crate::syntax::{NoImport, Scope, ast, import, import_path, is_bare, quoted};
use crate::vocab::CatalogId;

/// The catalog of each file, where it has one.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Uses(HashMap<FileId, CatalogId>);

impl Uses {
    pub(super) fn of(&self, file: FileId) -> Option<CatalogId> {
        self.0.get(&file).copied()
    }
}

pub(super) fn check(
    inputs: &[Input<'_>],
    catalogs: &Catalogs,
    lost: &Lost,
    findings: &mut Diagnostics,
) -> Uses {
    let mut uses = HashMap::new();
    let mut paths: Option<Paths<'_>> = None;
    for input in inputs {
        let Some((first, more)) = input.tree.uses.split_first() else {
            missing(input, catalogs, lost, findings);
            continue;
        };
        let scope = Scope::new(input.source, input.id, first);
        let first_place = scope.at(first.node.catalog);
        let name = scope.name(first.node.catalog);
        for member in more {
            let again = Scope::new(input.source, input.id, member);
            let finding =
                Diagnostic::new(Code::SaidTwice, again.at(member.node.catalog), "a file uses one catalog")
                    .also(first_place, "this one");
            let is_same =
                member.node.is_path == first.node.is_path && again.name(member.node.catalog) == name;
            let whole = again.place(Span::new(0, member.end - member.start));
            let text = input.source.slice(whole.span);
            // What it says of a version, and a remark in it, go with it.
            let is_copy = !text.contains("//")
                && (member.node.version.is_none()
                    || member.node.version.map(|stated| again.name(stated))
                        == first.node.version.map(|stated| scope.name(stated)));
            findings.push(match is_same {
                true if is_copy => finding.help("once is enough").fix(Fix::safe("remove it", whole, "")),
                true => finding.help("once is enough").fix(Fix::suggest("remove it", whole, "")),
                false => finding.help("put what belongs to the other catalog into a file of its own"),
            });
        }
        let found = if first.node.is_path {
            let paths = paths.get_or_insert_with(|| Paths::new(inputs));
            by_path(input, paths, catalogs, lost, &name, first_place, findings)
        } else {
            by_id(catalogs, lost, scope, first.node.catalog, findings)
        };
        let Some(id) = found else { continue };
        uses.insert(input.id, id);
        if let (Some(stated), Some(catalog)) = (first.node.version, catalogs.get(id))
            && !lost.has(&catalog.id)
        {
            version(catalog, &scope.name(stated), scope.at(stated), findings);
        }
    }
    Uses(uses)
}

fn by_id(
    catalogs: &Catalogs,
    lost: &Lost,
    scope: Scope<'_>,
    written: ast::Name,
    findings: &mut Diagnostics,
) -> Option<CatalogId> {
    let (name, place) = (&*scope.name(written), scope.at(written));
    let found = catalogs.names.get(name);
    // An altered built-in catalog has had its finding where it stands.
    let is_altered = || catalogs.list.iter().any(|catalog| *catalog.id == *name);
    if found.is_none() && !scope.is_garbled(written) && !lost.may_have(name) && !is_altered() {
        let finding = Diagnostic::new(Code::UnknownCatalog, place, format!("there is no catalog `{name}`"))
            .label("neither among the files nor built in");
        let built_in: NearNames = BUILT_IN.iter().map(|built_in| built_in.id).collect();
        let near = findings.nearest(name, None, &[catalogs.names.near(), &built_in]);
        findings.push(offer(finding, place, &near));
    }
    found
}

/// The files by their paths: made where a file is named by one.
struct Paths<'s>(HashMap<String, &'s Input<'s>>);

impl<'s> Paths<'s> {
    fn new(inputs: &'s [Input<'s>]) -> Self {
        let mut paths = HashMap::with_capacity(inputs.len());
        for input in inputs {
            for path in input.source.paths() {
                paths.entry(import_path(path, "")).or_insert(input);
            }
        }
        Self(paths)
    }
}

fn by_path(
    input: &Input<'_>,
    paths: &Paths<'_>,
    catalogs: &Catalogs,
    lost: &Lost,
    path: &str,
    place: Place,
    findings: &mut Diagnostics,
) -> Option<CatalogId> {
    if lost.may_have(path) {
        return None;
    }
    let wanted = match import(input.source.path(), path) {
        Ok(wanted) => wanted,
        Err(no) => {
            findings.push(no_import(no, catalogs, path, place));
            return None;
        }
    };
    let Some(file) = paths.0.get(&wanted) else {
        findings.push(
            Diagnostic::new(Code::UnknownCatalog, place, format!("there is no file `{wanted}`"))
                .help("a quoted `use` is a path from this file; a built-in catalog is named without quotes"),
        );
        return None;
    };
    if !file.source.is_read() {
        return None;
    }
    match catalogs.by_file.get(&file.id.0).map(Vec::as_slice) {
        Some([id]) => Some(*id),
        Some(_) => {
            findings.push(
                Diagnostic::new(Code::UnknownCatalog, place, format!("`{wanted}` holds several catalogs"))
                    .help("say which by its id: `use ID`"),
            );
            None
        }
        None => {
            findings.push(Diagnostic::new(
                Code::UnknownCatalog,
                place,
                format!("`{wanted}` holds no catalog"),
            ));
            None
        }
    }
}

/// The finding for a quoted `use` that names no file which a policy may name.
fn no_import(no: NoImport, catalogs: &Catalogs, path: &str, place: Place) -> Diagnostic {
    let finding = |message: String| Diagnostic::new(Code::UnknownCatalog, place, message);
    match no {
        NoImport::Absolute => finding(format!("`{path}` is an absolute path"))
            .help("a quoted `use` is a path from the file that says it, such as `\"../catalogs/mine.role\"`"),
        NoImport::NotRole => {
            let is_id = catalogs.names.get(path).is_some() || BUILT_IN.iter().any(|known| known.id == path);
            if is_id && is_bare(path) {
                return finding(format!("`{path}` names no `.role` file"))
                    .help("the id of a catalog stands without quotes")
                    .fix(Fix::suggest(format!("write `{path}`"), place, path));
            }
            let shown = if path.is_empty() { "an empty path".to_owned() } else { format!("`{path}`") };
            finding(format!("{shown} names no `.role` file"))
                .help("a quoted `use` is the path of a `.role` file; a built-in catalog is named without quotes")
        }
        NoImport::Outside => finding(format!("`{path}` leads out of the root of this run")).help(
            "the root is the current folder, or the one that holds all paths given: run `rolec` in a folder that \
             holds both files, or name such a folder",
        ),
    }
}

fn version(catalog: &crate::catalog::Catalog, stated: &str, place: Place, findings: &mut Diagnostics) {
    match &catalog.version {
        Some(version) if **version == *stated => {}
        Some(version) => findings.push(
            Diagnostic::new(
                Code::VersionMismatch,
                place,
                format!(
                    "catalog `{}` is at version `{version}`, this file is written for `{stated}`",
                    catalog.id
                ),
            )
            .also(catalog.place, "the catalog in use")
            .help("see what changed in the catalog, then state its version here")
            .fix(Fix::suggest(format!("write `\"{version}\"`"), place, quoted(version))),
        ),
        None => findings.push(
            Diagnostic::new(
                Code::VersionMismatch,
                place,
                format!("catalog `{}` states no version", catalog.id),
            )
            .also(catalog.place, "the catalog in use"),
        ),
    }
}

/// A file that speaks of roles without saying of which catalog: one finding.
fn missing(input: &Input<'_>, catalogs: &Catalogs, lost: &Lost, findings: &mut Diagnostics) {
    let is_catalog = |word: &str| {
        word.ends_with(".role")
            || BUILT_IN.iter().any(|known| *known.id == *word)
            || catalogs.list.iter().any(|known| *known.id == *word)
    };
    if lost.has("use") || input.tree.lost.iter().any(|word| is_catalog(word)) {
        return;
    }
    let tree = input.tree;
    let template = tree.templates.first().map(|member| {
        let span = member.node.id.map_or(Span::new(0, 0), |name| name.span);
        (Scope::new(input.source, input.id, member).place(span), "template")
    });
    let organization = tree.organizations.first().map(|organization| {
        let span = organization.head.node.id.map_or(Span::new(0, 0), |name| name.span);
        (Scope::new(input.source, input.id, &organization.head).place(span), "organization")
    });
    let forbid = tree.forbids.first().map(|member| {
        let span = member.node.title.map_or(Span::new(0, 0), |title| title.span);
        (Scope::new(input.source, input.id, member).place(span), "forbid")
    });
    let all = template.into_iter().chain(organization).chain(forbid);
    let Some((place, what)) = all.min_by_key(|(place, _)| place.span.start) else {
        return;
    };
    let top = Place { file: input.id, span: Span::new(0, 0) };
    let finding = Diagnostic::new(
        Code::NoCatalog,
        place,
        format!("this file does not say which catalog its {what} is about"),
    );
    let written = match tree.catalogs.first() {
        None => Some(BUILT_IN.first().map_or("ID", |built_in| built_in.id).to_owned()),
        Some(catalog) => own(input, catalog),
    };
    findings.push(match written {
        Some(written) => {
            finding.help(format!("begin the file with `use {written}`, or the id of a catalog of yours")).fix(
                Fix::suggest(format!("write `use {written}` at the top"), top, format!("use {written}\n\n")),
            )
        }
        None => finding
            .help("begin the file with `use` and the id of a catalog, or in quotes the path of its file"),
    });
}

/// How a file uses its own catalog: by its id, else by the file's name.
fn own(input: &Input<'_>, catalog: &crate::syntax::ast::Catalog) -> Option<String> {
    let scope = Scope::new(input.source, input.id, &catalog.head);
    let id = catalog.head.node.id.map(|id| scope.name(id)).filter(|id| !id.is_empty())?;
    if is_bare(&id) {
        return Some(id.into_owned());
    }
    // By its path there is one catalog only in it.
    let name = input.source.path().rsplit('/').next().unwrap_or_default();
    let is_only = input.tree.catalogs.len() == 1 && import("", name).is_ok();
    is_only.then(|| quoted(name))
}
