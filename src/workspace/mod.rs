//! The incremental core: many files, what changed, and what has to be done again. Gives at every moment what a compile
//! from scratch would give: it calls the same stages, and leaves out those whose outcome cannot have changed.
//!
//! A file is parsed again when its text changes. The ground that organizations share is checked again when something
//! of it changes; an organization when its own text does, or something that it asked of the ground.
//!
//! ```
//! use rolec::workspace::Workspace;
//!
//! let mut workspace = Workspace::default();
//! workspace.set("acme.role", rolec::example::POLICY);
//! assert_eq!(workspace.update().len(), 1);
//! // Nothing is edited, so nothing is done.
//! assert_eq!(workspace.update(), []);
//! ```

mod file;
mod part;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::check::{Ground, Input, Openings, Shift, openings};
use crate::diagnostic::{Code, Codes, Diagnostic, Diagnostics};
use crate::lint::{self, Moment, TemplateUses};
use crate::lower::lower;
use crate::model::{Model, Organization};
use crate::pipeline::built_in::{self, Plan};
use crate::pipeline::{advice, ground};
use crate::source::{FileId, Provenance, SourceFile, Sources};
use crate::syntax::ast;
use crate::table::Table;
use crate::told::{self, Levels, Run};
use crate::vocab::OrganizationId;

use self::file::File;
use self::part::Part;

/// Which findings are kept.
///
/// ```
/// use rolec::lint::Moment;
/// use rolec::workspace::{Told, Workspace};
///
/// // Nothing says in public what the cells of this row are: a note for those who ask.
/// let catalog = "catalog c { category d { r: flag } default-template t { grant d.r: on unconfirmed } }";
/// let count = |told| {
///     let mut workspace = Workspace::new(Moment::default()).telling(told);
///     workspace.set("c.role", format!("use c {catalog} organization o {{ role x {{ grant d.r: on unconfirmed }} }}"));
///     workspace.update();
///     workspace.files().iter().flat_map(|file| workspace.findings(*file)).filter(|f| f.code.is_pedantic()).count()
/// };
/// assert_eq!(count(Told::Unasked), 0);
/// assert!(count(Told::All) > 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// All of them.
    #[default]
    All,
    /// Those that are told unasked: the others are many, and an editor shows none of them.
    Unasked,
}

/// Which findings are kept, and how gravely they are told.
#[derive(Debug, Default)]
struct Kept {
    told: Told,
    levels: Levels,
    /// The sorts that are not kept.
    left_out: Codes,
}

impl Kept {
    /// Those with a level are told unasked, if they are told.
    fn new(told: Told, levels: Levels) -> Self {
        let is_kept = |code: Code| told == Told::All || !code.is_pedantic() || levels.get(code).is_some();
        let left_out = Codes::of(|code| !is_kept(code));
        Self { told, levels, left_out }
    }

    /// Whether findings of a sort are kept.
    fn has(&self, code: Code) -> bool {
        !self.left_out.has(code)
    }

    /// Leaves out what is not kept, and the room that it took.
    fn keep(&self, findings: Diagnostics) -> Diagnostics {
        if self.told == Told::All {
            return findings;
        }
        let mut kept = Diagnostics::new();
        findings.into_iter().filter(|finding| self.has(finding.code)).for_each(|finding| kept.push(finding));
        kept
    }

    /// The same, each to be kept in several places, with no more room than it takes.
    fn share(&self, findings: Diagnostics) -> Vec<Arc<Diagnostic>> {
        let share = |mut finding: Diagnostic| {
            finding.message.shrink_to_fit();
            finding.secondary.shrink_to_fit();
            finding.help.shrink_to_fit();
            finding.fixes.shrink_to_fit();
            Arc::new(finding)
        };
        let mut shared: Vec<_> = self.keep(findings).into_iter().map(share).collect();
        shared.shrink_to_fit();
        shared
    }
}

