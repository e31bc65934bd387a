//! rolec itself, and the yardstick.

use rolec::eval::{Evaluator, Request, Who};
use rolec::table::Table;
use rolec::vocab::Decision;

use crate::asked::Asked;
use crate::records::Records;

/// The names of a question in the places where rolec takes them.
pub(crate) fn request<'t>(asked: &Asked<'t>) -> Request<'t> {
    Request {
        organization: asked.organization,
        who: Who::Principal(asked.principal),
        category: asked.category,
        row: asked.row,
        action: Some(asked.action),
        at: crate::at(),
    }
}

/// A table from its bytes, all of it checked.
pub(crate) fn evaluator(bytes: &[u8]) -> impl FnMut(&Request<'_>) -> bool + use<> {
    let table = Table::from_bytes(bytes).expect("the table just written");
    move |request| Evaluator::new(&table).decide(request).decision == Decision::Allow
}

pub(crate) fn yardstick(table: &Table) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let records = Records::of(table, crate::at());
    move |asked| records.decide(asked.organization, asked.principal, asked.permission)
}
