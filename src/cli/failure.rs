//! Why a verb gives no answer, kept until the verb tells it: to people on standard error, to programs as a document on
//! standard output. Decides nothing.

use crate::cli::args::Format;
use crate::cli::exit::Exit;
use crate::cli::out::{Out, complain};
use crate::diagnostic::{Diagnostics, Severity};
use crate::render::{Human, json, sentence, summary};
use crate::source::Sources;
use crate::tools::ask::Unasked;

/// The sort of a failure. Each has its exit status and its word in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The arguments are off.
    Usage,
    /// A file that cannot be read.
    Unreadable,
    /// The outside world, else.
    World,
    /// The policy has errors.
    Policy,
    /// The policy has errors, and to find them is the verb's own work.
    OwnPolicy,
    /// A rule speaks against a change.
    Refused,
    /// The table is damaged or none.
    Table,
    /// A name that is not known.
    Unknown(crate::eval::Reason),
    /// A title that no test has.
    UnknownTest,
    /// A question with several readings.
    Ambiguous,
    /// No question to this policy.
    Undecided,
}

impl Reason {
    fn exit(self) -> Exit {
        match self {
            Self::Usage => Exit::Usage,
            Self::Unreadable | Self::World => Exit::World,
            Self::OwnPolicy | Self::Refused => Exit::Findings,
            Self::Policy
            | Self::Table
            | Self::Unknown(_)
            | Self::UnknownTest
            | Self::Ambiguous
            | Self::Undecided => Exit::Undecided,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Unreadable => "unreadable",
            Self::World => "world",
            Self::Policy | Self::OwnPolicy => "policy-errors",
            Self::Refused => "refused",
            Self::Table => "table",
            Self::Unknown(reason) => reason.slug(),
            Self::UnknownTest => "unknown-test",
            Self::Ambiguous => "ambiguous",
            Self::Undecided => "undecided",
        }
    }
}

/// Why a verb gives no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was told already.
    Told(Exit),
    /// It is to be told.
    Untold(Box<Untold>),
}

/// A failure that is to be told.
#[derive(Debug)]
pub(crate) struct Untold {
    reason: Reason,
    /// A sentence each.
    messages: Vec<String>,
    near: Vec<String>,
    readings: Vec<String>,
    sources: Sources,
    findings: Diagnostics,
    places: Vec<json::PlaceOf>,
}

impl From<Exit> for Failure {
    fn from(exit: Exit) -> Self {
        Self::Told(exit)
    }
}

impl From<&Unasked> for Failure {
    fn from(unasked: &Unasked) -> Self {
        let (reason, near, readings): (_, &[String], &[String]) = match unasked {
            Unasked::Unknown { reason, near, .. } => (Reason::Unknown(*reason), near, &[]),
            Unasked::Ambiguous { readings, .. } => (Reason::Ambiguous, &[], readings),
            Unasked::Malformed(_) => (Reason::Usage, &[], &[]),
        };
        let (near, readings) = (near.to_vec(), readings.to_vec());
        Self::Untold(Box::new(Untold { near, readings, ..Untold::new(reason, Some(unasked.sentence())) }))
    }
}

impl Untold {
    fn new(reason: Reason, message: Option<String>) -> Self {
        Self {
            reason,
            messages: message.into_iter().collect(),
            near: Vec::new(),
            readings: Vec::new(),
            sources: Sources::new(),
            findings: Diagnostics::new(),
            places: Vec::new(),
        }
    }
}

impl Failure {
    /// A failure of a sort, in one sentence.
    pub(crate) fn of(reason: Reason, message: impl Into<String>) -> Self {
        Self::Untold(Box::new(Untold::new(reason, Some(message.into()))))
    }

    /// The same, of a name that is not known, with the names near to it.
    pub(crate) fn with_near(mut self, near: Vec<String>) -> Self {
        if let Self::Untold(untold) = &mut self {
            untold.near = near;
        }
        self
    }

    /// The same, of a change that is refused, with what stands against it.
    pub(crate) fn with_places(mut self, places: Vec<json::PlaceOf>) -> Self {
        if let Self::Untold(untold) = &mut self {
            untold.places = places;
        }
        self
    }

    /// A failure with the findings that led to it: the errors among them.
    pub(crate) fn with_findings(
        reason: Reason,
        message: Option<&str>,
        sources: Sources,
        mut findings: Diagnostics,
    ) -> Self {
        findings.retain(|finding| finding.severity() == Severity::Error);
        let untold = Untold::new(reason, message.map(str::to_owned));
        Self::Untold(Box::new(Untold { sources, findings, ..untold }))
    }

    /// Adds another one. What the outside world refuses is told by the exit status, whatever else there is.
    pub(crate) fn join(&mut self, other: Self) {
        let (Self::Untold(first), Self::Untold(other)) = (self, other) else { return };
        first.messages.extend(other.messages);
        if other.reason.exit() == Exit::World {
            first.reason = other.reason;
        }
    }

    /// The sentences of it.
    pub(crate) fn messages(&self) -> &[String] {
        match self {
            Self::Told(_) => &[],
            Self::Untold(untold) => &untold.messages,
        }
    }

    /// Its exit status.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Told(exit) => *exit,
            Self::Untold(untold) => untold.reason.exit(),
        }
    }

    /// Tells it, and gives its exit status.
    pub(crate) fn tell(self, format: Format, out: &Out) -> Exit {
        let untold = match self {
            Self::Told(exit) => return exit,
            Self::Untold(untold) => untold,
        };
        let told = match format {
            Format::Human => untold.to_people(out),
            Format::Json => out.answer(|writer| json::write(&untold.document(), writer)),
        };
        told.map_or_else(|exit| exit, |()| untold.reason.exit())
    }

    /// Tells it to a program that reads lines, and gives its exit status.
    pub(crate) fn tell_line(self, out: &Out) -> Exit {
        match self {
            Self::Told(exit) => exit,
            Self::Untold(untold) => {
                let told = out.answer(|writer| json::write_line(&untold.document(), writer));
                told.map_or_else(|exit| exit, |()| untold.reason.exit())
            }
        }
    }
}

impl Untold {
    /// Findings and messages on standard error.
    fn to_people(&self, out: &Out) -> Result<(), Exit> {
        if let Some(line) = summary(&self.findings) {
            let human = Human { sources: &self.sources, color: out.error_color() };
            out.error(|writer| {
                human.render(&self.findings, writer)?;
                writeln!(writer, "{line}")
            })?;
        }
        for message in &self.messages {
            complain(self.reason.exit(), message);
        }
        if self.places.is_empty() {
            return Ok(());
        }
        out.error(|writer| {
            self.places.iter().try_for_each(|json::PlaceOf { file, line, column, text }| {
                writeln!(writer, "  {}", sentence(&format!("{file}:{line}:{column}: {text}")))
            })
        })
    }

    fn document(&self) -> json::Failure<'_> {
        let found = self.findings.iter().next().map(|finding| finding.message.clone());
        json::Failure {
            version: json::VERSION,
            error: self.reason.word(),
            message: if self.messages.is_empty() {
                found.unwrap_or_default()
            } else {
                self.messages.join("; ")
            },
            near: self.near.clone(),
            readings: self.readings.clone(),
            findings: json::Finding::all(&self.sources, &self.findings),
            places: self.places.clone(),
        }
    }
}
