//! cedar-policy, with the schema given to policies, entities and requests alike: without it, groups of actions are lost
//! and all is silently denied.

use std::str::FromStr as _;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request, Schema,
    ValidationMode, Validator,
};
use rolec::render::export::cedar::Cedar;

/// A policy as Cedar has it.
pub struct Engine {
    authorizer: Authorizer,
    schema: Schema,
    policies: PolicySet,
    entities: Entities,
}

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(EntityTypeName::from_str(kind).expect("a type"), EntityId::new(id))
}

impl Engine {
    /// Reads what was exported, and has Cedar validate it.
    ///
    /// # Panics
    /// Where Cedar does not take it.
    pub fn new(exported: &Cedar) -> Self {
        let (schema, warnings) = Schema::from_cedarschema_str(&exported.schema)
            .unwrap_or_else(|error| panic!("{error}\n{}", exported.schema));
        let warnings: Vec<_> = warnings.collect();
        assert!(warnings.is_empty(), "{warnings:?}");
        let policies = PolicySet::from_str(&exported.policies)
            .unwrap_or_else(|error| panic!("{error}\n{}", exported.policies));
        let validation = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        assert!(validation.validation_passed(), "{validation}\n{}\n{}", exported.schema, exported.policies);
        let entities = String::from_utf8(exported.entities.clone()).expect("a text");
        let entities = Entities::from_json_str(&entities, Some(&schema))
            .unwrap_or_else(|error| panic!("{error:?}\n{entities}"));
        Self { authorizer: Authorizer::new(), schema, policies, entities }
    }

    /// Whether Cedar allows an action; `None` where it does not know the action, the principal or the organization.
    ///
    /// # Panics
    /// Where a policy errs, which none may.
    pub fn allows(&self, principal: (&str, &str), action: &str, organization: &str) -> Option<bool> {
        let [principal, action, resource] =
            [uid(principal.0, principal.1), uid("Action", action), uid("Organization", organization)];
        let request = Request::new(principal, action, resource, Context::empty(), Some(&self.schema)).ok()?;
        let response = self.authorizer.is_authorized(&request, &self.policies, &self.entities);
        assert_eq!(response.diagnostics().errors().count(), 0, "no policy errs");
        Some(response.decision() == Decision::Allow)
    }
}
