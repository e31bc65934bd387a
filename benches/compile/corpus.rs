//! Corpora of any size, the same for the same seed: organizations like Acme (policies/acme), each with its own teams,
//! people and tests; and a cloud of many small ones. Makes text only, and reads nothing.

#[path = "../generate/random.rs"]
mod random;

use std::fmt::Write as _;

use self::random::Random;

const ROLES: &str = include_str!("../../policies/acme/acme.role");
const PEOPLE: &str = include_str!("../../policies/acme/people.role");
const RULES: &str = include_str!("../../policies/acme/rules.role");
const TESTS: &str = include_str!("../../policies/acme/tests.role");
const TEMPLATES: &str = include_str!("../../policies/acme/templates.role");

const SEED: u64 = 0x5eed;

/// Files by their names.
pub(crate) type Files = Vec<(String, String)>;

/// How many bytes of text files have.
pub(crate) fn bytes(files: &Files) -> usize {
    files.iter().map(|(_, text)| text.len()).sum()
}

/// Organizations like Acme until there are so many bytes of them, in four files each.
pub(crate) fn corpus(wanted: usize) -> Files {
    let mut random = Random(SEED);
    let mut files = vec![("templates.role".to_owned(), TEMPLATES.to_owned())];
    let mut written = 0;
    for number in 0.. {
        if written >= wanted {
            break;
        }
        let (id, title) = named(number);
        let mut teams = Teams::new(&mut random);
        let (roles, people) = (teams.roles(), teams.people(&id));
        let tests = some_tests(&mut random);
        for (name, text, more) in [
            ("roles", ROLES, roles),
            ("people", PEOPLE, people),
            ("rules", RULES, String::new()),
            ("tests", &tests, String::new()),
        ] {
            let text = text.replace("Acme Corp", &title).replace("Acme", &title).replace("acme", &id);
            let body = text.trim_end().strip_suffix('}').expect("the organization is closed last");
            let mut text = format!("{body}{more}}}\n");
            text.shrink_to_fit();
            written += text.len();
            files.push((format!("{id}/{name}.role"), text));
        }
    }
    files
}

/// An organization's id and title: as long as real ones are, and no two look alike.
fn named(number: usize) -> (String, String) {
    const FIRST: [&str; 16] = [
        "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Katsura",
        "Larch", "Maple", "Nutmeg", "Oak", "Poplar",
    ];
    const SECOND: [&str; 16] = [
        "Works", "Freight", "Foods", "Labs", "Media", "Motors", "Optics", "Paper", "Power", "Retail",
        "Ships", "Steel", "Tools", "Travel", "Water", "Wool",
    ];
    let (first, second) = (FIRST[number % 16], SECOND[number / 16 % 16]);
    let branch = letters(number / 256);
    let title = format!("{first} {second} {branch}");
    (title.to_lowercase().replace(' ', "-"), title)
}

/// A number in letters that look like no others.
fn letters(mut number: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["Ba", "Ce", "Da", "Fe", "Ga", "He", "Ka", "Le", "Ma", "Ne", "Pa", "Re", "Sa", "Te", "Va", "Xe"];
    let mut text = String::from("Q");
    loop {
        text.push_str(SYLLABLES[number % 16]);
        number /= 16;
        if number == 0 {
            return text;
        }
    }
}

/// Three of Acme's tests.
fn some_tests(random: &mut Random) -> String {
    let (head, body) = TESTS.split_at(TESTS.find("    test ").expect("Acme has tests"));
    let body = body.trim_end().strip_suffix("\n    }\n}").expect("a test is the last thing of Acme");
    let tests: Vec<&str> = body.split("\n    }\n\n").collect();
    let first = random.below(tests.len());
    let some: String =
        (0..3).map(|index| format!("{}\n    }}\n", tests[(first + index) % tests.len()])).collect();
    format!("{head}{some}}}\n")
}

/// A category in which a team may get something, and its rows with a level above view.
const AREAS: [(&str, &[(&str, &str)]); 5] = [
    (
        "device-management",
        &[
            ("devices", "full"),
            ("mobile-device-management", "full"),
            ("volume-purchase-program", "full"),
            ("remote-assist", "full"),
            ("device-support", "on"),
        ],
    ),
    (
        "monitoring-analytics",
        &[
            ("reports", "full"),
            ("ai-search", "full"),
            ("health-monitoring-rules", "full"),
            ("health-monitoring-alerts", "full"),
        ],
    ),
    ("saas-and-asset-management", &[("saas-applications", "full"), ("asset-management", "full")]),
    ("groups-management", &[("group-management", "full")]),
    ("directory-integration-management", &[("directory-management", "full")]),
];

/// The teams of an organization beside what Acme has.
struct Teams<'r> {
    random: &'r mut Random,
    /// Ids and titles.
    list: Vec<(String, String)>,
}

