//! Where things begin and end, by what stands around a token: the questions that the cutter asks. Finds nothing and
//! changes nothing.

use crate::syntax::cut::{Container, Cutter, Sort, TOP, quoted};
use crate::syntax::token::Kind;

impl Cutter<'_> {
    /// The sort of member that a token begins in a container.
    pub(super) fn leads(&self, at: usize, container: Container) -> Option<Sort> {
        Some(match (container, self.kind(at)?) {
            (Container::Organization, Kind::Role) => Sort::Role,
            (Container::Organization, Kind::Assign) => Sort::Assign,
            (Container::Organization, Kind::Forbid) => Sort::Forbid,
            (Container::Organization, Kind::Test) => Sort::Test,
            (Container::Catalog, Kind::Kind) => Sort::Kind,
            (Container::Catalog, Kind::Category) => Sort::Category,
            (Container::Catalog, Kind::Limit) => Sort::Limit,
            (Container::Catalog, Kind::Super) => Sort::Super,
            (Container::Catalog, Kind::Ids | Kind::CaseSensitive) => Sort::Ids,
            _ => return None,
        })
    }

    /// Whether a word stands where a statement may begin: not as the id of a row or a level.
    pub(super) fn is_statement(&self, at: usize) -> bool {
        let named = matches!(self.kind(at + 1), Some(Kind::Colon | Kind::Comma | Kind::Dot))
            || (self.kind(at + 1) == Some(Kind::String) && self.kind(at + 2) == Some(Kind::Colon));
        let listed = matches!(self.before(at), Some(Kind::Dot | Kind::Colon))
            || (matches!(self.before(at), Some(Kind::Comma | Kind::Less)) && !self.is_whole_statement(at));
        !named && !listed
    }

    /// Whether what follows a word can be nothing but its statement, even behind the comma of a list.
    pub(super) fn is_whole_statement(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Assign) => {
                let role = usize::from(self.kind(at + 1) == Some(Kind::Role));
                self.names(at + role + 1) && self.kind(at + role + 2) == Some(Kind::To)
            }
            Some(Kind::Kind) => self.names(at + 1) && self.kind(at + 2) == Some(Kind::Equals),
            Some(Kind::Limit) => self.names(at + 1) && self.kind(at + 2) == Some(Kind::Number),
            Some(Kind::Catalog | Kind::Template | Kind::Organization | Kind::Category) => {
                let behind = self.behind_title(at);
                matches!(behind, Some(Kind::Open | Kind::From | Kind::Direct | Kind::Managed | Kind::Version))
            }
            Some(Kind::Role) => {
                matches!(self.behind_title(at), Some(Kind::Open | Kind::From)) && !self.is_among_roles(at)
            }
            _ => false,
        }
    }

    /// What stands behind a leading word, its name and its title.
    pub(super) fn behind_title(&self, at: usize) -> Option<Kind> {
        let title = usize::from(self.kind(at + 2) == Some(Kind::String));
        self.kind(at + title + 2).filter(|_| self.names(at + 1))
    }

    /// Whether a token stands in the list of roles after a `from` or an `except`.
    pub(super) fn is_among_roles(&self, at: usize) -> bool {
        let listed = |at: &usize| self.names(*at) || matches!(self.kind(*at), Some(Kind::Comma | Kind::Role));
        let before = (0..at).rev().find(|at| !listed(at)).and_then(|at| self.kind(at));
        matches!(before, Some(Kind::From | Kind::Except))
    }

    /// Whether a token may be a name where a statement is expected.
    pub(super) fn names(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Word | Kind::String) => true,
            Some(kind) => kind.letter().is_some_and(|letter| letter.is_ascii_uppercase()),
            None => false,
        }
    }

    /// Whether a token may be the name behind a leading word, or what stands behind the name that is missing.
    fn names_or_misses(&self, at: usize) -> bool {
        let behind = [Kind::Open, Kind::Close, Kind::Equals, Kind::Number];
        self.names(at) || self.kind(at).is_none_or(|kind| behind.contains(&kind))
    }

    /// Whether a token is the first on its line. Newlines mean nothing where a text is right; where it is not, they
    /// show what its writer meant.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let gap = self.text.get(self.span(before).end as usize..self.span(at).start as usize);
        gap.is_some_and(|gap| gap.contains('\n'))
    }

    /// How far from its left edge the line of a token begins.
    pub(super) fn indent(&self, at: usize) -> usize {
        let before = self.text.get(..self.span(at).start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.len() - line.trim_start().len()
    }

    /// Whether a token begins something that stands at the top of a file only.
    pub(super) fn starts_item(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Use | Kind::Catalog | Kind::Template | Kind::Organization) => self.is_statement(at),
            Some(Kind::Default) => self.kind(at + 1) == Some(Kind::Template),
            _ => false,
        }
    }

    /// Whether a token begins the next member, seen from inside of one.
    pub(super) fn starts_member(&self, at: usize) -> bool {
        let Some(kind) = self.kind(at) else { return false };
        if self.starts_item(at) {
            return true;
        }
        match kind {
            Kind::Role => {
                // `role "Billing Reader"` also names a role, where one is named and before `can`.
                let named =
                    matches!(self.before(at), Some(Kind::Assign | Kind::From | Kind::Except | Kind::Only));
                let asked = matches!(self.kind(at + 2), Some(Kind::Can | Kind::Cannot | Kind::Comma));
                self.is_statement(at) && !named && !asked
            }
            Kind::Assign | Kind::Forbid | Kind::Test => self.is_statement(at),
            // In a catalog these are ids too; what follows tells.
            Kind::Category | Kind::Kind | Kind::Limit | Kind::Super | Kind::Ids | Kind::CaseSensitive
                if self.in_catalog()
                    && self.begins_line(at)
                    && self.is_statement(at)
                    && self.names_or_misses(at + 1) =>
            {
                true
            }
            Kind::Category if self.in_catalog() => {
                self.is_statement(at)
                    && (self.kind(at + 2) == Some(Kind::Open) || self.kind(at + 3) == Some(Kind::Open))
            }
            Kind::Kind if self.in_catalog() => {
                self.is_statement(at) && self.kind(at + 2) == Some(Kind::Equals)
            }
            Kind::Limit if self.in_catalog() => {
                self.is_statement(at) && self.kind(at + 2) == Some(Kind::Number)
            }
            Kind::Super | Kind::Ids if self.in_catalog() => {
                self.is_statement(at)
                    && self.before(at) != Some(Kind::Kind)
                    && matches!(self.kind(at + 1), Some(Kind::Word | Kind::String | Kind::CaseSensitive))
                    && (self.kind(at + 2) == Some(Kind::Close)
                        || self.kind(at + 2).is_none()
                        || self.leads(at + 2, Container::Catalog).is_some())
            }
            _ => false,
        }
    }

    pub(super) fn in_catalog(&self) -> bool {
        matches!(self.inside, Some((Container::Catalog, _)))
    }

    /// Whether a token can stand only inside the block of the member at `start`.
    pub(super) fn is_inside(&self, start: usize, at: usize) -> bool {
        match self.kind(start) {
            Some(Kind::Category) => {
                at > start + 1 && self.begins_row(at) && self.kind(at + 2) != Some(Kind::Open)
            }
            Some(Kind::Forbid) => {
                self.kind(at + 1) == Some(Kind::Dot) && self.kind(at + 3) == Some(Kind::Colon)
            }
            Some(Kind::Test) => {
                let led = usize::from(matches!(self.kind(at), Some(Kind::Role | Kind::Service)));
                self.names(at + led)
                    && matches!(self.kind(at + led + 1), Some(Kind::Can | Kind::Cannot))
                    && self.before(at) != Some(Kind::Test)
            }
            _ => self.is_role(start) && self.states(at),
        }
    }

    /// Whether a grant goes on, on the line below, with rows that no brace was opened for.
    pub(super) fn lacks_brace(&self, grant: usize) -> bool {
        self.begins_line(grant + 2)
            && self.names(grant + 2)
            && matches!(self.kind(grant + 3), Some(Kind::Colon | Kind::Comma))
    }

    pub(super) fn is_role(&self, start: usize) -> bool {
        matches!(self.kind(start), Some(Kind::Role | Kind::Template | Kind::Default))
    }

    /// Whether a token begins a statement of a role.
    pub(super) fn states(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Grant) => self.is_statement(at),
            Some(Kind::Description) => {
                self.kind(at + 1) == Some(Kind::String) && self.kind(at + 2) != Some(Kind::Colon)
            }
            _ => false,
        }
    }

    /// Whether the block of the member at `start` goes on at `at`, after what looked like its end.
    pub(super) fn goes_on(&self, start: usize, at: usize) -> bool {
        match self.kind(start) {
            Some(Kind::Category) => self.begins_row(at),
            _ => self.is_inside(start, at),
        }
    }

    /// Whether `ID:` or `ID "TITLE":` stands at a token.
    pub(super) fn begins_row(&self, at: usize) -> bool {
        let second = self.kind(at + 1);
        second == Some(Kind::Colon)
            || (second == Some(Kind::String) && self.kind(at + 2) == Some(Kind::Colon))
    }

    /// Whether a token is a word that a member begins with, and that a name follows.
    pub(super) fn leading(&self, start: usize) -> bool {
        matches!(
            self.kind(start),
            Some(
                Kind::Use
                    | Kind::Template
                    | Kind::Default
                    | Kind::Role
                    | Kind::Category
                    | Kind::Kind
                    | Kind::Limit
                    | Kind::Super
            )
        )
    }

    pub(super) fn wants_block(&self, start: usize) -> bool {
        let kind = self.kind(start);
        matches!(
            kind,
            Some(Kind::Role | Kind::Template | Kind::Default | Kind::Category | Kind::Forbid | Kind::Test)
        )
    }

    /// Whether a closing brace ends its container: what follows then stands at the top of a file.
    pub(super) fn closes_container(&self, at: usize) -> bool {
        match self.kind(at + 1) {
            None | Some(Kind::Forbid) => true,
            Some(Kind::Close) => self.inside.is_none(),
            Some(_) => {
                self.starts_item(at + 1)
                    || !(self.starts_member(at + 1)
                        || self.inside.is_some_and(|(container, _)| self.leads(at + 1, container).is_some()))
            }
        }
    }

    /// Whether a token begins a line that cannot belong to the member or junk at `start`, though no member that we
    /// know begins there.
    pub(super) fn breaks_off(&self, start: usize, at: usize) -> bool {
        let goes_on = matches!(
            self.before(at),
            Some(
                Kind::Comma
                    | Kind::Less
                    | Kind::Equals
                    | Kind::Ladder
                    | Kind::Verbs
                    | Kind::Role
                    | Kind::From
            )
        );
        if goes_on || at == start + 1 || !self.begins_line(at) {
            return false;
        }
        match self.kind(start) {
            Some(Kind::Use | Kind::Assign | Kind::Kind | Kind::Limit | Kind::Super | Kind::Ids) => {
                matches!(self.kind(at), Some(Kind::Word | Kind::Grant | Kind::Open | Kind::Category))
            }
            // Of junk that goes on for lines one finding is enough, but a misspelt word is worth its own.
            Some(Kind::Word) => {
                let known = self.inside.map_or(TOP, |(container, _)| container.members());
                self.kind(at) == Some(Kind::Word)
                    && self.names(at + 1)
                    && !crate::diagnostic::nearest(self.shown(at), quoted(known)).is_empty()
            }
            _ => false,
        }
    }
}
