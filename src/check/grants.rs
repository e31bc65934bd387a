//! What roles say, and what they then hold: entries against the catalog, spreads worked out, bases joined.

pub(super) mod levels;
mod lowered;

use std::collections::BTreeMap;
use std::collections::hash_map::Entry as Slot;

use foldhash::{HashMap, HashMapExt as _};

use crate::catalog::{Catalog, Cells, Row};
use crate::check::bases::Order;
use crate::check::catalogs::{Catalogs, Inside};
use crate::check::lost::Lost;
use crate::check::roles::{Declaration, Declared, RoleId};
use crate::check::rows;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::model::{Entry, Role, RoleRef, Roles, Target};
use crate::source::{Place, Span};
use crate::syntax::ast;
use crate::vocab::{Actions, CategoryId, RowId, Written};

/// What a role says.
#[derive(Default)]
struct Said {
    entries: Vec<Entry>,
    /// The exact level of each; none for a spread, and where the level is at fault.
    levels: Vec<Option<Actions>>,
}

/// What is checked together: the templates of all files, or the roles of one organization.
#[derive(Clone, Copy)]
pub(super) struct Around<'c> {
    pub(super) catalogs: &'c Catalogs,
    /// The templates, where they are checked already.
    pub(super) templates: &'c [Role],
    /// Whether the organization is direct; not where a damaged head may have said otherwise.
    pub(super) is_direct: bool,
    pub(super) lost: &'c Lost,
}

