//! Roles given to principals, and taken from them. An assignment that says the same of others takes a name more; one that
//! names others too loses the name alone.

use std::collections::BTreeSet;

use crate::diagnostic::{either, nearest};
use crate::edit::cut::{Remarks, is_allow};
use crate::edit::draft::Draft;
use crate::edit::mentions::Statement;
use crate::edit::page::{Gap, Indent, behind_brace};
use crate::edit::policy::Site;
use crate::edit::roles::{is_alike, page};
use crate::edit::{Plan, Refusal};
use crate::eval::Reason;
use crate::source::{FileId, Place, Span};
use crate::syntax::{ast, quoted, spelled};
use crate::tools::ask::{self, Patience, Unasked};
use crate::vocab::{PrincipalKind, Time};

/// From when until when.
type Period = (Option<Time>, Option<Time>);

/// Whether a period is all in another.
pub(super) fn covers((from, until): Period, other: Period) -> bool {
    let start = |from: Option<Time>| from.unwrap_or(Time(i64::MIN));
    let end = |until: Option<Time>| until.unwrap_or(Time(i64::MAX));
    start(from) <= start(other.0) && end(until) >= end(other.1)
}

/// An assignment to be.
pub(super) struct Wanted<'a> {
    pub(super) role: &'a str,
    pub(super) who: &'a [&'a str],
    pub(super) kind: PrincipalKind,
    pub(super) from: Option<Time>,
    pub(super) until: Option<Time>,
    pub(super) because: Option<&'a str>,
}

/// A principal as it is written.
fn written(name: &str, kind: PrincipalKind) -> String {
    match kind {
        PrincipalKind::Admin => quoted(name),
        PrincipalKind::Service => format!("service {}", quoted(name)),
    }
}

/// `assign ROLE to WHO from … until … because …`.
fn statement(role: &str, who: &[String], (from, until): Period, because: Option<&str>) -> String {
    let mut text = format!("assign {} to {}", spelled(role), who.join(", "));
    if let Some(from) = from {
        text += &format!(" from {from}");
    }
    if let Some(until) = until {
        text += &format!(" until {until}");
    }
    if let Some(because) = because {
        text += &format!(" because {}", quoted(because));
    }
    text
}

pub(super) fn assign<'p>(
    site: &Site<'p>,
    wanted: &Wanted<'_>,
    may_change: &dyn Fn(FileId) -> bool,
) -> Result<Plan<'p>, Refusal> {
    let period = (wanted.from, wanted.until);
    if let (Some(from), Some(until)) = period
        && until <= from
    {
        let message = format!("no moment is from {from} until {until}: a period ends after it begins");
        return Err(Unasked::Malformed(message).into());
    }
    let (role, known) = site.role(wanted.role)?;
    let mut notes = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut kinds: Vec<PrincipalKind> = Vec::new();
    let mut seen = BTreeSet::new();
    // Who is named twice is told of once.
    for name in wanted.who.iter().filter(|name| seen.insert(**name)) {
        let kind = kind_of(site, name, wanted.kind, &mut notes)?;
        let held = site.organization.principals.iter().find(|known| *known.name == **name);
        let mut held = held.into_iter().flat_map(|known| &known.assignments).filter(|one| one.role == role);
        if held.any(|one| covers((one.from(), one.until()), period)) {
            let role = wanted.role;
            notes.push(format!("`{name}` is assigned `{role}` for all of that time already: nothing to do"));
            continue;
        }
        names.push(written(name, kind));
        kinds.push(kind);
    }
    let mut draft = Draft::new(site.policy);
    if names.is_empty() {
        return Ok(Plan { draft, notes, home: None, takes: false });
    }
    let mut alike = Statement::of_role(site, &known.id);
    alike.retain(|statement| may_change(statement.opening.file));
    let says_the_same = |statement: &&Statement<'_>| {
        // People and machines are not put into one line.
        let mut others = statement.member.node.principals.iter().map(|principal| principal.kind);
        statement.period() == period
            && !is_allowed(statement)
            && !is_remarked(statement)
            && statement.because().as_deref() == wanted.because
            && others.all(|other| kinds.iter().all(|kind| *kind == other))
    };
    if let Some(same) = alike.iter().rfind(says_the_same)
        && let Some(last) = same.principals().last()
    {
        draft.insert(same.opening.file, last.end, format!(", {}", names.join(", ")));
        return Ok(Plan { draft, notes, home: None, takes: false });
    }
    let home = match alike.last() {
        Some(last) => last.opening,
        None => site.home(may_change, |tree| tree.assignments.len())?,
    };
    let text = statement(&known.id, &names, period, wanted.because);
    let lines = Indent::of(home).lines(&text);
    let last = alike.last().map(|statement| statement.member).or(home.tree.assignments.last());
    let others = home.members().map(|member| member.end).max();
    match (last, others, behind_brace(home)) {
        (Some(last), ..) => draft.push(page(home).below(last.end as usize, &lines, Gap::None)),
        (None, Some(last), _) => draft.push(page(home).below(last as usize, &lines, Gap::Empty)),
        (None, None, Some(at)) => draft.push(page(home).inside(at, &lines, Gap::None)),
        (None, None, None) => {}
    }
    Ok(Plan { draft, notes, home: None, takes: false })
}

