//! Who holds what, and when.

mod again;

pub(crate) use self::again::Faces;
pub(super) use self::again::{Edited, Known, again};

use smallvec::SmallVec;

use crate::check::ground::Ground;
use crate::check::lost::Lost;
use crate::check::names::{Case, Names, PRINCIPAL, differs, is_blank, looks_at, with_near};
use crate::check::organizations::{Head, Opened, Openings, Rows};
use crate::check::roles::RoleNames;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::{Assignment, Clauses, Principal, Principals, RoleRef, Roles};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{PrincipalKind, Time, limits};

pub(super) fn check(openings: &Openings<'_>, around: Around<'_>, findings: &mut Diagnostics) -> Principals {
    let mut holders = Holders::default();
    let assignments = || openings.list.iter().flat_map(|opened| &opened.tree.assignments);
    // As many as are named: few are named twice.
    let in_text: usize = assignments().map(|member| member.node.principals.len()).sum();
    let count = in_text + openings.rows.iter().map(|rows| rows.range.len()).sum::<usize>();
    holders.names.reserve(count);
    holders.list.reserve(count);
    for opened in &openings.list {
        around.read(opened, &mut holders, findings);
    }
    for rows in &openings.rows {
        around.enter(rows, &mut holders, findings);
    }
    holders.list.shrink_to_fit();
    let principals = Principals::from(holders.list);
    for principal in principals.several() {
        overlaps(principal, around.roles, findings);
    }
    principals
}

/// The principals of one organization.
#[derive(Default)]
struct Holders {
    list: Vec<Principal>,
    names: Names<usize>,
}

/// What assignments of one organization are read against.
#[derive(Clone, Copy)]
pub(super) struct Around<'c> {
    pub(super) head: &'c Head,
    pub(super) ground: &'c Ground,
    pub(super) lost: &'c Lost,
    pub(super) names: RoleNames<'c>,
    pub(super) roles: Roles<'c>,
}

impl Around<'_> {
    /// What the text of an opening says.
    fn read(&self, opened: &Opened<'_>, holders: &mut Holders, findings: &mut Diagnostics) {
        // Without a catalog its templates are not known either: that has had its finding.
        let is_known = self.ground.uses.of(opened.input.id).is_some();
        for member in &opened.tree.assignments {
            let scope = Scope::new(opened.input.source, opened.input.id, member);
            let tree = &member.node;
            let may_miss = is_known && !scope.is_garbled(tree.role);
            let role = self.role(&scope.name(tree.role), scope.at(tree.role), may_miss, findings);
            let when = clauses(scope, tree, findings);
            let spans: SmallVec<[Span; 4]> = tree.principals.iter().map(|principal| principal.span).collect();
            for (position, principal) in tree.principals.iter().enumerate() {
                let is_garbled = scope.is_garbled(principal.name);
                let name = scope.name(principal.name);
                let said =
                    Said { name: &name, place: scope.at(principal.name), kind: principal.kind, is_garbled };
                let Some(index) = holders.find(said, findings) else { continue };
                // Two names that are read wrong may look the same and be different.
                let when = when.as_ref().filter(|_| !is_garbled);
                if let (Some(role), Some(when), Some(holder)) = (role, when, holders.list.get_mut(index)) {
                    let cut = cut(scope, member, &spans, position);
                    holder.assignments.push(Assignment::new(role, when.clone(), said.place, cut));
                }
            }
        }
    }

    /// What rows of a file say.
    fn enter(&self, rows: &Rows<'_>, holders: &mut Holders, findings: &mut Diagnostics) {
        let is_known = self.head.catalog().is_some();
        // So many are told of one file, and no more are kept.
        let enough = findings.len() + 2 * limits::ROW_FINDINGS;
        let mut untold = Diagnostics::new();
        for entry in rows.roster.entries(rows.range.clone()) {
            keep_errors(&mut untold);
            let findings = if findings.len() < enough { &mut *findings } else { &mut untold };
            let role = self.role(entry.role, entry.role_at, is_known, findings);
            let (from, until) = (entry.from, entry.until);
            let is_ever = match (from, until) {
                (Some(from), Some(until)) if until <= from => {
                    findings.push(never((from, Some(entry.from_at)), (until, entry.until_at)));
                    false
                }
                _ => true,
            };
            let said = Said { name: entry.principal, place: entry.at, kind: entry.kind, is_garbled: false };
            let Some(index) = holders.find(said, findings) else { continue };
            if let (Some(role), true, Some(holder)) = (role, is_ever, holders.list.get_mut(index)) {
                let clauses = Clauses::of(from, until, entry.because.map(Box::from));
                holder.assignments.push(Assignment::new(role, clauses, said.place, said.place));
            }
        }
        keep_errors(&mut untold);
        findings.append(untold);
    }

    /// The role or template that is assigned. `may_miss` says whether it is told where there is none.
    fn role(&self, name: &str, place: Place, may_miss: bool, findings: &mut Diagnostics) -> Option<RoleRef> {
        let Self { head, ground, lost, names, roles } = self;
        let role = names.find(name);
        let is_slip = || !findings.nearest(name, None, &names.near()).is_empty();
        if role.is_none() && may_miss && !lost.may_have_role(name, is_slip) {
            let finding = Diagnostic::new(
                Code::UnknownRole,
                place,
                format!("organization `{}` has no role `{name}`, and there is no such template", head.id),
            )
            .label("an assignment of nothing");
            let finding = with_near(finding, name, place, &names.near(), findings);
            findings.push(finding);
        }
        if let Some(other) = role.and_then(|role| roles.get(role))
            && let (Some(_), Some(ours)) = (ground.catalog(other.catalog), head.catalog())
            && other.catalog != ours
        {
            findings.push(
                Diagnostic::new(
                    Code::OtherCatalog,
                    place,
                    format!("`{name}` is of another catalog than this organization"),
                )
                .also(other.place, "declared here"),
            );
        }
        role
    }
}

