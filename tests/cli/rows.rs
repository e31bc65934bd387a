//! `--assignments`: what rows give, what is told of wrong ones, and that none is half applied.

use std::fmt::Write as _;

use crate::run::{BROKEN, Folder, Output};

const PEOPLE: &str = "organization,principal,kind,role,from,until,because
store,zoe@store.example,,boss,,2026-07-01,\"stand-in, \"\"summer\"\"\"
store,robot,service,clerk,2026-01-01T00:00:00+01:00,,
";

const LINES: &str = r#"{"organization": "store", "principal": "zoe@store.example", "role": "boss", "until": "2026-07-01", "because": "stand-in, \"summer\""}

{"role":"clerk","principal":"robot","kind":"service","organization":"store","from":"2026-01-01T00:00:00+01:00","until":null}
"#;

fn store(name: &str, rows: impl AsRef<[u8]>) -> Folder {
    Folder::store().with(name, rows)
}

/// What `check` tells of rows: code and place of each finding, which all are in that file.
fn told(rows: impl AsRef<[u8]>, name: &str) -> Vec<String> {
    let folder = store(name, rows);
    let document = folder.run("check --format json --assignments").arg(name).ends(1);
    let document: serde_json::Value = serde_json::from_str(&document.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let told = findings.iter().map(|finding| {
        assert_eq!(finding["file"], name, "{finding}");
        assert_eq!(finding["fixes"].as_array().map(Vec::len), Some(0), "{finding}");
        let code = finding["code"].as_str().unwrap();
        format!("{code} {}:{} {}", finding["line"], finding["column"], finding["message"].as_str().unwrap())
    });
    let told = told.collect();
    folder.run("build -o t.rolec --assignments").arg(name).ends(1);
    assert!(!folder.names().contains(&"t.rolec".to_owned()), "half a policy was built");
    told
}

#[test]
fn rows_are_assignments() {
    for (name, rows) in [("p.csv", PEOPLE), ("p.jsonl", LINES)] {
        let folder = store(name, rows);
        let ask = |args: &str| folder.run(&format!("{args} --at 2026-06-01 --assignments {name}"));
        ask("can zoe@store.example export").succeeds("allow\n");
        ask("can robot orders:read").succeeds("allow\n");
        ask("can ana@store.example orders:read").succeeds("allow\n");
        folder
            .run("can zoe@store.example export --at 2026-07-01 --assignments")
            .arg(name)
            .prints(3, "deny\n");
        folder.run("can zoe@store.example export --at 2026-06-01").ends(4).has("unknown-principal");
        let line = if name == "p.csv" { "p.csv:2:7" } else { "p.jsonl:1:40" };
        ask("can zoe@store.example export --why").ends(0).has(line).has("stand-in, \"summer\"");
        folder.run("build -o t.rolec --assignments").arg(name).succeeds("");
        folder.run("what zoe@store.example --at 2026-06-01 --table t.rolec").ends(0).has("prices");
        folder.run("check --assignments").arg(name).ends(0);
        folder.run("test --assignments").arg(name).ends(0);
        folder.run("diff . . --assignments-new").arg(name).ends(1).has("zoe@store.example");
        let plan = "plan --as bea@store.example . . --at 2026-03-02 --assignments-new";
        folder.run(plan).arg(name).ends(3).has("store");
        let stdin = |args: &str, form: &str| {
            folder
                .run(&format!("{args} --at 2026-06-01 --assignments - --assignments-format {form}"))
                .stdin(rows)
        };
        let form = if name == "p.csv" { "csv" } else { "jsonl" };
        stdin("can robot orders:read", form).succeeds("allow\n");
        stdin("can robot orders:read --why", form).ends(0).has("<stdin>:");
    }
}

#[test]
fn several_files_are_taken_and_one_is_taken_once() {
    let folder = store("p.csv", PEOPLE)
        .with("q.jsonl", "{\"organization\":\"store\",\"principal\":\"kim\",\"role\":\"clerk\"}");
    folder.run("can kim orders:read --assignments p.csv --assignments q.jsonl").succeeds("allow\n");
    folder.run("check --deny warnings --assignments p.csv --assignments ./p.csv").ends(0);
}

/// A row is held against the text and against other rows by the rules for an `assign`.
#[test]
fn the_rules_for_assignments_hold() {
    let rows = "organization,principal,kind,role,from,until
stor,ana@store.example,,clerk,,
store,kim,,clark,,
store,kim,,boss,2026-02-01,2026-02-01
store,till,person,clerk,,
store,ANA@store.example,,clerk,,
store,bea@store.example,,boss,2026-03-31,
Store,kim,,clerk,,
";
    assert_eq!(
        told(rows, "p.csv"),
        [
            "R0215 2:1 there is no organization `stor` in this policy",
            "R0202 3:12 organization `store` has no role `clark`, and there is no such template",
            "R0601 4:28 this assignment is never in force",
            "R0602 5:7 `till` is a person here and a service account elsewhere",
            "R0602 6:7 `ANA@store.example` differs from `ana@store.example` only by case or Unicode form",
            "R0603 7:7 `bea@store.example` is assigned `boss` twice for the same time",
            "R0215 8:1 there is no organization `Store` in this policy",
        ]
    );
    let folder = store("p.csv", rows);
    let drawn = folder.run("check --assignments p.csv").ends(1);
    let drawn = drawn.has("--> p.csv:3:12").has("3 | store,kim,,clark,,").has("did you mean `clerk`?");
    assert!(!drawn.stdout.contains("fix:"), "another program writes the file: {drawn}");
    drawn.has("did you mean `store`?");
}

#[test]
fn forbids_hold_over_rows() {
    let forbid = "use \"shop.role\"\norganization store { forbid \"both\" except boss { sales.export: on sales.orders: write } role seller { grant sales.orders: full } role sender { grant sales.export: on } }\n";
    let rows = "organization,principal,role\nstore,kim,seller\nstore,kim,sender\n";
    let folder = store("rules.role", forbid).with("p.csv", rows);
    folder.run("check --assignments p.csv").ends(1).has("error[R0611]").has("p.csv:2:7");
    folder.run("check").ends(0);
}

/// A carriage return that somebody writes into a field begins no row of theirs.
#[test]
fn a_carriage_return_alone_ends_no_row() {
    let wrong = "a carriage return (U+000D) alone ends no row";
    let head = "organization,principal,role,because\n";
    let hidden = format!("{head}store,kim,clerk,hired today\rstore,eve,boss,\n");
    assert_eq!(told(hidden, "p.csv"), [format!("R0631 2:28 {wrong}")]);
    assert_eq!(told(head.replace('\n', "\r"), "p.csv"), [format!("R0631 1:36 {wrong}")]);
    assert_eq!(told(format!("{head}store,kim,clerk,\r"), "p.csv"), [format!("R0631 2:17 {wrong}")]);
    store("p.csv", format!("{head}store,kim,clerk,\r\n")).run("check --assignments p.csv").ends(0);
}

#[test]
fn wrong_rows_of_csv_are_all_told() {
    let rows = "organization,principal,role,from,kind
store,kim
store,,clerk,,
store,kim,clerk,2026-13-01,persn
store,\"kim,clerk,,
store,kim\",clerk,,
store,k\"im,clerk,,
store,\"k\"im,clerk,,
store,\"\"x,clerk,,
store,é\u{202e}m,clerk,,
store,né,,,
";
    assert_eq!(
        told(rows, "p.csv"),
        [
            "R0631 2:1 this row has 2 fields, and the first line names 5 columns",
            "R0631 3:1 this row says no `principal`",
            "R0006 4:17 `2026-13-01` is no time: there is no such day or time of day",
            "R0631 4:28 a principal is no `persn`",
            "R0631 5:7 the quotes of this field are not closed on its line",
            "R0631 6:7 the quotes of this field are not in pairs",
            "R0631 7:7 the quotes of this field are not in pairs",
            "R0631 8:7 the quotes of this field are not in pairs",
            "R0631 9:7 the quotes of this field are not in pairs",
            "R0002 10:7 this field has a character that nobody sees: U+202E",
            "R0631 11:1 this row says no `role`",
        ]
    );
    // A quote that stays open hides no row behind it.
    assert_eq!(
        told(
            "organization,principal,role\r\nstore,\"kim,clerk\r\nstore,kim,clark\r\nstore,\"jo\"\"\r\n",
            "p.csv"
        ),
        [
            "R0631 2:7 the quotes of this field are not closed on its line",
            "R0202 3:11 organization `store` has no role `clark`, and there is no such template",
            "R0631 4:7 the quotes of this field are not closed on its line",
        ]
    );
    let mut bad = b"\xef\xbb\xbforganization,principal,role\r\nstore,".to_vec();
    bad.extend(b"\xc3\xa9\xff,clerk\r\nstore,n\0l,clerk\r\nstore,\xc3\xa9,clark");
    assert_eq!(
        told(bad, "p.csv"),
        [
            "R0001 2:7 this field is no UTF-8: it has the byte 0xFF",
            "R0002 3:7 this field has a character that nobody sees: U+0000",
            "R0202 4:9 organization `store` has no role `clark`, and there is no such template",
        ]
    );
}

#[test]
fn a_header_names_each_column_once() {
    let of = |header: &str| told(format!("{header}\nstore,kim,clerk\n"), "p.csv");
    assert_eq!(
        of("organization,\"principal,role"),
        ["R0631 1:14 the quotes of this field are not closed on its line"]
    );
    assert_eq!(
        of("organization,principl,role,role"),
        [
            "R0632 1:1 the column `principal` is missing",
            "R0632 1:14 there is no column `principl` in a file of assignments",
            "R0632 1:28 the column `role` is there twice",
        ]
    );
    assert_eq!(
        of("\u{feff}role,untill"),
        [
            "R0632 1:1 the columns `organization`, `principal` are missing",
            "R0632 1:6 there is no column `untill` in a file of assignments",
        ]
    );
    assert_eq!(told("", "p.csv"), ["R0632 1:1 this file is empty"]);
    assert_eq!(told("\r\n\n", "p.csv"), ["R0632 1:1 this file is empty"]);
    let wide: Vec<u8> = "organization,principal".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(told([b"\xff\xfe".as_slice(), &wide].concat(), "p.csv"), ["R0001 1:1 this file is in UTF-16"]);
    let folder = store("p.csv", "organization,principl,role\n");
    folder.run("check --assignments p.csv").ends(1).has("did you mean `principal`?");
    // Without a row it is whole all the same.
    store("p.csv", "organization,principal,role").run("check --assignments p.csv").succeeds("");
    store("p.jsonl", "").run("check --assignments p.jsonl").succeeds("");
}

#[test]
fn wrong_lines_of_json_are_all_told() {
    let lines = r#"{"organization": "store", "principal": "kim", "role": "clerk"
["store", "kim", "clerk"]
{"organization": "store", "principal": "kim", "role": "clerk", "untill": "2027-01-01"}
{"organization": "store", "principal": "kim", "role": "clerk", "role": "boss"}
{"organization": "store", "principal": 7, "role": "clerk"}
{"organization": "store", "principal": "é", "role": "clark"}
{"organization": "store", "principal": "é", "role": ""}
"#;
    let told_of =
        told([lines.as_bytes(), b"{\"organization\": \"st\xffre\"}\n".as_slice()].concat(), "p.jsonl");
    assert_eq!(told_of.len(), 8, "{told_of:#?}");
    let begins = [
        "R0631 1:61 this line is no JSON object: EOF while parsing an object",
        "R0631 2:1 this line is no JSON object: invalid type: sequence, expected an object",
        "R0631 3:64 there is no field `untill` in a file of assignments",
        "R0631 4:64 `role` is said twice in this line",
        "R0631 5:40 `principal` is no string",
        "R0202 6:53 organization `store` has no role `clark`",
        "R0631 7:1 this row says no `role`",
        "R0001 8:21 this line is no UTF-8: it has the byte 0xFF",
    ];
    for (told, begin) in told_of.iter().zip(begins) {
        assert!(told.starts_with(begin), "{told} is not {begin}");
    }
}

/// The schema refuses what `check` refuses, as far as a schema can see.
#[test]
fn json_lines_are_those_of_the_schema() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas/assignment-in.json");
    let schema: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let base = r#""organization":"store","principal":"kim","role":"clerk""#;
    let lines = [
        (true, format!("{{{base}}}")),
        (true, format!("{{{base},\"kind\":\"service\",\"from\":null,\"until\":\"\",\"because\":\"so\"}}")),
        (false, format!("{{{base},\"kind\":\"bot\"}}")),
        (false, format!("{{{base},\"note\":\"x\"}}")),
        (false, format!("{{{base},\"from\":20260101}}")),
        (false, "{\"organization\":\"store\",\"principal\":\"kim\"}".to_owned()),
        (false, "{\"organization\":\"store\",\"principal\":\"\",\"role\":\"clerk\"}".to_owned()),
        (false, "[]".to_owned()),
    ];
    for (is_right, line) in lines {
        assert_eq!(validator.is_valid(&serde_json::from_str(&line).unwrap()), is_right, "{line}");
        let status = if is_right { 0 } else { 1 };
        store("p.ndjson", &line).run("check --assignments p.ndjson").ends(status);
    }
}

