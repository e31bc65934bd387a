//! Tables that are asked under guard: the very bytes that are verified are the ones that are read, and nothing of a table
//! leaves that is not trusted. Holds no file open and decides nothing that `sign` decides.

use std::path::{Path, PathBuf};

use crate::cli::failure::{Failure, Reason};
use crate::cli::files::{self, Kept};
use crate::cli::policy::{now, refused};
use crate::diagnostic::Code;
use crate::sign::{Seen, Trust, Untrusted, Verified, table_of};
use crate::vocab::Time;

/// What a table must pass before it is asked. Without keys, nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard<'a> {
    pub(crate) keys: &'a [PathBuf],
    pub(crate) threshold: usize,
    /// Where it is kept what was seen last.
    pub(crate) state: Option<&'a Path>,
}

impl Guard<'_> {
    /// Whether there is anything to pass.
    pub(crate) fn is_set(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Refuses a policy as text: nobody signs that.
    pub(crate) fn text(&self, name: &str) -> Result<(), Failure> {
        if !self.is_set() {
            return Ok(());
        }
        let message = format!("{name} is text, which nobody has signed: `--trust` is for compiled tables");
        Err(Failure::of(Reason::Usage, message))
    }

    /// The table in the bytes of a file, where it passes.
    pub(crate) fn pass<'b>(&self, name: &Path, bytes: &'b [u8]) -> Result<&'b [u8], Failure> {
        if !self.is_set() {
            return Ok(table_of(bytes));
        }
        let trust = self.trust()?;
        let Some(state) = self.state else {
            let verified = trust.verify(bytes, now()).map_err(|error| untrusted(name, &error, None))?;
            return Ok(verified.table());
        };
        // Nobody else looks at the state or writes it until this is done.
        let kept = Kept::open(state)?;
        let seen = kept.text().map(Seen::parse).transpose().map_err(|error| damaged(state, &error))?;
        let verified = in_turn(&trust, &kept, seen, bytes).map_err(|error| match error {
            Refused::Untrusted(error, back) => untrusted(name, &error, back.map(|clock| (clock, state))),
            Refused::Failure(failure) => failure,
        })?;
        Ok(verified.table())
    }

    fn trust(&self) -> Result<Trust, Failure> {
        let keys = self.keys.iter().map(|path| files::public_key(path)).collect::<Result<Vec<_>, _>>()?;
        Trust::new(keys, self.threshold).map_err(|error| Failure::of(Reason::Usage, error.to_string()))
    }
}

/// Why a table is not taken.
enum Refused {
    /// With what the clock says, where a later time was seen before.
    Untrusted(Untrusted, Option<Time>),
    Failure(Failure),
}

/// A table that is verified, and no step back from what was seen. What is seen now is kept before anything is answered:
/// the version of what is taken, and the time of what has expired, so that no clock brings it back.
fn in_turn<'b>(
    trust: &Trust,
    kept: &Kept,
    seen: Option<Seen>,
    bytes: &'b [u8],
) -> Result<Verified<'b>, Refused> {
    let clock = now();
    let time = seen.map_or(clock, |seen| clock.max(seen.time()));
    let back = (time > clock).then_some(clock);
    let keep = |after: Seen| match seen == Some(after) {
        true => Ok(()),
        false => kept.put(&after.to_string()).map_err(Refused::Failure),
    };
    let verified = match trust.verify(bytes, time) {
        Ok(verified) => verified,
        Err(error) => {
            if let (Untrusted::Expired { .. }, Some(seen)) = (error, seen) {
                keep(seen.at(time))?;
            }
            return Err(Refused::Untrusted(error, back));
        }
    };
    let after = Seen::after(seen.as_ref(), &verified, time);
    keep(after.map_err(|error| Refused::Untrusted(error, None))?)?;
    Ok(verified)
}

/// That a table is not trusted, as a finding. `back` is what the clock says, where `--state` has seen a later time.
pub(crate) fn untrusted(name: &Path, error: &Untrusted, back: Option<(Time, &Path)>) -> Failure {
    let code = match error {
        Untrusted::Unsigned => Code::UnsignedTable,
        Untrusted::TooFew { .. } => Code::UntrustedTable,
        Untrusted::Expired { .. } => Code::ExpiredTable,
        Untrusted::Older { .. } | Untrusted::Other { .. } => Code::OlderTable,
        // Whatever else there will be.
        _ => Code::BrokenSeal,
    };
    let help = match (error, back) {
        (Untrusted::Expired { .. }, Some((clock, state))) => Some(format!(
            "the clock says {clock}, but `{}` has seen a later time: if the clock was wrong then, find the version that \
             was last in use, then remove the file, which forgets both",
            state.display()
        )),
        _ => None,
    };
    refused(name, code, error.to_string(), help)
}

fn damaged(state: &Path, error: &crate::sign::SeenError) -> Failure {
    let help = "find the version that was last in use, then remove the file: the next table that is verified begins it \
                anew, whatever its version";
    refused(state, Code::DamagedState, error.to_string(), Some(help.to_owned()))
}
