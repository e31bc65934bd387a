//! Which built-in catalogs a policy needs: those that a file names, and those whose own text is among the files.

use crate::catalog::BUILT_IN;
use crate::source::{FileId, SourceFile};
use crate::syntax::{Scope, ast};

/// What a file has to do with built-in catalogs: positions in their list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Mention {
    /// The file of a built-in catalog that has this very text.
    same_as: Option<(usize, usize)>,
    /// The catalogs that it uses by their ids.
    named: Vec<usize>,
}

/// What a file is to the policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part {
    /// A file of the policy itself.
    Own,
    /// A file of a built-in catalog.
    BuiltIn,
    /// The text of a built-in catalog's file once more: it counts once.
    Again,
}

/// What each file is, and which files are to be added.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) parts: Vec<Part>,
    /// Name and text.
    pub(crate) missing: Vec<(&'static str, &'static str)>,
}

impl Mention {
    pub(crate) fn of(source: &SourceFile, id: FileId, tree: &ast::File) -> Self {
        let same_as =
            BUILT_IN.iter().enumerate().find_map(|(n, known)| Some((n, known.has_text(source.text())?)));
        let names = |known: &str| {
            tree.uses.iter().any(|member| {
                let scope = Scope::new(source, id, member);
                !member.node.is_path && scope.name(member.node.catalog) == known
            })
        };
        let named =
            BUILT_IN.iter().enumerate().filter(|(_, known)| names(known.id)).map(|(n, _)| n).collect();
        Self { same_as, named }
    }
}

/// Looks at all files, in their order.
pub(crate) fn plan<'m>(mentions: impl Iterator<Item = &'m Mention> + Clone) -> Plan {
    let mut given: Vec<Vec<bool>> = BUILT_IN.iter().map(|known| vec![false; known.files.len()]).collect();
    let parts = mentions.clone().map(|mention| {
        let Some((catalog, file)) = mention.same_as else { return Part::Own };
        let slot = given.get_mut(catalog).and_then(|files| files.get_mut(file));
        match slot {
            Some(is_given) if !*is_given => {
                *is_given = true;
                Part::BuiltIn
            }
            _ => Part::Again,
        }
    });
    let parts: Vec<Part> = parts.collect();
    let mut missing = Vec::new();
    for (n, (known, given)) in BUILT_IN.iter().zip(&given).enumerate() {
        if given.contains(&true) || mentions.clone().any(|mention| mention.named.contains(&n)) {
            let files = known.files.iter().zip(given);
            missing.extend(files.filter(|(_, is_given)| !**is_given).map(|(file, _)| *file));
        }
    }
    Plan { parts, missing }
}
