//! A line of `eval`, in and out.

use serde::{Deserialize, Serialize};

/// A request, one JSON object a line. A field that is not known is a malformed line: a misspelt one would otherwise
/// ask something else than was meant.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The organization; may be left out where there is one only.
    #[serde(default)]
    pub org: Option<String>,
    /// The principal.
    #[serde(default)]
    pub principal: Option<String>,
    /// The role.
    #[serde(default)]
    pub role: Option<String>,
    /// `category.row`, or `row`.
    #[serde(default)]
    pub permission: Option<String>,
    /// The category, instead of `permission`.
    #[serde(default)]
    pub category: Option<String>,
    /// The row, instead of `permission`.
    #[serde(default)]
    pub row: Option<String>,
    /// The action; all of the row's where it is left out.
    #[serde(default)]
    pub action: Option<String>,
    /// The time.
    #[serde(default)]
    pub at: Option<String>,
    /// Handed through.
    #[serde(default)]
    pub id: Option<serde_json::Value>,
}

/// An answer, one JSON object a line.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Answered {
    /// The `id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<serde_json::Value>,
    /// `allow` or `deny`. A malformed line is denied too.
    pub decision: &'static str,
    /// The reason's name; `malformed` for a line that asks nothing.
    pub reason: &'static str,
    /// One sentence, where the reason alone does not tell which name or what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When the next assignment begins, where none is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What is wrong with a malformed line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
