//! Many questions by names at once. At a million people a question waits for memory most of its time; some questions are
//! begun together here, so that they wait together. Gives the answers of [`Index::decide`], and knows no other rule.

use crate::decisions::answer::Answer;
use crate::decisions::index::Index;
use crate::decisions::line::Record;
use crate::vocab::Time;

/// A question by names.
///
/// ```
/// use rolec::decisions::{Answer, Question};
/// use rolec::table::Table;
/// use rolec::vocab::Time;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let question =
///     Question { organization: "acme", principal: "ana@acme.example", permission: "content.pages:create" };
/// let mut answers = Vec::new();
/// table.decisions().index().decide_each(&[question], Time::parse("2026-12-31")?, &mut answers);
/// assert_eq!(answers, [Answer::Granted]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    /// The organization.
    pub organization: &'a str,
    /// The principal of it.
    pub principal: &'a str,
    /// The permission, as in [`Index::decide`].
    pub permission: &'a str,
}

/// As many questions as wait together: about as many as a core can wait for.
const TOGETHER: usize = 16;

impl Index<'_> {
    /// Decides many questions at a time, and puts an answer for each behind `answers`, in their order. For a few thousand
    /// people or fewer this is no faster than one after the other; for many, several times.
    ///
    /// ```
    /// use rolec::decisions::{Answer, Question};
    /// use rolec::table::Table;
    /// use rolec::vocab::Time;
    ///
    /// let table = Table::from_bytes(rolec::example::TABLE)?;
    /// let ask = |principal| Question { organization: "acme", principal, permission: "content.pages:create" };
    /// let mut answers = Vec::new();
    /// let questions = [ask("ana@acme.example"), ask("eve"), ask("bot")];
    /// table.decisions().index().decide_each(&questions, Time::parse("2026-12-31")?, &mut answers);
    /// assert_eq!(answers, [Answer::Granted, Answer::UnknownPrincipal, Answer::Granted]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_each(&self, questions: &[Question<'_>], at: Time, answers: &mut Vec<Answer>) {
        answers.reserve(questions.len());
        for group in questions.chunks(TOGETHER) {
            let mut places = [0; TOGETHER];
            for (question, place) in group.iter().zip(&mut places) {
                *place = self.place(question.organization, question.principal);
            }
            // Each line is read a first time, all of them while the others are on their way.
            let lines = places.iter().take(group.len()).filter_map(|place| self.records.get(*place));
            std::hint::black_box(lines.fold(0, |all, line| all ^ Record(line).principal()));
            answers.extend(group.iter().zip(places).map(|(question, place)| {
                let record = self.record_at(place, question.organization, question.principal);
                self.decide_of(record, question.organization, question.permission, at)
            }));
        }
    }
}
