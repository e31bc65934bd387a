//! `key`: key pairs made, and tables signed with them.

use std::path::Path;

use crate::cli::args::{Format, KeyVerb, Signing};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::files::{self, Pair};
use crate::cli::out::Out;
use crate::cli::policy;
use crate::cli::signing::Seal;
use crate::cli::trust::untrusted;
use crate::decisions::Decisions;
use crate::render::{json, sentence};
use crate::sign::{Signed, Untrusted};
use crate::table::{LoadError, Table};

pub(crate) fn run(what: &KeyVerb, out: &Out) -> Result<Exit, Exit> {
    let done = match what {
        KeyVerb::New { name, format } => new(name, *format, out),
        KeyVerb::Sign { file, signing, format } => sign(file, signing, *format, out),
    };
    done.map_err(|failure| failure.tell(what.format(), out))
}

fn new(name: &Path, format: Format, out: &Out) -> Result<Exit, Failure> {
    let (Pair { key, public }, id) = files::new_pair(name)?;
    let (key, public) = (key.to_string_lossy(), public.to_string_lossy());
    out.answer(|writer| match format {
        Format::Human => writeln!(writer, "{id}"),
        Format::Json => json::write(&json::KeyMade::of(id.to_string(), &key, &public), writer),
    })?;
    Ok(Exit::Clean)
}

fn sign(file: &Path, signing: &Signing, format: Format, out: &Out) -> Result<Exit, Failure> {
    let seal = Seal::of(signing, file)?;
    let name = file.to_string_lossy();
    let before = files::read(file)?;
    let after = match Signed::read(&before) {
        Ok(signed) => {
            is_table(file, signed.table())?;
            seal.beside(&before, file)?
        }
        Err(Untrusted::Unsigned) => {
            is_table(file, &before)?;
            seal.behind(before.clone(), file)?
        }
        Err(error) => return Err(untrusted(file, &error, None)),
    };
    let signed = Signed::read(&after).map_err(|error| untrusted(file, &error, None))?;
    if after != before {
        files::rewrite(file, &after)?;
    }
    let terms = signed.terms();
    let signers: Vec<String> = signed.signers().map(|key| key.to_string()).collect();
    let until = terms.until.map(|until| until.to_string());
    out.answer(|writer| match format {
        Format::Human => {
            let until = until.map_or("without end".to_owned(), |until| format!("until {until}"));
            writeln!(writer, "{}: version {}, {until}, signed by", sentence(&name), terms.version)?;
            signers.iter().try_for_each(|signer| writeln!(writer, "  {signer}"))
        }
        Format::Json => json::write(&json::KeySigned::of(&name, terms.version, until, signers), writer),
    })?;
    Ok(Exit::Clean)
}

/// Refuses to sign what nobody could ask.
fn is_table(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let read = match Table::from_bytes(bytes) {
        Err(LoadError::NoProvenance) => Decisions::from_bytes(bytes).map(drop).map_err(LoadError::File),
        read => read.map(drop),
    };
    read.map_err(|error| policy::untrusted(file, &error))
}
