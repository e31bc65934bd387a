//! What to say of a step of the explanation that is a mistake.

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::{Place, Span};
use crate::syntax::blocks::Block;
use crate::syntax::cut::{Cutter, Token};
use crate::syntax::token::Kind;
use crate::syntax::words::Sort;
use crate::vocab::limits;

/// The braces that were one too many.
#[derive(Debug, Default)]
pub(super) struct Strays {
    /// The findings so far.
    count: usize,
    /// The run that is being read: its first brace, its last, and how many they are.
    run: Option<(usize, usize, usize)>,
    /// How many were not told.
    more: usize,
    message: (&'static str, &'static str),
}

impl Cutter<'_> {
    /// A colon in the place of a brace that is missing: the finding for it.
    pub(super) fn has_colon(&mut self, before: usize) -> bool {
        let Some(at) = before.checked_sub(1).filter(|at| self.words.kind(*at) == Some(Kind::Colon)) else {
            return false;
        };
        let Some(statement) = self.statements.last_mut() else { return false };
        let tokens = statement.tokens.list();
        if !matches!(tokens.last(), Some(Token::At(last)) if *last == at) {
            return false;
        }
        tokens.pop();
        self.leave_out(at);
        let place = self.place(at);
        let gone = Place { span: Span::new(self.behind(at).span.end, place.span.end), ..place };
        self.cut.findings.push(
            Diagnostic::new(Code::UnexpectedText, place, "expected `{`, found `:`")
                .help("a block begins with `{` and ends with `}`")
                .fix(Fix::suggest("write `{`", gone, " {")),
        );
        true
    }

    pub(super) fn blame_missing_open(&mut self, before: usize) {
        if self.is_refused(before) {
            return;
        }
        let is_next = before < self.words.kinds.len() && !self.words.begins_line(before);
        let (place, found) = if is_next {
            (self.place(before), format!("`{}`", self.words.shown(before)))
        } else {
            (self.behind(before), "the end of the line".to_owned())
        };
        self.cut.findings.push(
            Diagnostic::new(Code::UnexpectedText, place, format!("expected `{{`, found {found}"))
                .help("a block begins with `{`")
                .fix(Fix::suggest("write `{`", self.behind(before), " {")),
        );
    }

    pub(super) fn blame_missing_close(&mut self, before: usize) {
        let Some(open) = self.open.last().copied() else { return };
        let Some(at) = open.at.filter(|_| !self.is_refused(before)) else { return };
        let message = match open.block {
            Block::Catalog => "a catalog is never closed".to_owned(),
            Block::Organization => "an organization is never closed".to_owned(),
            Block::Unknown => "this block is never closed".to_owned(),
            _ => format!("the block of this {} is never closed", open.noun),
        };
        let behind = self.behind(before);
        let is_one_line = (open.head..before).skip(1).all(|at| !self.words.begins_line(at));
        let text = if is_one_line { " }".to_owned() } else { format!("\n{}}}", self.margin(open.head)) };
        let finding = Diagnostic::new(Code::UnclosedBlock, self.place(at), message).label("opened here");
        self.cut.findings.push(finding.also(behind, "a `}` is missing here").fix(Fix::suggest(
            "write `}`",
            behind,
            text,
        )));
    }

    /// What the line of a token begins with.
    fn margin(&self, at: usize) -> &str {
        let before = self.words.text.get(..self.words.span(at).start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.get(..line.len() - line.trim_start().len()).unwrap_or_default()
    }

    /// A brace that is one too many. Braces in a row are one finding, and of many the rest is counted only.
    pub(super) fn blame_stray(&mut self, at: usize) {
        let is_open = self.words.kind(at) == Some(Kind::Open);
        let message = match self.block() {
            _ if is_open => ("an opening brace that opens nothing", "opening braces that open nothing"),
            block if block.holds_members() => {
                ("a closing brace that closes nothing", "closing braces that close nothing")
            }
            _ => ("a closing brace that closes too early", "closing braces that close too early"),
        };
        if let Some((_, last, count)) = &mut self.strays.run
            && *last + 1 == at
            && self.strays.message == message
        {
            (*last, *count) = (at, *count + 1);
            return;
        }
        self.tell_strays();
        self.strays.message = message;
        self.strays.run = Some((at, at, 1));
    }

    pub(super) fn tell_strays(&mut self) {
        let Some((first, last, count)) = self.strays.run.take() else { return };
        if self.strays.count >= limits::TEXT_FINDINGS {
            self.strays.more += count;
            return;
        }
        self.strays.count += 1;
        let place = Place { span: self.place(first).span.to(self.place(last).span), ..self.place(first) };
        let (one, many) = self.strays.message;
        let message = if count == 1 { one.to_owned() } else { format!("{count} {many}") };
        let mut finding = Diagnostic::new(Code::StrayBrace, place, message);
        finding = if one.ends_with("too early") {
            finding.label("the block goes on after it")
        } else {
            finding.label("one too many")
        };
        let is_one_line = (first + 1..=last).all(|at| !self.words.begins_line(at));
        let fix = Fix::suggest(if count == 1 { "remove it" } else { "remove them" }, place, "");
        self.cut.findings.push(if is_one_line { finding.fix(fix) } else { finding });
    }

    /// Says how many strays were not told, at the last that was.
    pub(super) fn count_strays(&mut self) {
        self.tell_strays();
        if self.strays.more > 0 {
            let end = self.behind(self.words.kinds.len());
            self.cut.findings.push(Diagnostic::new(
                Code::StrayBrace,
                end,
                format!("{} more braces in this file are too many and are not listed", self.strays.more),
            ));
        }
    }

    pub(super) fn blame_closed_early(&mut self, before: usize, block: Block) {
        let noun = if block == Block::Catalog { "catalog" } else { "organization" };
        let article = if block == Block::Catalog { "a" } else { "an" };
        let message = format!("`{}` outside of {article} {noun}", self.words.shown(before));
        self.cut.findings.push(
            Diagnostic::new(Code::MisplacedMember, self.place(before), message)
                .also(self.place(self.closed_at), format!("the {noun} is closed here"))
                .help(format!("move the brace behind the last member of the {noun}")),
        );
    }

    /// A statement that stands where none of its sort may.
    pub(super) fn blame_misplaced(&mut self, at: usize, sort: Sort) {
        let (home, help) = match sort {
            Sort::Role | Sort::Assign | Sort::Test => (
                "an organization",
                "write it inside `organization ID { … }`; an organization may be opened again in any file",
            ),
            Sort::Forbid | Sort::Require => {
                ("an organization", "write it inside `organization ID { … }`, or at the top")
            }
            Sort::Category | Sort::Kind | Sort::Limit | Sort::Super | Sort::Ids => {
                ("a catalog", "write it inside `catalog ID { … }`")
            }
            Sort::Cases => ("a test", "write it inside the block of a test"),
            Sort::Grant if self.block() == Block::Grant => {
                ("a role", "in the block of a grant stand its rows, without a word before them: `ROW: LEVEL`")
            }
            Sort::Grant | Sort::Description => {
                ("a role", "write it inside the block of a role or a template")
            }
            _ => ("a file", "it stands at the top of a file: move it out of the block"),
        };
        let word = match self.words.kind(at) {
            Some(Kind::Default) => format!("default {}", self.words.shown(at + 1)),
            _ => self.words.shown(at).to_owned(),
        };
        let message = match self.block() {
            Block::Top => format!("`{word}` outside of {home}"),
            Block::Organization | Block::Catalog if home == "a role" => format!("`{word}` outside of {home}"),
            Block::Organization => format!("`{word}` inside of an organization"),
            block => {
                let noun = self.open.last().map_or("block", |open| open.noun);
                let noun = if block == Block::Catalog { "catalog" } else { noun };
                format!("`{word}` inside of a {noun}")
            }
        };
        let place = self.place(at);
        let mut finding = Diagnostic::new(Code::MisplacedMember, place, message).help(help);
        if sort == Sort::Grant
            && self.block() == Block::Grant
            && self.words.kind(at + 2) == Some(Kind::Colon)
            && self.words.names(at + 1)
        {
            let until = self.place(at + 1).span.start;
            let word = Place { span: Span::new(place.span.start, until), ..place };
            finding = finding.fix(Fix::suggest("remove the word", word, ""));
        }
        self.cut.findings.push(finding);
    }

    /// `default` before something that is no template.
    pub(super) fn blame_default(&mut self, at: usize) {
        let (place, next) = (self.place(at), self.place(at + 1));
        let word = self.words.shown(at + 1);
        let finding = Diagnostic::new(
            Code::UnexpectedText,
            next,
            format!("expected `template` after `default`, found `{word}`"),
        )
        .help("`default template` is a default role that comes with a product; nothing else is `default`");
        let gone = Place { span: Span::new(place.span.start, next.span.start), ..place };
        let fix = if self.block() == Block::Top && self.words.kind(at + 1) == Some(Kind::Role) {
            Fix::suggest("write `template`", next, "template")
        } else {
            Fix::suggest("remove `default`", gone, "")
        };
        self.cut.findings.push(finding.fix(fix));
    }

    /// Something that no statement is, where members stand.
    pub(super) fn blame_junk(&mut self, tokens: &[Token]) {
        let at = |token: &Token| match token {
            Token::At(at) => Some(*at),
            Token::PutIn { .. } => None,
        };
        let Some(start) = tokens.iter().find_map(at) else { return };
        let last = tokens.iter().rev().find_map(at).unwrap_or(start);
        let block = self.block();
        // A refused character in it or right before it is why it is junk.
        if self.is_refused_between(self.behind(start).span.end, self.words.span(last).end) {
            return;
        }
        let word = self.words.shown(start);
        let (place, near) = (self.place(start), {
            let words = block.words().iter().map(|(word, _)| *word);
            crate::diagnostic::nearest(word, words)
        });
        let expected = match block {
            Block::Catalog => "`category`, `kind`, `limit`, `super` or `ids`",
            Block::Organization => "`role`, `assign`, `forbid`, `require` or `test`",
            _ => "`use`, `catalog`, `template`, `organization`, `forbid` or `require`",
        };
        let line = self.words.line(start).filter(|_| near.is_empty());
        let finding = match (line, block) {
            (Some(Sort::Line), Block::Catalog) => Diagnostic::new(
                Code::MisplacedMember,
                place,
                format!("row `{}` outside of a category", word.trim_matches('"')),
            )
            .help("write it inside the block of a category"),
            _ => Diagnostic::new(Code::UnexpectedText, place, format!("expected {expected}, found `{word}`")),
        };
        self.cut.findings.push(match near.first() {
            Some(near) => finding.help(format!("did you mean `{near}`?")).fix(Fix::suggest(
                format!("write `{near}`"),
                place,
                *near,
            )),
            None => finding,
        });
    }

    /// Where the statement of a block inside of a member begins.
    pub(super) fn head_of(&self, block: Block, open: usize) -> usize {
        let head =
            (0..open).rev().take_while(|at| !matches!(self.words.kind(*at), Some(Kind::Open | Kind::Close)));
        let begins = |at: &usize| match block {
            Block::Grant => self.words.kind(*at) == Some(Kind::Grant),
            _ => self.words.begins_line(*at),
        };
        head.clone().find(begins).or_else(|| head.last()).unwrap_or(open)
    }

    /// What a block is the block of.
    pub(super) fn noun(&self, block: Block, head: usize) -> &'static str {
        match block {
            Block::Role if matches!(self.words.kind(head), Some(Kind::Template | Kind::Default)) => {
                "template"
            }
            Block::Role => "role",
            Block::Category => "category",
            Block::Forbid => "forbid",
            Block::Require => "requirement",
            Block::Test => "test",
            Block::Cases => "table of cases",
            Block::Grant => "grant",
            Block::Options => "row",
            Block::Catalog => "catalog",
            Block::Organization => "organization",
            Block::Top | Block::Unknown => "block",
        }
    }
}
