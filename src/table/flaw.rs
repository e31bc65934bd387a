//! What can be wrong with the parts of a table, as data. A flaw in what a compiler made is an error of the
//! compiler; in a file that was read, a damaged or forged one. Knows no text of a policy and shows none.

use std::fmt;

use crate::vocab::{CatalogId, RoleId, RowId};

/// The first thing that is wrong with the parts of a table.
///
/// ```
/// use rolec::table::{Fault, Flaw, Part};
///
/// let flaw = Flaw { part: Part::Role, index: 3, fault: Fault::Cycle };
/// assert_eq!(flaw.to_string(), "role 3 is made from itself");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The list it is in.
    pub part: Part,
    /// Which of the list, from 0.
    pub index: usize,
    /// What is wrong.
    pub fault: Fault,
}

/// The list that a flaw is in.
///
/// ```
/// use rolec::table::{Fault, Flaw, Part};
/// use rolec::vocab::CatalogId;
///
/// let flaw = Flaw { part: Part::Row(CatalogId(1)), index: 7, fault: Fault::Repeated };
/// assert_eq!(flaw.to_string(), "row 7 of catalog 1 has the id of another");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The files.
    File,
    /// The catalogs.
    Catalog,
    /// The categories of a catalog.
    Category(CatalogId),
    /// The rows of a catalog.
    Row(CatalogId),
    /// The roles and templates.
    Role,
    /// The entries of a role.
    Entry(RoleId),
    /// The organizations.
    Organization,
    /// The principals.
    Principal,
    /// The assignments.
    Assignment,
}

/// What is wrong with it.
///
/// ```
/// use rolec::table::Fault;
///
/// assert_eq!(Fault::Width { found: 2, wanted: 1 }.to_string(), "takes 2 words, not 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The list is longer than the limits let it be.
    TooMany,
    /// It does not follow the one before it in the order of its list, or is the same again.
    OutOfOrder,
    /// Its id stands in the list already.
    Repeated,
    /// An id, a name or a text is longer than the limits let it be.
    TooLong,
    /// It names a file, or a line or a column before the first.
    Position,
    /// It names something that is not there.
    Unknown,
    /// The form has no such words, the row no level above the bottom, or more actions than a row may have.
    Shape,
    /// The row is only in managed organizations, and yet its floor holds something.
    ManagedFloor,
    /// The rows that it is `escalating to` are none, out of order, or the row itself.
    Escalation,
    /// The `super` role is no template of the catalog.
    Super,
    /// A role of an organization has the id of a template.
    TemplateId,
    /// A role of an organization is marked as a default one.
    Default,
    /// A base is neither a template of the same catalog nor a role of the same organization.
    Base,
    /// The bases are not in the order of their ids, or one is there twice.
    BaseOrder,
    /// It is made from itself.
    Cycle,
    /// The bits take another number of words than the catalog's.
    Width {
        /// How many there are.
        found: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// A bit stands for no action.
    StrayBits,
    /// A row is at what is none of its levels.
    NotALevel {
        /// The row.
        row: RowId,
    },
    /// The principal is in no assignment.
    Unassigned,
    /// The role cannot be assigned in the organization.
    NotAssignable,
    /// It ends before it begins, or at once.
    Period,
}

impl Flaw {
    /// A flaw of the part at `index`.
    pub(in crate::table) fn new(part: Part, index: usize, fault: Fault) -> Self {
        Self { part, index, fault }
    }
}

/// Nothing where `holds`, else the flaw.
pub(in crate::table) fn ensure(holds: bool, part: Part, index: usize, fault: Fault) -> Result<(), Flaw> {
    if holds { Ok(()) } else { Err(Flaw::new(part, index, fault)) }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "file",
            Self::Catalog => "catalog",
            Self::Category(_) => "category",
            Self::Row(_) => "row",
            Self::Role => "role",
            Self::Entry(_) => "entry",
            Self::Organization => "organization",
            Self::Principal => "principal",
            Self::Assignment => "assignment",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => f.write_str("is one more than a table may have"),
            Self::OutOfOrder => f.write_str("does not follow the one before it"),
            Self::Repeated => f.write_str("has the id of another"),
            Self::TooLong => f.write_str("has a name or a text longer than a table may have"),
            Self::Position => f.write_str("stands at no place of a file"),
            Self::Unknown => f.write_str("names something that is not in the table"),
            Self::Shape => f.write_str("has levels that no kind has"),
            Self::ManagedFloor => f.write_str("is only in managed organizations but has a floor"),
            Self::Escalation => f.write_str("leads to itself, to no row, or to rows out of order"),
            Self::Super => f.write_str("has a super role that is no template of it"),
            Self::TemplateId => f.write_str("has the id of a template"),
            Self::Default => f.write_str("is marked as a default role but belongs to an organization"),
            Self::Base => f.write_str("has a base of another organization or catalog"),
            Self::BaseOrder => f.write_str("has bases out of order"),
            Self::Cycle => f.write_str("is made from itself"),
            Self::Width { found, wanted } => write!(f, "takes {found} words, not {wanted}"),
            Self::StrayBits => f.write_str("holds an action that is in no row"),
            Self::NotALevel { row } => write!(f, "has row {} at none of its levels", row.0),
            Self::Unassigned => f.write_str("is in no assignment"),
            Self::NotAssignable => f.write_str("gives a role that its organization does not have"),
            Self::Period => f.write_str("ends before it begins"),
        }
    }
}

/// One sentence that names the part by its number: what stands in a damaged table is not to be shown.
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.part, self.index)?;
        match self.part {
            Part::Category(catalog) | Part::Row(catalog) => write!(f, " of catalog {}", catalog.0)?,
            Part::Entry(role) => write!(f, " of role {}", role.0)?,
            _ => {}
        }
        write!(f, " {}", self.fault)
    }
}

impl std::error::Error for Flaw {}

#[cfg(test)]
mod tests {
    use super::{Fault, Flaw, Part};
    use crate::vocab::{CatalogId, RoleId, RowId};

    #[test]
    fn flaws_are_named_by_their_numbers() {
        let told = |part, fault| Flaw::new(part, 7, fault).to_string();
        assert_eq!(
            told(Part::Row(CatalogId(3)), Fault::Shape),
            "row 7 of catalog 3 has levels that no kind has"
        );
        assert_eq!(
            told(Part::Category(CatalogId(3)), Fault::Repeated),
            "category 7 of catalog 3 has the id of another"
        );
        assert_eq!(
            told(Part::Entry(RoleId(2)), Fault::Position),
            "entry 7 of role 2 stands at no place of a file"
        );
        assert_eq!(
            told(Part::Role, Fault::NotALevel { row: RowId(4) }),
            "role 7 has row 4 at none of its levels"
        );
        assert_eq!(told(Part::Role, Fault::Width { found: 1, wanted: 2 }), "role 7 takes 1 words, not 2");
    }
}
