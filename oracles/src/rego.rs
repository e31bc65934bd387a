//! regorus, compiled to its register machine once and given each input.

use std::collections::BTreeMap;
use std::sync::Arc;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Regorus, Value};
use rolec::render::export::rego::POLICY;
use rolec::render::json::Exported;

use crate::{Asked, Who};

const ENTRY: &str = "data.rolec.allow";

/// A policy as Rego has it.
pub struct Engine {
    machine: RegoVM,
}

impl Engine {
    /// Reads what was exported.
    ///
    /// # Panics
    /// Where regorus does not take it.
    pub fn new(exported: &Exported) -> Self {
        let mut engine = Regorus::new();
        engine.add_policy("policy.rego".to_owned(), POLICY.to_owned()).expect("a sound policy");
        let policy = engine.compile_with_entrypoint(&Arc::from(ENTRY)).expect("a sound policy");
        let program = Compiler::compile_from_policy(&policy, &[ENTRY]).expect("a sound policy");
        let mut machine = RegoVM::new();
        machine.load_program(program);
        let data = serde_json::to_string(exported).expect("a document");
        machine.set_data(Value::from_json_str(&data).expect("a document")).expect("sound data");
        Self { machine }
    }

    /// Whether Rego allows it.
    ///
    /// # Panics
    /// Where it has no answer.
    pub fn allows(&mut self, asked: &Asked<'_>) -> bool {
        let (kind, name) = match asked.who {
            Who::Principal(name) => ("principal", name),
            Who::Role(name) => ("role", name),
        };
        let texts = [
            ("organization", asked.organization),
            (kind, name),
            ("category", asked.category),
            ("row", asked.row),
        ];
        let texts = texts.into_iter().chain(asked.action.map(|action| ("action", action)));
        let mut input: BTreeMap<Value, Value> =
            texts.map(|(key, value)| (Value::from(key), Value::from(value))).collect();
        input.insert(Value::from("at"), Value::from(asked.at));
        self.machine.set_input(Value::from(input));
        match self.machine.execute().expect("an answer") {
            Value::Bool(is_allowed) => is_allowed,
            other => panic!("no answer: {other:?}"),
        }
    }
}
