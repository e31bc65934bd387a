//! A table as one reads it: small copies that point into it, with a method for each thing to be known. They hide
//! how the table is laid out, so that a faster layout changes nothing for those who ask. They decide nothing.

mod catalog;
mod organization;
mod role;

pub use self::catalog::{Catalog, Category, Row};
pub use self::organization::{Assignment, Organization, Principal};
pub use self::role::Role;

use crate::table::Table;
use crate::table::parts::{Home, Position};
use crate::vocab::{CatalogId, OrganizationId, PrincipalId, RoleId};

/// `id`, `title`, `doc`, `position` and `key`: what all that has a text of its own has.
macro_rules! described {
    ($name:ident, $key:ty, $what:literal) => {
        impl<'t> $name<'t> {
            #[doc = concat!("The key of the ", $what, ".")]
            pub fn key(self) -> $key {
                self.key
            }

            #[doc = concat!("The id of the ", $what, ", as the policy spells it.")]
            pub fn id(self) -> &'t str {
                &self.data.id
            }

            #[doc = concat!("The title of the ", $what, ".")]
            pub fn title(self) -> Option<&'t str> {
                self.data.title.as_deref()
            }

            #[doc = concat!("The documentation of the ", $what, ".")]
            pub fn doc(self) -> Option<&'t str> {
                self.data.doc.as_deref()
            }

            #[doc = concat!("Where the ", $what, " is written.")]
            pub fn position(self) -> $crate::table::parts::Position {
                self.data.position
            }
        }

        impl std::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.key.0).field(&self.data.id).finish()
            }
        }
    };
}
use described;

impl Table {
    /// A catalog, seen.
    pub fn catalog_view(&self, key: CatalogId) -> Option<Catalog<'_>> {
        let data = self.parts.catalogs.get(key.index())?;
        Some(Catalog { table: self, key, data, index: self.catalogs.get(key.index())? })
    }

    /// A role or template, seen.
    pub fn role_view(&self, key: RoleId) -> Option<Role<'_>> {
        let data = self.parts.roles.get(key.index())?;
        let catalog = match data.home {
            Home::Template(catalog) => catalog,
            Home::Organization(organization) => self.parts.organizations.get(organization.index())?.catalog,
        };
        Some(Role { table: self, key, data, catalog: self.catalog_view(catalog)? })
    }

    /// An organization, seen.
    pub fn organization_view(&self, key: OrganizationId) -> Option<Organization<'_>> {
        let data = self.parts.organizations.get(key.index())?;
        Some(Organization { table: self, key, data, catalog: self.catalog_view(data.catalog)? })
    }

    /// A principal, seen.
    pub fn principal_view(&self, key: PrincipalId) -> Option<Principal<'_>> {
        let data = self.parts.principals.get(key.index())?;
        Some(Principal { table: self, key, data, organization: self.organization_view(data.organization)? })
    }

    /// All catalogs, by id.
    pub fn catalogs(&self) -> impl Iterator<Item = Catalog<'_>> {
        (0..self.parts.catalogs.len()).filter_map(|index| self.catalog_view(CatalogId::at(index)))
    }

    /// All organizations, by id.
    pub fn organizations(&self) -> impl Iterator<Item = Organization<'_>> {
        (0..self.parts.organizations.len())
            .filter_map(|index| self.organization_view(OrganizationId::at(index)))
    }

    /// The templates of all catalogs, by id.
    pub fn templates(&self) -> impl Iterator<Item = Role<'_>> {
        (0..self.templates).filter_map(|index| self.role_view(RoleId::at(index)))
    }

    /// All roles and templates: first the templates, then the roles of each organization, each by id.
    pub fn roles(&self) -> impl Iterator<Item = Role<'_>> {
        (0..self.parts.roles.len()).filter_map(|index| self.role_view(RoleId::at(index)))
    }

    /// All principals, by organization, then by name.
    pub fn principals(&self) -> impl Iterator<Item = Principal<'_>> {
        (0..self.parts.principals.len()).filter_map(|index| self.principal_view(PrincipalId::at(index)))
    }

    /// The names of the source files, sorted.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.parts.files.iter().map(|name| &**name)
    }

    /// The name of the file that a position is in.
    pub fn file(&self, position: Position) -> Option<&str> {
        self.parts.files.get(position.file as usize).map(|name| &**name)
    }
}
