//! One mistake is one finding, on the line where its writer made it.
//!
//! First a table of mistakes that people make, each with the one finding it is to get. Then every small damage to a
//! policy of everyday shape: each token deleted, each mark put in at each place, neighbours swapped.
#![cfg(feature = "compile")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rolec::diagnostic::{Diagnostic, Fix, Severity};
use rolec::pipeline::{Compilation, compile};
use rolec::source::Sources;

fn check(text: impl Into<Vec<u8>>) -> Compilation {
    let mut sources = Sources::new();
    sources.add("policy.role", text);
    compile(sources)
}

/// Errors and warnings, as `CODE:LINE`.
fn found(of: &Compilation) -> Vec<String> {
    let told = of.findings.iter().filter(|finding| finding.severity() != Severity::Note);
    told.map(|finding| format!("{}:{}", finding.code, line(of, finding))).collect()
}

fn line(of: &Compilation, finding: &Diagnostic) -> u32 {
    of.sources.line_column(finding.primary.place).0
}

/// Where a text of the table stands.
enum In {
    /// By itself.
    File,
    /// Below `use jumpcloud` (line 1).
    Top,
    /// In an organization that begins in line 2.
    Organization,
    /// In a catalog that begins in line 1.
    Catalog,
}

use In::{Catalog, File, Organization, Top};

