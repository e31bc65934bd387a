//! Why: the line that decided each action of each cell, through templates, spreads, floors and joins. Works on a
//! table alone, so that sources and compiled tables answer alike. Says nothing in words: that is `render`'s.

mod decision;
mod origin;
mod sheet;

pub use self::decision::{Explanation, Held, explain};
pub use self::origin::{Deciding, Part, deciding};
pub use self::sheet::{Line, Sheet, sheet};
