//! Catalogs: their heads, categories, rows and limits.

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

use crate::catalog::{BUILT_IN, BuiltIn, Catalog, Category, Cells, Row};
use crate::check::Input;
use crate::check::escalations;
use crate::check::kinds::Kinds;
use crate::check::lost::Lost;
use crate::check::names::{Case, Names, blank, differs, is_blank, looks, offer, taken, title, with_near};
use crate::check::roles::Declared;
use crate::check::titles::{self, Titled};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, nearest};
use crate::source::{FileId, Place, Span};
use crate::syntax::{Scope, ast};
use crate::vocab::{CatalogId, CategoryId, Escalation, RowId, TemplateId, limits};

/// The checked catalogs, with what is looked up in them.
#[derive(Debug, Default)]
pub(super) struct Catalogs {
    pub(super) list: Arc<Vec<Catalog>>,
    pub(super) names: Names<CatalogId>,
    scopes: Vec<Inside>,
    /// Every row of each catalog at its floor: what every role begins with.
    floors: Vec<Cells>,
    /// The `super` of each catalog, until templates are known.
    supers: Vec<Option<Super>>,
    /// The catalogs that each file holds.
    pub(super) by_file: HashMap<u32, Vec<CatalogId>>,
}

/// The template that a catalog calls its super role.
#[derive(Debug)]
struct Super {
    name: Box<str>,
    place: Place,
    is_garbled: bool,
}

/// The names inside of one catalog.
#[derive(Debug, Default)]
pub(super) struct Inside {
    pub(super) categories: Names<CategoryId>,
    rows: Vec<Names<RowId>>,
    /// The rows whose levels are not those that were meant, sorted.
    unsound: Vec<RowId>,
    /// For each id of a row the first category that has one: made when a row is looked for in the wrong place.
    elsewhere: OnceLock<HashMap<Box<str>, CategoryId>>,
}

impl Inside {
    /// Whether the levels of a row can be held against what is granted.
    pub(super) fn is_sound(&self, row: RowId) -> bool {
        self.unsound.binary_search(&row).is_err()
    }

    /// The first category that has a row of an id.
    pub(super) fn category_with<'c>(&self, catalog: &'c Catalog, row: &str) -> Option<&'c Category> {
        let elsewhere = self.elsewhere.get_or_init(|| {
            // The last word is the first row's.
            catalog.rows.iter().rev().map(|row| (row.id.clone(), row.category)).collect()
        });
        elsewhere.get(row).and_then(|id| catalog.category(*id))
    }

    /// The rows of a category.
    pub(super) fn rows(&self, category: CategoryId) -> Option<&Names<RowId>> {
        self.rows.get(category.index())
    }
}

impl Catalogs {
    pub(super) fn get(&self, id: CatalogId) -> Option<&Catalog> {
        self.list.get(id.index())
    }

    pub(super) fn inside(&self, id: CatalogId) -> Option<&Inside> {
        self.scopes.get(id.index())
    }

    /// Every row of a catalog at its floor.
    pub(super) fn floor(&self, id: CatalogId) -> Cells {
        self.floors.get(id.index()).cloned().unwrap_or_default()
    }

    /// Whether ids of a catalog's roles and rows are told apart by case.
    pub(super) fn case(&self, id: Option<CatalogId>) -> Case {
        Case::of(id.and_then(|id| self.get(id)).is_some_and(|catalog| catalog.is_case_sensitive))
    }
}

