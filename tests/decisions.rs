//! Every decision, asked in every way: worked out from the sources a second time, by names, by keys, in columns, of a
//! table read back from its bytes; and of its decisions alone, by one look at names and by ids. And the decision corpus:
//! questions with hand-thought answers, in data files.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::print_stderr, reason = "the count of what was compared is for people")]
#![allow(clippy::disallowed_methods, reason = "policies and questions are files")]

mod support {
    pub(crate) mod policies;
}

use std::collections::{BTreeMap, BTreeSet};

use rolec::decisions::Decisions;
use rolec::eval::{Bitmap, Columns, Evaluator, Holder, Permission, Query, Reason, Request, Who, WhoText};
use rolec::reference::Reference;
use rolec::source::Sources;
use rolec::table::Table;
use rolec::tools::certify::certify;
use rolec::vocab::{Decision, PrincipalId, Time, spelled};

use support::policies::{Policy, asked, compiled, corpus, questions, shipped};

const FAR: [Time; 2] = [Time(i64::MIN), Time(i64::MAX)];

/// A time like any other, for what does not depend on it.
const SOME_TIME: Time = Time(1_800_000_000);

/// What one policy was asked, counted.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    roles: usize,
    principals: usize,
    allowed: usize,
}

/// Asks every question of a policy in every way.
struct Asker<'p> {
    policy: &'p Policy,
    reloaded: Table,
    /// The decisions by themselves, from a file that has nothing else.
    alone: Decisions,
    /// The questions of a batch; all at one time.
    holders: Vec<Holder>,
    permissions: Vec<Permission>,
    answers: Vec<bool>,
    count: Count,
}

impl<'p> Asker<'p> {
    fn new(policy: &'p Policy) -> Self {
        let bytes = policy.table.to_bytes();
        let reloaded = Table::from_bytes(&bytes).unwrap();
        assert_eq!(reloaded.to_bytes(), bytes, "{}", policy.name);
        let alone = Decisions::from_bytes(&policy.table.decisions().to_bytes(None)).unwrap();
        assert!(alone == *policy.table.decisions() && alone == *reloaded.decisions(), "{}", policy.name);
        Self {
            policy,
            reloaded,
            alone,
            holders: Vec::new(),
            permissions: Vec::new(),
            answers: Vec::new(),
            count: Count::default(),
        }
    }

    fn all(mut self) -> Count {
        let model = &self.policy.model;
        for (number, organization) in model.organizations.iter().enumerate() {
            let templates = model.shared.templates.iter().filter(|role| role.catalog == organization.catalog);
            let assignable = templates.chain(&organization.roles);
            for role in assignable {
                self.count.roles += self.rows(number, Who::Role(&role.id), SOME_TIME);
            }
            self.batch(SOME_TIME);
            for at in moments(organization) {
                for principal in &organization.principals {
                    self.count.principals += self.rows(number, Who::Principal(&principal.name), at);
                }
                self.batch(at);
            }
        }
        self.count
    }

    /// Every row, as a whole and by action.
    fn rows(&mut self, organization: usize, who: Who<'_>, at: Time) -> usize {
        let organization = &self.policy.model.organizations[organization];
        let catalog = &self.policy.model.shared.catalogs[organization.catalog.index()];
        let mut count = 0;
        for row in &catalog.rows {
            let category = &catalog.categories[row.category.index()];
            let levels = row.shape.actions().map(Some).chain([None]);
            for action in levels {
                let request = Request {
                    organization: &organization.id,
                    who,
                    category: &category.id,
                    row: &row.id,
                    action,
                    at,
                };
                self.ask(&request);
                count += 1;
            }
        }
        count
    }

