//! What verbs are given: files, folders and tables of every sort, most of them bad ones. Each gets a finding or a
//! message and its exit status; nothing hangs, nothing panics, nothing hidden reaches a terminal.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::thread;
use std::time::{Duration, Instant};

use crate::run::{BROKEN, Folder, Run, SHOP, STORE, policies};

/// Every verb, with the policy at the end of it.
const OVER_SOURCES: [&str; 13] = [
    "check",
    "check --format json",
    "build -o out.rolec",
    "build -o out.rolec --format json",
    "can role:clerk orders --policy",
    "can role:clerk orders --why --format json --policy",
    "eval --policy",
    "show clerk --policy",
    "who orders --policy",
    "what role:clerk --policy",
    "suggest --policy",
    "suggest --from-log - --policy",
    "test",
];

/// Every verb that asks, with the table at the end of it.
const OVER_TABLE: [&str; 8] = [
    "can role:clerk orders --table",
    "can role:clerk orders --why --format json --table",
    "eval --table",
    "show clerk --table",
    "who orders --table",
    "what role:clerk --table",
    "suggest --table",
    "suggest --from-log - --table",
];

/// How a verb ends on a policy with errors.
fn refused(verb: &str) -> i32 {
    let is_own_work = ["check", "build", "test"].iter().any(|own| verb.starts_with(own));
    if is_own_work { 1 } else { 4 }
}

/// Every verb says the same of the outside world, and nothing else.
fn all_complain(folder: &Folder, path: impl AsRef<OsStr>, message: &str) {
    for verb in OVER_SOURCES {
        let run = folder.run(verb).arg(path.as_ref());
        match verb {
            // Findings are a document even where nothing was read.
            "check --format json" => assert_eq!(run.json(5)["unread"], serde_json::json!([message])),
            verb if verb.contains("json") => assert_eq!(run.json(5)["message"], message),
            "check" => run.complains(5, &format!("error: {message}\n")),
            _ => drop(run.refuses(5, message)),
        }
    }
    assert!(!folder.at("out.rolec").exists());
}

/// Every verb finds this in the policy, which is the whole folder, and answers nothing.
fn all_find(folder: &Folder, code: &str, message: &str) {
    for verb in OVER_SOURCES {
        let run = folder.run(verb).arg(".");
        if refused(verb) == 1 {
            let message = if verb.contains("json") { json_of(message) } else { message.to_owned() };
            run.ends(1).has(code).has(&message);
        } else {
            let output = run.refuses(4, code);
            assert!(output.stderr.contains(message) || output.stdout.contains(&json_of(message)), "{output}");
        }
    }
    assert!(!folder.at("out.rolec").exists());
}

