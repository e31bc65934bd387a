//! Level words against the rows they stand for.

use std::borrow::Cow;
use std::sync::Arc;

use foldhash::{HashMap, HashSet, HashSetExt as _};

use smallvec::SmallVec;

use crate::catalog::{Catalog, Row};
use crate::check::catalogs::Inside;
use crate::check::names::offer;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, nearest};
use crate::model::Target;
use crate::source::{Place, Span};
use crate::syntax::{Scope, ast, spelled, spelled_level, spelled_word};
use crate::vocab::{Actions, CatalogId, Form, LevelError, RowId};

/// A level as a model keeps it.
#[derive(Clone)]
pub(super) struct Level {
    /// As one writes it.
    pub(super) text: Arc<str>,
    pub(super) words: Arc<[Box<str>]>,
    /// Which of the known ones it is.
    number: usize,
}

/// The words of a level as the text has them: most levels are one.
pub(super) type Said<'s> = SmallVec<[Cow<'s, str>; 1]>;

/// The levels that were said, each once: a policy says a few of them many times.
#[derive(Default)]
pub(super) struct Known<'s> {
    levels: HashMap<Said<'s>, Level>,
    /// Of a level and what it was spread over, whether that is plain.
    spreads: HashMap<(usize, CatalogId, Target), bool>,
}

impl<'s> Known<'s> {
    /// The level of some words.
    pub(super) fn level(&mut self, words: Said<'s>) -> Level {
        let number = self.levels.len();
        let make = |words: &[Cow<'s, str>]| Level {
            number,
            text: words.iter().map(|word| spelled_word(word)).collect::<Vec<_>>().join(", ").into(),
            words: words.iter().map(|word| Box::from(&**word)).collect(),
        };
        match self.levels.get(&*words) {
            Some(level) => level.clone(),
            None => {
                let level = make(&words);
                self.levels.insert(words, level.clone());
                level
            }
        }
    }

    /// Whether a level is one word that a row in reach knows, and each does, or each but the flags where nobody asks for
    /// those: then nothing is to be told of its spread, whoever says it and whatever else. What is asked for is the same for
    /// all who ask here.
    pub(super) fn is_plain(
        &mut self,
        level: &Level,
        id: CatalogId,
        reach: &Reach<'_>,
        findings: &Diagnostics,
    ) -> bool {
        let [word] = &*level.words else { return false };
        let key = (level.number, id, reach.target);
        let passes_flags = !findings.wants(Code::FlagsUnderSpread);
        *self.spreads.entry(key).or_insert_with(|| {
            let (rows, _) = reach.rows();
            let knows = |row: &Row| row.shape.knows(word);
            rows.iter().any(|(_, row)| knows(row))
                && rows.iter().all(|(_, row)| knows(row) || passes_flags && row.shape.form() == Form::Flag)
        })
    }
}

/// The words of a level; one said twice is told.
pub(super) fn words<'s>(scope: Scope<'s>, tree: &ast::Levels, findings: &mut Diagnostics) -> Said<'s> {
    if let [name] = tree.words.as_slice() {
        return Said::from_iter([scope.name(*name)]);
    }
    let mut words = Said::with_capacity(tree.words.len());
    let mut seen: HashSet<Cow<'_, str>> = HashSet::with_capacity(tree.words.len());
    let spans: Vec<Span> = tree.words.iter().map(|name| name.span).collect();
    for (index, name) in tree.words.iter().enumerate() {
        let text = scope.name(*name);
        if !seen.insert(text.clone()) {
            let finding =
                Diagnostic::new(Code::RepeatedLevel, scope.at(*name), format!("`{text}` is said twice"))
                    .help("once is enough");
            findings.push(match scope.without_one(&spans, index) {
                Some(place) => finding.fix(Fix::safe("remove it", place, "")),
                None => finding,
            });
            continue;
        }
        words.push(text);
    }
    words
}

/// The words of a level as they are said.
pub(in crate::check) fn said(scope: Scope<'_>, tree: &ast::Levels) -> Box<[Box<str>]> {
    tree.words.iter().map(|word| Box::from(&*scope.name(*word))).collect()
}

/// Tells the words of a level that are said twice.
pub(in crate::check) fn repeated(scope: Scope<'_>, tree: &ast::Levels, findings: &mut Diagnostics) {
    drop(words(scope, tree, findings));
}

