//! Whether somebody may make a change of a policy, judged by the policy before it alone: they hold the super role of
//! every organization that the change touches. What is compared is what the two policies say, with all names resolved:
//! how that is laid out is nobody's matter, and whatever else differs is judged, also where no decision changes by it.
//! Reads no clock; says nothing in words.
//!
//! ```
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//! use rolec::tools::plan::{Version, plan};
//! use rolec::vocab::Time;
//!
//! let text = rolec::example::POLICY.replace("assign reader to", "assign owner to \"bea@acme.example\"\nassign reader to");
//! let wider = text.replace("pages: create, update", "pages: create, update, delete").replace("editor cannot", "owner can");
//! let [old, new] = [text, wider].map(|text| compile(Sources::from_iter([("acme.role", text)])));
//! let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
//! let at = Time::parse("2026-12-01")?;
//! assert!(plan(old, new, "bea@acme.example", at).may());
//! assert!(!plan(old, new, "ana@acme.example", at).may());
//! # Ok::<(), rolec::vocab::TimeError>(())
//! ```

mod changes;
mod reach;
mod said;
mod supers;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use self::changes::changes;
use self::reach::Reach;
use self::supers::{Seat, Supers};
use crate::diagnostic::nearest;
use crate::model::{Assignment, Model, Organization, Principal, Role};
use crate::source::{Place, Sources};
use crate::vocab::Time;

/// A version of a policy: its model, and the files that the model was made of.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::plan::{Version, plan};
/// use rolec::vocab::Time;
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let version = Version { model: compiled.model.as_ref().unwrap(), sources: &compiled.sources };
/// assert!(plan(version, version, "ana@acme.example", Time(0)).is_empty());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Version<'m> {
    /// What it says.
    pub model: &'m Model,
    /// Where that is written.
    pub sources: &'m Sources,
}

/// What a change touches, and whether somebody may make it.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::plan::{Side, Version, plan};
/// use rolec::vocab::Time;
///
/// let later = rolec::example::POLICY.replace("until 2027-01-01", "until 2028-01-01");
/// let [old, new] = [rolec::example::POLICY, &later].map(|text| compile(Sources::from_iter([("acme.role", text)])));
/// let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
/// let found = plan(old, new, "ana@acme.example", Time(0));
/// assert!(found.is_known && !found.may());
/// let place = found.organizations[0].changes[0].place;
/// assert_eq!(found.version(Side::New).sources.line_column(place).0, 38);
///
/// // Whom the old policy does not know may nothing, not even what is nobody's matter.
/// let nobody = plan(old, old, "anna@acme.example", Time(0));
/// assert!(nobody.is_empty() && !nobody.may());
/// assert_eq!(nobody.near, ["ana@acme.example"]);
/// ```
#[derive(Clone, Debug)]
pub struct Plan<'m> {
    /// The policy before, which judges.
    pub old: Version<'m>,
    /// The policy after.
    pub new: Version<'m>,
    /// Who would make the change.
    pub principal: &'m str,
    /// When.
    pub at: Time,
    /// Whether the policy before knows them: some assignment names them, past or future.
    pub is_known: bool,
    /// The names near to theirs, where it does not.
    pub near: Vec<&'m str>,
    /// The organizations that the change touches, by id.
    pub organizations: Vec<Touched<'m>>,
    /// What the change touches in no organization; none where there is nothing of the sort.
    pub elsewhere: Option<Elsewhere<'m>>,
}

/// An organization that a change touches.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::plan::{How, Standing, Topic, Version, plan};
/// use rolec::vocab::Time;
///
/// let more = format!("{} organization beta {{}}", rolec::example::POLICY);
/// let [old, new] = [rolec::example::POLICY, &more].map(|text| compile(Sources::from_iter([("acme.role", text)])));
/// let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
/// let found = plan(old, new, "ana@acme.example", Time(0));
/// let [beta] = &found.organizations[..] else { panic!("one is new") };
/// assert_eq!((beta.id(), beta.old.is_none(), beta.may()), ("beta", true, false));
/// assert_eq!((beta.changes[0].topic, beta.changes[0].how), (Topic::Organization, How::Added));
/// assert!(matches!(beta.standing, Standing::Lacks) && beta.holders.is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Touched<'m> {
    /// What it was; none where it is new.
    pub old: Option<&'m Organization>,
    /// What it is; none where it is removed.
    pub new: Option<&'m Organization>,
    /// What touches it, what all organizations share first.
    pub changes: Vec<Change<'m>>,
    /// Its super role by the policy before; none where its catalog names none. For a new organization that of any
    /// other is asked for, and this is none.
    pub role: Option<&'m Role>,
    /// How the principal stands to that role.
    pub standing: Standing<'m>,
    /// Who holds it, by name: they may. Of a new organization those of all others.
    pub holders: Rc<[Super<'m>]>,
}