pub(super) fn check(inputs: &[Input<'_>], lost: &Lost, findings: &mut Diagnostics) -> Catalogs {
    let mut catalogs = Catalogs::default();
    declare(inputs, &mut catalogs.names, findings);
    for input in inputs {
        for tree in &input.tree.catalogs {
            catalog(input, tree, &mut catalogs, lost, findings);
        }
    }
    // What is built in stands first: a finding is at the text that somebody can change.
    let mut inputs: Vec<_> = inputs.iter().collect();
    inputs.sort_by_key(|input| !input.is_built_in);
    let titles: Vec<Titled<'_>> = inputs.iter().flat_map(|input| titles_in(input)).collect();
    let built_in = inputs.iter().take_while(|input| input.is_built_in).map(|input| input.tree.catalogs.len());
    titles::check(&titles, built_in.sum(), findings);
    catalogs.floors = catalogs.list.iter().map(Catalog::floor).collect();
    catalogs
}

/// Declares the ids of all catalogs. What is built in stands first: a finding is at the text that somebody can change.
fn declare(inputs: &[Input<'_>], names: &mut Names<CatalogId>, findings: &mut Diagnostics) {
    let all = inputs.iter().flat_map(|input| input.tree.catalogs.iter().map(move |tree| (input, tree)));
    let mut all: Vec<_> =
        all.enumerate().map(|(index, (input, tree))| (CatalogId::at(index), input, tree)).collect();
    all.sort_by_key(|(_, input, _)| !input.is_built_in);
    // `use` finds these too, though no file asks for them yet.
    let mut unused: Names<usize> = Names::default();
    let is_there =
        |id: &str| all.iter().any(|(_, input, tree)| input.is_built_in && is_called(input, tree, id));
    for (index, known) in BUILT_IN.iter().enumerate().filter(|(_, known)| !is_there(known.id)) {
        let nowhere = Place { file: FileId(0), span: Span::new(0, 0) };
        drop(unused.declare(known.id, index, nowhere, Case::Same));
    }
    for (id, input, tree) in all {
        let scope = Scope::new(input.source, input.id, &tree.head);
        let Some(written) = tree.head.node.id else { continue };
        let (name, place) = (scope.name(written), scope.at(written));
        if is_blank(&name) {
            findings.push(blank("id", "catalog", &name, place));
        }
        if !input.is_built_in && BuiltIn::find(&name).is_some() {
            findings.push(
                Diagnostic::new(
                    Code::AlteredBuiltIn,
                    place,
                    format!("`{name}` is a built-in catalog, and this text is not its text"),
                )
                .label("another catalog by this id")
                .help("give yours another id, or take the file out: `use` finds the built-in one by itself"),
            );
            continue;
        }
        match names.declare(&name, id, place, Case::Same) {
            Ok(alike) => {
                let like_unused = like_unused(&name, place, &unused).filter(|finding| {
                    // One that looks like both is told of once.
                    alike.is_none() || finding.code == Code::DuplicateName
                });
                looks("catalog", scope, written, alike.as_ref(), findings);
                like_unused.into_iter().for_each(|finding| findings.push(finding));
            }
            Err(clash) => findings.push(taken("catalog", &name, place, &clash)),
        }
    }
}

fn is_called(input: &Input<'_>, tree: &ast::Catalog, id: &str) -> bool {
    let scope = Scope::new(input.source, input.id, &tree.head);
    tree.head.node.id.is_some_and(|name| scope.name(name) == id)
}

/// The finding for a catalog whose id is, or looks like, that of a built-in one which no file uses.
fn like_unused(name: &str, place: Place, unused: &Names<usize>) -> Option<Diagnostic> {
    let (code, other) = match unused.meet(name, Case::Same) {
        (Some(clash), _) => (Code::DuplicateName, clash.name),
        (None, Some(alike)) => (Code::ConfusableName, alike.name),
        (None, None) => return None,
    };
    let finding = Diagnostic::new(code, place, format!("catalog `{name}` {}", differs(name, &other)));
    Some(finding.label("that one is built in, and `use` finds it").help("give yours another id"))
}

/// The catalogs of a file with their titles.
fn titles_in<'s>(input: &Input<'s>) -> impl Iterator<Item = Titled<'s>> {
    input.tree.catalogs.iter().map(|tree| {
        let (scope, head) = (Scope::new(input.source, input.id, &tree.head), &tree.head.node);
        match head.id {
            Some(id) => titled(scope, "catalog", id, head.title),
            None => Titled::by_title(&scope, "catalog", head.title),
        }
    })
}

