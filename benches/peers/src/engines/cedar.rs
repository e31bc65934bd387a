//! cedar-policy in five encodings. Its type names are parsed once and each request is made from the names of a question,
//! without a schema, which would only check it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::str::FromStr as _;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId,
    PolicySet, Request, RestrictedExpression, SlotId, Template,
};

use crate::asked::Asked;
use crate::policy::{Organization, Policy, Role};

/// A type of entities.
struct Type(EntityTypeName);

impl Type {
    fn new(name: &str) -> Self {
        Self(EntityTypeName::from_str(name).expect("a name"))
    }

    fn id(&self, id: impl AsRef<str>) -> EntityUid {
        EntityUid::from_type_name_and_id(self.0.clone(), EntityId::new(id))
    }
}

struct Types {
    person: Type,
    role: Type,
    action: Type,
    organization: Type,
    cell: Type,
    profile: Type,
}

impl Types {
    fn new() -> Self {
        Self {
            person: Type::new("Person"),
            role: Type::new("Role"),
            action: Type::new("Action"),
            organization: Type::new("Organization"),
            cell: Type::new("Cell"),
            profile: Type::new("Profile"),
        }
    }

    /// A role's id is its organization's and its own.
    fn role(&self, organization: &Organization, role: &Role) -> EntityUid {
        self.role.id(format!("{}/{}", organization.id, role.id))
    }

    /// Everybody, each in the roles in force.
    fn people(&self, policy: &Policy) -> Vec<Entity> {
        let mut people = Vec::new();
        for organization in &policy.organizations {
            for person in &organization.people {
                let roles =
                    person.roles.iter().map(|it| self.role(organization, &organization.roles[*it as usize]));
                people.push(Entity::new_no_attrs(self.person.id(&person.name), roles.collect()));
            }
        }
        people
    }

    fn actions<'p>(&self, policy: &'p Policy, held: &'p [u32]) -> impl Iterator<Item = EntityUid> {
        held.iter().map(|it| self.action.id(&policy.permissions[*it as usize].name))
    }
}

fn set(uids: impl Iterator<Item = EntityUid>) -> RestrictedExpression {
    RestrictedExpression::new_set(uids.map(RestrictedExpression::new_entity_uid))
}

fn listed(uids: impl Iterator<Item = EntityUid>) -> String {
    uids.map(|uid| uid.to_string()).collect::<Vec<_>>().join(", ")
}

fn ask(
    policies: PolicySet,
    entities: Vec<Entity>,
    types: Types,
    resource: impl Fn(&Types, &Asked<'_>) -> EntityUid,
) -> impl FnMut(&Asked<'_>) -> bool {
    let entities = Entities::from_entities(entities, None).expect("sound entities");
    let authorizer = Authorizer::new();
    move |asked| {
        let principal = types.person.id(asked.principal);
        let action = types.action.id(asked.permission);
        let resource = resource(&types, asked);
        let request = Request::new(principal, action, resource, Context::empty(), None).expect("a request");
        authorizer.is_authorized(&request, &policies, &entities).decision() == Decision::Allow
    }
}

fn organization(types: &Types, asked: &Asked<'_>) -> EntityUid {
    types.organization.id(asked.organization)
}

/// A permit for each role, with the actions that it holds.
pub(crate) fn permits(policy: &Policy) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let types = Types::new();
    let mut text = String::new();
    for organization in &policy.organizations {
        let resource = types.organization.id(&organization.id);
        for role in organization.roles.iter().filter(|role| !role.permissions.is_empty()) {
            let actions = listed(types.actions(policy, &role.permissions));
            let role = types.role(organization, role);
            text += &format!("permit(principal in {role}, action in [{actions}], resource == {resource});\n");
        }
    }
    let policies = PolicySet::from_str(&text).expect("sound policies");
    let people = types.people(policy);
    ask(policies, people, types, organization)
}

/// A template for each role, linked with a person and the organization for each assignment.
pub(crate) fn links(policy: &Policy) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let types = Types::new();
    let mut policies = PolicySet::new();
    for organization in &policy.organizations {
        let templates: Vec<PolicyId> = organization
            .roles
            .iter()
            .map(|role| {
                let id = PolicyId::new(format!("{}/{}", organization.id, role.id));
                let actions = listed(types.actions(policy, &role.permissions));
                let text =
                    format!("permit(principal == ?principal, action in [{actions}], resource == ?resource);");
                let template = Template::parse(Some(id.clone()), text).expect("a sound template");
                policies.add_template(template).expect("a new template");
                id
            })
            .collect();
        for person in &organization.people {
            for role in &person.roles {
                let template = templates[*role as usize].clone();
                let link = PolicyId::new(format!("{template} {}", person.name));
                let values = HashMap::from([
                    (SlotId::principal(), types.person.id(&person.name)),
                    (SlotId::resource(), types.organization.id(&organization.id)),
                ]);
                policies.link(template, link, values).expect("a new link");
            }
        }
    }
    ask(policies, Vec::new(), types, organization)
}

