//! What words mean on a row: written out from the description of the language, over the words of the row's kind.

use crate::reference::names::Name;
use crate::reference::read::{Role, Said};
use crate::vocab::Actions;

/// Words with a meaning of their own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed {
    pub(super) full: Name,
    pub(super) on: Name,
}

/// The form of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Ladder,
    Verbs,
    Flag,
}

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) category: Name,
    pub(super) id: Name,
    pub(super) form: Form,
    /// The words of its kind, and whether it offers them.
    pub(super) words: Vec<(Name, bool)>,
    pub(super) only_managed: bool,
    pub(super) fixed: Fixed,
}

impl Row {
    /// Its actions: the steps that it offers above the bottom, the verbs that it offers, or `on`.
    pub(super) fn actions(&self) -> impl Iterator<Item = Name> {
        let below = usize::from(self.form == Form::Ladder);
        self.words.iter().skip(below).filter(|(_, is_offered)| *is_offered).map(|(word, _)| *word)
    }

    /// What a role itself says of it: of the row, else of its category, else of all.
    pub(super) fn said_by(&self, role: &Role) -> Option<Actions> {
        let each = |words: &[Name], meaning: &dyn Fn(Name) -> Actions| {
            words.iter().fold(Actions::NONE, |all, word| all | meaning(*word))
        };
        if let Some(words) = role.says(Said::Row(self.category, self.id)) {
            return Some(each(words, &|word| self.exact(word)));
        }
        let words = role.says(Said::Category(self.category)).or_else(|| role.says(Said::All))?;
        Some(each(words, &|word| self.spread(word)))
    }

    /// The lowest level that it offers.
    pub(super) fn floor(&self) -> Actions {
        match self.form {
            Form::Ladder => self
                .words
                .iter()
                .position(|(_, is_offered)| *is_offered)
                .map_or(Actions::NONE, |at| self.step(at)),
            Form::Verbs | Form::Flag => Actions::NONE,
        }
    }

    /// A step of a ladder, by its number among all words: itself and the offered ones below, but for the bottom.
    fn step(&self, number: usize) -> Actions {
        let below = self.words.iter().take(number + 1).skip(1);
        Actions::first(below.filter(|(_, is_offered)| *is_offered).count())
    }

    fn verb(&self, verb: Name) -> Actions {
        self.actions().position(|known| known == verb).map_or(Actions::NONE, Actions::one)
    }

    fn top(&self) -> Actions {
        Actions::first(self.actions().count())
    }

    /// The number of a word among all words of the kind, whatever is offered.
    fn number(&self, word: Name) -> Option<usize> {
        if word == self.fixed.full {
            return self.words.len().checked_sub(1);
        }
        self.words.iter().position(|(known, _)| *known == word)
    }

    fn exact(&self, word: Name) -> Actions {
        match self.form {
            Form::Ladder => self.number(word).map_or(Actions::NONE, |number| self.step(number)),
            Form::Verbs if word == self.fixed.full => self.top(),
            Form::Verbs => self.verb(word),
            Form::Flag => self.switch(word),
        }
    }

    /// The greatest level that it offers and that is not above the word; the floor where there is none, or where its
    /// kind does not know the word.
    fn spread(&self, word: Name) -> Actions {
        match self.form {
            Form::Ladder => {
                let Some(limit) = self.number(word) else { return self.floor() };
                let offered = (0..=limit)
                    .rev()
                    .find(|at| self.words.get(*at).is_some_and(|(_, is_offered)| *is_offered));
                offered.map_or_else(|| self.floor(), |at| self.step(at))
            }
            Form::Verbs if word == self.fixed.full => self.top(),
            Form::Verbs => self.verb(word),
            Form::Flag => self.switch(word),
        }
    }

    fn switch(&self, word: Name) -> Actions {
        if word == self.fixed.on || word == self.fixed.full { Actions::one(0) } else { Actions::NONE }
    }
}