/// Findings as they are told: those that are told as they were found are kept once.
fn kept_once(findings: Diagnostics, mut found: Vec<&Arc<Diagnostic>>) -> Vec<Arc<Diagnostic>> {
    found.sort_by_key(|known| known.primary.place);
    let share = |finding: Diagnostic| {
        let place = finding.primary.place;
        let first = found.partition_point(|known| known.primary.place < place);
        let mut here = found.iter().skip(first).take_while(|known| known.primary.place == place);
        let same = here.find(|known| ****known == finding);
        same.map_or_else(|| Arc::new(finding), |known| Arc::clone(known))
    };
    findings.into_iter().map(share).collect()
}

/// The files of a policy while they are edited.
///
/// ```
/// use rolec::lint::Moment;
/// use rolec::workspace::Workspace;
///
/// let mut workspace = Workspace::new(Moment::default());
/// workspace.set("acme.role", rolec::example::POLICY);
/// workspace.update();
/// assert!(!workspace.has_errors() && workspace.table().is_some());
///
/// // A typo, and the files in which something is told otherwise.
/// workspace.set("acme.role", rolec::example::POLICY.replace("spaces: write", "spaces: wrote"));
/// let changed = workspace.update();
/// let file = workspace.file("acme.role").unwrap();
/// assert_eq!(changed, [file]);
/// let codes: Vec<&str> = workspace.findings(file).map(|finding| finding.code.slug()).collect();
/// assert!(codes.contains(&"level-not-offered"));
/// assert_eq!(workspace.files().len(), workspace.sources().len());
/// assert_eq!(workspace.model().organizations.len(), 1);
///
/// workspace.remove("acme.role");
/// workspace.update();
/// assert!(workspace.files().is_empty());
/// ```
///
/// An organization can be asked by itself, whatever is wrong in another:
///
/// ```
/// use rolec::vocab::OrganizationId;
/// use rolec::workspace::Workspace;
///
/// let mut workspace = Workspace::default();
/// workspace.set("acme.role", rolec::example::POLICY);
/// workspace.set("other.role", "use wiki organization other { role r from nobody {} }");
/// workspace.update();
/// assert!(workspace.table().is_none() && workspace.moment().now.is_none());
///
/// let (acme, other) = (OrganizationId(0), OrganizationId(1));
/// assert_eq!(workspace.organizations().next(), workspace.organization(acme));
/// let table = workspace.table_of(acme).unwrap();
/// assert!(table.organizations().map(|known| known.id()).eq(["acme"]));
/// assert_eq!(workspace.model_of(acme).map(|model| model.organizations.len()), Some(1));
/// assert!(workspace.table_of(other).is_none());
/// ```
#[derive(Debug, Default)]
pub struct Workspace {
    moment: Moment,
    kept: Kept,
    /// By their ids: the given ones by name, then those of built-in catalogs.
    files: Vec<File>,
    by_name: HashMap<Box<str>, FileId>,
    sources: Sources,
    plan: Option<Plan>,
    /// The files that count, by name.
    order: Vec<FileId>,
    edited: BTreeMap<FileId, SourceFile>,
    added: BTreeMap<Box<str>, SourceFile>,
    removed: BTreeSet<FileId>,
    checked: Option<Checked>,
}

/// What was found at the last update.
#[derive(Debug)]
struct Checked {
    ground: Ground,
    of_ground: Diagnostics,
    /// By the ids of the organizations, those without one at the end.
    parts: Vec<Part>,
    /// What is said of the ground, of the ids of organizations, and of the policy as a whole.
    shared: Diagnostics,
    /// Whether anything in the policy is an error.
    has_errors: bool,
}

impl Workspace {
    /// No file yet; the policy is looked at in a moment.
    pub fn new(moment: Moment) -> Self {
        Self { moment, ..Self::default() }
    }

