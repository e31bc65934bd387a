//! Which changes of a policy no test would notice: each cell and each assignment is changed in turn, and the lines that
//! rest on it are asked again. Nothing is compiled again, and nothing is left to chance: what a changed cell means for
//! the roles that start from it is followed.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//! use rolec::tools::testing::mutation;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let model = compiled.model.unwrap();
//! let mutation = mutation(&model, &compiled.sources);
//! let editor = mutation.roles.iter().find(|marked| &*marked.role.id == "editor").unwrap();
//! // That editors gain `delete` would be noticed, that they lose `update` would not.
//! assert_eq!(mutation.of(editor).part, 2);
//! assert_eq!(mutation.assignments.part, 0);
//! ```

use std::collections::HashMap;

use crate::catalog::Row;
use crate::model::{Assertion, Assignment, Model, Organization, Principal, RoleRef, Subject};
use crate::source::Sources;
use crate::tools::testing::marks::{Count, Marked, unmarked};
use crate::tools::testing::web::{Web, holds};
use crate::vocab::{Actions, Course};

/// Which changes of a policy its tests notice. Whether they pass is for its caller to know.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::mutation;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let mutation = mutation(&model, &compiled.sources);
/// assert_eq!(mutation.unnoticed.len(), mutation.assignments.all - mutation.assignments.part);
/// ```
#[derive(Clone, Debug)]
pub struct Mutation<'m> {
    /// Each role, with a mark on the actions that a test would miss, or be surprised by.
    pub roles: Vec<Marked<'m>>,
    /// How many of the changes of assignments are noticed.
    pub assignments: Count,
    /// The changes of assignments that are not.
    pub unnoticed: Vec<Unnoticed<'m>>,
}

/// A change of an assignment that no test notices.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::mutation;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let mutation = mutation(&model, &compiled.sources);
/// let bot = mutation.unnoticed.iter().find(|one| &*one.principal.name == "bot").unwrap();
/// assert_eq!((&*bot.organization.id, bot.role), ("acme", "editor"));
/// ```
#[derive(Clone, Debug)]
pub struct Unnoticed<'m> {
    /// The organization.
    pub organization: &'m Organization,
    /// Whose.
    pub principal: &'m Principal,
    /// The role's id.
    pub role: &'m str,
    /// As it is.
    pub assignment: &'m Assignment,
    /// What is taken from it.
    pub without: Without,
}

/// What is taken from an assignment.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::{Without, mutation};
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let mutation = mutation(&model, &compiled.sources);
/// // Ana's assignment has an end, and no test would notice if it had none.
/// assert!(mutation.unnoticed.iter().any(|one| one.without == Without::Until));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// All of it.
    All,
    /// Its beginning: it is in force before it too.
    From,
    /// Its end: it is in force ever after.
    Until,
}

/// Changes each cell and each assignment in turn.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::mutation;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let mutation = mutation(&model, &compiled.sources);
/// assert!(mutation.cells().part < mutation.cells().all);
/// ```
pub fn mutation<'m>(model: &'m Model, sources: &Sources) -> Mutation<'m> {
    let webs: Vec<Web<'m>> = model.organizations.iter().filter_map(|one| Web::new(model, one)).collect();
    let mut roles = unmarked(model, &webs, sources);
    for marked in &mut roles {
        let concerned: Vec<&Web<'m>> = match marked.organization {
            Some(own) => webs.iter().filter(|web| std::ptr::eq(web.organization, own)).collect(),
            None => webs.iter().filter(|web| std::ptr::eq(web.catalog, marked.catalog)).collect(),
        };
        for web in concerned {
            cells(web, marked);
        }
    }
    let (mut assignments, mut unnoticed) = (Count::default(), Vec::new());
    webs.iter().for_each(|web| of_assignments(web, &mut assignments, &mut unnoticed));
    Mutation { roles, assignments, unnoticed }
}

impl Mutation<'_> {
    /// How many of the changes of a role's cells are noticed.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    /// use rolec::tools::testing::mutation;
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let model = compiled.model.unwrap();
    /// let mutation = mutation(&model, &compiled.sources);
    /// let owner = mutation.roles.iter().find(|marked| &*marked.role.id == "owner").unwrap();
    /// assert_eq!(mutation.of(owner).part, 0, "no test speaks of it");
    /// ```
    pub fn of(&self, role: &Marked<'_>) -> Count {
        role.count(flips)
    }

    /// How many of all cells'.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    /// use rolec::tools::testing::mutation;
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let model = compiled.model.unwrap();
    /// let mutation = mutation(&model, &compiled.sources);
    /// let each = mutation.roles.iter().map(|marked| mutation.of(marked).part);
    /// assert_eq!(mutation.cells().part, each.sum::<usize>());
    /// ```
    pub fn cells(&self) -> Count {
        self.roles.iter().fold(Count::default(), |mut total, role| {
            total.add(self.of(role));
            total
        })
    }
}

