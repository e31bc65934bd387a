//! `role`, and what all verbs have in common that edit: what they write, what they say of it, and what they refuse without
//! writing anything.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::run::{BROKEN, Folder, Run, policies};

pub(crate) const ROLES: &str = "use jumpcloud

organization acme \"Acme\" {
    // First line.
    /// Phones and chat.
    role tier1 \"Tier 1\" from help-desk {
        // Nobody is deleted.
        grant user-management.user-management: view, update  // not create
    }

    role tier2 from tier1 {}

    // Once a year.
    role auditor { grant all: view }
}
";

pub(crate) const PEOPLE: &str = "use jumpcloud

organization acme {
    // Two, so that one can be on leave.
    assign admin-with-billing to \"olga@acme.example\", \"tom@acme.example\"

    // Support.
    assign tier1 to \"ana@acme.example\", \"raj@acme.example\"
    assign tier2 to \"kofi@acme.example\"  // since 2024

    // The audit, and the collector.
    assign auditor to \"eve@audit.example\" from 2026-11-01 until 2026-12-31 because \"annual audit\"
    assign auditor to service \"siem\"

    test \"an auditor changes nothing\" {
        auditor cannot user-management.user-management: delete
        tier1 cannot user-management.user-management: delete
    }
}
";

pub(crate) fn acme() -> Folder {
    Folder::new().with("roles.role", ROLES).with("people.role", PEOPLE)
}

/// The files, with one text instead of another in each.
#[track_caller]
pub(crate) fn is(folder: &Folder, roles: &[(&str, &str)], people: &[(&str, &str)]) {
    for (name, text, changes) in [("roles.role", ROLES, roles), ("people.role", PEOPLE, people)] {
        let mut wanted = text.to_owned();
        for (old, new) in changes {
            assert!(wanted.contains(old), "{old}");
            wanted = wanted.replace(old, new);
        }
        assert_eq!(String::from_utf8(folder.bytes(name)).unwrap(), wanted, "{name}");
    }
    // What was formatted is.
    folder.run("fmt --check").ends(0);
}

#[test]
fn a_new_role_stands_below_the_last() {
    let folder = acme();
    let run = folder.run("role new desk --from help-desk --title Desk --description").arg("Night \"shift\".");
    let done =
        run.ends(0).has("+ role desk \"Desk\"").has("nobody is affected").warns("changed roles.role\n");
    assert!(!done.stderr.contains("people.role"), "{done}");
    let role = "\n\n    role desk \"Desk\" from help-desk {\n        description \"Night \\\"shift\\\".\"\n    }\n}\n";
    let last = "    role auditor { grant all: view }";
    is(&folder, &[(&format!("{last}\n}}\n"), &format!("{last}{role}"))], &[]);
    // The first one of an organization.
    let folder = Folder::new().with("a.role", "use jumpcloud\norganization o {}\n");
    folder.run("role new").arg("Night Desk").ends(0);
    assert_eq!(folder.bytes("a.role"), b"use jumpcloud\norganization o {\n    role \"Night Desk\" {}\n}\n");
}

#[test]
fn a_new_role_is_refused_where_it_cannot_be() {
    let folder = acme();
    folder.run("role new tier1").complains(
        1,
        "error: organization `acme` has a role `tier1` already\n  roles.role:6:10: role `tier1`\n",
    );
    folder.run("role new manager").refuses(1, "there is a template `manager`: no role takes its name");
    folder.run("role new desk --from help-dsk").refuses(4, "did you mean `help-desk`?");
    folder
        .run("role new desk --org acne")
        .refuses(4, "there is no organization `acne`; did you mean `acme`?");
    folder.run("role new").arg("").ends(1).stays_mute().warns("error[R0010]");
    // What differs by case only is for the catalog to say.
    folder.run("role new Tier1").ends(1).stays_mute().warns("error[R0206]");
    is(&folder, &[], &[]);
}

#[test]
fn the_limit_of_custom_roles_holds() {
    let roles: String = (1..=20).map(|number| format!("    role r{number} {{}}\n")).collect();
    let text = format!("use jumpcloud\norganization o {{\n{roles}}}\n");
    let folder = Folder::new().with("a.role", &text);
    for verb in ["role new more", "role copy r1 more"] {
        folder.run(verb).ends(1).stays_mute().warns("error[R0503]").warns("nothing was changed");
    }
    assert_eq!(folder.bytes("a.role"), text.as_bytes());
}

