//! Trees of `use` and of catalogs: heads, kinds, categories, rows.

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::{Place, Span};
use crate::syntax::ast::{
    CatalogHead, Category, Kind as KindNode, KindRef, Limit, Name, Row, RowOption, Shape, Use,
};
use crate::syntax::build::Builder;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Node, Rule};

impl Builder<'_, '_> {
    pub(crate) fn use_(&mut self, tree: &Node<'_>) -> Option<Use> {
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
                (Rule::missing_use, _) => self.missing_first("use"),
                _ => {}
            }
        }
        built
    }

    /// A leading word that is missing before the first token.
    fn missing_first(&mut self, word: &str) {
        let place = self.tokens.place(0, 1);
        let before = Place { span: Span::new(place.span.start, place.span.start), ..place };
        let message = format!("expected `{word}`, found `{}`", self.tokens.text(0));
        let fix = Fix::suggest(format!("write `{word}`"), before, format!("{word} "));
        self.findings.push(Diagnostic::new(Code::UnexpectedText, place, message).fix(fix));
    }

    pub(crate) fn catalog_head(&mut self, tree: &Node<'_>) -> Option<CatalogHead> {
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

    pub(crate) fn kind(&mut self, tree: &Node<'_>) -> Option<KindNode> {
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

    fn shape(&self, node: &Node<'_>) -> Shape {
        match node.children().next() {
            Some(inner) if inner.rule() == Rule::ladder => Shape::Ladder(self.names(&inner)),
            Some(inner) if inner.rule() == Rule::verbs => Shape::Verbs(self.names(&inner)),
            _ => Shape::Flag,
        }
    }

    pub(crate) fn limit(&mut self, tree: &Node<'_>) -> Option<Limit> {
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

    pub(crate) fn super_(&mut self, tree: &Node<'_>) -> Option<Name> {
        tree.children().find(|node| node.rule() == Rule::id).map(|node| self.name(&node))
    }

    /// One of the two words says it all, but the other one is missed.
    pub(crate) fn ids(&mut self, tree: &Node<'_>) -> Option<()> {
        let is_half = tree.children().any(|node| node.rule() == Rule::half_of_ids);
        match self.tokens.kind(0) {
            Some(Kind::Ids) if is_half => {
                let place = self.tokens.after_last();
                let message = "expected `case-sensitive`, found the end of the statement";
                let fix = Fix::suggest("write `case-sensitive`", place, " case-sensitive");
                self.findings.push(Diagnostic::new(Code::UnexpectedText, place, message).fix(fix));
            }
            _ if is_half => self.missing_first("ids"),
            _ => {}
        }
        Some(())
    }

    pub(crate) fn category(&mut self, tree: &Node<'_>) -> Option<Category> {
        let mut category = Category { id: None, title: None, rows: Vec::new(), is_damaged: false };
        for node in tree.children() {
            match node.rule() {
                Rule::category_opening => {
                    for part in node.children() {
                        match part.rule() {
                            Rule::id => category.id = Some(self.name(&part)),
                            Rule::title => category.title = Some(self.name(&part)),
                            _ => {}
                        }
                    }
                }
                Rule::bad_category_opening => {
                    category.id = self.first_name(&node);
                    self.bad_opening(Rule::only_category_opening, &node);
                }
                Rule::category_block => self.category_block(&node, &mut category),
                Rule::rest => self.rest(&node),
                _ => {}
            }
        }
        Some(category)
    }

    fn category_block(&mut self, node: &Node<'_>, category: &mut Category) {
        let mut before: Option<Node<'_>> = None;
        let mut options: Option<Node<'_>> = None;
        let mut after_damage = false;
        for part in node.children() {
            match part.rule() {
                Rule::row => {
                    let row = self.row(&part);
                    category.rows.extend(row.map(|row| self.without_rest(&part, after_damage, row)));
                }
                Rule::bad_row => {
                    category.is_damaged = true;
                    self.bad(Rule::only_row, &part, before.as_ref());
                    // What is left of a row whose rest is damaged says something else than was meant.
                    if let Some(row) = before.filter(|_| self.is_rest(&part)) {
                        self.lose(row.start(), row.end());
                        category.rows.pop();
                    }
                }
                Rule::stray_in_rows => self.stray(&part),
                Rule::missing_close => self.unclosed_member(node, "category", options.as_ref(), "row"),
                _ => {}
            }
            options = part.children().find(|child| child.rule() == Rule::options).or(options);
            after_damage = matches!(part.rule(), Rule::bad_row | Rule::missing_open);
            before = (part.rule() == Rule::row).then_some(part);
        }
    }

    /// A row of which the first word is the rest of the damaged one on the line above: `release` in
    /// `payouts verbs prepare, release`, with `"ledger.csv": flag` below. Its title is its id then.
    fn without_rest(&self, node: &Node<'_>, after_damage: bool, row: Row) -> Row {
        let is_rest = after_damage
            && self.tokens.continues_line(node.start())
            && !self.tokens.continues_line(node.start() + 1);
        match row.title {
            Some(id) if is_rest => Row { id, title: None, ..row },
            _ => row,
        }
    }

    fn row(&mut self, node: &Node<'_>) -> Option<Row> {
        let docs = self.docs.claim(self.tokens.first + node.start());
        let docs = docs.into_iter().map(|span| self.relative(span)).collect();
        let mut id = None;
        let mut row_title = None;
        let mut kind = None;
        let mut without = Vec::new();
        let mut options = Vec::new();
        for part in node.children() {
            match part.rule() {
                Rule::any_id => id = Some(self.name(&part)),
                Rule::title => row_title = Some(self.name(&part)),
                Rule::shape => kind = Some(KindRef::Stated(self.shape(&part), self.span(&part))),
                Rule::id => kind = Some(KindRef::Named(self.name(&part))),
                Rule::without => without = self.names(&part),
                Rule::options => {
                    for option in part.children() {
                        match option.rule() {
                            Rule::option => options.extend(self.option(&option)),
                            Rule::bad_option => self.bad(Rule::only_option, &option, None),
                            Rule::missing_close => self.unclosed(part.start(), part.end(), "row"),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Some(Row { id: id?, title: row_title, kind: kind?, without, options, docs })
    }

    fn option(&self, node: &Node<'_>) -> Option<RowOption> {
        let inner = node.children().next()?;
        let text = || inner.children().last().map(|text| self.name(&text));
        match inner.rule() {
            Rule::escalating => Some(RowOption::Escalating(self.span(&inner))),
            Rule::only_managed => Some(RowOption::OnlyManaged(self.span(&inner))),
            Rule::note => text().map(RowOption::Note),
            Rule::caveat => text().map(RowOption::Caveat),
            _ => None,
        }
    }
}
