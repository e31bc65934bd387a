//! What to say of a piece that the grammar set aside: where it stops to fit, what was expected, what to write.

use crate::diagnostic::{Code, Diagnostic, Fix, nearest};
use crate::source::Place;
use crate::syntax::build::Tokens;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Misfit, Rule, parse};

/// The finding for the tokens from `start` to before `end` of a member, which should have been a `rule`.
pub(crate) fn explain(tokens: &Tokens<'_>, rule: Rule, start: usize, end: usize) -> Diagnostic {
    let letters = tokens.letters.get(start..end).unwrap_or_default();
    let misfit = match parse(rule, letters) {
        Err(misfit) => misfit,
        // It fits alone: what is wrong is that it stands here.
        Ok(_) => Misfit { at: 0, expected: vec![rule] },
    };
    misfitting(tokens, &misfit, start)
}

/// The finding for a misfit in tokens that begin at `start`.
pub(crate) fn misfitting(tokens: &Tokens<'_>, misfit: &Misfit, start: usize) -> Diagnostic {
    let at = start + misfit.at;
    let found = tokens.kind(at);
    if let Some(finding) = dangling_comma(tokens, misfit, at) {
        return finding;
    }
    let place = found.map_or_else(|| tokens.after_last(), |_| tokens.place(at, at + 1));
    let shown = match found {
        Some(_) => format!("`{}`", tokens.text(at)),
        None => "the end of the statement".to_owned(),
    };
    let before = misfit.at.checked_sub(1).and_then(|_| tokens.kind(at - 1));
    let expected = listed(&misfit.expected, before);
    let message = match expected.split_last() {
        None => format!("unexpected {shown}"),
        Some((only, [])) => format!("expected {only}, found {shown}"),
        Some((last, rest)) => format!("expected {} or {last}, found {shown}", rest.join(", ")),
    };
    advise(tokens, misfit, at, place, Diagnostic::new(Code::UnexpectedText, place, message))
}

/// What would have fit after a token, in people's words: those of the language first.
fn listed(expected: &[Rule], before: Option<Kind>) -> Vec<&'static str> {
    let describe = |rule: &Rule| match (rule, before) {
        (Rule::any_id, Some(Kind::Colon | Kind::Less | Kind::Ladder | Kind::Verbs)) => Some("a level"),
        (Rule::any_id, Some(Kind::Dot)) => Some("a row"),
        _ => describe(*rule),
    };
    let mut listed: Vec<&str> =
        expected.iter().filter_map(describe).flat_map(|text| text.split(", ")).collect();
    listed.sort_by_key(|text| (!text.starts_with('`'), *text));
    listed.dedup();
    // What it is an id of is already said.
    if listed.iter().any(|text| matches!(*text, "a category" | "a role" | "a kind")) {
        listed.retain(|text| *text != "an id");
    }
    listed
}

/// A list that ends with a comma, or whose last comma made the beginning of what follows a part of it.
fn dangling_comma(tokens: &Tokens<'_>, misfit: &Misfit, at: usize) -> Option<Diagnostic> {
    let kind = |at: usize| tokens.kind(at);
    let before = |steps: usize| at.checked_sub(steps).and_then(kind);
    let is_id =
        |kind: Kind| kind.letter().is_some_and(|letter| letter == b'_' || letter.is_ascii_alphabetic());
    let (comma, message, is_certain) = if before(1) == Some(Kind::Comma) && !kind(at).is_some_and(is_id) {
        // Of a list that goes on, a word may be missing.
        (at - 1, "a list ends without a comma".to_owned(), kind(at) == Some(Kind::Close))
    } else if kind(at) == Some(Kind::Comma)
        && !misfit.expected.contains(&Rule::any_id)
        && !tokens.continues_line(at + 1)
    {
        (at, "a comma that parts nothing".to_owned(), false)
    } else if kind(at) == Some(Kind::Colon)
        && before(2) == Some(Kind::Comma)
        && !misfit.expected.contains(&Rule::colon)
    {
        (at - 2, format!("a list ends without a comma: `{}` begins the next row", tokens.text(at - 1)), true)
    } else {
        return None;
    };
    let place = tokens.place(comma, comma + 1);
    let fix = if is_certain { Fix::safe } else { Fix::suggest };
    Some(
        Diagnostic::new(Code::UnexpectedText, place, message)
            .help("a list goes on after a comma; rows and statements are not parted by one")
            .fix(fix("remove the comma", place, "")),
    )
}

