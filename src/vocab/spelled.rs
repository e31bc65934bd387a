//! Ids as one writes them: bare where they can be, else in quotes. Reads none; that is for whoever knows what they name.

use std::borrow::Cow;

/// An id as one writes it, quoted where it has other characters than a bare one. Two ids are never written alike, and
/// between bare and quoted ids any mark but `-` and `_` can stand.
///
/// ```
/// use rolec::vocab::spelled;
///
/// assert_eq!(spelled("user-management"), "user-management");
/// assert_eq!(spelled("Billing Reader"), r#""Billing Reader""#);
/// assert_eq!(spelled("a.b"), r#""a.b""#);
/// ```
pub fn spelled(id: &str) -> Cow<'_, str> {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !id.is_empty() && id.chars().all(bare) {
        return Cow::Borrowed(id);
    }
    let mut text = String::from('"');
    for c in id.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
    Cow::Owned(text)
}
