//! rolec itself, and the yardstick.

use rolec::decisions::{Answer, Decisions};
use rolec::table::Table;

use crate::asked::Asked;
use crate::records::Records;

/// The decisions of a table from its bytes, all of them checked.
pub(crate) fn decisions(bytes: &[u8]) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let decisions = Decisions::from_bytes(bytes).expect("the table just written");
    // As long as the process, so that what is asked is made once, as its documentation says.
    let index = Box::leak(Box::new(decisions)).index();
    let at = crate::at();
    move |asked| index.decide(asked.organization, asked.principal, asked.permission, at) == Answer::Granted
}

pub(crate) fn yardstick(table: &Table) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let records = Records::of(table, crate::at());
    move |asked| records.decide(asked.organization, asked.principal, asked.permission)
}
