//! Names of one scope: declared once, looked up exactly, missed with the near ones.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashMapExt as _};

use unicode_normalization::UnicodeNormalization as _;

use crate::check::looks::{self, Keys, Unit};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, NearNames, either};
use crate::source::{Place, is_hidden};
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
    exact: HashMap<Arc<str>, (I, Place)>,
    /// What a name looks like to the first name that looks so, and whether its case tells it apart.
    looks: HashMap<Arc<str>, (Arc<str>, Case)>,
    /// Folded name to name: of those, told apart by no case, before which another looked so.
    folded: HashMap<Box<str>, Arc<str>>,
    /// Names that another one clashes with: what says such a name means it, and not the first. That they are two has
    /// been told.
    twins: HashMap<Box<str>, I>,
    /// Titles, and the names of what has them.
    titles: Vec<(Box<str>, Box<str>)>,
    /// The names as they are searched for near ones: made at the first miss.
    near: OnceLock<NearNames>,
}

impl<I> Default for Names<I> {
    fn default() -> Self {
        Self {
            exact: HashMap::new(),
            looks: HashMap::new(),
            folded: HashMap::new(),
            twins: HashMap::new(),
            titles: Vec::new(),
            near: OnceLock::new(),
        }
    }
}

/// A name that was there before.
#[derive(Debug)]
pub(super) struct Clash {
    pub(super) place: Place,
    pub(super) name: Box<str>,
}

impl<I: Copy> Names<I> {
    /// Makes room for more names.
    pub(super) fn reserve(&mut self, more: usize) {
        self.exact.reserve(more);
        self.looks.reserve(more);
    }

    /// Declares a name: gives another one that looks like it. The clash where it is taken, and the first keeps it.
    pub(super) fn declare(
        &mut self,
        name: &str,
        id: I,
        place: Place,
        case: Case,
    ) -> Result<Option<Clash>, Clash> {
        let keys = looks::keys(name, case);
        let shared: Arc<str> = name.into();
        // Most names look like no other.
        let alike = if keys.iter().any(|key| self.looks.contains_key(key)) {
            if let Some(clash) = self.clash_by(name, &keys, case) {
                if *clash.name != *name {
                    self.twins.entry(name.into()).or_insert(id);
                }
                return Err(clash);
            }
            let alike = self.alike_by(name, &keys, case);
            if self.looks.contains_key(&*keys.folded) && case == Case::Same {
                self.folded.insert(fold(name).into(), shared.clone());
            }
            alike
        } else {
            None
        };
        match self.exact.entry(shared.clone()) {
            Entry::Occupied(known) => {
                let (_, place) = known.get();
                return Err(Clash { place: *place, name: name.into() });
            }
            Entry::Vacant(free) => free.insert((id, place)),
        };
        let folded = if *keys.folded == *name { shared.clone() } else { keys.folded.into() };
        self.looks.entry(folded).or_insert_with(|| (shared.clone(), case));
        if let Some(written) = keys.written {
            self.looks.entry(written.into()).or_insert((shared, case));
        }
        self.near.take();
        Ok(alike)
    }

    /// Says that what has a name has a title too, by which it may be looked for; nothing of a name that was refused.
    pub(super) fn entitle(&mut self, name: &str, title: Option<&str>) {
        if let Some(title) = title.filter(|_| self.exact.contains_key(name)) {
            self.titles.push((title.into(), name.into()));
            self.near.take();
        }
    }

    /// The name that a name would clash with, or else one that looks like it.
    pub(super) fn meet(&self, name: &str, case: Case) -> (Option<Clash>, Option<Clash>) {
        let keys = looks::keys(name, case);
        match self.clash_by(name, &keys, case) {
            Some(clash) => (Some(clash), None),
            None => (None, self.alike_by(name, &keys, case)),
        }
    }

    fn known(&self, name: &str) -> Option<Clash> {
        self.exact.get(name).map(|(_, place)| Clash { place: *place, name: name.into() })
    }

    fn clash_by(&self, name: &str, keys: &Keys<'_>, case: Case) -> Option<Clash> {
        self.known(name).or_else(|| {
            // Names that fold alike look alike.
            let (first, of_first) = self.looks.get(&*keys.folded).filter(|_| case == Case::Same)?;
            let folded = fold(name);
            let is_first = *of_first == Case::Same && fold(first) == folded;
            let other = if is_first { first } else { self.folded.get(&*folded)? };
            self.known(other)
        })
    }

    fn alike_by(&self, name: &str, keys: &Keys<'_>, case: Case) -> Option<Clash> {
        // A name that nobody can see has its own finding.
        let mut others = keys.iter().filter(|_| !is_blank(name)).filter_map(|key| self.looks.get(key));
        // Names of which one has a case and the other has none are of different catalogs.
        let (other, _) = others.find(|(_, of_other)| *of_other == case)?;
        self.known(other)
    }