    fn ask(&mut self, request: &Request<'_>) {
        let evaluator = Evaluator::new(&self.policy.table);
        let response = evaluator.decide(request);
        let asked = || format!("{}: {request:?}", self.policy.name);
        let query = evaluator.resolve(request).unwrap();
        assert_eq!(evaluator.respond(query), response, "by keys, {}", asked());
        assert_eq!(evaluator.decide_query(query), response.decision, "by keys, {}", asked());
        assert_eq!(Evaluator::new(&self.reloaded).decide(request), response, "reloaded, {}", asked());
        let Request { organization, who, category, row, action, at } = *request;
        if let Who::Principal(principal) = who {
            let mut text = format!("{}.{}", spelled(category), spelled(row));
            if let Some(action) = action {
                text += &format!(":{}", spelled(action));
            }
            for decisions in [self.policy.table.decisions(), &self.alone] {
                let index = decisions.index();
                let found = index.decide(organization, principal, &text, at);
                assert_eq!(found.slug(), short(response.reason), "by one look, {}, {text}", asked());
                let id = index.principal(organization, principal).unwrap();
                assert_eq!(query.holder, Holder::Principal(id));
                let key = index.key(query.permission.catalog(), &text).unwrap();
                assert_eq!(index.decide_key(id, key, at), found, "by ids, {}", asked());
            }
        }
        let Query { holder, permission, .. } = query;
        self.holders.push(holder);
        self.permissions.push(permission);
        let is_allowed = response.decision == Decision::Allow;
        self.answers.push(is_allowed);
        self.count.allowed += usize::from(is_allowed);
    }

    /// Asks again of all principals, in columns, what was asked one by one; and who holds it.
    fn batch(&mut self, at: Time) {
        let asked = self.holders.iter().zip(&self.permissions).zip(&self.answers);
        let asked = asked.filter_map(|((holder, permission), answer)| match holder {
            Holder::Principal(principal) => Some((*principal, *permission, *answer)),
            Holder::Role(..) => None,
        });
        let asked: Vec<(PrincipalId, Permission, bool)> = asked.collect();
        let principals: Vec<PrincipalId> = asked.iter().map(|(principal, ..)| *principal).collect();
        for table in [&self.policy.table, &self.reloaded] {
            let moment = Evaluator::new(table).at(at);
            let column = moment.ask(asked.iter().map(|(_, permission, _)| *permission));
            let bitmap: Bitmap = moment.decide(&principals, &column);
            let decided: Vec<bool> = bitmap.iter().map(|decision| decision.word() == "allow").collect();
            let answers: Vec<bool> = asked.iter().map(|(.., answer)| *answer).collect();
            assert_eq!(decided, answers, "in columns, {}, {at}", self.policy.name);
            let columns = Columns::of(&moment, 1 << 20).unwrap();
            let mut wanted: BTreeMap<Permission, BTreeMap<PrincipalId, bool>> = BTreeMap::new();
            for (principal, permission, answer) in &asked {
                wanted.entry(*permission).or_default().insert(*principal, *answer);
            }
            for (permission, wanted) in wanted {
                let condition = columns.may(permission);
                let held: BTreeSet<PrincipalId> = columns.holders(&condition).iter().collect();
                for (principal, answer) in wanted {
                    let name = &self.policy.name;
                    assert_eq!(
                        held.contains(&principal),
                        answer,
                        "turned over, {name}, {at}, {permission:?}"
                    );
                }
            }
        }
        self.holders.clear();
        self.permissions.clear();
        self.answers.clear();
    }
}

/// The moments at which something changes in an organization, each with the second before it; and both far ends.
fn moments(organization: &rolec::model::Organization) -> BTreeSet<Time> {
    let assignments = organization.principals.iter().flat_map(|principal| &principal.assignments);
    let boundaries = assignments.flat_map(|assignment| [assignment.from(), assignment.until()]).flatten();
    boundaries.flat_map(|time| [Time(time.0 - 1), time]).chain(FAR).chain([SOME_TIME]).collect()
}

/// The reason as the decisions alone tell it: what of a permission is not known they do not say.
fn short(reason: Reason) -> &'static str {
    match reason {
        Reason::UnknownCategory | Reason::UnknownRow | Reason::UnknownAction => "unknown-permission",
        reason => reason.slug(),
    }
}

/// A model and its table have the same things, so that asking about all of one is asking about all of the other.
fn same_things(policy: &Policy) {
    let (model, table) = (&policy.model, &policy.table);
    assert_eq!(table.catalogs().count(), model.shared.catalogs.len());
    assert_eq!(table.organizations().count(), model.organizations.len());
    let own = model.organizations.iter().map(|organization| organization.roles.len());
    assert_eq!(table.roles().count(), model.shared.templates.len() + own.sum::<usize>());
    let principals = model.organizations.iter().map(|organization| organization.principals.len());
    assert_eq!(table.principals().count(), principals.sum::<usize>());
    let rows = model.shared.catalogs.iter().map(|catalog| catalog.rows.len());
    assert_eq!(table.catalogs().map(|catalog| catalog.rows().count()).sum::<usize>(), rows.sum::<usize>());
}

