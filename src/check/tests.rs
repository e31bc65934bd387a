//! Tests: who and what their lines are about. They are run on the table (`tools::testing`), not here.

use crate::check::names::with_near;
use crate::check::organizations::{Opened, Openings};
use crate::check::rows::Scene;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::model::{Assertion, Organization, RoleRef, Roles, Shared, Subject, Test};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{Actions, Decision, LevelError, OrganizationKind, PrincipalKind};

pub(super) fn check(
    openings: &Openings<'_>,
    organization: &Organization,
    shared: &Shared,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Vec<Test> {
    let roles = Roles { templates: &shared.templates, own: &organization.roles };
    let mut tests = Vec::new();
    for opened in &openings.list {
        let asker = Asker { opened, organization, scene, roles };
        for member in &opened.tree.tests {
            tests.push(asker.test(member, findings));
        }
    }
    tests
}

/// The tests of one opening of an organization.
struct Asker<'c, 's> {
    opened: &'c Opened<'s>,
    organization: &'c Organization,
    scene: &'c Scene<'c>,
    roles: Roles<'c>,
}

impl Asker<'_, '_> {
    fn test(&self, member: &ast::Member<ast::Test>, findings: &mut Diagnostics) -> Test {
        let scope = Scope::new(self.opened.input.source, self.opened.input.id, member);
        let node = &member.node;
        let place = node.title.map_or(scope.place(Span::new(0, 0)), |title| scope.at(title));
        if node.assertions.is_empty() && !node.is_damaged {
            findings.push(
                Diagnostic::new(Code::EmptyTest, place, "this test asserts nothing")
                    .help("write lines like `ROLE can CATEGORY.ROW: LEVEL`"),
            );
        }
        let lines = node.assertions.iter();
        let assertions = lines.filter_map(|line| self.assertion(scope, line, findings)).collect();
        let title = node.title.map(|title| scope.name(title).into()).unwrap_or_default();
        Test { title, assertions, place }
    }

    fn assertion(
        &self,
        scope: Scope<'_>,
        line: &ast::Assertion,
        findings: &mut Diagnostics,
    ) -> Option<Assertion> {
        let place = scope.place(line.span);
        let subject = self.subject(scope, line, findings);
        let (row, data) =
            self.scene.row(scope, self.organization.catalog, line.category, line.row, findings)?;
        let (asked, is_bare) = match &line.levels {
            None => (vec![data.shape.top()], true),
            Some(levels) => (asked(scope, data, levels, findings)?, false),
        };
        let at = match line.at {
            Some(None) => return None,
            Some(Some(at)) => Some(at),
            None => None,
        };
        let text = scope.text(line.span).split_whitespace().collect::<Vec<_>>().join(" ").into();
        let assertion = Assertion {
            text,
            subject: subject?,
            verdict: line.verdict,
            row,
            asked,
            is_bare,
            at,
            place,
            cut: scope.without(line.span),
        };
        if is_bare && line.verdict == Decision::Deny {
            self.partly_held(scope, line, &assertion, data, findings);
        }
        Some(assertion)
    }

    fn subject(
        &self,
        scope: Scope<'_>,
        line: &ast::Assertion,
        findings: &mut Diagnostics,
    ) -> Option<Subject> {
        let lost = self.scene.lost;
        match line.subject {
            ast::Subject::Principal(principal) => {
                let (text, place) = (scope.name(principal.name), scope.at(principal.name));
                let principals = &self.organization.principals;
                let found = principals.iter().position(|known| *known.name == *text);
                // A bare string may be either; `service` says that it is no person.
                let other = found.and_then(|index| principals.get(index)).filter(|known| {
                    principal.kind == PrincipalKind::Service && known.kind == PrincipalKind::Admin
                });
                if let Some(known) = other {
                    findings.push(
                        Diagnostic::new(
                            Code::AmbiguousPrincipal,
                            place,
                            format!("`{text}` is a service account here and a person elsewhere"),
                        )
                        .also(known.place, "a person here"),
                    );
                }
                if found.is_none() && !lost.has(&text) {
                    let message =
                        format!("no assignment of organization `{}` names `{text}`", self.organization.id);
                    let mut finding = Diagnostic::new(Code::UnknownPrincipal, place, message);
                    if self.scene.names.find(&text).is_some() {
                        finding = finding.help(
                            "a quoted string is a principal here; a role is written bare, or `role \"…\"`",
                        );
                    }
                    for near in crate::diagnostic::nearest(&text, principals.iter().map(|known| &*known.name))
                    {
                        let text = crate::syntax::quoted(near);
                        finding = finding.help(format!("did you mean {text}?")).fix(Fix::suggest(
                            format!("write {text}"),
                            place,
                            text,
                        ));
                    }
                    findings.push(finding);
                }
                found.map(Subject::Principal)
            }
            ast::Subject::Role(name) => {
                let (text, place) = (scope.name(name), scope.at(name));
                let found = self.scene.names.find(&text);
                if found.is_none() && !lost.has(&text) {
                    let finding = Diagnostic::new(
                        Code::UnknownRole,
                        place,
                        format!(
                            "organization `{}` has no role `{text}`, and there is no such template",
                            self.organization.id
                        ),
                    );
                    findings.push(with_near(finding, &text, place, self.scene.names.all()));
                }
                found.map(Subject::Role)
            }
        }
    }

    /// A `cannot` without a level passes for who holds a part of the row: likely not what was meant.
    fn partly_held(
        &self,
        scope: Scope<'_>,
        line: &ast::Assertion,
        assertion: &Assertion,
        row: &crate::catalog::Row,
        findings: &mut Diagnostics,
    ) {
        if row.only_managed && self.organization.kind == OrganizationKind::Direct {
            return;
        }
        let held = match assertion.subject {
            Subject::Role(id) => self.held(id, row),
            Subject::Principal(index) => {
                let principal = self.organization.principals.get(index);
                let assignments = principal.into_iter().flat_map(|principal| &principal.assignments);
                let in_force = assignments.filter(|one| assertion.at.is_none_or(|at| one.is_in_force(at)));
                in_force.fold(Actions::NONE, |held, assignment| held | self.held(assignment.role, row))
            }
        };
        if held.is_empty() || held.contains(row.shape.top()) {
            return;
        }
        let level = row.shape.level(held);
        // What is not held: with it the test says what it shows today.
        let missing = row.shape.actions().enumerate().find(|(index, _)| !held.contains(Actions::one(*index)));
        let lowest = missing.map_or("", |(_, action)| action).to_owned();
        let end = Place {
            span: Span::new(scope.at(line.row).span.end, scope.at(line.row).span.end),
            ..assertion.place
        };
        findings.push(
            Diagnostic::new(
                Code::PartlyHeld,
                assertion.place,
                format!(
                    "`cannot` without a level speaks of all of row `{}`, and `{level}` of it is held",
                    row.id
                ),
            )
            .help("say which action is meant, so that the test shows it")
            .fix(Fix::suggest(
                format!("write `: {lowest}` after the row"),
                end,
                format!(": {lowest}"),
            )),
        );
    }

    fn held(&self, role: RoleRef, row: &crate::catalog::Row) -> Actions {
        self.roles.get(role).map_or(Actions::NONE, |role| role.cells.get(row))
    }
}

/// The sets of actions that the levels of a line name, one a word.
fn asked(
    scope: Scope<'_>,
    row: &crate::catalog::Row,
    levels: &ast::Levels,
    findings: &mut Diagnostics,
) -> Option<Vec<Actions>> {
    let mut asked = Vec::new();
    let mut is_whole = true;
    for word in &levels.words {
        let (text, place) = (scope.name(*word), scope.at(*word));
        match row.shape.exact(&[&text]) {
            Ok(actions) if !actions.is_empty() => asked.push(actions),
            result => {
                is_whole = false;
                let actions: Vec<&str> = row.shape.actions().collect();
                let listed: Vec<String> = actions.iter().map(|action| format!("`{action}`")).collect();
                let message = match result {
                    Ok(_) => format!("`{text}` is no action: it says that nothing is held"),
                    Err((_, LevelError::NotOffered)) => format!("row `{}` does not offer `{text}`", row.id),
                    Err(_) => format!("row `{}` has no action `{text}`", row.id),
                };
                let finding = Diagnostic::new(Code::AssertionOfNothing, place, message)
                    .label(format!("its actions are {}", listed.join(", ")))
                    .also(row.place, "the row");
                findings.push(with_near(finding, &text, place, actions));
            }
        }
    }
    is_whole.then_some(asked)
}
