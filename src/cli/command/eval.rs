//! `eval`: many checks, JSON lines in and out, in order. A malformed line is answered in its place, and so is one that comes
//! when the table's end has come.

use std::io::{BufReader, Read, Write};
use std::path::Path;

use crate::cli::args::Eval;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::lines::{Line, Lines, TOO_LONG};
use crate::cli::out::{Out, complain, failed};
use crate::cli::question::Fields;
use crate::cli::trust::Term;
use crate::cli::{files, policy};
use crate::decisions::{Answer, Index};
use crate::eval::{Evaluator, Reason as Why};
use crate::render::json::{self, Answered, Id, write_line};
use crate::sign::Untrusted;
use crate::table::Table;
use crate::tools::ask::{self, Patience, Unasked};
use crate::vocab::{Decision, Time};

pub(crate) fn run(args: &Eval, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell_line(out))
}

fn answer(args: &Eval, out: &Out) -> Result<Exit, Failure> {
    let at = policy::time(args.at.as_deref())?;
    let is_now = args.at.is_none();
    let queries = args.queries.as_deref();
    let asked = &args.asked;
    files::stdin_once([
        ("the policy", files::borrowed(&asked.policy)),
        ("the assignments", files::borrowed(&asked.rows.assignments)),
        ("the queries", vec![queries.unwrap_or(Path::new("-"))]),
    ])?;
    let (table, term) = policy::load_for_long(&args.asked, &policy::now, out)?;
    let session = Session { term: Some(term), is_now, ..Session::new(&table, args.asked.org.as_deref(), at) };
    converse(&session, files::open(queries)?, std::io::stdout().lock())
}

/// Answers all lines of an input.
pub(crate) fn converse(
    session: &Session<'_>,
    input: BufReader<impl Read>,
    output: impl Write,
) -> Result<Exit, Failure> {
    let mut lines = Lines::new(input);
    let (mut is_clean, mut is_over) = (true, false);
    // Answers are handed on before more input is waited for: a program may ask one line at a time.
    let mut writer = std::io::BufWriter::with_capacity(1 << 16, output);
    loop {
        let next = lines.next();
        let next =
            next.map_err(|error| complain(Exit::World, &format!("cannot read the queries: {error}")))?;
        let Some(Line { number, text }) = next else { break };
        let over = match session.over() {
            Ok(over) => over,
            Err(failure) => {
                writer.flush().map_err(|error| failed(&error))?;
                return Err(failure);
            }
        };
        let answered = match (text, &over) {
            (Some(text), None) => session.line(text),
            (Some(text), Some(over)) => Ok(refused(text, over)),
            (None, _) => Err(Malformed::without_id(TOO_LONG)),
        };
        is_over |= over.is_some();
        is_clean &= answered.is_ok();
        let answered = answered.unwrap_or_else(|malformed| malformed.answered(number));
        write_line(&answered, &mut writer).map_err(|error| failed(&error))?;
        if lines.is_waiting() {
            writer.flush().map_err(|error| failed(&error))?;
        }
    }
    writer.flush().map_err(|error| failed(&error))?;
    Ok(match (is_over, is_clean) {
        (true, _) => Exit::Undecided,
        (false, true) => Exit::Clean,
        (false, false) => Exit::Findings,
    })
}

/// The answer to a line that comes too late.
fn refused(text: &[u8], over: &Untrusted) -> Answered {
    let id = match json::Line::read(text) {
        Ok(line) => line.id,
        Err((id, _)) => id,
    };
    Answered {
        id,
        decision: Decision::Deny.word(),
        reason: "expired",
        message: Some(over.to_string()),
        next: None,
        error: None,
    }
}

pub(crate) struct Session<'t> {
    table: &'t Table,
    /// How long it may be asked; for ever where that is not told.
    term: Option<Term<'t>>,
    index: Index<'t>,
    /// Whether a permission that is spelled in full can be read in no other way.
    is_plain: bool,
    org: Option<&'t str>,
    at: Time,
    /// Whether that is the time of each line, which goes on while lines are waited for.
    is_now: bool,
    /// With names that are not known: of all lines together.
    patience: Patience,
}

impl<'t> Session<'t> {
    pub(crate) fn new(table: &'t Table, org: Option<&'t str>, at: Time) -> Self {
        let index = table.decisions().index();
        Self {
            table,
            term: None,
            index,
            is_plain: index.is_plain(),
            org,
            at,
            is_now: false,
            patience: Patience::default(),
        }
    }
}

