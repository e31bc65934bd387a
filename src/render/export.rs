//! A policy in the languages of other engines. What is written decides as the table does, at every question that both can
//! be asked; `oracles` asks both.

pub mod cedar;
pub mod rego;

use crate::syntax::spelled;

/// A name of something in a larger whole, in one text: with the id of the whole before it, which is quoted where it is no
/// plain word. So no two names become one text, whatever is in them.
fn inside(whole: &str, name: &str) -> String {
    format!("{}/{name}", spelled(whole))
}
