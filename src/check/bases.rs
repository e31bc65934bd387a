//! What each role and template starts from, and in which order they can be worked out. Iterative: a chain may be as
//! long as the text.

use foldhash::{HashMap, HashMapExt as _};

use crate::check::lost::Lost;
use crate::check::names::offer;
use crate::check::roles::{Declared, Elsewhere, RoleId, RoleNames};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::model::{Role, RoleRef};
use crate::source::{Place, Span};
use crate::vocab::CatalogId;

/// The bases of what is declared in one place, resolved.
pub(super) struct Order {
    /// The bases of each, sorted by their ids, and where they are named.
    pub(super) bases: Vec<Vec<(RoleRef, Place)>>,
    /// Those whose bases are all known, each behind its bases.
    pub(super) sorted: Vec<usize>,
}

/// What is known of a base.
struct Base<'c> {
    id: &'c str,
    catalog: Option<CatalogId>,
    place: Place,
    /// A template whose own bases are known, or one that stands among those that are sorted here.
    is_whole: bool,
}

/// Where bases are looked up: templates that are checked, and what is declared beside.
struct Bases<'c, 's, I> {
    declared: &'c Declared<'s, I>,
    /// The templates as they were checked; none while they are checked.
    templates: Option<&'c [Role]>,
    names: RoleNames<'c>,
}

impl<'c, I: RoleId> Bases<'c, '_, I> {
    fn get(&self, base: RoleRef) -> Option<Base<'c>> {
        if let Some(index) = I::of(base) {
            let role = self.declared.list.get(index)?;
            return Some(Base { id: &role.id, catalog: role.catalog, place: role.place, is_whole: true });
        }
        let RoleRef::Template(id) = base else { return None };
        let template = self.templates?.get(id.index())?;
        let catalog = (template.catalog.0 != u32::MAX).then_some(template.catalog);
        Some(Base { id: &template.id, catalog, place: template.place, is_whole: template.is_whole })
    }
}

/// Resolves the bases of templates, or of the roles of an organization whose templates are checked.
pub(super) fn check<I: RoleId>(
    declared: &Declared<'_, I>,
    templates: Option<&[Role]>,
    names: RoleNames<'_>,
    elsewhere: Option<&Elsewhere<'_, '_>>,
    lost: &Lost,
    findings: &mut Diagnostics,
) -> Order {
    let around = Bases { declared, templates, names };
    let mut bases = Vec::with_capacity(declared.list.len());
    let mut is_broken = Vec::with_capacity(declared.list.len());
    for index in 0..declared.list.len() {
        let (found, is_whole) = resolve(&around, index, elsewhere, lost, findings);
        is_broken.push(!is_whole);
        bases.push(found);
    }
    let inner: Vec<Vec<usize>> =
        bases.iter().map(|own| own.iter().filter_map(|(base, _)| I::of(*base)).collect()).collect();
    let sorted = sort(&inner, &is_broken);
    cycles(declared, &inner, findings);
    Order { bases, sorted }
}

/// The bases of one, and whether all of them are known.
fn resolve<I: RoleId>(
    around: &Bases<'_, '_, I>,
    index: usize,
    elsewhere: Option<&Elsewhere<'_, '_>>,
    lost: &Lost,
    findings: &mut Diagnostics,
) -> (Vec<(RoleRef, Place)>, bool) {
    let Some(role) = around.declared.list.get(index) else { return (Vec::new(), false) };
    let mut found: Vec<(RoleRef, Place)> = Vec::new();
    let mut is_whole = true;
    let mut seen: HashMap<RoleRef, Place> = HashMap::new();
    let spans: Vec<Span> = role.tree.node.bases.iter().map(|name| name.span).collect();
    for (index, name) in role.tree.node.bases.iter().enumerate() {
        let (text, place) = (role.scope.name(*name), role.scope.at(*name));
        let Some((base, other)) =
            around.names.find(&text).and_then(|base| around.get(base).map(|other| (base, other)))
        else {
            is_whole = false;
            // Without a catalog its templates are not known either: that has had its finding.
            let is_slip = || !findings.nearest(&text, Some(&role.id), &around.names.near()).is_empty();
            if role.catalog.is_some() && !role.scope.is_garbled(*name) && !lost.may_have_role(&text, is_slip)
            {
                let what = if elsewhere.is_some() { "template" } else { "role or template" };
                let mut finding =
                    Diagnostic::new(Code::UnknownRole, place, format!("there is no {what} `{text}`"));
                if elsewhere.is_some_and(|elsewhere| elsewhere.has(&text, None)) {
                    finding = finding.help("a role of an organization is no base for a template");
                }
                // To start from itself would be the next mistake.
                let near = findings.nearest(&text, Some(&role.id), &around.names.near());
                findings.push(offer(finding, place, &near));
            }
            continue;
        };
        if let (Some(theirs), Some(ours)) = (other.catalog, role.catalog)
            && theirs != ours
        {
            is_whole = false;
            findings.push(
                Diagnostic::new(Code::OtherCatalog, place, format!("`{text}` is of another catalog"))
                    .also(other.place, "declared here"),
            );
            continue;
        }
        if let Some(first) = seen.get(&base) {
            let finding = Diagnostic::new(Code::RepeatedBase, place, format!("`{text}` is named twice"))
                .also(*first, "first here")
                .help("once is enough: bases join");
            findings.push(match role.scope.without_one(&spans, index) {
                Some(cut) => finding.fix(Fix::safe("remove it", cut, "")),
                None => finding,
            });
            continue;
        }
        is_whole &= other.is_whole;
        seen.insert(base, place);
        found.push((base, place));
    }
    found.sort_by(|(a, _), (b, _)| {
        let key = |base: &RoleRef| around.get(*base).map(|known| known.id);
        key(a).cmp(&key(b)).then(a.cmp(b))
    });
    (found, is_whole)
}