/// Whether findings of an assignment are allowed: they are so for those whom it names, and for nobody else.
fn is_allowed(statement: &Statement<'_>) -> bool {
    let page = page(statement.opening);
    let (start, end) = (statement.member.start as usize, statement.member.end as usize);
    let above = page.slice(0, page.line_start(start)).lines().rev().map(str::trim_start);
    let own = page.slice(start, page.line_end(end)).lines();
    let own = own.filter_map(|line| line.find("//").and_then(|at| line.get(at..)));
    above.take_while(|line| line.starts_with("//")).chain(own).any(is_allow)
}

/// What a principal is, of whom the organization may know already.
fn kind_of(
    site: &Site<'_>,
    name: &str,
    wanted: PrincipalKind,
    notes: &mut Vec<String>,
) -> Result<PrincipalKind, Refusal> {
    let principals = &site.organization.principals;
    let organization = &site.organization.id;
    if let Some(known) = principals.iter().find(|known| *known.name == *name) {
        // Who is known as a service account needs no word more; a person becomes none by the way.
        if known.kind == PrincipalKind::Admin && wanted == PrincipalKind::Service {
            let message =
                format!("`{name}` is a person in organization `{organization}`, and no service account");
            return Err(Refusal::found(message, vec![site.policy.found(known.place, "named here")]));
        }
        return Ok(known.kind);
    }
    if let Some(known) = principals.iter().find(|known| is_alike(&known.name, name)) {
        let message = format!(
            "`{name}` differs from `{}` only by case or Unicode form: write it the same everywhere",
            known.name
        );
        let place = vec![site.policy.found(known.place, "named here")];
        return Err(Refusal::found(message, place));
    }
    let near = near(name, principals.iter().map(|known| &*known.name));
    let near = if near.is_empty() { String::new() } else { format!("; or did you mean {}?", either(&near)) };
    notes.push(format!("`{name}` is new in organization `{organization}`{near}"));
    Ok(wanted)
}

/// The names that one may be a slip of. All addresses of a company are near to each other, so that what is before the
/// `@` counts alone where the rest is the same.
fn near<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let domain = name.rsplit_once('@').map(|(_, domain)| domain);
    let local = |name: &'n str| name.rsplit_once('@').map_or(name, |(local, _)| local);
    let alike: Vec<&str> =
        known.filter(|known| known.rsplit_once('@').map(|(_, domain)| domain) == domain).collect();
    let of_name = name.rsplit_once('@').map_or(name, |(local, _)| local);
    let near = nearest(of_name, alike.iter().map(|known| local(known)));
    near.iter().filter_map(|near| alike.iter().find(|known| local(known) == *near).copied()).collect()
}

pub(super) fn unassign<'p>(
    site: &Site<'p>,
    role: &str,
    who: &[&str],
    until: Option<Time>,
) -> Result<Plan<'p>, Refusal> {
    let (reference, known) = site.role(role)?;
    let mut notes = Vec::new();
    let mut seen = BTreeSet::new();
    for name in who.iter().filter(|name| seen.insert(**name)) {
        let Some(principal) = site.organization.principals.iter().find(|known| *known.name == **name) else {
            return Err(unknown(site, name));
        };
        if !principal.assignments.iter().any(|one| one.role == reference) {
            notes.push(format!("`{name}` is not assigned `{role}`: nothing to do"));
        }
    }
    let mut draft = Draft::new(site.policy);
    for statement in Statement::of_role(site, &known.id) {
        let tree = &statement.member.node;
        let names = tree.principals.iter().map(|principal| statement.scope.name(principal.name));
        let is_named: Vec<bool> = names.map(|name| who.contains(&&*name)).collect();
        if !is_named.contains(&true) {
            continue;
        }
        let (begins, ends) = statement.period();
        match until {
            Some(until) if ends.is_some_and(|ends| ends <= until) => {
                notes.extend(tree.principals.iter().zip(&is_named).filter(|(_, named)| **named).map(
                    |(one, _)| {
                        let name = statement.scope.name(one.name);
                        format!("`{name}` does not hold `{role}` any more by then: nothing to do")
                    },
                ));
            }
            Some(until) if begins.is_none_or(|begins| begins < until) => {
                end(&statement, &is_named, until, &mut draft);
            }
            _ => take(&statement, &is_named, &mut draft),
        }
    }
    Ok(Plan { draft, notes, home: None, takes: true })
}

