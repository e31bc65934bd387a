//! A file's text as those see it who lay it out anew: every token but white space, what begins at it, and which parts
//! of the file are damaged. Says where lines may begin, never where they do.

use std::cmp::Reverse;
use std::ops::Range;

use crate::diagnostic::{Diagnostics, Severity};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::cut::{Container, Cut, PUT_IN, Piece};
use crate::syntax::lex::Lexed;
use crate::syntax::parse::{CutFile, parse_cut};
use crate::syntax::token::{self, Kind, tokens};
use crate::syntax::tree::{Node, Rule, parse};
use crate::syntax::words::Sort;

/// A file's tokens and parts. Tokens between the parts are comments, and characters that the language has no use for.
#[derive(Debug)]
pub struct Outline {
    /// Every token but white space, in order.
    pub tokens: Vec<Token>,
    /// The parts, in order; they do not overlap.
    pub parts: Vec<Part>,
}

/// A token, and what begins at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its bytes in the file.
    pub span: Span,
    /// What it is.
    pub sign: Sign,
    /// What begins at it. Known of parts that are not damaged.
    pub begins: Begins,
}

/// What a token is, as far as its neighbours care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A word, a string, a number, a time, or `<`.
    Word,
    /// `{`
    Open,
    /// `}`
    Close,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `=`
    Equals,
    /// `|`
    Bar,
    /// `// …`
    Remark,
    /// `/// …`
    Doc,
    /// A character that the language has no use for.
    Unknown,
}

/// What begins at a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// Nothing of its own.
    Nothing,
    /// A member, or a statement of a block: a grant, an entry, a row, an option, a condition, an assertion.
    Statement,
    /// A clause of a statement: `from …`, `because …`, `except …`, `without …`, `at …`.
    Clause,
    /// A further item of a list that its statement is about: rows, principals.
    Item,
    /// A cell of a table.
    Cell,
    /// A further item of any other list, the mark of a level, `can`, `cannot`.
    Rest,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub sort: PartSort,
    /// Its tokens, the comments inside among them, as positions in [`Outline::tokens`].
    pub tokens: Range<usize>,
    /// Whether it has a mistake of text or syntax in it, so that nobody knows what it means.
    pub is_damaged: bool,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartSort {
    /// The head of a catalog or an organization, up to its brace.
    Head,
    /// A member, or text that is none.
    Member,
    /// The end of a catalog or an organization: its brace, or nothing where that is missing.
    End,
}

/// Every token of a text but white space, in order: what must be the same in two texts that say the same. A carriage
/// return alone is no white space.
pub fn signs(text: &str) -> impl Iterator<Item = (Sign, Span)> + '_ {
    signs_from(text, 0)
}

/// The same from an offset on, at which a token begins or a line.
pub(crate) fn signs_from(text: &str, from: usize) -> impl Iterator<Item = (Sign, Span)> + '_ {
    let rest = text.get(from..).unwrap_or_default();
    let mark = move |token: &token::Token| {
        from == 0 && token.start == 0 && rest.get(..token.end) == Some("\u{feff}")
    };
    tokens(rest).filter(move |token| !mark(token)).flat_map(move |token| {
        let is_space = token.kind == Kind::Space;
        let whole = (!is_space).then(|| (sign(token.kind), Span::of(from + token.start, from + token.end)));
        let space = rest.get(token.start..token.end).filter(|_| is_space).unwrap_or_default();
        let returns = space.match_indices('\r').map(|(at, _)| at);
        let alone = returns.filter(|at| space.as_bytes().get(at + 1) != Some(&b'\n'));
        let start = from + token.start;
        let alone = alone.map(move |at| (Sign::Unknown, Span::of(start + at, start + at + 1)));
        whole.into_iter().chain(alone)
    })
}

fn sign(kind: Kind) -> Sign {
    match kind {
        Kind::Open => Sign::Open,
        Kind::Close => Sign::Close,
        Kind::Colon => Sign::Colon,
        Kind::Comma => Sign::Comma,
        Kind::Dot => Sign::Dot,
        Kind::Equals => Sign::Equals,
        Kind::Bar => Sign::Bar,
        Kind::Comment => Sign::Remark,
        Kind::Doc => Sign::Doc,
        Kind::Unknown => Sign::Unknown,
        _ => Sign::Word,
    }
}

/// The outline of a file, and what [`parse`](crate::syntax::parse()) finds in it.
pub fn outline(source: &SourceFile, id: FileId) -> (Outline, Diagnostics) {
    let text = source.text();
    let CutFile { findings, lexed, cut } = parse_cut(source, id);
    let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
    let mut places: Vec<Span> = errors.map(|finding| finding.primary.place.span).collect();
    places.sort_unstable();
    let mut furthest = 0;
    for place in &mut places {
        furthest = place.end.max(furthest);
        place.end = furthest;
    }
    let tokens = signs(text).map(|(sign, span)| Token { span, sign, begins: Begins::Nothing });
    let mut outliner = Outliner { places, tokens: tokens.collect(), parts: Vec::new(), lexed };
    for stretch in stretches(&cut, outliner.lexed.kinds.len()) {
        outliner.stretch(stretch);
    }
    (Outline { tokens: outliner.tokens, parts: outliner.parts }, findings)
}

