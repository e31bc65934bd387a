//! Who holds what, and when.

use smallvec::SmallVec;

use crate::check::ground::Ground;
use crate::check::lost::Lost;
use crate::check::names::{Case, Names, PRINCIPAL, differs, is_blank, looks, with_near};
use crate::check::organizations::{Head, Opened, Openings};
use crate::check::roles::RoleNames;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Assignment, Principal, Role, Roles};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{PrincipalKind, Time};

pub(super) fn check(
    openings: &Openings<'_>,
    head: &Head,
    ground: &Ground,
    lost: &Lost,
    names: RoleNames<'_>,
    own: &[Role],
    findings: &mut Diagnostics,
) -> Vec<Principal> {
    let mut holders = Holders::default();
    let roles = ground.roles(own);
    let assignments = || openings.list.iter().flat_map(|opened| &opened.tree.assignments);
    // As many as are named: few are named twice.
    let most = assignments().map(|member| member.node.principals.len()).sum();
    holders.names.reserve(most);
    for opened in &openings.list {
        read(opened, head, ground, lost, names, roles, &mut holders, findings);
    }
    overlaps(&holders.list, roles, findings);
    holders.list.shrink_to_fit();
    holders.list
}

/// The principals of one organization.
#[derive(Default)]
struct Holders {
    list: Vec<Principal>,
    names: Names<usize>,
}

#[expect(clippy::too_many_arguments, reason = "one pass; the parts have no life together")]
fn read(
    opened: &Opened<'_>,
    head: &Head,
    ground: &Ground,
    lost: &Lost,
    names: RoleNames<'_>,
    roles: Roles<'_>,
    holders: &mut Holders,
    findings: &mut Diagnostics,
) {
    for member in &opened.tree.assignments {
        let scope = Scope::new(opened.input.source, opened.input.id, member);
        let tree = &member.node;
        let (name, place) = (scope.name(tree.role), scope.at(tree.role));
        let role = names.find(&name);
        // Without a catalog its templates are not known either: that has had its finding.
        let is_known = ground.uses.of(opened.input.id).is_some();
        let is_slip = || !findings.nearest(&name, None, &names.near()).is_empty();
        if role.is_none() && is_known && !scope.is_garbled(tree.role) && !lost.may_have_role(&name, is_slip) {
            let finding = Diagnostic::new(
                Code::UnknownRole,
                place,
                format!("organization `{}` has no role `{name}`, and there is no such template", head.id),
            )
            .label("an assignment of nothing");
            let finding = with_near(finding, &name, place, &names.near(), findings);
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
        let when = clauses(scope, tree, findings);
        let spans: SmallVec<[Span; 4]> = tree.principals.iter().map(|principal| principal.span).collect();
        for (position, principal) in tree.principals.iter().enumerate() {
            let Some(index) = principal_of(scope, principal, holders, findings) else { continue };
            // Two names that are read wrong may look the same and be different.
            let when = when.as_ref().filter(|_| !scope.is_garbled(principal.name));
            if let (Some(role), Some(when), Some(holder)) = (role, when, holders.list.get_mut(index)) {
                holder.assignments.push(Assignment {
                    role,
                    from: when.from,
                    until: when.until,
                    because: when.because.clone(),
                    place: scope.at(principal.name),
                    cut: scope
                        .without_one(&spans, position)
                        .unwrap_or_else(|| scope.without(Span::new(0, member.end - member.start))),
                });
            }
        }
    }
}

#[derive(Default)]
struct When {
    from: Option<Time>,
    until: Option<Time>,
    because: Option<Box<str>>,
}

/// When an assignment is in force; none where that is not known, or where it never is.
fn clauses(scope: Scope<'_>, tree: &ast::Assign, findings: &mut Diagnostics) -> Option<When> {
    let mut when = When::default();
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
        let mut finding = Diagnostic::new(
            Code::NeverValid,
            ends.unwrap_or(scope.at(tree.role)),
            "this assignment is never in force",
        )
        .label(format!("it ends at {until}, and `until` is exclusive"))
        .help("`until` names the first moment without the role; it is later than `from`");
        if let Some(begins) = begins {
            finding = finding.also(begins, format!("it begins at {from}"));
        }
        findings.push(finding);
        is_known = false;
    }
    is_known.then_some(when)
}

fn principal_of(
    scope: Scope<'_>,
    tree: &ast::Principal,
    holders: &mut Holders,
    findings: &mut Diagnostics,
) -> Option<usize> {
    let (name, place) = (scope.name(tree.name), scope.at(tree.name));
    if is_blank(&name) {
        findings.push(
            Diagnostic::new(Code::BadName, place, "a principal without a name")
                .help("write the name by which the console knows them, such as a mail address"),
        );
        return None;
    }
    if let Some(index) = holders.names.get(&name) {
        if let Some(known) = holders.list.get(index).filter(|known| known.kind != tree.kind) {
            findings.push(other_kind(&name, place, tree.kind, known));
            return None;
        }
        return Some(index);
    }
    let index = holders.list.len();
    match holders.names.declare(&name, index, place, Case::Same) {
        Ok(alike) => looks(PRINCIPAL, scope, tree.name, alike.as_ref(), findings),
        Err(clash) => {
            findings.push(
                Diagnostic::new(
                    Code::AmbiguousPrincipal,
                    place,
                    format!("`{name}` {}", differs(&name, &clash.name)),
                )
                .also(clash.place, "named so here")
                .help("names are compared byte for byte: write it the same everywhere"),
            );
        }
    }
    // Most hold one role.
    let assignments = Vec::with_capacity(1);
    holders.list.push(Principal { name: name.into(), kind: tree.kind, assignments, place });
    Some(index)
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
fn overlaps(principals: &[Principal], roles: Roles<'_>, findings: &mut Diagnostics) {
    for principal in principals.iter().filter(|principal| principal.assignments.len() > 1) {
        let mut by_role: Vec<&Assignment> = principal.assignments.iter().collect();
        let start = |assignment: &Assignment| assignment.from.unwrap_or(Time(i64::MIN));
        by_role.sort_by_key(|assignment| (assignment.role, start(assignment)));
        let mut last: Option<&Assignment> = None;
        for assignment in by_role {
            let earlier = last.filter(|last| last.role == assignment.role);
            if let Some(earlier) = earlier
                && earlier.until.is_none_or(|until| until > start(assignment))
            {
                let (first, again) = if earlier.place <= assignment.place {
                    (earlier, assignment)
                } else {
                    (assignment, earlier)
                };
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
            let ends = |assignment: &Assignment| assignment.until.unwrap_or(Time(i64::MAX));
            last = match earlier {
                Some(earlier) if ends(earlier) >= ends(assignment) => Some(earlier),
                _ => Some(assignment),
            };
        }
    }
}
