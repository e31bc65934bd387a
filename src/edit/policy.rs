//! The policy that is to be changed: compiled once for its table, and held as trees and names for its text. Finds where
//! in the text an organization and its roles are; changes nothing.

use std::collections::HashMap;

use crate::edit::{Found, Refusal};
use crate::eval::Reason;
use crate::lint::Moment;
use crate::model::{Organization, Role, RoleRef};
use crate::pipeline::{Compilation, compile_at};
use crate::source::{FileId, Place, SourceFile, Sources, Span};
use crate::syntax::{Scope, ast};
use crate::table::Table;
use crate::tools::ask::{self, Patience, Unasked};
use crate::vocab::{OwnRoleId, TemplateId};
use crate::workspace::Workspace;

/// A policy without errors, to be changed.
///
/// ```
/// use rolec::edit::Policy;
/// use rolec::lint::Moment;
/// use rolec::source::Sources;
///
/// let open = |text: &str| Policy::open(Sources::from_iter([("acme.role", text)]), Moment::default());
/// let policy = open(rolec::example::POLICY).unwrap();
/// assert_eq!(policy.table().to_bytes(), rolec::example::TABLE);
/// assert_eq!(policy.sources().len(), 1);
/// assert!(!policy.compiled().findings.has_errors());
/// // One with errors is not touched.
/// assert!(open("organization o { role r from nobody {} }").unwrap_err().findings.has_errors());
/// ```
#[derive(Debug)]
pub struct Policy {
    pub(super) sources: Sources,
    pub(super) workspace: Workspace,
    pub(super) moment: Moment,
    compiled: Compilation,
    table: Table,
    /// The files as they were given, by those of the workspace.
    given: HashMap<FileId, FileId>,
}

impl Policy {
    /// Opens the files of a policy as it is looked at in a moment.
    ///
    /// # Errors
    /// Where it has errors: what was found.
    pub fn open(sources: Sources, moment: Moment) -> Result<Self, Box<Compilation>> {
        let mut compiled = compile_at(sources.clone(), moment);
        let Some(table) = compiled.table.take() else { return Err(Box::new(compiled)) };
        let (workspace, given) = workspace_of(&sources, moment);
        Ok(Self { sources, workspace, moment, compiled, table, given })
    }

    /// Its table.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Its files as they were given.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What was found in it. Its table is kept apart.
    pub fn compiled(&self) -> &Compilation {
        &self.compiled
    }

    /// A file of the workspace as it was given.
    pub(super) fn given(&self, file: FileId) -> Option<FileId> {
        self.given.get(&file).copied()
    }

    pub(super) fn given_place(&self, place: Place) -> Place {
        Place { file: self.given(place.file).unwrap_or(place.file), ..place }
    }

    /// Something in the text of the workspace, told in the files as they were given, or in one that is compiled in.
    pub(super) fn found(&self, place: Place, text: impl Into<String>) -> Found {
        let file = self.given(place.file).or_else(|| self.built_in(place.file)).unwrap_or(place.file);
        Found { place: Place { file, ..place }, text: text.into() }
    }

    /// A file of the workspace that was not given, among those that were compiled.
    fn built_in(&self, file: FileId) -> Option<FileId> {
        let name = self.source(file)?.name();
        let mut all = self.compiled.sources.iter();
        all.find(|(_, source)| source.name() == name).map(|(id, _)| id)
    }

    pub(super) fn source(&self, file: FileId) -> Option<&SourceFile> {
        self.workspace.sources().file(file)
    }

    fn templates(&self) -> &[Role] {
        self.workspace.ground().map(|ground| &*ground.shared().templates).unwrap_or_default()
    }

    pub(super) fn is_template(&self, id: &str) -> bool {
        self.templates().iter().any(|role| *role.id == *id)
    }

    pub(super) fn template(&self, id: &str) -> Result<&Role, Refusal> {
        let found = self.templates().iter().find(|role| *role.id == *id);
        found.ok_or_else(|| Refusal::rule(format!("there is no template `{id}`")))
    }

    /// The text of a role or template whose id stands at a place.
    pub(super) fn member(&self, id: Place) -> Option<(Scope<'_>, &ast::Member<ast::Role>)> {
        let (source, tree) = (self.source(id.file)?, self.workspace.tree(id.file)?);
        let own = tree.organizations.iter().flat_map(|organization| &organization.roles);
        let mut all = tree.templates.iter().chain(own);
        let member = all.find(|member| member.start <= id.span.start && id.span.end <= member.end)?;
        Some((Scope::new(source, id.file, member), member))
    }
}

/// The files as trees and names, and which is which: those of the workspace, as they were given.
pub(super) fn workspace_of(sources: &Sources, moment: Moment) -> (Workspace, HashMap<FileId, FileId>) {
    let mut workspace = Workspace::new(moment);
    for (_, file) in sources.iter() {
        let mut copy = SourceFile::new(file.name(), file.text().into(), file.provenance());
        file.paths().for_each(|path| copy.add_path(path));
        workspace.set_file(copy);
    }
    workspace.update();
    let known = sources.iter().filter_map(|(id, file)| Some((workspace.file(file.name())?, id)));
    let given = known.collect();
    (workspace, given)
}

