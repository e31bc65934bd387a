//! Near names, for "did you mean". A near name is shown, never taken.

/// The candidates nearest to what was written, best first, at most three; ties by name. A third of the letters
/// may differ, a swap of two neighbours counts once, and a difference of case alone counts least. What is much
/// further than the nearest is left out.
pub(crate) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    /// Beyond this a name is no slip of the hand, and the distance costs its square.
    const LONGEST: usize = 128;
    if written.len() > LONGEST {
        return Vec::new();
    }
    // Of one or two letters none may differ: every short name would be near every other.
    let allowed = written.chars().count() / 3;
    let folded = written.to_lowercase();
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|name| *name != written && name.len().abs_diff(written.len()) <= allowed * 4)
        .filter_map(|name| {
            let other = name.to_lowercase();
            let distance = if other == folded { 0 } else { strsim::osa_distance(&folded, &other) };
            let contained = written.len() >= 4 && other.split(['-', '_', '.']).any(|part| part == folded);
            let distance = if contained { distance.min(allowed) } else { distance };
            (distance <= allowed).then_some((distance, name))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    let best = found.first().map_or(0, |(distance, _)| *distance);
    found.retain(|(distance, _)| *distance <= best + 1);
    found.truncate(3);
    found.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names() {
        let known = ["group-management", "directory-management", "devices", "reports"];
        assert_eq!(nearest("groups-management", known), ["group-management"]);
        assert_eq!(nearest("Devices", known), ["devices"]);
        assert_eq!(nearest("reprots", known), ["reports"]);
        assert!(nearest("billing", known).is_empty());
    }
}
