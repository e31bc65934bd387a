//! Roles, templates and principals that may be named.

use std::collections::HashSet;

use crate::ide::completion::{Asked, CompletionKind, text};
use crate::ide::context::{Block, Tok, is_name};
use crate::ide::markdown::lines;
use crate::model::{Role, RoleRef};
use crate::syntax::{Kind, quoted};
use crate::vocab::{OwnRoleId, PrincipalKind, TemplateId};

impl<'w> Asked<'w, '_> {
    /// Every role and template that may be named here, but for some.
    pub(super) fn roles(&mut self, but: &[&str]) {
        for (_, role) in self.own() {
            if !but.contains(&&*role.id) {
                self.role(CompletionKind::Role, role);
            }
        }
        // A forbid at the top passes over roles of any organization.
        if self.inside.is_none() && self.context.head(Block::Organization).is_none() {
            let catalog = self.catalog.map(|(id, _)| id);
            let mut seen = HashSet::new();
            let all = self.ws.organizations().flat_map(|organization| &organization.roles);
            let named: Vec<&Role> = all
                .filter(|role| Some(role.catalog) == catalog && !role.id.is_empty())
                .filter(|role| seen.insert(&role.id) && !but.contains(&&*role.id))
                .collect();
            for role in named {
                self.role(CompletionKind::Role, role);
            }
        }
        for (_, role) in self.templates_here() {
            if !but.contains(&&*role.id) {
                self.role(CompletionKind::Template, role);
            }
        }
    }

    /// What a role may start from: not itself, nor what starts from it.
    pub(super) fn bases(&mut self, statement: &[Tok<'_>]) {
        let is_template = self.context.block() == Block::Top;
        let mut names =
            statement.iter().skip_while(|tok| !matches!(tok.kind, Kind::Role | Kind::Template)).skip(1);
        let own = names.next().map(text).unwrap_or_default();
        let after = statement.iter().skip_while(|tok| tok.kind != Kind::From).skip(1);
        let named: Vec<_> = after.filter(|tok| is_name(tok.kind)).map(text).collect();
        let is_free = |role: &Role| *role.id != *own && !named.iter().any(|name| **name == *role.id);
        if !is_template {
            let all = self.own();
            let above = starting_from(&own, &all);
            for (id, role) in all {
                if is_free(role) && !above.contains(&id) {
                    self.role(CompletionKind::Role, role);
                }
            }
        }
        let all = self.templates_here();
        let above = if is_template { starting_from(&own, &all) } else { HashSet::new() };
        for (id, role) in all {
            if is_free(role) && !above.contains(&id) {
                self.role(CompletionKind::Template, role);
            }
        }
    }

    /// The templates of the catalog that the cursor is in.
    pub(super) fn templates_of_catalog(&mut self) {
        let name =
            self.context.head(Block::Catalog).and_then(|head| head.get(1)).map(text).unwrap_or_default();
        let Some(ground) = self.ws.ground() else { return };
        let here = ground.catalogs_in(self.file).iter().copied();
        let id = here
            .into_iter()
            .find(|id| ground.shared().catalogs.get(id.index()).is_some_and(|catalog| *catalog.id == *name));
        for role in self.templates().iter().filter(|role| Some(role.catalog) == id) {
            self.role(CompletionKind::Template, role);
        }
    }

    fn own(&self) -> Vec<(RoleRef, &'w Role)> {
        let all = self.inside.map(|(_, known)| known.roles.as_slice()).unwrap_or_default();
        let all = all.iter().enumerate().filter(|(_, role)| !role.id.is_empty());
        all.map(|(index, role)| (RoleRef::Own(OwnRoleId::at(index)), role)).collect()
    }

    fn templates_here(&self) -> Vec<(RoleRef, &'w Role)> {
        let catalog = self.catalog.map(|(id, _)| id);
        let all = self.templates().iter().enumerate();
        let here = all.filter(|(_, role)| !role.id.is_empty() && Some(role.catalog) == catalog);
        here.map(|(index, role)| (RoleRef::Template(TemplateId::at(index)), role)).collect()
    }

    fn role(&mut self, kind: CompletionKind, role: &Role) {
        let detail = role.title.as_deref().map(str::to_owned);
        let detail = detail.or_else(|| (kind == CompletionKind::Template).then(|| "template".to_owned()));
        let is_subject = self.context.block() == Block::Test
            && !self.context.statement.last().is_some_and(|tok| tok.kind == Kind::Role);
        if is_subject && !crate::syntax::is_bare(&role.id) {
            // In quotes alone it would be a principal.
            self.push(kind, &role.id, format!("role {}", quoted(&role.id)), detail);
        } else {
            self.name(kind, &role.id, detail);
        }
        let texts = [role.doc.as_deref(), role.description.as_deref()];
        let texts: Vec<String> = texts.into_iter().flatten().map(lines).collect();
        self.document(Some(texts.join("\n\n")));
    }

    /// The principals known in the organization, but for those named in the statement.
    pub(super) fn principals(&mut self, statement: &[Tok<'_>], kind: Option<PrincipalKind>) {
        let Some((_, organization)) = self.inside else { return };
        let strings = statement.iter().filter(|tok| matches!(tok.kind, Kind::String | Kind::UnclosedString));
        let named: HashSet<_> = strings.map(text).collect();
        // What is typed here may be known by this very place only.
        let typed = crate::source::Place { file: self.file, span: self.context.typed };
        for principal in &organization.principals {
            let is_here = principal.place == typed && principal.assignments.len() < 2;
            if kind.is_some_and(|kind| kind != principal.kind) || named.contains(&*principal.name) || is_here
            {
                continue;
            }
            let is_service = principal.kind == PrincipalKind::Service;
            let written = quoted(&principal.name);
            let written = match self.context.block() {
                Block::Organization if is_service && kind.is_none() => format!("service {written}"),
                _ => written,
            };
            let detail = is_service.then(|| "service account".to_owned());
            self.push(CompletionKind::Principal, &principal.name, written, detail);
        }
    }
}

/// Those that start from one of a name, by however many steps.
fn starting_from(name: &str, all: &[(RoleRef, &Role)]) -> HashSet<RoleRef> {
    let mut found: HashSet<RoleRef> =
        all.iter().filter(|(_, role)| *role.id == *name).map(|(id, _)| *id).collect();
    if found.is_empty() {
        return found;
    }
    loop {
        let before = found.len();
        for (id, role) in all {
            if role.bases.iter().any(|base| found.contains(base)) {
                found.insert(*id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