fn catalog(
    input: &Input<'_>,
    tree: &ast::Catalog,
    catalogs: &mut Catalogs,
    lost: &Lost,
    findings: &mut Diagnostics,
) {
    let scope = Scope::new(input.source, input.id, &tree.head);
    let head = &tree.head.node;
    let id = CatalogId::at(catalogs.list.len());
    let (name, place) = match head.id {
        Some(name) => (scope.name(name), scope.at(name)),
        None => ("".into(), scope.place(Span::new(0, 0))),
    };
    let mut inside = Inside::default();
    // A word of `ids case-sensitive` that stands in damaged text: names that differ by case are rather meant so.
    let is_case_sensitive = !tree.case_sensitive.is_empty() || lost.has("ids") || lost.has("case-sensitive");
    let case = Case::of(is_case_sensitive);
    let kinds = Kinds::check(input, &tree.kinds, case, findings);
    let mut built = Catalog {
        id: name.into(),
        title: title(scope, head.title, "catalog", findings),
        doc: scope.docs(&tree.head.docs).map(Into::into),
        version: version(scope, head.version, findings),
        categories: Vec::new(),
        rows: Vec::new(),
        super_role: None,
        custom_roles: None,
        is_case_sensitive,
        place,
    };
    once(input, &tree.case_sensitive, "`ids`", findings);
    let mut titles = Vec::new();
    for member in &tree.categories {
        category(input, member, case, &kinds, lost, &mut built, &mut inside, &mut titles, findings);
    }
    escalations::resolve(input, tree, &mut built, &inside, lost, findings);
    titles::check(&titles, 0, findings);
    if built.rows.is_empty() && tree.categories.is_empty() {
        findings.push(
            Diagnostic::new(Code::NothingOffered, place, format!("catalog `{}` has no category", built.id))
                .help("write `category ID { ROW: KIND }` in it"),
        );
    }
    built.custom_roles = custom_roles(input, &tree.limits, findings);
    once(input, &tree.supers, "`super`", findings);
    // Which templates an altered built-in catalog has is not known: those that are there may be the true one's.
    let is_altered = !input.is_built_in && BuiltIn::find(&built.id).is_some();
    let super_role = tree.supers.first().filter(|_| !is_altered).map(|member| {
        let scope = Scope::new(input.source, input.id, member);
        let name = *member.node;
        Super { name: scope.name(name).into(), place: scope.at(name), is_garbled: scope.is_garbled(name) }
    });
    catalogs.by_file.entry(input.id.0).or_default().push(id);
    Arc::make_mut(&mut catalogs.list).push(built);
    catalogs.scopes.push(inside);
    catalogs.supers.push(super_role);
}

/// The version that a catalog states, where it does; an empty one is told.
fn version(scope: Scope<'_>, version: Option<ast::Name>, findings: &mut Diagnostics) -> Option<Box<str>> {
    let (text, place) = version.map(|version| (scope.name(version), scope.at(version)))?;
    if is_blank(&text) {
        findings
            .push(blank("version", "catalog", &text, place).help("a catalog without a version says none"));
    }
    Some(text.into())
}

/// Tells each member after the first of what a catalog says once.
fn once<T>(input: &Input<'_>, members: &[ast::Member<T>], what: &str, findings: &mut Diagnostics) {
    let Some((first, more)) = members.split_first() else { return };
    let place = |member: &ast::Member<T>| {
        let end = member.end - member.start;
        Scope::new(input.source, input.id, member).place(Span::new(0, end))
    };
    for member in more {
        findings.push(
            Diagnostic::new(Code::SaidTwice, place(member), format!("{what} is said twice in this catalog"))
                .also(place(first), "first here"),
        );
    }
}

