//! `verify`: whether a table is as its sources say; and what `build` and the verbs that ask say of tables that nobody
//! compared.

use std::fs;

use rolec::decisions::{Certificate, Header};
use rolec::table::Table;

use crate::run::{BROKEN, Folder, Run, SHOP, STORE, policies};

/// The certificate in a file.
fn certificate(bytes: &[u8]) -> Option<Certificate> {
    Header::of(bytes).unwrap().certificate
}

/// The same file with another certificate, every checksum right.
fn with(bytes: &[u8], certificate: Option<Certificate>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let begins = Header::of(&bytes).unwrap().certified(certificate);
    bytes[..begins.len()].copy_from_slice(&begins);
    bytes
}

#[test]
fn a_table_is_built_with_its_certificate() {
    let folder = Folder::store();
    let bytes = folder.build("store.rolec");
    // 5 actions of the catalog; 2 roles and 3 principals, one of them in three stretches.
    assert_eq!(certificate(&bytes).unwrap().cells(), 5 + 5 * (2 + 1 + 1 + 3));
    folder
        .run("verify store.rolec")
        .succeeds("certified: 40 cells of `store.rolec` are as the sources say\n");
    folder.run("verify store.rolec shop.role store.role").ends(0);
    folder
        .run("verify store.rolec -")
        .stdin(format!("{SHOP}{}", STORE.replace("\"shop.role\"", "shop")))
        .ends(0);
    // What compares adds its certificate and nothing else.
    folder.run("build -o bare.rolec --no-certify").succeeds("");
    let bare = folder.bytes("bare.rolec");
    assert_eq!((certificate(&bare), with(&bare, certificate(&bytes))), (None, bytes));
}

#[test]
fn every_policy_is_certified() {
    let folder = Folder::new();
    let dir = policies();
    for name in ["acme", "helvetia-bank", "jumpcloud", "northwind-msp", "orders-app"] {
        let table = folder.at(name).with_extension("rolec");
        Run::new(&format!("build {name} -o")).arg(&table).dir(&dir).ends(0);
        let told = Run::new("verify").arg(&table).arg(name).arg("--format").arg("json").dir(&dir).json(0);
        assert_eq!((&told["certified"], &told["certificate"]), (&true.into(), &told["worked_out"]), "{name}");
        assert!(told["cells"].as_u64() > Some(0) && told["explains_otherwise"].is_null(), "{name}");
    }
}

#[test]
fn a_table_of_other_sources_is_told_cell_by_cell() {
    let folder = Folder::store();
    folder.build("store.rolec");
    let other = STORE
        .replace("grant sales.prices: view", "grant sales.prices: none")
        .replace("until 2026-04-01T12:00:00Z", "until 2026-05-01")
        .replace(
            "assign clerk to \"ana@store.example\", service",
            "assign clerk to \"eve@store.example\", service",
        );
    folder.put("store.role", other);
    let told = folder.run("verify store.rolec").ends(1);
    for part in [
        "not certified: ",
        "role `clerk` of organization `store`, `sales.prices`: the table says `view`, the sources nothing\n",
        "principal `till` of organization `store`, `sales.prices`: the table says `view`, the sources nothing\n",
        "principal `eve@store.example` of organization `store`: the table does not know it, the sources say `person`\n",
        "principal `ana@store.example` of organization `store`: the table says `person`, the sources do not know it\n",
        "assignments `bea@store.example` of organization `store`, from 2026-04-01T12:00:00Z on: the table says nothing, the sources `boss`\n",
        "principal `bea@store.example` of organization `store`, `sales.orders`, from 2026-04-01T12:00:00Z on: ",
    ] {
        assert!(told.stdout.contains(part), "no {part:?} in {told}");
    }
    let json = folder.run("verify store.rolec --format json").json(1);
    assert_eq!((&json["certified"], &json["worked_out"]), (&false.into(), &serde_json::Value::Null));
    let clerk = json["differences"].as_array().unwrap().iter().find(|it| it["name"] == "clerk").unwrap();
    assert_eq!(
        *clerk,
        serde_json::json!({
            "what": "role", "name": "clerk", "organization": "store",
            "category": "sales", "row": "prices", "table": ["view"], "sources": [],
        })
    );
    assert_eq!(json["differing"], json["differences"].as_array().unwrap().len());
}

