//! The class of each token, by those before it and a few behind it.

use crate::syntax::token::Kind;
use crate::syntax::words::{Class, Sort, Words};

pub(super) fn of(words: Words<'_>) -> Vec<Class> {
    let mut reader = Reader {
        words,
        list: List::Other,
        is_head: false,
        opening: None,
        classes: Vec::with_capacity(words.kinds.len()),
    };
    for at in 0..words.kinds.len() {
        let class = reader.class(at);
        reader.follow(at, class);
        reader.classes.push(class);
    }
    reader.classes
}

/// What a token wants behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    Nothing,
    /// A name; words of the language are ids here.
    Any,
    /// A name; a word of the language that stands here was meant as one.
    Name,
    /// A name that words of the language never are.
    Id,
    /// A role or a principal, with `role` or `service` before it or without.
    Subject,
    Text,
}

/// Which list a comma goes on with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Roles,
    Principals,
    /// Roles and principals.
    Subjects,
    Other,
}

/// Reads the classes from the first token to the last.
struct Reader<'l> {
    words: Words<'l>,
    list: List,
    /// Whether the head of a block is being read: its brace has not come.
    is_head: bool,
    /// The last colon that stands where a head wants its brace.
    opening: Option<usize>,
    classes: Vec<Class>,
}

