//! `suggest`: advice on roles, covers, and the least role for a log.

use crate::run::{BROKEN, Folder, Run, SHOP};

/// A shop with more roles than it needs.
const MANY: &str = r#"use "shop.role"

organization store {
    role clerk { grant sales.orders: read }
    role reader { grant sales.orders: read }
    role seller { grant sales { orders: read  prices: view } }
    role packer { grant sales { orders: read, write } }
    role auditor { grant sales { prices: view  export: on } }
    assign clerk to "ana"
    assign seller to "bea", "cleo"
    assign packer to "dan" from 2026-06-01
    assign auditor to service "siem" until 2026-05-01
}
"#;

fn many() -> Folder {
    Folder::new().with("shop.role", SHOP).with("store.role", MANY)
}

#[test]
fn advice() {
    let told = "store (direct): 5 custom roles

the same
  clerk, reader

within a wider one
  clerk    within packer, which holds 1 more: 1 holder would gain 1; and within 1 other
  reader   within packer, which holds 1 more: no holder would gain anything; and within 1 other

the nearest other
  auditor  seller, 1 more, 1 less: orders none -> read; export on -> off
  clerk    reader, the same
  packer   clerk, 1 less: orders read, write -> read
  reader   clerk, the same
  seller   clerk, 1 less: prices view -> none
";
    let folder = many();
    folder.run("suggest --at 2026-04-01").succeeds(told);
    folder.build("t.rolec");
    folder.run("suggest --at 2026-04-01 --table t.rolec --org store").succeeds(told);
    let all = folder.run("suggest --at 2026-04-01 --all").ends(0);
    let all = all.has("  clerk    within packer, which holds 1 more: 1 holder would gain 1\n");
    all.has("  clerk    within seller, which holds 1 more: 1 holder would gain 1\n");
    Folder::store()
        .run("suggest --at 2026-03-01")
        .ends(0)
        .has("\n  clerk  within boss, which holds 3 more: ");
}

#[test]
fn merges() {
    let folder = many();
    folder.run("suggest --merges --at 2026-04-01").ends(0).has(
        "\n1 role less, in the cheapest way\n  clerk + reader -> clerk: no holder would gain anything\n",
    );
    // Dan packs from June on; nobody audits after April.
    let june = folder.run("suggest --merges 2 --at 2026-05-01").ends(0);
    let june =
        june.has("merges that make one role less, the cheapest first\n  clerk + reader -> clerk: no holder");
    june.has(
        "\n2 roles less, in the cheapest way\n  clerk + packer + reader -> packer: 1 holder would gain 1\n",
    );
    let last = folder.run("suggest --merges 4 --at 2026-04-01").ends(0);
    last.has("\n4 roles less, in the cheapest way\n  auditor + clerk + packer + reader + seller -> one new role: 5 holders");
    folder.run("suggest --merges 5 --at 2026-04-01").ends(0).has("\nno merges make 5 roles less\n");
    folder.run("suggest --merges 0").ends(2).stays_mute();
    let json = folder.run("suggest --merges 4 --at 2026-04-01 --format json").json(0);
    let merges = &json["organizations"][0]["merges"];
    assert_eq!((&merges["wanted"], &merges["plan"]["exact"]), (&4.into(), &true.into()));
    assert_eq!(merges["cheapest"].as_array().unwrap().len(), 10);
    assert_eq!(merges["plan"]["merges"][0]["roles"].as_array().unwrap().len(), 5);
    assert_eq!(merges["plan"]["gain"]["holders"], 5);
}

/// Where roles are nearly as many as there may be, merges are told unasked: as many as lead away from the limit.
#[test]
fn merges_near_the_limit() {
    let of = |count: usize| {
        let roles: String = (0..count)
            .map(|number| {
                format!("    role r{number} {{ grant c: r{}, r{} }}\n", number % 20, (number + 1) % 20)
            })
            .collect();
        let rows: Vec<String> = (0..20).map(|number| format!("r{number}")).collect();
        let catalog =
            format!("catalog c {{ limit custom-roles 20 category c {{ row: verbs {} }} }}", rows.join(", "));
        let assigned: String =
            (0..count).map(|number| format!("    assign r{number} to \"p{number}\"\n")).collect();
        Folder::new().with("o.role", format!("use c\n{catalog}\norganization o {{\n{roles}{assigned}}}\n"))
    };
    let far = of(17).run("suggest").ends(0).has("o (direct): 17 custom roles of 20\n");
    assert!(!far.stdout.contains("roles less"), "{far}");
    let near = of(18).run("suggest").ends(0);
    let near =
        near.has("\n1 role less, in the cheapest way\n  r0 + r1 -> one new role: 2 holders would gain 2\n");
    near.has("\nthe next cheapest\n");
    let full = of(20).run("suggest --format json").json(0);
    let plan = &full["organizations"][0]["merges"]["plan"];
    // Three pairs of neighbours, of whom each gains the other's one.
    assert_eq!((&plan["gain"]["permissions"], &plan["exact"]), (&6.into(), &true.into()), "{plan:#}");
    assert_eq!(plan["merges"].as_array().unwrap().len(), 3, "{plan:#}");
}

