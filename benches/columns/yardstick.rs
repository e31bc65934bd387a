//! What the figures are held against, each in its simplest and fastest form: the bare test of a bit, and a column of bits
//! that is counted, copied and listed. They know no time, no second catalog and no id out of range. Never made slower.

#![allow(
    unsafe_code,
    reason = "loops compiled for the processor that they run on, as those that they are held against"
)]

/// Rows of two words, and which of them is whose.
pub(crate) struct Bare {
    pub(crate) row_of: Vec<u32>,
    pub(crate) rows: Vec<[u64; 2]>,
}

impl Bare {
    /// Whether each has the bit beside it.
    #[inline(never)]
    pub(crate) fn decide(&self, who: &[u32], bits: &[u32], answers: &mut [u64]) {
        for ((answers, who), bits) in answers.iter_mut().zip(who.chunks_exact(64)).zip(bits.chunks_exact(64))
        {
            let mut word = 0_u64;
            for (who, bit) in who.iter().zip(bits) {
                let row = &self.rows[self.row_of[*who as usize] as usize];
                // Faster than to shift each by its position.
                word = (word | row[(bit / 64) as usize] >> (bit % 64) & 1).rotate_right(1);
            }
            *answers = word;
        }
    }

    /// Who has a bit, one after the other.
    pub(crate) fn column(&self, bit: u32) -> Vec<u64> {
        let mut column = vec![0; self.row_of.len().div_ceil(64)];
        for (who, row) in self.row_of.iter().enumerate() {
            let held = self.rows[*row as usize][(bit / 64) as usize] >> (bit % 64) & 1;
            column[who / 64] |= held << (who % 64);
        }
        column
    }
}

macro_rules! fastest {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $answer:ty $body:block)*) => {$(
        $(#[$doc])*
        #[inline(never)]
        pub(crate) fn $name($($argument: $type),*) -> $answer {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
            fn fast($($argument: $type),*) -> $answer $body
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2") {
                // SAFETY: what has these two has the others.
                return unsafe { fast($($argument),*) };
            }
            $body
        }
    )*};
}

fastest! {
    /// How many bits are set.
    count(column: &[u64]) -> usize {
        column.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many are set in two and not in a third.
    count_joined(one: &[u64], other: &[u64], without: &[u64]) -> usize {
        let words = one.iter().zip(other).zip(without);
        words.map(|((one, other), without)| (one & other & !without).count_ones() as usize).sum()
    }

    /// Those bits.
    copy_joined(one: &[u64], other: &[u64], without: &[u64]) -> Vec<u64> {
        let words = one.iter().zip(other).zip(without);
        words.map(|((one, other), without)| one & other & !without).collect()
    }

    /// Which bits are set; there are so many.
    list(column: &[u64], count: usize) -> Vec<u32> {
        let mut list = vec![0; count];
        let mut slots = list.iter_mut();
        for (number, word) in column.iter().enumerate() {
            let mut word = *word;
            while word != 0 {
                if let Some(slot) = slots.next() {
                    *slot = number as u32 * 64 + word.trailing_zeros();
                }
                word &= word - 1;
            }
        }
        list
    }
}
