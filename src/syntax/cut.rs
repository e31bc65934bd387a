//! Tokens to members, by bracket depth and leading word. Decides where a member ends when a brace is missing or one
//! too many, so that damage stays in the member that has it.

mod ahead;
mod missing;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::{FileId, Place, Span};
use crate::syntax::lex::Lexed;
use crate::syntax::token::Kind;
use crate::vocab::limits;

/// What a member is, by its leading word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Use,
    Template,
    Role,
    Assign,
    Kind,
    Category,
    Limit,
    Super,
    Ids,
    Forbid,
    Test,
}

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Catalog,
    Organization,
}

/// A piece of a file, as a range of token numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The head of a container, up to and with its opening brace, and where its id stands. Members follow, up to the
    /// next head or `End`.
    Head { container: Container, start: usize, end: usize, id: usize },
    /// A container ends, with its closing brace if it has one.
    End { close: Option<usize> },
    /// A member.
    Member { sort: Sort, start: usize, end: usize },
    /// Tokens that are no member; a finding has said so.
    Damaged { start: usize, end: usize },
}

/// Cuts a file's tokens into pieces.
pub(crate) fn cut(lexed: &Lexed, file: FileId, text: &str) -> (Vec<Piece>, Diagnostics) {
    let mut cutter = Cutter {
        lexed,
        file,
        text,
        partner: partners(&lexed.kinds),
        pieces: Vec::new(),
        findings: Diagnostics::new(),
        inside: None,
        head: 0,
        margin: None,
        held: None,
    };
    if !cutter.too_deep() {
        cutter.run();
    }
    (cutter.pieces, cutter.findings)
}

/// The closing brace of each opening one, by token number.
fn partners(kinds: &[Kind]) -> Vec<Option<usize>> {
    let mut partner = vec![None; kinds.len()];
    let mut open = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        match kind {
            Kind::Open => open.push(at),
            Kind::Close => {
                if let Some(slot) = open.pop().and_then(|start: usize| partner.get_mut(start)) {
                    *slot = Some(at);
                }
            }
            _ => {}
        }
    }
    partner
}

struct Cutter<'l> {
    lexed: &'l Lexed,
    file: FileId,
    text: &'l str,
    partner: Vec<Option<usize>>,
    pieces: Vec<Piece>,
    findings: Diagnostics,
    /// The container we are in, with the token of its brace.
    inside: Option<(Container, usize)>,
    /// The first token of the last container's head.
    head: usize,
    /// How far from its left edge the line of that begins, once somebody asked.
    margin: Option<usize>,
    /// The brace that pairs with the container's, where members go on behind it: one too many, unless the container
    /// turns out to have no other.
    held: Option<usize>,
}

