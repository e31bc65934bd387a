//! Plain loops over words, compiled a second time for processors that take four words at once. Knows nothing of what the
//! loops do.

#![allow(
    unsafe_code,
    reason = "calls what is compiled for more than every processor has, where this one has it"
)]

/// A loop. Its `work` is `#[inline(always)]`, so that it is compiled with what surrounds it.
pub(super) trait Work {
    /// What comes out.
    type Answer;
    /// Does it.
    fn work(self) -> Self::Answer;
}

/// Does the work, as fast as this processor can.
#[inline]
pub(super) fn run<W: Work>(work: W) -> W::Answer {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        if has!("avx2") && has!("bmi1") && has!("bmi2") && has!("popcnt") {
            // SAFETY: the processor has all of it.
            return unsafe { with_avx2(work) };
        }
    }
    work.work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn with_avx2<W: Work>(work: W) -> W::Answer {
    work.work()
}
