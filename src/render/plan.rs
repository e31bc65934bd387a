//! Whether somebody may make a change, for people: the answer, then each organization that the change touches, by what,
//! and who may. Where the answer is no stands first.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::render::{Color, diff::Length, plan};
//! use rolec::source::Sources;
//! use rolec::tools::plan::{self as tool, Version};
//! use rolec::vocab::Time;
//!
//! let text = rolec::example::POLICY.replace("assign reader to", "assign owner to \"bea@acme.example\"\nassign reader to");
//! let later = text.replace("until 2027-01-01", "until 2028-01-01");
//! let [old, new] = [text, later].map(|text| compile(Sources::from_iter([("acme.role", text)])));
//! let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
//! let mut out = Vec::new();
//! plan::human(&tool::plan(old, new, "ana@acme.example", Time(0)), Length::Short, Color::Never, &mut out)?;
//! assert_eq!(
//!     String::from_utf8(out)?,
//!     "\
//! may not: `ana@acme.example` lacks the super role of organization acme
//! organization acme: may not, lacks owner; held by bea@acme.example
//!   ~ assignments of ana@acme.example at acme.role:39:22
//! ",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io::{self, Write};

use crate::diagnostic::{Severity, either};
use crate::model::Assignment;
use crate::render::diff::Length;
use crate::render::escape::{escaped_line, one_line};
use crate::render::human::{Color, painted};
use crate::render::testing::at;
use crate::tools::ask::bare_or_quoted;
use crate::tools::plan::{Change, How, Plan, Side, Standing, Super, Topic, Touched};
use crate::vocab::PrincipalKind;

/// Writes whether somebody may make a change, and why.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::{Color, diff::Length, plan::human};
/// use rolec::source::Sources;
/// use rolec::tools::plan::{Version, plan};
/// use rolec::vocab::Time;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let same = Version { model: compiled.model.as_ref().unwrap(), sources: &compiled.sources };
/// let told = |who: &str| {
///     let mut out = Vec::new();
///     human(&plan(same, same, who, Time(0)), Length::Short, Color::Never, &mut out).unwrap();
///     String::from_utf8(out).unwrap()
/// };
/// assert_eq!(told("ana@acme.example"), "may: nothing is changed that asks for a super role\n");
/// assert_eq!(told("eve"), "may not: the old policy does not know `eve`\n");
/// ```
pub fn human(plan: &Plan<'_>, length: Length, color: Color, out: &mut dyn Write) -> io::Result<()> {
    let (word, severity) = if plan.may() { ("may", Severity::Note) } else { ("may not", Severity::Error) };
    writeln!(out, "{}: {}", painted(word, severity, color), escaped_line(&answer(plan)))?;
    let mut told: Vec<&Touched<'_>> = plan.organizations.iter().collect();
    told.sort_by_key(|touched| touched.may());
    for touched in told.iter().take(length.of(told.len())) {
        let id = bare_or_quoted(touched.id());
        one_line(out, &format!("organization {id}: {}", standing(touched, length)))?;
        changes(plan, &touched.changes, length, out)?;
    }
    rest("", told.len(), length, out)?;
    if let Some(elsewhere) = &plan.elsewhere {
        let text = anywhere("what no organization uses", &elsewhere.standing, &elsewhere.holders, length);
        one_line(out, &format!("in no organization: {text}"))?;
        changes(plan, &elsewhere.changes, length, out)?;
    }
    Ok(())
}

/// The answer in a sentence.
fn answer(plan: &Plan<'_>) -> String {
    let who = plan.principal;
    if !plan.is_known {
        let near = match plan.near.as_slice() {
            [] => String::new(),
            near => format!("; did you mean {}?", either(near)),
        };
        return format!("the old policy does not know `{who}`{near}");
    }
    if plan.is_empty() {
        return "nothing is changed that asks for a super role".to_owned();
    }
    let barred: Vec<&Touched<'_>> = plan.organizations.iter().filter(|it| !it.may()).collect();
    match (barred.as_slice(), plan.organizations.len()) {
        ([], _) if plan.may() => {
            format!("{} holds the super role wherever this change reaches", account(plan))
        }
        ([], _) => format!("`{who}` lacks the super role of any organization"),
        ([one], 1) => format!("`{who}` lacks the super role of organization {}", bare_or_quoted(one.id())),
        (barred, all) => format!("`{who}` lacks the super role in {} of {all} organizations", barred.len()),
    }
}

