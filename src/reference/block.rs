//! What many roles hold of a few rows, all of one role together: whoever is made from a role, or is given it, reads one
//! stretch of memory, however many roles there are. Works nothing out.

use crate::vocab::Actions;

/// What some roles hold of some rows, role by role.
#[doc(hidden)] // `held`, of several rows
#[derive(Clone, Debug)]
pub struct Block {
    rows: usize,
    cells: Vec<Actions>,
}

impl Block {
    /// So many roles that hold nothing of so many rows.
    pub(super) fn of(roles: usize, rows: usize) -> Self {
        Self { rows, cells: vec![Actions::NONE; roles.saturating_mul(rows)] }
    }

    /// What each role holds of one row.
    pub(super) fn of_one_row(cells: Vec<Actions>) -> Self {
        Self { rows: 1, cells }
    }

    /// Role by role, what each holds of so many rows.
    #[cfg(test)]
    pub(crate) fn with(rows: usize, cells: Vec<Actions>) -> Self {
        Self { rows, cells }
    }

    /// What a role holds of each row; nothing where there is no such role.
    pub fn held_by(&self, role: usize) -> &[Actions] {
        let begins = role.saturating_mul(self.rows);
        self.cells.get(begins..begins.saturating_add(self.rows)).unwrap_or_default()
    }

    /// What a role holds of each row from now on.
    pub(super) fn set(&mut self, role: usize, held: &[Actions]) {
        let begins = role.saturating_mul(self.rows);
        let cells = self.cells.get_mut(begins..begins.saturating_add(self.rows)).unwrap_or_default();
        cells.iter_mut().zip(held).for_each(|(cell, held)| *cell = *held);
    }

    /// Nobody holds anything of a row.
    pub(super) fn forget(&mut self, row: usize) {
        self.cells.iter_mut().skip(row).step_by(self.rows.max(1)).for_each(|cell| *cell = Actions::NONE);
    }

    /// Role by role, row by row.
    pub(super) fn into_cells(self) -> Vec<Actions> {
        self.cells
    }
}
