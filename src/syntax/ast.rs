//! What the text says, as data: names unresolved, levels as words. Spans count from the start of their member, so
//! that a member keeps its tree when text above it changes. Knows nothing of catalogs or of other members.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::source::Span;
use crate::vocab::{Decision, OrganizationKind, PrincipalKind, Time};

/// A name or string as written; its meaning is read from the text (see `syntax::Scope`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The token, its quotes included.
    pub span: Span,
}

/// Names in a list: most lists have one or two, and those stand where the list stands.
pub type Names = SmallVec<[Name; 2]>;

/// A member: a piece of a file that is parsed by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<T> {
    /// Where it starts in its file; the spans inside count from here.
    pub start: u32,
    /// The byte after its last token, in its file.
    pub end: u32,
    /// The `///` lines above it.
    pub docs: SmallVec<[Span; 2]>,
    /// What it says; shared with the trees of earlier texts in which the member stands as it does here.
    pub node: Arc<T>,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// `use`.
    pub uses: Vec<Member<Use>>,
    /// `catalog`.
    pub catalogs: Vec<Catalog>,
    /// `template`.
    pub templates: Vec<Member<Role>>,
    /// `organization`.
    pub organizations: Vec<Organization>,
    /// `forbid` at the top: for each organization by itself.
    pub forbids: Vec<Member<Forbid>>,
    /// `require` at the top: in each organization by itself.
    pub requires: Vec<Member<Require>>,
    /// Words that stand in damaged text: what they may have declared is not missed elsewhere. Sorted.
    pub lost: Vec<Box<str>>,
    /// Where members start that say something else than their text alone: those that are damaged.
    pub(crate) unsound: Vec<u32>,
}

/// `use CATALOG "VERSION"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// A catalog's id, or the path of a file.
    pub catalog: Name,
    /// Whether it is quoted, and so a path.
    pub is_path: bool,
    /// The version that the file was written for.
    pub version: Option<Name>,
}

/// `catalog ID "TITLE" version "…" { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    /// Its head.
    pub head: Member<CatalogHead>,
    /// `kind`.
    pub kinds: Vec<Member<Kind>>,
    /// `category`.
    pub categories: Vec<Member<Category>>,
    /// `limit`.
    pub limits: Vec<Member<Limit>>,
    /// `super`.
    pub supers: Vec<Member<Name>>,
    /// `ids case-sensitive`.
    pub case_sensitive: Vec<Member<()>>,
}

/// The head of a catalog; no id where it is damaged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogHead {
    /// Its id.
    pub id: Option<Name>,
    /// Its title.
    pub title: Option<Name>,
    /// Its version.
    pub version: Option<Name>,
}

/// `kind ID = SHAPE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its id.
    pub id: Name,
    /// Its levels.
    pub shape: Shape,
}

/// The levels of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `ladder none < view < full`.
    Ladder(Names),
    /// `verbs view, create`.
    Verbs(Names),
    /// `flag`.
    Flag,
}

/// `category ID "TITLE" { rows }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its id; none where its head is damaged.
    pub id: Option<Name>,
    /// Its title.
    pub title: Option<Name>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Whether a part of it was damaged, so that it may have more rows than are known here.
    pub is_damaged: bool,
}

/// `ID "TITLE": KIND without LEVELS { options }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: Name,
    /// Its title.
    pub title: Option<Name>,
    /// Its kind.
    pub kind: KindRef,
    /// What it drops.
    pub without: Names,
    /// What is said about it.
    pub options: Vec<RowOption>,
    /// The `///` lines above it.
    pub docs: SmallVec<[Span; 2]>,
}

/// The kind of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KindRef {
    /// A kind of the catalog, by its id.
    Named(Name),
    /// A kind stated in place.
    Stated(Shape, Span),
}

/// Something said about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOption {
    /// Who holds its top may come to hold more: `escalating`, or `escalating to` some rows.
    Escalating {
        /// All of it.
        span: Span,
        /// The rows that it leads to; none where it leads to everything.
        to: Vec<RowName>,
    },
    /// It is there in managed organizations only.
    OnlyManaged(Span),
    /// A remark.
    Note(Name),
    /// A remark on an allow that may still be refused.
    Caveat(Name),
}

/// `CATEGORY.ROW`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowName {
    /// The category.
    pub category: Name,
    /// The row.
    pub row: Name,
}

/// `limit ID NUMBER`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is limited.
    pub id: Name,
    /// To how many.
    pub value: u32,
}

