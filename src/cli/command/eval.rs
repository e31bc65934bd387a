//! `eval`: many checks, JSON lines in and out, in order. A malformed line is answered in its place.

use std::io::{BufReader, Read, Write};
use std::path::Path;

use crate::cli::args::Eval;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::lines::{Line, Lines, TOO_LONG};
use crate::cli::out::{Out, complain, failed};
use crate::cli::question::Fields;
use crate::cli::{files, policy};
use crate::decisions::{Answer, Index};
use crate::eval::{Evaluator, Reason as Why};
use crate::render::json::{self, Answered, Id, write_line};
use crate::table::Table;
use crate::tools::ask::{self, Patience, Unasked};
use crate::vocab::{Decision, Time};

pub(crate) fn run(args: &Eval, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell_line(out))
}

fn answer(args: &Eval, out: &Out) -> Result<Exit, Failure> {
    let at = policy::time(args.at.as_deref())?;
    let queries = args.queries.as_deref();
    let asked = &args.asked;
    files::stdin_once([
        ("the policy", files::borrowed(&asked.policy)),
        ("the assignments", files::borrowed(&asked.rows.assignments)),
        ("the queries", vec![queries.unwrap_or(Path::new("-"))]),
    ])?;
    let table = policy::load(&args.asked, out)?;
    let session = Session::new(&table, args.asked.org.as_deref(), at);
    Ok(converse(&session, files::open(queries)?, std::io::stdout().lock())?)
}

/// Answers all lines of an input.
pub(crate) fn converse(
    session: &Session<'_>,
    input: BufReader<impl Read>,
    output: impl Write,
) -> Result<Exit, Exit> {
    let mut lines = Lines::new(input);
    let mut is_clean = true;
    // Answers are handed on before more input is waited for: a program may ask one line at a time.
    let mut writer = std::io::BufWriter::with_capacity(1 << 16, output);
    loop {
        let next = lines.next();
        let next =
            next.map_err(|error| complain(Exit::World, &format!("cannot read the queries: {error}")))?;
        let Some(Line { number, text }) = next else { break };
        let answered = match text {
            Some(text) => session.line(text),
            None => Err(Malformed::without_id(TOO_LONG)),
        };
        is_clean &= answered.is_ok();
        let answered = answered.unwrap_or_else(|malformed| malformed.answered(number));
        write_line(&answered, &mut writer).map_err(|error| failed(&error))?;
        if lines.is_waiting() {
            writer.flush().map_err(|error| failed(&error))?;
        }
    }
    writer.flush().map_err(|error| failed(&error))?;
    Ok(if is_clean { Exit::Clean } else { Exit::Findings })
}

pub(crate) struct Session<'t> {
    table: &'t Table,
    index: Index<'t>,
    /// Whether a permission that is spelled in full can be read in no other way.
    is_plain: bool,
    org: Option<&'t str>,
    at: Time,
    /// With names that are not known: of all lines together.
    patience: Patience,
}

impl<'t> Session<'t> {
    pub(crate) fn new(table: &'t Table, org: Option<&'t str>, at: Time) -> Self {
        let index = table.decisions().index();
        Self { table, index, is_plain: index.is_plain(), org, at, patience: Patience::default() }
    }
}

impl Session<'_> {
    fn line(&self, text: &[u8]) -> Result<Answered, Malformed> {
        let line = json::Line::read(text).map_err(|(id, wrong)| Malformed { id, wrong })?;
        if let Some((answer, next)) = self.at_once(&line) {
            return Ok(Answered {
                id: line.id,
                decision: answer.decision().word(),
                reason: answer.slug(),
                message: None,
                next: next.map(|time| time.to_string()),
                error: None,
            });
        }
        let answered = |reason: Why, message| Answered {
            id: line.id.clone(),
            decision: reason.decision().word(),
            reason: reason.slug(),
            message,
            next: match reason {
                Why::NothingInForce { next } => next.map(|time| time.to_string()),
                _ => None,
            },
            error: None,
        };
        match self.ask(&line) {
            Ok(reason) => Ok(answered(reason, None)),
            Err(Unasked::Unknown { reason, message, near }) => {
                let unasked = Unasked::Unknown { reason, message, near };
                Ok(answered(reason, Some(unasked.sentence())))
            }
            Err(unasked) => Err(Malformed { id: line.id.clone(), wrong: unasked.sentence() }),
        }
    }

    /// The answer where all names are known as they are spelled, and when something is in force next where nothing is.
    /// None where the line has to be read more closely.
    fn at_once(&self, line: &json::Line<'_>) -> Option<(Answer, Option<Time>)> {
        let json::Line { principal: Some(principal), permission: Some(permission), .. } = line else {
            return None;
        };
        let others = [&line.role, &line.category, &line.row, &line.action];
        if !self.is_plain || others.iter().any(|other| other.is_some()) {
            return None;
        }
        let organization = line.org.as_deref().or(self.org).or_else(|| self.index.only_organization())?;
        let at = match &line.at {
            Some(text) => Time::parse(text).ok()?,
            None => self.at,
        };
        let answer = self.index.decide(organization, principal, permission, at);
        let next = match answer {
            Answer::NothingInForce => {
                let principal = self.index.principal(organization, principal)?;
                self.index.held(principal, at)?.err().flatten()
            }
            _ => None,
        };
        (!answer.is_unknown()).then_some((answer, next))
    }

    fn ask(&self, line: &json::Line<'_>) -> Result<Why, Unasked> {
        let fields = Fields {
            principal: line.principal.as_deref(),
            role: line.role.as_deref(),
            permission: line.permission.as_deref(),
            category: line.category.as_deref(),
            row: line.row.as_deref(),
            action: line.action.as_deref(),
        };
        let (who, what) = (fields.who()?, fields.what()?);
        let at = match &line.at {
            Some(text) => ask::time(text)?,
            None => self.at,
        };
        let organization =
            ask::organization_of_many(self.table, line.org.as_deref().or(self.org), &self.patience)?;
        let query = ask::query_of_many(self.table, organization, who, &what, at, &self.patience)?;
        Ok(Evaluator::new(self.table).respond(query).reason)
    }
}

/// A line that asks nothing.
struct Malformed {
    id: Option<Id>,
    wrong: String,
}

impl Malformed {
    fn without_id(wrong: &str) -> Self {
        Self { id: None, wrong: wrong.to_owned() }
    }

    fn answered(self, number: u64) -> Answered {
        Answered {
            id: self.id,
            decision: Decision::Deny.word(),
            reason: "malformed",
            message: None,
            next: None,
            error: Some(format!("line {number}: {}", self.wrong)),
        }
    }
}
