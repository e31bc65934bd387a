//! What a comparison found, as data.

use std::fmt;

use crate::vocab::Actions;

/// So many differences are told one by one.
const TOLD: usize = 20;

/// Where a table is not as its sources say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    told: Vec<Difference>,
    count: u64,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The table has another number of something.
    Count {
        /// Of what.
        what: &'static str,
        /// How many the sources have.
        wanted: usize,
        /// How many the table has.
        found: usize,
    },
    /// The table has no such thing, or another one of that name.
    Missing {
        /// What it is.
        what: &'static str,
        /// Its name; may hold anything.
        name: String,
    },
    /// A cell is another one.
    Cell {
        /// The organization.
        organization: String,
        /// The role, or the principal and from when on.
        who: String,
        /// Category and row.
        row: [String; 2],
        /// What the sources give.
        wanted: Actions,
        /// What the table gives; nothing at all where it does not know who is asked about.
        found: Option<Actions>,
    },
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

    /// The first of them.
    pub fn told(&self) -> &[Difference] {
        &self.told
    }

    pub(super) fn push(&mut self, difference: Difference) {
        self.count += 1;
        if self.told.len() < TOLD {
            self.told.push(difference);
        }
    }
}

impl Difference {
    pub(super) fn cell(
        organization: &str,
        who: &str,
        [category, row]: [&str; 2],
        wanted: Actions,
        found: Option<Actions>,
    ) -> Self {
        Self::Cell {
            organization: organization.to_owned(),
            who: who.to_owned(),
            row: [category.to_owned(), row.to_owned()],
            wanted,
            found,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { what, wanted, found } => write!(f, "{found} {what}, and {wanted} in the sources"),
            Self::Missing { what, name } => {
                write!(f, "{what} `{}` is not as in the sources", name.escape_debug())
            }
            Self::Cell { organization, who, row: [category, row], wanted, found } => {
                let [organization, who, category, row] =
                    [organization, who, category, row].map(|name| name.escape_debug());
                write!(f, "{who} in organization `{organization}`, `{category}.{row}`: ")?;
                match found {
                    Some(found) => write!(f, "actions {:b}, and {:b} by the sources", found.0, wanted.0),
                    None => write!(f, "unknown, and actions {:b} by the sources", wanted.0),
                }
            }
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