#[test]
fn covers() {
    let folder = many();
    folder.run("suggest --cover orders:read export").succeeds(
        "store (direct): 2 roles cover all
  role  auditor  sales.export:on
  role  clerk    sales.orders:read
beside that: 1 permission, in 1 row
",
    );
    folder.run("suggest --cover orders prices:view --org store").ends(0).has("2 roles cover all\n");
    folder
        .run("suggest --cover orders:write")
        .ends(0)
        .has("1 role covers it\n  role  packer  sales.orders:write\n");
    folder
        .run("suggest --cover prices:full orders:read")
        .succeeds("store (direct): nothing covers all\nno role or template holds sales.prices:full\n");
    let json = folder.run("suggest --cover orders prices:full --format json").json(0);
    assert_eq!((&json["covered"], &json["nowhere"][0]["row"]), (&false.into(), &"prices".into()));
    folder
        .run("suggest --cover ordres")
        .refuses(4, "catalog `shop` has no row `ordres`; did you mean `orders`?");
    folder.run("suggest --cover").ends(2).stays_mute();
    folder.run("suggest --cover orders --merges").ends(2).stays_mute();
}

const LOG: &str = r#"{"principal": "bea", "permission": "orders", "action": "read", "at": "2026-04-01", "ip": "192.0.2.1"}
{"principal": "bea", "permission": "orders:read", "decision": "allow"}

{"org": "store", "principal": "dan", "category": "sales", "row": "orders", "at": "2026-06-01T08:00:00Z"}
{"principal": "dan", "permission": "export", "at": "2026-06-02"}
{"principal": "cleo", "permission": "prices:full", "decision": "deny"}
"#;

#[test]
fn the_least_roles() {
    let folder = many().with("log.jsonl", LOG);
    let told = r#"use shop

organization store {
    // "bea": 1 permission used, by 2 lines
    // held and not used:
    //   sales.prices: view -> none
    // clerk holds just this: no new role is needed
    role bea-used from clerk {}

    // "dan": 3 permissions used, by 2 lines
    // used, and denied by the policy as it is:
    //   sales.export:on
    // 1 line from packer, 2 from nothing
    role dan-used from packer {
        grant sales.export: on
    }
}
"#;
    folder.run("suggest --from-log log.jsonl --at 2026-06-03").succeeds(told);
    folder.build("t.rolec");
    folder.run("suggest --table t.rolec --from-log - --at 2026-06-03").stdin(LOG).succeeds(told);
    // What is told is a policy.
    folder.put("used.role", told);
    folder.run("check .").ends(0);
    folder.run("can role:dan-used export").ends(0);
    folder.run("can role:dan-used prices:view").ends(3);
    let json = folder
        .run("suggest -p shop.role -p store.role --from-log log.jsonl --at 2026-06-03 --format json")
        .json(0);
    let lines = serde_json::json!({ "read": 5, "used": 4, "denied": 1, "elsewhere": 0, "wrong": 0 });
    assert_eq!(json["lines"], lines);
    let dan = &json["suggestions"][1];
    assert_eq!(
        (&dan["suggested"]["base"]["role"], &dan["suggested"]["lines"]),
        (&"packer".into(), &1.into())
    );
    assert_eq!(
        dan["suggested"]["text"],
        "use shop\n\norganization store {\n    role dan-used from packer {\n        grant sales.export: on\n    }\n}\n"
    );
}

#[test]
fn whose_role() {
    let folder = many().with("log.jsonl", LOG);
    let run = |args: &str| folder.run("suggest --from-log log.jsonl --at 2026-06-03").arg(args);
    run("--for=cleo").ends(0).has(
        "    // \"cleo\": nothing used\n    // held and not used:\n    //   sales.orders: read -> none\n    //   sales.prices: view -> none\n    role cleo-used {}\n",
    );
    // Of a role, what its holders used of it.
    let seller = "    // role seller: 1 permission used, by 2 lines\n";
    run("--role=seller").ends(0).has(seller).has("    //   sales.prices: view -> none\n");
    run("--for=role:seller").ends(0).has(seller);
    let packer = run("--role=packer").ends(0);
    packer.has("    // role packer: 3 permissions used, by 2 lines\n").has("    role packer-used {\n        grant sales {\n            orders: read, write\n            export: on\n");
    run("--for=cloe").refuses(4, "no assignment of organization `store` names `cloe`; did you mean `cleo`?");
    run("--role=paker").refuses(4, "did you mean `packer`?");
    folder.run("suggest --for cleo").ends(2).stays_mute();
    folder.run("suggest --from-log none.jsonl").refuses(5, "cannot read `none.jsonl`: No such file");
    folder.run("suggest -p - --from-log -").stdin(MANY).refuses(2, "standard input");
}

