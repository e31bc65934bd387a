//! The syntax trees to rows, roles and principals, names resolved by nothing but their spelling.

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use crate::reference::levels::{Fixed, Form, Row};
use crate::reference::names::{Name, Names};
use crate::reference::{Gap, Given, Held, Reference, bases_first};
use crate::roster::Roster;
use crate::source::{FileId, Provenance, SourceFile, Sources};
use crate::syntax::ast::{self, ClauseKind, Granted, KindRef, RowOption, Shape};
use crate::syntax::{Scope, Shapes, import_path, parse_among};
use crate::threads::{each, give_back};
use crate::vocab::{OrganizationKind, PrincipalKind};

#[derive(Debug)]
pub(super) struct Catalog {
    pub(super) id: Name,
    pub(super) rows: Vec<Row>,
    pub(super) templates: Vec<Role>,
    /// The templates by their ids.
    known: HashMap<Name, usize>,
    /// The templates, bases first.
    pub(super) order: Vec<usize>,
}

/// A template or a role.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) id: Name,
    pub(super) bases: Vec<Held>,
    /// What it says, by what that sets: few roles say much, and every cell looks here.
    said: Vec<(Said, Vec<Name>)>,
    /// The ids of its bases, until all roles are known.
    from: Vec<Name>,
}

impl Role {
    /// The words that it says of something.
    pub(super) fn says(&self, of: Said) -> Option<&[Name]> {
        let at = self.said.binary_search_by(|(said, _)| said.cmp(&of)).ok()?;
        self.said.get(at).map(|(_, words)| words.as_slice())
    }
}

/// What an entry sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    All,
    Category(Name),
    Row(Name, Name),
}

#[derive(Debug)]
pub(super) struct Organization {
    pub(super) id: Name,
    pub(super) kind: Option<OrganizationKind>,
    pub(super) catalog: usize,
    pub(super) roles: Vec<Role>,
    /// The roles by their ids.
    known: HashMap<Name, usize>,
    /// The roles, bases first.
    pub(super) order: Vec<usize>,
    pub(super) principals: Vec<Principal>,
}

#[derive(Debug)]
pub(super) struct Principal {
    pub(super) name: Name,
    pub(super) kind: PrincipalKind,
    pub(super) given: Vec<Given>,
}

/// A file and its tree.
struct Parsed<'s> {
    id: FileId,
    source: &'s SourceFile,
    tree: &'s ast::File,
}

pub(super) fn read(sources: &Sources, rosters: &[Roster]) -> Result<Reference, Gap> {
    let mut texts = Vec::with_capacity(sources.len());
    for (id, source) in sources.iter() {
        if source.provenance() == Provenance::Rows {
            let roster = rosters.iter().find(|roster| roster.file() == id);
            let roster = roster.ok_or_else(|| Gap::new("assignments in rows,", source.name()))?;
            if roster.findings().has_errors() {
                return Err(Gap::new("rows with errors,", source.name()));
            }
            continue;
        }
        texts.push((id, source));
    }
    let parse = |shapes: &mut Shapes, (id, source): (FileId, &SourceFile)| {
        let (tree, findings) = parse_among(source, id, shapes);
        (!findings.has_errors() && source.is_read()).then_some(tree)
    };
    let trees = each(texts.clone(), sources.is_large(), Shapes::default, parse);
    let mut files = Vec::with_capacity(texts.len());
    for ((id, source), tree) in texts.into_iter().zip(&trees) {
        let tree = tree.as_ref().ok_or_else(|| Gap::new("a file with errors,", source.name()))?;
        files.push(Parsed { id, source, tree });
    }
    let read = followed(&files, rosters);
    drop(files);
    give_back(sources.is_large(), trees);
    read
}

