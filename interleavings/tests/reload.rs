//! The swap of a table, the file itself, over loom: all schedules of a writer and two readers, and of two writers and a
//! reader, with at most three preemptions. `PREEMPTIONS=4` tries more.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "reads how many preemptions are asked for")]

#[path = "../../src/reload/swap.rs"]
#[allow(dead_code, unreachable_pub, reason = "the whole file is taken as it is")]
mod swap;

/// The names of `src/reload/sync.rs`, by loom.
mod sync {
    pub(crate) use loom::sync::atomic::{AtomicU64, Ordering};
    pub(crate) use loom::sync::{Arc, Mutex};
}

use loom::sync::Arc;
use loom::thread;

use self::swap::{Cached, Snapshot, Swap};

/// A table of two cells, which belong together.
struct Cells(u64, u64);

impl Cells {
    fn of(epoch: u64) -> Self {
        Self(epoch * 10, epoch * 100)
    }
}

/// How many schedules were tried.
fn all_schedules(test: impl Fn() + Sync + Send + 'static) -> usize {
    let tried = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(std::env::var("PREEMPTIONS").map_or(3, |text| text.parse().unwrap()));
    let count = tried.clone();
    model.check(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        test();
    });
    tried.load(std::sync::atomic::Ordering::Relaxed)
}

/// That a snapshot is one table whole, the one of its epoch; says which.
fn whole(now: &Snapshot<Cells>) -> u64 {
    assert_eq!((now.0, now.1), (now.epoch() * 10, now.epoch() * 100), "torn");
    now.epoch()
}

#[test]
fn readers_have_the_old_table_or_the_new_one() {
    let tried = all_schedules(|| {
        let swap = Arc::new(Swap::new(Cells::of(1)));
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let mut cached = Cached::of(swap.clone());
                thread::spawn(move || {
                    let first = whole(cached.now());
                    let second = whole(cached.now());
                    assert!(first <= second, "an epoch comes back");
                })
            })
            .collect();
        assert_eq!(swap.put(Cells::of(2)), 2);
        // Whoever put it there sees it.
        assert_eq!(whole(&swap.now()), 2);
        assert_eq!(whole(Cached::of(swap.clone()).now()), 2);
        readers.into_iter().for_each(|reader| reader.join().unwrap());
    });
    println!("{tried} schedules");
    assert!(tried > 100, "{tried} schedules only");
}

#[test]
fn who_was_told_of_a_table_sees_it() {
    let tried = all_schedules(|| {
        let swap = Arc::new(Swap::new(Cells::of(1)));
        let mut cached = Cached::of(swap.clone());
        let told = Arc::new(sync::AtomicU64::new(0));
        let writer = {
            let (swap, told) = (swap.clone(), told.clone());
            thread::spawn(move || told.store(swap.put(Cells::of(2)), sync::Ordering::Release))
        };
        let told = told.load(sync::Ordering::Acquire);
        assert!(whole(cached.now()) >= told, "an answer older than what was told");
        writer.join().unwrap();
        assert_eq!(whole(cached.now()), 2);
    });
    println!("{tried} schedules");
    assert!(tried > 5, "{tried} schedules only");
}

#[test]
fn writers_come_one_after_the_other() {
    let tried = all_schedules(|| {
        let swap = Arc::new(Swap::new(0_u64));
        let mut cached = Cached::of(swap.clone());
        let writers: Vec<_> = [10, 20]
            .into_iter()
            .map(|value| {
                let swap = swap.clone();
                thread::spawn(move || (swap.put(value), value))
            })
            .collect();
        let seen = cached.now().clone();
        let seen = (seen.epoch(), **seen);
        let mut put: Vec<(u64, u64)> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        put.push((1, 0));
        put.sort_unstable();
        assert!(put.iter().map(|(epoch, _)| *epoch).eq(1..=3), "{put:?}");
        // The value of an epoch is the one that was put then; no epoch is behind what was seen before.
        assert!(put.iter().any(|(epoch, value)| seen.0 <= *epoch && *value == seen.1), "{seen:?} of {put:?}");
        assert_eq!(***cached.now(), put[2].1);
    });
    println!("{tried} schedules");
    assert!(tried > 100, "{tried} schedules only");
}
