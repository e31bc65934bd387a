//! Parts to a table: every invariant is checked here and nowhere else, and what is found on the way is kept as
//! index. Never repairs, never recurses, and takes about as long as the parts are large.

mod catalogs;
mod people;
mod roles;

use crate::decisions::{Decisions, Draft, FirstPlaces};
use crate::table::drafted;
use crate::table::flaw::{Fault, Flaw, Part, ensure};
use crate::table::groups::Groups;
use crate::table::parts::{Parts, Position};
use crate::table::{CatalogIndex, Table};
use crate::vocab::limits;

impl Table {
    /// Checks the parts and makes a table of them.
    ///
    /// What is checked is that the table can be asked and answers consistently. Whether the bits of a role are
    /// what its entries and bases say is not: that is a certificate's to tell, which needs the sources.
    ///
    /// # Errors
    /// The first flaw that is found.
    #[doc(hidden)]
    pub fn assemble(parts: Parts) -> Result<Self, Flaw> {
        Self::assemble_by(parts, |one, other| {
            one();
            other();
        })
    }

    /// The same where two works may be done side by side: whatever does both of them.
    ///
    /// # Errors
    /// As above.
    pub(crate) fn assemble_by(parts: Parts, both: impl Fn(Task<'_>, Task<'_>)) -> Result<Self, Flaw> {
        let (mut first, mut drafted) = (None, None);
        // The longer one first, which is done here while whoever helps may be at something else.
        let mut draft =
            || drafted = Some(Indexed::of(&parts).and_then(|index| Ok((index.draft(&parts)?, index))));
        both(&mut draft, &mut || first = Some(first_places(&parts)));
        let (draft, index) = drafted.unwrap_or_else(|| {
            let index = Indexed::of(&parts)?;
            Ok((index.draft(&parts)?, index))
        })?;
        let decisions = Decisions::make_at(&draft, first).map_err(|_| too_many(&parts))?;
        drop(draft);
        Ok(index.table(parts, decisions))
    }

    /// Checks the parts, and that decisions which were read are theirs. `None` where they are not.
    pub(in crate::table) fn assemble_with(parts: Parts, decisions: Decisions) -> Result<Option<Self>, Flaw> {
        let index = Indexed::of(&parts)?;
        let are_of = decisions.are_of(&index.draft(&parts)?);
        Ok(are_of.then(|| index.table(parts, decisions)))
    }
}

/// A part of the work.
pub(crate) type Task<'w> = &'w mut (dyn FnMut() + Send);

/// Where principals stand among the decisions. The parts were not checked.
fn first_places(parts: &Parts) -> FirstPlaces {
    FirstPlaces::of(parts.principals.iter().map(|principal| {
        let organization = parts.organizations.get(principal.organization.index());
        [organization.map_or("", |organization| &organization.id), &principal.name]
    }))
}

/// There is more than decisions can number.
fn too_many(parts: &Parts) -> Flaw {
    Flaw::new(Part::Principal, parts.principals.len(), Fault::TooMany)
}

/// What was found while parts were checked.
struct Indexed {
    catalogs: Vec<CatalogIndex>,
    templates: usize,
    roles: Groups,
    principals: Groups,
    assignments: Groups,
}

impl Indexed {
    fn of(parts: &Parts) -> Result<Self, Flaw> {
        files(parts)?;
        let mut catalogs = catalogs::index(parts)?;
        people::organizations(parts)?;
        let (templates, roles) = roles::index(parts, &mut catalogs)?;
        let (principals, assignments) = people::index(parts)?;
        Ok(Self { catalogs, templates, roles, principals, assignments })
    }

    fn draft<'p>(&self, parts: &'p Parts) -> Result<Draft<'p>, Flaw> {
        let draft = drafted::draft(parts, &self.catalogs, &self.principals, &self.assignments);
        draft.map_err(|_| too_many(parts))
    }

    /// The table of the parts that this was found in.
    fn table(self, parts: Parts, decisions: Decisions) -> Table {
        let Self { catalogs, templates, roles, principals, assignments } = self;
        Table { parts, catalogs, templates, roles, principals, assignments, decisions }
    }
}

fn files(parts: &Parts) -> Result<(), Flaw> {
    count(parts.files.len(), NUMBERED, Part::File)?;
    for (index, name) in parts.files.iter().enumerate() {
        text(Some(name), Part::File, index)?;
    }
    in_order(&parts.files, Part::File, |one, next| one <= next)
}

/// As many as ids can number, and one less: the largest is where a count ends.
const NUMBERED: usize = u32::MAX as usize - 1;

/// A list must not be longer than `limit`.
fn count(found: usize, limit: usize, part: Part) -> Result<(), Flaw> {
    ensure(found <= limit, part, limit, Fault::TooMany)
}

/// Each must follow the one before it; names the one that does not.
fn in_order<T>(items: &[T], part: Part, follows: impl Fn(&T, &T) -> bool) -> Result<(), Flaw> {
    let broken = items.iter().zip(items.iter().skip(1)).position(|(one, next)| !follows(one, next));
    broken.map_or(Ok(()), |before| Err(Flaw::new(part, before + 1, Fault::OutOfOrder)))
}

/// A position must be in a file.
fn position(parts: &Parts, at: Position, part: Part, index: usize) -> Result<(), Flaw> {
    let real = (at.file as usize) < parts.files.len() && at.line > 0 && at.column > 0;
    ensure(real, part, index, Fault::Position)
}

/// An id or a name must not be longer than the language lets it be.
fn name(name: &str, part: Part, index: usize) -> Result<(), Flaw> {
    ensure(name.len() <= limits::NAME_BYTES, part, index, Fault::TooLong)
}

/// Texts must not be longer than the file that they are from may be.
fn text<'a, T: AsRef<str> + 'a>(
    texts: impl IntoIterator<Item = &'a T>,
    part: Part,
    index: usize,
) -> Result<(), Flaw> {
    let short = texts.into_iter().all(|text| text.as_ref().len() <= limits::FILE_BYTES);
    ensure(short, part, index, Fault::TooLong)
}

#[cfg(test)]
mod tests;