/// What a change touches where no organization stands on it: a catalog, a template or a forbid that nothing uses. It asks
/// for the super role of any organization.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::plan::{Topic, Version, plan};
/// use rolec::vocab::Time;
///
/// let more = format!("{} template idle from reader {{}}", rolec::example::POLICY);
/// let [old, new] = [rolec::example::POLICY, &more].map(|text| compile(Sources::from_iter([("acme.role", text)])));
/// let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
/// let elsewhere = plan(old, new, "ana@acme.example", Time(0)).elsewhere.unwrap();
/// assert_eq!(elsewhere.changes[0].topic, Topic::Template("idle"));
/// assert!(!elsewhere.may());
/// ```
#[derive(Clone, Debug)]
pub struct Elsewhere<'m> {
    /// What is changed.
    pub changes: Vec<Change<'m>>,
    /// How the principal stands to the super roles of all organizations there were.
    pub standing: Standing<'m>,
    /// Who holds one of them, by name: they may.
    pub holders: Rc<[Super<'m>]>,
}

/// How somebody stands to a super role at the moment that is judged.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::plan::{Standing, Version, plan};
/// use rolec::vocab::Time;
///
/// let text = rolec::example::POLICY.replace("assign reader to", "assign owner to \"bea\" until 2026-12-01\nassign reader to");
/// let other = text.replace("HR-12", "HR-13");
/// let [old, new] = [text, other].map(|text| compile(Sources::from_iter([("acme.role", text)])));
/// let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
/// let standing = |at: &str| plan(old, new, "bea", Time::parse(at).unwrap()).organizations[0].standing;
/// assert!(standing("2026-11-30").may());
/// let Standing::Elsewhen(ended) = standing("2026-12-01") else { panic!("it has ended") };
/// assert!(ended.until().is_some());
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Standing<'m> {
    /// They hold it.
    Holds(Super<'m>),
    /// They hold it at another time: the next one to begin, else the last to have ended.
    Elsewhen(&'m Assignment),
    /// They do not hold it.
    Lacks,
    /// There is none, and so nobody may.
    NoSuper,
}

/// Somebody who holds the super role of an organization.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::plan::{Version, plan};
/// use rolec::vocab::Time;
///
/// let text = rolec::example::POLICY.replace("assign reader to", "assign owner to service \"sync\"\nassign reader to");
/// let other = text.replace("HR-12", "HR-13");
/// let [old, new] = [text, other].map(|text| compile(Sources::from_iter([("acme.role", text)])));
/// let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
/// let holder = plan(old, new, "sync", Time(0)).organizations[0].holders[0];
/// assert_eq!((&*holder.principal.name, holder.principal.kind.word()), ("sync", "service"));
/// assert_eq!((&*holder.organization.id, holder.assignment.until()), ("acme", None));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Super<'m> {
    /// The organization in which they hold it.
    pub organization: &'m Organization,
    /// Who.
    pub principal: &'m Principal,
    /// By what.
    pub assignment: &'m Assignment,
}

/// A thing that says something else than before.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::plan::{How, Side, Topic, Version, plan};
/// use rolec::vocab::Time;
///
/// let fewer = rolec::example::POLICY.replace("editor cannot content.pages: delete", "");
/// let [old, new] = [rolec::example::POLICY, &fewer].map(|text| compile(Sources::from_iter([("acme.role", text)])));
/// let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
/// let found = plan(old, new, "ana@acme.example", Time(0));
/// let change = found.organizations[0].changes[0];
/// assert_eq!((change.topic, change.how), (Topic::Test("editors delete nothing"), How::Changed));
/// // The line that is gone.
/// assert_eq!((change.side, old.sources.line_column(change.place).0), (Side::Old, 48));
/// // More of a test is nobody's matter.
/// assert!(plan(new, old, "ana@acme.example", Time(0)).may());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'m> {
    /// What it is.
    pub topic: Topic<'m>,
    /// What became of it.
    pub how: How,
    /// Where: the first line that is new in it, else the first that is gone.
    pub place: Place,
    /// Which of the versions has that place.
    pub side: Side,
}