/// A run of a file's significant tokens, and what it is.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: usize,
    end: usize,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Head(Container),
    Member(Sort),
    /// A member whose tokens do not stand together, or text that belongs to none.
    Damaged,
    /// A container ends, with its brace where the run has a token.
    End,
}

/// The file's tokens as runs, in their order: those of each piece, and what lies between.
fn stretches(cut: &Cut, count: usize) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    for run in runs(cut) {
        // One container stands in another only by mistake: all of the inner one is damaged.
        let is_inner = depth > 1 || (depth == 1 && matches!(run.what, What::Head(_)));
        depth = match run.what {
            What::Head(_) => depth + 1,
            What::End => depth.saturating_sub(1),
            _ => depth,
        };
        match all.last_mut() {
            // What stands inside of another one is damage of both.
            Some(before) if run.start < before.end => {
                before.what = What::Damaged;
                before.end = before.end.max(run.end);
            }
            _ => {
                if run.start > at {
                    all.push(Stretch { start: at, end: run.start, what: What::Damaged });
                }
                all.push(if is_inner { Stretch { what: What::Damaged, ..run } } else { run });
            }
        }
        at = at.max(run.end);
    }
    if at < count {
        all.push(Stretch { start: at, end: count, what: What::Damaged });
    }
    all
}

/// The runs of the pieces, by where they begin; of those that begin at one token the longest first, and before it what
/// ends there.
fn runs(cut: &Cut) -> Vec<Stretch> {
    let mut runs: Vec<Stretch> = Vec::new();
    // Where a container goes on that was closed too early.
    let mut again = None;
    let mut last = 0;
    for piece in &cut.pieces {
        let (start, end, what) = match *piece {
            Piece::Head { container, start, end } => (start, end, What::Head(container)),
            Piece::Member { sort, start, end, is_damaged: false, headless: None } => {
                (start, end, What::Member(sort))
            }
            Piece::Member { start, end, .. } => (start, end, What::Damaged),
            Piece::End { start, end } => {
                last = end;
                runs.push(match again.take() {
                    Some(start) => Stretch { start, end, what: What::Damaged },
                    None => Stretch { start, end, what: What::End },
                });
                continue;
            }
            Piece::Again { .. } => {
                again = Some(last);
                continue;
            }
        };
        let origins = cut.origins.get(start..end).unwrap_or_default();
        let own = || origins.iter().copied().filter(|origin| *origin != PUT_IN);
        let (Some(first), Some(last)) = (own().min(), own().max()) else { continue };
        let is_whole = origins.iter().copied().eq(first..last + 1);
        runs.push(Stretch { start: first, end: last + 1, what: if is_whole { what } else { What::Damaged } });
    }
    runs.sort_by_key(|run| (run.start, run.end > run.start, Reverse(run.end)));
    runs
}

struct Outliner {
    lexed: Lexed,
    /// Where errors are, in order; each ends where the furthest up to it does.
    places: Vec<Span>,
    tokens: Vec<Token>,
    parts: Vec<Part>,
}

impl Outliner {
    fn stretch(&mut self, run: Stretch) {
        let Stretch { start, end, what } = run;
        match what {
            What::Head(container) => {
                let rule = match container {
                    Container::Catalog => Rule::catalog_head,
                    Container::Organization => Rule::organization_head,
                };
                self.part(PartSort::Head, start, end, Some(rule));
            }
            What::Member(sort) => self.part(PartSort::Member, start, end, rule_of(sort)),
            What::End if start < end => self.part(PartSort::End, start, end, None),
            What::End => {
                let at = self.parts.last().map_or(0, |part| part.tokens.end);
                self.parts.push(Part { sort: PartSort::End, tokens: at..at, is_damaged: true });
            }
            What::Damaged => self.part(PartSort::Member, start, end, None),
        }
    }

    /// A part of the significant tokens from `start` to before `end`, parsed by a rule; without one it is a brace, or
    /// damaged.
    fn part(&mut self, sort: PartSort, start: usize, end: usize, rule: Option<Rule>) {
        let spans = self.lexed.spans.get(start..end).unwrap_or_default();
        let (Some(first), Some(last)) = (spans.first().copied(), spans.last().copied()) else { return };
        let tokens = self.tokens.partition_point(|token| token.span.end <= first.start)
            ..self.tokens.partition_point(|token| token.span.start < last.end);
        let begun = self.places.partition_point(|place| place.start <= last.end);
        let furthest = begun.checked_sub(1).and_then(|at| self.places.get(at));
        let has_error = furthest.is_some_and(|place| place.end >= first.start);
        let letters = self.lexed.letters.get(start..end).unwrap_or_default();
        let begins = match rule.map(|rule| parse(rule, letters, 0)) {
            Some(Ok(tree)) => Some(begins(tree.root())),
            Some(Err(_)) => None,
            None if sort == PartSort::End => Some(vec![(0, Begins::Statement)]),
            None => None,
        };
        let is_damaged = has_error || begins.is_none();
        for (at, what) in begins.filter(|_| !is_damaged).into_iter().flatten() {
            let Some(span) = spans.get(at) else { continue };
            let position = self.tokens.partition_point(|token| token.span.start < span.start);
            if let Some(token) = self.tokens.get_mut(position) {
                token.begins = what;
            }
        }
        self.parts.push(Part { sort, tokens, is_damaged });
    }
}