/// What a spread of words sets a row to: the join of what each word alone would.
pub(super) fn spread(row: &Row, words: &[Box<str>]) -> Actions {
    words.iter().fold(row.shape.floor(), |held, word| held | row.shape.spread(word).unwrap_or_default())
}

/// Tells the words of a list on a row of verbs that change nothing beside the others. For lists that are without
/// errors.
pub(in crate::check) fn idle(scope: Scope<'_>, tree: &ast::Levels, findings: &mut Diagnostics) {
    if tree.words.len() < 2 {
        return;
    }
    tell_idle(scope, tree, |words| words.iter().map(|word| is_idle(words, word)).collect(), findings);
}

/// The same for a spread: what changes nothing for any row that it reaches.
pub(super) fn idle_spread(
    scope: Scope<'_>,
    reach: &Reach<'_>,
    tree: &ast::Levels,
    findings: &mut Diagnostics,
) {
    if tree.words.len() < 2 {
        return;
    }
    let (rows, all) = reach.rows();
    // A row whose levels are at fault may know any word.
    let is_sound = rows.len() == all;
    tell_idle(
        scope,
        tree,
        |words| match is_sound {
            true => idle_on(&rows, words),
            false => words.iter().map(|word| is_idle(words, word)).collect(),
        },
        findings,
    );
}

/// Whether a word changes nothing beside the others of its list, whatever the row.
fn is_idle(words: &[&str], word: &str) -> bool {
    if words.contains(&"full") { word != "full" } else { matches!(word, "none" | "off") && words.len() > 1 }
}

/// Which words of a spread change nothing beside the others, for any of some rows.
fn idle_on(rows: &[(RowId, &Row)], words: &[&str]) -> Vec<bool> {
    // A row is meant by a word that it knows; the bottom says nothing beside others.
    let is_said = |word: &str| !matches!(word, "none" | "off");
    // What two words give, neither of them is needed for; the only one that a row knows is.
    let mut is_needed = vec![false; words.len()];
    for (_, row) in rows {
        if is_needed.iter().all(|is_needed| *is_needed) {
            break;
        }
        let floor = row.shape.floor();
        let (mut given, mut again, mut known) = (floor, floor, 0);
        for (word, gives) in words.iter().filter_map(|word| Some((*word, row.shape.spread(word)?))) {
            again = again | (given & gives);
            given = given | gives;
            known += usize::from(is_said(word));
        }
        for (word, is_needed) in words.iter().zip(&mut is_needed) {
            let Some(gives) = row.shape.spread(word) else { continue };
            *is_needed |= (known == 1 && is_said(word)) || !again.contains(gives);
        }
    }
    if is_needed.iter().all(|is_needed| *is_needed) {
        return vec![false; words.len()];
    }
    // Of those that give the same one stays: `full` if it is among them, else the first. So does one for each row that
    // knows any, or the row would be told to be at its floor.
    let gives = |row: &Row, word: &str| row.shape.spread(word);
    let mut held: Vec<Option<Actions>> = vec![None; rows.len()];
    let add = |held: &mut [Option<Actions>], word: &str| {
        for ((_, row), held) in rows.iter().zip(held) {
            if let Some(more) = gives(row, word) {
                *held = Some(held.unwrap_or(row.shape.floor()) | more);
            }
        }
    };
    for (word, _) in words.iter().zip(&is_needed).filter(|(_, is_needed)| **is_needed) {
        add(&mut held, word);
    }
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by_key(|index| words.get(*index) != Some(&"full"));
    for index in order {
        let (Some(word), Some(is_needed)) = (words.get(index), is_needed.get_mut(index)) else { continue };
        if *is_needed {
            continue;
        }
        *is_needed = rows.iter().zip(&held).any(|((_, row), held)| {
            let is_met = |more| match held {
                Some(held) => held.contains(more),
                None => !is_said(word) && row.shape.floor().contains(more),
            };
            gives(row, word).is_some_and(|more| !is_met(more))
        });
        if *is_needed {
            add(&mut held, word);
        }
    }
    // One word at least is left, be it `none`.
    if !is_needed.contains(&true)
        && let Some(first) = is_needed.first_mut()
    {
        *first = true;
    }
    is_needed.into_iter().map(|is_needed| !is_needed).collect()
}

