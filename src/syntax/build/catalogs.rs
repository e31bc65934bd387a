//! Trees of `use` and of catalogs: heads, kinds, categories, rows.

use crate::syntax::ast::{
    CatalogHead, Category, Kind as KindNode, KindRef, Limit, Name, Names, Row, RowName, RowOption, Shape, Use,
};
use crate::syntax::blocks::Block;
use crate::syntax::build::Builder;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Node, Rule};

impl Builder<'_, '_> {
    pub(crate) fn use_(&mut self, tree: &Node) -> Option<Use> {
        let mut built = None;
        for node in tree.children() {
            match (node.rule(), &mut built) {
                (Rule::id, slot) => {
                    let kind = self.tokens.kind(node.start());
                    let is_path = matches!(kind, Some(Kind::String | Kind::UnclosedString));
                    if kind == Some(Kind::UnclosedString) {
                        self.lose(node.start(), node.end());
                    }
                    *slot = Some(Use { catalog: self.name(&node), is_path, version: None });
                }
                (Rule::string, Some(built)) => built.version = Some(self.name(&node)),
                _ => {}
            }
        }
        built
    }

    pub(crate) fn catalog_head(&mut self, tree: &Node) -> Option<CatalogHead> {
        let mut head = CatalogHead::default();
        for node in tree.children() {
            match node.rule() {
                Rule::id => head.id = Some(self.name(&node)),
                Rule::title => head.title = Some(self.name(&node)),
                Rule::version => head.version = node.children().last().map(|text| self.name(&text)),
                _ => {}
            }
        }
        Some(head)
    }

    pub(crate) fn kind(&mut self, tree: &Node) -> Option<KindNode> {
        let mut id = None;
        let mut shape = None;
        for node in tree.children() {
            match node.rule() {
                Rule::id => id = Some(self.name(&node)),
                Rule::shape => shape = Some(self.shape(&node)),
                _ => {}
            }
        }
        Some(KindNode { id: id?, shape: shape? })
    }

    fn shape(&self, node: &Node) -> Shape {
        match node.children().next() {
            Some(inner) if inner.rule() == Rule::ladder => Shape::Ladder(self.names(&inner)),
            Some(inner) if inner.rule() == Rule::verbs => Shape::Verbs(self.names(&inner)),
            _ => Shape::Flag,
        }
    }

    pub(crate) fn limit(&mut self, tree: &Node) -> Option<Limit> {
        let mut id = None;
        let mut value = None;
        for node in tree.children() {
            match node.rule() {
                Rule::id => id = Some(self.name(&node)),
                // One too large has had its finding.
                Rule::number => value = Some(self.tokens.text(node.start()).parse().unwrap_or(u32::MAX)),
                _ => {}
            }
        }
        Some(Limit { id: id?, value: value? })
    }

    pub(crate) fn super_(&mut self, tree: &Node) -> Option<Name> {
        tree.children().find(|node| node.rule() == Rule::id).map(|node| self.name(&node))
    }

    pub(crate) fn ids(&mut self, _tree: &Node) -> Option<()> {
        Some(())
    }

    pub(crate) fn category(&mut self, tree: &Node) -> Option<Category> {
        let mut category = Category { id: None, title: None, rows: Vec::new(), is_damaged: false };
        for node in tree.children() {
            match node.rule() {
                Rule::category_opening => self.category_opening(&node, &mut category),
                Rule::category_block => {
                    if node.children().any(|row| self.swallows(&row)) {
                        return self.salvage_category();
                    }
                    for row in node.children().filter(|part| part.rule() == Rule::row) {
                        category.rows.extend(self.row(&row));
                    }
                }
                _ => {}
            }
        }
        Some(category)
    }

    fn category_opening(&mut self, node: &Node, category: &mut Category) {
        for part in node.children() {
            match part.rule() {
                Rule::id => category.id = Some(self.name(&part)),
                Rule::title => category.title = Some(self.name(&part)),
                _ => {}
            }
        }
    }

