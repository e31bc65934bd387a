//! Templates and roles: their names, before anything that they say.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};

use foldhash::{HashMap, HashMapExt as _};

use crate::check::Input;
use crate::check::catalogs::Catalogs;
use crate::check::ground::Ground;
use crate::check::looks;
use crate::check::names::{self, Case, Clash, Names, blank, fold, is_blank, taken, title};
use crate::check::organizations::Openings;
use crate::check::titles::{self, Titled};
use crate::check::uses::Uses;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, NearNames};
use crate::model::{Organization, RoleRef};
use crate::source::{FileId, Place, Span};
use crate::syntax::{Scope, ast, spelled};
use crate::vocab::{CatalogId, OwnRoleId, TemplateId};

/// A template or role by name.
pub(super) struct Declaration<'s> {
    pub(super) id: Box<str>,
    pub(super) scope: Scope<'s>,
    pub(super) tree: &'s ast::Member<ast::Role>,
    /// The catalog, where its file names one.
    pub(super) catalog: Option<CatalogId>,
    pub(super) place: Place,
}

/// What is declared in one place: all templates, or the roles of one organization. `I` is what they are counted by.
pub(super) struct Declared<'s, I> {
    pub(super) list: Vec<Declaration<'s>>,
    pub(super) names: Names<I>,
}

/// An id of a template or of an organization's own role: how it is named, and its position.
pub(super) trait RoleId: Copy {
    /// What its sort is called.
    const WHAT: &'static str;
    fn at(index: usize) -> Self;
    fn reference(self) -> RoleRef;
    /// The position of what a reference names, where it is of this sort.
    fn of(reference: RoleRef) -> Option<usize>;
}

impl RoleId for TemplateId {
    const WHAT: &'static str = "template";
    fn at(index: usize) -> Self {
        Self::at(index)
    }
    fn reference(self) -> RoleRef {
        RoleRef::Template(self)
    }
    fn of(reference: RoleRef) -> Option<usize> {
        if let RoleRef::Template(id) = reference { Some(id.index()) } else { None }
    }
}

impl RoleId for OwnRoleId {
    const WHAT: &'static str = "role";
    fn at(index: usize) -> Self {
        Self::at(index)
    }
    fn reference(self) -> RoleRef {
        RoleRef::Own(self)
    }
    fn of(reference: RoleRef) -> Option<usize> {
        if let RoleRef::Own(id) = reference { Some(id.index()) } else { None }
    }
}

impl<'s, I: RoleId> Declared<'s, I> {
    pub(super) fn get(&self, index: usize) -> Option<&Declaration<'s>> {
        self.list.get(index)
    }
}

impl<'s> Declared<'s, TemplateId> {
    pub(super) fn find(&self, name: &str) -> Option<&Declaration<'s>> {
        self.names.get(name).and_then(|id| self.get(id.index()))
    }
}

/// What the names of roles mean in one place: templates, and where it is an organization its own roles before them.
#[derive(Clone, Copy)]
pub(super) struct RoleNames<'c> {
    pub(super) templates: &'c Names<TemplateId>,
    pub(super) own: Option<&'c Names<OwnRoleId>>,
}

impl<'c> RoleNames<'c> {
    pub(super) fn find(self, name: &str) -> Option<RoleRef> {
        let own = self.own.and_then(|own| own.get(name)).map(RoleRef::Own);
        own.or_else(|| self.templates.get(name).map(RoleRef::Template))
    }

    /// All names that mean something, as they are searched for near ones.
    pub(super) fn near(self) -> Vec<&'c NearNames> {
        self.own.map(Names::near).into_iter().chain([self.templates.near()]).collect()
    }
}

/// The ids of roles of all organizations, for the few questions that what they share asks about them. Remembers what
/// was asked, so that the answers can be told to be still the same.
pub(super) struct Elsewhere<'c, 's> {
    inputs: &'c [Input<'s>],
    uses: &'c Uses,
    /// The catalogs of the organizations that have a role of an id; made at the first question.
    ids: RefCell<Option<HashMap<Box<str>, Vec<CatalogId>>>>,
    asked: RefCell<BTreeMap<Question, bool>>,
}

/// An id that was looked for among the roles of all organizations: of a catalog, or of any.
pub(super) type Question = (Box<str>, Option<CatalogId>);

