//! Single changes of a generated policy: one line dropped, added or said otherwise, of each sort that there is.

use proptest::sample::Index;

use crate::support::generated::{
    Assertion, Assignment, Catalog, Entry, Line, Organization, Policy, Role, Target, Test,
};

macro_rules! turns {
    ($($name:ident)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Turn { $($name),* }
        pub(super) const TURNS: &[Turn] = &[$(Turn::$name),*];
    };
}

turns! {
    DropEntry OtherWord Unconfirmed AddEntry DropBase AddBase
    Describe Title Doc
    AddRole AddTemplate DropTemplate Default
    Assign Unassign DropHolder Because Dates Account
    DropForbid DropCondition DropException AddForbid TopForbid
    DropRequire AddRequire TopRequire More
    Limit Super CatalogVersion Escalating Note RowTitle AddRow
    Kind AddOrganization DropOrganization
    DropTest DropLine AddLine RenameTest AddTest
}

fn pick<T>(all: &mut [T], index: Index) -> Option<&mut T> {
    let count = all.len();
    if count == 0 { None } else { all.get_mut(index.index(count)) }
}

fn drop_one<T>(all: &mut Vec<T>, index: Index) -> Option<()> {
    (!all.is_empty()).then(|| drop(all.remove(index.index(all.len()))))
}

