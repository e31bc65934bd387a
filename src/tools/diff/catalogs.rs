//! Two catalogs held against each other: what they say of themselves, their categories and rows, and what their default
//! roles grant. Where things are written, and in which order, is no difference.
//!
//! ```
//! use rolec::table::Table;
//! use rolec::tools::diff::catalogs::compare;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let wiki = table.catalogs().next().unwrap();
//! assert!(compare(wiki, wiki).is_empty());
//! # Ok::<(), rolec::table::LoadError>(())
//! ```

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::syntax::{spelled, spelled_level};
use crate::table::{Catalog, Category, Role, Row};
use crate::tools::diff::rows::Renamed;
use crate::vocab::{Actions, Escalation, Form, RowId};

/// What differs between two catalogs.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::catalogs::{Change, Field, compare};
///
/// let later = rolec::example::POLICY.replace("version \"3\"", "version \"4\"").replace("grant all: full", "grant site: full");
/// let compiled = |text: &str| compile(Sources::from_iter([("acme.role", text)])).table.unwrap();
/// let (old, new) = (compiled(rolec::example::POLICY), compiled(&later));
/// let found = compare(old.catalogs().next().unwrap(), new.catalogs().next().unwrap());
/// assert_eq!(found.itself[0].field, Field::Version);
/// assert!(found.categories.is_empty() && found.rows.is_empty());
/// // The owner has lost what all gave beyond the site.
/// let [Change::Changed(owner, differs)] = &found.roles[..] else { panic!("one default role differs") };
/// assert_eq!((owner.id(), differs.len()), ("owner", 2));
/// assert!(matches!(differs[0].field, Field::Level(row) if row.id() == "spaces"));
/// ```
#[derive(Clone, Debug)]
pub struct Comparison<'t> {
    /// The one before.
    pub old: Catalog<'t>,
    /// The one after.
    pub new: Catalog<'t>,
    /// What the catalogs say of themselves.
    pub itself: Vec<Difference<'t>>,
    /// Categories, by id.
    pub categories: Vec<Change<'t, Category<'t>>>,
    /// Rows, by category and id.
    pub rows: Vec<Change<'t, Row<'t>>>,
    /// Default roles, by id.
    pub roles: Vec<Change<'t, Role<'t>>>,
}

impl Comparison<'_> {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.itself.is_empty() && self.categories.is_empty() && self.rows.is_empty() && self.roles.is_empty()
    }
}

impl<'t> Comparison<'t> {
    /// Takes out the rows that are on one side only by their ids: they were renamed, and are told so.
    pub(super) fn pass_over(&mut self, renamed: &[Renamed<'t>]) {
        let gone: HashSet<RowId> = renamed.iter().map(|renamed| renamed.old.key()).collect();
        let come: HashSet<RowId> = renamed.iter().map(|renamed| renamed.new.key()).collect();
        self.rows.retain(|change| match change {
            Change::Added(row) => !come.contains(&row.key()),
            Change::Removed(row) => !gone.contains(&row.key()),
            Change::Changed(..) => true,
        });
    }
}

/// What became of a category, a row or a default role.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::catalogs::{Change, Field, Said, compare};
///
/// let later = rolec::example::POLICY.replace("export: flag", "export: flag { escalating }");
/// let compiled = |text: &str| compile(Sources::from_iter([("acme.role", text)])).table.unwrap();
/// let (old, new) = (compiled(rolec::example::POLICY), compiled(&later));
/// let found = compare(old.catalogs().next().unwrap(), new.catalogs().next().unwrap());
/// let [Change::Changed(row, differs)] = &found.rows[..] else { panic!("one row differs") };
/// assert_eq!((row.id(), differs[0].field), ("export", Field::Escalating));
/// assert_eq!((&differs[0].old, &differs[0].new), (&Said::Flag(false), &Said::Flag(true)));
/// ```
#[derive(Clone, Debug)]
pub enum Change<'t, T> {
    /// Only the new catalog has it.
    Added(T),
    /// Only the old one has it.
    Removed(T),
    /// Both have it, the new one so, and this differs.
    Changed(T, Vec<Difference<'t>>),
}

/// One thing that is said otherwise.
///
/// ```
/// use rolec::tools::diff::catalogs::{Difference, Field, Said};
///
/// let limit = Difference { field: Field::CustomRoles, old: Said::Nothing, new: Said::Number(10) };
/// assert_ne!(limit.old, limit.new);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference<'t> {
    /// What.
    pub field: Field<'t>,
    /// What was said of it.
    pub old: Said,
    /// What is said now.
    pub new: Said,
}

