//! How far a long work is: one line on standard error, where that is a terminal, and only once the work has taken longer
//! than a second. Gone when the work is done.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// What is done sooner is not worth a line.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is written.
const STEP: Duration = Duration::from_millis(100);

/// The line.
pub(crate) struct Progress {
    what: String,
    /// Bytes in all, where that is known.
    total: Option<u64>,
    begun: Instant,
    /// When it was written last, and how wide.
    written: Option<(Instant, usize)>,
    is_shown: bool,
}

impl Progress {
    /// Of a work that has just begun. `what` is shown as it is.
    pub(crate) fn new(what: String, total: Option<u64>) -> Self {
        Self { what, total, begun: Instant::now(), written: None, is_shown: io::stderr().is_terminal() }
    }

    /// So many bytes are done.
    pub(crate) fn at(&mut self, done: u64) {
        let is_due = match self.written {
            None => self.begun.elapsed() >= PATIENCE,
            Some((last, _)) => last.elapsed() >= STEP,
        };
        if !self.is_shown || !is_due {
            return;
        }
        let line = line(&self.what, done, self.total);
        let before = self.written.map_or(0, |(_, width)| width);
        let width = line.chars().count();
        let mut stderr = io::stderr().lock();
        // A terminal that is gone is told by what is written next.
        let _ = write!(stderr, "\r{line}{}", " ".repeat(before.saturating_sub(width)));
        let _ = stderr.flush();
        self.written = Some((Instant::now(), width));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((_, width)) = self.written {
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "\r{}\r", " ".repeat(width));
            let _ = stderr.flush();
        }
    }
}

fn line(what: &str, done: u64, total: Option<u64>) -> String {
    let share = total.filter(|total| *total > 0).map(|total| done.saturating_mul(100) / total);
    match share {
        Some(share) => format!("{what}: {} %", share.min(100)),
        None => format!("{what}: {} MiB", done >> 20),
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_says_how_far() {
        assert_eq!(line("reading a.csv", 50, Some(200)), "reading a.csv: 25 %");
        assert_eq!(line("reading a.csv", 50, Some(0)), "reading a.csv: 0 MiB");
        assert_eq!(line("reading -", 5 << 20, None), "reading -: 5 MiB");
    }
}
