//! `suggest --from-log`: a log read line by line, a line whole or not at all, and the least roles for it.

use std::collections::HashMap;
use std::path::Path;

use crate::cli::args::{Format, Suggest};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::lines::{Line, Lines, TOO_LONG};
use crate::cli::out::{Out, complain};
use crate::cli::question::Fields;
use crate::cli::{files, policy};
use crate::eval::{Evaluator, Holder, Permission, Query, Who};
use crate::render::json::Used;
use crate::render::{json, suggest as told};
use crate::table::{Organization, Table};
use crate::tools::ask::{self, Patience, Unasked, What};
use crate::tools::suggest::{Log, least};
use crate::vocab::{CatalogId, OrganizationId, Time};

/// How many wrong lines are told one by one; the others are counted.
const TOLD: u64 = 100;

pub(super) fn answer(args: &Suggest, path: &Path, out: &Out) -> Result<Exit, Failure> {
    let at = policy::time(args.at.as_deref())?;
    files::stdin_once([
        ("the policy", files::borrowed(&args.asked.policy)),
        ("the assignments", files::borrowed(&args.asked.rows.assignments)),
        ("the log", vec![path]),
    ])?;
    let table = policy::load(&args.asked, out)?;
    let asked = holders(&table, args)?;
    let mut log = Log::new(&table);
    asked.iter().for_each(|holder| log.watch(*holder));
    let mut session = Session::new(&table, args, at)?;
    let mut lines = Lines::new(files::open(Some(path))?);
    let mut count = json::Lines::default();
    loop {
        let next = lines.next();
        let next = next.map_err(|error| complain(Exit::World, &format!("cannot read the log: {error}")))?;
        let Some(Line { number, text }) = next else { break };
        count.read += 1;
        match text.ok_or_else(|| TOO_LONG.to_owned()).and_then(|text| session.line(text)) {
            Ok(Told::Use(query)) => {
                count.used += 1;
                log.record(query);
            }
            Ok(Told::Refused) => count.denied += 1,
            Ok(Told::Elsewhere) => count.elsewhere += 1,
            Err(wrong) => {
                count.wrong += 1;
                if count.wrong <= TOLD {
                    complain(Exit::Findings, &format!("line {number}: {wrong}"));
                }
            }
        }
    }
    if count.wrong > 0 {
        let (lines, are) = if count.read == 1 { ("line", "is") } else { ("lines", "are") };
        complain(Exit::Findings, &format!("{} of {} {lines} {are} left out", count.wrong, count.read));
    }
    let is_clean = count.wrong == 0;
    let all: Vec<Holder> = if asked.is_empty() { log.holders().collect() } else { asked };
    let found = least(&log, &all, at);
    out.answer(|writer| match args.format {
        Format::Human => told::least(&table, &found, writer),
        Format::Json => json::write(&json::LeastRoles::of(&table, &found, at, count), writer),
    })?;
    Ok(if is_clean { Exit::Clean } else { Exit::Findings })
}

/// Who is asked about, each once.
fn holders(table: &Table, args: &Suggest) -> Result<Vec<Holder>, Failure> {
    let mut found = Vec::new();
    if args.who.is_empty() && args.role.is_empty() {
        return Ok(found);
    }
    let organization = ask::organization(table, args.asked.org.as_deref());
    let organization = organization.map_err(|unasked| Failure::from(&unasked))?;
    let mut add = |who: Who<'_>| -> Result<(), Failure> {
        let holder = ask::holder(table, organization, who).map_err(|unasked| Failure::from(&unasked))?;
        if !found.contains(&holder) {
            found.push(holder);
        }
        Ok(())
    };
    for text in &args.who {
        add(policy::who(text)?.who())?;
    }
    for id in &args.role {
        add(Who::Role(id))?;
    }
    Ok(found)
}

/// What a line tells of.
enum Told {
    /// A use.
    Use(Query),
    /// What was refused.
    Refused,
    /// Another organization than the one asked about.
    Elsewhere,
}

