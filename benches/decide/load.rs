//! What it takes to open decisions and to give the first answer, beside a plain read of the same bytes with their checksum,
//! and beside what one would do else: a map, by serde. Each in a process of its own, the file in the cache of the system.

use std::collections::HashMap;
use std::fs::{self, File};
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use rolec::decisions::{Answer, Decisions};
use rolec::table::Table;
use rolec::vocab::Time;

use crate::world::Question;
use crate::{RUNS, middle};

/// By organization and principal, the bits held.
pub(crate) type Map = HashMap<(String, String), [u64; 2]>;

/// What is measured.
pub(crate) const CONTENDERS: [&str; 3] = ["plain", "open", "serde"];

/// What each principal holds, as serde writes it.
pub(crate) fn map(table: &Table, rows: &[[u64; 2]]) -> Vec<u8> {
    let map: Map = table
        .principals()
        .zip(rows)
        .map(|(principal, row)| {
            ((principal.organization().id().to_owned(), principal.name().to_owned()), *row)
        })
        .collect();
    postcard::to_stdvec(&map).expect("it can be written")
}

/// The median of some openings, in milliseconds; and what the process then holds above what it held before, in MB.
pub(crate) fn measure(contender: &str, file: &Path, question: &Question, at: Time) -> (f64, f64) {
    let before = resident();
    let mut held = 0.0_f64;
    let took: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            let took = match contender {
                "plain" => {
                    let bytes = fs::read(file).expect("the file");
                    black_box(xxhash_rust::xxh3::xxh3_64(&bytes));
                    let took = start.elapsed();
                    held = held.max(resident() - before);
                    took
                }
                "open" => {
                    let mut opened = File::open(file).expect("the file");
                    let length = opened.metadata().expect("its length").len();
                    let decisions = Decisions::read(&mut opened, length).expect("read").expect("sound");
                    let (category, row, action) = &question.permission;
                    let permission = format!("{category}.{row}:{action}");
                    let answer = decisions.index().decide(
                        &question.organization,
                        &question.principal,
                        &permission,
                        at,
                    );
                    assert!(black_box(answer) != Answer::UnknownOrganization);
                    let took = start.elapsed();
                    held = held.max(resident() - before);
                    took
                }
                "serde" => {
                    let bytes = fs::read(file).expect("the file");
                    let map: Map = postcard::from_bytes(&bytes).expect("a map");
                    drop(bytes);
                    let key = (question.organization.clone(), question.principal.clone());
                    black_box(map.get(&key));
                    let took = start.elapsed();
                    held = held.max(resident() - before);
                    took
                }
                other => panic!("no contender {other}"),
            };
            took.as_secs_f64() * 1e3
        })
        .collect();
    (middle(took), held)
}

/// What of the process is in memory, in MB.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes * 1024.0 / 1e6)
}
