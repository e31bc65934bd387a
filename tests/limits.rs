//! Each limit of the language, one below, at and one above it; and the same answer on a small stack and a large one,
//! since depth is counted and never met as the end of a stack. docs/language.md lists the limits.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::thread;

use rolec::diagnostic::Code;
use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::vocab::limits;

/// How often something is found in a text: the same on a thread of 256 KiB and of 8 MiB.
fn found(text: &str, code: Code) -> usize {
    let of = |stack: usize| {
        let text = text.to_owned();
        let run = move || {
            let compiled = compile(Sources::from_iter([("a.role", text)]));
            let told = compiled.findings.iter().map(|it| (it.code, it.primary.place, it.message.clone()));
            told.collect::<Vec<_>>()
        };
        thread::Builder::new().stack_size(stack).spawn(run).unwrap().join().unwrap()
    };
    let (small, large) = (of(256 << 10), of(8 << 20));
    assert!(small == large, "another answer on another stack: {small:?} and {large:?}");
    small.iter().filter(|(it, ..)| *it == code).count()
}

fn organization(body: &str) -> String {
    format!("use jumpcloud\norganization o {{\n{body}\n}}\n")
}

/// One below and at a limit nothing of a sort is found, one above something is.
fn holds(limit: usize, code: Code, text: impl Fn(usize) -> String) {
    assert_eq!(found(&text(limit - 1), code), 0, "{code} one below {limit}");
    assert_eq!(found(&text(limit), code), 0, "{code} at {limit}");
    assert!(found(&text(limit + 1), code) > 0, "{code} one above {limit}");
}

#[test]
fn names_have_512_bytes() {
    let long = |bytes: usize| "a".repeat(bytes);
    holds(limits::NAME_BYTES, Code::BadName, |bytes| format!("organization {} {{ }}", long(bytes)));
    holds(limits::NAME_BYTES, Code::BadName, |bytes| format!("organization o \"{}\" {{ }}", long(bytes)));
    holds(limits::NAME_BYTES, Code::BadName, |bytes| {
        organization(&format!("role r {{ }} assign r to \"{}\"", long(bytes)))
    });
    holds(limits::NAME_BYTES, Code::BadName, |bytes| {
        organization(&format!("role \"{}\" {{ }}", long(bytes)))
    });
    // Letters of several bytes count by their bytes.
    assert_eq!(found(&format!("organization o \"{}\" {{ }}", "é".repeat(256)), Code::BadName), 0);
    assert_eq!(found(&format!("organization o \"{}\" {{ }}", "é".repeat(257)), Code::BadName), 1);
}

/// Nesting: what is open is counted before anything is parsed, on every stack the same; parentheses and brackets are
/// characters of no use, and never nest.
#[test]
fn thirty_two_braces_are_open() {
    let deep = |depth: usize| format!("use jumpcloud\ntemplate t {}{}", "{".repeat(depth), "}".repeat(depth));
    holds(limits::NESTING, Code::TooDeep, deep);
    holds(limits::NESTING, Code::TooDeep, |depth| format!("template t {}", "{".repeat(depth)));
    for depth in [1_000, 100_000] {
        assert!(found(&deep(depth), Code::TooDeep) > 0);
        assert!(found(&"{".repeat(depth), Code::TooDeep) > 0);
        for bracket in ["}", "(", "[", "<", ")", "]", ">", "\""] {
            let text = bracket.repeat(depth);
            assert_eq!(found(&text, Code::TooDeep), 0, "{bracket}");
        }
    }
}

/// Members that are never closed stand in each other: so many may.
#[test]
fn members_without_an_end_are_open() {
    let open = |count: usize| "organization o {\n".repeat(count);
    holds(limits::OPEN_BRACES, Code::TooDeep, open);
}

/// Of each code the first are listed, and one more finding counts the others.
#[test]
fn a_code_is_listed_1000_times() {
    let told = |count: usize| -> Vec<String> {
        let text = organization(&"forbid \"f\" { a view }\n".repeat(count));
        let compiled = compile(Sources::from_iter([("a.role", text)]));
        let places: Vec<_> = compiled.findings.iter().map(|finding| finding.primary.place).collect();
        assert!(places.is_sorted(), "they are told from the first to the last");
        let of_code = compiled.findings.iter().filter(|finding| finding.code == Code::UnexpectedText);
        of_code.map(|finding| finding.message.clone()).collect()
    };
    let most = limits::CODE_FINDINGS;
    let one = "expected `.`, found `view`".to_owned();
    assert_eq!(told(most - 1), vec![one.clone(); most - 1]);
    assert_eq!(told(most), vec![one.clone(); most]);
    for (count, others) in [
        (most + 1, "1 more finding of R0101 in this file is not listed"),
        (most + 250, "250 more findings of R0101 in this file are not listed"),
    ] {
        let mut expected = vec![one.clone(); most];
        expected.push(others.to_owned());
        assert_eq!(told(count), expected);
    }
}

