//! What a comparison found, as data.

use std::fmt;

use crate::decisions::Index;
use crate::vocab::{Actions, OrganizationKind, Time};

/// So many differences are told one by one; all are counted.
const TOLD: usize = 100;

/// Where a table is not as its sources say.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::reference::Reference;
/// use rolec::source::Sources;
/// use rolec::table::Table;
/// use rolec::tools::certify::certify;
///
/// let other = rolec::example::POLICY.replace("spaces: write", "spaces: read");
/// let reference = Reference::of(&compile(Sources::from_iter([("acme.role", other)])).sources)?;
/// let differences = certify(&reference, &Table::from_bytes(rolec::example::TABLE)?).unwrap_err();
/// assert!(!differences.is_empty() && differences.count() == 3 && differences.cells() > 20);
/// let editor = &differences.told()[0];
/// assert_eq!((editor.what, &*editor.name, editor.organization.as_deref()), ("role", "editor", Some("acme")));
/// assert_eq!(
///     editor.to_string(),
///     "role `editor` of organization `acme`, `content.spaces`: the table says `read, write`, the sources `read`"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    told: Vec<Difference>,
    count: u64,
    pub(super) cells: u64,
}

/// One difference: what the table says of something, and what the sources say.
///
/// ```
/// use rolec::tools::certify::Difference;
///
/// let difference = Difference {
///     what: "principal",
///     name: "eve".to_owned(),
///     organization: Some("acme".to_owned()),
///     row: None,
///     from: None,
///     found: Some(vec!["person".to_owned()]),
///     wanted: None,
/// };
/// assert_eq!(
///     difference.to_string(),
///     "principal `eve` of organization `acme`: the table says `person`, the sources do not know it"
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What it is about: `catalog`, `row`, `permission`, `template`, `organization`, `role`, `principal`,
    /// `assignments`, the roles that a principal has, `number of`, how many there are of something, or `places of`, where
    /// names stand.
    pub what: &'static str,
    /// What that is called; may hold anything.
    pub name: String,
    /// The organization that it is of or is seen in.
    pub organization: Option<String>,
    /// Category and row, where it is a cell.
    pub row: Option<[String; 2]>,
    /// From when on, of a principal who holds other things at other times.
    pub from: Option<Time>,
    /// What the table says: the actions held of the row, or what tells it from others of its name. None where the table
    /// does not know it.
    pub found: Option<Vec<String>>,
    /// The same by the sources.
    pub wanted: Option<Vec<String>>,
}

impl Differences {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many cells were compared.
    pub fn cells(&self) -> u64 {
        self.cells
    }

    /// The first of them.
    pub fn told(&self) -> &[Difference] {
        &self.told
    }

    /// Adds those of a part that was gone through by itself.
    pub(super) fn append(&mut self, part: Self) {
        self.count += part.count;
        self.told.extend(part.told.into_iter().take(TOLD.saturating_sub(self.told.len())));
    }

    /// Adds one, which is made only where it is told.
    pub(super) fn push(&mut self, difference: impl FnOnce() -> Difference) {
        self.count += 1;
        if self.told.len() < TOLD {
            self.told.push(difference());
        }
    }
}

impl Difference {
    pub(super) fn of(what: &'static str, name: &str) -> Self {
        Self { what, name: name.to_owned(), ..Self::default() }
    }

    pub(super) fn in_organization(self, organization: &str) -> Self {
        Self { organization: Some(organization.to_owned()), ..self }
    }

    pub(super) fn at(self, [category, row]: [&str; 2]) -> Self {
        Self { row: Some([category.to_owned(), row.to_owned()]), ..self }
    }

    /// From when on; at all times where that is since ever.
    pub(super) fn since(self, from: Time) -> Self {
        Self { from: Some(from).filter(|from| from.0 != i64::MIN), ..self }
    }

    pub(super) fn says(self, found: Option<Vec<String>>, wanted: Option<Vec<String>>) -> Self {
        Self { found, wanted, ..self }
    }
}

/// Tells names that are found, but not where the compiler would have put them.
pub(super) fn places(index: &Index<'_>, differences: &mut Differences) {
    if !index.is_placed_as_made() {
        differences.push(|| Difference::of("places of", "names"));
    }
}

/// Some actions of a row by their names.
pub(super) fn named<'n>(held: Actions, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let names = names.enumerate().filter(|(at, _)| held.contains(Actions::one(*at)));
    names.map(|(_, name)| name.to_owned()).collect()
}

/// The word for a kind.
pub(super) fn kind(kind: OrganizationKind) -> &'static str {
    match kind {
        OrganizationKind::Direct => "direct",
        OrganizationKind::Managed => "managed",
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.what, self.name.escape_debug())?;
        if let Some(organization) = &self.organization {
            let word = if self.what == "template" { "in" } else { "of" };
            write!(f, " {word} organization `{}`", organization.escape_debug())?;
        }
        if let Some([category, row]) = &self.row {
            write!(f, ", `{}.{}`", category.escape_debug(), row.escape_debug())?;
        }
        if let Some(from) = self.from {
            write!(f, ", from {from} on")?;
        }
        let said = |says: &Option<Vec<String>>| match says {
            None => None,
            Some(words) if words.is_empty() => Some("nothing".to_owned()),
            Some(words) => Some(format!("`{}`", words.join(", ").escape_debug())),
        };
        match (said(&self.found), said(&self.wanted)) {
            (Some(found), Some(wanted)) => write!(f, ": the table says {found}, the sources {wanted}"),
            (Some(found), None) => write!(f, ": the table says {found}, the sources do not know it"),
            (None, Some(wanted)) => write!(f, ": the table does not know it, the sources say {wanted}"),
            (None, None) => write!(f, ": the table is not as the sources say"),
        }
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} differences", self.count)?;
        self.told.first().map_or(Ok(()), |first| write!(f, ", the first: {first}"))
    }
}

impl std::error::Error for Differences {}