impl<'c> Around<'c> {
    /// The roles that a base may name: templates among themselves, or those of an organization.
    fn roles<I: RoleId>(self, checked: &'c [Role]) -> Roles<'c> {
        match I::at(0).reference() {
            RoleRef::Template(_) => Roles { templates: checked, own: &[] },
            RoleRef::Own(_) => Roles { templates: self.templates, own: checked },
        }
    }
}

/// Checks what every role says and works out what it holds.
pub(super) fn check<I: RoleId>(
    declared: &Declared<'_, I>,
    order: &Order,
    around: Around<'_>,
    findings: &mut Diagnostics,
) -> Vec<Role> {
    let Around { catalogs, lost, is_direct, .. } = around;
    let mut said: Vec<Said> = Vec::with_capacity(declared.list.len());
    let mut has_gap: Vec<bool> = Vec::with_capacity(declared.list.len());
    let mut known = levels::Known::default();
    let mut first = HashMap::new();
    for role in &declared.list {
        let mut is_all_read = !role.tree.node.is_damaged;
        let catalog = role.catalog.and_then(|id| Some((catalogs.get(id)?, catalogs.inside(id)?)));
        said.push(match catalog {
            Some((catalog, inside)) => {
                let lines = lines(&role.tree.node);
                // One that was large is not swept for each small role behind it.
                if first.capacity() > 4 * lines.max(64) {
                    first = HashMap::new()
                } else {
                    first.clear()
                }
                let mut reader = Reader {
                    role,
                    catalog,
                    inside,
                    lost,
                    findings,
                    known: &mut known,
                    said: Said { entries: Vec::with_capacity(lines), levels: Vec::with_capacity(lines) },
                    first: &mut first,
                    named: None,
                    has_gap: false,
                };
                reader.read();
                is_all_read &= !reader.has_gap;
                if is_direct {
                    reader.managed_rows();
                }
                reader.said.entries.shrink_to_fit();
                reader.said
            }
            None => Said::default(),
        });
        has_gap.push(!is_all_read);
    }
    let (entries, exact): (Vec<_>, Vec<_>) = said.into_iter().map(|said| (said.entries, said.levels)).unzip();
    let mut roles = build(declared, order, catalogs, entries);
    for index in order.sorted.iter().copied() {
        let (Some(role), Some(exact)) = (declared.list.get(index), exact.get(index)) else { continue };
        let Some(catalog) = role.catalog.and_then(|id| catalogs.get(id)) else { continue };
        let (bases, entries) =
            roles.get(index).map(|role| (role.bases.as_slice(), role.entries.as_slice())).unwrap_or_default();
        let floor = role.catalog.map(|id| catalogs.floor(id)).unwrap_or_default();
        let others = around.roles::<I>(&roles);
        let base = base_cells(others, bases, floor);
        let cells = apply(catalog, &base, entries, exact);
        // What could not be read takes something away only where there is something wider to take it from.
        let is_wide =
            !bases.is_empty() || entries.iter().any(|entry| !matches!(entry.target, Target::Row(_)));
        let has_gap = is_wide && has_gap.get(index).copied().unwrap_or(false);
        let is_certain =
            !has_gap && bases.iter().filter_map(|base| others.get(*base)).all(|base| base.is_certain);
        if let Some(role) = roles.get_mut(index) {
            role.cells = cells;
            role.is_whole = true;
            role.is_certain = is_certain;
        }
        if let Some(built) = roles.get(index).filter(|role| role.is_certain) {
            // A row that a direct organization does not have is lowered by nothing.
            let has_row = |row: &Row| !row.only_managed || !is_direct;
            lowered::tell(around.roles::<I>(&roles), built, catalog, &base, has_row, findings);
        }
    }
    roles
}

/// How many rows and spreads a role says.
fn lines(role: &ast::Role) -> usize {
    let of = |grant: &ast::Grant| match &grant.what {
        ast::Granted::All(_) => 1,
        ast::Granted::Row { entry, .. } => entry.rows.len(),
        ast::Granted::Category { levels, entries, .. } => {
            usize::from(levels.is_some()) + entries.iter().map(|entry| entry.rows.len()).sum::<usize>()
        }
    };
    role.grants.iter().map(of).sum()
}

/// What bases hold together; the floors where there is none.
fn base_cells(roles: Roles<'_>, bases: &[RoleRef], floor: Cells) -> Cells {
    let mut cells = floor;
    for base in bases.iter().filter_map(|base| roles.get(*base)) {
        cells.join(&base.cells);
    }
    cells
}

/// A role's own entries over what its bases hold: a row over its category over all.
fn apply(catalog: &Catalog, base: &Cells, entries: &[Entry], exact: &[Option<Actions>]) -> Cells {
    let mut cells = base.clone();
    for entry in entries.iter().filter(|entry| entry.target == Target::All) {
        cells.set_each(catalog.rows.iter().map(|row| (row, levels::spread(row, &entry.words))));
    }
    for entry in entries {
        if let Target::Category(category) = entry.target {
            let rows = catalog.rows_of(category).map(|(_, row)| row);
            cells.set_each(rows.map(|row| (row, levels::spread(row, &entry.words))));
        }
    }
    cells.set_each(entries.iter().zip(exact).filter_map(|(entry, level)| match entry.target {
        // What level was meant nobody knows: not that of the spread, or the row would not be said.
        Target::Row(row) => catalog.row(row).map(|row| (row, level.unwrap_or_else(|| row.shape.floor()))),
        _ => None,
    }));
    cells
}

/// The roles of the model, their cells still empty.
fn build<I>(
    declared: &Declared<'_, I>,
    order: &Order,
    catalogs: &Catalogs,
    entries: Vec<Vec<Entry>>,
) -> Vec<Role> {
    let mut roles = Vec::with_capacity(declared.list.len());
    for (index, (role, entries)) in declared.list.iter().zip(entries).enumerate() {
        let node = &role.tree.node;
        let catalog = role.catalog.unwrap_or(crate::vocab::CatalogId(u32::MAX));
        roles.push(Role {
            id: role.id.clone(),
            title: node.title.map(|title| role.scope.name(title).into()),
            doc: role.scope.docs(&role.tree.docs).map(Into::into),
            description: node.descriptions.first().map(|text| role.scope.name(*text).into()),
            catalog,
            is_default: node.is_default,
            bases: order.bases.get(index).into_iter().flatten().map(|(base, _)| *base).collect(),
            base_places: order.bases.get(index).into_iter().flatten().map(|(_, place)| *place).collect(),
            entries,
            cells: catalogs.floor(catalog),
            is_whole: false,
            is_certain: false,
            place: role.place,
        });
    }
    roles
}

/// Where an entry stands.
#[derive(Clone, Copy)]
struct Line {
    place: Place,
    /// What to take out of the text so that it is not said.
    cut: Place,
    /// How it is written.
    written: Written,
}

/// From the first word to the last.
fn span(levels: &ast::Levels) -> Span {
    let first = levels.words.first().map_or(Span::default(), |word| word.span);
    levels.words.last().map_or(first, |word| first.to(word.span))
}

/// From the first row to the end of what is said of it.
fn whole(entry: &ast::Entry) -> Span {
    let rows = entry.rows.first().map_or(span(&entry.levels), |row| row.span.to(span(&entry.levels)));
    let mark = entry.unconfirmed.map(|mark| mark.basis.map_or(mark.span, |basis| mark.span.to(basis.span)));
    mark.map_or(rows, |mark| rows.to(mark))
}

/// Reads what one role says.
struct Reader<'r, 's> {
    role: &'r Declaration<'s>,
    catalog: &'r Catalog,
    inside: &'r Inside,
    lost: &'r Lost,
    findings: &'r mut Diagnostics,
    known: &'r mut levels::Known<'s>,
    said: Said,
    /// Where each target is said first.
    first: &'r mut HashMap<Target, Place>,
    /// The rows that the role says exactly, once they were asked for.
    named: Option<Vec<RowId>>,
    /// Whether a name or a spread was at fault, so that something of what it says is missing.
    has_gap: bool,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let node = &self.role.tree.node;
        let scope = self.role.scope;
        if let Some((first, more)) = node.descriptions.split_first() {
            for again in more {
                self.findings.push(
                    Diagnostic::new(Code::SaidTwice, scope.at(*again), "the description is said twice")
                        .also(scope.at(*first), "first here"),
                );
            }
        }
        for grant in &node.grants {
            self.grant(grant);
        }
    }

