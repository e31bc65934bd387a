//! Questions as a server reads them: names in one text, one after the other. Knows no engine.

use crate::world::Question;

/// All questions' names.
pub(crate) struct Texts {
    all: String,
    /// Where a question begins, and where each of its names ends.
    ends: Vec<[usize; 6]>,
}

/// One question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'t> {
    pub(crate) organization: &'t str,
    pub(crate) principal: &'t str,
    /// `category.row:action`, for those whose permissions are names.
    pub(crate) permission: &'t str,
    pub(crate) category: &'t str,
    pub(crate) row: &'t str,
    pub(crate) action: &'t str,
}

impl<'t> Asked<'t> {
    /// `category.row`, for those who ask for an action of an object.
    pub(crate) fn object(&self) -> &'t str {
        &self.permission[..self.category.len() + 1 + self.row.len()]
    }
}

impl Texts {
    pub(crate) fn of(questions: &[Question]) -> Self {
        let mut texts = Self { all: String::new(), ends: Vec::with_capacity(questions.len()) };
        for question in questions {
            let (category, row, action) = &question.permission;
            let mut ends = [texts.all.len(); 6];
            for (end, piece) in
                [&question.organization, &question.principal, category].into_iter().enumerate()
            {
                texts.all.push_str(piece);
                ends[end + 1] = texts.all.len();
            }
            for (end, (mark, piece)) in [(".", row), (":", action)].into_iter().enumerate() {
                texts.all.push_str(mark);
                texts.all.push_str(piece);
                ends[end + 4] = texts.all.len();
            }
            texts.ends.push(ends);
        }
        texts
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = Asked<'_>> {
        self.ends.iter().map(|&[begins, organization, principal, category, row, action]| {
            let text = &self.all;
            Asked {
                organization: &text[begins..organization],
                principal: &text[organization..principal],
                permission: &text[principal..action],
                category: &text[principal..category],
                row: &text[category + 1..row],
                action: &text[row + 1..action],
            }
        })
    }
}
