//! Which role of one table is which of another, and what became of their cells.

use std::collections::{BTreeMap, HashMap};

use crate::check::fold;
use crate::table::{Assignment, Catalog, Organization, Principal, Role, Row};
use crate::tools::diff::catalogs::{Difference, Field, Said, differences, of_roles};
use crate::tools::diff::joined;
use crate::tools::diff::rows::{Rows, is_folded, is_hidden};
use crate::tools::diff::sides::{Sides, Unpaired};
use crate::vocab::{Actions, OrganizationKind, RoleId};

/// What became of a role or template.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("editor", "writer").replace("create, update", "create");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let found = diff(&old, &new);
/// // It has the same title, so it is the same role, and its holders hold on to it.
/// let [role] = &found.organizations[0].roles[..] else { panic!("one role differs") };
/// assert_eq!(role.role.map(|role| role.id()).both(), Some(("editor", "writer")));
/// assert!(role.is_renamed() && role.said.is_empty());
/// assert_eq!(role.cells.len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct RoleChange<'t> {
    /// The role.
    pub role: Sides<Role<'t>>,
    /// What it says of itself otherwise: title, `///` lines, description, whether it is a default role.
    pub said: Vec<Difference<'t>>,
    /// The rows of which it holds something else, in the order of the new catalog.
    pub cells: Vec<CellChange<'t>>,
}

impl RoleChange<'_> {
    /// Whether it is there on both sides under two ids.
    pub fn is_renamed(&self) -> bool {
        self.role.both().is_some_and(|(old, new)| old.id() != new.id())
    }

    /// Whether it has another id or says something else of itself.
    pub(super) fn is_told_itself(&self) -> bool {
        self.is_renamed() || !self.said.is_empty()
    }
}

/// What became of what a role holds of a row.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::diff;
///
/// let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
/// let later = rolec::example::POLICY.replace("create, update, delete", "create, publish, delete").replace("create, update", "create, publish");
/// let (old, new) = (table(rolec::example::POLICY), table(&later));
/// let found = diff(&old, &new);
/// let cell = &found.organizations[0].roles[0].cells[0];
/// let (was, is) = cell.row.both().unwrap();
/// assert_eq!((was.shape().level(cell.old), is.shape().level(cell.new)), ("create, update".into(), "create, publish".into()));
/// // Actions are compared by their names. The catalog had no `publish` to give.
/// assert_eq!((was.shape().level(cell.lost), is.shape().level(cell.gained)), ("update".into(), "publish".into()));
/// assert!(cell.is_of_catalog);
/// ```
#[derive(Clone, Debug)]
pub struct CellChange<'t> {
    /// The row; on one side only where the other catalog lacks it.
    pub row: Sides<Row<'t>>,
    /// What was held, in the numbers of the old row.
    pub old: Actions,
    /// What is held, in the numbers of the new one.
    pub new: Actions,
    /// What was gained, in the numbers of the new row.
    pub gained: Actions,
    /// What was lost, in the numbers of the old one.
    pub lost: Actions,
    /// Whether it comes of another catalog alone: what was gained could not be had before, and what was lost cannot be
    /// had now. Never of a role that is on one side only.
    pub is_of_catalog: bool,
}

/// Roles by what they are compared in: all that the catalog has, or what the organization's kind leaves.
pub(super) type Kinds = Sides<OrganizationKind>;

/// As a template is compared by itself: with every row.
pub(super) const EVERY_ROW: Kinds = Sides { old: None, new: None };

/// What a role holds of a row in an organization of a kind; without a kind as a managed one has it.
fn held(role: Option<Role<'_>>, row: Option<Row<'_>>, kind: Option<OrganizationKind>) -> Actions {
    match (role, row) {
        (Some(role), Some(row)) if !is_hidden(row, kind) => role.actions(row.key()),
        _ => Actions::NONE,
    }
}

/// The cells in which two roles differ.
pub(super) fn cells<'t>(role: Sides<Role<'t>>, rows: &Rows<'t>, kinds: Kinds) -> Vec<CellChange<'t>> {
    if rows.is_aligned
        && kinds.old == kinds.new
        && role.both().is_some_and(|(old, new)| old.bits() == new.bits())
    {
        return Vec::new();
    }
    let found = rows.all.iter().filter_map(|found| {
        let (old, new) = (held(role.old, found.row.old, kinds.old), held(role.new, found.row.new, kinds.new));
        let moved = found.moved(old, new);
        (!moved.is_empty()).then(|| CellChange {
            row: found.row,
            old,
            new,
            gained: moved.gained,
            lost: moved.lost,
            is_of_catalog: role.both().is_some() && found.is_of_catalog(moved, kinds),
        })
    });
    found.collect()
}

/// What became of a role, whether or not it is anything.
pub(super) fn change<'t>(role: Sides<Role<'t>>, rows: &Rows<'t>, kinds: Kinds) -> RoleChange<'t> {
    let said = role.both().map_or_else(Vec::new, |(old, new)| {
        let mut said = of_roles(old, new);
        let is_default = |role: Role<'_>| Said::Flag(role.is_default());
        said.extend(differences([(Field::DefaultRole, is_default(old), is_default(new))]));
        said
    });
    RoleChange { role, said, cells: cells(role, rows, kinds) }
}

/// Where roles are paired: those of one organization, or the templates of one catalog.
pub(super) struct Scope<'s, 't> {
    pub(super) catalogs: Sides<Catalog<'t>>,
    pub(super) rows: &'s Rows<'t>,
    /// Where they are held.
    pub(super) organizations: Sides<Vec<Organization<'t>>>,
}