/// What a catalog says of itself or of what is in it.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::diff::catalogs::Field;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let row = table.catalogs().next().unwrap().rows().next().unwrap();
/// assert_eq!((Field::Level(row).word(), Field::CustomRoles.word()), ("level", "custom-roles"));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Field<'t> {
    /// The title.
    Title,
    /// The `///` lines.
    Doc,
    /// The version of a catalog.
    Version,
    /// The template whose holders may change roles.
    SuperRole,
    /// How many custom roles an organization may have.
    CustomRoles,
    /// Whether ids that differ by case or Unicode form only are different ids.
    CaseSensitive,
    /// The name of a row's kind; of an organization, direct or managed.
    Kind,
    /// `ladder`, `verbs` or `flag`.
    Form,
    /// The levels that a row offers.
    Levels,
    /// Whether a row is there in managed organizations only.
    OnlyManaged,
    /// Whether who holds a row's top may come to hold more; the rows, where it is said which.
    Escalating,
    /// The remarks on a row.
    Notes,
    /// The remarks on an allow.
    Caveats,
    /// The description of a role.
    Description,
    /// What a role starts from.
    From,
    /// Whether a template is a default role of its catalog.
    DefaultRole,
    /// The catalog of an organization.
    Catalog,
    /// The level that a role has of a row.
    Level(Row<'t>),
}

impl Field<'_> {
    /// Its name, for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Doc => "doc",
            Self::Version => "version",
            Self::SuperRole => "super",
            Self::CustomRoles => "custom-roles",
            Self::CaseSensitive => "case-sensitive",
            Self::Kind => "kind",
            Self::Form => "form",
            Self::Levels => "levels",
            Self::OnlyManaged => "only-managed",
            Self::Escalating => "escalating",
            Self::Notes => "notes",
            Self::Caveats => "caveats",
            Self::Description => "description",
            Self::From => "from",
            Self::DefaultRole => "default",
            Self::Catalog => "catalog",
            Self::Level(_) => "level",
        }
    }
}

impl PartialEq for Field<'_> {
    fn eq(&self, other: &Self) -> bool {
        let row = |field: &Self| match field {
            Self::Level(row) => Some((row.category().id().to_owned(), row.id().to_owned())),
            _ => None,
        };
        self.word() == other.word() && row(self) == row(other)
    }
}

impl Eq for Field<'_> {}

/// What is said of a field.
///
/// ```
/// use rolec::tools::diff::catalogs::Said;
///
/// assert_eq!(Said::of(Some("3")), Said::Text("3".to_owned()));
/// assert_eq!(Said::of(None), Said::Nothing);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// A text.
    Text(String),
    /// A number.
    Number(u32),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    Texts(Vec<String>),
}

impl Difference<'_> {
    /// Whether both say the same texts, in another order.
    fn is_of_order(&self) -> bool {
        match (&self.old, &self.new) {
            (Said::Texts(old), Said::Texts(new)) => {
                old.len() == new.len() && old.iter().collect::<HashSet<_>>() == new.iter().collect()
            }
            _ => false,
        }
    }
}

impl Said {
    /// A text, where there is one.
    pub fn of(text: Option<&str>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(text.to_owned()))
    }

    fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Texts(texts.into_iter().map(str::to_owned).collect())
    }
}

