//! A matrix as Markdown, for a pull request or a wiki. What comes from a policy is neither markup, link, mention nor
//! HTML there.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::render::escape::escaped_line;
use crate::render::matrix::{head, level, mark, meanings};
use crate::tools::listing::Matrix;

/// Writes matrices, a table with a heading for each organization, a `-` where nothing is held.
///
/// A text with other characters than letters, digits and a few signs is written as code: so it stays as it is.
///
/// ```
/// use rolec::render::matrix::markdown;
/// use rolec::table::Table;
/// use rolec::tools::listing::people;
/// use rolec::vocab::Period;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let mut out = Vec::new();
/// markdown(&[people(&table, acme, Period::parse("2026")?)], &mut out)?;
/// let shown = "## acme (direct), from 2026-01-01 until 2027-01-01
///
/// | | `ana@acme.example` | bot |
/// |---|---|---|
/// | **Content** | | |
/// | spaces | write | write \\* |
/// | pages | create, update | create, update \\* |
/// ";
/// assert!(String::from_utf8(out)?.starts_with(shown));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn markdown(matrices: &[Matrix<'_>], out: &mut dyn Write) -> io::Result<()> {
    for (index, matrix) in matrices.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let (id, kind) = head(matrix);
        // Outside of a table a `|` is as any other sign.
        writeln!(out, "## {} {kind}\n", text(id).replace("\\|", "|"))?;
        if matrix.columns.is_empty() {
            writeln!(out, "nobody")?;
            continue;
        }
        write_table(matrix, out)?;
    }
    Ok(())
}

fn write_table(matrix: &Matrix<'_>, out: &mut dyn Write) -> io::Result<()> {
    let names: String = matrix.columns.iter().map(|column| format!(" {} |", text(column.name()))).collect();
    writeln!(out, "| |{names}\n|---|{}", "---|".repeat(matrix.columns.len()))?;
    let mut category = None;
    let mut marks: Vec<&str> = Vec::new();
    for row in &matrix.rows {
        let of = row.category();
        if category != Some(of.key()) {
            category = Some(of.key());
            let title = text(of.title().unwrap_or(of.id()));
            writeln!(out, "| **{title}** |{}", " |".repeat(matrix.columns.len()))?;
        }
        write!(out, "| {} |", text(row.id()))?;
        for cell in matrix.cells(*row) {
            let level = level(*row, cell);
            write!(out, " {}", if level == "-" { level.into() } else { text(&level) })?;
            match mark(cell) {
                "" => write!(out, " |")?,
                mark => write!(out, " {} |", starred(mark))?,
            }
            if !marks.contains(&mark(cell)) {
                marks.push(mark(cell));
            }
        }
        writeln!(out)?;
    }
    for (mark, meaning) in meanings(&marks) {
        writeln!(out, "\n{} {meaning}", starred(mark))?;
    }
    Ok(())
}

fn starred(mark: &str) -> String {
    mark.replace('*', "\\*")
}

/// A text of a policy in a cell.
fn text(text: &str) -> Cow<'_, str> {
    let text = escaped_line(text);
    let is_harmless = |c: char| c.is_alphanumeric() || " ,-./()'".contains(c);
    let begins_well = text.starts_with(char::is_alphanumeric) && text.trim() == text;
    // A reader of Markdown makes a link of it: an address, the number of an issue, the hash of a commit.
    let is_issue = |word: &str| word.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("gh-"));
    let is_hash = |word: &str| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
    let is_link = text.to_ascii_lowercase().contains("www.")
        || words.any(|word| is_issue(word) || word.split('-').any(is_hash));
    if begins_well && !is_link && text.chars().all(|c| is_harmless(c) || c == '&') {
        return if text.contains('&') { Cow::Owned(text.replace('&', "&amp;")) } else { text };
    }
    Cow::Owned(code(&text))
}

/// A text as code: between more backticks than it has side by side. A table's cell ends at a `|` even there.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let is_tight = text.starts_with('`') || text.ends_with('`') || text.trim() != text || text.is_empty();
    let pad = if is_tight { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_policys_text_is_no_markup() {
        for (given, written) in [
            ("read, write", "read, write"),
            ("Command & Automation", "Command &amp; Automation"),
            ("ana@acme.example", "`ana@acme.example`"),
            ("a|b", "`a\\|b`"),
            ("[x](http://evil.example)", "`[x](http://evil.example)`"),
            ("www.evil.example", "`www.evil.example`"),
            ("<img src=x>", "`<img src=x>`"),
            ("*bold*", "`*bold*`"),
            ("#12", "`#12`"),
            ("See GH-12", "`See GH-12`"),
            ("by a1b2c3d4", "`by a1b2c3d4`"),
            ("Facade", "Facade"),
            ("a`b``c", "```a`b``c```"),
            ("`", "`` ` ``"),
            ("- x", "`- x`"),
            ("a\n\u{202e}", "`a<U+000A><U+202E>`"),
        ] {
            assert_eq!(text(given), written);
        }
    }
}