/// A line is taken whole or not at all, and told with its number.
#[test]
fn wrong_lines() {
    let log = r#"{"principal": "bea", "permission": "orders:read"}
nonsense
{"principal": "bae", "permission": "orders:read"}
{"principal": "bea", "permission": "orders:raed"}
{"principal": "bea", "permission": "orders:write", "at": "never"}
{"principal": "bea", "permission": "orders:write", "decision": "maybe"}
{"principal": "bea", "role": "clerk", "permission": "orders:write"}
{"org": "shop", "principal": "bea", "permission": "orders:write"}
"#;
    let output = many().owned("suggest --from-log - --at 2026-04-01").stdin(log).ends(1);
    let output = output.has("// \"bea\": 1 permission used, by 1 line\n");
    assert_eq!(
        output.stderr,
        "error: line 2: it is no JSON object
error: line 3: no assignment of organization `store` names `bae`; did you mean `bea`?
error: line 4: row `orders` has no action `raed`: it has `read`, `write`; did you mean `read`?
error: line 5: `never` is no time: a time is a date like 2026-11-01 or a time like 2026-11-01T09:30:00Z
error: line 6: `decision` is neither `allow` nor `deny`
error: line 7: `principal` and `role` are both given
error: line 8: there is no organization `shop`
error: 7 of 8 lines are left out
",
        "{output}"
    );
    let many_wrong = "nonsense\n".repeat(1_000);
    let output =
        many().owned("suggest --from-log -").stdin(many_wrong).ends(1).warns("error: 1000 of 1000 lines");
    assert_eq!(output.stderr.lines().count(), 101, "the first are told, all are counted: {output}");
    assert_eq!(output.stdout, "// nothing was used, and nobody was asked about\n");
    let long =
        format!("{{\"principal\": \"bea\", \"permission\": \"orders:read\"}}{}\n", " ".repeat(1 << 20));
    many().owned("suggest --from-log -").stdin(long).ends(1).warns("line 1: it is longer than 1048576 bytes");
}

#[test]
fn several_organizations() {
    let folder = Folder::new().with(
        "two.role",
        "use jumpcloud\norganization north { role r { grant all: full } assign r to \"x\" }\norganization south { role r { } assign r to \"x\" }\n",
    );
    let told = folder.run("suggest").ends(0);
    assert!(told.stdout.starts_with("north (direct): 1 custom role of 20\n"), "{told}");
    told.has("\n\nsouth (direct): 1 custom role of 20\n");
    folder.run("suggest --cover devices").refuses(4, "none was named: `north` or `south`");
    let line = r#"{"principal": "x", "permission": "devices", "action": "view"}"#;
    let named = r#"{"org": "north", "principal": "x", "permission": "event-logs", "action": "view"}"#;
    let log = format!("{line}\n{named}\n");
    folder
        .run("suggest --from-log -")
        .stdin(&log)
        .ends(1)
        .warns("line 1: the policy has several organizations");
    let south = folder.run("suggest --from-log - --org south").stdin(&log).ends(0);
    let south = south.has("organization south {\n    // \"x\": 1 permission used, by 1 line\n");
    assert!(!south.stdout.contains("north"), "{south}");
    // A direct organization has no event logs, whatever a role says.
    folder.run("suggest --from-log -").stdin(named).ends(0).has(
        "    // used, and left out: managed organizations only\n    //   monitoring-analytics.event-logs:view\n    role x-used {}\n}\n",
    );
}

#[test]
fn a_log_of_a_hundred_thousand_lines() {
    let log = LOG.repeat(20_000);
    let output = many().owned("suggest --from-log - --at 2026-06-03").stdin(log).ends(0);
    output.has("// \"bea\": 1 permission used, by 40000 lines\n");
}

#[test]
fn a_broken_policy_answers_nothing() {
    let folder = Folder::new().with("bad.role", BROKEN);
    for args in ["suggest", "suggest --cover devices", "suggest --from-log -"] {
        folder.run(args).refuses(4, "nothing is answered while the policy has errors");
    }
    let told: Run = folder.run("suggest --format json");
    assert_eq!(told.json(4)["error"], "policy-errors");
}
