//! `assign` and `unassign`: who is given a role, and from whom it is taken.

use crate::edit::{acme, is};
use crate::run::Folder;

#[test]
fn somebody_must_remain() {
    let folder = acme();
    let one = "unassign admin-with-billing tom@acme.example";
    folder.run(one).arg("--dry-run").ends(0).warns(
        "note: one person alone holds `admin-with-billing` in organization `acme`: two are better\nwould change people.role\n",
    );
    let both = format!("{one} olga@acme.example");
    folder.run(&both).complains(
        1,
        "error: nobody in organization `acme` would hold `admin-with-billing`, without which roles cannot be changed\n",
    );
    folder.run(&format!("{both} --at 2126-01-01")).refuses(
        1,
        "would hold `admin-with-billing` from 2126-01-01 on, without which roles cannot be changed",
    );
    is(&folder, &[], &[]);
    let text = "use jumpcloud\norganization o {\n    role r {}\n    assign r to \"a\", service \"b\"\n}\n";
    let folder = Folder::new().with("a.role", text);
    folder.run("unassign r a").refuses(1, "organization `o` would have no admin");
    folder.run("unassign r b").ends(0);
}

#[test]
fn a_role_is_given() {
    let folder = acme();
    let run = folder.run("assign tier1 kim@acme.example kim@acme.example");
    let done = run
        .ends(0)
        .has("  kim@acme.example\n    + role tier1 ")
        .has("1 person is affected: 1 gains, nobody loses")
        .warns("note: `kim@acme.example` is new in organization `acme`\n");
    assert_eq!(done.stderr.matches("is new").count(), 1, "{done}");
    folder
        .run("assign tier1 kimm@acme.example --dry-run")
        .ends(0)
        .warns("; or did you mean `kim@acme.example`?\n");
    is(&folder, &[], &[("\"raj@acme.example\"", "\"raj@acme.example\", \"kim@acme.example\"")]);
    let folder = acme();
    let run = folder.run(
        "assign tier2 ana@acme.example --from 2026-11-14T20:00:00+02:00 --until 2026-11-16 --because CHG-4",
    );
    run.ends(0).warns("changed people.role\n");
    let line = "    assign tier2 to \"kofi@acme.example\"  // since 2024\n";
    let more = "    assign tier2 to \"ana@acme.example\" from 2026-11-14T18:00:00Z until 2026-11-16 because \"CHG-4\"\n";
    is(&folder, &[], &[(line, &format!("{line}{more}"))]);
    // Of a role that nobody has yet; who is known as a service account is one.
    let folder = acme();
    folder.run("assign manager siem").ends(0).has("service siem");
    let line = "    assign auditor to service \"siem\"\n";
    is(&folder, &[], &[(line, &format!("{line}    assign manager to service \"siem\"\n"))]);
}

/// A reason that was given for one is none for another.
#[test]
fn nobody_comes_under_what_is_allowed_to_another() {
    const TEXT: &str = "use jumpcloud

organization o {
    assign admin-with-billing to \"olga\", \"tom\"

    // allow(super-service-account): break-glass, sealed in the safe
    // Opened twice a year.
    assign admin-with-billing to service \"glass\"
}
";
    let folder = Folder::new().with("a.role", TEXT);
    folder.run("check --deny warnings").ends(0);
    folder.run("assign admin-with-billing backup --service").ends(0).warns("warning[R0828]");
    let line = "    assign admin-with-billing to service \"glass\"\n";
    let both = TEXT.replace(line, &format!("{line}    assign admin-with-billing to service \"backup\"\n"));
    assert_eq!(String::from_utf8(folder.bytes("a.role")).unwrap(), both);
    folder.run("unassign admin-with-billing glass").ends(0);
    folder.run("check --deny warnings").ends(1);
    let rest = both
        .replace(line, "")
        .replace("    // allow(super-service-account): break-glass, sealed in the safe\n", "");
    assert_eq!(String::from_utf8(folder.bytes("a.role")).unwrap(), rest);
    // Nor does a remark come to stand above a statement of another sort.
    let own = "    // Opened twice a year.\n    assign admin-with-billing to service \"glass\"\n";
    let text = "use jumpcloud\n\norganization o {\n    assign admin-with-billing to \"olga\", \"tom\"\n\n";
    folder.put("a.role", format!("{text}{own}    role r {{}}\n}}\n"));
    folder.run("unassign admin-with-billing glass").ends(0);
    let now = String::from_utf8(folder.bytes("a.role")).unwrap();
    assert_eq!(now, format!("{text}    role r {{}}\n}}\n"));
}

