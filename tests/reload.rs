//! Tables put in place of one another while other threads ask: every answer is that of one table whole, and of the table
//! that its epoch says. What is bad or older never comes into force. `PAIRS=100000000` asks so many pairs.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "reads how many pairs are asked for")]

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use rolec::decisions::{Answer, Decisions};
use rolec::eval::{Request, Who};
use rolec::example::TABLE;
use rolec::pipeline::compile;
use rolec::reload::{Expired, Live, Loaded, Refusal, Standing, Terms};
use rolec::source::Sources;
use rolec::table::Table;
use rolec::vocab::{Decision, Time};

const AT: Time = Time(1_800_000_000);

/// A table in which everybody may do everything, or nothing.
fn table(level: &str) -> Vec<u8> {
    let text = format!(
        "use c\n\
         catalog c {{ category a {{ r: ladder none < view < full  s: ladder none < view < full }} super t }}\n\
         default template t {{ grant all: full }}\n\
         default template u {{}}\n\
         organization o {{\n\
         role w from u {{ grant all: {level} }}\n\
         assign w to \"p\"\n\
         assign w to \"q\"\n\
         }}\n"
    );
    let compiled = compile(Sources::from_iter([("o.role", text)]));
    let found: Vec<_> = compiled.findings.iter().map(|it| it.message.clone()).collect();
    compiled.table.unwrap_or_else(|| panic!("{found:?}")).to_bytes()
}

/// Full in odd epochs, nothing in even ones.
fn wanted(epoch: u64) -> Answer {
    if epoch % 2 == 1 { Answer::Granted } else { Answer::NotGranted }
}

