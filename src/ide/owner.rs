//! The roles of a file, each with what it means: for everything that is said of the role at a place.

use std::collections::HashMap;

use crate::catalog::{Catalog, Row};
use crate::ide::origin::Cell;
use crate::ide::symbol::{Symbol, catalog};
use crate::model::{Organization, Role, RoleRef, Roles};
use crate::source::{FileId, Place, SourceFile, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{OrganizationId, OrganizationKind, OwnRoleId, PrincipalKind, RowId, TemplateId};
use crate::workspace::Workspace;

/// A role or template in its text.
#[derive(Clone, Copy)]
pub(super) struct Owner<'w> {
    pub(super) reference: RoleRef,
    pub(super) role: &'w Role,
    pub(super) organization: Option<(OrganizationId, &'w Organization)>,
    pub(super) roles: Roles<'w>,
    pub(super) catalog: &'w Catalog,
    pub(super) member: &'w ast::Member<ast::Role>,
    pub(super) scope: Scope<'w>,
    source: &'w SourceFile,
}

impl<'w> Owner<'w> {
    /// The kind of its organization; a template by itself is looked at with every row.
    pub(super) fn kind(&self) -> OrganizationKind {
        self.organization.map_or(OrganizationKind::Managed, |(_, organization)| organization.kind)
    }

    pub(super) fn cell(&self, id: RowId, row: &'w Row) -> Cell<'w> {
        Cell { roles: self.roles, role: self.role, id, row, kind: self.kind() }
    }

    /// The text of its file before a place.
    pub(super) fn text_before(&self, at: u32) -> &'w str {
        self.source.slice(Span::new(0, at))
    }

    /// The text of its file from a place on.
    pub(super) fn text_after(&self, at: u32) -> &'w str {
        self.source.text().get(at as usize..).unwrap_or_default()
    }
}

/// The role that an offset is in, its head and its block.
pub(super) fn at(ws: &Workspace, file: FileId, offset: u32) -> Option<Owner<'_>> {
    // Of two that touch the one that begins.
    owners(ws, file, Some(Span::new(offset, offset))).into_iter().next_back()
}

/// The roles and templates of a file, in the order of its text.
pub(super) fn owners(ws: &Workspace, file: FileId, range: Option<Span>) -> Vec<Owner<'_>> {
    let (Some(source), Some(tree), Some(ground)) = (ws.sources().file(file), ws.tree(file), ws.ground())
    else {
        return Vec::new();
    };
    let templates = &ground.shared().templates;
    let touches = |member: &ast::Member<ast::Role>| {
        range.is_none_or(|range| member.start <= range.end && range.start <= member.end)
    };
    let mut found: Vec<Owner<'_>> = Vec::new();
    let wanted: Vec<_> = tree.templates.iter().filter(|member| touches(member)).collect();
    if !wanted.is_empty() {
        let places: HashMap<Place, usize> =
            templates.iter().enumerate().map(|(index, role)| (role.place, index)).collect();
        let of = |place: &Place| {
            let index = *places.get(place)?;
            Some((RoleRef::Template(TemplateId::at(index)), templates.get(index)?))
        };
        let roles = Roles { templates, own: &[] };
        found.extend(
            wanted.into_iter().filter_map(|member| owner(ws, file, source, member, roles, None, &of)),
        );
    }
    for opened in &tree.organizations {
        let wanted: Vec<_> = opened.roles.iter().filter(|member| touches(member)).collect();
        let Some((id, organization)) =
            (if wanted.is_empty() { None } else { opening(ws, file, source, opened) })
        else {
            continue;
        };
        let places: HashMap<Place, usize> =
            organization.roles.iter().enumerate().map(|(index, role)| (role.place, index)).collect();
        let of = |place: &Place| {
            let index = *places.get(place)?;
            Some((RoleRef::Own(OwnRoleId::at(index)), organization.roles.get(index)?))
        };
        let roles = Roles { templates, own: &organization.roles };
        let inside = Some((id, organization));
        found.extend(
            wanted.into_iter().filter_map(|member| owner(ws, file, source, member, roles, inside, &of)),
        );
    }
    found.sort_by_key(|owner| owner.member.start);
    found
}

fn owner<'w>(
    ws: &'w Workspace,
    file: FileId,
    source: &'w SourceFile,
    member: &'w ast::Member<ast::Role>,
    roles: Roles<'w>,
    organization: Option<(OrganizationId, &'w Organization)>,
    of: &dyn Fn(&Place) -> Option<(RoleRef, &'w Role)>,
) -> Option<Owner<'w>> {
    let scope = Scope::new(source, file, member);
    let place = match member.node.id {
        Some(name) => scope.at(name),
        None => scope.place(Span::new(0, 0)),
    };
    let (reference, role) = of(&place)?;
    let catalog = catalog(ws, role.catalog)?;
    Some(Owner { reference, role, organization, roles, catalog, member, scope, source })
}

/// The organization that is opened somewhere.
pub(super) fn opening<'w>(
    ws: &'w Workspace,
    file: FileId,
    source: &'w SourceFile,
    opened: &ast::Organization,
) -> Option<(OrganizationId, &'w Organization)> {
    let scope = Scope::new(source, file, &opened.head);
    let name = opened.head.node.id.map(|name| scope.name(name)).unwrap_or_default();
    let place = scope.place(Span::new(0, 0));
    let is_it = |known: &Organization| match &*name {
        "" => known.id.is_empty() && known.place == place,
        name => *known.id == *name,
    };
    let (index, organization) = ws.organizations().enumerate().find(|(_, known)| is_it(known))?;
    Some((OrganizationId::at(index), organization))
}

/// How many hold a role: people, and service accounts. Who held it only before the moment of the workspace counts not.
pub(super) fn holders(ws: &Workspace, role: &Symbol) -> (usize, usize) {
    let (mut people, mut services) = (0, 0);
    let mut add = |organization: &Organization, wanted: RoleRef| {
        for principal in &organization.principals {
            let mut held = principal.assignments.iter().filter(|one| one.role == wanted);
            if held.any(|one| one.until().is_none_or(|until| ws.moment().now.is_none_or(|now| now < until))) {
                match principal.kind {
                    PrincipalKind::Admin => people += 1,
                    PrincipalKind::Service => services += 1,
                }
            }
        }
    };
    match role {
        Symbol::Template(id) => ws.organizations().for_each(|one| add(one, RoleRef::Template(*id))),
        Symbol::Role(organization, id) => {
            ws.organization(*organization).into_iter().for_each(|one| add(one, RoleRef::Own(*id)));
        }
        _ => {}
    }
    (people, services)
}
