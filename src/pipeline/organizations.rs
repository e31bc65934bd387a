//! The organizations of a policy, each from its trees to its part of the table, side by side where there are threads for
//! it. Whatever their number, what comes out is the same and in the same order. A tree is given back as soon as its
//! organization is checked, and where nobody asked for the model, that of an organization as soon as it is lowered.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use crate::check::{self, Ground, Input, Opened, Openings, Rows};
use crate::diagnostic::{Codes, Diagnostics};
use crate::lint::{Moment, TemplateUses};
use crate::lower::{Lowered, Lowering};
use crate::model::Organization;
use crate::pipeline::{Parsed, is_sound, requirements_and_advice};
use crate::roster::Roster;
use crate::source::{FileId, Sources};
use crate::syntax::ast;
use crate::threads::each;

/// What all organizations are worked out by.
pub(super) struct Work<'w> {
    pub(super) sources: &'w Sources,
    pub(super) files: &'w [Parsed],
    pub(super) rosters: &'w [Roster],
    pub(super) ground: &'w Ground,
    pub(super) damaged: &'w HashSet<FileId>,
    pub(super) moment: Moment,
    /// None where nothing is lowered: the policy is none.
    pub(super) lowering: Option<&'w Lowering<'w>>,
    pub(super) has_model: bool,
    /// The sorts of findings that will not be told …
    pub(super) left_out: Codes,
    /// … but that these are there has to be known, of what stands in some files.
    pub(super) allowed: HashMap<FileId, Codes>,
}

/// What became of an organization.
pub(super) struct Done {
    pub(super) findings: Diagnostics,
    pub(super) model: Option<Arc<Organization>>,
    pub(super) lowered: Option<Lowered>,
    pub(super) uses: TemplateUses,
}

/// An organization with the trees of all places where it is opened.
pub(super) struct Trees {
    id: Box<str>,
    list: Vec<(FileId, ast::Organization)>,
    rows: Vec<RowsAt>,
    lacks_rows: bool,
}

/// Rows of an organization: of which roster, and which of its rows.
type RowsAt = (usize, Range<usize>);

/// An organization, and where it is opened: by file and number.
pub(super) struct Planned {
    id: Box<str>,
    places: Vec<(FileId, usize)>,
    rows: Vec<RowsAt>,
    lacks_rows: bool,
}

/// Which organizations there are.
pub(super) fn plan(all: &[Openings<'_>], rosters: &[Roster]) -> Vec<Planned> {
    let rows = |rows: &Rows<'_>| {
        let of = rosters.iter().position(|roster| std::ptr::eq(roster, rows.roster))?;
        Some((of, rows.range.clone()))
    };
    let one = |one: &Openings<'_>| Planned {
        id: one.id.clone(),
        places: one.list.iter().map(|opened| (opened.input.id, opened.index)).collect(),
        rows: one.rows.iter().filter_map(rows).collect(),
        lacks_rows: one.lacks_rows,
    };
    all.iter().map(one).collect()
}

/// Takes the trees of organizations out of their files.
pub(super) fn trees(plan: Vec<Planned>, files: &mut [Parsed]) -> Vec<Trees> {
    let count = files.iter().map(|file| file.id.index() + 1).max().unwrap_or(0);
    let mut by_file: Vec<Vec<Option<ast::Organization>>> = Vec::new();
    by_file.resize_with(count, Vec::new);
    for file in files {
        if let Some(slot) = by_file.get_mut(file.id.index()) {
            *slot = std::mem::take(&mut file.tree.organizations).into_iter().map(Some).collect();
        }
    }
    let mut taken = |(file, index): (FileId, usize)| {
        let tree = by_file.get_mut(file.index())?.get_mut(index)?.take()?;
        Some((file, tree))
    };
    let one = |Planned { id, places, rows, lacks_rows }| Trees {
        id,
        list: places.into_iter().filter_map(&mut taken).collect(),
        rows,
        lacks_rows,
    };
    plan.into_iter().map(one).collect()
}

impl Work<'_> {
    /// Works out all organizations; gives them in their order.
    pub(super) fn run(&self, all: Vec<Trees>, is_large: bool) -> Vec<Done> {
        let mut inputs: Vec<Option<Input<'_>>> = vec![None; self.sources.len()];
        for file in self.files {
            if let Some(slot) = inputs.get_mut(file.id.index()) {
                *slot = file.input(self.sources);
            }
        }
        each(all, is_large, || (), |(), trees| self.one(trees, &inputs))
    }

    fn one(&self, trees: Trees, inputs: &[Option<Input<'_>>]) -> Done {
        let Trees { id, list, rows, lacks_rows } = trees;
        let rows =
            rows.into_iter().filter_map(|(of, range)| Some(Rows { roster: self.rosters.get(of)?, range }));
        let rows = rows.collect();
        let mut openings = Openings { id, list: Vec::with_capacity(list.len()), rows, lacks_rows };
        for (file, tree) in &list {
            if let Some(input) = inputs.get(file.index()).copied().flatten() {
                openings.list.push(Opened { input, tree, index: 0 });
            }
        }
        let allowed = list.iter().filter_map(|(file, _)| self.allowed.get(file));
        let left_out = allowed.fold(self.left_out, |codes, allowed| codes.without(*allowed));
        // Of rows so many findings are told, whatever they are.
        let left_out = if openings.rows.is_empty() { left_out } else { Codes::NONE };
        let checked = check::organization_again(self.ground, &openings, None, left_out);
        let is_whole = !lacks_rows && !list.iter().any(|(file, _)| self.damaged.contains(file));
        drop(openings);
        drop(list);
        let mut findings = Diagnostics::new();
        if is_whole && is_sound(self.ground, &checked) {
            findings =
                requirements_and_advice(self.ground.shared(), &checked.organization, self.moment, left_out);
        }
        findings.append(checked.findings);
        let model = checked.organization;
        findings.retain(|finding| !left_out.has(finding.code));
        let lowering = self.lowering.filter(|_| !findings.has_errors());
        let lowered = lowering.map(|lowering| lowering.organization(&model));
        let uses = TemplateUses::of(&model);
        Done { findings, model: self.has_model.then(|| Arc::new(model)), lowered, uses }
    }
}
