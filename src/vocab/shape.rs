//! The lattice of one row: which levels its kind has, which of them the row offers, what a level word means there.
//! The only place that knows the laws of ladders, verbs and flags; checker, table and evaluator all ask it.

use crate::vocab::{Actions, limits};

/// What sort of levels a kind has.
///
/// ```
/// use rolec::vocab::{Form, Shape};
///
/// // The same two words: as steps, `full` has `view` in it; as verbs, each stands alone.
/// let ladder = Shape::new(Form::Ladder, ["none", "view", "full"]);
/// let verbs = Shape::new(Form::Verbs, ["view", "edit"]);
/// assert_eq!(ladder.exact(&["full"]).map(|held| held.count()), Ok(2));
/// assert_eq!(verbs.exact(&["edit"]).map(|held| held.count()), Ok(1));
/// assert_eq!(Form::Flag.word(), "flag");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Steps, each including those below; the first is `none`.
    Ladder,
    /// Every set of the listed verbs.
    Verbs,
    /// Off or on.
    Flag,
}

impl Form {
    /// The word of the language for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ladder => "ladder",
            Self::Verbs => "verbs",
            Self::Flag => "flag",
        }
    }
}

/// The levels whose names mean the same everywhere: bottom and top of every kind, bottom and top of a flag.
///
/// ```
/// use rolec::vocab::{Form, LEVEL_WORDS, Shape};
///
/// let pages = Shape::new(Form::Verbs, ["create", "delete"]);
/// let known = LEVEL_WORDS.map(|word| pages.knows(word));
/// assert_eq!(known, [true, true, false, false]);
/// ```
pub const LEVEL_WORDS: [&str; 4] = ["none", "full", "off", "on"];

/// The levels of a row: those of its kind, less those that the row drops.
///
/// ```
/// use rolec::vocab::{Actions, Form, Shape};
///
/// let mut row = Shape::new(Form::Ladder, ["none", "view", "edit", "full"]);
/// assert!(row.drop_word("edit") && !row.drop_word("admin"));
/// assert_eq!(row.form(), Form::Ladder);
/// assert_eq!(row.words().filter(|(_, dropped)| *dropped).map(|(word, _)| word).collect::<Vec<_>>(), ["edit"]);
/// assert_eq!(row.offered(), ["none", "view", "full"]);
/// assert!(row.knows("edit") && !row.knows("admin"));
///
/// // An action is a step above `none`.
/// assert_eq!(row.actions().collect::<Vec<_>>(), ["view", "full"]);
/// assert_eq!((row.width(), row.action("full")), (2, Some(1)));
/// assert_eq!((row.floor(), row.top()), (Actions::NONE, Actions::first(2)));
/// assert_eq!(row.level(Actions::first(1)), "view");
///
/// // Exactly `edit` cannot be said; a spread of it stays below.
/// assert!(row.exact(&["edit"]).is_err());
/// assert_eq!(row.spread("edit"), Some(Actions::first(1)));
/// assert!(row.is_level(row.top()) && !row.is_level(Actions::one(1)), "full without view is none");
/// assert_eq!(row.least(Actions::one(1)), Some(row.top()), "the steps below come along");
/// assert!(row.is_usable());
/// assert_eq!(Shape::with_dropped(row.form(), row.words().map(|(word, dropped)| (word.into(), dropped))), row);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    form: Form,
    /// Ladder: the steps from the bottom, `none` first. Verbs: the verbs. Flag: empty.
    words: Vec<Box<str>>,
    /// Which of `words` the row drops.
    dropped: Vec<bool>,
    /// How many actions that leaves: asked of every cell.
    width: usize,
}

/// Why a level cannot be said on a row.
///
/// ```
/// use rolec::vocab::{Form, LevelError, Shape};
///
/// let mut row = Shape::new(Form::Ladder, ["none", "view", "full"]);
/// row.drop_word("full");
/// assert_eq!(row.exact(&["full"]), Err((0, LevelError::NotOffered)));
/// assert_eq!(row.exact(&["edit"]), Err((0, LevelError::Unknown)));
/// assert_eq!(row.exact(&["none", "view"]), Err((1, LevelError::NotASet)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelError {
    /// The kind has the word, the row drops it.
    NotOffered,
    /// The kind has no such word.
    Unknown,
    /// Several words where the row takes one.
    NotASet,
}

