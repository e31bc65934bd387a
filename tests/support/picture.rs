//! What a policy says and decides, as lines that can be compared: names and no numbers, and nothing of where it was
//! written. Lines are whole by themselves, so that they may be sorted where order must not matter.

use std::collections::{BTreeMap, BTreeSet};

use rolec::eval::{Evaluator, Holder, Permission, Query};
use rolec::model::{self, Claim, Model, Subject};
use rolec::table::{Catalog, Organization, Role, Table, Target};
use rolec::vocab::{Actions, RowId, Time};

/// Who holds what: for each role of an organization, and for each principal at each moment, the permissions.
pub(crate) type Decisions = BTreeMap<String, BTreeSet<String>>;

/// The moments at which something changes in a table, each with the second before it; and both far ends.
pub(crate) fn moments(table: &Table) -> BTreeSet<Time> {
    let assignments = table.principals().flat_map(|principal| principal.assignments());
    let bounds = assignments.flat_map(|assignment| [assignment.from(), assignment.until()]).flatten();
    bounds.flat_map(|at| [Time(at.0.saturating_sub(1)), at]).chain([Time(i64::MIN), Time(i64::MAX)]).collect()
}

/// Every decision about the names that a table knows: each role and template in each organization, each principal at
/// each of the moments, asked for each action of each row.
pub(crate) fn decisions(table: &Table, moments: &BTreeSet<Time>) -> Decisions {
    let mut decisions = Decisions::new();
    let evaluator = Evaluator::new(table);
    for organization in table.organizations() {
        let id = organization.id();
        let permissions = permissions(table, organization);
        let mut ask = |who: String, holder: Holder, at: Time| {
            let is_held = |permission| {
                let decision = evaluator.decide_query(Query { holder, permission, at });
                decision.word() == "allow"
            };
            let held = permissions.iter().filter(|(_, permission)| is_held(*permission));
            decisions.insert(who, held.map(|(name, _)| name.clone()).collect());
        };
        for role in organization.assignable() {
            ask(
                format!("{id:?} role {:?}", role.id()),
                Holder::Role(organization.key(), role.key()),
                Time(0),
            );
        }
        for principal in organization.principals() {
            for at in moments {
                let holder = Holder::Principal(principal.key());
                ask(format!("{id:?} principal {:?} at {}", principal.name(), at.0), holder, *at);
            }
        }
    }
    decisions
}

/// Every action of an organization's catalog.
fn permissions(table: &Table, organization: Organization<'_>) -> Vec<(String, Permission)> {
    let catalog = organization.catalog();
    let mut permissions = Vec::new();
    for row in catalog.rows() {
        for (position, action) in row.shape().actions().enumerate() {
            let permission = Permission::at(table, catalog.key(), row.key(), Some(position)).unwrap();
            permissions.push((permission_name(row.category().id(), row.id(), action), permission));
        }
    }
    permissions
}

/// A permission as decisions name it.
pub(crate) fn permission_name(category: &str, row: &str, action: &str) -> String {
    format!("{category:?}.{row:?}:{action:?}")
}

/// All that a table holds but for places and file names, and what the model holds beside it: kinds by name, whether
/// case counts, forbids, tests. Lines that begin with `spelled` tell words in the order of the text.
pub(crate) fn whole(model: &Model, table: &Table) -> Vec<String> {
    let mut lines = Vec::new();
    for catalog in table.catalogs() {
        self::catalog(catalog, &mut lines);
    }
    for role in table.roles() {
        self::role(role, &mut lines);
    }
    for organization in table.organizations() {
        self::organization(table, organization, &mut lines);
    }
    beside(model, &mut lines);
    lines
}

