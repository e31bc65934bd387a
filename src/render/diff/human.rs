//! What differs between two policies in a terminal: a line for each thing, in columns.

use std::io::{self, Write};

use crate::render::diff::Length;
use crate::render::diff::words::{self, Line};
use crate::render::escape::escaped_line;
use crate::render::human::Color;
use crate::table::Organization;
use crate::tools::diff::{Diff, OrganizationChange, RoleChange, Sides};
use crate::vocab::OrganizationKind;

/// Writes what differs; nothing where nothing does.
///
/// ```
/// use rolec::render::{Color, diff::{Length, human}};
/// use rolec::table::Table;
/// use rolec::tools::diff::diff;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let mut out = Vec::new();
/// human(&diff(&table, &table), Length::Short, Color::Never, &mut out)?;
/// assert!(out.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn human(found: &Diff<'_>, length: Length, color: Color, out: &mut dyn Write) -> io::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let mut page = Page { length, color, out };
    for catalog in page.first(&found.catalogs) {
        let id = catalog.catalog.latest().map(|it| crate::tools::ask::bare_or_quoted(it.id()).into_owned());
        page.head(&format!("catalog {}", id.unwrap_or_default()))?;
        page.lines(1, &words::catalog(catalog))?;
    }
    page.rest(0, found.catalogs.len())?;
    if !found.templates.is_empty() {
        page.head("templates")?;
        page.roles(found, &found.templates, Sides { old: None, new: None })?;
    }
    for organization in page.first(&found.organizations) {
        page.organization(found, organization)?;
    }
    page.rest(0, found.organizations.len())?;
    writeln!(page.out)?;
    writeln!(page.out, "{}", words::summary(found))
}

struct Page<'o> {
    length: Length,
    color: Color,
    out: &'o mut dyn Write,
}

impl Page<'_> {
    fn first<'a, T>(&self, all: &'a [T]) -> &'a [T] {
        all.get(..self.length.of(all.len())).unwrap_or(all)
    }

    fn rest(&mut self, depth: usize, count: usize) -> io::Result<()> {
        match count - self.length.of(count) {
            0 => Ok(()),
            more => writeln!(self.out, "{:indent$}{}", "", words::and_more(more), indent = depth * 2),
        }
    }

    fn head(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", escaped_line(text))
    }

    fn line(&mut self, depth: usize, text: &str, sign: char) -> io::Result<()> {
        let style = match (self.color, sign) {
            (Color::Never, _) => None,
            (Color::Always, '+') => Some("\x1b[32m"),
            (Color::Always, '-') => Some("\x1b[31m"),
            (Color::Always, '~') => Some("\x1b[33m"),
            (Color::Always, _) => None,
        };
        let text = text.trim_end();
        let text = escaped_line(text);
        let indent = depth * 2;
        match style {
            Some(style) => writeln!(self.out, "{:indent$}{style}{text}\x1b[0m", ""),
            None => writeln!(self.out, "{:indent$}{text}", ""),
        }
    }

    /// Lines in columns.
    fn lines(&mut self, depth: usize, lines: &[Line]) -> io::Result<()> {
        let shown = self.first(lines);
        let width = |text: &dyn Fn(&Line) -> &str| {
            shown.iter().map(|line| escaped_line(text(line)).chars().count()).max().unwrap_or(0)
        };
        let (whats, changes) = (width(&|line| &line.what), width(&|line| &line.change));
        for line in shown {
            let (what, change) = (escaped_line(&line.what), escaped_line(&line.change));
            let text = format!("{} {what:<whats$}  {change:<changes$}  {}", line.sign, line.more);
            self.line(depth, &text, line.sign)?;
        }
        self.rest(depth, lines.len())
    }

    fn organization(&mut self, found: &Diff<'_>, change: &OrganizationChange<'_>) -> io::Result<()> {
        let head = words::organization(change);
        match change.organization.both() {
            Some(_) => self.head(&head.what)?,
            None => self.line(0, &format!("{} {}  {}", head.sign, head.what, head.change), head.sign)?,
        }
        if !change.said.is_empty() {
            self.line(1, &format!("~ {}", head.change), '~')?;
        }
        self.roles(found, &change.roles, change.organization.map(Organization::kind))?;
        let groups = words::groups(&change.people);
        for group in self.first(&groups) {
            let shown = self.length.of_names(group.names.len());
            let mut names = group.names.iter().take(shown).cloned().collect::<Vec<_>>().join(", ");
            if shown < group.names.len() {
                names += &format!(" {}", words::and_more(group.names.len() - shown));
            }
            self.line(1, &names, ' ')?;
            self.lines(2, &group.lines)?;
        }
        self.rest(1, groups.len())
    }

    fn roles(
        &mut self,
        found: &Diff<'_>,
        roles: &[RoleChange<'_>],
        kinds: Sides<OrganizationKind>,
    ) -> io::Result<()> {
        for role in self.first(roles) {
            let head = words::role(role);
            self.line(1, &format!("{} {}  {}", head.sign, head.what, head.change), head.sign)?;
            // What is not shown is not looked into.
            let shown = self.first(&role.cells).iter().map(|cell| words::cell(found, role.role, cell, kinds));
            self.lines(2, &shown.collect::<Vec<Line>>())?;
            self.rest(2, role.cells.len())?;
        }
        self.rest(1, roles.len())
    }
}
