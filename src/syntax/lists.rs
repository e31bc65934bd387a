//! The words of the language as lists, for what must know them all: grammars of editors, documents, completion. They
//! come from the tokens and from nowhere else.

use crate::syntax::token::Kind;

/// The reserved words: where an id is expected they stand in quotes.
///
/// ```
/// use rolec::syntax::{is_bare, reserved_words};
///
/// assert!(reserved_words().any(|word| word == "role"));
/// assert!(!is_bare("role"));
/// ```
pub fn reserved_words() -> impl Iterator<Item = &'static str> {
    words(true)
}

/// The words that mean something only in their place, and are ids elsewhere.
///
/// ```
/// use rolec::syntax::{contextual_words, is_bare};
///
/// assert!(contextual_words().any(|word| word == "note"));
/// assert!(is_bare("note"));
/// ```
pub fn contextual_words() -> impl Iterator<Item = &'static str> {
    words(false)
}

/// The alphabet of the grammar has small letters for reserved words, capitals for the others.
fn words(reserved: bool) -> impl Iterator<Item = &'static str> {
    let is_wanted =
        move |kind: Kind| kind.letter().is_some_and(|letter| letter.is_ascii_lowercase() == reserved);
    Kind::WORDS.iter().filter(move |(_, kind)| is_wanted(*kind)).map(|(text, _)| *text)
}

#[cfg(test)]
mod tests {
    use super::{contextual_words, reserved_words};
    use crate::syntax::is_bare;

    #[test]
    fn a_reserved_word_is_quoted_as_an_id() {
        assert!(reserved_words().all(|word| !is_bare(word)));
        assert!(contextual_words().all(is_bare));
        assert_eq!((reserved_words().count(), contextual_words().count()), (25, 21));
    }
}
