//! Findings as data: what is wrong, where, and what to do about it. How they are drawn is `render`'s business.
//!
//! ```
//! use rolec::diagnostic::{Code, Severity};
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//!
//! let text = "use jumpcloud organization o { role desk { grant sso: full } }";
//! let compiled = compile(Sources::from_iter([("o.role", text)]));
//! let finding = compiled.findings.iter().next().unwrap();
//! assert_eq!((finding.code, finding.severity()), (Code::UnknownCategory, Severity::Error));
//! assert_eq!(finding.message, "catalog `jumpcloud` has no category `sso`");
//! assert_eq!(compiled.sources.line_column(finding.primary.place), (1, 50));
//! ```

mod code;
mod codes;
mod fix;
mod near;

pub use self::code::{Code, Severity};
pub(crate) use self::codes::Codes;
pub use self::fix::{Applicability, Edit, Fix};
#[doc(hidden)]
pub use self::near::{NearNames, either};
pub(crate) use self::near::{nearest, nearest_at_cost};

use std::collections::HashMap;

use self::near::Search;

use crate::source::{FileId, Place};

/// A place with a word on what it has to do with a finding.
///
/// ```
/// use rolec::diagnostic::Code;
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
///
/// let text = "catalog a { category c { r: flag } }\ncatalog a { category c { r: flag } }";
/// let compiled = compile(Sources::from_iter([("a.role", text)]));
/// let finding = compiled.findings.iter().find(|finding| finding.code == Code::DuplicateName).unwrap();
/// // The finding is at the second one, a label leads to the first.
/// assert_eq!(compiled.sources.line_column(finding.primary.place), (2, 9));
/// assert_eq!(compiled.sources.line_column(finding.secondary[0].place), (1, 9));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there; may be empty.
    pub text: String,
}

/// One finding.
///
/// ```
/// use rolec::diagnostic::{Code, Diagnostic, Fix, Severity};
/// use rolec::source::{FileId, Place, Span};
///
/// let at = |start, end| Place { file: FileId(0), span: Span::new(start, end) };
/// let finding = Diagnostic::new(Code::UnknownRow, at(10, 14), "category `content` has no row `page`")
///     .label("not a row")
///     .also(at(2, 9), "the category")
///     .help("did you mean `pages`?")
///     .fix(Fix::suggest("write `pages`", at(10, 14), "pages"));
/// assert_eq!(finding.severity(), Severity::Error);
/// assert_eq!((finding.primary.text.as_str(), finding.secondary.len()), ("not a row", 1));
/// assert_eq!(finding.fixes[0].edits[0].text, "pages");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which sort of finding.
    pub code: Code,
    /// One lower-case sentence without a full stop, the user's words in backticks.
    pub message: String,
    /// Where it is. A finding about a file as a whole has an empty span at its start.
    pub primary: Label,
    /// What else has to do with it.
    pub secondary: Vec<Label>,
    /// What to do next, a sentence each.
    pub help: Vec<String>,
    /// Edits that would mend it.
    pub fixes: Vec<Fix>,
    /// How grave it is, where that is not as its sort says.
    graded: Option<Severity>,
}