#[test]
fn a_row_has_128_actions() {
    let verbs = |count: usize| {
        let verbs: Vec<String> = (0..count).map(|number| format!("v{number}")).collect();
        format!("catalog c {{ category d {{ e: verbs {} }} }}", verbs.join(", "))
    };
    let steps = |count: usize| {
        // `none` is a level too.
        let steps: String = (1..count).map(|number| format!(" < s{number}")).collect();
        format!("catalog c {{ category d {{ e: ladder none{steps} }} }}")
    };
    holds(limits::ROW_ACTIONS, Code::TooManyActions, verbs);
    holds(limits::ROW_ACTIONS, Code::TooManyActions, steps);
}

/// A million rows: in categories of one shape, which are parsed once, and beside an error, so that no table is made of three
/// million names. Some 5 s for each where nothing is optimized.
#[test]
fn a_catalog_has_a_million_rows() {
    let most = limits::CATALOG_ROWS;
    let text = |rows: usize| {
        let mut text = String::from("catalog c {\n");
        for category in 0..rows.div_ceil(1 << 10) {
            text += &format!("category c{category} {{\n");
            for row in 0..(rows - (category << 10)).min(1 << 10) {
                text += &format!("r{row}: flag\n");
            }
            text += "}\n";
        }
        text + "}\nuse nothing\n"
    };
    for (rows, wanted) in [(most - 1, 0), (most, 0), (most + 1, 1)] {
        let compiled = compile(Sources::from_iter([("a.role", text(rows))]));
        let told = |code: Code| compiled.findings.iter().filter(|it| it.code == code).count();
        assert_eq!((told(Code::TooManyActions), compiled.table.is_none()), (wanted, true), "{rows} rows");
    }
}

#[test]
fn a_number_has_32_bits() {
    let limit = |number: u64| format!("catalog c {{ category d {{ e: flag }} limit custom-roles {number} }}");
    let most = u64::from(u32::MAX);
    assert_eq!([most - 1, most, most + 1].map(|number| found(&limit(number), Code::BadNumber)), [0, 0, 1]);
    assert_eq!(
        found(&format!("catalog c {{ limit custom-roles {} }}", "9".repeat(5_000)), Code::BadNumber),
        1
    );
}

/// So many findings of one sort are told of the text of a file; the last says how many more there are.
#[test]
fn findings_of_one_sort_are_told_64_times() {
    let most = limits::TEXT_FINDINGS;
    let told = |count: usize| {
        let text = "%\n".repeat(count);
        let says_more = compile(Sources::from_iter([("a.role", text.as_str())]))
            .findings
            .iter()
            .any(|it| it.message.contains(" more") || it.help.iter().any(|help| help.contains(" more")));
        (found(&text, Code::UnknownCharacter), says_more)
    };
    assert_eq!([most - 1, most].map(told), [(most - 1, false), (most, false)]);
    assert_eq!([most + 1, 10 * most].map(told), [(most, true); 2]);
}

/// A file: the length is looked at before anything is read.
#[test]
fn a_file_has_64_mib() {
    let text = |bytes: usize| {
        let mut text = "// ".to_owned();
        text.extend(std::iter::repeat_n('c', bytes - text.len()));
        text
    };
    let most = limits::FILE_BYTES;
    for (bytes, wanted) in [(most - 1, 0), (most, 0), (most + 1, 1)] {
        let compiled = compile(Sources::from_iter([("a.role", text(bytes))]));
        let told = compiled.findings.iter().filter(|it| it.code == Code::FileTooLarge).count();
        assert_eq!(told, wanted, "{bytes} bytes");
    }
}

/// Rows of a file of assignments: so many faults, and then no more is read.
#[cfg(feature = "assignments")]
#[test]
fn faults_of_rows_are_told_100_times() {
    use rolec::diagnostic::Severity;
    use rolec::roster::{Form, read};
    use rolec::source::FileId;
    let most = limits::ROW_FINDINGS;
    let told = |count: usize| {
        let rows = format!("organization,principal,role\n{}", "acme,ana\n".repeat(count));
        let (roster, _) = read(rows.as_bytes(), Form::Csv, FileId(0), &mut |_| ()).unwrap();
        roster.findings().iter().filter(|it| it.severity() == Severity::Error).count()
    };
    assert_eq!([most - 1, most].map(told), [most - 1, most]);
    assert_eq!(told(most + 1), told(10 * most), "the rest is not read");
    assert!(told(10 * most) <= most + 2);
}
