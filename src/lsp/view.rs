//! Places and findings as the protocol has them. Finds the lines of each file once, as long as nothing is edited.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use serde_json::json;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::lsp::message::Failure;
use crate::lsp::policy::Policy;
use crate::lsp::position::Lines;
use crate::lsp::protocol as lsp;
use crate::lsp::state::{Home, State};
use crate::source::{FileId, Place, Span};

/// A look at the state while nothing changes.
pub(super) struct View<'s> {
    pub(super) state: &'s State,
    /// By the address of the policy, which stays where it is during a look.
    lines: RefCell<HashMap<(*const Policy, FileId), Rc<Lines>>>,
}

impl<'s> View<'s> {
    pub(super) fn new(state: &'s State) -> Self {
        Self { state, lines: RefCell::default() }
    }

    pub(super) fn lines(&self, policy: &Policy, file: FileId) -> Rc<Lines> {
        let mut lines = self.lines.borrow_mut();
        let found = lines.entry((std::ptr::from_ref(policy), file)).or_insert_with(|| {
            let text = policy.workspace.sources().file(file).map_or("", |file| file.text());
            let open = policy.key(file).and_then(|key| self.state.documents.at(key));
            if let Some(open) = open.filter(|open| *open.text == *text) {
                return Rc::clone(&open.lines);
            }
            Rc::new(Lines::new(text, self.state.client.encoding))
        });
        Rc::clone(found)
    }

    pub(super) fn range(&self, policy: &Policy, place: Place) -> lsp::Range {
        self.lines(policy, place.file).range(place.span)
    }

    /// None where the file came with the program and cannot be written out.
    pub(super) fn location(&self, policy: &Policy, place: Place) -> Option<lsp::Location> {
        let uri = self.state.uri_of(policy, place.file)?;
        Some(lsp::Location { uri: uri.into(), range: self.range(policy, place) })
    }

    /// The file and the offset that a request is about.
    pub(super) fn at(&self, at: &lsp::TextDocumentPositionParams) -> Result<(Home<'s>, u32), Failure> {
        let home = self.state.home(at.text_document.uri.as_ref())?;
        let range = lsp::Range { start: at.position, end: at.position };
        Ok((home, self.span(home, range)?.start))
    }

    /// A span of the file that a request is about.
    pub(super) fn range_in(&self, home: Home<'_>, span: Span) -> lsp::Range {
        self.range(home.policy, Place { file: home.file, span })
    }

    /// Markdown, to clients that show it as such and to those that show it as it stands.
    pub(super) fn markup(&self, text: String) -> lsp::MarkupContent {
        let is_plain = self.state.client.shows_plain_text;
        let kind = if is_plain { lsp::MarkupKind::PlainText } else { lsp::MarkupKind::Markdown };
        lsp::MarkupContent { kind, value: text }
    }

    /// The bytes of a range of a file.
    pub(super) fn span(&self, home: Home<'_>, range: lsp::Range) -> Result<Span, Failure> {
        let source = home.policy.workspace.sources().file(home.file);
        let source = source.ok_or_else(|| Failure::new(Failure::INTERNAL, "a file without a text"))?;
        Ok(self.lines(home.policy, home.file).span(source.text(), range))
    }

    /// What is found in the file that is known by a path: in each policy that it is a part of, or the settings file of.
    pub(super) fn findings(&self, key: &Path) -> Vec<lsp::Diagnostic> {
        let mut all: Vec<lsp::Diagnostic> = Vec::new();
        if let Some(settings) = self.state.policies.iter().find_map(|policy| policy.settings_at(key)) {
            let lines = Lines::new(settings.text(), self.state.client.encoding);
            let found = settings.findings().iter();
            all.extend(found.map(|one| self.told(one, lines.range(one.primary.place.span), Vec::new())));
        }
        for policy in &self.state.policies {
            let Some(file) = policy.file(key) else { continue };
            for finding in policy.workspace.findings(file) {
                let finding = self.finding(policy, finding);
                // A file of one policy has each only once.
                if self.state.policies.len() == 1 || !all.contains(&finding) {
                    all.push(finding);
                }
            }
        }
        all
    }

    pub(super) fn finding(&self, policy: &Policy, finding: &Diagnostic) -> lsp::Diagnostic {
        let labels = finding.secondary.iter().filter_map(|label| {
            let location = self.location(policy, label.place)?;
            Some(lsp::DiagnosticRelatedInformation { location, message: label.text.clone() })
        });
        let related = if self.state.client.shows_related { labels.collect() } else { Vec::new() };
        self.told(finding, self.range(policy, finding.primary.place), related)
    }

    fn told(
        &self,
        finding: &Diagnostic,
        range: lsp::Range,
        related: Vec<lsp::DiagnosticRelatedInformation>,
    ) -> lsp::Diagnostic {
        let client = &self.state.client;
        let mut message = finding.message.clone();
        if !finding.primary.text.is_empty() {
            message.push_str("\nhere: ");
            message.push_str(&finding.primary.text);
        }
        for help in &finding.help {
            message.push_str("\nhelp: ");
            message.push_str(help);
        }
        let is_unnecessary = client.shows_tags && is_unnecessary(finding.code);
        lsp::Diagnostic {
            range,
            severity: Some(severity(finding.severity())),
            code: Some(lsp::Code::String(finding.code.code().to_owned())),
            code_description: None,
            source: Some("rolec".to_owned()),
            message: lsp::Message::String(message),
            tags: is_unnecessary.then(|| vec![lsp::DiagnosticTag::Unnecessary]),
            related_information: (!related.is_empty()).then_some(related),
            data: client.keeps_data.then(|| json!({ "slug": finding.code.slug() })),
        }
    }
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Note => lsp::DiagnosticSeverity::Information,
    }
}

/// Whether a finding is about text that could go without a change of what is decided.
fn is_unnecessary(code: Code) -> bool {
    use Code::{DuplicateEntry, EmptyGrant, EmptyTest, NeverValid, RepeatedBase, RepeatedLevel};
    matches!(code, DuplicateEntry | EmptyGrant | EmptyTest | NeverValid | RepeatedBase | RepeatedLevel)
}
