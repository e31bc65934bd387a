//! The roles that have what is missing, nearest first.

use crate::table::{Role, Table};
use crate::tools::explain::decision::Explanation;
use crate::tools::explain::flip::Flip;
use crate::vocab::Actions;

/// A role that has what is missing.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, organization, query};
/// use rolec::tools::explain::explain;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = organization(&table, None).unwrap();
/// let (ana, write, at) = ("ana@acme.example", What::Text("spaces:write"), Time::parse("2027-01-01")?);
/// let query = query(&table, acme, Who::Principal(ana), &write, at).unwrap();
/// let roles = explain(&table, query).unwrap().flip.unwrap().roles;
/// let told: Vec<_> = roles.iter().map(|near| (near.role.id(), near.beside)).collect();
/// assert_eq!(told, [("editor", 3), ("owner", 6)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Near<'t> {
    /// The role.
    pub role: Role<'t>,
    /// How many permissions it has, of all the catalog, that neither are held now nor are missing for the query, nor come
    /// with what is missing as the lower steps of a ladder.
    pub beside: usize,
}

/// Fills in the roles.
pub(super) fn roles<'t>(
    table: &'t Table,
    explained: &Explanation<'t>,
    in_force: &[Role<'t>],
    most: usize,
    flip: &mut Flip<'t>,
) {
    let organization = explained.organization.key();
    let Some(cell) = table.cell(organization, explained.row.key()) else { return };
    // A principal keeps its roles beside the new one; another role is asked about instead.
    let wanted = if explained.principal.is_some() { flip.missing } else { explained.asked };
    // A step of a ladder comes with those below it: they are no more than it.
    let level = explained.row.shape().least(flip.missing).unwrap_or(flip.missing);
    let mut held: Vec<u64> = Vec::new();
    let mut of_row = Actions::NONE;
    for role in in_force {
        of_row = of_row | cell.held(role.key()).unwrap_or_default();
        let bits = table.effective_bits(organization, role.key());
        for (index, word) in bits.enumerate() {
            match held.get_mut(index) {
                Some(known) => *known |= word,
                None => held.push(word),
            }
        }
    }
    let has = |role: &Role<'_>| cell.held(role.key()).unwrap_or_default().contains(wanted);
    let mut near: Vec<Near<'t>> = explained
        .organization
        .assignable()
        .filter(has)
        .map(|role| {
            let bits = table.effective_bits(organization, role.key());
            let held = held.iter().copied().chain(std::iter::repeat(0));
            let more: usize = bits.zip(held).map(|(word, held)| (word & !held).count_ones() as usize).sum();
            Near { role, beside: more.saturating_sub((level - of_row).count()) }
        })
        .collect();
    near.sort_by_key(|near| (near.beside, near.role.id()));
    flip.more_roles = near.len().saturating_sub(most);
    near.truncate(most);
    flip.roles = near;
}
