//! Texts and their readings, on the sample catalog and on one made to be read in several ways.

use super::{LONGEST, Unread, readings};
use crate::eval::Reason;
use crate::eval::quoted::{QuoteError, QuoteProblem};
use crate::table::sample::{catalog, row};
use crate::table::{Parts, Table, sample};
use crate::vocab::limits::NAME_BYTES;
use crate::vocab::{CatalogId, CategoryId, Form, RowId};

const FIRST: CatalogId = CatalogId(0);

/// Of one catalog whose ids have marks in them: `a` (`b.c`, `b`, `c:on`), `a.b` (`c`, `"`), `é x` (`full`).
fn marked() -> Table {
    let flag = |id, category| row(id, category, Form::Flag, &[], &[]);
    let ladder = row("full", 2, Form::Ladder, &["none", "view", "full"], &["full"]);
    let rows = vec![flag("b.c", 0), flag("b", 0), flag("c:on", 0), flag("c", 1), flag("\"", 1), ladder];
    let catalogs = vec![catalog("marked", &["a", "a.b", "é x"], rows)];
    Table::assemble(Parts { files: vec!["f".into()], catalogs, ..Parts::default() }).unwrap()
}

/// A text and its readings: rows, each with the position of its action.
#[test]
fn texts_are_read_in_every_way() {
    let (shop, marked) = (sample::table(), marked());
    for (table, text, wanted) in [
        (&shop, "presence", &[(4, None)][..]),
        (&shop, "staff.presence", &[(4, None)]),
        (&shop, "staff.presence:view", &[(4, Some(0))]),
        (&shop, "staff.presence:full", &[(4, None)]),
        (&shop, "presence:full", &[(4, None)]),
        (&shop, "\"staff\".\"presence\":\"view\"", &[(4, Some(0))]),
        (&shop, "orders", &[(0, None), (2, None)]),
        (&shop, "orders:full", &[(0, None), (2, None)]),
        (&shop, "orders:refund", &[(0, Some(2))]),
        (&shop, "orders:view", &[(2, Some(0))]),
        (&shop, "staff.orders", &[(2, None)]),
        (&shop, "sales.export.csv", &[(1, None)]),
        (&shop, "sales.sales.export.csv:on", &[(1, Some(0))]),
        (&shop, "\"sales.export.csv\":on", &[(1, Some(0))]),
        (&shop, "sales.\"sales.export.csv\"", &[(1, None)]),
        (&shop, "\"s\\u{61}les\".orders:write", &[(0, Some(1))]),
        (&marked, "a.b.c", &[(0, None), (3, None)]),
        (&marked, "a.b.c:on", &[(0, Some(0)), (3, Some(0))]),
        (&marked, "a.\"b.c\"", &[(0, None)]),
        (&marked, "\"a.b\".c", &[(3, None)]),
        (&marked, "b.c", &[(0, None)]),
        (&marked, "c:on", &[(2, None), (3, Some(0))]),
        (&marked, "c:on:on", &[(2, Some(0))]),
        (&marked, "\"c:on\"", &[(2, None)]),
        (&marked, "\"c\":on", &[(3, Some(0))]),
        (&marked, "a.c:on", &[(2, None)]),
        (&marked, "\"\\\"\"", &[(4, None)]),
        (&marked, "é x.full", &[(5, None)]),
        (&marked, "é x.full:full", &[(5, None)]),
        (&marked, "full:view", &[(5, Some(0))]),
    ] {
        let found = readings(table, FIRST, text).unwrap();
        let pairs: Vec<_> = found.iter().map(|reading| (reading.row.0, reading.action)).collect();
        assert_eq!(pairs, wanted, "{text}");
        for reading in found {
            let category = table.catalog_view(FIRST).unwrap().row(reading.row).unwrap().category().key();
            assert_eq!(reading.category, category);
            assert_eq!(reading.permission(table).unwrap().row(), reading.row);
            let spelled = reading.spell(table).unwrap();
            assert_eq!(readings(table, FIRST, &spelled), Ok(vec![reading]), "{spelled}");
        }
    }
}