/// What to take out of the text so that a role is not assigned to one of those who are named.
fn cut(scope: Scope<'_>, member: &ast::Member<ast::Assign>, spans: &[Span], position: usize) -> Place {
    let alone = scope.without_one(spans, position);
    alone.unwrap_or_else(|| scope.without(Span::new(0, member.end - member.start)))
}

/// The clauses of an assignment, if it has any; none where they are not known, or where it is never in force.
fn clauses(scope: Scope<'_>, tree: &ast::Assign, findings: &mut Diagnostics) -> Option<Option<Box<Clauses>>> {
    let mut when = Clauses::default();
    let mut is_known = true;
    let mut seen: [Option<Place>; 3] = [None; 3];
    for clause in &tree.clauses {
        let (slot, word) = match clause.what {
            ast::ClauseKind::From(_) => (0, "from"),
            ast::ClauseKind::Until(_) => (1, "until"),
            ast::ClauseKind::Because(_) => (2, "because"),
        };
        let place = scope.place(clause.span);
        if let Some(Some(first)) = seen.get(slot) {
            findings.push(
                Diagnostic::new(Code::SaidTwice, place, format!("`{word}` is said twice in this assignment"))
                    .also(*first, "first here"),
            );
            continue;
        }
        if let Some(slot) = seen.get_mut(slot) {
            *slot = Some(place);
        }
        match clause.what {
            ast::ClauseKind::From(time) => {
                is_known &= time.is_some();
                when.from = time;
            }
            ast::ClauseKind::Until(time) => {
                is_known &= time.is_some();
                when.until = time;
            }
            ast::ClauseKind::Because(text) => when.because = Some(scope.name(text).into()),
        }
    }
    if let (Some(from), Some(until)) = (when.from, when.until)
        && until <= from
    {
        let [begins, ends, _] = seen;
        findings.push(never((from, begins), (until, ends.unwrap_or(scope.at(tree.role)))));
        is_known = false;
    }
    is_known.then(|| Clauses::of(when.from, when.until, when.because))
}

/// The finding for an assignment that ends before it begins.
fn never((from, begins): (Time, Option<Place>), (until, ends): (Time, Place)) -> Diagnostic {
    let finding = Diagnostic::new(Code::NeverValid, ends, "this assignment is never in force")
        .label(format!("it ends at {until}, and `until` is exclusive"))
        .help("`until` names the first moment without the role; it is later than `from`");
    match begins {
        Some(begins) => finding.also(begins, format!("it begins at {from}")),
        None => finding,
    }
}

