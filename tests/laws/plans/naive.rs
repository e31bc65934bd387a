//! What a generated policy says, written out from the numbers it was made of and never from the library's model: what is
//! each organization's own, what all share, and which organization stands on what of that.

use std::collections::{BTreeMap, BTreeSet};

use rolec::vocab::Time;

use crate::support::generated::{
    Assertion, Catalog, Described, Entry, Forbid, Line, Organization, Policy, Requirement, Role, Row, Subject,
};

/// What organizations share: a sort, the catalog, a name.
pub(super) type Item = (&'static str, String, String);

#[derive(Debug, Default)]
pub(super) struct Saying {
    pub(super) items: BTreeMap<Item, String>,
    pub(super) organizations: BTreeMap<String, Own>,
}

#[derive(Debug)]
pub(super) struct Own {
    catalog: String,
    text: String,
    tests: BTreeSet<String>,
    /// The templates that it names, and those that these are made from.
    templates: BTreeSet<String>,
    /// Everybody whom it names.
    pub(super) names: BTreeSet<&'static str>,
    /// Who holds its super role, and when.
    supers: Vec<(&'static str, Option<Time>, Option<Time>)>,
}

impl Own {
    fn stands_on(&self, (sort, catalog, name): &Item) -> bool {
        match *sort {
            "template" => self.templates.contains(name),
            _ => self.catalog == *catalog,
        }
    }

    /// Who holds its super role at a moment.
    pub(super) fn supers(&self, at: Time) -> BTreeSet<&'static str> {
        let is_in_force = |from: Option<Time>, until: Option<Time>| {
            !(from.is_some_and(|from| at < from) || until.is_some_and(|until| until <= at))
        };
        let now = self.supers.iter().filter(|(_, from, until)| is_in_force(*from, *until));
        now.map(|(name, ..)| *name).collect()
    }
}

/// The organizations that differ or stand on what differs, and whether something differs that none stands on.
pub(super) fn touched(old: &Saying, new: &Saying) -> (BTreeSet<String>, bool) {
    let keys = |saying: &Saying| saying.items.keys().cloned().collect::<BTreeSet<Item>>();
    let all: BTreeSet<Item> = keys(old).union(&keys(new)).cloned().collect();
    let changed: Vec<Item> =
        all.into_iter().filter(|item| old.items.get(item) != new.items.get(item)).collect();
    let ids: BTreeSet<&String> = old.organizations.keys().chain(new.organizations.keys()).collect();
    let mut touched = BTreeSet::new();
    for id in ids {
        let (was, is) = (old.organizations.get(id), new.organizations.get(id));
        let is_own = match (was, is) {
            (Some(was), Some(is)) => was.text != is.text || !was.tests.is_subset(&is.tests),
            _ => true,
        };
        let stands = |own: Option<&Own>| own.is_some_and(|own| changed.iter().any(|it| own.stands_on(it)));
        if is_own || stands(was) || stands(is) {
            touched.insert(id.clone());
        }
    }
    let all = || old.organizations.values().chain(new.organizations.values());
    let elsewhere = changed.iter().any(|item| !all().any(|own| own.stands_on(item)));
    (touched, elsewhere)
}

pub(super) fn saying(policy: &Policy) -> Saying {
    let mut saying = Saying::default();
    for catalog in &policy.catalogs {
        let id = &catalog.head.id;
        let rows = catalog.categories.iter().map(|category| {
            format!("{:?} {:?}", head(&category.head), sorted(category.rows.iter().map(row)))
        });
        let text = format!(
            "{:?} {:?} {:?} {:?} {:?} {}",
            head(&catalog.head),
            catalog.version,
            catalog.limit,
            catalog.super_role,
            sorted(rows),
            catalog.is_case_sensitive
        );
        saying.items.insert(("catalog", id.clone(), String::new()), text);
        for template in &catalog.templates {
            let item = ("template", id.clone(), template.head.id.clone());
            saying.items.insert(item, role(template));
        }
        for one in &catalog.forbids {
            let text = saying.items.entry(("forbid", id.clone(), one.title.to_owned())).or_default();
            text.push_str(&forbid(one));
        }
        for one in &catalog.requires {
            let text = saying.items.entry(("require", id.clone(), one.title.to_owned())).or_default();
            text.push_str(&requirement(one));
        }
        for organization in &catalog.organizations {
            saying.organizations.insert(organization.head.id.clone(), own(catalog, organization));
        }
    }
    saying
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts
}

fn head(it: &Described) -> String {
    format!("{:?} {:?} {:?}", it.id, it.title, it.doc)
}

fn row(it: &Row) -> String {
    let (mut notes, mut caveats) = (it.notes.clone(), it.caveats.clone());
    notes.sort_unstable();
    caveats.sort_unstable();
    let mut leads = it.escalating.clone();
    leads.iter_mut().for_each(|rows| rows.sort_unstable());
    let marks = (leads, it.only_managed);
    let shape = (it.shape.form as u8, &it.shape.words, &it.dropped);
    format!("{} {:?} {shape:?} {marks:?} {notes:?} {caveats:?}", head(&it.head), it.kind)
}

fn role(it: &Role) -> String {
    let entry = |it: &Entry| {
        let words: BTreeSet<&str> = it.words.iter().copied().collect();
        format!("{:?} {words:?} {:?}", it.target, it.unconfirmed)
    };
    let bases: BTreeSet<&String> = it.bases.iter().collect();
    let entries = sorted(it.entries.iter().map(entry));
    format!("{} {:?} {} {bases:?} {entries:?}", head(&it.head), it.description, it.is_default)
}

fn forbid(it: &Forbid) -> String {
    let except: BTreeSet<&String> = it.exceptions.iter().collect();
    let condition = |(at, words): &((usize, usize), Vec<&'static str>)| {
        format!("{at:?} {:?}", words.iter().collect::<BTreeSet<_>>())
    };
    format!("{except:?} {:?};", sorted(it.conditions.iter().map(condition)))
}

fn requirement(it: &Requirement) -> String {
    let Requirement { title: _, exceptions, conditions, roles, from, most } = it;
    let guards = Forbid { title: it.title, exceptions: exceptions.clone(), conditions: conditions.clone() };
    let roles: BTreeSet<&String> = roles.iter().collect();
    format!("{} {roles:?} {:?} {most}", forbid(&guards), from.map(time))
}

/// Each thing that a line asserts.
fn asserted(it: &Line) -> Vec<String> {
    let shown = |subject: &Subject| format!("{subject:?}");
    let of = |words: &[&'static str]| words.iter().copied().collect::<BTreeSet<&str>>();
    match it {
        Line::One(it) => vec![assertion(it)],
        Line::Only(subjects, it) => {
            let subjects: BTreeSet<String> = subjects.iter().map(shown).collect();
            vec![format!("only {subjects:?} {:?} {:?} {:?}", it.row, of(&it.words), it.at.map(time))]
        }
        Line::Cases(it) => {
            let row = |(at, cells): &((usize, usize), Vec<Vec<&'static str>>)| {
                let cells = it.subjects.iter().zip(cells);
                let when = it.at.map(time);
                let cell = |(subject, words): (&Subject, &Vec<&'static str>)| {
                    format!("exactly {} {at:?} {:?} {when:?}", shown(subject), of(words))
                };
                cells.map(cell).collect::<Vec<_>>()
            };
            it.rows.iter().flat_map(row).collect()
        }
    }
}

/// Whom a line names.
fn subjects(it: &Line) -> Vec<&Subject> {
    match it {
        Line::One(it) => vec![&it.subject],
        Line::Only(subjects, _) => subjects.iter().collect(),
        Line::Cases(it) => it.subjects.iter().collect(),
    }
}

fn assertion(it: &Assertion) -> String {
    let words: BTreeSet<&str> = it.words.iter().copied().collect();
    format!("{:?} {} {:?} {words:?} {:?}", it.subject, it.can, it.row, it.at.map(time))
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn own(catalog: &Catalog, it: &Organization) -> Own {
    let mut assigned: Vec<String> = Vec::new();
    let mut supers = Vec::new();
    let mut names = BTreeSet::new();
    for one in &it.assignments {
        let (from, until) = (one.from.map(time), one.until.map(time));
        for (name, is_service) in &one.principals {
            names.insert(*name);
            assigned
                .push(format!("{name:?} {is_service} {:?} {from:?} {until:?} {:?}", one.role, one.because));
            if catalog.super_role.as_ref() == Some(&one.role) {
                supers.push((*name, from, until));
            }
        }
    }
    assigned.sort();
    let forbids = sorted(it.forbids.iter().map(|one| format!("{:?} {}", one.title, forbid(one))));
    let requires = sorted(it.requires.iter().map(|one| format!("{:?} {}", one.title, requirement(one))));
    let text = format!(
        "{} {} {:?} {:?} {assigned:?} {forbids:?} {requires:?}",
        head(&it.head),
        it.is_managed,
        catalog.head.id,
        sorted(it.roles.iter().map(role)),
    );
    let mut tests = BTreeSet::new();
    let mut open: Vec<&String> = it.roles.iter().flat_map(|role| &role.bases).collect();
    open.extend(it.assignments.iter().map(|one| &one.role));
    for test in &it.tests {
        tests.insert(format!("{:?}", test.title));
        for line in &test.lines {
            tests.extend(asserted(line).iter().map(|said| format!("{:?} {said}", test.title)));
            open.extend(subjects(line).into_iter().filter_map(|subject| match subject {
                Subject::Role(name) => Some(name),
                Subject::Principal(..) => None,
            }));
        }
    }
    let mut templates = BTreeSet::new();
    while let Some(name) = open.pop() {
        let found = catalog.templates.iter().find(|template| template.head.id == *name);
        if let Some(template) = found
            && templates.insert(name.clone())
        {
            open.extend(&template.bases);
        }
    }
    Own { catalog: catalog.head.id.clone(), text, tests, templates, names, supers }
}