fn tell_idle(
    scope: Scope<'_>,
    tree: &ast::Levels,
    of: impl FnOnce(&[&str]) -> Vec<bool>,
    findings: &mut Diagnostics,
) {
    let texts: Vec<_> = tree.words.iter().map(|name| scope.name(*name)).collect();
    let mut seen: HashSet<&str> = HashSet::with_capacity(texts.len());
    // What is said twice has had its finding.
    let once = tree.words.iter().zip(&texts).filter(|(_, text)| seen.insert(text));
    let (names, words): (Vec<ast::Name>, Vec<&str>) = once.map(|(name, text)| (*name, &**text)).unzip();
    let is_idle = of(&words);
    let Some(first) = names.iter().zip(&is_idle).find(|(_, is_idle)| **is_idle).map(|(name, _)| *name) else {
        return;
    };
    let (mut idle, mut left): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for (word, is_idle) in words.iter().zip(&is_idle) {
        if *is_idle { idle.push(word) } else { left.push(word) }
    }
    if left.is_empty() {
        return;
    }
    let written = left.iter().map(|word| spelled(word)).collect::<Vec<_>>().join(", ");
    let verb = if idle.len() == 1 { "says" } else { "say" };
    let beside = match left.as_slice() {
        [only] => format!("`{only}`"),
        _ => "other levels".to_owned(),
    };
    findings.push(
        Diagnostic::new(
            Code::IdleLevel,
            scope.at(first),
            format!("{} {verb} nothing beside {beside}", listed(&idle)),
        )
        .help("the levels of a list join: say those that are meant, and no others")
        .fix(Fix::suggest(format!("write `{written}`"), all(scope, tree), written)),
    );
}

/// The place of all words of a level.
fn all(scope: Scope<'_>, tree: &ast::Levels) -> Place {
    let first = tree.words.first().map_or(Span::new(0, 0), |name| name.span);
    scope.place(tree.words.iter().fold(first, |span, name| span.to(name.span)))
}

/// What a level is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Of {
    /// A role: any level.
    Role,
    /// A forbid: a level above the floor.
    Forbid,
}

/// The level that an entry says of a row; none, with a finding, where the row does not offer it.
pub(in crate::check) fn exact(
    scope: Scope<'_>,
    row: &Row,
    tree: &ast::Levels,
    of: Of,
    findings: &mut Diagnostics,
) -> Option<Actions> {
    if let [name] = tree.words.as_slice()
        && let Ok(level) = row.shape.exact(&[&*scope.name(*name)])
    {
        return Some(level);
    }
    let texts: Vec<_> = tree.words.iter().map(|name| scope.name(*name)).collect();
    let mut seen: HashSet<&str> = HashSet::with_capacity(texts.len());
    let (names, words): (Vec<ast::Name>, Vec<&str>) = tree
        .words
        .iter()
        .zip(&texts)
        .filter(|(_, text)| seen.insert(text))
        .map(|(name, text)| (*name, &**text))
        .unzip();
    let (index, error) = match row.shape.exact(&words) {
        Ok(level) => return Some(level),
        Err(found) => found,
    };
    let list = List { scope, row, tree, words: &words, of };
    if error == LevelError::NotASet {
        return list.wrong(index, *names.get(index)?, error, findings);
    }
    // Each word that is wrong by itself, not the first of them only.
    let alone = |(index, word): (usize, &&str)| Some((index, row.shape.exact(&[*word]).err()?.1));
    let mut wrong: Vec<(usize, LevelError)> = words.iter().enumerate().filter_map(alone).collect();
    if wrong.is_empty() {
        wrong.push((index, error));
    }
    for (index, error) in wrong {
        list.wrong(index, *names.get(index)?, error, findings);
    }
    None
}

/// The words of a level, each once, and what they are said of.
struct List<'l> {
    scope: Scope<'l>,
    row: &'l Row,
    tree: &'l ast::Levels,
    words: &'l [&'l str],
    of: Of,
}

