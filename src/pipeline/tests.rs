//! The number of threads changes nothing of what a compilation gives.

use crate::pipeline::{Compilation, compile, compile_table};
use crate::source::Sources;
use crate::threads::on;

const ACME: [(&str, &str); 5] = [
    ("acme", include_str!("../../policies/acme/acme.role")),
    ("people", include_str!("../../policies/acme/people.role")),
    ("rules", include_str!("../../policies/acme/rules.role")),
    ("tests", include_str!("../../policies/acme/tests.role")),
    ("templates", include_str!("../../policies/acme/templates.role")),
];

/// Many organizations like Acme, some with a mistake in them where there are to be any.
fn many(has_mistakes: bool) -> Sources {
    let mut sources = Sources::new();
    for number in 0..24 {
        for (name, text) in ACME.iter().filter(|(name, _)| number == 0 || *name != "templates") {
            let mut text = text.replace("acme", &format!("acme-{number}"));
            if has_mistakes && number % 5 == 1 {
                text = text
                    .replace("assign tier2", "assign tier-two")
                    .replace("device-management {", "device {");
            }
            sources.add(format!("{name}{number}.role"), text);
        }
    }
    sources
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for has_mistakes in [false, true] {
        assert!(many(has_mistakes).is_large(), "it is not worked on side by side");
        let one = on(1, || compile(many(has_mistakes)));
        assert_eq!(one.findings.has_errors(), has_mistakes);
        assert!(one.findings.len() > 20 && one.table.is_some() != has_mistakes);
        let other = on(3, || compile(many(has_mistakes)));
        let alone = on(2, || compile_table(many(has_mistakes), Vec::new()));
        for compiled in [&other, &alone] {
            assert!(compiled.findings.iter().eq(one.findings.iter()));
            let bytes = |compiled: &Compilation| compiled.table.as_ref().map(|table| table.to_bytes());
            assert_eq!(bytes(compiled), bytes(&one));
        }
        assert!(alone.model.is_none());
    }
}