/// Bases before those that start from them. What stands on something broken or on a cycle is left out.
fn sort(bases: &[Vec<usize>], is_broken: &[bool]) -> Vec<usize> {
    let mut waiting: Vec<usize> = bases.iter().map(Vec::len).collect();
    let mut derived: Vec<Vec<usize>> = vec![Vec::new(); bases.len()];
    for (index, own) in bases.iter().enumerate() {
        for base in own {
            if let Some(list) = derived.get_mut(*base) {
                list.push(index);
            }
        }
    }
    let mut sorted: Vec<usize> = (0..bases.len())
        .filter(|index| waiting.get(*index) == Some(&0) && is_broken.get(*index) == Some(&false))
        .collect();
    let mut next = 0;
    while let Some(done) = sorted.get(next).copied() {
        next += 1;
        for role in derived.get(done).into_iter().flatten() {
            let Some(left) = waiting.get_mut(*role) else { continue };
            *left -= 1;
            if *left == 0 && is_broken.get(*role) == Some(&false) {
                sorted.push(*role);
            }
        }
    }
    sorted
}

/// Walks from each role along its bases, depth first, and tells each way back to a role that is still on the way.
fn cycles<I: RoleId>(declared: &Declared<'_, I>, bases: &[Vec<usize>], findings: &mut Diagnostics) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnTheWay,
        Done,
    }
    let mut marks = vec![Mark::New; bases.len()];
    let mut told = vec![false; bases.len()];
    let mark = |marks: &mut Vec<Mark>, id: usize, value: Mark| {
        if let Some(slot) = marks.get_mut(id) {
            *slot = value;
        }
    };
    for start in 0..bases.len() {
        if marks.get(start) != Some(&Mark::New) {
            continue;
        }
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        mark(&mut marks, start, Mark::OnTheWay);
        while let Some((role, next)) = way.last_mut() {
            let Some(base) = bases.get(*role).and_then(|own| own.get(*next)).copied() else {
                mark(&mut marks, *role, Mark::Done);
                way.pop();
                continue;
            };
            *next += 1;
            match marks.get(base) {
                Some(Mark::New) => {
                    mark(&mut marks, base, Mark::OnTheWay);
                    way.push((base, 0));
                }
                Some(Mark::OnTheWay) => {
                    let first = way.iter().position(|(id, _)| *id == base).unwrap_or(0);
                    let ring: Vec<usize> = way.iter().skip(first).map(|(id, _)| *id).collect();
                    // Rings that share a role are one knot; mending the first shows what is left.
                    if ring.iter().all(|id| told.get(*id) == Some(&false)) {
                        findings.push(draw(declared, &ring));
                    }
                    for id in ring {
                        if let Some(slot) = told.get_mut(id) {
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
fn draw<I: RoleId>(declared: &Declared<'_, I>, ring: &[usize]) -> Diagnostic {
    const SHOWN: usize = 6;
    let start = ring
        .iter()
        .enumerate()
        .min_by_key(|(_, id)| declared.get(**id).map(|role| role.place))
        .map_or(0, |(index, _)| index);
    let turned: Vec<usize> = ring.iter().cycle().skip(start).take(ring.len()).copied().collect();
    let name = |id: &usize| declared.get(*id).map_or_else(String::new, |role| role.id.to_string());
    let mut drawn: Vec<String> = turned.iter().map(name).collect();
    if drawn.len() > SHOWN {
        let hidden = drawn.len() - (SHOWN - 1);
        let last = drawn.pop().unwrap_or_default();
        drawn.truncate(SHOWN - 2);
        drawn.push(format!("… {hidden} more …"));
        drawn.push(last);
    }
    let first = turned.first().copied().unwrap_or(0);
    drawn.push(name(&first));
    let place = |from: usize, to: usize| {
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
