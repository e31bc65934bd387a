//! Policies of any size, the same for the same seed: a cloud's catalog, roles of several organizations, who holds
//! them. Everything that the language has is in them. Makes text only, and reads nothing.

mod joined;
mod random;

use std::fmt::Write as _;

use self::random::Random;

/// What a policy is like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Everything that the language has, in five organizations.
    Mixed,
    /// What costs most, in one.
    Joined,
}

impl Shape {
    pub(crate) const ALL: [Self; 2] = [Self::Mixed, Self::Joined];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mixed => "mixed",
            Self::Joined => "joined",
        }
    }

    /// Makes a policy that compiles without errors.
    pub(crate) fn policy(self, seed: u64, size: Size) -> Policy {
        match self {
            Self::Mixed => policy(seed, size),
            Self::Joined => joined::policy(seed, size),
        }
    }
}

/// How large a policy is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Actions of the catalog.
    pub(crate) actions: usize,
    pub(crate) categories: usize,
    /// Templates and roles.
    pub(crate) roles: usize,
    /// Lines of grants: one for each row or spread that a role says.
    pub(crate) entries: usize,
    pub(crate) principals: usize,
    /// Assignments of one principal.
    pub(crate) held: usize,
    /// Pairs of rows that are never held together: so many forbids at the top, and again in each organization.
    pub(crate) pairs: usize,
    /// Lines of tests.
    pub(crate) lines: usize,
}

impl Size {
    /// A hundredth of what a large cloud has, so many times.
    pub(crate) fn times(factor: usize) -> Self {
        Self {
            actions: 200 * factor,
            categories: 15 * factor,
            roles: 30 * factor,
            entries: 2_000 * factor,
            principals: 100 * factor,
            held: 3,
            pairs: 10,
            lines: 600,
        }
    }

    /// The same without forbids.
    pub(crate) fn unforbidden(self) -> Self {
        Self { pairs: 0, ..self }
    }
}

/// A policy as files.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) files: Vec<(String, String)>,
    pub(crate) rows: usize,
    pub(crate) entries: usize,
    pub(crate) forbids: usize,
    pub(crate) lines: usize,
}

const ORGANIZATIONS: [(&str, &str); 5] = [
    ("north", "direct"),
    ("south", "managed"),
    ("east", "direct"),
    ("west", "managed"),
    ("center", "direct"),
];

/// One of so many roles joins up to [`BASES`] templates.
const JOIN_EVERY: usize = 50;
const BASES: usize = 100;

fn policy(seed: u64, size: Size) -> Policy {
    let mut random = Random(seed);
    let mut catalog = Catalog::default();
    let mut files = vec![("catalog.role".to_owned(), catalog.write(size, &mut random))];
    let templates = size.roles / 5;
    let each = size.entries / size.roles;
    let mut roles =
        Roles { catalog: &catalog, random: &mut random, size, each, entries: 0, forbids: 0, lines: 0 };
    files.push(("templates.role".to_owned(), roles.templates(templates)));
    let mut left = size.roles - templates;
    for (index, (name, kind)) in ORGANIZATIONS.iter().enumerate() {
        let count = left / (ORGANIZATIONS.len() - index);
        left -= count;
        let first = size.roles - templates - left - count;
        let people = size.principals / ORGANIZATIONS.len();
        let mut text = "use cloud \"1\"\n\n".to_owned();
        let _ = writeln!(text, "organization {name} \"The {name}\" {kind} {{");
        for number in first..first + count {
            let side = if number < first + count / 2 { "Left" } else { "Right" };
            roles.role(&mut text, number, side, templates);
        }
        text.push_str("}\n");
        files.push((format!("{name}/roles.role"), text));
        let text = roles.people(name, first..first + count, people, size.held, templates);
        files.push((format!("{name}/people.role"), text));
    }
    let (entries, forbids, lines) = (roles.entries, roles.forbids, roles.lines);
    Policy { files, rows: catalog.rows.iter().map(Vec::len).sum(), entries, forbids, lines }
}

