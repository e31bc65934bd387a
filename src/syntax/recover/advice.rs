//! What to do about a token that does not fit: what hands write that are used to other languages, words that are nearly
//! right, quotes that are missing or too many.

use crate::diagnostic::{Diagnostic, Fix, nearest};
use crate::source::{Place, Span};
use crate::syntax::build::Tokens;
use crate::syntax::lex::meaning;
use crate::syntax::recover::describe;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Misfit, Rule};
use crate::vocab::{Time, TimeError};

/// What to do.
pub(super) struct Advice {
    help: String,
    fix: Option<Fix>,
}

impl Advice {
    fn new(help: impl Into<String>) -> Self {
        Self { help: help.into(), fix: None }
    }

    fn fix(self, fix: Fix) -> Self {
        Self { fix: Some(fix), ..self }
    }

    /// The word that was meant, in the place of what stands there.
    fn meant(word: &str, place: Place) -> Self {
        Self::new(format!("did you mean `{word}`?")).fix(Fix::suggest(format!("write `{word}`"), place, word))
    }

    /// A finding with the advice.
    pub(super) fn give(finding: Diagnostic, advice: Self) -> Diagnostic {
        let finding = finding.help(advice.help);
        match advice.fix {
            Some(fix) => finding.fix(fix),
            None => finding,
        }
    }
}

/// What to do about the token of a misfit.
pub(super) fn on(tokens: &Tokens<'_>, misfit: &Misfit, at: usize) -> Option<Advice> {
    of_habit(tokens, misfit, at)
        .or_else(|| of_near_words(tokens, misfit, at))
        .or_else(|| of_quotes(tokens, misfit, at))
}

/// What hands write that are used to other languages, or too fast.
fn of_habit(tokens: &Tokens<'_>, misfit: &Misfit, at: usize) -> Option<Advice> {
    let place = tokens.place(at, at + 1);
    let kind = tokens.kind(at);
    let before = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.kind(at));
    let expects = |rule: Rule| misfit.expected.contains(&rule);
    let without = |from: usize, to: usize| {
        let (first, next) = (tokens.place(from, from + 1), tokens.place(to, to + 1));
        Place { span: Span::new(first.span.start, next.span.start), ..first }
    };
    if kind == Some(Kind::Equals) && expects(Rule::colon) {
        return Some(Advice::new("a level stands after a colon").fix(Fix::suggest("write `:`", place, ":")));
    }
    if kind == Some(Kind::Open) && before(1) == Some(Kind::All) {
        return Some(Advice::new(
            "`grant all` takes a level and no block: rows are said under their categories",
        ));
    }
    if kind == Some(Kind::Open) && (expects(Rule::string) || expects(Rule::title)) {
        let titled = match before(1) {
            Some(Kind::Forbid) => "a forbid begins with its title in quotes, as `forbid \"TITLE\" { … }`",
            Some(Kind::Require) => {
                "a requirement begins with its title in quotes, as `require \"TITLE\" at least 2 { … }`"
            }
            Some(Kind::Test) => "a test begins with its title in quotes, as `test \"TITLE\" { … }`",
            _ => "a string in quotes stands before the block",
        };
        return Some(Advice::new(titled));
    }
    let is_word =
        |kind: Option<Kind>| kind.and_then(Kind::letter).is_some_and(|letter| letter.is_ascii_alphabetic());
    // Where the first of the two was taken for a name, the word after them is what does not fit.
    for twice in [Some(at), at.checked_sub(1)].into_iter().flatten() {
        let first = twice.checked_sub(1).filter(|first| is_word(tokens.kind(*first)));
        if let Some(first) = first.filter(|first| tokens.kind(*first) == tokens.kind(twice))
            && (twice == at || tokens.kind(twice) == Some(Kind::Grant))
        {
            let gone = without(first, twice);
            return Some(
                Advice::new(format!("`{}` is written twice", tokens.text(first))).fix(Fix::suggest(
                    "remove one of them",
                    gone,
                    "",
                )),
            );
        }
    }
    if kind == Some(Kind::Comma) && before(1) == Some(Kind::Nothing) {
        let gone = without(at - 1, at + 1);
        return Some(
            Advice::new("`from nothing` stands alone; a role starts from nothing or from roles")
                .fix(Fix::suggest("remove `nothing`", gone, "")),
        );
    }
    if kind == Some(Kind::Dot)
        && expects(Rule::colon)
        && expects(Rule::comma)
        && is_first_of_entry(tokens, at)
    {
        let gone = without(at - 1, at + 1);
        return Some(
            Advice::new("in the block of a category its rows stand by themselves").fix(Fix::suggest(
                "remove the category",
                gone,
                "",
            )),
        );
    }
    if tokens.text(at) == "not" && tokens.kind(at + 1) == Some(Kind::Can) && expects(Rule::verdict) {
        let both = tokens.place(at, at + 2);
        return Some(Advice::new("did you mean `cannot`?").fix(Fix::suggest(
            "write `cannot`",
            both,
            "cannot",
        )));
    }
    if expects(Rule::instant) || expects(Rule::date) {
        let text = tokens.text(at);
        if kind == Some(Kind::String) && Time::parse(&meaning(text)).is_ok() {
            let fix = Fix::suggest("remove the quotes", place, meaning(text).into_owned());
            return Some(Advice::new("a time stands without quotes").fix(fix));
        }
        if let Some(date) = padded(text).filter(|_| kind == Some(Kind::Word)) {
            let fix = Fix::suggest(format!("write `{date}`"), place, date);
            return Some(Advice::new("a date has four digits, two and two").fix(fix));
        }
        if matches!(kind, Some(Kind::Word | Kind::Number | Kind::String)) {
            return Some(Advice::new(TimeError::Form.to_string()));
        }
    }
    None
}

