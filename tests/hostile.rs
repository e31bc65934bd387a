//! Files of tables that somebody has damaged or forged: cut off, flipped bit by bit, with checksums made to fit again, and
//! written anew from parts that say something else. Refused, or answered as the sources say, or caught by
//! `tools/certify`; never a panic, and never more memory than the file bears out.
//!
//! What is tried stands in the output (`--nocapture`), counted. Nothing here knows what the bytes 32 to 56 of a header
//! mean. `HOSTILE=all` flips every bit of the large tables too, where a run by hand takes a part of them.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::print_stderr, reason = "the count of what was tried is for people")]
#![allow(clippy::disallowed_methods, reason = "policies are files")]

mod support {
    #[allow(dead_code, reason = "other tests ask for more")]
    pub(crate) mod picture;
    #[allow(dead_code, reason = "other tests ask for more")]
    pub(crate) mod policies;
    pub(crate) mod random;
}

mod forged {
    mod alone;
    mod flips;
    mod forge;
    mod headers;
    mod judge;
    mod memory;
    mod parts;
    #[cfg(target_os = "linux")]
    mod periods;
    mod seeds;
}