#[test]
fn so_many_differences_are_told_and_the_others_counted() {
    let folder = Folder::new();
    let policy = |level: &str| {
        let roles: String =
            (0..150).map(|at| format!("role r{at} {{ grant sales.orders: {level} }}\n")).collect();
        format!("{SHOP}use shop\norganization o {{ {roles} }}\n")
    };
    folder.put("a.role", policy("read"));
    // Warned of, for all of them are alike.
    folder.run("build -o a.rolec").ends(0);
    folder.put("a.role", policy("write"));
    let told = folder.run("verify a.rolec").ends(1);
    assert_eq!(told.stdout.lines().count(), 102, "{told}");
    assert!(told.stdout.ends_with("\n  and 50 more\n"), "{told}");
    let json = folder.run("verify a.rolec --format json").json(1);
    assert_eq!((json["differing"].as_u64(), json["differences"].as_array().unwrap().len()), (Some(150), 100));
}

/// Whoever writes the file can write its checksums. The sources tell.
#[test]
fn a_forged_certificate_is_told() {
    let folder = Folder::store();
    let bytes = folder.build("store.rolec");
    let own = certificate(&bytes).unwrap();
    for bit in 0..192 {
        let forged = match bit {
            0..64 => Certificate::new(own.cells() ^ 1 << bit, own.hash()),
            _ => Certificate::new(own.cells(), own.hash() ^ 1 << (bit - 64)),
        };
        // One flip makes no zero of it.
        assert!(forged.is_some(), "{bit}");
        // Each is a run: the ends of both numbers stand for all.
        if ![0, 63, 64, 127, 128, 191].contains(&bit) {
            continue;
        }
        folder.put("forged.rolec", with(&bytes, forged));
        let told = folder
            .run("verify forged.rolec")
            .ends(1)
            .has("the certificate in `forged.rolec` is not that of its cells\n");
        assert!(told.stdout.contains(&format!("worked out: of {own}\n")), "{told}");
        let json = folder.run("verify forged.rolec --format json").json(1);
        assert_eq!((json["certified"].as_bool(), json["differing"].as_u64()), (Some(false), Some(0)));
        assert_ne!(json["certificate"], json["worked_out"]);
        // Who only asks cannot know.
        folder.run("show boss --table forged.rolec").ends(0);
    }
}

#[test]
fn decisions_alone_are_certified_too() {
    let folder = Folder::store();
    folder.run("build -o store.rolec --decisions-only").succeeds("");
    let bytes = folder.bytes("store.rolec");
    assert_eq!(certificate(&bytes).unwrap().cells(), 5 + 5 * (1 + 1 + 3));
    folder
        .run("verify store.rolec")
        .succeeds("certified: 30 cells of `store.rolec` are as the sources say\n");
    // The certificate of a whole table is not that of its decisions.
    let whole = folder.build("whole.rolec");
    let alone = Table::from_bytes(&whole).unwrap().decisions().to_bytes(None);
    assert_eq!((certificate(&alone), with(&alone, certificate(&bytes))), (None, bytes));
    folder.put("forged.rolec", with(&alone, certificate(&whole)));
    folder.run("verify forged.rolec").ends(1).has("is not that of its cells");
    folder.put("store.role", STORE.replace("prices: view", "prices: none").replace("\"till\"", "\"tall\""));
    let told = folder.run("verify store.rolec").ends(1);
    for part in [
        "principal `ana@store.example` of organization `store`, `sales.prices`: the table says `view`, the sources nothing\n",
        "principal `tall` of organization `store`: the table does not know it, the sources say `service`\n",
    ] {
        assert!(told.stdout.contains(part), "no {part:?} in {told}");
    }
    folder.put("store.role", STORE.replace(", service \"till\"", ""));
    folder
        .run("verify store.rolec")
        .ends(1)
        .has("organization `store`: the table says `3 principals`, the sources `2 principals`");
}