    /// Whether a row, whose kind or dropped level is missing at the end of its line, has taken the id of the row below
    /// for it, so that the title there became an id: by the line ends, and since nothing declares what it took.
    fn swallows(&self, row: &Node) -> bool {
        let (last, next) = (row.end().saturating_sub(1), row.end());
        row.rule() == Rule::row
            && self.tokens.begins_line(last)
            && self.tokens.kind(next) == Some(Kind::String)
            && !self.tokens.begins_line(next)
            && matches!(
                self.tokens.kind(last.saturating_sub(1)),
                Some(Kind::Colon | Kind::Without | Kind::Comma)
            )
            && !self.tokens.known.contains(self.tokens.text(last))
    }

    /// What can be saved of a damaged category.
    pub(crate) fn salvage_category(&mut self) -> Option<Category> {
        let mut category = Category { id: None, title: None, rows: Vec::new(), is_damaged: true };
        let (head, block) = self.head(Rule::only_category_opening);
        match head.as_ref().and_then(|head| head.children().next()) {
            Some(opening) => self.category_opening(&opening, &mut category),
            None => category.id = self.first_name(block.start),
        }
        for piece in self.pieces(block, Block::Category) {
            match (piece.tree, piece.block) {
                (Ok(tree), _) => {
                    let row = tree.children().next();
                    category.rows.extend(row.and_then(|row| self.row(&row)));
                }
                (Err(misfit), None) => {
                    self.lose(piece.start, piece.end);
                    self.bad(&misfit, piece.start, piece.end);
                }
                (Err(_), Some(mut block)) => {
                    let head = self.piece_head(Rule::only_row_head, Rule::only_row, piece.start, &mut block);
                    if head.is_none() {
                        self.lose(piece.start, block.start);
                    }
                    let mut row = head.and_then(|head| self.row(&head.root()));
                    for option in self.pieces(block, Block::Options) {
                        match option.tree {
                            Ok(tree) => {
                                let option = tree.children().next().and_then(|node| self.option(&node));
                                if let (Some(row), Some(option)) = (&mut row, option) {
                                    row.options.push(option);
                                }
                            }
                            Err(misfit) => self.bad(&misfit, option.start, option.end),
                        }
                    }
                    category.rows.extend(row);
                }
            }
        }
        Some(category)
    }

    fn row(&mut self, node: &Node) -> Option<Row> {
        let docs = self.docs.claim(self.tokens.origin(node.start()));
        let docs = docs.into_iter().map(|span| self.relative(span)).collect();
        let mut id = None;
        let mut row_title = None;
        let mut kind = None;
        let mut without = Names::new();
        let mut options = Vec::new();
        for part in node.children() {
            match part.rule() {
                Rule::any_id => id = Some(self.name(&part)),
                Rule::title => row_title = Some(self.name(&part)),
                Rule::shape => kind = Some(KindRef::Stated(self.shape(&part), self.span(&part))),
                Rule::id => kind = Some(KindRef::Named(self.name(&part))),
                Rule::without => without = self.names(&part),
                Rule::options => {
                    for option in part.children().filter(|option| option.rule() == Rule::option) {
                        options.extend(self.option(&option));
                    }
                }
                _ => {}
            }
        }
        Some(Row { id: id?, title: row_title, kind: kind?, without, options, docs })
    }

    fn option(&self, node: &Node) -> Option<RowOption> {
        let inner = node.children().next()?;
        let text = || inner.children().last().map(|text| self.name(&text));
        match inner.rule() {
            Rule::escalating => {
                let target = |target: Node| {
                    let mut names = target.children().filter(|name| name.rule() == Rule::any_id);
                    let (category, row) = (names.next()?, names.next()?);
                    Some(RowName { category: self.name(&category), row: self.name(&row) })
                };
                let targets = inner.children().filter(|child| child.rule() == Rule::target);
                Some(RowOption::Escalating {
                    span: self.span(&inner),
                    to: targets.filter_map(target).collect(),
                })
            }
            Rule::only_managed => Some(RowOption::OnlyManaged(self.span(&inner))),
            Rule::note => text().map(RowOption::Note),
            Rule::caveat => text().map(RowOption::Caveat),
            _ => None,
        }
    }
}