#[test]
fn so_many_are_told_and_no_more() {
    let mut unread = "organization,principal,role\n".to_owned();
    let mut unknown = unread.clone();
    for number in 0..5000 {
        writeln!(unread, "store,kim{number}").unwrap();
        writeln!(unknown, "store,kim{number},clark{number}").unwrap();
    }
    let count = |told: &[String]| {
        assert!(told[0].starts_with("R0633 1:1 "), "{}", told[0]);
        told.len() - 1
    };
    let told_of = told(unread, "p.csv");
    assert_eq!(count(&told_of), 100);
    assert!(told_of[0].contains("the rest of this file was not read"), "{}", told_of[0]);
    let told_of = told(unknown, "p.csv");
    assert_eq!(count(&told_of), 100);
    assert!(told_of[100].starts_with("R0202 101:"), "{}", told_of[100]);
    // Of organizations that are not there, too, however many those are.
    let mut elsewhere = "organization,principal,role\n".to_owned();
    for number in 0..150 {
        writeln!(elsewhere, "shed{},kim{number},clerk", number % 3).unwrap();
    }
    assert_eq!(count(&told(elsewhere, "p.csv")), 100);
}

/// A field that never ends is read through and not kept.
#[test]
fn a_row_has_an_end() {
    let mut rows = "organization,principal,role\nstore,\"kim".to_owned();
    rows.push_str(&",kim,clerk".repeat(200_000));
    rows.push_str("\nstore,kim,clark\n");
    assert_eq!(
        told(&rows, "p.csv"),
        [
            "R0631 2:1 this row is longer than 1048576 bytes",
            "R0202 3:11 organization `store` has no role `clark`, and there is no such template",
        ]
    );
    let long = format!("organization,principal,role\nstore,{},clerk\n", "k".repeat(600));
    assert_eq!(told(long, "p.csv"), ["R0010 2:7 a name has at most 512 bytes, this one has 600"]);
    let line = format!("{{\"organization\": \"{}\"}}\n[]\n", "s".repeat(3 << 20));
    let told_of = told(line, "p.jsonl");
    assert_eq!(told_of.len(), 2, "{told_of:?}");
    assert_eq!(told_of[0], "R0631 1:1 this row is longer than 1048576 bytes");
    assert!(told_of[1].starts_with("R0631 2:1 "), "{told_of:?}");
    // The first line is shown, too, where it is the wrong one.
    let folder = store("p.jsonl", format!("{{\"é\": \"{}\"}}", "s".repeat(2 << 20)));
    folder.run("check --assignments p.jsonl").ends(1).has("p.jsonl:1:1").has("{\"é\": \"sss");
}

