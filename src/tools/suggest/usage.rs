//! What a log says was used: kept as bits for each holder, however many lines there are. Reads no text.

use std::collections::BTreeMap;

use crate::eval::{Evaluator, Holder, Query, Reason};
use crate::table::{Layout, Table};
use crate::vocab::{Actions, OrganizationId, RoleId, RowId};

/// What was used of somebody's rights.
#[derive(Clone, Debug, Default)]
pub(super) struct Use {
    /// All that was used.
    pub(super) used: Vec<u64>,
    /// What of it the policy denied at the time of a use.
    pub(super) denied: Vec<u64>,
    /// By how many lines.
    pub(super) lines: u64,
}

/// What was used, by whom.
///
/// ```
/// use rolec::eval::{Holder, Who};
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, query};
/// use rolec::tools::suggest::{Log, least};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let mut log = Log::new(&table);
/// let editor = Holder::Role(acme.key(), table.role(acme.key(), "editor").unwrap());
/// log.watch(editor);
/// let at = Time::parse("2026-12-01")?;
/// for text in ["spaces:read", "pages:update", "spaces:read"] {
///     log.record(query(&table, acme, Who::Principal("bot"), &What::Text(text), at).unwrap());
/// }
/// // The bot used what it holds by being an editor.
/// let bot = Holder::Principal(table.principal(acme.key(), "bot").unwrap());
/// assert!(log.holders().eq([bot, editor]));
/// let found = least(&log, &[bot, editor], at);
/// assert_eq!((found[0].lines, found[1].lines), (3, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Log<'t> {
    pub(super) table: &'t Table,
    watched: Vec<(OrganizationId, RoleId)>,
    uses: BTreeMap<Holder, Use>,
}

impl<'t> Log<'t> {
    /// An empty one.
    pub fn new(table: &'t Table) -> Self {
        Self { table, watched: Vec::new(), uses: BTreeMap::new() }
    }

    /// Has it kept too what of a role is used by those who hold it. Of a principal all is kept anyhow.
    pub fn watch(&mut self, holder: Holder) {
        if let Holder::Role(organization, role) = holder
            && !self.watched.contains(&(organization, role))
        {
            self.watched.push((organization, role));
        }
    }

    /// Takes in a use: somebody did what is asked about, at that time.
    ///
    /// For a role that is watched and in force, it is a use of what the role gives of it; and of what nothing gives,
    /// since the role may have been meant to.
    pub fn record(&mut self, query: Query) {
        let evaluator = Evaluator::new(self.table);
        let Some(catalog) = self.table.catalog_view(query.permission.catalog()) else { return };
        let (row, asked) = (query.permission.row(), query.permission.actions());
        let denied = match evaluator.respond(query).reason {
            Reason::Granted => Actions::NONE,
            Reason::NotGranted { missing, .. } => missing,
            Reason::NothingInForce { .. } => asked,
            // A query of another table.
            _ => return,
        };
        let layout = catalog.layout();
        self.uses.entry(query.holder).or_default().add(layout, row, asked, denied);
        let Holder::Principal(principal) = query.holder else { return };
        if self.watched.is_empty() {
            return;
        }
        // They stand by role: one that is assigned twice is one.
        let mut last = None;
        for assignment in evaluator.assignments_in_force(principal, query.at) {
            if last.replace(assignment.role()) == Some(assignment.role()) {
                continue;
            }
            let watched = self.watched.iter().filter(|(_, role)| *role == assignment.role());
            for (organization, role) in watched.copied() {
                let given = self.table.cell(organization, row).and_then(|cell| cell.held(role));
                let part = (given.unwrap_or_default() & asked) | denied;
                let is_here = self.table.principal_view(principal).map(|it| it.organization().key());
                if is_here == Some(organization) && !part.is_empty() {
                    let uses = self.uses.entry(Holder::Role(organization, role)).or_default();
                    uses.add(layout, row, part, denied);
                }
            }
        }
    }

    /// Of whom something was used: principals first, each sort in the order of the table.
    pub fn holders(&self) -> impl Iterator<Item = Holder> {
        self.uses.keys().copied()
    }

    /// What was used of somebody's rights; nothing where nothing was.
    pub(super) fn of(&self, holder: Holder) -> Use {
        self.uses.get(&holder).cloned().unwrap_or_default()
    }
}

impl Use {
    fn add(&mut self, layout: &Layout, row: RowId, used: Actions, denied: Actions) {
        self.lines += 1;
        for (set, more) in [(&mut self.used, used), (&mut self.denied, denied)] {
            set.resize(layout.words(), 0);
            let known = layout.get(set, row);
            if !known.contains(more) {
                layout.set(set, row, known | more);
            }
        }
    }
}
