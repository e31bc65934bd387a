//! Policies as data, and strategies that generate them: all that the language has, in combinations that nobody would
//! write. A policy is made of independent numbers which are read modulo what there is, so that it shrinks well and
//! nearly always compiles. Writes no text (`text` does) and knows no answer.

mod catalogs;
mod people;
mod roles;
pub(crate) mod text;
mod words;

use proptest::prelude::*;
use proptest::sample::Index;

use rolec::vocab::Time;

/// A policy.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) catalogs: Vec<Catalog>,
}

/// A catalog with all that speaks of it.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    pub(crate) head: Described,
    pub(crate) version: Option<String>,
    pub(crate) is_case_sensitive: bool,
    pub(crate) kinds: Vec<(String, Shape)>,
    pub(crate) categories: Vec<Category>,
    pub(crate) limit: Option<u32>,
    pub(crate) super_role: Option<String>,
    pub(crate) templates: Vec<Role>,
    pub(crate) organizations: Vec<Organization>,
    pub(crate) forbids: Vec<Forbid>,
    pub(crate) requires: Vec<Requirement>,
}

/// What all that has a name has.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) id: String,
    pub(crate) title: Option<String>,
    pub(crate) doc: Vec<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Ladder,
    Verbs,
    Flag,
}

/// A kind's levels: the steps of a ladder from `none` on, or verbs.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) form: Form,
    pub(crate) words: Vec<&'static str>,
}

#[derive(Clone, Debug)]
pub(crate) struct Category {
    pub(crate) head: Described,
    pub(crate) rows: Vec<Row>,
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) head: Described,
    /// The name of its kind; none where it is stated in place.
    pub(crate) kind: Option<String>,
    pub(crate) shape: Shape,
    /// Which of the words it drops.
    pub(crate) dropped: Vec<bool>,
    /// The rows that it leads to, everything where there are none; none where it is not escalating.
    pub(crate) escalating: Option<Vec<(usize, usize)>>,
    pub(crate) only_managed: bool,
    pub(crate) notes: Vec<&'static str>,
    pub(crate) caveats: Vec<&'static str>,
}

impl Row {
    /// Whether its lowest level is its only one.
    pub(crate) fn is_all_floor(&self) -> bool {
        let is_left = |dropped: &&bool| !**dropped;
        self.shape.form == Form::Ladder
            && self.dropped.first() == Some(&true)
            && self.dropped.iter().filter(is_left).count() == 1
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) head: Described,
    pub(crate) description: Option<&'static str>,
    pub(crate) is_default: bool,
    pub(crate) bases: Vec<String>,
    pub(crate) entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) target: Target,
    pub(crate) words: Vec<&'static str>,
    pub(crate) unconfirmed: Option<Option<&'static str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    All,
    Category(usize),
    Row(usize, usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Organization {
    pub(crate) head: Described,
    pub(crate) is_managed: bool,
    pub(crate) roles: Vec<Role>,
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) forbids: Vec<Forbid>,
    pub(crate) requires: Vec<Requirement>,
    pub(crate) tests: Vec<Test>,
}

