//! Which brace opens what, and which are missing or too many: the explanation of a file that needs the fewest
//! mistakes. Where two need as many, the one goes that the indentation of the lines agrees with.
//!
//! A right file is read once, as a parser with a stack would. At the first thing that does not fit, the reading goes
//! back to the beginning of what stands at the top and follows all explanations side by side, the dearest dropped,
//! until one is left (`search`). Time grows with the length of the file and with nothing else.

mod braces;
mod frames;
mod search;
mod statements;

use crate::syntax::token::Kind;
use crate::syntax::words::{Class, Sort, Words};

pub(crate) use self::search::solve;

/// What stands between two braces, or at the top of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Block {
    Top,
    Catalog,
    Organization,
    Role,
    Category,
    Forbid,
    Require,
    Test,
    Cases,
    Grant,
    Options,
    /// The block of something that no statement is.
    Unknown,
}

/// A step of an explanation, in the order of the tokens. What happens `before` a token happens between it and the
/// one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// A statement begins. One that cannot stand there is misplaced.
    Start { at: usize, sort: Sort, is_misplaced: bool },
    /// Something begins that no statement is, though one may be like it.
    Junk { at: usize, near: Option<Sort> },
    /// A brace opens the block of what began last.
    Open { at: usize, block: Block },
    /// A brace is one too many, and so is its partner: the block inside is that around it.
    OpenTwice { at: usize },
    /// The brace of what began last is missing.
    MissingOpen { before: usize, block: Block },
    /// A brace closes the innermost block.
    Close { at: usize },
    /// The closing brace of the innermost block is missing.
    MissingClose { before: usize },
    /// A brace is one too many.
    Stray { at: usize },
    /// The block closed last was closed too early: members of it follow.
    Reopen { before: usize, block: Block },
    /// What was reopened is over.
    Over { before: usize },
}

impl Block {
    /// Whether its statements are members, each parsed by itself.
    pub(crate) fn holds_members(self) -> bool {
        matches!(self, Self::Top | Self::Catalog | Self::Organization)
    }

    /// Whether its statements are lines without a leading word, where words of the language may be ids.
    fn holds_lines(self) -> bool {
        matches!(
            self,
            Self::Category
                | Self::Forbid
                | Self::Require
                | Self::Test
                | Self::Cases
                | Self::Grant
                | Self::Options
        )
    }

    /// The leading words of its statements.
    pub(crate) fn words(self) -> &'static [(&'static str, Sort)] {
        match self {
            Self::Top => &[
                ("use", Sort::Use),
                ("catalog", Sort::Catalog),
                ("template", Sort::Template),
                ("organization", Sort::Organization),
                ("forbid", Sort::Forbid),
                ("require", Sort::Require),
                ("default", Sort::Template),
            ],
            Self::Catalog => &[
                ("category", Sort::Category),
                ("kind", Sort::Kind),
                ("limit", Sort::Limit),
                ("super", Sort::Super),
                ("ids", Sort::Ids),
            ],
            Self::Organization => &[
                ("role", Sort::Role),
                ("assign", Sort::Assign),
                ("forbid", Sort::Forbid),
                ("require", Sort::Require),
                ("test", Sort::Test),
            ],
            Self::Role => &[("grant", Sort::Grant), ("description", Sort::Description)],
            Self::Test => &[("cases", Sort::Cases)],
            _ => &[],
        }
    }

    /// What the block of something misspelt in it may be.
    fn inner(self) -> &'static [Self] {
        match self {
            Self::Top => &[Self::Organization, Self::Catalog, Self::Role, Self::Unknown],
            Self::Catalog => &[Self::Category, Self::Unknown],
            Self::Organization => &[Self::Role, Self::Test, Self::Forbid, Self::Unknown],
            Self::Role => &[Self::Grant, Self::Unknown],
            Self::Category => &[Self::Options, Self::Unknown],
            Self::Test => &[Self::Cases, Self::Unknown],
            _ => &[Self::Unknown],
        }
    }
}