/// The second evaluator says of a row by itself what it says of all together.
fn rows_apart(reference: &Reference) {
    for organization in reference.organizations() {
        let catalog = organization.catalog();
        let rows: Vec<usize> = (0..catalog.rows()).collect();
        let together = organization.held_of(&rows, &catalog.held_of(&rows));
        for row in rows {
            let held = organization.held(row, &catalog.held(row));
            let all = (0..organization.roles().count()).map(|role| together.held_by(role)[row]);
            assert!(all.eq(held), "{} {row}", organization.id());
        }
    }
}

/// The table that was written and read back is as the sources say, in every cell.
fn certified(policy: &Policy) {
    let reference = Reference::of(&policy.sources).unwrap();
    rows_apart(&reference);
    let table = Table::from_bytes(&policy.table.to_bytes()).unwrap();
    match certify(&reference, &table) {
        Ok(certificate) => eprintln!("{:24} {} cells as in the sources", policy.name, certificate.cells()),
        Err(differences) => panic!("{}: {differences}\n{:#?}", policy.name, differences.told()),
    }
}

fn every_cell(policies: &[Policy], at_least: Count) {
    let mut total = Count::default();
    for policy in policies {
        same_things(policy);
        certified(policy);
        let count = Asker::new(policy).all();
        eprintln!("{:24} {count:?}", policy.name);
        total.roles += count.roles;
        total.principals += count.principals;
        total.allowed += count.allowed;
    }
    eprintln!("{:24} {total:?}", "together");
    assert!(total.roles >= at_least.roles, "{total:?}");
    assert!(total.principals >= at_least.principals, "{total:?}");
    assert!(total.allowed >= at_least.allowed, "{total:?}");
}

#[test]
fn every_cell_of_the_policies_that_ship() {
    every_cell(&shipped(), Count { roles: 2_000, principals: 25_000, allowed: 10_000 });
}

#[test]
fn every_cell_of_the_corpus() {
    every_cell(&corpus(), Count { roles: 1_000, principals: 1_000, allowed: 1_000 });
}

