//! What of an earlier text stands in a new one as it did: its members need not be parsed again, for a member's tree is
//! a matter of its own text. Compares bytes and places; parses nothing.

use crate::source::{SourceFile, Span};
use crate::syntax::ast::{Assign, File, Forbid, Member, Require, Role, Test};

/// The members of an earlier text, each sort by their starts. Catalogs are left out: they are edited seldom, and the
/// comments inside of a category belong to its rows.
pub(crate) struct Earlier<'e> {
    pub(crate) roles: Vec<&'e Member<Role>>,
    pub(crate) assignments: Vec<&'e Member<Assign>>,
    pub(crate) forbids: Vec<&'e Member<Forbid>>,
    pub(crate) requires: Vec<&'e Member<Require>>,
    pub(crate) tests: Vec<&'e Member<Test>>,
    unsound: &'e [u32],
    /// Up to where both texts are the same.
    same_until: u32,
    /// From where on they are, in the new one.
    same_from: u32,
    lengths: (u32, u32),
}

impl<'e> Earlier<'e> {
    pub(crate) fn new(text: &str, before: &SourceFile, file: &'e File) -> Self {
        let (old, new) = (before.text().as_bytes(), text.as_bytes());
        let same_until = common_start(old, new);
        let rest = (old.get(same_until..), new.get(same_until..));
        let (old_rest, new_rest) = (rest.0.unwrap_or_default(), rest.1.unwrap_or_default());
        let same_at_end = common_end(old_rest, new_rest);
        let of = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        let inside = &file.organizations;
        Self {
            roles: sorted(file.templates.iter().chain(inside.iter().flat_map(|one| &one.roles))),
            assignments: sorted(inside.iter().flat_map(|one| &one.assignments)),
            forbids: sorted(file.forbids.iter().chain(inside.iter().flat_map(|one| &one.forbids))),
            requires: sorted(file.requires.iter().chain(inside.iter().flat_map(|one| &one.requires))),
            tests: sorted(inside.iter().flat_map(|one| &one.tests)),
            unsound: &file.unsound,
            same_until: of(same_until),
            same_from: of(new.len() - same_at_end),
            lengths: (of(old.len()), of(new.len())),
        }
    }

    /// The member that stood where one stands now, if its text is the same and says all that there is to say of it.
    pub(crate) fn find<T>(&self, among: &[&'e Member<T>], now: Span) -> Option<&'e Member<T>> {
        let (old, new) = self.lengths;
        let start = if now.end <= self.same_until {
            now.start
        } else if now.start >= self.same_from {
            // Both are as far from the end.
            old.checked_sub(new.checked_sub(now.start)?)?
        } else {
            return None;
        };
        let at = among.binary_search_by_key(&start, |member| member.start).ok()?;
        let found = *among.get(at)?;
        let is_it = found.end.checked_sub(start) == now.end.checked_sub(now.start);
        (is_it && self.unsound.binary_search(&start).is_err()).then_some(found)
    }
}

fn sorted<'e, T: 'e>(members: impl Iterator<Item = &'e Member<T>>) -> Vec<&'e Member<T>> {
    let mut members: Vec<&Member<T>> = members.collect();
    members.sort_by_key(|member| member.start);
    members
}

/// How many bytes two texts begin with in common.
pub(crate) fn common_start(old: &[u8], new: &[u8]) -> usize {
    // Piece by piece, which compares many bytes at a time, and the last one byte by byte.
    let pieces = old.chunks(PIECE).zip(new.chunks(PIECE)).take_while(|(old, new)| old == new);
    let at: usize = pieces.map(|(piece, _)| piece.len()).sum();
    let rest = old.iter().skip(at).zip(new.iter().skip(at));
    at + rest.take_while(|(old, new)| old == new).count()
}

/// How many bytes they end with in common.
pub(crate) fn common_end(old: &[u8], new: &[u8]) -> usize {
    let pieces = old.rchunks(PIECE).zip(new.rchunks(PIECE)).take_while(|(old, new)| old == new);
    let at: usize = pieces.map(|(piece, _)| piece.len()).sum();
    let rest = old.iter().rev().skip(at).zip(new.iter().rev().skip(at));
    at + rest.take_while(|(old, new)| old == new).count()
}

/// What is compared at a time: in a larger one more is left for the bytes one by one, in a smaller one for the calls.
const PIECE: usize = 1024;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::source::{FileId, Provenance, SourceFile};
    use crate::syntax::{parse, parse_again};

    const TEXT: &str = "use c
organization o {
    /// One.
    role a { grant x.y: on }
    role b { grant x.y: on }
    assign a to \"ana\"
    test \"t\" { a can x.y }
}
";

    /// After an edit, which members were not parsed again: the roles, the assignment, the test.
    fn kept(from: &str, to: &str) -> [bool; 4] {
        let source = |text: String| SourceFile::new("f.role", text.into(), Provenance::Given);
        let (before, after) = (source(TEXT.to_owned()), source(TEXT.replacen(from, to, 1)));
        assert_ne!(before.text(), after.text());
        let (old, _) = parse(&before, FileId(0));
        let (new, findings) = parse_again(&after, FileId(0), &before, &old);
        let (fresh, wanted) = parse(&after, FileId(0));
        assert!(new == fresh && findings == wanted, "{from:?} to {to:?}");
        let (old, new) = (&old.organizations[0], &new.organizations[0]);
        [
            old.roles.first().zip(new.roles.first()).is_some_and(|(a, b)| Arc::ptr_eq(&a.node, &b.node)),
            old.roles.get(1).zip(new.roles.get(1)).is_some_and(|(a, b)| Arc::ptr_eq(&a.node, &b.node)),
            old.assignments
                .first()
                .zip(new.assignments.first())
                .is_some_and(|(a, b)| Arc::ptr_eq(&a.node, &b.node)),
            old.tests.first().zip(new.tests.first()).is_some_and(|(a, b)| Arc::ptr_eq(&a.node, &b.node)),
        ]
    }

    #[test]
    fn what_stands_as_it_did_is_kept() {
        assert_eq!(kept("use c", "use catalog"), [true; 4]);
        assert_eq!(kept("role b {", "role b from a {"), [true, false, true, true]);
        assert_eq!(kept("One.", "The first."), [false, true, true, true]);
        // A comment of another member, or of this one.
        assert_eq!(kept("    role b", "    /// Two.\n    role b"), [true, false, true, true]);
        assert_eq!(kept("    assign", "    /// Lost.\n\n    assign"), [true, true, false, true]);
        // Damage, before and around.
        assert_eq!(kept("role b {", "role b {{{"), [true, false, true, true]);
        assert_eq!(kept("to \"ana\"", "to \"ana"), [false; 4]);
        assert_eq!(kept("organization o {", "organization o"), [true; 4]);
    }
}
