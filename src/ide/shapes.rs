//! What can be folded, and what is selected next around a cursor.

use crate::ide::blocks::{container, pairs};
use crate::ide::names::walk;
use crate::source::{FileId, Span};
use crate::syntax::{Kind, Scope, ast, tokens};
use crate::workspace::Workspace;

/// What is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FoldKind {
    /// A block, from its brace to its brace.
    Block,
    /// Remarks on lines that follow each other.
    Comment,
    /// `use` after `use`.
    Uses,
}

/// Lines that can be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From the first to the last byte of it; over a line's end at least.
    pub span: Span,
    /// What is folded.
    pub kind: FoldKind,
}

/// What can be folded in a file, in the order of its text.
pub fn folding(ws: &Workspace, file: FileId) -> Vec<Fold> {
    let (Some(source), Some(tree)) = (ws.sources().file(file), ws.tree(file)) else { return Vec::new() };
    let text = source.text();
    let goes_over = |span: Span| source.slice(span).contains('\n');
    let blocks = pairs(text).into_iter().filter(|pair| goes_over(*pair));
    let mut folds: Vec<Fold> = blocks.map(|span| Fold { span, kind: FoldKind::Block }).collect();
    let mut run: Option<Span> = None;
    let mut close = |run: &mut Option<Span>| {
        if let Some(span) = run.take().filter(|span| goes_over(*span)) {
            folds.push(Fold { span, kind: FoldKind::Comment });
        }
    };
    let mut is_first = true;
    for token in tokens(text) {
        match token.kind {
            Kind::Space => {
                let gap = text.get(token.start..token.end).unwrap_or_default();
                let ends = gap.matches('\n').count();
                is_first |= ends > 0;
                if ends > 1 {
                    close(&mut run);
                }
            }
            Kind::Comment | Kind::Doc if is_first => {
                let span = Span::of(token.start, token.end);
                run = Some(run.map_or(span, |run| run.to(span)));
                is_first = false;
            }
            _ => {
                close(&mut run);
                is_first = false;
            }
        }
    }
    close(&mut run);
    if let (Some(first), Some(last)) = (tree.uses.first(), tree.uses.last()) {
        let span = Span::new(first.start, last.end);
        if tree.uses.len() > 1 && goes_over(span) {
            folds.push(Fold { span, kind: FoldKind::Uses });
        }
    }
    folds.sort_by_key(|fold| (fold.span, fold.kind as u8));
    folds
}