/// What is written, and the findings it gets.
const TABLE: &[(In, &str, &str)] = &[
    // A statement in the wrong block.
    (Organization, "  role x { }\n  grant all: view\n  role y { }", "R0104:4"),
    (Organization, " role x { }\n grant all: view\n role y { }", "R0104:4"),
    (Organization, "  grant all: view\n  role y { }", "R0104:3"),
    (Organization, "  role x { }\n  description \"x\"", "R0104:4"),
    (Organization, "  role x { }\n  role y { assign x to \"a\" }", "R0104:4"),
    (Organization, "  role x {\n    role y { grant all: view }\n  }", "R0104:4"),
    (
        Organization,
        "  role x {\n    grant all: view\n    assign x to \"a\"\n  }\n  assign x to \"b\"",
        "R0104:5",
    ),
    (Organization, "  test \"x\" { role y { } }", "R0104:3"),
    (Organization, "  role y { grant device-management { role z {} } }", "R0104:3"),
    (
        Organization,
        "  role y {\n    grant device-management: view {\n      grant remote-assist: full\n    }\n  }",
        "R0104:5",
    ),
    (
        Organization,
        "role y {\n grant device-management: view {\n grant remote-assist: full\n }\n}",
        "R0104:5",
    ),
    (
        Organization,
        "  role y {\n    grant device-management {\n      description \"x\"\n      devices: view\n    }\n  }",
        "R0104:5",
    ),
    (Catalog, " category x { kind k = flag r1: k }", "R0104:2"),
    (Catalog, " category x { r1: flag }\n r2: flag", "R0104:3"),
    (Catalog, " category x {\n  category y { r: flag }\n  s: flag\n }", "R0104:3"),
    (Organization, "  organization p {}", "R0104:3"),
    (Organization, "  catalog d { category c { r: flag } }\n  role x { }", "R0104:3"),
    (Organization, "  role x { }\n  template t { grant all: view }\n  role y from t { }", "R0104:4"),
    (Organization, "  role x { template t { grant all: view } }\n  role y from t { }", "R0104:3"),
    (File, "organization o {\n  use jumpcloud\n  role x from read-only { }\n}", "R0104:2"),
    (Top, "role x { grant all: view }", "R0104:2"),
    (Top, "assign x to \"a\"", "R0104:2"),
    (Top, "organization o { role a { } }\nrole b { }\nassign b to \"x\"", "R0104:3"),
    // Bytes that are no UTF-8 are tested below; a statement's end that is missing.
    (
        Organization,
        "  role a { }\n  test \"t\" {\n    a can device-management\n    a cannot device-management.devices\n  }",
        "R0101:5",
    ),
    (
        Organization,
        "  role a { }\n  test \"t\" {\n    a can device-management.\n    a cannot device-management.devices\n  }",
        "R0101:5",
    ),
    (
        Organization,
        "  role a { }\n  test \"t\" {\n    a cannot device-management.devices:\n    a cannot device-management.devices\n  }",
        "R0101:5",
    ),
    (
        Organization,
        "  forbid \"f\" {\n    core-administration.billing-management:\n    core-administration.role-management: full\n  }",
        "R0101:4",
    ),
    (
        Organization,
        "  role a {\n    grant device-management {\n      devices:\n      remote-assist: full\n    }\n  }",
        "R0101:5",
    ),
    (Organization, "  role a {\n    grant all:\n    grant device-management: view\n  }", "R0101:4"),
    (Organization, "  role a {\n    description\n    grant all: view\n  }", "R0101:4"),
    (Organization, "  role a {\n    description\n  }", "R0101:4"),
    (Organization, "  role a { }\n  assign a to\n  assign a to \"x\"", "R0101:4"),
    (Organization, "  role a { }\n  assign a\n  assign a to \"x\"", "R0101:4"),
    (Organization, "  role x from read-only\n    grant all: view\n  }", "R0101:3"),
    (Organization, "  role x from read-only\n  role y { }", "R0101:3"),
    (Organization, "  role x {\n    grant device-management\n      devices: view\n    }\n  }", "R0101:4"),
    (
        Organization,
        "  forbid \"f\"\n    core-administration.role-management: full\n    core-administration.billing-management: full\n  }",
        "R0101:3",
    ),
    (Organization, "  role a { }\n  test \"t\"\n    a cannot device-management.devices\n  }", "R0101:4"),
    (Catalog, "  category c\n    r: flag\n  }", "R0101:2"),
    (Catalog, "  kind depth = ladder none < read\n  category c {\n    a:\n    pages: depth\n  }", "R0101:4"),
    (
        Catalog,
        "  kind depth = ladder none < read\n  category c {\n    a: depth\n    pages \"Pages\":\n    more \"More\": depth\n  }",
        "R0101:5",
    ),
    (Catalog, "  kind depth = ladder none <\n  category c { a: flag }", "R0101:2"),
    (Catalog, "  kind depth =\n  category c { a: flag }", "R0101:2"),
    // A brace that is missing.
    (Organization, "  role x { grant device-management devices: view }}", "R0101:3"),
    (
        Organization,
        "  role x {\n    grant device-management: view\n      remote-assist: full\n    }\n  }",
        "R0101:4",
    ),
    (
        Organization,
        "  role x {\n    grant device-management: view\n     remote-assist: full\n}\n}",
        "R0101:4",
    ),
    (Top, "organization o { role x grant device-management.devices: view }", "R0101:2"),
    (Top, "organization o { role x grant all: view assign x to \"a\" }\ntemplate t { }", "R0101:2"),
    (Top, "organization o { forbid \"f\" core-administration.role-management: full }", "R0101:2"),
    (Catalog, "  category c r: flag }", "R0101:2"),
    (Catalog, "  category c {\n    spaces: flag note \"x\" }\n    more: flag\n  }", "R0101:3"),
    (Organization, "  role a { }\n  test \"t\" {\n    a cannot device-management.devices", "R0102:4"),
    (Top, "template t {\n  grant all: view\n\ntemplate u { }", "R0102:2"),
    (
        Top,
        "organization o {\n  role a { }\n  forbid \"f\" {\n    core-administration.role-management: full\n}",
        "R0102:4",
    ),
    (
        Organization,
        "  role a {\n    grant device-management {\n      devices: view\n  }\n  role b { }",
        "R0102:4",
    ),
    (Organization, "  role a {\n    grant all: view\n  role b { }", "R0102:3"),
    // An unknown word before a block.
    (
        Top,
        "org acme \"A\" direct {\n  role a { }\n  assign a to \"x\"\n  role b from a { grant all: view }\n}",
        "R0101:2",
    ),
    (
        Top,
        "company acme {\n  role a { }\n  assign a to \"x\"\n  role b from a { grant all: view }\n}",
        "R0101:2",
    ),
    (File, "katalog c {\n  category x { r: flag }\n  kind k = flag\n}", "R0101:1"),
    // What was told twice.
    (Organization, "  role b { }\n  assign b to role b", "R0101:4"),
    (Organization, "  role a { }\n  test \"t\" { a not can device-management.devices }", "R0101:4"),
    (Organization, "  role x { grant device-management (devices: view) }", "R0003:3"),
    (Organization, "  role a { }\n  assign a to (\"x\", \"y\")", "R0003:4"),
    (Organization, "  role x { grant user-management.user-management: [view, update] }", "R0003:3"),
    (Organization, "  /* x */ role a { }", "R0003:3"),
    (Organization, "  /* x\n  y */\n  role a { }", "R0003:3"),
    (Organization, "  role a “Smart” { }", "R0003:3"),
    (Organization, "  role ünï { }\n  assign ünï to \"x\"", "R0003:3 R0003:4"),
    (
        Organization,
        "  role a {\n    description \"first\n      second\"\n    grant all: view\n  }",
        "R0004:4",
    ),
    (Organization, "  role a {\n    description \"first\n    grant all: view\n  }", "R0004:4"),
    (Organization, "  role a \"A {\n    grant all: view\n  }", "R0004:3"),
    (
        Organization,
        "  role a { grant user-management { \"unlock-user-accounts: on } }\n  role b { }",
        "R0004:3",
    ),
    (Catalog, "  category c { r: flag { note note \"a\" } }", "R0101:2"),
    (Catalog, "  kind k = ladder full < view < none\n  category c { r: k }", "R0301:2"),
    // `default` before what is no template.
    (Top, "default organization z { }", "R0101:2"),
    (Organization, "  default role x { }\n  assign x to \"a\"", "R0101:3"),
    (Top, "default role e { }", "R0101:2"),
    (Top, "defautl template t { grant all: view }", "R0101:2"),
    // Words and marks of other languages.
    (File, "use jumpcloud 2026-11", "R0101:1"),
    (Organization, "  role a { }\n  assign a to \"x\" from \"2026-02-28\"", "R0101:4"),
    (Organization, "  role a { }\n  assign a to \"x\" from 2026-2-8", "R0101:4"),
    (Organization, "  role 2026 { }", "R0101:3"),
    (Organization, "  # a comment\n  role a { }", "R0003:3"),
    (Organization, "  role a from nothing, help-desk { }", "R0101:3"),
    (Organization, "  role role a { }", "R0101:3"),
    (Organization, "  role a { grant grant all: view }", "R0101:3"),
    (Top, "organization o managed managed { }", "R0101:2"),
    (Organization, "  role a { grant device-management { device-management.devices: view } }", "R0101:3"),
    (Organization, "  role a { grant device-management: view grant from { x: on } }", "R0101:3"),
    (Organization, "  role a {\n    description \"x\" description\n  }", "R0101:4"),
    (Organization, "  role\u{a0}a { }", "R0003:3"),
    (Organization, "  role a { }\n  assign to \"s\"", "R0101:4"),
    (Catalog, "  category c { r: laddre none < view }", "R0101:2"),
    // A block without an end, and a damaged line behind it.
    (
        Organization,
        "  role r {\n    grant all: view\n\n  rol s {\n    grant all: view\n  }\n  role t { }",
        "R0102:3 R0101:6",
    ),
    (
        Catalog,
        "  category one {\n    a: flag\n\n  catgory two {\n    b: flag\n  }\n  category three { c: flag }",
        "R0102:2 R0101:5",
    ),
    (
        Organization,
        "  role r {\n    grant device-management {\n      devices: view\n    }\n\n  asign read-only to \"p\"\n  role z { }",
        "R0102:3 R0101:8",
    ),
    (Catalog, "  category one {\n    a: flag\n\n  category {\n    a: flag\n  }", "R0102:2 R0101:5"),
    (
        Organization,
        "  role r {\n    grant device-management {\n      devices: view\n\n    grnt all: view\n  }\n  role t { }",
        "R0102:4 R0101:7",
    ),
    (
        Organization,
        "  role r {\n    grant device-management {\n      devices: view\n\n  asign read-only to \"p\"\n  role z { }",
        "R0102:3 R0102:4 R0101:7",
    ),
    // A colon in the place of a brace.
    (Organization, "  role r:\n    grant all: view\n  }", "R0101:3"),
    (Organization, "  role r:\n    grant all: view\n\n  role s { }", "R0101:3"),
    (Organization, "  role r from help-desk:\n    grant all: view\n  }", "R0101:3"),
    (Top, "organization o managed:\n  role r { }\n}", "R0101:2"),
    (Top, "organization o:\n  role r { }\n  role s { }", "R0101:2"),
    (Top, "template b { }\ntemplate t from b:\n  grant all: view\n}", "R0101:3"),
    (File, "catalog c:\n  category d { a: flag }\n}", "R0101:1"),
    (Catalog, "  category c \"C\":\n    a: flag\n  }", "R0101:2"),
    (Catalog, "  category c:\n    a: flag\n  }", "R0101:2"),
    (Organization, "  test \"t\":\n    read-only can device-management.devices\n  }", "R0101:3"),
    (Organization, "  forbid \"f\":\n    device-management.devices: full\n  }", "R0101:3"),
    (
        Organization,
        "  role r {\n    grant device-management:\n      devices: view\n    }\n    grant groups-management: view\n  }",
        "R0101:4",
    ),
    (Catalog, "  category c {\n    x: flag : note \"n\" }\n    y: flag\n  }", "R0101:3"),
    // What a string without an end has taken up.
    (
        Organization,
        "  assign read-only to \"ana, \"bob\" from 2026-01-01\n  test \"t\" { \"ana\" cannot device-management.devices: full }",
        "R0004:3",
    ),
    (
        Organization,
        "  role r { grant device-management.devices: full grant groups-management.group-management: full }\n  forbid \"f except r {\n    device-management.devices: full\n    groups-management.group-management: full\n  }",
        "R0004:4",
    ),
    (Organization, "  test \"t\" { role \"manager can device-management.devices\n  }", "R0004:3"),
    (Catalog, "  category a {\n    x \"X: flag { note \"n\" }\n    y: flag\n  }", "R0004:3"),
    // A mark between the words of a list, quotes of another kind.
    (Catalog, "  kind k = ladder none > a > b\n  category x { r: k }", "R0003:2"),
    (Organization, "  role r { }\n  assign r to \"a\"; \"b\"; \"c\"", "R0003:4"),
    (Organization, "  role r { grant all: view; }\n  role s { grant all: view; }", "R0003:3 R0003:4"),
    (Organization, "  role r `Title` { }", "R0003:3"),
    // A name that is missing before a block, and a word said twice.
    (
        Organization,
        "  role r { grant user-management. { manage-user-mfa: on unlock-user-accounts: on } }",
        "R0101:3",
    ),
    (Organization, "  test \"t\" { role role \"manager\" can device-management.devices }", "R0101:3"),
];

