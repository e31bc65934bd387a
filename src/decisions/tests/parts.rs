//! A large file's lines of principals are looked at in parts.

use super::{everywhere, expected};
use crate::decisions::check::plan;
use crate::decisions::line::Record;
use crate::decisions::people::{People, check, in_parts};

/// Whatever number of a file is another, and however many parts there are: what is wrong in one look at all lines is
/// wrong in parts, and what is right comes to the same.
#[test]
fn parts_see_what_one_look_sees() {
    let (mut right, mut wrong) = (0, 0);
    for expected in [expected(&[4, 3], 2, 6, 30), expected(&[43], 1, 4, 2), expected(&[1, 0], 3, 5, 70)] {
        let whole = everywhere(&expected);
        let sound: Vec<u64> =
            whole[128..].as_chunks().0.iter().map(|word| u64::from_ne_bytes(*word)).collect();
        let sound_plan = plan(&sound).unwrap();
        let index = sound_plan.index(0, &sound).unwrap();
        let texts = index.records.iter().filter_map(|line| Record(line).text()).min();
        let texts = texts.unwrap_or(index.texts.len() as u32);
        for at in 0..=sound.len() {
            for change in [1, 1 << 7, 1 << 31, 1 << 32, 1 << 40, 1 << 63] {
                let mut words = sound.clone();
                words.get_mut(at).into_iter().for_each(|word| *word ^= u64::to_le(change));
                let Some(index) = plan(&words).ok().and_then(|plan| plan.index(0, &words)) else { continue };
                let came_to = |people: People| (people.steps, people.texts);
                let found = check(&index, texts).ok().map(came_to);
                *(if found.is_some() { &mut right } else { &mut wrong }) += 1;
                for count in [1, 2, 3, 5, 200] {
                    let parts = in_parts(&index, texts, count).map(came_to);
                    assert_eq!(parts, found, "word {at}, {count} parts");
                }
            }
        }
    }
    assert!(right > 1_000 && wrong > 1_000, "{right} right, {wrong} wrong");
}
