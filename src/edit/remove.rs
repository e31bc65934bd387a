//! A role less. Nothing that hangs on it is lost in silence: who holds it gets another one, what starts from it stands
//! in the way, and lines that speak of it go only where that was said.

use std::cmp::Reverse;

use crate::edit::cut::Remarks;
use crate::edit::draft::Draft;
use crate::edit::mentions::{Mentioned, Statement};
use crate::edit::people::covers;
use crate::edit::policy::Site;
use crate::edit::spoken::Gone;
use crate::edit::{Mentions, Plan, Refusal, Rule, Way};
use crate::model::RoleRef;
use crate::source::{Place, Span};
use crate::syntax::spelled;
use crate::table::Role;
use crate::vocab::OrganizationKind;

pub(super) fn remove<'p>(
    site: &Site<'p>,
    role: &str,
    replace_with: Option<&str>,
    mentions: Mentions,
) -> Result<Plan<'p>, Refusal> {
    let known = site.own_role(role, "removed")?;
    let replacement = match replace_with {
        Some(name) => Some((name, site.role(name)?.0)),
        None => None,
    };
    if replace_with == Some(role) {
        return Err(Refusal::rule(format!("`{role}` cannot be replaced with itself")));
    }
    let mentioned = Mentioned::of(site, known);
    if !mentioned.bases.is_empty() {
        let message = format!("`{role}` is what other roles start from: give them another base first");
        return Err(Refusal::found(message, mentioned.bases));
    }
    if !mentioned.others.is_empty() {
        let message = format!("`{role}` is named where it cannot be left out: change that first");
        return Err(Refusal::found(message, mentioned.others));
    }
    if !mentioned.assignments.is_empty() && replacement.is_none() {
        return Err(assigned(site, role, &mentioned.assignments));
    }
    let spoken = mentioned.spoken;
    if !spoken.found.is_empty() && mentions == Mentions::Refuse {
        let message = format!("`{role}` is still spoken of");
        let rule = Rule { message, places: spoken.found, near: Vec::new(), way: Some(Way::Mentions) };
        return Err(Refusal::Rule(Box::new(rule)));
    }
    let mut draft = Draft::new(site.policy);
    let mut notes = Vec::new();
    if let Some((name, reference)) = replacement {
        for statement in &mentioned.assignments {
            hand_over(site, statement, (name, reference), &mut draft, &mut notes);
        }
    }
    for gone in &spoken.gone {
        match gone {
            Gone::Whole(place, remarks) => draft.cut(*place, *remarks),
            Gone::Items { file, items, is_gone } => draft.cut_items(*file, items, is_gone),
        }
    }
    if let Some((_, member)) = site.policy.member(known.place) {
        let span = Span::new(member.start, member.end);
        draft.cut(Place { file: known.place.file, span }, Remarks::Go);
    }
    Ok(Plan { draft, notes, home: Some(known.place.file), takes: true })
}

/// The refusal of a role that somebody holds: who does, and which roles are nearest to it.
fn assigned(site: &Site<'_>, role: &str, statements: &[Statement<'_>]) -> Refusal {
    let mut places = Vec::new();
    for statement in statements {
        let (from, until) = statement.period();
        let from = from.map(|from| format!(", from {from}")).unwrap_or_default();
        let until = until.map(|until| format!(", until {until}")).unwrap_or_default();
        for principal in &statement.member.node.principals {
            let name = statement.scope.name(principal.name);
            let text = format!("assigned to `{name}`{from}{until}");
            places.push(site.policy.found(statement.scope.at(principal.name), text));
        }
    }
    let near = nearest(site, role);
    let told: Vec<String> = near.iter().map(|near| format!("`{}` ({})", near.id, near.words())).collect();
    let told = if told.is_empty() { String::new() } else { format!(", the nearest are {}", told.join(", ")) };
    let message = format!(
        "`{role}` is assigned in organization `{}`: its holders need another role{told}",
        site.organization.id
    );
    let near = near.into_iter().map(|near| near.id).collect();
    Refusal::Rule(Box::new(Rule { message, places, near, way: Some(Way::Replace) }))
}

/// A role with what it holds more and less than another.
struct Near {
    id: String,
    more: usize,
    fewer: usize,
}

impl Near {
    fn words(&self) -> String {
        let plural = |count: usize| if count == 1 { "permission" } else { "permissions" };
        match (self.more, self.fewer) {
            (0, 0) => "the same permissions".to_owned(),
            (more, 0) => format!("{more} more {}", plural(more)),
            (0, fewer) => format!("{fewer} fewer {}", plural(fewer)),
            (more, fewer) => format!("{more} more and {fewer} fewer permissions"),
        }
    }
}

/// The roles that hold nearly the same in an organization. Of two, the one that gives less is nearer.
fn nearest(site: &Site<'_>, role: &str) -> Vec<Near> {
    const SHOWN: usize = 3;
    let table = site.policy.table();
    let find = || {
        let organization = table.organization_view(table.organization(&site.organization.id)?)?;
        let role = organization.roles().find(|own| own.id() == role)?;
        Some((organization, role))
    };
    let Some((organization, role)) = find() else { return Vec::new() };
    let is_direct = organization.kind() == OrganizationKind::Direct;
    let rows = || role.catalog().rows().filter(|row| !(is_direct && row.is_only_managed()));
    let others = organization.assignable().filter(|other| other.key() != role.key());
    let count = |one: Role<'_>, other: Role<'_>| -> usize {
        rows().map(|row| (one.actions(row.key()) - other.actions(row.key())).count()).sum()
    };
    let mut all: Vec<Near> = others
        .filter(|other| other.catalog().key() == role.catalog().key())
        .map(|other| Near { id: other.id().to_owned(), more: count(other, role), fewer: count(role, other) })
        .collect();
    all.sort_by_key(|near| (near.more + near.fewer, Reverse(near.fewer), near.id.clone()));
    all.truncate(SHOWN);
    all
}

/// Gives another role to those that an assignment names. Who has it for all of that time keeps the one.
fn hand_over(
    site: &Site<'_>,
    statement: &Statement<'_>,
    (name, role): (&str, RoleRef),
    draft: &mut Draft<'_>,
    notes: &mut Vec<String>,
) {
    let period = statement.period();
    let has = |principal: &str| {
        let known = site.organization.principals.iter().find(|known| *known.name == *principal);
        known.is_some_and(|known| {
            known.assignments.iter().any(|one| one.role == role && covers((one.from(), one.until()), period))
        })
    };
    let tree = &statement.member.node;
    let names = tree.principals.iter().map(|principal| statement.scope.name(principal.name));
    let has: Vec<bool> = names
        .map(|principal| {
            let has = has(&principal);
            if has {
                notes.push(format!("`{principal}` has `{name}` for all of that time already"));
            }
            has
        })
        .collect();
    if has.iter().all(|has| *has) {
        draft.cut(statement.place(), Remarks::GoWithLast);
        return;
    }
    draft.replace(statement.scope.at(tree.role), spelled(name));
    if has.contains(&true) {
        draft.cut_items(statement.opening.file, &statement.principals(), &has);
    }
}
