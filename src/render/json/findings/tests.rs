//! The promised shape, byte by byte, and texts that must come back as they were.

use super::Findings;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::render::json::write;
use crate::source::{FileId, Place, Sources, Span, is_hidden};

fn at(start: usize, end: usize) -> Place {
    Place { file: FileId(0), span: Span::of(start, end) }
}

fn written(sources: &Sources, all: impl IntoIterator<Item = Diagnostic>) -> String {
    let mut diagnostics = Diagnostics::new();
    all.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
    let mut out = Vec::new();
    write(&Findings::new(sources, &diagnostics), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_shape() {
    let sources = Sources::from_iter([("a.role", "\u{feff}role a\r\n  devicez: view\r\n")]);
    let diagnostic = Diagnostic::new(Code::UnknownRow, at(13, 20), "no row `devicez`")
        .label("here")
        .also(at(3, 7), "in")
        .help("look")
        .fix(Fix::suggest("write `devices`", at(13, 20), "devices"));
    let expected = r#"{
  "version": 1,
  "findings": [
    {
      "code": "R0204",
      "slug": "unknown-row",
      "severity": "error",
      "message": "no row `devicez`",
      "file": "a.role",
      "line": 2,
      "column": 3,
      "end_line": 2,
      "end_column": 10,
      "labels": [
        {
          "file": "a.role",
          "line": 2,
          "column": 3,
          "end_line": 2,
          "end_column": 10,
          "text": "here",
          "primary": true
        },
        {
          "file": "a.role",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 5,
          "text": "in",
          "primary": false
        }
      ],
      "help": [
        "look"
      ],
      "fixes": [
        {
          "title": "write `devices`",
          "applicability": "suggestion",
          "edits": [
            {
              "file": "a.role",
              "start": {
                "line": 2,
                "column": 3,
                "offset": 13
              },
              "end": {
                "line": 2,
                "column": 10,
                "offset": 20
              },
              "text": "devices"
            }
          ]
        }
      ]
    }
  ],
  "summary": {
    "errors": 1,
    "warnings": 0,
    "notes": 0
  },
  "unread": []
}
"#;
    assert_eq!(written(&sources, [diagnostic]), expected);
}

#[test]
fn nothing_found() {
    let expected = "{\n  \"version\": 1,\n  \"findings\": [],\n  \"summary\": {\n    \"errors\": 0,\n    \"warnings\": 0,\n    \
                    \"notes\": 0\n  },\n  \"unread\": []\n}\n";
    assert_eq!(written(&Sources::new(), []), expected);
}

#[test]
fn hidden_texts_come_back() {
    let hidden: String = ('\0'..=char::MAX).filter(|c| is_hidden(*c)).collect();
    let word = format!("a\n\t\"\\{hidden}🙂");
    let sources = Sources::from_iter([(word.clone(), "text")]);
    let diagnostic = Diagnostic::new(Code::UnknownRow, at(0, 4), word.clone())
        .label(word.clone())
        .help(word.clone())
        .fix(Fix::suggest(word.clone(), at(0, 4), word.clone()));
    let json = written(&sources, [diagnostic]);
    assert!(!json.contains(is_hidden));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let finding = &value["findings"][0];
    for text in [
        &finding["file"],
        &finding["message"],
        &finding["labels"][0]["text"],
        &finding["help"][0],
        &finding["fixes"][0]["title"],
        &finding["fixes"][0]["edits"][0]["text"],
    ] {
        assert_eq!(text.as_str().unwrap(), word);
    }
}

#[test]
fn bad_places_have_an_answer() {
    let sources = Sources::from_iter([("a.role", "é\n")]);
    let elsewhere = Place { file: FileId(9), span: Span::new(1, 2) };
    let all = [at(1, 1), at(9, 2), at(usize::MAX, 0), elsewhere];
    let json = written(&sources, all.map(|place| Diagnostic::new(Code::UnknownRow, place, "m")));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let place = |index: usize| {
        let finding = &value["findings"][index];
        let number = |key: &str| finding[key].as_u64().unwrap();
        (number("line"), number("column"), number("end_line"), number("end_column"))
    };
    assert_eq!(place(0), (1, 1, 1, 2));
    assert_eq!(place(1), (1, 2, 2, 1));
    assert_eq!(place(2), (1, 1, 2, 1));
    assert_eq!(place(3), (1, 1, 1, 1));
    assert_eq!(value["findings"][3]["file"], "");
}
