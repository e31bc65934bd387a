//! What the fields of a line ask, of `eval` or of a log: who, and which permission. Looks no name up.

use crate::eval::Who;
use crate::tools::ask::{Unasked, What};

/// The fields of a line that say who and what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'l> {
    pub(crate) principal: Option<&'l str>,
    pub(crate) role: Option<&'l str>,
    pub(crate) permission: Option<&'l str>,
    pub(crate) category: Option<&'l str>,
    pub(crate) row: Option<&'l str>,
    pub(crate) action: Option<&'l str>,
}

impl<'l> Fields<'l> {
    /// Who is asked about: one of two fields says it.
    pub(crate) fn who(self) -> Result<Who<'l>, Unasked> {
        match (self.principal, self.role) {
            (Some(name), None) => Ok(Who::Principal(name)),
            (None, Some(name)) => Ok(Who::Role(name)),
            (Some(_), Some(_)) => wrong("`principal` and `role` are both given"),
            (None, None) => wrong("neither `principal` nor `role` is given"),
        }
    }

    /// What is asked: in one of two forms.
    pub(crate) fn what(self) -> Result<What<'l>, Unasked> {
        let Self { permission, category, row, action, .. } = self;
        match (permission, row, category) {
            (Some(text), None, None) => Ok(match action {
                Some(action) => What::TextAndAction(text, action),
                None => What::Text(text),
            }),
            (None, Some(row), category) => Ok(What::Ids { category, row, action }),
            (Some(_), _, _) => wrong("`permission` and `category` or `row` are both given"),
            (None, None, _) => wrong("neither `permission` nor `row` is given"),
        }
    }
}

fn wrong<T>(text: &str) -> Result<T, Unasked> {
    Err(Unasked::Malformed(text.to_owned()))
}