fn advise(tokens: &Tokens<'_>, misfit: &Misfit, at: usize, place: Place, finding: Diagnostic) -> Diagnostic {
    let text = tokens.text(at);
    let kind = tokens.kind(at);
    if kind == Some(Kind::Equals) && misfit.expected.contains(&Rule::colon) {
        return finding.help("a level stands after a colon").fix(Fix::suggest("write `:`", place, ":"));
    }
    let before = at.checked_sub(1);
    if kind == Some(Kind::Open) && before.and_then(|at| tokens.kind(at)) == Some(Kind::All) {
        return finding.help("`grant all` takes a level and no block: rows are said under their categories");
    }
    if let Some(name) = before.filter(|at| tokens.kind(*at) == Some(Kind::Word))
        && misfit.expected.contains(&Rule::without)
        && let Some(near) = nearest(tokens.text(name), beginnings(Rule::shape)).first()
    {
        let fix = Fix::suggest(format!("write `{near}`"), tokens.place(name, at), *near);
        return finding.help(format!("did you mean `{near}`?")).fix(fix);
    }
    if kind == Some(Kind::Word) {
        let words = misfit.expected.iter().flat_map(|rule| beginnings(*rule));
        if let Some(near) = nearest(text, words).first() {
            let fix = Fix::suggest(format!("write `{near}`"), place, *near);
            return finding.help(format!("did you mean `{near}`?")).fix(fix);
        }
        if misfit.expected.contains(&Rule::principal) {
            return finding.help("principals stand in quotes");
        }
    }
    let wants_string = misfit.expected.contains(&Rule::string) || misfit.expected.contains(&Rule::title);
    let is_bare = match kind {
        Some(Kind::Word) => misfit.expected.len() == 1,
        Some(Kind::Number | Kind::Date | Kind::Time) => true,
        _ => false,
    };
    if wants_string && is_bare {
        let fix = Fix::suggest(format!("write `\"{text}\"`"), place, format!("\"{text}\""));
        return finding.help("it stands in quotes").fix(fix);
    }
    let is_reserved =
        |at: usize| tokens.kind(at).and_then(Kind::letter).is_some_and(|letter| letter.is_ascii_lowercase());
    let name = match kind {
        _ if is_reserved(at)
            && misfit.expected.iter().any(|rule| matches!(rule, Rule::id | Rule::role_ref)) =>
        {
            at
        }
        // After `grant` a category that is a reserved word may be bare before a colon or a dot only.
        Some(Kind::Open) if misfit.expected.contains(&Rule::dot) && at > 0 && is_reserved(at - 1) => at - 1,
        _ => return finding,
    };
    // Where the next word goes on as after a name, the name is missing.
    let goes_on = matches!(tokens.kind(name), Some(Kind::From | Kind::To))
        && !is_reserved(name + 1)
        && tokens.kind(name + 1) != Some(Kind::Open);
    if goes_on {
        return finding;
    }
    let (text, place) = (tokens.text(name), tokens.place(name, name + 1));
    let fix = Fix::suggest(format!("write `\"{text}\"`"), place, format!("\"{text}\""));
    finding.help(format!("`{text}` is a word of the language: as an id it stands in quotes")).fix(fix)
}