/// `role` or `template`, `ID "TITLE" from BASES { … }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Its id; none where its head is damaged.
    pub id: Option<Name>,
    /// Its title.
    pub title: Option<Name>,
    /// Whether it is a default role of its catalog.
    pub is_default: bool,
    /// What it starts from; empty without `from` and with `from nothing`.
    pub bases: Names,
    /// Whether a part of it was damaged, so that it may say more than is known here.
    pub is_damaged: bool,
    /// `description`.
    pub descriptions: Names,
    /// `grant`.
    pub grants: Vec<Grant>,
}

/// `grant …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The statement, without its block.
    pub span: Span,
    /// The whole statement.
    pub whole: Span,
    /// What it sets.
    pub what: Granted,
}

/// What a grant sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Granted {
    /// `grant all: LEVELS`.
    All(Levels),
    /// `grant CATEGORY: LEVELS { … }`; the level, the block or both.
    Category {
        /// The category.
        category: Name,
        /// The level of every row of it.
        levels: Option<Levels>,
        /// The rows of the block.
        entries: Vec<Entry>,
        /// Whether a block is there.
        has_block: bool,
    },
    /// `grant CATEGORY.ROW: LEVELS`.
    Row {
        /// The category.
        category: Name,
        /// The row and its levels.
        entry: Entry,
    },
}

/// The words after a colon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    /// The words.
    pub words: Names,
}

/// `ROW, ROW: LEVELS unconfirmed "…"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The rows.
    pub rows: Names,
    /// Their levels.
    pub levels: Levels,
    /// Marked as resting on no public source.
    pub unconfirmed: Option<Unconfirmed>,
}

/// `unconfirmed "BASIS"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unconfirmed {
    /// The word.
    pub span: Span,
    /// What the cell rests on, where said.
    pub basis: Option<Name>,
}

/// `organization ID "TITLE" direct { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its head.
    pub head: Member<OrganizationHead>,
    /// `role`.
    pub roles: Vec<Member<Role>>,
    /// `assign`.
    pub assignments: Vec<Member<Assign>>,
    /// `forbid`.
    pub forbids: Vec<Member<Forbid>>,
    /// `require`.
    pub requires: Vec<Member<Require>>,
    /// `test`.
    pub tests: Vec<Member<Test>>,
    /// How many assignments say `to` and nobody.
    pub nameless_principals: usize,
}

/// The head of an organization; no id where it is damaged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganizationHead {
    /// Its id.
    pub id: Option<Name>,
    /// Its title.
    pub title: Option<Name>,
    /// Whether it is direct or managed, where said.
    pub kind: Option<(OrganizationKind, Span)>,
}

/// `assign ROLE to PRINCIPALS from … until … because "…"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assign {
    /// The role.
    pub role: Name,
    /// Who holds it.
    pub principals: SmallVec<[Principal; 1]>,
    /// When and why.
    pub clauses: SmallVec<[Clause; 1]>,
}

/// `"NAME"` or `service "NAME"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal {
    /// All of it, `service` too.
    pub span: Span,
    /// The name.
    pub name: Name,
    /// A person or a service account.
    pub kind: PrincipalKind,
}

/// One of `from`, `until`, `because`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// All of it.
    pub span: Span,
    /// What it says.
    pub what: ClauseKind,
}

/// What a clause says. A time is none where its text is none; a finding has said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseKind {
    /// In force from here on.
    From(Option<Time>),
    /// No longer in force from here on.
    Until(Option<Time>),
    /// Why.
    Because(Name),
}

/// `forbid "TITLE" except ROLES { lines }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forbid {
    /// What it is for; none where its head is damaged.
    pub title: Option<Name>,
    /// The roles and templates that it passes over.
    pub exceptions: Names,
    /// What may not be held together.
    pub conditions: Vec<Condition>,
    /// Whether a part of it was damaged, so that it may say more than is known here.
    pub is_damaged: bool,
}

/// `CATEGORY.ROW: LEVELS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// All of it.
    pub span: Span,
    /// The category.
    pub category: Name,
    /// The row.
    pub row: Name,
    /// The levels.
    pub levels: Levels,
}

/// `require "TITLE" at least N at most N from … until … except ROLES { lines }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Require {
    /// What it is for; none where its head is damaged.
    pub title: Option<Name>,
    /// How many, when, and which roles it passes over.
    pub clauses: Vec<RequireClause>,
    /// What has to be held, all of it together.
    pub demands: Vec<Demand>,
    /// Whether a part of it was damaged, so that it may say more than is known here.
    pub is_damaged: bool,
}

