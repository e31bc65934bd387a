//! What differs between two policies as Markdown, for a comment in a pull request: a line of numbers, tables, and what is
//! long folded up. Nothing of a policy is taken for Markdown, HTML or the name of somebody to call: all of it stands as
//! code.

use std::io::{self, Write};

use crate::render::diff::Length;
use crate::render::diff::words::{self, Line};
use crate::render::escape::escaped_line;
use crate::table::Organization;
use crate::tools::ask::bare_or_quoted;
use crate::tools::diff::{Diff, OrganizationChange, RoleChange, Sides};
use crate::vocab::OrganizationKind;

/// Of a table with more lines than these, the lines are folded up.
const OPEN: usize = 10;

/// Writes what differs, and that nothing does.
///
/// ```
/// use rolec::render::diff::{Length, markdown};
/// use rolec::table::Table;
/// use rolec::tools::diff::diff;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let mut out = Vec::new();
/// markdown(&diff(&table, &table), Length::Short, &mut out)?;
/// assert_eq!(out, b"**Access**: no difference.\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn markdown(found: &Diff<'_>, length: Length, out: &mut dyn Write) -> io::Result<()> {
    if found.is_empty() {
        return writeln!(out, "**Access**: no difference.");
    }
    let widens = if found.widens() { " **Something widens.**" } else { " Nothing widens." };
    writeln!(out, "**Access**: {}.{widens}", words::summary(found))?;
    let mut page = Page { length, out };
    for catalog in page.first(&found.catalogs) {
        let id = catalog.catalog.latest().map(|it| bare_or_quoted(it.id()).into_owned());
        page.head(&format!("Catalog {}", code(&id.unwrap_or_default())))?;
        page.table(["", "what", "change", ""], &words::catalog(catalog), 0)?;
    }
    page.rest(found.catalogs.len())?;
    if !found.templates.is_empty() {
        page.head("Templates")?;
        page.roles(found, &found.templates, Sides { old: None, new: None })?;
    }
    for organization in page.first(&found.organizations) {
        page.organization(found, organization)?;
    }
    page.rest(found.organizations.len())
}

/// A text as code that means nothing else, wherever it stands.
fn code(text: &str) -> String {
    let text = escaped_line(text);
    if text.is_empty() {
        return String::new();
    }
    // Behind these signs a table, or the code itself, might end.
    if !text.contains(['`', '|', '\\', '<', '&']) && text.trim() == text {
        return format!("`{text}`");
    }
    let mut out = String::from("<code>");
    for c in text.chars() {
        match c {
            c if c.is_ascii_punctuation() => out += &format!("&#{};", u32::from(c)),
            c => out.push(c),
        }
    }
    out + "</code>"
}

struct Page<'o> {
    length: Length,
    out: &'o mut dyn Write,
}

impl Page<'_> {
    fn first<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        all.get(..self.length.of(all.len())).unwrap_or(all)
    }

    fn rest(&mut self, count: usize) -> io::Result<()> {
        match count - self.length.of(count) {
            0 => Ok(()),
            more => writeln!(self.out, "\n{}", words::and_more(more)),
        }
    }

    fn head(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n#### {text}")
    }

    /// A table of lines, and how many there are that were not worked out.
    fn table(&mut self, heads: [&str; 4], lines: &[Line], hidden: usize) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let count = lines.len() + hidden;
        let is_long = count > OPEN;
        if is_long {
            let rows = if count == 1 { "line" } else { "lines" };
            writeln!(self.out, "\n<details><summary>{count} {rows}</summary>")?;
        }
        let has_more = lines.iter().any(|line| !line.more.is_empty());
        let columns = if has_more { 4 } else { 3 };
        let row = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let heads: Vec<String> = heads.iter().take(columns).map(|head| (*head).to_owned()).collect();
        writeln!(self.out, "\n{}\n|{}", row(&heads), "---|".repeat(columns))?;
        for line in self.first(lines) {
            // In a terminal a line is told from its place by back ticks; here it is code as a whole.
            let more = line.more.replace('`', "");
            let cells = [line.sign.to_string(), line.what.clone(), line.change.clone(), more];
            let cells: Vec<String> = cells.iter().take(columns).map(|cell| code(cell)).collect();
            writeln!(self.out, "{}", row(&cells))?;
        }
        let shown = self.length.of(lines.len());
        if count > shown {
            writeln!(self.out, "\n{}", words::and_more(count - shown))?;
        }
        if is_long {
            writeln!(self.out, "\n</details>")?;
        }
        Ok(())
    }

    fn organization(&mut self, found: &Diff<'_>, change: &OrganizationChange<'_>) -> io::Result<()> {
        let head = words::organization(change);
        let id = change.organization.latest().map(|it| bare_or_quoted(it.id()).into_owned());
        let id = code(&id.unwrap_or_default());
        let what = match head.sign {
            '+' => format!("New organization {id}"),
            '-' => format!("Removed organization {id}"),
            _ => format!("Organization {id}"),
        };
        self.head(&what)?;
        if !head.change.is_empty() {
            writeln!(self.out, "\n{}", code(&head.change))?;
        }
        self.roles(found, &change.roles, change.organization.map(Organization::kind))?;
        let groups = words::groups(&change.people);
        for group in self.first(&groups) {
            let shown = self.length.of_names(group.names.len());
            let mut names: Vec<String> = group.names.iter().take(shown).map(|name| code(name)).collect();
            if shown < group.names.len() {
                names.push(words::and_more(group.names.len() - shown));
            }
            writeln!(self.out, "\n{}", names.join(", "))?;
            self.table(["", "what", "change", "when"], &group.lines, 0)?;
        }
        self.rest(groups.len())
    }

    fn roles(
        &mut self,
        found: &Diff<'_>,
        roles: &[RoleChange<'_>],
        kinds: Sides<OrganizationKind>,
    ) -> io::Result<()> {
        for role in self.first(roles) {
            let head = words::role(role);
            let change = if head.change.is_empty() { String::new() } else { format!(": {}", code(&head.change)) };
            writeln!(self.out, "\n`{}` {}{change}", head.sign, code(&head.what))?;
            let shown = self.first(&role.cells);
            let lines: Vec<Line> =
                shown.iter().map(|cell| words::cell(found, role.role, cell, kinds)).collect();
            self.table(["", "row", "level", "why"], &lines, role.cells.len() - shown.len())?;
        }
        self.rest(roles.len())
    }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn nothing_gets_out_of_code() {
        assert_eq!(code("ana@acme.example"), "`ana@acme.example`");
        assert_eq!(code("a`b|c\\"), "<code>a&#96;b&#124;c&#92;</code>");
        assert_eq!(code("<img src=x>"), "<code>&#60;img src&#61;x&#62;</code>");
        assert_eq!(code(" @all\n"), "<code> &#64;all&#60;U&#43;000A&#62;</code>");
        assert_eq!(code(""), "");
    }
}
