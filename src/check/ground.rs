//! What all organizations stand on: catalogs, which file uses which, templates, the forbids of the top. Owned, so that
//! it outlives the trees it was read from. Never looks into an organization, but for the ids of roles.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::check::Input;
use crate::check::catalogs::Catalogs;
use crate::check::grants::{self, Around};
use crate::check::looks;
use crate::check::lost::{self, Asked, Lost, Words};
use crate::check::names::{Case, Names, fold};
use crate::check::roles::{self, Elsewhere, Question, RoleNames};
use crate::check::rows::Scene;
use crate::check::standing::Resting;
use crate::check::uses::Uses;
use crate::check::{bases, catalogs, forbids, requires, uses};
use crate::diagnostic::Diagnostics;
use crate::model::{Organization, RoleRef, Roles, Shared};
use crate::source::{FileId, Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{CatalogId, CategoryId, RowId, TemplateId};

/// What has changed when one ground takes the place of another.
#[derive(Debug)]
pub enum Shift {
    /// More than names can tell.
    All,
    /// Templates.
    Some {
        /// The names of those that mean something else now, or nothing, without case and Unicode form; and what
        /// they look like.
        changed: HashSet<Box<str>>,
        /// Whether there are other names than before, so that others may be near to what is not found.
        has_other_names: bool,
        /// Whether a default role is not as it was: any role of an organization may be held against it.
        has_other_defaults: bool,
    },
}

/// What all organizations stand on.
#[derive(Debug)]
pub struct Ground {
    shared: Arc<Shared>,
    pub(super) catalogs: Catalogs,
    pub(super) uses: Uses,
    pub(super) lost: Words,
    pub(super) templates: Names<TemplateId>,
    /// The files of built-in catalogs.
    pub(super) built_in: Vec<FileId>,
    /// What the forbids of the top ask for.
    pub(super) top_forbids: forbids::Top,
    /// The rows of each template that rest on no public source.
    pub(super) resting: Vec<Resting>,
    /// Ids that were looked for among the roles of all organizations, and whether one has it.
    asked: Vec<(Question, bool)>,
    /// Words that were looked for in damaged text, and whether they were there.
    asked_lost: Asked,
    unsound: Unsound,
}

/// What has an error in it or is damaged, or stands on such a thing.
#[derive(Debug, Default)]
struct Unsound {
    catalogs: HashSet<CatalogId>,
    templates: HashSet<TemplateId>,
}

/// Members of files, none of which lies in another: which of them holds a place is found without a look at all.
struct Apart(Vec<Place>);

impl Apart {
    fn new(places: impl IntoIterator<Item = Place>) -> Self {
        let mut all: Vec<Place> = places.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// The members that hold a place: two of them where it lies between them and is of no length.
    fn holding(&self, inner: Place) -> impl Iterator<Item = Place> + '_ {
        let key = |place: &Place| (place.file, place.span.start);
        let behind = self.0.partition_point(|outer| key(outer) <= key(&inner));
        let near = self.0.get(behind.saturating_sub(2)..behind).unwrap_or_default();
        near.iter().copied().filter(move |outer| {
            outer.file == inner.file
                && outer.span.start <= inner.span.start
                && inner.span.end <= outer.span.end
        })
    }

    fn holds(&self, inner: Place) -> bool {
        self.holding(inner).next().is_some()
    }
}

impl Unsound {
    fn new(
        inputs: &[Input<'_>],
        shared: &Shared,
        catalogs: &Catalogs,
        sorted: &[usize],
        findings: &Diagnostics,
    ) -> Self {
        let mut unsound = Self::default();
        let place = |input: &Input<'_>, (start, end): (u32, u32)| Place {
            file: input.id,
            span: Span::new(start, end),
        };
        let wrong: HashSet<FileId> = findings.errors().map(|finding| finding.primary.place.file).collect();
        // What is wrong in a template, a forbid or a requirement is not wrong in the catalog that its file declares.
        let members = inputs.iter().filter(|input| wrong.contains(&input.id));
        let beside = Apart::new(members.flat_map(|input| {
            let templates = input.tree.templates.iter().map(|member| (member.start, member.end));
            let forbids = input.tree.forbids.iter().map(|member| (member.start, member.end));
            let requires = input.tree.requires.iter().map(|member| (member.start, member.end));
            templates.chain(forbids).chain(requires).map(|span| place(input, span))
        }));
        let of_catalogs: HashSet<FileId> = findings
            .errors()
            .map(|finding| finding.primary.place)
            .filter(|at| !beside.holds(*at))
            .map(|at| at.file)
            .collect();
        let damaged: Vec<Place> = inputs
            .iter()
            .flat_map(|input| {
                let templates = input.tree.templates.iter().filter(|template| template.node.is_damaged);
                templates.map(|member| place(input, (member.start, member.end)))
            })
            .collect();
        let has_damage = |input: &Input<'_>| {
            input.tree.catalogs.iter().any(|catalog| {
                let is_garbled = |kind: &ast::Member<ast::Kind>| {
                    let scope = Scope::new(input.source, input.id, kind);
                    let levels: &[ast::Name] = match &kind.node.shape {
                        ast::Shape::Ladder(words) | ast::Shape::Verbs(words) => words,
                        ast::Shape::Flag => &[],
                    };
                    levels.iter().chain([&kind.node.id]).any(|name| scope.is_garbled(*name))
                };
                catalog.categories.iter().any(|category| category.node.is_damaged)
                    || catalog.kinds.iter().any(is_garbled)
            })
        };
        for input in inputs.iter().filter(|input| of_catalogs.contains(&input.id) || has_damage(input)) {
            unsound.catalogs.extend(catalogs.by_file.get(&input.id.0).into_iter().flatten());
        }
        if wrong.is_empty() && damaged.is_empty() {
            return unsound;
        }
        let members = inputs.iter().filter(|input| wrong.contains(&input.id));
        let templates = Apart::new(members.flat_map(|input| {
            input.tree.templates.iter().map(|member| place(input, (member.start, member.end)))
        }));
        let at_fault = findings.errors().flat_map(|finding| templates.holding(finding.primary.place));
        let at_fault = Apart::new(at_fault.chain(damaged));
        for (index, template) in shared.templates.iter().enumerate() {
            if !template.is_certain || at_fault.holds(template.place) {
                unsound.templates.insert(TemplateId::at(index));
            }
        }
        for index in sorted {
            let bases = shared.templates.get(*index).map(|role| role.bases.as_slice()).unwrap_or_default();
            let stands =
                |base: &RoleRef| matches!(base, RoleRef::Template(id) if unsound.templates.contains(id));
            if bases.iter().any(stands) {
                unsound.templates.insert(TemplateId::at(*index));
            }
        }
        unsound
    }
}