fn json_of(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

#[test]
fn paths_that_lead_nowhere() {
    let folder = Folder::store().with("empty/readme.md", "no policy");
    all_complain(&folder, "none.role", "cannot read `none.role`: No such file or directory (os error 2)");
    folder.run("check").arg("").ends(2).stays_mute();
    all_complain(&folder, "store.role/", "cannot read `store.role/`: Not a directory (os error 20)");
    all_complain(&folder, "store.role/x", "cannot read `store.role/x`: Not a directory (os error 20)");
    all_complain(
        &folder,
        "empty",
        "there is no .role file below `empty`; name the folder or file of the policy",
    );
    symlink("nowhere.role", folder.at("dangling.role")).unwrap();
    all_complain(
        &folder,
        "dangling.role",
        "cannot read `dangling.role`: No such file or directory (os error 2)",
    );
    symlink("loop.role", folder.at("loop.role")).unwrap();
    folder.run("check loop.role").ends(5).stays_mute().warns("cannot read `loop.role`: ");
    folder.run("check store.role none.role").ends(5).stays_mute().warns("cannot read `none.role`");
}

#[test]
fn pipes_and_devices_do_not_hang() {
    let folder = Folder::store();
    folder.pipe("pipe");
    for path in ["pipe", "/dev/zero", "/dev/full", "/dev/null"] {
        all_complain(
            &folder,
            path,
            &format!("cannot read `{path}`: it is no regular file; where `-` can be named, pipe it in"),
        );
        for verb in OVER_TABLE {
            folder.run(verb).arg(path).refuses(5, &format!("cannot read `{path}`: it is no regular file"));
        }
        folder.run("eval").arg(path).refuses(5, &format!("cannot read `{path}`: it is no regular file"));
    }
    // A walk reads regular files only, and says so of others with such a name.
    folder.pipe("walked.role");
    folder.run("check").ends(5).warns("cannot read `walked.role`: it is no regular file");
}

#[test]
fn imports_that_cannot_be() {
    let folder = Folder::new().with("dir/x", "");
    folder.pipe("pipe");
    folder.pipe("pipe.role");
    fs::create_dir(folder.at("dir.role")).unwrap();
    for (path, message) in [
        ("none.role", "there is no file `none.role`"),
        ("dir/none.role", "there is no file `dir/none.role`"),
        ("dir/x/none.role", "there is no file `dir/x/none.role`"),
        ("pipe", "`pipe` names no `.role` file"),
        ("dir", "`dir` names no `.role` file"),
        (".", "`.` names no `.role` file"),
        (".role", "`.role` names no `.role` file"),
        ("\\u{0}", "names no `.role` file"),
        ("a\\u{0}.role", "names no `.role` file"),
        ("a\\u{a}b", "names no `.role` file"),
        ("/dev/zero", "`/dev/zero` is an absolute path"),
        ("/none.role", "`/none.role` is an absolute path"),
        ("../../../../../../../none.role", "leads out of the root of this run"),
    ] {
        folder.put("a.role", format!("use \"{path}\"\norganization o {{ }}\n"));
        folder.run("check a.role").ends(1).has("error[R0201]").has(message);
    }
    for path in ["pipe.role", "dir.role"] {
        folder.put("a.role", format!("use \"{path}\"\norganization o {{ }}\n"));
        folder
            .run("check a.role")
            .complains(5, &format!("error: cannot read `{path}`: it is no regular file\n"));
    }
    fs::remove_file(folder.at("pipe.role")).unwrap();
    folder.put("a.role", "use \"a.role\"\norganization o { }\n");
    folder.run("check").ends(1).has("`a.role` holds no catalog");
    folder.put("a.role", "use \"\"\norganization o { }\n");
    folder.run("check").ends(1).has("error[R0201]");
    folder.put("a.role", "use \"b.role\"\norganization a { }\n");
    folder.put("b.role", "use \"a.role\"\norganization b { }\n");
    folder.run("check a.role").ends(1).has("`b.role` holds no catalog").has("`a.role` holds no catalog");
}

#[test]
fn a_policy_and_a_table_are_not_one_another() {
    let folder = Folder::store();
    folder.build("store.rolec");
    for verb in OVER_SOURCES {
        let name = "store.rolec";
        let message = "`store.rolec` is a compiled table, not a policy";
        if verb == "check --format json" {
            folder.run(verb).arg(name).ends(2).has(message);
        } else {
            folder.run(verb).arg(name).refuses(2, message);
        }
    }
    for verb in OVER_TABLE {
        folder.run(verb).arg("store.role").refuses(4, "R0901");
        folder.run(verb).arg("store.role").refuses(4, "it begins with `use \\\"sho`");
        folder.run(verb).arg(".").refuses(5, "cannot read `.`: it is a folder");
        folder.run(verb).arg("none").refuses(5, "cannot read `none`: No such file");
    }
}

#[test]
fn ignore_files_are_honoured_in_folders() {
    let folder = Folder::store().with("old/bad.role", BROKEN).with(".hidden/bad.role", BROKEN);
    folder.run("check").ends(1).has("old/bad.role:2:");
    let folder = folder.with(".ignore", "old/\n");
    folder.run("check").succeeds("");
    folder.run("check old/bad.role").ends(1);
    fs::remove_file(folder.at(".ignore")).unwrap();
    let folder = folder.with(".gitignore", "/old/*.role\n");
    folder.run("check").succeeds("");
    folder
        .run("check .")
        .dir(folder.at("old"))
        .ends(5)
        .stays_mute()
        .warns("there is no .role file below `.`");
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::new().with("a.role", b"use jumpcloud\n// caf\xe9\n");
    all_find(&folder, "R0001", "a.role");
    let found = folder.run("check --format json").json(1);
    let finding = &found["findings"][0];
    assert_eq!((&finding["line"], &finding["column"]), (&2.into(), &7.into()), "{found}");
    let folder = Folder::new().with("a.role", b"\xff\xfeu\0s\0e\0");
    all_find(&folder, "R0001", "a.role");
    let folder = Folder::new();
    folder.run("check -").stdin(b"\xc3").ends(1).has("error[R0001]").has("<stdin>");
}

#[test]
fn hidden_characters_in_the_text() {
    for c in [
        "\0",
        "\u{1b}[31m",
        "\u{7f}",
        "\u{9b}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{feff}",
        "\u{e0041}",
        "\r",
    ] {
        for text in [
            format!("use jumpcloud\n// a comment {c} here\n"),
            format!("use jumpcloud\n/// a doc {c} here\ntemplate t {{ }}\n"),
            format!("use jumpcloud\ntemplate t \"a title {c} here\" {{ }}\n"),
            format!("use jumpcloud\ntemplate \"an id {c} here\" {{ }}\n"),
            format!("use jumpcloud\ntemplate t{c}t {{ }}\n"),
            format!("use jumpcloud\ntemplate t from u{c} {{ }}\n"),
            format!("use \"a {c} path\"\ntemplate t {{ }}\n"),
        ] {
            let folder = Folder::new().with("a.role", text);
            let first = c.chars().next().unwrap();
            all_find(&folder, "R0002", &format!("U+{:04X}", u32::from(first)));
        }
    }
}

/// A name that tries to start a line of its own, to colour it and to turn it round.
const FORGER: &str = "x\nFORGED \u{1b}[31m\u{9b}\u{202e}\u{200b}\r\t\"\\y";

/// It, as the language writes it.
fn forger() -> String {
    FORGER.chars().fold(String::new(), |mut text, c| {
        write!(text, "\\u{{{:x}}}", u32::from(c)).unwrap();
        text
    })
}

fn no_forged_line(run: Run) {
    let output = run.output();
    for text in [&output.stdout, &output.stderr] {
        assert!(text.lines().all(|line| !line.trim_start().starts_with("FORGED")), "{output}");
    }
}

#[test]
fn names_that_are_escaped_in_the_text() {
    let x = forger();
    let policy = format!(
        "catalog c \"t{x}\" {{
    category \"c{x}\" \"t{x}\" {{
        \"r{x}\" \"t{x}\": verbs \"v{x}\", w {{ caveat \"c{x}\" note \"n{x}\" }}
        \"l{x}\": ladder none < \"v{x}\" < full
    }}
}}
organization \"o{x}\" \"t{x}\" {{
    role \"r{x}\" \"t{x}\" {{
        description \"d{x}\"
        grant \"c{x}\".\"r{x}\": \"v{x}\"
    }}
    role \"s{x}\" from \"r{x}\" {{ }}
    assign \"s{x}\" to \"p{x}\" because \"b{x}\"
    assign \"r{x}\" to \"p{x}\" until 2020-01-01 because \"b{x}\"
}}
"
    );
    let folder = Folder::new()
        .with("c.role", policy.split_once("organization").unwrap().0)
        .with("a.role", format!("use c\norganization{}", policy.split_once("organization").unwrap().1));
    for verb in ["check", "check --pedantic", "check --format json", "check --pedantic --format json"] {
        no_forged_line(folder.run(verb));
    }
    let findings = folder.run("check --format json").output();
    assert_eq!(findings.status, Some(0), "{findings}");
    folder.build("a.rolec");
    let quoted = |prefix: &str| format!("\"{prefix}{x}\"");
    for source in ["--policy=.", "--table=a.rolec"] {
        for format in ["--format=human", "--format=json"] {
            for role in ["r", "s"] {
                no_forged_line(folder.run("show").arg(quoted(role)).arg(source).arg(format));
            }
            for who in [
                format!("role:{}", quoted("s")),
                format!("p{FORGER}"),
                format!("role:{FORGER}"),
                FORGER.to_owned(),
            ] {
                for what in [
                    quoted("r"),
                    format!("{}.{}", quoted("c"), quoted("r")),
                    format!("{}:{}", quoted("r"), quoted("v")),
                    quoted("l"),
                    quoted("z"),
                    format!("{}:{}", quoted("r"), quoted("z")),
                    format!("z{FORGER}").replace('"', ""),
                ] {
                    no_forged_line(folder.run("can --why").arg(&who).arg(what).arg(source).arg(format));
                }
            }
        }
        for format in ["--format=human", "--format=json"] {
            no_forged_line(folder.run("who").arg(quoted("r")).arg(source).arg(format));
            no_forged_line(folder.run("suggest --merges").arg(source).arg(format));
            no_forged_line(folder.run("suggest --cover").arg(quoted("r")).arg(source).arg(format));
            no_forged_line(folder.run("what").arg(format!("p{FORGER}")).arg(source).arg(format));
            no_forged_line(folder.run("catalog list .").arg(format));
            no_forged_line(folder.run("catalog show c.role").arg(format));
            no_forged_line(folder.run("test").arg(format));
        }
        let answer = folder.run("can --why").arg(format!("p{FORGER}")).arg(quoted("r")).arg(source).ends(3);
        assert_eq!(answer.stdout.lines().count(), 8, "{answer}");
        for (key, name) in
            [("role", "s"), ("role", "z"), ("principal", "p"), ("org", "o"), ("row", "z"), ("action", "z")]
        {
            let mut line = serde_json::json!({ "role": format!("s{FORGER}"), "row": format!("r{FORGER}") });
            if key == "principal" {
                line = serde_json::json!({ "row": format!("r{FORGER}") });
            }
            line[key] = format!("{name}{FORGER}").into();
            line["id"] = FORGER.into();
            let run = folder.run("eval").arg(source).stdin(line.to_string());
            no_forged_line(run);
            no_forged_line(folder.run("suggest --from-log -").arg(source).stdin(line.to_string()));
        }
    }
}