    fn grant(&mut self, grant: &ast::Grant) {
        let scope = self.role.scope;
        let place = scope.place(grant.span);
        match &grant.what {
            ast::Granted::All(words) => {
                let line = Line { place, cut: scope.without(grant.whole), written: Written::Statement };
                self.spread(Target::All, "all", words, line);
            }
            ast::Granted::Row { category, entry } => {
                if let Some(category) = self.category(*category, false) {
                    let line = Line { place, cut: scope.without(grant.whole), written: Written::Statement };
                    self.entry(category, entry, |_, _| line);
                }
            }
            ast::Granted::Category { category: name, levels, entries, has_block } => {
                let Some(category) = self.category(*name, !has_block) else { return };
                let text = scope.name(*name);
                if let Some(words) = levels {
                    let cut = match entries.is_empty() {
                        true => scope.without(grant.whole),
                        false => scope.place(Span::new(name.span.end, span(words).end)),
                    };
                    self.spread(
                        Target::Category(category),
                        &text,
                        words,
                        Line { place, cut, written: Written::Statement },
                    );
                }
                for entry in entries {
                    let rows: Vec<Span> = entry.rows.iter().map(|row| row.span).collect();
                    // The only entry of a block takes the grant with it. Where a level stands there, the block stays:
                    // the level may go at the same time.
                    let whole = || match entries.len() {
                        1 if levels.is_none() => scope.without(grant.whole),
                        _ => scope.without(whole(entry)),
                    };
                    self.entry(category, entry, |index, place| Line {
                        place,
                        cut: scope.without_one(&rows, index).unwrap_or_else(whole),
                        written: match (rows.len(), index) {
                            (1, _) => Written::Line,
                            (_, 0) => Written::First,
                            _ => Written::Further,
                        },
                    });
                }
                if levels.is_none() && entries.is_empty() && *has_block && !self.role.tree.node.is_damaged {
                    self.findings.push(
                        Diagnostic::new(Code::EmptyGrant, place, format!("this grant says nothing of `{text}`"))
                            .help("write its rows in the block, or a level for all of them: `grant CATEGORY: LEVEL`")
                            .fix(Fix::safe("remove the grant", scope.without(grant.whole), "")),
                    );
                }
            }
        }
    }

    fn category(&mut self, name: ast::Name, is_alone: bool) -> Option<CategoryId> {
        let name = (name, is_alone);
        let found =
            rows::category(self.role.scope, self.catalog, self.inside, name, self.lost, self.findings);
        self.has_gap |= found.is_none();
        found
    }

    fn row(&mut self, category: CategoryId, name: ast::Name) -> Option<RowId> {
        let found =
            rows::row(self.role.scope, self.catalog, self.inside, category, name, self.lost, self.findings);
        self.has_gap |= found.is_none();
        found
    }

    /// Whether a target is said for the first time.
    fn is_first(&mut self, target: Target, what: impl Fn() -> String, place: Place) -> bool {
        match self.first.entry(target) {
            Slot::Vacant(slot) => {
                slot.insert(place);
                true
            }
            Slot::Occupied(first) => {
                self.findings.push(
                    Diagnostic::new(
                        Code::DuplicateEntry,
                        place,
                        format!("{} is said twice in this role", what()),
                    )
                    .label("again here")
                    .also(*first.get(), "first here")
                    .help("order means nothing, so each is said at most once: keep one"),
                );
                false
            }
        }
    }