/// Where an organization is opened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening<'p> {
    pub(super) file: FileId,
    pub(super) source: &'p SourceFile,
    pub(super) tree: &'p ast::Organization,
}

impl Opening<'_> {
    /// Its members, sort by sort.
    pub(super) fn members(self) -> impl Iterator<Item = Span> {
        let ast::Organization { roles, assignments, forbids, requires, tests, .. } = self.tree;
        let all = roles.iter().map(|member| (member.start, member.end));
        let all = all.chain(assignments.iter().map(|member| (member.start, member.end)));
        let all = all.chain(forbids.iter().map(|member| (member.start, member.end)));
        let all = all.chain(requires.iter().map(|member| (member.start, member.end)));
        let all = all.chain(tests.iter().map(|member| (member.start, member.end)));
        all.map(|(start, end)| Span::new(start, end))
    }
}

/// An organization: what it is, and where in the text.
#[derive(Clone, Debug)]
pub(super) struct Site<'p> {
    pub(super) policy: &'p Policy,
    pub(super) organization: &'p Organization,
    /// By the names of their files, and in the order of the text.
    pub(super) openings: Vec<Opening<'p>>,
}

impl<'p> Site<'p> {
    /// The organization of an id; without one, the only one of the policy.
    pub(super) fn of(policy: &'p Policy, id: Option<&str>) -> Result<Self, Refusal> {
        let found = ask::organization(&policy.table, id)?.id();
        let unknown = || Refusal::rule(format!("there is no organization `{found}`"));
        let workspace = &policy.workspace;
        let organization = workspace.organizations().find(|known| *known.id == *found).ok_or_else(unknown)?;
        let mut openings = Vec::new();
        for file in workspace.files() {
            let (Some(source), Some(tree)) = (policy.source(*file), workspace.tree(*file)) else { continue };
            for tree in &tree.organizations {
                let scope = Scope::new(source, *file, &tree.head);
                if tree.head.node.id.is_some_and(|name| scope.name(name) == *organization.id) {
                    openings.push(Opening { file: *file, source, tree });
                }
            }
        }
        Ok(Self { policy, organization, openings })
    }

    /// The same; without an id, the only organization that has a role of its own of this name, before the only one of
    /// the policy.
    pub(super) fn with_role(policy: &'p Policy, id: Option<&str>, role: &str) -> Result<Self, Refusal> {
        if id.is_none() {
            let has = |one: &&Organization| one.roles.iter().any(|own| *own.id == *role);
            let mut having = policy.workspace.organizations().filter(has);
            if let (Some(only), None) = (having.next(), having.next()) {
                return Self::of(policy, Some(&only.id));
            }
        }
        Self::of(policy, id)
    }

    /// A role of the organization, or a template.
    pub(super) fn find(&self, name: &str) -> Option<(RoleRef, &'p Role)> {
        let position = |all: &[Role]| all.iter().position(|role| *role.id == *name);
        let own = &self.organization.roles;
        let templates = self.policy.templates();
        let as_own = || {
            let at = position(own)?;
            Some((RoleRef::Own(OwnRoleId::at(at)), own.get(at)?))
        };
        let as_template = || {
            let at = position(templates)?;
            Some((RoleRef::Template(TemplateId::at(at)), templates.get(at)?))
        };
        as_own().or_else(as_template)
    }

    /// The same, or a refusal with the names near to it.
    pub(super) fn role(&self, name: &str) -> Result<(RoleRef, &'p Role), Refusal> {
        self.find(name).ok_or_else(|| {
            let own = self.organization.roles.iter();
            let known = own.chain(self.policy.templates()).map(|role| (&*role.id, role.title.as_deref()));
            let organization = &self.organization.id;
            Refusal::Unasked(Unasked::Unknown {
                reason: Reason::UnknownRole,
                message: format!(
                    "organization `{organization}` has no role `{name}`, and there is no such template"
                ),
                near: ask::near(name, known, &Patience::default()),
            })
        })
    }

    /// A role of the organization itself.
    pub(super) fn own_role(&self, name: &str, verb: &str) -> Result<&'p Role, Refusal> {
        match self.role(name)? {
            (RoleRef::Own(_), role) => Ok(role),
            (RoleRef::Template(_), role) => Err(Refusal::found(
                format!("`{name}` is a template: only roles of an organization are {verb}"),
                vec![self.policy.found(role.place, format!("template `{name}`"))],
            )),
        }
    }

    /// The opening with the most members of a sort, of those in files that may change; the first of several.
    pub(super) fn home(
        &self,
        may_change: &dyn Fn(FileId) -> bool,
        count: impl Fn(&ast::Organization) -> usize,
    ) -> Result<Opening<'p>, Refusal> {
        let mut best: Option<(usize, Opening<'p>)> = None;
        for opening in self.openings.iter().filter(|opening| may_change(opening.file)) {
            let count = count(opening.tree);
            if best.is_none_or(|(most, _)| most < count) {
                best = Some((count, *opening));
            }
        }
        best.map(|(_, opening)| opening).ok_or_else(|| {
            let message = format!(
                "every file of organization `{}` was only read along: name one",
                self.organization.id
            );
            Refusal::found(message, vec![self.policy.found(self.organization.place, "opened here")])
        })
    }
}
