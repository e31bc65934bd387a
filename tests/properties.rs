//! Laws of the language, on generated policies: what holds for every policy and no example could show.
//!
//! The same policies are generated in every run. `PROPTEST_CASES` says how many for each law, `PROPTEST_RNG_SEED` gives
//! others. A law that is broken is shown on the smallest policy that could be found.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::print_stderr, reason = "the count of what was tried is for people")]
#![allow(
    clippy::disallowed_methods,
    reason = "policies are files, the number of cases stands in the environment"
)]

mod support {
    pub(crate) mod generated;
    pub(crate) mod law;
    pub(crate) mod picture;
    #[allow(dead_code, reason = "other tests ask for more")]
    pub(crate) mod policies;
}

mod laws {
    mod additions;
    mod certificates;
    mod diffs;
    mod edits;
    mod fixes;
    mod flips;
    mod independence;
    mod joins;
    mod mutations;
    mod order;
    mod plans;
    mod printing;
    mod reach;
    mod requirements;
    mod rows;
    mod spreads;
    mod suggest;
    mod who;
}