#[test]
fn hidden_characters_in_file_names() {
    let hostile = "x\nFORGED \u{1b}[31m\u{9b}\u{202e}\u{200b}\r\ty";
    for bytes in [hostile.as_bytes(), b"x\nFORGED \x9b31m\xff"] {
        let name = OsStr::from_bytes(bytes);
        let named = |suffix: &str| {
            let mut name = name.to_owned();
            name.push(suffix);
            name
        };
        let folder = Folder::new();
        let write = |name: &OsStr, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
        write(&named(".role"), BROKEN.as_bytes());
        for verb in OVER_SOURCES {
            no_forged_line(folder.run(verb).arg("."));
            no_forged_line(folder.run(verb).arg(named(".role")));
            no_forged_line(folder.run(verb).arg(named("none")));
        }
        write(&named(".role"), format!("{SHOP}{}", STORE.replace("\"shop.role\"", "shop")).as_bytes());
        write(&named(".txt"), b"nonsense");
        fs::create_dir(folder.path().join(named(""))).unwrap();
        no_forged_line(folder.run("build -o").arg(named("")));
        no_forged_line(folder.run("build -o").arg(named("none/x")));
        folder.run("build -o").arg(named(".rolec")).succeeds("");
        for args in ["show boss", "can role:boss orders --why", "can role:boss orders --why --format json"] {
            no_forged_line(folder.run(args));
            folder.run(args).arg("--table").arg(named(".rolec")).output();
            no_forged_line(folder.run(args).arg("--table").arg(named(".rolec")));
            no_forged_line(folder.run(args).arg("--table").arg(named(".txt")));
            no_forged_line(folder.run(args).arg("--table").arg(named("")));
        }
        no_forged_line(folder.run("eval").arg(named(".txt")));
        no_forged_line(folder.run("eval").arg(named("")));
        no_forged_line(folder.run("eval").arg(named("none")));
        no_forged_line(folder.run("check").arg(named("")));
    }
}

