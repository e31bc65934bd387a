//! One organization of a workspace: what was found in it, and on what that rests.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use crate::check::{Asked, Faces, Ground, Openings, People, Shift, named, organization_again};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::lint::{Moment, TemplateUses};
use crate::model::Organization;
use crate::pipeline::requirements_and_advice;
use crate::source::FileId;
use crate::syntax::Moved;
use crate::workspace::Kept;
use crate::workspace::file::File;

/// A checked organization.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is known of it by itself")]
pub(super) struct Part {
    pub(super) organization: Arc<Organization>,
    /// Where it is opened.
    pub(super) opened: Vec<Opened>,
    /// The files in which something is told of it.
    pub(super) told_in: Vec<FileId>,
    has_errors: bool,
    /// Whether nothing of it is unknown because a text is damaged.
    is_certain: bool,
    /// Whether nothing was found in its assignments.
    has_plain_people: bool,
    checked: Vec<Arc<Diagnostic>>,
    /// Advice, or the requirements that are not met; once it was asked for.
    advice: Option<Vec<Arc<Diagnostic>>>,
    /// Whether advice is told.
    pub(super) is_sound: bool,
    /// What it makes of templates.
    pub(super) uses: TemplateUses,
    asked: Asked,
    /// The names by which it names roles, once somebody asked.
    names: OnceLock<HashSet<Box<str>>>,
    faces: Option<Faces>,
}

/// A place where an organization is opened: which of its file's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    file: FileId,
    index: usize,
}

/// The places where an organization is opened now.
pub(super) fn opened(openings: &Openings<'_>) -> Vec<Opened> {
    openings.list.iter().map(|opened| Opened { file: opened.input.id, index: opened.index }).collect()
}

impl Part {
    /// Checks an organization. `people` are those of it who are known to be as they were.
    pub(super) fn check(
        openings: &Openings<'_>,
        opened: Vec<Opened>,
        ground: &Ground,
        kept: &Kept,
        people: Option<People>,
    ) -> Self {
        let checked = organization_again(ground, openings, people, kept.left_out);
        let mut part = Self {
            uses: TemplateUses::of(&checked.organization),
            organization: Arc::new(checked.organization),
            opened,
            told_in: Vec::new(),
            has_errors: checked.findings.has_errors(),
            is_certain: checked.is_certain,
            has_plain_people: checked.has_plain_people,
            checked: kept.share(checked.findings),
            advice: None,
            is_sound: false,
            asked: checked.asked,
            names: OnceLock::new(),
            faces: checked.faces,
        };
        part.told_in = part.files();
        part
    }

    pub(super) fn id(&self) -> &str {
        &self.organization.id
    }

    /// All that is told of it.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Arc<Diagnostic>> {
        let advice = self.advice.iter().filter(|_| self.is_sound).flatten();
        self.checked.iter().chain(advice)
    }

    /// Whether something that is told of it is an error.
    pub(super) fn has_errors(&self) -> bool {
        self.has_errors || self.findings().any(|finding| finding.severity() == Severity::Error)
    }

    fn files(&self) -> Vec<FileId> {
        let mut files: Vec<FileId> = self.findings().map(|finding| finding.primary.place.file).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// Whether its own text is as it was, and in its place.
    pub(super) fn is_same(&self, opened: &[Opened], files: &[File]) -> bool {
        let same = |(old, new): (&Opened, &Opened)| {
            let file = files.get(new.file.index()).filter(|_| old.file == new.file);
            file.is_some_and(|file| file.has_same_organization(old.index, new.index))
        };
        self.opened.len() == opened.len() && self.opened.iter().zip(opened).all(same)
    }

    /// Its people, each at their new places, where all that was edited since is inside of one member. Of an edited
    /// assignment they are those of before.
    pub(super) fn people(self, opened: &[Opened], files: &[File]) -> Option<People> {
        if !self.has_plain_people || self.opened != opened {
            return None;
        }
        let mut ways: Vec<(FileId, Moved)> = Vec::new();
        let mut edited: Option<(usize, usize)> = None;
        for (opening, Opened { file, index }) in opened.iter().enumerate() {
            let now = files.get(file.index())?;
            if now.is_settled() {
                continue;
            }
            let moved = now.moved()?;
            if let Some(assignment) = moved.assignment.filter(|_| moved.organization == *index) {
                // Of several files each may have been edited.
                if edited.replace((opening, assignment)).is_some() {
                    return None;
                }
            }
            if !ways.iter().any(|(known, _)| known == file) {
                ways.push((*file, moved));
            }
        }
        drop((self.checked, self.advice));
        People::of(self.organization, self.faces, edited, &ways)
    }

    /// Whether something that it rests on is not as it was.
    /// `openings` are those of now: its own text is as it was.
    pub(super) fn is_touched(
        &self,
        openings: &Openings<'_>,
        ground: &Ground,
        shift: Option<&Shift>,
        moved: &HashSet<FileId>,
    ) -> bool {
        if !ground.has_lost(&self.asked) {
            return true;
        }
        let is_moved = |finding: &Arc<Diagnostic>| finding.places().any(|place| moved.contains(&place.file));
        match shift {
            None => false,
            Some(Shift::All) => true,
            Some(Shift::Some { changed, has_other_names, .. }) => {
                let has_unknown = || self.checked.iter().any(|finding| finding.code == Code::UnknownRole);
                let names = || self.names.get_or_init(|| named(openings));
                !changed.is_empty() && changed.iter().any(|name| names().contains(name))
                    || *has_other_names && has_unknown()
                    || self.checked.iter().any(is_moved)
                    || self.advice.iter().flatten().any(is_moved)
            }
        }
    }

    /// Lets advice be found anew: what it was found by is not as it was.
    pub(super) fn forget_advice(&mut self) {
        self.advice = None;
    }

    /// Finds whether advice is to be told, and the advice. Gives whether that is otherwise than before.
    pub(super) fn advise(&mut self, ground: &Ground, is_whole: bool, moment: Moment, kept: &Kept) -> bool {
        let before = self.is_sound;
        let is_new = self.advice.is_none();
        self.is_sound =
            is_whole && !self.has_errors && self.is_certain && ground.is_sound_for(&self.organization);
        if self.is_sound && is_new {
            self.advice = Some(kept.share(requirements_and_advice(
                ground.shared(),
                &self.organization,
                moment,
                kept.left_out,
            )));
        }
        let has_changed = self.is_sound != before || is_new;
        if has_changed {
            self.told_in = self.files();
        }
        has_changed
    }
}
