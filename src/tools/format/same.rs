//! Whether two texts say the same, token by token and comment by comment. Knows nothing of how they are laid out, so
//! that it finds every mistake of those who do.

use crate::source::Span;
use crate::syntax::{Sign, signs};

/// Where the first text says something that the second does not, or not in that order. Tokens and the `///` comments
/// that document them keep their order; so do remarks among themselves.
pub(super) fn difference(before: &str, after: &str) -> Option<Span> {
    let said = |sign: Sign| sign != Sign::Remark;
    first(before, after, said).or_else(|| first(before, after, |sign| sign == Sign::Remark))
}

fn first(before: &str, after: &str, wanted: impl Fn(Sign) -> bool + Copy) -> Option<Span> {
    let seen = |text| signs(text).filter(move |(sign, _)| wanted(*sign));
    let (mut olds, mut news) = (seen(before), seen(after));
    let mut last = Span::default();
    loop {
        match (olds.next(), news.next()) {
            (None, None) => return None,
            (Some(old), Some(new)) if old.0 == new.0 && words(before, old.1) == words(after, new.1) => {
                last = old.1;
            }
            (old, _) => return Some(old.map_or(last, |old| old.1)),
        }
    }
}

/// A token as written. White space at the end of a comment is none of its words.
fn words(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default().trim_end_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::difference;
    use crate::source::Span;

    #[test]
    fn white_space_means_nothing_and_all_else_does() {
        let text = "role a { // x\n grant b: c /// d\n}";
        for same in
            ["role a{ // x \r\ngrant b : c\n\n\n/// d\n}", "\u{feff}// x\nrole a { grant b: c /// d\n}"]
        {
            assert_eq!(difference(text, same), None, "{same}");
        }
        for (other, start, end) in [
            ("role a { // x\n grant b: d /// d\n}", 24, 25),
            ("role a { // y\n grant b: c /// d\n}", 9, 13),
            ("role a { // x\n grant b: c }", 26, 31),
            ("role a { // x\n grant b: c } /// d", 26, 31),
            ("role a { // x\n grant b: c /// d\n} }", 32, 33),
            ("role a { // x // x\n grant b: c /// d\n}", 9, 13),
        ] {
            assert_eq!(difference(text, other), Some(Span::new(start, end)), "{other}");
        }
    }
}