impl Diagnostic {
    /// A finding of a sort at a place.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            primary: Label { place, text: String::new() },
            secondary: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
            graded: None,
        }
    }

    /// With a word at its own place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// With another place.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        exactly_one(&mut self.secondary);
        self.secondary.push(Label { place, text: text.into() });
        self
    }

    /// With a sentence on what to do next.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        exactly_one(&mut self.help);
        self.help.push(text.into());
        self
    }

    /// With an edit that would mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        exactly_one(&mut self.fixes);
        self.fixes.push(fix);
        self
    }

    /// As grave as another, whatever its sort.
    pub(crate) fn graded(mut self, severity: Severity) -> Self {
        self.graded = (severity != self.code.severity()).then_some(severity);
        self
    }

    /// All places that it names, those of its fixes too.
    ///
    /// ```
    /// use rolec::diagnostic::{Code, Diagnostic};
    /// use rolec::source::{FileId, Place, Span};
    ///
    /// let at = |start| Place { file: FileId(0), span: Span::new(start, start + 1) };
    /// let finding = Diagnostic::new(Code::EmptyGrant, at(4), "nothing is said").also(at(9), "here");
    /// assert!(finding.places().eq([at(4), at(9)]));
    /// ```
    pub fn places(&self) -> impl Iterator<Item = Place> {
        let labels = std::iter::once(&self.primary).chain(&self.secondary).map(|label| label.place);
        labels.chain(self.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.place))
    }

    /// How grave its sort is.
    pub fn severity(&self) -> Severity {
        self.graded.unwrap_or(self.code.severity())
    }

    /// Whether it is told only to those who ask for everything.
    ///
    /// ```
    /// use rolec::diagnostic::{Code, Diagnostic};
    /// use rolec::source::{FileId, Place, Span};
    ///
    /// let place = Place { file: FileId(0), span: Span::new(0, 1) };
    /// let finding = Diagnostic::new(Code::UntestedOrganization, place, "nothing is tested of `o`");
    /// assert!(finding.is_pedantic());
    /// ```
    pub fn is_pedantic(&self) -> bool {
        self.graded.is_none() && self.code.is_pedantic()
    }
}

/// Room for the first of a list: most findings have no second, and there may be a hundred thousand.
fn exactly_one<T>(list: &mut Vec<T>) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
}

/// The findings of a pass, in the order they were found.
///
/// ```
/// use rolec::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
/// use rolec::source::{FileId, Place, Span};
///
/// let finding = |code, start| {
///     let span = Span::new(start, start + 1);
///     Diagnostic::new(code, Place { file: FileId(0), span }, "something is wrong")
/// };
/// let mut findings = Diagnostics::new();
/// findings.push(finding(Code::EmptyGrant, 9));
/// let mut of_later_pass = Diagnostics::new();
/// of_later_pass.push(finding(Code::UnknownRole, 4));
/// of_later_pass.push(finding(Code::EmptyGrant, 9));
/// findings.append(of_later_pass);
///
/// // In reading order, and what was found twice is told once.
/// findings.sort();
/// let codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
/// assert_eq!(codes, [Code::UnknownRole, Code::EmptyGrant]);
///
/// assert!(findings.has_errors() && findings.errors().count() == 1);
/// findings.move_to(FileId(3));
/// assert!(findings.iter().flat_map(|finding| finding.places()).all(|place| place.file == FileId(3)));
/// findings.retain(|finding| finding.severity() == Severity::Warning);
/// assert!(findings.len() == 1 && !findings.is_empty() && !findings.has_errors());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// What the near names of large scopes have cost, in letters looked at.
    searched: u64,
    /// What nobody will be told.
    left_out: Codes,
}

/// The same findings are the same, whatever it cost to make them.
impl PartialEq for Diagnostics {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Eq for Diagnostics {}

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same where some sorts will not be told: they need not be looked for.
    pub(crate) fn leaving_out(codes: Codes) -> Self {
        Self { left_out: codes, ..Self::default() }
    }

    /// Whether a sort will be told.
    pub(crate) fn wants(&self, code: Code) -> bool {
        !self.left_out.has(code)
    }

    /// Whether any of some sorts will be.
    pub(crate) fn wants_any(&self, codes: &[Code]) -> bool {
        codes.iter().any(|code| self.wants(*code))
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// The names of some scopes nearest to what was written, as [`nearest`]; never `without`.
    ///
    /// A misspelt name in a scope of a hundred thousand costs a hundred thousand comparisons, and a text may have a
    /// hundred thousand of them. So in large scopes the first of a pass have near names, and those that come after
    /// enough was searched have none: who reads so many findings mends the first. In small scopes all have them.
    pub(crate) fn nearest<'n>(
        &mut self,
        written: &str,
        without: Option<&str>,
        scopes: &[&'n NearNames],
    ) -> Vec<&'n str> {
        /// Names of a scope that is small.
        const SMALL: usize = 500;
        /// Letters that a pass looks at in large scopes: some hundredths of a second, little beside the rest of the pass. Of a
        /// scope of 20,000 names some eighty misspelt ones have near names then.
        const ENOUGH: u64 = 3 << 19;
        let is_small = scopes.iter().map(|scope| scope.len()).sum::<usize>() <= SMALL;
        if !is_small && self.searched >= ENOUGH {
            return Vec::new();
        }
        let mut search = Search::new(written, without);
        scopes.iter().for_each(|scope| search.scope(scope));
        let (found, cost) = search.found_with_titles(scopes);
        if !is_small {
            self.searched += cost;
        }
        found
    }