#[test]
fn a_copy_keeps_every_word_but_the_name() {
    let folder = acme();
    folder.run("role copy tier1 night").ends(0).has("+ role night");
    let role = ROLES.split("    // First line.\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let copy = role.replace("role tier1 \"Tier 1\"", "role night");
    is(&folder, &[(role, &format!("{role}\n\n{copy}"))], &[]);
    // Of a template, a role that starts from it.
    let folder = acme();
    folder.run("role copy help-desk desk --title").arg("Service Desk").ends(0);
    let last = "    role auditor { grant all: view }\n";
    is(&folder, &[(last, &format!("{last}\n    role desk \"Service Desk\" from help-desk {{}}\n"))], &[]);
}

#[test]
fn a_role_has_another_name_everywhere() {
    let folder = acme();
    let done = folder.run("role rename tier1").arg("First Line").arg("--title").arg("First").ends(0);
    done.has("renamed to \"First Line\"")
        .has("nobody is affected")
        .warns("changed people.role\nchanged roles.role\n");
    is(
        &folder,
        &[("role tier1 \"Tier 1\"", "role \"First Line\" \"First\""), ("from tier1", "from \"First Line\"")],
        &[
            ("assign tier1", "assign \"First Line\""),
            ("        tier1 cannot", "        role \"First Line\" cannot"),
        ],
    );
    let folder = acme();
    folder.run("role rename tier1 tier2").refuses(1, "there is a role `tier2` already");
    folder.run("role rename help-desk desk").refuses(1, "`help-desk` comes with a built-in catalog");
    folder.run("role rename teir1 desk").refuses(4, "did you mean `tier1`");
    folder.run("role rename auditor auditor").ends(0).stays_mute().warns("note: `auditor` has that name\n");
    is(&folder, &[], &[]);
    // Comments are for people, and theirs.
    folder.put("people.role", PEOPLE.replace("// Support.", "// Support: tier1 first."));
    folder
        .run("role rename tier1 desk")
        .ends(0)
        .warns("note: comments still say `tier1`, and are yours to change: people.role:7\n");
}

#[test]
fn a_role_that_nobody_holds_goes_with_its_comments() {
    let folder = acme();
    folder.run("role new spare").ends(0);
    folder.run("role remove spare").ends(0).has("- role spare").has("nobody is affected");
    is(&folder, &[], &[]);
    // With what is said of it above and beside it, and with one empty line.
    folder.put("people.role", PEOPLE.replace("assign tier2", "assign tier1"));
    folder.run("role remove tier2").ends(0);
    let roles = String::from_utf8(folder.bytes("roles.role")).unwrap();
    assert_eq!(roles, ROLES.replace("    role tier2 from tier1 {}\n\n", ""));
    // A template is nobody's to remove.
    let refused = folder.run("role remove help-desk").refuses(1, "only roles of an organization are removed");
    refused.warns("  builtin:jumpcloud/default-roles.role:").warns(": template `help-desk`\n");
}

#[test]
fn a_role_that_somebody_holds_needs_a_successor() {
    let folder = acme();
    folder.run("role remove auditor").complains(
        1,
        "error: `auditor` is assigned in organization `acme`: its holders need another role, the nearest are \
         `read-only` (the same permissions), `tier1` (11 more permissions), `tier2` (11 more permissions); say which \
         with `--replace-with ROLE`
  people.role:12:23: assigned to `eve@audit.example`, from 2026-11-01, until 2026-12-31
  people.role:13:31: assigned to `siem`
",
    );
    let refused = folder.run("role remove auditor --replace-with auditor");
    refused.refuses(1, "`auditor` cannot be replaced with itself");
    folder.run("role remove auditor --replace-with read-onyl").refuses(4, "did you mean `read-only`?");
    folder.run("role remove tier1 --replace-with tier2").complains(
        1,
        "error: `tier1` is what other roles start from: give them another base first\n  roles.role:11:21: a base of `tier2`\n",
    );
    folder.run("role remove auditor --replace-with read-only").complains(
        1,
        "error: `auditor` is still spoken of; with `--with-mentions` that goes too
  people.role:16:9: `auditor cannot user-management.user-management: delete`
",
    );
    is(&folder, &[], &[]);
    let done = folder.run("role remove auditor --replace-with read-only --with-mentions").ends(0);
    // The service account too.
    done.has("service siem").has("eve@audit.example").has("2 people are affected");
    is(
        &folder,
        &[("\n    // Once a year.\n    role auditor { grant all: view }\n", "")],
        &[
            ("assign auditor", "assign read-only"),
            ("        auditor cannot user-management.user-management: delete\n", ""),
        ],
    );
}

