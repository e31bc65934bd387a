//! `build`: a table or none, never half of one.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

use crate::run::{BROKEN, Folder, Run, SHOP, STORE, policies};

#[test]
fn a_table_is_written() {
    let folder = Folder::store();
    assert!(folder.build("store.rolec").starts_with(b"\x89ROLE"));
    assert_eq!(folder.names(), ["shop.role", "store.role", "store.rolec"], "nothing else is left");
    folder.run("can role:clerk prices:view --table store.rolec").succeeds("allow\n");
}

#[test]
fn the_umask_says_who_reads_a_table() {
    let folder = Folder::store();
    folder.build("store.rolec");
    let mode = |name: &str| fs::metadata(folder.at(name)).unwrap().permissions().mode();
    assert_eq!(mode("store.rolec"), mode("store.role"));
}

#[test]
fn the_same_policy_gives_the_same_bytes() {
    let folder = Folder::store();
    let bytes = folder.build("a.rolec");
    assert_eq!(folder.build("b.rolec"), bytes);
    folder.run("build shop.role store.role -o c.rolec").succeeds("");
    folder.run("build store.role shop.role -o d.rolec").succeeds("");
    folder.run("build store.role -o e.rolec").succeeds("");
    for name in ["c.rolec", "d.rolec", "e.rolec"] {
        assert_eq!(folder.bytes(name), bytes, "{name}");
    }
    let dir = policies();
    let built = |args: &str, name: &str| {
        Run::new(args).arg("-o").arg(folder.at(name)).dir(&dir).ends(0);
        folder.bytes(name)
    };
    let all = built("build", "1.rolec");
    assert!(built("build .", "2.rolec") == all);
    let others = "orders-app northwind-msp jumpcloud helvetia-bank";
    assert!(built(&format!("build {others} acme"), "3.rolec") == all);
    let acme = "acme/tests.role acme/people.role acme/templates.role acme/rules.role acme/acme.role";
    assert!(built(&format!("build {acme} {others}"), "4.rolec") == all);
}

#[test]
fn warnings_are_told_and_a_table_is_written() {
    let folder = Folder::new()
        .with("a.role", "use jumpcloud\norganization acme { role r { grant device-management { } } }\n");
    folder.run("build -o a.rolec").ends(0).has("warning[R0409]");
    assert!(folder.bytes("a.rolec").starts_with(b"\x89ROLE"));
    let found = folder.run("build -o a.rolec --format json").json(0);
    assert_eq!(found["findings"][0]["code"], "R0409");
}

#[test]
fn a_broken_policy_gives_no_table() {
    let folder = Folder::new().with("bad.role", BROKEN);
    folder.run("build -o bad.rolec").ends(1).has("error[R0401]").warns("`bad.rolec` was not written");
    assert_eq!(folder.names(), ["bad.role"]);
    let folder = folder.with("bad.rolec", "the old one");
    assert_eq!(folder.run("build -o bad.rolec --format json").ends(1).has("\"R0401\"").status, Some(1));
    assert_eq!(folder.bytes("bad.rolec"), b"the old one");
}

#[test]
fn a_broken_forbid_gives_no_table() {
    let policy = "use jumpcloud
organization o {
    role r { grant core-administration.billing-management: full }
    forbid \"paying\" except admin-with-billing { core-administration.billing-management: full }
}
";
    let folder = Folder::new().with("a.role", policy);
    folder.run("build -o a.rolec").ends(1).has("error[R0611]");
    assert_eq!(folder.names(), ["a.role"]);
    folder.run("can role:r billing-management").ends(4).stays_mute().warns("error[R0611]");
}

#[test]
fn an_old_table_is_replaced() {
    let folder = Folder::store().with("store.rolec", "the old one");
    folder.build("store.rolec");
    folder.run("show boss --table store.rolec").ends(0);
}