/// The actions of a row that can be taken or given alone: of a ladder the topmost held and the next.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::flips;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let pages = &model.shared.catalogs[0].rows[1];
/// // Of verbs each.
/// assert_eq!(flips(pages, Default::default()), pages.shape.top());
/// ```
pub fn flips(row: &Row, held: Actions) -> Actions {
    let all = row.shape.top().positions().map(Actions::one);
    all.filter(|one| row.shape.is_level(flipped(held, *one))).fold(Actions::NONE, |all, one| all | one)
}

/// What is held when an action is taken or given.
///
/// ```
/// use rolec::tools::testing::flipped;
/// use rolec::vocab::Actions;
///
/// let (first, second) = (Actions::one(0), Actions::one(1));
/// assert_eq!((flipped(first, second), flipped(first, first)), (Actions::first(2), Actions::NONE));
/// ```
pub fn flipped(held: Actions, one: Actions) -> Actions {
    (held | one) - (held & one)
}

/// Marks the changes of a role's cells that tests of an organization notice.
fn cells(web: &Web<'_>, marked: &mut Marked<'_>) {
    for id in web.rows() {
        let Some(row) = web.catalog.row(id).filter(|row| web.has(row) && marked.has(row)) else { continue };
        let held = web.held(marked.id, row);
        for one in flips(row, held).positions().map(Actions::one) {
            let changed = web.changed(marked.id, id, row, flipped(held, one));
            if web.lines(id).iter().any(|line| fails(web, line, row, &changed)) {
                marked.mark(id, one);
            }
        }
    }
}

/// Whether a line fails where roles hold something else.
fn fails(web: &Web<'_>, line: &Assertion, row: &Row, changed: &HashMap<RoleRef, Actions>) -> bool {
    let held = |role: RoleRef| changed.get(&role).copied().unwrap_or_else(|| web.held(role, row));
    let of_roles = changed.iter().map(|(role, held)| (Subject::Role(*role), *held));
    let mut of_roles = of_roles.filter(|(subject, _)| line.claim.speaks_of(*subject));
    of_roles.any(|(subject, held)| !line.is_so(subject, held))
        || web.concerned(line, changed.keys()).into_iter().any(|at| {
            let all = web.assignments(at).iter();
            let course = Course::new(all.map(|one| (one.from(), one.until(), held(one.role))));
            !holds(line, Subject::Principal(at), &course)
        })
}

fn of_assignments<'m>(web: &Web<'m>, count: &mut Count, unnoticed: &mut Vec<Unnoticed<'m>>) {
    let mut lines: HashMap<usize, Vec<(&Row, &Assertion)>> = HashMap::new();
    for (id, line) in web.rows().flat_map(|id| web.lines(id).iter().map(move |line| (id, line))) {
        let Some(row) = web.catalog.row(id) else { continue };
        for subject in web.spoken_of(line) {
            if let Subject::Principal(at) = subject {
                lines.entry(at).or_default().push((row, line));
            }
        }
    }
    for (at, principal) in web.organization.principals.iter().enumerate() {
        let lines = lines.get(&at).map(Vec::as_slice).unwrap_or_default();
        for (index, assignment) in principal.assignments.iter().enumerate() {
            let bounds = [
                Some(Without::All),
                assignment.from().map(|_| Without::From),
                assignment.until().map(|_| Without::Until),
            ];
            for without in bounds.into_iter().flatten() {
                // Whom nothing is assigned any more is nobody, and a test that names them does not compile.
                let is_unknown = without == Without::All && principal.assignments.len() == 1;
                let is_named = || {
                    lines
                        .iter()
                        .any(|(_, line)| line.claim.each_named().any(|one| one == Subject::Principal(at)))
                };
                let is_noticed = is_unknown && is_named()
                    || lines.iter().any(|(row, line)| {
                        let spans = principal.assignments.iter().enumerate().filter_map(|(other, one)| {
                            let held = web.held(one.role, row);
                            match (other == index, without) {
                                (false, _) => Some((one.from(), one.until(), held)),
                                (true, Without::All) => None,
                                (true, Without::From) => Some((None, one.until(), held)),
                                (true, Without::Until) => Some((one.from(), None, held)),
                            }
                        });
                        !holds(line, Subject::Principal(at), &Course::new(spans))
                    });
                count.add(Count { part: usize::from(is_noticed), all: 1 });
                if !is_noticed {
                    unnoticed.push(Unnoticed {
                        organization: web.organization,
                        principal,
                        role: web.role(assignment.role).map_or("", |role| &role.id),
                        assignment,
                        without,
                    });
                }
            }
        }
    }
}
