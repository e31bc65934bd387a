//! `key`: key pairs made, and tables signed with them.

use std::path::Path;

use crate::cli::args::{Format, KeyVerb, Signing};
use crate::cli::certified::Stored;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{self, Pair};
use crate::cli::out::Out;
use crate::cli::policy;
use crate::cli::signing::Seal;
use crate::cli::trust::untrusted;
use crate::render::{json, sentence};
use crate::sign::{Signed, Untrusted};

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
    // From here on until it is written nobody else signs it.
    let (place, _lock) = files::lock_file(file)?;
    let before = files::read(&place)?;
    let after = match Signed::read(&before) {
        Ok(signed) => {
            is_table(file, signed.table(), out)?;
            seal.beside(signed, file)?
        }
        Err(Untrusted::Unsigned) => {
            is_table(file, &before, out)?;
            seal.behind(before.clone(), file)?
        }
        Err(error) => return Err(untrusted(file, &error, None)),
    };
    let signed = Signed::read(&after).map_err(|error| untrusted(file, &error, None))?;
    if after != before {
        // Who builds asks for no lock: a newer table is not written over by the one before it.
        if files::read(&place)? != before {
            return Err(Failure::of(
                Reason::World,
                format!("`{name}` has changed meanwhile: nothing was written, try again"),
            ));
        }
        files::rewrite(&place, &after)?;
    }
    let terms = signed.terms();
    let signers: Vec<String> = signed.signers().map(|key| key.to_string()).collect();
    let until = terms.until.map(|until| until.to_string());
    out.answer(|writer| match format {
        Format::Human => {
            let until = until.map_or("without an end".to_owned(), |until| format!("until {until}"));
            writeln!(writer, "{}: version {}, {until}, signed by", sentence(&name), terms.version)?;
            signers.iter().try_for_each(|signer| writeln!(writer, "  {signer}"))
        }
        Format::Json => json::write(&json::KeySigned::of(&name, terms.version, until, signers), writer),
    })?;
    Ok(Exit::Clean)
}

/// Refuses to sign what nobody could ask, and says of a table if nobody compared it with its sources.
fn is_table(file: &Path, bytes: &[u8], out: &Out) -> Result<(), Failure> {
    let stored = Stored::read(bytes).map_err(|error| policy::untrusted(file, &error))?;
    policy::tell_uncertified(&file.to_string_lossy(), stored.certificate(), policy::ASKED, out)
}
