//! Who holds more of a row once a role gives more of it: through the roles made from it that say nothing of the row
//! themselves, in every organization that has them.

use std::collections::HashMap;

use crate::table::{Assignment, Organization, Principal, Role, Row, Table};
use crate::tools::explain::decision::Explanation;
use crate::tools::explain::flip::change::Change;
use crate::vocab::{Actions, Course, OrganizationKind, PrincipalId, RoleId, Time};

/// What is to be known of all roles to count who gains by a change of one. Found once for all changes.
pub(super) struct Gains<'t> {
    table: &'t Table,
    row: Row<'t>,
    at: Time,
    /// Where it was asked, and about whom.
    home: Organization<'t>,
    principal: Option<PrincipalId>,
    /// The roles made from each, without those that say themselves what they have of the row.
    made: HashMap<RoleId, Vec<Role<'t>>>,
    /// Who is assigned each, of the organization asked about: somebody may have thousands of roles there.
    holders: HashMap<RoleId, Vec<PrincipalId>>,
}

impl<'t> Gains<'t> {
    /// Of the roles of the organization asked about; `everywhere` of those of all that have its catalog, as a change
    /// of a template wants it.
    pub(super) fn new(table: &'t Table, explained: &Explanation<'t>, everywhere: bool) -> Self {
        let mut gains = Self {
            table,
            row: explained.row,
            at: explained.query.at,
            home: explained.organization,
            principal: explained.principal.map(Principal::key),
            made: HashMap::new(),
            holders: HashMap::new(),
        };
        for principal in gains.home.principals() {
            for assignment in principal.assignments() {
                gains.holders.entry(assignment.role()).or_default().push(principal.key());
            }
        }
        if everywhere {
            gains.home.catalog().templates().for_each(|template| gains.add(template));
            gains.everywhere().flat_map(Organization::roles).for_each(|role| gains.add(role));
        } else {
            gains.home.roles().for_each(|role| gains.add(role));
        }
        gains
    }

    /// The organizations that have the row.
    fn everywhere(&self) -> impl Iterator<Item = Organization<'t>> + use<'t> {
        let (row, catalog) = (self.row, self.home.catalog().key());
        self.table.organizations().filter(move |one| one.catalog().key() == catalog && is_there(*one, row))
    }

    fn add(&mut self, role: Role<'t>) {
        if role.entry_for(self.row.key()).is_none() {
            for base in role.bases() {
                self.made.entry(base.key()).or_default().push(role);
            }
        }
    }

    /// How many other principals gain by a change, and how many other organizations it concerns; none once more than
    /// `bound` principals do.
    pub(super) fn by(&self, change: &Change<'t>, bound: Option<usize>) -> Option<(usize, usize)> {
        let more = self.spread(change.role, change.added);
        if !change.role.is_template() {
            let mut holders: Vec<PrincipalId> =
                more.keys().filter_map(|role| self.holders.get(role)).flatten().copied().collect();
            holders.sort_unstable();
            holders.dedup();
            let holders = holders.into_iter().filter_map(|key| self.table.principal_view(key));
            let others = holders.filter(|one| self.gains(*one, &more)).count();
            return bound.is_none_or(|bound| others <= bound).then_some((others, 0));
        }
        let (mut others, mut elsewhere) = (0, 0);
        for organization in self.everywhere() {
            let gaining = organization.principals().filter(|one| self.gains(*one, &more)).count();
            others += gaining;
            if bound.is_some_and(|bound| others > bound) {
                return None;
            }
            let is_concerned =
                || gaining > 0 || organization.roles().any(|role| more.contains_key(&role.key()));
            elsewhere += usize::from(organization.key() != self.home.key() && is_concerned());
        }
        Some((others, elsewhere))
    }

    /// What each role has more of the row once one has some actions more.
    pub(super) fn spread(&self, role: Role<'t>, added: Actions) -> HashMap<RoleId, Actions> {
        let mut more = HashMap::from([(role.key(), added)]);
        let mut open = vec![role.key()];
        while let Some(base) = open.pop() {
            let given = more.get(&base).copied().unwrap_or_default();
            for role in self.made.get(&base).into_iter().flatten() {
                let new = given - role.actions(self.row.key());
                let known = more.entry(role.key()).or_default();
                if !known.contains(new) {
                    *known = *known | new;
                    open.push(role.key());
                }
            }
        }
        more.retain(|_, more| !more.is_empty());
        more
    }

    /// Whether somebody else holds more of the row at a moment from the time asked about on.
    fn gains(&self, principal: Principal<'t>, more: &HashMap<RoleId, Actions>) -> bool {
        let is_to_come = |one: &Assignment<'_>| one.until().is_none_or(|until| until > self.at);
        let assignments = || principal.assignments().filter(is_to_come);
        let is_asked = Some(principal.key()) == self.principal;
        if is_asked || !assignments().any(|one| more.contains_key(&one.role())) {
            return false;
        }
        if assignments().nth(1).is_none() {
            return true;
        }
        let course = |with: bool| {
            Course::new(assignments().map(|one| {
                let held = self.table.role_view(one.role()).map(|role| role.actions(self.row.key()));
                let more = more.get(&one.role()).copied().filter(|_| with);
                (one.from(), one.until(), held.unwrap_or_default() | more.unwrap_or_default())
            }))
        };
        let (old, new) = (course(false), course(true));
        let changes = old.steps().chain(new.steps()).map(|step| step.from).filter(|from| *from > self.at);
        changes.chain([self.at]).any(|at| !old.at(at).contains(new.at(at)))
    }
}

fn is_there(organization: Organization<'_>, row: Row<'_>) -> bool {
    !row.is_only_managed() || organization.kind() == OrganizationKind::Managed
}
