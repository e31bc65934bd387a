//! New roles, copies of roles, and other names for roles. What a copy says is copied as text, and where a name stands is
//! told by `ide`, as it is to an editor.

use crate::check::fold;
use crate::edit::draft::Draft;
use crate::edit::page::{Gap, Indent, Page, behind_brace};
use crate::edit::policy::{Opening, Policy, Site};
use crate::edit::{Plan, Refusal};
use crate::ide;
use crate::model::RoleRef;
use crate::source::{FileId, Place, Span};
use crate::syntax::{Kind, quoted, spelled, tokens};

/// A role to be.
pub(super) struct Wanted<'a> {
    pub(super) id: &'a str,
    pub(super) title: Option<&'a str>,
    pub(super) description: Option<&'a str>,
    pub(super) from: &'a [&'a str],
}

impl Wanted<'_> {
    fn text(&self) -> String {
        let mut text = format!("role {}", spelled(self.id));
        if let Some(title) = self.title {
            text += &format!(" {}", quoted(title));
        }
        if !self.from.is_empty() {
            let bases: Vec<_> = self.from.iter().map(|base| spelled(base)).collect();
            text += &format!(" from {}", bases.join(", "));
        }
        match self.description {
            Some(description) => text + &format!(" {{\ndescription {}\n}}", quoted(description)),
            None => text + " {}",
        }
    }
}

pub(super) fn new<'p>(
    site: &Site<'p>,
    wanted: &Wanted<'_>,
    may_change: &dyn Fn(FileId) -> bool,
) -> Result<Plan<'p>, Refusal> {
    is_free(site, wanted.id)?;
    for base in wanted.from {
        site.role(base)?;
    }
    let home = site.home(may_change, |tree| tree.roles.len())?;
    let lines = Indent::of(home).lines(&wanted.text());
    let mut draft = Draft::new(site.policy);
    let page = Page::of(home.source, home.file);
    match home.tree.roles.last() {
        Some(last) => draft.push(page.below(last.end as usize, &lines, Gap::Empty)),
        None => {
            let gap = if home.members().next().is_some() { Gap::Empty } else { Gap::None };
            if let Some(at) = behind_brace(home) {
                draft.push(page.inside(at, &lines, gap));
            }
        }
    }
    Ok(Plan { draft, notes: Vec::new(), home: None, takes: false })
}

/// Refuses an id that a role or template has. What differs by case only is told by the compiler, which knows the catalog.
fn is_free(site: &Site<'_>, id: &str) -> Result<(), Refusal> {
    let Some((role, known)) = site.find(id) else { return Ok(()) };
    let (message, what) = match role {
        RoleRef::Own(_) => {
            (format!("organization `{}` has a role `{id}` already", site.organization.id), "role")
        }
        RoleRef::Template(_) => (format!("there is a template `{id}`: no role takes its name"), "template"),
    };
    Err(Refusal::found(message, vec![site.policy.found(known.place, format!("{what} `{id}`"))]))
}

pub(super) fn copy<'p>(
    site: &Site<'p>,
    role: &str,
    to: &str,
    title: Option<&str>,
    may_change: &dyn Fn(FileId) -> bool,
) -> Result<Plan<'p>, Refusal> {
    let (reference, known) = site.role(role)?;
    if matches!(reference, RoleRef::Template(_)) {
        return new(site, &Wanted { id: to, title, description: None, from: &[role] }, may_change);
    }
    is_free(site, to)?;
    let policy = site.policy;
    let mut draft = Draft::new(policy);
    if let Some((scope, member)) = policy.member(known.place)
        && let (Some(source), Some(id)) = (policy.source(known.place.file), member.node.id)
    {
        let page = Page::of(source, known.place.file);
        let (start, end) = (member.start as usize, member.end as usize);
        let id = scope.at(id).span;
        let head_end = member.node.title.map_or(id, |title| scope.at(title).span).end as usize;
        let title = title.map(|title| format!(" {}", quoted(title))).unwrap_or_default();
        let text = format!(
            "{}{}{}{title}{}",
            page.indent(start),
            page.slice(start, id.start as usize),
            spelled(to),
            page.slice(head_end, end)
        );
        let lines: Vec<String> = text.split(page.newline()).map(str::to_owned).collect();
        draft.push(page.below(end, &lines, Gap::Empty));
    }
    Ok(Plan { draft, notes: Vec::new(), home: None, takes: false })
}

/// Renames a role of an organization; without one, a template.
pub(super) fn rename<'p>(
    policy: &'p Policy,
    site: Option<&Site<'p>>,
    role: &str,
    to: &str,
    title: Option<&str>,
) -> Result<Plan<'p>, Refusal> {
    let place = match site {
        Some(site) => site.role(role)?.1.place,
        None => policy.template(role)?.place,
    };
    let mut draft = Draft::new(policy);
    let edits = ide::rename(&policy.workspace, place.file, place.span.start, &quoted(to));
    draft.extend(edits.map_err(Refusal::rule)?);
    if let (Some(title), Some((scope, member))) = (title, policy.member(place)) {
        let said = member.node.title.filter(|said| scope.name(*said) != title);
        match (member.node.title, said) {
            (None, _) => draft.insert(place.file, place.span.end, format!(" {}", quoted(title))),
            (Some(_), Some(said)) => draft.replace(scope.at(said), quoted(title)),
            (Some(_), None) => {}
        }
    }
    let mut notes = Vec::new();
    if draft.is_empty() {
        let what = if title.is_some() { "that name and that title" } else { "that name" };
        notes.push(format!("`{role}` has {what}"));
    }
    notes.extend(spoken_of(policy, role).filter(|_| role != to));
    Ok(Plan { draft, notes, home: Some(place.file), takes: false })
}

/// A note on the comments that say a name: they are for people, and people's to change.
fn spoken_of(policy: &Policy, name: &str) -> Option<String> {
    const SHOWN: usize = 5;
    let mut places: Vec<Place> = Vec::new();
    for (file, source) in policy.sources.iter() {
        let is_comment = |kind: Kind| matches!(kind, Kind::Comment | Kind::Doc);
        for token in tokens(source.text()).filter(|token| is_comment(token.kind)) {
            let text = source.text().get(token.start..token.end).unwrap_or_default();
            let found = words(text).find(|(_, word)| *word == name);
            places.extend(found.map(|(at, word)| {
                let start = token.start + at;
                Place { file, span: Span::of(start, start + word.len()) }
            }));
        }
    }
    let shown = places.iter().take(SHOWN).map(|place| {
        let (line, _) = policy.sources.line_column(*place);
        format!("{}:{line}", policy.sources.file(place.file).map_or("", |file| file.name()))
    });
    let shown: Vec<String> = shown.collect();
    let more =
        if places.len() > SHOWN { format!(" and {} more", places.len() - SHOWN) } else { String::new() };
    (!shown.is_empty())
        .then(|| format!("comments still say `{name}`, and are yours to change: {}{more}", shown.join(", ")))
}

/// The words of a text that might be ids, with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut at = 0;
    text.split(move |c: char| !is_of_word(c)).map(move |word| {
        let start = at;
        // What parts words here may be longer than a byte.
        let next = text.get(start + word.len()..).and_then(|rest| rest.chars().next());
        at = start + word.len() + next.map_or(0, char::len_utf8);
        (start, word)
    })
}

/// Whether two names are the same but for case and Unicode form.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    one != other && fold(one) == fold(other)
}

/// The page of an opening.
pub(super) fn page(opening: Opening<'_>) -> Page<'_> {
    Page::of(opening.source, opening.file)
}