impl Session<'_> {
    /// Why nothing is answered any more.
    fn over(&self) -> Result<Option<Untrusted>, Failure> {
        self.term.as_ref().map_or(Ok(None), Term::over)
    }

    /// When a line is asked that says no time.
    fn at(&self) -> Time {
        self.term.as_ref().filter(|_| self.is_now).map_or(self.at, Term::now)
    }

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
            None => self.at(),
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
            None => self.at(),
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

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a state is a file")]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::io::{BufReader, Read};

    use super::{Session, converse};
    use crate::cli::exit::Exit;
    use crate::cli::trust::Term;
    use crate::sign::Seen;
    use crate::table::Table;
    use crate::vocab::Time;

    const LINE: &str = r#"{"id": 1, "principal": "ana@acme.example", "permission": "content.pages:create"}"#;

    /// Hands lines out one by one, each at its own time.
    struct Clocked<'a> {
        lines: RefCell<Vec<(Time, String)>>,
        now: &'a Cell<Time>,
    }

    impl Read for Clocked<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            if self.lines.borrow().is_empty() {
                return Ok(0);
            }
            let (time, line) = self.lines.borrow_mut().remove(0);
            self.now.set(time);
            into.get_mut(..line.len()).unwrap().copy_from_slice(line.as_bytes());
            Ok(line.len())
        }
    }

    /// What is answered to lines that come at these times, of a table that ends at 100; how it ended.
    fn asked(
        times: &[i64],
        line: &str,
        state: Option<&std::path::Path>,
    ) -> (Vec<String>, Result<Exit, Exit>) {
        let table = Table::from_bytes(include_bytes!("../../example/acme.rolec")).unwrap();
        let now = Cell::new(Time(0));
        let clock = || now.get();
        let term = Term::new(Some(Time(100)), Time(10), state, &clock);
        let at = Time::parse("2026-12-31").unwrap();
        let session = Session { term: Some(term), ..Session::new(&table, None, at) };
        let lines = times.iter().map(|time| (Time(*time), format!("{line}\n"))).collect();
        let (input, mut output) = (Clocked { lines: RefCell::new(lines), now: &now }, Vec::new());
        let exit = converse(&session, BufReader::new(input), &mut output).map_err(|failure| failure.exit());
        let answers = String::from_utf8(output).unwrap().lines().map(str::to_owned).collect();
        (answers, exit)
    }

    /// A line that says no time is asked when it comes, not when the first one came.
    #[test]
    fn an_assignment_that_ends_meanwhile_grants_no_more() {
        let table = Table::from_bytes(include_bytes!("../../example/acme.rolec")).unwrap();
        let end = Time::parse("2027-01-01").unwrap();
        let now = Cell::new(end);
        let clock = || now.get();
        let asked = |is_now| {
            let lines = [-1, 0].map(|after| (Time(end.0 + after), format!("{LINE}\n"))).to_vec();
            let (input, mut output) = (Clocked { lines: RefCell::new(lines), now: &now }, Vec::new());
            let term = Some(Term::new(None, Time(0), None, &clock));
            let session = Session { term, is_now, ..Session::new(&table, None, Time(end.0 - 1)) };
            converse(&session, BufReader::new(input), &mut output).unwrap();
            let output = String::from_utf8(output).unwrap();
            output.lines().map(|answer| answer.contains("allow")).collect::<Vec<_>>()
        };
        assert_eq!(asked(true), [true, false]);
        assert_eq!(asked(false), [true, true], "`--at` is for all lines");
    }

    /// From the moment on at which the table ends, and also where the clock goes back behind that.
    #[test]
    fn a_table_that_ends_meanwhile_answers_no_more() {
        let (answers, exit) = asked(&[20, 99, 100, 50, 101], LINE, None);
        let granted = r#"{"id":1,"decision":"allow","reason":"granted"}"#;
        assert_eq!(answers.get(..2).unwrap(), [granted; 2]);
        let refused =
            r#"{"id":1,"decision":"deny","reason":"expired","message":"the table was signed for use until"#;
        assert!(
            answers.len() == 5 && answers.iter().skip(2).all(|answer| answer.starts_with(refused)),
            "{answers:?}"
        );
        assert_eq!(exit, Ok(Exit::Undecided));
        assert_eq!(asked(&[20, 99], LINE, None).1, Ok(Exit::Clean));
        // What asks nothing is not told more than that.
        let (answers, exit) = asked(&[20, 100], "nonsense", None);
        assert!(
            answers.first().unwrap().contains("malformed") && answers.last().unwrap().contains("expired")
        );
        assert_eq!(exit, Ok(Exit::Undecided));
    }

    /// No clock that is set back for the next run brings it back.
    #[test]
    fn that_it_has_ended_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("seen");
        let before = Seen::nothing(Time(10));
        std::fs::write(&state, before.to_string()).unwrap();
        let kept = || Seen::parse(&std::fs::read_to_string(&state).unwrap()).unwrap();
        assert_eq!(asked(&[20, 99], LINE, Some(&state)).1, Ok(Exit::Clean));
        assert_eq!(kept(), before);
        assert_eq!(asked(&[20, 130, 200], LINE, Some(&state)).1, Ok(Exit::Undecided));
        assert_eq!(kept(), Seen::nothing(Time(130)));
        // Where that cannot be kept it ends there.
        std::fs::write(&state, "damaged").unwrap();
        let (answers, exit) = asked(&[20, 130, 200], LINE, Some(&state));
        assert_eq!((answers.len(), exit), (1, Err(Exit::Undecided)));
    }
}
