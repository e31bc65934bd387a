//! The index of names agrees with the checker: what the one resolves the other does, to the same thing, and what the
//! one does not find has no target in the other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rolec::diagnostic::Code;
use rolec::ide::{self, Named, Sort, Symbol};
use rolec::model::{Claim, RoleRef, Subject, Target};
use rolec::source::{FileId, Place, Span};
use rolec::vocab::OrganizationId;
use rolec::workspace::Workspace;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "role") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

type Files = Vec<(String, String)>;

/// The policies that ship, and those of the corpus.
pub(crate) fn policies() -> BTreeMap<String, Files> {
    let mut policies: BTreeMap<String, Files> = BTreeMap::new();
    for path in below(&root().join("policies")) {
        let name = path.strip_prefix(root().join("policies")).unwrap().to_str().unwrap().to_owned();
        let policy = name.split('/').next().unwrap().to_owned();
        policies.entry(policy).or_default().push((name, std::fs::read_to_string(&path).unwrap()));
    }
    for path in below(&root().join("tests/corpus")) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let policy = format!("corpus {}", name.split('.').next().unwrap());
        policies.entry(policy).or_default().push((name, std::fs::read_to_string(&path).unwrap()));
    }
    policies
}

/// The files of each fixture.
pub(crate) fn fixtures() -> BTreeMap<String, Files> {
    let all = below(&root().join("tests/fixtures"));
    let read = |path: PathBuf| {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let mut files: Files = Vec::new();
        for line in std::fs::read_to_string(&path).unwrap().split_inclusive('\n') {
            match line.strip_prefix("//- ").map(str::trim) {
                Some(head) => match head.split_once(" is ") {
                    Some((name, other)) => {
                        let text = std::fs::read_to_string(root().join(other)).unwrap();
                        files.push((name.to_owned(), text));
                    }
                    None => files.push((head.to_owned(), String::new())),
                },
                None if files.is_empty() => files.push(("f.role".to_owned(), line.to_owned())),
                None => files.last_mut().unwrap().1.push_str(line),
            }
        }
        (name, files)
    };
    all.into_iter().map(read).collect()
}

pub(crate) fn workspace(files: &Files) -> Workspace {
    let mut ws = Workspace::default();
    for (name, text) in files {
        ws.set(name, text.clone());
    }
    ws.update();
    ws
}

/// Every name of every file, by its place.
fn index(ws: &Workspace) -> BTreeMap<Place, Named<'_>> {
    let mut found = BTreeMap::new();
    for file in ws.files() {
        for name in ide::names(ws, *file) {
            let place = Place { file: *file, span: name.span };
            let before = found.insert(place, name.clone());
            // A statement that was read in two ways is one place all the same.
            assert!(before.is_none(), "two names at {place:?}: {name:?} and {before:?}");
        }
    }
    found
}

fn inside<'i, 'w>(
    index: &'i BTreeMap<Place, Named<'w>>,
    file: FileId,
    span: Span,
) -> impl Iterator<Item = &'i Named<'w>> {
    let from = Place { file, span: Span::new(span.start, 0) };
    let to = Place { file, span: Span::new(span.end, 0) };
    index.range(from..=to).map(|(_, name)| name).filter(move |name| name.span.end <= span.end)
}

const UNKNOWN: [Code; 6] = [
    Code::UnknownCatalog,
    Code::UnknownCategory,
    Code::UnknownRow,
    Code::UnknownKind,
    Code::UnknownRole,
    Code::UnknownPrincipal,
];

