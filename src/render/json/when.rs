//! The time that an answer is about, for programs: a moment, or a period.

use serde::Serialize;

use crate::vocab::Period;

/// The time asked about.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct When {
    /// The moment asked about; none where it was a period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The beginning of the period asked about; none where it has none, or where it was a moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first moment after that period; none where it does not end, or where it was a moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl When {
    /// A period, which may be a moment.
    pub fn of(period: Period) -> Self {
        if period.is_moment() {
            return Self { at: Some(period.from().to_string()), ..Self::default() };
        }
        let (from, until) = (period.beginning(), period.until());
        Self {
            at: None,
            from: from.map(|from| from.to_string()),
            until: until.map(|until| until.to_string()),
        }
    }
}