/// What differs between two catalogs: in the order of the new one, what was removed last. A title, a version and the
/// like are compared as they are, rows by their category and id, and default roles by every level that they have.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::diff::catalogs::{Change, compare};
///
/// let text = "catalog old { category c { a: flag b: flag } } catalog new { category c { b: flag c: flag } }";
/// let table = compile(Sources::from_iter([("catalogs.role", text)])).table.unwrap();
/// let catalog = |id| table.catalog_view(table.catalog(id).unwrap()).unwrap();
/// let found = compare(catalog("old"), catalog("new"));
/// let [Change::Added(c), Change::Removed(a)] = &found.rows[..] else { panic!("one came, one went") };
/// assert_eq!((c.id(), a.id()), ("c", "a"));
/// assert!(compare(catalog("old"), catalog("old")).is_empty());
/// ```
pub fn compare<'t>(old: Catalog<'t>, new: Catalog<'t>) -> Comparison<'t> {
    let old_rows: HashMap<(&str, &str), Row<'t>> = old.rows().map(|row| (of_row(&row), row)).collect();
    let default_of = |catalog: Catalog<'t>| catalog.templates().filter(|role| role.is_default());
    let roles = changes(
        default_of(old),
        default_of(new),
        |role| role.id(),
        |before, after| {
            let mut found = of_roles(before, after);
            found.extend(differences([(
                Field::From,
                Said::texts(before.bases().map(|base| base.id())),
                Said::texts(after.bases().map(|base| base.id())),
            )]));
            let in_both =
                new.rows().filter_map(|row| old_rows.get(&of_row(&row)).map(|before| (*before, row)));
            found.extend(in_both.filter_map(|(was, is)| {
                let (held, holds) = (before.actions(was.key()), after.actions(is.key()));
                let (old, new) = (spelled_level(was.shape(), held), spelled_level(is.shape(), holds));
                let are_one_set = verbs(was, held).is_some_and(|set| verbs(is, holds) == Some(set));
                let is_other = old != new && !are_one_set;
                let field = Field::Level(is);
                is_other.then_some(Difference { field, old: Said::Text(old), new: Said::Text(new) })
            }));
            found
        },
    );
    Comparison { roles, ..without_roles(old, new) }
}

/// [`compare`] without the default roles.
pub(super) fn without_roles<'t>(old: Catalog<'t>, new: Catalog<'t>) -> Comparison<'t> {
    let categories = changes(
        old.categories(),
        new.categories(),
        |category| category.id(),
        |old, new| {
            differences([
                (Field::Title, Said::of(old.title()), Said::of(new.title())),
                (Field::Doc, Said::of(old.doc()), Said::of(new.doc())),
            ])
        },
    );
    let rows = changes(old.rows(), new.rows(), of_row, of_rows);
    Comparison { old, new, itself: itself(old, new), categories, rows, roles: Vec::new() }
}

/// What of two catalogs is access: how a kind is named is not.
pub(super) fn of_access<'t>(old: Catalog<'t>, new: Catalog<'t>) -> Comparison<'t> {
    let mut found = without_roles(old, new);
    found.rows.retain_mut(|change| match change {
        Change::Changed(_, differences) => {
            differences.retain(is_of_access);
            !differences.is_empty()
        }
        Change::Added(_) | Change::Removed(_) => true,
    });
    found
}

/// Whether something that is said otherwise of a row is more than the name of its kind.
pub(super) fn is_of_access(difference: &Difference<'_>) -> bool {
    !matches!(difference.field, Field::Kind)
}

fn of_row<'t>(row: &Row<'t>) -> (&'t str, &'t str) {
    (row.category().id(), row.id())
}

/// What two roles say of themselves.
pub(super) fn of_roles<'t>(old: Role<'t>, new: Role<'t>) -> Vec<Difference<'t>> {
    differences([
        (Field::Title, Said::of(old.title()), Said::of(new.title())),
        (Field::Doc, Said::of(old.doc()), Said::of(new.doc())),
        (Field::Description, Said::of(old.description()), Said::of(new.description())),
    ])
}

/// The verbs of a level, whose order says nothing; none of a row of another kind.
fn verbs(row: Row<'_>, held: Actions) -> Option<HashSet<&str>> {
    (row.shape().form() == Form::Verbs).then(|| row.shape().names(held).collect())
}