impl List<'_> {
    /// Tells what is wrong with a word.
    fn wrong(
        &self,
        index: usize,
        name: ast::Name,
        error: LevelError,
        findings: &mut Diagnostics,
    ) -> Option<Actions> {
        let Self { scope, row, tree, words, of } = *self;
        // What its text has wrong has been told of it.
        if scope.is_garbled(name) && error != LevelError::NotASet {
            return None;
        }
        let word = words.get(index).copied().unwrap_or_default();
        let offered = row.shape.offered();
        let listed = listed(&offered);
        let offers = match row.shape.form() {
            Form::Verbs => format!("it offers any of {listed}"),
            Form::Ladder | Form::Flag => format!("it offers {listed}"),
        };
        let message = match error {
            LevelError::NotASet => format!("row `{}` takes one level", row.id),
            LevelError::NotOffered | LevelError::Unknown => {
                format!("row `{}` does not offer `{word}`", row.id)
            }
        };
        let floor = row.shape.floor();
        let is_meant = |level: &&str| {
            row.shape.exact(&[level]).is_ok_and(|actions| of == Of::Role || !floor.contains(actions))
        };
        let mut finding = Diagnostic::new(Code::LevelNotOffered, scope.at(name), message)
            .label(offers)
            .also(row.place, "the row");
        if matches!(word, "none" | "off") && !floor.is_empty() {
            let floor = spelled_level(&row.shape, floor);
            finding = finding.help(format!("its floor is `{floor}`: every role has at least that"));
        }
        if error == LevelError::NotASet {
            finding = finding.help("a list of levels stands on a row of verbs only");
            let levels: Vec<&str> = words.iter().copied().filter(is_meant).collect();
            return tell(finding, all(scope, tree), &levels, findings);
        }
        // In a list, what is said already and what would say nothing beside the others is no mending.
        let adds = |level: &&str| words.len() == 1 || !(words.contains(level) || *level == "none");
        let levels: Vec<&str> = offered.into_iter().filter(is_meant).filter(adds).collect();
        let near = nearest(word, levels.iter().copied());
        if error == LevelError::Unknown && !near.is_empty() {
            findings.push(offer(finding, scope.at(name), &near));
            return None;
        }
        tell(finding, scope.at(name), &levels, findings)
    }
}

/// Offers levels in place of what is not offered, lowest first.
fn tell(finding: Diagnostic, place: Place, levels: &[&str], findings: &mut Diagnostics) -> Option<Actions> {
    let fix = |finding: Diagnostic, level: &&str| {
        let text = spelled(level);
        finding.fix(Fix::suggest(format!("write `{text}`"), place, text))
    };
    findings.push(levels.iter().take(FIXES).fold(finding, fix));
    None
}

/// How many levels are offered one by one, where none is near.
const FIXES: usize = 6;

/// Levels in a list; the tail of a long one counted.
fn listed(levels: &[&str]) -> String {
    const SHOWN: usize = 24;
    let mut shown: Vec<String> = levels.iter().take(SHOWN).map(|level| format!("`{level}`")).collect();
    if levels.len() > SHOWN {
        shown.push(format!("and {} more", levels.len() - SHOWN));
    }
    shown.join(", ")
}

/// What a spread reaches.
pub(super) struct Reach<'r> {
    pub(super) catalog: &'r Catalog,
    pub(super) inside: &'r Inside,
    pub(super) target: Target,
    /// The rows that the role says exactly, sorted: what the spread does to them means nothing.
    pub(super) named: &'r [RowId],
}