#[test]
fn who_has_the_successor_already_keeps_the_one() {
    let people = PEOPLE.replace(
        "to \"kofi@acme.example\"  // since",
        "to \"ana@acme.example\", \"kofi@acme.example\"  // since",
    );
    let folder = acme();
    folder.put(
        "people.role",
        people.replace("        tier1 cannot user-management.user-management: delete\n", ""),
    );
    folder.put("roles.role", ROLES.replace("tier2 from tier1", "tier2 from help-desk"));
    folder
        .run("role remove tier2 --replace-with tier1")
        .ends(0)
        .warns("note: `ana@acme.example` has `tier1` for all of that time already\n");
    let now = String::from_utf8(folder.bytes("people.role")).unwrap();
    assert!(now.contains("    assign tier1 to \"kofi@acme.example\"  // since 2024\n"), "{now}");
    folder.run("check").ends(0);
}

#[test]
fn an_exception_goes_with_its_role() {
    let forbid = "    forbid \"f\" except admin-with-billing, auditor {
        core-administration.billing-management: full
    }
";
    let folder = acme();
    let people = PEOPLE.replace("        auditor cannot user-management.user-management: delete\n", "");
    folder.put("people.role", people.replace("    test ", &format!("{forbid}\n    test ")));
    let refused = folder.run("role remove auditor --replace-with read-only").ends(1).stays_mute();
    refused.warns("people.role:15:43: an exception of the forbid \"f\"");
    folder.run("role remove auditor --replace-with read-only --with-mentions").ends(0);
    let now = String::from_utf8(folder.bytes("people.role")).unwrap();
    assert!(now.contains("    forbid \"f\" except admin-with-billing {\n"), "{now}");
}

/// Lists lose its name and tables its column; what is about nobody else goes.
#[test]
fn lists_and_tables_lose_a_role() {
    const HEAD: &str = "catalog k {
    category c {
        a: flag
        b: verbs v, w
    }
}
";
    const TEXT: &str = "use k

organization o {
    role r { grant c.a: on }
    role \"s t\" { grant c.a: on }
    assign r to \"p\"

    require \"alone\" at most 4 except r {
        c.a: on
    }

    require \"both\" at most 4 except r, \"s t\" {
        c.a: on
    }

    test \"lists\" {
        only r, role \"s t\" can c.a  // two of them
        only r can c.a
        role \"s t\" cannot c.b: v
    }

    test \"tables\" {
        cases r, role \"s t\" {
            c.a: on   | on  // both
            c.b: none | none
        }

        // Alone.
        cases r at 2027-01-01 {
            c.a: on
        }
        cases role \"s t\", r, \"p\" {
            c.a: on | on | on
        }
    }

    // Of nobody else.
    test \"gone\" {
        cases r {
            c.a: on
        }
        r can c.a
    }
}
";
    let folder = Folder::new().with("k.role", HEAD).with("o.role", TEXT);
    folder.run("fmt --check").ends(0);
    let remove = |more: &str| folder.run(&format!("role remove r {more} --replace-with")).arg("s t");
    remove("--dry-run").complains(
        1,
        "error: `r` is still spoken of; with `--with-mentions` that goes too
  o.role:8:38: an exception of the requirement \"alone\"
  o.role:12:37: an exception of the requirement \"both\"
  o.role:17:14: one of those behind `only`
  o.role:18:9: `only r can c.a`
  o.role:23:15: a column of a table
  o.role:29:9: `cases r at 2027-01-01`
  o.role:32:27: a column of a table
  o.role:39:9: `cases r`
  o.role:42:9: `r can c.a`
",
    );
    remove("--with-mentions").ends(0);
    let after = "use k

