//! Seals cut, bent and put together wrong; every choice of keys and thresholds; and the attacks that the specification of
//! The Update Framework lists, each as a line of a table.

use std::collections::BTreeSet;

use super::*;
use crate::vocab::Time;

const TABLE: &[u8] = b"any bytes do: what is in a table is not looked at here";
const NOW: Time = Time(1_800_000_000);

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

fn terms(version: u64) -> Terms {
    Terms { version, until: Some(Time(NOW.0 + 100)) }
}

/// Signed by keys of these numbers.
fn signed_by(numbers: &[u8], terms: Terms) -> Vec<u8> {
    let mut bytes = sign(TABLE, terms, &key(numbers[0]));
    for number in &numbers[1..] {
        bytes = Signed::read(&bytes).unwrap().with(&key(*number));
    }
    bytes
}

fn trust(numbers: &[u8], threshold: usize) -> Trust {
    Trust::new(numbers.iter().map(|number| key(*number).public()), threshold).unwrap()
}

/// All lists of up to four of four keys, with repeats and in every order.
fn lists() -> Vec<Vec<u8>> {
    let mut lists = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..4 {
        let until = lists.len();
        for at in from..until {
            for number in 1..=4 {
                lists.push([lists[at].as_slice(), &[number]].concat());
            }
        }
        from = until;
    }
    lists
}

fn distinct(numbers: &[u8]) -> BTreeSet<u8> {
    numbers.iter().copied().collect()
}

/// A file with these signatures in this order, as a forger would put it together: each of them is a good one.
fn forged(numbers: &[u8]) -> Vec<u8> {
    let alone = |number: u8| {
        let bytes = sign(TABLE, terms(1), &key(number));
        bytes[TABLE.len() + 104..][..96].to_vec()
    };
    let statement = sign(TABLE, terms(1), &key(1))[..TABLE.len() + 104].to_vec();
    let signatures: Vec<u8> = numbers.iter().flat_map(|number| alone(*number)).collect();
    let length = (120 + signatures.len() as u64).to_le_bytes();
    [&statement, &signatures, length.as_slice(), b"\x1a\n\rLAES\x89"].concat()
}

#[test]
fn each_choice_of_keys_and_thresholds_counts_distinct_keys() {
    let lists = lists();
    assert_eq!(lists.len(), 341);
    let mut by_bytes: Vec<Vec<u8>> = (1..=4).map(|number| vec![number]).collect();
    by_bytes.sort_by_key(|list| key(list[0]).public());
    let place = |number: &u8| by_bytes.iter().position(|list| list[0] == *number);
    // Whom to trust: repeats add nobody.
    for list in &lists {
        for threshold in 1..=4 {
            let made = Trust::new(list.iter().map(|number| key(*number).public()), threshold);
            assert_eq!(made.is_ok(), threshold <= distinct(list).len(), "{list:?} {threshold}");
        }
    }
    // Who has signed: repeats and other orders are no seal.
    let (mut accepted, mut refused) = (0, 0);
    for list in &lists {
        let bytes = forged(list);
        let read = Signed::read(&bytes);
        if !list.is_sorted_by(|a, b| place(a) < place(b)) || list.is_empty() {
            assert_eq!(read, Err(Untrusted::Broken(Fault::Form)), "{list:?}");
            continue;
        }
        assert_eq!(read.unwrap().signers().len(), list.len());
        let in_turn: Vec<u8> = list.iter().rev().copied().collect();
        assert_eq!(signed_by(&in_turn, terms(1)), bytes, "in whatever order they sign");
        for trusted in lists.iter().filter(|trusted| trusted.is_sorted_by(|a, b| a < b)) {
            for threshold in 1..=trusted.len() {
                let common = distinct(list).intersection(&distinct(trusted)).count();
                let verified = trust(trusted, threshold).verify(&bytes, NOW);
                match verified {
                    Ok(verified) => assert_eq!(verified.table(), TABLE),
                    Err(error) => {
                        assert!(matches!(error, Untrusted::TooFew { found, .. } if found == common))
                    }
                }
                assert_eq!(verified.is_ok(), common >= threshold, "{list:?} {trusted:?} {threshold}");
                *(if verified.is_ok() { &mut accepted } else { &mut refused }) += 1;
            }
        }
    }
    assert!(accepted > 100 && refused > 100, "{accepted} {refused}");
}