    /// Says how gravely findings are told, from the next update on.
    ///
    /// ```
    /// use rolec::diagnostic::{Code, Severity};
    /// use rolec::told::{Level, Levels};
    /// use rolec::workspace::Workspace;
    ///
    /// let mut workspace = Workspace::default();
    /// workspace.set("o.role", "use jumpcloud organization o { role r from help-desk, help-desk { } }");
    /// let mut levels = Levels::default();
    /// levels.set(Code::RepeatedBase, Level::Deny);
    /// workspace.set_levels(levels);
    /// workspace.update();
    /// let file = workspace.file("o.role").unwrap();
    /// let finding = workspace.findings(file).find(|finding| finding.code == Code::RepeatedBase).unwrap();
    /// assert_eq!(finding.severity(), Severity::Error);
    /// assert!(!workspace.has_errors());
    /// ```
    pub fn set_levels(&mut self, levels: Levels) {
        if self.kept.levels != levels {
            self.kept = Kept::new(self.kept.told, levels);
            // All files are told anew.
            self.plan = None;
        }
    }

    /// The same, but for which findings are kept.
    ///
    /// ```
    /// use rolec::workspace::{Told, Workspace};
    ///
    /// let mut workspace = Workspace::default().telling(Told::Unasked);
    /// workspace.set("acme.role", rolec::example::POLICY);
    /// let file = workspace.update()[0];
    /// assert!(workspace.findings(file).all(|finding| !finding.code.is_pedantic()));
    /// ```
    #[must_use]
    pub fn telling(self, told: Told) -> Self {
        Self { kept: Kept::new(told, self.kept.levels), ..self }
    }

    /// Adds a file, or gives it another text. Bytes that are no UTF-8 are a finding, as they are for a compile.
    pub fn set(&mut self, name: &str, text: impl Into<Vec<u8>>) {
        self.set_file(SourceFile::new(name, text.into(), Provenance::Given));
    }

    /// Adds a file, or puts it in the place of the one that has its name.
    ///
    /// ```
    /// use rolec::source::{Provenance, SourceFile};
    /// use rolec::workspace::Workspace;
    ///
    /// let mut workspace = Workspace::default();
    /// let mut file = SourceFile::new("acme.role", rolec::example::POLICY.into(), Provenance::Given);
    /// file.add_path("policies/acme.role");
    /// workspace.set_file(file);
    /// workspace.update();
    /// let id = workspace.file("acme.role").unwrap();
    /// assert_eq!(workspace.sources().file(id).unwrap().path(), "policies/acme.role");
    /// ```
    pub fn set_file(&mut self, file: SourceFile) {
        let known = self.by_name.get(file.name()).copied();
        let before = known.and_then(|id| self.sources.file(id));
        match (known, before) {
            (Some(id), Some(before))
                if before.paths().eq(file.paths()) && before.is_read() == file.is_read() =>
            {
                self.removed.remove(&id);
                self.added.remove(file.name());
                self.edited.insert(id, file);
            }
            // By what others name it, and whether it is known, is a matter of all files.
            (known, _) => {
                known.iter().for_each(|id| drop(self.edited.remove(id)));
                self.added.insert(file.name().into(), file);
            }
        }
    }

    /// Takes a file out.
    pub fn remove(&mut self, name: &str) {
        self.added.remove(name);
        if let Some(id) = self.by_name.get(name) {
            self.edited.remove(id);
            self.removed.insert(*id);
        }
    }

    /// Brings everything up to date. Gives the files whose findings may have changed, those that were edited among
    /// them; ids are those after the update.
    pub fn update(&mut self) -> Vec<FileId> {
        let mut dirty: Vec<FileId> = Vec::new();
        for (id, next) in std::mem::take(&mut self.edited) {
            if let Some(file) = self.files.get_mut(id.index()) {
                file.edit(next);
                self.sources.replace(id, file.source.clone());
                dirty.push(id);
            }
        }
        let has_moved = !self.added.is_empty() || !self.removed.is_empty() || self.plan.is_none();
        if has_moved || self.plan.as_ref() != Some(&self.plan_of_given()) {
            self.reshape();
            dirty = (0..self.files.len()).map(FileId::at).collect();
        }
        if dirty.is_empty() {
            return Vec::new();
        }
        self.check(&dirty)
    }