/// Who may, and whether that is a service account: a key that leaks is a key to everything then.
fn account(plan: &Plan<'_>) -> String {
    let held = plan.organizations.iter().map(|touched| &touched.standing);
    let held = held.chain(plan.elsewhere.as_ref().map(|elsewhere| &elsewhere.standing));
    let is_service = |standing: &Standing<'_>| matches!(standing, Standing::Holds(it) if it.principal.kind == PrincipalKind::Service);
    let word = if held.into_iter().any(is_service) { "service account " } else { "" };
    format!("{word}`{}`", plan.principal)
}

/// How the principal stands to the super role of an organization, and who may.
fn standing(touched: &Touched<'_>, length: Length) -> String {
    if touched.old.is_none() {
        return anywhere("a new organization", &touched.standing, &touched.holders, length);
    }
    let role = touched.role.map_or_else(Default::default, |role| bare_or_quoted(&role.id));
    match &touched.standing {
        Standing::Holds(holder) => format!("may, holds {role}{}", period(holder.assignment)),
        Standing::Elsewhen(assignment) => {
            let when = period(assignment);
            format!("may not, holds {role}{when} only; {}", holders(&touched.holders, length))
        }
        Standing::Lacks => format!("may not, lacks {role}; {}", holders(&touched.holders, length)),
        Standing::NoSuper => "nobody may, its catalog names no super role".to_owned(),
    }
}

/// The same where the super role of any organization will do.
fn anywhere(what: &str, standing: &Standing<'_>, all: &[Super<'_>], length: Length) -> String {
    match standing {
        Standing::Holds(holder) => {
            let organization = bare_or_quoted(&holder.organization.id);
            format!("may, {what} asks for any super role, and that of {organization} is held")
        }
        _ => format!("may not, {what} asks for any super role; {}", holders(all, length)),
    }
}

fn holders(all: &[Super<'_>], length: Length) -> String {
    if all.is_empty() {
        return "nobody holds it now".to_owned();
    }
    let shown = length.of_names(all.len());
    let name = |holder: &Super<'_>| match holder.principal.kind {
        PrincipalKind::Admin => holder.principal.name.to_string(),
        PrincipalKind::Service => format!("service {}", holder.principal.name),
    };
    let names: Vec<String> = all.iter().take(shown).map(name).collect();
    let more = match all.len() - shown {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("held by {}{more}", names.join(", "))
}

/// When an assignment is in force; nothing where it always is.
fn period(assignment: &Assignment) -> String {
    let from = assignment.from().map(|from| format!(" from {from}")).unwrap_or_default();
    let until = assignment.until().map(|until| format!(" until {until}")).unwrap_or_default();
    from + &until
}

fn changes(plan: &Plan<'_>, changes: &[Change<'_>], length: Length, out: &mut dyn Write) -> io::Result<()> {
    for change in changes.iter().take(length.of(changes.len())) {
        let sign = match change.how {
            How::Added => '+',
            How::Removed => '-',
            How::Changed => '~',
        };
        let place = at(plan.version(change.side).sources, change.place);
        // What is gone is where it was.
        let was = if change.side == Side::Old { "was " } else { "" };
        one_line(out, &format!("  {sign} {} {was}at {place}", topic(change.topic)))?;
    }
    rest("  ", changes.len(), length, out)
}

fn topic(topic: Topic<'_>) -> String {
    let name = topic.name().unwrap_or_default();
    match topic {
        Topic::Catalog(_) | Topic::Template(_) | Topic::Role(_) => {
            format!("{} {}", topic.word(), bare_or_quoted(name))
        }
        Topic::Version(_) => format!("version of {} in `use`", bare_or_quoted(name)),
        Topic::ForbidOfAll { catalog, .. } | Topic::RequireOfAll { catalog, .. } => {
            format!("{} \"{name}\" of all that use {}", topic.word(), bare_or_quoted(catalog))
        }
        Topic::Forbid(_) | Topic::Require(_) | Topic::Test(_) => format!("{} \"{name}\"", topic.word()),
        Topic::Principal(_) => format!("assignments of {name}"),
        Topic::Organization => "organization".to_owned(),
    }
}

fn rest(indent: &str, count: usize, length: Length, out: &mut dyn Write) -> io::Result<()> {
    match count - length.of(count) {
        0 => Ok(()),
        more => writeln!(out, "{indent}and {more} more"),
    }
}