struct Session<'t> {
    table: &'t Table,
    /// The organization that is asked about, and that of lines that name none.
    org: Option<&'t str>,
    only: Option<OrganizationId>,
    at: Time,
    /// With names that are not known: of all lines together.
    patience: Patience,
    known: Known,
}

impl<'t> Session<'t> {
    fn new(table: &'t Table, args: &'t Suggest, at: Time) -> Result<Self, Failure> {
        let org = args.asked.org.as_deref();
        let only = org.map(|id| ask::organization(table, Some(id))).transpose();
        let only = only.map_err(|unasked| Failure::from(&unasked))?.map(Organization::key);
        Ok(Self { table, org, only, at, patience: Patience::default(), known: Known::default() })
    }

    /// What a line tells of, or what is wrong with it.
    fn line(&mut self, text: &[u8]) -> Result<Told, String> {
        let used = Used::read(text)?;
        self.tell(&used).map_err(|unasked| unasked.sentence())
    }

    fn tell(&mut self, used: &Used) -> Result<Told, Unasked> {
        let is_used = match used.decision.as_deref() {
            None | Some("allow") => true,
            Some("deny") => false,
            Some(_) => {
                return Err(Unasked::Malformed("`decision` is neither `allow` nor `deny`".to_owned()));
            }
        };
        let fields = Fields {
            principal: used.principal.as_deref(),
            role: used.role.as_deref(),
            permission: used.permission.as_deref(),
            category: used.category.as_deref(),
            row: used.row.as_deref(),
            action: used.action.as_deref(),
        };
        let (who, what) = (fields.who()?, fields.what()?);
        let at = match &used.at {
            Some(text) => ask::time(text)?,
            None => self.at,
        };
        let id = used.org.as_deref().or(self.org);
        let organization = ask::organization_of_many(self.table, id, &self.patience)?;
        if self.only.is_some_and(|only| only != organization.key()) {
            return Ok(Told::Elsewhere);
        }
        let query = self.query(organization, who, &what, at)?;
        Ok(if is_used { Told::Use(query) } else { Told::Refused })
    }

    /// The query of a line. Permissions that were read before are not read again: a log names few, many times.
    fn query(
        &mut self,
        organization: Organization<'_>,
        who: Who<'_>,
        what: &What<'_>,
        at: Time,
    ) -> Result<Query, Unasked> {
        let catalog = organization.catalog().key();
        if let Some(permission) = self.known.find(catalog, what)
            && let Ok(holder) = Evaluator::new(self.table).holder(organization.key(), who)
        {
            return Ok(Query { holder, permission, at });
        }
        let query = ask::query_of_many(self.table, organization, who, what, at, &self.patience)?;
        self.known.keep(catalog, query.permission);
        Ok(query)
    }
}

/// Permissions as they were written, with what they are.
#[derive(Default)]
struct Known {
    found: HashMap<String, Permission>,
    /// The last one that was looked for.
    key: String,
}

impl Known {
    /// So many are kept and no more, however many ways a log has to write one.
    const KEPT: usize = 1 << 16;

    fn find(&mut self, catalog: CatalogId, what: &What<'_>) -> Option<Permission> {
        let (form, parts) = match *what {
            What::Text(text) => ('t', [Some(text), None, None]),
            What::TextAndAction(text, action) => ('a', [Some(text), Some(action), None]),
            What::Ids { category, row, action } => ('i', [category, Some(row), action]),
        };
        self.key.clear();
        self.key.push(form);
        self.key.push_str(&catalog.0.to_string());
        for part in parts {
            // With its length in front, so that no two are written alike.
            self.key.push('/');
            if let Some(part) = part {
                self.key.push_str(&part.len().to_string());
                self.key.push('=');
                self.key.push_str(part);
            }
        }
        self.found.get(&self.key).copied()
    }

    /// Keeps what was looked for last.
    fn keep(&mut self, catalog: CatalogId, permission: Permission) {
        if permission.catalog() == catalog && self.found.len() < Self::KEPT {
            self.found.insert(self.key.clone(), permission);
        }
    }
}
