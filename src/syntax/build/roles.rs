//! Trees of roles and templates: bases, grants, entries.

use crate::syntax::ast::{Entry, Grant, Granted, Levels, Name, Role, Unconfirmed};
use crate::syntax::build::Builder;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Node, Rule};

impl Builder<'_, '_> {
    pub(crate) fn role(&mut self, tree: &Node<'_>) -> Option<Role> {
        let mut role = Role { is_default: self.tokens.kind(0) == Some(Kind::Default), ..Role::default() };
        for node in tree.children() {
            match node.rule() {
                Rule::role_opening => {
                    for part in node.children() {
                        match part.rule() {
                            Rule::id => role.id = Some(self.name(&part)),
                            Rule::title => role.title = Some(self.name(&part)),
                            Rule::bases => role.bases = self.role_refs(&part),
                            _ => {}
                        }
                    }
                }
                Rule::bad_opening => {
                    role.id = self.first_name(&node);
                    role.is_damaged = true;
                    self.bad_opening(Rule::only_role_opening, &node);
                }
                Rule::role_block => self.role_block(&node, &mut role),
                Rule::rest => self.rest(&node),
                _ => {}
            }
        }
        Some(role)
    }

    fn role_block(&mut self, node: &Node<'_>, role: &mut Role) {
        let mut before: Option<Node<'_>> = None;
        let mut block: Option<Node<'_>> = None;
        // Closing braces whose opening ones are missing, or one too many, and have had their finding.
        let mut spare = 0_usize;
        for part in node.children() {
            match part.rule() {
                Rule::role_statement => {
                    let Some(statement) = part.children().next() else { continue };
                    if statement.rule() == Rule::description {
                        role.descriptions.extend(statement.children().last().map(|text| self.name(&text)));
                    } else {
                        let grant = self.grant(&statement, role);
                        role.grants.extend(grant);
                    }
                }
                Rule::bad_statement => {
                    role.is_damaged = true;
                    self.bad(Rule::only_statement, &part, before.as_ref());
                    spare += usize::from(self.lacks_brace(&part));
                }
                Rule::stray if spare > 0 => spare -= 1,
                Rule::stray => self.stray(&part),
                Rule::stray_open => {
                    spare += 1;
                    self.stray(&part);
                }
                Rule::missing_close => self.unclosed_member(node, "role", block.as_ref(), "grant"),
                _ => {}
            }
            let grants = part.children().flat_map(|statement| statement.children());
            let mut parts = grants.flat_map(|grant| grant.children());
            block = parts.find(|child| child.rule() == Rule::grant_block).or(block);
            before = (part.rule() == Rule::role_statement).then_some(part);
        }
    }

    /// Whether a damaged statement is a grant whose rows stand on the lines below, their brace missing.
    fn lacks_brace(&self, node: &Node<'_>) -> bool {
        let at = node.start();
        let next = self.tokens.kind(at + 3);
        self.tokens.kind(at) == Some(Kind::Grant)
            && matches!(next, Some(Kind::Colon | Kind::Comma))
            && !self.tokens.continues_line(at + 2)
    }

    pub(super) fn role_refs(&self, node: &Node<'_>) -> Vec<Name> {
        node.children()
            .filter(|part| part.rule() == Rule::role_ref)
            .filter_map(|part| part.children().last().map(|id| self.name(&id)))
            .collect()
    }

    fn grant(&mut self, node: &Node<'_>, role: &mut Role) -> Option<Grant> {
        let inner = node.children().find(|part| part.rule() != Rule::kw_grant)?;
        let mut names = Vec::new();
        let mut levels = None;
        let mut unconfirmed = None;
        let mut entries = Vec::new();
        let mut has_block = false;
        let mut end = inner.end();
        for part in inner.children() {
            match part.rule() {
                Rule::any_id | Rule::id => names.push(self.name(&part)),
                Rule::spread_levels => levels = Some(Levels { words: self.names(&part) }),
                Rule::unconfirmed => unconfirmed = Some(self.unconfirmed(&part)),
                Rule::grant_block => {
                    has_block = true;
                    end = part.start();
                    entries = self.grant_block(&part, role);
                }
                _ => {}
            }
        }
        let span = self.relative(self.tokens.range(node.start(), end));
        let what = match inner.rule() {
            Rule::grant_all => Granted::All(levels?),
            Rule::grant_row => {
                let [category, row] = names.get(..2)?.try_into().ok()?;
                Granted::Row { category, entry: Entry { rows: vec![row], levels: levels?, unconfirmed } }
            }
            _ => Granted::Category { category: names.first().copied()?, levels, entries, has_block },
        };
        Some(Grant { span, whole: self.span(node), what })
    }

    fn grant_block(&mut self, node: &Node<'_>, role: &mut Role) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut before: Option<Node<'_>> = None;
        for part in node.children() {
            match part.rule() {
                Rule::entry => entries.extend(self.entry(&part)),
                Rule::bad_entry => {
                    role.is_damaged = true;
                    self.bad(Rule::only_entry, &part, before.as_ref());
                    // A comma too many has made the row below a level.
                    if self.tokens.kind(part.start()) == Some(Kind::Colon)
                        && let (Some(_), Some(entry)) = (&before, entries.last_mut())
                    {
                        entry.levels.words.pop();
                    }
                }
                Rule::missing_close => self.unclosed(node.start(), node.end(), "grant"),
                _ => {}
            }
            before = (part.rule() == Rule::entry).then_some(part);
        }
        entries
    }

    fn entry(&self, node: &Node<'_>) -> Option<Entry> {
        let mut rows = Vec::new();
        let mut levels = None;
        let mut unconfirmed = None;
        for part in node.children() {
            match part.rule() {
                Rule::rows => rows = self.names(&part),
                Rule::levels => levels = Some(Levels { words: self.names(&part) }),
                Rule::unconfirmed => unconfirmed = Some(self.unconfirmed(&part)),
                _ => {}
            }
        }
        Some(Entry { rows, levels: levels?, unconfirmed })
    }

    fn unconfirmed(&self, node: &Node<'_>) -> Unconfirmed {
        let basis = node.children().find(|part| part.rule() == Rule::string).map(|text| self.name(&text));
        Unconfirmed { span: self.relative(self.tokens.span(node.start())), basis }
    }
}