    pub(super) fn get(&self, name: &str) -> Option<I> {
        self.exact.get(name).map(|(id, _)| id).or_else(|| self.twins.get(name)).copied()
    }

    /// The same for a name that clashes with none.
    pub(super) fn get_first(&self, name: &str) -> Option<I> {
        self.exact.get(name).map(|(id, _)| *id)
    }

    /// All names.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.exact.keys().map(|name| &**name)
    }

    /// All names, as they are searched for near ones.
    pub(super) fn near(&self) -> &NearNames {
        self.near.get_or_init(|| {
            let mut near: NearNames = self.exact.keys().map(|name| &**name).collect();
            near.add_titles(self.titles.iter().map(|(title, name)| (&**title, &**name)));
            near
        })
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
    if is_blank(&text) {
        findings.push(blank("title", what, &text, place));
    }
    mixed("title", &text, place, Unit::Word, findings);
    Some(text.into())
}

/// Whether a name has no character that a reader could see.
pub(super) fn is_blank(name: &str) -> bool {
    name.chars().all(|c| c.is_whitespace() || is_hidden(c))
}

/// The finding for an id, title or version that nobody can see.
pub(super) fn blank(part: &str, what: &str, name: &str, place: Place) -> Diagnostic {
    let lacks = if name.is_empty() { "is empty" } else { "has no character that can be seen" };
    let article = if part == "id" { "an" } else { "a" };
    Diagnostic::new(Code::BadName, place, format!("the {part} of this {what} {lacks}"))
        .help(format!("{article} {part} has at least one character that can be seen"))
}

/// Tells what is odd about the looks of a declared name: one that looks like it, several scripts.
pub(super) fn looks(
    what: &str,
    scope: Scope<'_>,
    written: Name,
    alike: Option<&Clash>,
    findings: &mut Diagnostics,
) {
    // What its text has wrong has been told of it.
    if scope.is_garbled(written) {
        return;
    }
    looks_at(what, &scope.name(written), scope.at(written), alike, findings);
}

/// The same for a name that is written as it is.
pub(super) fn looks_at(
    what: &str,
    name: &str,
    place: Place,
    alike: Option<&Clash>,
    findings: &mut Diagnostics,
) {
    if let Some(other) = alike {
        let message = format!("{what} `{name}` {}", differs(name, &other.name));
        findings.push(
            Diagnostic::new(Code::ConfusableName, place, message)
                .also(other.place, "declared here")
                .help("a reader takes one for the other: give one of them another name"),
        );
    }
    let unit = if what == PRINCIPAL { Unit::Word } else { Unit::Whole };
    mixed(what, name, place, unit, findings);
}

/// What a principal is called where names are told of.
pub(super) const PRINCIPAL: &str = "principal";

fn mixed(what: &str, name: &str, place: Place, unit: Unit, findings: &mut Diagnostics) {
    if name.is_ascii() {
        return;
    }
    if let Some(told) = looks::of_no_script(name) {
        let message = format!("{what} `{name}` has a character of no script: {told}");
        findings.push(
            Diagnostic::new(Code::MixedScript, place, message)
                .help("no reader knows it and fonts show a box or nothing: write it without"),
        );
    }
    let Some(told) = looks::mixed(name, unit) else { return };
    findings.push(
        Diagnostic::new(Code::MixedScript, place, format!("{what} `{name}` mixes scripts: {told}"))
            .help("letters of one script may look like those of another: write it in one"),
    );
}

/// How a name differs from another that is like it.
pub(super) fn differs(name: &str, other: &str) -> String {
    let points = || looks::contrast(name, other);
    if fold(name) != fold(other) {
        format!("looks like `{other}`: {}", points())
    } else if looks::is_same_to_the_eye(name, other) {
        format!("differs from `{other}` only by Unicode form: {}", points())
    } else {
        format!("differs from `{other}` only by case or Unicode form")
    }
}

/// A name without its case and Unicode form: names are the same here that Unicode's full case folding makes the same
/// (D146), whatever language a word is of.
pub(crate) fn fold(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return name.to_ascii_lowercase().into();
        }
        return name.into();
    }
    name.nfkc().flat_map(fold_letter).nfkc().collect::<String>().into()
}

/// A letter without its case: down, up and down again. `ẞ` is then `ss`, as `ß` is, and the last sigma of a word is a
/// sigma.
fn fold_letter(c: char) -> impl Iterator<Item = char> {
    // The way up would make it an `I`; but for the languages that have it, it is a letter without another case.
    let is_dotless = c == 'ı';
    let turned =
        (!is_dotless).then(|| c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
    is_dotless.then_some(c).into_iter().chain(turned.into_iter().flatten())
}

/// The finding for a name that is taken.
pub(super) fn taken(what: &str, name: &str, place: Place, clash: &Clash) -> Diagnostic {
    let message = if *clash.name == *name {
        format!("{what} `{name}` is there twice")
    } else {
        format!("{what} `{name}` {}", differs(name, &clash.name))
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

#[cfg(test)]
mod tests;
