//! Shows that a table is right in every cell: each is asked of the table as every reader asks it, and worked out once
//! more from the sources by [`crate::reference`].
//!
//! A cell is one permission: of a catalog, that it is there; of a template by itself and in an organization of each kind;
//! of a role of an organization; and of a principal in each stretch of time between the moments at which an assignment of
//! theirs begins or ends. They are gone through in the order of the table, so that the same policy gives the same
//! certificate, in whatever order its text says it.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::reference::Reference;
//! use rolec::source::Sources;
//! use rolec::table::Table;
//! use rolec::tools::certify::certify;
//!
//! let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let answers = certify(&Reference::of(&compiled.sources)?, &table)?;
//! let certified = table.with_certificate(answers.certificate());
//! assert_eq!(certified.certificate().map(|it| it.cells()), Some(answers.cells()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alone;
mod catalog;
mod differences;
mod pair;
mod people;
mod spells;
mod stretches;
mod verified;

pub use self::alone::certify_decisions;
pub use self::differences::{Difference, Differences};
pub use self::verified::Verified;

use crate::decisions::Answers;
use crate::eval::Evaluator;
use crate::reference::Reference;
use crate::table::Table;
use crate::threads::both;
use crate::tools::certify::pair::Pair;

/// So many organizations are gone through together: what the templates hold of a row is worked out once for all of them.
const TOGETHER: usize = 256;

/// So many rows are gone through together: whoever is asked about is fetched from memory once for all of them.
const ROWS: usize = 16;

/// Compares every cell of a table with what the sources say. What comes back has the table's
/// [certificate](Answers::certificate).
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::reference::Reference;
/// use rolec::source::Sources;
/// use rolec::tools::certify::certify;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let (reference, table) = (Reference::of(&compiled.sources)?, compiled.table.unwrap());
/// let certificate = certify(&reference, &table)?.certificate().unwrap();
/// assert!(certificate.cells() > 20);
///
/// // A line more in the text, and the table is not that of the text.
/// let longer = rolec::example::POLICY.replace("grant site.members: view", "grant site { members: view  export: on }");
/// assert_ne!(longer, rolec::example::POLICY);
/// let longer = compile(Sources::from_iter([("acme.role", longer)]));
/// assert!(certify(&Reference::of(&longer.sources)?, &table).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// All that differs, the first of it told one by one.
pub fn certify(reference: &Reference, table: &Table) -> Result<Answers, Differences> {
    let mut found = Comparison::by(Evaluator::new(table));
    let pairs = found.pairs(reference);
    let mut catalogs: Vec<_> = reference.catalogs().map(|own| (table.catalog(own.id()), own)).collect();
    catalogs.sort_by_key(|(key, _)| *key);
    found.extra_catalogs(&catalogs);
    let compare = || {
        for (key, own) in catalogs {
            let here = pairs.iter().filter(|pair| pair.own.catalog().id() == own.id());
            let here: Vec<Pair<'_>> = here.copied().collect();
            found.catalog(own, key, &here);
        }
    };
    let mut of_places = Differences::default();
    let places = || differences::places(&table.decisions().index(), &mut of_places);
    both(pairs.len() > TOGETHER, places, compare);
    found.differences.append(of_places);
    let Comparison { answers, mut differences, .. } = found;
    differences.cells = answers.cells();
    if differences.is_empty() { Ok(answers) } else { Err(differences) }
}

struct Comparison<'t> {
    evaluator: Evaluator<'t>,
    answers: Answers,
    differences: Differences,
}

impl<'t> Comparison<'t> {
    fn by(evaluator: Evaluator<'t>) -> Self {
        Self { evaluator, answers: Answers::default(), differences: Differences::default() }
    }
}

#[cfg(test)]
mod tests;
