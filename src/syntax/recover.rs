//! What to say of a piece that the grammar set aside: where it stops to fit, what was expected, what to write.

mod advice;

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Place;
use crate::syntax::build::Tokens;
use crate::syntax::recover::advice::Advice;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Misfit, Rule};
use crate::syntax::words::Sort;

/// The finding for the tokens of a member from `start` to before `end`, which do not fit at `misfit`.
pub(crate) fn misfitting(tokens: &Tokens<'_>, misfit: &Misfit, start: usize, end: usize) -> Diagnostic {
    let at = misfit.at;
    if let Some(finding) = dangling_comma(tokens, misfit, at, end) {
        return finding;
    }
    // A token of the next line is not what is wrong, unless it is nearly what was expected.
    let is_next_line = at > start && tokens.begins_line(at);
    let is_there = tokens.kind(at).is_some() && !tokens.is_put_in(at) && !(at >= end && is_next_line);
    let before = at.checked_sub(1).filter(|_| at > start).and_then(|at| tokens.kind(at));
    let expected = match &*listed(&misfit.expected, before) {
        [] => None,
        [only] => Some((*only).to_owned()),
        [rest @ .., last] => Some(format!("{} or {last}", rest.join(", "))),
    };
    let told = |place: Place, found: &str| {
        let message = match &expected {
            None => format!("unexpected {found}"),
            Some(expected) => format!("expected {expected}, found {found}"),
        };
        Diagnostic::new(Code::UnexpectedText, place, message)
    };
    if is_there {
        let place = tokens.place(at, at + 1);
        let finding = told(place, &format!("`{}`", tokens.text(at)));
        let finding = advice::on(tokens, misfit, at).into_iter().fold(finding, Advice::give);
        let is_mark = matches!(
            tokens.kind(at),
            Some(Kind::Comma | Kind::Colon | Kind::Dot | Kind::Less | Kind::Equals | Kind::Bar | Kind::Open)
        );
        // What was complete at the end of its line lacks nothing there.
        let is_complete = misfit.expected.contains(&Rule::EOI);
        if !is_next_line || is_mark || is_complete || !finding.fixes.is_empty() || expected.is_none() {
            return finding;
        }
    }
    let found = if is_next_line { "the end of the line" } else { "the end of the statement" };
    told(tokens.after(at), found)
}

/// What would have fit after a token, in people's words: those of the language first.
fn listed(expected: &[Rule], before: Option<Kind>) -> Vec<&'static str> {
    let describe = |rule: &Rule| match (rule, before) {
        (Rule::any_id, Some(Kind::Colon | Kind::Bar | Kind::Less | Kind::Ladder | Kind::Verbs)) => {
            Some("a level")
        }
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
fn dangling_comma(tokens: &Tokens<'_>, misfit: &Misfit, at: usize, end: usize) -> Option<Diagnostic> {
    let kind = |at: usize| tokens.kind(at).filter(|_| at < end);
    let before = |steps: usize| at.checked_sub(steps).and_then(kind);
    let is_id =
        |kind: Kind| kind.letter().is_some_and(|letter| letter == b'_' || letter.is_ascii_alphabetic());
    let (comma, message, is_certain) = if before(1) == Some(Kind::Comma) && !kind(at).is_some_and(is_id) {
        let begins_next = at >= end && tokens.kept.words.line(at) == Some(Sort::Line);
        let next =
            if begins_next { format!(": `{}` begins the next row", tokens.text(at)) } else { String::new() };
        // Of a list that goes on, a word may be missing.
        let is_over = tokens.kind(at) == Some(Kind::Close) || begins_next;
        (at - 1, format!("a list ends without a comma{next}"), is_over)
    } else if kind(at) == Some(Kind::Comma)
        && !misfit.expected.contains(&Rule::any_id)
        && (at + 1 >= end || tokens.begins_line(at + 1))
    {
        (at, "a comma that parts nothing".to_owned(), false)
    } else if kind(at) == Some(Kind::Colon)
        && !tokens.begins_line(at)
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
        Rule::kw_require | Rule::require_member | Rule::require_opening | Rule::only_require_opening => {
            "`require`"
        }
        Rule::require_clause => "`at least`, `at most`, `from`, `until`, `except`",
        Rule::least => "`at least`",
        Rule::most => "`at most`",
        Rule::kw_least => "`least`",
        Rule::kw_most => "`most`",
        Rule::held_role => "a line `role ID`",
        Rule::only_demand => "a line `CATEGORY.ROW: LEVEL`, a line `role ID`",
        Rule::kw_at | Rule::moment => "`at`",
        Rule::kw_can => "`can`",
        Rule::kw_cannot => "`cannot`",
        Rule::verdict => "`can`, `cannot`",
        Rule::kw_except | Rule::exceptions => "`except`",
        Rule::condition | Rule::only_condition => "a line `CATEGORY.ROW: LEVEL`",
        Rule::subject => "a role, a principal in quotes",
        Rule::assertion | Rule::only_test_line => "a role, a principal in quotes, `only`, `cases`",
        Rule::only_those => "`only`",
        Rule::kw_cases | Rule::cases | Rule::cases_opening | Rule::only_cases_opening => "`cases`",
        Rule::case_row | Rule::only_case_row => "a line `CATEGORY.ROW: LEVEL | LEVEL`",
        Rule::cell => "a level",
        Rule::bar => "`|`",
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
        | Rule::require_block
        | Rule::test_block
        | Rule::cases_block
        | Rule::options => "`{`",
        Rule::close => "`}`",
        Rule::colon => "`:`",
        Rule::comma => "`,`",
        Rule::dot => "`.`",
        Rule::less => "`<`",
        Rule::equals => "`=`",
        Rule::word | Rule::quoted | Rule::id | Rule::contextual | Rule::reserved => "an id",
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
        Rule::target => "a row `CATEGORY.ROW`",
        Rule::option | Rule::only_option => "`escalating`, `only managed`, `note`, `caveat`",
        Rule::role_statement | Rule::only_statement | Rule::grant => "`grant`, `description`",
        Rule::EOI => "the end of the statement",
        // Silent rules, and what was set aside: never expected by name.
        Rule::any_ids | Rule::demand | Rule::row_head | Rule::only_grant_head | Rule::only_row_head => {
            return None;
        }
    })
}
