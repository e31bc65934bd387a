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
    /// How many nodes are inside of it.
    inside: u32,
}

/// The tree of a member. What pest hands out is counted and shared at each step down; so its tree is written down once,
/// each node before those inside of it.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    nodes: Rc<[Taken]>,
    /// The number of the first token of what was parsed.
    first: usize,
}

/// A node of a tree: a rule and the tokens it took, by their numbers in the member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'t> {
    taken: &'t Taken,
    inside: &'t [Taken],
    first: usize,
}

/// The nodes inside of one.
#[derive(Clone, Debug)]
pub(crate) struct Nodes<'t> {
    rest: &'t [Taken],
    first: usize,
}

impl Tree {
    pub(crate) fn root(&self) -> Node<'_> {
        const NOTHING: &Taken = &Taken { rule: Rule::EOI, start: 0, end: 0, inside: 0 };
        let (taken, inside) = self.nodes.split_first().unwrap_or((NOTHING, &[]));
        Node { taken, inside, first: self.first }
    }

    /// The nodes inside of its root.
    pub(crate) fn children(&self) -> Nodes<'_> {
        self.root().children()
    }
}

impl<'t> Node<'t> {
    pub(crate) fn rule(self) -> Rule {
        self.taken.rule
    }

    /// The number of its first token.
    pub(crate) fn start(self) -> usize {
        self.first + self.taken.start as usize
    }

    /// The number of the token after its last.
    pub(crate) fn end(self) -> usize {
        self.first + self.taken.end as usize
    }

    pub(crate) fn children(self) -> Nodes<'t> {
        Nodes { rest: self.inside, first: self.first }
    }
}

impl<'t> Iterator for Nodes<'t> {
    type Item = Node<'t>;
    fn next(&mut self) -> Option<Node<'t>> {
        let (taken, rest) = self.rest.split_first()?;
        let (inside, rest) = rest.split_at_checked(taken.inside as usize)?;
        self.rest = rest;
        Some(Node { taken, inside, first: self.first })
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
pub(crate) fn parse(rule: Rule, letters: &str, first: usize) -> Result<Tree, Misfit> {
    match derived::Grammar::parse(rule, letters) {
        Ok(pairs) => {
            let tree = written(pairs, letters.len());
            if tree.is_empty() {
                return Err(Misfit { at: first, expected: vec![rule] });
            }
            Ok(Tree { nodes: tree.into(), first })
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
                tree.push(Taken { rule, start: number(pos.pos()), end: 0, inside: 0 });
            }
            Token::End { pos, .. } => {
                let Some(at) = open.pop() else { continue };
                let inside = number(tree.len() - at - 1);
                if let Some(taken) = tree.get_mut(at) {
                    (taken.end, taken.inside) = (number(pos.pos()), inside);
                }
            }
        }
    }
    tree
}

/// Trees of members by their letters, which are all that a tree hangs on: most members of a policy are written as another
/// one is, and are not parsed again.
#[derive(Default)]
pub(crate) struct Shapes {
    known: HashMap<Box<str>, (Rule, Rc<[Taken]>)>,
    /// How many letters are known.
    letters: usize,
}

impl Shapes {
    /// A longer member is like no other.
    const LONGEST: usize = 512;
    /// With more letters, all are forgotten: a text that has so many shapes has ever new ones.
    const MOST: usize = 1 << 16;

    /// Parses the letters of a member by a rule.
    pub(crate) fn parse(&mut self, rule: Rule, letters: &str) -> Result<Tree, Misfit> {
        match self.known.get(letters) {
            Some((of, nodes)) if *of == rule => return Ok(Tree { nodes: nodes.clone(), first: 0 }),
            _ => {}
        }
        let tree = parse(rule, letters, 0)?;
        if letters.len() <= Self::LONGEST {
            if self.letters > Self::MOST {
                *self = Self::default();
            }
            self.letters += letters.len();
            self.known.insert(letters.into(), (rule, tree.nodes.clone()));
        }
        Ok(tree)
    }
}

#[cfg(test)]
mod tests {
    use super::{Node, Rule, Shapes, parse};

    /// A tree, written out.
    fn shown(node: Node<'_>, depth: usize) -> String {
        let mut text = format!("{}{:?} {}..{}\n", "  ".repeat(depth), node.rule(), node.start(), node.end());
        for child in node.children() {
            text += &shown(child, depth + 1);
        }
        text
    }

    #[test]
    fn a_tree_has_its_nodes_in_place() {
        let tree = parse(Rule::assign_member, "a_p\",\"m@", 0).unwrap();
        assert_eq!((tree.root().start(), tree.root().end()), (0, 8));
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
                assert_eq!(shown(known.root(), 0), shown(fresh.root(), 0), "{letters}");
            }
            assert!(shapes.parse(Rule::assign_member, "a_p").is_err());
        }
        // However many shapes there are, few are kept.
        let long = |count: usize| format!("a_p\"{}", ",\"".repeat(count));
        (1..400).for_each(|count| drop(shapes.parse(Rule::assign_member, &long(count)).unwrap()));
        assert!(shapes.letters <= Shapes::MOST + Shapes::LONGEST);
    }
}
