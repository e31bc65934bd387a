//! Tests that show nothing new, and organizations without any.

use foldhash::{HashMap, HashMapExt as _};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::lint::scene::Scene;
use crate::model::{Assertion, Test};

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

/// Lines that a test says twice in the same words. In others, such as one moment on two clocks, the second may be meant;
/// and so may that another test says it too: each is read by itself.
fn repeated(test: &Test, findings: &mut Diagnostics) {
    let mut first: HashMap<&str, &Assertion> = HashMap::new();
    for line in &test.assertions {
        match first.get(&*line.text) {
            Some(known) => {
                let finding =
                    Diagnostic::new(Code::RepeatedAssertion, line.place, "this test asserts the same twice")
                        .also(known.place, "first here")
                        .help("remove it, if it was not to be about another row, moment or person");
                findings.push(match line.cut {
                    Some(cut) => finding.fix(Fix::safe("remove it", cut, "")),
                    None => finding,
                });
            }
            None => drop(first.insert(&line.text, line)),
        }
    }
}
