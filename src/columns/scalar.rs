//! The loop over pairs of ids that runs everywhere. Whatever is not plain (somebody with steps, an unknown id, another
//! catalog's key, several bits) goes to the exact answer, one by one.

use crate::columns::rows::{Near, Rows, Several};
use crate::vocab::PrincipalId;

/// The answers to a block of pairs, the first in the lowest bit.
#[inline]
pub(super) fn block(
    rows: &Rows<'_>,
    near: &Near<'_>,
    several: &[Several],
    principals: &[PrincipalId; 64],
    keys: &[u32; 64],
) -> u64 {
    // A copy, for what lies behind a reference is read again at each turn.
    let near = *near;
    let mut answers = 0_u64;
    for (who, key) in principals.iter().zip(keys) {
        let row = near.begins.get(who.index()).map_or(u32::MAX, |begins| u32::from_le(*begins));
        let (row, bit) = (row.wrapping_sub(near.first), key.wrapping_sub(near.base));
        let held = if row <= near.span && bit < near.width {
            let word = near.bits.get(row.wrapping_add(bit / 64) as usize);
            word.map_or(0, |word| u64::from_le(*word) >> (bit % 64) & 1)
        } else {
            other(rows, several, *who, *key)
        };
        // A turn by one is cheaper than a shift by the position.
        answers = (answers | held).rotate_right(1);
    }
    answers
}

#[cold]
#[inline(never)]
fn other(rows: &Rows<'_>, several: &[Several], who: PrincipalId, key: u32) -> u64 {
    u64::from(rows.holds(who, key, several))
}
