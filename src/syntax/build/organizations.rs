//! Trees of organizations: heads, assignments, forbids, requirements, tests.

use std::ops::Range;

use smallvec::SmallVec;

use crate::syntax::ast::{
    Assertion, Assign, CaseRow, Cases, Cell, Clause, ClauseKind, Condition, Demand, Forbid, Levels, Name,
    OrganizationHead, Principal, Require, RequireClause, RequireClauseKind, RoleName, Subject, Test,
};
use crate::syntax::blocks::Block;
use crate::syntax::build::Builder;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Node, Rule};
use crate::vocab::{Decision, OrganizationKind, PrincipalKind, Time};

impl Builder<'_, '_> {
    pub(crate) fn organization_head(&mut self, tree: &Node) -> Option<OrganizationHead> {
        let mut head = OrganizationHead::default();
        for node in tree.children() {
            match node.rule() {
                Rule::id => head.id = Some(self.name(&node)),
                Rule::title => head.title = Some(self.name(&node)),
                Rule::kind_of_organization => {
                    let managed = self.tokens.kind(node.start()) == Some(Kind::Managed);
                    let kind = if managed { OrganizationKind::Managed } else { OrganizationKind::Direct };
                    head.kind = Some((kind, self.span(&node)));
                }
                _ => {}
            }
        }
        Some(head)
    }

    pub(crate) fn assign(&mut self, tree: &Node) -> Option<Assign> {
        let mut role = None;
        // As many as there are: trees are kept.
        let count = |rule: Rule| tree.children().filter(|node| node.rule() == rule).count();
        let mut principals = SmallVec::with_capacity(count(Rule::principal));
        let mut clauses = SmallVec::with_capacity(count(Rule::clause));
        for node in tree.children() {
            match node.rule() {
                Rule::role_ref => role = node.children().last().map(|id| self.name(&id)),
                Rule::principal => {
                    if let Some(name) = node.children().last() {
                        let (span, kind) = (self.span(&node), self.kind_of(&node));
                        principals.push(Principal { span, name: self.name(&name), kind });
                    }
                }
                Rule::clause => clauses.extend(self.clause(&node)),
                _ => {}
            }
        }
        Some(Assign { role: role?, principals, clauses })
    }

    pub(crate) fn forbid(&mut self, tree: &Node) -> Option<Forbid> {
        let mut forbid = Forbid::default();
        for node in tree.children() {
            match node.rule() {
                Rule::forbid_opening => self.forbid_opening(&node, &mut forbid),
                Rule::forbid_block => {
                    let conditions = node.children().filter(|part| part.rule() == Rule::condition);
                    forbid.conditions.extend(conditions.filter_map(|part| self.condition(&part)));
                }
                _ => {}
            }
        }
        Some(forbid)
    }

    fn forbid_opening(&self, node: &Node, forbid: &mut Forbid) {
        for part in node.children() {
            match part.rule() {
                Rule::title => forbid.title = Some(self.name(&part)),
                Rule::exceptions => forbid.exceptions = self.role_refs(&part),
                _ => {}
            }
        }
    }

    /// What can be saved of a damaged forbid.
    pub(crate) fn salvage_forbid(&mut self) -> Option<Forbid> {
        let mut forbid = Forbid { is_damaged: true, ..Forbid::default() };
        let (head, block) = self.head(Rule::only_forbid_opening);
        if let Some(opening) = head.as_ref().and_then(|head| head.children().next()) {
            self.forbid_opening(&opening, &mut forbid);
        }
        for piece in self.pieces(block, Block::Forbid) {
            match piece.tree {
                Ok(tree) => {
                    let condition = tree.children().next();
                    forbid.conditions.extend(condition.and_then(|node| self.condition(&node)));
                }
                Err(misfit) => self.bad(&misfit, piece.start, piece.end),
            }
        }
        Some(forbid)
    }

    pub(crate) fn require(&mut self, tree: &Node) -> Option<Require> {
        let mut require = Require::default();
        for node in tree.children() {
            match node.rule() {
                Rule::require_opening => self.require_opening(&node, &mut require),
                Rule::require_block => {
                    require.demands.extend(node.children().filter_map(|part| self.demand(&part)));
                }
                _ => {}
            }
        }
        Some(require)
    }

    fn require_opening(&self, node: &Node, require: &mut Require) {
        for part in node.children() {
            match part.rule() {
                Rule::title => require.title = Some(self.name(&part)),
                Rule::require_clause => require.clauses.extend(self.require_clause(&part)),
                _ => {}
            }
        }
    }