#[test]
fn assignments_from_a_file_are_compared_too() {
    let folder = Folder::store();
    let rows = "organization,principal,kind,role,from,until\n\
        store,zoe@store.example,person,boss,2026-01-01,2026-02-01\n\
        store,ana@store.example,,boss,,\n\
        store,robot,service,clerk,,\n";
    folder.put("people.csv", rows);
    let build = |args: &str| {
        folder.run(&format!("build -o store.rolec --assignments people.csv {args}")).succeeds("")
    };
    for args in ["", "--decisions-only"] {
        build(args);
        assert!(certificate(&folder.bytes("store.rolec")).is_some(), "{args}");
        folder.run("verify store.rolec --assignments people.csv").ends(0).has("certified: ");
        folder.run("verify store.rolec").ends(1);
        folder
            .run("verify store.rolec --assignments -")
            .arg("--assignments-format")
            .arg("csv")
            .stdin(rows)
            .ends(0);
        let fewer =
            rows.replace("2026-02-01", "2026-02-02").replace("robot,service,clerk", "robot,service,boss");
        folder.run("verify store.rolec --assignments - --assignments-format csv").stdin(fewer).ends(1);
    }
    // As lines of JSON it is the same table.
    let csv = folder.bytes("store.rolec");
    folder.put("people.jsonl", "{\"organization\":\"store\",\"principal\":\"robot\",\"kind\":\"service\",\"role\":\"clerk\"}\n\
        {\"organization\":\"store\",\"principal\":\"ana@store.example\",\"role\":\"boss\"}\n\
        {\"organization\":\"store\",\"principal\":\"zoe@store.example\",\"role\":\"boss\",\"from\":\"2026-01-01\",\"until\":\"2026-02-01\"}\n");
    folder.run("build -o store.rolec --decisions-only --assignments people.jsonl").succeeds("");
    assert!(folder.bytes("store.rolec") == csv);
}

#[test]
fn what_decides_nothing_is_told_and_is_no_fault() {
    let folder = Folder::store();
    folder.build("store.rolec");
    assert!(!folder.run("verify store.rolec").ends(0).stdout.contains("otherwise"));
    // Where it is written, too: `why` tells lines.
    folder.put("store.role", format!("\n\n// moved\n{STORE}"));
    let told = folder.run("verify store.rolec").ends(0);
    assert!(
        told.stdout.starts_with("certified: ")
            && told.stdout.contains("otherwise by the sources, the place of ")
    );
    folder.put("store.role", STORE.replace("\"Clerk\"", "\"Cashier\""));
    folder
        .run("verify store.rolec")
        .succeeds("certified: 40 cells of `store.rolec` are as the sources say\nwhat decides nothing is said otherwise by the sources, role `clerk` first\n");
    assert_eq!(folder.run("verify store.rolec --format json").json(0)["explains_otherwise"], "role `clerk`");
}

#[test]
fn what_cannot_be_verified() {
    let folder = Folder::store();
    let bytes = folder.build("store.rolec");
    folder.run("verify").ends(2).stays_mute();
    folder.run("verify --show store.rolec store.role").ends(2).stays_mute();
    folder.run("verify none.rolec").ends(5).stays_mute().warns("cannot read `none.rolec`");
    folder.run("verify store.rolec none.role").ends(5).stays_mute().warns("none.role");
    folder.run("verify store.rolec --assignments none.csv").ends(5).stays_mute().warns("none.csv");
    folder.run("verify store.role").ends(4).stays_mute().warns("error[R0901]");
    for (name, at, code) in [("version", 8, "R0902"), ("damaged", 140, "R0903"), ("cut", 0, "R0903")] {
        let mut other = bytes.clone();
        match at {
            0 => other.truncate(bytes.len() - 1),
            at => other[at] ^= 1,
        }
        folder.put("other.rolec", other);
        for show in ["", "--show"] {
            folder
                .run(&format!("verify other.rolec {show}"))
                .ends(4)
                .stays_mute()
                .warns(&format!("error[{code}]"));
        }
        let told = folder.run("verify other.rolec --format json").json(4);
        assert_eq!(told["findings"][0]["code"], code, "{name}");
    }
    let folder = folder.with("store.role", BROKEN);
    folder.run("verify store.rolec").ends(4).stays_mute().warns("error[R0401]").warns("nothing is certified");
    assert_eq!(folder.run("verify store.rolec --format json").json(4)["error"], "policy-errors");
}

