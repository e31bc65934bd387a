//! A matrix as one page of HTML that needs nothing else: no network, no file beside it. Without its script it is a
//! table to read and to print; with it, the table is filtered and walked with the keyboard. The filter stands in the
//! address, so that a view can be handed on.
//!
//! What comes from a policy is text everywhere in it. The policy for contents lets the browser run the page's own style
//! and script, by their hashes, and load nothing.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::render::escape::escaped_line;
use crate::render::matrix::why::why;
use crate::render::matrix::{head, mark, meanings};
use crate::table::Row;
use crate::tools::ask::level;
use crate::tools::listing::{Column, Matrix};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// The SHA-256 of the two: what a browser holds them against. A test does too.
const STYLE_HASH: &str = "YKeIDGUWlAgkQnPt2iJm3LdM7gqVPj2ZGMPLfFHgyZU=";
const SCRIPT_HASH: &str = "il+t6Qq9vqrfIeQDOnYL4WtLZCoN1qM0GdJgPNpXAoM=";

/// How many columns a table on paper has: so many as are read on a page, however long their words are.
const ON_PAPER: usize = 10;

/// Writes matrices as one page: a table for each organization, in each cell where its level comes from.
///
/// ```
/// use rolec::render::matrix::html;
/// use rolec::table::Table;
/// use rolec::tools::listing::roles;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let mut page = Vec::new();
/// html(&[roles(&table, acme)], &mut page)?;
/// let page = String::from_utf8(page)?;
/// assert!(page.contains("<tbody data-category=\"content\">"));
/// assert!(page.contains("pages: create, update, at acme.role:32:13"), "where a level comes from");
/// assert!(!page.contains("http://") && !page.contains("https://"), "it needs nothing else");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn html(matrices: &[Matrix<'_>], out: &mut dyn Write) -> io::Result<()> {
    let period = matrices.iter().find_map(|matrix| matrix.period);
    let noun = if period.is_some() { "people" } else { "roles" };
    let when = period.map(|period| format!(", {period}")).unwrap_or_default();
    let title = match matrices {
        [only] => format!("{}: rows and {noun}{when}", only.organization.id()),
        _ => format!("Rows and {noun}{when}"),
    };
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"rolec\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body data-noun=\"{noun}\">\n<h1>{title}</h1>\n",
        title = text(&title),
    )?;
    write_filter(matrices, noun, out)?;
    writeln!(out, "<main>")?;
    let mut next = 0;
    let mut marks: Vec<&'static str> = Vec::new();
    for (index, matrix) in matrices.iter().enumerate() {
        write_matrix(matrix, index, &mut next, &mut marks, out)?;
    }
    for (mark, meaning) in meanings(&marks) {
        writeln!(out, "<p class=\"note\">{mark} {meaning}</p>")?;
    }
    write!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

/// What filters. It is there with the script only.
fn write_filter(matrices: &[Matrix<'_>], noun: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut categories: Vec<(&str, &str)> = Vec::new();
    let mut roles: Vec<&str> = Vec::new();
    for matrix in matrices {
        for row in &matrix.rows {
            let of = row.category();
            if !categories.iter().rev().any(|(id, _)| *id == of.id()) {
                categories.push((of.id(), of.title().unwrap_or(of.id())));
            }
        }
        roles.extend(matrix.columns.iter().flat_map(roles_of));
    }
    roles.sort_unstable();
    roles.dedup();
    let role = if noun == "roles" { "Role" } else { "People who have the role" };
    write!(
        out,
        "<form id=\"filter\" role=\"search\" hidden>\n\
         <label>Rows that mention <input id=\"text\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>\n\
         <label>Category <select id=\"category\"><option value=\"\">all</option>"
    )?;
    for (id, title) in categories {
        write!(out, "<option value=\"{}\">{}</option>", text(id), text(title))?;
    }
    write!(out, "</select></label>\n<label>{role} <select id=\"role\"><option value=\"\">all</option>")?;
    for id in roles {
        // Without `value` a browser would take the blanks out of it.
        write!(out, "<option value=\"{0}\">{0}</option>", text(id))?;
    }
    writeln!(
        out,
        "</select></label>\n<label><input id=\"held\" type=\"checkbox\"> Only where something is held</label>\n\
         <button type=\"reset\">Show all</button>\n</form>\n<p id=\"count\" role=\"status\"></p>"
    )
}

/// The roles by which a column is found.
fn roles_of<'t>(column: &Column<'t>) -> Vec<&'t str> {
    match column {
        Column::Role(role) => vec![role.id()],
        Column::Person(person) => {
            let mut ids: Vec<&str> = person.roles().map(|(role, _)| role.id()).collect();
            ids.dedup();
            ids
        }
    }
}

fn write_matrix<'t>(
    matrix: &Matrix<'t>,
    index: usize,
    next: &mut usize,
    marks: &mut Vec<&'static str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let organization = matrix.organization;
    let (id, kind) = head(matrix);
    let title = organization.title().unwrap_or_default();
    let wide = if matrix.columns.len() > ON_PAPER { " class=\"wide\"" } else { "" };
    writeln!(
        out,
        "<section aria-labelledby=\"s{index}\"{wide}>\n<h2 id=\"s{index}\"><bdi>{}</bdi> {} <small><bdi>{}</bdi></small></h2>",
        text(id),
        text(&kind),
        text(title)
    )?;
    if matrix.columns.is_empty() {
        return writeln!(out, "<p>nobody</p>\n</section>");
    }
    write!(
        out,
        "<div class=\"scroll\">\n<table>\n<caption>What each of {} holds of the rows of {}. \
         A cell that is pointed at or focused says where its level comes from.</caption>\n<thead><tr><th scope=\"col\">Row</th>",
        if matrix.period.is_some() { "these people" } else { "these roles" },
        text(organization.catalog().title().unwrap_or(organization.catalog().id())),
    )?;
    write_columns(matrix, &matrix.columns, Some((next, marks)), out)?;
    writeln!(out, "</div>")?;
    if !wide.is_empty() {
        write_papers(matrix, out)?;
    }
    writeln!(out, "</section>")
}

