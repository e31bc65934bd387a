//! One value in force, put in place of another while threads ask it. Whoever asks has the old value or the new one, whole,
//! and knows which. Knows nothing of tables.
//!
//! A value and its epoch stand in one snapshot, which is never changed: so what belongs together cannot come apart. The
//! epoch stands once more beside it, and is all that a reader looks at as long as nothing was put: no lock is taken, nothing
//! is written, and readers do not slow each other down.
//!
//! The package `interleavings` compiles this very file over loom. It must use nothing but `super::sync`.

use std::ops::Deref;
use std::sync::PoisonError;

use super::sync::{Arc, AtomicU64, Mutex, Ordering};

/// A value as it is in force since an epoch.
///
/// ```
/// use rolec::reload::Live;
/// use rolec::table::Table;
///
/// let live: Live<Table> = Live::new(rolec::example::TABLE, None)?;
/// let now = live.now();
/// assert_eq!(now.epoch(), 1);
/// assert_eq!(now.to_bytes(), rolec::example::TABLE, "it is a table");
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Debug)]
pub struct Snapshot<T> {
    epoch: u64,
    value: T,
}

impl<T> Snapshot<T> {
    /// The how manieth value this is, from 1.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }
}

impl<T> Deref for Snapshot<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Where the value in force stands.
#[derive(Debug)]
pub(super) struct Swap<T> {
    /// That of `now`, or for a moment the one before.
    epoch: AtomicU64,
    now: Mutex<Arc<Snapshot<T>>>,
}

impl<T> Swap<T> {
    pub(super) fn new(value: T) -> Self {
        Self { epoch: AtomicU64::new(1), now: Mutex::new(Arc::new(Snapshot { epoch: 1, value })) }
    }

    /// The value in force.
    pub(super) fn now(&self) -> Arc<Snapshot<T>> {
        // Nobody who holds the lock does what could panic; if somebody did, the value would still be whole.
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a value in force, and says its epoch.
    pub(super) fn put(&self, value: T) -> u64 {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let epoch = now.epoch.saturating_add(1);
        let before = std::mem::replace(&mut *now, Arc::new(Snapshot { epoch, value }));
        // Under the lock, so that epochs are told in their order.
        self.epoch.store(epoch, Ordering::Release);
        drop(now);
        // A large value takes its time to be given back: nobody waits for that.
        drop(before);
        epoch
    }
}

/// Who asks: one for each thread.
#[derive(Debug)]
pub(super) struct Cached<T> {
    swap: Arc<Swap<T>>,
    held: Arc<Snapshot<T>>,
}

impl<T> Cached<T> {
    pub(super) fn of(swap: Arc<Swap<T>>) -> Self {
        let held = swap.now();
        Self { swap, held }
    }

    /// The value in force now.
    #[inline]
    pub(super) fn now(&mut self) -> &Arc<Snapshot<T>> {
        if self.swap.epoch.load(Ordering::Acquire) != self.held.epoch {
            self.held = self.swap.now();
        }
        &self.held
    }

    pub(super) fn swap(&self) -> &Arc<Swap<T>> {
        &self.swap
    }
}
