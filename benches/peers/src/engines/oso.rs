//! oso: a rule over people and roles, which Rust hands out.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use oso::{Class, Oso, PolarClass};

use crate::asked::Asked;
use crate::policy::Policy;

const RULE: &str = "allow(person: Person, permission: String, organization: String) if
    role in person.roles(organization) and role.grants(permission);";

/// What a role holds.
#[derive(Clone, PolarClass)]
struct Role(Arc<HashSet<String>>);

/// Somebody's roles, with their organization.
#[derive(Clone, Default, PolarClass)]
struct Person(Arc<Vec<(String, Role)>>);

pub(crate) fn of(policy: &Policy) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let mut roles: HashMap<String, Vec<(String, Role)>> = HashMap::new();
    for organization in &policy.organizations {
        let here: Vec<Role> = organization
            .roles
            .iter()
            .map(|role| {
                let names = role.permissions.iter().map(|it| policy.permissions[*it as usize].name.clone());
                Role(Arc::new(names.collect()))
            })
            .collect();
        for person in &organization.people {
            let roles = roles.entry(person.name.clone()).or_default();
            roles.extend(person.roles.iter().map(|it| (organization.id.clone(), here[*it as usize].clone())));
        }
    }
    let people: HashMap<String, Person> =
        roles.into_iter().map(|(name, roles)| (name, Person(Arc::new(roles)))).collect();
    let mut oso = Oso::new();
    let person = Class::builder::<Person>().name("Person").add_iterator_method(
        "roles",
        |person: &Person, organization: String| {
            let here = person.0.iter().filter(|(of, _)| *of == organization);
            here.map(|(_, role)| role.clone()).collect::<Vec<Role>>()
        },
    );
    oso.register_class(person.build()).expect("a new class");
    let role = Class::builder::<Role>().name("Role");
    let role = role.add_method("grants", |role: &Role, permission: String| role.0.contains(&permission));
    oso.register_class(role.build()).expect("a new class");
    oso.load_str(RULE).expect("a sound rule");
    move |asked| {
        let person = people.get(asked.principal).cloned().unwrap_or_default();
        oso.is_allowed(person, asked.permission, asked.organization).expect("an answer")
    }
}