/// A text with a fix in it.
fn with(text: &str, fix: &Fix) -> String {
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.place));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.place.span.start as usize..edit.place.span.end as usize, &edit.text);
    }
    text
}

/// Each gets the one finding, and what is offered with it mends it.
#[test]
fn mistakes_that_people_make() {
    let mut wrong = String::new();
    for (place, text, wanted) in TABLE {
        let whole = match place {
            File => (*text).to_owned(),
            Top => format!("use jumpcloud\n{text}\n"),
            Organization => format!("use jumpcloud\norganization o {{\n{text}\n}}\n"),
            Catalog => format!("catalog c {{\n{text}\n}}\n"),
        };
        let compilation = check(whole.clone());
        let found = found(&compilation).join(" ");
        for (finding, fix) in
            compilation.findings.iter().flat_map(|of| of.fixes.iter().map(move |fix| (of, fix)))
        {
            let mended = check(with(&whole, fix));
            let is_gone = !mended.findings.iter().any(|other| other.message == finding.message);
            let (before, after) = (compilation.findings.errors().count(), mended.findings.errors().count());
            if after > before || (after == before && !is_gone) {
                let _ = writeln!(wrong, "{whole}  `{}` does not mend it", fix.title);
                for finding in mended.findings.iter() {
                    let _ = writeln!(
                        wrong,
                        "    {}:{} {}",
                        finding.code,
                        line(&mended, finding),
                        finding.message
                    );
                }
            }
        }
        if found != *wanted {
            let _ = writeln!(wrong, "{whole}  wanted {wanted}, found {found}");
            for finding in compilation.findings.iter() {
                let _ = writeln!(
                    wrong,
                    "    {}:{} {}",
                    finding.code,
                    line(&compilation, finding),
                    finding.message
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// An everyday policy, a statement a line.
const POLICY: &str = r#"use jumpcloud "2026-11"

catalog wiki "Wiki" version "3" {
    kind depth = ladder none < read < write < own
    kind page = verbs create, move, delete
    category content "Content" {
        spaces "Spaces": depth
        pages "Pages": page without move
        front "Front": depth without none {
            note "Open to all."
            escalating
        }
    }
    limit custom-roles 12
}

template desk "Desk" from help-desk {
    grant user-management {
        user-management: view, update
        unlock-user-accounts, expire-user-password: on
    }
    grant device-management: view
}

organization orchard "Orchard" direct {
    role first "First" from desk {
        description "By phone."
        grant device-management: view {
            remote-assist: full
        }
        grant monitoring-analytics: none
    }
    role fleet from first, command-runner {
        grant device-management.devices: full
    }
    assign first to "max@orchard.example", service "bot"
    assign fleet to "zoe@orchard.example" from 2026-11-01 because "HR-118"
    forbid "writing and running" except admin-with-billing {
        command-automation.commands: full
        command-automation.run-command: on
    }
    test "the desk" {
        first can user-management.unlock-user-accounts
        fleet cannot user-management.user-management: delete
        "zoe@orchard.example" can device-management.devices: full at 2026-11-30
    }
}
"#;

/// A token of the policy, by its bytes: a word, a string or a mark.
///
/// Not those of the first line: without its `use` a file has no catalog, and that is told below.
fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = text.find('\n').unwrap();
    while at < bytes.len() {
        let start = at;
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        match bytes[at] {
            b'"' => at += 2 + text[at + 1..].find('"').unwrap(),
            byte if is_word(byte) => at += bytes[at..].iter().take_while(|byte| is_word(**byte)).count(),
            _ => at += 1,
        }
        if !bytes[start].is_ascii_whitespace() {
            tokens.push(start..at);
        }
    }
    tokens
}

/// What a damage is to give: one error, on one of some lines.
struct Damage {
    what: String,
    text: String,
    lines: std::ops::RangeInclusive<usize>,
}

fn line_at(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// All damages of a sort are told as they should be, but for some.
fn holds(damages: Vec<Damage>, but: usize) {
    let (mut count, mut others) = (0, String::new());
    for damage in &damages {
        let compilation = check(damage.text.clone());
        let errors: Vec<&Diagnostic> = compilation.findings.errors().collect();
        let lines: Vec<u32> = errors.iter().map(|finding| line(&compilation, finding)).collect();
        // Some damage leaves a right text: nothing to tell.
        if errors.is_empty() || (lines.len() == 1 && damage.lines.contains(&(lines[0] as usize))) {
            continue;
        }
        count += 1;
        let _ = writeln!(others, "{} (lines {:?}):", damage.what, damage.lines);
        for (finding, line) in errors.iter().zip(lines) {
            let _ = writeln!(others, "    {}:{line} {}", finding.code, finding.message);
        }
    }
    assert!(count <= but, "{count} of {}, not {but}\n{others}", damages.len());
}

#[test]
fn line_ends_mean_nothing_in_a_right_text() {
    assert_eq!(found(&check(POLICY)), Vec::<String>::new());
    for gap in ["\n", " ", "\n\n        "] {
        let pieces: Vec<&str> = tokens(POLICY).into_iter().map(|token| &POLICY[token]).collect();
        let text = format!("use jumpcloud\n{}", pieces.join(gap));
        assert_eq!(found(&check(text)), Vec::<String>::new(), "{gap:?}");
    }
    // Words of the language as names, wherever they may be.
    let words = include_str!("fixtures/text/words.role");
    let lines = words.lines().filter(|line| !line.trim_start().starts_with("//"));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    let whole = found(&check(text.clone()));
    for gap in ["\n", " "] {
        let pieces: Vec<&str> = tokens(&format!("\n{text}"))
            .into_iter()
            .map(|token| &text[token.start - 1..token.end - 1])
            .collect();
        let codes = |of: &[String]| {
            of.iter().map(|told| told.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(codes(&found(&check(pieces.join(gap)))), codes(&whole), "{gap:?}");
    }
}

#[test]
fn bytes_that_are_no_utf8() {
    let policy = |bytes: &[u8]| {
        [
            b"use jumpcloud\norganization o {\n  role a { description \"caf",
            bytes,
            b"\" }\n  assign b to \"x\"\n}\n",
        ]
        .concat()
    };
    assert_eq!(found(&check(policy(b"e"))), ["R0202:4"]);
    assert_eq!(found(&check(policy(b"\xe9"))), ["R0001:3", "R0202:4"]);
    assert_eq!(found(&check(policy(b"\xe9 \xff\xfe"))), ["R0001:3", "R0202:4"]);
    let head = b"use jumpcloud\norganization o {\n  role \xff { }\n  role b { }\n}\n";
    assert_eq!(found(&check(head.to_vec())), ["R0001:3"]);
    // What is no text at all is not read.
    let wide: Vec<u8> = "use jumpcloud\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(&check([b"\xff\xfe".to_vec(), wide].concat())), ["R0001:1"]);
    let text = "use jumpcloud\norganization o { role a \"\u{e4}\u{f6}\u{20ac}\" { } }\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(found(&check(little)), ["R0001:1"]);
    assert_eq!(found(&check(big)), ["R0001:1"]);
    let noise: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let codes = found(&check([b"use jumpcloud\n".to_vec(), noise].concat()));
    assert_eq!(codes.iter().filter(|told| told.starts_with("R0001")).count(), 1);
}

#[test]
fn a_word_too_long_is_told_once() {
    assert_eq!(found(&check("a".repeat(600))), ["R0010:1"]);
}

/// Of braces that nest too deep the member is told that has them, and what stands around it is read.
#[test]
fn braces_too_deep() {
    let policy = |deep: &str| {
        format!(
            "use jumpcloud\norganization o {{\n  role a {{ grant all: vew }}\n  role b {deep}\n  assign c to \"x\"\n}}\n\
             organization p {{ assign d to \"x\" }}\n"
        )
    };
    let around = ["R0403:3", "R0009:4", "R0202:5", "R0202:7"];
    assert_eq!(found(&check(policy(&"{".repeat(40)))), around);
    assert_eq!(found(&check(policy(&format!("{} }}", "{".repeat(40))))), around);
    assert_eq!(found(&check(policy(&format!("{}{}", "{".repeat(40), "}".repeat(40))))), around);
    let last = "use jumpcloud\norganization o {\n  role b {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{\n}\nassign a to \"x\"\n";
    assert_eq!(found(&check(last)), ["R0009:3", "R0104:5"]);
    // Members without an end are no nest, up to a limit.
    let roles = |count: usize| {
        let role = |number| format!("  role r{number} {{\n    grant all: view\n");
        let roles: String = (0..count).map(role).collect();
        format!("use jumpcloud\norganization o {{\n{roles}  assign c to \"x\"\n}}\n")
    };
    let of = |code: &str, count: usize| {
        found(&check(roles(count))).iter().filter(|told| told.starts_with(code)).count()
    };
    assert_eq!((of("R0102", 200), of("R0009", 200), of("R0202", 200)), (200, 0, 1));
    assert_eq!((of("R0009", 10_000), of("R0202", 10_000)), (1, 1));
}

#[test]
fn characters_that_a_reader_cannot_see() {
    let text = "use jumpcloud\rorganization o { role a { } }\n";
    let compilation = check(text);
    assert_eq!(found(&compilation), ["R0002:1"]);
    let fix = &compilation.findings.iter().next().unwrap().fixes[0];
    assert_eq!(found(&check(with(text, fix))), Vec::<String>::new());
    // The string that it breaks is closed on the next line, as it seems: no finding of its own.
    let broken = "use jumpcloud\norganization o { role a \"A\rB\" { } assign a to \"x\" }\n";
    assert_eq!(found(&check(broken)), ["R0002:2"]);
    for hidden in ["\u{200b}", "\u{202e}", "\u{fe0f}", "\u{e0100}", "\0"] {
        let text =
            format!("use jumpcloud\norganization o {{ role a {{ }}\n  assign a to \"x{hidden}\"\n}}\n");
        assert_eq!(found(&check(text)), ["R0002:3"], "{hidden:?}");
    }
}

/// A text and how many findings it has at most; in a time that only grows with its length.
fn quick(what: &str, text: String, most: usize) {
    let start = Instant::now();
    let compilation = check(text);
    let took = start.elapsed();
    let count = compilation.findings.len();
    assert!((1..=most).contains(&count), "{what}: {count} findings");
    assert!(took < Duration::from_secs(20), "{what}: {took:?}");
}

#[test]
fn hostile_texts_are_read_in_time_with_few_findings() {
    let inside = |text: String| format!("use jumpcloud\norganization o {{\n{text}\n}}\n");
    quick("@", "@".repeat(1 << 20), 1);
    quick("@ on lines", "@\n".repeat(1 << 18), 64);
    quick("@ apart", "@ ".repeat(1 << 18), 1);
    quick("NUL", "\0".repeat(300_000), 1);
    quick("NUL apart", "\0 ".repeat(100_000), 64);
    quick("'", "'a \"b".repeat(50_000), 66);
    quick("(", "( [ ".repeat(50_000), 64);
    quick("accents", "é é\n".repeat(50_000), 66);
    quick("}", "}".repeat(100_000), 1);
    quick("} on lines", inside("}\nrole a { }\n".repeat(20_000)), 20_200);
    quick("} in a role", inside(format!("role a {{ {} }}", "grant all: view } ".repeat(5_000))), 5_100);
    quick("{ }", "{ } ".repeat(30_000), 65);
    quick("{ a }", "{ a } ".repeat(20_000), 1_066);
    quick("heads without an end", "organization o {\n".repeat(50_000), 300);
    quick("quotes", "\"a\n".repeat(100_000), 1_003);
    quick("words", "word ".repeat(200_000), 2);
    quick("words on lines", "word\n".repeat(200_000), 2);
    quick("a long line", inside(format!("role a {{ {} }}", "grant all view ".repeat(20_000))), 1_001);
    quick("bad rows", format!("catalog c {{ category a {{ {} }} }}", "r flag\n".repeat(10_000)), 1_003);
    quick("no braces", inside("role a\n".repeat(5_000)), 10_001);
}

#[test]
fn a_token_deleted() {
    // Without its id the title of a role is its id, and then the text is right: two of them are used by name.
    holds(deleted(true), 2);
}

/// A line then begins one further in than its neighbours.
#[test]
fn a_token_deleted_and_its_space_left() {
    holds(deleted(false), 2);
}

/// The policy without each of its tokens, with the space behind it or without.
fn deleted(with_space: bool) -> Vec<Damage> {
    let damages = tokens(POLICY).into_iter().map(|token| {
        let mut text = POLICY.to_owned();
        let is_apart = POLICY[..token.start].ends_with(' ') && POLICY[token.end..].starts_with(' ');
        let space = usize::from(is_apart && with_space);
        text.replace_range(token.start..token.end + space, "");
        let line = line_at(POLICY, token.start);
        let is_brace = matches!(&POLICY[token.clone()], "{" | "}");
        // A missing brace is told at the head of its block.
        let first = if is_brace { head_of(token.start) } else { line };
        let what = format!("{line}: without {}", &POLICY[token]);
        Damage { what, text, lines: first..=line }
    });
    damages.collect()
}

/// The line that opens the innermost block around a place; that of the place at the top.
fn head_of(at: usize) -> usize {
    let mut depth = 0;
    for (open, byte) in POLICY.bytes().enumerate().take(at).collect::<Vec<_>>().into_iter().rev() {
        match byte {
            b'}' => depth += 1,
            b'{' if depth == 0 => return line_at(POLICY, open),
            b'{' => depth -= 1,
            _ => {}
        }
    }
    line_at(POLICY, at)
}

#[test]
fn a_mark_too_many() {
    for mark in ["}", "{", ",", ":"] {
        let damages = tokens(POLICY).into_iter().flat_map(|token| {
            let line = line_at(POLICY, token.start);
            let last = line_at(POLICY, token.end);
            let shown = POLICY[token.clone()].to_owned();
            let mut before = POLICY.to_owned();
            before.insert_str(token.start, &format!("{mark} "));
            let mut behind = POLICY.to_owned();
            behind.insert_str(token.end, &format!(" {mark}"));
            let before =
                Damage { what: format!("{line}: {mark} before {shown}"), text: before, lines: line..=line };
            [
                before,
                Damage { what: format!("{line}: {mark} behind {shown}"), text: behind, lines: line..=last },
            ]
        });
        holds(damages.collect(), 0);
    }
}

#[test]
fn two_tokens_swapped() {
    let all = tokens(POLICY);
    let damages = all.windows(2).map(|pair| {
        let (first, second) = (pair[0].clone(), pair[1].clone());
        let mut text = POLICY.to_owned();
        text.replace_range(second.clone(), &POLICY[first.clone()]);
        text.replace_range(first.clone(), &POLICY[second.clone()]);
        let (from, to) = (line_at(POLICY, first.start), line_at(POLICY, second.start));
        Damage { what: format!("{from}: {} and {}", &POLICY[first], &POLICY[second]), text, lines: from..=to }
    });
    // Across two statements both are damaged, and a brace that changes place is missing here and too many there.
    holds(damages.collect(), 42);
}
