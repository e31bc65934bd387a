//! What questions about access cost where much is asked at once: `cargo bench --bench questions`.
//!
//! 100 organizations, each with 20 roles and 1,000 principals, in the catalog of the JumpCloud Admin Portal; the tables
//! are loaded. Prints the best time of each question, all on one core, beside the 100 ms that it may take.

#![allow(clippy::print_stdout, reason = "the figures are for people")]
#![allow(clippy::disallowed_methods, reason = "reads its own arguments")]
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails by a panic")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use rolec::pipeline::compile;
use rolec::source::Sources;
use rolec::table::Table;
use rolec::tools::diff::diff;

/// What a question may take.
const BUDGET: Duration = Duration::from_millis(100);

/// How large the policy is.
#[derive(Clone, Copy)]
struct Size {
    organizations: usize,
    roles: usize,
    principals: usize,
}

/// What a later version has otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Nothing,
    /// One role of each organization, and every hundredth assignment.
    Little,
    /// A line of the template that every role starts from: all roles and all people are concerned.
    Template,
    /// A line of every role, and the dates of every third assignment.
    Much,
}

fn main() {
    // `cargo test --benches` runs this too: a small size shows that it works.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let organizations = if is_bench { 100 } else { 3 };
    let size = Size { organizations, roles: 20, principals: 1_000 };
    let old = table(size, Change::Nothing);
    println!(
        "{} organizations, each with {} roles and {} principals; best of several, may take {BUDGET:?}",
        size.organizations, size.roles, size.principals
    );
    for (name, change) in [
        ("diff, nothing differs", Change::Nothing),
        ("diff, little differs", Change::Little),
        ("diff, a template of all differs", Change::Template),
        ("diff, every role and every third date", Change::Much),
    ] {
        let new = table(size, change);
        let mut best = Duration::MAX;
        let mut counts = None;
        for _ in 0..if is_bench { 10 } else { 1 } {
            let start = Instant::now();
            let found = black_box(diff(black_box(&old), black_box(&new)));
            best = best.min(start.elapsed());
            counts = Some((found.is_empty(), found.counts()));
        }
        let (is_empty, counts) = counts.expect("it ran");
        assert_eq!(is_empty, change == Change::Nothing, "{name}");
        let over = if best > BUDGET { "  OVER" } else { "" };
        println!(
            "{name:<40}{:>8.1} ms  {} cells, {} people{over}",
            best.as_secs_f64() * 1e3,
            counts.cells,
            counts.people
        );
    }
}

/// A table as it is loaded from its bytes.
fn table(size: Size, change: Change) -> Table {
    let compiled = compile(Sources::from_iter(files(size, change)));
    let table = compiled.table.expect("the generated policy is without errors");
    Table::from_bytes(&table.to_bytes()).expect("the table just written")
}

const ROWS: [&str; 6] = [
    "device-management.devices",
    "device-management.remote-assist",
    "monitoring-analytics.reports",
    "command-automation.commands",
    "command-automation.run-command",
    "access-management.multi-factor-authentication",
];
const LEVELS: [[&str; 2]; 6] =
    [["view", "full"], ["none", "full"], ["none", "view"], ["view", "full"], ["off", "on"], ["none", "view"]];

fn files(size: Size, change: Change) -> Vec<(String, String)> {
    let wider = if change == Change::Template { "view" } else { "none" };
    let base = format!("use jumpcloud\ntemplate base {{ grant application-management: {wider} }}\n");
    let mut files = vec![("base.role".to_owned(), base)];
    let mut random = Random(0x5eed);
    for organization in 0..size.organizations {
        let mut text = format!("use jumpcloud\norganization o{organization} {{\n");
        for role in 0..size.roles {
            let _ = writeln!(text, "    role r{role} \"Role {role} of {organization}\" from base {{");
            let flipped = match change {
                Change::Little => role == 0,
                Change::Much => true,
                Change::Nothing | Change::Template => false,
            };
            for (number, row) in ROWS.iter().enumerate() {
                // Each role is another one: its number in bits.
                let is_high = ((role + 1) >> number & 1 == 1) != (flipped && number == 0);
                let _ = writeln!(text, "        grant {row}: {}", LEVELS[number][usize::from(is_high)]);
            }
            text.push_str("    }\n");
        }
        for principal in 0..size.principals {
            for held in 0..1 + random.below(3) {
                let (role, bound) = (random.below(size.roles), random.below(10));
                let is_other = match change {
                    Change::Little => (principal + held) % 100 == 0,
                    Change::Much => (principal + held) % 3 == 0,
                    Change::Nothing | Change::Template => false,
                };
                let until = match (bound, is_other) {
                    (0 | 1, false) => " until 2027-01-01",
                    (0 | 1, true) => " until 2027-03-01",
                    (_, true) => " until 2028-01-01",
                    (_, false) => "",
                };
                let _ = writeln!(
                    text,
                    "    assign r{role} to \"p{principal:04}@o{organization}.example\"{until}"
                );
            }
        }
        text.push_str("}\n");
        files.push((format!("o{organization}.role"), text));
    }
    files
}

/// Numbers that look random: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}