fn rule_of(sort: Sort) -> Option<Rule> {
    Some(match sort {
        Sort::Use => Rule::use_member,
        Sort::Template | Sort::Role => Rule::role_member,
        Sort::Assign => Rule::assign_member,
        Sort::Kind => Rule::kind_member,
        Sort::Category => Rule::category_member,
        Sort::Limit => Rule::limit_member,
        Sort::Super => Rule::super_member,
        Sort::Ids => Rule::ids_member,
        Sort::Forbid => Rule::forbid_member,
        Sort::Require => Rule::require_member,
        Sort::Test => Rule::test_member,
        _ => return None,
    })
}

/// What begins at the tokens of a tree.
fn begins(tree: Node<'_>) -> Vec<(usize, Begins)> {
    let mut found = vec![(0, Begins::Statement)];
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        let (list, item) = match node.rule() {
            Rule::rows => (Some(Rule::any_id), Begins::Item),
            Rule::assign_member => (Some(Rule::principal), Begins::Item),
            Rule::cases_opening | Rule::only_those => (Some(Rule::subject), Begins::Item),
            Rule::ladder | Rule::verbs | Rule::without | Rule::levels | Rule::spread_levels | Rule::cell => {
                (Some(Rule::any_id), Begins::Rest)
            }
            Rule::escalating => (Some(Rule::target), Begins::Rest),
            Rule::bases | Rule::exceptions => (Some(Rule::role_ref), Begins::Rest),
            _ => (None, Begins::Nothing),
        };
        let items = node.children().filter(|child| Some(child.rule()) == list).skip(1);
        found.extend(items.map(|child| (child.start(), item)));
        let mut before = None;
        for child in node.children() {
            let what = match child.rule() {
                Rule::role_statement
                | Rule::entry
                | Rule::row
                | Rule::option
                | Rule::condition
                | Rule::held_role
                | Rule::assertion
                | Rule::cases
                | Rule::case_row => Begins::Statement,
                // Two times are one period.
                Rule::clause => {
                    let is_time = child.children().any(|clause| clause.rule() != Rule::because);
                    if before.replace(is_time) == Some(true) && is_time {
                        Begins::Nothing
                    } else {
                        Begins::Clause
                    }
                }
                Rule::require_clause => Begins::Clause,
                Rule::bases | Rule::exceptions | Rule::without | Rule::version | Rule::moment => {
                    Begins::Clause
                }
                Rule::unconfirmed | Rule::verdict | Rule::kw_can => Begins::Rest,
                Rule::cell => Begins::Cell,
                _ => Begins::Nothing,
            };
            if what != Begins::Nothing {
                found.push((child.start(), what));
            }
            open.push(child);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{PartSort, outline};
    use crate::source::{FileId, Provenance, SourceFile};

    /// Each part, by what it is and its first two tokens, and whether it is damaged.
    fn parts(text: &str) -> Vec<(PartSort, String, bool)> {
        let file = SourceFile::new("f.role", text.into(), Provenance::Given);
        let (outline, _) = outline(&file, FileId(0));
        let first = |tokens: std::ops::Range<usize>| {
            let words = outline.tokens[tokens].iter().take(2).map(|token| file.slice(token.span));
            words.collect::<Vec<_>>().join(" ")
        };
        outline.parts.iter().map(|part| (part.sort, first(part.tokens.clone()), part.is_damaged)).collect()
    }

    #[test]
    fn each_sort_of_member_is_a_part() {
        let text = "use c
catalog c {
    kind k = verbs a, b
    category d { r: k }
    limit people 3
    super s
    ids case-sensitive
}
template t { grant d.r: a }
forbid \"f\" { d.r: a }
require \"r\" at least 1 { d.r: a }
organization o {
    role r { }
    assign r to \"ana\"
    forbid \"f\" { d.r: a }
    require \"r\" at least 1 { d.r: a }
    test \"t\" { r can d.r: a }
}
";
        let found = parts(text);
        assert_eq!(found.len(), 18, "{found:?}");
        assert!(found.iter().all(|(.., is_damaged)| !is_damaged), "{found:?}");
    }

    #[test]
    fn a_container_in_another_is_damaged() {
        let found = parts("organization o { role a { } organization p { role b { } } role c { } }");
        let wanted = [
            (PartSort::Head, "organization o", false),
            (PartSort::Member, "role a", false),
            (PartSort::Member, "organization p", true),
            (PartSort::Member, "role b", true),
            (PartSort::Member, "}", true),
            (PartSort::Member, "role c", false),
            (PartSort::End, "}", false),
        ];
        assert_eq!(found, wanted.map(|(sort, first, is_damaged)| (sort, first.to_owned(), is_damaged)));
    }
}
