//! Members' tokens to trees, by the grammar. The only file that names pest.

use std::rc::Rc;

use foldhash::HashMap;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pairs;
use pest::{Parser as _, Token};

// pest's derive writes public items; they stay in here.
mod derived {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/role.pest"]
    pub(super) struct Grammar;
}

pub(crate) use self::derived::Rule;

/// A rule and the tokens it took.
#[derive(Debug)]
struct Taken {
    rule: Rule,
    start: u32,
    end: u32,
    /// The number of the first that is not inside of it.
    behind: u32,
}

/// A node of a tree: a rule and the tokens it took, by their numbers in the member. What pest hands out is counted and
/// shared at each step down; so its tree is written down once, each node before those inside of it.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    tree: Rc<Vec<Taken>>,
    at: u32,
    /// The number of the first token of what was parsed.
    first: usize,
}

/// The nodes inside of one.
#[derive(Clone, Debug)]
pub(crate) struct Nodes {
    tree: Rc<Vec<Taken>>,
    next: u32,
    behind: u32,
    first: usize,
}

impl Node {
    fn taken(&self) -> &Taken {
        const NOTHING: &Taken = &Taken { rule: Rule::EOI, start: 0, end: 0, behind: 0 };
        self.tree.get(self.at as usize).unwrap_or(NOTHING)
    }

    pub(crate) fn rule(&self) -> Rule {
        self.taken().rule
    }

    /// The number of its first token.
    pub(crate) fn start(&self) -> usize {
        self.first + self.taken().start as usize
    }

    /// The number of the token after its last.
    pub(crate) fn end(&self) -> usize {
        self.first + self.taken().end as usize
    }

    pub(crate) fn children(&self) -> Nodes {
        Nodes { tree: self.tree.clone(), next: self.at + 1, behind: self.taken().behind, first: self.first }
    }
}

impl Iterator for Nodes {
    type Item = Node;
    fn next(&mut self) -> Option<Node> {
        if self.next >= self.behind {
            return None;
        }
        let node = Node { tree: self.tree.clone(), at: self.next, first: self.first };
        // A node that is there ends behind itself.
        self.next = node.taken().behind.max(self.next + 1);
        Some(node)
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
pub(crate) fn parse(rule: Rule, letters: &str, first: usize) -> Result<Node, Misfit> {
    match derived::Grammar::parse(rule, letters) {
        Ok(pairs) => {
            let tree = written(pairs, letters.len());
            if tree.is_empty() {
                return Err(Misfit { at: first, expected: vec![rule] });
            }
            Ok(Node { tree: Rc::new(tree), at: 0, first })
        }
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

fn written(pairs: Pairs<'_, Rule>, letters: usize) -> Vec<Taken> {
    let number = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    let mut tree: Vec<Taken> = Vec::with_capacity(2 * letters);
    // Those that have not ended.
    let mut open: Vec<usize> = Vec::with_capacity(8);
    for token in pairs.tokens() {
        match token {
            Token::Start { rule, pos } => {
                open.push(tree.len());
                tree.push(Taken { rule, start: number(pos.pos()), end: 0, behind: 0 });
            }
            Token::End { pos, .. } => {
                let behind = number(tree.len());
                if let Some(taken) = open.pop().and_then(|at| tree.get_mut(at)) {
                    (taken.end, taken.behind) = (number(pos.pos()), behind);
                }
            }
        }
    }
    tree.shrink_to_fit();
    tree
}

/// Trees of members by their letters, which are all that a tree hangs on: most members of a policy are written as another
/// one is, and are not parsed again.
#[derive(Default)]
pub(crate) struct Shapes {
    known: HashMap<Box<str>, (Rule, Rc<Vec<Taken>>)>,
    /// How many letters are known.
    letters: usize,
}

impl Shapes {
    /// A longer member is like no other.
    const LONGEST: usize = 512;
    /// With more letters, all are forgotten: a text that has so many shapes has ever new ones.
    const MOST: usize = 1 << 16;

    /// Parses the letters of a member by a rule.
    pub(crate) fn parse(&mut self, rule: Rule, letters: &str) -> Result<Node, Misfit> {
        match self.known.get(letters) {
            Some((of, tree)) if *of == rule => return Ok(Node { tree: tree.clone(), at: 0, first: 0 }),
            _ => {}
        }
        let node = parse(rule, letters, 0)?;
        if letters.len() <= Self::LONGEST {
            if self.letters > Self::MOST {
                *self = Self::default();
            }
            self.letters += letters.len();
            self.known.insert(letters.into(), (rule, node.tree.clone()));
        }
        Ok(node)
    }
}

#[cfg(test)]
mod tests {
    use super::{Node, Rule, Shapes, parse};

    /// A tree, written out.
    fn shown(node: &Node, depth: usize) -> String {
        let mut text = format!("{}{:?} {}..{}\n", "  ".repeat(depth), node.rule(), node.start(), node.end());
        for child in node.children() {
            text += &shown(&child, depth + 1);
        }
        text
    }

    #[test]
    fn a_tree_has_its_nodes_in_place() {
        let tree = parse(Rule::assign_member, "a_p\",\"m@", 0).unwrap();
        assert_eq!((tree.start(), tree.end()), (0, 8));
        let rules: Vec<Rule> = tree.children().map(|node| node.rule()).collect();
        assert_eq!(
            rules,
            [
                Rule::kw_assign,
                Rule::role_ref,
                Rule::kw_to,
                Rule::principal,
                Rule::comma,
                Rule::principal,
                Rule::clause,
                Rule::EOI
            ]
        );
        let clause = tree.children().find(|node| node.rule() == Rule::clause).unwrap();
        assert_eq!((clause.start(), clause.end()), (6, 8));
        assert_eq!(clause.children().next().unwrap().children().last().unwrap().rule(), Rule::instant);
        assert_eq!(parse(Rule::only_entry, "_:_", 7).unwrap().children().next().unwrap().start(), 7);
    }

    #[test]
    fn what_is_remembered_is_what_is_parsed() {
        let mut shapes = Shapes::default();
        for _ in 0..2 {
            for (rule, letters) in [
                (Rule::assign_member, "a_p\""),
                (Rule::role_member, "r_\"m_{g_:_{_,_:_}}"),
                // The same letters by another rule.
                (Rule::only_entry, "_:_"),
                (Rule::only_row, "_:_"),
            ] {
                let (known, fresh) = (shapes.parse(rule, letters).unwrap(), parse(rule, letters, 0).unwrap());
                assert_eq!(shown(&known, 0), shown(&fresh, 0), "{letters}");
            }
            assert!(shapes.parse(Rule::assign_member, "a_p").is_err());
        }
        // However many shapes there are, few are kept.
        let long = |count: usize| format!("a_p\"{}", ",\"".repeat(count));
        (1..400).for_each(|count| drop(shapes.parse(Rule::assign_member, &long(count)).unwrap()));
        assert!(shapes.letters <= Shapes::MOST + Shapes::LONGEST);
    }
}