    /// The files, those of built-in catalogs among them.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The id of a file; it stays as long as no file is added or removed.
    pub fn file(&self, name: &str) -> Option<FileId> {
        self.by_name.get(name).copied()
    }

    /// The ids of the files that count, by their names.
    pub fn files(&self) -> &[FileId] {
        &self.order
    }

    #[doc(hidden)]
    /// The tree of a file.
    pub fn tree(&self, id: FileId) -> Option<&ast::File> {
        self.files.get(id.index()).map(|file| &file.tree)
    }

    #[doc(hidden)]
    /// A file as the checker takes it.
    pub fn input(&self, id: FileId) -> Option<Input<'_>> {
        self.files.get(id.index()).and_then(File::input)
    }

    /// What is found in a file, in reading order.
    pub fn findings(&self, id: FileId) -> impl Iterator<Item = &Diagnostic> {
        self.files.get(id.index()).into_iter().flat_map(|file| &file.findings).map(|finding| &**finding)
    }

    /// Whether the policy has errors. What is told as one by its level is none.
    pub fn has_errors(&self) -> bool {
        self.checked.as_ref().is_some_and(|checked| checked.has_errors)
    }

    #[doc(hidden)]
    /// The ground that all organizations stand on.
    pub fn ground(&self) -> Option<&Ground> {
        self.checked.as_ref().map(|checked| &checked.ground)
    }

    /// The policy, as far as it is understood.
    pub fn model(&self) -> Model {
        self.checked.as_ref().map(Checked::model).unwrap_or_default()
    }

    /// The organizations, in the order of the model.
    pub fn organizations(&self) -> impl Iterator<Item = &Organization> {
        self.checked.iter().flat_map(|checked| &checked.parts).map(|part| &*part.organization)
    }

    /// An organization by its position among them.
    pub fn organization(&self, id: OrganizationId) -> Option<&Organization> {
        self.checked.as_ref()?.parts.get(id.index()).map(|part| &*part.organization)
    }

    /// One organization and what it stands on, the others left out. None where it has errors.
    pub fn model_of(&self, id: OrganizationId) -> Option<Model> {
        let checked = self.checked.as_ref()?;
        let part = checked.parts.get(id.index()).filter(|part| part.is_sound && !part.has_errors())?;
        let organizations = vec![part.organization.clone()];
        Some(Model { shared: checked.ground.shared().clone(), organizations })
    }

    /// The table of one organization: none knows of another, so it answers about this one as the whole would, also
    /// while another has errors. None where this one has.
    pub fn table_of(&self, id: OrganizationId) -> Option<Table> {
        lower(&self.model_of(id)?, &self.sources).ok()
    }

    /// The moment at which the policy is looked at.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// The table; none where a finding is an error.
    pub fn table(&self) -> Option<Table> {
        if self.has_errors() || !self.is_whole() {
            return None;
        }
        lower(&self.model(), &self.sources).ok()
    }

    /// Whether the text of each file is known: a policy of which a part is not known is none.
    fn is_whole(&self) -> bool {
        self.sources.iter().all(|(_, source)| source.is_read())
    }

    /// What has to do with built-in catalogs, as the given files say now.
    fn plan_of_given(&self) -> Plan {
        let given = self.files.iter().filter(|file| !file.is_added());
        built_in::plan(given.map(|file| &file.mention))
    }

    /// Puts the files in order again after some came or went. What was checked counted on their ids.
    fn reshape(&mut self) {
        let mut given: BTreeMap<Box<str>, File> = BTreeMap::new();
        let mut built_in: HashMap<Box<str>, File> = HashMap::new();
        for (index, file) in std::mem::take(&mut self.files).into_iter().enumerate() {
            if file.is_added() {
                built_in.insert(file.source.name().into(), file);
            } else if !self.removed.contains(&FileId::at(index)) {
                given.insert(file.source.name().into(), file);
            }
        }
        self.removed.clear();
        for (name, file) in std::mem::take(&mut self.added) {
            given.insert(name, File::given(file));
        }
        self.files = given.into_values().collect();
        let plan = self.plan_of_given();
        for (file, part) in self.files.iter_mut().zip(&plan.parts) {
            file.part = *part;
        }
        for (name, text) in &plan.missing {
            let known = built_in.remove(*name);
            self.files.push(known.unwrap_or_else(|| File::built_in(name, text)));
        }
        self.plan = Some(plan);
        self.sources = Sources::new();
        self.by_name.clear();
        for file in &mut self.files {
            let id = self.sources.push(file.source.clone());
            file.renumber(id);
            if !file.is_added() {
                self.by_name.insert(file.source.name().into(), id);
            }
        }
        let name = |id: &FileId| self.files.get(id.index()).map(|file| file.source.name());
        let mut order: Vec<FileId> = self.files.iter().filter_map(|file| Some(file.input()?.id)).collect();
        order.sort_by(|a, b| name(a).cmp(&name(b)));
        self.order = order;
        self.checked = None;
    }

    /// Checks what may have changed with the dirty files. Gives the files that may be told otherwise.
    fn check(&mut self, dirty: &[FileId]) -> Vec<FileId> {
        let before = self.checked.take();
        let inputs: Vec<Input<'_>> = self.order.iter().filter_map(|id| self.input(*id)).collect();
        let moved =
            dirty.iter().filter_map(|id| self.files.get(id.index())).filter(|file| !file.has_same_ground());
        let moved: HashSet<FileId> = moved.map(|file| file.id).collect();
        let had_errors = before.as_ref().map(|before| before.has_errors);
        let (ground, of_ground, shift, old_parts, old_shared) = match before {
            None => {
                let (ground, findings) = ground(&inputs);
                (ground, self.kept.keep(findings), Some(Shift::All), Vec::new(), Diagnostics::new())
            }
            Some(mut before) => {
                let holds = moved.is_empty() && before.ground.holds_for(&inputs);
                if holds && before.ground.lose(&inputs) {
                    (before.ground, before.of_ground, None, before.parts, before.shared)
                } else {
                    let (next, findings) = ground(&inputs);
                    let shift = before.ground.shift(&next);
                    (next, self.kept.keep(findings), Some(shift), before.parts, before.shared)
                }
            }
        };
        let (all, of_names) = openings(&inputs, &ground);
        let mut told: BTreeSet<FileId> = dirty.iter().copied().collect();
        let mut old: HashMap<Box<str>, Part> = HashMap::with_capacity(old_parts.len());
        for part in old_parts {
            if part.id().is_empty() {
                told.extend(&part.told_in);
            } else {
                old.insert(part.id().into(), part);
            }
        }
        let mut parts: Vec<Part> = Vec::with_capacity(all.len());
        for openings in &all {
            let known = old.remove(&*openings.id);
            let (part, has_changed) = self.part(openings, known, &ground, shift.as_ref(), &moved, &mut told);
            if has_changed {
                told.extend(&part.told_in);
            }
            parts.push(part);
        }
        told.extend(old.values().flat_map(|part| &part.told_in));
        let mut checked = Checked { ground, of_ground, parts, shared: Diagnostics::new(), has_errors: false };
        self.share(&mut checked, of_names);
        if had_errors != Some(checked.has_errors) {
            // What allows something is judged where nothing else is wrong.
            let judged = self.files.iter().filter(|file| !file.allows.is_empty());
            told.extend(judged.map(|file| file.id));
        }
        if checked.shared != old_shared {
            told.extend(checked.shared.iter().chain(&old_shared).map(|finding| finding.primary.place.file));
        }
        let told: Vec<FileId> = told.into_iter().collect();
        self.tell(&told, &checked);
        self.checked = Some(checked);
        self.files.iter_mut().for_each(File::settle);
        told
    }

    /// An organization: as it was where nothing that it rests on has changed, else checked again.
    fn part(
        &self,
        openings: &Openings<'_>,
        known: Option<Part>,
        ground: &Ground,
        shift: Option<&Shift>,
        moved: &HashSet<FileId>,
        told: &mut BTreeSet<FileId>,
    ) -> (Part, bool) {
        let opened = part::opened(openings);
        let mut has_changed = false;
        let mut part = match known {
            Some(mut part)
                if part.is_same(&opened, &self.files) && !part.is_touched(openings, ground, shift, moved) =>
            {
                part.opened = opened;
                part
            }
            known => {
                told.extend(known.iter().flat_map(|part| &part.told_in));
                has_changed = true;
                let holds = shift.is_none();
                let people = known.filter(|_| holds).and_then(|part| part.people(&opened, &self.files));
                Part::check(openings, opened, ground, &self.kept, people)
            }
        };
        if matches!(shift, Some(Shift::Some { has_other_defaults: true, .. })) {
            part.forget_advice();
        }
        let before = part.told_in.clone();
        let is_whole = !openings.list.iter().any(|opened| self.is_damaged(opened.input.id));
        if part.advise(ground, is_whole, self.moment, &self.kept) {
            has_changed = true;
            told.extend(before);
        }
        (part, has_changed)
    }

    #[doc(hidden)]
    /// Whether a file has a mistake of text or syntax.
    pub fn is_damaged(&self, id: FileId) -> bool {
        self.files.get(id.index()).is_some_and(|file| file.is_damaged)
    }

    /// Finds what is said of no organization alone, and whether anything is an error.
    fn share(&self, checked: &mut Checked, of_names: Diagnostics) {
        let mut shared = checked.of_ground.clone();
        shared.append(self.kept.keep(of_names));
        checked.has_errors = shared.has_errors()
            || checked.parts.iter().any(|part| part.has_errors())
            || self.files.iter().any(|file| file.is_damaged);
        if !checked.has_errors && self.is_whole() {
            let mut uses = TemplateUses::default();
            checked.parts.iter().for_each(|part| uses.add(&part.uses));
            let found = lint::of_all(checked.ground.shared(), uses);
            shared.append(self.kept.keep(advice(&checked.ground, found)));
        }
        checked.shared = shared;
    }

    /// Puts together what is told in each of some files.
    fn tell(&mut self, told: &[FileId], checked: &Checked) {
        let mut parts: HashMap<FileId, Vec<&Part>> = HashMap::new();
        for part in &checked.parts {
            for file in &part.told_in {
                parts.entry(*file).or_default().push(part);
            }
        }
        let mut shared: HashMap<FileId, Vec<&Diagnostic>> = HashMap::new();
        for finding in &checked.shared {
            shared.entry(finding.primary.place.file).or_default().push(finding);
        }
        let kept = &self.kept;
        let run = Run {
            is_clean: !checked.has_errors && self.is_whole(),
            has_time: self.moment.now.is_some(),
            has: &|code| kept.has(code),
        };
        for id in told {
            let Some(file) = self.files.get_mut(id.index()) else { continue };
            let mut findings = file.syntax.clone();
            let mut found = Vec::new();
            for finding in shared.get(id).into_iter().flatten() {
                findings.push((*finding).clone());
            }
            for part in parts.get(id).into_iter().flatten() {
                let here = part.findings().filter(|finding| finding.primary.place.file == *id);
                for finding in here {
                    findings.push((**finding).clone());
                    found.push(finding);
                }
            }
            told::settle(&mut findings, &self.sources, std::iter::once(&file.allows), run);
            kept.levels.apply(&mut findings);
            findings.sort();
            file.findings = kept_once(findings, found);
        }
    }
}

impl Checked {
    fn model(&self) -> Model {
        let organizations = self.parts.iter().map(|part| part.organization.clone()).collect();
        Model { shared: self.ground.shared().clone(), organizations }
    }
}

#[cfg(test)]
mod tests;
