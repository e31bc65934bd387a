//! Names of one scope: declared once, looked up exactly, missed with the near ones.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, NearNames, either};
use crate::source::Place;
use crate::syntax::ast::Name;
use crate::syntax::{Scope, spelled};

/// Whether ids that differ by case or Unicode form only are the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Same,
    Different,
}

impl Case {
    pub(super) fn of(is_case_sensitive: bool) -> Self {
        if is_case_sensitive { Self::Different } else { Self::Same }
    }
}

/// The names of one scope.
#[derive(Debug)]
pub(super) struct Names<I> {
    exact: HashMap<Box<str>, (I, Place)>,
    /// Folded name to the name that was declared so.
    folded: HashMap<Box<str>, Box<str>>,
    /// The names as they are searched for near ones: made at the first miss.
    near: OnceLock<NearNames>,
}

impl<I> Default for Names<I> {
    fn default() -> Self {
        Self { exact: HashMap::new(), folded: HashMap::new(), near: OnceLock::new() }
    }
}

/// The name of the same thing that was there before.
#[derive(Debug)]
pub(super) struct Clash {
    pub(super) place: Place,
    pub(super) name: Box<str>,
}

impl<I: Copy> Names<I> {
    /// Declares a name; the clash where it is taken, and the first keeps it.
    pub(super) fn declare(&mut self, name: &str, id: I, place: Place, case: Case) -> Result<(), Clash> {
        if let Some(clash) = self.clash(name, case) {
            return Err(clash);
        }
        if case == Case::Same {
            self.folded.insert(fold(name).into(), name.into());
        }
        self.exact.insert(name.into(), (id, place));
        self.near.take();
        Ok(())
    }

    /// The name that a name would clash with.
    pub(super) fn clash(&self, name: &str, case: Case) -> Option<Clash> {
        let clash =
            |name: &str| self.exact.get(name).map(|(_, place)| Clash { place: *place, name: name.into() });
        clash(name).or_else(|| match case {
            Case::Same => self.folded.get(&*fold(name)).and_then(|other| clash(other)),
            Case::Different => None,
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<I> {
        self.exact.get(name).map(|(id, _)| *id)
    }

    /// All names.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.exact.keys().map(|name| &**name)
    }

    /// All names, as they are searched for near ones.
    pub(super) fn near(&self) -> &NearNames {
        self.near.get_or_init(|| self.exact.keys().map(|name| &**name).collect())
    }
}

/// A title, where there is one; an empty one is told.
pub(super) fn title(
    scope: Scope<'_>,
    title: Option<Name>,
    what: &str,
    findings: &mut Diagnostics,
) -> Option<Box<str>> {
    let (text, place) = title.map(|title| (scope.name(title), scope.at(title)))?;
    if text.is_empty() {
        findings.push(
            Diagnostic::new(Code::BadName, place, format!("the title of this {what} is empty"))
                .help("a title has at least one character"),
        );
    }
    Some(text.into())
}

/// A name without its case and Unicode form.
pub(super) fn fold(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return name.to_ascii_lowercase().into();
        }
        return name.into();
    }
    // Up and down again: `ß` is then `ss`, and the last sigma of a word is a sigma.
    name.nfkc().collect::<String>().to_uppercase().to_lowercase().nfkc().collect::<String>().into()
}

/// The finding for a name that is taken.
pub(super) fn taken(what: &str, name: &str, place: Place, clash: &Clash) -> Diagnostic {
    let message = if *clash.name == *name {
        format!("{what} `{name}` is there twice")
    } else {
        format!("{what} `{name}` differs from `{}` only by case or Unicode form", clash.name)
    };
    Diagnostic::new(Code::DuplicateName, place, message).label("again here").also(clash.place, "first here")
}

/// Adds the near ones of some scopes to the finding for an unknown name at `place`: told, never taken.
pub(super) fn with_near(
    finding: Diagnostic,
    name: &str,
    place: Place,
    scopes: &[&NearNames],
    findings: &mut Diagnostics,
) -> Diagnostic {
    offer(finding, place, &findings.nearest(name, None, scopes))
}

/// Adds names that may have been meant at `place` to a finding.
pub(super) fn offer(finding: Diagnostic, place: Place, near: &[&str]) -> Diagnostic {
    if near.is_empty() {
        return finding;
    }
    let finding = finding.help(format!("did you mean {}?", either(near)));
    near.iter().fold(finding, |finding, near| {
        let text = spelled(near);
        finding.fix(Fix::suggest(format!("write `{text}`"), place, text))
    })
}