impl<'r> Reach<'r> {
    /// The rows in reach whose levels are not at fault, and how many there are of all: those that are may know any
    /// word.
    fn rows(&self) -> (Vec<(RowId, &'r Row)>, usize) {
        let Self { catalog, inside, target, .. } = *self;
        let rows: Vec<(RowId, &Row)> = match target {
            Target::Category(category) => catalog.rows_of(category).collect(),
            Target::All | Target::Row(_) => catalog.all_rows().collect(),
        };
        let all = rows.len();
        (rows.into_iter().filter(|(id, _)| inside.is_sound(*id)).collect(), all)
    }
}

/// Tells what a spread's words cannot say; false where a word means nothing anywhere in reach.
pub(super) fn check_spread(
    scope: Scope<'_>,
    reach: &Reach<'_>,
    tree: &ast::Levels,
    findings: &mut Diagnostics,
) -> bool {
    let (rows, is_known) = unknown(scope, reach, tree, findings);
    if is_known {
        blind(scope, &rows, tree, reach.named, findings);
    }
    is_known
}

/// Tells the words of a spread that mean nothing anywhere in reach; gives the rows in reach, and whether there is no
/// such word.
pub(super) fn unknown<'r>(
    scope: Scope<'_>,
    reach: &Reach<'r>,
    tree: &ast::Levels,
    findings: &mut Diagnostics,
) -> (Vec<(RowId, &'r Row)>, bool) {
    let (rows, all) = reach.rows();
    let mut is_known = true;
    for name in &tree.words {
        let (word, place) = (scope.name(*name), scope.at(*name));
        if rows.len() == all && all > 0 && !rows.iter().any(|(_, row)| row.shape.knows(&word)) {
            is_known = false;
            if scope.is_garbled(*name) {
                continue;
            }
            let mut levels: Vec<&str> = rows.iter().flat_map(|(_, row)| row.shape.offered()).collect();
            levels.sort_unstable();
            levels.dedup();
            let finding =
                Diagnostic::new(Code::UnknownSpread, place, format!("no row in reach has a level `{word}`"))
                    .label(format!("the levels in reach are {}", listed(&levels)));
            let near = nearest(&word, levels.iter().copied());
            if near.is_empty() && levels.len() <= FIXES {
                tell(finding, place, &levels, findings);
            } else {
                findings.push(offer(finding, place, &near));
            }
        }
    }
    (rows, is_known)
}

/// Tells the rows that know none of a spread's words, and so stay at their floors.
fn blind(
    scope: Scope<'_>,
    rows: &[(RowId, &Row)],
    tree: &ast::Levels,
    named: &[RowId],
    findings: &mut Diagnostics,
) {
    let Some(first) = tree.words.first() else { return };
    // Which rows a word means is not known where its text is wrong, and that has been told.
    if tree.words.iter().any(|word| scope.is_garbled(*word)) {
        return;
    }
    let place = scope.at(*first);
    let mut words = Said::with_capacity(tree.words.len());
    let mut seen: HashSet<Cow<'_, str>> = HashSet::new();
    for word in tree.words.iter().map(|word| scope.name(*word)) {
        if tree.words.len() == 1 || seen.insert(word.clone()) {
            words.push(word);
        }
    }
    let listed = || words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
    let blind = rows
        .iter()
        .filter(|(id, row)| {
            !words.iter().any(|word| row.shape.knows(word)) && named.binary_search(id).is_err()
        })
        .map(|(_, row)| *row);
    // That a check box has no `view` is how it is; that a ladder or verbs row has not is likely a slip.
    let (flags, others): (Vec<&Row>, Vec<&Row>) = blind.partition(|row| row.shape.form() == Form::Flag);
    if !others.is_empty() {
        let mut kinds: Vec<String> = others.iter().map(|row| format!("`{}`", kind_of(row))).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let (kind, have) = if kinds.len() == 1 { ("kind", "has") } else { ("kinds", "have") };
        let message = format!(
            "{kind} {} {have} no level {}: {} at the floor",
            kinds.join(", "),
            listed(),
            rows_of(&others)
        );
        findings.push(
            Diagnostic::new(Code::BlindSpread, place, message)
                .help("say these rows exactly, in the block of the grant"),
        );
    }
    if !flags.is_empty() && findings.wants(Code::FlagsUnderSpread) {
        let message = format!("a flag has no level {}: {} off", listed(), rows_of(&flags));
        findings.push(
            Diagnostic::new(Code::FlagsUnderSpread, place, message)
                .help("a flag that should be on is said exactly"),
        );
    }
}

/// A kind by its name; one stated in place as it is written there, the tail of a long one left out.
fn kind_of(row: &Row) -> String {
    const SHOWN: usize = 5;
    let (form, by) = (row.shape.form(), if row.shape.form() == Form::Ladder { " < " } else { ", " });
    if *row.kind != *form.word() {
        return row.kind.to_string();
    }
    let mut words: Vec<String> =
        row.shape.words().map(|(word, _)| spelled(word).into_owned()).take(SHOWN + 1).collect();
    if let Some(last) = words.get_mut(SHOWN) {
        *last = "…".to_owned();
    }
    format!("{} {}", form.word(), words.join(by))
}

/// "row `a` is", "rows `a`, `b` are", the tail of a long list counted.
fn rows_of(rows: &[&Row]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<String> = rows.iter().take(SHOWN).map(|row| format!("`{}`", row.id)).collect();
    match (rows.len(), rows.len().saturating_sub(SHOWN)) {
        (1, _) => format!("row {} is", shown.join(", ")),
        (_, 0) => format!("rows {} are", shown.join(", ")),
        (_, more) => format!("rows {} and {more} more are", shown.join(", ")),
    }
}
