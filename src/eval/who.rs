//! The text WHO of the command line: `ana@acme.example`, `role:ID`, `principal:NAME`. Finds nobody; that is the
//! evaluator's.

use std::borrow::Cow;

use crate::eval::quoted::{QuoteError, whole};
use crate::eval::request::Who;

/// Who a text names.
///
/// ```
/// use rolec::eval::{Who, WhoText};
///
/// assert_eq!(WhoText::parse(r#"role:"Billing Reader""#)?.who(), Who::Role("Billing Reader"));
/// // Somebody who is called so.
/// assert_eq!(WhoText::parse("principal:role:x")?.who(), Who::Principal("role:x"));
/// # Ok::<(), rolec::eval::QuoteError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhoText<'a> {
    /// A principal.
    Principal(Cow<'a, str>),
    /// A role.
    Role(Cow<'a, str>),
}

impl<'a> WhoText<'a> {
    /// Reads a text. A principal's name stands as it is; after `role:` comes an id, after `principal:` a name,
    /// whatever it looks like. A name or id that begins with a quote is quoted as in the language.
    ///
    /// # Errors
    /// Where a quoted name cannot be read.
    ///
    /// ```
    /// use rolec::eval::{Who, WhoText};
    /// assert_eq!(WhoText::parse("ana@acme.example")?.who(), Who::Principal("ana@acme.example"));
    /// assert_eq!(WhoText::parse("role:tier1")?.who(), Who::Role("tier1"));
    /// # Ok::<(), rolec::eval::QuoteError>(())
    /// ```
    pub fn parse(text: &'a str) -> Result<Self, QuoteError> {
        let (prefix, rest, role) = if let Some(rest) = text.strip_prefix("role:") {
            ("role:", rest, true)
        } else if let Some(rest) = text.strip_prefix("principal:") {
            ("principal:", rest, false)
        } else {
            ("", text, false)
        };
        let name = whole(rest).map_err(|error| QuoteError { at: error.at + prefix.len(), ..error })?;
        Ok(if role { Self::Role(name) } else { Self::Principal(name) })
    }

    /// Who it is, for a request.
    pub fn who(&self) -> Who<'_> {
        match self {
            Self::Principal(name) => Who::Principal(name),
            Self::Role(id) => Who::Role(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WhoText;
    use crate::eval::quoted::{QuoteError, QuoteProblem};
    use crate::eval::request::Who;

    #[test]
    fn who_is_named() {
        for (text, who) in [
            ("ana@acme.example", Who::Principal("ana@acme.example")),
            ("", Who::Principal("")),
            ("Role:tier1", Who::Principal("Role:tier1")),
            ("role", Who::Principal("role")),
            ("role:tier1", Who::Role("tier1")),
            ("role:Billing Reader", Who::Role("Billing Reader")),
            (r#"role:"Billing Reader""#, Who::Role("Billing Reader")),
            ("role:role:x", Who::Role("role:x")),
            ("role:", Who::Role("")),
            ("principal:role:x", Who::Principal("role:x")),
            ("principal:principal:x", Who::Principal("principal:x")),
            (r#""role:x""#, Who::Principal("role:x")),
            (r#"principal:"\"q\"""#, Who::Principal("\"q\"")),
        ] {
            assert_eq!(WhoText::parse(text).unwrap().who(), who, "{text}");
        }
        let error = QuoteError { at: 8, problem: QuoteProblem::Part };
        assert_eq!(WhoText::parse(r#"role:"a"b"#), Err(error));
    }
}