impl Sort {
    /// Whether it may stand in a block.
    pub(crate) fn fits(self, block: Block) -> bool {
        match self {
            Self::Use | Self::Catalog | Self::Organization | Self::Template => block == Block::Top,
            Self::Forbid | Self::Require => {
                matches!(block, Block::Top | Block::Organization | Block::Unknown)
            }
            Self::Role | Self::Assign | Self::Test => matches!(block, Block::Organization | Block::Unknown),
            Self::Kind | Self::Category | Self::Limit | Self::Super | Self::Ids => {
                matches!(block, Block::Catalog | Block::Unknown)
            }
            Self::Grant | Self::Description => matches!(block, Block::Role | Block::Unknown),
            Self::Line => matches!(block, Block::Grant | Block::Category | Block::Unknown),
            Self::Condition => {
                matches!(block, Block::Forbid | Block::Require | Block::Cases | Block::Unknown)
            }
            // In a block of which nobody knows what it is, a role may as well begin.
            Self::Holder => block == Block::Require,
            Self::Assertion | Self::Cases => matches!(block, Block::Test | Block::Unknown),
            Self::Option => matches!(block, Block::Options | Block::Unknown),
        }
    }

    /// The block that it opens, in a block.
    fn block(self, inside: Block) -> Option<Block> {
        match self {
            Self::Catalog => Some(Block::Catalog),
            Self::Organization => Some(Block::Organization),
            Self::Template | Self::Role => Some(Block::Role),
            Self::Forbid => Some(Block::Forbid),
            Self::Require => Some(Block::Require),
            Self::Test => Some(Block::Test),
            Self::Cases => Some(Block::Cases),
            Self::Category => Some(Block::Category),
            Self::Grant => Some(Block::Grant),
            Self::Line if inside == Block::Category => Some(Block::Options),
            _ => None,
        }
    }

    /// Whether it is a line without a leading word.
    pub(crate) fn is_line(self) -> bool {
        matches!(self, Self::Line | Self::Condition | Self::Assertion | Self::Option | Self::Holder)
    }
}

impl Class {
    /// The statement that a token begins in a block, if any.
    pub(crate) fn begins(&self, block: Block) -> Option<Sort> {
        if let Some(line) = self.line
            && (line.fits(block) || (block.holds_lines() && !matches!(line, Sort::Option | Sort::Holder)))
        {
            return Some(line);
        }
        match self.lead {
            Some(lead)
                if self.is_sure || lead.fits(block) || !block.holds_lines() && !is_contextual(lead) =>
            {
                Some(lead)
            }
            _ => self.line,
        }
    }
}

/// Whether a leading word is one that is an id elsewhere.
fn is_contextual(sort: Sort) -> bool {
    matches!(
        sort,
        Sort::Kind | Sort::Category | Sort::Limit | Sort::Super | Sort::Ids | Sort::Description | Sort::Cases
    )
}

/// Whether a statement is nothing without a block: a grant that has no level, and whatever is no line.
fn needs_block(words: &Words<'_>, sort: Sort, at: usize) -> bool {
    match sort {
        Sort::Grant => !matches!(behind_name(words, at), (Some(Kind::Colon | Kind::Dot), _)),
        Sort::Line => false,
        _ => true,
    }
}

/// Whether a statement may have a block: a grant of one row has none.
fn may_have_block(words: &Words<'_>, sort: Sort, at: usize) -> bool {
    let is_row = || behind_name(words, at) == (Some(Kind::Dot), Some(Kind::Colon));
    // A brace in the place of the row: its name is missing.
    let is_open = words.kind(at + 2) == Some(Kind::Dot) && words.kind(at + 3) == Some(Kind::Open);
    sort != Sort::Grant || is_open || !is_row()
}

/// What stands behind the name of a grant and behind the name after that, whatever braces stand between.
fn behind_name(words: &Words<'_>, grant: usize) -> (Option<Kind>, Option<Kind>) {
    let is_brace = |at: &usize| matches!(words.kind(*at), Some(Kind::Open | Kind::Close));
    let mut rest = (grant + 1..words.kinds.len()).filter(|at| !is_brace(at));
    if rest.find(|at| words.kind(*at) != Some(Kind::Grant)).is_none() {
        return (None, None);
    }
    let mut kind = |nth| rest.nth(nth).and_then(|at| words.kind(at));
    (kind(0), kind(1))
}