fn custom_roles(
    input: &Input<'_>,
    members: &[ast::Member<ast::Limit>],
    findings: &mut Diagnostics,
) -> Option<u32> {
    const KNOWN: &str = "custom-roles";
    let mut first: Option<(u32, Place)> = None;
    for member in members {
        let scope = Scope::new(input.source, input.id, member);
        let (name, place) = (scope.name(member.node.id), scope.at(member.node.id));
        if name != KNOWN {
            let finding = Diagnostic::new(Code::UnknownLimit, place, format!("there is no limit `{name}`"))
                .help(format!("the limit that a catalog may state is `{KNOWN}`"));
            if !scope.is_garbled(member.node.id) {
                findings.push(offer(finding, place, &nearest(&name, [KNOWN])));
            }
        } else if let Some((_, earlier)) = first {
            findings.push(
                Diagnostic::new(Code::SaidTwice, place, format!("limit `{KNOWN}` is said twice"))
                    .also(earlier, "first here"),
            );
        } else {
            first = Some((member.node.value, place));
        }
    }
    first.map(|(value, _)| value)
}

#[expect(clippy::too_many_arguments, reason = "one pass over one member; the parts have no life together")]
fn category<'s>(
    input: &Input<'s>,
    member: &ast::Member<ast::Category>,
    case: Case,
    kinds: &Kinds,
    lost: &Lost,
    catalog: &mut Catalog,
    inside: &mut Inside,
    titles: &mut Vec<Titled<'s>>,
    findings: &mut Diagnostics,
) {
    let scope = Scope::new(input.source, input.id, member);
    let node = &member.node;
    let id = CategoryId::at(catalog.categories.len());
    let Some(name) = node.id else { return };
    let (text, place) = (scope.name(name), scope.at(name));
    if is_blank(&text) {
        findings.push(blank("id", "category", &text, place));
    }
    match inside.categories.declare(&text, id, place, case) {
        Ok(alike) => looks("category", scope, name, alike.as_ref(), findings),
        Err(clash) => findings.push(taken("category", &text, place, &clash)),
    }
    titles.push(titled(scope, "category", name, node.title));
    let title_of_all = title(scope, node.title, "category", findings);
    inside.categories.entitle(&text, title_of_all.as_deref());
    let mut row_titles = Vec::with_capacity(node.rows.len());
    let start = catalog.rows.len();
    let mut names = Names::default();
    for row in &node.rows {
        if catalog.rows.len() >= limits::CATALOG_ROWS {
            findings.push(Diagnostic::new(
                Code::TooManyActions,
                scope.at(row.id),
                format!("a catalog has at most {} rows", limits::CATALOG_ROWS),
            ));
            break;
        }
        let (row_name, row_place) = (scope.name(row.id), scope.at(row.id));
        if is_blank(&row_name) {
            findings.push(blank("id", "row", &row_name, row_place));
        }
        match names.declare(&row_name, RowId::at(catalog.rows.len()), row_place, case) {
            Ok(alike) => looks("row", scope, row.id, alike.as_ref(), findings),
            Err(clash) => {
                let is_twice = *clash.name == *row_name;
                findings.push(taken("row", &row_name, row_place, &clash));
                if is_twice {
                    continue;
                }
            }
        }
        row_titles.push(titled(scope, "row", row.id, row.title));
        let (kind, levels) = kinds.of_row(&scope, row, lost, findings);
        if !levels.is_sound {
            inside.unsound.push(RowId::at(catalog.rows.len()));
        }
        let title = title(scope, row.title, "row", findings);
        names.entitle(&row_name, title.as_deref());
        let mut built = Row {
            id: row_name.into(),
            title,
            doc: scope.docs(&row.docs).map(Into::into),
            category: id,
            kind,
            first_bit: levels.shape.first_bit(catalog.width()),
            shape: levels.shape,
            only_managed: false,
            escalation: Escalation::Nowhere,
            notes: Vec::new(),
            caveats: Vec::new(),
            place: row_place,
        };
        options(&scope, row, &mut built, findings);
        catalog.rows.push(built);
    }
    titles::check(&row_titles, 0, findings);
    if node.rows.is_empty() && !node.is_damaged {
        findings.push(
            Diagnostic::new(Code::NothingOffered, place, format!("category `{text}` has no row"))
                .help("write its rows as `ROW: KIND`, or take it out"),
        );
    }
    catalog.categories.push(Category {
        id: text.into(),
        title: title_of_all,
        doc: scope.docs(&member.docs).map(Into::into),
        rows: start..catalog.rows.len(),
        place,
    });
    inside.rows.push(names);
}