impl Random {
    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A row as roles see it: its id as written, and the levels that may stand behind it.
struct Row {
    id: String,
    levels: Vec<String>,
}

/// The catalog as roles see it.
#[derive(Default)]
struct Catalog {
    names: Vec<String>,
    rows: Vec<Vec<Row>>,
    /// Whether a category has a row that knows `view`.
    has_view: Vec<bool>,
}

const VERBS: [&str; 10] =
    ["Get", "List", "Create", "Update", "Delete", "SetPolicy", "Attach", "Start", "Stop", "Use"];

impl Catalog {
    fn write(&mut self, size: Size, random: &mut Random) -> String {
        let mut text = "catalog cloud \"A cloud\" version \"1\" {\n".to_owned();
        text.push_str("    kind access = ladder none < view < full\n");
        text.push_str("    kind tier   = ladder none < list < read < write < admin\n");
        text.push_str("    kind crud   = verbs view, create, update, delete\n");
        text.push_str("    kind wide   = verbs get, list, create, update, delete, undelete, move, copy, tag, lock, unlock, export\n");
        text.push_str("    kind toggle = flag\n\n");
        // The row of the forbid: nothing but one template gives it.
        text.push_str("    category vault \"Vault\" {\n");
        text.push_str("        \"vault.keys.Destroy\": toggle { escalating }\n");
        text.push_str("        \"vault.keys.Export\": toggle { escalating }\n");
        // The rows of the other forbids: each role has one side of some pairs, and nobody roles of both sides.
        for pair in 0..PAIRS {
            let _ = writeln!(
                text,
                "        {}: toggle\n        {}: crud",
                hand("Left", pair),
                hand("Right", pair)
            );
        }
        text.push_str("    }\n");
        let mut left = size.actions - 2 - 5 * PAIRS;
        for number in 0..size.categories {
            let service = format!("service{number}");
            let _ = writeln!(text, "    /// What can be done with service {number}.");
            let _ = writeln!(text, "    category {service} \"Service {number}\" {{");
            let mut budget = left / (size.categories - number);
            left -= budget;
            let mut rows = Vec::new();
            let mut has_view = false;
            while budget > 0 {
                let (shape, levels, width, view) = shape(random, budget);
                has_view |= view;
                budget -= width;
                let (resource, verb) = (rows.len() / VERBS.len(), VERBS[rows.len() % VERBS.len()]);
                let id = format!("\"{service}.things{resource}.{verb}\"");
                let _ = write!(text, "        {id}");
                if random.percent(30) {
                    let _ = write!(text, " \"{verb} the things of service {number}\"");
                }
                let _ = write!(text, ": {shape}");
                match random.below(40) {
                    0 => text.push_str(" { escalating }"),
                    1 if !shape.contains("none") => text.push_str(" { only managed }"),
                    2 => text.push_str(" { note \"Not in every region.\" }"),
                    _ => {}
                }
                text.push('\n');
                rows.push(Row { id, levels: levels.iter().map(|level| (*level).to_owned()).collect() });
            }
            text.push_str("    }\n");
            self.names.push(service);
            self.rows.push(rows);
            self.has_view.push(has_view);
        }
        text.push_str("    super break-glass\n}\n");
        text
    }
}

/// A kind as written, levels of it, how many actions it has (at most `budget`), whether it knows `view`.
fn shape(random: &mut Random, budget: usize) -> (String, Vec<&'static str>, usize, bool) {
    let found: (&str, Vec<&'static str>, usize, bool) = match random.below(20) {
        0..=2 => ("access", vec!["none", "view", "full"], 2, true),
        3 => ("access without view", vec!["none", "full"], 1, true),
        4 => ("access without full", vec!["none", "view"], 1, true),
        5 => ("access without none", vec!["view", "full"], 2, true),
        6 | 7 => ("tier", vec!["none", "list", "read", "write", "admin", "full"], 4, false),
        8 => ("tier without list, write", vec!["none", "read", "full"], 2, false),
        9 | 10 => ("crud", vec!["none", "view", "view, create", "view, update, delete", "full"], 4, true),
        11 => ("crud without delete", vec!["view", "create, update", "full"], 3, true),
        12 => ("wide", vec!["get, list", "get, list, tag", "export", "full"], 12, false),
        13 => ("verbs read, write, \"set.Policy\"", vec!["read", "read, write", "\"set.Policy\""], 3, false),
        _ => ("toggle", vec!["on", "off", "full"], 1, false),
    };
    let (shape, levels, width, view) = found;
    if width > budget {
        ("flag".to_owned(), vec!["on", "off"], 1, false)
    } else {
        (shape.to_owned(), levels, width, view)
    }
}

/// Writes templates, roles and who holds them.
struct Roles<'g> {
    catalog: &'g Catalog,
    random: &'g mut Random,
    size: Size,
    each: usize,
    entries: usize,
    forbids: usize,
    lines: usize,
}

