//! What a benchmark found, written into a document between two marks. Knows nothing of what it is.

use std::path::Path;

/// Puts a text into docs/performance.md, between the marks of its name.
pub(crate) fn write(root: &Path, name: &str, text: &str) {
    let place = root.join("docs/performance.md");
    let document = std::fs::read_to_string(&place).expect("the document");
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->"));
    let (before, rest) = document.split_once(&begin).expect("where it begins");
    let (_, after) = rest.split_once(&end).expect("where it ends");
    let text = text.trim();
    std::fs::write(place, format!("{before}{begin}\n{text}\n\n{end}{after}")).expect("the document");
}
