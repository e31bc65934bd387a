//! The field's words as types: ids, actions, shapes of rows, time, periods, what is held over them, where escalation
//! leads, decision. Data and arithmetic only; this room knows neither text nor tables.
//!
//! ```
//! use rolec::vocab::{Actions, Form, Shape, Time};
//!
//! // A row with four steps, of which `full` is not offered.
//! let mut row = Shape::new(Form::Ladder, ["none", "view", "edit", "full"]);
//! row.drop_word("full");
//! assert_eq!(row.exact(&["edit"]), Ok(Actions::first(2)), "edit has view in it");
//! assert!(Time::parse("2026-12-31")? < Time::parse("2027-01-01")?);
//! # Ok::<(), rolec::vocab::TimeError>(())
//! ```

mod actions;
mod course;
mod decision;
mod escalation;
mod period;
mod shape;
mod spelled;
mod time;
mod written;

pub mod limits;

pub use self::actions::Actions;
pub use self::course::{Course, Step};
pub use self::decision::{Decision, PrincipalKind};
pub use self::escalation::{Escalation, Reach};
pub use self::period::Period;
pub use self::shape::{Form, LEVEL_WORDS, LevelError, Shape};
pub use self::spelled::spelled;
pub use self::time::{Time, TimeError};
pub use self::written::Written;

/// Whether an organization stands alone or is managed from a multi-tenant portal.
///
/// ```
/// use rolec::vocab::OrganizationKind;
///
/// assert_eq!(OrganizationKind::default(), OrganizationKind::Direct);
/// assert_eq!(OrganizationKind::Managed.word(), "managed");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrganizationKind {
    /// Stands alone. Rows marked `only managed` are not there.
    #[default]
    Direct,
    /// Managed from a portal; has every row.
    Managed,
}

impl OrganizationKind {
    /// The word of the language for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Managed => "managed",
        }
    }
}

impl std::fmt::Display for OrganizationKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// It counts in its list: an id from another table means something else, or nothing.
        ///
        /// ```
        #[doc = concat!("use rolec::vocab::", stringify!($name), ";")]
        ///
        #[doc = concat!("let third = ", stringify!($name), "::at(2);")]
        #[doc = concat!("assert_eq!((third, third.index()), (", stringify!($name), "(2), 2));")]
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The id as a position in its list.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of a position; positions never pass `u32::MAX` (see [`limits`]).
            pub fn at(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )*};
}

ids! {
    /// A catalog of the policy.
    CatalogId;
    /// A category of one catalog, in the order of its text.
    CategoryId;
    /// A row of one catalog, in the order of its text.
    RowId;
    /// A role or a template of a table, templates first.
    RoleId;
    /// A template of the policy.
    TemplateId;
    /// A role of one organization, in the order of its text.
    OwnRoleId;
    /// An organization of the policy.
    OrganizationId;
    /// A principal of one organization, numbered through the whole policy.
    PrincipalId;
}