    fn spread(&mut self, target: Target, name: &str, tree: &ast::Levels, line: Line) {
        let place = line.place;
        let what = || match target {
            Target::All => "the level of all rows".to_owned(),
            _ => format!("the level of category `{name}`"),
        };
        let is_first = self.is_first(target, what, place);
        let words = levels::words(self.role.scope, tree, self.findings);
        let level = self.known.level(words);
        let reach = levels::Reach { catalog: self.catalog, inside: self.inside, target, named: &[] };
        let is_plain = |id| self.known.is_plain(&level, id, &reach, self.findings);
        if is_first && self.role.catalog.is_some_and(is_plain) {
            self.push(target, level, None, tree, line, None);
            return;
        }
        let named = self.named.take().unwrap_or_else(|| self.named_rows());
        let unnamed = levels::Reach { named: &named, ..reach };
        // What is said again means nothing, and its words are to be right all the same.
        let is_known = match is_first {
            true => levels::check_spread(self.role.scope, &unnamed, tree, self.findings),
            false => levels::unknown(self.role.scope, &unnamed, tree, self.findings).1,
        };
        self.named = Some(named);
        self.has_gap |= !is_known;
        if !(is_first && is_known) {
            return;
        }
        levels::idle_spread(self.role.scope, &reach, tree, self.findings);
        self.push(target, level, None, tree, line, None);
    }

    /// The rows that the role says exactly: what a spread does to them means nothing.
    fn named_rows(&self) -> Vec<RowId> {
        let scope = self.role.scope;
        let mut named = Vec::new();
        for grant in &self.role.tree.node.grants {
            let (category, entries) = match &grant.what {
                ast::Granted::All(_) => continue,
                ast::Granted::Category { category, entries, .. } => (category, entries.as_slice()),
                ast::Granted::Row { category, entry } => (category, std::slice::from_ref(entry)),
            };
            let rows = self.inside.categories.get(&scope.name(*category)).and_then(|id| self.inside.rows(id));
            if let Some(rows) = rows {
                let names = entries.iter().flat_map(|entry| &entry.rows);
                named.extend(names.filter_map(|name| rows.get(&scope.name(*name))));
            }
        }
        named.sort_unstable();
        named
    }

    fn entry(&mut self, category: CategoryId, tree: &ast::Entry, line: impl Fn(usize, Place) -> Line) {
        let scope = self.role.scope;
        let words = levels::words(scope, &tree.levels, self.findings);
        let said = self.known.level(words);
        let basis =
            tree.unconfirmed.map(|mark| mark.basis.map_or_else(String::new, |text| scope.name(text).into()));
        let mut is_offered = false;
        // A word that several rows do not offer is told once.
        let mut told: BTreeMap<Place, (usize, usize)> = BTreeMap::new();
        for (index, name) in tree.rows.iter().enumerate() {
            let Some(id) = self.row(category, *name) else { continue };
            let Some(row) = self.catalog.row(id) else { continue };
            let is_first = self.is_first(Target::Row(id), || format!("row `{}`", row.id), scope.at(*name));
            let is_sound = self.inside.is_sound(id);
            let mut wrong = Diagnostics::new();
            let level = match is_sound {
                true => levels::exact(scope, row, &tree.levels, levels::Of::Role, &mut wrong),
                false => None,
            };
            for finding in wrong {
                let (_, more) = told.entry(finding.primary.place).or_insert((self.findings.len(), 0));
                if *more == 0 {
                    self.findings.push(finding);
                }
                *more += 1;
            }
            if !is_first {
                continue;
            }
            is_offered |= level.is_some();
            let line = line(index, scope.at(*name));
            self.push(Target::Row(id), said.clone(), level, &tree.levels, line, basis.as_deref());
        }
        for (index, count) in told.into_values().filter(|(_, count)| *count > 1) {
            let more = match count - 1 {
                1 => "one more row of the list does not either".to_owned(),
                more => format!("{more} more rows of the list do not either"),
            };
            self.findings.amend(index, |finding| finding.help.push(more));
        }
        if is_offered {
            levels::idle(scope, &tree.levels, self.findings);
        }
    }

    fn push(
        &mut self,
        target: Target,
        said: levels::Level,
        exact: Option<Actions>,
        tree: &ast::Levels,
        line: Line,
        basis: Option<&str>,
    ) {
        let levels::Level { text, words, .. } = said;
        let unconfirmed = basis.map(Into::into);
        let level_place = self.role.scope.place(span(tree));
        let Line { place, cut, written } = line;
        let entry = Entry { target, level: text, words, place, level_place, cut, written, unconfirmed };
        self.said.entries.push(entry);
        self.said.levels.push(exact);
    }

    /// Entries that name a row which the organization does not have.
    fn managed_rows(&mut self) {
        for entry in &self.said.entries {
            let Target::Row(id) = entry.target else { continue };
            let Some(row) = self.catalog.row(id).filter(|row| row.only_managed) else { continue };
            self.findings.push(
                Diagnostic::new(
                    Code::ManagedRow,
                    entry.place,
                    format!("row `{}` is there in managed organizations only", row.id),
                )
                .label("this organization is direct: the row stays at `none`")
                .also(row.place, "the row")
                .help("take the entry out, or open the organization as `managed` if it is"),
            );
        }
    }
}
