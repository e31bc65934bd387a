//! Near names: what is near, and that no shortcut of the search changes an answer.

use super::{NearNames, Pattern, Search, either, nearest};

#[test]
fn near_names() {
    let known = ["group-management", "directory-management", "devices", "reports"];
    assert_eq!(nearest("groups-management", known), ["group-management"]);
    assert_eq!(nearest("Devices", known), ["devices"]);
    assert_eq!(nearest("reprots", known), ["reports"]);
    assert_eq!(nearest("devices", ["all-devices", "of.devices"]), ["all-devices", "of.devices"]);
    assert!(nearest("billing", known).is_empty());
}

#[test]
fn how_many_names_there_are() {
    let some: NearNames = ["devices", "reports"].into_iter().collect();
    let none = NearNames::default();
    assert_eq!([some.len(), none.len()], [2, 0]);
    assert!(!some.is_empty() && none.is_empty());
}

#[test]
fn names_as_one_offers_them() {
    assert_eq!(either::<&str>(&[]), "");
    assert_eq!(either(&["a"]), "`a`");
    assert_eq!(either(&["a", "b"]), "`a` or `b`");
    assert_eq!(either(&["a", "b", "c"]), "`a`, `b` or `c`");
}

/// A stream of numbers that is the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn name(&mut self, letters: &[char], longest: usize) -> String {
        let length = self.below(longest + 1);
        (0..length).map(|_| letters[self.below(letters.len())]).collect()
    }
}

/// The rule as it is told, without any shortcut.
fn slowly<'a>(written: &str, names: &'a [String]) -> Vec<&'a str> {
    if written.len() > 128 {
        return Vec::new();
    }
    let allowed = written.chars().count() / 3;
    let folded = written.to_lowercase();
    let mut found: Vec<(usize, &str)> = names
        .iter()
        .map(|name| &**name)
        .filter(|name| *name != written && name.len().abs_diff(written.len()) <= allowed * 4)
        .filter_map(|name| {
            let other = name.to_lowercase();
            let distance = strsim::osa_distance(&folded, &other);
            let contained = written.len() >= 4 && other.split(['-', '_', '.']).any(|part| part == folded);
            let distance = if contained { distance.min(allowed) } else { distance };
            (distance <= allowed).then_some((distance, name))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    let best = found.first().map_or(0, |(distance, _)| *distance);
    found.retain(|(distance, _)| *distance <= best + 1);
    found.into_iter().take(3).map(|(_, name)| name).collect()
}

#[test]
fn shortcuts_change_no_answer() {
    let mut numbers = Numbers(1);
    for letters in
        [&['a', 'b', '-', 'B'][..], &['a', 'é', 'b', '.', 'É'], &['0', '1', '2', 'r', 'o', 'w', '-']]
    {
        for round in 0..300 {
            let longest = if round % 10 == 0 { 90 } else { 12 };
            let names: Vec<String> = (0..40).map(|_| numbers.name(letters, longest)).collect();
            let written = numbers.name(letters, longest);
            let wanted = slowly(&written, &names);
            assert_eq!(nearest(&written, names.iter().map(|name| &**name)), wanted, "{written} {names:?}");
            let scope: NearNames = names.iter().map(|name| &**name).collect();
            let mut search = Search::new(&written, None);
            search.scope(&scope);
            assert_eq!(search.found(), wanted, "{written} {names:?}");
        }
    }
}

#[test]
fn bits_and_cells_agree() {
    let mut numbers = Numbers(7);
    for length in 1..=64 {
        for _ in 0..20 {
            let a = numbers.name(&['a', 'b', 'c'], length);
            let b = numbers.name(&['a', 'b', 'c'], 70);
            if let Some(pattern) = Pattern::of(&a) {
                assert_eq!(pattern.distance(&b), strsim::osa_distance(&a, &b), "{a} {b}");
            }
        }
    }
}

#[test]
fn one_name_is_no_answer() {
    let scope: NearNames = ["tier2", "tier3"].into_iter().collect();
    let mut search = Search::new("tier1", Some("tier2"));
    search.scope(&scope);
    assert_eq!(search.found(), ["tier3"]);
}
