//! What a token is to its neighbours: a name where one is wanted, the beginning of a statement, or neither. Looks a
//! few tokens around and never at what stands open: which statement may stand where is `blocks`' business.
//!
//! In a text that is right no token is taken for a beginning that is none. Line ends mean nothing there; where a text
//! is wrong they show what its writer meant, and only there are they asked.

mod classes;

use std::collections::HashSet;

use crate::source::Span;
use crate::syntax::token::Kind;

/// What a statement is, by what it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sort {
    Use,
    Catalog,
    Organization,
    Template,
    Role,
    Assign,
    Forbid,
    Require,
    Test,
    Kind,
    Category,
    Limit,
    Super,
    Ids,
    Grant,
    Description,
    /// `ROW: …`: a row of a category, or an entry of a grant.
    Line,
    /// `CATEGORY.ROW: …`
    Condition,
    /// `SUBJECT can …`, `only SUBJECTS can …`
    Assertion,
    /// `cases SUBJECTS { … }`
    Cases,
    /// `role ID`, of a requirement.
    Holder,
    /// `escalating`, `note "…"`
    Option,
}

/// What a token is to its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Class {
    /// Stands where the token before it wants a name.
    pub(crate) is_operand: bool,
    /// The statement that it leads.
    pub(crate) lead: Option<Sort>,
    /// Whether what follows can be nothing but that statement.
    pub(crate) is_sure: bool,
    /// The line without a leading word that it begins: words of the language may be ids there.
    pub(crate) line: Option<Sort>,
    /// The statement that an operand would lead, were it none.
    pub(crate) hidden: Option<Sort>,
}

/// Tokens with their text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words<'l> {
    pub(crate) text: &'l str,
    pub(crate) kinds: &'l [Kind],
    pub(crate) spans: &'l [Span],
}

impl<'l> Words<'l> {
    pub(crate) fn kind(&self, at: usize) -> Option<Kind> {
        self.kinds.get(at).copied()
    }

    pub(crate) fn before(&self, at: usize) -> Option<Kind> {
        at.checked_sub(1).and_then(|at| self.kind(at))
    }

    pub(crate) fn span(&self, at: usize) -> Span {
        self.spans.get(at).copied().unwrap_or_default()
    }