organization o {
    role \"s t\" { grant c.a: on }
    assign \"s t\" to \"p\"

    require \"alone\" at most 4 {
        c.a: on
    }

    require \"both\" at most 4 except \"s t\" {
        c.a: on
    }

    test \"lists\" {
        only role \"s t\" can c.a  // two of them
        role \"s t\" cannot c.b: v
    }

    test \"tables\" {
        cases role \"s t\" {
            c.a: on  // both
            c.b: none
        }

        cases role \"s t\", \"p\" {
            c.a: on | on
        }
    }
}
";
    assert_eq!(String::from_utf8(folder.bytes("o.role")).unwrap(), after);
    folder.run("fmt --check").ends(0);
    folder.run("test").ends(0);
    // What a requirement asks for is not what it asks for without the role.
    let asked = TEXT.replacen("        c.a: on\n", "        c.a: on\n        role r\n", 1);
    folder.put("o.role", &asked);
    folder.run("role remove r --with-mentions --replace-with").arg("s t").complains(
        1,
        "error: `r` is named where it cannot be left out: change that first
  o.role:10:14: held for the requirement \"alone\"
",
    );
    assert_eq!(folder.bytes("o.role"), asked.as_bytes());
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let folder = acme();
    let done = folder.run("unassign tier1 raj@acme.example --dry-run").ends(0);
    let done = done
        .has("--- people.role\n+++ people.role\n@@ ")
        .has("raj@acme.example")
        .warns("would change people.role\n");
    let same = folder.run("unassign tier1 raj@acme.example --diff").ends(0);
    assert_eq!(done.stdout, same.stdout);
    let told = folder.run("unassign tier1 raj@acme.example --dry-run --format json").json(0);
    assert_eq!(told["written"], false);
    is(&folder, &[], &[]);
}

#[test]
fn programs_are_told_the_edits_and_who_is_concerned() {
    let folder = acme();
    let told = folder.run("assign tier1 kim@acme.example --format json").json(0);
    assert_eq!(
        (&told["version"], &told["written"], &told["organization"]),
        (&1.into(), &true.into(), &"acme".into())
    );
    let edits = &told["files"][0]["edits"];
    assert_eq!((told["files"].as_array().unwrap().len(), &edits[0]["start"]["line"]), (1, &8.into()));
    assert_eq!(told["difference"]["organizations"][0]["people"][0]["name"], "kim@acme.example");
    // The edits, made in the text before, give the text after.
    let mut text = PEOPLE.to_owned();
    for edit in edits.as_array().unwrap().iter().rev() {
        let at = |end: &str| usize::try_from(edit[end]["offset"].as_u64().unwrap()).unwrap();
        text.replace_range(at("start")..at("end"), edit["text"].as_str().unwrap());
    }
    assert_eq!(folder.bytes("people.role"), text.as_bytes());
    let refused = folder.run("role remove auditor --format json").json(1);
    assert_eq!((&refused["error"], &refused["near"][0]), (&"refused".into(), &"read-only".into()));
    assert_eq!(
        (&refused["places"][0]["file"], &refused["places"][0]["line"]),
        (&"people.role".into(), &12.into())
    );
}

#[test]
fn nothing_is_changed_where_it_cannot_be_told_what_comes_of_it() {
    let folder = Folder::new().with("a.role", BROKEN);
    folder.run("role new more").ends(4).stays_mute().warns("error[R0401]").warns("nothing is changed");
    folder.run("role new more -p -").stdin(BROKEN).refuses(2, "`-` is no file that could be changed");
    folder.run("assign r x -p none.role").refuses(5, "cannot read `none.role`");
    // What was only read along is nobody's to change.
    let both = "catalog c { category k { r: flag } }\norganization o { role r {} }\n";
    let folder = Folder::new().with("both.role", format!("use c\n{both}"));
    folder.put("more.role", "use \"both.role\"\norganization o { assign r to \"x\" }\n");
    folder
        .run("role rename r s -p more.role")
        .refuses(1, "`both.role` would have to change, and was only read along: name it too");
    folder
        .run("role rename r s -p more.role -p both.role")
        .ends(0)
        .warns("changed both.role\nchanged more.role\n");
    // By levels of the settings, a warning is an error.
    let folder = acme().with("rolec.toml", "[lints]\noverlapping-assignment = \"deny\"\n");
    folder.run("assign auditor eve@audit.example").ends(1).stays_mute().warns("error[R0603]");
    is(&folder, &[], &[]);
    folder.run("assign auditor eve@audit.example --config none.toml").ends(5).stays_mute();
}

