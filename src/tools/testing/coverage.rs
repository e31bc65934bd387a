//! Which cells the tests of a policy speak of. A line speaks of the actions that it names, of the role that it names;
//! a line about somebody speaks of the roles that somebody has: of those that give it, or where nobody may, of all.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//! use rolec::tools::testing::coverage;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let model = compiled.model.unwrap();
//! let coverage = coverage(&model, &compiled.sources);
//! let editor = coverage.roles.iter().find(|marked| &*marked.role.id == "editor").unwrap();
//! assert_eq!((&*editor.role.id, coverage.of(editor).part), ("editor", 3));
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::catalog::{Catalog, Row};
use crate::model::{Assertion, Claim, Entry, Model, RoleRef, Subject};
use crate::source::{Place, Sources};
use crate::tools::testing::marks::{Count, Marked, unmarked};
use crate::tools::testing::web::{Web, roles_of};
use crate::vocab::{Actions, CatalogId, Form, RowId};

/// Which cells the tests speak of.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::coverage;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let coverage = coverage(&model, &compiled.sources);
/// assert!(coverage.roles.iter().any(|marked| &*marked.role.id == "editor"));
/// assert!(coverage.lines.values().sum::<usize>() > 0);
/// ```
#[derive(Clone, Debug)]
pub struct Coverage<'m> {
    /// Each role, with a mark on the actions that a test speaks of.
    pub roles: Vec<Marked<'m>>,
    /// How many lines of tests rest on each line of a role, by its place.
    pub lines: BTreeMap<Place, usize>,
}

/// What tests speak of.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::coverage;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let coverage = coverage(&model, &compiled.sources);
/// assert_eq!(coverage.total().part, 3);
/// ```
pub fn coverage<'m>(model: &'m Model, sources: &Sources) -> Coverage<'m> {
    let webs: Vec<Web<'m>> = model.organizations.iter().filter_map(|one| Web::new(model, one)).collect();
    let mut roles = unmarked(model, &webs, sources);
    let mut lines: BTreeMap<Place, usize> =
        roles.iter().flat_map(|marked| &marked.role.entries).map(|entry| (entry.place, 0)).collect();
    let templates = roles.iter().take_while(|marked| marked.organization.is_none()).count();
    let by_template: HashMap<RoleRef, usize> =
        roles.iter().take(templates).enumerate().map(|(at, marked)| (marked.id, at)).collect();
    let mut start = templates;
    for web in &webs {
        for id in web.rows() {
            let Some(row) = web.catalog.row(id).filter(|row| web.has(row)) else { continue };
            for line in web.lines(id) {
                // Several roles of somebody may rest on one line.
                let mut rests: BTreeSet<Place> = BTreeSet::new();
                for subject in web.spoken_of(line) {
                    for role in roles_of(web, line, subject) {
                        let at = match role {
                            RoleRef::Own(own) => Some(start + own.index()),
                            RoleRef::Template(_) => by_template.get(&role).copied(),
                        };
                        let spoken = spoken_of(line, subject, row, web.held(role, row));
                        if spoken.is_empty() {
                            continue;
                        }
                        if let Some(marked) = at.and_then(|at| roles.get_mut(at)) {
                            marked.mark(id, spoken);
                        }
                        rests.extend(
                            resting(web, (line, subject), role, id, row, spoken)
                                .iter()
                                .map(|entry| entry.place),
                        );
                    }
                }
                for place in rests {
                    if let Some(count) = lines.get_mut(&place) {
                        *count += 1;
                    }
                }
            }
        }
        start += web.organization.roles.len();
    }
    Coverage { roles, lines }
}

/// What a line says of a role that holds so much of its row, where it speaks of that role or of somebody who has it.
fn spoken_of(line: &Assertion, subject: Subject, row: &Row, held: Actions) -> Actions {
    // Of several roles those are meant that give it.
    let given = |asked: Actions| match subject {
        Subject::Role(_) => asked,
        Subject::Principal(_) => asked & held,
    };
    let each = line.asked.iter().map(|asked| match (&line.claim, row.shape.form()) {
        // What is not in a cell no role may give.
        (Claim::Exactly(_), _) => given(*asked) | (row.shape.top() - *asked),
        (claim, _) if claim.grants(subject) => given(*asked),
        // Whoever may not take a step may not take those above it.
        (_, Form::Ladder) => row.shape.top() - Actions::first(asked.count().saturating_sub(1)),
        _ => *asked,
    });
    each.fold(Actions::NONE, |all, one| all | one)
}

