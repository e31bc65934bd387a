//! Tables of cases: each cell is a line of its own, about the subject of its column and the row of the catalog that its
//! line names. Decides none of them.

use foldhash::{HashMap, HashMapExt as _};

use crate::check::grants::levels;
use crate::check::tests::Asker;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Assertion, Claim, Subject};
use crate::source::Place;
use crate::syntax::{Scope, ast};
use crate::vocab::{RowId, Time};

/// The head of a table, as its cells are told of.
struct Head<'c> {
    columns: &'c [Option<Subject>],
    /// How each of them is written.
    written: Vec<String>,
    at: Option<Time>,
}

impl Asker<'_, '_> {
    /// Adds the cells of a table. What could not be resolved is left out: a column, a row, a cell.
    pub(super) fn cases(
        &self,
        scope: Scope<'_>,
        cases: &ast::Cases,
        found: &mut Vec<Assertion>,
        findings: &mut Diagnostics,
    ) {
        let columns = self.subjects(scope, &cases.subjects, findings);
        if cases.rows.is_empty() && !cases.is_damaged {
            findings.push(
                Diagnostic::new(Code::EmptyTest, scope.place(cases.head), "this table asserts nothing")
                    .help("write rows like `CATEGORY.ROW: LEVEL | LEVEL`, with a level for each column"),
            );
        }
        let written = cases.subjects.iter().map(|subject| scope.text(subject.span()).to_owned()).collect();
        // A time that is none has had its finding.
        let Some(at) = cases.at.map_or(Some(None), |at| at.map(Some)) else { return };
        let head = Head { columns: &columns, written, at };
        let mut first: HashMap<RowId, Place> = HashMap::new();
        for line in &cases.rows {
            let place = scope.place(line.span);
            let known = self.scene.row(scope, self.organization.catalog, line.category, line.row, findings);
            let is_full = self.is_full(scope, line, &head, findings);
            let Some((row, data)) = known else { continue };
            if let Some(first) = first.get(&row) {
                findings.push(
                    Diagnostic::new(Code::DuplicateEntry, place, "this row is said twice in the table")
                        .also(*first, "first here")
                        .help("each row stands in a table once; another moment is another table"),
                );
                continue;
            }
            first.insert(row, place);
            for (index, cell) in line.cells.iter().enumerate() {
                levels::repeated(scope, &cell.levels, findings);
                let level = levels::exact(scope, data, &cell.levels, levels::Of::Role, findings);
                if level.is_some() {
                    levels::idle(scope, &cell.levels, findings);
                }
                let subject = columns.get(index).copied().flatten().filter(|_| is_full);
                let (Some(level), Some(subject)) = (level, subject) else { continue };
                found.push(Assertion {
                    text: text(scope, line, index, &head).into(),
                    claim: Claim::Exactly(subject),
                    row,
                    asked: vec![level],
                    words: levels::said(scope, &cell.levels),
                    is_bare: false,
                    is_whole: false,
                    at: head.at,
                    place: scope.place(cell.span),
                    cut: None,
                });
            }
        }
    }

    /// Whether a row has a cell for each column, and no more.
    fn is_full(
        &self,
        scope: Scope<'_>,
        line: &ast::CaseRow,
        head: &Head<'_>,
        findings: &mut Diagnostics,
    ) -> bool {
        let (columns, cells) = (head.columns.len(), line.cells.len());
        let Some(last) = line.cells.last() else { return false };
        let (span, label) = match line.cells.get(columns) {
            Some(extra) => (extra.span.to(last.span), "without a column".to_owned()),
            None => (last.span, format!("the last of {cells}")),
        };
        if cells != columns {
            let count = |count: usize, what: &str| match count {
                1 => format!("1 {what}"),
                _ => format!("{count} {what}s"),
            };
            let message =
                format!("this row has {}, and the table {}", count(cells, "cell"), count(columns, "column"));
            findings.push(
                Diagnostic::new(Code::WrongCells, scope.place(span), message)
                    .label(label)
                    .help(format!("the columns are {}", head.written.join(", ")))
                    .help("say a level for each of them, with `|` between; `none` where nothing is held"),
            );
        }
        cells == columns
    }
}

/// A cell as a table of its own.
fn text(scope: Scope<'_>, line: &ast::CaseRow, index: usize, head: &Head<'_>) -> String {
    let subject = head.written.get(index).map(String::as_str).unwrap_or_default();
    let at = head.at.map_or_else(String::new, |at| format!(" at {at}"));
    let level = line.cells.get(index).map_or("", |cell| scope.text(cell.span));
    let (category, row) = (scope.text(line.category.span), scope.text(line.row.span));
    let words = format!("cases {subject}{at} {{ {category}.{row}: {level} }}");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
