//! Small things that no example in tests/format shows.

use super::{edits, format};
use crate::source::FileId;

fn formatted(text: &str) -> String {
    let formatted = format(text);
    assert!(!formatted.is_refused, "{:?}", formatted.findings);
    let again = format(&formatted.text);
    assert_eq!(again.text, formatted.text, "formatted twice");
    formatted.text
}

#[test]
fn what_is_empty_stays_empty() {
    for text in ["", " ", "\n\n", "\t\r\n"] {
        assert_eq!(formatted(text), "");
    }
    assert_eq!(formatted("\u{feff}\n"), "\u{feff}");
    assert_eq!(formatted("\n\n// a  \n\n\n\n// b"), "// a\n\n// b\n");
}

#[test]
fn line_ends_and_the_byte_order_mark_are_kept() {
    let text = "\u{feff}use jumpcloud\r\n\r\n\r\norganization o{\r\n// x\r\nrole a{}}";
    let wanted = "\u{feff}use jumpcloud\r\n\r\norganization o {\r\n    // x\r\n    role a {}\r\n}\r\n";
    assert_eq!(formatted(text), wanted);
    // A carriage return alone is damage.
    let text = "// a\r// b\ruse c\r\r// d\nuse  d\n";
    assert_eq!(formatted(text), "// a\r// b\ruse c\r\r// d\nuse d\n");
}

#[test]
fn what_cannot_be_read_is_refused() {
    let deep = format!("organization o {}", "{".repeat(40));
    let formatted = format(&deep);
    assert!(formatted.is_refused);
    assert_eq!(formatted.text, deep);
    assert_eq!(formatted.findings.len(), 1);
}

#[test]
fn edits_make_the_text_and_are_small() {
    for text in [
        "use jumpcloud\norganization   o {\n\n role a // x\n {grant all:view}\nassign a to \"x\" // y\n , \"z\"  }  ",
        "\u{feff}\r\n// a\t\r\nuse c\r\n",
        "",
    ] {
        let after = formatted(text);
        let all = edits(text, &after, FileId(0));
        let mut made = text.to_owned();
        for edit in all.iter().rev() {
            let span = edit.place.span;
            made.replace_range(span.start as usize..span.end as usize, &edit.text);
        }
        assert_eq!(made, after);
        assert!(edits(&after, &after, FileId(0)).is_empty());
    }
    let one = edits("use  jumpcloud\n\ntemplate t {}\n", "use jumpcloud\n\ntemplate t {}\n", FileId(0));
    assert_eq!(one.len(), 1);
    assert_eq!((one[0].place.span.start, one[0].place.span.end, one[0].text.as_str()), (3, 5, " "));
}