impl<'r> Teams<'r> {
    fn new(random: &'r mut Random) -> Self {
        const PLACES: [&str; 8] =
            ["Berlin", "Chennai", "Denver", "Fukuoka", "Geneva", "Hanoi", "Kigali", "Madrid"];
        const JOBS: [&str; 8] = ["Desk", "Fleet", "Kiosk", "Safety", "Shift", "Studio", "Trial", "Yard"];
        let first = random.below(64);
        let count = 4 + random.below(5);
        let one = |index: usize| {
            let at = (first + index * 11) % 64;
            let title = format!("{} {} Team", PLACES[at % 8], JOBS[at / 8]);
            (title.to_lowercase().replace(' ', "-"), title)
        };
        Self { random, list: (0..count).map(one).collect() }
    }

    fn roles(&mut self) -> String {
        let mut text = String::new();
        for (id, title) in &self.list {
            let random = &mut *self.random;
            let base = random.of(&["", " from read-only", " from fleet-care", " from front-line"]);
            let _ = write!(
                text,
                "\n    /// The people of {title}, and whoever stands in for them. Agreed on with the works council.\n    \
                 role {id} \"{title}\"{base} {{\n        \
                 description \"What {title} needs on a shift, and nothing that outlives it. Reviewed each quarter.\"\n"
            );
            let first = random.below(AREAS.len());
            for index in 0..2 + random.below(3) {
                let (category, rows) = AREAS[(first + index) % AREAS.len()];
                let (from, wanted) = (random.below(rows.len()), 1 + random.below(rows.len()));
                let some: Vec<_> = (0..wanted).map(|index| rows[(from + index) % rows.len()]).collect();
                match random.below(4) {
                    0 => {
                        let (row, level) = some[0];
                        let _ = write!(
                            text,
                            "\n        // Ticket {}: asked for by the team itself.\n",
                            random.below(9000)
                        );
                        let _ = writeln!(text, "        grant {category}.{row}: {level}");
                    }
                    1 => {
                        let _ = writeln!(text, "\n        grant {category}: view");
                    }
                    _ => {
                        let spread = if base.is_empty() { "" } else { ": view" };
                        let _ = writeln!(text, "\n        grant {category}{spread} {{");
                        for level in ["full", "on"] {
                            let names: Vec<&str> =
                                some.iter().filter(|(_, of)| *of == level).map(|(row, _)| *row).collect();
                            if !names.is_empty() {
                                let _ = writeln!(text, "            {}: {level}", names.join(", "));
                            }
                        }
                        text.push_str("        }\n");
                    }
                }
            }
            text.push_str("    }\n");
        }
        text
    }

    fn people(&mut self, organization: &str) -> String {
        const NAMES: [&str; 12] =
            ["ada", "bela", "cleo", "dina", "egon", "fritz", "gita", "hugo", "ines", "jan", "kai", "lia"];
        let mut text = String::new();
        for (id, title) in &self.list {
            let random = &mut *self.random;
            let _ = writeln!(text, "\n    // {title}.");
            for number in 0..1 + random.below(3) {
                let mut people = |tag: &str| {
                    let name = random.of(&NAMES);
                    format!("\"{name}.{tag}{}@{organization}.example\"", ["one", "two", "six"][number])
                };
                let (first, second) = (people(id), people(&id[..3]));
                let _ = write!(text, "    assign {id} to {first}, {second}");
                if random.below(3) == 0 {
                    let month = 1 + random.below(9);
                    let _ = write!(
                        text,
                        " from 2026-0{month}-01 until 2027-0{month}-01\n        because \"shift plan\""
                    );
                }
                text.push('\n');
            }
        }
        text
    }
}

/// A cloud: organizations of 20 roles, made from 8 templates with up to 5 edits, and 10 assignments each.
pub(crate) fn cloud(organizations: usize) -> Files {
    const BASES: [&str; 8] = [
        "read-only",
        "fleet-care",
        "front-line",
        "help-desk",
        "manager",
        "billing-only",
        "command-runner",
        "helper",
    ];
    let mut random = Random(SEED);
    let helper = format!("{TEMPLATES}\ntemplate helper \"Helper\" {{\n    grant all: view\n}}\n");
    let mut files = vec![("templates.role".to_owned(), helper)];
    for number in 0..organizations {
        let (id, title) = named(number);
        let mut text = format!("use jumpcloud \"2026-11\"\n\norganization {id} \"{title}\" managed {{\n");
        for role in 0..20 {
            let _ = writeln!(text, "    role {} from {} {{", letters(role), BASES[role % 8]);
            let first = random.below(AREAS.len());
            for index in 0..random.below(6) {
                let (category, rows) = AREAS[(first + index) % AREAS.len()];
                let (row, level) = rows[random.below(rows.len())];
                let _ = writeln!(text, "        grant {category}.{row}: {level}");
            }
            text.push_str("    }\n");
        }
        for person in 0..10 {
            let role = letters(random.below(20));
            let _ = writeln!(text, "    assign {role} to \"{}@{id}.example\"", letters(person));
        }
        text.push_str("}\n");
        text.shrink_to_fit();
        files.push((format!("{id}.role"), text));
    }
    files
}

impl Random {
    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }
}