    fn require_clause(&self, node: &Node) -> Option<RequireClause> {
        let inner = node.children().next()?;
        let last = inner.children().last()?;
        // A number too large has had its finding.
        let number = || self.tokens.text(last.start()).parse().unwrap_or(u32::MAX);
        let what = match inner.rule() {
            Rule::from => RequireClauseKind::From(self.time(&last)),
            Rule::until => RequireClauseKind::Until(self.time(&last)),
            Rule::least => RequireClauseKind::Least(number()),
            Rule::most => RequireClauseKind::Most(number()),
            _ => RequireClauseKind::Except(self.role_refs(&inner)),
        };
        Some(RequireClause { span: self.span(node), what })
    }

    fn demand(&self, node: &Node) -> Option<Demand> {
        match node.rule() {
            Rule::condition => self.condition(node).map(Demand::Row),
            Rule::held_role => {
                let name = self.name(&node.children().last()?);
                Some(Demand::Role(RoleName { span: self.span(node), name }))
            }
            _ => None,
        }
    }

    /// What can be saved of a damaged requirement.
    pub(crate) fn salvage_require(&mut self) -> Option<Require> {
        let mut require = Require { is_damaged: true, ..Require::default() };
        let (head, block) = self.head(Rule::only_require_opening);
        if let Some(opening) = head.as_ref().and_then(|head| head.children().next()) {
            self.require_opening(&opening, &mut require);
        }
        for piece in self.pieces(block, Block::Require) {
            match piece.tree {
                Ok(tree) => {
                    let demand = tree.children().next();
                    require.demands.extend(demand.and_then(|node| self.demand(&node)));
                }
                Err(misfit) => self.bad(&misfit, piece.start, piece.end),
            }
        }
        Some(require)
    }

    fn condition(&self, node: &Node) -> Option<Condition> {
        let [category, row] = self.names(node).get(..2)?.try_into().ok()?;
        let levels = node.children().find(|part| part.rule() == Rule::levels)?;
        let levels = Levels { words: self.names(&levels) };
        Some(Condition { span: self.span(node), category, row, levels })
    }

    pub(crate) fn test(&mut self, tree: &Node) -> Option<Test> {
        let mut test = Test::default();
        for node in tree.children() {
            match node.rule() {
                Rule::test_opening => test.title = self.test_title(&node),
                Rule::test_block => {
                    let lines = node.children().filter(|part| part.rule() == Rule::assertion);
                    test.assertions.reserve_exact(lines.count());
                    node.children().for_each(|part| self.test_line(&part, &mut test));
                }
                _ => {}
            }
        }
        Some(test)
    }

    fn test_title(&self, opening: &Node) -> Option<Name> {
        opening.children().find(|part| part.rule() == Rule::title).map(|part| self.name(&part))
    }

    fn test_line(&self, node: &Node, test: &mut Test) {
        match node.rule() {
            Rule::assertion => test.assertions.extend(self.assertion(node)),
            Rule::cases => test.cases.extend(self.cases(node)),
            _ => {}
        }
    }

    /// What can be saved of a damaged test.
    pub(crate) fn salvage_test(&mut self) -> Option<Test> {
        let mut test = Test { is_damaged: true, ..Test::default() };
        let (head, block) = self.head(Rule::only_test_opening);
        test.title = head
            .as_ref()
            .and_then(|head| head.children().next())
            .and_then(|opening| self.test_title(&opening));
        for piece in self.pieces(block, Block::Test) {
            match (piece.tree, piece.block) {
                (Ok(tree), _) => {
                    if let Some(line) = tree.children().next() {
                        self.test_line(&line, &mut test);
                    }
                }
                (Err(_), Some(block)) if self.tokens.kind(piece.start) == Some(Kind::Cases) => {
                    test.cases.extend(self.salvage_cases(piece.start, piece.end, block));
                }
                (Err(misfit), _) => self.bad(&misfit, piece.start, piece.end),
            }
        }
        Some(test)
    }