#[test]
fn a_new_warning_is_told() {
    let folder = acme();
    folder.run("assign auditor eve@audit.example").ends(0).warns("warning[R0603]").warns("1 warning");
}

#[test]
fn all_files_are_written_or_none() {
    let folder = acme();
    fs::set_permissions(folder.at("roles.role"), fs::Permissions::from_mode(0o444)).unwrap();
    folder.run("role rename tier1 desk").complains(5, "error: cannot write `roles.role`: it is read-only\n");
    is(&folder, &[], &[]);
    assert_eq!(folder.names(), ["people.role", "roles.role"], "nothing else is left");
}

#[test]
fn the_organization_is_named_where_it_is_not_plain() {
    let msp = |args: &str| Run::new(args).arg("-p").arg("northwind-msp").arg("--dry-run").dir(policies());
    msp("role new desk").refuses(4, "the policy has several organizations");
    msp("role new desk --org elm-law").ends(0).warns("would change northwind-msp/customers/elm-law.role\n");
}

/// Every role and assignment of the policies of this repository may be copied, renamed and taken away, and what was
/// canonical is canonical after it: no blank line too many, no line too long.
#[test]
fn the_policies_of_this_repository_stay_in_style() {
    for args in [
        "role rename tier1 first-line-support-in-the-evening",
        "role copy security-engineer security-engineer-two",
        "role remove patch-runner --replace-with command-runner --with-mentions",
        "assign security-engineer a-person-with-a-long-name@acme.example another-with-a-long-one@acme.example",
        "unassign tier1 mei@acme.example",
        "unassign security-engineer ines@acme.example --at 2027-01-01",
    ] {
        let folder = Folder::new();
        for name in ["acme", "people", "rules", "templates", "tests"] {
            let name = format!("{name}.role");
            folder.put(&name, fs::read(policies().join("acme").join(&name)).unwrap());
        }
        folder.run(args).ends(0);
        folder.run("fmt --check").ends(0);
        folder.run("check").ends(0);
    }
}

/// Where the settings cannot be read, nobody knows what they refuse.
#[test]
fn nothing_is_changed_by_wrong_settings() {
    let folder = Folder::new().with("p.role", "use jumpcloud\norganization o {}\n");
    folder.put("rolec.toml", "[lints]\nempty-role = deny\n");
    folder.run("role new x -p p.role").ends(4);
    assert_eq!(folder.bytes("p.role"), b"use jumpcloud\norganization o {}\n");
}

/// A requirement is a member as others are: what is new stands apart from it, and as far in.
#[test]
fn a_requirement_is_laid_out_by_too() {
    let rule =
        "use jumpcloud\norganization o {\n  require \"few\" at most 3 { role admin-with-billing }\n}\n";
    let folder = Folder::new().with("p.role", rule);
    folder.run("role new desk -p p.role").ends(0);
    let text = String::from_utf8(folder.bytes("p.role")).unwrap();
    assert!(text.contains("organization o {\n  role desk {}\n\n  require"), "{text}");
    folder.put("p.role", rule);
    folder.run("assign read-only ana -p p.role").ends(0);
    let text = String::from_utf8(folder.bytes("p.role")).unwrap();
    assert!(text.contains("}\n\n  assign read-only to \"ana\"\n}"), "{text}");
}

