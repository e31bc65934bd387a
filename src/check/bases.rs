//! What each role and template starts from, and in which order they can be worked out. Iterative: a chain may be as
//! long as the text.

use std::collections::HashMap;

use crate::check::lost::Lost;
use crate::check::names::with_near;
use crate::check::roles::Declared;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::vocab::RoleId;

/// Bases resolved.
pub(super) struct Order {
    /// Each role's bases, sorted by their ids.
    pub(super) bases: Vec<Vec<RoleId>>,
    /// The roles whose bases are all known, each behind its bases.
    pub(super) sorted: Vec<RoleId>,
}

pub(super) fn check(declared: &Declared<'_>, lost: &Lost<'_>, findings: &mut Diagnostics) -> Order {
    let mut bases = Vec::with_capacity(declared.list.len());
    let mut is_broken = vec![false; declared.list.len()];
    for (index, broken) in is_broken.iter_mut().enumerate() {
        let (found, whole) = resolve(declared, RoleId::at(index), lost, findings);
        *broken = !whole;
        bases.push(found);
    }
    let sorted = sort(&bases, &is_broken);
    cycles(declared, &bases, findings);
    Order { bases, sorted }
}

/// A role's bases, and whether all of them are known.
fn resolve(
    declared: &Declared<'_>,
    id: RoleId,
    lost: &Lost<'_>,
    findings: &mut Diagnostics,
) -> (Vec<RoleId>, bool) {
    let Some(role) = declared.get(id) else { return (Vec::new(), false) };
    let mut found: Vec<RoleId> = Vec::new();
    let mut whole = true;
    let mut seen: HashMap<RoleId, crate::source::Place> = HashMap::new();
    for name in &role.tree.node.bases {
        let (text, place) = (role.scope.name(*name), role.scope.at(*name));
        let Some(base) = declared.find(role.organization, &text) else {
            whole = false;
            if !lost.has(&text) {
                let what = if role.organization.is_some() { "role or template" } else { "template" };
                let mut finding =
                    Diagnostic::new(Code::UnknownRole, place, format!("there is no {what} `{text}`"));
                if role.organization.is_none() && declared.list.iter().any(|other| *other.id == *text) {
                    finding = finding.help("a role of an organization is no base for a template");
                }
                findings.push(with_near(finding, &text, place, declared.names(role.organization)));
            }
            continue;
        };
        if let Some(other) = declared.get(base)
            && let (Some(theirs), Some(ours)) = (other.catalog, role.catalog)
            && theirs != ours
        {
            whole = false;
            findings.push(
                Diagnostic::new(Code::OtherCatalog, place, format!("`{text}` is of another catalog"))
                    .also(other.place, "declared here"),
            );
            continue;
        }
        if let Some(first) = seen.get(&base) {
            findings.push(
                Diagnostic::new(Code::RepeatedBase, place, format!("`{text}` is named twice"))
                    .also(*first, "first here")
                    .help("once is enough: bases join"),
            );
            continue;
        }
        seen.insert(base, place);
        found.push(base);
    }
    found.sort_by(|a, b| {
        let key = |id: &RoleId| declared.get(*id).map(|role| &role.id);
        key(a).cmp(&key(b)).then(a.cmp(b))
    });
    (found, whole)
}

/// Bases before those that start from them. What stands on something broken or on a cycle is left out.
fn sort(bases: &[Vec<RoleId>], is_broken: &[bool]) -> Vec<RoleId> {
    let mut waiting: Vec<usize> = bases.iter().map(Vec::len).collect();
    let mut derived: Vec<Vec<RoleId>> = vec![Vec::new(); bases.len()];
    for (index, own) in bases.iter().enumerate() {
        for base in own {
            if let Some(list) = derived.get_mut(base.index()) {
                list.push(RoleId::at(index));
            }
        }
    }
    let mut sorted: Vec<RoleId> = (0..bases.len())
        .filter(|index| waiting.get(*index) == Some(&0) && is_broken.get(*index) == Some(&false))
        .map(RoleId::at)
        .collect();
    let mut next = 0;
    while let Some(done) = sorted.get(next).copied() {
        next += 1;
        for role in derived.get(done.index()).into_iter().flatten() {
            let Some(left) = waiting.get_mut(role.index()) else { continue };
            *left -= 1;
            if *left == 0 && is_broken.get(role.index()) == Some(&false) {
                sorted.push(*role);
            }
        }
    }
    sorted
}