impl Reader<'_> {
    /// Keeps in mind whether a head is being read. In a text that is right it has no colon.
    fn follow(&mut self, at: usize, class: Class) {
        match self.words.kind(at) {
            Some(Kind::Open | Kind::Close) => self.is_head = false,
            Some(Kind::Colon) => {
                let is_row = at.checked_sub(2).and_then(|at| self.words.kind(at)) == Some(Kind::Colon);
                let is_option = is_row && self.words.line(at + 1) == Some(Sort::Option);
                let ends = self.is_head
                    && (self.words.begins_line(at + 1)
                        || self.words.kind(at + 1).is_some_and(|next| {
                            matches!(next, Kind::Grant | Kind::Description | Kind::Role)
                        }));
                if ends || is_option {
                    self.opening = Some(at);
                }
                self.is_head = false;
            }
            _ => {}
        }
        // `role r` in a requirement has no block, but `role r:` was meant to have one.
        let has_block = class.line != Some(Sort::Holder) || self.words.kind(at + 2) == Some(Kind::Colon);
        if class.is_sure
            && has_block
            && let Some(lead) = class.lead
        {
            self.is_head = matches!(
                lead,
                Sort::Catalog
                    | Sort::Organization
                    | Sort::Template
                    | Sort::Role
                    | Sort::Category
                    | Sort::Forbid
                    | Sort::Require
                    | Sort::Test
                    | Sort::Cases
            );
        }
    }

    fn class(&mut self, at: usize) -> Class {
        let words = self.words;
        let Some(kind) = words.kind(at) else { return Class::default() };
        let want = self.wanted_at(at);
        self.list = match (kind, want) {
            (Kind::Comma, _) => self.list,
            (_, Want::Any) if !matches!(kind, Kind::Role | Kind::Service) && !words.names(at) => List::Other,
            (Kind::From | Kind::Except | Kind::Assign, _) => List::Roles,
            (Kind::To, _) if words.before(at) == Some(Kind::Escalating) => List::Other,
            (Kind::To, _) => List::Principals,
            (Kind::Only, _) => List::Subjects,
            (Kind::Cases, Want::Nothing) => List::Subjects,
            (Kind::Role, Want::Any | Want::Name | Want::Id | Want::Subject) => self.list,
            (Kind::Service, Want::Any | Want::Text | Want::Subject) => self.list,
            _ if words.names(at) && want != Want::Nothing => self.list,
            _ => List::Other,
        };
        if matches!(
            kind,
            Kind::Open
                | Kind::Close
                | Kind::Colon
                | Kind::Comma
                | Kind::Dot
                | Kind::Less
                | Kind::Equals
                | Kind::Bar
        ) {
            return Class::default();
        }
        let operand = Class { is_operand: true, ..Class::default() };
        let goes_on = match want {
            Want::Nothing => false,
            Want::Any => true,
            Want::Name => words.names(at) || (is_noun(kind) && !words.begins_line(at)),
            Want::Id => words.names(at),
            Want::Subject => words.names(at) || (is_led_by(kind) && words.names(at + 1)),
            Want::Text => {
                matches!(kind, Kind::String | Kind::UnclosedString)
                    || (matches!(kind, Kind::Word | Kind::Role | Kind::Service) && !words.begins_line(at))
                    || kind == Kind::Service
            }
        };
        let among_roles = kind == Kind::Role
            && matches!(self.list, List::Roles | List::Subjects)
            && want != Want::Nothing
            && words.names(at + 1)
            && (words.before(at) != Some(Kind::Assign) || words.kind(at + 2) == Some(Kind::To));
        // Behind a leading word only a line of its own tells: `category category "Title" {`.
        let is_led = matches!(want, Want::Name | Want::Id | Want::Subject)
            && !(words.begins_line(at) && words.kind(at + 1) != Some(Kind::String));
        if among_roles || (goes_on && (is_led || !words.is_whole(at))) {
            return Class { hidden: self.lead(at, kind).map(|(sort, _)| sort), ..operand };
        }
        // Between `kind` and `=` any word was meant as an id.
        if words.before(at) == Some(Kind::Kind) && words.kind(at + 1) == Some(Kind::Equals) {
            return operand;
        }
        let titled = kind == Kind::String
            && words.kind(at + 1) == Some(Kind::Colon)
            && self.classes.last().is_some_and(|class| class.line == Some(Sort::Line));
        if titled
            || (words.before(at) == Some(Kind::Default)
                && self.classes.last().is_some_and(|class| class.lead.is_some()))
        {
            return operand;
        }
        // Before a colon that stands for a brace; or a title before the end of a line where one is missing.
        let is_last = match words.kind(at + 1) {
            Some(Kind::Colon) => matches!(kind, Kind::String | Kind::Direct | Kind::Managed),
            Some(Kind::String) => kind == Kind::String && words.begins_line(at + 1),
            _ => false,
        };
        if self.is_head && is_last && !words.begins_line(at) {
            return operand;
        }
        let line = words.line(at);
        let is_named = line.is_some_and(|line| !matches!(line, Sort::Option | Sort::Holder));
        let (lead, is_sure) = match self.lead(at, kind) {
            // `role x can …` asks about a role.
            Some(_) if line == Some(Sort::Assertion) && words.kind(at + 2) != Some(Kind::Equals) => {
                (None, false)
            }
            Some((sort, is_sure)) => (Some(sort), is_sure && !is_named),
            None => (None, false),
        };
        Class { lead, is_sure, line, ..Class::default() }
    }

    /// The statement that a word leads, and whether it is no id.
    fn lead(&self, at: usize, kind: Kind) -> Option<(Sort, bool)> {
        let words = self.words;
        let is_apart = || matches!(words.before(at), Some(Kind::Open | Kind::Close)) || words.begins_line(at);
        let weak = |sort: Sort| (sort, words.is_whole(at) || (words.names(at + 1) && is_apart()));
        Some(match kind {
            Kind::Use => (Sort::Use, true),
            Kind::Catalog => (Sort::Catalog, true),
            Kind::Organization => (Sort::Organization, true),
            Kind::Template => (Sort::Template, true),
            Kind::Role => (Sort::Role, true),
            Kind::Assign => (Sort::Assign, true),
            Kind::Forbid => (Sort::Forbid, true),
            Kind::Require => (Sort::Require, true),
            Kind::Test => (Sort::Test, true),
            Kind::Grant => (Sort::Grant, true),
            Kind::Default => {
                let next = words.kind(at + 1)?;
                return (next != Kind::Default)
                    .then(|| self.lead(at + 1, next))
                    .flatten()
                    .filter(|(_, sure)| *sure);
            }
            Kind::Kind => weak(Sort::Kind),
            Kind::Category => weak(Sort::Category),
            Kind::Limit => weak(Sort::Limit),
            Kind::Super => weak(Sort::Super),
            Kind::Ids => {
                let next = words.kind(at + 1);
                (Sort::Ids, next == Some(Kind::CaseSensitive) || weak(Sort::Ids).1)
            }
            Kind::Description => (Sort::Description, words.kind(at + 1) == Some(Kind::String)),
            Kind::Cases => weak(Sort::Cases),
            _ => return None,
        })
    }

    /// What the token before one wants there.
    fn wanted_at(&self, at: usize) -> Want {
        let Some(before) = at.checked_sub(1) else { return Want::Nothing };
        let (Some(kind), Some(class)) = (self.words.kind(before), self.classes.get(before)) else {
            return Want::Nothing;
        };
        let further = self.words.before(before);
        match kind {
            Kind::Colon if self.opening == Some(before) => Want::Nothing,
            Kind::Comma if !self.words.is_word(before.wrapping_sub(1)) => Want::Nothing,
            Kind::Colon | Kind::Comma | Kind::Dot | Kind::Less | Kind::Equals | Kind::Bar => Want::Any,
            Kind::Ladder | Kind::Verbs if matches!(further, Some(Kind::Colon | Kind::Equals)) => Want::Any,
            Kind::Role if matches!(self.list, List::Roles | List::Subjects) => Want::Name,
            Kind::Service if matches!(self.list, List::Principals | List::Subjects) => Want::Text,
            Kind::Template if further == Some(Kind::Default) => Want::Name,
            // A word said twice wants what it wants said once.
            _ if class.is_operand && !(further == Some(kind) && kind == Kind::Grant) => Want::Nothing,
            Kind::Use | Kind::Catalog | Kind::Organization | Kind::Template | Kind::Role | Kind::Assign => {
                Want::Name
            }
            Kind::From | Kind::Except => Want::Name,
            // The rows that a row leads to, whatever they are called.
            Kind::To if further == Some(Kind::Escalating) => Want::Any,
            Kind::Kind | Kind::Category | Kind::Limit | Kind::Super | Kind::Ids if class.lead.is_some() => {
                Want::Id
            }
            Kind::Until | Kind::At => Want::Id,
            Kind::Only => Want::Subject,
            Kind::Cases if class.lead.is_some() => Want::Subject,
            Kind::Forbid | Kind::Require | Kind::Test | Kind::To | Kind::Because | Kind::Service => {
                Want::Text
            }
            Kind::Description | Kind::Note | Kind::Caveat | Kind::Version => Want::Text,
            Kind::Grant | Kind::Can | Kind::Cannot | Kind::Without => Want::Any,
            _ => Want::Nothing,
        }
    }
}

/// Whether a word stands before the name of a role or a principal.
fn is_led_by(kind: Kind) -> bool {
    matches!(kind, Kind::Role | Kind::Service)
}

/// Whether a reserved word that stands where a name is wanted was meant as one; the others join what they part.
fn is_noun(kind: Kind) -> bool {
    let joins = matches!(
        kind,
        Kind::From
            | Kind::To
            | Kind::Until
            | Kind::Because
            | Kind::At
            | Kind::Can
            | Kind::Cannot
            | Kind::Only
            | Kind::Except
    );
    !joins && kind.letter().is_some_and(|letter| letter.is_ascii_lowercase())
}
