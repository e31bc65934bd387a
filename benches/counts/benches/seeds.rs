//! The same seeds for the maps of std in every process: else the counts of whatever goes through a map would differ from
//! run to run. This is the only unsafe code here, and no part of what is counted.

#![allow(unsafe_code, reason = "std asks the C library for its seeds, and the C library knows no fixed ones")]

/// What std asks for the seeds of its maps: found here before it is found in the C library.
///
/// # Safety
/// As of the C library: `length` bytes may be written at `bytes`.
#[unsafe(no_mangle)]
unsafe extern "C" fn getrandom(bytes: *mut u8, length: usize, _flags: u32) -> isize {
    // SAFETY: the caller says that so many bytes may be written there.
    unsafe { bytes.write_bytes(0x5e, length) };
    isize::try_from(length).unwrap_or(-1)
}
