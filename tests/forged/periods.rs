//! Somebody with many periods: a table of them is made, read and compared with its sources in time and memory that grow
//! as the periods do, whole and by its decisions alone. Nobody can choose a policy whose certificate is never done.

use std::fmt::Write as _;
use std::time::Duration;

use rolec::decisions::Decisions;
use rolec::pipeline::compile;
use rolec::reference::Reference;
use rolec::source::Sources;
use rolec::table::Table;
use rolec::tools::certify::{certify, certify_decisions};
use rolec::vocab::Time;

use crate::forged::memory::{Taken, taken};

/// Two roles by turns, so many times, one second each; a third one all over it, and a fourth that begins with each and
/// ends with all of them.
fn policy(periods: usize) -> String {
    let mut text = String::from(
        "use c\ncatalog c { category d { e: ladder none < view < full  f: flag  g: verbs a, b } }\n\
         organization o {\nrole r0 { grant d.e: full }\nrole r1 { grant d.g: a }\nrole r2 { grant d.f: on }\n\
         role r3 { grant d.g: b }\nassign r2 to \"ana\" from 2026-01-01 until 2027-01-01\n",
    );
    let first = Time::parse("2026-01-01").unwrap();
    let last = Time(first.0 + 2 * periods as i64);
    for number in 0..periods {
        let from = Time(first.0 + number as i64);
        let until = Time(from.0 + 1);
        let _ = writeln!(text, "assign r{} to \"ana\" from {from} until {until}", number % 2);
        let _ = writeln!(text, "assign r3 to \"ana\" from {from} until {last}");
    }
    text + "}\n"
}

/// What the processor has spent on this thread.
fn spent() -> Duration {
    rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).try_into().unwrap()
}

fn timed<T>(what: impl FnOnce() -> T) -> (T, Duration, Taken) {
    let before = spent();
    let (done, memory) = taken(what);
    (done, spent().saturating_sub(before), memory)
}

/// The steps that a certificate takes, each with its time and memory, and how many cells there are.
fn measured(periods: usize) -> (Vec<(&'static str, Duration, Taken)>, u64) {
    let compiled = compile(Sources::from_iter([("o.role", policy(periods))]));
    let bytes = compiled.table.expect("no errors").to_bytes();
    let (reference, time, memory) = timed(|| Reference::of(&compiled.sources).unwrap());
    let mut all = vec![("the sources read", time, memory)];
    let (table, time, memory) = timed(|| Table::from_bytes(&bytes).unwrap());
    all.push(("the table read", time, memory));
    let (answers, time, memory) = timed(|| certify(&reference, &table).unwrap());
    all.push(("all cells compared", time, memory));
    let alone = table.decisions().to_bytes(None);
    let (alone, time, memory) = timed(|| Decisions::from_bytes(&alone).unwrap());
    all.push(("the decisions read", time, memory));
    let (of_alone, time, memory) = timed(|| certify_decisions(&reference, &alone.index()).unwrap());
    all.push(("their cells compared", time, memory));
    assert!(of_alone.cells() >= (periods * 5) as u64 && answers.cells() > of_alone.cells());
    (all, answers.cells())
}

/// What may be spent whatever the number of periods.
const NOISE: Duration = Duration::from_millis(1);

#[test]
fn many_periods_take_time_and_memory_as_they_are_many() {
    const PERIODS: usize = 1_000;
    let mut best: Vec<f64> = Vec::new();
    // What seems slower than it is is measured again.
    for _ in 0..4 {
        let ((few, cells), (many, more)) = (measured(PERIODS), measured(4 * PERIODS));
        assert!(more > 3 * cells && more < 5 * cells, "{cells} cells and {more}");
        best.resize(few.len(), f64::MAX);
        for ((few, many), best) in few.iter().zip(&many).zip(&mut best) {
            let ratio = many.1.as_secs_f64() / (few.1 + NOISE).as_secs_f64();
            let memory = many.2.peak as f64 / (few.2.peak + (16 << 10)) as f64;
            eprintln!(
                "{}: {:?} and {:?} for four times as many, {ratio:.1} times; memory {memory:.1} times, {} bytes a period",
                few.0,
                few.1,
                many.1,
                many.2.peak / (4 * PERIODS)
            );
            assert!(memory < 6.0, "{}: {memory:.1} times the memory", few.0);
            *best = best.min(ratio);
        }
        if best.iter().all(|ratio| *ratio < 6.0) {
            break;
        }
    }
    assert!(best.iter().all(|ratio| *ratio < 8.0), "quadratic would be sixteen times: {best:.1?}");
}