#[test]
fn hidden_characters_in_arguments() {
    let folder = Folder::store();
    let hostile = FORGER;
    for args in [
        "",
        "--",
        "check --",
        "check --explain",
        "check --format",
        "check --deny",
        "check --color",
        "build --",
        "build --output",
        "can role:clerk",
        "can role:clerk orders",
        "can role:clerk orders --at",
        "can role:clerk orders --org",
        "can role:clerk orders --policy",
        "can role:clerk orders --table",
        "can role:clerk orders --format",
        "can role:clerk --row",
        "can role:clerk --row orders --category",
        "can role:clerk --row orders --action",
        "eval",
        "eval --at",
        "eval --org",
        "show",
        "show clerk",
        "show --org",
        "suggest --org",
        "suggest --cover",
        "suggest --from-log",
        "suggest --from-log - --for",
    ] {
        no_forged_line(folder.run(args).arg(hostile));
        no_forged_line(folder.run(args).arg(format!("--{hostile}")));
        no_forged_line(folder.run(args).arg(OsStr::from_bytes(b"\nFORGED \xff\x9b31m")));
    }
    no_forged_line(folder.run("can").arg(format!("role:{hostile}")).arg("orders"));
    folder.run("").arg("\u{1b}[31mcheck").ends(2).stays_mute().warns("<U+001B>[31mcheck");
}

