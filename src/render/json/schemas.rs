//! The JSON Schemas of the shapes, in docs/schemas/: what is committed there is what the shapes are. `BLESS=1`
//! writes them anew.
#![expect(clippy::disallowed_methods, reason = "a test that reads and blesses the committed files")]

use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, schema_for};

/// What a shape is, without the example of its documentation: that is Rust, and no matter of a reader of JSON.
fn without_example(schema: &mut Schema) {
    if let Some(serde_json::Value::String(text)) = schema.get_mut("description")
        && let Some((told, _)) = text.split_once("```")
    {
        *text = told.trim_end().to_owned();
    }
}

fn hold<T: JsonSchema>(name: &str) {
    let mut schema = schema_for!(T);
    RecursiveTransform(without_example).transform(&mut schema);
    schema.insert("$id".to_owned(), format!("urn:rolec:schema:{name}:{}", super::VERSION).into());
    let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas").join(format!("{name}.json"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &schema).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == schema,
        "docs/schemas/{name}.json is not the shape any more; BLESS=1 writes it anew"
    );
}

#[test]
fn the_committed_schemas_are_those_of_the_shapes() {
    hold::<super::Findings>("check");
    hold::<super::Formatted>("fmt");
    hold::<super::Failure>("error");
    hold::<super::Answer>("can");
    hold::<super::Line>("eval-in");
    hold::<super::Answered>("eval-out");
    hold::<super::Shown>("show");
    hold::<super::WhoHolds>("who");
    hold::<super::WhoReaches>("who-reachable");
    hold::<super::WhoClimbs>("who-beyond");
    hold::<super::WhatHeld>("what");
    hold::<super::Matrices>("matrix");
    hold::<super::Tests>("test");
    hold::<super::Catalogs>("catalog");
    hold::<super::Compared>("catalog-compare");
    hold::<super::Differs>("diff");
    hold::<super::Planned>("plan");
    hold::<super::Advised>("suggest");
    hold::<super::Covered>("suggest-cover");
    hold::<super::Used>("suggest-log-in");
    hold::<super::LeastRoles>("suggest-log");
    hold::<super::Edits>("edit");
    hold::<super::Exported>("export");
    hold::<super::KeyMade>("key-new");
    hold::<super::KeySigned>("key-sign");
}
