//! A second opinion on every decision: the model asked by names, one role, row and action at a time, with the law of
//! levels written out again from the language's description. Sets of names and no bits: it must never touch
//! `Role::cells` or what `Shape` works out, or it would repeat their mistakes.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use rolec::catalog::{Catalog, Row};
use rolec::eval::Who;
use rolec::model::{Model, Organization, Role, RoleRef, Target};
use rolec::vocab::{Form, OrganizationKind, OwnRoleId, RowId, TemplateId, Time};

/// Names of actions.
pub(crate) type Names<'m> = BTreeSet<&'m str>;

/// An answer with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer<'m> {
    /// All that was asked for is held.
    Granted,
    /// Not all of it: what is held of the row, and what was asked for and is not.
    NotGranted { held: Names<'m>, missing: Names<'m> },
    /// No assignment is in force; when the next one starts.
    NothingInForce { next: Option<Time> },
    /// What the policy does not know, by the slug of the reason.
    Unknown(&'static str),
}

/// The evaluator. Remembers what a role holds of a row, as a base may be asked from many sides.
pub(crate) struct Naive<'m> {
    model: &'m Model,
    /// By organization, role and row.
    held: RefCell<HashMap<(*const Organization, RoleRef, RowId), Names<'m>>>,
}

impl<'m> Naive<'m> {
    pub(crate) fn new(model: &'m Model) -> Self {
        Self { model, held: RefCell::default() }
    }

    /// Decides by names.
    pub(crate) fn decide(
        &self,
        organization: &str,
        who: Who<'_>,
        category: &str,
        row: &str,
        action: Option<&str>,
        at: Time,
    ) -> Answer<'m> {
        let Some(organization) = self.organization(organization) else {
            return Answer::Unknown("unknown-organization");
        };
        let in_force = match who {
            Who::Role(name) => match self.role(organization, name) {
                Some(role) => Ok(vec![role]),
                None => return Answer::Unknown("unknown-role"),
            },
            Who::Principal(name) => {
                match organization.principals.iter().find(|principal| *principal.name == *name) {
                    Some(principal) => in_force(principal, at),
                    None => return Answer::Unknown("unknown-principal"),
                }
            }
        };
        let catalog = &self.model.shared.catalogs[organization.catalog.index()];
        let Some(category) = catalog.categories.iter().position(|known| *known.id == *category) else {
            return Answer::Unknown("unknown-category");
        };
        let is_it = |known: &Row| *known.id == *row && known.category.index() == category;
        let Some(row) = catalog.rows.iter().position(is_it) else {
            return Answer::Unknown("unknown-row");
        };
        let asked: Names<'_> = match action {
            None | Some("full") => actions(&catalog.rows[row]),
            Some(action) => match actions(&catalog.rows[row]).get(action) {
                Some(action) => [*action].into(),
                None => return Answer::Unknown("unknown-action"),
            },
        };
        let roles = match in_force {
            Ok(roles) => roles,
            Err(next) => return Answer::NothingInForce { next },
        };
        let mut held = Names::new();
        for role in roles {
            held.extend(self.held(organization, role, RowId::at(row)));
        }
        let missing: Names<'_> = asked.difference(&held).copied().collect();
        if missing.is_empty() { Answer::Granted } else { Answer::NotGranted { held, missing } }
    }

    fn organization(&self, id: &str) -> Option<&'m Organization> {
        self.model.organizations.iter().find(|known| *known.id == *id).map(|known| &**known)
    }

    /// What a name means in an organization: a role of its own, or a template of its catalog.
    fn role(&self, organization: &Organization, name: &str) -> Option<RoleRef> {
        let own = organization.roles.iter().position(|role| *role.id == *name);
        let templates = &self.model.shared.templates;
        let is_here = |role: &Role| *role.id == *name && role.catalog == organization.catalog;
        let template = templates.iter().position(is_here);
        let own = own.map(|index| RoleRef::Own(OwnRoleId::at(index)));
        own.or(template.map(|index| RoleRef::Template(TemplateId::at(index))))
    }

    fn of(&self, organization: &'m Organization, role: RoleRef) -> &'m Role {
        match role {
            RoleRef::Template(id) => &self.model.shared.templates[id.index()],
            RoleRef::Own(id) => &organization.roles[id.index()],
        }
    }

    /// What a role holds of a row in an organization. A row that only managed organizations have is not there in
    /// another, whatever the role says.
    fn held(&self, organization: &'m Organization, role: RoleRef, row: RowId) -> Names<'m> {
        let catalog = &self.model.shared.catalogs[organization.catalog.index()];
        if catalog.rows[row.index()].only_managed && organization.kind != OrganizationKind::Managed {
            return Names::new();
        }
        // A role waits on the list until its bases are known: chains may be longer than a stack is deep.
        let mut waiting = vec![role];
        while let Some(role) = waiting.last().copied() {
            if self.held.borrow().contains_key(&(organization as *const _, role, row)) {
                waiting.pop();
                continue;
            }
            let known = match said(catalog, self.of(organization, role), row) {
                Some(level) => Ok(level),
                None => self.inherited(catalog, organization, role, row),
            };
            match known {
                Ok(names) => {
                    self.held.borrow_mut().insert((organization as *const _, role, row), names);
                }
                Err(bases) => waiting.extend(bases),
            }
        }
        self.held.borrow()[&(organization as *const _, role, row)].clone()
    }

    /// The join of what the bases hold, the floor where there is none; or the bases to ask first.
    fn inherited(
        &self,
        catalog: &'m Catalog,
        organization: &'m Organization,
        role: RoleRef,
        row: RowId,
    ) -> Result<Names<'m>, Vec<RoleRef>> {
        let bases = &self.of(organization, role).bases;
        if bases.is_empty() {
            return Ok(floor(&catalog.rows[row.index()]));
        }
        let held = self.held.borrow();
        let unknown: Vec<RoleRef> = bases
            .iter()
            .copied()
            .filter(|base| !held.contains_key(&(organization as *const _, *base, row)))
            .collect();
        if unknown.is_empty() {
            Ok(bases.iter().flat_map(|base| held[&(organization as *const _, *base, row)].clone()).collect())
        } else {
            Err(unknown)
        }
    }
}

