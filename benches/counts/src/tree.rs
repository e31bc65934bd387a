//! Counts as they are kept in the tree, and what differs. Knows no file and no tool.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Where something was counted, and what.
#[derive(Debug, PartialEq)]
pub(crate) struct Tree {
    /// Compiler, target and C library: counts of one place say nothing of another.
    pub(crate) here: String,
    pub(crate) counts: BTreeMap<String, u64>,
}

impl Tree {
    /// What is more or less than it was by more than a part, there anew or gone.
    pub(crate) fn differences(&self, found: &Self, slack: f64) -> Vec<String> {
        let mut wrong = Vec::new();
        for (name, was) in &self.counts {
            match found.counts.get(name) {
                None => wrong.push(format!("{name} was not counted")),
                Some(is) if (*is as f64 / *was as f64 - 1.0).abs() > slack => {
                    wrong.push(format!("{name}: {is} instructions, not {was}"));
                }
                Some(_) => {}
            }
        }
        let new = found.counts.keys().filter(|name| !self.counts.contains_key(*name));
        wrong.extend(new.map(|name| format!("{name} is not in the tree")));
        wrong
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Instructions, counted by scripts/counts. Written by scripts/counts --bless.")?;
        writeln!(f, "{}", self.here)?;
        self.counts.iter().try_for_each(|(name, count)| writeln!(f, "{count:>14} {name}"))
    }
}

impl FromStr for Tree {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let here = lines.next().ok_or("the counts of the tree say not where they were counted")?.to_owned();
        let counts = lines.map(|line| {
            let (count, name) = line.trim().split_once(' ').ok_or_else(|| format!("no count: {line}"))?;
            let count = count.parse().map_err(|_| format!("no count: {line}"))?;
            Ok((name.to_owned(), count))
        });
        Ok(Self { here, counts: counts.collect::<Result<_, String>>()? })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Tree;

    fn tree(counts: &[(&str, u64)]) -> Tree {
        let counts: BTreeMap<String, u64> =
            counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        Tree { here: "rustc 1, there, libc 2".to_owned(), counts }
    }

    #[test]
    fn what_is_written_is_read() {
        let tree = tree(&[("a::b", 12), ("c::d", 345_678)]);
        assert_eq!(tree.to_string().parse(), Ok(tree));
        assert!("".parse::<Tree>().is_err() && "here\nmany a\n".parse::<Tree>().is_err());
    }

    #[test]
    fn more_less_new_and_gone_are_told() {
        let tree_ = tree(&[("a", 1_000), ("b", 1_000), ("c", 1_000), ("d", 1_000)]);
        let found = tree(&[("a", 1_020), ("b", 1_021), ("c", 979), ("e", 1)]);
        let told = tree_.differences(&found, 0.02);
        assert_eq!(
            told,
            [
                "b: 1021 instructions, not 1000",
                "c: 979 instructions, not 1000",
                "d was not counted",
                "e is not in the tree",
            ]
        );
        assert!(tree_.differences(&tree_, 0.0).is_empty());
    }
}