/// The holders of roles at any time, by numbers that are the same on both sides; sorted.
type Holders = HashMap<RoleId, Vec<u32>>;

/// Pairs what has no counterpart of its id, as [`diff`](crate::tools::diff::diff) says.
pub(super) fn renamed<'t>(
    left: &mut Unpaired<RoleId>,
    view: &Sides<HashMap<RoleId, Role<'t>>>,
    scope: &Scope<'_, 't>,
) -> Vec<(RoleId, RoleId)> {
    let old = |key: RoleId| view.old.as_ref().and_then(|all| all.get(&key)).copied();
    let new = |key: RoleId| view.new.as_ref().and_then(|all| all.get(&key)).copied();
    let mut found = Vec::new();
    if scope.catalogs.both().is_some_and(|(old, new)| is_folded(old, new)) {
        found.extend(left.pair(|key| Some(fold(old(key)?.id())), |key| Some(fold(new(key)?.id()))));
    }
    found.extend(left.pair(|key| old(key)?.title(), |key| new(key)?.title()));
    if left.old.is_empty() || left.new.is_empty() {
        return found;
    }
    // The same cells, as the new catalog numbers them, and of what both catalogs have.
    let mut alike: HashMap<Vec<Actions>, Unpaired<RoleId>> = HashMap::new();
    for key in &left.old {
        let cells = scope.rows.all.iter().map(|row| row.carried(held(old(*key), row.row.old, None)));
        let group = || Unpaired { old: Vec::new(), new: Vec::new() };
        alike.entry(cells.collect()).or_insert_with(group).old.push(*key);
    }
    let common: Vec<Actions> = scope
        .rows
        .all
        .iter()
        .map(|row| row.carried(row.row.old.map(|old| old.shape().top()).unwrap_or_default()))
        .collect();
    for key in &left.new {
        let rows = scope.rows.all.iter().zip(&common);
        let cells: Vec<Actions> =
            rows.map(|(row, common)| held(new(*key), row.row.new, None) & *common).collect();
        if let Some(group) = alike.get_mut(&cells) {
            group.new.push(*key);
        }
    }
    alike.retain(|_, group| !group.new.is_empty());
    let holders = holders(scope, alike.values());
    let mut pairs = HashMap::new();
    for group in alike.values() {
        pairs.extend(by_holders(group, &holders.0, &holders.1));
    }
    found.extend(left.take(&pairs));
    found
}

/// Who holds the roles of some groups at any time, on the old side and on the new one.
fn holders<'g>(
    scope: &Scope<'_, '_>,
    groups: impl Iterator<Item = &'g Unpaired<RoleId>>,
) -> (Holders, Holders) {
    let (mut was, mut is) = (Holders::new(), Holders::new());
    for group in groups {
        was.extend(group.old.iter().map(|key| (*key, Vec::new())));
        is.extend(group.new.iter().map(|key| (*key, Vec::new())));
    }
    if was.is_empty() {
        return (was, is);
    }
    let mut number = 0_u32;
    let organizations = |side: &Option<Vec<_>>| side.clone().unwrap_or_default().into_iter();
    let Sides { old, new } = &scope.organizations;
    for organization in joined(organizations(old), organizations(new), Organization::id) {
        let people = |side: Option<_>| side.into_iter().flat_map(Organization::principals);
        for principal in joined(people(organization.old), people(organization.new), Principal::name) {
            for (side, all) in [(principal.old, &mut was), (principal.new, &mut is)] {
                for role in side.into_iter().flat_map(Principal::assignments).map(Assignment::role) {
                    if let Some(holders) = all.get_mut(&role).filter(|all| all.last() != Some(&number)) {
                        holders.push(number);
                    }
                }
            }
            number = number.saturating_add(1);
        }
    }
    (was, is)
}

/// Of roles with the same cells those that most of their holders have in common, or that nobody holds; each the only
/// such one of the other.
fn by_holders(group: &Unpaired<RoleId>, old: &Holders, new: &Holders) -> Vec<(RoleId, RoleId)> {
    let count = |all: &Holders, key: RoleId| all.get(&key).map_or(0, Vec::len);
    let idle = |keys: &[RoleId], all: &Holders| -> Vec<RoleId> {
        keys.iter().copied().filter(|key| count(all, *key) == 0).collect()
    };
    let mut pairs = Vec::new();
    if let ([was], [is]) = (&idle(&group.old, old)[..], &idle(&group.new, new)[..]) {
        pairs.push((*was, *is));
    }
    // Which new roles somebody holds: only roles that share a holder are ever held against each other.
    let mut held: HashMap<u32, Vec<RoleId>> = HashMap::new();
    for key in &group.new {
        for holder in new.get(key).into_iter().flatten() {
            held.entry(*holder).or_default().push(*key);
        }
    }
    let mut shared: BTreeMap<(RoleId, RoleId), usize> = BTreeMap::new();
    for was in &group.old {
        for is in old.get(was).into_iter().flatten().filter_map(|holder| held.get(holder)).flatten() {
            *shared.entry((*was, *is)).or_default() += 1;
        }
    }
    // More than half of all who hold either.
    shared.retain(|(was, is), both| *both * 3 > count(old, *was) + count(new, *is));
    let (mut by_old, mut by_new): (HashMap<RoleId, usize>, HashMap<RoleId, usize>) = Default::default();
    for (was, is) in shared.keys() {
        *by_old.entry(*was).or_default() += 1;
        *by_new.entry(*is).or_default() += 1;
    }
    let is_only = |(was, is): &(RoleId, RoleId)| by_old.get(was) == Some(&1) && by_new.get(is) == Some(&1);
    pairs.extend(shared.into_keys().filter(is_only));
    pairs
}
