//! What [`swap`](super::swap) is built on. The package `interleavings` has the same names by loom, and tries its schedules.

pub(in crate::reload) use std::sync::atomic::{AtomicU64, Ordering};
pub(in crate::reload) use std::sync::{Arc, Mutex};
