//! How an entry of a role is written, as whoever changes its level has to know.

/// How an entry stands in the text: what is to be written anew where its level is another.
///
/// ```
/// use rolec::table::Table;
/// use rolec::vocab::Written;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let owner = table.role_view(table.template("owner").unwrap()).unwrap();
/// assert_eq!(owner.entries()[0].written, Written::Statement, "`grant all: full`");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Written {
    /// A statement of its own: `grant all: view`, `grant category: view`, `grant category.row: view`.
    Statement,
    /// A line of a block: `row: view`.
    Line,
    /// The first row of a line of several: `one` in `one, other: view`.
    First,
    /// Another row of such a line, which is the one of the nearest [`First`](Self::First) before it.
    Further,
}
