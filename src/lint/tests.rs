//! Tests that show nothing new, and organizations without any.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::lint::scene::Scene;
use crate::model::{Assertion, RoleRef, Subject, Test};
use crate::vocab::{Actions, Decision, RowId, Time};

pub(super) fn tell(scene: &Scene<'_>, findings: &mut Diagnostics) {
    let organization = scene.organization;
    let is_empty = organization.roles.is_empty() && organization.principals.is_empty();
    if organization.tests.is_empty() && !is_empty {
        findings.push(
            Diagnostic::new(
                Code::UntestedOrganization,
                organization.place,
                format!("nothing is tested of `{}`", organization.id),
            )
            .help("write what must never change as a `test`: the next edit is then held against it"),
        );
    }
    organization.tests.iter().for_each(|test| repeated(test, findings));
}

/// What a line of a test asserts.
type Asserted<'m> = (Option<RoleRef>, Option<usize>, Decision, RowId, &'m [Actions], bool, Option<Time>);

fn asserted(line: &Assertion) -> Asserted<'_> {
    let (role, principal) = match line.subject {
        Subject::Role(role) => (Some(role), None),
        Subject::Principal(index) => (None, Some(index)),
    };
    (role, principal, line.verdict, line.row, &line.asked, line.is_bare, line.at)
}

/// Lines that a test says twice. That another test says them too may be meant: each is read by itself.
fn repeated(test: &Test, findings: &mut Diagnostics) {
    let mut first: HashMap<Asserted<'_>, &Assertion> = HashMap::new();
    for line in &test.assertions {
        match first.get(&asserted(line)) {
            Some(known) => findings.push(
                Diagnostic::new(Code::RepeatedAssertion, line.place, "this test asserts the same twice")
                    .also(known.place, "first here")
                    .help("remove it, if it was not to be about another row, moment or person")
                    .fix(Fix::safe("remove it", line.cut, "")),
            ),
            None => drop(first.insert(asserted(line), line)),
        }
    }
}