impl Shape {
    /// A shape of a form with the kind's words and those of them that the row drops.
    ///
    /// A ladder's first word is its bottom, `none`. Words given to a flag are ignored.
    pub fn new<S: Into<Box<str>>>(form: Form, words: impl IntoIterator<Item = S>) -> Self {
        let words: Vec<Box<str>> = match form {
            Form::Flag => Vec::new(),
            Form::Ladder | Form::Verbs => words.into_iter().map(Into::into).collect(),
        };
        let dropped = vec![false; words.len()];
        Self { form, words, dropped, width: 0 }.counted()
    }

    /// A shape of a form with the kind's words, each with whether the row drops it: what [`Shape::words`] gives.
    ///
    /// Words given to a flag are ignored.
    pub fn with_dropped(form: Form, words: impl IntoIterator<Item = (Box<str>, bool)>) -> Self {
        let (words, dropped) = match form {
            Form::Flag => (Vec::new(), Vec::new()),
            Form::Ladder | Form::Verbs => words.into_iter().unzip(),
        };
        Self { form, words, dropped, width: 0 }.counted()
    }

    fn counted(mut self) -> Self {
        self.width = self.actions().count();
        self
    }

    /// Drops a word from what the row offers; `false` where the kind has no such word.
    pub fn drop_word(&mut self, word: &str) -> bool {
        match self.words.iter().position(|known| &**known == word) {
            Some(index) => {
                if let Some(flag) = self.dropped.get_mut(index) {
                    *flag = true;
                }
                self.width = self.actions().count();
                true
            }
            None => false,
        }
    }

    /// Its form.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The kind's words, each with whether the row drops it.
    pub fn words(&self) -> impl Iterator<Item = (&str, bool)> {
        self.words.iter().zip(&self.dropped).map(|(word, dropped)| (&**word, *dropped))
    }

    /// Whether the kind has the word, dropped or not. `none` and `full` are known to every kind, `off` and `on`
    /// to flags.
    pub fn knows(&self, word: &str) -> bool {
        word == "none"
            || word == "full"
            || match self.form {
                Form::Flag => word == "off" || word == "on",
                Form::Ladder | Form::Verbs => self.words.iter().any(|known| &**known == word),
            }
    }

