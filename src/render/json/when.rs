//! Times for programs: that which an answer is about, a moment or a period; and stretches of time within.

use serde::Serialize;

use crate::vocab::{Period, Time};

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

/// A stretch of time.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PeriodOf {
    /// Its first moment; left out where it has no beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first moment after it; left out where it does not end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl PeriodOf {
    pub(super) fn of(from: Option<Time>, until: Option<Time>) -> Self {
        Self { from: from.map(|from| from.to_string()), until: until.map(|until| until.to_string()) }
    }
}
