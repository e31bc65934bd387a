//! What the compiler reads in a text, one line an item, and what it finds wrong with its shape.

use rolec::diagnostic::Code;
use rolec::source::{FileId, SourceFile, Sources, Span};
use rolec::syntax::ast::{
    Assertion, Catalog, ClauseKind, Condition, Demand, Entry, Forbid, Granted, KindRef, Levels, Member, Name,
    Organization, Principal, Require, RequireClause, RequireClauseKind, Role, RowName, RowOption, Shape,
    Subject, Test,
};
use rolec::syntax::{Scope, parse};
use rolec::vocab::{Decision, PrincipalKind};

/// The findings that mean that the text has not the shape of the language. Others are about what a token says.
const OF_SHAPE: [Code; 7] = [
    Code::UnknownCharacter,
    Code::UnclosedString,
    Code::TooDeep,
    Code::UnexpectedText,
    Code::UnclosedBlock,
    Code::StrayBrace,
    Code::MisplacedMember,
];

/// The findings about the shape of a text.
pub(crate) fn faults(text: &str) -> Vec<String> {
    let sources = Sources::from_iter([("a.role", text)]);
    let (id, file) = sources.iter().next().unwrap();
    let (_, findings) = parse(file, id);
    let faults = findings.iter().filter(|finding| OF_SHAPE.contains(&finding.code));
    faults.map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
}

/// The items of a text that has the shape of the language, by where they stand.
pub(crate) fn items(text: &str) -> Vec<String> {
    let sources = Sources::from_iter([("a.role", text)]);
    let (id, file) = sources.iter().next().unwrap();
    let (tree, _) = parse(file, id);
    let mut items = Items { file, id, found: Vec::new() };
    for member in &tree.uses {
        let of = items.of(member);
        let version = of.maybe("version", member.node.version);
        items.push(&of, member.node.catalog.span, format!("use {}{version}", of.text(member.node.catalog)));
    }
    tree.catalogs.iter().for_each(|catalog| items.catalog(catalog));
    tree.templates.iter().for_each(|role| items.role("template", role));
    tree.organizations.iter().for_each(|organization| items.organization(organization));
    tree.forbids.iter().for_each(|forbid| items.forbid(forbid));
    tree.requires.iter().for_each(|require| items.require(require));
    items.found.sort();
    items.found.into_iter().map(|(_, item)| item).collect()
}

struct Items<'s> {
    file: &'s SourceFile,
    id: FileId,
    found: Vec<(u32, String)>,
}

/// A member's start and text.
#[derive(Clone, Copy)]
struct Of<'s> {
    scope: Scope<'s>,
    start: u32,
}

impl<'s> Of<'s> {
    fn text(&self, name: Name) -> &'s str {
        self.scope.text(name.span)
    }

    fn maybe(&self, what: &str, name: Option<Name>) -> String {
        name.map(|name| format!(" {what} {}", self.text(name))).unwrap_or_default()
    }

    fn list(&self, names: &[Name]) -> String {
        names.iter().map(|name| self.text(*name)).collect::<Vec<_>>().join(", ")
    }

    fn levels(&self, levels: &Levels) -> String {
        format!(": {}", self.list(&levels.words))
    }

    fn shape(&self, shape: &Shape) -> String {
        match shape {
            Shape::Ladder(words) => format!("ladder {}", self.list(words)),
            Shape::Verbs(words) => format!("verbs {}", self.list(words)),
            Shape::Flag => "flag".to_owned(),
        }
    }

    fn principal(&self, principal: Principal) -> String {
        let kind = if principal.kind == PrincipalKind::Service { "service " } else { "" };
        format!("{kind}{}", self.text(principal.name))
    }
}

