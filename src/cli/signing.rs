//! Tables that are signed: keys and terms as the arguments say them, and the bytes with a seal behind them. A key is held
//! no longer than the verb runs, and nothing tells a byte of it.

use std::path::Path;

use crate::cli::args::Signing;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files::Staged;
use crate::cli::{files, policy};
use crate::sign::{Signed, SigningKey, Terms};
use crate::tools::ask;
use crate::vocab::Time;

/// What is to be done with a table once it is built.
pub(crate) struct Seal {
    keys: Vec<SigningKey>,
    terms: Terms,
    /// Whether the terms were said, or are those that nobody said.
    is_said: bool,
}

impl Seal {
    /// What the arguments say of a table that goes to `output`.
    pub(crate) fn of(args: &Signing, output: &Path) -> Result<Self, Failure> {
        if args.sign.iter().any(|key| files::is_same(key, output)) {
            let message = format!("`{}` is the key: name another file for the table", output.display());
            return Err(Failure::of(Reason::Usage, message));
        }
        let now = policy::now();
        let until = args.expires.as_deref().map(|text| until(text, now)).transpose()?;
        let version = args.table_version.unwrap_or(now.0.try_into().unwrap_or(0));
        let keys = args.sign.iter().map(|path| files::signing_key(path)).collect::<Result<Vec<_>, _>>()?;
        let is_said = args.table_version.is_some() || args.expires.is_some();
        Ok(Self { keys, terms: Terms { version, until }, is_said })
    }

    /// Signs a table that stands beside its place, by the bytes that were written there; leaves it as it is where there are
    /// no keys.
    pub(crate) fn put_behind(&self, staged: &mut Staged, table: Vec<u8>, name: &Path) -> Result<(), Failure> {
        if self.keys.is_empty() {
            return Ok(());
        }
        let length = table.len();
        let signed = self.behind(table, name)?;
        staged.add(signed.get(length..).unwrap_or_default())
    }

    /// A table that nobody has signed, with these signatures; as it is where there are no keys.
    pub(crate) fn behind(&self, table: Vec<u8>, name: &Path) -> Result<Vec<u8>, Failure> {
        if self.keys.is_empty() {
            return Ok(table);
        }
        self.added(Signed::unsigned(&table, self.terms), name)
    }

    /// A table that has signatures, with these too. Its terms are those that were signed: they cannot be said again.
    pub(crate) fn beside(&self, signed: Signed<'_>, name: &Path) -> Result<Vec<u8>, Failure> {
        if self.is_said {
            let message = format!(
                "`{}` is signed: its version and its end are those that were signed, and `--table-version` and \
                 `--expires` are for a table that nobody has signed",
                name.display()
            );
            return Err(Failure::of(Reason::Usage, message));
        }
        if let Some(until) = signed.terms().until.filter(|until| *until <= policy::now()) {
            let message = format!(
                "`{}` was signed for use until {until}, which is over: nobody would trust it with another signature \
                 either, so build it again",
                name.display()
            );
            return Err(Failure::of(Reason::Usage, message));
        }
        self.added(signed, name)
    }

    /// All keys sign one statement of the table, which was looked at once for all of them.
    fn added(&self, mut signed: Signed<'_>, name: &Path) -> Result<Vec<u8>, Failure> {
        for key in &self.keys {
            if !signed.add(key) {
                let message = format!(
                    "`{}` has {} signatures, and no more have room",
                    name.display(),
                    signed.signers().len()
                );
                return Err(Failure::of(Reason::Usage, message));
            }
        }
        Ok(signed.to_bytes())
    }
}

/// The time that `--expires` says: a time, or days or hours from now.
fn until(text: &str, now: Time) -> Result<Time, Failure> {
    let number = |unit: char| text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok());
    let seconds = number('d').map(|days| i64::from(days) * 86_400);
    let seconds = seconds.or_else(|| number('h').map(|hours| i64::from(hours) * 3_600));
    let time = match seconds {
        Some(seconds) => Time(now.0.saturating_add(seconds)),
        None => ask::time(text).map_err(|unasked| {
            let more = "or days or hours from now like 90d or 12h; leave it out for a table without an end";
            Failure::of(Reason::Usage, format!("`--expires`: {}, {more}", unasked.sentence()))
        })?,
    };
    // A later year has no spelling that could be read back.
    if Time::parse(&time.to_string()).is_err() {
        let message =
            format!("`--expires {text}` is beyond the year 9999: leave it out for a table without an end");
        return Err(Failure::of(Reason::Usage, message));
    }
    if time > now {
        return Ok(time);
    }
    let message = format!("`--expires {text}` is over already: nobody would ever trust the table");
    Err(Failure::of(Reason::Usage, message))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    use super::Seal;
    use crate::sign::{Signed, SigningKey, Terms};

    /// What the processor has spent on this thread.
    fn spent() -> Duration {
        clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
    }

    /// Many keys look at a large table as often as one does.
    #[test]
    fn a_table_is_looked_at_once_for_all_keys() {
        let table = vec![7; 8 << 20];
        let terms = Terms { version: 1, until: None };
        let seal = |count: u8| {
            let keys = (1..=count).map(|number| SigningKey::from_seed(&[number; 32])).collect();
            Seal { keys, terms, is_said: false }
        };
        let (one, many) = (seal(1), seal(24));
        let signed = one.behind(table.clone(), Path::new("t")).unwrap();
        let timed = |seal: &Seal| {
            let once = || {
                let before = spent();
                let bytes = seal.beside(Signed::read(&signed).unwrap(), Path::new("t")).unwrap();
                (spent().saturating_sub(before), bytes)
            };
            let (first, bytes) = once();
            (first.min(once().0).min(once().0), bytes)
        };
        let ((by_one, _), (by_many, bytes)) = (timed(&one), timed(&many));
        assert_eq!(Signed::read(&bytes).unwrap().signers().len(), 24);
        assert!(by_many < by_one * 6, "{by_many:?} for 24 keys, {by_one:?} for one");
        assert_eq!(many.behind(table, Path::new("t")).unwrap(), bytes);
    }
}
