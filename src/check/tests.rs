//! Tests: who and what their lines are about. They are run on the table (`tools::testing`), not here.

mod cases;
mod subjects;

use std::cell::OnceCell;

use foldhash::HashMap;

use crate::check::grants::levels::{repeated, said};
use crate::check::names::{offer, title};
use crate::check::organizations::{Opened, Openings};
use crate::check::rows::Scene;
use crate::check::titles::{self, Titled};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, NearNames, nearest};
use crate::model::{Assertion, Claim, Organization, RoleRef, Roles, Shared, Subject, Test};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast, spelled_level};
use crate::vocab::{Actions, Course, LevelError, OrganizationKind, RowId};

pub(super) fn check(
    openings: &Openings<'_>,
    organization: &Organization,
    shared: &Shared,
    scene: &Scene<'_>,
    findings: &mut Diagnostics,
) -> Vec<Test> {
    if openings.list.iter().all(|opened| opened.tree.tests.is_empty()) {
        return Vec::new();
    }
    let roles = Roles { templates: &shared.templates, own: &organization.roles };
    let mut courses = Courses::default();
    let (mut tests, mut titles) = (Vec::new(), Vec::new());
    let names = organization.principals.iter().enumerate();
    let principals: HashMap<&str, usize> = names.map(|(index, known)| (&*known.name, index)).collect();
    let near = OnceCell::new();
    for opened in &openings.list {
        let asker = Asker { opened, organization, scene, roles, principals: &principals, near: &near };
        for member in &opened.tree.tests {
            let scope = Scope::new(opened.input.source, opened.input.id, member);
            titles.push(Titled::by_title(&scope, "test", member.node.title));
            tests.push(asker.test(member, &mut courses, findings));
        }
    }
    titles::check(&titles, 0, findings);
    tests
}

/// The tests of one opening of an organization.
struct Asker<'c, 's> {
    opened: &'c Opened<'s>,
    organization: &'c Organization,
    scene: &'c Scene<'c>,
    roles: Roles<'c>,
    /// The organization's principals by name.
    principals: &'c HashMap<&'c str, usize>,
    /// Their names as they are searched for near ones: made at the first miss.
    near: &'c OnceCell<NearNames>,
}

/// What principals hold of rows over time, each worked out once.
type Courses = HashMap<(usize, RowId), Course>;

impl Asker<'_, '_> {
    fn test(
        &self,
        member: &ast::Member<ast::Test>,
        courses: &mut Courses,
        findings: &mut Diagnostics,
    ) -> Test {
        let scope = Scope::new(self.opened.input.source, self.opened.input.id, member);
        let node = &member.node;
        let place = node.title.map_or(scope.place(Span::new(0, 0)), |title| scope.at(title));
        if node.assertions.is_empty() && node.cases.is_empty() && !node.is_damaged {
            findings.push(
                Diagnostic::new(Code::EmptyTest, place, "this test asserts nothing")
                    .help("write lines like `ROLE can CATEGORY.ROW: LEVEL`"),
            );
        }
        let lines = node.assertions.iter();
        let mut assertions: Vec<Assertion> =
            lines.filter_map(|line| self.assertion(scope, line, courses, findings)).collect();
        if !node.cases.is_empty() {
            node.cases.iter().for_each(|cases| self.cases(scope, cases, &mut assertions, findings));
            assertions.sort_by_key(|assertion| assertion.place);
        }
        let title = title(scope, node.title, "test", findings).unwrap_or_default();
        Test { title, assertions, place }
    }

    fn assertion(
        &self,
        scope: Scope<'_>,
        line: &ast::Assertion,
        courses: &mut Courses,
        findings: &mut Diagnostics,
    ) -> Option<Assertion> {
        let place = scope.place(line.span);
        let claim = self.claim(scope, line, findings);
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
        let text = on_one_line(scope.text(line.span));
        // A set of holders is one of those who hold all that is listed.
        let asked =
            if line.is_only { vec![asked.into_iter().fold(Actions::NONE, |a, b| a | b)] } else { asked };
        let words = line.levels.iter().flat_map(|levels| &levels.words);
        let is_whole = is_bare || words.into_iter().any(|word| scope.name(*word) == "full");
        let cut = Some(scope.without(line.span));
        let words = line.levels.as_ref().map(|levels| said(scope, levels)).unwrap_or_default();
        let claim = claim?;
        let assertion = Assertion { text, claim, row, asked, words, is_bare, is_whole, at, place, cut };
        if let Claim::Cannot(subject) = assertion.claim
            && is_bare
        {
            self.partly_held(scope, line, (subject, &assertion), data, courses, findings);
        }
        Some(assertion)
    }

    /// A `cannot` without a level passes for who holds a part of the row: likely not what was meant.
    fn partly_held(
        &self,
        scope: Scope<'_>,
        line: &ast::Assertion,
        (subject, assertion): (Subject, &Assertion),
        row: &crate::catalog::Row,
        courses: &mut Courses,
        findings: &mut Diagnostics,
    ) {
        if row.only_managed && self.organization.kind == OrganizationKind::Direct {
            return;
        }
        let is_part = |held: &Actions| !held.is_empty() && !held.contains(row.shape.top());
        let held = match subject {
            Subject::Role(id) => Some(self.held(id, row)),
            Subject::Principal(index) => {
                let course = courses.entry((index, assertion.row)).or_insert_with(|| self.course(index, row));
                match assertion.at {
                    Some(at) => Some(course.at(at)),
                    None => course.steps().map(|step| step.held).find(is_part),
                }
            }
        };
        let Some(held) = held.filter(is_part) else { return };
        let level = spelled_level(&row.shape, held);
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

    fn course(&self, principal: usize, row: &crate::catalog::Row) -> Course {
        let principal = self.organization.principals.get(principal).into_iter();
        let assignments = principal.flat_map(|principal| &principal.assignments);
        Course::new(assignments.map(|one| (one.from(), one.until(), self.held(one.role, row))))
    }

    fn held(&self, role: RoleRef, row: &crate::catalog::Row) -> Actions {
        self.roles.get(role).map_or(Actions::NONE, |role| role.cells.get(row))
    }
}

/// A text with one space where it has white space.
fn on_one_line(text: &str) -> Box<str> {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.into()
}

/// The sets of actions that the levels of a line name, one a word.
fn asked(
    scope: Scope<'_>,
    row: &crate::catalog::Row,
    levels: &ast::Levels,
    findings: &mut Diagnostics,
) -> Option<Vec<Actions>> {
    repeated(scope, levels, findings);
    let mut asked = Vec::new();
    let mut is_whole = true;
    for word in &levels.words {
        let (text, place) = (scope.name(*word), scope.at(*word));
        match row.shape.exact(&[&text]) {
            Ok(actions) if !actions.is_empty() => asked.push(actions),
            result => {
                is_whole = false;
                if scope.is_garbled(*word) {
                    continue;
                }
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
                findings.push(offer(finding, place, &nearest(&text, actions)));
            }
        }
    }
    is_whole.then_some(asked)
}

#[cfg(test)]
mod of_lines {
    use super::on_one_line;

    #[test]
    fn white_space_is_one_space() {
        assert_eq!(&*on_one_line(" a  can\n\tb.c:\r\n  view "), "a can b.c: view");
        assert_eq!(&*on_one_line(" \n"), "");
    }
}
