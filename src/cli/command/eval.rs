//! `eval`: many checks, JSON lines in and out, in order. A malformed line is answered in its place.

use std::io::{BufRead, Read as _, Write};

use crate::cli::args::Eval;
use crate::cli::exit::Exit;
use crate::cli::out::{Out, complain, failed};
use crate::cli::{files, policy};
use crate::eval::{Evaluator, Reason, Who};
use crate::render::Escaped;
use crate::render::json::{Answered, Line};
use crate::table::Table;
use crate::tools::ask::{self, Unasked, What};
use crate::vocab::{Decision, Time};

/// Bytes of one line. What is longer is malformed, and is not kept.
const LINE_BYTES: usize = 1 << 20;

pub(crate) fn run(args: &Eval, out: &Out) -> Result<Exit, Exit> {
    let at = policy::time(args.at.as_deref())?;
    let table = policy::load(&args.asked, out)?;
    let mut input = files::open(args.queries.as_deref())?;
    let session = Session { table: &table, org: args.asked.org.as_deref(), at };
    let mut is_clean = true;
    let mut line = Vec::new();
    // Answers are handed on before more input is waited for: a program may ask one line at a time.
    let mut writer = std::io::BufWriter::new(std::io::stdout().lock());
    loop {
        line.clear();
        let whole = read_line(&mut input, &mut line)
            .map_err(|error| complain(Exit::World, &format!("cannot read the queries: {error}")))?;
        let Some(whole) = whole else { break };
        if line.iter().all(u8::is_ascii_whitespace) && whole {
            continue;
        }
        let answered =
            if whole { session.line(&line) } else { malformed(None, "the line is too long".to_owned()) };
        is_clean &= answered.error.is_none();
        let mut escaped = Escaped::json(&mut writer);
        serde_json::to_writer(&mut escaped, &answered)
            .map_err(std::io::Error::from)
            .and_then(|()| escaped.write_all(b"\n"))
            .and_then(|()| escaped.finish().map(drop))
            .map_err(|error| failed(&error))?;
        if input.buffer().is_empty() {
            writer.flush().map_err(|error| failed(&error))?;
        }
    }
    writer.flush().map_err(|error| failed(&error))?;
    Ok(if is_clean { Exit::Clean } else { Exit::Findings })
}

/// Reads a line without its end: none at the end of the input, `false` where it was too long to keep.
fn read_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> std::io::Result<Option<bool>> {
    let read = (&mut *input).take(LINE_BYTES as u64 + 1).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Some(true));
    }
    if line.len() <= LINE_BYTES {
        return Ok(Some(true));
    }
    line.clear();
    loop {
        let rest = input.fill_buf()?;
        let (used, done) = match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (rest.len(), rest.is_empty()),
        };
        input.consume(used);
        if done {
            return Ok(Some(false));
        }
    }
}

struct Session<'t> {
    table: &'t Table,
    org: Option<&'t str>,
    at: Time,
}

impl Session<'_> {
    fn line(&self, text: &[u8]) -> Answered {
        let line: Line = match serde_json::from_slice(text) {
            Ok(line) => line,
            Err(error) => return malformed(None, error.to_string()),
        };
        let id = line.id.clone();
        match self.ask(&line) {
            Ok(reason) => {
                let next = match reason {
                    Reason::NothingInForce { next } => next.map(|time| time.to_string()),
                    _ => None,
                };
                Answered {
                    id,
                    decision: reason.decision().word(),
                    reason: reason.slug(),
                    message: None,
                    next,
                    error: None,
                }
            }
            Err(unasked) => match &unasked {
                Unasked::Unknown { reason, .. } => Answered {
                    id,
                    decision: reason.decision().word(),
                    reason: reason.slug(),
                    message: Some(unasked.sentence()),
                    next: None,
                    error: None,
                },
                Unasked::Ambiguous { .. } | Unasked::Malformed(_) => malformed(id, unasked.sentence()),
            },
        }
    }

    fn ask(&self, line: &Line) -> Result<Reason, Unasked> {
        let wrong = |text: &str| Err(Unasked::Malformed(text.to_owned()));
        let who = match (&line.principal, &line.role) {
            (Some(name), None) => Who::Principal(name),
            (None, Some(name)) => Who::Role(name),
            (Some(_), Some(_)) => return wrong("`principal` and `role` are both given"),
            (None, None) => return wrong("neither `principal` nor `role` is given"),
        };
        let action = line.action.as_deref();
        let what = match (&line.permission, &line.row, &line.category) {
            (Some(text), None, None) => match action {
                Some(action) => What::TextAndAction(text, action),
                None => What::Text(text),
            },
            (None, Some(row), category) => What::Ids { category: category.as_deref(), row, action },
            (Some(_), _, _) => return wrong("`permission` and `category` or `row` are both given"),
            (None, None, _) => return wrong("neither `permission` nor `row` is given"),
        };
        let at = match &line.at {
            Some(text) => ask::time(text)?,
            None => self.at,
        };
        let organization = ask::organization(self.table, line.org.as_deref().or(self.org))?;
        let query = ask::query(self.table, organization, who, &what, at)?;
        Ok(Evaluator::new(self.table).respond(query).reason)
    }
}

fn malformed(id: Option<serde_json::Value>, error: String) -> Answered {
    Answered {
        id,
        decision: Decision::Deny.word(),
        reason: "malformed",
        message: None,
        next: None,
        error: Some(error),
    }
}
