//! Default roles of the portal, in the policies that ship.

use std::collections::BTreeSet;

use rolec::eval::{Evaluator, Holder, Query};
use rolec::tools::explain::{How, explain};
use rolec::vocab::{Decision, PrincipalKind, Time};

use super::denied;
use crate::support::law::{compiled, errors};
use crate::support::policies::shipped_files;

/// In the policies that ship: a default role of the portal is never to be changed. The role that is made from it instead
/// is written and assigned, and the answer is an allow.
#[test]
fn a_role_made_from_a_built_in_one_lifts_the_denial() {
    let at = Time::parse("2026-12-01").unwrap();
    let (mut made, mut written) = (0, 0);
    for (name, files) in shipped_files() {
        let Some(table) = compiled(&files).table else { panic!("{name} has errors") };
        for query in denied(&table, &BTreeSet::from([at])) {
            let explained = explain(&table, query).unwrap();
            let flip = explained.flip.unwrap();
            for change in flip.changes {
                let is_built_in = change.role.is_default() && change.role.catalog().id() == "jumpcloud";
                assert_eq!(matches!(change.how, How::Made), is_built_in, "{name} {change:?}");
                let Some(principal) = explained.principal.filter(|_| is_built_in) else { continue };
                made += 1;
                if made % 4 != 1 {
                    continue;
                }
                let (row, organization) = (explained.row, explained.organization);
                let (category, level) = (row.category().id(), row.shape().level(change.level));
                let (id, base) = (organization.id(), change.role.id());
                let service = if principal.kind() == PrincipalKind::Service { "service " } else { "" };
                let text = format!(
                    "use jumpcloud organization {id} {{ role made-of-it from {base} {{ grant {category}.{}: {level} }}\n\
                     assign made-of-it to {service}{:?} }}",
                    row.id(),
                    principal.name(),
                );
                let more = [files.clone(), vec![("more.role".to_owned(), text.clone())]].concat();
                let compilation = compiled(&more);
                // A forbid may stand against it: then nothing is written.
                let errors = errors(&compilation);
                assert!(errors.iter().all(|error| error.starts_with("R0611 ")), "{text}\n{errors:#?}");
                let Some(after) = compilation.table else { continue };
                let Holder::Principal(_) = query.holder else { continue };
                let organization = after.organization(id).unwrap();
                let holder = Holder::Principal(after.principal(organization, principal.name()).unwrap());
                let decision = Evaluator::new(&after).decide_query(Query { holder, ..query });
                assert_eq!(decision, Decision::Allow, "{name}: {text}");
                written += 1;
            }
        }
    }
    eprintln!("{made} roles are to be made, {written} are");
    assert!(made >= 50 && written >= 15, "{made} {written}");
}
