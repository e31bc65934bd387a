//! The members of a file in which nothing is wrong, by its letters alone: each begins with its word and ends where the
//! grammar ends one, at a brace or before the next. Whether the file is right is not asked here: it is where each of
//! these members fits its rule, for then no other explanation of its braces is as good. Catalogs are seldom and short,
//! and are left to the explanation of braces, as is all that looks wrong.

use std::ops::Range;

use crate::syntax::cut::{Container, Piece};
use crate::syntax::words::Sort;

/// The pieces of a file by its letters; none where something is wrong, or in a catalog.
pub(crate) fn straight(letters: &str) -> Option<Vec<Piece>> {
    let letters = letters.as_bytes();
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut is_inside = false;
    while let Some(letter) = letters.get(at) {
        let (start, rest) = (at, letters.get(at..)?);
        let (sort, length) = match (letter, is_inside) {
            (b'o', false) => {
                is_inside = true;
                at += rest.iter().position(|letter| *letter == b'{')? + 1;
                pieces.push(Piece::Head { container: Container::Organization, start, end: at });
                continue;
            }
            (b'}', true) => {
                is_inside = false;
                at += 1;
                pieces.push(Piece::End { start, end: at });
                continue;
            }
            (b'u', false) => (Sort::Use, 2 + usize::from(rest.get(2) == Some(&b'"'))),
            (b't' | b'd', false) => (Sort::Template, block(rest)?.end),
            (b'f', _) => (Sort::Forbid, block(rest)?.end),
            (b'v', _) => (Sort::Require, block(rest)?.end),
            (b'r', true) => (Sort::Role, block(rest)?.end),
            (b'x', true) => (Sort::Test, block(rest)?.end),
            (b'a', true) => (Sort::Assign, assignment(rest)?),
            _ => return None,
        };
        at += length;
        pieces.push(Piece::Member { sort, start, end: at, is_damaged: false, headless: None });
    }
    (!is_inside).then_some(pieces)
}

/// From the first brace to behind that which closes it.
fn block(letters: &[u8]) -> Option<Range<usize>> {
    let start = letters.iter().position(|letter| *letter == b'{')?;
    let mut depth = 0_usize;
    let close = letters.iter().skip(start).position(|letter| {
        match letter {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    Some(start..start + close + 1)
}

/// How long an assignment is: up to the word of the next member, or the brace that closes the organization. In
/// `assign role r to …` the second word is none.
fn assignment(letters: &[u8]) -> Option<usize> {
    let own = 1 + usize::from(letters.get(1) == Some(&b'r'));
    let is_next = |letter: &u8| matches!(letter, b'r' | b'a' | b'f' | b'v' | b'x' | b'}');
    Some(own + letters.iter().skip(own).position(is_next)?)
}
