//! Texts and names to a query, and to what is wrong with them where they ask nothing: which name is not known, and
//! the near ones. A near name is told and never taken.
//!
//! ```
//! use rolec::table::Table;
//! use rolec::tools::ask::organization;
//!
//! let table = Table::from_bytes(rolec::example::TABLE)?;
//! let unasked = organization(&table, Some("acne")).unwrap_err();
//! assert_eq!(unasked.sentence(), "there is no organization `acne`; did you mean `acme`?");
//! # Ok::<(), rolec::table::LoadError>(())
//! ```

mod near;
#[cfg(feature = "cli")]
mod several;

use std::borrow::Cow;

use crate::diagnostic::either;
use crate::eval::{Evaluator, Holder, Permission, Query, Reading, Reason, Unread, Who, readings};
use crate::table::{Catalog, Organization, Role, Table};
use crate::vocab::{Actions, CatalogId, Period, Shape, Time, TimeError, limits};

use self::near::is_same;
pub(crate) use self::near::{Patience, near};
#[cfg(feature = "cli")]
pub(crate) use self::several::in_no_catalog;

/// Which permission is asked about.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalogs().next().unwrap();
/// let text = permission(&table, wiki, &What::Text("content.pages:update")).unwrap();
/// let ids = What::Ids { category: Some("content"), row: "pages", action: Some("update") };
/// assert_eq!(permission(&table, wiki, &ids), Ok(text));
/// assert_eq!(permission(&table, wiki, &What::TextAndAction("pages", "update")), Ok(text));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What<'a> {
    /// A text as on the command line: `row`, `category.row`, either with `:action`.
    Text(&'a str),
    /// Ids apart. Without a category the row is looked for in all of them.
    Ids {
        /// The category.
        category: Option<&'a str>,
        /// The row.
        row: &'a str,
        /// The action; all of the row's where there is none.
        action: Option<&'a str>,
    },
    /// A text without an action, and the action.
    TextAndAction(&'a str, &'a str),
}

/// Why nothing was asked.
///
/// ```
/// use rolec::eval::Reason;
/// use rolec::table::Table;
/// use rolec::tools::ask::{Unasked, What, permission};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalogs().next().unwrap();
/// let unasked = permission(&table, wiki, &What::Text("page")).unwrap_err();
/// assert_eq!(unasked.sentence(), "catalog `wiki` has no row `page`; did you mean `pages`?");
/// let Unasked::Unknown { reason, near, .. } = unasked else { panic!("a name is not known") };
/// assert_eq!((reason, near), (Reason::UnknownRow, vec!["pages".to_owned()]));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unasked {
    /// A name that the policy does not know: a deny.
    Unknown {
        /// Which sort of name.
        reason: Reason,
        /// One sentence.
        message: String,
        /// Names near to it, nearest first.
        near: Vec<String>,
    },
    /// It can be read in several ways.
    Ambiguous {
        /// One sentence.
        message: String,
        /// The ways, as one would write them.
        readings: Vec<String>,
    },
    /// The text cannot be read at all.
    Malformed(String),
}

impl Unasked {
    /// One sentence with the near names or the ways to read it.
    pub fn sentence(&self) -> String {
        match self {
            Self::Unknown { message, near, .. } if near.is_empty() => message.clone(),
            Self::Unknown { message, near, .. } => format!("{message}; did you mean {}?", either(near)),
            Self::Ambiguous { message, readings } => format!("{message}: {}", either(readings)),
            Self::Malformed(message) => message.clone(),
        }
    }
}

/// The organization of an id; without one, the only organization of the table.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::organization;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// // The only one needs no name.
/// assert_eq!(organization(&table, None).unwrap().id(), organization(&table, Some("acme")).unwrap().id());
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn organization<'t>(table: &'t Table, id: Option<&str>) -> Result<Organization<'t>, Unasked> {
    organization_of_many(table, id, &Patience::default())
}

/// [`organization`], as one question of many.
pub(crate) fn organization_of_many<'t>(
    table: &'t Table,
    id: Option<&str>,
    patience: &Patience,
) -> Result<Organization<'t>, Unasked> {
    let all = || table.organizations().map(Organization::id);
    let titled = || table.organizations().map(|one| (one.id(), one.title()));
    if let Some(id) = id {
        let found = table.organization(id).and_then(|key| table.organization_view(key));
        return found.ok_or_else(|| Unasked::Unknown {
            reason: Reason::UnknownOrganization,
            message: format!("there is no organization `{}`", cut(id)),
            near: near(id, titled(), patience),
        });
    }
    let mut organizations = table.organizations();
    match (organizations.next(), organizations.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Unasked::Unknown {
            reason: Reason::UnknownOrganization,
            message: "the policy has no organization".to_owned(),
            near: Vec::new(),
        }),
        (Some(_), Some(_)) => {
            let more = in_all(all().count());
            Err(Unasked::Ambiguous {
                message: format!("the policy has several organizations{more}, and none was named"),
                readings: all().take(SHOWN).map(str::to_owned).collect(),
            })
        }
    }
}

