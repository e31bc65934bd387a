//! The loop over pairs of ids eight at a time, for processors with AVX2. It reads at places that were moved into the slices
//! just before, so that nothing rests on what the slices hold.
//!
//! The instruction that gathers is not used: eight plain loads are as fast where it is good, and much faster elsewhere.

#![allow(unsafe_code, reason = "reads at places that were moved into the slices just before")]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

use crate::columns::rows::{Near, Rows, Several};
use crate::vocab::PrincipalId;

/// The answers to blocks of 64 pairs, as the loop that runs everywhere has them. `false` where this one cannot run: then
/// nothing is answered.
#[cfg(target_arch = "x86_64")]
pub(super) fn blocks(
    rows: &Rows<'_>,
    near: &Near<'_>,
    several: &[Several],
    principals: &[[PrincipalId; 64]],
    keys: &[[u32; 64]],
    answers: &mut [u64],
) -> bool {
    // The last bit of the last row lies in the bits, and halves of words can be counted.
    let words = near.bits.len();
    let is_inside = near.width != 0 && near.span as usize + near.width.div_ceil(64) as usize <= words;
    let is_countable = words <= 1 << 30 && u32::try_from(near.begins.len()).is_ok();
    if !is_inside || !is_countable || near.begins.is_empty() || !std::arch::is_x86_feature_detected!("avx2") {
        return false;
    }
    for ((answers, principals), keys) in answers.iter_mut().zip(principals).zip(keys) {
        // SAFETY: the processor has AVX2, and all that `block` asks for was looked at above.
        let (held, plain) = unsafe { block(near, principals, keys) };
        *answers = held;
        if plain != u64::MAX {
            *answers |= others(rows, several, principals, keys, !plain);
        }
    }
    true
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn blocks(
    _: &Rows<'_>,
    _: &Near<'_>,
    _: &[Several],
    _: &[[PrincipalId; 64]],
    _: &[[u32; 64]],
    _: &mut [u64],
) -> bool {
    false
}

/// The exact answers to some of the pairs.
#[cfg(target_arch = "x86_64")]
#[inline(never)]
fn others(
    rows: &Rows<'_>,
    several: &[Several],
    principals: &[PrincipalId; 64],
    keys: &[u32; 64],
    mut which: u64,
) -> u64 {
    let mut answers = 0;
    while which != 0 {
        let at = which.trailing_zeros() as usize;
        which &= which - 1;
        if let (Some(who), Some(key)) = (principals.get(at), keys.get(at)) {
            answers |= u64::from(rows.holds(*who, *key, several)) << at;
        }
    }
    answers
}

/// Which of 64 pairs hold, and which were plain enough to say.
///
/// # Safety
/// There is somebody, there are not more of them than a `u32` numbers, and `bits` has `span` words, as many more as
/// `width` bits take, and not more than 2³⁰.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn block(near: &Near<'_>, principals: &[PrincipalId; 64], keys: &[u32; 64]) -> (u64, u64) {
    let [first, span, base, widest] = [near.first, near.span, near.base, near.width - 1]
        .map(|number| _mm256_set1_epi32(number.cast_signed()));
    let (begins, halves) = (near.begins.as_ptr(), near.bits.as_ptr().cast::<u32>());
    let last = near.begins.len() as u32 - 1;
    let mut ids = principals.map(|who| who.0);
    let mut plain = u64::MAX;
    if ids.iter().fold(0, |most, id| most.max(*id)) > last {
        for (at, id) in ids.iter_mut().enumerate() {
            plain &= !(u64::from(*id > last) << at);
            *id = last.min(*id);
        }
    }
    let (mut near_enough, mut held) = (0_u64, 0_u64);
    let mut places = [0_u32; 64];
    for turn in 0..8 {
        let at = turn * 8;
        // SAFETY: `at` and the seven behind it are places of 64, in the arrays of 64 that are read and written; and all
        // ids are below the length of `begins`.
        let (asked, row) = unsafe {
            let asked = _mm256_loadu_si256(keys.as_ptr().add(at).cast());
            (asked, gather(begins, ids.as_ptr().add(at)))
        };
        let (key, row) = (_mm256_sub_epi32(asked, base), _mm256_sub_epi32(row, first));
        let (bit, begin) = (_mm256_min_epu32(key, widest), _mm256_min_epu32(row, span));
        let is_near = _mm256_and_si256(_mm256_cmpeq_epi32(key, bit), _mm256_cmpeq_epi32(row, begin));
        near_enough |= signs(is_near) << at;
        let place = _mm256_add_epi32(_mm256_slli_epi32::<1>(begin), _mm256_srli_epi32::<5>(bit));
        // SAFETY: as above.
        unsafe { _mm256_storeu_si256(places.as_mut_ptr().add(at).cast(), place) };
    }
    for turn in 0..8 {
        let at = turn * 8;
        // SAFETY: as above; and a place is at most twice `span` and the last half that `width` bits reach, because both
        // of its parts were held down to that.
        let (asked, half) = unsafe {
            let asked = _mm256_loadu_si256(keys.as_ptr().add(at).cast());
            (asked, gather(halves, places.as_ptr().add(at)))
        };
        // The bit that is asked for becomes the sign; regions begin at keys that are multiples of 64.
        let up = _mm256_andnot_si256(asked, _mm256_set1_epi32(31));
        held |= signs(_mm256_sllv_epi32(half, up)) << at;
    }
    plain &= near_enough;
    (held & plain, plain)
}

/// What stands at eight places.
///
/// # Safety
/// Eight places can be read, and each is one of the list.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn gather(list: *const u32, places: *const u32) -> __m256i {
    // SAFETY: as promised.
    let one = |number: usize| unsafe { (*list.add(*places.add(number) as usize)).cast_signed() };
    _mm256_set_epi32(one(7), one(6), one(5), one(4), one(3), one(2), one(1), one(0))
}

/// The signs of eight numbers, the first one's lowest.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn signs(numbers: __m256i) -> u64 {
    u64::from(_mm256_movemask_ps(_mm256_castsi256_ps(numbers)).cast_unsigned())
}

#[cfg(test)]
#[cfg(target_arch = "x86_64")]
mod tests {
    use super::blocks;
    use crate::columns::rows::{Near, Rows};
    use crate::vocab::PrincipalId;

    /// The loop reads without looking: whatever is not all inside is left to the other one.
    #[test]
    fn nothing_outside_is_read() {
        let bits = [u64::MAX; 4];
        let good = Near { begins: &[0, 2], bits: &bits, first: 0, span: 2, base: 0, width: 100 };
        let rows = Rows::new(good.begins, &bits, &[], &|_| None).unwrap();
        let runs = |near: Near<'_>| {
            let mut answers = [0];
            let runs = blocks(&rows, &near, &[], &[[PrincipalId(1); 64]], &[[99; 64]], &mut answers);
            assert_eq!(answers, [if runs { u64::MAX } else { 0 }]);
            runs
        };
        assert_eq!(runs(good), std::arch::is_x86_feature_detected!("avx2"));
        for wrong in [
            Near { span: 3, ..good },
            Near { bits: &bits[..3], ..good },
            Near { bits: &bits[..2], span: 1, ..good },
            Near { bits: &[], ..good },
            Near { width: 129, ..good },
            Near { width: 0, ..good },
            Near { begins: &[], ..good },
        ] {
            assert!(!runs(wrong));
        }
    }
}
