//! What differs between two policies, for people: in a terminal, and as Markdown in a pull request.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::render::{Color, diff};
//! use rolec::source::Sources;
//!
//! let table = |text: &str| compile(Sources::from_iter([("wiki.role", text)])).table.unwrap();
//! let later = rolec::example::POLICY.replace("pages: create, update", "pages: create, delete");
//! let (old, new) = (table(rolec::example::POLICY), table(&later));
//! let mut out = Vec::new();
//! diff::human(&rolec::tools::diff::diff(&old, &new), diff::Length::Short, Color::Never, &mut out)?;
//! assert_eq!(
//!     String::from_utf8(out)?,
//!     "\
//! organization acme
//!   ~ role editor
//!     ~ content.pages  create, update -> create, delete  `pages: create, delete` at wiki.role:32:13
//!   ana@acme.example
//!     ~ content.pages  create, update -> create, delete  until 2027-01-01
//!   service bot
//!     ~ content.pages  create, update -> create, delete  from 2026-06-01
//!
//! 1 role, 1 cell; 2 people are affected: 2 gain, 2 lose
//! ",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod human;
mod markdown;
mod words;

pub use self::human::human;
pub use self::markdown::markdown;
pub(super) use self::words::renumbered;

/// How much is shown.
///
/// ```
/// use rolec::render::diff::Length;
///
/// assert_eq!((Length::Short.of(123), Length::Whole.of(123)), (20, 123));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// The first of each list, and how many more there are.
    Short,
    /// Everything.
    Whole,
}

impl Length {
    /// How many of a list are shown.
    pub fn of(self, count: usize) -> usize {
        const SHOWN: usize = 20;
        match self {
            Self::Short => count.min(SHOWN),
            Self::Whole => count,
        }
    }

    /// How many names stand in a row.
    pub(super) fn of_names(self, count: usize) -> usize {
        const SHOWN: usize = 5;
        match self {
            Self::Short => count.min(SHOWN),
            Self::Whole => count,
        }
    }
}
