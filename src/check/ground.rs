//! What all organizations stand on: catalogs, which file uses which, templates, the forbids of the top. Owned, so that
//! it outlives the trees it was read from. Never looks into an organization, but for the ids of roles.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::check::Input;
use crate::check::catalogs::Catalogs;
use crate::check::grants::{self, Around};
use crate::check::lost::Lost;
use crate::check::names::Names;
use crate::check::roles::{self, Elsewhere, Question, RoleNames};
use crate::check::rows::Scene;
use crate::check::standing::Resting;
use crate::check::uses::Uses;
use crate::check::{bases, catalogs, forbids, uses};
use crate::diagnostic::Diagnostics;
use crate::model::{Roles, Shared};
use crate::source::FileId;
use crate::vocab::{CatalogId, TemplateId};

/// What all organizations stand on.
#[derive(Debug)]
pub struct Ground {
    shared: Arc<Shared>,
    pub(super) catalogs: Catalogs,
    pub(super) uses: Uses,
    pub(super) lost: Lost,
    pub(super) templates: Names<TemplateId>,
    /// The files of built-in catalogs.
    pub(super) built_in: Vec<FileId>,
    /// The rows of each template that rest on no public source.
    pub(super) resting: Vec<Resting>,
    /// Ids that were looked for among the roles of all organizations, and whether one has it.
    asked: Vec<(Question, bool)>,
}

impl Ground {
    /// Checks everything but the insides of organizations.
    pub fn check(inputs: &[Input<'_>]) -> (Self, Diagnostics) {
        let mut findings = Diagnostics::new();
        let lost = Lost::new(inputs);
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
        let resting = Resting::of_templates(&templates, &order.sorted, &catalogs, inputs, &mut findings);
        let asked = elsewhere.asked();
        let shared = Shared { catalogs: catalogs.list.clone(), templates, forbids };
        let ground = Self {
            shared: Arc::new(shared),
            uses,
            templates: declared.names,
            built_in: inputs.iter().filter(|input| input.is_built_in).map(|input| input.id).collect(),
            resting,
            asked,
            catalogs,
            lost,
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

    /// Whether what was asked about the roles of organizations would be answered the same.
    pub fn holds_for(&self, inputs: &[Input<'_>]) -> bool {
        let elsewhere = Elsewhere::new(inputs, &self.uses);
        self.asked.iter().all(|((id, catalog), has)| elsewhere.has(id, *catalog) == *has)
    }

    /// The roles that may be named in an organization that has some of its own.
    pub(super) fn roles<'c>(&'c self, own: &'c [crate::model::Role]) -> Roles<'c> {
        Roles { templates: &self.shared.templates, own }
    }

    pub(super) fn catalog(&self, id: CatalogId) -> Option<&Catalog> {
        self.catalogs.get(id)
    }
}
