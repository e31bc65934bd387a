//! Marks on the cells of a policy's roles: which of them tests speak of, which they watch. What came with the program is
//! nobody's to test, so the templates of built-in catalogs are no part of it.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Row, built_in_files};
use crate::model::{Model, Organization, Role, RoleRef};
use crate::source::Sources;
use crate::tools::testing::web::Web;
use crate::vocab::{Actions, OwnRoleId, RowId, TemplateId};

/// A part of a whole.
///
/// ```
/// use rolec::tools::testing::Count;
///
/// let count = Count { part: 1, all: 3 };
/// assert_eq!((count.to_string(), count.share()), ("1 of 3 (33.3 %)".to_owned(), "33.3 %".to_owned()));
/// assert!(count.is_below(33.4) && !count.is_below(33.3));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many are.
    pub part: usize,
    /// Of how many.
    pub all: usize,
}

impl Count {
    /// The part in percent; all of nothing is all.
    ///
    /// ```
    /// use rolec::tools::testing::Count;
    ///
    /// assert_eq!(Count { part: 1, all: 4 }.percent(), 25.0);
    /// assert_eq!(Count::default().percent(), 100.0);
    /// ```
    pub fn percent(self) -> f64 {
        if self.all == 0 { 100.0 } else { self.part as f64 * 100.0 / self.all as f64 }
    }

    /// The part in percent as people read it: cut and not rounded, for 99.96 % are not all.
    pub fn share(self) -> String {
        let tenths = (self.part * 1000).checked_div(self.all).unwrap_or(1000);
        format!("{}.{} %", tenths / 10, tenths % 10)
    }

    /// Whether the part is below a percentage, exactly.
    pub fn is_below(self, percent: f64) -> bool {
        (self.part as f64) * 100.0 < percent * self.all as f64
    }

    pub(super) fn add(&mut self, other: Self) {
        self.part += other.part;
        self.all += other.all;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} ({})", self.part, self.all, self.share())
    }
}

/// A role or template with a mark on some actions of its cells.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::coverage;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let coverage = coverage(&model, &compiled.sources);
/// let template = coverage.roles.iter().find(|marked| marked.organization.is_none()).unwrap();
/// assert_eq!(&*template.catalog.id, "wiki");
/// ```
#[derive(Clone, Debug)]
pub struct Marked<'m> {
    /// The organization; none of a template.
    pub organization: Option<&'m Organization>,
    /// The role.
    pub role: &'m Role,
    /// Its catalog.
    pub catalog: &'m Catalog,
    pub(super) id: RoleRef,
    /// Whether the rows are there that managed organizations alone have.
    has_managed: bool,
    marks: BTreeMap<RowId, Actions>,
}

impl<'m> Marked<'m> {
    /// Its rows, those of the organization's kind, with what it holds and what is marked of it.
    ///
    /// ```
    /// use rolec::pipeline::compile;
    /// use rolec::source::Sources;
    /// use rolec::tools::testing::coverage;
    ///
    /// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
    /// let model = compiled.model.unwrap();
    /// let coverage = coverage(&model, &compiled.sources);
    /// let editor = coverage.roles.iter().find(|marked| &*marked.role.id == "editor").unwrap();
    /// let marked: Vec<_> = editor.rows().filter(|(.., marks)| !marks.is_empty()).collect();
    /// assert!(marked.iter().map(|(_, row, ..)| &*row.id).eq(["spaces", "pages"]));
    /// ```
    pub fn rows(&self) -> impl Iterator<Item = (RowId, &'m Row, Actions, Actions)> {
        let there = self.catalog.all_rows().filter(|(_, row)| self.has(row));
        there.map(|(id, row)| {
            (id, row, self.role.cells.get(row), self.marks.get(&id).copied().unwrap_or_default())
        })
    }

    pub(super) fn has(&self, row: &Row) -> bool {
        self.has_managed || !row.only_managed
    }

    pub(super) fn mark(&mut self, row: RowId, actions: Actions) {
        let marked = self.marks.entry(row).or_default();
        *marked = *marked | actions;
    }

    /// How much of what may be marked is.
    pub(super) fn count(&self, may_be: impl Fn(&Row, Actions) -> Actions) -> Count {
        self.rows().fold(Count::default(), |mut count, (_, row, held, marked)| {
            let may_be = may_be(row, held);
            count.add(Count { part: (marked & may_be).count(), all: may_be.count() });
            count
        })
    }
}

/// Every role and template of a policy, with no mark: templates first, then each organization.
pub(super) fn unmarked<'m>(model: &'m Model, webs: &[Web<'m>], sources: &Sources) -> Vec<Marked<'m>> {
    let built_in = built_in_files(sources);
    let is_own = |role: &Role| !built_in.contains(&role.place.file);
    let templates = model.shared.templates.iter().enumerate().filter(|(_, role)| is_own(role));
    let mut all: Vec<Marked<'m>> = templates
        .filter_map(|(at, role)| {
            let catalog = model.shared.catalogs.get(role.catalog.index())?;
            let mut users = webs.iter().filter(|web| std::ptr::eq(web.catalog, catalog)).peekable();
            // Where nobody uses the catalog nothing says which rows are not there.
            let has_managed = users.peek().is_none() || users.any(Web::is_managed);
            let id = RoleRef::Template(TemplateId::at(at));
            Some(Marked { organization: None, role, catalog, id, has_managed, marks: BTreeMap::new() })
        })
        .collect();
    for web in webs {
        all.extend(web.organization.roles.iter().enumerate().map(|(at, role)| Marked {
            organization: Some(web.organization),
            role,
            catalog: web.catalog,
            id: RoleRef::Own(OwnRoleId::at(at)),
            has_managed: web.is_managed(),
            marks: BTreeMap::new(),
        }));
    }
    all
}