/// What is around an offset, from the token to the file: each holds the one before it.
pub fn selection(ws: &Workspace, file: FileId, offset: u32) -> Vec<Span> {
    let (Some(source), Some(tree)) = (ws.sources().file(file), ws.tree(file)) else { return Vec::new() };
    let text = source.text();
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let offset = offset.min(length);
    let mut all = vec![Span::new(0, length)];
    all.extend(token_at(text, offset));
    let pairs = pairs(text);
    for pair in &pairs {
        // The block, and what stands in it.
        all.push(*pair);
        let inner = source.slice(Span::new(pair.start + 1, pair.end.saturating_sub(1)));
        let start = pair.start as usize + 1 + (inner.len() - inner.trim_start().len());
        all.push(Span::of(start, start + inner.trim().len()));
    }
    all.extend(walk(ws, file, Some(Span::new(offset, offset))).into_iter().map(|name| name.span));
    for catalog in &tree.catalogs {
        all.push(container(source, tree, &pairs, &catalog.head));
        members(&catalog.kinds, &mut all);
        members(&catalog.categories, &mut all);
        members(&catalog.limits, &mut all);
        members(&catalog.supers, &mut all);
    }
    for opened in &tree.organizations {
        all.push(container(source, tree, &pairs, &opened.head));
        members(&opened.roles, &mut all);
        members(&opened.assignments, &mut all);
        members(&opened.forbids, &mut all);
        members(&opened.requires, &mut all);
        for member in opened.requires.iter().filter(|member| touches(member, offset)) {
            all.extend(member.node.demands.iter().map(|line| line.span().shifted(member.start)));
            all.extend(member.node.clauses.iter().map(|clause| clause.span.shifted(member.start)));
        }
        members(&opened.tests, &mut all);
        for member in opened.forbids.iter().filter(|member| touches(member, offset)) {
            all.extend(member.node.conditions.iter().map(|line| line.span.shifted(member.start)));
        }
        for member in opened.tests.iter().filter(|member| touches(member, offset)) {
            all.extend(member.node.assertions.iter().map(|line| line.span.shifted(member.start)));
            for cases in &member.node.cases {
                let cells = cases.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.span);
                let rows = cases.rows.iter().map(|row| row.span);
                let spans = cells.chain(rows).chain([cases.head, cases.span]);
                all.extend(spans.map(|span| span.shifted(member.start)));
            }
        }
        for member in opened.assignments.iter().filter(|member| touches(member, offset)) {
            all.extend(member.node.clauses.iter().map(|clause| clause.span.shifted(member.start)));
        }
    }
    members(&tree.uses, &mut all);
    members(&tree.templates, &mut all);
    members(&tree.forbids, &mut all);
    members(&tree.requires, &mut all);
    let own = tree.organizations.iter().flat_map(|opened| &opened.roles);
    for member in tree.templates.iter().chain(own).filter(|member| touches(member, offset)) {
        let scope = Scope::new(source, file, member);
        for grant in &member.node.grants {
            let span = scope.place(grant.span).span;
            // With its block, where it has one.
            let block = pairs.binary_search_by_key(&span.end, |pair| pair.start);
            let gap = |pair: &&Span| source.slice(Span::new(span.end, pair.start)).trim().is_empty();
            let next = pairs.get(block.unwrap_or_else(|next| next)).filter(gap);
            let has_block = matches!(grant.what, ast::Granted::Category { has_block: true, .. });
            all.push(next.filter(|_| has_block).map_or(span, |pair| span.to(*pair)));
            if let ast::Granted::Category { entries, .. } = &grant.what {
                all.extend(entries.iter().map(|entry| entry_span(scope, entry)));
            }
        }
    }
    all.retain(|span| span.start <= offset && offset <= span.end && span.end > span.start);
    all.sort_by_key(|span| (span.end - span.start, span.start));
    let mut chain: Vec<Span> = Vec::new();
    for span in all {
        match chain.last() {
            Some(last) if span.start <= last.start && last.end <= span.end && span != *last => {
                chain.push(span)
            }
            None => chain.push(span),
            Some(_) => {}
        }
    }
    chain
}

fn touches<T>(member: &ast::Member<T>, offset: u32) -> bool {
    member.start <= offset && offset <= member.end
}

fn members<T>(members: &[ast::Member<T>], all: &mut Vec<Span>) {
    all.extend(members.iter().map(|member| Span::new(member.start, member.end)));
}

fn entry_span(scope: Scope<'_>, entry: &ast::Entry) -> Span {
    let names = entry.rows.iter().chain(&entry.levels.words);
    let basis =
        entry.unconfirmed.iter().flat_map(|mark| mark.basis.map(|name| name.span).or(Some(mark.span)));
    let spans = names.map(|name| name.span).chain(basis);
    let all = spans.reduce(Span::to).unwrap_or_default();
    scope.place(all).span
}

/// The token at an offset: of two that touch the name, else the one that begins.
fn token_at(text: &str, offset: u32) -> Option<Span> {
    let before = text.get(..offset as usize)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let mut found = None;
    for token in tokens(text.get(start..).unwrap_or_default()) {
        let span = Span::of(start + token.start, start + token.end);
        if span.start > offset {
            break;
        }
        let is_name = crate::ide::context::is_name(token.kind);
        if span.end >= offset && token.kind != Kind::Space && (found.is_none() || is_name) {
            found = Some(span);
        }
    }
    found
}
