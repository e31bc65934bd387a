//! The decision: names to keys, keys to what is held, that against what is asked. Allocates nothing, and gives a
//! deny for every key that the table does not have.

use crate::decisions::{Bits, Index};
use crate::eval::permission::Permission;
use crate::eval::request::{Holder, Query, Request, Who};
use crate::eval::response::{Reason, Response};
use crate::table::{Assignment, Cell, Principal, Table};
use crate::vocab::{CatalogId, Decision, OrganizationId, PrincipalId, Time};

/// Decides requests by a table.
///
/// ```
/// use rolec::eval::{Evaluator, Permission, Query, Request, Who};
/// use rolec::table::Table;
/// use rolec::vocab::{Decision, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let evaluator = Evaluator::new(&table);
/// assert_eq!(evaluator.table(), &table);
///
/// // By names.
/// let request = Request {
///     organization: "acme",
///     who: Who::Role("editor"),
///     category: "content",
///     row: "pages",
///     action: Some("delete"),
///     at: Time::parse("2026-12-31")?,
/// };
/// assert_eq!(evaluator.decide(&request).decision, Decision::Deny);
///
/// // By keys: the names are found once and asked often.
/// let query = evaluator.resolve(&request).map_err(|reason| reason.slug())?;
/// let update = Permission::at(&table, query.permission.catalog(), query.permission.row(), Some(1)).unwrap();
/// assert_eq!(evaluator.decide_query(Query { permission: update, ..query }), Decision::Allow);
/// assert_eq!(evaluator.respond(query).reason.slug(), "not-granted");
/// let acme = table.organization("acme").unwrap();
/// assert_eq!(evaluator.holder(acme, request.who), Ok(query.holder));
///
/// // What is in force.
/// let bot = table.principal(acme, "bot").unwrap();
/// assert_eq!(evaluator.assignments_in_force(bot, Time::parse("2026-05-31")?).count(), 0);
/// assert_eq!(evaluator.assignments_in_force(bot, Time::parse("2026-06-01")?).count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Evaluator<'t> {
    table: &'t Table,
    index: Index<'t>,
}

impl<'t> Evaluator<'t> {
    /// An evaluator of a table. Make it once and ask it often.
    pub fn new(table: &'t Table) -> Self {
        Self { table, index: table.decisions().index() }
    }

    /// The table it asks.
    pub fn table(self) -> &'t Table {
        self.table
    }

    /// Decides a request.
    pub fn decide(self, request: &Request<'_>) -> Response {
        match self.resolve(request) {
            Ok(query) => self.respond(query),
            Err(reason) => reason.into(),
        }
    }

    /// Finds the names of a request.
    ///
    /// # Errors
    /// Where the policy does not know one of them: the first of organization, who, category, row, action.
    pub fn resolve(self, request: &Request<'_>) -> Result<Query, Reason> {
        let table = self.table;
        let organization = table.organization(request.organization).ok_or(Reason::UnknownOrganization)?;
        let holder = self.holder(organization, request.who)?;
        let view = table.organization_view(organization).ok_or(Reason::UnknownOrganization)?;
        let catalog = view.catalog();
        let category = table.category(catalog.key(), request.category).ok_or(Reason::UnknownCategory)?;
        let row = table.row(catalog.key(), category, request.row).ok_or(Reason::UnknownRow)?;
        let action = match request.action {
            None | Some("full") => None,
            Some(name) => {
                let shape = catalog.row(row).ok_or(Reason::UnknownRow)?.shape();
                Some(shape.action(name).ok_or(Reason::UnknownAction)?)
            }
        };
        let permission = Permission::at(table, catalog.key(), row, action).ok_or(Reason::UnknownRow)?;
        Ok(Query { holder, permission, at: request.at })
    }

    /// Finds who is asked about.
    ///
    /// # Errors
    /// Where the organization has no such principal or role.
    pub fn holder(self, organization: OrganizationId, who: Who<'_>) -> Result<Holder, Reason> {
        match who {
            Who::Principal(name) => self
                .table
                .principal(organization, name)
                .map(Holder::Principal)
                .ok_or(Reason::UnknownPrincipal),
            Who::Role(id) => self
                .table
                .role(organization, id)
                .map(|role| Holder::Role(organization, role))
                .ok_or(Reason::UnknownRole),
        }
    }

    /// Decides by keys.
    pub fn decide_query(self, query: Query) -> Decision {
        self.reason(query).decision()
    }

    /// Decides by keys, with the reason.
    pub fn respond(self, query: Query) -> Response {
        self.reason(query).into()
    }

    /// The assignments of a principal that are in force at a time, by role; none where there is no such principal.
    pub fn assignments_in_force(
        self,
        principal: PrincipalId,
        at: Time,
    ) -> impl Iterator<Item = Assignment<'t>> {
        let principal = self.table.principal_view(principal);
        principal.into_iter().flat_map(Principal::assignments).filter(move |it| it.is_in_force(at))
    }

    fn reason(self, query: Query) -> Reason {
        let standing = match self.standing(query.holder) {
            Ok(standing) => standing,
            Err(reason) => return reason,
        };
        let cell = match self.cell(&standing, query.permission) {
            Ok(cell) => cell,
            Err(reason) => return reason,
        };
        let held = match query.holder {
            Holder::Role(_, role) => cell.held(role).unwrap_or_default(),
            Holder::Principal(principal) => match self.holding(principal, query.at) {
                Ok(bits) => cell.among(bits),
                Err(reason) => return reason,
            },
        };
        Reason::of(held, query.permission.actions())
    }

    /// What a principal holds.
    pub(super) fn holding(self, principal: PrincipalId, at: Time) -> Result<Bits<'t>, Reason> {
        let held = self.index.held(principal, at).ok_or(Reason::UnknownPrincipal)?;
        held.map_err(|next| Reason::NothingInForce { next })
    }

    /// Where a holder stands.
    pub(super) fn standing(self, holder: Holder) -> Result<Standing, Reason> {
        let (organization, role) = match holder {
            Holder::Role(organization, role) => (organization, Some(role)),
            Holder::Principal(key) => {
                let principal = self.table.principal_view(key).ok_or(Reason::UnknownPrincipal)?;
                (principal.organization().key(), None)
            }
        };
        let view = self.table.organization_view(organization).ok_or(Reason::UnknownOrganization)?;
        if role.is_some_and(|role| !self.table.is_assignable(organization, role)) {
            return Err(Reason::UnknownRole);
        }
        Ok(Standing { organization, catalog: view.catalog().key() })
    }

    /// The row that is asked about, as the holder's organization has it.
    fn cell(self, standing: &Standing, permission: Permission) -> Result<Cell<'t>, Reason> {
        if permission.catalog() != standing.catalog {
            return Err(Reason::UnknownRow);
        }
        let cell = self.table.cell(standing.organization, permission.row()).ok_or(Reason::UnknownRow)?;
        // A permission of another table may ask for more than this one's row has.
        if cell.top().contains(permission.actions()) { Ok(cell) } else { Err(Reason::UnknownAction) }
    }
}

/// Where a holder stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) organization: OrganizationId,
    pub(super) catalog: CatalogId,
}