/// What became of a thing.
///
/// ```
/// use rolec::tools::plan::How;
///
/// assert_eq!([How::Added, How::Removed, How::Changed].map(How::word), ["added", "removed", "changed"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It says something else.
    Changed,
}

/// One of the two versions.
///
/// ```
/// use rolec::tools::plan::Side;
///
/// assert_eq!([Side::Old, Side::New].map(Side::word), ["old", "new"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The policy before.
    Old,
    /// The policy after.
    New,
}

/// What may be changed by itself: first what organizations share, then what is an organization's own.
///
/// ```
/// use rolec::tools::plan::Topic;
///
/// let topics = [Topic::Role("desk"), Topic::Template("front-line"), Topic::Test("the desk")];
/// assert_eq!(topics.map(Topic::word), ["role", "template", "test"]);
/// assert_eq!(topics.map(Topic::name), [Some("desk"), Some("front-line"), Some("the desk")]);
/// assert_eq!(topics.map(Topic::is_guard), [false, false, true]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic<'m> {
    /// A catalog, by id.
    Catalog(&'m str),
    /// That a file states the version of a built-in catalog, by its id.
    Version(&'m str),
    /// A template, by id.
    Template(&'m str),
    /// A forbid of the top.
    ForbidOfAll {
        /// The id of the catalog that it is about.
        catalog: &'m str,
        /// Its title.
        title: &'m str,
    },
    /// A requirement of the top.
    RequireOfAll {
        /// The id of the catalog that it is about.
        catalog: &'m str,
        /// Its title.
        title: &'m str,
    },
    /// An organization as a whole, or what it says of itself: title, `///` lines, kind, catalog.
    Organization,
    /// A role, by id.
    Role(&'m str),
    /// What somebody is assigned, by name.
    Principal(&'m str),
    /// A forbid of the organization, by title.
    Forbid(&'m str),
    /// A requirement of the organization, by title.
    Require(&'m str),
    /// A test, by title.
    Test(&'m str),
}

impl How {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

impl Side {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

impl<'m> Topic<'m> {
    /// The word for what it is.
    pub fn word(self) -> &'static str {
        match self {
            Self::Catalog(_) => "catalog",
            Self::Version(_) => "version",
            Self::Template(_) => "template",
            Self::ForbidOfAll { .. } | Self::Forbid(_) => "forbid",
            Self::RequireOfAll { .. } | Self::Require(_) => "require",
            Self::Organization => "organization",
            Self::Role(_) => "role",
            Self::Principal(_) => "assignments",
            Self::Test(_) => "test",
        }
    }

    /// Its id, name or title; none for the organization itself.
    pub fn name(self) -> Option<&'m str> {
        match self {
            Self::Catalog(name)
            | Self::Version(name)
            | Self::Template(name)
            | Self::ForbidOfAll { title: name, .. }
            | Self::RequireOfAll { title: name, .. }
            | Self::Role(name)
            | Self::Principal(name)
            | Self::Forbid(name)
            | Self::Require(name)
            | Self::Test(name) => Some(name),
            Self::Organization => None,
        }
    }

    /// Whether it gives nothing and only stops what is wrong, so that more of it is nobody's matter.
    pub fn is_guard(self) -> bool {
        matches!(self, Self::Test(_) | Self::Version(_))
    }
}

impl Standing<'_> {
    /// Whether they may.
    pub fn may(&self) -> bool {
        matches!(self, Self::Holds(_))
    }
}

impl<'m> Touched<'m> {
    /// Its id.
    pub fn id(&self) -> &'m str {
        self.new.or(self.old).map_or("", |organization| &organization.id)
    }

    /// Whether the principal may.
    pub fn may(&self) -> bool {
        self.standing.may()
    }
}

impl Elsewhere<'_> {
    /// Whether the principal may.
    pub fn may(&self) -> bool {
        self.standing.may()
    }
}

impl<'m> Plan<'m> {
    /// Whether the principal may make the change.
    pub fn may(&self) -> bool {
        self.is_known
            && self.organizations.iter().all(Touched::may)
            && self.elsewhere.as_ref().is_none_or(Elsewhere::may)
    }

    /// Whether the change touches nothing.
    pub fn is_empty(&self) -> bool {
        self.organizations.is_empty() && self.elsewhere.is_none()
    }

    /// One of the versions.
    pub fn version(&self, side: Side) -> Version<'m> {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }
}

/// Judges a change of a policy.
///
/// An organization is touched by what is changed in it, and by a changed catalog, template or forbid of the top that it
/// stands on, before or after. Who would make the change holds, by the policy before and at that moment, the super role of
/// each touched organization that was there. What has none, a new organization or something that no organization stands
/// on, asks for the super role of any. Whom the policy before does not know may nothing.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::source::Sources;
/// use rolec::tools::plan::{Topic, Version, plan};
/// use rolec::vocab::Time;
///
/// let later = rolec::example::POLICY.replace("content.spaces: read }", "content: read }");
/// let [old, new] = [rolec::example::POLICY, &later].map(|text| compile(Sources::from_iter([("acme.role", text)])));
/// let [old, new] = [&old, &new].map(|it| Version { model: it.model.as_ref().unwrap(), sources: &it.sources });
/// let found = plan(old, new, "ana@acme.example", Time(0));
/// // The template is changed, and acme has a role that starts from it.
/// assert_eq!(found.organizations[0].changes[0].topic, Topic::Template("reader"));
/// assert_eq!(found.organizations[0].role.map(|role| &*role.id), Some("owner"));
/// ```
pub fn plan<'m>(old: Version<'m>, new: Version<'m>, principal: &'m str, at: Time) -> Plan<'m> {
    let supers = Supers::new(old.model, principal, at);
    let of_all = changes(&said::shared(old), &said::shared(new));
    let topics: BTreeSet<Topic<'_>> = of_all.iter().map(|change| change.topic).collect();
    let (before, after) = (Reach::new(old.model, &topics), Reach::new(new.model, &topics));
    let mut reached: BTreeMap<&str, Vec<Change<'m>>> = BTreeMap::new();
    let mut nowhere: Vec<Change<'m>> = Vec::new();
    for change in of_all {
        let ids: BTreeSet<&str> = before.of(change.topic).into_iter().chain(after.of(change.topic)).collect();
        if ids.is_empty() {
            nowhere.push(change);
        }
        for id in ids {
            reached.entry(id).or_default().push(change);
        }
    }
    let mut sides: BTreeMap<&str, (Option<&'m Organization>, Option<&'m Organization>)> = BTreeMap::new();
    for organization in &old.model.organizations {
        sides.entry(&organization.id).or_default().0 = Some(organization);
    }
    for organization in &new.model.organizations {
        sides.entry(&organization.id).or_default().1 = Some(organization);
    }
    let mut anywhere: Option<Seat<'m>> = None;
    let mut organizations = Vec::new();
    for (id, (was, is)) in sides {
        let mut changes = reached.remove(id).unwrap_or_default();
        changes.extend(own((old.model, was), (new.model, is)));
        if changes.is_empty() {
            continue;
        }
        let Seat { role, standing, holders } = match was {
            Some(was) => supers.of(was),
            None => anywhere.get_or_insert_with(|| supers.anywhere()).clone(),
        };
        organizations.push(Touched { old: was, new: is, changes, role, standing, holders });
    }
    let elsewhere = (!nowhere.is_empty()).then(|| {
        let Seat { role: _, standing, holders } = anywhere.unwrap_or_else(|| supers.anywhere());
        Elsewhere { changes: nowhere, standing, holders }
    });
    let is_known = supers.is_known();
    let near = match is_known {
        true => Vec::new(),
        false => nearest(principal, supers.names().collect::<BTreeSet<&str>>()),
    };
    Plan { old, new, principal, at, is_known, near, organizations, elsewhere }
}

/// What is changed in an organization itself.
fn own<'m>(
    (old, was): (&'m Model, Option<&'m Organization>),
    (new, is): (&'m Model, Option<&'m Organization>),
) -> Vec<Change<'m>> {
    let whole = |how, side, of: &Organization| {
        vec![Change { topic: Topic::Organization, how, side, place: of.place }]
    };
    match (was, is) {
        (Some(was), Some(is)) => changes(&said::organization(old, was), &said::organization(new, is)),
        (Some(was), None) => whole(How::Removed, Side::Old, was),
        (None, Some(is)) => whole(How::Added, Side::New, is),
        (None, None) => Vec::new(),
    }
}
