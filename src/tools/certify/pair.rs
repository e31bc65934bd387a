//! Organizations, roles and principals of the sources found in the table, and what the table has beside them.

use std::collections::BTreeSet;

use crate::decisions::Answers;
use crate::reference::{OrganizationOf, PrincipalOf, Reference};
use crate::table::Organization;
use crate::tools::certify::Comparison;
use crate::tools::certify::differences::{Difference, kind};
use crate::tools::certify::people::{Person, changes};
use crate::vocab::{PrincipalKind, RoleId};

/// An organization in the sources and in the table.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) own: OrganizationOf<'a>,
    pub(super) of: Organization<'a>,
}

/// The same while its cells are compared.
pub(super) struct Inside<'a> {
    pub(super) own: OrganizationOf<'a>,
    pub(super) of: Organization<'a>,
    /// Its roles in the order of the table, each with its number in the sources.
    pub(super) roles: Vec<(RoleId, usize)>,
    /// The same in the order of the sources.
    pub(super) keys: Vec<Option<RoleId>>,
    /// Its principals in the order of the table, and the stretches of time of each.
    pub(super) people: Vec<Person<'a>>,
    pub(super) answers: Answers,
}

impl<'t> Comparison<'t> {
    /// Finds all organizations, in the order of the table.
    pub(super) fn pairs<'a>(&mut self, reference: &'a Reference) -> Vec<Pair<'a>>
    where
        't: 'a,
    {
        let mut pairs: Vec<Pair<'a>> = reference.organizations().filter_map(|own| self.pair(own)).collect();
        pairs.sort_by_key(|pair| pair.of.key());
        let table = self.evaluator.table();
        if pairs.len() != table.organizations().count() {
            let known: BTreeSet<_> = pairs.iter().map(|pair| pair.of.key()).collect();
            for other in table.organizations().filter(|of| !known.contains(&of.key())) {
                self.differences
                    .push(|| Difference::of("organization", other.id()).says(Some(said_of(other)), None));
            }
        }
        pairs
    }

    fn pair<'a>(&mut self, own: OrganizationOf<'a>) -> Option<Pair<'a>>
    where
        't: 'a,
    {
        let table = self.evaluator.table();
        let wanted = || vec![kind(own.kind()).to_owned(), own.catalog().id().to_owned()];
        let of = table.organization(own.id()).and_then(|key| table.organization_view(key));
        let Some(of) = of else {
            let found = Difference::of("organization", own.id());
            self.differences.push(|| found.says(None, Some(wanted())));
            return None;
        };
        // Whoever only decides finds it by its name.
        let is_found = table.decisions().index().organization(own.id()) == Some(of.key());
        if !is_found || (of.kind(), of.catalog().id()) != (own.kind(), own.catalog().id()) {
            let found = Difference::of("organization", own.id());
            self.differences.push(|| found.says(Some(said_of(of)), Some(wanted())));
            return None;
        }
        Some(Pair { own, of })
    }

    /// Finds what is in an organization.
    pub(super) fn inside<'a>(&mut self, Pair { own, of }: Pair<'a>) -> Inside<'a>
    where
        't: 'a,
    {
        let (roles, keys) = self.roles(own, of);
        let people = self.people_of(own, of);
        Inside { own, of, roles, keys, people, answers: Answers::default() }
    }

    fn roles(
        &mut self,
        own: OrganizationOf<'_>,
        of: Organization<'_>,
    ) -> (Vec<(RoleId, usize)>, Vec<Option<RoleId>>) {
        let table = self.evaluator.table();
        let (mut roles, mut keys) = (Vec::new(), Vec::new());
        for (number, id) in own.roles().enumerate() {
            let found = table.role(of.key(), id);
            let found = found.filter(|role| table.role_view(*role).is_some_and(|role| !role.is_template()));
            keys.push(found);
            match found {
                Some(role) => roles.push((role, number)),
                None => self.differences.push(|| {
                    Difference::of("role", id).in_organization(own.id()).says(None, Some(Vec::new()))
                }),
            }
        }
        roles.sort_unstable();
        if roles.len() != of.roles().count() {
            let known: BTreeSet<RoleId> = roles.iter().map(|(role, _)| *role).collect();
            for other in of.roles().filter(|role| !known.contains(&role.key())) {
                self.differences.push(|| {
                    let other = Difference::of("role", other.id()).in_organization(of.id());
                    other.says(Some(Vec::new()), None)
                });
            }
        }
        (roles, keys)
    }

    fn people_of<'a>(&mut self, own: OrganizationOf<'a>, of: Organization<'a>) -> Vec<Person<'a>>
    where
        't: 'a,
    {
        let table = self.evaluator.table();
        let index = table.decisions().index();
        let mut people = Vec::new();
        for principal in own.principals() {
            let key = table.principal(of.key(), principal.name());
            let found = key.and_then(|key| table.principal_view(key));
            let is_found = key == index.principal(own.id(), principal.name());
            match found.filter(|found| is_found && found.kind() == principal.kind()) {
                Some(found) => {
                    changes(own, principal, index.changes_of(found.key()), &mut self.differences);
                    people.push(Person::of_table(principal, found, index));
                }
                None => self
                    .differences
                    .push(|| other_principal(own, principal, found.map(|found| vec![word(found.kind())]))),
            }
        }
        people.sort_by_key(|person| person.key);
        if people.len() != of.principals().count() {
            let known: BTreeSet<_> = own.principals().map(PrincipalOf::name).collect();
            for other in of.principals().filter(|it| !known.contains(it.name())) {
                self.differences.push(|| {
                    let found = Difference::of("principal", other.name()).in_organization(of.id());
                    found.says(Some(vec![word(other.kind())]), None)
                });
            }
        }
        people
    }
}

/// What tells an organization from another one of its name.
fn said_of(of: Organization<'_>) -> Vec<String> {
    vec![kind(of.kind()).to_owned(), of.catalog().id().to_owned()]
}

/// That a principal of the sources is not there, or is another one.
pub(super) fn other_principal(
    own: OrganizationOf<'_>,
    principal: PrincipalOf<'_>,
    found: Option<Vec<String>>,
) -> Difference {
    let told = Difference::of("principal", principal.name()).in_organization(own.id());
    told.says(found, Some(vec![word(principal.kind())]))
}

fn word(kind: PrincipalKind) -> String {
    match kind {
        PrincipalKind::Admin => "person".to_owned(),
        PrincipalKind::Service => "service".to_owned(),
    }
}