/// Also where the threshold is met without the signature that was bent.
#[test]
fn each_cut_and_each_flip_is_refused() {
    let whole = signed_by(&[1, 2], terms(1));
    let trust = trust(&[1, 2], 1);
    assert!(trust.verify(&whole, NOW).is_ok());
    for length in 0..whole.len() {
        assert!(trust.verify(&whole[..length], NOW).is_err(), "cut to {length}");
        assert!(trust.verify(&whole[whole.len() - length..], NOW).is_err(), "the last {length}");
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bent = whole.clone();
            bent[at] ^= 1 << bit;
            assert!(trust.verify(&bent, NOW).is_err(), "byte {at}, bit {bit}");
        }
    }
    for at in 0..=whole.len() {
        let more = [&whole[..at], b"\0", &whole[at..]].concat();
        assert!(trust.verify(&more, NOW).is_err(), "one byte more at {at}");
    }
}

#[test]
fn what_is_wrong_is_told() {
    let whole = signed_by(&[1], terms(1));
    let trust = trust(&[1], 1);
    let bent = |at: usize, bit: u8| {
        let mut bytes = whole.clone();
        bytes[at] ^= bit;
        trust.verify(&bytes, NOW).unwrap_err()
    };
    let seal = TABLE.len();
    for (at, bit, fault) in [
        (0, 1, Fault::Changed),
        (seal, 1, Fault::Form),
        (seal + 8, 3, Fault::Version { found: 2 }),
        (seal + 12, 1, Fault::Form),
        (seal + 16, 1, Fault::Length),
        (seal + 24, 1, Fault::Changed),
        (seal + 88, 1, Fault::Signature),
        (seal + 96, 1, Fault::Signature),
        (seal + 104, 1, Fault::Signature),
        (seal + 136, 1, Fault::Signature),
        (seal + 200, 1, Fault::Form),
    ] {
        assert_eq!(bent(at, bit), Untrusted::Broken(fault), "byte {at}");
    }
    assert_eq!(bent(whole.len() - 1, 1), Untrusted::Unsigned);
    assert_eq!(trust.verify(b"", NOW), Err(Untrusted::Unsigned));
    assert_eq!(trust.verify(TABLE, NOW), Err(Untrusted::Unsigned));
    // A seal of nobody, and a seal behind a seal.
    assert_eq!(trust.verify(&forged(&[]), NOW), Err(Untrusted::Broken(Fault::Form)));
    let twice = sign(&whole, terms(1), &key(1));
    assert_eq!(trust.verify(&twice, NOW).unwrap().table(), whole, "which is no table: its reader says so");
}

/// The length that a file claims reaches neither before its beginning nor beyond what a seal may have.
#[test]
fn a_claimed_length_is_held_against_the_file() {
    let whole = signed_by(&[1], terms(1));
    for length in [0, 1, 16, 119, 120, 121, 216 + 96, LONGEST_SEAL as u64 + 96, 1 << 40, u64::MAX] {
        let mut bytes = whole.clone();
        let at = bytes.len() - 16;
        bytes[at..at + 8].copy_from_slice(&length.to_le_bytes());
        assert_eq!(seal_of(&bytes), 0, "{length}");
        assert_eq!(table_of(&bytes), bytes, "{length}");
    }
    assert_eq!(seal_of(&whole[whole.len() - 216..]), 216);
    assert_eq!(seal_of(&whole[whole.len() - 215..]), 0);
}

/// Whatever end somebody signs, it can be told: a program shows it before it knows whom it trusts.
#[test]
fn each_end_is_read_back_and_told() {
    for until in [i64::MIN, -1, 0, NOW.0, i64::MAX - 1] {
        let terms = Terms { version: u64::MAX, until: Some(Time(until)) };
        let bytes = signed_by(&[1], terms);
        assert_eq!(Signed::read(&bytes).unwrap().terms(), terms);
        let late = trust(&[1], 1).verify(&bytes, Time(i64::MAX)).unwrap_err();
        assert!(late.to_string().contains(&Time(until).to_string()), "{late}");
    }
    let endless = Terms { version: 0, until: None };
    let bytes = signed_by(&[1], endless);
    assert_eq!(trust(&[1], 1).verify(&bytes, Time(i64::MAX)).unwrap().terms(), endless);
}

#[test]
fn a_seal_has_room_for_64_signatures() {
    let mut bytes = signed_by(&[1], terms(1));
    for number in 2..=66 {
        bytes = Signed::read(&bytes).unwrap().with(&key(number));
    }
    assert_eq!(Signed::read(&bytes).unwrap().signers().len(), 64);
    assert_eq!(seal_of(&bytes), LONGEST_SEAL);
}

