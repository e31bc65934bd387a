//! What is not known of a policy. A name that stands in damaged text may have been declared there, and a file that
//! could not be read may have declared any: such names are not missed elsewhere until the damage is mended.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use crate::check::Input;
use crate::check::looks;
use crate::check::names::Case;
use crate::check::organizations::Openings;
use crate::syntax::Scope;
use crate::syntax::ast::{Name, Subject};

/// Words in damaged text, of all files.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    words: Arc<HashSet<Box<str>>>,
    /// Whether a file could not be read.
    is_partial: bool,
    /// How many templates have no name.
    nameless: usize,
    /// Whether an organization has none: it may be any that is opened elsewhere.
    has_nameless_organization: bool,
}

/// What a part of the policy asked of the damaged text, and the answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    words: Vec<(Box<str>, bool)>,
    /// How many templates had no name.
    nameless: usize,
    /// Whether something that was asked for may be declared in damaged text, so that it is not known.
    has_found: bool,
}

impl Asked {
    pub(super) fn has_found(&self) -> bool {
        self.has_found
    }
}

/// Declarations whose name is missing: each is taken for one name that nobody declares. Which one nobody knows: for
/// the first that was asked for, of those that such a declaration is there for.
#[derive(Debug, Default)]
struct Nameless {
    count: usize,
    /// The names that may be theirs; any where this is not known.
    candidates: Option<HashSet<Box<str>>>,
    taken: RefCell<BTreeSet<Box<str>>>,
}

impl Nameless {
    fn of(count: usize) -> Self {
        Self { count, ..Self::default() }
    }

    /// Whether one of them is taken for a name. A name that is nearly a known one is rather a slip.
    fn may_be(&self, name: &str, is_slip: impl FnOnce() -> bool) -> bool {
        let mut taken = self.taken.borrow_mut();
        let is_candidate = || self.candidates.as_ref().is_none_or(|candidates| candidates.contains(name));
        taken.contains(name)
            || (taken.len() < self.count && is_candidate() && !is_slip() && taken.insert(name.into()))
    }
}

/// Words in damaged text, as one part of the policy asks for them. Remembers what was asked, so that the answers can
/// be told to be still the same.
pub(super) struct Lost {
    known: Words,
    asked: RefCell<BTreeMap<Box<str>, bool>>,
    templates: Nameless,
    roles: Nameless,
    principals: Nameless,
}

pub(super) fn words(inputs: &[Input<'_>]) -> Words {
    let mut words: HashSet<Box<str>> = inputs.iter().flat_map(|input| &input.tree.lost).cloned().collect();
    // A name with a letter of another script was to be the one that it looks like.
    let foreign: Vec<Box<str>> = words.iter().filter(|word| !word.is_ascii()).cloned().collect();
    words.extend(
        foreign
            .iter()
            .flat_map(|word| looks::keys(word, Case::Same).iter().map(Box::from).collect::<Vec<_>>()),
    );
    Words {
        words: Arc::new(words),
        is_partial: inputs.iter().any(|input| !input.source.is_read()),
        nameless: inputs
            .iter()
            .flat_map(|input| &input.tree.templates)
            .filter(|template| template.node.id.is_none())
            .count(),
        has_nameless_organization: inputs
            .iter()
            .flat_map(|input| &input.tree.organizations)
            .any(|organization| organization.head.node.id.is_none()),
    }
}

/// The names of an organization that may be those of roles without a name, and of templates. A role is there to be
/// assigned, a template to be assigned or built on, and what is there is named more than once: a name that stands in
/// one place only is rather a mistake of its own.
fn candidates(openings: &Openings<'_>) -> (HashSet<Box<str>>, HashSet<Box<str>>) {
    let mut uses: HashMap<Box<str>, usize> = HashMap::new();
    let (mut assigned, mut bases) = (HashSet::new(), HashSet::new());
    for opened in &openings.list {
        let (source, id) = (opened.input.source, opened.input.id);
        let mut name = |scope: Scope<'_>, name: Name| -> Box<str> {
            let text: Box<str> = scope.name(name).into();
            *uses.entry(text.clone()).or_default() += 1;
            text
        };
        for member in &opened.tree.assignments {
            assigned.insert(name(Scope::new(source, id, member), member.node.role));
        }
        for member in &opened.tree.roles {
            let scope = Scope::new(source, id, member);
            bases.extend(member.node.bases.iter().map(|base| name(scope, *base)));
        }
        for member in &opened.tree.forbids {
            let scope = Scope::new(source, id, member);
            member.node.exceptions.iter().for_each(|exception| drop(name(scope, *exception)));
        }
        for member in &opened.tree.requires {
            let scope = Scope::new(source, id, member);
            member.node.roles().for_each(|role| drop(name(scope, role)));
        }
        for member in &opened.tree.tests {
            let scope = Scope::new(source, id, member);
            for subject in member.node.subjects() {
                if let Subject::Role(role) = subject {
                    drop(name(scope, role.name));
                }
            }
        }
    }
    bases.extend(assigned.iter().cloned());
    let is_more = |name: &str| uses.get(name).is_some_and(|count| *count > 1);
    assigned.retain(|name| is_more(name));
    bases.retain(|name| is_more(name));
    (assigned, bases)
}

