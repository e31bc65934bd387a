//! Titles of one scope: what people pick a role by. Two that read the same are told, and one that reads as the id of
//! something else.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt as _};

use crate::check::looks;
use crate::check::names::{Case, differs, fold, is_blank};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast};

/// Something that may have a title.
pub(super) struct Titled<'t> {
    /// What its sort is called.
    pub(super) what: &'static str,
    /// Its id; empty where it has none.
    pub(super) id: Cow<'t, str>,
    pub(super) place: Place,
    pub(super) title: Option<(Cow<'t, str>, Place)>,
}

impl<'t> Titled<'t> {
    /// Something that has a title and no id.
    pub(super) fn by_title(scope: &Scope<'t>, what: &'static str, name: Option<ast::Name>) -> Self {
        let place = name.map_or_else(|| scope.place(Span::new(0, 0)), |name| scope.at(name));
        Self { what, id: "".into(), place, title: title(scope, name) }
    }

    /// As it is spoken of beside one of its sort.
    fn named(&self, without_id: &str) -> String {
        match &*self.id {
            "" => format!("{without_id} {}", self.what),
            id => format!("{} `{id}`", self.what),
        }
    }
}

/// A title as it is read, and where; none where its text is damaged and so says something else than what was meant.
pub(super) fn title<'s>(scope: &Scope<'s>, title: Option<ast::Name>) -> Option<(Cow<'s, str>, Place)> {
    title.filter(|title| !scope.is_garbled(*title)).map(|title| (scope.name(title), scope.at(title)))
}

/// Tells which titles of a scope read as others do. The first `known` are told of elsewhere among themselves; nothing is
/// told at them.
pub(super) fn check(list: &[Titled<'_>], known: usize, findings: &mut Diagnostics) {
    let has_title = |titled: &&Titled<'_>| titled.title.as_ref().is_some_and(|(title, _)| !is_blank(title));
    if !list.iter().any(|titled| has_title(&titled)) {
        return;
    }
    // By what they look like: as the same name they do so too.
    let mut ids: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(list.len());
    for (index, titled) in list.iter().enumerate().filter(|(_, titled)| !is_blank(&titled.id)) {
        for key in looks::keys(&titled.id, Case::Same).kept() {
            ids.entry(key).or_insert(index);
        }
    }
    let mut seen: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(list.len());
    for (index, titled) in list.iter().enumerate() {
        let Some((title, place)) = titled.title.as_ref().filter(|(title, _)| !is_blank(title)) else {
            continue;
        };
        let keys = looks::keys(title, Case::Same);
        let earlier = keys.iter().find_map(|key| seen.get(key)).and_then(|at| list.get(*at));
        if let Some((other, (theirs, at))) = earlier.and_then(|other| Some((other, other.title.as_ref()?))) {
            // Of two by one id the second has had its finding.
            if index >= known && (titled.id.is_empty() || fold(&other.id) != fold(&titled.id)) {
                findings.push(same_title(titled, title, *place, other, theirs, *at));
            }
        } else if let Some(at) = keys.iter().find_map(|key| ids.get(key)).copied().filter(|at| *at != index)
            && let Some(other) = list.get(at)
            && fold(&other.id) != fold(&titled.id)
            && index.max(at) >= known
        {
            findings.push(title_of_id(titled, title, *place, other, index >= known));
        }
        for key in keys.kept() {
            seen.entry(key).or_insert(index);
        }
    }
}

fn same_title(
    titled: &Titled<'_>,
    title: &str,
    place: Place,
    other: &Titled<'_>,
    theirs: &str,
    at: Place,
) -> Diagnostic {
    let named = other.named("another");
    let message = if title == theirs {
        format!("title `{title}` is that of {named} too")
    } else {
        format!("title `{title}` {}, the title of {named}", differs(title, theirs))
    };
    Diagnostic::new(Code::ConfusableTitle, place, message)
        .label(format!("of {}", titled.named("this")))
        .also(at, format!("of {}", other.named("that")))
        .help("people pick by the title: let each say something of its own")
}

/// A title that is another's id: told at the title, or at the id where the title is told of elsewhere.
fn title_of_id(
    titled: &Titled<'_>,
    title: &str,
    place: Place,
    other: &Titled<'_>,
    at_title: bool,
) -> Diagnostic {
    let (of_title, of_id) = (titled.named("this"), other.named("that"));
    let is_same = fold(title) == fold(&other.id);
    let finding = if at_title {
        let message = match is_same {
            true => format!("title `{title}` of {of_title} is the id of {of_id}"),
            false => format!("title `{title}` of {of_title} looks like the id of {of_id}"),
        };
        Diagnostic::new(Code::ConfusableTitle, place, message).also(other.place, "the id")
    } else {
        let message = match is_same {
            true => format!("id `{}` is the title of {of_title}", other.id),
            false => format!("id `{}` looks like the title `{title}` of {of_title}", other.id),
        };
        Diagnostic::new(Code::ConfusableTitle, other.place, message).also(place, "the title")
    };
    finding.help("one word for two things: let each say something of its own")
}
