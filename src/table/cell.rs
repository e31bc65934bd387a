//! What a role holds of a row in an organization: where role and permission meet. Of principals the bits are read in
//! `decisions`.

use crate::decisions::Bits;
use crate::table::Table;
use crate::table::layout::{read, words};
use crate::table::parts::Home;
use crate::vocab::{Actions, CatalogId, OrganizationId, OrganizationKind, RoleId, RowId};

/// One row of an organization, found once to be asked about many roles.
///
/// ```
/// use rolec::table::Table;
/// use rolec::vocab::Actions;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let (acme, wiki) = (table.organization("acme").unwrap(), table.catalog("wiki").unwrap());
/// let owner = table.template("owner").unwrap();
///
/// // `tenants` is there in managed organizations only, and acme is direct: nobody has it.
/// let tenants = table.cell(acme, table.rows_named(wiki, "tenants")[0]).unwrap();
/// assert_eq!((tenants.top(), tenants.held(owner)), (Actions::first(1), Some(Actions::NONE)));
/// let export = table.cell(acme, table.rows_named(wiki, "export")[0]).unwrap();
/// assert_eq!(export.held(owner), Some(export.top()));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cell<'t> {
    table: &'t Table,
    organization: OrganizationId,
    catalog: CatalogId,
    first: u32,
    top: Actions,
    left: Actions,
}

impl Cell<'_> {
    /// All actions of the row, whether or not the organization's kind leaves them.
    pub fn top(&self) -> Actions {
        self.top
    }

    /// What a role holds of the row here; `None` where the role is not one of the organization's.
    pub fn held(&self, role: RoleId) -> Option<Actions> {
        let role = self.table.parts.roles.get(role.index())?;
        let here = match role.home {
            Home::Template(catalog) => catalog == self.catalog,
            Home::Organization(home) => home == self.organization,
        };
        here.then(|| Actions(read(words(&role.bits), self.first)) & self.left)
    }
}

impl Cell<'_> {
    /// What somebody holds of the row here, by all that they hold.
    #[doc(hidden)] // how bits are laid out carries no promise
    pub fn among(&self, held: Bits<'_>) -> Actions {
        Actions(read(|at| held.word(at), self.first)) & self.left
    }
}

impl Table {
    /// A row as an organization has it; `None` where there is no such organization or row.
    pub fn cell(&self, organization: OrganizationId, row: RowId) -> Option<Cell<'_>> {
        let of = self.parts.organizations.get(organization.index())?;
        let (first, top) = self.catalogs.get(of.catalog.index())?.layout.run(row)?;
        let only_managed = self.parts.catalogs.get(of.catalog.index())?.rows.get(row.index())?.only_managed;
        let hidden = only_managed && of.kind == OrganizationKind::Direct;
        let left = if hidden { Actions::NONE } else { top };
        Some(Cell { table: self, organization, catalog: of.catalog, first, top, left })
    }

    /// Whether a role is one that the organization can assign: its own, or a template of its catalog.
    pub fn is_assignable(&self, organization: OrganizationId, role: RoleId) -> bool {
        let catalog =
            self.parts.organizations.get(organization.index()).map(|organization| organization.catalog);
        match self.parts.roles.get(role.index()).map(|role| role.home) {
            Some(Home::Template(of)) => catalog == Some(of),
            Some(Home::Organization(home)) => home == organization && catalog.is_some(),
            None => false,
        }
    }

    /// The bits that a role has in an organization, with what the organization's kind takes away taken away: as
    /// the catalog's [`Layout`](crate::table::Layout) places them. None where the role is not one of the
    /// organization's.
    #[doc(hidden)]
    pub fn effective_bits(&self, organization: OrganizationId, role: RoleId) -> impl Iterator<Item = u64> {
        let bits = self.parts.roles.get(role.index()).map_or(&[][..], |role| &role.bits);
        let here = self.is_assignable(organization, role);
        let of = self.parts.organizations.get(organization.index()).filter(|_| here);
        let mask = of.and_then(|of| Some(self.catalogs.get(of.catalog.index())?.layout.mask(of.kind)));
        bits.iter().zip(mask.unwrap_or_default()).map(|(bits, mask)| bits & mask)
    }
}