/// A rule in people's words; none for one that is never a beginning worth naming.
fn describe(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::kw_use | Rule::use_member => "`use`",
        Rule::kw_catalog | Rule::catalog_head => "`catalog`",
        Rule::kw_template => "`template`",
        Rule::kw_organization | Rule::organization_head => "`organization`",
        Rule::kw_role | Rule::role_member | Rule::role_opening | Rule::only_role_opening => "`role`",
        Rule::kw_grant => "`grant`",
        Rule::kw_assign | Rule::assign_member => "`assign`",
        Rule::kw_forbid | Rule::forbid_member | Rule::forbid_opening | Rule::only_forbid_opening => {
            "`forbid`"
        }
        Rule::kw_test | Rule::test_member | Rule::test_opening | Rule::only_test_opening => "`test`",
        Rule::kw_at | Rule::moment => "`at`",
        Rule::kw_can => "`can`",
        Rule::kw_cannot => "`cannot`",
        Rule::verdict => "`can`, `cannot`",
        Rule::kw_except | Rule::exceptions => "`except`",
        Rule::condition | Rule::only_condition => "a line `CATEGORY.ROW: LEVEL`",
        Rule::subject | Rule::assertion | Rule::only_assertion => "a role, a principal in quotes",
        Rule::kw_from | Rule::from | Rule::bases => "`from`",
        Rule::kw_to => "`to`",
        Rule::kw_until | Rule::until => "`until`",
        Rule::kw_because | Rule::because => "`because`",
        Rule::kw_only | Rule::only_managed => "`only managed`",
        Rule::kw_all | Rule::grant_all => "`all`",
        Rule::kw_nothing => "`nothing`",
        Rule::kw_service => "`service`",
        Rule::kw_default => "`default`",
        Rule::kw_version | Rule::version => "`version`",
        Rule::kw_kind | Rule::kind_member => "`kind`",
        Rule::kw_ladder | Rule::ladder => "`ladder`",
        Rule::kw_verbs | Rule::verbs => "`verbs`",
        Rule::kw_flag | Rule::flag => "`flag`",
        Rule::kw_category | Rule::category_member | Rule::category_opening | Rule::only_category_opening => {
            "`category`"
        }
        Rule::kw_without | Rule::without => "`without`",
        Rule::kw_escalating | Rule::escalating => "`escalating`",
        Rule::kw_managed => "`managed`",
        Rule::kw_direct => "`direct`",
        Rule::kind_of_organization => "`direct`, `managed`",
        Rule::kw_note | Rule::note => "`note`",
        Rule::kw_caveat | Rule::caveat => "`caveat`",
        Rule::kw_limit | Rule::limit_member => "`limit`",
        Rule::kw_super | Rule::super_member => "`super`",
        Rule::kw_ids | Rule::ids_member => "`ids`",
        Rule::kw_case_sensitive => "`case-sensitive`",
        Rule::kw_description | Rule::description => "`description`",
        Rule::kw_unconfirmed | Rule::unconfirmed => "`unconfirmed`",
        Rule::open
        | Rule::role_block
        | Rule::category_block
        | Rule::grant_block
        | Rule::forbid_block
        | Rule::test_block
        | Rule::options => "`{`",
        Rule::close => "`}`",
        Rule::colon => "`:`",
        Rule::comma => "`,`",
        Rule::dot => "`.`",
        Rule::less => "`<`",
        Rule::equals => "`=`",
        Rule::word | Rule::id | Rule::contextual | Rule::reserved => "an id",
        Rule::any_id => "an id",
        Rule::string => "a string in quotes",
        Rule::title => "a title in quotes",
        Rule::number => "a number",
        Rule::date | Rule::time | Rule::instant => "a date or a time",
        Rule::role_ref => "a role",
        Rule::principal => "a principal in quotes",
        Rule::clause => "`from`, `until`, `because`",
        Rule::shape => "a kind",
        Rule::levels | Rule::spread_levels => "a level",
        Rule::rows | Rule::entry | Rule::only_entry => "a row with its level",
        Rule::row | Rule::only_row => "a row with its kind",
        Rule::grant_row | Rule::grant_category => "a category",
        Rule::option | Rule::only_option => "`escalating`, `only managed`, `note`, `caveat`",
        Rule::role_statement | Rule::only_statement | Rule::grant => "`grant`, `description`",
        Rule::EOI => "the end of the statement",
        // Silent rules, and what was set aside: never expected by name.
        Rule::any_ids
        | Rule::opened
        | Rule::closed
        | Rule::skipped
        | Rule::braces
        | Rule::statement_ahead
        | Rule::grant_ahead
        | Rule::entry_ahead
        | Rule::row_ahead
        | Rule::option_ahead
        | Rule::condition_ahead
        | Rule::assertion_ahead
        | Rule::bad_condition
        | Rule::bad_assertion
        | Rule::missing_use
        | Rule::half_of_ids
        | Rule::missing_open
        | Rule::missing_close
        | Rule::stray
        | Rule::stray_in_rows
        | Rule::stray_open
        | Rule::rest
        | Rule::bad_opening
        | Rule::bad_category_opening
        | Rule::bad_forbid_opening
        | Rule::bad_test_opening
        | Rule::stray_in_conditions
        | Rule::stray_in_assertions
        | Rule::bad_statement
        | Rule::bad_entry
        | Rule::bad_row
        | Rule::bad_option => return None,
    })
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
