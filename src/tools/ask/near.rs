//! The names near to one that is not known, of a question or of many. Knows neither tables nor catalogs.

use std::cell::Cell;

use crate::diagnostic::nearest_at_cost;

/// What it costs to look at a name at all, beside the letters of it.
const A_NAME: u64 = 16;

/// How much has been searched for near names in a run of many questions. A name that is not known costs a look at all
/// that are, and a run may have a hundred thousand of them. So the first questions are told near ones, and those that
/// come after enough was searched are told none: it is one mistake then, and not a slip.
#[derive(Debug, Default)]
pub(crate) struct Patience(Cell<u64>);

impl Patience {
    fn is_over(&self) -> bool {
        /// A few tenths of a second.
        const ENOUGH: u64 = 1 << 25;
        self.0.get() >= ENOUGH
    }
}

/// The ids that a name may have meant, at most three: whose title it is, what begins with it, what is spelled nearly so,
/// whose title is. `known` are ids with their titles.
pub(crate) fn near<'n>(
    name: &str,
    known: impl IntoIterator<Item = (&'n str, Option<&'n str>)>,
    patience: &Patience,
) -> Vec<String> {
    /// Of what begins so there may be many, and each is a guess.
    const BEGUN: usize = 2;
    const TOLD: usize = 3;
    if patience.is_over() {
        return Vec::new();
    }
    let known: Vec<(&str, Option<&str>)> = known.into_iter().collect();
    let mut cost = known.len() as u64 * A_NAME;
    let with_title = |is_meant: &dyn Fn(&str) -> bool| -> Vec<&'n str> {
        known.iter().filter(|(_, title)| title.is_some_and(is_meant)).map(|(id, _)| *id).collect()
    };
    let begins = |(id, title): &&(&str, Option<&str>)| {
        begins(id, name) || title.is_some_and(|title| begins(title, name))
    };
    let mut begun: Vec<&str> = known.iter().filter(begins).map(|(id, _)| *id).collect();
    begun.sort_by_key(|id| (id.chars().count(), *id));
    begun.truncate(BEGUN);
    let mut found = with_title(&|title| is_same(title, name));
    found.extend(begun);
    found.extend(nearest_at_cost(name, known.iter().map(|(id, _)| *id), &mut cost));
    if found.is_empty() {
        for near in nearest_at_cost(name, known.iter().filter_map(|(_, title)| *title), &mut cost) {
            found.extend(with_title(&|title| title == near));
        }
    }
    patience.0.set(patience.0.get().saturating_add(cost));
    let mut told: Vec<String> = Vec::new();
    for id in found {
        if id != name && told.len() < TOLD && !told.iter().any(|known| known == id) {
            told.push(id.to_owned());
        }
    }
    told
}

/// Whether two texts differ by case at most.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || (!one.is_ascii() && one.to_lowercase() == other.to_lowercase())
}

/// Whether a text goes on after a beginning of at least two characters, whatever its case.
fn begins(text: &str, beginning: &str) -> bool {
    // Asked of every name there is: most are none by their first bytes.
    if beginning.is_ascii() {
        let cut = text.get(..beginning.len()).filter(|_| text.len() > beginning.len());
        return beginning.len() >= 2 && cut.is_some_and(|cut| cut.eq_ignore_ascii_case(beginning));
    }
    let count = beginning.chars().count();
    let cut = text.char_indices().nth(count).and_then(|(end, _)| text.get(..end));
    count >= 2 && cut.is_some_and(|cut| is_same(cut, beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// There is an end to it, and it is not the first question.
    #[test]
    fn patience_ends() {
        for count in [9, 2_000] {
            let names: Vec<String> = (0..count).map(|number| format!("person-{number:04}@example")).collect();
            let all = || names.iter().map(|name| (name.as_str(), None));
            let patience = Patience::default();
            let is_told = |_: &u32| !near("persom-0007@example", all(), &patience).is_empty();
            let told = (0..1_000_000).take_while(is_told).count();
            let times = (1_000_000 / count / 5)..(100_000_000 / count);
            assert!(times.contains(&told), "{told} times of {count} names");
            assert_eq!(near("persom-0007@example", all(), &Patience::default())[0], "person-0007@example");
        }
    }
}
