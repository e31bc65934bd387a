//! The principals of an organization as one: beside each of them what is asked of all together, so that an organization of
//! many people is not walked for every such question.

use std::ops::{Deref, Range};

use crate::model::{Principal, RoleRef};
use crate::source::{FileId, Place, Span};
use crate::vocab::{OwnRoleId, PrincipalKind, TemplateId};

/// Who is named in the assignments of an organization, in the order in which they are named first.
///
/// ```
/// use rolec::model::RoleRef;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
/// let (acme, people) = (&model.organizations[0], &model.organizations[0].principals);
/// assert_eq!(people.len(), 2);
/// // Each role once, whoever holds it.
/// let assigned: Vec<&str> =
///     people.assigned().filter_map(|role| model.roles(acme).get(role)).map(|role| &*role.id).collect();
/// assert_eq!(assigned, ["reader", "editor"]);
/// // One of them holds two roles, the other one from a moment on.
/// let varied: Vec<&str> = people.varied().map(|(_, one)| &*one.name).collect();
/// assert_eq!(varied, ["ana@acme.example", "bot"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Principals {
    list: Vec<Principal>,
    /// How many assignments there are of each template, and of each own role.
    templates: Vec<u32>,
    own: Vec<u32>,
    /// The positions of those who do not hold just one role for good, in ascending order.
    varied: Vec<u32>,
    /// The positions of service accounts, in ascending order.
    services: Vec<u32>,
    /// Whether they stand in the order of their places.
    is_ordered: bool,
}

impl Principals {
    /// The roles that are assigned to somebody, at whatever time: each once, in their order.
    pub fn assigned(&self) -> impl Iterator<Item = RoleRef> {
        let templates = above_zero(&self.templates).map(|at| RoleRef::Template(TemplateId::at(at)));
        templates.chain(above_zero(&self.own).map(|at| RoleRef::Own(OwnRoleId::at(at))))
    }

    /// Those who do not hold just one role for good, with their positions: they hold several, one from or until a moment, or
    /// none.
    pub fn varied(&self) -> impl Iterator<Item = (usize, &Principal)> {
        self.varied.iter().filter_map(|at| Some((*at as usize, self.list.get(*at as usize)?)))
    }

    /// Those who hold several roles, or one several times.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    ///
    /// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
    /// let several = model.organizations[0].principals.several();
    /// assert!(several.map(|one| &*one.name).eq(["ana@acme.example"]));
    /// ```
    pub fn several(&self) -> impl Iterator<Item = &Principal> {
        self.varied().map(|(_, principal)| principal).filter(|principal| principal.assignments.len() > 1)
    }

    /// The service accounts.
    ///
    /// ```
    /// use rolec::model::Principals;
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    ///
    /// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
    /// let services = model.organizations[0].principals.services();
    /// assert!(services.map(|one| &*one.name).eq(["bot"]));
    /// ```
    pub fn services(&self) -> impl Iterator<Item = &Principal> {
        self.services.iter().filter_map(|at| self.list.get(*at as usize))
    }

    /// Changes one of them.
    ///
    /// ```
    /// use rolec::model::Principals;
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    ///
    /// let model = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)])).model.unwrap();
    /// let mut people: Principals = model.organizations[0].principals.clone();
    /// let (ana, _) = people.varied().next().unwrap();
    /// people.change(ana, |one| one.assignments.clear());
    /// assert_eq!(people.assigned().count(), 1);
    /// ```
    pub fn change<T>(&mut self, at: usize, change: impl FnOnce(&mut Principal) -> T) -> Option<T> {
        let principal = self.list.get_mut(at)?;
        for assignment in &principal.assignments {
            count(&mut self.templates, &mut self.own, assignment.role, false);
        }
        let changed = change(principal);
        for assignment in &principal.assignments {
            count(&mut self.templates, &mut self.own, assignment.role, true);
        }
        let (is_varied, is_service) = (is_varied(principal), principal.kind == PrincipalKind::Service);
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        put(&mut self.varied, number, is_varied);
        put(&mut self.services, number, is_service);
        let near = self.list.get(at.saturating_sub(1)..self.list.len().min(at + 2)).unwrap_or_default();
        self.is_ordered &= near.is_sorted_by_key(order);
        Some(changed)
    }

    /// Puts the places of what stands in a file from an offset on `by` bytes further, in wrapping numbers. For people of whom
    /// each was given something wherever they are named: who holds one role for good holds it where they are named first.
    /// None, and nothing is done, where they do not stand in the order of their places.
    pub(crate) fn shift(&mut self, file: FileId, from: u32, by: u32) -> Option<()> {
        self.is_ordered.then_some(())?;
        if by == 0 {
            return Some(());
        }
        let shift = |place: &mut Place| {
            let Span { start, end } = &mut place.span;
            (*start, *end) = (start.wrapping_add(by), end.wrapping_add(by));
        };
        let behind = self.behind(file, from);
        for at in self.varied.iter().map(|at| *at as usize).filter(|at| !behind.contains(at)) {
            let held = self.list.get_mut(at).map(|principal| &mut principal.assignments);
            let held = held.into_iter().flatten().map(|held| &mut held.place);
            held.filter(|place| place.file == file && place.span.start >= from).for_each(shift);
        }
        for principal in self.list.get_mut(behind).unwrap_or_default() {
            shift(&mut principal.place);
            // Whoever is named first behind the offset is named again behind it, or in another file.
            let held = principal.assignments.iter_mut().map(|held| &mut held.place);
            held.filter(|place| place.file == file).for_each(shift);
        }
        Some(())
    }

