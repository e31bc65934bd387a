//! The policies that decisions are tested on: those that ship, those of the corpus, and the corpus's questions. Reads
//! files; decides nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rolec::diagnostic::Severity;
use rolec::model::Model;
use rolec::pipeline::{Compilation, compile};
use rolec::source::Sources;
use rolec::table::Table;
use rolec::vocab::Time;

/// A policy, compiled.
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) sources: Sources,
    pub(crate) model: Model,
    pub(crate) table: Table,
}

/// Compiles files that must be without errors.
pub(crate) fn compiled(name: impl Into<String>, files: Vec<(String, String)>) -> Policy {
    let name = name.into();
    let Compilation { sources, findings, model, table } = compile(Sources::from_iter(files));
    let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
    let told: Vec<_> = errors.map(|finding| (finding.code, &finding.message)).collect();
    match (model, table) {
        (Some(model), Some(table)) => Policy { name, sources, model, table },
        _ => panic!("{name} does not compile: {told:#?}"),
    }
}

/// The policies that ship, compiled.
pub(crate) fn shipped() -> Vec<Policy> {
    shipped_files().into_iter().map(|(name, files)| compiled(name, files)).collect()
}

/// The name of a policy and its files, each a name and a text.
pub(crate) type Files = (String, Vec<(String, String)>);

/// The policies that ship: each folder of policies/ but that of the built-in catalog, which comes by itself.
pub(crate) fn shipped_files() -> Vec<Files> {
    let entries = std::fs::read_dir(root().join("policies")).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir() && !path.ends_with("jumpcloud"));
    folders.sort();
    let policy = |folder: PathBuf| {
        let name = folder.strip_prefix(root()).unwrap().display().to_string();
        let texts = below(&folder).into_iter().map(|path| (path.display().to_string(), text(&path)));
        (name, texts.collect())
    };
    folders.into_iter().map(policy).collect()
}

/// The `.role` files of a folder and of those in it.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = files(folder, "role");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    found.extend(folders.iter().flat_map(|folder| below(folder)));
    found
}

/// The policies of tests/corpus, compiled.
pub(crate) fn corpus() -> Vec<Policy> {
    corpus_files().into_iter().map(|(name, files)| compiled(name, files)).collect()
}

/// The policies of tests/corpus: files whose names are equal up to the first dot make one.
pub(crate) fn corpus_files() -> Vec<Files> {
    let mut policies: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for path in files(&root().join("tests/corpus"), "role") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let policy = name.split('.').next().unwrap().to_owned();
        policies.entry(policy).or_default().push((name, text(&path)));
    }
    policies.into_iter().collect()
}

/// One line of the corpus.
pub(crate) struct Line {
    /// `file:line`.
    pub(crate) place: String,
    pub(crate) organization: String,
    /// A principal, or `role:ID`.
    pub(crate) who: String,
    pub(crate) category: String,
    pub(crate) row: String,
    /// None where the whole row is asked about.
    pub(crate) action: Option<String>,
    /// None where the answer is the same at every time.
    pub(crate) at: Option<Time>,
    pub(crate) decision: String,
    /// A slug; after `nothing-in-force` the time of the next assignment, where there is one.
    pub(crate) reason: String,
}

/// The names of the policies about which there are questions.
pub(crate) fn asked() -> Vec<String> {
    let paths = files(&root().join("tests/corpus"), "csv");
    paths.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// The questions of a policy of the corpus, with their answers. Lines that begin with `#` are remarks.
pub(crate) fn questions(policy: &str) -> Vec<Line> {
    let name = format!("{policy}.csv");
    let text = text(&root().join("tests/corpus").join(&name));
    let mut lines = (1..).zip(text.lines());
    assert_eq!(
        lines.next().map(|(_, head)| head),
        Some("organization,who,category,row,action,at,decision,reason"),
        "{name}"
    );
    let questions = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    questions
        .map(|(number, line)| {
            let place = format!("{name}:{number}");
            let Ok([organization, who, category, row, action, at, decision, reason]) =
                <[String; 8]>::try_from(fields(line))
            else {
                panic!("{place}: not eight fields: {line}")
            };
            let action = Some(action).filter(|action| !action.is_empty());
            let at = (!at.is_empty()).then(|| Time::parse(&at).expect(&place));
            Line { place, organization, who, category, row, action, at, decision, reason }
        })
        .collect()
}

/// The fields of a line: parted by commas; one in quotes may hold commas, and quotes doubled.
pub(crate) fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let field = fields.last_mut().unwrap();
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            letter => field.push(letter),
        }
    }
    assert!(!is_quoted, "a quote is never closed: {line}");
    fields
}

fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The crate of the oracles asks the same policies.
    if here.ends_with("oracles") { here.parent().unwrap() } else { here }
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a folder with an ending, by name.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = listed.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    paths
}
