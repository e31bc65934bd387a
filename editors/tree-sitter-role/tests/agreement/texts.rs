//! The policies of the repository, each file of a fixture by itself.

use std::path::{Path, PathBuf};

/// All texts, with where they stand.
pub(crate) fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts = Vec::new();
    for folder in ["policies", "src", "tests", "docs"] {
        for path in files(&root.join(folder)) {
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            let text = std::fs::read_to_string(&path).unwrap();
            if name.ends_with(".md") {
                texts.extend(blocks(&name, &text));
            } else {
                texts.extend(pieces(&name, &text));
            }
        }
    }
    texts
}

/// The `.role` and `.md` files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "role" || ending == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The files of a fixture, which begin at lines `//- NAME`; any other text is one.
fn pieces(name: &str, text: &str) -> Vec<(String, String)> {
    let mut found = vec![(name.to_owned(), String::new())];
    for line in text.split_inclusive('\n') {
        if let Some(file) = line.strip_prefix("//- ") {
            found.push((format!("{name}: {}", file.trim()), String::new()));
        } else if let Some((_, text)) = found.last_mut() {
            text.push_str(line);
        }
    }
    found.retain(|(_, text)| !text.is_empty());
    found
}

/// The ` ```role ` blocks of a document.
fn blocks(name: &str, text: &str) -> Vec<(String, String)> {
    let (mut found, mut open): (Vec<(String, String)>, bool) = (Vec::new(), false);
    for (number, line) in text.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match fence {
            Some(words) if !open => {
                open = words.split(' ').next() == Some("role") && !words.contains("piece");
                if open {
                    found.push((format!("{name}:{}", number + 1), String::new()));
                }
            }
            Some(_) => open = false,
            None if open => {
                if let Some((_, text)) = found.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            None => {}
        }
    }
    found
}
