//! A line of `eval`, in and out.

use std::borrow::Cow;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::render::sentence;

/// The `id` of a request, any JSON: kept as it is written, since a number or the order of keys may mean something to
/// who gave it.
///
/// ```
/// use rolec::render::json::Line;
///
/// let line = Line::read(br#"{"role": "editor", "permission": "pages", "id": 1.0}"#).unwrap();
/// assert_eq!(serde_json::to_string(&line.id)?, "1.0", "and not 1");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Id(#[cfg_attr(test, schemars(with = "serde_json::Value"))] Box<RawValue>);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(from)?;
        // Between values JSON takes a carriage return for a space, and an answer holds none raw.
        let spaced = raw.get().contains('\r').then(|| RawValue::from_string(raw.get().replace('\r', " ")));
        spaced.transpose().map(|spaced| Self(spaced.unwrap_or(raw))).map_err(serde::de::Error::custom)
    }
}

/// An `id` that is there, `null` too.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Id>, D::Error> {
    Id::deserialize(from).map(Some)
}

/// A request, one JSON object a line. A field that is not known is a malformed line: a misspelt one would otherwise
/// ask something else than was meant.
///
/// ```
/// use rolec::render::json::Line;
///
/// let line = Line::read(br#"{"principal": "bot", "permission": "pages:create", "at": "2026-12-31"}"#).unwrap();
/// assert_eq!(line.principal.as_deref(), Some("bot"));
/// let (id, wrong) = Line::read(br#"{"pricipal": "bot", "id": 7}"#).unwrap_err();
/// assert!(id.is_some() && wrong.contains("unknown field `pricipal`"));
/// ```
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(extend("allOf" = one_question())))]
#[serde(deny_unknown_fields)]
pub struct Line<'l> {
    /// The organization; may be left out where there is one only.
    #[serde(default, borrow)]
    pub org: Option<Text<'l>>,
    /// The principal.
    #[serde(default, borrow)]
    pub principal: Option<Text<'l>>,
    /// The role.
    #[serde(default, borrow)]
    pub role: Option<Text<'l>>,
    /// `category.row`, or `row`.
    #[serde(default, borrow)]
    pub permission: Option<Text<'l>>,
    /// The category, instead of `permission`.
    #[serde(default, borrow)]
    pub category: Option<Text<'l>>,
    /// The row, instead of `permission`.
    #[serde(default, borrow)]
    pub row: Option<Text<'l>>,
    /// The action; all of the row's where it is left out.
    #[serde(default, borrow)]
    pub action: Option<Text<'l>>,
    /// The time.
    #[serde(default, borrow)]
    pub at: Option<Text<'l>>,
    /// Handed through.
    #[serde(default, deserialize_with = "given")]
    pub id: Option<Id>,
}

/// A text of a line, where it stands there: most have nothing in them that JSON escapes.
///
/// ```
/// use rolec::render::json::Line;
///
/// let line = Line::read(br#"{"role": "editor", "row": "p\u0061ges"}"#).unwrap();
/// assert_eq!((&**line.role.as_ref().unwrap(), line.row.as_deref()), ("editor", Some("pages")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Text<'l>(#[serde(borrow)] Cow<'l, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// What the fields of a line ask together: of one who, about one permission in one of its two forms. Whoever reads a
/// line says so in words.
#[cfg(test)]
fn one_question() -> serde_json::Value {
    use serde_json::json;

    let (text, none) = (json!({ "type": "string" }), json!({ "type": "null" }));
    let form = |given: &str, left_out: &[&str]| {
        let mut fields = serde_json::Map::from_iter([(given.to_owned(), text.clone())]);
        fields.extend(left_out.iter().map(|name| ((*name).to_owned(), none.clone())));
        json!({ "required": [given], "properties": fields })
    };
    json!([
        { "oneOf": [form("principal", &["role"]), form("role", &["principal"])] },
        { "oneOf": [form("permission", &["category", "row"]), form("row", &["permission"])] },
    ])
}

impl<'l> Line<'l> {
    /// Reads a line.
    ///
    /// # Errors
    /// Where it is no request: its id, where that can be read all the same, and what is wrong.
    pub fn read(bytes: &'l [u8]) -> Result<Self, (Option<Id>, String)> {
        object(bytes)
    }
}

/// Reads a line that is one JSON object.
pub(super) fn object<'l, T: Deserialize<'l>>(bytes: &'l [u8]) -> Result<T, (Option<Id>, String)> {
    /// What is left of a line that is no request.
    #[derive(Deserialize)]
    struct Rest {
        #[serde(default, deserialize_with = "given")]
        id: Option<Id>,
    }

    let text = std::str::from_utf8(bytes)
        .map_err(|error| (None, format!("it is no UTF-8 from byte {} on", error.valid_up_to() + 1)))?;
    // A list of values in the order of the fields would pass for an object.
    if !text.trim_start().starts_with('{') {
        return Err((None, "it is no JSON object".to_owned()));
    }
    serde_json::from_str(text).map_err(|error| {
        let rest: Option<Rest> = serde_json::from_str(text).ok();
        (rest.and_then(|rest| rest.id), wrong(&error))
    })
}

/// What is wrong with a line: it is one line of many, so that its own line number would mislead.
fn wrong(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = sentence(text.strip_suffix(&place).unwrap_or(&text));
    format!("column {}: {text}", error.column())
}

/// An answer, one JSON object a line.
///
/// ```
/// use rolec::render::json::Answered;
///
/// let answered = Answered {
///     id: None,
///     decision: "deny",
///     reason: "malformed",
///     message: None,
///     next: None,
///     error: Some("it is no JSON object".to_owned()),
/// };
/// let line = serde_json::to_string(&answered)?;
/// assert_eq!(line, r#"{"decision":"deny","reason":"malformed","error":"it is no JSON object"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Answered {
    /// The `id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
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