impl Ground {
    /// Checks everything but the insides of organizations.
    pub fn check(inputs: &[Input<'_>]) -> (Self, Diagnostics) {
        let mut findings = Diagnostics::new();
        let words = lost::words(inputs);
        let lost = Lost::new(&words);
        let mut catalogs = catalogs::check(inputs, &lost, &mut findings);
        let uses = uses::check(inputs, &catalogs, &lost, &mut findings);
        let elsewhere = Elsewhere::new(inputs, &uses);
        let declared = roles::templates(inputs, &uses, &catalogs, &mut findings);
        let names = RoleNames { templates: &declared.names, own: None };
        let order = bases::check(&declared, None, names, Some(&elsewhere), &lost, &mut findings);
        catalogs::supers(&mut catalogs, &declared, &lost, &mut findings);
        let around = Around { catalogs: &catalogs, templates: &[], is_direct: false, lost: &lost };
        let templates = grants::check(&declared, &order, around, &mut findings);
        let scene = Scene { catalogs: &catalogs, uses: &uses, names, lost: &lost };
        let forbids = forbids::of_the_top(inputs, &templates, &elsewhere, &scene, &mut findings);
        let requires = requires::of_the_top(inputs, &templates, &elsewhere, &scene, &mut findings);
        let resting = Resting::of_templates(&templates, &order.sorted, &catalogs, inputs, &mut findings);
        let (asked, asked_lost) = (elsewhere.asked(), lost.asked());
        let shared = Shared { catalogs: catalogs.list.clone(), templates, forbids, requires };
        let ground = Self {
            uses,
            templates: declared.names,
            built_in: inputs.iter().filter(|input| input.is_built_in).map(|input| input.id).collect(),
            resting,
            top_forbids: forbids::Top::new(&shared.forbids, &shared.catalogs),
            asked,
            asked_lost,
            unsound: Unsound::new(inputs, &shared, &catalogs, &order.sorted, &findings),
            shared: Arc::new(shared),
            catalogs,
            lost: words,
        };
        (ground, findings)
    }

    /// What it gives to the model.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Whether a file is one of a built-in catalog's.
    pub fn is_built_in(&self, file: FileId) -> bool {
        self.built_in.contains(&file)
    }

    /// Whether nothing of it has an error in it or is damaged.
    pub fn is_sound(&self) -> bool {
        self.unsound.catalogs.is_empty() && self.unsound.templates.is_empty() && !self.asked_lost.has_found()
    }

    /// Whether nothing that an organization stands on has an error in it or is damaged.
    pub fn is_sound_for(&self, organization: &Organization) -> bool {
        if self.asked_lost.has_found() || self.lost.has_nameless_organization() {
            return false;
        }
        if self.unsound.catalogs.is_empty() && self.unsound.templates.is_empty() {
            return true;
        }
        let bases = organization.roles.iter().flat_map(|role| role.bases.iter().copied());
        let mut named = bases.chain(organization.principals.assigned());
        !self.unsound.catalogs.contains(&organization.catalog)
            && !named
                .any(|role| matches!(role, RoleRef::Template(id) if self.unsound.templates.contains(&id)))
    }

    /// Whether words asked for in damaged text would be found, or not, as they were.
    pub fn has_lost(&self, asked: &Asked) -> bool {
        self.lost.answer(asked)
    }

    /// Takes the words of damaged text as they are now; not where a word that was asked for came or went.
    pub fn lose(&mut self, inputs: &[Input<'_>]) -> bool {
        let before = std::mem::replace(&mut self.lost, lost::words(inputs));
        let holds = self.has_lost(&self.asked_lost);
        if !holds {
            self.lost = before;
        }
        holds
    }

    /// What an organization that was checked on this ground would have to be checked again for, now that another
    /// takes its place.
    pub fn shift(&self, next: &Self) -> Shift {
        let (old, new) = (&self.shared, &next.shared);
        let same_forbids = old.forbids.len() == new.forbids.len()
            && old.forbids.iter().zip(&new.forbids).all(|(old, new)| {
                old.title == new.title
                    && old.catalog == new.catalog
                    && old.exceptions == new.exceptions
                    && old.conditions == new.conditions
            });
        let same_requires = old.requires.len() == new.requires.len()
            && old.requires.iter().zip(&new.requires).all(|(old, new)| old.means(new));
        if self.uses != next.uses || old.catalogs != new.catalogs || !same_forbids || !same_requires {
            return Shift::All;
        }
        let mut changed: HashSet<Box<str>> = HashSet::new();
        let (mut has_other_names, mut has_other_defaults) = (false, false);
        for (from, to) in [(self, next), (next, self)] {
            for name in from.templates.all() {
                let id = from.templates.get(name);
                let title = |ground: &Self| {
                    let template =
                        ground.templates.get(name).and_then(|id| ground.shared.templates.get(id.index()));
                    template.map(|template| template.title.clone())
                };
                // What is looked for may be near to a title too.
                has_other_names |= to.templates.get(name).is_none() || title(from) != title(to);
                let same = id == to.templates.get(name)
                    && id.is_some_and(|id| {
                        let both =
                            (from.shared.templates.get(id.index()), to.shared.templates.get(id.index()));
                        matches!(both, (Some(from), Some(to)) if from.means(to))
                            && from.resting.get(id.index()) == to.resting.get(id.index())
                    });
                if !same {
                    let template = id.and_then(|id| from.shared.templates.get(id.index()));
                    has_other_defaults |= template.is_some_and(|template| template.is_default);
                    changed.insert(fold(name).into());
                    // A role that looks like it is told of.
                    changed.extend(looks::keys(name, Case::Same).iter().map(Box::from));
                }
            }
        }
        Shift::Some { changed, has_other_names, has_other_defaults }
    }

    /// Whether what was asked about the roles of organizations would be answered the same.
    pub fn holds_for(&self, inputs: &[Input<'_>]) -> bool {
        let elsewhere = Elsewhere::new(inputs, &self.uses);
        self.asked.iter().all(|((id, catalog), has)| elsewhere.has(id, *catalog) == *has)
    }

    /// The catalog that a file uses.
    pub fn catalog_of(&self, file: FileId) -> Option<CatalogId> {
        self.uses.of(file)
    }

    /// The catalogs that a file holds, in the order of its text.
    pub fn catalogs_in(&self, file: FileId) -> &[CatalogId] {
        self.catalogs.by_file.get(&file.0).map(Vec::as_slice).unwrap_or_default()
    }

    /// The catalog that a bare `use` names.
    pub fn find_catalog(&self, name: &str) -> Option<CatalogId> {
        self.catalogs.names.get(name)
    }

    /// A category by its name.
    pub fn find_category(&self, catalog: CatalogId, name: &str) -> Option<CategoryId> {
        self.catalogs.inside(catalog)?.categories.get(name)
    }

    /// A row by its name in its category.
    pub fn find_row(&self, catalog: CatalogId, category: CategoryId, name: &str) -> Option<RowId> {
        self.catalogs.inside(catalog)?.rows(category)?.get(name)
    }

    /// A template by its name.
    pub fn find_template(&self, name: &str) -> Option<TemplateId> {
        self.templates.get(name)
    }

    /// The roles that may be named in an organization that has some of its own.
    pub(super) fn roles<'c>(&'c self, own: &'c [crate::model::Role]) -> Roles<'c> {
        Roles { templates: &self.shared.templates, own }
    }

    pub(super) fn catalog(&self, id: CatalogId) -> Option<&Catalog> {
        self.catalogs.get(id)
    }
}
