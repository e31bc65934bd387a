//! A table compared with its sources, by the bytes that whoever asks it will read: before it is put in its place (`build`),
//! and afterwards (`verify`).

use std::time::{Duration, Instant};

use crate::cli::failure::Failure;
use crate::cli::files::{RowFiles, Staged};
use crate::decisions::{Answers, Certificate, Decisions, Header};
use crate::diagnostic::{Code, Diagnostic};
use crate::reference::{Gap, Reference};
use crate::source::{FileId, Place, Sources, Span};
use crate::table::{LoadError, Table};
use crate::threads::{both, give_back};
use crate::tools::certify::{Differences, certify, certify_decisions};

/// So many differences are told of a table that was not written; `verify` tells more.
const TOLD: usize = 3;

/// A table as it is read from a file.
pub(crate) enum Stored {
    /// With what its decisions are made from.
    Whole(Box<Table>),
    /// Its decisions alone.
    Alone(Box<Decisions>),
}

impl Stored {
    /// Reads the bytes of a file.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, LoadError> {
        match Header::of(bytes)?.provenance {
            Some(_) => Table::from_bytes(bytes).map(|table| Self::Whole(Box::new(table))),
            None => Ok(Self::Alone(Box::new(Decisions::from_bytes(bytes)?))),
        }
    }

    /// Its certificate.
    pub(crate) fn certificate(&self) -> Option<Certificate> {
        match self {
            Self::Whole(table) => table.certificate(),
            Self::Alone(decisions) => decisions.certificate(),
        }
    }

    /// Compares every cell.
    pub(crate) fn compare(&self, reference: &Reference) -> Result<Answers, Differences> {
        match self {
            Self::Whole(table) => certify(reference, table),
            Self::Alone(decisions) => certify_decisions(reference, &decisions.index()),
        }
    }
}

/// A table that was compared before it was put in its place.
#[derive(Debug, Default)]
pub(crate) struct Certified {
    /// Its certificate; none where it has no cell, or where its sources could not be followed.
    pub(crate) certificate: Option<Certificate>,
    /// What of the sources could not be followed.
    pub(crate) gap: Option<Gap>,
    /// How long the sources were read once more, and the table was written and read back.
    pub(crate) reading: Duration,
    /// How long its cells were compared.
    pub(crate) comparing: Duration,
}

/// Why no table is put in its place.
pub(crate) enum Refused {
    /// It is not as its sources say.
    Defect(Box<Diagnostic>),
    /// The outside world.
    Failed(Failure),
}

/// Compares a table that is written beside its place with its sources, and adds its certificate: there, and in its bytes,
/// which are what was written. They are what is compared, and nothing else that may stand there meanwhile. `write` gives both,
/// while the sources are read once more.
pub(crate) fn certify_staged(
    write: impl FnOnce() -> Result<(Staged, Vec<u8>), Failure> + Send,
    sources: &Sources,
    rows: &mut RowFiles,
) -> Result<(Staged, Vec<u8>, Certified), Refused> {
    let begun = Instant::now();
    let is_large = sources.is_large();
    let (reference, written) = both(
        is_large,
        || rows.again().map(|rosters| Reference::with(sources, &rosters)),
        || {
            let (mut staged, bytes) = write()?;
            staged.holds(&bytes)?;
            let stored = Stored::read(&bytes);
            Ok((staged, bytes, stored))
        },
    );
    let reading = begun.elapsed();
    let reference = reference.map_err(Refused::Failed)?;
    let (mut staged, mut bytes, stored) = written.map_err(Refused::Failed)?;
    let reference = match reference {
        Ok(reference) => reference,
        Err(gap) => {
            return Ok((staged, bytes, Certified { gap: Some(gap), reading, ..Certified::default() }));
        }
    };
    let stored = stored.map_err(|error| defect(format!("its own table is refused: {error}"), &[]))?;
    let answers = stored.compare(&reference).map_err(|found| {
        let differences: Vec<String> = found.told().iter().take(TOLD).map(ToString::to_string).collect();
        let (count, cells) = (found.count(), found.cells());
        defect(
            format!("its own table is not as its sources say: {count} of {cells} cells differ"),
            &differences,
        )
    })?;
    give_back(is_large, (reference, stored));
    let certificate = answers.certificate();
    let header = Header::of(&bytes).map_err(|error| defect(error.to_string(), &[]))?.certified(certificate);
    staged.rewrite_start(&header).map_err(Refused::Failed)?;
    if let Some(start) = bytes.get_mut(..header.len()) {
        start.copy_from_slice(&header);
    }
    let comparing = begun.elapsed().saturating_sub(reading);
    Ok((staged, bytes, Certified { certificate, gap: None, reading, comparing }))
}

/// That the compiler made a table that is wrong: ours to mend.
fn defect(what: String, differences: &[String]) -> Refused {
    let nowhere = Place { file: FileId(0), span: Span::new(0, 0) };
    let finding = Diagnostic::new(Code::CompilerDefect, nowhere, format!("the compiler is at fault: {what}"));
    let told = if differences.is_empty() { String::new() } else { format!("; {}", differences.join("; ")) };
    Refused::Defect(Box::new(finding.help(format!(
        "nothing was written; this is a defect of rolec and not of the policy: please report it with the policy{told}"
    ))))
}

#[cfg(test)]
mod tests;