fn catalog(it: Catalog<'_>, lines: &mut Vec<String>) {
    let at = format!("catalog {:?}", it.id());
    let super_role = it.super_role().map(Role::id);
    lines.push(format!("{at} {:?} {:?} {:?}", it.title(), it.doc(), it.version()));
    lines.push(format!("{at} super {super_role:?} limit {:?}", it.custom_role_limit()));
    for category in it.categories() {
        lines.push(format!("{at} category {:?} {:?} {:?}", category.id(), category.title(), category.doc()));
    }
    for row in it.rows() {
        let at = format!("{at} row {:?}.{:?}", row.category().id(), row.id());
        lines.push(format!("{at} {:?} {:?} {:?}", row.title(), row.doc(), row.shape()));
        let mut to: Vec<_> = row.leads_to().map(|to| (to.category().id(), to.id())).collect();
        to.sort_unstable();
        lines.push(format!("{at} {} {} {to:?}", row.is_only_managed(), row.is_escalating()));
        lines.push(format!("{at} {:?}", row.notes().collect::<Vec<_>>()));
        lines.push(format!("{at} {:?}", row.caveats().collect::<Vec<_>>()));
    }
}

/// A role's name with whose it is.
fn name(role: Role<'_>) -> String {
    match role.organization() {
        Some(organization) => format!("role {:?} of {:?}", role.id(), organization.id()),
        None => format!("template {:?} of {:?}", role.id(), role.catalog().id()),
    }
}

fn role(it: Role<'_>, lines: &mut Vec<String>) {
    let at = name(it);
    lines.push(format!("{at} {:?} {:?} {:?} {}", it.title(), it.doc(), it.description(), it.is_default()));
    lines.push(format!("{at} from {:?}", it.bases().map(name).collect::<Vec<_>>()));
    let row = |key: RowId| it.catalog().row(key).unwrap();
    for entry in it.entries() {
        let target = match entry.target {
            Target::All => "all".to_owned(),
            Target::Category(key) => format!("{:?}", it.catalog().category(key).unwrap().id()),
            Target::Row(key) => format!("{:?}.{:?}", row(key).category().id(), row(key).id()),
        };
        let mut words: Vec<&str> = entry.level.split(", ").collect();
        words.sort_unstable();
        lines.push(format!("{at} grants {target}: {words:?} {:?}", entry.unconfirmed));
        lines.push(format!("spelled {at} {target}: {:?}", entry.level));
    }
    for row in it.catalog().rows() {
        let held = it.actions(row.key());
        let is_held = |(index, _): &(usize, &str)| held.contains(Actions::one(*index));
        let held: Vec<&str> =
            row.shape().actions().enumerate().filter(is_held).map(|(_, name)| name).collect();
        lines.push(format!("{at} holds {:?}.{:?}: {held:?}", row.category().id(), row.id()));
    }
}

fn organization(table: &Table, it: Organization<'_>, lines: &mut Vec<String>) {
    let at = format!("organization {:?}", it.id());
    lines.push(format!("{at} {:?} {:?} {} {:?}", it.title(), it.doc(), it.kind(), it.catalog().id()));
    for principal in it.principals() {
        let at = format!("{at} {:?} {:?}", principal.kind(), principal.name());
        lines.push(at.clone());
        let mut assignments: Vec<String> = Vec::new();
        for assignment in principal.assignments() {
            let role = name(table.role_view(assignment.role()).unwrap());
            let (from, until) = (assignment.from(), assignment.until());
            assignments.push(format!("{at} {role} {from:?} {until:?} {:?}", assignment.because()));
        }
        // Of two that differ by their reasons only, the one above in the text goes first.
        assignments.sort();
        lines.extend(assignments);
    }
}