#[test]
fn standard_input_is_a_policy() {
    let folder = Folder::new();
    let policy = format!("{SHOP}{}", STORE.replace("use \"shop.role\"\n", "use shop\n"));
    folder.run("build - -o a.rolec").stdin(&policy).succeeds("");
    folder.run("can ana@store.example orders:read --table a.rolec").succeeds("allow\n");
}

#[test]
fn outputs_that_cannot_be() {
    let folder = Folder::store().with("dir/x", "");
    folder.run("build -o dir").complains(5, "error: cannot write `dir`: it is a folder; name a file in it\n");
    folder
        .run("build -o none/a.rolec")
        .complains(5, "error: cannot write `none/a.rolec`: No such file or directory (os error 2)\n");
    folder.run("build -o store.role/a.rolec").ends(5).stays_mute().warns("cannot write `store.role/a.rolec`");
    folder.run("build -o").arg("").ends(2).stays_mute();
    folder.run("build -o -").ends(2).stays_mute().warns("a table goes to a file");
    folder.run("build").ends(2).stays_mute().warns("--output");
    assert_eq!(folder.names(), ["dir", "shop.role", "store.role"]);
}

/// By a link in a folder of ours: whoever breaks this replaces the link, and no device of the machine.
#[test]
fn a_device_is_no_output() {
    let folder = Folder::store();
    for device in ["/dev/full", "/dev/null"] {
        symlink(device, folder.at("device")).unwrap();
        folder
            .run("build -o device")
            .ends(5)
            .stays_mute()
            .warns("cannot write `device`: it is no regular file");
        assert!(fs::symlink_metadata(folder.at("device")).unwrap().file_type().is_symlink());
        fs::remove_file(folder.at("device")).unwrap();
    }
    folder.pipe("pipe.rolec");
    folder
        .run("build -o pipe.rolec")
        .ends(5)
        .stays_mute()
        .warns("cannot write `pipe.rolec`: it is no regular file");
    assert!(fs::metadata(folder.at("pipe.rolec")).unwrap().file_type().is_fifo());
}

#[test]
fn a_policy_is_never_overwritten() {
    let folder = Folder::store();
    folder.run("build -o store.role").ends(2).stays_mute().warns("`store.role` is named like a policy");
    folder.run("build shop.role -o other.role").ends(2).stays_mute();
    let folder = folder.with("policy", SHOP);
    folder.run("build policy -o policy").ends(2).stays_mute().warns("is read as a part of the policy");
    symlink("policy", folder.at("link.rolec")).unwrap();
    folder.run("build policy -o link.rolec").ends(2).stays_mute();
    assert_eq!(folder.bytes("policy"), SHOP.as_bytes());
    assert_eq!(folder.bytes("store.role"), STORE.as_bytes());
}

#[test]
fn decisions_alone_decide_and_explain_nothing() {
    let folder = Folder::store();
    let whole = folder.build("store.rolec");
    let sizes = folder.run("build -o alone.rolec --decisions-only --sizes").ends(0);
    let alone = folder.bytes("alone.rolec");
    assert!(alone.len() < whole.len() && whole[128..alone.len()] == alone[128..]);
    sizes.has(&format!("{:>14} bytes\n", alone.len())).has("provenance             0 bytes\n");
    let sizes = folder.run("build -o again.rolec --sizes").ends(0);
    sizes.has(&format!("{:>13} bytes\n", whole.len() - alone.len()));
    folder.run("build -o again.rolec --sizes --format json").refuses(2, "ask for the sizes without it");
    for table in ["store.rolec --trust-mapped", "alone.rolec", "alone.rolec --trust-mapped", "store.rolec"] {
        for (question, status, answer) in [
            ("ana@store.example sales.prices:view", 0, "allow\n"),
            ("ana@store.example sales.prices:full", 3, "deny\n"),
            ("bea@store.example sales.export:on", 3, "deny\n"),
        ] {
            folder.run(&format!("can {question} --at 2026-11-01 --table {table}")).prints(status, answer);
        }
    }
    for verb in ["show clerk", "who prices", "can role:clerk prices", "can nobody sales.prices:view"] {
        folder.run(&format!("{verb} --table alone.rolec")).refuses(4, "R0904");
        folder
            .run(&format!("{verb} --table alone.rolec"))
            .refuses(4, "build it again without `--decisions-only`");
    }
    folder.run("can ana@store.example sales.prices:view --trust-mapped").refuses(2, "--table");
}