fn unknown(site: &Site<'_>, name: &str) -> Refusal {
    let names = site.organization.principals.iter().map(|known| (&*known.name, None));
    Refusal::Unasked(Unasked::Unknown {
        reason: Reason::UnknownPrincipal,
        message: format!("organization `{}` has no assignment of `{name}`", site.organization.id),
        near: ask::near(name, names, &Patience::default()),
    })
}

/// Whether something is said of it, or of one whom it names, on a line of theirs. It would be said of others too.
fn is_remarked(statement: &Statement<'_>) -> bool {
    let page = page(statement.opening);
    let mut ends = statement.principals().into_iter().map(|span| page.behind_comma(span.end as usize));
    page.remark(statement.member.end as usize).is_some() || ends.any(|end| page.remark(end).is_some())
}

/// Takes names out of an assignment, and all of it where no other is left.
fn take(statement: &Statement<'_>, is_named: &[bool], draft: &mut Draft<'_>) {
    if is_named.contains(&false) {
        draft.cut_items(statement.opening.file, &statement.principals(), is_named);
    } else {
        draft.cut(statement.place(), Remarks::GoWithLast);
    }
}

/// Lets an assignment end for those that are named. Others in it keep it as it is.
fn end(statement: &Statement<'_>, is_named: &[bool], until: Time, draft: &mut Draft<'_>) {
    let tree = &statement.member.node;
    let file = statement.opening.file;
    if is_named.contains(&false) {
        take(statement, is_named, draft);
        let named = tree.principals.iter().zip(is_named).filter(|(_, named)| **named);
        let who: Vec<String> =
            named.map(|(one, _)| written(&statement.scope.name(one.name), one.kind)).collect();
        let role = statement.scope.name(tree.role);
        let (begins, _) = statement.period();
        let text = self::statement(&role, &who, (begins, Some(until)), statement.because().as_deref());
        let (page, indent) = (page(statement.opening), Indent::of(statement.opening));
        let mut lines = indent.lines(&text);
        // What is said of them on lines of their own comes along.
        let spans = statement.principals();
        let gone = spans
            .iter()
            .zip(is_named)
            .filter(|(span, named)| **named && page.begins_line(span.start as usize));
        let remarks = gone.filter_map(|(span, _)| page.remark(page.behind_comma(span.end as usize)));
        let remarks: Vec<String> = remarks.map(|remark| indent.line(remark)).collect();
        lines.splice(0..0, remarks);
        draft.push(page.below(statement.member.end as usize, &lines, Gap::None));
        return;
    }
    let clause = |is_it: fn(&ast::ClauseKind) -> bool| tree.clauses.iter().find(|one| is_it(&one.what));
    if let Some(old) = clause(|what| matches!(what, ast::ClauseKind::Until(_))) {
        draft.replace(statement.scope.place(old.span), format!("until {until}"));
        return;
    }
    let begins = clause(|what| matches!(what, ast::ClauseKind::From(_)));
    let principals = statement.principals();
    let at: Option<Span> =
        begins.map(|clause| statement.scope.place(clause.span).span).or(principals.last().copied());
    if let Some(at) = at {
        let end = Span::new(at.end, at.end);
        draft.replace(Place { file, span: end }, format!(" until {until}"));
    }
}

#[cfg(test)]
mod tests {
    use super::{Time, covers, near};

    #[test]
    fn a_period_is_in_another() {
        let (one, two) = (Some(Time(1)), Some(Time(2)));
        assert!(covers((None, None), (one, two)) && covers((one, two), (one, two)));
        assert!(!covers((one, two), (None, two)) && !covers((one, two), (one, None)));
        assert!(!covers((one, Some(Time(3))), (None, two)));
    }

    #[test]
    fn an_address_is_near_by_what_is_its_own() {
        let known = || ["ana@acme.example", "kofi@acme.example", "anna@other.example", "siem"].into_iter();
        assert_eq!(near("anna@acme.example", known()), ["ana@acme.example"]);
        assert_eq!(near("kim@acme.example", known()), [""; 0]);
        assert_eq!(near("seim", known()), ["siem"]);
    }
}
