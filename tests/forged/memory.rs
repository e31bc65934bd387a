//! What a forged file may cost in memory: counted by the allocator of these tests, for the thread that asks.
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by its signature; it hands on to the system's and counts"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use rolec::decisions::Decisions;
use rolec::table::Table;

use crate::forged::forge::{HEADER, LENGTH, SECTIONS, forge, number, put, section};
use crate::forged::seeds::{Seed, all, each};
use crate::support::random::Random;

struct Counting;

thread_local! {
    /// Bytes of this thread now, the most at once, and the most for one thing.
    static NOW: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

fn count(more: isize, size: usize) {
    // A thread that ends has no counts any more.
    let _ = NOW.try_with(|now| {
        now.set(now.get() + more);
        PEAK.with(|peak| peak.set(peak.get().max(now.get())));
        LARGEST.with(|largest| largest.set(largest.get().max(size)));
    });
}

// SAFETY: all is done by the system's allocator; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize, layout.size());
        // SAFETY: the caller's promise is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize), 0);
        // SAFETY: the caller's promise is handed on.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize, size);
        // SAFETY: the caller's promise is handed on.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What something takes: the most at once, and the most for one thing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Taken {
    pub(crate) peak: usize,
    largest: usize,
}

impl Taken {
    fn max(self, other: Self) -> Self {
        Self { peak: self.peak.max(other.peak), largest: self.largest.max(other.largest) }
    }
}

pub(crate) fn taken<T>(what: impl FnOnce() -> T) -> (T, Taken) {
    let before = NOW.get();
    PEAK.set(before);
    LARGEST.set(0);
    let done = what();
    (done, Taken { peak: (PEAK.get() - before) as usize, largest: LARGEST.get() })
}

/// Bytes that an error or a small list may take whatever the file's size.
const LITTLE: usize = 4 << 10;

/// Reading decisions takes no more than twice their file, whatever it says; reading a whole table no more than twice its
/// file beyond what the true one takes, and for no single list more than that.
fn held(seed: &Seed, bytes: &[u8], whole: Taken, what: &str) -> (Taken, Taken) {
    let twice = 2 * bytes.len() + LITTLE;
    let (_, alone) = taken(|| Decisions::from_bytes(bytes).is_ok());
    assert!(alone.peak <= twice, "{}: {what}: {alone:?} of {} bytes", seed.name, bytes.len());
    let (_, read) = taken(|| Decisions::read(&mut &*bytes, bytes.len() as u64).is_ok());
    assert!(read.peak <= twice, "{}: {what}: {read:?} of {} bytes", seed.name, bytes.len());
    let (_, table) = taken(|| Table::from_bytes(bytes).is_ok());
    let most = Taken { peak: whole.peak + twice, largest: whole.largest.max(twice) };
    let fits = table.peak <= most.peak && table.largest <= most.largest;
    assert!(fits, "{}: {what}: {table:?} of {} bytes; the true one takes {whole:?}", seed.name, bytes.len());
    (alone.max(read), table)
}

