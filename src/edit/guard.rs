//! What must not be lost with an assignment: the last admin of an organization, and the last holder of the role without
//! which roles cannot be changed. Looks at every moment from now on, at people only, and never at what was missing before.

use crate::edit::Refusal;
use crate::table::{Organization, Role, Table};
use crate::vocab::{PrincipalKind, RoleId, Time};

/// Refuses a change that leaves an organization without anybody. Gives notes on what becomes scarce.
pub(super) fn check(before: &Table, after: &Table, id: &str, since: Time) -> Result<Vec<String>, Refusal> {
    let (Some(old), Some(new)) = (organization(before, id), organization(after, id)) else {
        return Ok(Vec::new());
    };
    let from = |at: Time| if at == since { String::new() } else { format!(" from {at} on") };
    let (had, has) = (Count::of(old, None), Count::of(new, None));
    if let Some(at) = lost(&had, &has, since) {
        return Err(Refusal::rule(format!("organization `{id}` would have no admin{}", from(at))));
    }
    let Some(name) = old.catalog().super_role().map(Role::id) else { return Ok(Vec::new()) };
    let count = |organization: Organization<'_>| {
        let role = organization.catalog().super_role().map(Role::key);
        Count::of(organization, role)
    };
    let (had, has) = (count(old), count(new));
    if let Some(at) = lost(&had, &has, since) {
        return Err(Refusal::rule(format!(
            "nobody in organization `{id}` would hold `{name}`{}, without which roles cannot be changed",
            from(at)
        )));
    }
    let scarce = moments(&[&had, &has], since).find(|at| had.at(*at) > 1 && has.at(*at) == 1);
    let note =
        |at| format!("one person alone holds `{name}` in organization `{id}`{}: two are better", from(at));
    Ok(scarce.map(note).into_iter().collect())
}

fn organization<'t>(table: &'t Table, id: &str) -> Option<Organization<'t>> {
    table.organization_view(table.organization(id)?)
}

/// The first moment at which somebody did and nobody does.
fn lost(had: &Count, has: &Count, since: Time) -> Option<Time> {
    moments(&[had, has], since).find(|at| had.at(*at) > 0 && has.at(*at) == 0)
}

/// How many people hold a role, or any, from each moment on at which that changes.
struct Count(Vec<(Time, usize)>);

impl Count {
    fn of(organization: Organization<'_>, role: Option<RoleId>) -> Self {
        let mut events: Vec<(Time, isize)> = Vec::new();
        for person in organization.principals().filter(|one| one.kind() == PrincipalKind::Admin) {
            let mut spells: Vec<(Time, Time)> = person
                .assignments()
                .filter(|one| role.is_none_or(|role| one.role() == role))
                .map(|one| (one.from().unwrap_or(Time(i64::MIN)), one.until().unwrap_or(Time(i64::MAX))))
                .collect();
            spells.sort_unstable();
            // Who holds several at once is one person.
            let mut held = Time(i64::MIN);
            for (from, until) in spells {
                let from = from.max(held);
                if from < until {
                    events.extend([(from, 1), (until, -1)]);
                    held = until;
                }
            }
        }
        events.sort_unstable();
        let mut steps: Vec<(Time, usize)> = Vec::new();
        let mut count = 0usize;
        for of_moment in events.chunk_by(|a, b| a.0 == b.0) {
            for (_, by) in of_moment.iter().rev() {
                count = count.saturating_add_signed(*by);
            }
            steps.extend(of_moment.first().map(|(at, _)| (*at, count)));
        }
        Self(steps)
    }

    fn at(&self, at: Time) -> usize {
        let next = self.0.partition_point(|(from, _)| *from <= at);
        next.checked_sub(1).and_then(|step| self.0.get(step)).map_or(0, |(_, count)| *count)
    }
}

/// A moment, and all later ones at which something changes.
fn moments(counts: &[&Count], since: Time) -> impl Iterator<Item = Time> {
    let later = counts.iter().flat_map(|count| &count.0).map(|(at, _)| *at).filter(|at| *at > since);
    let mut all: Vec<Time> = std::iter::once(since).chain(later).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter()
}

#[cfg(test)]
mod tests {
    use super::{Table, Time, check};
    use crate::pipeline::compile;
    use crate::source::Sources;

    fn table(assignments: &str) -> Option<Table> {
        let text = format!("use jumpcloud organization o {{ {assignments} }}");
        compile(Sources::from_iter([("o.role", text)])).table
    }

    fn held(before: &str, after: &str, since: &str) -> Result<Vec<String>, String> {
        let (before, after) = (table(before), table(after));
        let (Some(before), Some(after), Ok(since)) = (before, after, Time::parse(since)) else {
            return Err("a policy with errors".to_owned());
        };
        check(&before, &after, "o", since).map_err(|refusal| match refusal {
            super::Refusal::Rule(rule) => rule.message,
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn people_must_remain_at_every_moment() {
        let two = "assign read-only to \"a\" until 2027-01-01 assign read-only to \"b\"";
        let only_a = "assign read-only to \"a\" until 2027-01-01";
        let none = Err("organization `o` would have no admin from 2027-01-01 on".to_owned());
        assert_eq!(held(two, only_a, "2026-06-01"), none);
        // What was missing before is missing still.
        assert_eq!(held(only_a, only_a, "2027-06-01"), Ok(Vec::new()));
        // A machine is nobody.
        let machine = "assign read-only to service \"c\"";
        let none = Err("organization `o` would have no admin".to_owned());
        assert_eq!(held(two, machine, "2026-06-01"), none);
    }

    #[test]
    fn somebody_must_be_able_to_change_roles() {
        let two = "assign admin-with-billing to \"a\", \"b\" assign read-only to \"c\"";
        let one = "assign admin-with-billing to \"a\" assign read-only to \"b\", \"c\"";
        let none = "assign read-only to \"a\", \"b\", \"c\"";
        let note = "one person alone holds `admin-with-billing` in organization `o`: two are better";
        assert_eq!(held(two, one, "2026-06-01"), Ok(vec![note.to_owned()]));
        let lost = "nobody in organization `o` would hold `admin-with-billing`, without which roles cannot be changed";
        assert_eq!(held(one, none, "2026-06-01"), Err(lost.to_owned()));
        let again = "assign admin-with-billing to \"a\" until 2027-01-01 assign admin-with-billing to \"a\" from 2027-01-01
            assign read-only to \"b\"";
        assert_eq!(held(one, again, "2026-06-01"), Ok(Vec::new()), "from one day to the next");
    }
}
