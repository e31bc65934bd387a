//! The JSON Schemas of the shapes, in docs/schemas/: what is committed there is what the shapes are. `BLESS=1`
//! writes them anew.
#![expect(clippy::disallowed_methods, reason = "a test that reads and blesses the committed files")]

use schemars::{JsonSchema, schema_for};

fn hold<T: JsonSchema>(name: &str) {
    let schema = serde_json::to_string_pretty(&schema_for!(T)).unwrap() + "\n";
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
    hold::<super::Failure>("error");
    hold::<super::Answer>("can");
    hold::<super::Line>("eval-in");
    hold::<super::Answered>("eval-out");
    hold::<super::Shown>("show");
    hold::<super::WhoHolds>("who");
    hold::<super::WhatHeld>("what");
    hold::<super::Tests>("test");
    hold::<super::Catalogs>("catalog");
    hold::<super::Compared>("catalog-compare");
}