/// A category or row with its title.
fn titled<'s>(scope: Scope<'s>, what: &'static str, id: ast::Name, title: Option<ast::Name>) -> Titled<'s> {
    Titled { what, id: scope.name(id), place: scope.at(id), title: titles::title(&scope, title) }
}

fn options(scope: &Scope<'_>, row: &ast::Row, built: &mut Row, findings: &mut Diagnostics) {
    let mut seen: [Option<Span>; 2] = [None, None];
    let mut flag = |slot: usize, span: Span, word: &str, findings: &mut Diagnostics| {
        let Some(seen) = seen.get_mut(slot) else { return };
        if let Some(first) = *seen {
            let finding = Diagnostic::new(
                Code::SaidTwice,
                scope.place(span),
                format!("`{word}` is said twice of this row"),
            );
            let finding = finding.also(scope.place(first), "first here");
            // Of two that lead to different rows nobody knows which is meant.
            let is_same = scope.text(first) == scope.text(span);
            let fix = is_same.then(|| Fix::safe("remove it", scope.without(span), ""));
            findings.push(fix.into_iter().fold(finding, Diagnostic::fix));
        }
        *seen = Some(span);
    };
    for option in &row.options {
        match option {
            // Where it leads is known once all rows are.
            ast::RowOption::Escalating { span, .. } => flag(0, *span, "escalating", findings),
            ast::RowOption::OnlyManaged(span) => {
                let span = *span;
                flag(1, span, "only managed", findings);
                built.only_managed = true;
                if !built.shape.floor().is_empty() {
                    findings.push(
                        Diagnostic::new(
                            Code::BottomlessManaged,
                            scope.place(span),
                            format!("row `{}` cannot be `only managed`: it has no `none`", built.id),
                        )
                        .label("in a direct organization the row is at `none`")
                        .help("let the row offer `none`, or take `only managed` away"),
                    );
                }
            }
            ast::RowOption::Note(text) => built.notes.push(scope.name(*text).into()),
            ast::RowOption::Caveat(text) => built.caveats.push(scope.name(*text).into()),
        }
    }
}

/// Resolves each catalog's `super`, once templates are known.
pub(super) fn supers(
    catalogs: &mut Catalogs,
    declared: &Declared<'_, TemplateId>,
    lost: &Lost,
    findings: &mut Diagnostics,
) {
    let named = std::mem::take(&mut catalogs.supers);
    for (index, (super_role, catalog)) in named.into_iter().zip(Arc::make_mut(&mut catalogs.list)).enumerate()
    {
        let Some(Super { name, place, is_garbled }) = super_role else { continue };
        match declared.find(&name) {
            Some(role) if role.catalog == Some(CatalogId::at(index)) => catalog.super_role = Some(name),
            // A file that does not say its catalog has had its finding.
            Some(role) if role.catalog.is_none() => {}
            Some(role) => findings.push(
                Diagnostic::new(
                    Code::OtherCatalog,
                    place,
                    format!("template `{name}` is of another catalog than `{}`", catalog.id),
                )
                .also(role.place, "declared here"),
            ),
            None => {
                let near = [declared.names.near()];
                if is_garbled
                    || lost.may_have_role(&name, || !findings.nearest(&name, None, &near).is_empty())
                {
                    continue;
                }
                let finding =
                    Diagnostic::new(Code::UnknownRole, place, format!("there is no template `{name}`"))
                        .label("the super role is a template of this catalog");
                let finding = with_near(finding, &name, place, &near, findings);
                findings.push(finding);
            }
        }
    }
}
