//! Where a role is named, by what that means for the role. The places are those that `ide` finds: a sort of statement
//! that is not known here is not overlooked, it is told as what it is.

use std::collections::BTreeSet;

use crate::edit::Found;
use crate::edit::policy::{Opening, Site};
use crate::ide;
use crate::model::Role;
use crate::source::{FileId, Place, SourceFile, Span};
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

/// A name in a list of a forbid.
#[derive(Clone, Debug)]
pub(super) struct Exception<'p> {
    pub(super) file: FileId,
    pub(super) scope: Scope<'p>,
    pub(super) forbid: &'p ast::Forbid,
    pub(super) name: ast::Name,
    pub(super) found: Found,
}

/// A line of a test.
#[derive(Clone, Debug)]
pub(super) struct Asserted<'p> {
    pub(super) file: FileId,
    pub(super) scope: Scope<'p>,
    pub(super) test: &'p ast::Member<ast::Test>,
    pub(super) line: Span,
    pub(super) found: Found,
}

/// Everything that names a role, but for itself.
#[derive(Debug, Default)]
pub(super) struct Mentioned<'p> {
    pub(super) assignments: Vec<Statement<'p>>,
    /// The roles that start from it.
    pub(super) bases: Vec<Found>,
    pub(super) exceptions: Vec<Exception<'p>>,
    pub(super) assertions: Vec<Asserted<'p>>,
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
        for file in policy.workspace.files() {
            let (Some(source), Some(tree)) = (policy.source(*file), policy.workspace.tree(*file)) else {
                continue;
            };
            for member in &tree.forbids {
                mentioned.exception(site, (*file, source), member, &mut open);
            }
        }
        // Where a role of another organization has the name too, a forbid at the top goes on to mean that one.
        let is_shared = site.policy.workspace.organizations().any(|other| {
            other.id != site.organization.id
                && other.roles.iter().any(|own| own.catalog == role.catalog && own.id == role.id)
        });
        if is_shared {
            let is_own = |file: FileId, at: u32| {
                let own = site.openings.iter().filter(|opening| opening.file == file);
                own.flat_map(|opening| &opening.tree.forbids).any(|forbid| forbid.start == at)
            };
            mentioned.exceptions.retain(|one| is_own(one.file, one.scope.place(Span::new(0, 0)).span.start));
        }
        mentioned.others = open.into_iter().map(|place| policy.found(place, "named here")).collect();
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
            self.exception(site, (opening.file, opening.source), member, open);
        }
        for test in &opening.tree.tests {
            let scope = Scope::new(opening.source, opening.file, test);
            for assertion in &test.node.assertions {
                // Of a list that names others too the line still says something: it is told as what it is.
                let [ast::Subject::Role(role)] = &*assertion.subjects else { continue };
                if open.remove(&scope.at(role.name)) {
                    let line = assertion.span;
                    let text =
                        format!("`{}`", scope.text(line).split_whitespace().collect::<Vec<_>>().join(" "));
                    let found = policy.found(scope.place(line), text);
                    self.assertions.push(Asserted { file: opening.file, scope, test, line, found });
                }
            }
        }
    }

    fn exception(
        &mut self,
        site: &Site<'p>,
        (file, source): (FileId, &'p SourceFile),
        member: &'p ast::Member<ast::Forbid>,
        open: &mut BTreeSet<Place>,
    ) {
        let scope = Scope::new(source, file, member);
        for name in &member.node.exceptions {
            let place = scope.at(*name);
            if open.remove(&place) {
                let title = member.node.title.map(|title| scope.name(title)).unwrap_or_default();
                let found = site.policy.found(place, format!("an exception of the forbid \"{title}\""));
                self.exceptions.push(Exception { file, scope, forbid: &member.node, name: *name, found });
            }
        }
    }
}