/// The bytes of a seal, so that another program can hold itself to them.
#[test]
fn a_seal_is_what_the_page_says() {
    use ed25519_dalek::{Signer as _, SigningKey as Plain};
    use sha2::{Digest as _, Sha512};
    let bytes = sign(TABLE, Terms { version: 0x0102, until: None }, &key(9));
    let mut statement = b"\x89SEAL\r\n\x1a\x01\0\0\0\0\0\0\0".to_vec();
    statement.extend((TABLE.len() as u64).to_le_bytes());
    statement.extend(Sha512::digest(TABLE));
    statement.extend([2, 1, 0, 0, 0, 0, 0, 0]);
    statement.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    let plain = Plain::from_bytes(&[9; 32]);
    let message = [b"rolec seal of a table 1\n", statement.as_slice()].concat();
    let mut wanted = [TABLE, &statement].concat();
    wanted.extend(plain.verifying_key().to_bytes());
    wanted.extend(plain.sign(&message).to_bytes());
    wanted.extend([216, 0, 0, 0, 0, 0, 0, 0]);
    wanted.extend(b"\x1a\n\rLAES\x89");
    assert_eq!(bytes, wanted);
}

/// A step of a scenario: which version, signed by whom, until when, looked at when; and what is made of it.
struct Step(u64, &'static [u8], Option<i64>, i64, Made);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Made {
    Taken,
    Old,
    Another,
    Ended,
    Few,
}

/// After section 1.5.2 of the specification of The Update Framework: what can be tried without the keys, and with some.
#[test]
fn the_attacks_of_the_update_framework() {
    use Made::{Another, Ended, Few, Old, Taken};
    let none = None;
    let scenarios: &[(&str, &[Step])] = &[
        ("arbitrary software: signed by somebody else", &[Step(1, &[5], none, 0, Few)]),
        ("rollback", &[Step(2, &[1, 2], none, 0, Taken), Step(1, &[1, 2], none, 1, Old)]),
        (
            "replay of the same is no attack",
            &[Step(2, &[1, 2], none, 0, Taken), Step(2, &[1, 2], none, 1, Taken)],
        ),
        (
            "two tables of one version",
            &[Step(2, &[1, 2], none, 0, Taken), Step(2, &[1, 2], Some(99), 1, Another)],
        ),
        (
            "freeze: the last one is served for ever",
            &[Step(2, &[1, 2], Some(10), 9, Taken), Step(2, &[1, 2], Some(10), 10, Ended)],
        ),
        (
            "freeze, and the clock set back",
            &[
                Step(2, &[1, 2], Some(10), 9, Taken),
                Step(2, &[1, 2], Some(10), 10, Ended),
                Step(2, &[1, 2], Some(10), 9, Ended),
            ],
        ),
        (
            "a clock set back before a later table was taken",
            &[Step(2, &[1, 2], none, 20, Taken), Step(3, &[1, 2], Some(10), 5, Ended)],
        ),
        (
            "some keys stolen, fewer than the threshold",
            &[Step(9, &[1], none, 0, Few), Step(9, &[1, 5, 6], none, 0, Few)],
        ),
        (
            "the first of all has ended, and the clock goes back",
            &[
                Step(1, &[1, 2], Some(5), 9, Ended),
                Step(1, &[1, 2], Some(5), 1, Ended),
                Step(1, &[1, 2], Some(20), 2, Taken),
            ],
        ),
        ("a refused one leaves no trace", &[Step(9, &[1], none, 0, Few), Step(2, &[1, 2], none, 0, Taken)]),
        (
            "keys are replaced one by one",
            &[
                Step(1, &[1, 2], none, 0, Taken),
                Step(2, &[2, 3], none, 1, Taken),
                Step(3, &[1, 3], none, 2, Taken),
            ],
        ),
        // What is not met by a version: whoever has the keys can take all versions. The page on signing says so.
        (
            "fast forward by stolen keys",
            &[Step(u64::MAX, &[1, 2], none, 0, Taken), Step(3, &[1, 2], none, 1, Old)],
        ),
    ];
    let trust = trust(&[1, 2, 3], 2);
    for (name, steps) in scenarios {
        let mut seen: Option<Seen> = None;
        for (at, Step(version, signers, until, now, wanted)) in steps.iter().enumerate() {
            let until = until.map(|seconds| Time(NOW.0 + seconds));
            let bytes = signed_by(signers, Terms { version: *version, until });
            let now = Time(NOW.0 + now);
            let now = seen.map_or(now, |seen| now.max(seen.time()));
            let made = match trust.verify(&bytes, now) {
                Ok(verified) => match Seen::after(seen.as_ref(), &verified, now) {
                    Ok(after) => {
                        seen = Some(after);
                        Taken
                    }
                    Err(Untrusted::Older { .. }) => Old,
                    Err(Untrusted::Other { .. }) => Another,
                    Err(error) => panic!("{error}"),
                },
                Err(Untrusted::Expired { .. }) => {
                    seen = Some(seen.map_or(Seen::nothing(now), |seen| seen.at(now)));
                    Ended
                }
                Err(Untrusted::TooFew { .. }) => Few,
                Err(error) => panic!("{error}"),
            };
            assert_eq!(made, *wanted, "{name}, step {at}");
        }
    }
    // Mix and match: the table of one file with the seal of another.
    let (one, other) = (signed_by(&[1, 2], terms(1)), sign(b"another one", terms(2), &key(1)));
    let mixed = [table_of(&other), &one[TABLE.len()..]].concat();
    assert_eq!(trust.verify(&mixed, NOW), Err(Untrusted::Broken(Fault::Length)));
}

