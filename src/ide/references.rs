//! Where a thing is declared and where it is named: in one file, or in all. Files that do not have its name in their
//! text are not walked.

use std::borrow::Cow;

use crate::ide::names::{Named, Sort, Stray, name_at, walk, walk_all};
use crate::ide::symbol::{self, LevelOf, Symbol, declared};
use crate::model::RoleRef;
use crate::source::{FileId, Place, Span};
use crate::syntax::meaning;
use crate::vocab::{CatalogId, RowId};
use crate::workspace::Workspace;

/// Whether the places where a thing is declared are among its references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declarations {
    /// They are.
    Included,
    /// They are not.
    Excluded,
}

/// Where that is declared which is named at an offset. A spread's level may be declared by several kinds.
pub fn definition(ws: &Workspace, file: FileId, offset: u32) -> Vec<Place> {
    let symbol = name_at(ws, file, offset).and_then(|name| name.symbol);
    symbol.map(|symbol| declared(ws, &symbol)).unwrap_or_default()
}

/// Every place that names what is named at an offset, by file and place.
pub fn references(ws: &Workspace, file: FileId, offset: u32, declarations: Declarations) -> Vec<Place> {
    let Some(target) = name_at(ws, file, offset).and_then(|name| Target::of(ws, &name)) else {
        return Vec::new();
    };
    let wanted = |name: &Named<'_>| declarations == Declarations::Included || !name.is_declared;
    let found = target.everywhere(ws);
    let named = found.iter().filter(|(_, name)| wanted(name));
    named.map(|(file, name)| Place { file: *file, span: name.span }).collect()
}

/// Every place in the same file that names what is named at an offset.
pub fn highlights(ws: &Workspace, file: FileId, offset: u32) -> Vec<Span> {
    let Some(target) = name_at(ws, file, offset).and_then(|name| Target::of(ws, &name)) else {
        return Vec::new();
    };
    target.in_file(ws, file).iter().map(|name| name.span).collect()
}

/// What is looked for.
pub(super) struct Target<'w> {
    symbol: Symbol,
    /// What it is called.
    name: Cow<'w, str>,
    /// Of a level: the rows that have it, sorted.
    rows: Vec<RowId>,
}

impl<'w> Target<'w> {
    pub(super) fn of(ws: &'w Workspace, name: &Named<'w>) -> Option<Self> {
        let symbol = name.symbol.clone()?;
        let rows = match &symbol {
            Symbol::Level(catalog, of, word) => rows_of(ws, *catalog, of, word),
            _ => Vec::new(),
        };
        let called = match (&symbol, name.sort) {
            (Symbol::Catalog(id), Sort::Path) => symbol::catalog(ws, *id).map(|known| &*known.id)?.into(),
            _ => name.text.clone(),
        };
        Some(Self { symbol, name: called, rows })
    }

    /// Its names in all files.
    pub(super) fn everywhere(&self, ws: &'w Workspace) -> Vec<(FileId, Named<'w>)> {
        let mut files: Vec<FileId> = ws.files().to_vec();
        files.sort_unstable();
        let found = files.into_iter().flat_map(|file| {
            let named = if self.may_be_in(ws, file) { self.in_file(ws, file) } else { Vec::new() };
            named.into_iter().map(move |name| (file, name))
        });
        found.collect()
    }

    /// A word or string that says its name, and may mean it or anything else.
    pub(super) fn stray(&self, ws: &Workspace) -> Option<Place> {
        let is_role = matches!(self.symbol, Symbol::Role(..) | Symbol::Template(_) | Symbol::Roles(..));
        let may_mean = |stray: &Stray| match &self.symbol {
            Symbol::Catalog(_) => stray.is_top,
            Symbol::Role(own, _) | Symbol::Principal(own, _) => {
                stray.organization.is_none_or(|other| other == *own)
            }
            _ => true,
        };
        let mut files: Vec<FileId> = ws.files().to_vec();
        files.sort_unstable();
        files.into_iter().filter(|file| self.may_be_in(ws, *file)).find_map(|file| {
            let source = ws.sources().file(file)?;
            let is_damaged = ws.is_damaged(file);
            // Where nothing is damaged a place tells, but for one: a role in quotes behind a line that lacks its end,
            // which has taken up its `role` as a level.
            let is_open = |stray: &Stray| is_damaged || (is_role && stray.sort == Some(Sort::Principal));
            let says = |stray: &Stray| says(source.slice(stray.span), &self.name);
            let (named, strays) = walk_all(ws, file, None);
            let is_found = |stray: &Stray| {
                let mut here = named.iter().filter(|name| name.span == stray.span);
                here.any(|name| name.symbol.as_ref().is_some_and(|found| self.is(ws, found)))
            };
            let mut open = strays.iter().filter(|stray| is_open(stray) && may_mean(stray) && says(stray));
            let stray = open.find(|stray| !is_found(stray))?;
            Some(Place { file, span: stray.span })
        })
    }