#[test]
fn no_forged_count_costs_more_than_the_file() {
    let seeds = all();
    let found = each(&seeds, |seed| {
        let length = seed.bytes.len();
        let (_, whole) = taken(|| Table::from_bytes(&seed.bytes).is_ok());
        let mut most = (Taken::default(), Taken::default());
        let mut note = |(alone, table): (Taken, Taken)| most = (most.0.max(alone), most.1.max(table));
        let counts = [u32::MAX, 1 << 31, 0x7fff_ffff, 0x0100_0000, (length / 4) as u32, (length / 16) as u32];
        // All counts of a file stand at any byte: these steps meet each place of four in turn.
        let step = if length > 4 << 10 { 61 } else { 7 };
        for at in (HEADER..length - 4).step_by(step) {
            for count in counts {
                let mut bytes = seed.bytes.clone();
                bytes[at..at + 4].copy_from_slice(&count.to_le_bytes());
                forge(&mut bytes);
                note(held(seed, &bytes, whole, &format!("{count} at byte {at}")));
            }
        }
        for at in [LENGTH, 12, 24, SECTIONS[0] + 8, SECTIONS[0] + 16, SECTIONS[1] + 8, SECTIONS[1] + 16] {
            for size in (0..64).map(|bit| 1_u64 << bit).chain([u64::MAX, u64::MAX / 64]) {
                let mut bytes = seed.bytes.clone();
                put(&mut bytes, at, size);
                forge(&mut bytes);
                note(held(seed, &bytes, whole, &format!("{size} at byte {at}")));
            }
        }
        (seed.name.clone(), length, whole, most)
    });
    for (name, length, whole, (alone, table)) in found {
        let part = |bytes: usize| bytes as f64 / length as f64;
        eprintln!(
            "{name}: {length} bytes; the true table takes {:.2} times as much; forged ones at most {:.2}, their decisions {:.2}",
            part(whole.peak),
            part(table.peak),
            part(alone.peak)
        );
    }
}

/// So many times its file may what was written out take in memory, where it is nothing but empty members.
const ZEROS: usize = 48;

/// The bodies of the seven sections of the provenance.
fn bodies(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut at, length) = section(bytes, 1);
    let ends = at + length;
    let mut bodies = Vec::new();
    while at < ends {
        let length = number(bytes, at + 4) as usize;
        bodies.push(bytes[at + 12..at + 12 + length].to_vec());
        at += 12 + length;
    }
    bodies
}

/// A list that says to have as many members as the bytes behind it could bear out, where those are noise or zeros: in
/// each section in turn, behind decisions that are true. Noise costs what noise of that length may cost. A catalog without
/// anything is sixteen zeros in a file and 250 bytes in memory, and twice that for a moment where the list grows: whoever
/// writes them all out gets as many, and no more.
#[test]
fn noise_costs_no_more_than_the_file() {
    let seeds = all();
    let seed = &seeds[0];
    let (_, whole) = taken(|| Table::from_bytes(&seed.bytes).is_ok());
    let begins = section(&seed.bytes, 1).0;
    let own = bodies(&seed.bytes);
    assert_eq!(own.len(), 7, "seven sections");
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (mut tried, mut worst) = (0, 0.0_f64);
    for length in [64, 1 << 10, 64 << 10, 1 << 20] {
        for which in 0..own.len() {
            for least in [4, 5, 13, 15, 16, 17, 19] {
                for is_noise in [false, true] {
                    let mut bodies = own.clone();
                    let mut body = ((length / least) as u32).to_le_bytes().to_vec();
                    body.extend((0..length).map(|_| if is_noise { random.next() as u8 } else { 0 }));
                    bodies[which] = body;
                    let mut bytes = seed.bytes[..begins].to_vec();
                    for (number, body) in (1_u32..).zip(&bodies) {
                        bytes.extend(number.to_le_bytes());
                        bytes.extend((body.len() as u64).to_le_bytes());
                        bytes.extend_from_slice(body);
                    }
                    let whole_length = bytes.len();
                    put(&mut bytes, LENGTH, whole_length as u64);
                    put(&mut bytes, SECTIONS[1] + 16, (whole_length - begins) as u64);
                    forge(&mut bytes);
                    let what = format!("section {which}, members of {least} of {length} bytes");
                    if is_noise {
                        held(seed, &bytes, whole, &what);
                    } else {
                        let (_, table) = taken(|| Table::from_bytes(&bytes).is_ok());
                        assert!(table.peak <= whole.peak + ZEROS * bytes.len(), "{what}: {table:?}");
                        worst = worst.max(table.peak as f64 / bytes.len() as f64);
                    }
                    tried += 1;
                }
            }
        }
    }
    eprintln!(
        "{tried} lists of noise and zeros; what zeros spell out takes at most {worst:.1} times the file"
    );
}
