//! A watch over a folder of a world: all that it says, line by line, until it is ended. Waits for lines and never for time;
//! one that does not come within a bound fails the test.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::world::World;
use crate::run::Run;

/// How long any line may take, on a machine that does much else.
const BOUND: Duration = Duration::from_secs(60);

pub(super) struct Watched {
    child: Child,
    found: JoinHandle<Vec<u8>>,
    told: Receiver<String>,
    lines: String,
}

impl Watched {
    /// A verb over the world's policy, in which everything is wrong that is not in its names.
    pub(super) fn over(world: &World, args: &[&str], verb: &str) -> Self {
        let mut run = Run::new(verb).dir(world.path());
        for arg in args {
            run = run.arg(*arg);
        }
        let mut command = run.arg(world.watched()).command();
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (mut stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let found = thread::spawn(move || {
            let mut bytes = Vec::new();
            stdout.read_to_end(&mut bytes).unwrap();
            bytes
        });
        let (sender, told) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stderr).split(b'\n') {
                let _ = sender.send(String::from_utf8(line.unwrap()).expect("standard error is text"));
            }
        });
        Self { child, found, told, lines: String::new() }
    }

    /// Waits for a line with this in it.
    pub(super) fn until(&mut self, part: &str) {
        let begun = Instant::now();
        loop {
            let line = self.told.recv_timeout(BOUND.saturating_sub(begun.elapsed()));
            let line = line.unwrap_or_else(|_| panic!("no {part:?} after {}", self.lines.escape_debug()));
            let is_it = line.contains(part);
            self.lines += &line;
            self.lines.push('\n');
            if is_it {
                return;
            }
        }
    }

    /// Ends it: what it said on standard output, and on standard error.
    pub(super) fn end(mut self) -> (String, String) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let found = String::from_utf8(self.found.join().unwrap()).expect("standard output is text");
        self.lines.extend(self.told.iter().map(|line| line + "\n"));
        (found, self.lines)
    }
}
