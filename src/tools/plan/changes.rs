//! Which things of a policy say something else than before. Knows neither organizations nor who may change them.

use std::collections::BTreeSet;

use crate::source::Place;
use crate::tools::plan::said::{Said, Statement, Statements};
use crate::tools::plan::{Change, How, Side, Topic};

/// What differs between what was said and what is, by topic.
pub(super) fn changes<'m>(old: &Statements<'m>, new: &Statements<'m>) -> Vec<Change<'m>> {
    let topics: BTreeSet<Topic<'m>> = old.keys().chain(new.keys()).copied().collect();
    topics.into_iter().filter_map(|topic| change(topic, old.get(&topic), new.get(&topic))).collect()
}

fn change<'m>(
    topic: Topic<'m>,
    old: Option<&Statement<'m>>,
    new: Option<&Statement<'m>>,
) -> Option<Change<'m>> {
    let is = |how, side, place| Some(Change { topic, how, side, place });
    match (old, new) {
        // More of it guards more, and takes nothing away.
        (None, Some(_)) if topic.is_guard() => None,
        (None, Some(new)) => is(How::Added, Side::New, new.place),
        (Some(old), None) => is(How::Removed, Side::Old, old.place),
        (Some(old), Some(new)) if topic.is_guard() => {
            is(How::Changed, Side::Old, lost(&distinct(old), &distinct(new))?)
        }
        (Some(old), Some(new)) => {
            let (old, new) = (sorted(old), sorted(new));
            match (lost(&new, &old), lost(&old, &new)) {
                (Some(place), _) => is(How::Changed, Side::New, place),
                (None, Some(place)) => is(How::Changed, Side::Old, place),
                (None, None) => None,
            }
        }
        (None, None) => None,
    }
}

type Line<'l, 'm> = (&'l Said<'m>, Place);

fn sorted<'l, 'm>(statement: &'l Statement<'m>) -> Vec<Line<'l, 'm>> {
    let mut lines: Vec<_> = statement.lines.iter().map(|(said, place)| (said, *place)).collect();
    lines.sort_unstable();
    lines
}

/// The lines, each once however often it is said.
fn distinct<'l, 'm>(statement: &'l Statement<'m>) -> Vec<Line<'l, 'm>> {
    let mut lines = sorted(statement);
    lines.dedup_by(|one, other| one.0 == other.0);
    lines
}

/// The first place of one side that says what the other does not, or says it more often. Both are sorted.
fn lost(one: &[Line<'_, '_>], other: &[Line<'_, '_>]) -> Option<Place> {
    let mut others = other.iter().peekable();
    let mut first: Option<Place> = None;
    for (said, place) in one {
        while others.next_if(|(there, _)| *there < *said).is_some() {}
        if others.next_if(|(there, _)| *there == *said).is_none() {
            first = Some(first.map_or(*place, |known| known.min(*place)));
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::changes;
    use crate::source::{FileId, Place, Span};
    use crate::tools::plan::said::{Said, Statement};
    use crate::tools::plan::{How, Side, Topic};

    fn at(start: u32) -> Place {
        Place { file: FileId(0), span: Span::new(start, start + 1) }
    }

    fn said(lines: &[(i64, u32)]) -> Statement<'static> {
        let lines = lines.iter().map(|(said, start)| (Said::Number(*said), at(*start))).collect();
        Statement { place: at(0), lines }
    }

    fn one(topic: Topic<'static>, old: &[(i64, u32)], new: &[(i64, u32)]) -> Option<(How, Side, Place)> {
        let (old, new) = (BTreeMap::from([(topic, said(old))]), BTreeMap::from([(topic, said(new))]));
        changes(&old, &new).first().map(|change| (change.how, change.side, change.place))
    }

    #[test]
    fn how_often_a_line_is_said_counts_and_where_does_not() {
        let ana = Topic::Principal("ana");
        assert_eq!(one(ana, &[(1, 5), (2, 9)], &[(2, 30), (1, 40)]), None);
        assert_eq!(one(ana, &[(1, 5)], &[(1, 5), (1, 7)]), Some((How::Changed, Side::New, at(7))));
        assert_eq!(one(ana, &[(1, 5), (3, 6)], &[(1, 5)]), Some((How::Changed, Side::Old, at(6))));
        let both = one(ana, &[(1, 5), (3, 6)], &[(1, 5), (4, 8), (2, 9)]);
        assert_eq!(both, Some((How::Changed, Side::New, at(8))), "the first of what is there now");
    }

    #[test]
    fn of_a_guard_only_what_is_lost_counts() {
        let test = Topic::Test("t");
        assert_eq!(one(test, &[(1, 5), (1, 6)], &[(1, 7), (2, 8)]), None);
        assert_eq!(one(test, &[(1, 5), (2, 6)], &[(1, 7), (3, 8)]), Some((How::Changed, Side::Old, at(6))));
        let (some, none) = (BTreeMap::from([(test, said(&[]))]), BTreeMap::new());
        assert!(changes(&none, &some).is_empty());
        assert_eq!(changes(&some, &none).first().map(|change| change.how), Some(How::Removed));
    }
}
