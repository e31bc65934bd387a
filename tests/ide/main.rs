//! What a cursor points at, asked in small texts: `$0` is where it stands, and `//- a.role` begins a file. Without one
//! there is one file, `main.role`, and beside it always `wiki.role`, the catalog of the examples.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "policies are files")]

mod acting;
mod agreement;
mod completing;
mod damaged;
mod hovers;
mod renames;
mod resolved;
mod shown;
mod total;

use rolec::diagnostic::Edit;
use rolec::lint::Moment;
use rolec::source::{FileId, Place, Span};
use rolec::workspace::Workspace;

/// The catalog of most tests.
const WIKI: &str = r#"use wiki
catalog wiki "Team Wiki" version "3" {
    kind steps = ladder none < view < edit < full
    category content "Content" {
        /// Where pages lie.
        spaces "Spaces": steps without edit { note "A space has pages." }
        pages "Pages": verbs create, update, delete
    }
    category site "Site" {
        export "Export": flag
        members "Members": steps { escalating caveat "Takes effect at the next sign-in." }
        tenants: flag { only managed }
    }
    limit custom-roles 10
    super owner
}
/// Everything.
default template owner "Owner" { grant all: full }
/// Looks, and touches nothing.
template reader "Reader" { grant content.spaces: view }
"#;

/// A workspace, and where the cursor stands in it.
struct Scene {
    ws: Workspace,
    file: FileId,
    offset: u32,
}

impl Scene {
    fn new(text: &str) -> Self {
        let mut files: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            match line.strip_prefix("//- ") {
                Some(name) => files.push((name.trim().to_owned(), String::new())),
                None if files.is_empty() => files.push(("main.role".to_owned(), line.to_owned())),
                None => files.last_mut().unwrap().1.push_str(line),
            }
        }
        if !files.iter().any(|(name, _)| name == "wiki.role") {
            files.push(("wiki.role".to_owned(), WIKI.to_owned()));
        }
        let mut ws = Workspace::new(Moment::default());
        let mut cursor = None;
        for (name, text) in &files {
            if let Some(at) = text.find("$0") {
                cursor = Some((name.clone(), u32::try_from(at).unwrap()));
            }
            ws.set(name, text.replacen("$0", "", 1));
        }
        ws.update();
        let (name, offset) = cursor.unwrap_or((files[0].0.clone(), 0));
        let file = ws.file(&name).unwrap();
        Self { ws, file, offset }
    }

    fn text(&self, file: FileId) -> &str {
        self.ws.sources().file(file).unwrap().text()
    }

    /// Places as `file:line:column text`.
    fn told(&self, places: &[Place]) -> Vec<String> {
        let told = places.iter().map(|place| {
            let source = self.ws.sources().file(place.file).unwrap();
            let (line, column) = self.ws.sources().line_column(*place);
            format!("{}:{line}:{column} {}", source.name(), source.slice(place.span))
        });
        told.collect()
    }

    fn spans(&self, spans: &[Span]) -> Vec<String> {
        let places: Vec<Place> = spans.iter().map(|span| Place { file: self.file, span: *span }).collect();
        self.told(&places)
    }
}

/// A text with edits made.
fn edited(text: &str, file: FileId, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().filter(|edit| edit.place.file == file).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.place));
    let mut text = text.to_owned();
    for edit in edits {
        let span = edit.place.span;
        text.replace_range(span.start as usize..span.end as usize, &edit.text);
    }
    text
}