#[test]
fn line_ends_and_marks_change_nothing() {
    let plain = Folder::new().with("s.role", format!("{SHOP}{}", STORE.replace("\"shop.role\"", "shop")));
    let text = String::from_utf8(plain.bytes("s.role")).unwrap();
    let wanted = plain.build("s.rolec");
    let why = plain.run("can ana@store.example orders:write --why").ends(3).stdout;
    for other in [
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
        format!("\u{feff}{}", text.replace('\n', "\r\n")),
        text.trim_end().to_owned(),
    ] {
        let folder = Folder::new().with("s.role", other);
        assert!(folder.build("s.rolec") == wanted);
        folder.run("can ana@store.example orders:write --why").prints(3, &why);
    }
    let folder = Folder::new().with("bad.role", BROKEN);
    let drawn = folder.run("check").ends(1).stdout;
    Folder::new().with("bad.role", BROKEN.replace('\n', "\r\n")).run("check").prints(1, &drawn);
    Folder::new().with("bad.role", format!("\u{feff}{BROKEN}")).run("check").prints(1, &drawn);
}

#[test]
fn a_file_over_the_limit() {
    let folder = Folder::new();
    let mut file = File::create(folder.at("a.role")).unwrap();
    for _ in 0..64 {
        file.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    folder.run("check").succeeds("");
    file.write_all(b"\n").unwrap();
    folder.run("check").ends(1).has("error[R0008]: a file has at most 64 MiB");
    folder.run("show clerk").ends(4).stays_mute().warns("error[R0008]");
    // A sparse gigabyte is not read.
    file.set_len(1 << 30).unwrap();
    folder.run("check --format json").ends(1).has("\"R0008\"");
}

#[test]
fn a_hundred_thousand_braces() {
    for (open, close) in [("{", ""), ("{", "}")] {
        let text = format!("use jumpcloud\ntemplate t {}{}", open.repeat(100_000), close.repeat(100_000));
        let folder = Folder::new().with("a.role", text);
        all_find(&folder, "R0009", "a.role");
        let output = folder.run("check").ends(1);
        assert!(output.stdout.len() < 4_000, "{output}");
    }
}

/// Templates, each from the one before.
fn chain(length: usize) -> String {
    let mut text = "use jumpcloud\ntemplate t0 { grant device-management.devices: view }\n".to_owned();
    for index in 1..length {
        writeln!(text, "template t{index} from t{} {{ }}", index - 1).unwrap();
    }
    text
}

#[test]
fn a_long_chain_of_templates() {
    const LENGTH: usize = 20_000;
    let end = format!("t{}", LENGTH - 1);
    let organization = format!("organization o {{ role r from {end} {{ }} }}\n");
    let folder = Folder::new().with("a.role", chain(LENGTH) + &organization);
    folder.build("a.rolec");
    for source in ["--policy=.", "--table=a.rolec"] {
        let wanted = format!(
            "allow: role `r` has device-management.devices:view in organization `o`
  r, role at a.role:{}:23
    `grant device-management.devices: view` at a.role:2:15 gives view
      by r -> t19999 -> t19998 -> t19997 -> … 19996 more … -> t0
",
            LENGTH + 2
        );
        let start = Instant::now();
        folder.run("can role:r devices:view --why").arg(source).succeeds(&wanted);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(30), "a second or two on a machine that is not busy: {took:?}");
        let denied = folder.run("can role:r devices:full --why").arg(source).ends(3);
        assert!(denied.stdout.len() < 1_000, "{denied}");
        let shown = folder.run("show r").arg(source).ends(0);
        assert!(shown.stdout.len() < 20_000, "{shown}");
    }
    let answer = folder.run("can role:r devices:view --why --format json --table=a.rolec").json(0);
    assert_eq!(answer["why"]["roles"][0]["sources"][0]["way"].as_array().unwrap().len(), LENGTH + 1);
}

