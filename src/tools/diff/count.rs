//! How much differs, and whether anybody gains anything.

use crate::table::{Organization, Role};
use crate::tools::diff::rows::is_hidden;
use crate::tools::diff::{Diff, Renamed, RoleChange};

/// How much differs, for a line of numbers.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::{Counts, diff};
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("pages: create, update", "pages: create, delete");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let counts = diff(&old, &new).counts();
/// assert_eq!(counts, Counts { roles: 1, cells: 1, people: 2, gaining: 2, losing: 2, ..Counts::default() });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Catalogs that differ.
    pub catalogs: usize,
    /// Organizations that are on one side only, or say something else of themselves.
    pub organizations: usize,
    /// Roles and templates that differ. A template counts once, and again where an organization sees it otherwise.
    pub roles: usize,
    /// Cells that differ.
    pub cells: usize,
    /// People for whom something differs, service accounts too. Who is known to two organizations counts twice.
    pub people: usize,
    /// People who gain a right at any moment.
    pub gaining: usize,
    /// People who lose a right at any moment.
    pub losing: usize,
}

impl Diff<'_> {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.catalogs.is_empty() && self.templates.is_empty() && self.organizations.is_empty()
    }

    /// How much differs.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { catalogs: self.catalogs.len(), ..Counts::default() };
        for role in self.roles() {
            counts.roles += 1;
            counts.cells += role.cells.len();
        }
        for organization in &self.organizations {
            let is_told = organization.organization.both().is_none() || !organization.said.is_empty();
            counts.organizations += usize::from(is_told);
            counts.people += organization.people.len();
            counts.gaining += organization.people.iter().filter(|person| person.gains()).count();
            counts.losing += organization.people.iter().filter(|person| person.loses()).count();
        }
        counts
    }

    /// Whether any role or anybody gains any action at any moment that was looked at; also by another catalog alone,
    /// and a role that is new with what it holds. A row that was renamed or respelled and of which a role holds something
    /// counts: who asks for its new id gets an allow that nobody got before, for ids are looked up to the letter.
    pub fn widens(&self) -> bool {
        let is_held = |renamed: &Renamed<'_>| {
            let (row, catalog) = (renamed.new, renamed.new.category().catalog().key());
            let holds = |role: Role<'_>| {
                let kind = role.organization().map(Organization::kind);
                !is_hidden(row, kind) && !role.actions(row.key()).is_empty()
            };
            let mut roles = self.new.roles().filter(|role| role.catalog().key() == catalog);
            roles.any(holds)
        };
        self.roles().flat_map(|role| &role.cells).any(|cell| !cell.gained.is_empty())
            || self.organizations.iter().flat_map(|one| &one.people).any(|person| person.gains())
            || self.catalogs.iter().flat_map(|catalog| &catalog.renamed).any(is_held)
    }

    fn roles(&self) -> impl Iterator<Item = &RoleChange<'_>> {
        self.templates.iter().chain(self.organizations.iter().flat_map(|one| &one.roles))
    }
}