    /// Makes room for so many more and no others: a large policy has many, and each is large.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.list.reserve_exact(more);
    }

    /// Adds those of another pass.
    pub fn append(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// Those that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Says of findings about one file that it goes by another id.
    pub fn move_to(&mut self, file: FileId) {
        for diagnostic in &mut self.list {
            let labels = std::iter::once(&mut diagnostic.primary).chain(&mut diagnostic.secondary);
            labels.for_each(|label| label.place.file = file);
            let edits = diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
            edits.for_each(|edit| edit.place.file = file);
        }
    }

    /// Makes some sorts of findings as grave as `grade` says.
    pub(crate) fn grade(&mut self, grade: impl Fn(Code) -> Option<Severity>) {
        for diagnostic in &mut self.list {
            diagnostic.graded = grade(diagnostic.code).or(diagnostic.graded);
        }
    }

    /// Leaves out the fixes that would edit where `may` says no.
    pub(crate) fn leave_fixes(&mut self, may: impl Fn(Place) -> bool) {
        for diagnostic in &mut self.list {
            diagnostic.fixes.retain(|fix| fix.edits.iter().all(|edit| may(edit.place)));
        }
    }

    fn fixes_mut(&mut self) -> impl Iterator<Item = &mut Fix> {
        self.list.iter_mut().flat_map(|diagnostic| &mut diagnostic.fixes)
    }

    /// Changes one of them, by its number.
    pub(crate) fn amend(&mut self, index: usize, change: impl FnOnce(&mut Diagnostic)) {
        if let Some(finding) = self.list.get_mut(index) {
            change(finding);
        }
    }

    /// Leaves out the findings for which `keep` says no.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }

    /// Leaves of each code so many, the first by place; one more says where the others begin and how many they are.
    pub(crate) fn list_at_most(&mut self, limit: usize) {
        if self.list.len() <= limit {
            return;
        }
        self.sort();
        let mut counts: HashMap<Code, usize> = HashMap::new();
        let mut others: Vec<(Place, Code)> = Vec::new();
        self.list.retain(|finding| {
            let count = counts.entry(finding.code).or_default();
            *count += 1;
            if *count == limit + 1 {
                others.push((finding.primary.place, finding.code));
            }
            *count <= limit
        });
        for (place, code) in others {
            let more = counts.get(&code).map_or(0, |count| count - limit);
            let message = match more {
                1 => format!("1 more finding of {code} in this file is not listed"),
                _ => format!("{more} more findings of {code} in this file are not listed"),
            };
            self.push(Diagnostic::new(code, place, message).label("here they go on"));
        }
    }

    /// Puts them in the order in which people read: by file, by place, errors first.
    pub fn sort(&mut self) {
        // Each is large: where it belongs is found by what they are sorted by, and then it is moved there once.
        let key = |(at, finding): (usize, &Diagnostic)| {
            (finding.primary.place, finding.severity(), finding.code, at)
        };
        let mut keys: Vec<(Place, Severity, Code, usize)> = self.list.iter().enumerate().map(key).collect();
        let message = |at: usize| self.list.get(at).map(|finding| &finding.message);
        keys.sort_unstable_by(|a, b| {
            let of_key = (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2));
            of_key.then_with(|| message(a.3).cmp(&message(b.3))).then(a.3.cmp(&b.3))
        });
        let mut order: Vec<usize> = keys.into_iter().map(|(.., at)| at).collect();
        for start in 0..order.len() {
            // What stands here belongs elsewhere, and so on, until one belongs where this began.
            let mut at = start;
            while let Some(slot) = order.get_mut(at) {
                let from = std::mem::replace(slot, at);
                if from == start {
                    break;
                }
                self.list.swap(at, from);
                at = from;
            }
        }
        self.list.dedup();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