#[test]
fn a_long_cycle_of_templates() {
    const LENGTH: usize = 20_000;
    let text = chain(LENGTH).replace("template t0 {", &format!("template t0 from t{} {{", LENGTH - 1));
    let folder = Folder::new().with("a.role", text);
    let output = folder.run("check").ends(1).has("error[R0501]").has("… 19995 more …").has("\n1 error\n");
    assert!(output.stdout.len() < 4_000, "{output}");
    let found = folder.run("check --format json").json(1);
    assert_eq!(found["findings"].as_array().unwrap().len(), 1);
}

/// Many misspelt names in a scope of many: each has cost a comparison with all.
#[test]
fn near_names_in_large_scopes() {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let rows = format!(
        "use c\ncatalog c {{ category k {{\n{}}} }}\norganization o {{ role r {{ grant k {{\n{}}} }} }}\n",
        lines(20_000, &|i| format!("service-{}-action-{i:05}: flag\n", i % 97)),
        lines(300, &|i| format!("servce-{}-action-{i:05}: on\n", i % 97))
    );
    let people = format!(
        "use jumpcloud\norganization o {{\nrole r {{ grant all: view }}\n{}{}}}\n",
        lines(4_000, &|i| format!("assign r to \"person{i:04}@acme.example\"\n")),
        lines(4_000, &|i| format!(
            "test \"t{i:04}\" {{ \"persn{i:04}@acme.example\" can device-management.devices: view }}\n"
        ))
    );
    let roles = format!(
        "use jumpcloud\norganization o {{\n{}}}\n",
        lines(10_000, &|i| format!(
            "role helper-{i:05} from helpr-{i:05} {{ grant device-managment-{i}: view }}\n"
        ))
    );
    for (text, errors, near) in [
        (rows, "\n300 errors\n", "did you mean `service-0-action-00000`?"),
        (people, "\n4000 errors\n", "did you mean `person0000@acme.example`"),
        (roles, "\n20001 errors\n", "did you mean `helper-00001`"),
    ] {
        let folder = Folder::new().with("a.role", text);
        let start = Instant::now();
        folder.run("check").ends(1).has(errors).has(near);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(10), "a second or two on a machine that is not busy: {took:?}");
    }
}

/// A table of a few hundred bytes.
fn small() -> (Folder, Vec<u8>) {
    let folder = Folder::new().with("a.role", "catalog c { category s { orders: flag } }\n");
    let folder = folder.with(
        "b.role",
        "use c\norganization o { role clerk { grant s.orders: on } assign clerk to \"p\" }\n",
    );
    let bytes = folder.build("a.rolec");
    folder.run("can role:clerk orders --table a.rolec").succeeds("allow\n");
    (folder, bytes)
}

#[test]
fn tables_that_are_none() {
    let (folder, bytes) = small();
    let code_of = |bytes: &[u8], code: &str, message: &str| {
        folder.put("bad.rolec", bytes);
        for verb in OVER_TABLE {
            for part in [code, message, "bad.rolec"] {
                folder.run(verb).arg("bad.rolec").refuses(4, part);
            }
        }
    };
    code_of(b"", "R0901", "the file is empty");
    code_of(b"use jumpcloud\n", "R0901", "begins with `use jump`");
    code_of(b"\x1b[31mred\xff", "R0901", "begins with `\\x1b[31mred`");
    code_of(&bytes[..7], "R0903", "cut off");
    code_of(&[&bytes[..], b"\n"].concat(), "R0903", "should end after");
    code_of(&[&bytes[..], &bytes[..]].concat(), "R0903", "should end after");
    let mut other = bytes.clone();
    other[8] = 99;
    code_of(&other, "R0902", "layout version 99");
    let text_mode = bytes.iter().flat_map(|byte| if *byte == b'\r' { vec![] } else { vec![*byte] });
    code_of(&text_mode.collect::<Vec<u8>>(), "R0901", "takes it for text");
}

