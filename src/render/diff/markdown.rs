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

/// Where a short page is long enough, in bytes: a comment on GitHub holds 65,536 characters.
const LONGEST: usize = 40_000;

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
    let mut page = Page { length, text: format!("**Access**: {}.{widens}\n", words::summary(found)) };
    page.each(&found.catalogs, |page, catalog| {
        let id = catalog.catalog.latest().map(|it| bare_or_quoted(it.id()).into_owned());
        page.head(&format!("Catalog {}", code(&id.unwrap_or_default())));
        page.table(["", "what", "change", ""], &words::catalog(catalog), 0);
    });
    if !found.templates.is_empty() {
        page.head("Templates");
        page.roles(found, &found.templates, Sides { old: None, new: None });
    }
    page.each(&found.organizations, |page, organization| page.organization(found, organization));
    out.write_all(page.text.as_bytes())
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

struct Page {
    length: Length,
    text: String,
}

impl Page {
    fn first<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        all.get(..self.length.of(all.len())).unwrap_or(all)
    }

    fn line(&mut self, text: &str) {
        self.text += text;
        self.text.push('\n');
    }

    /// Writes the first of a list, as far as the page has room, and how many more there are.
    fn each<T>(&mut self, all: &[T], mut write: impl FnMut(&mut Self, &T)) {
        let mut left = all.len();
        for one in self.first(all) {
            if self.length == Length::Short && self.text.len() > LONGEST {
                break;
            }
            write(self, one);
            left -= 1;
        }
        if left > 0 {
            self.line(&format!("\n{}", words::and_more(left)));
        }
    }

    fn head(&mut self, text: &str) {
        self.line(&format!("\n#### {text}"));
    }

    /// A table of lines, and how many there are that were not worked out.
    fn table(&mut self, heads: [&str; 4], lines: &[Line], hidden: usize) {
        if lines.is_empty() {
            return;
        }
        let count = lines.len() + hidden;
        let is_long = count > OPEN;
        if is_long {
            self.line(&format!("\n<details><summary>{count} lines</summary>"));
        }
        let has_more = lines.iter().any(|line| !line.more.is_empty());
        let columns = if has_more { 4 } else { 3 };
        let heads: Vec<&str> = heads.into_iter().take(columns).collect();
        self.line(&format!("\n| {} |\n|{}", heads.join(" | "), "---|".repeat(columns)));
        let shown = self.length.of(lines.len());
        for line in lines.iter().take(shown) {
            // In a terminal a line is told from its place by back ticks; here it is code as a whole.
            let more = line.more.replace('`', "");
            let cells = [line.sign.to_string(), line.what.clone(), line.change.clone(), more];
            let cells: Vec<String> = cells.iter().take(columns).map(|cell| code(cell)).collect();
            self.line(&format!("| {} |", cells.join(" | ")));
        }
        if count > shown {
            self.line(&format!("\n{}", words::and_more(count - shown)));
        }
        if is_long {
            self.line("\n</details>");
        }
    }

    fn organization(&mut self, found: &Diff<'_>, change: &OrganizationChange<'_>) {
        let head = words::organization(change);
        let id = change.organization.latest().map(|it| bare_or_quoted(it.id()).into_owned());
        let id = code(&id.unwrap_or_default());
        self.head(&match head.sign {
            '+' => format!("New organization {id}"),
            '-' => format!("Removed organization {id}"),
            _ => format!("Organization {id}"),
        });
        if !head.change.is_empty() {
            self.line(&format!("\n{}", code(&head.change)));
        }
        self.roles(found, &change.roles, change.organization.map(Organization::kind));
        self.each(&words::groups(&change.people), |page, group| {
            let shown = page.length.of_names(group.names.len());
            let mut names: Vec<String> = group.names.iter().take(shown).map(|name| code(name)).collect();
            if shown < group.names.len() {
                names.push(words::and_more(group.names.len() - shown));
            }
            page.line(&format!("\n{}", names.join(", ")));
            page.table(["", "what", "change", "when"], &group.lines, 0);
        });
    }

    fn roles(&mut self, found: &Diff<'_>, roles: &[RoleChange<'_>], kinds: Sides<OrganizationKind>) {
        self.each(roles, |page, role| {
            let head = words::role(role);
            let change =
                if head.change.is_empty() { String::new() } else { format!(": {}", code(&head.change)) };
            page.line(&format!("\n`{}` {}{change}", head.sign, code(&head.what)));
            // What is not shown is not looked into.
            let shown = page.first(&role.cells);
            let lines: Vec<Line> =
                shown.iter().map(|cell| words::cell(found, role.role, cell, kinds)).collect();
            page.table(["", "row", "level", "why"], &lines, role.cells.len() - shown.len());
        });
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
