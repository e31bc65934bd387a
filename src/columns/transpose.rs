//! A square of bits turned over: rows of bits become columns.

/// Turns a square over: bit `b` of word `w` becomes bit `w` of word `b`.
#[inline(always)]
pub(super) fn transpose(square: &mut [u64; 64]) {
    // Halves change places, then the halves of those, down to single bits.
    step::<32>(square, 0x0000_0000_ffff_ffff);
    step::<16>(square, 0x0000_ffff_0000_ffff);
    step::<8>(square, 0x00ff_00ff_00ff_00ff);
    step::<4>(square, 0x0f0f_0f0f_0f0f_0f0f);
    step::<2>(square, 0x3333_3333_3333_3333);
    step::<1>(square, 0x5555_5555_5555_5555);
}

#[inline(always)]
fn step<const N: usize>(square: &mut [u64; 64], low: u64) {
    let (chunks, _) = square.as_chunks_mut::<N>();
    for pair in chunks.chunks_exact_mut(2) {
        let [upper, lower] = pair else { continue };
        for (upper, lower) in upper.iter_mut().zip(lower) {
            let change = (*upper >> N ^ *lower) & low;
            *upper ^= change << N;
            *lower ^= change;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::transpose;

    #[test]
    fn rows_become_columns() {
        let mut random = 7_u64;
        let square: [u64; 64] = std::array::from_fn(|_| {
            random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            random ^ random >> 29
        });
        let mut turned = square;
        transpose(&mut turned);
        for (row, word) in square.iter().enumerate() {
            for (column, other) in turned.iter().enumerate() {
                assert_eq!(word >> column & 1, other >> row & 1, "{row} {column}");
            }
        }
    }
}