#[test]
fn a_damaged_state_is_none() {
    let bytes = signed_by(&[1], terms(7));
    is_held(Seen::after(None, &trust(&[1], 1).verify(&bytes, NOW).unwrap(), NOW).unwrap());
    is_held(Seen::nothing(NOW));
}

/// Its text is read as it is written and in no other way.
fn is_held(seen: Seen) {
    let text = seen.to_string();
    assert_eq!(Seen::parse(&text), Ok(seen));
    for length in 0..text.len() {
        assert_eq!(Seen::parse(text.get(..length).unwrap()), Err(SeenError), "cut to {length}");
    }
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bent = text.clone().into_bytes();
            bent[at] ^= 1 << bit;
            if let Ok(bent) = String::from_utf8(bent) {
                assert_eq!(Seen::parse(&bent), Err(SeenError), "byte {at}, bit {bit}");
            }
        }
    }
    for more in [text.clone() + "\n", text.replace('\n', "\r\n"), format!(" {text}"), text.clone() + &text] {
        assert_eq!(Seen::parse(&more), Err(SeenError));
    }
}

#[test]
fn keys_are_told_apart() {
    let secret = key(1).to_pem().unwrap();
    let public = key(1).public().to_pem().unwrap();
    assert_eq!(PublicKey::from_pem(&secret), Err(KeyError::SecretForPublic));
    assert_eq!(SigningKey::from_pem(&public).unwrap_err(), KeyError::PublicForSecret);
    let encrypted = secret.replace("PRIVATE", "ENCRYPTED PRIVATE");
    assert_eq!(SigningKey::from_pem(&encrypted).unwrap_err(), KeyError::Encrypted);
    for text in ["", "x", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", "\0\u{ff}"] {
        assert_eq!(PublicKey::from_pem(text), Err(KeyError::NoPublicKey));
    }
    let two = public.clone() + &key(2).public().to_pem().unwrap();
    assert_eq!(PublicKey::from_pem(&two), Err(KeyError::Several));
    for length in 0..public.len() - 1 {
        assert!(PublicKey::from_pem(public.get(..length).unwrap()).is_err(), "cut to {length}");
    }
    for length in 0..secret.len() - 1 {
        assert!(SigningKey::from_pem(secret.get(..length).unwrap()).is_err(), "cut to {length}");
    }
    // The neutral element: a signature of zeros fits any message by lax rules.
    let mut weak = [0; 32];
    weak[0] = 1;
    let weak = PublicKey::from_bytes(&weak).unwrap();
    assert_eq!(PublicKey::from_pem(&weak.to_pem().unwrap()), Err(KeyError::Weak));
}

/// A key of small order in the seal itself: no signature is that of such a key.
#[test]
fn a_weak_key_signs_nothing() {
    let mut bytes = signed_by(&[1], terms(1));
    let at = TABLE.len() + 104;
    bytes[at..at + 96].fill(0);
    // R is the neutral element too, and S is 0.
    (bytes[at], bytes[at + 32]) = (1, 1);
    assert_eq!(Signed::read(&bytes), Err(Untrusted::Broken(Fault::Signature)));
}