/// An id that has to be quoted takes nothing from those that need not be.
#[test]
fn decisions_alone_are_asked_in_any_spelling_of_one_meaning() {
    let text = "use c
catalog c {
    category s { \"a.b\": verbs read  prices: verbs read, write }
    category t { prices: flag  \"s.prices\": verbs write }
}
organization o {
    role r { grant s.prices: read  grant s.\"a.b\": read }
    assign r to \"x\"
}
";
    let folder = Folder::new().with("o.role", text);
    folder.run("build -o o.rolec --decisions-only").succeeds("");
    for (asked, status, answer) in [
        ("s.prices:read", 0, "allow\n"),
        (r#""s"."prices":read"#, 0, "allow\n"),
        (r#"s."a.b":read"#, 0, "allow\n"),
        ("s.a.b:read", 0, "allow\n"),
        ("a.b:read", 0, "allow\n"),
        ("prices:read", 0, "allow\n"),
        (r#""s"."prices":"full""#, 3, "deny\n"),
    ] {
        for mapped in ["", " --trust-mapped"] {
            folder.run(&format!("can x --table o.rolec{mapped}")).arg(asked).prints(status, answer);
        }
    }
    folder.run("can x --table o.rolec --category s --row prices --action write").prints(3, "deny\n");
    folder.run("can x --table o.rolec --category s --row a.b").prints(0, "allow\n");
    // What may mean two things is not guessed.
    for asked in ["s.prices:write", "prices", "s.prices"] {
        folder.run("can x --table o.rolec").arg(asked).refuses(4, "R0904");
    }
}

#[test]
fn a_mapped_table_is_one_by_its_header() {
    let folder = Folder::store();
    let bytes = folder.build("store.rolec");
    for (at, message) in [(0, "R0901"), (8, "R0902"), (16, "R0903"), (60, "R0903"), (130, "R0903")] {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        folder.put("bad.rolec", &bytes);
        let run = folder.run("can ana@store.example sales.prices:view --table bad.rolec --trust-mapped");
        if at < 128 {
            run.refuses(4, message);
        } else {
            // What stands behind the header is believed, or is no answer.
            assert_ne!(run.output().status, Some(1));
        }
    }
    folder.put("bad.rolec", &bytes[..100]);
    folder
        .run("can ana@store.example sales.prices:view --table bad.rolec --trust-mapped")
        .refuses(4, "cut off");
}

/// What stands where a table goes keeps what is its own: its permissions, and a link that it is one.
#[test]
fn a_table_goes_where_a_link_leads_and_keeps_its_permissions() {
    let folder = Folder::store().with("releases/v1.rolec", "old");
    let table = folder.build("x.rolec");
    let mode = |name: &str| fs::metadata(folder.at(name)).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(folder.at("releases/v1.rolec"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("releases/v1.rolec", folder.at("current.rolec")).unwrap();
    folder.run("build -o current.rolec").succeeds("");
    assert!(fs::symlink_metadata(folder.at("current.rolec")).unwrap().is_symlink());
    assert_eq!((folder.bytes("releases/v1.rolec"), mode("releases/v1.rolec")), (table, 0o600));
    symlink("nowhere", folder.at("dangling.rolec")).unwrap();
    folder.run("build -o dangling.rolec").refuses(5, "cannot write `dangling.rolec`: No such file");
    folder.put("rolec.toml", "");
    folder.run("build -o rolec.toml").refuses(2, "has the settings of the run");
}