    /// What is held by what stands in a piece of a file: the places of the names, in their order, with the positions of the
    /// principals and of their assignments. For the people, and with the outcome, of [`shift`](Self::shift), before which it is
    /// asked.
    pub(crate) fn held_in(&self, file: FileId, within: Span) -> Option<Vec<(Span, usize, usize)>> {
        self.is_ordered.then_some(())?;
        let (from, until) = (self.behind(file, within.start).start, self.behind(file, within.end).start);
        let varied = self.varied.iter().map(|at| *at as usize);
        let is_inside = |place: Place| {
            place.file == file && within.start <= place.span.start && place.span.start < within.end
        };
        let held = |at: usize| {
            let held = self.list.get(at).map_or(&[][..], |one| &one.assignments).iter().enumerate();
            held.filter(|(_, one)| is_inside(one.place))
                .map(move |(number, one)| (one.place.span, at, number))
        };
        let mut all: Vec<_> = (from..until).chain(varied).flat_map(held).collect();
        // Whoever is named first in it may be one of the varied too.
        all.sort_unstable();
        all.dedup();
        Some(all)
    }

    /// The positions of those who are named first in a file, from an offset on.
    fn behind(&self, file: FileId, from: u32) -> Range<usize> {
        let start = self.list.partition_point(|one| order(one) < (file, from));
        let end = self.list.partition_point(|one| one.place.file <= file);
        start..end
    }
}

impl From<Vec<Principal>> for Principals {
    fn from(list: Vec<Principal>) -> Self {
        let mut all = Self { is_ordered: list.is_sorted_by_key(order), ..Self::default() };
        for (at, principal) in list.iter().enumerate() {
            for assignment in &principal.assignments {
                count(&mut all.templates, &mut all.own, assignment.role, true);
            }
            let number = u32::try_from(at).unwrap_or(u32::MAX);
            if is_varied(principal) {
                all.varied.push(number);
            }
            if principal.kind == PrincipalKind::Service {
                all.services.push(number);
            }
        }
        all.varied.shrink_to_fit();
        all.services.shrink_to_fit();
        Self { list, ..all }
    }
}

impl Deref for Principals {
    type Target = [Principal];

    fn deref(&self) -> &[Principal] {
        &self.list
    }
}

impl<'p> IntoIterator for &'p Principals {
    type Item = &'p Principal;
    type IntoIter = std::slice::Iter<'p, Principal>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl PartialEq for Principals {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

fn is_varied(principal: &Principal) -> bool {
    let [one] = principal.assignments.as_slice() else { return true };
    one.from().is_some() || one.until().is_some()
}

/// Puts a position among others, or takes it out.
fn put(positions: &mut Vec<u32>, at: u32, is_in: bool) {
    match positions.binary_search(&at) {
        Ok(known) if !is_in => drop(positions.remove(known)),
        Err(next) if is_in => positions.insert(next, at),
        _ => {}
    }
}

/// Where somebody is named first.
fn order(principal: &Principal) -> (FileId, u32) {
    (principal.place.file, principal.place.span.start)
}

/// The positions of counts above zero.
fn above_zero(counts: &[u32]) -> impl Iterator<Item = usize> {
    counts.iter().enumerate().filter_map(|(at, count)| (*count > 0).then_some(at))
}

/// Counts an assignment of a role that came, or went.
fn count(templates: &mut Vec<u32>, own: &mut Vec<u32>, role: RoleRef, came: bool) {
    let (list, at) = match role {
        RoleRef::Template(id) => (templates, id.index()),
        RoleRef::Own(id) => (own, id.index()),
    };
    if at >= list.len() {
        list.resize(at + 1, 0);
    }
    if let Some(count) = list.get_mut(at) {
        *count = if came { count.saturating_add(1) } else { count.saturating_sub(1) };
    }
}

#[cfg(test)]
mod tests {
    use super::{FileId, Place, Principal, Principals, RoleRef, Span};
    use crate::model::{Assignment, Clauses};
    use crate::vocab::{OwnRoleId, PrincipalKind, TemplateId, Time};

    type Change = fn(&mut Principal);

    fn place(file: u32, start: u32) -> Place {
        Place { file: FileId(file), span: Span::new(start, start + 2) }
    }

