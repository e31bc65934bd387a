//! Titles that stand for two things: people see titles, and ids are what policies say.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Role;

/// Tells roles whose title another has; the first of them, in the order of the text, has it by right.
pub(super) fn tell<'m>(roles: impl Iterator<Item = &'m Role>, findings: &mut Diagnostics) {
    let mut titled: Vec<(&str, &Role)> =
        roles.filter_map(|role| Some((role.title.as_deref()?, role))).collect();
    titled.sort_by_key(|(_, role)| (!role.is_default, role.place));
    let mut first: HashMap<&str, &Role> = HashMap::new();
    for (title, role) in titled {
        match first.get(title) {
            Some(known) if known.catalog == role.catalog => findings.push(
                Diagnostic::new(
                    Code::RepeatedTitle,
                    role.place,
                    format!("`{}` and `{}` have the title `{title}` both", known.id, role.id),
                )
                .also(known.place, "also called so")
                .help("who assigns it in the console sees the title alone"),
            ),
            Some(_) => {}
            None => drop(first.insert(title, role)),
        }
    }
}