/// How many names or readings of many are listed.
const SHOWN: usize = 20;

fn in_all(count: usize) -> String {
    if count > SHOWN { format!(" ({count} in all)") } else { String::new() }
}

/// The query that names and texts ask.
///
/// ```
/// use rolec::eval::{Evaluator, Who};
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, organization, query};
/// use rolec::vocab::{Decision, Time};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = organization(&table, Some("acme")).unwrap();
/// let what = What::Text("site.members:manage");
/// let query = query(&table, acme, Who::Role("editor"), &what, Time::parse("2026-12-31")?).unwrap();
/// assert_eq!(Evaluator::new(&table).decide_query(query), Decision::Deny);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn query(
    table: &Table,
    organization: Organization<'_>,
    who: Who<'_>,
    what: &What<'_>,
    at: Time,
) -> Result<Query, Unasked> {
    query_of_many(table, organization, who, what, at, &Patience::default())
}

/// [`query`], as one question of many.
pub(crate) fn query_of_many(
    table: &Table,
    organization: Organization<'_>,
    who: Who<'_>,
    what: &What<'_>,
    at: Time,
    patience: &Patience,
) -> Result<Query, Unasked> {
    let evaluator = Evaluator::new(table);
    let holder = evaluator
        .holder(organization.key(), who)
        .map_err(|reason| unknown_holder(organization, who, reason, patience))?;
    let permission = permission_of_many(table, organization.catalog(), what, patience)?;
    Ok(Query { holder, permission, at })
}

/// Who a name names in an organization.
///
/// ```
/// use rolec::eval::Who;
/// use rolec::table::Table;
/// use rolec::tools::ask::{holder, organization};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = organization(&table, None).unwrap();
/// let unasked = holder(&table, acme, Who::Principal("editor")).unwrap_err();
/// assert!(unasked.sentence().ends_with("did you mean `role:editor`?"));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn holder(table: &Table, organization: Organization<'_>, who: Who<'_>) -> Result<Holder, Unasked> {
    let found = Evaluator::new(table).holder(organization.key(), who);
    found.map_err(|reason| unknown_holder(organization, who, reason, &Patience::default()))
}

fn unknown_holder(
    organization: Organization<'_>,
    who: Who<'_>,
    reason: Reason,
    patience: &Patience,
) -> Unasked {
    let id = organization.id();
    match who {
        Who::Principal(name) => {
            let known = organization.principals().map(|principal| (principal.name(), None));
            let mut near = near(name, known, patience);
            // A role where a principal is expected.
            let is_named =
                |role: &Role<'_>| role.id() == name || role.title().is_some_and(|title| is_same(title, name));
            near.extend(organization.assignable().find(is_named).map(|role| format!("role:{}", role.id())));
            let message = format!("no assignment of organization `{id}` names `{}`", cut(name));
            Unasked::Unknown { reason, message, near }
        }
        Who::Role(name) => Unasked::Unknown {
            reason,
            message: format!(
                "organization `{id}` has no role `{}`, and there is no such template",
                cut(name)
            ),
            near: near(name, organization.assignable().map(|role| (role.id(), role.title())), patience),
        },
    }
}

/// The permission of a catalog that texts ask about.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::{What, permission};
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalogs().next().unwrap();
/// let manage = permission(&table, wiki, &What::Text("members:manage")).unwrap();
/// assert_eq!(manage.actions().positions().collect::<Vec<_>>(), [1], "the one step that is asked about");
/// let members = permission(&table, wiki, &What::Text("members")).unwrap();
/// assert!(members.actions().contains(manage.actions()), "all of the row");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn permission(table: &Table, catalog: Catalog<'_>, what: &What<'_>) -> Result<Permission, Unasked> {
    permission_of_many(table, catalog, what, &Patience::default())
}

