//! Policies of three sizes in the catalog of the JumpCloud Admin Portal, and what is asked of them: the same for the
//! same seed. Makes text and questions, and decides nothing.

#[path = "../generate/random.rs"]
mod random;

use std::fmt::Write as _;

use rolec::table::Table;
use rolec::vocab::Actions;

pub(crate) use self::random::Random;

/// A world: how large the policy is, and how much is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    pub(crate) name: &'static str,
    pub(crate) organizations: usize,
    /// Roles of each organization.
    pub(crate) roles: usize,
    /// People of each organization.
    pub(crate) principals: usize,
    /// Distinct questions.
    pub(crate) questions: usize,
}

pub(crate) const S: World =
    World { name: "S", organizations: 1, roles: 20, principals: 20, questions: 1_024 };
pub(crate) const M: World =
    World { name: "M", organizations: 50, roles: 20, principals: 200, questions: 65_536 };
pub(crate) const L: World =
    World { name: "L", organizations: 5_000, roles: 20, principals: 200, questions: 262_144 };

/// The time that is asked about. Some assignments have ended by then and some have not begun.
pub(crate) const AT: &str = "2026-11-01";

impl World {
    pub(crate) fn find(name: &str) -> Option<Self> {
        [S, M, L].into_iter().find(|world| world.name == name)
    }

    /// The files of the policy.
    pub(crate) fn files(self, catalog: &Table) -> Vec<(String, String)> {
        let rows = rows(catalog);
        let mut random = Random(0x5eed);
        (0..self.organizations)
            .map(|organization| {
                let id = organization_id(organization);
                let mut text = format!("use jumpcloud\norganization {id} {{\n");
                for role in 0..self.roles {
                    let _ = writeln!(text, "    role r{role:02} \"Role {role}\" {{");
                    for row in &rows {
                        // About 35 % of all actions: every row by itself.
                        let level = &row.levels[random.below(row.levels.len())];
                        if row.levels.len() > 1 && random.below(100) < 70 {
                            let _ = writeln!(text, "        grant {}.{}: {level}", row.category, row.row);
                        }
                    }
                    text.push_str("    }\n");
                }
                for principal in 0..self.principals {
                    self.assign(&mut text, &mut random, organization, principal);
                }
                text.push_str("}\n");
                (format!("{id}.role"), text)
            })
            .collect()
    }

    /// Most people have one role for good. Three in ten have several, and one in ten assignments is for a time.
    fn assign(self, text: &mut String, random: &mut Random, organization: usize, principal: usize) {
        let name = principal_name(organization, principal);
        let first = random.below(self.roles);
        let more = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][random.below(10)];
        for number in 0..=more {
            let role = (first + number) % self.roles;
            let period = match random.below(100) {
                0..4 => " until 2026-06-01",
                4..6 => " from 2026-12-01",
                6..9 => " until 2027-01-01",
                _ => "",
            };
            let _ = writeln!(text, "    assign r{role:02} to \"{name}\"{period}");
        }
    }

    /// What is asked: 90 % known names, 4 % an organization that the person is not of, 3 % unknown people, 3 % unknown
    /// permissions. No question stands there twice.
    pub(crate) fn questions(self, catalog: &Table) -> Vec<Question> {
        let permissions = permissions(catalog);
        let mut random = Random(0xa5c);
        let mut seen = std::collections::HashSet::new();
        let mut questions = Vec::with_capacity(self.questions);
        while questions.len() < self.questions {
            let organization = random.below(self.organizations);
            let principal = random.below(self.principals);
            let mut question = Question {
                organization: organization_id(organization),
                principal: principal_name(organization, principal),
                permission: permissions[random.below(permissions.len())].clone(),
            };
            match random.below(100) {
                0..4 => {
                    question.organization =
                        organization_id(organization + 1 + random.below(self.organizations))
                }
                4..7 => question.principal = format!("mallory{}@example.org", random.below(1_000_000)),
                7..10 => question.permission.2 = "approve".to_owned(),
                _ => {}
            }
            if seen.insert(question.clone()) {
                questions.push(question);
            }
        }
        questions
    }
}

/// A question, by names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) organization: String,
    pub(crate) principal: String,
    /// Category, row, action.
    pub(crate) permission: (String, String, String),
}

fn organization_id(number: usize) -> String {
    format!("org-{number:04}")
}

fn principal_name(organization: usize, number: usize) -> String {
    const NAMES: [&str; 8] = ["ana", "raj", "mei", "olu", "eva", "tom", "lia", "kim"];
    format!("{}.{number:03}@org-{organization:04}.com", NAMES[(organization * 7 + number) % NAMES.len()])
}

struct Row {
    category: String,
    row: String,
    levels: Vec<String>,
}

/// The rows of the catalog, each with what a role may say of it.
fn rows(catalog: &Table) -> Vec<Row> {
    let catalog = catalog.catalogs().next().expect("the built-in catalog");
    catalog
        .rows()
        .map(|row| Row {
            category: row.category().id().to_owned(),
            row: row.id().to_owned(),
            levels: row.shape().offered().iter().map(|level| (*level).to_owned()).collect(),
        })
        .collect()
}

/// Every action of every row.
pub(crate) fn permissions(catalog: &Table) -> Vec<(String, String, String)> {
    let catalog = catalog.catalogs().next().expect("the built-in catalog");
    let mut all = Vec::new();
    for row in catalog.rows() {
        for action in row.shape().actions() {
            all.push((row.category().id().to_owned(), row.id().to_owned(), action.to_owned()));
        }
    }
    all
}

/// The bit of each of these permissions in a row.
pub(crate) fn bits(catalog: &Table) -> Vec<u32> {
    let catalog = catalog.catalogs().next().expect("the built-in catalog");
    let layout = catalog.layout();
    let mut all = Vec::new();
    for row in catalog.rows() {
        for action in 0..row.shape().width() {
            let mut bits = vec![0_u64; layout.words()];
            layout.set(&mut bits, row.key(), Actions::one(action));
            let word = bits.iter().position(|word| *word != 0).expect("it is set");
            all.push(word as u32 * 64 + bits[word].trailing_zeros());
        }
    }
    all
}
