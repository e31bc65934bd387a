//! The verbs, their formats and their options, as the help tells them.

use crate::run::Run;

/// A verb, by its words.
#[derive(Debug)]
pub(crate) struct Verb {
    pub(crate) name: String,
    /// What `--format` may be; none where there is no such option.
    pub(crate) formats: Vec<String>,
    /// The options that take a value.
    pub(crate) options: Vec<String>,
}

/// Every verb that can be run. One whose first argument is of a few words is one for each of them.
pub(crate) fn verbs() -> Vec<Verb> {
    let mut open = vec![String::new()];
    let mut found = Vec::new();
    while let Some(name) = open.pop() {
        let help = Run::new(&name).arg("-h").ends(0).stdout;
        let below: Vec<&str> = section(&help, "Commands:")
            .lines()
            .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')))
            .filter_map(|line| line.split(' ').next())
            .collect();
        if !below.is_empty() {
            open.extend(below.into_iter().map(|verb| format!("{name} {verb}").trim().to_owned()));
            continue;
        }
        let options = flat(section(&help, "Options:"));
        let formats = option(&options, "--format").map(values).unwrap_or_default();
        let taking = options.split("--").skip(1).filter_map(|option| {
            let (option, rest) = option.split_once(' ')?;
            let takes = rest.starts_with('<') || rest.starts_with("[<");
            takes.then(|| format!("--{option}"))
        });
        let taking: Vec<String> = taking.collect();
        let first = flat(section(&help, "Arguments:"));
        let kinds = values(first.split(" [default").next().unwrap_or_default());
        let names = if kinds.is_empty() {
            vec![name]
        } else {
            kinds.iter().map(|kind| format!("{name} {kind}")).collect()
        };
        found.extend(names.into_iter().map(|name| Verb {
            name,
            formats: formats.clone(),
            options: taking.clone(),
        }));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(found.len() > 25, "{found:?}");
    for (verb, wanted) in [("matrix", 5), ("check", 4), ("role new", 2), ("man", 0)] {
        let of = found.iter().find(|one| one.name == verb).unwrap();
        assert_eq!(of.formats.len(), wanted, "{of:?}");
    }
    found
}

/// What stands below a heading.
fn section<'h>(help: &'h str, heading: &str) -> &'h str {
    let below = help.split_once(&format!("\n{heading}\n")).map(|(_, below)| below);
    below.map(|below| below.split("\n\n").next().unwrap_or(below)).unwrap_or_default()
}

/// A text on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is said of an option, up to the next one.
fn option<'o>(options: &'o str, name: &str) -> Option<&'o str> {
    let (_, said) = options.split_once(&format!("{name} <"))?;
    Some(said.split(" --").next().unwrap_or(said))
}

/// The words that a value may be.
fn values(said: &str) -> Vec<String> {
    let listed = said.split_once("[possible values: ").and_then(|(_, rest)| rest.split_once(']'));
    listed.map(|(words, _)| words.split(", ").map(str::to_owned).collect()).unwrap_or_default()
}