#[test]
fn what_is_unknown_is_told() {
    let (shop, marked) = (sample::table(), marked());
    let row = |category: Option<u32>, row: &str| Unread::UnknownRow {
        category: category.map(CategoryId),
        row: row.into(),
    };
    let action = |row, action: &str| Unread::UnknownAction { row: RowId(row), action: action.into() };
    let category = |id: &str| Unread::UnknownCategory(id.into());
    let quotes = |at, problem| Unread::Quotes(QuoteError { at, problem });
    for (table, text, wanted) in [
        (&shop, "", row(None, "")),
        (&shop, "Orders", row(None, "Orders")),
        (&shop, "orders ", row(None, "orders ")),
        (&shop, "ordres:view", row(None, "ordres")),
        (&shop, "sales.presence", row(Some(0), "presence")),
        (&shop, "sales.", row(Some(0), "")),
        (&shop, "sales.nothing:view", row(Some(0), "nothing")),
        (&shop, "Staff.presence:view", category("Staff")),
        (&shop, ".presence", category("")),
        (&shop, "\"no such\".presence", category("no such")),
        (&shop, "presence:", action(4, "")),
        (&shop, "presence:View", action(4, "View")),
        (&shop, "presence:none", action(4, "none")),
        (&shop, "logs:none", action(3, "none")),
        (&shop, "staff.presence:delete", action(4, "delete")),
        (&shop, "presence:view:view", action(4, "view:view")),
        (&shop, "sales.export.csv:off", action(1, "off")),
        (&shop, "nothing:a.b", row(None, "nothing")),
        (&shop, "\"staff.presence\"", row(None, "staff.presence")),
        (&shop, "\"presence:view\"", row(None, "presence:view")),
        (&marked, "\"a.b.c\"", row(None, "a.b.c")),
        (&marked, "a.b.d", row(Some(1), "d")),
        (&shop, "\"presence", quotes(0, QuoteProblem::Open)),
        (&shop, "staff.\"presence", quotes(6, QuoteProblem::Open)),
        (&shop, "\"staff\"presence", quotes(7, QuoteProblem::Part)),
        (&shop, "staff\"", quotes(5, QuoteProblem::Part)),
        (&shop, "\"\\x\"", quotes(1, QuoteProblem::Escape)),
    ] {
        assert_eq!(readings(table, FIRST, text), Err(wanted.clone()), "{text}");
        let message = wanted.to_string();
        assert!(message.starts_with(char::is_lowercase) && !message.ends_with('.'), "{message}");
        let unknown = wanted.reason().is_some_and(Reason::is_unknown);
        assert_eq!(unknown, !matches!(wanted, Unread::Quotes(_)));
    }
    assert_eq!(
        readings(&shop, CatalogId(9), "orders").map_err(|it| it.reason()),
        Err(Some(Reason::UnknownRow))
    );
    assert_eq!(readings(&shop, FIRST, &"x".repeat(LONGEST + 1)), Err(Unread::TooLong));
}

/// Three ids as long as an id may be, each letter as long as it may be escaped.
#[test]
fn the_longest_text_is_read() {
    let shop = sample::table();
    let id = format!("\"{}\"", "\\u{000061}".repeat(NAME_BYTES));
    let text = format!("{id}.{id}:{id}");
    assert_eq!(text.len(), LONGEST);
    let letters: Box<str> = "a".repeat(NAME_BYTES).into();
    assert_eq!(readings(&shop, FIRST, &text), Err(Unread::UnknownCategory(letters)));
    assert_eq!(readings(&shop, FIRST, &format!("{text} ")), Err(Unread::TooLong));
}

/// No text takes long, however many marks and quotes it has.
#[test]
fn hostile_texts_end_soon() {
    let table = marked();
    for piece in ["a.", ":", ".", "a.b.c:on", "\"a\".", "\"a\":", ".\"\"", "\"\\u{61}\"."] {
        let text = piece.repeat(LONGEST / piece.len());
        assert!(readings(&table, FIRST, &text).is_err(), "{piece}");
    }
}
