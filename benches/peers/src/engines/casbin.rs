//! casbin: RBAC with domains.

use casbin::{CoreApi as _, DefaultModel, Enforcer, MemoryAdapter, MgmtApi as _};

use crate::asked::Asked;
use crate::policy::Policy;

/// The matcher of the model in its documentation.
pub(crate) const AS_DOCUMENTED: &str =
    "g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act";
/// The same with what costs most at the end.
pub(crate) const CHEAP_FIRST: &str =
    "r.obj == p.obj && r.act == p.act && r.dom == p.dom && g(r.sub, p.sub, r.dom)";

pub(crate) fn of(policy: &Policy, matcher: &str) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let model = format!(
        "[request_definition]\nr = sub, dom, obj, act\n[policy_definition]\np = sub, dom, obj, act\n\
         [role_definition]\ng = _, _, _\n[policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = {matcher}\n"
    );
    let (mut grants, mut assignments) = (Vec::new(), Vec::new());
    for organization in &policy.organizations {
        for role in &organization.roles {
            for permission in &role.permissions {
                let permission = &policy.permissions[*permission as usize];
                let line = [&role.id, &organization.id, &permission.object, &permission.action];
                grants.push(line.map(String::clone).to_vec());
            }
        }
        for person in &organization.people {
            for role in &person.roles {
                let line = [&person.name, &organization.roles[*role as usize].id, &organization.id];
                assignments.push(line.map(String::clone).to_vec());
            }
        }
    }
    let enforcer = pollster::block_on(async {
        let model = DefaultModel::from_str(&model).await.expect("a sound model");
        let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await.expect("an enforcer");
        assert!(enforcer.add_policies(grants).await.expect("grants"), "no grant stands there twice");
        assert!(enforcer.add_grouping_policies(assignments).await.expect("assignments"), "nor an assignment");
        enforcer
    });
    move |asked| {
        let request = (asked.principal, asked.organization, asked.object(), asked.action);
        enforcer.enforce(request).expect("an answer")
    }
}