    /// What goes with a name.
    fn around(place: Place) -> Place {
        Place { span: Span::new(place.span.start - 1, place.span.end + 4), ..place }
    }

    /// Somebody who holds roles, each named at a place; every third until a moment.
    fn one(kind: PrincipalKind, held: &[(RoleRef, Place)]) -> Principal {
        let assignments = held.iter().enumerate().map(|(at, (role, place))| {
            let clauses = Clauses::of(None, (at % 3 == 2).then_some(Time(9)), None);
            Assignment::new(*role, clauses, *place, around(*place))
        });
        let first = held.first().map_or(place(0, 0), |(_, place)| *place);
        Principal { name: "p".into(), kind, assignments: assignments.collect(), place: first }
    }

    fn people() -> Principals {
        let (own, template) = (RoleRef::Own(OwnRoleId(1)), RoleRef::Template(TemplateId(2)));
        let (human, service) = (PrincipalKind::Admin, PrincipalKind::Service);
        Principals::from(vec![
            one(human, &[(own, place(0, 10)), (template, place(0, 50)), (own, place(1, 10))]),
            one(service, &[(own, place(0, 20))]),
            one(human, &[(own, place(0, 30))]),
            one(human, &[(template, place(1, 5)), (own, place(1, 40))]),
            one(human, &[(own, place(1, 30))]),
        ])
    }

    /// All that is known of them, and not their places.
    fn known(people: &Principals) -> (Vec<RoleRef>, Vec<usize>, Vec<u32>, Vec<u32>) {
        let Principals { templates, own, services, .. } = people;
        let counts = templates.iter().chain(own).copied().filter(|count| *count > 0);
        let varied = people.varied().map(|(at, _)| at);
        (people.assigned().collect(), varied.collect(), services.clone(), counts.collect())
    }

    #[test]
    fn what_is_known_of_all_keeps_up_with_each() {
        let mut people = people();
        let (own, template) = (RoleRef::Own(OwnRoleId(1)), RoleRef::Template(TemplateId(2)));
        assert_eq!(known(&people), (vec![template, own], vec![0, 3], vec![1], vec![2, 6]));
        let changes: [(usize, Change); 5] = [
            (0, |one| one.assignments.truncate(1)),
            (1, |one| one.kind = PrincipalKind::Admin),
            (2, |one| one.kind = PrincipalKind::Service),
            (3, |one| drop(one.assignments.remove(0))),
            (4, |one| one.assignments[0].clauses = Clauses::of(None, Some(Time(3)), None)),
        ];
        for (at, change) in changes {
            assert!(people.change(at, change).is_some());
            assert_eq!(known(&people), known(&Principals::from(people.to_vec())), "{at}");
        }
        assert_eq!(known(&people), (vec![own], vec![4], vec![2], vec![5]));
        assert!(people.change(5, |_| ()).is_none());
    }

    #[test]
    fn places_behind_an_edit_are_further_on() {
        for (file, from, by) in [(0, 25, 7), (0, 11, 0_u32.wrapping_sub(3)), (1, 10, 4), (1, 0, 1), (2, 0, 1)]
        {
            let mut shifted = people();
            assert!(shifted.shift(FileId(file), from, by).is_some());
            let expected = |place: Place| match place.file == FileId(file) && place.span.start >= from {
                true => Place {
                    span: Span::new(place.span.start.wrapping_add(by), place.span.end.wrapping_add(by)),
                    ..place
                },
                false => place,
            };
            for (was, is) in people().iter().zip(&shifted) {
                assert_eq!(is.place, expected(was.place), "{file} {from} {by}");
                for (was, is) in was.assignments.iter().zip(&is.assignments) {
                    assert_eq!(
                        (is.place, is.cut()),
                        (expected(was.place), around(expected(was.place))),
                        "{file} {from} {by}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_a_piece_of_a_file_holds() {
        let held = |file: u32, start: u32, end: u32| {
            let all = people().held_in(FileId(file), Span::new(start, end)).unwrap_or_default();
            all.into_iter().map(|(span, at, number)| (span.start, at, number)).collect::<Vec<_>>()
        };
        assert_eq!(held(0, 10, 30), [(10, 0, 0), (20, 1, 0)]);
        assert_eq!(held(0, 30, 60), [(30, 2, 0), (50, 0, 1)]);
        assert_eq!(held(1, 0, 41), [(5, 3, 0), (10, 0, 2), (30, 4, 0), (40, 3, 1)]);
        assert_eq!(held(2, 0, 99), []);
    }

    #[test]
    fn where_they_stand_in_no_order_all_are_read() {
        let mut list = people().to_vec();
        list.swap(1, 2);
        let mut changed = people();
        assert!(changed.change(2, |one| one.place = place(0, 15)).is_some());
        for mut people in [Principals::from(list), changed] {
            assert!(people.shift(FileId(0), 0, 1).is_none());
            assert!(people.held_in(FileId(0), Span::new(0, 9)).is_none());
        }
    }
}
