//! Which tests of a policy are run, by title and organization; and of a title that no test has, what may have been
//! meant. A near title is told and never run.

use crate::diagnostic::nearest;
use crate::model::{Model, Organization, Test};

/// How many titles are told of those that may have been meant.
const TOLD: usize = 3;

/// Which tests are run; without anything said, all of them.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::testing::Chosen;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let model = compiled.model.unwrap();
/// let filters = ["delets".to_owned(), "nothing".to_owned()];
/// let chosen = Chosen { filters: &filters, ..Chosen::default() };
/// assert_eq!(chosen.unmatched(&model).collect::<Vec<_>>(), ["delets"]);
/// assert_eq!(chosen.near(&model, "delets"), ["editors delete nothing"]);
/// let nowhere = Chosen { organization: Some("globex"), ..chosen };
/// assert_eq!(nowhere.elsewhere(&model, "nothing"), ["acme"]);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Chosen<'a> {
    /// The id of the organization that they are about; none for all.
    pub organization: Option<&'a str>,
    /// What one of must be found in the title, whatever its case; none for every title.
    pub filters: &'a [String],
    /// Whether one of them must be the title, to the letter.
    pub is_exact: bool,
}

impl<'a> Chosen<'a> {
    /// Whether a test is run.
    pub(super) fn takes(&self, organization: &Organization, test: &Test) -> bool {
        self.is_about(organization)
            && (self.filters.is_empty() || self.filters.iter().any(|filter| self.fits(filter, &test.title)))
    }

    /// The filters that fit no test of the organization. A run without these would pass, and show nothing of them.
    pub fn unmatched(&self, model: &Model) -> impl Iterator<Item = &'a str> {
        let unmatched = |filter: &&str| !self.titles(model).any(|title| self.fits(filter, title));
        self.filters.iter().map(String::as_str).filter(unmatched)
    }

    /// The titles that a filter may have meant, at most three: those that are nearly so, else those that it is a
    /// part of, else those with words that are nearly so.
    pub fn near(&self, model: &Model, filter: &str) -> Vec<String> {
        let mut titles: Vec<&str> = self.titles(model).collect();
        titles.sort_unstable();
        titles.dedup();
        let mut near = nearest(filter, titles.iter().copied());
        if near.is_empty() && !filter.is_empty() {
            near = titles.iter().copied().filter(|title| is_part(filter, title)).collect();
        }
        if near.is_empty() {
            let count = filter.split_whitespace().count().max(1);
            let parts: Vec<(&str, Vec<String>)> =
                titles.iter().map(|title| (*title, parts(title, count))).collect();
            let all = parts.iter().flat_map(|(_, parts)| parts).map(String::as_str);
            for part in nearest(filter, all) {
                let with = parts
                    .iter()
                    .filter(|(title, parts)| parts.iter().any(|one| one == part) && !near.contains(title));
                let with: Vec<&str> = with.map(|(title, _)| *title).collect();
                near.extend(with);
            }
        }
        near.into_iter().take(TOLD).map(str::to_owned).collect()
    }

    /// The organizations, other than the one that is asked about, with a test that a filter fits.
    pub fn elsewhere<'m>(&self, model: &'m Model, filter: &str) -> Vec<&'m str> {
        let has = |one: &Organization| one.tests.iter().any(|test| self.fits(filter, &test.title));
        let others = model.organizations.iter().filter(|one| !self.is_about(one) && has(one));
        others.map(|organization| &*organization.id).collect()
    }

    fn is_about(&self, organization: &Organization) -> bool {
        self.organization.is_none_or(|id| *organization.id == *id)
    }

    fn fits(&self, filter: &str, title: &str) -> bool {
        if self.is_exact { title == filter } else { is_part(filter, title) }
    }

    /// The titles of the tests that are asked about, whatever the filters.
    fn titles<'m>(&self, model: &'m Model) -> impl Iterator<Item = &'m str> {
        let organizations = model.organizations.iter().filter(|organization| self.is_about(organization));
        organizations.flat_map(|organization| &organization.tests).map(|test| &*test.title)
    }
}

