//! Gives what libFuzzer makes to the target `text`, and nothing else.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rolec_fuzz::targets::text(bytes));
