//! Tables that are asked under guard: the very bytes that are verified are the ones that are read, and nothing of a table
//! leaves that is not trusted. Holds no file open and decides nothing that `sign` decides.

use std::cell::Cell;
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
    pub(crate) fn pass<'b>(&self, name: &Path, bytes: &'b [u8]) -> Result<Passed<'b>, Failure> {
        self.pass_at(name, bytes, &now)
    }

    /// The same as the clock says it is.
    fn pass_at<'b>(
        &self,
        name: &Path,
        bytes: &'b [u8],
        clock: &dyn Fn() -> Time,
    ) -> Result<Passed<'b>, Failure> {
        if !self.is_set() {
            return Ok(Passed { table: table_of(bytes), until: None, time: clock() });
        }
        let trust = self.trust()?;
        let Some(state) = self.state else {
            let clock = clock();
            let verified = trust.verify(bytes, clock).map_err(|error| untrusted(name, &error, None))?;
            return Ok(Passed::of(&verified, clock));
        };
        // Nobody else looks at the state or writes it until this is done.
        let (kept, seen) = seen_in(state)?;
        // Only now: it may have been waited for, and the end come meanwhile.
        in_turn(&trust, &kept, seen, bytes, clock()).map_err(|error| match error {
            Refused::Untrusted(error, back) => untrusted(name, &error, back.map(|clock| (clock, state))),
            Refused::Failure(failure) => failure,
        })
    }

    fn trust(&self) -> Result<Trust, Failure> {
        let keys = self.keys.iter().map(|path| files::public_key(path)).collect::<Result<Vec<_>, _>>()?;
        Trust::new(keys, self.threshold).map_err(|error| Failure::of(Reason::Usage, error.to_string()))
    }
}

/// A table that passed.
pub(crate) struct Passed<'b> {
    pub(crate) table: &'b [u8],
    /// Until when it may be asked; without an end, or where nobody guards it, for ever.
    pub(crate) until: Option<Time>,
    /// The latest time that was seen.
    pub(crate) time: Time,
}

impl<'b> Passed<'b> {
    fn of(verified: &Verified<'b>, time: Time) -> Self {
        Self { table: verified.table(), until: verified.terms().until, time }
    }
}

/// How long a table may be asked that is asked again and again: its end may come meanwhile. The clock is looked at each
/// time, and does not go back.
pub(crate) struct Term<'a> {
    until: Option<Time>,
    latest: Cell<Time>,
    /// Where the end is kept.
    state: Option<&'a Path>,
    is_kept: Cell<bool>,
    clock: &'a dyn Fn() -> Time,
}

impl<'a> Term<'a> {
    /// That of a table that passed at a time.
    pub(crate) fn new(
        until: Option<Time>,
        time: Time,
        state: Option<&'a Path>,
        clock: &'a dyn Fn() -> Time,
    ) -> Self {
        Self { until, latest: Cell::new(time), state, is_kept: Cell::new(false), clock }
    }

    /// The time, as late as any that was told before.
    pub(crate) fn now(&self) -> Time {
        let now = self.latest.get().max((self.clock)());
        self.latest.set(now);
        now
    }

    /// Why the table is not to be asked any more, from the moment on at which its end has come: that is kept before it is
    /// told.
    pub(crate) fn over(&self) -> Result<Option<Untrusted>, Failure> {
        let Some(until) = self.until else { return Ok(None) };
        let now = self.now();
        if now < until {
            return Ok(None);
        }
        if let Some(state) = self.state.filter(|_| !self.is_kept.get()) {
            let (kept, seen) = seen_in(state)?;
            keep(&kept, seen, time_alone(seen, now))?;
            self.is_kept.set(true);
        }
        Ok(Some(Untrusted::Expired { until, now }))
    }
}

/// What a state says, and the state, which is nobody else's until it is dropped.
fn seen_in(state: &Path) -> Result<(Kept, Option<Seen>), Failure> {
    let kept = Kept::open(state)?;
    let seen = kept.text().map(Seen::parse).transpose().map_err(|error| damaged(state, &error))?;
    Ok((kept, seen))
}

fn keep(kept: &Kept, seen: Option<Seen>, after: Seen) -> Result<(), Failure> {
    if seen == Some(after) { Ok(()) } else { kept.put(&after.to_string()) }
}

/// What is seen where no table is taken.
fn time_alone(seen: Option<Seen>, time: Time) -> Seen {
    seen.map_or(Seen::nothing(time), |seen| seen.at(time))
}

/// Why a table is not taken.
enum Refused {
    /// With what the clock says, where a later time was seen before.
    Untrusted(Untrusted, Option<Time>),
    Failure(Failure),
}

/// A table that is verified, and no step back from what was seen. What is seen now is kept before anything is answered: the
/// version of what is taken, and the time also of what enough trusted keys have signed and is refused all the same, the
/// first of all among it: so no clock that is set back brings it into force.
fn in_turn<'b>(
    trust: &Trust,
    kept: &Kept,
    seen: Option<Seen>,
    bytes: &'b [u8],
    clock: Time,
) -> Result<Passed<'b>, Refused> {
    let time = seen.map_or(clock, |seen| clock.max(seen.time()));
    let back = (time > clock).then_some(clock);
    let keep = |after: Seen| keep(kept, seen, after).map_err(Refused::Failure);
    let verified = match trust.verify(bytes, time) {
        Ok(verified) => verified,
        Err(error) => {
            if matches!(error, Untrusted::Expired { .. }) {
                keep(time_alone(seen, time))?;
            }
            return Err(Refused::Untrusted(error, back));
        }
    };
    match Seen::after(seen.as_ref(), &verified, time) {
        Ok(after) => keep(after)?,
        Err(error) => {
            keep(time_alone(seen, time))?;
            return Err(Refused::Untrusted(error, None));
        }
    }
    Ok(Passed::of(&verified, time))
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
    let help = "where this is no file of `--state`, name the one that is; else find the version that was last in use, then \
                remove the file: the next table that is verified begins it anew, whatever its version";
    refused(state, Code::DamagedState, error.to_string(), Some(help.to_owned()))
}
