//! The smallest change of each role's level that lifts a denial, the smallest of all first.

use std::collections::HashMap;

use crate::catalog::BuiltIn;
use crate::table::{Entry, Organization, Position, Principal, Role, Row, Table, Target};
use crate::tools::explain::decision::Explanation;
use crate::tools::explain::flip::Flip;
use crate::tools::explain::flip::gains::Gains;
use crate::tools::explain::flip::lacking::Lacking;
use crate::tools::explain::statement::statement;
use crate::vocab::{Actions, RoleId};

/// A change of one level, by which a denied query is allowed. The role keeps what it gives of the row; no smaller
/// level does.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, organization, query};
/// use rolec::tools::explain::{How, explain};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = organization(&table, None).unwrap();
/// let at = Time::parse("2026-12-31")?;
/// let query = query(&table, acme, Who::Principal("ana@acme.example"), &What::Text("pages:delete"), at).unwrap();
/// let changes = explain(&table, query).unwrap().flip.unwrap().changes;
/// // A line more in the template; or the editor's line, by which the bot gains it too.
/// assert_eq!((changes[0].role.id(), changes[0].others), ("reader", 0));
/// assert!(matches!(changes[0].how, How::Line));
/// assert_eq!((changes[1].role.id(), changes[1].others), ("editor", 1));
/// assert!(matches!(changes[1].how, How::Entry(entry) if entry.position.line == 32));
/// assert_eq!((changes[1].added.count(), changes[1].level.count(), changes[1].organizations), (1, 3, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Change<'t> {
    /// The role whose level is another then; or from which one is made.
    pub role: Role<'t>,
    /// Where it is changed.
    pub how: How<'t>,
    /// The new level of the row.
    pub level: Actions,
    /// What of it the role does not have now.
    pub added: Actions,
    /// How many others hold more of the row by it, at the time asked about or later, in all organizations: other
    /// principals than the one asked about.
    pub others: usize,
    /// How many other organizations it changes: a role of theirs that is made from this one, or what somebody holds.
    pub organizations: usize,
}

/// Where a level is changed.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::ask::{What, organization, query};
/// use rolec::tools::explain::{How, explain};
/// use rolec::vocab::Time;
///
/// let text = r#"use jumpcloud organization o { assign help-desk to "ana" }"#;
/// let table = compile(Sources::from_iter([("o.role", text)])).table.unwrap();
/// let o = organization(&table, None).unwrap();
/// let query = query(&table, o, Who::Principal("ana"), &What::Text("devices:full"), Time(0)).unwrap();
/// let flip = explain(&table, query).unwrap().flip.unwrap();
/// // The help desk of the portal is as it is.
/// assert!(matches!(flip.changes[0].how, How::Made) && flip.changes[0].role.id() == "help-desk");
/// ```
#[derive(Clone, Copy, Debug)]
pub enum How<'t> {
    /// By the role's own line for the row.
    Entry(&'t Entry),
    /// By the role's own line for the row and others, which becomes two: one for the row, one for the others.
    Split(&'t Entry),
    /// By a line for the row that the role does not have yet.
    Line,
    /// By a role made from it with such a line, to be assigned: it is a default role of a built-in catalog, which
    /// nobody changes.
    Made,
}

/// A change whose consequences for others are not counted yet.
struct Candidate<'t> {
    change: Change<'t>,
    /// How many actions the role gets that were not asked for.
    beyond: usize,
}

impl Candidate<'_> {
    /// Where it would be written.
    fn place(&self) -> (Position, RoleId) {
        place(&self.change)
    }
}

fn place(change: &Change<'_>) -> (Position, RoleId) {
    let position = match change.how {
        How::Entry(entry) | How::Split(entry) => entry.position,
        How::Line | How::Made => change.role.position(),
    };
    (position, change.role.key())
}