/// The process was killed between two files: the one that declares the role is written first, the others lie beside their
/// places, and the same command does the rest. Anything else that is wrong with a policy stays in the way.
#[test]
fn a_rename_that_was_cut_off_is_finished() {
    let more = |who: &str| {
        format!("use shop\n\norganization store {{\n    assign clerk to \"{who}@store.example\"\n}}\n")
    };
    let folder = || Folder::store().with("a.role", more("eli")).with("z.role", more("zoe"));
    let texts = |folder: &Folder| ["a.role", "store.role", "z.role"].map(|name| (name, folder.bytes(name)));
    let whole = folder();
    let before = texts(&whole);
    whole.run("role rename clerk desk").ends(0);
    let after = texts(&whole);
    assert!(before.iter().zip(&after).all(|(old, new)| old != new));
    // Every choice of files that are written, with the one that declares the role among them.
    for written in 0..8 {
        let folder = folder();
        for (at, (name, bytes)) in after.iter().enumerate().filter(|(at, _)| written >> at & 1 == 1) {
            assert!(at < 3);
            folder.put(name, bytes);
        }
        let unwritten = after.iter().enumerate().filter(|(at, _)| written >> at & 1 == 0);
        for (at, (_, bytes)) in unwritten {
            folder.put(&format!(".rolec-00000000000{at}.tmp"), bytes);
        }
        let is_begun = written & 2 != 0;
        let run = || folder.run("role rename clerk desk");
        match (is_begun, written) {
            (true, 7) => drop(run().ends(4)),
            (true, _) => {
                folder.run("role rename clerk desk --dry-run").ends(0).warns("this was begun before");
                let output = run().ends(0).warns("this was begun before");
                let changed = output.stderr.lines().filter(|line| line.starts_with("changed ")).count();
                assert_eq!(changed, 3 - (written as u32).count_ones() as usize, "{output}");
                assert_eq!(texts(&folder), after);
                assert_eq!(folder.names(), ["a.role", "shop.role", "store.role", "z.role"]);
            }
            (false, 0) => {
                run().ends(0);
                assert_eq!(texts(&folder), after);
            }
            // Nobody writes the others first.
            (false, _) => drop(run().ends(4)),
        }
    }
    // Where nothing is left of it, or something else, nobody knows that a rename was meant; nor that of another name.
    for left in [None, Some(&after[1].1), Some(&before[0].1)] {
        let folder = folder();
        folder.put("store.role", &after[1].1);
        folder.put(".rolec-000000000002.tmp", &after[2].1);
        if let Some(left) = left {
            folder.put(".rolec-000000000000.tmp", left);
        }
        let files = texts(&folder);
        for run in ["role rename clerk desk", "role rename clerk boss", "role copy clerk desk"] {
            folder.run(run).ends(4);
            assert_eq!(texts(&folder), files, "{run}");
        }
    }
    // Another mistake, or a name that is there twice.
    for (wrong, status) in [("assign nobody to \"x\"", 4), ("role clerk { }", 1), ("role desk { }", 4)] {
        let folder = folder();
        folder.put("store.role", &after[1].1);
        folder.put(".rolec-000000000000.tmp", &after[0].1);
        folder.put(".rolec-000000000002.tmp", &after[2].1);
        folder.put("more.role", format!("use shop\norganization store {{ {wrong} }}\n"));
        let files = texts(&folder);
        folder.run("role rename clerk desk").ends(status);
        assert_eq!(texts(&folder), files, "{wrong}");
    }
}

/// Changes made side by side wait for each other: what was said to be done is there, and what could not be done is said.
#[test]
fn no_change_is_lost_beside_another() {
    let names = ["u0", "u1", "u2", "u3", "u4", "u5"];
    for round in 0..4 {
        let folder = Folder::store();
        let ended: Vec<(Option<i32>, String)> = std::thread::scope(|scope| {
            let run = |name: &'static str| {
                let folder = &folder;
                scope.spawn(move || {
                    let told = folder.run(&format!("assign clerk {name} -p store.role")).output();
                    (told.status, name.to_owned())
                })
            };
            let running: Vec<_> = names.into_iter().map(run).collect();
            let renaming = scope.spawn(|| folder.run("role rename boss chief -p store.role").output());
            let mut ended: Vec<_> = running.into_iter().map(|it| it.join().unwrap()).collect();
            ended.push((renaming.join().unwrap().status, String::new()));
            ended
        });
        let text = String::from_utf8(folder.bytes("store.role")).unwrap();
        let mut done = 0;
        for (status, name) in ended {
            let is_there = match name.as_str() {
                "" => text.contains("role chief from clerk") && text.contains("assign chief to"),
                name => text.contains(&format!("\"{name}\"")),
            };
            assert_eq!(
                status == Some(0),
                is_there,
                "{name:?} ended with {status:?} in round {round}:\n{text}"
            );
            assert!(status == Some(0) || status == Some(5), "{name:?}: {status:?}");
            done += usize::from(is_there);
        }
        assert!(done > 0, "nobody came through in round {round}");
        assert_eq!(folder.names(), ["shop.role", "store.role"], "nothing is left over");
    }
}