/// Whether a text is found in a title, whatever the case of both.
fn is_part(text: &str, title: &str) -> bool {
    title.to_lowercase().contains(&text.to_lowercase())
}

/// The parts of a title that have so many words.
fn parts(title: &str, count: usize) -> Vec<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    words.windows(count).map(|words| words.join(" ")).collect()
}

#[cfg(test)]
mod tests {
    use crate::pipeline::compile;
    use crate::source::Sources;
    use crate::tools::testing::{Chosen, run_chosen};

    const POLICY: &str = r#"
use jumpcloud
organization a {
    test "The desk resets passwords" { help-desk cannot user-management.user-management: delete }
    test "the desk" { help-desk cannot user-management.user-management: delete }
}
organization b {
    test "Überall dasselbe" { manager can device-management.devices: view }
    test "the desk" { help-desk can user-management.user-management: delete }
}
"#;

    #[test]
    fn a_filter_takes_what_it_is_found_in_and_an_exact_one_what_it_is() {
        let compiled = compile(Sources::from_iter([("p.role", POLICY)]));
        let (model, table) = (compiled.model.unwrap(), compiled.table.unwrap());
        let taken = |organization, filters: &[&str], is_exact| {
            let filters: Vec<String> = filters.iter().map(|filter| (*filter).to_owned()).collect();
            let report = run_chosen(&model, &table, &Chosen { organization, filters: &filters, is_exact });
            assert_eq!(report.outcomes.len() + report.left_out, 4);
            let titles =
                report.outcomes.iter().map(|one| format!("{}: {}", one.organization.id, one.test.title));
            titles.collect::<Vec<_>>()
        };
        let all = ["a: The desk resets passwords", "a: the desk", "b: Überall dasselbe", "b: the desk"];
        assert_eq!(taken(None, &[], false), all);
        assert_eq!(taken(None, &["THE DESK"], false), [all[0], all[1], all[3]]);
        assert_eq!(taken(None, &["überall", "resets"], false), [all[0], all[2]], "one of several is enough");
        assert_eq!(taken(None, &["the desk"], true), [all[1], all[3]]);
        assert_eq!(taken(Some("b"), &["the desk"], true), [all[3]]);
        assert_eq!(taken(Some("b"), &[], false), [all[2], all[3]]);
        assert_eq!(taken(None, &["The Desk"], true), [""; 0], "to the letter");
    }

    #[test]
    fn what_no_test_has_is_told_with_what_it_may_have_been() {
        let model = compile(Sources::from_iter([("p.role", POLICY)])).model.unwrap();
        let filters = ["desk", "dask", "resets pasword", "The Desk", "delete"].map(str::to_owned);
        let chosen = Chosen { filters: &filters, ..Chosen::default() };
        assert_eq!(chosen.unmatched(&model).collect::<Vec<_>>(), ["dask", "resets pasword", "delete"]);
        assert_eq!(chosen.near(&model, "dask"), ["The desk resets passwords", "the desk"]);
        assert_eq!(chosen.near(&model, "resets pasword"), ["The desk resets passwords"]);
        assert_eq!(chosen.near(&model, "The dekss"), ["the desk"]);
        assert_eq!(chosen.near(&model, "delete"), [""; 0]);
        let elsewhere = Chosen { organization: Some("b"), is_exact: true, ..chosen };
        assert_eq!(elsewhere.unmatched(&model).count(), 5);
        assert_eq!(elsewhere.near(&model, "The Desk"), ["the desk"]);
        assert_eq!(elsewhere.near(&model, "resets"), [""; 0], "another organization's is none of these");
        let part = Chosen { is_exact: false, ..elsewhere };
        assert_eq!(part.elsewhere(&model, "resets"), ["a"]);
        assert_eq!(chosen.elsewhere(&model, "resets"), [""; 0], "there is no other than all");
    }
}
