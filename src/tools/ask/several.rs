//! A permission that none of several catalogs has: which of their answers is told. Knows nothing of how a text is read.

use crate::eval::Reason;
use crate::table::Catalog;
use crate::tools::ask::Unasked;

/// The answer to tell, of those of the catalogs: of the catalog that got farthest in the text, as one that has the
/// category and lacks the row. Where all lack the same, one answer for all, with the near names of each. None where
/// there is no answer.
pub(crate) fn in_no_catalog(answers: Vec<(Catalog<'_>, Unasked)>) -> Option<Unasked> {
    let farthest = answers.iter().map(|(_, answer)| rank(answer)).max()?;
    let mut answers = answers;
    answers.retain(|(_, answer)| rank(answer) == farthest);
    if let Some(one) = all_in_one(&answers) {
        return Some(one);
    }
    // Near names say more than none.
    let has_near = |answer: &Unasked| matches!(answer, Unasked::Unknown { near, .. } if !near.is_empty());
    let best = answers.iter().position(|(_, answer)| has_near(answer)).unwrap_or(0);
    answers.into_iter().nth(best).map(|(_, answer)| answer)
}

/// How much of the text an answer understood.
fn rank(answer: &Unasked) -> u8 {
    match answer {
        Unasked::Malformed(_) => 0,
        Unasked::Unknown { reason: Reason::UnknownAction, .. } => 3,
        Unasked::Unknown { reason: Reason::UnknownRow, .. } => 2,
        Unasked::Unknown { .. } => 1,
        Unasked::Ambiguous { .. } => 4,
    }
}

/// One answer for several catalogs that lack the same.
fn all_in_one(answers: &[(Catalog<'_>, Unasked)]) -> Option<Unasked> {
    const TOLD: usize = 3;
    let mut lacking: Option<(Reason, &str)> = None;
    let mut lists: Vec<&[String]> = Vec::new();
    for (catalog, answer) in answers {
        let Unasked::Unknown { reason, message, near } = answer else { return None };
        let lacks =
            message.strip_prefix("catalog `")?.strip_prefix(catalog.id())?.strip_prefix("` has no ")?;
        if *lacking.get_or_insert((*reason, lacks)) != (*reason, lacks) {
            return None;
        }
        lists.push(near);
    }
    let (reason, lacks) = lacking.filter(|_| lists.len() > 1)?;
    let mut told: Vec<String> = Vec::new();
    // The nearest of each catalog, then the next of each.
    let longest = lists.iter().map(|near| near.len()).max()?;
    for name in (0..longest).flat_map(|at| lists.iter().filter_map(move |near| near.get(at))) {
        if told.len() < TOLD && !told.contains(name) {
            told.push(name.clone());
        }
    }
    Some(Unasked::Unknown {
        reason,
        message: format!("no catalog of these organizations has a {lacks}"),
        near: told,
    })
}