/// An organization's permission.
fn cell(types: &Types, asked: &Asked<'_>) -> EntityUid {
    let mut id = String::with_capacity(asked.organization.len() + 1 + asked.permission.len());
    id.push_str(asked.organization);
    id.push('/');
    id.push_str(asked.permission);
    types.cell.id(id)
}

/// The cells of a policy, each with the roles that hold it.
fn cells_of(policy: &Policy, types: &Types, mut each: impl FnMut(EntityUid, Vec<EntityUid>)) {
    for organization in &policy.organizations {
        for (number, permission) in policy.permissions.iter().enumerate() {
            let holds = |role: &&Role| role.permissions.binary_search(&(number as u32)).is_ok();
            let roles = organization.roles.iter().filter(holds).map(|role| types.role(organization, role));
            each(types.cell.id(format!("{}/{}", organization.id, permission.name)), roles.collect());
        }
    }
}

/// One policy; the resource is an organization's permission and knows the roles that hold it, in which people are.
pub(crate) fn cells(policy: &Policy) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let types = Types::new();
    let rule =
        "permit(principal, action, resource) when { resource has roles && principal in resource.roles };";
    let mut entities = types.people(policy);
    cells_of(policy, &types, |cell, roles| {
        let attributes = HashMap::from([("roles".to_owned(), set(roles.into_iter()))]);
        entities.push(Entity::new(cell, attributes, HashSet::new()).expect("a sound entity"));
    });
    ask(PolicySet::from_str(rule).expect("a sound policy"), entities, types, cell)
}

/// One policy; the resource is an organization's permission and is in the roles that hold it, which people know.
pub(crate) fn grants(policy: &Policy) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let types = Types::new();
    let rule =
        "permit(principal, action, resource) when { principal has roles && resource in principal.roles };";
    let mut entities = Vec::new();
    for organization in &policy.organizations {
        for person in &organization.people {
            let roles =
                person.roles.iter().map(|it| types.role(organization, &organization.roles[*it as usize]));
            let attributes = HashMap::from([("roles".to_owned(), set(roles))]);
            let entity = Entity::new(types.person.id(&person.name), attributes, HashSet::new());
            entities.push(entity.expect("a sound entity"));
        }
    }
    cells_of(policy, &types, |cell, roles| {
        entities.push(Entity::new_no_attrs(cell, roles.into_iter().collect()));
    });
    ask(PolicySet::from_str(rule).expect("a sound policy"), entities, types, cell)
}

/// One policy; a person has a profile in an organization, which is shared by those of the same roles and has the set of
/// their actions.
pub(crate) fn sets(policy: &Policy) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let types = Types::new();
    let policies = "permit(principal, action, resource) when {
        principal has profile && principal.profile.organization == resource && principal.profile.held.contains(action)
    };";
    let mut entities = Vec::new();
    for organization in &policy.organizations {
        let mut profiles: BTreeMap<&[u32], EntityUid> = BTreeMap::new();
        for person in &organization.people {
            let number = profiles.len();
            let profile = profiles.entry(&person.roles).or_insert_with(|| {
                let profile = types.profile.id(format!("{}/{number}", organization.id));
                let here = RestrictedExpression::new_entity_uid(types.organization.id(&organization.id));
                let held = Policy::held(organization, &person.roles);
                let held = set(types.actions(policy, &held));
                let attributes =
                    HashMap::from([("organization".to_owned(), here), ("held".to_owned(), held)]);
                let entity = Entity::new(profile.clone(), attributes, HashSet::new());
                entities.push(entity.expect("a sound entity"));
                profile
            });
            let profile = RestrictedExpression::new_entity_uid(profile.clone());
            let attributes = HashMap::from([("profile".to_owned(), profile)]);
            let entity = Entity::new(types.person.id(&person.name), attributes, HashSet::new());
            entities.push(entity.expect("a sound entity"));
        }
    }
    let policies = PolicySet::from_str(policies).expect("a sound policy");
    ask(policies, entities, types, organization)
}
