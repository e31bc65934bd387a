//! Rust sources as words and signs, far enough to see what they import and what they document. Knows no more of the
//! language than that.

use std::fs;
use std::path::{Path, PathBuf};

/// A word or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// An identifier, a keyword or a number.
    Word(String),
    /// `::`.
    Path,
    /// Any other sign.
    Sign(char),
    /// A line of documentation, `///`: what stands behind the slashes.
    Doc(String),
    /// A line of documentation of the file, `//!`.
    FileDoc(String),
    /// A string, its escapes as written.
    Text(String),
}

/// A source file.
pub(crate) struct File {
    /// Its path below its folder.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
}

impl File {
    pub(crate) fn new(name: String, text: String) -> Self {
        let tokens = tokens(&text);
        Self { name, text, tokens }
    }

    /// Every `.rs` file below a folder of the repository, by its path from there.
    pub(crate) fn all(folder: &str) -> Vec<Self> {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut found = Vec::new();
        let mut folders: Vec<PathBuf> = vec![base.clone()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(&next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    let name = path.strip_prefix(&base).unwrap().to_str().unwrap().replace('\\', "/");
                    found.push(Self::new(name, fs::read_to_string(&path).unwrap()));
                }
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        assert!(!found.is_empty(), "{folder}");
        found
    }

    pub(crate) fn word(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    pub(crate) fn is(&self, at: usize, sign: char) -> bool {
        self.tokens.get(at) == Some(&Token::Sign(sign))
    }

    pub(crate) fn is_path(&self, at: usize) -> bool {
        self.tokens.get(at) == Some(&Token::Path)
    }

    /// Every path from the root of the crate, without `crate`; groups are taken apart. Macros' `$crate` too.
    pub(crate) fn crate_paths(&self) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        for at in 0..self.tokens.len() {
            if self.word(at) == Some("crate") && self.is_path(at + 1) {
                self.follow(at + 2, &mut Vec::new(), &mut found);
            }
        }
        found
    }

    /// Follows a path from behind a `::`, gives where it ends.
    fn follow(&self, mut at: usize, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
        let depth = way.len();
        loop {
            if self.is(at, '{') {
                at += 1;
                while !self.is(at, '}') {
                    assert!(at < self.tokens.len(), "{}: a group without an end", self.name);
                    at = self.follow(at, way, found);
                    // `Home as Place`.
                    if self.word(at) == Some("as") {
                        at += 2;
                    }
                    at += usize::from(self.is(at, ','));
                }
                at += 1;
                break;
            }
            let Some(step) = self.word(at).or(self.is(at, '*').then_some("*")) else {
                // `crate::path::<T>`: the path ends before.
                found.push(way.clone());
                break;
            };
            way.push(step.to_owned());
            at += 1;
            if !self.is_path(at) {
                found.push(way.clone());
                break;
            }
            at += 1;
        }
        way.truncate(depth);
        at
    }

    /// Every `super::`, as how many modules deep it stands (the module of the file counts), and whether it is the
    /// second of `super::super`.
    pub(crate) fn supers(&self) -> Vec<(usize, bool)> {
        let path = self.name.strip_suffix(".rs").unwrap();
        let depth = match path {
            "lib" | "main" => 0,
            path => path.strip_suffix("/mod").unwrap_or(path).split('/').count(),
        };
        let mut found = Vec::new();
        // What each open brace is: a module or not.
        let mut open: Vec<bool> = Vec::new();
        for at in 0..self.tokens.len() {
            if self.is(at, '{') {
                let is_mod = at >= 2 && self.word(at - 2) == Some("mod") && self.word(at - 1).is_some();
                open.push(is_mod);
            } else if self.is(at, '}') {
                open.pop();
            } else if self.word(at) == Some("super") && self.is_path(at + 1) {
                let depth = depth + open.iter().filter(|is_mod| **is_mod).count();
                let again = at >= 2 && self.is_path(at - 1) && self.word(at - 2) == Some("super");
                found.push((depth, again));
            }
        }
        found
    }

    /// The modules that lie in files of their own.
    pub(crate) fn mods(&self) -> Vec<&str> {
        let named = |at: usize| {
            let is_mod = self.word(at) == Some("mod") && self.is(at + 2, ';');
            if is_mod { self.word(at + 1) } else { None }
        };
        (0..self.tokens.len()).filter_map(named).collect()
    }

    /// Whether a module is told to lie elsewhere.
    pub(crate) fn has_path_attribute(&self) -> bool {
        (0..self.tokens.len())
            .any(|at| self.is(at, '[') && self.word(at + 1) == Some("path") && self.is(at + 2, '='))
    }

    /// Whether a crate is named: at the head of a path, in `use NAME` or `extern crate NAME`, or as an attribute of
    /// its derive.
    pub(crate) fn names_crate(&self, name: &str) -> bool {
        (0..self.tokens.len()).filter(|at| self.word(*at) == Some(name)).any(|at| {
            let before = at.checked_sub(1);
            let heads = self.is_path(at + 1) && !before.is_some_and(|before| self.is_path(before));
            let ends = self.is(at + 1, ';') || self.word(at + 1) == Some("as");
            let begins = before.is_some_and(|before| matches!(self.word(before), Some("use" | "crate")));
            let attribute = before.is_some_and(|before| self.is(before, '[')) && self.is(at + 1, '(');
            heads || begins && ends || attribute
        })
    }
}

/// The words and signs of a text, without comments and characters.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let at = |index: usize| letters.get(index).copied().unwrap_or('\0');
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut tokens = Vec::new();
    let mut index = 0;
    while index < letters.len() {
        match at(index) {
            '/' if at(index + 1) == '/' => {
                let start = index;
                while index < letters.len() && at(index) != '\n' {
                    index += 1;
                }
                let line: String = letters[start..index].iter().collect();
                match (line.strip_prefix("///"), line.strip_prefix("//!")) {
                    (Some(text), _) if !text.starts_with('/') => tokens.push(Token::Doc(text.to_owned())),
                    (_, Some(text)) => tokens.push(Token::FileDoc(text.to_owned())),
                    _ => {}
                }
            }
            '/' if at(index + 1) == '*' => index = after_comment(&letters, index),
            '"' => {
                let end = after_string(&letters, index);
                let body = letters[index + 1..].iter().take(end - index - 2);
                tokens.push(Token::Text(body.collect()));
                index = end;
            }
            '\'' => {
                // A character, or a lifetime: the latter has no quote behind it.
                let is_escape = at(index + 1) == '\\';
                if is_escape || at(index + 2) == '\'' {
                    index += if is_escape { 3 } else { 2 };
                    while index < letters.len() && at(index) != '\'' {
                        index += 1;
                    }
                }
                index += 1;
            }
            letter if is_word(letter) => {
                let start = index;
                while is_word(at(index)) {
                    index += 1;
                }
                let word: String = letters[start..index].iter().collect();
                let is_raw = matches!(word.as_str(), "r" | "br" | "cr") && matches!(at(index), '"' | '#');
                if is_raw && let Some(end) = after_raw_string(&letters, index) {
                    tokens.push(Token::Text(letters[index..end].iter().collect()));
                    index = end;
                } else {
                    tokens.push(Token::Word(word));
                }
            }
            ':' if at(index + 1) == ':' => {
                tokens.push(Token::Path);
                index += 2;
            }
            letter => {
                if !letter.is_whitespace() {
                    tokens.push(Token::Sign(letter));
                }
                index += 1;
            }
        }
    }
    tokens
}

fn after_comment(letters: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut index = start;
    while index < letters.len() {
        match (letters[index], letters.get(index + 1)) {
            ('/', Some('*')) => (depth, index) = (depth + 1, index + 2),
            ('*', Some('/')) => (depth, index) = (depth - 1, index + 2),
            _ => index += 1,
        }
        if depth == 0 {
            break;
        }
    }
    index
}

fn after_string(letters: &[char], start: usize) -> usize {
    let mut index = start + 1;
    while index < letters.len() && letters[index] != '"' {
        index += if letters[index] == '\\' { 2 } else { 1 };
    }
    index + 1
}

/// Behind `#"…"#`; none where it is no string (`r#type`).
fn after_raw_string(letters: &[char], start: usize) -> Option<usize> {
    let hashes = letters[start..].iter().take_while(|letter| **letter == '#').count();
    if letters.get(start + hashes) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let body = start + hashes + 1;
    let length = letters[body..].windows(end.len()).position(|window| window == end)?;
    Some(body + length + end.len())
}
