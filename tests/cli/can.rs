//! `can`: one question, one answer.

use crate::run::{BROKEN, Folder, Run, SHOP, policies};

const TWO: &str = "use jumpcloud\n\
    organization north { role r { grant all: view } assign r to \"ana\" }\n\
    organization south { role r { grant all: full } assign r to \"bob\" }\n";

fn acme(args: &str) -> Run {
    Run::new(args).arg("-p").arg("acme").dir(policies())
}

#[test]
fn allow_and_deny() {
    let folder = Folder::store();
    folder.run("can role:clerk prices:view").succeeds("allow\n");
    folder.run("can role:clerk sales.prices:view").succeeds("allow\n");
    folder.run("can role:clerk sales.prices").prints(3, "deny\n");
    folder.run("can role:clerk sales.prices:full").prints(3, "deny\n");
    folder.run("can ana@store.example orders:read").succeeds("allow\n");
    folder.run("can principal:ana@store.example orders:write").prints(3, "deny\n");
    folder.run("can till --org store --category sales --row orders --action read").succeeds("allow\n");
    folder.run("can till --row orders --action read").succeeds("allow\n");
    folder.run("can till --row orders").prints(3, "deny\n");
}

#[test]
fn why() {
    acme("can ana@acme.example user-management:delete --why").prints(
        3,
        "deny: `ana@acme.example` lacks user-management.user-management:delete in organization `acme`, the level \
         there is view, update
  tier1, assigned at acme/people.role:12:21
    `user-management: view, update` at acme/templates.role:12:9 withholds delete
      by tier1 -> front-line
  this would allow it
    `grant user-management.user-management: view, update, delete`, a line more in role tier1 at acme/acme.role:8:10; \
         3 others gain by it
  roles that have it, nearest first: offboarding (3 more permissions), help-desk (14 more), identity-admin (17 more), \
         manager (21 more), administrator (40 more), and 1 more
",
    );
    acme("can raj@acme.example commands:view --why --at 2026-11-14T18:00:00Z").succeeds(
        "allow: `raj@acme.example` has command-automation.commands:view in organization `acme`
  patch-runner, assigned at acme/people.role:19:28, from 2026-11-14T18:00:00Z, until 2026-11-15T22:00:00Z, because \
         \"upgrade weekend, CHG-418\"
    `grant command-automation.commands: view` at acme/acme.role:64:9 gives view
  tier1, assigned at acme/people.role:12:41
    `commands: view` at builtin:jumpcloud/default-roles.role:245:9 gives view
      by tier1 -> front-line -> help-desk
",
    );
}