    /// Whether a file's text has its name; an escape may spell it otherwise.
    fn may_be_in(&self, ws: &Workspace, file: FileId) -> bool {
        if let Symbol::Catalog(id) = &self.symbol {
            let ground = ws.ground();
            return ground.is_some_and(|known| {
                known.catalog_of(file) == Some(*id) || known.catalogs_in(file).contains(id)
            });
        }
        let text = ws.sources().file(file).map(|source| source.text()).unwrap_or_default();
        text.contains(&*self.name) || text.contains('\\')
    }

    fn in_file(&self, ws: &'w Workspace, file: FileId) -> Vec<Named<'w>> {
        let is_it = |name: &Named<'_>| name.symbol.as_ref().is_some_and(|found| self.is(ws, found));
        if !matches!(self.symbol, Symbol::Catalog(_)) {
            return walk(ws, file, None).into_iter().filter(is_it).collect();
        }
        // A catalog is named by heads and `use` only.
        let Some(tree) = ws.tree(file) else { return Vec::new() };
        let uses = tree.uses.iter().map(|member| Span::new(member.start, member.end));
        let heads = tree.catalogs.iter().map(|catalog| Span::new(catalog.head.start, catalog.head.end));
        let mut found: Vec<Named<'w>> = Vec::new();
        for span in uses.chain(heads) {
            found.extend(walk(ws, file, Some(span)).into_iter().filter(is_it));
        }
        found.sort_by_key(|name| name.span);
        found.dedup_by_key(|name| name.span);
        found
    }

    /// Whether what a name means is it.
    fn is(&self, ws: &Workspace, found: &Symbol) -> bool {
        match (&self.symbol, found) {
            (Symbol::Roles(catalog, name), Symbol::Role(organization, id))
            | (Symbol::Role(organization, id), Symbol::Roles(catalog, name)) => {
                let role = symbol::role(ws, Some(*organization), RoleRef::Own(*id));
                role.is_some_and(|role| role.catalog == *catalog && role.id == *name)
            }
            (Symbol::Level(catalog, _, word), Symbol::Level(other, of, said)) => {
                catalog == other && word == said && self.reaches(ws, *other, of)
            }
            (wanted, found) => wanted == found,
        }
    }

    /// Whether a level of something is one of the rows that have the level looked for.
    fn reaches(&self, ws: &Workspace, catalog: CatalogId, of: &LevelOf) -> bool {
        let has = |row: RowId| self.rows.binary_search(&row).is_ok();
        match of {
            LevelOf::Row(row) => has(*row),
            LevelOf::Reach(None) => !self.rows.is_empty(),
            LevelOf::Reach(Some(category)) => symbol::catalog(ws, catalog)
                .is_some_and(|known| known.rows_of(*category).any(|(row, _)| has(row))),
            LevelOf::Kind(name) => {
                self.symbol == Symbol::Level(catalog, of.clone(), (*self.name).into())
                    || self.rows.iter().any(|row| {
                        symbol::row(ws, catalog, *row).is_some_and(|row| row.kind == *name)
                            && symbol::home(ws, catalog, &LevelOf::Row(*row)) == LevelOf::Kind(name.clone())
                    })
            }
        }
    }
}

/// Whether a word or string says a name. One whose quote is missing has taken up what was to stand behind it.
fn says(written: &str, name: &str) -> bool {
    let is_open = written.starts_with('"') && (written.len() < 2 || !written.ends_with('"'));
    meaning(written) == name || (is_open && written.contains(name))
}

/// The rows that have the same level as something.
fn rows_of(ws: &Workspace, id: CatalogId, of: &LevelOf, word: &str) -> Vec<RowId> {
    let homes = match of {
        LevelOf::Reach(reach) => symbol::reached(ws, id, *reach, word),
        of => vec![symbol::home(ws, id, of)],
    };
    let Some(catalog) = symbol::catalog(ws, id) else { return Vec::new() };
    let knows = catalog.all_rows().filter(|(_, row)| row.shape.knows(word));
    knows
        .filter(|(row, _)| homes.contains(&symbol::home(ws, id, &LevelOf::Row(*row))))
        .map(|(row, _)| row)
        .collect()
}
