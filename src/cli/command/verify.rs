//! `verify`: a compiled table compared with its sources, cell by cell, or shown from outside.

use crate::cli::args::{Format, Verify};
use crate::cli::certified::Stored;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::cli::trust::untrusted;
use crate::found::shown;
use crate::reference::Reference;
use crate::render::{json, verify as told};
use crate::sign::{Signed, Untrusted};
use crate::tools::certify::Verified;
use crate::tools::outline::Outline;

pub(crate) fn run(args: &Verify, out: &Out) -> Result<Exit, Exit> {
    verify(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn verify(args: &Verify, out: &Out) -> Result<Exit, Failure> {
    let name = shown(&args.table);
    let bytes = files::read(&args.table)?;
    let table = args.trusted.guard().pass(&args.table, &bytes)?.table;
    if args.show {
        let outline = Outline::of(table).map_err(|error| policy::untrusted(&args.table, &error))?;
        let mut document = json::OutlinedTable::of(&name, &outline);
        document.seal = match Signed::read(&bytes) {
            Ok(signed) => Some(json::SealOf {
                version: signed.terms().version,
                until: signed.terms().until.map(|until| until.to_string()),
                signers: signed.signers().map(|key| key.to_string()).collect(),
            }),
            Err(Untrusted::Unsigned) => None,
            Err(error) => return Err(untrusted(&args.table, &error, None)),
        };
        out.answer(|writer| match args.format {
            Format::Json => json::write(&document, writer),
            Format::Human => told::outline(&document, writer),
        })?;
        return Ok(Exit::Clean);
    }
    let stored = Stored::read(table).map_err(|error| policy::untrusted(&args.table, &error))?;
    drop(bytes);
    let verified = compared(args, &stored)?;
    policy::tell_uncertified(&name, stored.certificate(), policy::COMPARED, out)?;
    out.answer(|writer| match args.format {
        Format::Json => json::write(&json::VerifiedTable::of(&name, &verified), writer),
        Format::Human => told::verified(&name, &verified, writer),
    })?;
    Ok(if verified.is_certified() { Exit::Clean } else { Exit::Findings })
}

/// Compares the table with the sources.
fn compared(args: &Verify, stored: &Stored) -> Result<Verified, Failure> {
    let mut sources = files::sources(&args.paths).map_err(|(_, failure)| failure)?;
    let rosters = policy::rosters(&args.rows, &args.paths, &mut sources)?;
    // The reference takes a policy without errors for granted.
    let (compiled, mut rows) = policy::to_table(sources, rosters);
    let Some(table) = compiled.table else {
        let message = "nothing is certified while the policy has errors";
        return Err(Failure::with_findings(
            Reason::Policy,
            Some(message),
            compiled.sources,
            compiled.findings,
        ));
    };
    let explains = match stored {
        Stored::Whole(stored) => stored.difference(&table).or_else(|| stored.place_difference(&table)),
        Stored::Alone(_) => None,
    };
    drop(table);
    let rosters = rows.again()?;
    let reference = Reference::with(&compiled.sources, &rosters);
    drop(rosters);
    let reference = reference.map_err(|gap| {
        Failure::of(Reason::Policy, format!("nothing is certified: the policy cannot be followed: {gap}"))
    })?;
    Ok(Verified { cells: stored.compare(&reference), stored: stored.certificate(), explains })
}