/// A row given by two bases; one that a role's own spread lowers; one that a direct organization does not have.
const GIVEN: &str = "use c
catalog c { category x { r: ladder none < view < full { caveat \"Not on Sundays.\" } m: flag { only managed } } }
template zeta { grant x.r: full }
template alpha { grant x.r: full }
organization o {
    role desk from zeta, alpha { }
    role low from alpha { grant all: view }
}
";

#[test]
fn why_names_every_base() {
    let folder = Folder::new().with("a.role", GIVEN);
    folder.run("can role:desk r --why").succeeds(
        "allow: role `desk` has x.r:full in organization `o`
  desk, role at a.role:6:10
    `grant x.r: full` at a.role:4:18 gives full
      by desk -> alpha
      given by zeta too
  caveat: Not on Sundays.
",
    );
}

#[test]
fn why_tells_the_caveats_of_an_allow() {
    let folder = Folder::new().with("a.role", GIVEN);
    folder.run("can role:low r:view --why").ends(0).has("caveat: Not on Sundays.\n");
    let denied = folder.run("can role:low r --why").ends(3).stdout;
    assert!(denied.contains("`grant all: view` at a.role:7:27 withholds full\n"), "{denied}");
    assert!(!denied.contains("caveat"), "{denied}");
}

#[test]
fn why_tells_what_a_direct_organization_lacks() {
    let folder = Folder::new().with("a.role", GIVEN);
    let why = "the row is there in managed organizations only, and this one is direct\n";
    folder.run("can role:desk m --why").ends(3).has(why);
}

#[test]
fn why_as_json() {
    let answer =
        acme("can ana@acme.example user-management:delete --why --at 2026-11-14 --format json").json(3);
    assert_eq!(answer["version"], 1);
    assert_eq!((&answer["decision"], &answer["reason"]), (&"deny".into(), &"not-granted".into()));
    assert_eq!(
        answer["request"],
        serde_json::json!({
            "organization": "acme", "principal": "ana@acme.example", "category": "user-management",
            "row": "user-management", "actions": ["delete"], "at": "2026-11-14"
        })
    );
    let role = &answer["why"]["roles"][0];
    assert_eq!((&role["id"], &role["gives"]), (&"tier1".into(), &serde_json::json!([])));
    let source = &role["sources"][0];
    assert_eq!(
        (&source["kind"], &source["text"]),
        (&"entry".into(), &"user-management: view, update".into())
    );
    assert_eq!(source["at"], serde_json::json!({ "file": "acme/templates.role", "line": 12, "column": 9 }));
    assert_eq!(source["way"], serde_json::json!(["tier1", "front-line"]));

    let answer = acme("can role:tier1 devices:view --format json").json(0);
    assert_eq!((&answer["decision"], &answer["reason"]), (&"allow".into(), &"granted".into()));
    assert_eq!(answer["request"]["role"], "tier1");
    assert!(answer.get("why").is_none());
}

/// A role by a template of two organizations, one that is built in, one by another; and assignments of some days.
const DENIED: &str = r#"use jumpcloud
template desk from help-desk { grant user-management.user-management: view }
organization other {
    role r from desk {}
    assign r to "zoe"
    assign desk to "yan" until 2020-01-01
}
organization o {
    role "On Call" {
        grant user-management {
            user-management: view, update
            set-password-for-users: on
        }
    }
    role night from "On Call" {}
    assign desk to "ana"
    assign help-desk to "ana"
    assign night to "ana"
    assign night to "bob" from 2030-01-01
    assign "On Call" to "eve" from 2026-03-01 until 2026-04-01 because "leave"
    assign "On Call" to "eve" from 2027-03-01 until 2027-04-01
}
"#;

/// Of the sources and of the table alone, for people and for programs.
#[test]
fn why_tells_what_would_lift_a_denial() {
    let folder = Folder::new().with("a.role", DENIED);
    folder.build("a.rolec");
    let ask = |who: &str, what: &str| {
        let run = |source: &str| {
            folder.run(&format!("can --why --org o --at 2026-12-01 {source}")).arg(who).arg(what)
        };
        let told = run("-p a.role").ends(3).stdout;
        run("--table a.rolec").prints(3, &told);
        let document = run("--format json -p a.role").json(3);
        assert_eq!(run("--format json --table a.rolec").json(3), document);
        (told, document["why"]["flip"].clone())
    };
    let (told, flip) = ask("ana", "devices:full");
    let wanted = "  each of these would allow it, the smallest change first
    a role made from help-desk with `grant device-management.devices: full`: help-desk is built in, and stays as it is
    `grant device-management.devices: full`, a line more in template desk at a.role:2:10; 1 other gains by it, and \
        1 other organization changes
    `grant device-management.devices: full`, a line more in role night at a.role:15:10; 1 other gains by it
  roles that have it, nearest first: manager (6 more permissions), administrator (25 more), admin-with-billing (29 more)
";
    assert!(told.ends_with(wanted), "{told}");
    let told: Vec<_> =
        flip["changes"].as_array().unwrap().iter().map(|it| (&it["how"], &it["role"])).collect();
    let (made, line) = (&"made".into(), &"line".into());
    assert_eq!(told, [(made, &"help-desk".into()), (line, &"desk".into()), (line, &"night".into())]);
    let night = serde_json::json!({
        "how": "line", "role": "night", "is_template": false, "text": "grant device-management.devices: full",
        "level": "full", "added": ["view", "full"], "at": { "file": "a.role", "line": 15, "column": 10 },
        "others": 1, "organizations": 0
    });
    assert_eq!((&flip["changes"][2], &flip["missing"]), (&night, &serde_json::json!(["full"])));
    let manager = serde_json::json!({ "id": "manager", "is_template": true, "beside": 6 });
    assert_eq!((&flip["roles"][0], &flip["only_managed"]), (&manager, &false.into()));

    let (told, flip) = ask("eve", "set-password-for-users");
    let wanted = "  it is allowed from 2027-03-01 until 2027-04-01: \"On Call\", assigned at a.role:21:25
  it was allowed until 2026-04-01: \"On Call\", assigned at a.role:20:25
  roles that have it, nearest first: \"On Call\" (3 more permissions), night (3 more), desk (41 more), help-desk \
        (44 more), manager (51 more), and 2 more
";
    assert!(told.ends_with(wanted), "{told}");
    assert_eq!(
        (&flip["later"]["from"], &flip["later"]["until"]),
        (&"2027-03-01".into(), &"2027-04-01".into())
    );
    assert_eq!(flip["earlier"]["roles"][0]["assignment"]["because"], "leave");

    let (told, _) = ask("role:night", "user-management:delete");
    assert!(told.contains("a line more in role night at a.role:15:10; 1 principal gains by it\n"), "{told}");
    let (told, _) = ask("role:On Call", "user-management:create");
    assert!(told.contains("`user-management: view, create, update` instead of `user-management: view, update` at a.role:11:13 in role \"On Call\"; 2 principals gain by it\n"), "{told}");
    let (told, flip) = ask("ana", "event-logs");
    assert!(told.ends_with("  no level and no role would allow it: the row is there in managed organizations only, and this one is direct\n"), "{told}");
    assert_eq!((&flip["only_managed"], &flip["changes"]), (&true.into(), &serde_json::json!([])));
    let allowed = folder.run("can --why --org o --format json ana devices:view").json(0);
    assert!(allowed["why"].get("flip").is_none(), "{allowed}");
}

#[test]
fn unknown_names_are_denied_and_told() {
    acme("can role:tire1 devices").prints(
        4,
        "deny: organization `acme` has no role `tire1`, and there is no such template; did you mean `tier1`? \
         (unknown-role)\n",
    );
    acme("can ann@acme.example devices").prints(
        4,
        "deny: no assignment of organization `acme` names `ann@acme.example`; did you mean `ana@acme.example`? (unknown-principal)\n",
    );
    acme("can role:tier1 devces:view")
        .prints(4, "deny: catalog `jumpcloud` has no row `devces`; did you mean `devices`? (unknown-row)\n");
    acme("can role:tier1 devices:veiw").prints(
        4,
        "deny: row `devices` has no action `veiw`: it has `view`, `full`; did you mean `view`? (unknown-action)\n",
    );
    acme("can role:tier1 device-managment.devices").prints(
        4,
        "deny: catalog `jumpcloud` has no category `device-managment`; did you mean `device-management`? \
         (unknown-category)\n",
    );
    acme("can role:tier1 devices --org amce")
        .prints(4, "deny: there is no organization `amce`; did you mean `acme`? (unknown-organization)\n");
    for who in ["", "role:", "ANA@acme.example", "role:Tier1", "role:tier1 ", "principal:role:tier1"] {
        let output = acme("can").arg(who).arg("devices:view").ends(4);
        output.has("deny: ").has("(unknown-");
    }
}

#[test]
fn unknown_names_as_json() {
    let answer = acme("can role:tier1 devces --format json").json(4);
    assert_eq!((&answer["decision"], &answer["reason"]), (&"deny".into(), &"unknown-row".into()));
    assert_eq!(answer["near"], serde_json::json!(["devices"]));
    assert_eq!(answer["request"]["permission"], "devces");
    assert_eq!(
        (&answer["request"]["role"], &answer["request"]["organization"]),
        (&"tier1".into(), &"acme".into())
    );
    let answer =
        acme("can ann@acme.example --row devices --action view --org acm --at 2026-11-01 --format json")
            .json(4);
    assert_eq!(
        answer["request"],
        serde_json::json!({
            "organization": "acm", "principal": "ann@acme.example", "row": "devices", "actions": ["view"],
            "at": "2026-11-01"
        })
    );
    acme("can role:tier1 device-management").ends(4).has("it is a category, and a permission names one of its rows, as in `device-management.mobile-device-management` (unknown-row)");
}

/// Two verbs by one line, one of them by another base too: that is two things to say.
#[test]
fn what_another_base_gives_is_said_of_its_own_actions() {
    let folder = Folder::new().with("c.role", "catalog c { category a { v: verbs read, own } }\n").with(
        "o.role",
        "use c\norganization o {\n    role boss { grant a.v: full }\n    role r1 { grant a.v: read }\n    \
             role both from boss, r1 { }\n}\n",
    );
    folder.run("can role:both a.v --why").succeeds(
        "allow: role `both` has a.v:read,own in organization `o`
  both, role at o.role:5:10
    `grant a.v: full` at o.role:3:17 gives read
      by both -> boss
      given by r1 too
    `grant a.v: full` at o.role:3:17 gives own
      by both -> boss
",
    );
    let why = folder.run("can role:both a.v --why --format json").json(0);
    let sources = why["why"]["roles"][0]["sources"].as_array().unwrap().clone();
    let told: Vec<_> = sources.iter().map(|source| (&source["actions"][0], &source["also"])).collect();
    let (read, own) = ("read".into(), "own".into());
    assert_eq!(told, [(&read, &serde_json::json!(["r1"])), (&own, &serde_json::json!([]))]);
}

#[test]
fn what_can_be_read_in_several_ways_is_not_guessed() {
    let folder = Folder::new().with(
        "a.role",
        "catalog c { category a { \"b.c\": flag, x: flag } category \"a.b\" { c: flag } category d { x: flag } }"
            .replace(", ", " "),
    );
    let folder = folder.with("b.role", "use c\norganization o { role r { grant all: on } }\n");
    folder
        .run("can role:r a.b.c")
        .complains(4, "error: the permission can be read in several ways: `a.\"b.c\"` or `\"a.b\".c`\n");
    folder
        .run("can role:r x")
        .complains(4, "error: the permission can be read in several ways: `a.x` or `d.x`\n");
    folder
        .run("can role:r --row x")
        .complains(4, "error: the permission can be read in several ways: `a.x` or `d.x`\n");
    let document = folder.run("can role:r x --format json").json(4);
    assert_eq!(document["error"], "ambiguous");
    assert_eq!(document["readings"], serde_json::json!(["a.x", "d.x"]));
    folder.run("can role:r").arg("a.\"b.c\"").succeeds("allow\n");
    folder.run("can role:r").arg("\"a.b\".c:on").succeeds("allow\n");
    folder.run("can role:r --category a.b --row c --action on").succeeds("allow\n");
}

#[test]
fn two_organizations_want_one_named() {
    let folder = Folder::new().with("two.role", TWO);
    folder.run("can role:r devices").complains(
        4,
        "error: the policy has several organizations, and none was named: `north` or `south`\n",
    );
    folder.run("can role:r devices --org north").prints(3, "deny\n");
    folder.run("can role:r devices --org south").succeeds("allow\n");
    folder.run("can ana devices --org south").ends(4).has("unknown-principal");
    let none = Folder::new().with("shop.role", SHOP);
    none.run("can role:r orders").ends(4).has("the policy has no organization (unknown-organization)");
}

#[test]
fn from_is_inside_and_until_is_outside() {
    let folder = Folder::store();
    let bea = |at: &str| folder.run("can bea@store.example sales.export --at").arg(at);
    for at in [
        "2026-03-01",
        "2026-03-01T00:00:00Z",
        "2026-04-01",
        "2026-04-01T11:59:59Z",
        "2026-04-01T13:59:59+02:00",
    ] {
        bea(at).succeeds("allow\n");
    }
    for at in [
        "2026-02-28",
        "2026-02-28T23:59:59Z",
        "2026-04-01T12:00:00Z",
        "2026-04-01T14:00:00+02:00",
        "9999-12-31",
    ] {
        bea(at).prints(3, "deny\n");
    }
    let told = |at: &str| bea(at).arg("--why").ends(3);
    told("2026-02-28")
        .has("the next begins at 2026-03-01\n")
        .has("boss is not in force: assigned at store.role:");
    told("2026-04-01T12:00:00Z").has("and none begins later\n");
    let answer = bea("2026-02-28").arg("--format=json").json(3);
    assert_eq!((&answer["reason"], &answer["next"]), (&"nothing-in-force".into(), &"2026-03-01".into()));
}

#[test]
fn times_that_are_none() {
    for at in [
        "x",
        "now",
        "2026-02-30",
        "2026-11-01T09:30:00",
        "2026-11-01T09:30:00.5Z",
        "2026-11-01T09:30:00\u{202e}Z",
    ] {
        acme("can role:tier1 devices").arg("--at").arg(at).ends(2).stays_mute().warns("is no time: ");
    }
}

#[test]
fn quotes_that_cannot_be_read() {
    acme("can").arg("role:\"a").arg("devices").ends(2).stays_mute().warns("a quote is never closed");
    acme("can role:tier1").arg("\"devices").ends(2).stays_mute().warns("a quote is never closed");
    acme("can role:tier1").arg("x".repeat(100_000)).ends(2).stays_mute().warns("longer than any permission");
}

#[test]
fn a_broken_policy_answers_nothing() {
    let folder = Folder::new().with("bad.role", BROKEN);
    for args in ["can role:r devices", "can role:r devices --why --format json"] {
        folder.run(args).refuses(4, "R0401");
        folder.run(args).refuses(4, "nothing is answered while the policy has errors");
    }
}

#[test]
fn usage() {
    Run::new("can").ends(2).stays_mute().warns("Usage: rolec can");
    Run::new("can role:r").ends(2).stays_mute();
    Run::new("can role:r devices --row devices").ends(2).stays_mute();
    Run::new("can role:r --category x").ends(2).stays_mute();
    Run::new("can role:r devices -p . --table x").ends(2).stays_mute().warns("cannot be used with");
    Run::new("can role:r devices --format yaml").ends(2).stays_mute().warns("[possible values: human, json]");
}

/// The policy with what a change says written where it says: `instead` stands there, to the letter, and becomes `text`.
fn written(policy: &str, change: &serde_json::Value) -> String {
    let [text, instead] = ["text", "instead"].map(|key| change[key].as_str().unwrap_or_default());
    let [line, column] = ["line", "column"].map(|key| change["at"][key].as_u64().unwrap() as usize);
    let start: usize = policy.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>() + column - 1;
    let (before, after) = policy.split_at(start);
    match change["how"].as_str() {
        Some("line") => {
            let (head, body) = after.split_once('{').unwrap();
            format!("{before}{head}{{ {text} {body}")
        }
        _ => {
            let after =
                after.strip_prefix(instead).unwrap_or_else(|| panic!("{instead:?} is not at {after:?}"));
            format!("{before}{text}{after}")
        }
    }
}

#[test]
fn what_is_to_be_written_can_be_written_there() {
    let kinds = r#"use k catalog k { category c { p: verbs "compute.get", "a, b", x q: verbs "compute.get", "a, b", x "r r": flag s: ladder none < own } category "d d" { t: flag } }"#;
    for (role, asked, how) in [
        ("grant c.p: x", "c.p:compute.get", "entry"),
        ("grant c.p: \"a, b\", x", "c.p:compute.get", "entry"),
        ("grant c { p: \"compute.get\" }", "c.p:x", "entry"),
        ("grant c { p, q: \"a, b\" }", "c.p:x", "split"),
        ("grant c { q: x p, q: x }", "c.p:x", ""),
        ("grant c { s: own \"r r\", s, t: off }", "c.s", ""),
        ("grant c: none { q, p, \"r r\": none }", "c.p:x", "split"),
        ("grant c { \"r r\": off s, q: none }", "c.s", "split"),
        ("grant c { \"r r\": off unconfirmed \"a \\\"word\\\"\" }", "c.r r", "entry"),
        ("grant c { q, p: none unconfirmed }", "c.p:x", "split"),
        ("grant all: none", "d d.t", "line"),
        ("", "c.p:a, b", "line"),
    ] {
        let policy = format!("{kinds}\ntemplate r {{ {role} }}\norganization o {{ assign r to \"g\" }}\n");
        let ask = |policy: &str| {
            let (row, action) =
                asked.split_once(':').map_or((asked, None), |(row, action)| (row, Some(action)));
            let (category, row) = row.split_once('.').unwrap();
            let folder = Folder::new().with("k.role", policy);
            let run = folder.run("can g --why --format json -p k.role --at 2026-11-01 --category");
            let run = run.arg(category).arg("--row").arg(row);
            match action {
                Some(action) => run.arg("--action").arg(action),
                None => run,
            }
            .output()
        };
        if how.is_empty() {
            // No such policy: a row said twice, or one of another category.
            assert_eq!(ask(&policy).status, Some(4), "{role}");
            continue;
        }
        let answer = ask(&policy);
        assert_eq!(answer.status, Some(3), "{role}: {}", answer.stdout);
        let document: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
        let change = &document["why"]["flip"]["changes"][0];
        assert_eq!(change["how"], how, "{role}: {change:#}");
        let after = written(&policy, change);
        assert_eq!(ask(&after).status, Some(0), "{role}: {change:#}\n{after}");
        // And nothing but the one row is another.
        let folder = Folder::new().with("old.role", &policy).with("new.role", &after);
        let diff = folder.run("diff old.role new.role --format json").json(1);
        assert_eq!(diff["summary"]["cells"], 1, "{diff:#}");
    }
}
