//! How long a search may go on, in steps. No clock: what is found must not hang on how busy a machine is.

/// As many steps as take about a second on a machine of today: a step looks at 64 permissions of a role.
///
/// ```
/// use rolec::table::Table;
/// use rolec::tools::suggest::{A_SECOND, advise};
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let at = Time::parse("2026-12-01")?;
/// assert!(advise(&table, acme, at, None, A_SECOND).is_whole);
/// assert!(!advise(&table, acme, at, None, 1).is_whole, "one step leads nowhere, and it is said");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub const A_SECOND: u64 = 1 << 26;

/// What is left.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    left: u64,
}

impl Budget {
    pub(super) fn new(steps: u64) -> Self {
        Self { left: steps }
    }

    /// Takes steps away.
    pub(super) fn spend(&mut self, steps: usize) {
        self.left = self.left.saturating_sub(steps as u64);
    }

    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }
}
