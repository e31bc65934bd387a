//! Every small policy: up to four statements of an alphabet that has each kind of statement, each specificity and each
//! level once, dealt in every way to a template and a role that starts from it. Each is compiled, and every cell of its
//! table worked out once more from the text. A fault that shows only in a large policy would have to need five things
//! at once.
//!
//! `ENUMERATE=5 cargo test --release --test enumeration` tries one statement more.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::print_stderr, reason = "what was tried is for people")]
#![allow(clippy::disallowed_methods, reason = "how far it goes is asked of the environment")]

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rolec::diagnostic::Code;
use rolec::pipeline::compile;
use rolec::reference::Reference;
use rolec::source::Sources;
use rolec::table::Table;
use rolec::tools::certify::certify;

const CATALOG: &str = "catalog small {
    category one { wide: ladder none < view < full  narrow: ladder none < view < full without view
        raised: ladder none < view < full without none }
    category two { words: verbs view, update  switch: flag }
}
";

/// What is set, and to what.
const ALPHABET: [(&str, &str); 24] = [
    ("all", "none"),
    ("all", "view"),
    ("all", "full"),
    ("all", "update"),
    ("one", "none"),
    ("one", "view"),
    ("one", "full"),
    ("two", "none"),
    ("two", "view"),
    ("two", "full"),
    ("two", "on"),
    ("one.wide", "none"),
    ("one.wide", "view"),
    ("one.wide", "full"),
    ("one.narrow", "none"),
    ("one.narrow", "full"),
    ("one.raised", "view"),
    ("one.raised", "full"),
    ("two.words", "none"),
    ("two.words", "view"),
    ("two.words", "view, update"),
    ("two.words", "full"),
    ("two.switch", "off"),
    ("two.switch", "on"),
];

/// Statements, by their positions in the alphabet.
type Body = Vec<usize>;

/// All bodies of so many statements, in every order.
fn bodies(statements: usize) -> Vec<Body> {
    let mut all = vec![Body::new()];
    for _ in 0..statements {
        all = all
            .iter()
            .flat_map(|body| (0..ALPHABET.len()).map(move |more| [&body[..], &[more]].concat()))
            .collect();
    }
    all
}

/// Whether a body sets something twice, which no role may.
fn is_twice(body: &Body) -> bool {
    let targets: BTreeSet<&str> = body.iter().map(|at| ALPHABET[*at].0).collect();
    targets.len() < body.len()
}

fn write(out: &mut String, head: &str, body: &Body) {
    out.push_str(head);
    out.push_str(" {");
    for at in body {
        let (target, level) = ALPHABET[*at];
        out.push_str(" grant ");
        out.push_str(target);
        out.push_str(": ");
        out.push_str(level);
    }
    out.push_str(" }\n");
}

/// Roles in one text: as many as a text is quick to compile with.
const TOGETHER: usize = 4_096;

/// Templates and the roles that start from each; one policy a role.
struct Batch {
    text: String,
    roles: usize,
    templates: usize,
}

impl Batch {
    fn new() -> Self {
        Self { text: format!("use small\n{CATALOG}"), roles: 0, templates: 0 }
    }

    /// A template and some roles made from it.
    fn add(&mut self, template: &Body, roles: &[&Body]) {
        let number = self.templates;
        self.templates += 1;
        write(&mut self.text, &format!("template t{number}"), template);
        self.text.push_str(&format!("organization o{number} {{\n"));
        for role in roles {
            write(&mut self.text, &format!("role r{} from t{number}", self.roles), role);
            self.roles += 1;
        }
        self.text.push_str("}\n");
    }

    /// Compiles all, and works out every cell once more; how many cells there were.
    fn certify(self) -> u64 {
        let compiled = compile(Sources::from_iter([("small.role", self.text)]));
        let table = compiled.table.unwrap_or_else(|| panic!("{:?}", compiled.findings.errors().next()));
        let table = Table::from_bytes(&table.to_bytes()).unwrap();
        assert_eq!(table.roles().count(), self.roles + self.templates);
        let reference = Reference::of(&compiled.sources).unwrap();
        certify(&reference, &table).unwrap_or_else(|differences| panic!("{differences}")).cells()
    }

    /// Compiles all, of which each role says something twice; each has to be refused.
    fn refuse(self) {
        let compiled = compile(Sources::from_iter([("small.role", self.text)]));
        assert!(compiled.table.is_none());
        let lines: BTreeSet<_> = compiled
            .findings
            .errors()
            .inspect(|finding| assert_eq!(finding.code, Code::DuplicateEntry, "{finding:?}"))
            .map(|finding| compiled.sources.line_column(finding.primary.place).0)
            .collect();
        assert_eq!(lines.len(), self.roles, "a finding on the line of each");
    }
}

#[test]
fn every_small_policy() {
    let most: usize = std::env::var("ENUMERATE").map_or(4, |most| most.parse().unwrap());
    for (target, level) in ALPHABET {
        eprintln!("grant {target}: {level}");
    }
    let bodies: Vec<Vec<Body>> = (0..=most).map(bodies).collect();
    let sound: Vec<Vec<&Body>> =
        bodies.iter().map(|list| list.iter().filter(|body| !is_twice(body)).collect()).collect();
    // A template of so many statements, a role of so many: each pair of bodies is a policy.
    let dealt: Vec<(usize, usize)> =
        (0..=most).flat_map(|all| (0..=all).map(move |own| (all - own, own))).collect();
    let (mut policies, mut refused) = (0, 0);
    let batches: Mutex<Vec<(Batch, bool)>> = Mutex::default();
    let mut open = Batch::new();
    for (of_template, own) in &dealt {
        policies += bodies[*of_template].len() * bodies[*own].len();
        for template in &sound[*of_template] {
            for roles in sound[*own].chunks(TOGETHER) {
                open.add(template, roles);
                if open.roles >= TOGETHER {
                    batches.lock().unwrap().push((std::mem::replace(&mut open, Batch::new()), true));
                }
            }
        }
    }
    batches.lock().unwrap().push((open, true));
    let sound_policies: usize = batches.lock().unwrap().iter().map(|(batch, _)| batch.roles).sum();
    // What says something twice does so in the template or in the role; either is refused, whatever the other says.
    for list in &bodies {
        let twice: Vec<&Body> = list.iter().filter(|body| is_twice(body)).collect();
        for roles in twice.chunks(TOGETHER) {
            let mut batch = Batch::new();
            batch.add(&Body::new(), roles);
            refused += roles.len();
            batches.lock().unwrap().push((batch, false));
        }
    }
    let cells = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((batch, is_sound)) = { batches.lock().unwrap().pop() } {
                    if is_sound {
                        cells.fetch_add(batch.certify() as usize, Ordering::Relaxed);
                    } else {
                        batch.refuse();
                    }
                }
            });
        }
    });
    eprintln!(
        "{policies} policies of up to {most} statements: {sound_policies} certified, {} cells; {} say something twice, \
         by one of {refused} bodies that are refused",
        cells.into_inner(),
        policies - sound_policies,
    );
    assert!(policies >= 1_600_000 || most < 4, "{policies}");
}
