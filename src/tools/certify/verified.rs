//! What came out where the file of a table was compared with its sources: the cells, the certificate in it, and what only
//! explains.

use crate::decisions::{Answers, Certificate};
use crate::tools::certify::Differences;

/// What a comparison of a file with sources came to.
///
/// ```
/// use rolec::decisions::Certificate;
/// use rolec::pipeline::compile;
/// use rolec::reference::Reference;
/// use rolec::source::Sources;
/// use rolec::table::Table;
/// use rolec::tools::certify::{Verified, certify};
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let reference = Reference::of(&compiled.sources)?;
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let verified = |stored| Verified { cells: certify(&reference, &table), stored, explains: None };
///
/// // A table without a certificate may be right, and one with a certificate of something else is not.
/// let worked_out = verified(None).worked_out().unwrap();
/// assert!(verified(None).is_certified() && verified(Some(worked_out)).is_certified());
/// let forged = Certificate::new(worked_out.cells(), worked_out.hash() ^ 1);
/// assert!(verified(forged).is_forged() && !verified(forged).is_certified());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verified {
    /// All cells as the sources say, or what differs.
    pub cells: Result<Answers, Differences>,
    /// The certificate in the file.
    pub stored: Option<Certificate>,
    /// The first thing that decides nothing and is said otherwise: titles, reasons, what roles are made from, and where all
    /// of it is written.
    pub explains: Option<String>,
}

impl Verified {
    /// Whether every cell is as the sources say, and the certificate, where there is one, is theirs.
    pub fn is_certified(&self) -> bool {
        self.cells.is_ok() && !self.is_forged()
    }

    /// The certificate that the cells have; none where they differ, or where there are none.
    pub fn worked_out(&self) -> Option<Certificate> {
        self.cells.as_ref().ok().and_then(Answers::certificate)
    }

    /// Whether the certificate in the file is that of other cells.
    pub fn is_forged(&self) -> bool {
        self.cells.is_ok() && self.stored.is_some() && self.stored != self.worked_out()
    }
}