/// [`permission`], as one question of many.
fn permission_of_many(
    table: &Table,
    catalog: Catalog<'_>,
    what: &What<'_>,
    patience: &Patience,
) -> Result<Permission, Unasked> {
    let key = catalog.key();
    let found = match what {
        What::Text(text) => read(table, catalog, text, patience)?,
        What::TextAndAction(text, action) => {
            let rows = read(table, catalog, text, patience)?;
            // What names `full` is read as what names no action; but behind an action there is no other. Without a colon
            // there is none.
            let names_full =
                || text.contains(':') && readings(table, key, &format!("{text}:full")).as_ref() != Ok(&rows);
            if rows.iter().any(|reading| reading.action.is_some()) || names_full() {
                return Err(Unasked::Malformed(format!(
                    "`{}` names an action, and another one is given beside it",
                    cut(text)
                )));
            }
            with_action(table, key, rows, Some(action), patience)?
        }
        What::Ids { category, row, action } => {
            let rows = by_ids(table, catalog, *category, row, patience)?;
            with_action(table, key, rows, *action, patience)?
        }
    };
    match found.as_slice() {
        [only] => only
            .permission(table)
            .ok_or_else(|| Unasked::Malformed(format!("catalog `{}` has no such permission", catalog.id()))),
        several => Err(Unasked::Ambiguous {
            message: format!("the permission can be read in several ways{}", in_all(several.len())),
            readings: several.iter().take(SHOWN).filter_map(|reading| reading.spell(table)).collect(),
        }),
    }
}

fn by_ids(
    table: &Table,
    catalog: Catalog<'_>,
    category: Option<&str>,
    row: &str,
    patience: &Patience,
) -> Result<Vec<Reading>, Unasked> {
    let key = catalog.key();
    let reading = |row: crate::vocab::RowId| {
        let category = catalog.row(row)?.category().key();
        Some(Reading { catalog: key, category, row, action: None })
    };
    let Some(name) = category else {
        let found: Vec<Reading> = table.rows_named(key, row).iter().filter_map(|row| reading(*row)).collect();
        if found.is_empty() {
            return Err(unread(catalog, &Unread::UnknownRow { category: None, row: row.into() }, patience));
        }
        return Ok(found);
    };
    let Some(category) = table.category(key, name) else {
        return Err(unread(catalog, &Unread::UnknownCategory(name.into()), patience));
    };
    let found = table.row(key, category, row).and_then(reading);
    let unknown = || Unread::UnknownRow { category: Some(category), row: row.into() };
    found.map(|found| vec![found]).ok_or_else(|| unread(catalog, &unknown(), patience))
}

/// The readings with an action; those whose row has none of that name fall away, all of them is an error.
fn with_action(
    table: &Table,
    catalog: CatalogId,
    rows: Vec<Reading>,
    action: Option<&str>,
    patience: &Patience,
) -> Result<Vec<Reading>, Unasked> {
    let Some(name) = action.filter(|name| *name != "full") else { return Ok(rows) };
    let view = table.catalog_view(catalog);
    let position = |reading: &Reading| view?.row(reading.row)?.shape().action(name);
    let found: Vec<Reading> = rows
        .iter()
        .filter_map(|reading| position(reading).map(|action| Reading { action: Some(action), ..*reading }))
        .collect();
    match (found.is_empty(), rows.first(), view) {
        (true, Some(first), Some(view)) => {
            Err(unread(view, &Unread::UnknownAction { row: first.row, action: name.into() }, patience))
        }
        _ => Ok(found),
    }
}

fn read(
    table: &Table,
    catalog: Catalog<'_>,
    text: &str,
    patience: &Patience,
) -> Result<Vec<Reading>, Unasked> {
    readings(table, catalog.key(), text).map_err(|error| unread(catalog, &error, patience))
}

