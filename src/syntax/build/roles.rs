//! Trees of roles and templates: bases, grants, entries.

use std::ops::Range;

use crate::syntax::ast::{Entry, Grant, Granted, Levels, Names, Role, Unconfirmed};
use crate::syntax::blocks::Block;
use crate::syntax::build::Builder;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Node, Rule};

impl Builder<'_, '_> {
    pub(crate) fn role(&mut self, tree: &Node) -> Option<Role> {
        let mut role = Role { is_default: self.tokens.kind(0) == Some(Kind::Default), ..Role::default() };
        for node in tree.children() {
            match node.rule() {
                Rule::role_opening => self.role_opening(&node, &mut role),
                Rule::role_block => {
                    let statements = node.children().filter(|part| part.rule() == Rule::role_statement);
                    role.grants.reserve_exact(statements.count());
                    for statement in node.children().filter(|part| part.rule() == Rule::role_statement) {
                        self.role_statement(&statement, &mut role);
                    }
                }
                _ => {}
            }
        }
        fit(&mut role);
        Some(role)
    }

    fn role_opening(&self, node: &Node, role: &mut Role) {
        for part in node.children() {
            match part.rule() {
                Rule::id => role.id = Some(self.name(&part)),
                Rule::title => role.title = Some(self.name(&part)),
                Rule::bases => role.bases = self.role_refs(&part),
                _ => {}
            }
        }
    }

    fn role_statement(&self, node: &Node, role: &mut Role) {
        let Some(statement) = node.children().next() else { return };
        if statement.rule() == Rule::description {
            role.descriptions.extend(statement.children().last().map(|text| self.name(&text)));
        } else {
            role.grants.extend(self.grant(&statement));
        }
    }

    /// What can be saved of a damaged role.
    pub(crate) fn salvage_role(&mut self) -> Option<Role> {
        let is_default = self.tokens.kind(0) == Some(Kind::Default);
        let mut role = Role { is_default, is_damaged: true, ..Role::default() };
        let (head, block) = self.head(Rule::only_role_opening);
        match head.as_ref().and_then(|head| head.children().next()) {
            Some(opening) => self.role_opening(&opening, &mut role),
            None => role.id = self.first_name(block.start),
        }
        for piece in self.pieces(block, Block::Role) {
            match (piece.tree, piece.block) {
                (Ok(tree), _) => {
                    if let Some(statement) = tree.children().next() {
                        self.role_statement(&statement, &mut role);
                    }
                }
                (Err(misfit), None) => self.bad(&misfit, piece.start, piece.end),
                (Err(misfit), Some(_)) if self.tokens.kind(piece.start + 1) == Some(Kind::All) => {
                    self.bad(&misfit, piece.start, piece.end);
                }
                (Err(_), Some(mut block)) => {
                    let span = self.relative(self.tokens.range(piece.start, block.start - 1));
                    let whole = self.relative(self.tokens.range(piece.start, piece.end));
                    let head =
                        self.piece_head(Rule::only_grant_head, Rule::only_statement, piece.start, &mut block);
                    let entries = self.salvage_entries(block);
                    let Some(head) = head else { continue };
                    let category =
                        head.children().find(|part| matches!(part.rule(), Rule::any_id | Rule::id));
                    let levels = head.children().find(|part| part.rule() == Rule::spread_levels);
                    let levels = levels.map(|levels| Levels { words: self.names(&levels) });
                    role.grants.extend(category.map(|category| Grant {
                        span,
                        whole,
                        what: Granted::Category {
                            category: self.name(&category),
                            levels,
                            entries,
                            has_block: true,
                        },
                    }));
                }
            }
        }
        Some(role)
    }

    fn salvage_entries(&mut self, block: Range<usize>) -> Vec<Entry> {
        let mut entries = Vec::new();
        for piece in self.pieces(block, Block::Grant) {
            match piece.tree {
                Ok(tree) => entries.extend(tree.children().next().and_then(|entry| self.entry(&entry))),
                Err(misfit) => self.bad(&misfit, piece.start, piece.end),
            }
        }
        entries
    }

    pub(super) fn role_refs(&self, node: &Node) -> Names {
        node.children()
            .filter(|part| part.rule() == Rule::role_ref)
            .filter_map(|part| part.children().last().map(|id| self.name(&id)))
            .collect()
    }

    fn grant(&self, node: &Node) -> Option<Grant> {
        let inner = node.children().find(|part| part.rule() != Rule::kw_grant)?;
        let mut names = Names::new();
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
                    let inside = || part.children().filter(|part| part.rule() == Rule::entry);
                    entries = Vec::with_capacity(inside().count());
                    entries.extend(inside().filter_map(|part| self.entry(&part)));
                }
                _ => {}
            }
        }
        let span = self.relative(self.tokens.range(node.start(), end));
        let what = match inner.rule() {
            Rule::grant_all => Granted::All(levels?),
            Rule::grant_row => {
                let [category, row] = names.get(..2)?.try_into().ok()?;
                Granted::Row {
                    category,
                    entry: Entry { rows: Names::from_iter([row]), levels: levels?, unconfirmed },
                }
            }
            _ => Granted::Category { category: names.first().copied()?, levels, entries, has_block },
        };
        Some(Grant { span, whole: self.span(node), what })
    }

    fn entry(&self, node: &Node) -> Option<Entry> {
        let mut rows = Names::new();
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

    fn unconfirmed(&self, node: &Node) -> Unconfirmed {
        let basis = node.children().find(|part| part.rule() == Rule::string).map(|text| self.name(&text));
        Unconfirmed { span: self.relative(self.tokens.span(node.start())), basis }
    }
}

/// Gives back what was reserved for more: trees are kept, and most lists in them have one or two things.
fn fit(role: &mut Role) {
    let entry = |entry: &mut Entry| {
        entry.rows.shrink_to_fit();
        entry.levels.words.shrink_to_fit();
    };
    role.bases.shrink_to_fit();
    // A description may have taken the place of one.
    if role.grants.capacity() > role.grants.len() + 1 {
        role.grants.shrink_to_fit();
    }
    for grant in &mut role.grants {
        match &mut grant.what {
            Granted::All(levels) => levels.words.shrink_to_fit(),
            Granted::Row { entry: line, .. } => entry(line),
            Granted::Category { levels, entries, .. } => {
                levels.iter_mut().for_each(|levels| levels.words.shrink_to_fit());
                entries.shrink_to_fit();
                entries.iter_mut().for_each(entry);
            }
        }
    }
}
