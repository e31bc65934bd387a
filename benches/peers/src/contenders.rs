//! Who is measured: their names, what each of them is, and the worlds that it holds.

use rolec::table::Table;

use crate::asked::Texts;
use crate::engines::{casbin, cedar, maps, oso, ours, regorus};
use crate::measure::{Figure, measure};
use crate::policy::{Policy, Truth};
use crate::world::World;

/// One of those who answer.
#[derive(Clone, Copy)]
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// What it is, for the table.
    pub(crate) about: &'static str,
    /// The worlds in which it is asked.
    worlds: &'static str,
}

const fn contender(name: &'static str, worlds: &'static str, about: &'static str) -> Contender {
    Contender { name, about, worlds }
}

impl Contender {
    /// The first is the one that all others are held against.
    pub(crate) const ALL: [Self; 14] = [
        contender("rolec", "SML", "`Index::decide`"),
        contender("records", "SML", "the yardstick: verified records of one cache line, and nothing else"),
        contender("maps-fast", "SML", "by hand: nested `HashMap<String, HashSet<String>>`, foldhash"),
        contender("maps-std", "SML", "by hand: the same with std's hash"),
        contender(
            "regorus-held",
            "SML",
            "regorus: compiled, its register VM kept; what each person holds is data",
        ),
        contender(
            "regorus-roles",
            "SML",
            "regorus: compiled, its register VM kept; people's roles and grants are data",
        ),
        contender(
            "cedar-grants",
            "SML",
            "cedar-policy: one policy, grants are entity data: permissions are in roles",
        ),
        contender(
            "cedar-cells",
            "SML",
            "cedar-policy: one policy, the roles that hold a permission are entity data",
        ),
        contender("cedar-sets", "SML", "cedar-policy: one policy, the actions that a person holds are a set"),
        contender("cedar-permits", "SM", "cedar-policy: a permit for each role, as in its docs"),
        contender("cedar-links", "SM", "cedar-policy: a template for each role, linked for each assignment"),
        contender("oso", "SML", "oso: roles of a person and grants of a role from Rust"),
        contender("casbin", "SM", "casbin: RBAC with domains, the cheap comparisons first"),
        contender("casbin-docs", "SM", "casbin: RBAC with domains, the model as in its docs"),
    ];

    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|contender| contender.name == name)
    }

    /// Whether it is asked in a world. Those that read every policy for each decision are not asked in the largest.
    pub(crate) fn holds(self, world: World) -> bool {
        self.worlds.contains(world.name)
    }

    /// What one decision costs, in this process.
    pub(crate) fn measure(self, bytes: &[u8], world: World) -> Figure {
        let table = Table::from_bytes(bytes).expect("the table just written");
        let texts = Texts::of(&world.questions(&table));
        let truth: Vec<bool> = {
            let truth = Truth::of(&table, crate::at());
            texts.each().map(|asked| truth.allows(&asked)).collect()
        };
        let asked: Vec<_> = texts.each().collect();
        let policy = || Policy::at(&table, crate::at());
        match self.name {
            "rolec" => measure(&asked, &truth, || ours::decisions(bytes)),
            "records" => measure(&asked, &truth, || ours::yardstick(&table)),
            "maps-fast" => {
                let policy = policy();
                measure(&asked, &truth, || maps::of::<foldhash::fast::RandomState>(&policy))
            }
            "maps-std" => {
                let policy = policy();
                measure(&asked, &truth, || maps::of::<std::hash::RandomState>(&policy))
            }
            "regorus-held" => {
                let policy = policy();
                measure(&asked, &truth, || regorus::held(&policy))
            }
            "regorus-roles" => {
                let policy = policy();
                measure(&asked, &truth, || regorus::roles(&policy))
            }
            "cedar-grants" => {
                let policy = policy();
                measure(&asked, &truth, || cedar::grants(&policy))
            }
            "cedar-cells" => {
                let policy = policy();
                measure(&asked, &truth, || cedar::cells(&policy))
            }
            "cedar-sets" => {
                let policy = policy();
                measure(&asked, &truth, || cedar::sets(&policy))
            }
            "cedar-permits" => {
                let policy = policy();
                measure(&asked, &truth, || cedar::permits(&policy))
            }
            "cedar-links" => {
                let policy = policy();
                measure(&asked, &truth, || cedar::links(&policy))
            }
            "oso" => {
                let policy = policy();
                measure(&asked, &truth, || oso::of(&policy))
            }
            "casbin" => {
                let policy = policy();
                measure(&asked, &truth, || casbin::of(&policy, casbin::CHEAP_FIRST))
            }
            "casbin-docs" => {
                let policy = policy();
                measure(&asked, &truth, || casbin::of(&policy, casbin::AS_DOCUMENTED))
            }
            other => panic!("no contender {other}"),
        }
    }
}
