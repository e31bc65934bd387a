//! The documents that the editor has open: their texts, kept in step with it. They win over the files on disk.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::lsp::disk;
use crate::lsp::position::{Encoding, Lines};
use crate::lsp::protocol::TextDocumentContentChangeEvent;
use crate::lsp::uri;

/// An open document.
#[derive(Debug)]
pub(super) struct Document {
    /// As the client spells it.
    pub(super) uri: String,
    /// Where it is; none where it is no file.
    pub(super) path: Option<PathBuf>,
    pub(super) version: i32,
    pub(super) text: String,
    pub(super) lines: Rc<Lines>,
}

/// All of them, by the path that each is known by.
#[derive(Debug, Default)]
pub(super) struct Documents {
    encoding: Encoding,
    by_key: BTreeMap<PathBuf, Document>,
    keys: HashMap<String, PathBuf>,
}

impl Documents {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self { encoding, ..Self::default() }
    }

    /// The path by which a URI is known, whether it is open or not.
    pub(super) fn key(&self, uri: &str) -> PathBuf {
        match self.keys.get(uri) {
            Some(key) => key.clone(),
            None => uri::path(uri).map_or_else(|| PathBuf::from(uri), |path| disk::key(&path)),
        }
    }

    pub(super) fn at(&self, key: &Path) -> Option<&Document> {
        self.by_key.get(key)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Path, &Document)> {
        self.by_key.iter().map(|(key, document)| (&**key, document))
    }

    /// Gives the path by which it is known.
    pub(super) fn open(&mut self, uri: String, version: i32, text: String) -> PathBuf {
        let key = self.key(&uri);
        let lines = Rc::new(Lines::new(&text, self.encoding));
        let document = Document { path: uri::path(&uri), uri: uri.clone(), version, text, lines };
        if let Some(before) = self.by_key.insert(key.clone(), document) {
            self.keys.remove(&before.uri);
        }
        self.keys.insert(uri, key.clone());
        key
    }

    /// Gives the path by which it was known; none where it was not open.
    pub(super) fn close(&mut self, uri: &str) -> Option<PathBuf> {
        let key = self.keys.remove(uri)?;
        self.by_key.remove(&key);
        Some(key)
    }

    /// Makes changes, one after the other. Gives the path by which it is known; none where it is not open.
    pub(super) fn change(
        &mut self,
        uri: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<PathBuf> {
        let key = self.keys.get(uri)?;
        let document = self.by_key.get_mut(key)?;
        document.version = version;
        for change in changes {
            document.apply(change, self.encoding);
        }
        Some(key.clone())
    }
}

impl Document {
    fn apply(&mut self, change: TextDocumentContentChangeEvent, encoding: Encoding) {
        match change {
            TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                let span = self.lines.span(&self.text, change.range);
                // Both ends are starts of characters inside of the text.
                self.text.replace_range(span.start as usize..span.end as usize, &change.text);
            }
            TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                self.text = change.text;
            }
        }
        self.lines = Rc::new(Lines::new(&self.text, encoding));
    }
}

#[cfg(test)]
mod tests {
    use super::Documents;
    use crate::lsp::position::Encoding;
    use crate::lsp::protocol::{Position, Range, TextDocumentContentChangePartial};

    struct Random(u64);

    impl Random {
        fn below(&mut self, below: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).unwrap() % below
        }
    }

    /// The offset of a position, counted character by character.
    fn offset(text: &str, position: Position, encoding: Encoding) -> usize {
        let (mut line, mut column) = (0, 0);
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let width = if encoding == Encoding::Utf8 { c.len_utf8() } else { c.len_utf16() };
            let is_end = c == '\n' || c == '\r';
            if line == position.line && (is_end || column + width > position.character as usize) {
                return at;
            }
            column += width;
            if is_end {
                if c == '\r' && chars.peek().is_some_and(|(_, next)| *next == '\n') {
                    chars.next();
                }
                (line, column) = (line + 1, 0);
            }
        }
        text.len()
    }

    #[test]
    fn texts_stay_in_step_with_a_model() {
        const PIECES: [&str; 12] =
            ["", "a", "bc", "\n", "\r\n", "\r", "é", "🙂", "日本", "x\ny", "🙂\r\n", "\u{301}"];
        for encoding in [Encoding::Utf16, Encoding::Utf8] {
            let mut random = Random(0x5eed);
            let mut documents = Documents::new(encoding);
            let mut model = String::from("one\r\ntwo 🙂\nthree");
            let key = documents.open("untitled:a".into(), 0, model.clone());
            for version in 1..20_000 {
                let mut place = || Position {
                    line: u32::try_from(random.below(8)).unwrap(),
                    character: u32::try_from(random.below(9)).unwrap(),
                };
                let (start, end) = (place(), place());
                let text = PIECES[random.below(PIECES.len())];
                // A text that grows says less: it is cut where it is long.
                let (start, end) =
                    if model.len() > 200 { (Position::default(), start) } else { (start, end) };
                let (from, to) = (offset(&model, start, encoding), offset(&model, end, encoding));
                model.replace_range(from.min(to)..from.max(to), text);
                let change = TextDocumentContentChangePartial {
                    range: Range { start, end },
                    text: text.to_owned(),
                    ..TextDocumentContentChangePartial::default()
                };
                documents.change("untitled:a", version, vec![change.into()]).unwrap();
                assert_eq!(documents.at(&key).unwrap().text, model, "{version}: {start:?} {end:?} {text:?}");
            }
        }
    }
}