#[test]
fn no_pair_is_torn() {
    let pairs: u64 = std::env::var("PAIRS").map_or(1_000_000, |text| text.parse().unwrap());
    let (full, none) = (table("full"), table("none"));
    let live: Live<Decisions> = Live::new(&full, Some(1)).unwrap();
    let (asked, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let seen = thread::scope(|scope| {
        let readers: Vec<_> = [("p", "a.r:view", "q", "a.s:full"), ("q", "a.s:view", "p", "a.r:full")]
            .into_iter()
            .map(|(first, may, second, also)| {
                let (mut reader, asked, stop) = (live.reader(), &asked, &stop);
                scope.spawn(move || {
                    let (mut seen, mut last) = (BTreeSet::new(), 0);
                    while !stop.load(Ordering::Relaxed) {
                        // Two questions to one table.
                        let now = reader.now().clone();
                        let both = [(first, may), (second, also)]
                            .map(|(who, permission)| now.index().decide("o", who, permission, AT));
                        assert_eq!(both, [wanted(now.epoch()); 2], "torn in epoch {}", now.epoch());
                        // An answer by itself.
                        let one = reader.decide("o", first, also, AT).unwrap();
                        assert_eq!(one.answer, wanted(one.epoch));
                        assert!(one.epoch >= now.epoch() && now.epoch() >= last, "an epoch comes back");
                        last = one.epoch;
                        seen.insert(last);
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                    seen.len()
                })
            })
            .collect();
        let mut version = 1;
        while asked.load(Ordering::Relaxed) < pairs {
            version += 1;
            let bytes = if version % 2 == 1 { &full } else { &none };
            assert_eq!(live.offer(bytes, Some(version), AT), Ok(version));
        }
        stop.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(seen.iter().all(|epochs| *epochs > 2), "readers saw {seen:?} epochs: nothing was swapped");
}

#[test]
fn offers_of_many_threads_leave_the_latest_in_force() {
    let (full, none) = (table("full"), table("none"));
    let live: Live<Decisions> = Live::new(&full, Some(1)).unwrap();
    thread::scope(|scope| {
        for begin in 0..4 {
            let (live, full, none) = (live.clone(), &full, &none);
            scope.spawn(move || {
                for version in (2 + begin..=400).step_by(4) {
                    match live.offer(if version % 2 == 1 { full } else { none }, Some(version), AT) {
                        Ok(_) => {}
                        Err(Refusal::Older { in_force, offered: Some(offered) }) => {
                            assert!(offered < in_force && offered == version);
                        }
                        Err(other) => panic!("{other}"),
                    }
                }
            });
        }
    });
    assert_eq!(live.standing().version, Some(400));
    assert_eq!(live.standing().epoch, live.now().epoch());
    assert_eq!(live.reader().decide("o", "p", "a.r:view", AT).unwrap().answer, Answer::NotGranted);
}

/// Files that are no table, or a damaged one.
fn bad(good: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let flipped = |at: usize| {
        let mut bytes = good.to_vec();
        bytes[at] ^= 1;
        bytes
    };
    let half = good.len() / 2;
    let mut all = vec![
        ("empty", Vec::new()),
        ("one byte", good[..1].to_vec()),
        ("the magic alone", good[..8].to_vec()),
        ("half a header", good[..64].to_vec()),
        ("a header", good[..128].to_vec()),
        ("half", good[..half].to_vec()),
        ("all but the last byte", good[..good.len() - 1].to_vec()),
        ("a byte more", [good, &[0]].concat()),
        ("twice", [good, good].concat()),
        ("zeros", vec![0; good.len()]),
        ("ones", vec![255; good.len()]),
        ("half of it zeros", [&good[..half], &vec![0; good.len() - half]].concat()),
        ("text", b"organization o {}\n".to_vec()),
        ("a line ending changed", {
            let mut bytes = good.to_vec();
            bytes[5..7].copy_from_slice(b"\n\n");
            bytes
        }),
        ("a byte taken out", [&good[..half], &good[half + 1..]].concat()),
    ];
    for (name, at) in [
        ("magic", 0),
        ("version", 8),
        ("length", 16),
        ("catalogs", 24),
        ("directory", 72),
        ("decisions", 200),
    ] {
        all.push((name, flipped(at)));
    }
    all
}

/// Each bad file is refused and told, and the table before it answers on.
fn bad_files_stay_out<T: Loaded>(live: &Live<T>, bytes: &[u8], answers: impl Fn() -> bool) {
    let before = live.standing();
    assert_eq!(before.stale, None);
    let all = bad(bytes);
    assert!(all.len() >= 20);
    for (count, (name, bytes)) in (1..).zip(&all) {
        let now = Time(AT.0 + count as i64);
        assert!(matches!(live.offer(bytes, Some(9), now), Err(Refusal::Damaged(_))), "{name}");
        let stale = live.standing().stale.unwrap();
        assert_eq!((stale.since, stale.refused), (Time(AT.0 + 1), count), "{name}");
        assert!(answers(), "{name}");
    }
    for kind in [io::ErrorKind::NotFound, io::ErrorKind::PermissionDenied, io::ErrorKind::IsADirectory] {
        live.unread(&io::Error::from(kind), AT);
        assert!(
            matches!(live.standing().stale.unwrap().last, Refusal::Unread { kind: found, .. } if found == kind)
        );
        assert!(answers());
    }
    assert_eq!(Standing { stale: None, ..live.standing() }, before);
    assert_eq!(live.offer(bytes, Some(9), AT), Ok(2));
    assert_eq!(live.standing().stale, None);
    assert!(answers());
}

#[test]
fn a_bad_file_leaves_the_table_before_it_in_force() {
    let bytes = table("full");
    let decisions: Live<Decisions> = Live::new(&bytes, Some(1)).unwrap();
    bad_files_stay_out(&decisions, &bytes, || {
        decisions.reader().decide("o", "p", "a.r:full", AT).unwrap().answer == Answer::Granted
    });
    let whole: Live<Table> = Live::new(&bytes, Some(1)).unwrap();
    let who = Who::Principal("p");
    let request = Request { organization: "o", who, category: "a", row: "r", action: None, at: AT };
    bad_files_stay_out(&whole, &bytes, || {
        whole.reader().decide(&request).unwrap().answer.decision == Decision::Allow
    });
    // Decisions alone are no whole table, and are told as what they are.
    let alone = Decisions::from_bytes(&bytes).unwrap().to_bytes(None);
    assert!(whole.offer(&alone, Some(10), AT).unwrap_err().to_string().contains("--decisions-only"));
    assert!(decisions.offer(&alone, Some(10), AT).is_ok());
}

#[test]
fn versions_only_grow() {
    let other = table("full");
    let judge = |in_force: Option<u64>, offered: Option<u64>| {
        let live: Live<Table> = Live::new(TABLE, in_force).unwrap();
        let found = live.offer(&other, offered, AT);
        assert_eq!(live.standing().stale.is_some(), found.is_err());
        assert_eq!(live.standing().epoch, if found.is_ok() { 2 } else { 1 });
        assert_eq!(live.standing().version, if found.is_ok() { offered } else { in_force });
        found
    };
    assert_eq!(judge(None, None), Ok(2));
    assert_eq!(judge(None, Some(0)), Ok(2));
    assert_eq!(judge(Some(0), Some(1)), Ok(2));
    assert_eq!(judge(Some(0), Some(u64::MAX)), Ok(2));
    assert_eq!(judge(Some(0), Some(0)), Err(Refusal::OtherBytes { version: 0 }));
    assert_eq!(judge(Some(2), Some(1)), Err(Refusal::Older { in_force: 2, offered: Some(1) }));
    assert_eq!(judge(Some(0), None), Err(Refusal::Older { in_force: 0, offered: None }));
}

/// From its end on a table answers nobody, whichever way the time is told, and no earlier time brings it back. A later table
/// does.
#[test]
fn a_table_that_ends_while_it_is_asked_answers_no_more() {
    let (bytes, end) = (table("full"), Time(AT.0 + 100));
    let terms = Terms { version: Some(1), until: Some(end) };
    let asked = |told: &dyn Fn(&Live<Decisions>, Time), now: i64, at: Time| {
        let live: Live<Decisions> = Live::new(&bytes, terms).unwrap();
        let mut readers = [live.reader(), live.reader().clone()];
        let mut ask = |at: Time| {
            let [one, other] = readers.each_mut().map(|it| it.decide("o", "p", "a.r:full", at));
            assert_eq!(one, other);
            one.map(|answered| answered.answer)
        };
        assert_eq!(ask(AT), Ok(Answer::Granted));
        told(&live, Time(AT.0 + now));
        told(&live, AT);
        (ask(at), live)
    };
    let tick = |live: &Live<Decisions>, now: Time| live.tick(now);
    let unread = |live: &Live<Decisions>, now: Time| live.unread(&io::ErrorKind::NotFound.into(), now);
    let bad = |live: &Live<Decisions>, now: Time| assert!(live.offer(&[], Some(2), now).is_err());
    let same = |live: &Live<Decisions>, now: Time| drop(live.offer(&bytes, terms, now));
    for told in [&tick as &dyn Fn(&Live<Decisions>, Time), &unread, &bad, &same] {
        assert_eq!(asked(told, 99, AT).0, Ok(Answer::Granted));
        let (refused, live) = asked(told, 100, AT);
        assert_eq!(refused, Err(Expired { until: end, now: end }));
        assert_eq!(asked(told, 300, Time(AT.0 - 1)).0, Err(Expired { until: end, now: Time(AT.0 + 300) }));
        // The same again does not help, one with a later end does.
        let expired = Refusal::Expired(Expired { until: end, now: end });
        assert_eq!(live.offer(&bytes, terms, AT), Err(expired.clone()));
        let other = table("none");
        assert_eq!(live.offer(&other, Terms { version: Some(2), ..terms }, AT), Err(expired));
        let later = Terms { version: Some(2), until: Some(Time(end.0 + 1)) };
        assert_eq!((live.offer(&other, later, AT), live.standing().until), (Ok(2), later.until));
        let answered = live.reader().decide("o", "p", "a.r:full", AT).unwrap();
        assert_eq!((answered.epoch, answered.answer), (2, Answer::NotGranted));
    }
    // Nobody has told the time: what is asked about tells it.
    assert_eq!(asked(&tick, 0, Time(end.0 - 1)).0, Ok(Answer::Granted));
    assert_eq!(asked(&tick, 0, end).0, Err(Expired { until: end, now: end }));
    let whole: Live<Table> = Live::new(&bytes, terms).unwrap();
    let who = Who::Principal("p");
    let request = |at| Request { organization: "o", who, category: "a", row: "r", action: None, at };
    assert!(whole.reader().decide(&request(AT)).is_ok());
    assert!(whole.reader().decide(&request(end)).is_err());
    // Without an end there is none.
    let live: Live<Decisions> = Live::new(&bytes, Some(1)).unwrap();
    live.tick(Time(i64::MAX));
    assert!(live.reader().decide("o", "p", "a.r:full", Time(i64::MAX)).is_ok());
}

#[test]
fn the_same_table_again_is_no_new_one() {
    for version in [None, Some(7)] {
        let live: Live<Decisions> = Live::new(TABLE, version).unwrap();
        assert_eq!(live.offer(TABLE, version, AT), Ok(1));
        assert_eq!(live.now().epoch(), 1);
    }
}

#[test]
fn what_was_refused_is_counted_until_a_table_comes_into_force() {
    let live: Live<Decisions> = Live::new(TABLE, Some(3)).unwrap();
    live.unread(&io::Error::from(io::ErrorKind::PermissionDenied), Time(10));
    assert!(live.offer(&[], Some(4), Time(20)).is_err());
    assert!(live.offer(TABLE, Some(2), Time(30)).is_err());
    let stale = live.standing().stale.unwrap();
    assert_eq!((stale.since, stale.refused), (Time(10), 3));
    assert_eq!(stale.last, Refusal::Older { in_force: 3, offered: Some(2) });
    // The table in force is what is wished again.
    assert_eq!(live.offer(TABLE, Some(3), Time(40)), Ok(1));
    assert_eq!(live.standing().stale, None);
}

#[test]
fn a_refusal_shows_nothing_raw() {
    let live: Live<Decisions> = Live::new(TABLE, None).unwrap();
    live.unread(&io::Error::other("\u{1b}[2J\u{202e}"), AT);
    let text = live.standing().stale.unwrap().last.to_string();
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
}

#[test]
fn all_that_was_refused_is_counted() {
    let live: Live<Decisions> = Live::new(TABLE, None).unwrap();
    assert_eq!(live.standing().stale, None);
    let kinds = [io::ErrorKind::NotFound, io::ErrorKind::TimedOut, io::ErrorKind::PermissionDenied];
    for (count, kind) in (1_u32..).zip(kinds) {
        live.unread(&io::Error::from(kind), Time(100 * i64::from(count)));
        let stale = live.standing().stale.unwrap();
        assert_eq!((stale.since, stale.refused), (Time(100), u64::from(count)));
        assert!(matches!(stale.last, Refusal::Unread { kind: last, .. } if last == kind));
    }
    live.offer(TABLE, None, Time(400)).unwrap();
    assert_eq!(live.standing().stale, None);
}
