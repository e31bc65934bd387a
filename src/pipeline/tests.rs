//! The number of threads changes nothing of what a compilation gives.

use crate::diagnostic::{Code, Codes, Diagnostic, Severity};
use crate::pipeline::{Compilation, Wanted, compile, compile_for, compile_table};
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
        assert!(other.findings.iter().eq(one.findings.iter()));
        let grave = |compiled: &Compilation| {
            let findings = compiled.findings.iter().filter(|finding| finding.severity() != Severity::Note);
            findings.cloned().collect::<Vec<_>>()
        };
        assert_eq!(grave(&alone), grave(&one));
        for compiled in [&other, &alone] {
            let bytes = |compiled: &Compilation| compiled.table.as_ref().map(|table| table.to_bytes());
            assert_eq!(bytes(compiled), bytes(&one));
        }
        assert!(alone.model.is_none());
    }
}

/// Whoever wants less is told of what they want just as if all were there, remarks that allow something among it.
#[test]
fn what_is_not_wanted_changes_nothing_else() {
    let allowing = "use jumpcloud
        organization o {
            role idle { grant monitoring-analytics: view }  // allow(unassigned-role): kept for the audit
            role other { grant user-management: view }  // allow(unassigned-role, flags-under-spread): both
            role next { grant monitoring-analytics: view }  // allow(equal-roles): the wrong one
            assign read-only to \"ana\"
        }";
    let mut of_remarks = many(false);
    of_remarks.add("allowing.role", allowing);
    let mut fewer = 0;
    for sources in [many(false), many(true), of_remarks] {
        let all = compile(sources.clone());
        for left_out in [
            (|code| code.severity() != Severity::Error) as fn(Code) -> bool,
            Code::is_pedantic,
            |code| code.severity() == Severity::Warning,
            |code| code == Code::OverriddenSpread,
        ] {
            let wanted = Wanted { has_model: false, left_out: Codes::of(left_out), ..Wanted::all() };
            let less = compile_for(sources.clone(), Vec::new(), wanted);
            let is_told = |finding: &&Diagnostic| !left_out(finding.code);
            let [found, wanted] =
                [&less, &all].map(|compiled| compiled.findings.iter().filter(is_told).collect::<Vec<_>>());
            assert_eq!(found, wanted);
            assert!(less.model.is_none());
            fewer += all.findings.len() - less.findings.len();
            assert_eq!(less.table, all.table);
        }
        let none = compile_for(sources, Vec::new(), Wanted { has_table: false, ..Wanted::all() });
        assert!(none.table.is_none() && none.findings.iter().eq(all.findings.iter()));
        assert_eq!(none.model.is_some(), all.model.is_some());
    }
    assert!(fewer > 100, "{fewer} only");
}