/// Leaves the first errors of what is not told. A row with an error is left out: without a finding of it a policy with a part
/// missing would be built.
fn keep_errors(untold: &mut Diagnostics) {
    let mut errors = 0;
    untold.retain(|finding| {
        let is_kept = finding.severity() == Severity::Error && errors < limits::ROW_FINDINGS;
        errors += usize::from(is_kept);
        is_kept
    });
}

/// A principal as an assignment names it.
#[derive(Clone, Copy)]
struct Said<'s> {
    name: &'s str,
    place: Place,
    kind: PrincipalKind,
    /// Whether its text has a finding, so that it says nothing about the name.
    is_garbled: bool,
}

impl Holders {
    /// The number of a principal, which is new or known.
    fn find(&mut self, said: Said<'_>, findings: &mut Diagnostics) -> Option<usize> {
        let Said { name, place, kind, is_garbled } = said;
        if is_blank(name) {
            findings.push(
                Diagnostic::new(Code::BadName, place, "a principal without a name")
                    .help("write the name by which the console knows them, such as a mail address"),
            );
            return None;
        }
        if let Some(index) = self.names.get(name) {
            if let Some(known) = self.list.get(index).filter(|known| known.kind != kind) {
                findings.push(other_kind(name, place, kind, known));
                return None;
            }
            return Some(index);
        }
        let index = self.list.len();
        match self.names.declare(name, index, place, Case::Same) {
            // What its text has wrong has been told of it.
            Ok(alike) if !is_garbled => looks_at(PRINCIPAL, name, place, alike.as_ref(), findings),
            Ok(_) => {}
            Err(clash) => {
                findings.push(
                    Diagnostic::new(
                        Code::AmbiguousPrincipal,
                        place,
                        format!("`{name}` {}", differs(name, &clash.name)),
                    )
                    .also(clash.place, "named so here")
                    .help("names are compared byte for byte: write it the same everywhere"),
                );
            }
        }
        self.list.push(Principal { name: name.into(), kind, assignments: SmallVec::new(), place });
        Some(index)
    }
}

/// The finding for a name that is a person and a service account.
pub(super) fn other_kind(name: &str, place: Place, here: PrincipalKind, known: &Principal) -> Diagnostic {
    let word = |kind| if kind == PrincipalKind::Service { "a service account" } else { "a person" };
    let message = format!("`{name}` is {} here and {} elsewhere", word(here), word(known.kind));
    Diagnostic::new(Code::AmbiguousPrincipal, place, message)
        .also(known.place, format!("{} here", word(known.kind)))
        .help("both share one namespace in the organization")
}

/// Assignments of one role to one principal that are in force at the same time.
fn overlaps(principal: &Principal, roles: Roles<'_>, findings: &mut Diagnostics) {
    if principal.assignments.len() < 2 {
        return;
    }
    let mut by_role: Vec<&Assignment> = principal.assignments.iter().collect();
    let start = |assignment: &Assignment| assignment.from().unwrap_or(Time(i64::MIN));
    by_role.sort_by_key(|assignment| (assignment.role, start(assignment)));
    let mut last: Option<&Assignment> = None;
    for assignment in by_role {
        let earlier = last.filter(|last| last.role == assignment.role);
        if let Some(earlier) = earlier
            && earlier.until().is_none_or(|until| until > start(assignment))
        {
            let (first, again) =
                if earlier.place <= assignment.place { (earlier, assignment) } else { (assignment, earlier) };
            let role = roles.get(assignment.role).map_or("", |role| &role.id);
            findings.push(
                Diagnostic::new(
                    Code::OverlappingAssignment,
                    again.place,
                    format!("`{}` is assigned `{role}` twice for the same time", principal.name),
                )
                .also(first.place, "also assigned here")
                .help("keep one, or let one end where the other begins"),
            );
        }
        let ends = |assignment: &Assignment| assignment.until().unwrap_or(Time(i64::MAX));
        last = match earlier {
            Some(earlier) if ends(earlier) >= ends(assignment) => Some(earlier),
            _ => Some(assignment),
        };
    }
}