/// Asks tables made from one by a change at each of its places; two threads, each with a file of its own.
fn each_place(
    folder: &Folder,
    places: usize,
    changed: impl Fn(usize) -> Vec<u8> + Sync,
    ask: impl Fn(Run) + Sync,
) {
    thread::scope(|scope| {
        for half in 0..2 {
            let (changed, ask) = (&changed, &ask);
            scope.spawn(move || {
                let name = format!("bad{half}.rolec");
                for place in (half..places).step_by(2) {
                    folder.put(&name, changed(place));
                    ask(folder.run("can role:clerk orders --table").arg(&name));
                }
            });
        }
    });
}

#[test]
fn tables_that_are_damaged() {
    let (folder, bytes) = small();
    assert!(bytes.len() < 2_000, "{}", bytes.len());
    let refused = |run: Run| drop(run.ends(4).stays_mute().warns("error[R090"));
    // Every other place: of all places the tests of the library ask.
    let flipped = |place: usize| {
        let mut bytes = bytes.clone();
        bytes[place * 2 + place / 4 % 2] ^= 1 << (place % 8);
        bytes
    };
    each_place(&folder, bytes.len() / 2, flipped, refused);
    each_place(&folder, bytes.len() / 16, |place| bytes[..place * 16].to_vec(), refused);
}

#[test]
fn tables_that_were_forged() {
    let (folder, bytes) = small();
    let forged = |place: usize| {
        let mut bytes = bytes.clone();
        bytes[128 + place] ^= 0x1b;
        let mut begins = 128;
        for section in [64, 96] {
            let length = u64::from_le_bytes(bytes[section + 16..section + 24].try_into().unwrap()) as usize;
            let sum = xxhash_rust::xxh3::xxh3_64(&bytes[begins..begins + length]);
            bytes[section + 24..section + 32].copy_from_slice(&sum.to_le_bytes());
            begins += length;
        }
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        hash.update(&bytes[..56]);
        hash.update(&bytes[64..128]);
        bytes[56..64].copy_from_slice(&hash.digest().to_le_bytes());
        bytes
    };
    // Some are valid tables of another policy: any answer is fine that shows nothing hidden.
    let provenance = u64::from_le_bytes(bytes[112..120].try_into().unwrap()) as usize;
    let decisions = bytes.len() - provenance - 128;
    let forged = |place: usize| forged(if place < 60 { place * 8 } else { decisions + place - 60 });
    each_place(&folder, provenance + 60, forged, |run| no_forged_line(run.arg("--why")));
}

#[test]
fn standard_input_is_a_policy_everywhere() {
    let policy = format!("{SHOP}{}", STORE.replace("\"shop.role\"", "shop"));
    let folder = Folder::new();
    folder.run("check -").stdin(&policy).succeeds("");
    folder.run("can role:clerk prices:view -p -").stdin(&policy).succeeds("allow\n");
    folder.run("show clerk -p -").stdin(&policy).ends(0).has("<stdin>:11:10");
    folder.run("check -").stdin("").succeeds("");
    folder.run("can role:clerk prices:view -p -").ends(4).has("the policy has no organization");
    let folder = folder.with("shop.role", SHOP);
    folder.run("check -").stdin(STORE).succeeds("");
    folder.run("check - shop.role").stdin(STORE).succeeds("");
}

#[test]
fn several_paths() {
    let folder =
        Folder::new().with("x/shop.role", SHOP).with("y/store.role", STORE.replace("\"shop.role\"", "shop"));
    folder.run("can role:clerk prices:view -p x -p y").succeeds("allow\n");
    folder.run("can role:clerk prices:view -p y/store.role -p x/shop.role").succeeds("allow\n");
    folder.run("can role:clerk prices:view -p y").ends(4).stays_mute().warns("there is no catalog `shop`");
    Run::new("check acme jumpcloud").dir(policies()).ends(0);
}
