//! Trees of organizations: heads, assignments, forbids, tests.

use crate::syntax::ast::{
    Assertion, Assign, Clause, ClauseKind, Condition, Forbid, Levels, OrganizationHead, Principal, Subject,
    Test,
};
use crate::syntax::build::Builder;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Node, Rule};
use crate::vocab::{Decision, OrganizationKind, PrincipalKind, Time};

impl Builder<'_, '_> {
    pub(crate) fn organization_head(&mut self, tree: &Node<'_>) -> Option<OrganizationHead> {
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

    pub(crate) fn assign(&mut self, tree: &Node<'_>) -> Option<Assign> {
        let mut role = None;
        let mut principals = Vec::new();
        let mut clauses = Vec::new();
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

    pub(crate) fn forbid(&mut self, tree: &Node<'_>) -> Option<Forbid> {
        let mut forbid = Forbid::default();
        for node in tree.children() {
            match node.rule() {
                Rule::forbid_opening => {
                    for part in node.children() {
                        match part.rule() {
                            Rule::title => forbid.title = Some(self.name(&part)),
                            Rule::exceptions => forbid.exceptions = self.role_refs(&part),
                            _ => {}
                        }
                    }
                }
                Rule::bad_forbid_opening => {
                    forbid.is_damaged = true;
                    self.bad_opening(Rule::only_forbid_opening, &node);
                }
                Rule::forbid_block => self.forbid_block(&node, &mut forbid),
                Rule::rest => self.rest(&node),
                _ => {}
            }
        }
        Some(forbid)
    }

    fn forbid_block(&mut self, node: &Node<'_>, forbid: &mut Forbid) {
        let mut before: Option<Node<'_>> = None;
        for part in node.children() {
            match part.rule() {
                Rule::condition => forbid.conditions.extend(self.condition(&part)),
                Rule::bad_condition => {
                    forbid.is_damaged = true;
                    self.bad(Rule::only_condition, &part, before.as_ref());
                }
                Rule::stray_in_conditions => self.stray(&part),
                Rule::missing_close => self.unclosed(node.start(), node.end(), "forbid"),
                _ => {}
            }
            before = (part.rule() == Rule::condition).then_some(part);
        }
    }

    fn condition(&self, node: &Node<'_>) -> Option<Condition> {
        let [category, row] = self.names(node).get(..2)?.try_into().ok()?;
        let levels = node.children().find(|part| part.rule() == Rule::levels)?;
        let levels = Levels { words: self.names(&levels) };
        Some(Condition { span: self.span(node), category, row, levels })
    }

    pub(crate) fn test(&mut self, tree: &Node<'_>) -> Option<Test> {
        let mut test = Test::default();
        for node in tree.children() {
            match node.rule() {
                Rule::test_opening => {
                    test.title =
                        node.children().find(|part| part.rule() == Rule::title).map(|part| self.name(&part));
                }
                Rule::bad_test_opening => {
                    test.is_damaged = true;
                    self.bad_opening(Rule::only_test_opening, &node);
                }
                Rule::test_block => self.test_block(&node, &mut test),
                Rule::rest => self.rest(&node),
                _ => {}
            }
        }
        Some(test)
    }

    fn test_block(&mut self, node: &Node<'_>, test: &mut Test) {
        let mut before: Option<Node<'_>> = None;
        for part in node.children() {
            match part.rule() {
                Rule::assertion => test.assertions.extend(self.assertion(&part)),
                Rule::bad_assertion => {
                    test.is_damaged = true;
                    self.bad(Rule::only_assertion, &part, before.as_ref());
                }
                Rule::stray_in_assertions => self.stray(&part),
                Rule::missing_close => self.unclosed(node.start(), node.end(), "test"),
                _ => {}
            }
            before = (part.rule() == Rule::assertion).then_some(part);
        }
    }

    fn assertion(&self, node: &Node<'_>) -> Option<Assertion> {
        let [category, row] = self.names(node).get(..2)?.try_into().ok()?;
        let mut subject = None;
        let mut verdict = Decision::Deny;
        let mut levels = None;
        let mut at = None;
        for part in node.children() {
            match part.rule() {
                Rule::subject => {
                    let inner = part.children().next()?;
                    let name = self.name(&inner.children().last()?);
                    subject = Some(match inner.rule() {
                        Rule::principal => {
                            let (span, kind) = (self.span(&inner), self.kind_of(&inner));
                            Subject::Principal(Principal { span, name, kind })
                        }
                        _ => Subject::Role(name),
                    });
                }
                Rule::verdict => {
                    verdict = Decision::allow_if(self.tokens.kind(part.start()) == Some(Kind::Can))
                }
                Rule::levels => levels = Some(Levels { words: self.names(&part) }),
                Rule::moment => at = part.children().last().map(|time| self.time(&time)),
                _ => {}
            }
        }
        Some(Assertion { span: self.span(node), subject: subject?, verdict, category, row, levels, at })
    }

    /// What kind of account a principal is written as.
    fn kind_of(&self, principal: &Node<'_>) -> PrincipalKind {
        let is_service = self.tokens.kind(principal.start()) == Some(Kind::Service);
        if is_service { PrincipalKind::Service } else { PrincipalKind::Admin }
    }

    /// A time; none where its text is none, which has had its finding.
    fn time(&self, node: &Node<'_>) -> Option<Time> {
        Time::parse(self.tokens.text(node.start())).ok()
    }

    fn clause(&self, node: &Node<'_>) -> Option<Clause> {
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