/// A name is told where it is written, whatever is escaped in it.
#[test]
fn a_name_of_json_has_its_place() {
    let lines = r#"{"né": 1, "\"\u00e9\"" : ",\"", "role" :"clerk"}
{ "because":"\"role\": ", "b\u0065cause" : "" }
null
"#;
    let places: Vec<String> = told(lines, "p.jsonl")
        .iter()
        .map(|told| told.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(places, ["R0631 1:2", "R0631 1:11", "R0631 2:27", "R0631 3:1"]);
}

/// That rows cannot be kept is no fault of where they come from.
#[cfg(unix)]
#[test]
fn standard_input_is_kept_in_the_folder_for_temporary_files() {
    let folder = store("p.csv", "organization,principal,role\nstore,kim,clerk\n");
    let rows = "organization,principal,role\nstore,kim,clerk\n";
    let arguments = "check --assignments - --assignments-format csv";
    let nowhere = |args: &str| folder.run(args).var("TMPDIR", "/nonexistent");
    nowhere(arguments).stdin(rows).ends(5).warns("`/nonexistent`: No such file");
    folder.run(arguments).stdin(rows).succeeds("");
    nowhere("check --assignments p.csv").succeeds("");
}

/// Where rows are not known, nobody is missed for it.
#[test]
fn what_is_not_read_is_not_missed() {
    let test = "use \"shop.role\"\norganization store { test \"t\" { \"kim\" can sales.orders: read } require \"two\" at least 2 { sales.export: on } }\n";
    let folder = store("t.role", test).with("p.csv", "organization,principal,role\nstore,kim\n");
    let output = folder.run("check --assignments p.csv").ends(1);
    assert_eq!(output.stdout.matches("error[").count(), 1, "{output}");
    output.has("error[R0631]");
}

/// However much advice there is on a file: an error in it is told, and nothing is built without its row.
#[test]
fn advice_hides_no_error() {
    let mut rows = String::from("organization,principal,role\n");
    for number in 0..500 {
        // A Cyrillic letter among Latin ones.
        rows += &format!("store,\u{430}na{number}@store.example,clerk\n");
    }
    rows += "store,kim@store.example,clark\n";
    let folder = store("p.csv", &rows);
    let checked = folder.run("check store.role --assignments p.csv").ends(1);
    assert!(checked.stdout.contains("error[R0202]"), "{checked}");
    folder.run("build store.role --assignments p.csv -o t.rolec").ends(1);
    assert!(!folder.names().contains(&"t.rolec".to_owned()));
}

#[test]
fn half_a_character_is_none() {
    let row = r#"{"organization": "store", "principal": "a\ud800b", "role": "clerk"}"#;
    let folder = store("p.jsonl", row);
    folder
        .run("check store.role --assignments p.jsonl")
        .ends(1)
        .has("R0631")
        .has("`principal` has an escape that is no character");
}

#[test]
fn wrong_arguments_are_told() {
    let folder = store("p.csv", PEOPLE).with("people.txt", PEOPLE).with("bad.role", BROKEN);
    let run = |args: &str| -> Output { folder.run(args).output() };
    let cases = [
        ("check store.role --assignments people.txt", 2, "say `--assignments-format`"),
        ("check store.role --assignments none.csv", 5, "cannot read `none.csv`"),
        ("check store.role --assignments .", 2, "does not say how it is written"),
        ("check store.role --assignments -", 2, "standard input has no name that says how it is written"),
        ("check - --assignments - --assignments-format csv", 2, "standard input cannot be both"),
        ("eval -p store.role --assignments - --assignments-format csv", 2, "standard input cannot be both"),
        (
            "diff store.role store.role --assignments-old - --assignments-new -",
            2,
            "standard input cannot be both",
        ),
        (
            "suggest -p store.role --from-log - --assignments - --assignments-format csv",
            2,
            "standard input cannot",
        ),
        ("check store.role --fix --assignments p.csv", 2, "cannot be used with"),
        ("can kim orders --table t.rolec --assignments p.csv", 2, "cannot be used with"),
        ("build store.role -o p.csv --assignments p.csv", 2, "is read as assignments"),
        ("can zoe@store.example export -p bad.role --assignments p.csv", 4, "error[R0401]"),
    ];
    for (args, status, message) in cases {
        let output = run(args);
        assert_eq!(output.status, Some(status), "{args}: {output}");
        assert!(output.stderr.contains(message) || output.stdout.contains(message), "{args}: {output}");
    }
    assert_eq!(folder.bytes("p.csv"), PEOPLE.as_bytes());
    folder.run("check store.role --assignments people.txt --assignments-format csv").ends(0);
}

/// Files that pyarrow, Polars and DuckDB wrote, by `tests/rows/make.py`.
#[cfg(feature = "parquet")]
mod parquet {
    use std::fs::{self, File};
    use std::io::Write as _;
    use std::path::Path;

    use rolec::roster::lines_of_parquet;

    use super::{store, told};

    fn file(name: &str) -> Vec<u8> {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rows").join(name)).unwrap()
    }

    fn lines(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        let mut lines = Vec::new();
        lines_of_parquet(file, &mut lines, &mut |_| ()).map(|()| lines)
    }

    #[test]
    fn parquet_of_every_writer() {
        for name in ["duckdb", "polars", "pyarrow-ms-snappy", "pyarrow-us-gzip", "pyarrow-ns-none"] {
            let name = format!("{name}.parquet");
            let folder = store(&name, file(&name));
            let ask = |args: &str, at: &str| {
                folder.run(&format!("{args} --at {at} --why --assignments {name}")).ends(0)
            };
            let boss = ask("can zoe@store.example export", "2026-06-30T23:59:59Z");
            boss.has(&format!("{name}:1:37, until 2026-07-01, because \"stand-in, \"summer\"\""));
            let clerk = ask("can robot orders:read", "2026-01-01");
            clerk.has(&format!("{name}:2:37, from 2025-12-31T23:00:00Z"));
            folder
                .run("can zoe@store.example export --at 2026-07-01 --assignments")
                .arg(&name)
                .prints(3, "deny\n");
            // However it is named.
            let renamed = store("rows", file(&name));
            renamed
                .run("can robot orders:read --at 2026-01-01 --assignments rows --assignments-format parquet")
                .succeeds("allow\n");
            folder.run("build -o t.rolec --assignments").arg(&name).succeeds("");
            folder.run("verify t.rolec . --assignments").arg(&name).ends(0);
        }
    }

    #[test]
    fn rows_of_parquet_that_are_wrong() {
        assert_eq!(
            told(file("wrong.parquet"), "wrong.parquet"),
            [
                "R0002 2:37 this field has a character that nobody sees: U+001B",
                "R0631 3:1 this row says no `organization`",
                "R0202 4:50 organization `store` has no role `bos`, and there is no such template",
                "R0006 5:66 `2026-07-01T09:30:00.500000` is no time: a time is in whole seconds",
            ]
        );
        assert_eq!(
            told(file("numbers.parquet"), "numbers.parquet"),
            [
                "R0631 1:64 `role` is no string",
                "R0631 1:66 there is no field `untill` in a file of assignments",
            ]
        );
        let folder = store("p.parquet", "organization,principal,role\n");
        folder.run("check --assignments p.parquet").refuses(5, "this is no whole Parquet file");
        // What the reader of Parquet panics at is a file like any other that cannot be read.
        let whole = file("duckdb.parquet");
        let panics = |at: usize, bit: u32| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            lines(&bytes)
                .is_err_and(|error| error.to_string().ends_with("do not fit together"))
                .then_some(bytes)
        };
        let bytes = (0..whole.len()).find_map(|at| (0..8).find_map(|bit| panics(at, bit)));
        let folder = store("p.parquet", bytes.expect("some damage that leads into a panic"));
        let output = folder.run("check --assignments p.parquet").refuses(5, "its parts do not fit together");
        assert_eq!(output.stderr.lines().count(), 1, "{output}");
    }

    /// A damaged file is read otherwise, or is no file; it ends no process.
    #[test]
    fn damaged_parquet_is_survived() {
        let (mut read, mut refused) = (0, 0);
        for name in ["duckdb.parquet", "pyarrow-us-gzip.parquet"] {
            let whole = file(name);
            assert!(lines(&whole).unwrap().ends_with(b"}\n"));
            for at in 0..whole.len() {
                assert!(lines(&whole[..at]).is_err(), "{name} cut at {at}");
                for bit in 0..8 {
                    let mut bytes = whole.clone();
                    bytes[at] ^= 1 << bit;
                    *if lines(&bytes).is_ok() { &mut read } else { &mut refused } += 1;
                }
            }
        }
        assert!(read > 100 && refused > 100, "{read} {refused}");
        let missing = File::open("/dev/null").unwrap();
        lines_of_parquet(missing, &mut Vec::new(), &mut |_| ()).unwrap_err();
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_is_asked_for_when_it_is_built() {
    let folder = store("p.parquet", "PAR1");
    folder
        .run("check --assignments p.parquet")
        .refuses(2, "built without Parquet")
        .warns("--features parquet");
}
