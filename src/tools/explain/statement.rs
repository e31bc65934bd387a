//! The entries of a role that stand in one statement of the text.

use crate::table::{Entry, Role};
use crate::vocab::Written;

/// The entries that are written in one statement with an entry of a role, it among them, in the order of the text.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::explain::statement;
///
/// let text = "catalog k { category c { a: flag b: flag d: flag } } use k
///     template t { grant c { d: on a, b: on } }";
/// let table = compile(Sources::from_iter([("k.role", text)])).table.unwrap();
/// let t = table.templates().next().unwrap();
/// let lengths: Vec<usize> = t.entries().iter().map(|entry| statement(t, entry).len()).collect();
/// assert_eq!(lengths, [2, 2, 1]);
/// ```
pub fn statement<'t>(role: Role<'t>, entry: &'t Entry) -> Vec<&'t Entry> {
    if matches!(entry.written, Written::Statement | Written::Line) {
        return vec![entry];
    }
    let is_one_of_several = |other: &&Entry| matches!(other.written, Written::First | Written::Further);
    let mut all: Vec<&Entry> = role.entries().iter().filter(is_one_of_several).collect();
    all.sort_by_key(|other| other.position);
    let mut lines = all.chunk_by(|_, next| next.written == Written::Further);
    let line = lines.find(|line| line.iter().any(|other| other.position == entry.position));
    line.map_or_else(|| vec![entry], <[&Entry]>::to_vec)
}
