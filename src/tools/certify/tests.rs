//! Many organizations, compared side by side.

use super::{TOGETHER, certify};
use crate::pipeline::compile;
use crate::reference::Reference;
use crate::source::Sources;
use crate::threads::on;

/// So many organizations that several threads compare some, half of them with a role that says something else.
fn many(word: &str) -> Sources {
    let mut text =
        "catalog wiki { category content { spaces: ladder none < read < write } } use wiki\n".to_owned();
    for number in 0..3 * TOGETHER {
        let word = if number % 2 == 0 { word } else { "read" };
        text += &format!(
            "organization o{number} {{ role r {{ grant content.spaces: {word} }} assign r to \"ana@{number}.example\" }}\n"
        );
    }
    Sources::from_iter([("many.role", text)])
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let compiled = compile(many("write"));
    let table = compiled.table.unwrap();
    let same = Reference::of(&compiled.sources).unwrap();
    let other = on(3, || Reference::of(&compile(many("read")).sources)).unwrap();
    let [one, three] = [1, 3].map(|threads| on(threads, || certify(&same, &table).unwrap().certificate()));
    assert!(one.is_some() && one == three);
    let [one, three] = [1, 3].map(|threads| on(threads, || certify(&other, &table).unwrap_err()));
    assert_eq!(one, three);
    // A role and a principal of every other one.
    assert_eq!(one.count(), 3 * TOGETHER as u64);
    assert_eq!(one.told().first().and_then(|first| first.organization.as_deref()), Some("o0"));
}