fn another(text: Option<&'static str>) -> Option<&'static str> {
    if text == Some("Another") { None } else { Some("Another") }
}

/// A role or a template.
fn role(catalog: &mut Catalog, index: Index) -> Option<&mut Role> {
    let own = catalog.organizations.iter_mut().flat_map(|it| &mut it.roles);
    let all: Vec<&mut Role> = own.chain(&mut catalog.templates).collect();
    let count = all.len();
    if count == 0 { None } else { all.into_iter().nth(index.index(count)) }
}

/// Changes a policy in one thing; none where it has nothing of the sort.
pub(super) fn turn(turn: Turn, (place, what, how): (Index, Index, Index), policy: &mut Policy) -> Option<()> {
    let catalog = pick(&mut policy.catalogs, place)?;
    match turn {
        Turn::DropEntry
        | Turn::OtherWord
        | Turn::Unconfirmed
        | Turn::AddEntry
        | Turn::DropBase
        | Turn::AddBase
        | Turn::Describe
        | Turn::Title
        | Turn::Doc => of_role(turn, catalog, what, how),
        Turn::AddRole | Turn::AddTemplate | Turn::DropTemplate | Turn::Default => {
            of_roles(turn, catalog, what, how)
        }
        Turn::Assign | Turn::Unassign | Turn::DropHolder | Turn::Because | Turn::Dates | Turn::Account => {
            let known: Vec<Vec<String>> =
                catalog.organizations.iter().map(|it| catalog.assignable(it)).collect();
            let at = what.index(known.len().max(1));
            let organization = catalog.organizations.get_mut(at)?;
            of_people(turn, organization, known.get(at)?, how)
        }
        Turn::DropForbid | Turn::DropCondition | Turn::DropException | Turn::AddForbid | Turn::TopForbid => {
            of_forbids(turn, catalog, what, how)
        }
        Turn::DropRequire | Turn::AddRequire | Turn::TopRequire | Turn::More => {
            of_requires(turn, catalog, what, how)
        }
        Turn::Limit
        | Turn::Super
        | Turn::CatalogVersion
        | Turn::Escalating
        | Turn::Note
        | Turn::RowTitle
        | Turn::AddRow => of_catalog(turn, catalog, what, how),
        Turn::Kind => {
            let it = pick(&mut catalog.organizations, what)?;
            it.is_managed = !it.is_managed;
            Some(())
        }
        Turn::AddOrganization => {
            let mut more = pick(&mut catalog.organizations, what)?.clone();
            more.head.id = "o quite another".to_owned();
            catalog.organizations.push(more);
            Some(())
        }
        Turn::DropOrganization => drop_one(&mut catalog.organizations, what),
        Turn::DropTest | Turn::DropLine | Turn::AddLine | Turn::RenameTest | Turn::AddTest => {
            let tested = catalog.organizations.iter_mut().filter(|it| !it.tests.is_empty());
            of_tests(turn, pick(&mut tested.collect::<Vec<_>>(), what)?, how)
        }
    }
}

fn of_role(turn: Turn, catalog: &mut Catalog, what: Index, how: Index) -> Option<()> {
    let rows: Vec<(usize, usize)> = catalog.rows().collect();
    let (category, row) = rows[how.index(rows.len())];
    let level = catalog.row((category, row)).levels()[0];
    let template = catalog.templates.first().map(|template| template.head.id.clone());
    let role = role(catalog, what)?;
    match turn {
        Turn::DropEntry => return drop_one(&mut role.entries, how),
        Turn::OtherWord => {
            let target = Target::Row(category, row);
            let entry = role.entries.iter_mut().find(|entry| entry.target == target)?;
            entry.words = vec![level];
        }
        Turn::Unconfirmed => {
            let entry = pick(&mut role.entries, how)?;
            let is_exact = matches!(entry.target, Target::Row(..));
            entry.unconfirmed =
                is_exact.then_some(if entry.unconfirmed.is_some() { None } else { Some(None) })?;
        }
        Turn::AddEntry => {
            let target = Target::Row(category, row);
            if role.entries.iter().any(|entry| entry.target == target) {
                return None;
            }
            role.entries.push(Entry { target, words: vec![level], unconfirmed: None });
        }
        Turn::DropBase => return drop_one(&mut role.bases, how),
        Turn::AddBase => {
            let template = template.filter(|id| *id != role.head.id && !role.bases.contains(id))?;
            role.bases.push(template);
        }
        Turn::Describe => role.description = another(role.description),
        Turn::Title => role.head.title = another(None).filter(|_| role.head.title.is_none()).map(Into::into),
        _ => role.head.doc.push("One more line."),
    }
    Some(())
}

fn of_roles(turn: Turn, catalog: &mut Catalog, what: Index, how: Index) -> Option<()> {
    match turn {
        Turn::AddRole => {
            let organization = pick(&mut catalog.organizations, what)?;
            let mut more = pick(&mut organization.roles, how)?.clone();
            more.head.id = "r quite another".to_owned();
            organization.roles.push(more);
        }
        Turn::AddTemplate => {
            let mut more = pick(&mut catalog.templates, what)?.clone();
            more.head.id = "t quite another".to_owned();
            catalog.templates.push(more);
        }
        // One that something names does not compile.
        Turn::DropTemplate => return drop_one(&mut catalog.templates, what),
        _ => {
            let template = pick(&mut catalog.templates, what)?;
            template.is_default = !template.is_default;
        }
    }
    Some(())
}

fn of_people(turn: Turn, organization: &mut Organization, known: &[String], how: Index) -> Option<()> {
    match turn {
        Turn::Assign => {
            let role = known.get(how.index(known.len().max(1)))?.clone();
            let principals = vec![("new@x", false)];
            organization.assignments.push(Assignment {
                role,
                principals,
                from: None,
                until: None,
                because: None,
            });
        }
        Turn::Unassign => return drop_one(&mut organization.assignments, how),
        Turn::DropHolder => {
            let one = pick(&mut organization.assignments, how)?;
            one.principals.pop().filter(|_| !one.principals.is_empty())?;
        }
        Turn::Because => {
            let one = pick(&mut organization.assignments, how)?;
            one.because = another(one.because);
        }
        Turn::Dates => {
            let one = pick(&mut organization.assignments, how)?;
            // Two ways to write one moment.
            one.until = match one.until {
                Some("9999-01-01") => Some("9999-01-01T00:00:00Z"),
                _ => Some("9999-01-01"),
            };
        }
        _ => {
            let (name, _) = *pick(&mut organization.assignments, how)?.principals.first()?;
            let all = organization.assignments.iter_mut().flat_map(|it| &mut it.principals);
            all.filter(|it| it.0 == name).for_each(|it| it.1 = !it.1);
        }
    }
    Some(())
}

fn of_forbids(turn: Turn, catalog: &mut Catalog, what: Index, how: Index) -> Option<()> {
    let all = catalog.organizations.iter_mut().map(|it| &mut it.forbids);
    let mut lists: Vec<_> = all.chain([&mut catalog.forbids]).collect();
    match turn {
        Turn::AddForbid => {
            let list = lists.into_iter().find(|list| !list.is_empty())?;
            let mut more = list.first()?.clone();
            more.title = "Another";
            list.push(more);
        }
        // What one organization forbids is forbidden to all.
        Turn::TopForbid => {
            let top = lists.pop()?;
            let more = lists.iter().find_map(|list| list.first())?.clone();
            top.push(more);
        }
        _ => {
            let mut full: Vec<_> = lists.into_iter().filter(|list| !list.is_empty()).collect();
            let list = pick(&mut full, what)?;
            match turn {
                Turn::DropForbid => return drop_one(list, how),
                Turn::DropException => return drop_one(&mut list.first_mut()?.exceptions, how),
                _ => {
                    let conditions = &mut list.first_mut()?.conditions;
                    return drop_one(conditions, how).filter(|()| !conditions.is_empty());
                }
            }
        }
    }
    Some(())
}

fn of_requires(turn: Turn, catalog: &mut Catalog, what: Index, how: Index) -> Option<()> {
    let all = catalog.organizations.iter_mut().map(|it| &mut it.requires);
    let mut lists: Vec<_> = all.chain([&mut catalog.requires]).collect();
    match turn {
        Turn::AddRequire => {
            let list = lists.into_iter().find(|list| !list.is_empty())?;
            let mut more = list.first()?.clone();
            more.title = "Another";
            list.push(more);
        }
        // What one organization requires is required of all.
        Turn::TopRequire => {
            let top = lists.pop()?;
            let more = lists.iter().find_map(|list| list.first())?.clone();
            top.push(more);
        }
        _ => {
            let mut full: Vec<_> = lists.into_iter().filter(|list| !list.is_empty()).collect();
            let list = pick(&mut full, what)?;
            match turn {
                Turn::DropRequire => return drop_one(list, how),
                _ => pick(list, how)?.most += 1,
            }
        }
    }
    Some(())
}

fn of_catalog(turn: Turn, catalog: &mut Catalog, what: Index, how: Index) -> Option<()> {
    match turn {
        Turn::Limit => catalog.limit = if catalog.limit.is_some() { None } else { Some(50) },
        Turn::Super => {
            let other = catalog.templates.get(how.index(catalog.templates.len().max(1)));
            let other = other.map(|template| template.head.id.clone());
            catalog.super_role = other.filter(|id| catalog.super_role.as_ref() != Some(id));
        }
        Turn::CatalogVersion => {
            catalog.version = if catalog.version.is_some() { None } else { Some("7".to_owned()) };
        }
        _ => {
            let rows = &mut pick(&mut catalog.categories, what)?.rows;
            if turn == Turn::AddRow {
                let mut more = rows.last()?.clone();
                more.head.id = "p quite another".to_owned();
                rows.push(more);
                return Some(());
            }
            let row = pick(rows, how)?;
            match turn {
                Turn::Escalating => row.escalating = row.escalating.is_none().then(Vec::new),
                Turn::Note => row.notes.push("Another"),
                _ => row.head.title = another(None).filter(|_| row.head.title.is_none()).map(Into::into),
            }
        }
    }
    Some(())
}

fn of_tests(turn: Turn, organization: &mut Organization, how: Index) -> Option<()> {
    match turn {
        Turn::DropTest => return drop_one(&mut organization.tests, how),
        Turn::DropLine => {
            let lines = &mut pick(&mut organization.tests, how)?.lines;
            return drop_one(lines, how);
        }
        Turn::AddLine => {
            let lines = &mut pick(&mut organization.tests, how)?.lines;
            let Line::One(more) = lines.iter().find(|line| matches!(line, Line::One(_)))? else {
                return None;
            };
            let more = Line::One(Assertion { can: !more.can, ..more.clone() });
            lines.push(more);
        }
        Turn::RenameTest => pick(&mut organization.tests, how)?.title = "Another",
        _ => {
            let lines = pick(&mut organization.tests, how)?.lines.clone();
            organization.tests.push(Test { title: "Another", lines });
        }
    }
    Some(())
}