impl<'s> Items<'s> {
    fn of<T>(&self, member: &Member<T>) -> Of<'s> {
        Of { scope: Scope::new(self.file, self.id, member), start: member.start }
    }

    /// An item, with the line of the word that it is known by.
    fn push(&mut self, of: &Of<'_>, at: Span, item: String) {
        let at = of.start + at.start;
        let (line, _) = self.file.lines().line_column(self.file.text(), at);
        self.found.push((at, format!("{line} {item}")));
    }

    fn catalog(&mut self, catalog: &Catalog) {
        let of = self.of(&catalog.head);
        let head = &catalog.head.node;
        let id = head.id.unwrap();
        let more = of.maybe("title", head.title) + &of.maybe("version", head.version);
        self.push(&of, id.span, format!("catalog {}{more}", of.text(id)));
        for member in &catalog.kinds {
            let (of, kind) = (self.of(member), &member.node);
            self.push(&of, kind.id.span, format!("kind {} = {}", of.text(kind.id), of.shape(&kind.shape)));
        }
        for member in &catalog.limits {
            let (of, limit) = (self.of(member), &member.node);
            self.push(&of, limit.id.span, format!("limit {} {}", of.text(limit.id), limit.value));
        }
        for member in &catalog.supers {
            let of = self.of(member);
            self.push(&of, member.node.span, format!("super {}", of.text(*member.node)));
        }
        for member in &catalog.case_sensitive {
            let of = self.of(member);
            let docs: u32 = member.docs.len().try_into().unwrap();
            assert_eq!(docs, 0, "nothing documents it");
            self.push(&of, Span::new(0, 0), "ids".to_owned());
        }
        for member in &catalog.categories {
            let (of, category) = (self.of(member), &member.node);
            let id = category.id.unwrap();
            let title = of.maybe("title", category.title);
            self.push(&of, id.span, format!("category {}{title}", of.text(id)));
            for row in &category.rows {
                let kind = match &row.kind {
                    KindRef::Named(name) => format!("kind {}", of.text(*name)),
                    KindRef::Stated(shape, _) => of.shape(shape),
                };
                let options = row.options.iter().map(|option| match option {
                    RowOption::Escalating { to, .. } => {
                        let name =
                            |name: &RowName| format!("{}.{}", of.text(name.category), of.text(name.row));
                        format!(" escalating to {}", to.iter().map(name).collect::<Vec<_>>().join(", "))
                    }
                    RowOption::OnlyManaged(_) => " only managed".to_owned(),
                    RowOption::Note(text) => format!(" note {}", of.text(*text)),
                    RowOption::Caveat(text) => format!(" caveat {}", of.text(*text)),
                });
                let options: String = options.collect();
                let (title, without) = (of.maybe("title", row.title), of.list(&row.without));
                let id = of.text(row.id);
                self.push(&of, row.id.span, format!("row {id}{title}: {kind} without {without}{options}"));
            }
        }
    }

    fn role(&mut self, word: &str, member: &Member<Role>) {
        let (of, role) = (self.of(member), &member.node);
        let id = role.id.unwrap();
        let (title, bases) = (of.maybe("title", role.title), of.list(&role.bases));
        let default = if role.is_default { "default " } else { "" };
        self.push(&of, id.span, format!("{default}{word} {}{title} from {bases}", of.text(id)));
        for text in &role.descriptions {
            self.push(&of, text.span, format!("description {}", of.text(*text)));
        }
        for grant in &role.grants {
            match &grant.what {
                Granted::All(levels) => self.push(&of, grant.span, format!("grant all{}", of.levels(levels))),
                Granted::Row { category, entry } => {
                    let entry = text_of_entry(&of, entry);
                    self.push(&of, grant.span, format!("grant {}.{entry}", of.text(*category)));
                }
                Granted::Category { category, levels, entries, has_block } => {
                    let levels = levels.as_ref().map(|levels| of.levels(levels)).unwrap_or_default();
                    let block = if *has_block { " block" } else { "" };
                    self.push(&of, grant.span, format!("grant {}{levels}{block}", of.text(*category)));
                    for entry in entries {
                        self.push(&of, entry.rows[0].span, format!("entry {}", text_of_entry(&of, entry)));
                    }
                }
            }
        }
    }

    fn organization(&mut self, organization: &Organization) {
        let (of, head) = (self.of(&organization.head), &organization.head.node);
        let id = head.id.unwrap();
        let title = of.maybe("title", head.title);
        let kind = head.kind.map(|(_, span)| format!(" {}", of.scope.text(span))).unwrap_or_default();
        self.push(&of, id.span, format!("organization {}{title}{kind}", of.text(id)));
        organization.roles.iter().for_each(|role| self.role("role", role));
        organization.forbids.iter().for_each(|forbid| self.forbid(forbid));
        organization.requires.iter().for_each(|require| self.require(require));
        organization.tests.iter().for_each(|test| self.test(test));
        for member in &organization.assignments {
            let (of, assign) = (self.of(member), &member.node);
            let principals: Vec<String> =
                assign.principals.iter().map(|principal| of.principal(*principal)).collect();
            let clauses: String = assign
                .clauses
                .iter()
                .map(|clause| match clause.what {
                    ClauseKind::From(_) | ClauseKind::Until(_) => {
                        let text = of.scope.text(clause.span);
                        format!(" {}", text.split_whitespace().collect::<Vec<_>>().join(" "))
                    }
                    ClauseKind::Because(text) => format!(" because {}", of.text(text)),
                })
                .collect();
            let (role, principals) = (of.text(assign.role), principals.join(", "));
            self.push(&of, assign.role.span, format!("assign {role} to {principals}{clauses}"));
        }
    }

    fn forbid(&mut self, member: &Member<Forbid>) {
        let (of, forbid) = (self.of(member), &member.node);
        let title = forbid.title.unwrap();
        let exceptions = of.list(&forbid.exceptions);
        self.push(&of, title.span, format!("forbid {} except {exceptions}", of.text(title)));
        for Condition { category, row, levels, .. } in &forbid.conditions {
            let cell = format!("{}.{}", of.text(*category), of.text(*row));
            self.push(&of, category.span, format!("condition {cell}{}", of.levels(levels)));
        }
    }

    fn require(&mut self, member: &Member<Require>) {
        let (of, require) = (self.of(member), &member.node);
        let title = require.title.unwrap();
        let words = |span| of.scope.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
        let clause = |clause: &RequireClause| match &clause.what {
            RequireClauseKind::Except(names) => format!(" except {}", of.list(names)),
            _ => format!(" {}", words(clause.span)),
        };
        let clauses: String = require.clauses.iter().map(clause).collect();
        self.push(&of, title.span, format!("require {}{clauses}", of.text(title)));
        for demand in &require.demands {
            match demand {
                Demand::Row(Condition { category, row, levels, .. }) => {
                    let cell = format!("{}.{}", of.text(*category), of.text(*row));
                    self.push(&of, category.span, format!("condition {cell}{}", of.levels(levels)));
                }
                Demand::Role(role) => {
                    self.push(&of, role.name.span, format!("held {}", of.text(role.name)));
                }
            }
        }
    }

    fn test(&mut self, member: &Member<Test>) {
        let (of, test) = (self.of(member), &member.node);
        let title = test.title.unwrap();
        self.push(&of, title.span, format!("test {}", of.text(title)));
        let subjects = |all: &[Subject]| {
            let each = all.iter().map(|subject| match subject {
                Subject::Principal(principal) => format!("principal {}", of.principal(*principal)),
                Subject::Role(role) => format!("role {}", of.text(role.name)),
            });
            each.collect::<Vec<_>>().join(", ")
        };
        for cases in &test.cases {
            let at = if cases.at.is_some() { " at" } else { "" };
            let subjects = subjects(&cases.subjects);
            self.push(&of, cases.subjects[0].name().span, format!("cases {subjects}{at}"));
            for row in &cases.rows {
                let cells: String = row.cells.iter().map(|cell| of.levels(&cell.levels)).collect();
                let cell = format!("{}.{}", of.text(row.category), of.text(row.row));
                self.push(&of, row.category.span, format!("case {cell}{cells}"));
            }
        }
        for Assertion { subjects: all, is_only, verdict, category, row, levels, at, .. } in &test.assertions {
            let only = if *is_only { "only " } else { "" };
            let subject = format!("{only}{}", subjects(all));
            let verdict = if *verdict == Decision::Allow { "can" } else { "cannot" };
            let levels = levels.as_ref().map(|levels| of.levels(levels)).unwrap_or_default();
            let at = if at.is_some() { " at" } else { "" };
            let cell = format!("{}.{}", of.text(*category), of.text(*row));
            self.push(&of, category.span, format!("assertion {subject} {verdict} {cell}{levels}{at}"));
        }
    }
}

fn text_of_entry(of: &Of<'_>, entry: &Entry) -> String {
    let mark = entry.unconfirmed.map(|mark| format!(" unconfirmed{}", of.maybe("by", mark.basis)));
    format!("{}{}{}", of.list(&entry.rows), of.levels(&entry.levels), mark.unwrap_or_default())
}