/// The answers that somebody thought out by hand.
#[test]
fn the_corpus_is_decided_as_written() {
    let mut wrong = Vec::new();
    let mut count = 0;
    let policies = corpus();
    let names: Vec<&str> = policies.iter().map(|policy| &*policy.name).collect();
    assert_eq!(names, asked(), "each policy has its questions, and the other way round");
    for policy in &policies {
        for line in questions(&policy.name) {
            count += 1;
            let parsed = WhoText::parse(&line.who).unwrap();
            let times = line.at.map_or(vec![FAR[0], SOME_TIME, FAR[1]], |at| vec![at]);
            for at in times {
                let request = Request {
                    organization: &line.organization,
                    who: parsed.who(),
                    category: &line.category,
                    row: &line.row,
                    action: line.action.as_deref(),
                    at,
                };
                let response = Evaluator::new(&policy.table).decide(&request);
                let reason = match response.reason {
                    Reason::NothingInForce { next: Some(next) } => format!("nothing-in-force {next}"),
                    reason => reason.slug().to_owned(),
                };
                let decided = (response.decision.word(), reason.as_str());
                let wanted = (line.decision.as_str(), line.reason.as_str());
                if decided != wanted {
                    wrong.push(format!("{}: written {wanted:?}, decided {decided:?}", line.place));
                }
                if let Who::Principal(principal) = request.who {
                    let action =
                        request.action.map(|action| format!(":{}", spelled(action))).unwrap_or_default();
                    let text = format!("{}.{}{action}", spelled(request.category), spelled(request.row));
                    let index = policy.table.decisions().index();
                    let looked = index.decide(request.organization, principal, &text, at);
                    assert_eq!(looked.slug(), short(response.reason), "by one look, {}", line.place);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} lines:\n{}", wrong.len(), wrong.join("\n"));
    eprintln!("{count} questions to {} policies", policies.len());
    assert!(count >= 150, "{count}");
}

/// Rows of 1 to 128 actions, so that they lie across the words of a role's bits in many ways.
#[test]
fn every_cell_of_wide_rows() {
    let widths = [1, 63, 64, 65, 127, 128, 2, 128, 31, 100];
    let mut text = String::from("use wide\ncatalog wide {\n");
    for category in 0..2 {
        text += &format!("category c{category} {{\n");
        for (row, width) in widths.iter().enumerate() {
            let verbs: Vec<String> = (0..*width).map(|verb| format!("v{verb}")).collect();
            let steps: Vec<String> = (1..*width).map(|step| format!("s{step}")).collect();
            text += &format!("r{row}: verbs {}\n", verbs.join(", "));
            text += &format!(
                "l{row}: ladder none < {}\n",
                steps.first().map_or("s0".into(), |_| steps.join(" < "))
            );
            text += &format!("f{row}: flag\n");
        }
        text += "}\n";
    }
    text += "}\norganization o {\n";
    let mut random = 1_u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for role in 0..5 {
        let base = if role > 1 { format!(" from r{}, r{}", next(role - 1), role - 1) } else { String::new() };
        text += &format!("role r{role}{base} {{\n");
        if next(3) == 0 {
            text += &format!("grant all: {}\n", ["none", "full", "v7", "s5", "on"][next(5) as usize]);
        }
        for category in 0..2 {
            text += &format!("grant c{category}: v{}, v{}, s{} {{\n", next(60), 60 + next(60), 1 + next(120));
            for (row, width) in widths.iter().enumerate() {
                match next(3) {
                    0 => text += &format!("r{row}: v{}\n", next(*width)),
                    1 if *width > 1 => text += &format!("l{row}: s{}\n", 1 + next(*width - 1)),
                    _ => text += &format!("f{row}: on\n"),
                }
            }
            text += "}\n";
        }
        text += "}\n";
    }
    text += "assign r3 to \"a\"\nassign r4 to \"a\" from 2026-01-01\n}\n";
    let policy = compiled("wide rows", vec![("wide.role".into(), text)]);
    every_cell(&[policy], Count { roles: 10_000, principals: 5_000, allowed: 1_000 });
}

/// What the second evaluator cannot follow it names, and says nothing else.
#[test]
fn gaps_are_named() {
    const KINDS: &str = "catalog k { category c { p: flag } } use k ";
    for (text, what, name) in [
        ("organization {", "a file with errors,", "a.role"),
        ("use nope organization o {}", "no catalog", "nope"),
        ("organization o {}", "an organization of no catalog,", "o"),
        ("catalog k { category c { p: fleg } }", "no kind", "fleg"),
        ("template t {}", "a template of no catalog,", "t"),
        ("@template t from u {}", "a base that is no template,", "u"),
        ("@template t from u {} template u from t {}", "templates made from each other in", "k"),
        ("@organization o { role r from s {} }", "no base", "s"),
        ("@organization o { role r from s {} role s from r {} }", "roles made from each other in", "o"),
        ("@organization o { role r { grant c.p: on grant c.p: on } }", "said twice in", "r"),
        ("@organization o { assign r to \"ana\" }", "no role", "r"),
        (
            "@organization o { role r {} assign r to \"an\\\"a\" assign r to service \"an\\\"a\" }",
            "a person and a service account,",
            "an\"a",
        ),
    ] {
        let text = text.strip_prefix('@').map_or_else(|| text.to_owned(), |text| format!("{KINDS}{text}"));
        let gap = Reference::of(&Sources::from_iter([("a.role", &*text)])).map(drop).unwrap_err();
        assert_eq!((gap.what(), gap.name()), (what, name), "{text}");
        assert_eq!(gap.to_string(), format!("{what} `{}`", name.replace('"', "\\\"")));
    }
}

/// Files of rows are followed with their rows, each with its own.
#[cfg(feature = "assignments")]
#[test]
fn gaps_of_rows_are_named() {
    use rolec::roster::{Form, read};
    use rolec::source::SourceFile;

    let text = "catalog k { category c { p: flag } } use k organization o { role r {} }";
    let mut sources = Sources::from_iter([("a.role", text)]);
    let mut rosters = Vec::new();
    for (file, person) in [("ana.csv", "ana"), ("bea.csv", "bea")] {
        let id = sources.push(SourceFile::unread(file));
        let rows = format!("organization,principal,role\no,{person},r\n");
        let (roster, lines) = read(rows.as_bytes(), Form::Csv, id, &mut |_| ()).unwrap();
        sources.replace(id, SourceFile::of_rows(file, lines));
        rosters.push(roster);
    }
    let gap = Reference::with(&sources, &rosters[..1]).map(drop).unwrap_err();
    assert_eq!((gap.what(), gap.name()), ("assignments in rows,", "bea.csv"));
    let reference = Reference::with(&sources, &rosters).unwrap();
    let people = reference.organizations().flat_map(|it| it.principals().map(|who| who.name()));
    assert!(people.eq(["ana", "bea"]));
}
