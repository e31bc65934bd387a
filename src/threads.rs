//! Work on many things side by side: the pool that is in force is the caller's, or else as many threads as there are
//! cores. What is worked out never hangs on their number.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

/// What each of some things gives, in their order: side by side where there is much to do. `state` is what one thread
/// remembers from one thing to the next.
pub(crate) fn each<T: Send, S, R: Send>(
    all: Vec<T>,
    is_large: bool,
    state: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, T) -> R + Sync + Send,
) -> Vec<R> {
    if is_large {
        // One state for each run of things that a thread takes, which is few runs: they are cut where threads are idle.
        return all.into_par_iter().map_init(state, work).collect();
    }
    let mut state = state();
    all.into_iter().map(|one| work(&mut state, one)).collect()
}

/// Gives back what nobody needs any more: where it is much, while other work goes on.
pub(crate) fn give_back(is_large: bool, what: impl Send + 'static) {
    if is_large {
        rayon::spawn(move || drop(what));
    }
}

/// What two works give, side by side where there is much to do.
pub(crate) fn both<A: Send, B: Send>(
    is_large: bool,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if is_large { rayon::join(one, other) } else { (one(), other()) }
}

/// Does some work on so many threads.
#[cfg(test)]
pub(crate) fn on<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}