/// Fills in the changes.
pub(super) fn changes<'t>(
    table: &'t Table,
    explained: &Explanation<'t>,
    roles: &[Role<'t>],
    lacking: Option<&Lacking>,
    most: usize,
    flip: &mut Flip<'t>,
) {
    let row = explained.row;
    let missing = flip.missing;
    let mut candidates: Vec<Candidate<'t>> = roles
        .iter()
        .filter_map(|role| {
            let held = role.actions(row.key());
            let level = row.shape().least(held | missing)?;
            let added = level - held;
            let how = how(*role, row);
            let change = Change { role: *role, how, level, added, others: 0, organizations: 0 };
            Some(Candidate { change, beyond: (added - explained.asked).count() })
        })
        .collect();
    let is_shared = |it: &Candidate<'_>| it.change.role.is_template() && !matches!(it.change.how, How::Made);
    let gains = Gains::new(table, explained, candidates.iter().any(is_shared));
    if let Some(lacking) = lacking {
        candidates.retain(|candidate| {
            let Change { role, how, added, .. } = candidate.change;
            lacking.is_mended_by(&match how {
                // What is made from it gives it to nobody else.
                How::Made => HashMap::from([(role.key(), added)]),
                _ => gains.spread(role, added),
            })
        });
    }
    if let Some(limit) = full(explained.organization) {
        let before = candidates.len();
        candidates.retain(|candidate| !matches!(candidate.change.how, How::Made));
        flip.full = (candidates.len() < before).then_some(limit);
    }
    candidates.sort_by_key(|candidate| (candidate.beyond, candidate.place()));
    for equals in candidates.chunk_by(|one, other| one.beyond == other.beyond) {
        let left = most - flip.changes.len();
        flip.changes.extend(first(equals, left, &gains));
    }
    flip.more_changes = candidates.len() - flip.changes.len();
}

/// The first `most` of changes that give equally much beyond what was asked for: those by which the fewest others gain.
fn first<'t>(equals: &[Candidate<'t>], most: usize, gains: &Gains<'t>) -> Vec<Change<'t>> {
    let mut first: Vec<Change<'t>> = Vec::new();
    for Candidate { change, .. } in equals.iter().take_while(|_| most > 0) {
        let mut change = *change;
        if !matches!(change.how, How::Made) {
            // Whoever gains more than the last that is kept is not counted to the end.
            let bound = first.last().filter(|_| first.len() == most).map(|last| last.others);
            let Some((others, organizations)) = gains.by(&change, bound) else { continue };
            (change.others, change.organizations) = (others, organizations);
        }
        let rank = |change: &Change<'_>| (change.others, place(change));
        let at = first.partition_point(|known| rank(known) < rank(&change));
        first.insert(at, change);
        first.truncate(most);
    }
    first
}

fn how<'t>(role: Role<'t>, row: Row<'t>) -> How<'t> {
    // Another text under the id of a built-in catalog is an error: so this one is built in.
    if role.is_default() && BuiltIn::find(role.catalog().id()).is_some() {
        return How::Made;
    }
    match role.entry_for(row.key()) {
        Some(entry) if entry.target == Target::Row(row.key()) => match statement(role, entry).len() {
            1 => How::Entry(entry),
            _ => How::Split(entry),
        },
        _ => How::Line,
    }
}

/// The limit of custom roles, where the organization has so many: its own, and the templates it assigns that are no
/// default roles.
fn full(organization: Organization<'_>) -> Option<u32> {
    let limit = organization.catalog().custom_role_limit()?;
    let assigned = organization.principals().flat_map(Principal::assignments).map(|one| one.role());
    let mut assigned: Vec<RoleId> = assigned.collect();
    assigned.sort_unstable();
    assigned.dedup();
    let templates = organization.catalog().templates().filter(|template| !template.is_default());
    let templates = templates.filter(|template| assigned.binary_search(&template.key()).is_ok());
    (organization.roles().count() + templates.count() >= limit as usize).then_some(limit)
}
