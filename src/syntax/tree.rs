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
pub(crate) struct Node<'i> {
    pair: Pair<'i, Rule>,
    /// The number of the first token of what was parsed.
    first: usize,
}

/// The nodes inside of one.
#[derive(Clone, Debug)]
pub(crate) struct Nodes<'i> {
    pairs: Pairs<'i, Rule>,
    first: usize,
}

impl<'i> Node<'i> {
    pub(crate) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// The number of its first token.
    pub(crate) fn start(&self) -> usize {
        self.first + self.pair.as_span().start()
    }

    /// The number of the token after its last.
    pub(crate) fn end(&self) -> usize {
        self.first + self.pair.as_span().end()
    }

    pub(crate) fn children(&self) -> Nodes<'i> {
        Nodes { pairs: self.pair.clone().into_inner(), first: self.first }
    }
}

impl<'i> Iterator for Nodes<'i> {
    type Item = Node<'i>;
    fn next(&mut self) -> Option<Node<'i>> {
        self.pairs.next().map(|pair| Node { pair, first: self.first })
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

/// Parses letters of a member, from its token `first` on, by a rule.
pub(crate) fn parse(rule: Rule, letters: &str, first: usize) -> Result<Node<'_>, Misfit> {
    match derived::Grammar::parse(rule, letters) {
        Ok(mut pairs) => match pairs.next() {
            Some(pair) => Ok(Node { pair, first }),
            None => Err(Misfit { at: first, expected: vec![rule] }),
        },
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            let expected = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            Err(Misfit { at: first + at, expected })
        }
    }
}
