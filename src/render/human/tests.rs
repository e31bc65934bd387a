//! Drawings as people see them, and what a hostile text can do to them: nothing.

use super::{Color, Human};
use crate::diagnostic::{Applicability, Code, Diagnostic, Diagnostics, Fix};
use crate::source::{FileId, Place, Sources, Span, is_hidden};

fn at(file: usize, start: usize, end: usize) -> Place {
    Place { file: FileId::at(file), span: Span::of(start, end) }
}

/// The place of the only `word` in a file.
fn of(sources: &Sources, file: usize, word: &str) -> Place {
    let start = sources.file(FileId::at(file)).unwrap().text().find(word).unwrap();
    at(file, start, start + word.len())
}

fn draw(sources: &Sources, color: Color, diagnostic: Diagnostic) -> String {
    let mut diagnostics = Diagnostics::new();
    diagnostics.push(diagnostic);
    let mut out = Vec::new();
    Human { sources, color }.render(&diagnostics, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(sources: &Sources, diagnostic: Diagnostic) -> String {
    draw(sources, Color::Never, diagnostic)
}

/// A finding at a place of a text, with a label.
fn marked(text: &str, start: usize, end: usize) -> String {
    let sources = Sources::from_iter([("a.role", text)]);
    plain(&sources, Diagnostic::new(Code::UnknownRow, at(0, start, end), "m").label("here"))
}

#[test]
fn a_finding_in_full() {
    let sources = Sources::from_iter([
        (
            "acme.role",
            "organization acme {\n    role ops from manager {\n        grant devicez: view\n    }\n}\n",
        ),
        ("lib/catalog.role", "catalog jumpcloud {\n\n    category devices\n    category other\n}\n"),
    ]);
    let diagnostic = Diagnostic::new(Code::UnknownRow, of(&sources, 0, "devicez"), "no row `devicez`")
        .label("not in the catalog")
        .also(of(&sources, 0, "acme"), "of this organization")
        .also(of(&sources, 1, "devices"), "the near name")
        .also(of(&sources, 1, "jumpcloud"), "")
        .help("`rolec catalog jumpcloud` lists its rows")
        .fix(Fix::suggest("write `devices`", of(&sources, 0, "devicez"), "devices"))
        .fix(Fix::suggest("take the line away", of(&sources, 0, "devicez"), ""));
    let expected = "\
error[R0204]: no row `devicez`
  --> acme.role:3:15
  |
1 | organization acme {
  |              ---- of this organization
2 |     role ops from manager {
3 |         grant devicez: view
  |               ^^^^^^^ not in the catalog
  |
  --> lib/catalog.role:1:9
  |
1 | catalog jumpcloud {
  |         ---------
2 |
3 |     category devices
  |              ------- the near name
  |
  = help: `rolec catalog jumpcloud` lists its rows
  = fix: write `devices`
  = fix: take the line away

";
    assert_eq!(plain(&sources, diagnostic), expected);
}

#[test]
fn lines_far_apart_and_severities() {
    let text = format!("first\n{}last\n", "\n".repeat(2000));
    let sources = Sources::from_iter([("a.role", text)]);
    let diagnostic =
        Diagnostic::new(Code::EmptyGrant, of(&sources, 0, "last"), "w").also(of(&sources, 0, "first"), "");
    let expected = "\
warning[R0409]: w
     --> a.role:2002:1
     |
   1 | first
     | -----
     .
2002 | last
     | ^^^^

";
    assert_eq!(plain(&sources, diagnostic), expected);
    let note = Diagnostic::new(Code::LoweredBySpread, at(0, 0, 5), "n");
    assert!(plain(&sources, note).starts_with("note[R0406]: n\n"));
}

#[test]
fn a_file_as_a_whole() {
    let expected = "error[R0207]: no catalog\n  --> empty.role\n  = help: name one\n\n";
    for text in ["", "\u{feff}", " \n\r\n\t\n", "role a\n"] {
        let sources = Sources::from_iter([("empty.role", text)]);
        let diagnostic = Diagnostic::new(Code::NoCatalog, at(0, 0, 0), "no catalog").help("name one");
        assert_eq!(plain(&sources, diagnostic), expected, "{text:?}");
    }
    let sources = Sources::from_iter([("blank.role", "\n\n")]);
    let blank = Diagnostic::new(Code::NoCatalog, at(0, 1, 2), "m").label("here");
    assert_eq!(plain(&sources, blank), "error[R0207]: m\n  --> blank.role\n\n");
    let nowhere = Diagnostic::new(Code::NoCatalog, at(7, 1, 2), "m").label("here");
    assert_eq!(plain(&sources, nowhere), "error[R0207]: m\n\n");
}

#[test]
fn a_label_over_lines_ends_with_the_first() {
    let text = "role a {\n    grant b: view\n}\n";
    let expected = "error[R0204]: m\n  --> a.role:1:6\n  |\n1 | role a {\n  |      ^^^ here\n\n";
    assert_eq!(marked(text, 5, text.len()), expected);
}

#[test]
fn carets_stand_under_what_they_mean() {
    let source_and_carets = |text: &str, word: &str| {
        let start = text.find(word).unwrap();
        let drawn = marked(text, start, start + word.len());
        let lines: Vec<&str> = drawn.lines().skip(3).take(2).collect();
        lines.join("\n")
    };
    let cases = [
        ("a\u{202e}b word", "word", "1 | a<U+202E>b word\n  |            ^^^^ here"),
        ("a\u{202e}b word", "\u{202e}b", "1 | a<U+202E>b word\n  |  ^^^^^^^^^ here"),
        ("\"🙂日\" word", "word", "1 | \"🙂日\" word\n  |        ^^^^ here"),
        ("a 🙂日 b", "🙂日", "1 | a 🙂日 b\n  |   ^^^^ here"),
        ("\tword\t", "word", "1 |     word\n  |     ^^^^ here"),
        ("e\u{301} word", "word", "1 | e\u{301} word\n  |   ^^^^ here"),
        ("e\u{301} x", "\u{301}", "1 | e<U+0301> x\n  |  ^^^^^^^^ here"),
        ("\u{feff}word\r\n", "word", "1 | word\n  | ^^^^ here"),
        ("word\r\n", "\r\n", "1 | word\n  |     ^ here"),
        ("wo\rrd\r\n", "rd", "1 | wo<U+000D>rd\n  |           ^^ here"),
    ];
    for (text, word, expected) in cases {
        assert_eq!(source_and_carets(text, word), expected, "{text:?}");
    }
}

#[test]
fn columns_are_the_real_ones() {
    for (text, word, column) in [
        ("\u{feff}ab word\r\n", "word", 4),
        ("\u{202e}\u{200b}é🙂 word", "word", 6),
        ("\t\tword", "word", 3),
        (&format!("{}word", "é".repeat(700)), "word", 701),
    ] {
        let start = text.find(word).unwrap();
        let drawn = marked(text, start, start + word.len());
        assert!(drawn.contains(&format!("--> a.role:1:{column}\n")), "{drawn}");
    }
    let crlf = "one\r\ntwo\r\nthree\r\n";
    let drawn = marked(crlf, crlf.find("ree").unwrap(), crlf.len());
    assert_eq!(drawn, "error[R0204]: m\n  --> a.role:3:3\n  |\n3 | three\n  |   ^^^ here\n\n");
}

#[test]
fn a_line_of_a_megabyte() {
    for filler in ["x", "é", "\u{202e}", "\u{301}", "\t", "日"] {
        let half = filler.repeat(500_000);
        let text = format!("{half}word{half}");
        let drawn = marked(&text, half.len(), half.len() + 4);
        assert!(drawn.len() < 1500, "{filler:?}: {}", drawn.len());
        assert!(drawn.contains("word") && drawn.contains(" …") && drawn.contains("…\n"), "{drawn}");
        assert!(drawn.contains("--> a.role:1:500001\n"), "{drawn}");
        assert!(marked(&text, 0, text.len()).len() < 1500);
    }
}

#[test]
fn a_long_message_is_cut() {
    let word = "w".repeat(1 << 20);
    let sources = Sources::from_iter([(word.clone(), "text")]);
    let diagnostic =
        Diagnostic::new(Code::UnknownRow, at(0, 0, 4), word.clone()).label(word.clone()).help(word);
    assert!(plain(&sources, diagnostic).len() < 5000);
}

#[test]
fn many_places_are_counted() {
    let text: String = (1..=40).map(|n| format!("line{n}\n")).collect();
    let sources = Sources::from_iter([("a.role", text)]);
    let with = |places: usize| {
        let start = Diagnostic::new(Code::RoleCycle, at(0, 0, 4), "m");
        let place = |n: usize| of(&sources, 0, &format!("line{n}\n"));
        plain(&sources, (2..=places).fold(start, |diagnostic, n| diagnostic.also(place(n), "")))
    };
    assert!(!with(9).contains("more place"));
    assert!(with(10).ends_with("  |\n  = and 1 more place\n\n"));
    let many = with(40);
    assert!(
        many.contains("9 | line9\n") && !many.contains("line10") && many.contains("= and 31 more places")
    );
}

#[test]
fn bad_spans_do_not_panic() {
    for text in ["", "a", "🙂é\u{202e}", "a🙂\r\nb\n", "\u{feff}🙂", "\n"] {
        for start in 0..12 {
            for end in (0..12).chain([u32::MAX as usize]) {
                let drawn = marked(text, start, end);
                assert!(drawn.starts_with("error[R0204]: m\n"), "{drawn}");
            }
        }
    }
}

#[test]
fn nothing_hidden_passes() {
    let hidden: Vec<char> = ('\0'..=char::MAX).filter(|c| is_hidden(*c)).collect();
    assert!(hidden.len() > 65 - 2);
    for group in hidden.chunks(16) {
        // In a line of its own, a file's name, a message, a label, a sentence of help, a fix.
        let word: String = group.iter().collect();
        let sources = Sources::from_iter([(format!("n{word}.role"), format!("a {word} b\n"))]);
        let fix = Fix { title: word.clone(), edits: Vec::new(), applicability: Applicability::Safe };
        let diagnostic = Diagnostic::new(Code::UnknownRow, at(0, 2, 2 + word.len()), word.clone())
            .label(word.clone())
            .also(at(0, 0, 1), word.clone())
            .help(word.clone())
            .fix(fix);
        let drawn = plain(&sources, diagnostic.clone());
        assert!(!drawn.contains(is_hidden), "{drawn:?}");
        let shown: String = group.iter().map(|c| format!("<U+{:04X}>", u32::from(*c))).collect();
        assert_eq!(drawn.matches(&shown).count(), 7, "{drawn}");

        // With colour there is more, and it is ours.
        let colored = draw(&sources, Color::Always, diagnostic);
        let sequences = ["0m", "0;1m", "0;1;31m", "0;1;34m"].map(|tail| format!("\u{1b}[{tail}"));
        assert!(sequences.iter().all(|sequence| colored.contains(sequence)), "{colored:?}");
        let stripped = sequences.iter().fold(colored, |text, sequence| text.replace(sequence, ""));
        assert_eq!(stripped, drawn);
        assert!(drawn.lines().all(|line| line == line.trim_end()), "{drawn:?}");
    }
}

#[test]
fn a_name_forges_no_line() {
    let forged = "x\nerror[R9999]: forged";
    let sources = Sources::from_iter([(forged, "text\n")]);
    let diagnostic = Diagnostic::new(Code::UnknownRow, at(0, 0, 4), forged)
        .label(forged)
        .help(forged)
        .fix(Fix::suggest(forged, at(0, 0, 4), ""));
    let drawn = plain(&sources, diagnostic);
    assert_eq!(drawn.lines().filter(|line| line.starts_with("error")).count(), 1, "{drawn}");
    assert_eq!(drawn.matches("x<U+000A>error").count(), 5, "{drawn}");
}

#[test]
fn one_finding_costs_its_lines() {
    // Twenty thousand findings in a file of twenty thousand lines: a scan of the file for each would be gigabytes.
    let text: String = (0..20_000).map(|n| format!("grant devices-{n:05}: view\n")).collect();
    let sources = Sources::from_iter([("a.role", text)]);
    let mut diagnostics = Diagnostics::new();
    for n in 0..20_000 {
        diagnostics.push(Diagnostic::new(Code::UnknownRow, at(0, n * 26 + 6, n * 26 + 19), "m"));
    }
    let mut out = Vec::new();
    Human { sources: &sources, color: Color::Never }.render(&diagnostics, &mut out).unwrap();
    let last = "20000 | grant devices-19999: view\n      |       ^^^^^^^^^^^^^\n\n";
    assert!(String::from_utf8(out).unwrap().ends_with(last));
}