fn unread(catalog: Catalog<'_>, error: &Unread, patience: &Patience) -> Unasked {
    let Some(reason) = error.reason() else { return Unasked::Malformed(error.to_string()) };
    // No id is empty: what is missing was never written.
    let missing = match error {
        Unread::UnknownCategory(name) if name.is_empty() => Some("category"),
        Unread::UnknownRow { row, .. } if row.is_empty() => Some("row"),
        Unread::UnknownAction { action, .. } if action.is_empty() => Some("action"),
        _ => None,
    };
    if let Some(missing) = missing {
        return Unasked::Malformed(format!(
            "the permission names no {missing}: it is `row` or `category.row`, either with `:action`"
        ));
    }
    let id = catalog.id();
    let (message, near) = match error {
        Unread::UnknownCategory(name) => (
            format!("catalog `{id}` has no category `{}`", cut(name)),
            near(name, catalog.categories().map(|category| (category.id(), category.title())), patience),
        ),
        Unread::UnknownRow { category: Some(category), row } => {
            let category = catalog.category(*category);
            let of = category.map_or("", |category| category.id());
            let rows = category.into_iter().flat_map(|category| category.rows());
            (
                format!("category `{of}` has no row `{}`", cut(row)),
                near(row, rows.map(|row| (row.id(), row.title())), patience),
            )
        }
        Unread::UnknownRow { category: None, row } => {
            let category = catalog.categories().find(|category| category.id() == &**row);
            match category.and_then(|category| category.rows().next()) {
                Some(first) => (
                    format!(
                        "catalog `{id}` has no row `{0}`; it is a category, and a permission names one of its rows, \
                         as in `{1}`",
                        cut(row),
                        spelled(first)
                    ),
                    Vec::new(),
                ),
                None => (
                    format!("catalog `{id}` has no row `{}`", cut(row)),
                    near(row, catalog.rows().map(|row| (row.id(), row.title())), patience),
                ),
            }
        }
        Unread::UnknownAction { row, action } => {
            let row = catalog.row(*row);
            let of = row.map_or("", |row| row.id());
            let actions: Vec<&str> = row.map(|row| row.shape().actions().collect()).unwrap_or_default();
            let listed: Vec<String> = actions.iter().map(|action| format!("`{action}`")).collect();
            (
                format!("row `{of}` has no action `{}`: it has {}", cut(action), listed.join(", ")),
                near(action, actions.iter().map(|action| (*action, None)), patience),
            )
        }
        _ => (error.to_string(), Vec::new()),
    };
    Unasked::Unknown { reason, message, near }
}

/// A name as a sentence quotes it: one that is too long to name anything is cut.
fn cut(name: &str) -> Cow<'_, str> {
    const SHOWN: usize = 60;
    let end = name.char_indices().nth(SHOWN).filter(|_| name.len() > limits::NAME_BYTES);
    match end {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()).into(),
        None => name.into(),
    }
}

/// A time as the command line takes it.
///
/// ```
/// use rolec::tools::ask::time;
///
/// assert_eq!(time(" 2026-12-31 ").unwrap().to_string(), "2026-12-31");
/// assert!(time("new year").unwrap_err().sentence().starts_with("`new year` is no time"));
/// ```
pub fn time(text: &str) -> Result<Time, Unasked> {
    Time::parse(text.trim())
        .map_err(|error| Unasked::Malformed(format!("`{}` is no time: {error}", cut(text))))
}

/// A period as the command line takes it.
///
/// ```
/// use rolec::tools::ask::period;
///
/// assert_eq!(period("2026-10").unwrap().to_string(), "from 2026-10-01 until 2026-11-01");
/// let unasked = period("October").unwrap_err();
/// assert!(unasked.sentence().starts_with("`October` is no period: it is a year"));
/// ```
pub fn period(text: &str) -> Result<Period, Unasked> {
    Period::parse(text.trim()).map_err(|error| {
        let why = match error {
            TimeError::Range => "there is no such month or day",
            _ => "it is a year like 2026, a month like 2026-10 or a day like 2026-10-14",
        };
        Unasked::Malformed(format!("`{}` is no period: {why}", cut(text)))
    })
}

/// A row with its category, as one writes it.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::ask::spelled;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let wiki = table.catalogs().next().unwrap();
/// assert_eq!(wiki.rows().map(spelled).next().as_deref(), Some("content.spaces"));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
pub fn spelled(row: crate::table::Row<'_>) -> String {
    format!("{}.{}", bare_or_quoted(row.category().id()), bare_or_quoted(row.id()))
}

/// A text as one writes it.
#[cfg(feature = "render")]
pub(crate) fn quoted(text: &str) -> String {
    crate::syntax::quoted(text)
}

/// A level as one writes it, its words quoted where they must be.
pub(crate) fn level(shape: &Shape, held: Actions) -> String {
    crate::syntax::spelled_level(shape, held)
}

/// An id as one writes it: bare where it can be, else quoted.
///
/// ```
/// use rolec::tools::ask::bare_or_quoted;
///
/// assert_eq!(bare_or_quoted("remote-assist"), "remote-assist");
/// assert_eq!(bare_or_quoted("Billing Reader"), r#""Billing Reader""#);
/// ```
pub fn bare_or_quoted(id: &str) -> Cow<'_, str> {
    crate::syntax::spelled(id)
}