/// A wide table once more for paper, which is as wide as it is: a few columns at a time, each time with the rows' heads.
/// On a screen it is not there.
fn write_papers(matrix: &Matrix<'_>, out: &mut dyn Write) -> io::Result<()> {
    let all = matrix.columns.len();
    for (index, columns) in matrix.columns.chunks(ON_PAPER).enumerate() {
        let first = index * ON_PAPER + 1;
        write!(
            out,
            "<div class=\"paper\">\n<table>\n<caption>Columns {first} to {} of {all}</caption>\n\
             <thead><tr><th scope=\"col\">Row</th>",
            first + columns.len() - 1,
        )?;
        write_columns(matrix, columns, None, out)?;
        writeln!(out, "</div>")?;
    }
    Ok(())
}

/// The columns of a table, its rows and its end: with where each level comes from, or without that for paper.
fn write_columns<'t>(
    matrix: &Matrix<'t>,
    columns: &[Column<'t>],
    mut origins: Option<Origins<'_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for column in columns {
        write_column(column, out)?;
    }
    writeln!(out, "</tr></thead>")?;
    let mut category = None;
    for row in &matrix.rows {
        let of = row.category();
        if category != Some(of.key()) {
            if category.is_some() {
                writeln!(out, "</tbody>")?;
            }
            category = Some(of.key());
            writeln!(
                out,
                "<tbody data-category=\"{}\">\n<tr><th scope=\"rowgroup\" colspan=\"{}\"><bdi>{}</bdi></th></tr>",
                text(of.id()),
                columns.len() + 1,
                text(of.title().unwrap_or(of.id()))
            )?;
        }
        let origins = origins.as_mut().map(|(next, marks)| (&mut **next, &mut **marks));
        write_row(matrix, columns, *row, origins, out)?;
    }
    if category.is_some() {
        writeln!(out, "</tbody>")?;
    }
    writeln!(out, "</table>")
}

/// The number of the next cell that says where it comes from, and the marks that were met.
type Origins<'a> = (&'a mut usize, &'a mut Vec<&'static str>);

fn write_column(column: &Column<'_>, out: &mut dyn Write) -> io::Result<()> {
    let roles = serde_json::to_string(&roles_of(column)).unwrap_or_default();
    let about = match column {
        Column::Role(role) if role.is_template() => "template".to_owned(),
        Column::Role(_) => "role".to_owned(),
        Column::Person(person) if person.idle.is_some() => {
            format!("{}, nothing in force", person.principal.kind().word())
        }
        Column::Person(person) => person.principal.kind().word().to_owned(),
    };
    let title = match column {
        Column::Role(role) => role.title().unwrap_or_default(),
        Column::Person(_) => "",
    };
    write!(
        out,
        "<th scope=\"col\" data-roles=\"{}\"><div><bdi>{}</bdi> <small><bdi>{}</bdi> {about}</small></div></th>",
        text(&roles),
        text(column.name()),
        text(title)
    )
}

fn write_row<'t>(
    matrix: &Matrix<'t>,
    columns: &[Column<'t>],
    row: Row<'t>,
    mut origins: Option<Origins<'_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let escalating = if row.is_escalating() { " <small class=\"risk\">escalating</small>" } else { "" };
    let title = row.title().map(|title| format!("<bdi>{}</bdi> ", text(title))).unwrap_or_default();
    write!(out, "<tr><th scope=\"row\">{title}<code>{}</code>{escalating}</th>", text(row.id()))?;
    for column in columns {
        let cell = matrix.cell(column, row);
        let class = match (cell.some.is_empty(), cell.some == row.shape().top()) {
            (true, _) => "none",
            (false, true) => "all",
            (false, false) => "some",
        };
        let mark = mark(cell);
        let sup = if mark.is_empty() { String::new() } else { format!("<sup>{mark}</sup>") };
        let level = level(row.shape(), cell.some);
        let shown = format!("{}{sup}", text(&level));
        let Some((next, marks)) = &mut origins else {
            write!(out, "<td class=\"{class}\">{shown}</td>")?;
            continue;
        };
        if !marks.contains(&mark) {
            marks.push(mark);
        }
        write!(
            out,
            "<td class=\"{class}\" tabindex=\"0\" aria-describedby=\"o{next}\">{shown}<div role=\"tooltip\" id=\"o{next}\">"
        )?;
        for sentence in why(matrix, column, row) {
            write!(out, "<p>{}</p>", text(&sentence))?;
        }
        write!(out, "</div></td>")?;
        **next += 1;
    }
    writeln!(out, "</tr>")
}

/// A text of a policy, in an element or in a quoted attribute.
fn text(text: &str) -> Cow<'_, str> {
    let text = escaped_line(text);
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_policys_text_is_no_element_and_ends_no_attribute() {
        assert_eq!(text("plain é"), "plain é");
        assert_eq!(
            text("</td><script>x('\"')</script>"),
            "&lt;/td&gt;&lt;script&gt;x(&#39;&quot;&#39;)&lt;/script&gt;"
        );
        assert_eq!(text("a&amp;\u{202e}\u{0}\n"), "a&amp;amp;&lt;U+202E&gt;&lt;U+0000&gt;&lt;U+000A&gt;");
    }
}