/// Whether the id before a token is the first of an entry: behind a brace or on a line of its own.
fn is_first_of_entry(tokens: &Tokens<'_>, dot: usize) -> bool {
    let Some(id) = dot.checked_sub(1) else { return false };
    let before = id.checked_sub(1).and_then(|at| tokens.kind(at));
    before == Some(Kind::Open) || tokens.begins_line(id)
}

/// A date whose month or day lacks its zero.
fn padded(text: &str) -> Option<String> {
    let [year, month, day] = text.split('-').collect::<Vec<_>>().try_into().ok()?;
    let date = format!("{year}-{month:0>2}-{day:0>2}");
    Time::parse(&date).is_ok().then_some(date)
}

/// A word that is nearly one of those that would fit.
fn of_near_words(tokens: &Tokens<'_>, misfit: &Misfit, at: usize) -> Option<Advice> {
    let place = tokens.place(at, at + 1);
    let near = |at: usize, rules: &[Rule]| {
        nearest(tokens.text(at), rules.iter().flat_map(|rule| beginnings(*rule))).first().copied()
    };
    // The word before it, which was taken for the id of a kind.
    let name = at.checked_sub(1).filter(|name| {
        let is_kind = name.checked_sub(1).and_then(|at| tokens.kind(at)) == Some(Kind::Colon);
        is_kind && tokens.kind(*name) == Some(Kind::Word)
    });
    let wants_without = misfit.expected.iter().any(|rule| matches!(rule, Rule::without | Rule::kw_without));
    if let Some(name) = name.filter(|_| wants_without)
        && let Some(near) = near(name, &[Rule::shape])
    {
        return Some(Advice::meant(near, tokens.place(name, at)));
    }
    if tokens.kind(at) == Some(Kind::Word) {
        if let Some(near) = near(at, &misfit.expected) {
            return Some(Advice::meant(near, place));
        }
        if misfit.expected.contains(&Rule::principal) {
            return Some(Advice::new("principals stand in quotes"));
        }
    }
    None
}

/// What is right but for its quotes.
fn of_quotes(tokens: &Tokens<'_>, misfit: &Misfit, at: usize) -> Option<Advice> {
    let place = tokens.place(at, at + 1);
    let text = tokens.text(at);
    let kind = tokens.kind(at);
    let expects = |rules: &[Rule]| misfit.expected.iter().any(|rule| rules.contains(rule));
    let is_number = matches!(kind, Some(Kind::Number | Kind::Date | Kind::Time))
        || (kind == Some(Kind::Word) && text.starts_with(|c: char| c.is_ascii_digit()));
    let wants_text = expects(&[Rule::string, Rule::title]);
    let wants_id = expects(&[Rule::id, Rule::any_id, Rule::role_ref]);
    let is_only = kind == Some(Kind::Word) && misfit.expected.len() == 1 && wants_text;
    if is_only || (is_number && (wants_text || wants_id)) {
        let fix = Fix::suggest(format!("write `\"{text}\"`"), place, format!("\"{text}\""));
        return Some(Advice::new("it stands in quotes").fix(fix));
    }
    let name = match kind {
        _ if tokens.kept.words.is_reserved(at) && expects(&[Rule::id, Rule::role_ref]) => at,
        // After `grant` a category that is a reserved word may be bare before a colon or a dot only.
        Some(Kind::Open) if expects(&[Rule::dot]) && at > 0 && tokens.kept.words.is_reserved(at - 1) => {
            at - 1
        }
        _ => return None,
    };
    // Where the next word goes on as after a name, the name is missing.
    let goes_on = matches!(tokens.kind(name), Some(Kind::From | Kind::To))
        && !tokens.kept.words.is_reserved(name + 1)
        && tokens.kind(name + 1) != Some(Kind::Open);
    if goes_on {
        return None;
    }
    let (text, place) = (tokens.text(name), tokens.place(name, name + 1));
    let fix = Fix::suggest(format!("write `\"{text}\"`"), place, format!("\"{text}\""));
    Some(Advice::new(format!("`{text}` is a word of the language: as an id it stands in quotes")).fix(fix))
}

/// The words of the language that a rule may begin with.
fn beginnings(rule: Rule) -> impl Iterator<Item = &'static str> {
    let text = match rule {
        Rule::shape => "`ladder`, `verbs`, `flag`",
        Rule::principal => "`service`",
        _ => describe(rule).unwrap_or_default(),
    };
    let quoted = text.split('`').skip(1).step_by(2).filter_map(|words| words.split(' ').next());
    quoted.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
}