impl<'c, 's> Elsewhere<'c, 's> {
    pub(super) fn new(inputs: &'c [Input<'s>], uses: &'c Uses) -> Self {
        Self { inputs, uses, ids: RefCell::default(), asked: RefCell::default() }
    }

    /// Whether an organization has a role of this id, in a file of the catalog if one is given.
    pub(super) fn has(&self, id: &str, catalog: Option<CatalogId>) -> bool {
        let mut ids = self.ids.borrow_mut();
        let ids = ids.get_or_insert_with(|| self.collect());
        let found = ids.get(id);
        let has = match catalog {
            Some(catalog) => found.is_some_and(|catalogs| catalogs.contains(&catalog)),
            None => found.is_some(),
        };
        self.asked.borrow_mut().insert((id.into(), catalog), has);
        has
    }

    fn collect(&self) -> HashMap<Box<str>, Vec<CatalogId>> {
        let mut ids: HashMap<Box<str>, Vec<CatalogId>> = HashMap::new();
        for input in self.inputs {
            let catalog = self.uses.of(input.id);
            let roles = input.tree.organizations.iter().flat_map(|organization| &organization.roles);
            for member in roles {
                let Some(name) = member.node.id else { continue };
                let id = Scope::new(input.source, input.id, member).name(name).into();
                let catalogs = ids.entry(id).or_default();
                catalogs.extend(catalog.filter(|catalog| !catalogs.contains(catalog)));
            }
        }
        ids
    }

    /// What was asked, and the answers.
    pub(super) fn asked(self) -> Vec<(Question, bool)> {
        self.asked.into_inner().into_iter().collect()
    }
}

/// Declares the templates of all files.
pub(super) fn templates<'s>(
    inputs: &[Input<'s>],
    uses: &Uses,
    catalogs: &Catalogs,
    findings: &mut Diagnostics,
) -> Declared<'s, TemplateId> {
    let mut declared = Declared { list: Vec::new(), names: Names::default() };
    // Built-in files come first, so that a template of theirs that somebody wrote again is told at the copy.
    let (own, built_in): (Vec<&Input<'s>>, Vec<&Input<'s>>) =
        inputs.iter().partition(|input| !input.is_built_in);
    let files: Vec<FileId> = built_in.iter().map(|input| input.id).collect();
    for input in built_in.into_iter().chain(own) {
        let mut copies = Vec::new();
        for member in &input.tree.templates {
            let again = one(input, member, uses.of(input.id), catalogs, None, &mut declared, findings);
            match again {
                Some(again) if files.contains(&again.first.place.file) => copies.push(again),
                Some(again) => findings.push(again.tell(TemplateId::WHAT)),
                None => {}
            }
        }
        copied(&copies, findings);
    }
    template_titles(&declared, findings);
    declared
}

/// Tells the templates of a file that take the ids of those of a built-in catalog.
fn copied(copies: &[Again], findings: &mut Diagnostics) {
    if let [Again { place, first, .. }, _, ..] = copies {
        let count = copies.len();
        findings.push(
            Diagnostic::new(
                Code::AlteredBuiltIn,
                *place,
                format!(
                    "{count} templates here have ids of a built-in catalog's, and this text is not its text"
                ),
            )
            .label("the first of them")
            .also(first.place, "that of the catalog")
            .help("take the file out: they come with the catalog")
            .help(format!(
                "to change one, write a template of your own: `template ID from {} {{ … }}`",
                spelled(&first.name)
            )),
        );
    }
    if let [again] = copies {
        findings.push(again.tell(TemplateId::WHAT).help(format!(
            "`{}` came with the built-in catalog: give yours another id, or take the file out",
            again.name
        )));
    }
}

/// Declares the roles of an organization.
pub(super) fn own<'s>(
    openings: &Openings<'s>,
    ground: &Ground,
    findings: &mut Diagnostics,
) -> Declared<'s, OwnRoleId> {
    let count: usize = openings.list.iter().map(|opened| opened.tree.roles.len()).sum();
    let mut declared = Declared { list: Vec::with_capacity(count), names: Names::default() };
    declared.names.reserve(count);
    let templates = Some(&ground.templates);
    for opened in &openings.list {
        let input = &opened.input;
        let catalog = ground.uses.of(input.id);
        for member in &opened.tree.roles {
            let again = one(input, member, catalog, &ground.catalogs, templates, &mut declared, findings);
            if let Some(again) = again {
                findings.push(again.tell(OwnRoleId::WHAT));
            }
        }
    }
    declared
}

/// The names by which an organization names roles, or calls its own, without case and Unicode form; and what its own
/// look like.
pub(super) fn named(openings: &Openings<'_>) -> HashSet<Box<str>> {
    let mut names = HashSet::new();
    for opened in &openings.list {
        // What its own look like: a template that looks so is told of.
        for member in &opened.tree.roles {
            let scope = Scope::new(opened.input.source, opened.input.id, member);
            let ids = member.node.id.iter().map(|id| scope.name(*id));
            ids.for_each(|id| names.extend(looks::keys(&id, Case::Same).iter().map(Box::from)));
        }
        let (input, tree) = (&opened.input, opened.tree);
        let mut add = |scope: Scope<'_>, name: ast::Name| {
            let (name, known) = (scope.name(name), &mut names);
            let folded = fold(&name);
            // Most are named many times.
            if !known.contains(&*folded) {
                known.insert(folded.into());
            }
        };
        for member in &tree.roles {
            let scope = Scope::new(input.source, input.id, member);
            member.node.id.iter().chain(&member.node.bases).for_each(|name| add(scope, *name));
        }
        for member in &tree.assignments {
            add(Scope::new(input.source, input.id, member), member.node.role);
        }
        for member in &tree.forbids {
            let scope = Scope::new(input.source, input.id, member);
            member.node.exceptions.iter().for_each(|name| add(scope, *name));
        }
        for member in &tree.requires {
            let scope = Scope::new(input.source, input.id, member);
            member.node.roles().for_each(|name| add(scope, name));
        }
        for member in &tree.tests {
            let scope = Scope::new(input.source, input.id, member);
            // A principal that is not found may have been meant for a role.
            member.node.subjects().for_each(|subject| add(scope, subject.name()));
        }
    }
    names
}

