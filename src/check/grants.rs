//! What roles say, and what they then hold: entries against the catalog, spreads worked out, bases joined.

pub(super) mod levels;
mod lowered;

use std::collections::{BTreeMap, HashMap};

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
use crate::vocab::{Actions, CategoryId, RowId};

/// One entry with what it means.
pub(super) struct Said {
    pub(super) entry: Entry,
    /// An exact level; none for a spread, and where the level is at fault.
    pub(super) level: Option<Actions>,
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
    let mut said: Vec<Vec<Said>> = Vec::with_capacity(declared.list.len());
    for role in &declared.list {
        let catalog = role.catalog.and_then(|id| Some((catalogs.get(id)?, catalogs.inside(id)?)));
        said.push(match catalog {
            Some((catalog, inside)) => {
                let mut reader = Reader {
                    role,
                    catalog,
                    inside,
                    lost,
                    findings,
                    said: Vec::new(),
                    first: HashMap::new(),
                    named: None,
                };
                reader.read();
                if is_direct {
                    reader.managed_rows();
                }
                reader.said
            }
            None => Vec::new(),
        });
    }
    let mut roles = build(declared, order, catalogs, &said);
    for index in order.sorted.iter().copied() {
        let (Some(role), Some(said)) = (declared.list.get(index), said.get(index)) else { continue };
        let Some(catalog) = role.catalog.and_then(|id| catalogs.get(id)) else { continue };
        let bases = roles.get(index).map(|role| role.bases.as_slice()).unwrap_or_default();
        let floor = role.catalog.map(|id| catalogs.floor(id)).unwrap_or_default();
        let base = base_cells(around.roles::<I>(&roles), bases, floor);
        let cells = apply(catalog, &base, said);
        if let Some(role) = roles.get_mut(index) {
            role.cells = cells;
            role.is_whole = true;
        }
        if let Some(built) = roles.get(index).filter(|_| !role.tree.node.is_damaged) {
            // A row that a direct organization does not have is lowered by nothing.
            let has_row = |row: &Row| !row.only_managed || !is_direct;
            lowered::tell(around.roles::<I>(&roles), built, catalog, &base, said, has_row, findings);
        }
    }
    roles
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
fn apply(catalog: &Catalog, base: &Cells, said: &[Said]) -> Cells {
    let mut cells = base.clone();
    let mut spread = |said: &Said, rows: &mut dyn Iterator<Item = RowId>| {
        for row in rows.filter_map(|row| catalog.row(row)) {
            cells.set(row, levels::spread(row, &said.entry.words));
        }
    };
    for one in said.iter().filter(|one| one.entry.target == Target::All) {
        spread(one, &mut catalog.all_rows().map(|(id, _)| id));
    }
    for one in said {
        if let Target::Category(category) = one.entry.target {
            spread(one, &mut catalog.rows_of(category).map(|(id, _)| id));
        }
    }
    for one in said {
        if let (Target::Row(row), Some(level)) = (one.entry.target, one.level)
            && let Some(row) = catalog.row(row)
        {
            cells.set(row, level);
        }
    }
    cells
}

/// The roles of the model, their cells still empty.
fn build<I>(declared: &Declared<'_, I>, order: &Order, catalogs: &Catalogs, said: &[Vec<Said>]) -> Vec<Role> {
    let mut roles = Vec::with_capacity(declared.list.len());
    for (index, role) in declared.list.iter().enumerate() {
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
            entries: said
                .get(index)
                .map(|said| said.iter().map(|said| said.entry.clone()).collect())
                .unwrap_or_default(),
            cells: catalogs.floor(catalog),
            is_whole: false,
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
    said: Vec<Said>,
    first: HashMap<Target, Place>,
    /// The rows that the role says exactly, once they were asked for.
    named: Option<Vec<RowId>>,
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
                let line = Line { place, cut: scope.without(grant.whole) };
                self.spread(Target::All, "all", words, line);
            }
            ast::Granted::Row { category, entry } => {
                if let Some(category) = self.category(*category) {
                    let line = Line { place, cut: scope.without(grant.whole) };
                    self.entry(category, entry, |_, _| line);
                }
            }
            ast::Granted::Category { category: name, levels, entries, has_block } => {
                let Some(category) = self.category(*name) else { return };
                let text = scope.name(*name);
                if let Some(words) = levels {
                    let cut = match entries.is_empty() {
                        true => scope.without(grant.whole),
                        false => scope.place(Span::new(name.span.end, span(words).end)),
                    };
                    self.spread(Target::Category(category), &text, words, Line { place, cut });
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

    fn category(&mut self, name: ast::Name) -> Option<CategoryId> {
        rows::category(self.role.scope, self.catalog, self.inside, name, self.lost, self.findings)
    }

    fn row(&mut self, category: CategoryId, name: ast::Name) -> Option<RowId> {
        rows::row(self.role.scope, self.catalog, self.inside, category, name, self.lost, self.findings)
    }

    /// Whether a target is said for the first time.
    fn is_first(&mut self, target: Target, what: &str, place: Place) -> bool {
        match self.first.get(&target) {
            None => {
                self.first.insert(target, place);
                true
            }
            Some(first) => {
                self.findings.push(
                    Diagnostic::new(
                        Code::DuplicateEntry,
                        place,
                        format!("{what} is said twice in this role"),
                    )
                    .label("again here")
                    .also(*first, "first here")
                    .help("order means nothing, so each is said at most once: keep one"),
                );
                false
            }
        }
    }

    fn spread(&mut self, target: Target, name: &str, tree: &ast::Levels, line: Line) {
        let place = line.place;
        let what = match target {
            Target::All => "the level of all rows".to_owned(),
            _ => format!("the level of category `{name}`"),
        };
        let is_first = self.is_first(target, &what, place);
        let words = levels::words(self.role.scope, tree, self.findings);
        let named = self.named.take().unwrap_or_else(|| self.named_rows());
        let reach = levels::Reach { catalog: self.catalog, inside: self.inside, target, named: &named };
        // What is said again means nothing, and its words are to be right all the same.
        let is_known = match is_first {
            true => levels::check_spread(self.role.scope, &reach, tree, self.findings),
            false => levels::unknown(self.role.scope, &reach, tree, self.findings).1,
        };
        self.named = Some(named);
        if !(is_first && is_known) {
            return;
        }
        let reach = levels::Reach { catalog: self.catalog, inside: self.inside, target, named: &[] };
        levels::idle_spread(self.role.scope, &reach, tree, self.findings);
        self.push(target, words, None, tree, line, None);
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
        let basis =
            tree.unconfirmed.map(|mark| mark.basis.map_or_else(String::new, |text| scope.name(text).into()));
        let mut is_offered = false;
        // A word that several rows do not offer is told once.
        let mut told: BTreeMap<Place, (usize, usize)> = BTreeMap::new();
        for (index, name) in tree.rows.iter().enumerate() {
            let Some(id) = self.row(category, *name) else { continue };
            let Some(row) = self.catalog.row(id) else { continue };
            let is_first = self.is_first(Target::Row(id), &format!("row `{}`", row.id), scope.at(*name));
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
            self.push(Target::Row(id), words.clone(), level, &tree.levels, line, basis.as_deref());
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
        words: Vec<Box<str>>,
        level: Option<Actions>,
        tree: &ast::Levels,
        line: Line,
        basis: Option<&str>,
    ) {
        let text = words.join(", ").into();
        let unconfirmed = basis.map(Into::into);
        let level_place = self.role.scope.place(span(tree));
        let Line { place, cut } = line;
        let entry = Entry { target, level: text, words, place, level_place, cut, unconfirmed };
        self.said.push(Said { entry, level });
    }

    /// Entries that name a row which the organization does not have.
    fn managed_rows(&mut self) {
        for said in &self.said {
            let Target::Row(id) = said.entry.target else { continue };
            let Some(row) = self.catalog.row(id).filter(|row| row.only_managed) else { continue };
            self.findings.push(
                Diagnostic::new(
                    Code::ManagedRow,
                    said.entry.place,
                    format!("row `{}` is there in managed organizations only", row.id),
                )
                .label("this organization is direct: the row stays at `none`")
                .also(row.place, "the row")
                .help("take the entry out, or open the organization as `managed` if it is"),
            );
        }
    }
}