#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    pub(crate) role: String,
    /// Each with whether it is a service account.
    pub(crate) principals: Vec<(&'static str, bool)>,
    pub(crate) from: Option<&'static str>,
    pub(crate) until: Option<&'static str>,
    pub(crate) because: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(crate) struct Forbid {
    pub(crate) title: &'static str,
    pub(crate) exceptions: Vec<String>,
    pub(crate) conditions: Vec<((usize, usize), Vec<&'static str>)>,
}

/// One that is met: at most so many as there never are.
#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    pub(crate) title: &'static str,
    pub(crate) exceptions: Vec<String>,
    pub(crate) conditions: Vec<((usize, usize), Vec<&'static str>)>,
    pub(crate) roles: Vec<String>,
    pub(crate) from: Option<&'static str>,
    pub(crate) most: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) title: &'static str,
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Debug)]
pub(crate) struct Assertion {
    pub(crate) subject: Subject,
    pub(crate) can: bool,
    pub(crate) row: (usize, usize),
    /// None for the whole row.
    pub(crate) words: Vec<&'static str>,
    pub(crate) at: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Subject {
    Role(String),
    Principal(&'static str, bool),
}

#[derive(Clone, Debug)]
pub(crate) enum Line {
    One(Assertion),
    /// These, and nobody else.
    Only(Vec<Subject>, Assertion),
    Cases(Cases),
}

/// A row with the words of each cell.
pub(crate) type CaseRow = ((usize, usize), Vec<Vec<&'static str>>);

/// A table: a column for each subject, in each row a level for each column.
#[derive(Clone, Debug)]
pub(crate) struct Cases {
    pub(crate) subjects: Vec<Subject>,
    pub(crate) rows: Vec<CaseRow>,
    pub(crate) at: Option<&'static str>,
}

impl Row {
    /// The kind's words with their places in it, those that the row offers.
    pub(crate) fn offered(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let words = self.shape.words.iter().zip(&self.dropped).enumerate();
        words.filter(|(_, (_, dropped))| !**dropped).map(|(index, (word, _))| (index, *word))
    }

    /// What can be held of it.
    pub(crate) fn actions(&self) -> Vec<&'static str> {
        match self.shape.form {
            Form::Flag => vec!["on"],
            Form::Verbs => self.offered().map(|(_, word)| word).collect(),
            Form::Ladder => self.offered().filter(|(index, _)| *index > 0).map(|(_, word)| word).collect(),
        }
    }

    /// What everybody holds of it.
    pub(crate) fn floor(&self) -> Vec<&'static str> {
        let lowest = self.offered().next().filter(|_| self.shape.form == Form::Ladder);
        lowest.filter(|(index, _)| *index > 0).map(|(_, word)| word).into_iter().collect()
    }

    /// The words that may stand behind it, one at a time.
    pub(crate) fn levels(&self) -> Vec<&'static str> {
        let mut levels: Vec<&'static str> = self.offered().map(|(_, word)| word).collect();
        match self.shape.form {
            Form::Flag => levels.extend(["off", "on", "none", "full"]),
            Form::Verbs => levels.extend(["none", "full"]),
            Form::Ladder if self.dropped.last() == Some(&false) && levels.last() != Some(&"full") => {
                levels.push("full");
            }
            Form::Ladder => {}
        }
        levels
    }

    /// The words that a spread may say of it, dropped ones too.
    fn spread_words(&self) -> impl Iterator<Item = &'static str> {
        let of_flag: &[&str] = if self.shape.form == Form::Flag { &["off", "on"] } else { &[] };
        ["none", "full"].iter().chain(of_flag).chain(&self.shape.words).copied()
    }
}

impl Catalog {
    pub(crate) fn row(&self, (category, row): (usize, usize)) -> &Row {
        &self.categories[category].rows[row]
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = (usize, usize)> {
        let rows = |(category, it): (usize, &Category)| (0..it.rows.len()).map(move |row| (category, row));
        self.categories.iter().enumerate().flat_map(rows)
    }

    /// The ids of what an organization may assign: its own roles and the templates.
    pub(crate) fn assignable(&self, organization: &Organization) -> Vec<String> {
        let all = organization.roles.iter().chain(&self.templates);
        all.map(|role| role.head.id.clone()).collect()
    }
}

impl Policy {
    /// The policy with nothing in it that can refuse what is added: no forbids, no limits.
    pub(crate) fn unrestricted(self) -> Self {
        let mut policy = self.unforbidden();
        for catalog in &mut policy.catalogs {
            catalog.requires.clear();
            for organization in &mut catalog.organizations {
                organization.requires.clear();
            }
        }
        policy
    }

    /// As `unrestricted`, with its requirements: they hold whatever is added, and name roles.
    pub(crate) fn unforbidden(mut self) -> Self {
        for catalog in &mut self.catalogs {
            catalog.limit = None;
            catalog.forbids.clear();
            for organization in &mut catalog.organizations {
                organization.forbids.clear();
            }
        }
        self
    }

    /// Every organization with its catalog.
    pub(crate) fn organizations(&self) -> impl Iterator<Item = (&Catalog, &Organization)> {
        self.catalogs
            .iter()
            .flat_map(|catalog| catalog.organizations.iter().map(move |organization| (catalog, organization)))
    }
}

/// A generated policy.
pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    proptest::collection::vec(catalogs::catalog(), 1..=2).prop_map(catalogs::policy)
}

/// One of some, by a number.
fn pick<T: Copy>(items: &[T], index: Index) -> T {
    items[index.index(items.len())]
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

/// Something, one time in so many.
fn seldom<S: Strategy>(times: u32, strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    proptest::option::weighted(1.0 / f64::from(times), strategy)
}

fn some<S: Strategy>(strategy: S, most: usize) -> impl Strategy<Value = Vec<S::Value>> {
    proptest::collection::vec(strategy, 0..=most)
}
