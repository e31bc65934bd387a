//! How far a remark on a line reaches: to the end of what begins on that line.

use crate::source::{SourceFile, Span};
use crate::syntax::ast::{self, Member};
use crate::syntax::signs_from;
use crate::told::allow::is_remark;

/// What stands in a file, from its first letter to its last: members, and the statements of their blocks.
pub(super) struct Things<'s> {
    source: &'s SourceFile,
    /// By their starts.
    starts: Vec<Span>,
    /// By their ends. A catalog and an organization are none of these: where they end is nothing that their tree says.
    ends: Vec<Span>,
    /// The line that was asked for last, and what is below it.
    last: Option<(usize, Span)>,
}

impl<'s> Things<'s> {
    pub(super) fn of(source: &'s SourceFile, tree: &ast::File) -> Self {
        let mut ends = Vec::new();
        let mut starts = containers(tree);
        members(tree, &mut ends);
        starts.extend(&ends);
        // A member begins with the `///` above it. Remarks may stand below these.
        for thing in starts.iter_mut().filter(|thing| source.slice(**thing).starts_with('/')) {
            let mut behind = signs_from(source.text(), thing.start as usize);
            let first = behind.find(|(sign, _)| !is_remark(*sign));
            thing.start = first.map_or(thing.start, |(_, span)| span.start.min(thing.end));
        }
        starts.sort_unstable_by_key(|thing| thing.start);
        ends.sort_unstable_by_key(|thing| thing.end);
        Self { source, starts, ends, last: None }
    }

    /// What a remark is about that stands above a place.
    pub(super) fn below(&mut self, at: u32) -> Span {
        let number = self.source.lines().line(at);
        if let Some((_, below)) = self.last.filter(|(last, _)| *last == number) {
            return below;
        }
        let line = self.line(number);
        let below = self.begun_on(line);
        self.last = Some((number, below));
        below
    }

    /// What a remark is about that stands at the end of a line: what begins there, and what ends there, for a statement
    /// may have grown.
    pub(super) fn beside(&self, at: u32) -> Span {
        let line = self.line(self.source.lines().line(at));
        let first = self.ends.partition_point(|thing| thing.end <= line.start);
        let ended = self.ends.get(first..).unwrap_or_default().iter().take_while(|thing| thing.end <= at);
        let start = ended.map(|thing| thing.start).min().unwrap_or(line.start);
        let begun = self.begun_on(line);
        Span::new(start.min(begun.start), begun.end)
    }

    fn line(&self, number: usize) -> Span {
        let range = self.source.lines().line_range(self.source.text(), number).unwrap_or_default();
        Span::of(range.start, range.end)
    }

    fn begun_on(&self, line: Span) -> Span {
        let first = self.starts.partition_point(|thing| thing.start < line.start);
        let begun = self.starts.get(first..).unwrap_or_default().iter();
        let begun = begun.take_while(|thing| thing.start < line.end);
        Span::new(line.start, begun.map(|thing| thing.end).fold(line.end, u32::max))
    }
}

/// Catalogs and organizations, up to the end of the last member in them.
fn containers(tree: &ast::File) -> Vec<Span> {
    let mut found = Vec::new();
    for catalog in &tree.catalogs {
        let inside = [
            last(&catalog.kinds),
            last(&catalog.categories),
            last(&catalog.limits),
            last(&catalog.supers),
            last(&catalog.case_sensitive),
        ];
        found.push(around(&catalog.head, &inside));
    }
    for organization in &tree.organizations {
        let inside = [
            last(&organization.roles),
            last(&organization.assignments),
            last(&organization.forbids),
            last(&organization.requires),
            last(&organization.tests),
        ];
        found.push(around(&organization.head, &inside));
    }
    found
}

fn last<T>(members: &[Member<T>]) -> Option<u32> {
    members.iter().map(|member| member.end).max()
}

fn around<T>(head: &Member<T>, inside: &[Option<u32>]) -> Span {
    Span::new(head.start, inside.iter().flatten().copied().fold(head.end, u32::max))
}

fn members(tree: &ast::File, found: &mut Vec<Span>) {
    plain(&tree.uses, found);
    for catalog in &tree.catalogs {
        plain(&catalog.kinds, found);
        plain(&catalog.limits, found);
        plain(&catalog.supers, found);
        plain(&catalog.case_sensitive, found);
        plain(&catalog.categories, found);
        for category in &catalog.categories {
            found.extend(category.node.rows.iter().map(|of| row(of).shifted(category.start)));
        }
    }
    tree.templates.iter().for_each(|member| role(member, found));
    tree.forbids.iter().for_each(|member| forbid(member, found));
    tree.requires.iter().for_each(|member| require(member, found));
    for organization in &tree.organizations {
        organization.roles.iter().for_each(|member| role(member, found));
        plain(&organization.assignments, found);
        organization.forbids.iter().for_each(|member| forbid(member, found));
        organization.requires.iter().for_each(|member| require(member, found));
        plain(&organization.tests, found);
        for test in &organization.tests {
            found.extend(test.node.assertions.iter().map(|line| line.span.shifted(test.start)));
            for cases in &test.node.cases {
                let rows = cases.rows.iter().map(|row| row.span);
                found.extend(rows.chain([cases.span]).map(|span| span.shifted(test.start)));
            }
        }
    }
}

fn plain<T>(members: &[Member<T>], found: &mut Vec<Span>) {
    found.extend(members.iter().map(|member| Span::new(member.start, member.end)));
}

fn forbid(member: &Member<ast::Forbid>, found: &mut Vec<Span>) {
    plain(std::slice::from_ref(member), found);
    found.extend(member.node.conditions.iter().map(|line| line.span.shifted(member.start)));
}

fn require(member: &Member<ast::Require>, found: &mut Vec<Span>) {
    plain(std::slice::from_ref(member), found);
    found.extend(member.node.demands.iter().map(|line| line.span().shifted(member.start)));
}

fn role(member: &Member<ast::Role>, found: &mut Vec<Span>) {
    plain(std::slice::from_ref(member), found);
    for grant in &member.node.grants {
        found.push(grant.whole.shifted(member.start));
        if let ast::Granted::Category { entries, .. } = &grant.what {
            found.extend(entries.iter().map(|of| entry(of).shifted(member.start)));
        }
    }
}

/// From the first row to the last level, or the mark behind it.
fn entry(entry: &ast::Entry) -> Span {
    let names = entry.rows.iter().chain(&entry.levels.words).map(|name| name.span);
    let mark =
        entry.unconfirmed.iter().flat_map(|mark| [Some(mark.span), mark.basis.map(|basis| basis.span)]);
    whole(names.chain(mark.flatten()))
}

/// From the id to the last word of the last option.
fn row(row: &ast::Row) -> Span {
    let kind = match &row.kind {
        ast::KindRef::Named(name) => name.span,
        ast::KindRef::Stated(_, span) => *span,
    };
    let options = row.options.iter().map(|option| match option {
        ast::RowOption::Escalating { span, .. } | ast::RowOption::OnlyManaged(span) => *span,
        ast::RowOption::Note(name) | ast::RowOption::Caveat(name) => name.span,
    });
    whole([row.id.span, kind].into_iter().chain(row.without.iter().map(|name| name.span)).chain(options))
}

fn whole(spans: impl Iterator<Item = Span>) -> Span {
    spans.reduce(Span::to).unwrap_or(Span::new(0, 0))
}