/// The lines of a role, or of all that it starts from, on which a line of a test rests: of a `can` those from which comes
/// what it speaks of, of a `cannot` those that withhold something that it names,
/// of a cell either.
fn resting<'m>(
    web: &Web<'m>,
    (line, subject): (&Assertion, Subject),
    role: RoleRef,
    id: RowId,
    row: &Row,
    spoken: Actions,
) -> Vec<&'m Entry> {
    let rests = |role: RoleRef| {
        let held = web.held(role, row);
        let gives = !(held & spoken).is_empty();
        match line.claim {
            Claim::Exactly(_) => gives || !(spoken - held).is_empty(),
            _ if line.claim.grants(subject) => gives,
            _ => line.asked.iter().any(|asked| !held.contains(*asked)),
        }
    };
    let (mut open, mut found) = (vec![role], Vec::new());
    let mut seen = HashSet::from([role]);
    let mut next = 0;
    while let Some(at) = open.get(next).copied() {
        next += 1;
        let Some(data) = web.role(at).filter(|_| rests(at)) else { continue };
        match data.entry_for(id, row) {
            Some(entry) => found.push(entry),
            None => open.extend(data.bases.iter().copied().filter(|base| seen.insert(*base))),
        }
    }
    found
}

impl Coverage<'_> {
    /// How many actions of a role's cells are spoken of.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    /// use rolec::tools::testing::coverage;
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let model = compiled.model.unwrap();
    /// let coverage = coverage(&model, &compiled.sources);
    /// let editor = coverage.roles.iter().find(|marked| &*marked.role.id == "editor").unwrap();
    /// assert_eq!(coverage.of(editor).part, 3);
    /// ```
    pub fn of(&self, role: &Marked<'_>) -> Count {
        role.count(|row, _| row.shape.top())
    }

    /// How many of all roles'.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    /// use rolec::tools::testing::coverage;
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let model = compiled.model.unwrap();
    /// let coverage = coverage(&model, &compiled.sources);
    /// assert!(coverage.total().part < coverage.total().all);
    /// ```
    pub fn total(&self) -> Count {
        self.roles.iter().fold(Count::default(), |mut total, role| {
            total.add(self.of(role));
            total
        })
    }

    /// Cells of which all actions are spoken of, of all cells.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    /// use rolec::tools::testing::coverage;
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let model = compiled.model.unwrap();
    /// let coverage = coverage(&model, &compiled.sources);
    /// assert_eq!(coverage.whole().part, 1);
    /// ```
    pub fn whole(&self) -> Count {
        let cells = self.roles.iter().flat_map(Marked::rows);
        cells.fold(Count::default(), |mut count, (_, row, _, marked)| {
            count.add(Count { part: usize::from(marked == row.shape.top()), all: 1 });
            count
        })
    }
}

impl<'m> Coverage<'m> {
    /// How much of each row is spoken of, over all roles of its catalog, in the order of the catalogs.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    /// use rolec::tools::testing::coverage;
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let model = compiled.model.unwrap();
    /// let coverage = coverage(&model, &compiled.sources);
    /// let spoken: Vec<_> = coverage.rows().into_iter().filter(|(.., count)| count.part > 0).collect();
    /// assert!(spoken.iter().map(|(_, row, _)| &*row.id).eq(["spaces", "pages"]));
    /// ```
    pub fn rows(&self) -> Vec<(&'m Catalog, &'m Row, Count)> {
        let mut rows: BTreeMap<(CatalogId, RowId), (&'m Catalog, &'m Row, Count)> = BTreeMap::new();
        for role in &self.roles {
            for (id, row, _, marked) in role.rows() {
                let slot =
                    rows.entry((role.role.catalog, id)).or_insert((role.catalog, row, Count::default()));
                slot.2.add(Count { part: marked.count(), all: row.shape.width() });
            }
        }
        rows.into_values().collect()
    }
}