impl Words {
    /// Whether a word stands in damaged text.
    fn contain(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether an organization has no name.
    pub(super) fn has_nameless_organization(&self) -> bool {
        self.has_nameless_organization
    }

    /// Whether what was asked would be answered the same.
    pub(super) fn answer(&self, asked: &Asked) -> bool {
        self.nameless == asked.nameless && asked.words.iter().all(|(word, has)| self.contain(word) == *has)
    }
}

impl Lost {
    pub(super) fn new(words: &Words) -> Self {
        Self {
            known: words.clone(),
            asked: RefCell::default(),
            templates: Nameless::of(words.nameless),
            roles: Nameless::default(),
            principals: Nameless::default(),
        }
    }

    /// The same for an organization. What one names whose id is not known may be declared where it is opened elsewhere.
    pub(super) fn of(words: &Words, openings: &Openings<'_>) -> Self {
        let mut lost = Self::new(words);
        lost.known.is_partial |= openings.id.is_empty();
        for opened in &openings.list {
            lost.roles.count += opened.tree.roles.iter().filter(|role| role.node.id.is_none()).count();
            lost.principals.count += opened.tree.nameless_principals;
        }
        if openings.lacks_rows {
            lost.principals.count = usize::MAX;
        }
        if lost.roles.count > 0 || lost.templates.count > 0 {
            let (assigned, bases) = candidates(openings);
            lost.roles.candidates = Some(assigned);
            lost.templates.candidates = Some(bases);
        }
        lost
    }

    /// Whether a name may have been declared in damaged text. For what is declared in a text that is there: the
    /// categories, rows and kinds of a catalog.
    pub(super) fn has(&self, name: &str) -> bool {
        let has = self.known.contain(name);
        let mut asked = self.asked.borrow_mut();
        if !asked.contains_key(name) {
            asked.insert(name.into(), has);
        }
        has
    }

    /// Whether a name may have been declared where nothing could be read. For what any file may declare: catalogs,
    /// roles, templates, principals.
    pub(super) fn may_have(&self, name: &str) -> bool {
        self.has(name) || self.known.is_partial
    }

    /// The same for a role or template, which may be one that has no name.
    pub(super) fn may_have_role(&self, name: &str, mut is_slip: impl FnMut() -> bool) -> bool {
        self.may_have(name)
            || self.roles.may_be(name, &mut is_slip)
            || self.templates.may_be(name, &mut is_slip)
    }

    /// The same for a principal, which may be one that has no name. All addresses of a company are near to each other.
    pub(super) fn may_have_principal(&self, name: &str) -> bool {
        self.may_have(name) || self.principals.may_be(name, || false)
    }

    /// What was asked, and the answers.
    pub(super) fn asked(self) -> Asked {
        let words: Vec<(Box<str>, bool)> = self.asked.into_inner().into_iter().collect();
        let has_taken = |nameless: Nameless| !nameless.taken.into_inner().is_empty();
        let has_found = words.iter().any(|(_, has)| *has)
            | has_taken(self.templates)
            | has_taken(self.roles)
            | has_taken(self.principals);
        Asked { words, nameless: self.known.nameless, has_found }
    }
}
