//! A matrix as CSV, for spreadsheets and programs: RFC 4180 in all but the line end, which is a newline. One table,
//! however many organizations there are. No cell of it is a formula to a spreadsheet.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::render::escape::escaped_line;
use crate::tools::ask;
use crate::tools::listing::{Cell, Matrix};

/// What a spreadsheet takes for the beginning of a formula; the wide forms of the same signs too.
const FORMULAS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Writes matrices as one table: a line for each row of each organization, a column for each role or principal, empty
/// where the organization has none of that name. It is written as it is worked out, whatever its size.
///
/// A text that a spreadsheet would take for a formula has a `'` in front.
///
/// ```
/// use rolec::render::matrix::csv;
/// use rolec::table::Table;
/// use rolec::tools::listing::roles;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let mut out = Vec::new();
/// csv(&[roles(&table, acme)], &mut out)?;
/// let shown = "organization,category,row,title,editor,owner,reader
/// acme,content,spaces,Spaces,write,write,read
/// acme,content,pages,,\"create, update\",\"create, update, delete\",none
/// ";
/// assert!(String::from_utf8(out)?.starts_with(shown));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn csv(matrices: &[Matrix<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut names: Vec<&str> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for column in matrices.iter().flat_map(|matrix| &matrix.columns) {
        places.entry(column.name()).or_insert_with(|| {
            names.push(column.name());
            names.len() - 1
        });
    }
    let head = ["organization", "category", "row", "title"];
    write_line(head.into_iter().chain(names.iter().copied()).map(Cow::Borrowed), out)?;
    for matrix in matrices {
        let mut here = vec![None; names.len()];
        for column in &matrix.columns {
            if let Some(place) = places.get(column.name()).and_then(|place| here.get_mut(*place)) {
                *place = Some(column);
            }
        }
        for row in &matrix.rows {
            let level = |cell: Cell| ask::level(row.shape(), cell.some) + remark(cell);
            let cells = here
                .iter()
                .map(|column| column.map(|column| level(matrix.cell(column, *row))).unwrap_or_default());
            let title = row.title().unwrap_or_default();
            let names = [matrix.organization.id(), row.category().id(), row.id(), title];
            write_line(names.into_iter().map(Cow::Borrowed).chain(cells.map(Cow::Owned)), out)?;
        }
    }
    Ok(())
}

/// What is to say of a cell of a period: a table has no place for what a mark means.
fn remark(cell: Cell) -> &'static str {
    match (cell.is_part(), cell.at_once) {
        (false, _) => "",
        (true, true) => " (part of the time)",
        (true, false) => " (never all at once)",
    }
}

fn write_line<'a>(fields: impl Iterator<Item = Cow<'a, str>>, out: &mut dyn Write) -> io::Result<()> {
    for (index, text) in fields.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        out.write_all(field(&text).as_bytes())?;
    }
    out.write_all(b"\n")
}

fn field(text: &str) -> Cow<'_, str> {
    let text = escaped_line(text);
    // Some look behind leading blanks.
    let is_formula = text.trim_start().starts_with(FORMULAS);
    let text = if is_formula { Cow::Owned(format!("'{text}")) } else { text };
    let is_plain = !text.contains([',', '"', '\n', '\r']) && text.trim() == text;
    if is_plain { text } else { Cow::Owned(format!("\"{}\"", text.replace('"', "\"\""))) }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields() {
        for (text, written) in [
            ("view", "view"),
            ("", ""),
            ("read, write", "\"read, write\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("-2", "'-2"),
            ("+49", "'+49"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a=b", "a=b"),
            ("\t=1", "<U+0009>=1"),
            ("a\nb\u{202e}", "a<U+000A>b<U+202E>"),
            (" x ", "\" x \""),
        ] {
            assert_eq!(field(text), written);
        }
    }
}