fn itself<'t>(old: Catalog<'t>, new: Catalog<'t>) -> Vec<Difference<'t>> {
    let limit = |catalog: Catalog<'t>| catalog.custom_role_limit().map_or(Said::Nothing, Said::Number);
    let super_role = |catalog: Catalog<'t>| Said::of(catalog.super_role().map(|role| role.id()));
    differences([
        (Field::Title, Said::of(old.title()), Said::of(new.title())),
        (Field::Doc, Said::of(old.doc()), Said::of(new.doc())),
        (Field::Version, Said::of(old.version()), Said::of(new.version())),
        (Field::SuperRole, super_role(old), super_role(new)),
        (Field::CustomRoles, limit(old), limit(new)),
        (Field::CaseSensitive, Said::Flag(old.is_case_sensitive()), Said::Flag(new.is_case_sensitive())),
    ])
}

/// A row as one writes it.
fn named(row: Row<'_>) -> String {
    format!("{}.{}", spelled(row.category().id()), spelled(row.id()))
}

/// Whether a row is escalating; to which rows, where it is not to all.
fn escalating(row: Row<'_>) -> Said {
    match row.escalation() {
        Escalation::Nowhere => Said::Flag(false),
        Escalation::Everywhere => Said::Flag(true),
        Escalation::To(_) => Said::Texts(row.leads_to().map(named).collect()),
    }
}

/// What two catalogs say of a row.
pub(super) fn of_rows<'t>(old: Row<'t>, new: Row<'t>) -> Vec<Difference<'t>> {
    let form = |row: Row<'t>| Said::of(Some(row.shape().form().word()));
    let levels = |row: Row<'t>| Said::texts(row.shape().offered());
    let mut found = differences([
        (Field::Title, Said::of(old.title()), Said::of(new.title())),
        (Field::Doc, Said::of(old.doc()), Said::of(new.doc())),
        (Field::Kind, Said::of(old.kind()), Said::of(new.kind())),
        (Field::Form, form(old), form(new)),
        (Field::Levels, levels(old), levels(new)),
        (Field::OnlyManaged, Said::Flag(old.is_only_managed()), Said::Flag(new.is_only_managed())),
        (Field::Escalating, escalating(old), escalating(new)),
        (Field::Notes, Said::texts(old.notes()), Said::texts(new.notes())),
        (Field::Caveats, Said::texts(old.caveats()), Said::texts(new.caveats())),
    ]);
    // Verbs are a set, and so are notes and caveats.
    let are_verbs = old.shape().form() == Form::Verbs && new.shape().form() == Form::Verbs;
    found.retain(|one| match one.field {
        // So are the rows that one leads to.
        Field::Notes | Field::Caveats | Field::Escalating => !one.is_of_order(),
        Field::Levels => !(are_verbs && one.is_of_order()),
        _ => true,
    });
    found
}

/// Those of the fields that differ.
pub(super) fn differences<'t>(
    fields: impl IntoIterator<Item = (Field<'t>, Said, Said)>,
) -> Vec<Difference<'t>> {
    let differing = fields.into_iter().filter(|(_, old, new)| old != new);
    differing.map(|(field, old, new)| Difference { field, old, new }).collect()
}

fn changes<'t, T: Copy, K: Hash + Eq>(
    old: impl Iterator<Item = T>,
    new: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
    differ: impl Fn(T, T) -> Vec<Difference<'t>>,
) -> Vec<Change<'t, T>> {
    let old: Vec<T> = old.collect();
    let before: HashMap<K, T> = old.iter().map(|one| (key(one), *one)).collect();
    let mut now = HashSet::new();
    let mut changes = Vec::new();
    for one in new {
        match before.get(&key(&one)) {
            None => changes.push(Change::Added(one)),
            Some(was) => {
                let differs = differ(*was, one);
                if !differs.is_empty() {
                    changes.push(Change::Changed(one, differs));
                }
            }
        }
        now.insert(key(&one));
    }
    changes.extend(old.into_iter().filter(|one| !now.contains(&key(one))).map(Change::Removed));
    changes
}