    /// The names of the row's actions, lowest first: the offered steps above `none`, the offered verbs, or `on`.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        let bottom = usize::from(self.form == Form::Ladder);
        let flag = (self.form == Form::Flag).then_some("on");
        self.words().skip(bottom).filter(|(_, dropped)| !dropped).map(|(word, _)| word).chain(flag)
    }

    /// How many actions the row has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Where the bits of the row begin, behind those of others which end at `end`: in words of 64, no row lies across the
    /// end of one unless it begins one. So what is asked of a row lies in one word, or from 65 actions on in two.
    #[doc(hidden)] // how bits are laid out carries no promise
    pub fn first_bit(&self, end: usize) -> usize {
        if end % 64 + self.width > 64 { end.next_multiple_of(64) } else { end }
    }

    /// The position of a named action among the row's actions.
    pub fn action(&self, name: &str) -> Option<usize> {
        self.actions().position(|action| action == name)
    }

    /// All actions of the row.
    pub fn top(&self) -> Actions {
        Actions::first(self.width())
    }

    /// The lowest level that the row offers: nothing, but for a ladder without `none`.
    pub fn floor(&self) -> Actions {
        let bottomless = self.form == Form::Ladder && self.dropped.first() == Some(&true);
        if bottomless { Actions::first(1) } else { Actions::NONE }
    }

    /// The level that `words` name on this row, exactly.
    ///
    /// # Errors
    /// Where a word is unknown to the kind or dropped by the row, or where several words stand on a row that
    /// takes one; with the position of the word at fault.
    pub fn exact(&self, words: &[&str]) -> Result<Actions, (usize, LevelError)> {
        if words.len() > 1 && self.form != Form::Verbs {
            return Err((1, LevelError::NotASet));
        }
        let mut level = Actions::NONE;
        for (index, word) in words.iter().enumerate() {
            level = level | self.exact_word(word).map_err(|error| (index, error))?;
        }
        Ok(level)
    }

    fn exact_word(&self, word: &str) -> Result<Actions, LevelError> {
        if !self.knows(word) {
            return Err(LevelError::Unknown);
        }
        let offered = match (self.form, word) {
            (Form::Flag | Form::Verbs, "none") => true,
            (Form::Flag, _) | (Form::Verbs, "full") => true,
            (Form::Ladder, "full") => self.dropped.last() == Some(&false),
            (Form::Ladder | Form::Verbs, _) => self.words().any(|(known, dropped)| known == word && !dropped),
        };
        if offered { Ok(self.not_above(word)) } else { Err(LevelError::NotOffered) }
    }

    /// What a spread of `word` sets the row to: the greatest offered level not above it, or the floor. `None`
    /// where the kind does not know the word; the row then goes to its floor, which the caller tells.
    pub fn spread(&self, word: &str) -> Option<Actions> {
        self.knows(word).then(|| self.not_above(word) | self.floor())
    }

    /// The actions at or below a word that the kind knows.
    fn not_above(&self, word: &str) -> Actions {
        match (self.form, word) {
            (_, "full") | (Form::Flag, "on") => self.top(),
            (_, "none") | (Form::Flag, _) => Actions::NONE,
            (Form::Ladder, _) => {
                let steps = self.words().skip(1).take_while(|_| true);
                let mut count = 0;
                for (known, dropped) in steps {
                    if !dropped {
                        count += 1;
                    }
                    if known == word {
                        break;
                    }
                }
                Actions::first(count)
            }
            (Form::Verbs, _) => self.action(word).map_or(Actions::NONE, Actions::one),
        }
    }

    /// The names of some of its actions, in their order.
    pub(crate) fn names(&self, of: Actions) -> impl Iterator<Item = &str> {
        let named = self.actions().enumerate();
        named.filter(move |(index, _)| of.contains(Actions::one(*index))).map(|(_, name)| name)
    }

    /// A level as one writes it: `view`, `view, update`, `none`, `on`.
    pub fn level(&self, held: Actions) -> String {
        self.level_of_words(held, |word| word.into())
    }

    /// The same, each word as it is to be spelled.
    pub(crate) fn level_of_words<'s>(
        &'s self,
        held: Actions,
        spell: impl Fn(&'s str) -> std::borrow::Cow<'s, str>,
    ) -> String {
        let mut names = self.names(held);
        match self.form {
            Form::Flag => if held.is_empty() { "off" } else { "on" }.to_owned(),
            Form::Ladder => spell(names.last().unwrap_or("none")).into_owned(),
            Form::Verbs => {
                let Some(first) = names.next() else { return "none".to_owned() };
                names.fold(spell(first).into_owned(), |text, name| text + ", " + &spell(name))
            }
        }
    }

    /// The levels that the row offers, lowest first: the steps of a ladder, the verbs (with `none`), `off` and `on`.
    pub fn offered(&self) -> Vec<&str> {
        match self.form {
            Form::Flag => vec!["off", "on"],
            Form::Ladder => self.words().filter(|(_, dropped)| !dropped).map(|(word, _)| word).collect(),
            Form::Verbs => std::iter::once("none").chain(self.actions()).collect(),
        }
    }

    /// Whether the row can hold the actions as a level: a ladder has no step without those below, no level is
    /// below the floor, and none has actions that the row lacks.
    pub fn is_level(&self, held: Actions) -> bool {
        self.top().contains(held)
            && held.contains(self.floor())
            && (self.form != Form::Ladder || held == Actions::first(held.count()))
    }

    /// The lowest level that holds some actions; none where the row lacks one of them.
    pub fn least(&self, held: Actions) -> Option<Actions> {
        let level = match self.form {
            Form::Ladder => held.positions().last().map_or(Actions::NONE, |top| Actions::first(top + 1)),
            Form::Verbs | Form::Flag => held,
        };
        self.top().contains(held).then_some(level | self.floor())
    }

    /// Whether the row fits [`limits::ROW_ACTIONS`] and offers a level above the bottom.
    pub fn is_usable(&self) -> bool {
        (1..=limits::ROW_ACTIONS).contains(&self.width())
    }
}

#[cfg(test)]
mod tests;
