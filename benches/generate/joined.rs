//! The shape that costs most: long quoted ids, verbs of every kind, a line for each grant, and roles that join a hundred
//! others, many of them joins too, so that nearly each holds something of its own and little alone.

use std::fmt::Write as _;

use super::{BASES, Policy, Random, Size};

/// One of so many roles is a join.
const JOIN_EVERY: usize = 10;

/// The kinds of rows, and levels of each.
const KINDS: [(&str, &[&str]); 7] = [
    ("access", &["view", "full", "none"]),
    ("crud", &["view", "create, delete", "view, create, update", "update, delete"]),
    ("switch", &["on"]),
    ("flag", &["on"]),
    ("deep", &["view", "edit"]),
    ("verbs \"roles.getIamPolicy\", \"roles.setIamPolicy\", list", &["\"roles.getIamPolicy\", list"]),
    ("ladder none < read < write < own without write", &["read"]),
];

/// A row as it is written in a grant, and its kind.
type Row = (String, usize);

/// Makes a policy that compiles without errors.
pub(super) fn policy(seed: u64, size: Size) -> Policy {
    let mut random = Random(seed);
    let mut rows: Vec<Row> = Vec::with_capacity(size.actions);
    let catalog = catalog(size, &mut rows, &mut random);
    let roles = roles(size, &rows, &mut random);
    let people = people(size, &mut random);
    let files = [("catalog.role", catalog), ("roles.role", roles), ("people.role", people)];
    Policy {
        files: files.map(|(name, text)| (name.to_owned(), text)).into(),
        rows: rows.len(),
        entries: size.entries.div_ceil(size.roles) * size.roles,
        forbids: 0,
        lines: 0,
    }
}

/// As many rows as the other shape has actions.
fn catalog(size: Size, rows: &mut Vec<Row>, random: &mut Random) -> String {
    let mut text = "catalog cloud \"Cloud\" version \"1\" {\n    ids case-sensitive\n".to_owned();
    text.push_str("    kind access = ladder none < view < full\n");
    text.push_str("    kind crud = verbs view, create, update, delete\n");
    text.push_str("    kind switch = flag\n");
    text.push_str("    kind deep = ladder none < view < edit < full\n");
    for number in 0..size.categories {
        let category = format!("\"service{number}.Googleapis.com\"");
        let _ = writeln!(text, "    category {category} \"Service {number}\" {{");
        let count = (size.actions - rows.len()) / (size.categories - number);
        for row in 0..count {
            let kind = random.below(KINDS.len());
            let id = format!("\"service{number}.resourceType{row}.subResource.Operation\"");
            let _ = writeln!(text, "        {id} \"Operation {row} of {number}\": {}", KINDS[kind].0);
            rows.push((format!("{category}.{id}"), kind));
        }
        text.push_str("    }\n");
    }
    text.push_str("}\n");
    text
}

fn roles(size: Size, rows: &[Row], random: &mut Random) -> String {
    let mut text = "use cloud \"1\"\n\norganization corp \"Corp\" managed {\n".to_owned();
    for number in 0..size.roles {
        let _ = write!(text, "    role {} \"The role number {number}\"", role(number));
        if number > 0 && number.is_multiple_of(JOIN_EVERY) {
            let bases: Vec<String> = some(number, BASES, random).map(role).collect();
            let _ = write!(text, " from {}", bases.join(", "));
        }
        let _ = writeln!(text, " {{\n        description \"Role {number} of the generated policy.\"");
        for at in some(rows.len(), size.entries.div_ceil(size.roles), random) {
            let (row, kind) = &rows[at];
            let _ = writeln!(text, "        grant {row}: {}", random.of(KINDS[*kind].1));
        }
        text.push_str("    }\n");
    }
    text.push_str("}\n");
    text
}

fn people(size: Size, random: &mut Random) -> String {
    let mut text = "use cloud \"1\"\n\norganization corp {\n".to_owned();
    for person in 0..size.principals {
        for number in some(size.roles, 5, random) {
            let name = format!("person.number.{person}@corporation.example");
            let when = *random.of(&[
                "",
                " from 2026-01-01 until 2027-01-01 because \"the project\"",
                " until 2027-05-05",
            ]);
            let _ = writeln!(text, "    assign {} to \"{name}\"{when}", role(number));
        }
    }
    text.push_str("}\n");
    text
}

fn role(number: usize) -> String {
    format!("\"Role.Number.{number}\"")
}

/// Some numbers below a limit, each once, spread over all of it.
fn some(limit: usize, count: usize, random: &mut Random) -> impl Iterator<Item = usize> + use<> {
    let count = count.min(limit);
    let first = random.below(limit);
    let reach = limit / count.max(1);
    let within: Vec<usize> = (0..count).map(|_| random.below(reach)).collect();
    within.into_iter().enumerate().map(move |(slot, within)| (first + slot * reach + within) % limit)
}
