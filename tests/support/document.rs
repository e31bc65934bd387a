//! A document's fenced blocks, and a folder in which they are played. Judges nothing.

use std::path::Path;
use std::process::{Command, Stdio};

/// A fenced block.
pub(crate) struct Block {
    /// The line of the fence, from 1.
    pub(crate) line: usize,
    /// What stands behind the fence.
    pub(crate) words: String,
    pub(crate) text: String,
}

/// The fenced blocks of a document, in order.
pub(crate) fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in (1..).zip(document.lines()) {
        match (line.strip_prefix("```"), &mut open) {
            (Some(words), None) => {
                open = Some(Block { line: number, words: words.trim().to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is never closed");
    blocks
}

/// The commands of a console block, each with the output below it.
pub(crate) fn commands(text: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_owned(), String::new())),
            (None, Some((_, shown))) => {
                shown.push_str(line);
                shown.push('\n');
            }
            (None, None) => panic!("a console block begins with a command: {text}"),
        }
    }
    commands
}

/// What a command prints in a folder, on both streams, and whether it succeeds. `rolec` is on its path.
pub(crate) fn run(command: &str, folder: &Path) -> (String, bool) {
    let binary = Path::new(env!("CARGO_BIN_EXE_rolec"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("{{ {command}\n}} 2>&1"))
        .current_dir(folder)
        .env("PATH", &path)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.success())
}

/// The folder of a document: empty at first, and kept from block to block.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Puts a text into a file.
    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Makes an edit: the lines of a diff without its `+` stand in the file exactly once, and become those without its
    /// `-`.
    pub(crate) fn edit(&self, file: &str, diff: &str) -> Result<(), String> {
        let (mut old, mut new) = (String::from("\n"), String::from("\n"));
        for line in diff.lines() {
            let (sign, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
            match sign {
                "-" => old += &format!("{rest}\n"),
                "+" => new += &format!("{rest}\n"),
                " " => [&mut old, &mut new].into_iter().for_each(|text| *text += &format!("{rest}\n")),
                _ => return Err(format!("a line of a diff begins with `+`, `-` or a space: {line}")),
            }
        }
        if old == new {
            return Err("an edit that changes nothing".to_owned());
        }
        // Lines are whole: each begins behind the end of one.
        let text =
            std::fs::read_to_string(self.path().join(file)).map_err(|error| format!("{file}: {error}"))?;
        let text = format!("\n{text}");
        match text.matches(&old).count() {
            1 => self.write(file, text.replacen(&old, &new, 1).strip_prefix('\n').unwrap_or_default()),
            count => return Err(format!("these lines stand in {file} {count} times:{old}")),
        }
        Ok(())
    }
}
