//! Roles and templates, seen.

use crate::table::parts::{Entry, Home};
use crate::table::view::{Catalog, Organization, described};
use crate::table::{Table, parts};
use crate::vocab::{Actions, RoleId, RowId};

/// A role or template, seen.
///
/// ```
/// use rolec::table::{Origin, Table};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organization("acme").unwrap();
/// let editor = table.role_view(table.role(acme, "editor").unwrap()).unwrap();
/// assert_eq!((editor.id(), editor.title()), ("editor", Some("Editor")));
/// assert_eq!((editor.description(), editor.doc()), (Some("Keeps the pages."), Some("Writes, and deletes nothing.")));
/// assert_eq!(editor.organization().map(|organization| organization.id()), Some("acme"));
/// assert!(!editor.is_template() && !editor.is_default());
/// assert_eq!((editor.key().index(), editor.position().line), (2, 28));
///
/// // What it holds of a row, and which line says so.
/// let [spaces, pages] = ["spaces", "pages"].map(|id| editor.catalog().rows().find(|row| row.id() == id).unwrap());
/// assert_eq!(pages.shape().level(editor.actions(pages.key())), "create, update");
/// assert_eq!(editor.entry_for(pages.key()).map(|entry| entry.position.line), Some(32));
/// assert_eq!(editor.entries().len(), 3);
///
/// // Its base has the first step of the row: the editor's own line decides all the same.
/// let reader = editor.bases().next().unwrap();
/// assert!(reader.is_template() && reader.id() == "reader");
/// assert!(editor.bases_holding(spaces.key(), 0).map(|base| base.id()).eq(["reader"]));
/// let (root, _) = editor.root(spaces.key(), 0);
/// assert_eq!((root.home(), root.id()), (editor.home(), "editor"));
/// assert!(matches!(editor.origin(spaces.key(), 0), Origin::Entry(entry) if &*entry.level == "write"));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Role<'t> {
    pub(super) table: &'t Table,
    pub(super) key: RoleId,
    pub(super) data: &'t parts::Role,
    pub(super) catalog: Catalog<'t>,
}

described!(Role, RoleId, "role");

impl<'t> Role<'t> {
    /// Its description.
    pub fn description(self) -> Option<&'t str> {
        self.data.description.as_deref()
    }

    /// Whose it is.
    pub fn home(self) -> Home {
        self.data.home
    }

    /// The organization it is of; none for a template.
    pub fn organization(self) -> Option<Organization<'t>> {
        match self.data.home {
            Home::Template(_) => None,
            Home::Organization(organization) => self.table.organization_view(organization),
        }
    }

    /// The catalog whose rows it has.
    pub fn catalog(self) -> Catalog<'t> {
        self.catalog
    }

    /// Whether it is a template.
    pub fn is_template(self) -> bool {
        matches!(self.data.home, Home::Template(_))
    }

    /// Whether it is a `default template`.
    pub fn is_default(self) -> bool {
        self.data.is_default
    }

    /// What it is made from, by id.
    pub fn bases(self) -> impl Iterator<Item = Role<'t>> {
        self.data.bases.iter().filter_map(move |key| self.table.role_view(*key))
    }

    /// Its own grants, by target.
    pub fn entries(self) -> &'t [Entry] {
        &self.data.entries
    }

    /// What it holds of a row, before an organization's kind takes anything away.
    pub fn actions(self, row: RowId) -> Actions {
        self.catalog.layout().get(&self.data.bits, row)
    }

    /// Its bits, before an organization's kind takes anything away.
    #[doc(hidden)]
    pub fn bits(self) -> &'t [u64] {
        &self.data.bits
    }
}
