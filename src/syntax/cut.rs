//! Tokens to members, by bracket depth and leading word. Decides where a member ends when a brace is missing or one
//! too many, so that damage stays in the member that has it.

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
    /// The head of a container, up to and with its opening brace. Members follow, up to the next head or `End`.
    Head { container: Container, start: usize, end: usize },
    /// A container is closed.
    End,
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
        if let Some((container, open)) = self.inside {
            self.unclosed(container, open, None);
        }
    }

    fn at_top(&mut self, at: usize, kind: Kind) -> usize {
        match kind {
            Kind::Catalog | Kind::Organization => self.head(at, kind),
            Kind::Use => self.member(Sort::Use, at),
            Kind::Template => self.member(Sort::Template, at),
            Kind::Default if self.kind(at + 1) == Some(Kind::Template) => self.member(Sort::Template, at),
            Kind::Forbid => self.member(Sort::Forbid, at),
            Kind::Close => self.stray(at),
            Kind::Role | Kind::Assign | Kind::Test => {
                let end = self.end_of_member(at);
                let word = self.shown(at).to_owned();
                self.findings.push(
                    Diagnostic::new(Code::MisplacedMember, self.place(at), format!("`{word}` outside of an organization"))
                        .help("write it inside `organization ID { … }`; an organization may be opened again in any file"),
                );
                self.damaged(at, end)
            }
            _ => self.junk(at, "`use`, `catalog`, `template`, `organization` or `forbid`"),
        }
    }

    fn in_container(&mut self, at: usize, kind: Kind, container: Container, open: usize) -> usize {
        if kind == Kind::Close {
            if self.closes_container(at) {
                self.pieces.push(Piece::End);
                self.inside = None;
                return at + 1;
            }
            return self.stray(at);
        }
        if self.starts_item(at) {
            let closed_later = self.partner.get(open).copied().flatten().is_some();
            let nested = matches!(kind, Kind::Template | Kind::Use | Kind::Default) && closed_later;
            if nested {
                let end = self.end_of_member(at);
                let word = self.shown(at).to_owned();
                let name = container.word();
                self.findings.push(
                    Diagnostic::new(
                        Code::MisplacedMember,
                        self.place(at),
                        format!("`{word}` inside of {name}"),
                    )
                    .help(format!("it stands at the top of a file: move it out of the {}", container.noun())),
                );
                return self.damaged(at, end);
            }
            self.unclosed(container, open, Some(at));
            self.pieces.push(Piece::End);
            self.inside = None;
            return at;
        }
        match (container, self.leads(at, container)) {
            (_, Some(sort)) => self.member(sort, at),
            (Container::Organization, None) => self.junk(at, "`role`, `assign`, `forbid` or `test`"),
            (Container::Catalog, None) => self.junk(at, "`category`, `kind`, `limit`, `super` or `ids`"),
        }
    }

    /// The sort of member that a token begins in a container.
    fn leads(&self, at: usize, container: Container) -> Option<Sort> {
        Some(match (container, self.kind(at)?) {
            (Container::Organization, Kind::Role) => Sort::Role,
            (Container::Organization, Kind::Assign) => Sort::Assign,
            (Container::Organization, Kind::Forbid) => Sort::Forbid,
            (Container::Organization, Kind::Test) => Sort::Test,
            (Container::Catalog, Kind::Kind) => Sort::Kind,
            (Container::Catalog, Kind::Category) => Sort::Category,
            (Container::Catalog, Kind::Limit) => Sort::Limit,
            (Container::Catalog, Kind::Super) => Sort::Super,
            (Container::Catalog, Kind::Ids) => Sort::Ids,
            _ => return None,
        })
    }

    /// Whether a word stands where a statement may begin: not as the id of a row or a level.
    fn is_statement(&self, at: usize) -> bool {
        let named = matches!(self.kind(at + 1), Some(Kind::Colon | Kind::Comma | Kind::Dot))
            || (self.kind(at + 1) == Some(Kind::String) && self.kind(at + 2) == Some(Kind::Colon));
        let listed = matches!(self.before(at), Some(Kind::Comma | Kind::Dot | Kind::Colon | Kind::Less));
        !named && !listed
    }

    /// Whether a token begins something that stands at the top of a file only.
    fn starts_item(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Use | Kind::Catalog | Kind::Template | Kind::Organization) => self.is_statement(at),
            Some(Kind::Default) => self.kind(at + 1) == Some(Kind::Template),
            _ => false,
        }
    }

    /// Whether a token begins the next member, seen from inside of one.
    fn starts_member(&self, at: usize) -> bool {
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
            Kind::Category if self.in_catalog() => {
                self.is_statement(at)
                    && (self.kind(at + 2) == Some(Kind::Open) || self.kind(at + 3) == Some(Kind::Open))
            }
            Kind::Kind if self.in_catalog() => self.kind(at + 2) == Some(Kind::Equals),
            Kind::Limit if self.in_catalog() => self.kind(at + 2) == Some(Kind::Number),
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

    fn in_catalog(&self) -> bool {
        matches!(self.inside, Some((Container::Catalog, _)))
    }

    /// Where the member or junk that begins at `start` ends: after its block, or before the next beginning.
    fn end_of_member(&self, start: usize) -> usize {
        let mut depth = 0_usize;
        let mut had_block = false;
        let mut at = start + 1;
        if self.kind(start) == Some(Kind::Default) {
            at += 1;
        }
        if self.kind(start) == Some(Kind::Open) {
            depth = 1;
        }
        while let Some(kind) = self.kind(at) {
            match kind {
                Kind::Open => {
                    depth += 1;
                    had_block = true;
                }
                Kind::Close if depth == 0 => {
                    // The brace of the container, unless the member lost its opening one.
                    let lost = self.wants_block(start) && !had_block && !self.closes_container(at);
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
                // A grant's block that was never closed ends where the next statement of the role begins.
                Kind::Grant | Kind::Description if depth > 1 && self.is_role(start) && self.states(at) => {
                    depth = 1
                }
                _ if self.starts_member(at) => return at,
                _ => {}
            }
            at += 1;
        }
        at
    }

    fn is_role(&self, start: usize) -> bool {
        matches!(self.kind(start), Some(Kind::Role | Kind::Template | Kind::Default))
    }

    /// Whether a token begins a statement of a role.
    fn states(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Grant) => self.is_statement(at),
            Some(Kind::Description) => {
                self.kind(at + 1) == Some(Kind::String) && self.kind(at + 2) != Some(Kind::Colon)
            }
            _ => false,
        }
    }

    /// Whether the block of the member at `start` goes on at `at`, after what looked like its end.
    fn goes_on(&self, start: usize, at: usize) -> bool {
        if self.is_role(start) {
            return self.states(at);
        }
        let second = self.kind(at + 1);
        self.kind(start) == Some(Kind::Category)
            && (second == Some(Kind::Colon)
                || (second == Some(Kind::String) && self.kind(at + 2) == Some(Kind::Colon)))
    }

    fn wants_block(&self, start: usize) -> bool {
        let kind = self.kind(start);
        matches!(
            kind,
            Some(Kind::Role | Kind::Template | Kind::Default | Kind::Category | Kind::Forbid | Kind::Test)
        )
    }

    /// Whether a closing brace ends its container: what follows then stands at the top of a file.
    fn closes_container(&self, at: usize) -> bool {
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

    fn head(&mut self, at: usize, kind: Kind) -> usize {
        let container = if kind == Kind::Catalog { Container::Catalog } else { Container::Organization };
        let mut end = at + 1;
        while let Some(next) = self.kind(end) {
            if next == Kind::Open {
                self.pieces.push(Piece::Head { container, start: at, end: end + 1 });
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
        self.pieces.push(Piece::Head { container, start: at, end });
        if self.kind(end).is_some() && !self.starts_item(end) {
            self.inside = Some((container, end.saturating_sub(1)));
        } else {
            self.pieces.push(Piece::End);
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
        if !self.lexed.refused.iter().any(|at| self.span(start).start <= *at && *at < self.span(end - 1).end)
        {
            let word = self.shown(start).to_owned();
            let mut finding = Diagnostic::new(
                Code::UnexpectedText,
                self.place(start),
                format!("expected {expected}, found `{word}`"),
            );
            let words = expected.split('`').skip(1).step_by(2);
            if let Some(near) = crate::diagnostic::nearest(&word, words).first() {
                let fix = Fix::suggest(format!("write `{near}`"), self.place(start), *near);
                finding = finding.help(format!("did you mean `{near}`?")).fix(fix);
            }
            self.findings.push(finding);
        }
        self.damaged(start, end)
    }

    fn stray(&mut self, at: usize) -> usize {
        self.findings.push(
            Diagnostic::new(Code::StrayBrace, self.place(at), "a closing brace that closes nothing")
                .help("remove it, or look above for an opening brace that is missing")
                .fix(Fix::suggest("remove it", self.place(at), "")),
        );
        self.damaged(at, at + 1)
    }

    fn unclosed(&mut self, container: Container, open: usize, next: Option<usize>) {
        let finding = Diagnostic::new(
            Code::UnclosedBlock,
            self.place(open),
            format!("{} is never closed", container.word()),
        )
        .label("opened here");
        self.findings.push(match next {
            Some(next) => finding.also(self.place(next), "a `}` is missing before this"),
            None => finding.help("a `}` is missing at the end of the file"),
        });
    }
}

impl Container {
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