/// The roles of the assignments in force; the start of the next one where there is none.
fn in_force(principal: &rolec::model::Principal, at: Time) -> Result<Vec<RoleRef>, Option<Time>> {
    let mut roles = Vec::new();
    let mut next: Option<Time> = None;
    for assignment in &principal.assignments {
        let has_begun = match assignment.from {
            Some(from) => from <= at,
            None => true,
        };
        let has_ended = match assignment.until {
            Some(until) => until <= at,
            None => false,
        };
        if has_begun && !has_ended {
            roles.push(assignment.role);
        }
        if !has_begun {
            next = match next {
                Some(earlier) => Some(earlier.min(assignment.from.unwrap())),
                None => assignment.from,
            };
        }
    }
    if roles.is_empty() { Err(next) } else { Ok(roles) }
}

/// What a role itself says of a row: the row before its category before all.
fn said<'m>(catalog: &'m Catalog, role: &'m Role, row: RowId) -> Option<Names<'m>> {
    let of = &catalog.rows[row.index()];
    let entry = |target: Target| role.entries.iter().find(|entry| entry.target == target);
    if let Some(entry) = entry(Target::Row(row)) {
        return Some(entry.words.iter().flat_map(|word| exact(of, word)).collect());
    }
    let spread_entry = entry(Target::Category(of.category)).or_else(|| entry(Target::All))?;
    Some(spread_entry.words.iter().flat_map(|word| spread(of, word)).collect())
}

/// The words of a row's kind, without those that the row drops where `offered` says so.
fn words(row: &Row) -> Vec<(&str, bool)> {
    row.shape.words().map(|(word, is_dropped)| (word, !is_dropped)).collect()
}

/// The actions of a row: steps offered above `none`, verbs offered, or `on`.
pub(crate) fn actions(row: &Row) -> Names<'_> {
    let offered = |from: usize| words(row).into_iter().skip(from).filter(|(_, is_offered)| *is_offered);
    match row.shape.form() {
        Form::Ladder => offered(1).map(|(word, _)| word).collect(),
        Form::Verbs => offered(0).map(|(word, _)| word).collect(),
        Form::Flag => ["on"].into(),
    }
}

/// What a step of a ladder holds: itself and all offered steps below it, but for `none`, which holds nothing.
fn step(row: &Row, number: usize) -> Names<'_> {
    words(row)
        .into_iter()
        .take(number + 1)
        .skip(1)
        .filter(|(_, offered)| *offered)
        .map(|(word, _)| word)
        .collect()
}

/// The lowest level that a row offers.
pub(crate) fn floor(row: &Row) -> Names<'_> {
    match row.shape.form() {
        Form::Ladder => {
            let lowest = words(row).iter().position(|(_, is_offered)| *is_offered);
            step(row, lowest.expect("a ladder offers a level"))
        }
        Form::Verbs | Form::Flag => Names::new(),
    }
}

/// What an exact word gives.
fn exact<'m>(row: &'m Row, word: &'m str) -> Names<'m> {
    match (row.shape.form(), word) {
        (Form::Ladder, _) => {
            let words = words(row);
            let number = match word {
                "full" => words.len() - 1,
                _ => words.iter().position(|(known, _)| *known == word).expect("a word of the kind"),
            };
            assert!(words[number].1, "an exact level that `{}` does not offer: {word}", row.id);
            step(row, number)
        }
        (Form::Verbs | Form::Flag, "none") | (Form::Flag, "off") => Names::new(),
        (Form::Verbs, "full") | (Form::Flag, "on" | "full") => actions(row),
        (Form::Verbs, verb) => {
            assert!(actions(row).contains(verb), "an exact verb that `{}` does not offer: {verb}", row.id);
            [verb].into()
        }
        (Form::Flag, word) => panic!("an exact level that flag `{}` does not offer: {word}", row.id),
    }
}

/// What a spread of one word gives: the greatest offered level not above the word, or the floor where there is none
/// or where the kind has no such word.
fn spread<'m>(row: &'m Row, word: &str) -> Names<'m> {
    match row.shape.form() {
        Form::Ladder => {
            let words = words(row);
            let limit = match word {
                "none" => Some(0),
                "full" => Some(words.len() - 1),
                _ => words.iter().position(|(known, _)| *known == word),
            };
            let Some(limit) = limit else { return floor(row) };
            match words.iter().take(limit + 1).rposition(|(_, is_offered)| *is_offered) {
                Some(greatest) => step(row, greatest),
                None => floor(row),
            }
        }
        Form::Verbs if word == "full" => actions(row),
        Form::Verbs => actions(row).into_iter().filter(|verb| *verb == word).collect(),
        Form::Flag if word == "full" || word == "on" => actions(row),
        Form::Flag => Names::new(),
    }
}