/// What trees and rows say.
fn followed(files: &[Parsed<'_>], rosters: &[Roster]) -> Result<Reference, Gap> {
    let mut reading = Reading::new();
    let mut declared = Vec::with_capacity(files.len());
    for file in files {
        declared.push(reading.catalogs_of(file)?);
    }
    let mut by_path: HashMap<String, usize> = HashMap::new();
    for (at, file) in files.iter().enumerate() {
        for path in file.source.paths() {
            by_path.entry(import_path(path, "")).or_insert(at);
        }
    }
    let mut used = Vec::with_capacity(files.len());
    for file in files {
        used.push(reading.used_by(file, &by_path, &declared)?);
    }
    for (file, catalog) in files.iter().zip(&used) {
        reading.templates_of(file, *catalog)?;
    }
    for catalog in &mut reading.catalogs {
        catalog.known = numbers(&catalog.templates);
        let known = &catalog.known;
        for template in &mut catalog.templates {
            for base in &template.from {
                let at = known
                    .get(base)
                    .ok_or_else(|| Gap::new("a base that is no template,", reading.names.text(*base)))?;
                template.bases.push(Held::Template(*at));
            }
        }
        let own = |base| match base {
            Held::Template(at) => Some(at),
            Held::Own(_) => None,
        };
        let order = bases_first(&catalog.templates, own);
        catalog.order = order
            .ok_or_else(|| Gap::new("templates made from each other in", reading.names.text(catalog.id)))?;
    }
    // Roles may be opened in one file and assigned in another: all roles before all assignments.
    for (file, catalog) in files.iter().zip(&used) {
        reading.roles_of(file, *catalog)?;
    }
    reading.settle_roles()?;
    // Most are named once. What would be moved each time that there are twice as many is much.
    let named =
        files.iter().flat_map(|file| &file.tree.organizations).flat_map(|opening| &opening.assignments);
    let named: usize = named.map(|member| member.node.principals.len()).sum();
    reading.principals.reserve(named);
    reading.names.reserve(named);
    for file in files {
        reading.assignments_of(file)?;
    }
    for roster in rosters {
        reading.rows_of(roster)?;
    }
    let Reading { names, catalogs, organizations, .. } = reading;
    Ok(Reference { names, catalogs, organizations })
}

fn numbers(roles: &[Role]) -> HashMap<Name, usize> {
    roles.iter().enumerate().map(|(at, role)| (role.id, at)).collect()
}

struct Reading {
    names: Names,
    fixed: Fixed,
    catalogs: Vec<Catalog>,
    /// The templates of each catalog that are there already.
    templates: HashSet<(usize, Name)>,
    organizations: Vec<Organization>,
    /// By their ids.
    opened: HashMap<Name, usize>,
    /// Principals by organization and name.
    principals: HashMap<(usize, Name), usize>,
}

impl Reading {
    fn new() -> Self {
        let mut names = Names::default();
        let fixed = Fixed { full: names.of("full"), on: names.of("on") };
        Self {
            names,
            fixed,
            catalogs: Vec::new(),
            templates: HashSet::new(),
            organizations: Vec::new(),
            opened: HashMap::new(),
            principals: HashMap::new(),
        }
    }

    fn name(&mut self, scope: Scope<'_>, written: ast::Name) -> Name {
        self.names.of(&scope.name(written))
    }

    fn all(&mut self, scope: Scope<'_>, written: &[ast::Name]) -> Vec<Name> {
        written.iter().map(|one| self.name(scope, *one)).collect()
    }

    /// The catalogs that a file declares, those that were declared before among them: the text of a built-in one may
    /// be among the files once more.
    fn catalogs_of(&mut self, file: &Parsed<'_>) -> Result<Vec<usize>, Gap> {
        let mut declared = Vec::new();
        for catalog in &file.tree.catalogs {
            let scope = Scope::new(file.source, file.id, &catalog.head);
            let Some(id) = catalog.head.node.id else {
                return Err(Gap::new("a catalog without a name in", file.source.name()));
            };
            let id = self.name(scope, id);
            if let Some(known) = self.catalogs.iter().position(|known| known.id == id) {
                declared.push(known);
                continue;
            }
            let mut kinds: HashMap<Name, (Form, Vec<Name>)> = HashMap::new();
            for member in &catalog.kinds {
                let scope = Scope::new(file.source, file.id, member);
                let id = self.name(scope, member.node.id);
                let shape = self.shape(scope, &member.node.shape);
                kinds.insert(id, shape);
            }
            let mut rows = Vec::new();
            for member in &catalog.categories {
                let scope = Scope::new(file.source, file.id, member);
                let Some(category) = member.node.id else {
                    return Err(Gap::new("a category without a name in", file.source.name()));
                };
                let category = self.name(scope, category);
                for row in &member.node.rows {
                    rows.push(self.row(scope, category, row, &kinds)?);
                }
            }
            declared.push(self.catalogs.len());
            self.catalogs.push(Catalog {
                id,
                rows,
                templates: Vec::new(),
                known: HashMap::new(),
                order: Vec::new(),
            });
        }
        Ok(declared)
    }

    fn shape(&mut self, scope: Scope<'_>, shape: &Shape) -> (Form, Vec<Name>) {
        match shape {
            Shape::Ladder(words) => (Form::Ladder, self.all(scope, words)),
            Shape::Verbs(words) => (Form::Verbs, self.all(scope, words)),
            Shape::Flag => (Form::Flag, vec![self.fixed.on]),
        }
    }

    fn row(
        &mut self,
        scope: Scope<'_>,
        category: Name,
        row: &ast::Row,
        kinds: &HashMap<Name, (Form, Vec<Name>)>,
    ) -> Result<Row, Gap> {
        let (form, words) = match &row.kind {
            KindRef::Named(kind) => {
                let kind = self.name(scope, *kind);
                let known = kinds.get(&kind).cloned();
                known.ok_or_else(|| Gap::new("no kind", self.names.text(kind)))?
            }
            KindRef::Stated(shape, _) => self.shape(scope, shape),
        };
        let dropped = self.all(scope, &row.without);
        let words = words.iter().map(|word| (*word, !dropped.contains(word))).collect();
        let only_managed = row.options.iter().any(|option| matches!(option, RowOption::OnlyManaged(_)));
        Ok(Row { category, id: self.name(scope, row.id), form, words, only_managed, fixed: self.fixed })
    }

    /// The catalog that a file uses; none where it uses none.
    fn used_by(
        &mut self,
        file: &Parsed<'_>,
        by_path: &HashMap<String, usize>,
        declared: &[Vec<usize>],
    ) -> Result<Option<usize>, Gap> {
        let Some(member) = file.tree.uses.first() else { return Ok(None) };
        let scope = Scope::new(file.source, file.id, member);
        let said = scope.name(member.node.catalog);
        let found = if member.node.is_path {
            let wanted = import_path(file.source.path(), &said);
            let at = by_path.get(&wanted).copied();
            at.and_then(|at| declared.get(at)).and_then(|declared| declared.first()).copied()
        } else {
            let id = self.names.of(&said);
            self.catalogs.iter().position(|catalog| catalog.id == id)
        };
        found.map(Some).ok_or_else(|| Gap::new("no catalog", &said))
    }

    fn templates_of(&mut self, file: &Parsed<'_>, catalog: Option<usize>) -> Result<(), Gap> {
        for member in &file.tree.templates {
            let scope = Scope::new(file.source, file.id, member);
            let role = self.role(scope, &member.node)?;
            let at =
                catalog.ok_or_else(|| Gap::new("a template of no catalog,", self.names.text(role.id)))?;
            if self.templates.insert((at, role.id))
                && let Some(catalog) = self.catalogs.get_mut(at)
            {
                catalog.templates.push(role);
            }
        }
        Ok(())
    }

    fn role(&mut self, scope: Scope<'_>, role: &ast::Role) -> Result<Role, Gap> {
        let Some(id) = role.id else { return Err(Gap::new("a role without a name", "")) };
        let mut said: Vec<(Said, Vec<Name>)> = Vec::with_capacity(role.grants.len());
        let mut say = |target: Said, words: Vec<Name>| said.push((target, words));
        for grant in &role.grants {
            match &grant.what {
                Granted::All(levels) => say(Said::All, self.all(scope, &levels.words)),
                Granted::Category { category, levels, entries, .. } => {
                    let category = self.name(scope, *category);
                    if let Some(levels) = levels {
                        say(Said::Category(category), self.all(scope, &levels.words));
                    }
                    for entry in entries {
                        let words = self.all(scope, &entry.levels.words);
                        for row in &entry.rows {
                            say(Said::Row(category, self.name(scope, *row)), words.clone());
                        }
                    }
                }
                Granted::Row { category, entry } => {
                    let category = self.name(scope, *category);
                    let words = self.all(scope, &entry.levels.words);
                    for row in &entry.rows {
                        say(Said::Row(category, self.name(scope, *row)), words.clone());
                    }
                }
            }
        }
        let id = self.name(scope, id);
        said.sort_by_key(|(of, _)| *of);
        if said.iter().zip(said.iter().skip(1)).any(|(one, other)| one.0 == other.0) {
            return Err(Gap::new("said twice in", self.names.text(id)));
        }
        Ok(Role { id, bases: Vec::new(), said, from: self.all(scope, &role.bases) })
    }

    fn roles_of(&mut self, file: &Parsed<'_>, catalog: Option<usize>) -> Result<(), Gap> {
        for organization in &file.tree.organizations {
            let scope = Scope::new(file.source, file.id, &organization.head);
            let Some(id) = organization.head.node.id else {
                return Err(Gap::new("an organization without a name in", file.source.name()));
            };
            let id = self.name(scope, id);
            let catalog =
                catalog.ok_or_else(|| Gap::new("an organization of no catalog,", self.names.text(id)))?;
            let at = *self.opened.entry(id).or_insert(self.organizations.len());
            if at == self.organizations.len() {
                self.organizations.push(Organization {
                    id,
                    kind: None,
                    catalog,
                    roles: Vec::new(),
                    known: HashMap::new(),
                    order: Vec::new(),
                    principals: Vec::new(),
                });
            }
            let mut roles = Vec::with_capacity(organization.roles.len());
            for member in &organization.roles {
                roles.push(self.role(Scope::new(file.source, file.id, member), &member.node)?);
            }
            let Some(opened) = self.organizations.get_mut(at) else { continue };
            if opened.catalog != catalog {
                return Err(Gap::new("an organization of two catalogs,", self.names.text(id)));
            }
            opened.kind = opened.kind.or(organization.head.node.kind.map(|(kind, _)| kind));
            opened.roles.extend(roles);
        }
        Ok(())
    }

    /// Finds the bases of the roles, now that all are known.
    fn settle_roles(&mut self) -> Result<(), Gap> {
        for organization in &mut self.organizations {
            organization.known = numbers(&organization.roles);
            let templates = self.catalogs.get(organization.catalog).map(|catalog| &catalog.known);
            for role in &mut organization.roles {
                for base in &role.from {
                    let found = held(&organization.known, templates, *base);
                    role.bases.push(found.ok_or_else(|| Gap::new("no base", self.names.text(*base)))?);
                }
            }
            let is_own = |base| match base {
                Held::Own(at) => Some(at),
                Held::Template(_) => None,
            };
            let order = bases_first(&organization.roles, is_own);
            organization.order = order
                .ok_or_else(|| Gap::new("roles made from each other in", self.names.text(organization.id)))?;
        }
        Ok(())
    }

    fn assignments_of(&mut self, file: &Parsed<'_>) -> Result<(), Gap> {
        for opening in &file.tree.organizations {
            let scope = Scope::new(file.source, file.id, &opening.head);
            let Some(id) = opening.head.node.id else { continue };
            let id = self.name(scope, id);
            let Some(at) = self.opened.get(&id).copied() else { continue };
            for member in &opening.assignments {
                let scope = Scope::new(file.source, file.id, member);
                let role = self.name(scope, member.node.role);
                let role = self.assigned(at, role)?;
                let (mut from, mut until) = (None, None);
                for clause in &member.node.clauses {
                    match clause.what {
                        ClauseKind::From(time) => from = time,
                        ClauseKind::Until(time) => until = time,
                        ClauseKind::Because(_) => {}
                    }
                }
                for principal in &member.node.principals {
                    let name = self.name(scope, principal.name);
                    self.give(at, name, principal.kind, Given { role, from, until })?;
                }
            }
        }
        Ok(())
    }

    /// What the rows of a file give.
    fn rows_of(&mut self, roster: &Roster) -> Result<(), Gap> {
        for (organization, rows) in roster.organizations() {
            let id = self.names.of(organization);
            let at = self.opened.get(&id).copied();
            let at = at.ok_or_else(|| Gap::new("no organization", organization))?;
            for row in roster.entries(rows) {
                let role = self.names.of(row.role);
                let role = self.assigned(at, role)?;
                let name = self.names.of(row.principal);
                self.give(at, name, row.kind, Given { role, from: row.from, until: row.until })?;
            }
        }
        Ok(())
    }

    /// The role that an organization means by a name.
    fn assigned(&self, at: usize, role: Name) -> Result<Held, Gap> {
        let of = self.organizations.get(at);
        let found = of.and_then(|of| {
            let templates = self.catalogs.get(of.catalog).map(|catalog| &catalog.known);
            held(&of.known, templates, role)
        });
        found.ok_or_else(|| Gap::new("no role", self.names.text(role)))
    }

    fn give(&mut self, at: usize, name: Name, kind: PrincipalKind, given: Given) -> Result<(), Gap> {
        let Some(organization) = self.organizations.get_mut(at) else { return Ok(()) };
        let next = organization.principals.len();
        let known = *self.principals.entry((at, name)).or_insert(next);
        if known == next {
            organization.principals.push(Principal { name, kind, given: Vec::with_capacity(1) });
        }
        match organization.principals.get_mut(known).filter(|known| known.kind == kind) {
            Some(principal) => principal.given.push(given),
            None => return Err(Gap::new("a person and a service account,", self.names.text(name))),
        }
        Ok(())
    }
}

/// What a name means in an organization: a role of its own, or a template of its catalog.
fn held(own: &HashMap<Name, usize>, templates: Option<&HashMap<Name, usize>>, name: Name) -> Option<Held> {
    let own = own.get(&name).map(|at| Held::Own(*at));
    own.or_else(|| Some(Held::Template(*templates?.get(&name)?)))
}
