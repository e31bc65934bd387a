//! The order of what is said, and the ways to say it.

use std::collections::BTreeSet;

use proptest::prelude::*;

use rolec::vocab::Time;

use crate::support::generated;
use crate::support::law::{Tried, compiled, difference, found, law, layout, shown};
use crate::support::picture::{decisions, moments, whole};

/// Order of entries, members and files never changes a decision; nor do the ways to write an entry, and into how many
/// files and openings a policy is cut. What is found wrong does not change either.
#[test]
fn order_means_nothing() {
    let cases = (generated::policy(), layout(), layout());
    law("order", 400, &cases, |(policy, one, other)| {
        let (one, other) = (policy.files(one), policy.files(other));
        let texts = || format!("{}\n######## and\n{}", shown(&one), shown(&other));
        let (a, b) = (compiled(&one), compiled(&other));
        // What a message lists is in the order of the catalog; where several are at fault, it is told at the later one.
        prop_assert!(found(&a) == found(&b), "{:?}\n{:?}\n{}", found(&a), found(&b), texts());
        let (Some(a), Some(b)) = (a.table.zip(a.model), b.table.zip(b.model)) else { return Ok(Tried::Void) };
        let all: BTreeSet<Time> = moments(&a.0).union(&moments(&b.0)).copied().collect();
        prop_assert!(decisions(&a.0, &all) == decisions(&b.0, &all), "{}", texts());
        // The cells of all roles, and whatever else the tables hold. In which order the words of a level stand is told.
        let sorted = |(table, model)| {
            let mut lines = whole(&model, &table);
            lines.retain(|line| !line.starts_with("spelled"));
            lines.sort();
            lines
        };
        let (a, b) = (sorted(a), sorted(b));
        prop_assert!(a == b, "{}{}", difference(&a, &b), texts());
        Ok(Tried::Held)
    });
}