impl Roles<'_> {
    fn templates(&mut self, count: usize) -> String {
        let mut text = "use cloud \"1\"\n\n".to_owned();
        text.push_str(
            "/// For the worst day.\ntemplate break-glass \"Break glass\" {\n    grant all: full\n}\n\n",
        );
        self.entries += 1;
        for number in 1..count {
            let _ = write!(text, "template {} \"Template {number}\"", template(number));
            // Chains, some of them long.
            if number > 1 && self.random.percent(60) {
                let base = number - 1 - self.random.below(number.min(4) - 1);
                let _ = write!(text, " from {}", template(base));
            }
            text.push_str(" {\n");
            self.grants(&mut text, "    ");
            text.push_str("}\n");
        }
        text.push_str("\nforbid \"keys are not taken away by who destroys them\" except break-glass {\n");
        text.push_str("    vault.\"vault.keys.Destroy\": on\n    vault.\"vault.keys.Export\": on\n}\n");
        text.push_str("\nforbid \"nobody exports keys\" except break-glass {\n");
        text.push_str("    vault.\"vault.keys.Export\": on\n}\n");
        self.forbids += 2;
        self.forbid(&mut text, "");
        text
    }

    /// The forbids of all pairs.
    fn forbid(&mut self, text: &mut String, margin: &str) {
        for pair in 0..self.size.pairs {
            let _ = writeln!(text, "{margin}forbid \"four eyes {pair}\" except break-glass {{");
            let _ = writeln!(text, "{margin}    vault.{}: on", hand("Left", pair));
            let _ = writeln!(text, "{margin}    vault.{}: view, delete\n{margin}}}", hand("Right", pair));
        }
        self.forbids += self.size.pairs;
    }

    fn role(&mut self, text: &mut String, number: usize, side: &str, templates: usize) {
        let _ = write!(text, "    role {} \"Role {number}\"", role(number));
        // No base is `break-glass`, which is the first.
        if number.is_multiple_of(JOIN_EVERY) {
            let first = 1 + self.random.below(templates - 1);
            let bases: Vec<String> = (0..BASES.min(templates - 1))
                .map(|index| template(1 + (first + index) % (templates - 1)))
                .collect();
            let _ = write!(text, " from {}", bases.join(", "));
        } else if templates > 1 && self.random.percent(40) {
            let _ = write!(text, " from {}", template(1 + self.random.below(templates - 1)));
        }
        text.push_str(" {\n        description \"What the holders of this role need for their work.\"\n");
        if self.random.percent(5) {
            let word = *self.random.of(&["view", "none", "list"]);
            let _ = writeln!(text, "        grant all: {word}");
            self.entries += 1;
        }
        if number % 7 == 3 {
            text.push_str("        grant vault.\"vault.keys.Destroy\": on\n");
            self.entries += 1;
        }
        // One side of one pair or two.
        for pair in 0..PAIRS {
            if number % PAIRS == pair || number % (PAIRS + 3) == pair {
                let level = if side == "Left" { "on" } else { "view, delete" };
                let _ = writeln!(text, "        grant vault.{}: {level}", hand(side, pair));
                self.entries += 1;
            }
        }
        self.grants(text, "        ");
        text.push_str("    }\n");
    }

    /// As many lines as a role has, of categories that are each taken once.
    fn grants(&mut self, text: &mut String, margin: &str) {
        let count = self.catalog.names.len();
        let first = self.random.below(count);
        let mut left = self.each;
        for step in 0..count {
            let category = (first + step) % count;
            if left == 0 {
                break;
            }
            // Where there are many categories, most roles skip most of them.
            if count > 30 && self.random.percent(50) {
                continue;
            }
            left -= self.category(text, margin, category, left);
        }
    }

    fn category(&mut self, text: &mut String, margin: &str, category: usize, limit: usize) -> usize {
        let (name, rows) = (&self.catalog.names[category], &self.catalog.rows[category]);
        let mut written = 0;
        let spread = self.random.percent(20);
        if spread {
            let words = if self.catalog.has_view[category] {
                &["view", "full", "none"][..]
            } else {
                &["full", "none"]
            };
            let _ = write!(text, "{margin}grant {name}: {}", self.random.of(words));
            written += 1;
        } else if rows.len() == 1 || self.random.percent(10) {
            let row = self.random.of(rows);
            let _ = writeln!(text, "{margin}grant {name}.{}: {}", row.id, self.random.of(&row.levels));
            self.entries += 1;
            return 1;
        } else {
            let _ = write!(text, "{margin}grant {name}");
        }
        let wanted = (limit - written).min(1 + self.random.below(rows.len()));
        if spread && (wanted == 0 || self.random.percent(50)) {
            text.push('\n');
            self.entries += written;
            return written;
        }
        let _ = writeln!(text, " {{");
        let first = self.random.below(rows.len());
        for index in 0..wanted {
            let row = &rows[(first + index) % rows.len()];
            let _ = writeln!(text, "{margin}    {}: {}", row.id, self.random.of(&row.levels));
        }
        let _ = writeln!(text, "{margin}}}");
        self.entries += written + wanted;
        written + wanted
    }

    fn people(
        &mut self,
        organization: &str,
        roles: std::ops::Range<usize>,
        count: usize,
        held: usize,
        templates: usize,
    ) -> String {
        let mut holders: Vec<Vec<usize>> = vec![Vec::new(); roles.len()];
        for person in 0..count {
            // Roles of one side only; but for those who change sides in time, below.
            let half = holders.len() / 2;
            let side = if person % 2 == 0 { 0..half } else { half..holders.len() };
            let first = self.random.below(side.len());
            for index in 0..held.min(side.len()) {
                let slot = side.start + (first + index * 7) % side.len();
                if !holders[slot].contains(&person) {
                    holders[slot].push(person);
                }
            }
        }
        let mut text = "use cloud \"1\"\n\n".to_owned();
        let _ = writeln!(text, "organization {organization} {{");
        let _ =
            writeln!(text, "    assign break-glass to \"root@{organization}.example\" because \"the safe\"");
        if templates > 1 {
            let _ = writeln!(text, "    assign {} to service \"backup\"", template(1));
        }
        for (slot, people) in holders.iter().enumerate() {
            for some in people.chunks(8) {
                let names: Vec<String> =
                    some.iter().map(|person| format!("\"user{person}@{organization}.example\"")).collect();
                let _ = write!(text, "    assign {} to {}", role(roles.start + slot), names.join(", "));
                if self.random.percent(30) {
                    let month = 1 + self.random.below(12);
                    let _ = write!(text, " from 2026-{month:02}-01 until 2027-{month:02}-15T12:00:00+02:00");
                }
                if self.random.percent(20) {
                    text.push_str(" because \"ticket 4711\"");
                }
                text.push('\n');
            }
        }
        for mover in 0..count / 10 {
            let (left, right) = (role(roles.start), role(roles.end - 1));
            let _ = writeln!(
                text,
                "    assign {left} to \"mover{mover}@{organization}.example\" until 2026-06-01"
            );
            let _ = writeln!(
                text,
                "    assign {right} to \"mover{mover}@{organization}.example\" from 2026-06-01"
            );
        }
        text.push_str("    forbid \"one hand\" except break-glass {\n");
        text.push_str(
            "        vault.\"vault.keys.Destroy\": on\n        vault.\"vault.keys.Export\": on\n    }\n",
        );
        self.forbids += 1;
        self.forbid(&mut text, "    ");
        let lines = self.size.lines / ORGANIZATIONS.len();
        text.push_str("    test \"nobody takes keys\" {\n");
        for slot in roles.clone().cycle().take(lines / 2) {
            let _ = writeln!(text, "        role {} cannot vault.\"vault.keys.Export\": on", role(slot));
        }
        let _ = writeln!(text, "        \"root@{organization}.example\" can vault.\"vault.keys.Export\"");
        for line in 0..lines / 2 {
            let person = line % count;
            let at = if line % 2 == 0 { " at 2026-12-01" } else { "" };
            let _ = writeln!(
                text,
                "        \"user{person}@{organization}.example\" cannot vault.\"vault.keys.Export\": on{at}"
            );
        }
        text.push_str("    }\n}\n");
        self.lines += lines / 2 * 2 + 1;
        text
    }
}

/// How many pairs of rows the catalog has for forbids.
const PAIRS: usize = 10;

/// The row of one side of a pair.
fn hand(side: &str, pair: usize) -> String {
    format!("\"vault.pairs{pair}.{side}\"")
}

fn template(number: usize) -> String {
    if number == 0 { "break-glass".to_owned() } else { format!("template-{number}") }
}

fn role(number: usize) -> String {
    if number.is_multiple_of(3) { format!("\"Team {number} Operator\"") } else { format!("role-{number}") }
}