impl Cutter<'_> {
    fn kind(&self, at: usize) -> Option<Kind> {
        self.lexed.kinds.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<Kind> {
        at.checked_sub(1).and_then(|at| self.kind(at))
    }

    fn span(&self, at: usize) -> Span {
        self.lexed.spans.get(at).copied().unwrap_or_default()
    }

    fn place(&self, at: usize) -> Place {
        Place { file: self.file, span: self.span(at) }
    }

    /// The place behind the last token.
    fn end(&self) -> Place {
        let end = self.lexed.spans.last().map_or(0, |span| span.end);
        Place { file: self.file, span: Span::new(end, end) }
    }

    fn shown(&self, at: usize) -> &str {
        let span = self.span(at);
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Braces deeper than the limit: one finding, and nothing of the file is parsed, for what the braces mean
    /// cannot be told.
    fn too_deep(&mut self) -> bool {
        let mut depth = 0_usize;
        for (at, kind) in self.lexed.kinds.iter().enumerate() {
            match kind {
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > limits::NESTING {
                self.findings.push(
                    Diagnostic::new(
                        Code::TooDeep,
                        self.place(at),
                        format!("more than {} braces are open here", limits::NESTING),
                    )
                    .label("one too many")
                    .help("the language needs three; the rest of this file was not read"),
                );
                self.pieces.push(Piece::Damaged { start: 0, end: self.lexed.kinds.len() });
                return true;
            }
        }
        false
    }

    fn run(&mut self) {
        let mut at = 0;
        while let Some(kind) = self.kind(at) {
            at = match self.inside {
                None => self.at_top(at, kind),
                Some((container, open)) => self.in_container(at, kind, container, open),
            };
        }
        if let Some((container, open)) = self.inside
            && !self.give_back()
        {
            self.unclosed(container, open, None);
        }
    }

    /// Takes up what was held back, now that the container has its closing brace.
    fn close(&mut self, close: usize) {
        if let Some(at) = self.held.take() {
            self.stray_finding(at);
        }
        self.pieces.push(Piece::End { close: Some(close) });
        self.inside = None;
    }

    fn at_top(&mut self, at: usize, kind: Kind) -> usize {
        match kind {
            Kind::Catalog | Kind::Organization => self.head(at, container_of(kind), at + 1),
            Kind::Use => self.member(Sort::Use, at),
            Kind::Template => self.member(Sort::Template, at),
            Kind::Default if self.kind(at + 1) == Some(Kind::Template) => self.member(Sort::Template, at),
            Kind::Forbid => self.member(Sort::Forbid, at),
            Kind::Close => self.stray(at),
            _ => {
                if let Some(container) = self.misspelt_head(at) {
                    return self.head(at, container, at + 1);
                }
                if let Some(container) = self.wordless_head(at) {
                    return self.head(at, container, at);
                }
                if let Some(end) = self.wordless_use(at) {
                    self.pieces.push(Piece::Member { sort: Sort::Use, start: at, end });
                    return end;
                }
                self.misplaced(at).unwrap_or_else(|| self.junk(at, TOP))
            }
        }
    }

    fn in_container(&mut self, at: usize, kind: Kind, container: Container, open: usize) -> usize {
        if kind == Kind::Close {
            if self.closes_container(at) {
                self.close(at);
                return at + 1;
            }
            if self.partner.get(open) == Some(&Some(at)) {
                self.held = Some(at);
                return self.damaged(at, at + 1);
            }
            return self.stray(at);
        }
        if self.starts_item(at) {
            let closed_later = self.partner.get(open).copied().flatten().is_some();
            let nested = matches!(kind, Kind::Template | Kind::Use | Kind::Default)
                && closed_later
                && self.held.is_none();
            if nested && let Some(end) = self.misplaced(at) {
                return end;
            }
            if !self.give_back() {
                self.unclosed(container, open, Some(at));
                self.pieces.push(Piece::End { close: None });
            }
            self.inside = None;
            return at;
        }
        // It may stand at the top too: there it is, where it stands as far left as the container.
        if kind == Kind::Forbid && self.is_as_far_left(at) && self.give_back() {
            self.inside = None;
            return at;
        }
        match self.leads(at, container) {
            Some(sort) => self.member(sort, at),
            None => self.misplaced(at).unwrap_or_else(|| self.junk(at, container.members())),
        }
    }

    /// A member that stands where none of its sort may: one finding.
    fn misplaced(&mut self, at: usize) -> Option<usize> {
        let kind = self.kind(at)?;
        let named = self.names(at + 1) && self.is_statement(at);
        let (home, help) = match kind {
            Kind::Role | Kind::Assign | Kind::Test => (
                "an organization",
                "write it inside `organization ID { … }`; an organization may be opened again in any file",
            ),
            Kind::Forbid => ("an organization", "write it inside `organization ID { … }`, or at the top"),
            Kind::Category | Kind::Kind | Kind::Limit | Kind::Super | Kind::Ids if named => {
                ("a catalog", "write it inside `catalog ID { … }`")
            }
            Kind::Grant if self.is_statement(at) => {
                ("a role", "write it inside the block of a role or a template")
            }
            Kind::Description if self.states(at) => {
                ("a role", "write it inside the block of a role or a template")
            }
            Kind::Template | Kind::Use | Kind::Default => {
                ("", "it stands at the top of a file: move it out of the block")
            }
            _ => return None,
        };
        let word = if kind == Kind::Default { "default template" } else { self.shown(at) };
        let message = match self.inside {
            Some((container, _)) if !matches!(kind, Kind::Grant | Kind::Description) => {
                format!("`{word}` inside of {}", container.word())
            }
            _ => format!("`{word}` outside of {home}"),
        };
        self.findings.push(Diagnostic::new(Code::MisplacedMember, self.place(at), message).help(help));
        let end = self.end_of_member(at);
        Some(self.damaged(at, end))
    }

    /// Where the member or junk that begins at `start` ends: after its block, or before the next beginning.
    fn end_of_member(&self, start: usize) -> usize {
        let mut depth = 0_usize;
        let mut had_block = false;
        // How deep its statements stand: one, unless its brace is doubled.
        let mut base = 1;
        let mut at = start + 1;
        if self.kind(start) == Some(Kind::Default) {
            at += 1;
        }
        if self.kind(start) == Some(Kind::Open) {
            depth = 1;
        }
        // A word of the language right behind the leading word was meant as a name.
        let is_name = |kind: Kind| kind.letter().is_some_and(|letter| letter.is_ascii_alphabetic());
        if self.leading(start) && self.kind(at).is_some_and(is_name) && !self.begins_line(at) {
            at += 1;
        }
        while let Some(kind) = self.kind(at) {
            match kind {
                Kind::Open => {
                    base += usize::from(depth == base && self.before(at) == Some(Kind::Open));
                    depth += 1;
                    had_block = true;
                }
                Kind::Close if depth == 0 => {
                    // The brace of the container, unless the member lost its opening one.
                    let contained = self.inside.is_some() && self.closes_container(at);
                    let lost = self.wants_block(start) && !had_block && !contained;
                    return if lost { at + 1 } else { at };
                }
                Kind::Close => {
                    depth -= 1;
                    // A brace too many: the block visibly goes on.
                    if depth == 0 && self.goes_on(start, at + 1) {
                        depth = 1;
                    }
                    if depth == 0 {
                        return at + 1;
                    }
                }
                // The brace of the member, or of a grant's block, is missing: the block is there all the same.
                _ if depth == 0 && !had_block && self.is_inside(start, at) => {
                    depth = 1;
                    had_block = true;
                    continue;
                }
                Kind::Grant if depth == base && self.is_role(start) && self.lacks_brace(at) => depth += 1,
                // A grant's block that was never closed ends where the next statement of the role begins.
                Kind::Grant | Kind::Description if depth > base && self.is_role(start) && self.states(at) => {
                    depth = base;
                }
                _ if self.starts_member(at) => return at,
                _ => {}
            }
            if depth == 0 && self.breaks_off(start, at) {
                return at;
            }
            at += 1;
        }
        at
    }

    fn head(&mut self, at: usize, container: Container, id: usize) -> usize {
        (self.head, self.margin) = (at, None);
        let mut end = at + 1;
        if self.kind(end).is_some_and(|kind| kind != Kind::Open && kind != Kind::Close)
            && !self.begins_line(end)
        {
            end += 1;
        }
        while let Some(next) = self.kind(end) {
            if next == Kind::Open {
                self.pieces.push(Piece::Head { container, start: at, end: end + 1, id });
                self.inside = Some((container, end));
                return end + 1;
            }
            if next == Kind::Close
                || self.starts_item(end)
                || self.leads(end, container).is_some_and(|_| self.is_statement(end))
            {
                break;
            }
            end += 1;
        }
        // No brace: what follows is taken as the inside if it looks so.
        self.pieces.push(Piece::Head { container, start: at, end, id });
        if self.kind(end).is_some() && !self.starts_item(end) {
            self.inside = Some((container, end.saturating_sub(1)));
        } else {
            self.pieces.push(Piece::End { close: None });
        }
        end
    }

    fn member(&mut self, sort: Sort, start: usize) -> usize {
        let end = self.end_of_member(start);
        self.pieces.push(Piece::Member { sort, start, end });
        end
    }

    fn damaged(&mut self, start: usize, end: usize) -> usize {
        self.pieces.push(Piece::Damaged { start, end });
        end
    }

    fn junk(&mut self, start: usize, expected: &str) -> usize {
        let end = self.end_of_member(start).max(start + 1);
        // A refused character right before it is why it is junk.
        let from = start.checked_sub(1).map_or(0, |before| self.span(before).end);
        let first = self.lexed.refused.partition_point(|at| *at < from);
        let is_refused = self.lexed.refused.get(first).is_some_and(|at| *at < self.span(end - 1).end);
        if !is_refused {
            let word = self.shown(start).to_owned();
            let mut finding = Diagnostic::new(
                Code::UnexpectedText,
                self.place(start),
                format!("expected {expected}, found `{word}`"),
            );
            if let Some(near) = crate::diagnostic::nearest(&word, quoted(expected)).first() {
                let fix = Fix::suggest(format!("write `{near}`"), self.place(start), *near);
                finding = finding.help(format!("did you mean `{near}`?")).fix(fix);
            }
            self.findings.push(finding);
        }
        self.damaged(start, end)
    }

    fn stray(&mut self, at: usize) -> usize {
        self.stray_finding(at);
        self.damaged(at, at + 1)
    }

    fn stray_finding(&mut self, at: usize) {
        self.findings.push(
            Diagnostic::new(Code::StrayBrace, self.place(at), "a closing brace that closes nothing")
                .help("remove it, or look above for an opening brace that is missing")
                .fix(Fix::suggest("remove it", self.place(at), "")),
        );
    }

    fn unclosed(&mut self, container: Container, open: usize, next: Option<usize>) {
        let end = next.unwrap_or(self.lexed.kinds.len());
        let is_eaten =
            |at: &usize| self.kind(*at) == Some(Kind::UnclosedString) && self.shown(*at).contains('}');
        if (open..end).rev().take_while(|at| self.kind(*at) != Some(Kind::Close)).any(|at| is_eaten(&at)) {
            return;
        }
        if let Some(at) = self.held.take() {
            let (word, place) = (self.shown(at + 1).to_owned(), self.place(at + 1));
            self.findings.push(
                Diagnostic::new(
                    Code::MisplacedMember,
                    place,
                    format!("`{word}` outside of {}", container.word()),
                )
                .also(self.place(at), format!("the {} is closed here", container.noun()))
                .help(format!("move the brace behind the last member of the {}", container.noun())),
            );
            return;
        }
        let finding = Diagnostic::new(
            Code::UnclosedBlock,
            self.place(open),
            format!("{} is never closed", container.word()),
        )
        .label("opened here");
        self.findings.push(match next {
            Some(next) => finding.also(self.place(next), "a `}` is missing before this"),
            None => finding.also(self.end(), "a `}` is missing at the end of the file"),
        });
    }
}

/// What may begin at the top of a file.
const TOP: &str = "`use`, `catalog`, `template`, `organization` or `forbid`";

/// The words in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn container_of(kind: Kind) -> Container {
    if kind == Kind::Catalog { Container::Catalog } else { Container::Organization }
}

impl Container {
    /// What may begin in it.
    fn members(self) -> &'static str {
        match self {
            Self::Catalog => "`category`, `kind`, `limit`, `super` or `ids`",
            Self::Organization => "`role`, `assign`, `forbid` or `test`",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Catalog => "a catalog",
            Self::Organization => "an organization",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Organization => "organization",
        }
    }
}
