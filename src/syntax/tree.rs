//! Members' tokens to trees, by the grammar. The only file that names pest.

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::{Pair, Pairs};

// pest's derive writes public items; they stay in here.
mod derived {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/role.pest"]
    pub(super) struct Grammar;
}

pub(crate) use self::derived::Rule;

/// A node of a tree: a rule and the tokens it took, by their numbers in the member.
#[derive(Clone, Debug)]
pub(crate) struct Node<'i>(Pair<'i, Rule>);

/// The nodes inside of one.
#[derive(Clone, Debug)]
pub(crate) struct Nodes<'i>(Pairs<'i, Rule>);

impl<'i> Node<'i> {
    pub(crate) fn rule(&self) -> Rule {
        self.0.as_rule()
    }

    /// The number of its first token.
    pub(crate) fn start(&self) -> usize {
        self.0.as_span().start()
    }

    /// The number of the token after its last.
    pub(crate) fn end(&self) -> usize {
        self.0.as_span().end()
    }

    pub(crate) fn children(&self) -> Nodes<'i> {
        Nodes(self.0.clone().into_inner())
    }
}

impl<'i> Iterator for Nodes<'i> {
    type Item = Node<'i>;
    fn next(&mut self) -> Option<Node<'i>> {
        self.0.next().map(Node)
    }
}

/// Where a rule did not fit, and what would have.
#[derive(Clone, Debug)]
pub(crate) struct Misfit {
    /// The number of the token.
    pub(crate) at: usize,
    /// The rules that would have fit there.
    pub(crate) expected: Vec<Rule>,
}

/// Parses a member's letters by a rule.
pub(crate) fn parse(rule: Rule, letters: &str) -> Result<Node<'_>, Misfit> {
    match derived::Grammar::parse(rule, letters) {
        Ok(mut pairs) => pairs.next().map(Node).ok_or(Misfit { at: 0, expected: vec![rule] }),
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            let expected = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            Err(Misfit { at, expected })
        }
    }
}
