//! What becomes of the bytes of a forged table: refused; accepted, and every decision is what it was; or accepted, and
//! somebody holds something else, which the sources must tell.

use std::collections::BTreeSet;
use std::fmt;
use std::iter::Sum;
use std::ops::AddAssign;

use rolec::table::Table;
use rolec::tools::certify::certify;
use rolec::vocab::{OrganizationKind, PrincipalKind, Time};

use crate::forged::seeds::Seed;
use crate::support::picture::{decisions, moments};

/// How many were what.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) refused: u64,
    pub(crate) same: u64,
    pub(crate) caught: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.refused += other.refused;
        self.same += other.same;
        self.caught += other.caught;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            sum += one;
            sum
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { refused, same, caught } = self;
        let all = refused + same + caught;
        write!(
            f,
            "{all} tried: {refused} refused, {same} decide the same, {caught} decide otherwise and are caught"
        )
    }
}

/// Judges forged bytes of a table against the table and its sources.
pub(crate) fn judge(seed: &Seed, bytes: &[u8], what: impl Fn() -> String) -> Tally {
    let Ok(table) = Table::from_bytes(bytes) else { return Tally { refused: 1, ..Tally::default() } };
    if !differs(&seed.table, &table) {
        return Tally { same: 1, ..Tally::default() };
    }
    let is_certified = certify(&seed.reference, &table).is_ok();
    assert!(!is_certified, "{}: {}: decides otherwise, and its sources certify it", seed.name, what());
    Tally { caught: 1, ..Tally::default() }
}

/// Whether two tables decide anything otherwise.
fn differs(one: &Table, other: &Table) -> bool {
    // The file lays out what each principal holds in one way only: the same lines decide the same.
    if said(one) != said(other) {
        return true;
    }
    if one.decisions() == other.decisions() {
        return false;
    }
    let all: BTreeSet<Time> = moments(one).union(&moments(other)).copied().collect();
    decisions(one, &all) != decisions(other, &all)
}

/// All that a decision hangs on but for who is assigned what: which organizations, rows, roles and people there are, and
/// what each role holds of each row, by name.
fn said(table: &Table) -> Vec<u8> {
    let mut said = Vec::new();
    let mut say = |text: &str, number: u128| {
        said.extend_from_slice(&(text.len() as u32).to_le_bytes());
        said.extend_from_slice(text.as_bytes());
        said.extend_from_slice(&number.to_le_bytes());
    };
    for catalog in table.catalogs() {
        say(catalog.id(), 0);
        for row in catalog.rows() {
            say(row.category().id(), 1);
            say(row.id(), u128::from(row.is_only_managed()));
            row.shape().actions().for_each(|action| say(action, 2));
        }
    }
    for role in table.roles() {
        say(role.id(), 3);
        say(role.organization().map_or("", |of| of.id()), 4);
        say(role.catalog().id(), 5);
        // Of what its organization never has, nobody can hold anything by it.
        let is_direct = role.organization().is_some_and(|of| of.kind() == OrganizationKind::Direct);
        let rows = role.catalog().rows().filter(|row| !(is_direct && row.is_only_managed()));
        rows.for_each(|row| say("", role.actions(row.key()).0));
    }
    for organization in table.organizations() {
        say(organization.id(), u128::from(organization.kind() == OrganizationKind::Direct));
        say(organization.catalog().id(), 6);
        for principal in organization.principals() {
            say(principal.name(), u128::from(principal.kind() == PrincipalKind::Service));
        }
    }
    said
}
