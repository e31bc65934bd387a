//! The ids, strings and times that generated policies are made of: plain ones, and those that need care in the text.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{Described, pick, seldom, some};

/// Words for steps and verbs: the same ones, so that a spread means different things in different rows. Reserved
/// words, words of the language and what must be quoted are among them.
pub(super) const LEVELS: &[&str] = &[
    "view",
    "edit",
    "list",
    "own",
    "use",
    "grant",
    "unconfirmed",
    "description",
    "Set.It",
    "with \"space\"",
    "7",
    "日",
];

const RESERVED: &[&str] = &[
    "use",
    "catalog",
    "template",
    "organization",
    "role",
    "grant",
    "assign",
    "forbid",
    "test",
    "from",
    "to",
    "until",
    "because",
    "at",
    "can",
    "cannot",
    "only",
    "except",
    "all",
    "nothing",
    "service",
    "default",
    "in",
    "with",
    "require",
];

const CONTEXTUAL: &[&str] = &[
    "version",
    "kind",
    "ladder",
    "verbs",
    "flag",
    "category",
    "without",
    "escalating",
    "managed",
    "direct",
    "note",
    "caveat",
    "limit",
    "super",
    "ids",
    "case-sensitive",
    "description",
    "unconfirmed",
    "cases",
    "least",
    "most",
];

const STRINGS: &[&str] = &[
    "Plain",
    "a b",
    "with \"quotes\" and \\",
    "a\tb",
    "two\nlines",
    "🙂 é",
    "\u{202e}hidden",
    " { grant all: full } ",
    "// no comment",
    "\\u{41}",
];

const DOCS: &[&str] = &["What it is for.", "", "  indented", "/ slash", "\"{ not closed", "日本語"];

const PRINCIPALS: &[&str] = &["ana@x", "Bob \"B\" B", "role", "日本", "siem\\export"];

/// By time. The first and the last are beyond what can be written in UTC.
pub(super) const TIMES: &[&str] = &[
    "0000-01-01",
    "1969-12-31T23:59:59Z",
    "2026-11-01",
    "2026-11-14T18:00:00+02:00",
    "2026-11-14T18:00:00Z",
    "2027-02-28T00:00:01-11:30",
    "9999-12-31T23:59:59Z",
];

/// How an id looks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Style {
    Plain,
    Reserved,
    Contextual,
    Number,
    Date,
    Dotted,
    Escaped,
    Foreign,
    /// The one before it in capitals, where ids are told apart by case.
    Capitals,
}

/// A name, before it is known what others there are.
#[derive(Clone, Debug)]
pub(super) struct Name {
    style: Style,
    title: Option<&'static str>,
    doc: Vec<&'static str>,
}

pub(super) fn name() -> impl Strategy<Value = Name> {
    let odd = select(vec![
        Style::Reserved,
        Style::Contextual,
        Style::Number,
        Style::Date,
        Style::Dotted,
        Style::Escaped,
        Style::Foreign,
        Style::Capitals,
    ]);
    let style = prop_oneof![2 => Just(Style::Plain), 1 => odd];
    let doc = prop_oneof![3 => Just(Vec::new()), 1 => some(select(DOCS), 3)];
    (style, seldom(3, string()), doc).prop_map(|(style, title, doc)| Name { style, title, doc })
}

pub(super) fn string() -> impl Strategy<Value = &'static str> {
    select(STRINGS)
}

pub(super) fn level() -> impl Strategy<Value = Vec<&'static str>> {
    Just(LEVELS.to_vec()).prop_shuffle()
}

/// The principal of a number, and whether it is a service account: each is one or the other everywhere.
pub(super) fn principal(index: Index) -> (&'static str, bool) {
    let name = pick(PRINCIPALS, index);
    (name, name.len().is_multiple_of(2))
}

/// Makes ids that differ from each other, also when case and Unicode form are ignored, unless that is allowed.
pub(super) struct Namer {
    prefix: &'static str,
    is_case_sensitive: bool,
    taken: BTreeSet<String>,
    last: String,
    count: usize,
}

impl Namer {
    pub(super) fn new(prefix: &'static str, is_case_sensitive: bool) -> Self {
        Self { prefix, is_case_sensitive, taken: BTreeSet::new(), last: String::new(), count: 0 }
    }

    pub(super) fn describe(&mut self, name: Name) -> Described {
        let id = self.id(name.style);
        Described { id, title: name.title.map(str::to_owned), doc: name.doc }
    }

    fn id(&mut self, style: Style) -> String {
        let (prefix, count) = (self.prefix, self.count);
        self.count += 1;
        let plain = format!("{prefix}{count}");
        let id = match style {
            Style::Plain => plain.clone(),
            Style::Reserved => RESERVED[count % RESERVED.len()].to_owned(),
            Style::Contextual => CONTEXTUAL[count % CONTEXTUAL.len()].to_owned(),
            Style::Number => format!("{count}"),
            Style::Date => format!("2026-11-{:02}", 1 + count % 30),
            Style::Dotted => format!("{prefix}.{count}.getIt"),
            Style::Escaped => format!("{prefix}\t\"{count}\\\u{200b}"),
            Style::Foreign => format!("{prefix} ß日{count}"),
            Style::Capitals if self.is_case_sensitive && self.last.is_ascii() => {
                self.last.to_ascii_uppercase()
            }
            Style::Capitals => plain.clone(),
        };
        let id = if id.is_empty() || self.taken.contains(&id) { plain } else { id };
        self.taken.insert(id.clone());
        self.last.clone_from(&id);
        id
    }
}