/// Holds the names of a workspace against what its checker found. Gives how many names there were.
fn hold(title: &str, ws: &Workspace) -> usize {
    let index = index(ws);
    let model = ws.model();
    let mut unknown: BTreeSet<Place> = BTreeSet::new();
    for file in ws.files() {
        let findings = ws.findings(*file).filter(|finding| UNKNOWN.contains(&finding.code));
        unknown.extend(findings.map(|finding| finding.primary.place));
    }
    for place in &unknown {
        let name = index.get(place).unwrap_or_else(|| panic!("{title}: no name at {place:?}"));
        assert!(name.symbol.is_none(), "{title}: the checker does not know {name:?}");
    }
    // What is not found without a finding: in a policy where something is damaged, or without a catalog.
    let refused: BTreeSet<Place> = ws
        .files()
        .iter()
        .flat_map(|file| ws.findings(*file))
        .filter(|finding| matches!(finding.code, Code::AmbiguousPrincipal | Code::BadName))
        .map(|finding| finding.primary.place)
        .collect();
    let is_whole = ws.files().iter().all(|file| ws.tree(*file).unwrap().lost.is_empty());
    let mut lost_category = None;
    for (place, name) in &index {
        let has_catalog = ws.ground().unwrap().catalog_of(place.file).is_some();
        if name.sort == Sort::Category {
            lost_category = name.symbol.is_none().then_some(name.span);
        }
        let follows = name.sort == Sort::Row && lost_category.is_some();
        let is_open = matches!(name.sort, Sort::Limit | Sort::Level) || name.is_declared || follows;
        if name.symbol.is_none() && is_whole && !ws.is_damaged(place.file) && has_catalog && !is_open {
            assert!(
                unknown.contains(place) || refused.contains(place),
                "{title}: the checker knows {name:?}"
            );
        }
    }
    // What the model holds.
    let templates = model.shared.templates.iter().map(|role| (None, role));
    let own = model.organizations.iter().enumerate().flat_map(|(at, organization)| {
        organization.roles.iter().map(move |role| (Some(OrganizationId::at(at)), role))
    });
    let symbol = |organization: Option<OrganizationId>, role: RoleRef| match role {
        RoleRef::Template(id) => Symbol::Template(id),
        RoleRef::Own(id) => Symbol::Role(organization.unwrap(), id),
    };
    for (organization, role) in templates.chain(own) {
        for entry in &role.entries {
            let Target::Row(row) = entry.target else { continue };
            let wanted = Symbol::Row(role.catalog, row);
            let mut names = inside(&index, entry.place.file, entry.place.span);
            assert!(names.any(|name| name.symbol.as_ref() == Some(&wanted)), "{title}: {entry:?}");
        }
        // The bases stand between the role's id and its block.
        let Some(id) = index.get(&role.place) else { continue };
        let tree = ws.tree(role.place.file).unwrap();
        let own = tree.organizations.iter().flat_map(|organization| &organization.roles);
        let member = tree
            .templates
            .iter()
            .chain(own)
            .find(|member| member.node.id.is_some_and(|name| name.span.shifted(member.start) == id.span));
        let bases: BTreeSet<String> = member
            .unwrap()
            .node
            .bases
            .iter()
            .filter_map(|name| {
                let span = name.span.shifted(member.unwrap().start);
                index[&Place { file: role.place.file, span }].symbol.as_ref()
            })
            .map(|symbol| format!("{symbol:?}"))
            .collect();
        for base in &role.bases {
            let wanted = symbol(organization, *base);
            assert!(bases.contains(&format!("{wanted:?}")), "{title}: {} from {wanted:?}", role.id);
        }
    }
    for (at, organization) in model.organizations.iter().enumerate() {
        let id = OrganizationId::at(at);
        for (at, principal) in organization.principals.iter().enumerate() {
            for assignment in &principal.assignments {
                let name = &index[&assignment.place];
                assert_eq!(name.symbol, Some(Symbol::Principal(id, at)), "{title}");
            }
            assert!(index[&principal.place].is_declared, "{title}: {principal:?}");
        }
        for line in organization.tests.iter().flat_map(|test| &test.assertions) {
            let names: Vec<_> = inside(&index, line.place.file, line.place.span).collect();
            // A cell is its levels; its subject and its row stand elsewhere.
            if matches!(line.claim, Claim::Exactly(_)) {
                assert!(
                    names.iter().all(|name| name.sort == Sort::Level && name.symbol.is_some()),
                    "{title}"
                );
                continue;
            }
            let named = line.claim.named();
            for subject in &named {
                let subject = match *subject {
                    Subject::Principal(at) => Symbol::Principal(id, at),
                    Subject::Role(role) => symbol(Some(id), role),
                };
                let mut subjects = names.iter();
                assert!(subjects.any(|name| name.symbol == Some(subject.clone())), "{title}: {}", line.text);
            }
            let row = Symbol::Row(organization.catalog, line.row);
            assert!(names.iter().any(|name| name.symbol.as_ref() == Some(&row)), "{title}");
        }
    }
    index.len()
}

#[test]
fn in_the_policies() {
    let mut names = 0;
    for (title, files) in policies() {
        let ws = workspace(&files);
        assert!(!ws.has_errors(), "{title}");
        names += hold(&title, &ws);
        for (place, name) in index(&ws) {
            let is_word = name.sort == Sort::Limit;
            assert!(is_word || name.symbol.is_some(), "{title}: {place:?} {name:?}");
        }
    }
    assert!(names > 2_000, "{names}");
}

#[test]
fn in_the_fixtures() {
    for (title, files) in fixtures() {
        hold(&title, &workspace(&files));
    }
}