/// Walks from each role along its bases, depth first, and tells each way back to a role that is still on the way.
fn cycles(declared: &Declared<'_>, bases: &[Vec<RoleId>], findings: &mut Diagnostics) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnTheWay,
        Done,
    }
    let mut marks = vec![Mark::New; bases.len()];
    let mut told = vec![false; bases.len()];
    let mark = |marks: &mut Vec<Mark>, id: RoleId, value: Mark| {
        if let Some(slot) = marks.get_mut(id.index()) {
            *slot = value;
        }
    };
    for start in (0..bases.len()).map(RoleId::at) {
        if marks.get(start.index()) != Some(&Mark::New) {
            continue;
        }
        let mut way: Vec<(RoleId, usize)> = vec![(start, 0)];
        mark(&mut marks, start, Mark::OnTheWay);
        while let Some((role, next)) = way.last_mut() {
            let Some(base) = bases.get(role.index()).and_then(|own| own.get(*next)).copied() else {
                mark(&mut marks, *role, Mark::Done);
                way.pop();
                continue;
            };
            *next += 1;
            match marks.get(base.index()) {
                Some(Mark::New) => {
                    mark(&mut marks, base, Mark::OnTheWay);
                    way.push((base, 0));
                }
                Some(Mark::OnTheWay) => {
                    let first = way.iter().position(|(id, _)| *id == base).unwrap_or(0);
                    let ring: Vec<RoleId> = way.iter().skip(first).map(|(id, _)| *id).collect();
                    // Rings that share a role are one knot; mending the first shows what is left.
                    if ring.iter().all(|id| told.get(id.index()) == Some(&false)) {
                        findings.push(draw(declared, &ring));
                    }
                    for id in ring {
                        if let Some(slot) = told.get_mut(id.index()) {
                            *slot = true;
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// A cycle, drawn from its first role in the text; a long one shortened.
fn draw(declared: &Declared<'_>, ring: &[RoleId]) -> Diagnostic {
    const SHOWN: usize = 6;
    let start = ring
        .iter()
        .enumerate()
        .min_by_key(|(_, id)| declared.get(**id).map(|role| role.place))
        .map_or(0, |(index, _)| index);
    let turned: Vec<RoleId> = ring.iter().cycle().skip(start).take(ring.len()).copied().collect();
    let name = |id: &RoleId| declared.get(*id).map_or_else(String::new, |role| role.id.to_string());
    let mut drawn: Vec<String> = turned.iter().map(name).collect();
    if drawn.len() > SHOWN {
        let hidden = drawn.len() - (SHOWN - 1);
        let last = drawn.pop().unwrap_or_default();
        drawn.truncate(SHOWN - 2);
        drawn.push(format!("… {hidden} more …"));
        drawn.push(last);
    }
    let first = turned.first().copied().unwrap_or(RoleId(0));
    drawn.push(name(&first));
    let place = |from: RoleId, to: RoleId| {
        let role = declared.get(from)?;
        let target = declared.get(to)?;
        let base = role.tree.node.bases.iter().find(|base| *role.scope.name(**base) == *target.id)?;
        Some(role.scope.at(*base))
    };
    let after = |index: usize| turned.get((index + 1) % turned.len().max(1)).copied().unwrap_or(first);
    let own = declared.get(first).map(|role| role.place);
    let at = place(first, after(0)).or(own);
    let fallback =
        crate::source::Place { file: crate::source::FileId(0), span: crate::source::Span::new(0, 0) };
    let message = if turned.len() == 1 {
        format!("`{}` starts from itself", name(&first))
    } else {
        let others = if turned.len() == 2 { "other" } else { "others" };
        format!("`{}` starts from itself, by {} {others}", name(&first), turned.len() - 1)
    };
    let mut finding = Diagnostic::new(Code::RoleCycle, at.unwrap_or(fallback), message)
        .label("the way begins here")
        .help(format!("the way is {}", drawn.join(" -> ")));
    for (index, id) in turned.iter().enumerate().skip(1).take(SHOWN - 2) {
        if let Some(place) = place(*id, after(index)) {
            finding = finding.also(place, format!("and goes on to `{}`", name(&after(index))));
        }
    }
    finding
}
