//! Declarations whose name is missing: what they were to declare is not missed elsewhere in their file. Which name it
//! was nobody knows, so no name of their sort that the file uses and does not declare is missed.

use std::sync::Arc;

use crate::source::{FileId, SourceFile};
use crate::syntax::ast::{File, Granted, KindRef, Member, Name, Organization, Role};
use crate::syntax::lex::Lexed;
use crate::syntax::scope::Scope;
use crate::syntax::token::Kind;

/// Adds to the words of damaged text what a declaration without a name may have declared.
pub(crate) fn forgive(source: &SourceFile, id: FileId, lexed: &Lexed, file: &mut File) {
    // An organization of which the id is garbled is any, as one without an id is.
    for head in file.organizations.iter_mut().map(|opened| &mut opened.head) {
        let scope = Scope::new(source, id, head);
        if head.node.id.is_some_and(|name| scope.is_garbled(name)) {
            Arc::make_mut(&mut head.node).id = None;
        }
    }
    let follows = |first: Kind, second: &[Kind]| {
        lexed.kinds.contains(&first)
            && lexed.kinds.windows(2).any(|pair| matches!(pair, [a, b] if *a == first && second.contains(b)))
    };
    let mut names = Used { source, id, names: Vec::new() };
    let categories = || file.catalogs.iter().flat_map(|catalog| &catalog.categories);
    if categories().any(|category| category.node.id.is_none()) {
        names.categories(file);
    }
    if follows(Kind::Kind, &[Kind::Equals]) {
        for category in categories() {
            let kinds = category.node.rows.iter().filter_map(|row| match row.kind {
                KindRef::Named(name) => Some(name),
                KindRef::Stated(..) => None,
            });
            names.add(category, kinds);
        }
    }
    // What it declares may be missed where the organization that it is goes on.
    for organization in file.organizations.iter().filter(|opened| opened.head.node.id.is_none()) {
        for role in &organization.roles {
            names.add(role, role.node.id);
        }
        for assignment in &organization.assignments {
            names.add(assignment, assignment.node.principals.iter().map(|principal| principal.name));
        }
    }
    if !source.text().is_ascii() {
        names.garbled(file);
    }
    let Used { names, .. } = names;
    file.lost.extend(names);
    principals(lexed, file);
}

/// Counts the assignments to nobody.
fn principals(lexed: &Lexed, file: &mut File) {
    for (at, span) in lexed.spans.iter().enumerate() {
        if lexed.kinds.get(at) != Some(&Kind::To) {
            continue;
        }
        let next = lexed.kinds.get(at + 1).copied();
        let ends = [Kind::From, Kind::Until, Kind::Because, Kind::Close];
        let begins = [Kind::Role, Kind::Assign, Kind::Forbid, Kind::Require, Kind::Test];
        let is_next = |next| ends.contains(&next) || begins.contains(&next);
        if next.is_none_or(is_next) {
            let before = |organization: &&mut Organization| organization.head.start <= span.start;
            if let Some(organization) = file.organizations.iter_mut().rev().find(before) {
                organization.nameless_principals += 1;
            }
        }
    }
}

/// Names that a file uses.
struct Used<'s> {
    source: &'s SourceFile,
    id: FileId,
    names: Vec<Box<str>>,
}

impl Used<'_> {
    fn add<T>(&mut self, member: &Member<T>, names: impl IntoIterator<Item = Name>) {
        let scope = Scope::new(self.source, self.id, member);
        self.names.extend(names.into_iter().map(|name| scope.name(name).into()));
    }

    /// Ids that are declared and say something else than was meant.
    fn garbled(&mut self, file: &File) {
        fn each<T>(used: &mut Used<'_>, members: &[Member<T>], ids: impl Fn(&T) -> Vec<Name>) {
            for member in members {
                let scope = Scope::new(used.source, used.id, member);
                let ids = ids(&member.node).into_iter().filter(|name| scope.is_garbled(*name));
                used.names.extend(ids.map(|name| Box::from(scope.name(name))));
            }
        }
        let role = |role: &Role| role.id.into_iter().collect();
        each(self, &file.templates, role);
        for organization in &file.organizations {
            each(self, &organization.roles, role);
        }
        for catalog in &file.catalogs {
            each(self, std::slice::from_ref(&catalog.head), |head| head.id.into_iter().collect());
            each(self, &catalog.kinds, |kind| vec![kind.id]);
            each(self, &catalog.categories, |category| {
                category.id.into_iter().chain(category.rows.iter().map(|row| row.id)).collect()
            });
        }
    }

    fn categories(&mut self, file: &File) {
        let mut of_role = |role: &Member<Role>| {
            let categories = role.node.grants.iter().filter_map(|grant| match &grant.what {
                Granted::All(_) => None,
                Granted::Category { category, .. } | Granted::Row { category, .. } => Some(*category),
            });
            self.add(role, categories);
        };
        file.templates.iter().for_each(&mut of_role);
        file.organizations.iter().flat_map(|organization| &organization.roles).for_each(of_role);
        let of_organizations = file.organizations.iter().flat_map(|organization| &organization.forbids);
        for forbid in file.forbids.iter().chain(of_organizations) {
            self.add(forbid, forbid.node.conditions.iter().map(|condition| condition.category));
        }
        let of_organizations = file.organizations.iter().flat_map(|organization| &organization.requires);
        for require in file.requires.iter().chain(of_organizations) {
            self.add(require, require.node.conditions().map(|condition| condition.category));
        }
        for test in file.organizations.iter().flat_map(|organization| &organization.tests) {
            let rows = test.node.cases.iter().flat_map(|cases| &cases.rows).map(|row| row.category);
            self.add(test, test.node.assertions.iter().map(|assertion| assertion.category).chain(rows));
        }
    }
}
