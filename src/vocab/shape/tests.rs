//! The law of levels on rows of each form, with and without dropped words.

use super::{Form, LEVEL_WORDS, LevelError, Shape};
use crate::vocab::Actions;

fn access(without: &[&str]) -> Shape {
    let mut shape = Shape::new(Form::Ladder, ["none", "view", "full"]);
    for word in without {
        assert!(shape.drop_word(word));
    }
    shape
}

fn crud(without: &[&str]) -> Shape {
    let mut shape = Shape::new(Form::Verbs, ["view", "create", "update", "delete"]);
    for word in without {
        assert!(shape.drop_word(word));
    }
    shape
}

#[test]
fn actions_are_what_is_offered_above_none() {
    let names = |shape: &Shape| shape.actions().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(names(&access(&[])), ["view", "full"]);
    assert_eq!(names(&access(&["view"])), ["full"]);
    assert_eq!(names(&access(&["none"])), ["view", "full"]);
    assert_eq!(names(&crud(&["create"])), ["view", "update", "delete"]);
    assert_eq!(names(&Shape::new(Form::Flag, ["x"])), ["on"]);
}

#[test]
fn four_words_are_the_same_everywhere() {
    let flag = Shape::new(Form::Flag, [""; 0]);
    assert!(LEVEL_WORDS.iter().all(|word| flag.knows(word)));
    assert!(LEVEL_WORDS[..2].iter().all(|word| crud(&[]).knows(word)));
}

#[test]
fn an_exact_level_must_be_offered() {
    assert_eq!(access(&[]).exact(&["view"]), Ok(Actions(0b01)));
    assert_eq!(access(&[]).exact(&["full"]), Ok(Actions(0b11)));
    assert_eq!(access(&["view"]).exact(&["view"]), Err((0, LevelError::NotOffered)));
    assert_eq!(access(&["full"]).exact(&["full"]), Err((0, LevelError::NotOffered)));
    assert_eq!(access(&["none"]).exact(&["none"]), Err((0, LevelError::NotOffered)));
    assert_eq!(access(&[]).exact(&["edit"]), Err((0, LevelError::Unknown)));
    assert_eq!(access(&[]).exact(&["view", "full"]), Err((1, LevelError::NotASet)));
    assert_eq!(crud(&[]).exact(&["update", "view"]), Ok(Actions(0b101)));
    assert_eq!(crud(&["delete"]).exact(&["full"]), Ok(Actions(0b111)));
    assert_eq!(crud(&["delete"]).exact(&["view", "delete"]), Err((1, LevelError::NotOffered)));
    let flag = Shape::new(Form::Flag, [""; 0]);
    assert_eq!(flag.exact(&["full"]), flag.exact(&["on"]));
    assert_eq!(flag.exact(&["view"]), Err((0, LevelError::Unknown)));
}

#[test]
fn full_is_the_top_of_a_ladder_that_names_it_otherwise() {
    let mut steps = Shape::new(Form::Ladder, ["none", "read", "write"]);
    assert_eq!(steps.exact(&["full"]), steps.exact(&["write"]));
    steps.drop_word("write");
    assert_eq!(steps.exact(&["full"]), Err((0, LevelError::NotOffered)));
    assert_eq!(steps.spread("full"), Some(Actions(0b1)));
}

#[test]
fn a_spread_never_gives_more_than_its_word_or_the_floor() {
    assert_eq!(access(&["view"]).spread("view"), Some(Actions::NONE));
    assert_eq!(access(&["full"]).spread("full"), Some(Actions(0b1)));
    assert_eq!(access(&["none"]).spread("none"), Some(Actions(0b1)));
    assert_eq!(crud(&["view"]).spread("view"), Some(Actions::NONE));
    assert_eq!(crud(&[]).spread("full"), Some(Actions(0b1111)));
    assert_eq!(crud(&[]).spread("edit"), None);
    let flag = Shape::new(Form::Flag, [""; 0]);
    assert_eq!(flag.spread("full"), Some(Actions(1)));
    assert_eq!(flag.spread("view"), None);
}

#[test]
fn levels_are_written_as_one_reads_them() {
    assert_eq!(access(&[]).level(Actions(0b11)), "full");
    assert_eq!(access(&[]).level(Actions::NONE), "none");
    assert_eq!(crud(&[]).level(Actions(0b101)), "view, update");
    assert_eq!(Shape::new(Form::Flag, [""; 0]).level(Actions(1)), "on");
    assert!(!access(&[]).is_level(Actions(0b10)));
    assert!(!access(&["none"]).is_level(Actions::NONE));
}

#[test]
fn the_least_level_is_the_lowest_that_holds_what_is_wanted() {
    let shapes = [
        access(&[]),
        access(&["none"]),
        access(&["view"]),
        access(&["full"]),
        crud(&[]),
        crud(&["create"]),
        Shape::new(Form::Flag, [""; 0]),
    ];
    for shape in shapes {
        let levels: Vec<Actions> =
            (0..=shape.top().0).map(Actions).filter(|it| shape.is_level(*it)).collect();
        for wanted in (0..=shape.top().0).map(Actions) {
            let lowest =
                levels.iter().filter(|level| level.contains(wanted)).min_by_key(|level| level.count());
            assert_eq!(shape.least(wanted).as_ref(), lowest, "{shape:?} {wanted:?}");
        }
        assert_eq!(shape.least(Actions::one(shape.width())), None);
    }
}