/// What only the model holds.
fn beside(model: &Model, lines: &mut Vec<String>) {
    let mut more: Vec<String> = Vec::new();
    for catalog in model.shared.catalogs.iter() {
        let at = format!("catalog {:?}", catalog.id);
        more.push(format!("{at} case-sensitive {}", catalog.is_case_sensitive));
        for row in &catalog.rows {
            let category = &catalog.categories[row.category.index()].id;
            more.push(format!("{at} {category:?}.{:?} kind {:?}", row.id, row.kind));
        }
    }
    let row = |catalog: rolec::vocab::CatalogId, id: RowId| {
        let catalog = model.catalog(catalog).unwrap();
        let row = catalog.row(id).unwrap();
        format!("{:?}.{:?}.{:?}", catalog.id, catalog.category(row.category).unwrap().id, row.id)
    };
    let set = |words: &[Box<str>]| words.iter().cloned().collect::<BTreeSet<Box<str>>>();
    let forbid = |of: Option<&str>, forbid: &model::Forbid| {
        let model::Forbid { title, catalog, exceptions, conditions, .. } = forbid;
        let except: BTreeSet<_> = exceptions.iter().collect();
        let conditions: BTreeSet<_> = conditions
            .iter()
            .map(|one| format!("{} {:?}", row(*catalog, one.row), set(&one.words)))
            .collect();
        let catalog = &model.catalog(*catalog).unwrap().id;
        format!("forbid {title:?} of {of:?} of {catalog:?} except {except:?}: {conditions:?}")
    };
    more.extend(model.shared.forbids.iter().map(|one| forbid(None, one)));
    let require = |of: Option<&str>, one: &model::Requirement| {
        let model::Requirement { title, catalog, least, most, from, until, exceptions, demands, .. } = one;
        let except: BTreeSet<_> = exceptions.iter().collect();
        let demands: BTreeSet<_> = demands
            .iter()
            .map(|demand| match demand {
                model::Demand::Row(one) => format!("{} {:?}", row(*catalog, one.row), set(&one.words)),
                model::Demand::Role(id) => format!("role {id:?}"),
            })
            .collect();
        let catalog = &model.catalog(*catalog).unwrap().id;
        let bounds = format!("{least:?} {most:?} {from:?} {until:?}");
        format!("require {title:?} of {of:?} of {catalog:?} {bounds} except {except:?}: {demands:?}")
    };
    more.extend(model.shared.requires.iter().map(|one| require(None, one)));
    for organization in &model.organizations {
        more.extend(organization.forbids.iter().map(|one| forbid(Some(&organization.id), one)));
        more.extend(organization.requires.iter().map(|one| require(Some(&organization.id), one)));
        for model::Test { title, assertions, .. } in &organization.tests {
            let at = format!("test {title:?} of {:?}", organization.id);
            let lines = assertions.iter().map(|line| {
                let subject = |subject: &Subject| match *subject {
                    Subject::Role(id) => format!("role {:?}", model.roles(organization).get(id).unwrap().id),
                    Subject::Principal(index) => {
                        format!("principal {:?}", organization.principals[index].name)
                    }
                };
                let named: BTreeSet<String> = line.claim.named().iter().map(subject).collect();
                let claim = match line.claim {
                    Claim::Can(_) => "can",
                    Claim::Cannot(_) => "cannot",
                    Claim::Exactly(_) => "exactly",
                    Claim::OnlyRoles(_) | Claim::OnlyPrincipals(_) => "only can",
                };
                let model::Assertion { words, is_bare, at, .. } = line;
                let words = set(words);
                format!(
                    "{named:?} {claim} {} {words:?} {is_bare} {at:?}",
                    row(organization.catalog, line.row)
                )
            });
            more.push(format!("{at}: {:?}", lines.collect::<Vec<_>>()));
        }
    }
    more.sort();
    lines.extend(more);
}

/// The names of what a role holds of a row, before an organization's kind takes anything away; without an organization
/// that of a template.
pub(crate) fn held(
    table: &Table,
    organization: Option<&str>,
    role: &str,
    category: &str,
    row: &str,
) -> Vec<String> {
    let key = match organization {
        Some(id) => table.role(table.organization(id).unwrap(), role).unwrap(),
        None => table.templates().find(|it| it.id() == role).unwrap().key(),
    };
    let role = table.role_view(key).unwrap();
    let catalog = role.catalog();
    let row = table.row(catalog.key(), table.category(catalog.key(), category).unwrap(), row).unwrap();
    let held = role.actions(row);
    let names = catalog.row(row).unwrap().shape().actions().enumerate();
    names.filter(|(index, _)| held.contains(Actions::one(*index))).map(|(_, name)| name.to_owned()).collect()
}
