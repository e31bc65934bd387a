//! Which catalog each file speaks of.

use std::collections::HashMap;

use crate::catalog::BUILT_IN;
use crate::check::Input;
use crate::check::catalogs::Catalogs;
use crate::check::lost::Lost;
use crate::check::names::with_near;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::{FileId, Place};
use crate::syntax::{Scope, import_path};
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
            missing(input, lost, findings);
            continue;
        };
        let scope = Scope::new(input.source, input.id, first);
        let first_place = scope.at(first.node.catalog);
        for member in more {
            let place = Scope::new(input.source, input.id, member).at(member.node.catalog);
            findings.push(
                Diagnostic::new(Code::SaidTwice, place, "a file uses one catalog")
                    .also(first_place, "this one")
                    .help("put what belongs to the other catalog into a file of its own"),
            );
        }
        let name = scope.name(first.node.catalog);
        let found = if first.node.is_path {
            let paths = paths.get_or_insert_with(|| Paths::new(inputs));
            by_path(input, paths, catalogs, lost, &name, first_place, findings)
        } else {
            by_id(catalogs, lost, &name, first_place, findings)
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
    name: &str,
    place: Place,
    findings: &mut Diagnostics,
) -> Option<CatalogId> {
    let found = catalogs.names.get(name);
    // An altered built-in catalog has had its finding where it stands.
    if found.is_none() && !lost.has(name) && !catalogs.list.iter().any(|catalog| *catalog.id == *name) {
        let finding = Diagnostic::new(Code::UnknownCatalog, place, format!("there is no catalog `{name}`"))
            .label("neither among the files nor built in");
        let known = catalogs.names.all().chain(BUILT_IN.iter().map(|built_in| built_in.id));
        findings.push(with_near(finding, name, place, known));
    }
    found
}

/// The files by their paths: made where a file is named by one.
struct Paths<'s>(HashMap<String, &'s Input<'s>>);

impl<'s> Paths<'s> {
    fn new(inputs: &'s [Input<'s>]) -> Self {
        let mut paths = HashMap::with_capacity(inputs.len());
        for input in inputs {
            paths.entry(import_path(input.source.name(), "")).or_insert(input);
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
    let wanted = import_path(input.source.name(), path);
    let Some(file) = paths.0.get(&wanted) else {
        if lost.has(path) {
            return None;
        }
        findings.push(
            Diagnostic::new(Code::UnknownCatalog, place, format!("there is no file `{wanted}`"))
                .help("a quoted `use` is a path from this file; a built-in catalog is named without quotes"),
        );
        return None;
    };
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
            .fix(Fix::suggest(
                format!("write `\"{version}\"`"),
                place,
                crate::syntax::quoted(version),
            )),
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
fn missing(input: &Input<'_>, lost: &Lost, findings: &mut Diagnostics) {
    if lost.has("use") || input.tree.lost.iter().any(|word| BUILT_IN.iter().any(|known| *known.id == **word))
    {
        return;
    }
    let tree = input.tree;
    let template = tree.templates.first().map(|member| {
        let span = member.node.id.map_or(crate::source::Span::new(0, 0), |name| name.span);
        (Scope::new(input.source, input.id, member).place(span), "template")
    });
    let organization = tree.organizations.first().map(|organization| {
        let span = organization.head.node.id.map_or(crate::source::Span::new(0, 0), |name| name.span);
        (Scope::new(input.source, input.id, &organization.head).place(span), "organization")
    });
    let forbid = tree.forbids.first().map(|member| {
        let span = member.node.title.map_or(crate::source::Span::new(0, 0), |title| title.span);
        (Scope::new(input.source, input.id, member).place(span), "forbid")
    });
    let all = template.into_iter().chain(organization).chain(forbid);
    let Some((place, what)) = all.min_by_key(|(place, _)| place.span.start) else {
        return;
    };
    let top = Place { file: input.id, span: crate::source::Span::new(0, 0) };
    let own = tree.catalogs.iter().find_map(|catalog| {
        let scope = Scope::new(input.source, input.id, &catalog.head);
        catalog.head.node.id.map(|id| scope.name(id).into_owned())
    });
    let known = own.unwrap_or_else(|| BUILT_IN.first().map_or("ID", |built_in| built_in.id).to_owned());
    findings.push(
        Diagnostic::new(
            Code::NoCatalog,
            place,
            format!("this file does not say which catalog its {what} is about"),
        )
        .help(format!("begin the file with `use {known}`, or the id of a catalog of yours"))
        .fix(Fix::suggest(
            format!("write `use {known}` at the top"),
            top,
            format!("use {known}\n\n"),
        )),
    );
}