#[test]
fn uncertified_tables_are_told_once_by_every_verb() {
    let folder = Folder::store();
    folder.build("store.rolec");
    for alone in ["", " --decisions-only"] {
        folder.run(&format!("build -o bare.rolec --no-certify{alone}")).succeeds("");
        for args in [
            "can ana@store.example sales.orders:read",
            "can ana@store.example sales.orders:read --trust-mapped",
        ] {
            let told = folder.run(args).arg("--table").arg("bare.rolec").ends(0).has("allow\n");
            assert_eq!(told.stderr.matches("warning[R0905]").count(), 1, "{told}");
        }
    }
    folder.run("build -o bare.rolec --no-certify").succeeds("");
    for (args, status) in [
        ("can role:clerk prices", 3),
        ("can ana@store.example orders:read --why", 0),
        ("can nobody orders:read", 4),
        ("show clerk", 0),
        ("who sales.orders:read", 0),
        ("what role:clerk", 0),
        ("matrix", 0),
        ("suggest", 0),
        ("eval --format json", 0),
        ("export cedar -o cedar", 0),
    ] {
        let told = folder.run(args).arg("--table").arg("bare.rolec").ends(status);
        assert_eq!(told.stderr.matches("warning[R0905]").count(), 1, "{told}");
        let json = folder.run(args).arg("--table").arg("store.rolec").ends(status);
        assert_eq!((&json.stdout, &*json.stderr), (&told.stdout, ""), "what is answered is the same: {args}");
    }
    let told = folder.run("diff store.rolec bare.rolec").ends(0);
    assert_eq!(told.stderr.matches("warning[R0905]").count(), 1, "{told}");
    // It may be right all the same.
    let told = folder.run("verify bare.rolec").ends(0).has("certified: ").warns("warning[R0905]");
    let told = told.warns("the table holds no certificate");
    assert!(!told.stderr.contains("rolec verify"), "{told}");
    let told = folder.run("verify bare.rolec --format json").ends(0).warns("warning[R0905]");
    let json: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert!(json["certified"] == true && json["certificate"].is_null() && json["worked_out"].is_object());
    folder.run("verify --show bare.rolec").ends(0).has("\ncertificate     none\n");
}

#[test]
fn a_table_is_shown_from_outside() {
    let folder = Folder::store();
    let bytes = folder.build("store.rolec");
    let own = certificate(&bytes).unwrap();
    let header = Header::of(&bytes).unwrap();
    fs::remove_file(folder.at("store.role")).unwrap();
    let told = folder.run("verify --show store.rolec").ends(0);
    for part in [
        &*format!("store.rolec: {} bytes, layout version 3\n", bytes.len()),
        &format!("\ncertificate     {own}\n"),
        &format!(
            "\ndecisions                128 {:>12}  {:016x}\n",
            header.decisions.range.end - 128,
            header.decisions.checksum
        ),
        "\n  bits          ",
        "\norganizations              1\n",
        "\nroles                      2\n",
        "\nprincipals                 3\n",
        "\nassignments                3\n",
    ] {
        assert!(told.stdout.contains(part), "no {part:?} in {told}");
    }
    let json = folder.run("verify --show store.rolec --format json").json(0);
    assert_eq!(json["length"], bytes.len());
    assert_eq!(json["certificate"]["hash"], format!("{:032x}", own.hash()));
    assert_eq!(json["counts"]["rows"], 3);
    let parts = json["sections"][1]["parts"].as_array().unwrap();
    let ends = parts.last().map(|part| part["begins"].as_u64().unwrap() + part["length"].as_u64().unwrap());
    assert_eq!((parts.len(), ends), (7, Some(bytes.len() as u64)));
    let folder = Folder::store();
    folder.run("build -o alone.rolec --decisions-only").succeeds("");
    let json = folder.run("verify --show alone.rolec --format json").json(0);
    assert_eq!((json["sections"].as_array().unwrap().len(), json["counts"]["roles"].is_null()), (1, true));
    assert_eq!(json["counts"]["principals"], 3);
    assert!(!folder.run("verify --show alone.rolec").ends(0).stdout.contains("provenance"));
}

#[test]
fn what_the_comparison_took_is_told_with_the_sizes() {
    let folder = Folder::store();
    folder
        .run("build -o store.rolec --sizes")
        .ends(0)
        .has("\ncertified             40 cells\n")
        .warns(" % of the build: ")
        .warns(" ms to read the policy again while ");
    let bare = folder
        .run("build -o store.rolec --sizes --no-certify")
        .ends(0)
        .has("\ncertified              0 cells\n");
    assert_eq!(bare.stderr, "");
}
