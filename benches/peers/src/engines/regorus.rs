//! regorus in its fastest documented way: compiled to its register machine once, which is kept and given each input.

use std::collections::BTreeMap;
use std::sync::Arc;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};

use crate::asked::Asked;
use crate::policy::Policy;

const ENTRY: &str = "data.rolec.allow";

/// What each person holds, by organization, name and permission: people of the same roles share it.
pub(crate) fn held(policy: &Policy) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let text = "package rolec\nimport rego.v1\ndefault allow := false\n\
        allow if data.held[input.organization][input.principal][input.permission]\n";
    let names = Names::of(policy);
    let organizations = policy.organizations.iter().map(|organization| {
        let mut sets: BTreeMap<&[u32], Value> = BTreeMap::new();
        let people = organization.people.iter().map(|person| {
            let held = sets.entry(&person.roles);
            let held = held.or_insert_with(|| names.set(&Policy::held(organization, &person.roles)));
            (Value::from(&*person.name), held.clone())
        });
        let people = people.collect();
        (Value::from(&*organization.id), object(people))
    });
    ask(text, object([(Value::from("held"), object(organizations.collect()))].into()))
}

/// The roles of each person and the permissions of each role, by organization.
pub(crate) fn roles(policy: &Policy) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let text = "package rolec\nimport rego.v1\ndefault allow := false\nallow if {\n\
        some role in data.people[input.organization][input.principal]\n\
        data.roles[input.organization][role][input.permission]\n}\n";
    let names = Names::of(policy);
    let (mut people, mut roles) = (BTreeMap::new(), BTreeMap::new());
    for organization in &policy.organizations {
        let id = Value::from(&*organization.id);
        let ids: Vec<Value> = organization.roles.iter().map(|role| Value::from(&*role.id)).collect();
        let held =
            organization.roles.iter().zip(&ids).map(|(role, id)| (id.clone(), names.set(&role.permissions)));
        roles.insert(id.clone(), object(held.collect()));
        let assigned = organization.people.iter().map(|person| {
            let roles: Vec<Value> = person.roles.iter().map(|role| ids[*role as usize].clone()).collect();
            (Value::from(&*person.name), Value::from(roles))
        });
        people.insert(id, object(assigned.collect()));
    }
    let data = [(Value::from("people"), object(people)), (Value::from("roles"), object(roles))];
    ask(text, object(data.into()))
}

fn object(entries: BTreeMap<Value, Value>) -> Value {
    Value::from(entries)
}

/// The names of the permissions, each allocated once.
struct Names(Vec<Value>);

impl Names {
    fn of(policy: &Policy) -> Self {
        Self(policy.permissions.iter().map(|permission| Value::from(&*permission.name)).collect())
    }

    /// Permissions as an object of `true`, which is looked up where a set would be searched.
    fn set(&self, held: &[u32]) -> Value {
        object(held.iter().map(|it| (self.0[*it as usize].clone(), Value::from(true))).collect())
    }
}

fn ask(text: &str, data: Value) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let mut engine = Engine::new();
    engine.add_policy("rolec.rego".to_owned(), text.to_owned()).expect("a sound policy");
    let policy = engine.compile_with_entrypoint(&Arc::from(ENTRY)).expect("a sound policy");
    let program = Compiler::compile_from_policy(&policy, &[ENTRY]).expect("a sound policy");
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_data(data).expect("sound data");
    let keys = ["organization", "principal", "permission"].map(Value::from);
    move |asked| {
        let values = [asked.organization, asked.principal, asked.permission].map(Value::from);
        machine.set_input(object(keys.iter().cloned().zip(values).collect()));
        machine.execute().expect("an answer") == Value::Bool(true)
    }
}