    fn salvage_cases(&mut self, start: usize, end: usize, mut block: Range<usize>) -> Option<Cases> {
        let head = self.relative(self.tokens.range(start, block.start - 1));
        let span = self.relative(self.tokens.range(start, end));
        let opening = self.piece_head(Rule::only_cases_opening, Rule::only_test_line, start, &mut block);
        let mut rows = Vec::new();
        for piece in self.pieces(block, Block::Cases) {
            match piece.tree {
                Ok(tree) => rows.extend(tree.children().next().and_then(|row| self.case_row(&row))),
                Err(misfit) => self.bad(&misfit, piece.start, piece.end),
            }
        }
        let opening = opening?;
        let (subjects, at) = self.cases_opening(&opening.children().next()?);
        Some(Cases { span, head, subjects, at, rows, is_damaged: true })
    }

    fn cases(&self, node: &Node) -> Option<Cases> {
        let opening = node.children().find(|part| part.rule() == Rule::cases_opening)?;
        let (subjects, at) = self.cases_opening(&opening);
        let block = node.children().filter(|part| part.rule() == Rule::cases_block);
        let rows = block.flat_map(|block| block.children()).filter(|part| part.rule() == Rule::case_row);
        let rows = rows.filter_map(|row| self.case_row(&row)).collect();
        Some(Cases {
            span: self.span(node),
            head: self.span(&opening),
            subjects,
            at,
            rows,
            is_damaged: false,
        })
    }

    fn cases_opening(&self, node: &Node) -> (SmallVec<[Subject; 1]>, Option<Option<Time>>) {
        let moment = node.children().find(|part| part.rule() == Rule::moment);
        let at = moment.and_then(|moment| moment.children().last()).map(|time| self.time(&time));
        (self.subjects(node), at)
    }

    fn case_row(&self, node: &Node) -> Option<CaseRow> {
        let [category, row] = self.names(node).get(..2)?.try_into().ok()?;
        let cells = node.children().filter(|part| part.rule() == Rule::cell);
        let cell =
            |cell: Node<'_>| Cell { span: self.span(&cell), levels: Levels { words: self.names(&cell) } };
        Some(CaseRow { span: self.span(node), category, row, cells: cells.map(cell).collect() })
    }

    fn assertion(&self, node: &Node) -> Option<Assertion> {
        let [category, row] = self.names(node).get(..2)?.try_into().ok()?;
        let mut subjects = SmallVec::new();
        let mut is_only = false;
        let mut verdict = Decision::Allow;
        let mut levels = None;
        let mut at = None;
        for part in node.children() {
            match part.rule() {
                Rule::only_those => {
                    is_only = true;
                    subjects = self.subjects(&part);
                }
                Rule::subject => subjects = SmallVec::from_iter([self.subject(&part)?]),
                Rule::verdict => {
                    verdict = Decision::allow_if(self.tokens.kind(part.start()) == Some(Kind::Can))
                }
                Rule::levels => levels = Some(Levels { words: self.names(&part) }),
                Rule::moment => at = part.children().last().map(|time| self.time(&time)),
                _ => {}
            }
        }
        Some(Assertion { span: self.span(node), subjects, is_only, verdict, category, row, levels, at })
    }

    fn subjects(&self, node: &Node) -> SmallVec<[Subject; 1]> {
        let subjects = node.children().filter(|part| part.rule() == Rule::subject);
        subjects.filter_map(|part| self.subject(&part)).collect()
    }

    fn subject(&self, node: &Node) -> Option<Subject> {
        let inner = node.children().next()?;
        let (span, name) = (self.span(&inner), self.name(&inner.children().last()?));
        Some(match inner.rule() {
            Rule::principal => Subject::Principal(Principal { span, name, kind: self.kind_of(&inner) }),
            _ => Subject::Role(RoleName { span, name }),
        })
    }

    /// What kind of account a principal is written as.
    fn kind_of(&self, principal: &Node) -> PrincipalKind {
        let is_service = self.tokens.kind(principal.start()) == Some(Kind::Service);
        if is_service { PrincipalKind::Service } else { PrincipalKind::Admin }
    }

    /// A time; none where its text is none, which has had its finding.
    fn time(&self, node: &Node) -> Option<Time> {
        Time::parse(self.tokens.text(node.start())).ok()
    }

    fn clause(&self, node: &Node) -> Option<Clause> {
        let inner = node.children().next()?;
        let last = inner.children().last()?;
        let what = match inner.rule() {
            Rule::because => ClauseKind::Because(self.name(&last)),
            rule => {
                let time = self.time(&last);
                if rule == Rule::from { ClauseKind::From(time) } else { ClauseKind::Until(time) }
            }
        };
        Some(Clause { span: self.span(node), what })
    }
}