#[test]
fn a_role_is_not_given_twice_or_to_nobody_known() {
    let folder = acme();
    folder.run("assign tier1 ana@acme.example").ends(0).stays_mute().warns("nothing to do");
    folder
        .run("assign auditor eve@audit.example --from 2026-11-02 --until 2026-11-03")
        .ends(0)
        .warns("nothing to do");
    folder.run("assign teir1 ana@acme.example").refuses(4, "did you mean `tier1`");
    folder.run("assign tier1 Ana@acme.example").refuses(1, "differs from `ana@acme.example` only by case");
    folder.run("assign tier1 olga@acme.example --service").refuses(1, "is a person in organization `acme`");
    folder
        .run("assign tier1 x@acme.example --from 2027-01-01 --until 2026-01-01")
        .refuses(2, "ends after it begins");
    folder.run("assign tier1 role:tier2").refuses(2, "`role:tier2` is a role");
    folder.run("assign tier1 ana@acme.example --until never").refuses(2, "a time is a date");
    folder.run("assign tier1").ends(2).stays_mute();
    is(&folder, &[], &[]);
    // A forbid that would be broken.
    let forbid = "    forbid \"f\" except admin-with-billing {
        core-administration.billing-management: full
        core-administration.role-management: full
    }
";
    let text = format!("use jumpcloud\norganization o {{\n{forbid}}}\n");
    let folder = Folder::new().with("a.role", &text);
    folder.run("role new r --from admin-with-billing").ends(1).stays_mute().warns("error[R0611]");
    assert_eq!(folder.bytes("a.role"), text.as_bytes());
}

#[test]
fn a_role_is_taken() {
    let folder = acme();
    let done = folder.run("unassign tier1 raj@acme.example").ends(0);
    done.has("  raj@acme.example\n    - role tier1 ").has("1 loses").warns("changed people.role\n");
    is(&folder, &[], &[(", \"raj@acme.example\"", "")]);
    // The last name takes the statement with it; a remark stays as long as it speaks of something.
    let folder = acme();
    folder.run("unassign auditor eve@audit.example").ends(0);
    let audit = "    assign auditor to \"eve@audit.example\" from 2026-11-01 until 2026-12-31 because \"annual audit\"\n";
    is(&folder, &[], &[(audit, "")]);
    folder.run("unassign auditor siem").ends(0);
    let rest = "    // The audit, and the collector.\n";
    is(&folder, &[], &[(audit, ""), (&format!("{rest}    assign auditor to service \"siem\"\n\n"), "")]);
}

#[test]
fn a_role_ends_and_the_others_keep_it() {
    let folder = acme();
    folder.run("unassign tier1 raj@acme.example --at 2027-01-01").ends(0).has("from 2027-01-01");
    let line = "    assign tier1 to \"ana@acme.example\"";
    let ended = "\n    assign tier1 to \"raj@acme.example\" until 2027-01-01";
    is(&folder, &[], &[(&format!("{line}, \"raj@acme.example\""), &format!("{line}{ended}"))]);
    let folder = acme();
    folder.run("unassign tier2 kofi@acme.example --at 2027-01-01").ends(0);
    folder.run("unassign auditor eve@audit.example --at 2026-12-01").ends(0);
    is(
        &folder,
        &[],
        &[
            ("to \"kofi@acme.example\"", "to \"kofi@acme.example\" until 2027-01-01"),
            ("until 2026-12-31", "until 2026-12-01"),
        ],
    );
    // Before it has begun, it never was.
    folder.run("unassign auditor eve@audit.example --at 2026-10-01").ends(0);
    assert!(!String::from_utf8(folder.bytes("people.role")).unwrap().contains("eve@audit.example"));
    folder.run("unassign auditor eve@audit.example").refuses(4, "has no assignment of `eve@audit.example`");
    folder
        .run("unassign tier2 kofi@acme.example --at 2028-01-01")
        .ends(0)
        .stays_mute()
        .warns("nothing to do");
    folder
        .run("unassign tier1 kofi@acme.example")
        .ends(0)
        .stays_mute()
        .warns("is not assigned `tier1`: nothing to do");
}

/// What is said of somebody on a line of theirs goes where they go, and never comes to be said of somebody else.
#[test]
fn a_remark_stays_with_whom_it_is_about() {
    let text = "use jumpcloud\norganization o {\n    role desk { grant device-management: view }\n    \
                assign admin-with-billing to \"x\", \"y\"\n    assign desk to\n        \"ana\", // HR-1\n        \
                \"bob\" // HR-2\n}\n";
    let folder = Folder::new().with("p.role", text);
    let after = |arguments: &str| {
        folder.put("p.role", text);
        folder.run(&format!("{arguments} -p p.role")).ends(0);
        String::from_utf8(folder.bytes("p.role")).unwrap()
    };
    let gone = after("unassign desk bob");
    assert!(gone.contains("\"ana\" // HR-1\n}") && !gone.contains("HR-2"), "{gone}");
    let later = after("unassign desk bob --at 2099-01-01");
    assert!(later.contains("    // HR-2\n    assign desk to \"bob\" until 2099-01-01\n"), "{later}");
    let more = after("assign desk eve");
    assert!(more.contains("\"bob\" // HR-2\n    assign desk to \"eve\"\n"), "{more}");
}
