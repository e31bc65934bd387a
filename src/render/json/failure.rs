//! Why there is no answer, for programs: one shape for every verb.

use serde::Serialize;

use crate::render::json::Finding;

/// What a verb that asks writes in place of an answer. A document with a field `error` is this one.
///
/// ```
/// use rolec::render::json::{Failure, VERSION};
///
/// let failure = Failure {
///     version: VERSION,
///     error: "unknown-role",
///     message: "no role `tier3`".to_owned(),
///     near: vec!["tier1".to_owned()],
///     readings: Vec::new(),
///     findings: Vec::new(),
///     places: Vec::new(),
/// };
/// let text = serde_json::to_string(&failure)?;
/// assert!(text.starts_with(r#"{"version":1,"error":"unknown-role","message":"no role `tier3`","near":["tier1"]"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Failure<'a> {
    /// The version of this shape.
    pub version: u32,
    /// `usage`, `unreadable`, `world`, `policy-errors`, `table`, `ambiguous`, `undecided`, `refused`, or which name is not known:
    /// `unknown-role` …
    pub error: &'static str,
    /// One sentence, or several with a semicolon between them.
    pub message: String,
    /// Names near to one that is not known.
    pub near: Vec<String>,
    /// The ways to read what can be read in several ways.
    pub readings: Vec<String>,
    /// The errors of the policy, or what is wrong with the table.
    pub findings: Vec<Finding<'a>>,
    /// What stands against a change that is refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(default))]
    pub places: Vec<PlaceOf>,
}

/// A place in the policy, and what is there.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PlaceOf {
    /// The file's name as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// What is there.
    pub text: String,
}
