//! rolec itself, and the yardstick.

use rolec::decisions::{Answer, Decisions};
use rolec::table::Table;

use crate::asked::Asked;
use crate::records::Records;

/// The decisions of a table from its bytes, all of them checked.
pub(crate) fn decisions(bytes: &[u8]) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let decisions = Decisions::from_bytes(bytes).expect("the table just written");
    let at = crate::at();
    move |asked| {
        let answer = decisions.index().decide(asked.organization, asked.principal, asked.permission, at);
        answer == Answer::Granted
    }
}

pub(crate) fn yardstick(table: &Table) -> impl FnMut(&Asked<'_>) -> bool + use<> {
    let records = Records::of(table, crate::at());
    move |asked| records.decide(asked.organization, asked.principal, asked.permission)
}
