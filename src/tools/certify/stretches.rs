//! Stretches of time in which the same roles are in force, and what is held in each. However many periods somebody has,
//! nothing is looked at once for each of them: a role that is given stands at the few knots of a tree over the stretches
//! that lie wholly in its time, and all are joined on the way from the root to the leaves.

use crate::reference::{Block, Given, Held};
use crate::vocab::{Actions, Time};

/// A stretch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// Its first moment.
    pub(super) from: Time,
    /// Whether some role is in force.
    pub(super) is_in_force: bool,
    /// When something is in force next, where nothing is.
    pub(super) next: Option<Time>,
}

/// All stretches of somebody.
#[derive(Debug)]
pub(super) struct Stretches {
    all: Vec<Stretch>,
    /// Where in the tree each role stands. The root is 1, those below a knot are twice its number and one more, and the
    /// leaves come last, in order.
    knots: Vec<(usize, Held)>,
}

/// What the roles of an organization hold of some rows.
pub(super) struct Of<'h> {
    pub(super) templates: &'h Block,
    pub(super) own: Block,
    /// Which of the rows the organization's kind takes away.
    pub(super) hidden: Vec<bool>,
}

/// Room that is used again for everybody.
#[derive(Debug, Default)]
pub(super) struct Room(Vec<Actions>);

impl Stretches {
    /// Of roles given, cut at other moments too.
    pub(super) fn new(given: &[Given], also: impl Iterator<Item = Time>) -> Self {
        let bounds = given.iter().flat_map(|given| [given.from, given.until]).flatten();
        // Before the first as well: what is not in force yet must not be held.
        let mut moments: Vec<Time> = bounds.chain(also).chain([Time(i64::MIN)]).collect();
        moments.sort_unstable();
        moments.dedup();
        let count = moments.len();
        let at = |time: Time| moments.partition_point(|moment| *moment < time);
        let mut knots = Vec::with_capacity(given.len());
        // Where roles begin, and how many begin without having ended.
        let mut begin = vec![false; count];
        let mut more = vec![0_i64; count + 1];
        for one in given {
            let (begins, ends) = (one.from.map_or(0, at), one.until.map_or(count, at));
            if begins >= ends {
                continue;
            }
            cover(begins + count, ends + count, |knot| knots.push((knot, one.role)));
            begin.iter_mut().skip(begins).take(1).for_each(|it| *it = true);
            more.iter_mut().skip(begins).take(1).for_each(|it| *it += 1);
            more.iter_mut().skip(ends).take(1).for_each(|it| *it -= 1);
        }
        let mut in_force = 0;
        let mut all: Vec<Stretch> = moments
            .iter()
            .zip(more)
            .map(|(from, more)| {
                in_force += more;
                Stretch { from: *from, is_in_force: in_force > 0, next: None }
            })
            .collect();
        let mut next = None;
        for (stretch, begins) in all.iter_mut().zip(begin).rev() {
            stretch.next = next;
            next = if begins { Some(stretch.from) } else { next };
        }
        Self { all, knots }
    }

    /// What is held of some rows in each, by what templates and roles hold of them.
    pub(super) fn held<'r>(
        &self,
        of: &Of<'_>,
        room: &'r mut Room,
    ) -> impl Iterator<Item = (&Stretch, &'r [Actions])> {
        let (count, rows) = (self.all.len(), of.hidden.len().max(1));
        let Room(room) = room;
        room.clear();
        room.resize(2 * count * rows, Actions::NONE);
        for (knot, role) in &self.knots {
            let place = room.get_mut(knot * rows..).unwrap_or_default().iter_mut();
            match role {
                Held::Own(at) => {
                    place.zip(of.own.held_by(*at)).for_each(|(all, held)| *all = *all | *held);
                }
                Held::Template(at) => {
                    let held = of.templates.held_by(*at).iter().zip(&of.hidden);
                    let held = held.map(|(held, is_hidden)| if *is_hidden { Actions::NONE } else { *held });
                    place.zip(held).for_each(|(all, held)| *all = *all | held);
                }
            }
        }
        for knot in 2..2 * count {
            let (above, below) = room.split_at_mut(knot * rows);
            let above = above.get(knot / 2 * rows..).unwrap_or_default();
            below.iter_mut().zip(above.iter().take(rows)).for_each(|(all, held)| *all = *all | *held);
        }
        let leaves: &'r [Actions] = room.get(count * rows..).unwrap_or_default();
        self.all.iter().zip(leaves.chunks_exact(rows))
    }
}

/// The knots that stand for the leaves from one to before another, and for no other.
fn cover(begins: usize, ends: usize, mut knot: impl FnMut(usize)) {
    let (mut begins, mut ends) = (begins, ends);
    while begins < ends {
        if begins % 2 == 1 {
            knot(begins);
            begins += 1;
        }
        if ends % 2 == 1 {
            ends -= 1;
            knot(ends);
        }
        (begins, ends) = (begins / 2, ends / 2);
    }
}

#[cfg(test)]
mod tests {
    use super::{Of, Room, Stretches};
    use crate::reference::{Block, Given, Held};
    use crate::vocab::{Actions, Time};

    /// Against what is said of each moment by itself.
    #[test]
    fn every_stretch_has_what_is_in_force() {
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for count in (0..40).chain([300]) {
            let time = |number: u64| (number > 3).then(|| Time(number.cast_signed()));
            let given: Vec<Given> = (0..count)
                .map(|_| Given {
                    role: [Held::Own, Held::Template][random(2) as usize](random(5) as usize),
                    from: time(random(30)),
                    until: time(random(40)),
                })
                .collect();
            let held = |first: usize| (0..10).map(|cell| Actions::one(first + cell)).collect::<Vec<_>>();
            let (own, templates) = (Block::with(2, held(0)), Block::with(2, held(20)));
            let of = Of { templates: &templates, own, hidden: vec![false, true] };
            let stretches = Stretches::new(&given, [Time(11), Time(i64::MAX)].into_iter());
            let mut room = Room::default();
            let mut seen = 0;
            for (stretch, found) in stretches.held(&of, &mut room) {
                let is_in_force = |it: &&Given| {
                    it.from.is_none_or(|from| stretch.from >= from)
                        && it.until.is_none_or(|until| stretch.from < until)
                };
                let in_force = || given.iter().filter(is_in_force);
                for (row, found) in found.iter().enumerate() {
                    let wanted = in_force().fold(Actions::NONE, |all, it| {
                        all | match it.role {
                            Held::Own(at) => of.own.held_by(at)[row],
                            Held::Template(at) if row == 0 => templates.held_by(at)[row],
                            Held::Template(_) => Actions::NONE,
                        }
                    });
                    assert_eq!(*found, wanted, "{given:?} at {:?}", stretch.from);
                }
                assert_eq!(stretch.is_in_force, in_force().count() > 0);
                let coming = given.iter().filter(|it| it.until.is_none_or(|until| it.from < Some(until)));
                let coming = coming.filter_map(|it| it.from).filter(|from| *from > stretch.from);
                assert_eq!(stretch.next, coming.min(), "{given:?} at {:?}", stretch.from);
                seen += 1;
            }
            assert!(seen >= 3 && seen == stretches.all.len());
        }
    }
}
