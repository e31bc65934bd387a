//! The tables that are damaged: those of every policy that ships, of the built-in catalog by itself and of the corpus,
//! each with what its sources say.

use std::thread;

use rolec::catalog::BUILT_IN;
use rolec::reference::Reference;
use rolec::table::Table;

use crate::support::policies::{Policy, compiled, corpus, shipped};

/// From so many bytes on a table is large: of what takes long, a part is tried of it.
pub(crate) const LARGE: usize = 4 << 10;

/// Whether of large tables everything is tried too.
pub(crate) fn everything() -> bool {
    std::env::var("HOSTILE").is_ok_and(|it| it == "all")
}

pub(crate) struct Seed {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) table: Table,
    pub(crate) reference: Reference,
}

impl Seed {
    fn of(policy: Policy) -> Self {
        let bytes = policy.table.to_bytes();
        let table = Table::from_bytes(&bytes).unwrap();
        let reference = Reference::of(&policy.sources).unwrap();
        Self { name: policy.name, bytes, table, reference }
    }
}

/// All of them, the small ones first.
pub(crate) fn all() -> Vec<Seed> {
    let built_in = BUILT_IN.iter().map(|it| {
        let files = it.files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        compiled(it.id, files.collect())
    });
    let mut all: Vec<Seed> = shipped().into_iter().chain(built_in).chain(corpus()).map(Seed::of).collect();
    all.sort_by_key(|seed| seed.bytes.len());
    assert!(all.len() >= 12, "{} tables only", all.len());
    all
}

/// Does something to each of some things, as many at once as the machine has cores.
pub(crate) fn each<T: Sync, R: Send>(all: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from).min(8);
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(item) = all.get(at) else { return done };
                done.push((at, one(item)));
            }
        };
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, done)| done).collect()
}

/// Places of bytes, cut into pieces that can be done side by side.
pub(crate) fn pieces(length: usize) -> Vec<std::ops::Range<usize>> {
    (0..length).step_by(512).map(|begins| begins..(begins + 512).min(length)).collect()
}
