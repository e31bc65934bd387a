//! Who holds more of a row once a role gives more of it: through the roles made from it that say nothing of the row
//! themselves, in every organization that has them.

use std::collections::{BTreeSet, HashMap};

use crate::table::{Organization, Principal, Role, Row, Table};
use crate::tools::explain::decision::Explanation;
use crate::tools::explain::flip::change::Change;
use crate::vocab::{Actions, Course, OrganizationId, OrganizationKind, PrincipalId, RoleId, Time};

/// What is to be known of all roles to count who gains by a change of one. Found once for all changes.
pub(super) struct Gains<'t> {
    table: &'t Table,
    row: Row<'t>,
    at: Time,
    /// Where it was asked, and about whom.
    home: OrganizationId,
    principal: Option<PrincipalId>,
    /// The roles made from each, without those that say themselves what they have of the row.
    made: HashMap<RoleId, Vec<Role<'t>>>,
    /// Who has each, then or later.
    holders: HashMap<RoleId, Vec<PrincipalId>>,
}

impl<'t> Gains<'t> {
    /// Of the roles of the organization asked about; `everywhere` of those of all that have its catalog, as a change
    /// of a template wants it.
    pub(super) fn new(table: &'t Table, explained: &Explanation<'t>, everywhere: bool) -> Self {
        let (row, at, home) = (explained.row, explained.query.at, explained.organization);
        let mut gains = Self {
            table,
            row,
            at,
            home: home.key(),
            principal: explained.principal.map(Principal::key),
            made: HashMap::new(),
            holders: HashMap::new(),
        };
        if everywhere {
            let catalog = home.catalog();
            catalog.templates().for_each(|template| gains.add_role(template));
            let all = table.organizations().filter(|one| one.catalog().key() == catalog.key());
            all.filter(|one| is_there(*one, row)).for_each(|one| gains.add_organization(one));
        } else {
            gains.add_organization(home);
        }
        gains
    }

    fn add_organization(&mut self, organization: Organization<'t>) {
        organization.roles().for_each(|role| self.add_role(role));
        for principal in organization.principals().filter(|one| Some(one.key()) != self.principal) {
            for assignment in principal.assignments() {
                if assignment.until().is_none_or(|until| until > self.at) {
                    self.holders.entry(assignment.role()).or_default().push(principal.key());
                }
            }
        }
    }

    fn add_role(&mut self, role: Role<'t>) {
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
        let is_elsewhere = |organization: &OrganizationId| *organization != self.home;
        let roles = more.keys().filter_map(|role| self.table.role_view(*role)?.organization());
        let mut elsewhere: BTreeSet<OrganizationId> =
            roles.map(Organization::key).filter(is_elsewhere).collect();
        let holders = more.keys().filter_map(|role| self.holders.get(role)).flatten();
        let holders: BTreeSet<PrincipalId> = holders.copied().collect();
        let mut others = 0;
        for principal in holders.into_iter().filter_map(|key| self.table.principal_view(key)) {
            if self.gains(principal, &more) {
                others += 1;
                elsewhere.extend(Some(principal.organization().key()).filter(is_elsewhere));
                if bound.is_some_and(|bound| others > bound) {
                    return None;
                }
            }
        }
        Some((others, elsewhere.len()))
    }

    /// What each role has more of the row once one has some actions more.
    fn spread(&self, role: Role<'t>, added: Actions) -> HashMap<RoleId, Actions> {
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

    /// Whether somebody holds more of the row at a moment from the time asked about on.
    fn gains(&self, principal: Principal<'t>, more: &HashMap<RoleId, Actions>) -> bool {
        let course = |with: bool| {
            Course::new(principal.assignments().map(|one| {
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
