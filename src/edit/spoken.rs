//! Where a role is spoken of, and could as well be left out: what goes out of the text with it. A list loses the name, a
//! table the column; what says nothing without the role goes as a whole. Finds it and changes nothing.

use std::collections::BTreeSet;

use crate::edit::Found;
use crate::edit::cut::Remarks;
use crate::edit::policy::Policy;
use crate::source::{FileId, Place, Span};
use crate::syntax::{Scope, ast};

/// What goes.
#[derive(Clone, Debug)]
pub(super) enum Gone {
    /// All of it.
    Whole(Place, Remarks),
    /// Some of the items of a list, not all of them.
    Items { file: FileId, items: Vec<Span>, is_gone: Vec<bool> },
}

impl Gone {
    fn items(scope: Scope<'_>, items: impl Iterator<Item = Span>, is_gone: &[bool]) -> Self {
        let items = items.map(|item| scope.place(item).span).collect();
        Self::Items { file: scope.place(Span::new(0, 0)).file, items, is_gone: is_gone.to_vec() }
    }
}

/// Where a role is spoken of, and what goes with it.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    pub(super) found: Vec<Found>,
    pub(super) gone: Vec<Gone>,
}

impl Spoken {
    /// `open` are the places that name the role, and are not known to be of anything yet: those in here are taken out.
    pub(super) fn forbid(
        &mut self,
        policy: &Policy,
        scope: Scope<'_>,
        forbid: &ast::Forbid,
        open: &mut BTreeSet<Place>,
    ) {
        let (Some(title), Some(last)) = (forbid.title, forbid.exceptions.last()) else { return };
        let text = format!("an exception of the forbid \"{}\"", scope.name(title));
        // With the word before them.
        let whole = Span::new(title.span.end, last.span.end);
        self.exceptions(policy, scope, (&forbid.exceptions, whole), &text, open);
    }

    /// As for a forbid.
    pub(super) fn require(
        &mut self,
        policy: &Policy,
        scope: Scope<'_>,
        require: &ast::Require,
        open: &mut BTreeSet<Place>,
    ) {
        let title = require.title.map(|title| scope.name(title)).unwrap_or_default();
        let text = format!("an exception of the requirement \"{title}\"");
        for clause in &require.clauses {
            if let ast::RequireClauseKind::Except(names) = &clause.what {
                self.exceptions(policy, scope, (names, clause.span), &text, open);
            }
        }
    }

    fn exceptions(
        &mut self,
        policy: &Policy,
        scope: Scope<'_>,
        (names, whole): (&[ast::Name], Span),
        text: &str,
        open: &mut BTreeSet<Place>,
    ) {
        let is_gone: Vec<bool> = names.iter().map(|name| open.remove(&scope.at(*name))).collect();
        let gone = names.iter().zip(&is_gone).filter(|(_, is_gone)| **is_gone);
        self.found.extend(gone.map(|(name, _)| policy.found(scope.at(*name), text)));
        if !is_gone.contains(&true) {
            return;
        }
        self.gone.push(match is_gone.contains(&false) {
            true => Gone::items(scope, names.iter().map(|name| name.span), &is_gone),
            false => Gone::Whole(scope.place(whole), Remarks::Go),
        });
    }

    /// As for a forbid. A test of which no line is left goes with its comments.
    pub(super) fn test(
        &mut self,
        policy: &Policy,
        scope: Scope<'_>,
        test: &ast::Member<ast::Test>,
        open: &mut BTreeSet<Place>,
    ) {
        let (mut gone, mut stay) = (Vec::new(), false);
        for line in &test.node.assertions {
            let named = Named::of(scope, &line.subjects, open);
            stay |= !named.is_all();
            if named.is_all() {
                self.found.push(policy.found(scope.place(line.span), written(scope, line.span)));
                gone.push(Gone::Whole(scope.place(line.span), Remarks::GoWithLast));
            } else if named.is_some() {
                let all = line.subjects.iter().map(ast::Subject::span);
                self.found
                    .extend(named.places.iter().map(|at| policy.found(*at, "one of those behind `only`")));
                gone.push(Gone::items(scope, all, &named.is_gone));
            }
        }
        for table in &test.node.cases {
            let named = Named::of(scope, &table.subjects, open);
            stay |= !named.is_all();
            if named.is_all() {
                self.found.push(policy.found(scope.place(table.head), written(scope, table.head)));
                gone.push(Gone::Whole(scope.place(table.span), Remarks::Go));
            } else if named.is_some() {
                let all = table.subjects.iter().map(ast::Subject::span);
                self.found.extend(named.places.iter().map(|at| policy.found(*at, "a column of a table")));
                gone.push(Gone::items(scope, all, &named.is_gone));
                let rows = table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.span));
                gone.extend(rows.map(|cells| Gone::items(scope, cells, &named.is_gone)));
            }
        }
        if !gone.is_empty() && !stay {
            let whole = Place { span: Span::new(test.start, test.end), ..scope.place(Span::new(0, 0)) };
            gone = vec![Gone::Whole(whole, Remarks::Go)];
        }
        self.gone.extend(gone);
    }
}

/// Which of the subjects of a line are the role.
struct Named {
    is_gone: Vec<bool>,
    places: Vec<Place>,
}

impl Named {
    fn of(scope: Scope<'_>, subjects: &[ast::Subject], open: &mut BTreeSet<Place>) -> Self {
        let mut places = Vec::new();
        let is_gone = subjects.iter().map(|subject| {
            let ast::Subject::Role(role) = subject else { return false };
            let place = scope.at(role.name);
            let is_gone = open.remove(&place);
            places.extend(is_gone.then_some(place));
            is_gone
        });
        Self { is_gone: is_gone.collect(), places }
    }

    fn is_some(&self) -> bool {
        !self.places.is_empty()
    }

    fn is_all(&self) -> bool {
        self.is_some() && self.places.len() == self.is_gone.len()
    }
}

/// The text of a span, on one line.
fn written(scope: Scope<'_>, span: Span) -> String {
    format!("`{}`", scope.text(span).split_whitespace().collect::<Vec<_>>().join(" "))
}
