//! What may be written at a place, and fits: words of the language by their place, names that are known there and not
//! said yet, levels that the row offers. In the order in which it is likely wanted.

mod roles;
mod rows;
mod words;

use crate::catalog::Catalog;
use crate::diagnostic::Edit;
use crate::ide::context::{self, Block, Context, Tok};
use crate::ide::symbol;
use crate::model::{Organization, Role};
use crate::source::{FileId, Place};
use crate::syntax::{is_bare, meaning, quoted};
use crate::vocab::{CatalogId, OrganizationId};
use crate::workspace::Workspace;

/// What a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    /// A word of the language.
    Word,
    /// A catalog.
    Catalog,
    /// A file that holds a catalog.
    File,
    /// A category.
    Category,
    /// A row.
    Row,
    /// A kind.
    Kind,
    /// A level.
    Level,
    /// A template.
    Template,
    /// A role.
    Role,
    /// An organization.
    Organization,
    /// A principal.
    Principal,
    /// A version.
    Version,
}

/// Something that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words beside it.
    pub detail: Option<String>,
    /// What is written about it, as Markdown.
    pub documentation: Option<String>,
    /// What is typed already is matched against this.
    pub filter: String,
    /// The edit that writes it in the place of what is typed.
    pub edit: Edit,
}

/// What may be written at an offset, the likeliest first.
pub fn completions(ws: &Workspace, file: FileId, offset: u32) -> Vec<Completion> {
    let Some(context) = context::at(ws, file, offset) else { return Vec::new() };
    let mut asked = Asked { ws, file, context: &context, catalog: None, inside: None, found: Vec::new() };
    asked.look_around();
    asked.statement();
    asked.found
}

/// What is asked, and what was found.
struct Asked<'w, 'c> {
    ws: &'w Workspace,
    file: FileId,
    context: &'c Context<'w>,
    catalog: Option<(CatalogId, &'w Catalog)>,
    /// The organization that the cursor is in.
    inside: Option<(OrganizationId, &'w Organization)>,
    found: Vec<Completion>,
}

/// What a token says as a name.
fn text<'t>(tok: &Tok<'t>) -> std::borrow::Cow<'t, str> {
    meaning(tok.text)
}

impl<'w> Asked<'w, '_> {
    fn look_around(&mut self) {
        let Some(ground) = self.ws.ground() else { return };
        let id = ground.catalog_of(self.file);
        self.catalog = id.and_then(|id| symbol::catalog(self.ws, id).map(|catalog| (id, catalog)));
        let head = self.context.head(Block::Organization);
        if let Some(name) = head.and_then(|head| head.get(1)).map(text) {
            let mut all = self.ws.organizations().enumerate();
            let found = all.find(|(_, known)| *known.id == *name);
            self.inside = found.map(|(index, known)| (OrganizationId::at(index), known));
        }
    }

    fn push(&mut self, kind: CompletionKind, label: &str, written: String, detail: Option<String>) {
        let filter = if self.context.is_quoted { written.clone() } else { label.to_owned() };
        let place = Place { file: self.file, span: self.context.typed };
        self.found.push(Completion {
            label: label.to_owned(),
            kind,
            detail,
            documentation: None,
            filter,
            edit: Edit { place, text: written },
        });
    }

    /// A name as it is written: in quotes where it needs them.
    fn name(&mut self, kind: CompletionKind, name: &str, detail: Option<String>) {
        let written = if is_bare(name) { name.to_owned() } else { quoted(name) };
        self.push(kind, name, written, detail);
    }

    fn document(&mut self, documentation: Option<String>) {
        if let Some(last) = self.found.last_mut() {
            last.documentation = documentation.filter(|text| !text.is_empty());
        }
    }

    /// Words of the language; not in quotes, where they would be names.
    fn words(&mut self, words: &[(&str, &str)]) {
        if self.context.is_quoted {
            return;
        }
        for (word, detail) in words {
            self.push(CompletionKind::Word, word, (*word).to_owned(), Some((*detail).to_owned()));
        }
    }

    fn templates(&self) -> &'w [Role] {
        self.ws.ground().map(|ground| ground.shared().templates.as_slice()).unwrap_or_default()
    }
}
