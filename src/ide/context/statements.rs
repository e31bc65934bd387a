//! Every statement of a text, or of a range of it, by its tokens. A tree says where members begin and end, so that
//! what is wrong in one changes nothing in the next.

use crate::ide::context::scanner::{Container, Keeps, Lexer, Scanner, Statement};
use crate::ide::context::{catalog, organization};
use crate::source::{FileId, Span};
use crate::syntax::ast;
use crate::workspace::Workspace;

/// Where a tree sees a member begin or end, and what it stands in.
#[derive(Clone, Copy)]
struct Border {
    at: u32,
    container: Option<Container>,
}

/// The statements of a file that touch a range; without one all.
pub(in crate::ide) fn statements(ws: &Workspace, file: FileId, range: Option<Span>) -> Vec<Statement<'_>> {
    let (Some(source), Some(tree)) = (ws.sources().file(file), ws.tree(file)) else { return Vec::new() };
    let text = source.text();
    let borders = borders(tree);
    let range = range.unwrap_or(Span::new(0, u32::MAX));
    let before = borders.partition_point(|border| border.at < range.start);
    let start = before.checked_sub(1).and_then(|at| borders.get(at)).copied();
    let start = start.unwrap_or(Border { at: 0, container: None });
    let mut next = borders.get(before..).unwrap_or_default().iter().peekable();
    let mut scanner = Scanner::new(start.container, text, Keeps::All);
    let mut lexer = Lexer::new(text, start.at as usize);
    while let Some((tok, is_comment)) = lexer.next(u32::MAX) {
        if is_comment {
            continue;
        }
        while let Some(border) = next.next_if(|border| border.at <= tok.span.start) {
            scanner.enter(border.container, text);
        }
        scanner.feed(tok);
        if scanner.statement.first().map_or(tok.span.start, |first| first.span.start) > range.end {
            break;
        }
    }
    scanner.finish();
    let mut found = scanner.others;
    let touches = |statement: &Statement<'_>| match statement.tokens.as_slice() {
        [first, .., last] => first.span.start <= range.end && range.start <= last.span.end,
        [one] => one.span.start <= range.end && range.start <= one.span.end,
        [] => false,
    };
    found.retain(touches);
    found
}

fn borders(tree: &ast::File) -> Vec<Border> {
    fn add<T>(found: &mut Vec<Border>, members: &[ast::Member<T>], container: Option<Container>) {
        let at = |at: u32| Border { at, container };
        found.extend(members.iter().flat_map(|member| [at(member.start), at(member.end)]));
    }
    let mut found: Vec<Border> = Vec::new();
    add(&mut found, &tree.uses, None);
    add(&mut found, &tree.templates, None);
    add(&mut found, &tree.forbids, None);
    add(&mut found, &tree.requires, None);
    for opened in &tree.organizations {
        let inside = Some(organization(opened));
        found.push(Border { at: opened.head.start, container: None });
        add(&mut found, &opened.roles, inside);
        add(&mut found, &opened.assignments, inside);
        add(&mut found, &opened.forbids, inside);
        add(&mut found, &opened.requires, inside);
        add(&mut found, &opened.tests, inside);
    }
    for opened in &tree.catalogs {
        let inside = Some(catalog(opened));
        found.push(Border { at: opened.head.start, container: None });
        add(&mut found, &opened.kinds, inside);
        add(&mut found, &opened.categories, inside);
        add(&mut found, &opened.limits, inside);
        add(&mut found, &opened.supers, inside);
        add(&mut found, &opened.case_sensitive, inside);
    }
    found.sort_by_key(|border| border.at);
    found
}
