//! Every text of the language that there is here: policies, fixtures, the blocks of documents. Reads files; judges
//! nothing.

use std::path::{Path, PathBuf};

/// The texts that are in canonical style: policies, the corpus, what `rolec new` writes, and what documents show.
pub(crate) fn canonical() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for folder in ["policies", "tests/corpus", "src/cli/command/new"] {
        texts.extend(files(folder, "role").into_iter().map(named));
    }
    let mut documents = files("docs", "md");
    documents.push(root().join("README.md"));
    for document in documents {
        let (name, text) = named(document);
        for (number, block) in blocks(&text) {
            texts.push((format!("{name}:{number}"), block));
        }
    }
    texts
}

/// All texts, those with mistakes among them.
pub(crate) fn all() -> Vec<(String, String)> {
    let mut texts = canonical();
    for folder in ["tests/fixtures", "tests/format"] {
        texts.extend(files(folder, "role").into_iter().map(named));
    }
    texts
}

/// The ```` ```role ```` blocks of a document but for pieces, each with its line.
fn blocks(text: &str) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(words) = line.strip_prefix("```") {
            is_open = !is_open && words.starts_with("role") && words != "role piece";
            if is_open {
                blocks.push((number, String::new()));
            }
        } else if let Some((_, block)) = blocks.last_mut().filter(|_| is_open) {
            block.push_str(line);
            block.push('\n');
        }
    }
    blocks
}

fn named(path: PathBuf) -> (String, String) {
    (path.strip_prefix(root()).unwrap().display().to_string(), read(&path))
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The files below a folder of the repository with an ending, by path.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