    /// A token as it is written.
    pub(crate) fn shown(&self, at: usize) -> &'l str {
        let span = self.span(at);
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether a token may be a name where a statement is expected.
    pub(crate) fn names(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Word | Kind::String | Kind::UnclosedString) => true,
            Some(kind) => kind.letter().is_some_and(|letter| letter.is_ascii_uppercase()),
            None => false,
        }
    }

    /// Whether a token is any word, those of the language among them, or what was meant as one.
    pub(crate) fn is_word(&self, at: usize) -> bool {
        self.names(at) || self.is_reserved(at) || matches!(self.kind(at), Some(Kind::Number | Kind::Date))
    }

    pub(crate) fn is_reserved(&self, at: usize) -> bool {
        let letter = self.kind(at).and_then(Kind::letter);
        letter.is_some_and(|letter| letter.is_ascii_lowercase())
    }

    /// Whether a token is the first on its line.
    pub(crate) fn begins_line(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let gap = self.text.as_bytes().get(self.span(before).end as usize..self.span(at).start as usize);
        gap.is_some_and(|gap| gap.contains(&b'\n'))
    }

    /// How far from its left edge the line of a token begins, for one that is the first on it.
    pub(crate) fn column(&self, at: usize) -> u32 {
        let from = at.checked_sub(1).map_or(0, |before| self.span(before).end as usize);
        let gap = self.text.get(from..self.span(at).start as usize).unwrap_or_default();
        let line = gap.rsplit('\n').next().unwrap_or_default();
        u32::try_from(line.len()).unwrap_or(u32::MAX)
    }

    /// What each token is.
    pub(crate) fn classes(&self) -> Vec<Class> {
        classes::of(*self)
    }

    /// The names that kinds declare: their own, and those of their levels.
    pub(crate) fn declared(&self) -> HashSet<&'l str> {
        let mut known = HashSet::new();
        if !self.kinds.iter().any(|kind| matches!(kind, Kind::Verbs | Kind::Ladder | Kind::Kind)) {
            return known;
        }
        let mut is_list = false;
        for at in 0..self.kinds.len() {
            is_list = match self.kind(at) {
                Some(Kind::Verbs | Kind::Ladder) => true,
                Some(Kind::Comma | Kind::Less) => is_list,
                _ => {
                    is_list
                        && matches!(
                            self.before(at),
                            Some(Kind::Comma | Kind::Less | Kind::Verbs | Kind::Ladder)
                        )
                }
            };
            let is_kind = self.before(at) == Some(Kind::Kind) && self.kind(at + 1) == Some(Kind::Equals);
            if is_list || is_kind {
                known.insert(self.shown(at));
            }
        }
        known
    }

    /// What each token is if no brace were there; for the braces themselves, nothing.
    pub(crate) fn bare_classes(&self) -> Vec<Class> {
        let is_brace = |kind: Kind| matches!(kind, Kind::Open | Kind::Close);
        let all = || self.kinds.iter().copied().zip(self.spans.iter().copied());
        let (kinds, spans): (Vec<Kind>, Vec<Span>) = all().filter(|(kind, _)| !is_brace(*kind)).unzip();
        let mut bare = Words { text: self.text, kinds: &kinds, spans: &spans }.classes().into_iter();
        let class = |kind| if is_brace(kind) { None } else { bare.next() };
        self.kinds.iter().copied().map(class).map(Option::unwrap_or_default).collect()
    }

    /// The line without a leading word that begins at a token which no other wants as a name.
    pub(crate) fn line(&self, at: usize) -> Option<Sort> {
        let kind = self.kind(at)?;
        let is_led = matches!(kind, Kind::Role | Kind::Service);
        // A word said twice leads what it leads said once.
        let is_twice = is_led && self.kind(at + 1) == Some(kind) && self.names(at + 2);
        let led = usize::from(is_twice) + usize::from(is_twice || (is_led && self.names(at + 1)));
        // The verb may stand in the name, whose quote is missing.
        let has_verb = |at: usize| {
            let is_open = self.kind(at) == Some(Kind::UnclosedString);
            is_open && [" can ", " cannot "].iter().any(|verb| self.shown(at).contains(verb))
        };
        let asks = |at: usize| matches!(self.kind(at), Some(Kind::Can | Kind::Cannot));
        if kind == Kind::Only && self.subjects(at + 1).is_some_and(asks) {
            return Some(Sort::Assertion);
        }
        if (asks(at + led + 1) && self.names(at + led)) || has_verb(at + led) {
            return Some(Sort::Assertion);
        }
        if !self.is_word(at) {
            return None;
        }
        let (second, third) = (self.kind(at + 1), self.kind(at + 2));
        match second {
            Some(Kind::Colon) => return Some(Sort::Line),
            Some(Kind::String) if third == Some(Kind::Colon) => return Some(Sort::Line),
            Some(Kind::Dot) => return Some(Sort::Condition),
            Some(Kind::Comma) => {
                let mut last = at + 2;
                while self.is_word(last) && self.kind(last + 1) == Some(Kind::Comma) {
                    last += 2;
                }
                if self.is_word(last) && self.kind(last + 1) == Some(Kind::Colon) {
                    return Some(Sort::Line);
                }
            }
            _ => {}
        }
        match kind {
            Kind::Escalating => Some(Sort::Option),
            Kind::Only if second == Some(Kind::Managed) => Some(Sort::Option),
            Kind::Note | Kind::Caveat if second == Some(Kind::String) => Some(Sort::Option),
            Kind::Role if self.names(at + 1) && !self.is_whole(at) => Some(Sort::Holder),
            _ => None,
        }
    }

    /// The token behind a list of roles and principals that begins at one; none where none does.
    fn subjects(&self, mut at: usize) -> Option<usize> {
        loop {
            let is_led = matches!(self.kind(at), Some(Kind::Role | Kind::Service)) && self.names(at + 1);
            at += usize::from(is_led);
            if !self.names(at) {
                return None;
            }
            if self.kind(at + 1) != Some(Kind::Comma) {
                return Some(at + 1);
            }
            at += 2;
        }
    }

    /// Whether what follows a leading word can be nothing but its statement, even where a name is wanted.
    pub(crate) fn is_whole(&self, at: usize) -> bool {
        let behind_title = || {
            let title = usize::from(self.kind(at + 2) == Some(Kind::String));
            self.kind(at + title + 2).filter(|_| self.names(at + 1))
        };
        match self.kind(at) {
            Some(Kind::Assign) => {
                let role = usize::from(self.kind(at + 1) == Some(Kind::Role));
                self.names(at + role + 1) && self.kind(at + role + 2) == Some(Kind::To)
            }
            Some(Kind::Kind) => self.names(at + 1) && self.kind(at + 2) == Some(Kind::Equals),
            Some(Kind::Limit) => self.names(at + 1) && self.kind(at + 2) == Some(Kind::Number),
            Some(Kind::Forbid | Kind::Test) => {
                self.kind(at + 1) == Some(Kind::String)
                    && matches!(self.kind(at + 2), Some(Kind::Open | Kind::Except))
            }
            Some(Kind::Require) => {
                self.kind(at + 1) == Some(Kind::String)
                    && matches!(
                        self.kind(at + 2),
                        Some(Kind::Open | Kind::Except | Kind::From | Kind::Until | Kind::At)
                    )
            }
            Some(Kind::Catalog | Kind::Template | Kind::Organization | Kind::Category) => matches!(
                behind_title(),
                Some(Kind::Open | Kind::From | Kind::Direct | Kind::Managed | Kind::Version)
            ),
            Some(Kind::Role) => matches!(behind_title(), Some(Kind::Open | Kind::From)),
            Some(Kind::Default) => self.kind(at + 1) == Some(Kind::Template) && self.is_whole(at + 1),
            Some(Kind::Cases) => {
                let behind = self.subjects(at + 1).and_then(|behind| self.kind(behind));
                matches!(behind, Some(Kind::Open | Kind::At))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Sort, Words};
    use crate::source::{FileId, Provenance, SourceFile};
    use crate::syntax::lex::lex;

    fn of<T>(text: &str, ask: impl FnOnce(Words<'_>) -> T) -> T {
        let file = SourceFile::new("f.role", text.into(), Provenance::Given);
        let (lexed, _) = lex(&file, FileId(0));
        ask(Words { text, kinds: &lexed.kinds, spans: &lexed.spans })
    }

    #[test]
    fn lines_that_begin_without_a_leading_word() {
        for (text, sort) in [
            ("only a can", Some(Sort::Assertion)),
            ("only role a can", Some(Sort::Assertion)),
            ("only \"ana\", role a, service \"bot\", b cannot", Some(Sort::Assertion)),
            ("only a, can", None),
            ("role a can", Some(Sort::Assertion)),
            ("a: view", Some(Sort::Line)),
            ("a, b: view", Some(Sort::Line)),
            ("a.b: view", Some(Sort::Condition)),
            ("only managed", Some(Sort::Option)),
            ("role a", Some(Sort::Holder)),
        ] {
            assert_eq!(of(text, |words| words.line(0)), sort, "{text}");
        }
    }

    #[test]
    fn what_a_leading_word_and_its_statement_look_like() {
        for (text, is_whole) in [
            ("require \"r\" {", true),
            ("require \"r\" at", true),
            ("require r {", false),
            ("forbid \"f\" except", true),
            ("forbid f {", false),
            ("cases role a, service \"bot\" at", true),
            ("cases role a, {", false),
            ("assign role a to", true),
            ("assign a \"A\"", false),
            ("role a \"A\" from", true),
            ("role a to", false),
        ] {
            assert_eq!(of(text, |words| words.is_whole(0)), is_whole, "{text}");
        }
    }
}
