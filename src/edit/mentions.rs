//! Where a role is named, by what that means for the role. The places are those that `ide` finds: a sort of statement
//! that is not known here is not overlooked, it is told as what it is.

use std::collections::BTreeSet;

use crate::edit::Found;
use crate::edit::policy::{Opening, Policy, Site};
use crate::edit::spoken::Spoken;
use crate::ide;
use crate::model::Role;
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::Time;

/// An assignment as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement<'p> {
    pub(super) opening: Opening<'p>,
    pub(super) scope: Scope<'p>,
    pub(super) member: &'p ast::Member<ast::Assign>,
}

impl<'p> Statement<'p> {
    /// The assignments of a role in an organization.
    pub(super) fn of_role(site: &Site<'p>, role: &str) -> Vec<Self> {
        let mut found = Self::all(site);
        found.retain(|statement| statement.scope.name(statement.member.node.role) == role);
        found
    }

    fn all(site: &Site<'p>) -> Vec<Self> {
        let mut found = Vec::new();
        for opening in &site.openings {
            found.extend(opening.tree.assignments.iter().map(|member| {
                let scope = Scope::new(opening.source, opening.file, member);
                Self { opening: *opening, scope, member }
            }));
        }
        found
    }

    /// All of it.
    pub(super) fn place(&self) -> Place {
        Place { file: self.opening.file, span: Span::new(self.member.start, self.member.end) }
    }

    /// When it begins and ends.
    pub(super) fn period(&self) -> (Option<Time>, Option<Time>) {
        let mut period = (None, None);
        for clause in &self.member.node.clauses {
            match clause.what {
                ast::ClauseKind::From(time) => period.0 = time,
                ast::ClauseKind::Until(time) => period.1 = time,
                ast::ClauseKind::Because(_) => {}
            }
        }
        period
    }

    /// Why.
    pub(super) fn because(&self) -> Option<String> {
        self.member.node.clauses.iter().find_map(|clause| match clause.what {
            ast::ClauseKind::Because(text) => Some(self.scope.name(text).into_owned()),
            _ => None,
        })
    }

    /// Its principals, `service` before them.
    pub(super) fn principals(&self) -> Vec<Span> {
        let principals = self.member.node.principals.iter();
        principals.map(|principal| self.scope.place(principal.span).span).collect()
    }
}

/// Everything that names a role, but for itself.
#[derive(Debug, Default)]
pub(super) struct Mentioned<'p> {
    pub(super) assignments: Vec<Statement<'p>>,
    /// The roles that start from it.
    pub(super) bases: Vec<Found>,
    /// What could as well leave it out.
    pub(super) spoken: Spoken,
    /// Whatever else.
    pub(super) others: Vec<Found>,
}

impl<'p> Mentioned<'p> {
    pub(super) fn of(site: &Site<'p>, role: &Role) -> Self {
        let policy = site.policy;
        let (file, start) = (role.place.file, role.place.span.start);
        let places = ide::references(&policy.workspace, file, start, ide::Declarations::Excluded);
        let mut open: BTreeSet<Place> = places.into_iter().collect();
        let mut mentioned = Self { assignments: Statement::of_role(site, &role.id), ..Self::default() };
        for statement in &mentioned.assignments {
            open.remove(&statement.scope.at(statement.member.node.role));
        }
        for opening in &site.openings {
            mentioned.inside(site, *opening, &mut open);
        }
        let is_shared = policy.workspace.organizations().any(|other| {
            other.id != site.organization.id
                && other.roles.iter().any(|own| own.catalog == role.catalog && own.id == role.id)
        });
        for file in policy.workspace.files() {
            let (Some(source), Some(tree)) = (policy.source(*file), policy.workspace.tree(*file)) else {
                continue;
            };
            let mut top = Spoken::default();
            for member in &tree.forbids {
                top.forbid(policy, Scope::new(source, *file, member), &member.node, &mut open);
            }
            for member in &tree.requires {
                let scope = Scope::new(source, *file, member);
                top.require(policy, scope, &member.node, &mut open);
                mentioned.required(policy, scope, &member.node, &mut open);
            }
            // Where a role of another organization has the name too, they go on to mean that one.
            if !is_shared {
                mentioned.spoken.found.append(&mut top.found);
                mentioned.spoken.gone.append(&mut top.gone);
            }
        }
        mentioned.spoken.found.sort_by_key(|found| found.place);
        mentioned.others.extend(open.into_iter().map(|place| policy.found(place, "named here")));
        mentioned
    }

    /// What names it in one opening of its organization.
    fn inside(&mut self, site: &Site<'p>, opening: Opening<'p>, open: &mut BTreeSet<Place>) {
        let policy = site.policy;
        for member in &opening.tree.roles {
            let scope = Scope::new(opening.source, opening.file, member);
            let id = member.node.id.map(|id| scope.name(id)).unwrap_or_default();
            let named =
                member.node.bases.iter().map(|base| scope.at(*base)).filter(|place| open.remove(place));
            self.bases.extend(named.map(|place| policy.found(place, format!("a base of `{id}`"))));
        }
        for member in &opening.tree.forbids {
            let scope = Scope::new(opening.source, opening.file, member);
            self.spoken.forbid(policy, scope, &member.node, open);
        }
        for member in &opening.tree.requires {
            let scope = Scope::new(opening.source, opening.file, member);
            self.spoken.require(policy, scope, &member.node, open);
            self.required(policy, scope, &member.node, open);
        }
        for test in &opening.tree.tests {
            self.spoken.test(policy, Scope::new(opening.source, opening.file, test), test, open);
        }
    }

    /// Where a requirement asks that it is held. Without that line it would ask for something else.
    fn required(
        &mut self,
        policy: &Policy,
        scope: Scope<'_>,
        require: &ast::Require,
        open: &mut BTreeSet<Place>,
    ) {
        let title = require.title.map(|title| scope.name(title)).unwrap_or_default();
        for demand in &require.demands {
            let ast::Demand::Role(role) = demand else { continue };
            let place = scope.at(role.name);
            if open.remove(&place) {
                self.others.push(policy.found(place, format!("held for the requirement \"{title}\"")));
            }
        }
    }
}
