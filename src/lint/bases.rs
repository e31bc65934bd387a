//! Bases that give a role nothing: another base has it all, or a spread over all rows takes it away.

use crate::catalog::Cells;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::lint::compare::has_all;
use crate::lint::written::Written;
use crate::source::{Place, Span};

/// How many pairs of a role's bases are held against each other. With a thousand bases nobody reads which are too many.
const COMPARED: usize = 1 << 20;

pub(super) fn tell(written: &Written<'_>, findings: &mut Diagnostics) {
    if !findings.wants_any(&[Code::OverriddenBases, Code::RedundantBase]) {
        return;
    }
    let role = written.role;
    if let (Some(all), Some(first)) = (written.all, role.base_places.iter().min()) {
        let what = if role.bases.len() == 1 { "its base" } else { "its bases" };
        findings.push(
            Diagnostic::new(
                Code::OverriddenBases,
                *first,
                format!("nothing is left of what `{}` starts from", role.id),
            )
            .also(all.level_place, format!("this says every row again, over {what}"))
            .help("a spread lowers as well as raises: name the categories that are meant, or start from nothing"),
        );
        return;
    }
    let known = role
        .bases
        .iter()
        .zip(&role.base_places)
        .filter_map(|(base, place)| Some((written.roles.get(*base)?, *place)));
    let known: Vec<_> = known.collect();
    let mut places: Vec<Place> = role.base_places.clone();
    places.sort_unstable();
    // A base that alone holds something is within no other.
    let mut left = COMPARED;
    let shared = shared(known.iter().map(|(base, _)| &base.cells));
    for (index, (base, place)) in known.iter().enumerate() {
        if !base.cells.words().iter().zip(&shared).all(|(word, shared)| word & !shared == 0) {
            continue;
        }
        // Of two that hold the same the first stays.
        let wider = known.iter().enumerate().take(left).find(|(other, (wide, _))| {
            *other != index
                && has_all(&wide.cells, &base.cells)
                && (*other < index || wide.cells != base.cells)
        });
        left -= wider.map_or(known.len(), |(at, _)| at + 1).min(left);
        let Some((_, (wide, other))) = wider else { continue };
        findings.push(
            Diagnostic::new(
                Code::RedundantBase,
                *place,
                format!("`{}` gives `{}` nothing that `{}` does not", base.id, role.id, wide.id),
            )
            .also(*other, "this one has it all")
            .help("name the wider one alone")
            .fix(Fix::safe(format!("remove `{}`", base.id), cut(&places, *place), "")),
        );
    }
}

/// What more than one of some bases holds, in words of 64.
fn shared<'c>(bases: impl Iterator<Item = &'c Cells>) -> Vec<u64> {
    let (mut union, mut shared) = (Vec::new(), Vec::new());
    for base in bases {
        union.resize(base.words().len(), 0);
        shared.resize(base.words().len(), 0);
        for ((word, union), shared) in base.words().iter().zip(&mut union).zip(&mut shared) {
            *shared |= *union & word;
            *union |= word;
        }
    }
    shared
}

/// A base with a comma: from the one before it, or up to the one behind.
fn cut(places: &[Place], place: Place) -> Place {
    let at = places.binary_search(&place).unwrap_or(0);
    let before = at.checked_sub(1).and_then(|at| places.get(at));
    let span = match (before, places.get(at + 1)) {
        (Some(before), _) => Span::new(before.span.end, place.span.end),
        (None, Some(next)) => Span::new(place.span.start, next.span.start),
        (None, None) => place.span,
    };
    Place { span, ..place }
}