/// A clause of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequireClause {
    /// All of it.
    pub span: Span,
    /// What it says.
    pub what: RequireClauseKind,
}

/// What a clause of a requirement says. A time is none where its text is none; a finding has said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequireClauseKind {
    /// From here on.
    From(Option<Time>),
    /// No longer from here on.
    Until(Option<Time>),
    /// No fewer.
    Least(u32),
    /// No more.
    Most(u32),
    /// The roles and templates that it passes over.
    Except(Names),
}

/// A line of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// `CATEGORY.ROW: LEVELS`.
    Row(Condition),
    /// `role ID`.
    Role(RoleName),
}

impl Require {
    /// The roles that it names: what it passes over, and what has to be held.
    pub fn roles(&self) -> impl Iterator<Item = Name> {
        let excepted = self.clauses.iter().filter_map(|clause| match &clause.what {
            RequireClauseKind::Except(names) => Some(names),
            _ => None,
        });
        let held = self.demands.iter().filter_map(|demand| match demand {
            Demand::Role(role) => Some(role.name),
            Demand::Row(_) => None,
        });
        excepted.flatten().copied().chain(held)
    }

    /// Its lines about rows.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.demands.iter().filter_map(|demand| match demand {
            Demand::Row(condition) => Some(condition),
            Demand::Role(_) => None,
        })
    }
}

impl Demand {
    /// All of it.
    pub fn span(&self) -> Span {
        match self {
            Self::Row(condition) => condition.span,
            Self::Role(role) => role.span,
        }
    }
}

/// `test "TITLE" { lines }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Test {
    /// What it shows; none where its head is damaged.
    pub title: Option<Name>,
    /// What is asserted, line by line.
    pub assertions: Vec<Assertion>,
    /// What is asserted in tables.
    pub cases: Vec<Cases>,
    /// Whether a part of it was damaged, so that it may say more than is known here.
    pub is_damaged: bool,
}

/// `SUBJECT can CATEGORY.ROW: LEVELS at TIME`, or `only SUBJECTS can …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// All of it.
    pub span: Span,
    /// Who: behind `only` one or several, else one.
    pub subjects: SmallVec<[Subject; 1]>,
    /// Whether `only` stands before them: they, and nobody else.
    pub is_only: bool,
    /// `can` or `cannot`.
    pub verdict: Decision,
    /// The category.
    pub category: Name,
    /// The row.
    pub row: Name,
    /// The levels; the top where none is said.
    pub levels: Option<Levels>,
    /// When; at every moment where it is not said. A time is none where its text is none.
    pub at: Option<Option<Time>>,
}

/// `cases SUBJECTS at TIME { rows }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cases {
    /// All of it.
    pub span: Span,
    /// Without its block.
    pub head: Span,
    /// Who: a column for each.
    pub subjects: SmallVec<[Subject; 1]>,
    /// When; at every moment where it is not said. A time is none where its text is none.
    pub at: Option<Option<Time>>,
    /// The rows.
    pub rows: Vec<CaseRow>,
    /// Whether a part of it was damaged, so that it may say more than is known here.
    pub is_damaged: bool,
}

/// `CATEGORY.ROW: LEVELS | LEVELS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// All of it.
    pub span: Span,
    /// The category.
    pub category: Name,
    /// The row.
    pub row: Name,
    /// The levels, a cell for each column.
    pub cells: Vec<Cell>,
}

/// One cell of a table: the level that is held, and nothing beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// All of it.
    pub span: Span,
    /// The level.
    pub levels: Levels,
}

/// Who an assertion is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A principal; where `service` stands before it, a service account.
    Principal(Principal),
    /// A role or template.
    Role(RoleName),
}

/// `ID` or `role ID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleName {
    /// All of it, `role` too.
    pub span: Span,
    /// The name.
    pub name: Name,
}

impl Subject {
    /// The name alone.
    pub fn name(&self) -> Name {
        match self {
            Self::Principal(principal) => principal.name,
            Self::Role(role) => role.name,
        }
    }

    /// All of it, with `service` or `role`.
    pub fn span(&self) -> Span {
        match self {
            Self::Principal(principal) => principal.span,
            Self::Role(role) => role.span,
        }
    }
}

impl Test {
    /// Everybody that it names, as often as it does.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        let lines = self.assertions.iter().flat_map(|line| &line.subjects);
        lines.chain(self.cases.iter().flat_map(|cases| &cases.subjects))
    }
}
