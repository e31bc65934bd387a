//! The law of spreads.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::support::generated::{self, Catalog, Form, Organization, Policy, Role, Row, Target};
use crate::support::law::{Tried, compiled, law, layout, shown};
use crate::support::picture::held;

/// What words mean as a spread over a row: worked out from what was generated, without asking the library. The steps
/// of a ladder count by their place in the kind, dropped ones too.
fn spread(row: &Row, words: &[&str]) -> BTreeSet<String> {
    let offered: Vec<(usize, &str)> = row.offered().collect();
    let one = |word: &str| -> Vec<&str> {
        match row.shape.form {
            _ if word == "full" => row.actions(),
            _ if word == "none" => Vec::new(),
            Form::Flag => {
                if word == "on" {
                    row.actions()
                } else {
                    Vec::new()
                }
            }
            Form::Verbs => row.actions().into_iter().filter(|verb| *verb == word).collect(),
            Form::Ladder => {
                let Some(limit) = row.shape.words.iter().position(|step| *step == word) else {
                    return Vec::new();
                };
                offered
                    .iter()
                    .filter(|(place, _)| (1..=limit).contains(place))
                    .map(|(_, step)| *step)
                    .collect()
            }
        }
    };
    words.iter().flat_map(|word| one(word)).chain(row.floor()).map(str::to_owned).collect()
}

/// A spread never gives more than its word or the row's floor, whichever is higher; and not less than the greatest
/// level offered below that. Of a list, each row gets the join of what each word gives.
#[test]
fn a_spread_gives_no_more_than_its_word_or_the_floor() {
    law("spreads", 400, &(generated::policy(), layout()), |(policy, layout)| {
        let files = policy.clone().unrestricted().files(layout);
        let compilation = compiled(&files);
        let Some(table) = compilation.table else { return Ok(Tried::Void) };
        let mut count = 0;
        for (catalog, organization, role) in roles(&policy) {
            let home = organization.map(|it| it.head.id.as_str());
            for (category, row) in catalog.rows() {
                let said = |target: Target| role.entries.iter().find(|entry| entry.target == target);
                let spread_over = said(Target::Category(category)).or_else(|| said(Target::All));
                let Some(entry) = spread_over.filter(|_| said(Target::Row(category, row)).is_none()) else {
                    continue;
                };
                let (of, row) = (&catalog.categories[category].head.id, catalog.row((category, row)));
                let found: BTreeSet<String> =
                    held(&table, home, &role.head.id, of, &row.head.id).into_iter().collect();
                let law = spread(row, &entry.words);
                let what = || format!("{:?} {of:?}.{:?}: {:?}", role.head.id, row.head.id, entry.words);
                prop_assert!(found.is_subset(&law), "{} gives {found:?}\n{}", what(), shown(&files));
                prop_assert!(found == law, "{} gives only {found:?}\n{}", what(), shown(&files));
                count += 1;
            }
        }
        Ok(if count > 0 { Tried::Held } else { Tried::Void })
    });
}

/// Templates and roles, each with its catalog and organization.
fn roles(policy: &Policy) -> impl Iterator<Item = (&Catalog, Option<&Organization>, &Role)> {
    let of_catalogs = policy
        .catalogs
        .iter()
        .flat_map(|catalog| catalog.templates.iter().map(move |role| (catalog, None, role)));
    let of_organizations = policy.organizations().flat_map(|(catalog, organization)| {
        organization.roles.iter().map(move |role| (catalog, Some(organization), role))
    });
    of_catalogs.chain(of_organizations)
}