impl<'s, I: RoleId> Declared<'s, I> {
    /// Those that have an id, with their titles and catalogs.
    fn titled(&self) -> impl Iterator<Item = (Option<CatalogId>, Titled<'s>)> {
        self.list.iter().filter_map(|declaration| {
            let (scope, node) = (declaration.scope, &declaration.tree.node);
            let titled = Titled {
                what: I::WHAT,
                id: scope.name(node.id?),
                place: declaration.place,
                title: titles::title(&scope, node.title),
            };
            Some((declaration.catalog, titled))
        })
    }
}

/// Holds the titles of each catalog's templates against each other.
fn template_titles(declared: &Declared<'_, TemplateId>, findings: &mut Diagnostics) {
    let mut by_catalog: BTreeMap<CatalogId, Vec<Titled<'_>>> = BTreeMap::new();
    for (catalog, titled) in declared.titled() {
        if let Some(catalog) = catalog {
            by_catalog.entry(catalog).or_default().push(titled);
        }
    }
    by_catalog.values().for_each(|list| titles::check(list, 0, findings));
}

/// Holds the titles of an organization's roles against each other and against those of templates that it uses: they
/// stand in one list where people pick. Templates that it does not name are not its own.
pub(super) fn own_titles(
    declared: &Declared<'_, OwnRoleId>,
    ground: &Ground,
    organization: &Organization,
    findings: &mut Diagnostics,
) {
    let bases = organization.roles.iter().flat_map(|role| role.bases.iter().copied());
    let named = bases.chain(organization.principals.assigned());
    let templates = &ground.shared().templates;
    let mut is_used = vec![false; templates.len()];
    for role in named {
        if let RoleRef::Template(id) = role
            && let Some(is_used) = is_used.get_mut(id.index())
        {
            *is_used = true;
        }
    }
    let used = templates.iter().zip(is_used).filter(|(_, is_used)| *is_used);
    let mut list: Vec<Titled<'_>> = used
        .map(|(template, _)| Titled {
            what: TemplateId::WHAT,
            id: (&*template.id).into(),
            place: template.place,
            title: template.title.as_deref().map(|title| (title.into(), template.place)),
        })
        .collect();
    let known = list.len();
    list.reserve(declared.list.len());
    list.extend(declared.titled().map(|(_, titled)| titled));
    titles::check(&list, known, findings);
}

/// A declaration whose id is taken.
struct Again {
    name: Box<str>,
    place: Place,
    first: Clash,
}

impl Again {
    fn tell(&self, what: &str) -> Diagnostic {
        taken(what, &self.name, self.place, &self.first)
    }
}

/// Declares one. Where its id is taken, that is for the caller to tell.
fn one<'s, I: RoleId>(
    input: &Input<'s>,
    tree: &'s ast::Member<ast::Role>,
    catalog: Option<CatalogId>,
    catalogs: &Catalogs,
    templates: Option<&Names<TemplateId>>,
    declared: &mut Declared<'s, I>,
    findings: &mut Diagnostics,
) -> Option<Again> {
    let scope = Scope::new(input.source, input.id, tree);
    let id = I::at(declared.list.len());
    let (name, place) = match tree.node.id {
        Some(name) => (scope.name(name), scope.at(name)),
        None => ("".into(), scope.place(Span::new(0, 0))),
    };
    if tree.node.id.is_some() && is_blank(&name) {
        findings.push(blank("id", I::WHAT, &name, place));
    }
    let mut again = None;
    if let Some(written) = tree.node.id {
        let case = catalogs.case(catalog);
        // A role may not hide a template: a name means one thing wherever it is read.
        let (shadowed, near_template) =
            templates.map(|templates| templates.meet(&name, case)).unwrap_or_default();
        let (alike, taken_before) = match declared.names.declare(&name, id, place, case) {
            Ok(alike) => (alike.or(near_template), None),
            Err(clash) => (None, Some(clash)),
        };
        // An id that nobody can see has had its finding.
        match (shadowed, taken_before) {
            _ if is_blank(&name) => {}
            (Some(template), _) => findings.push(shadowing(&name, place, &template)),
            (None, Some(first)) => again = Some(Again { name: name.as_ref().into(), place, first }),
            (None, None) => names::looks(I::WHAT, scope, written, alike.as_ref(), findings),
        }
    }
    let title = title(scope, tree.node.title, I::WHAT, findings);
    declared.names.entitle(&name, title.as_deref());
    declared.list.push(Declaration { id: name.into(), scope, tree, catalog, place });
    again
}

fn shadowing(name: &str, place: Place, template: &Clash) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, place, format!("role `{name}` takes the id of a template"))
        .label("a role here")
        .also(template.place, "the template")
        .help("give the role an id of its own; it may start from the template")
}
