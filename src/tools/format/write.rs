//! Lines to text: what stands below one another in columns, line ends, the byte order mark. Decides nothing about
//! where lines begin.

use crate::tools::format::WIDTH;
use crate::tools::format::layout::{Code, Line};

/// The spaces between a line and the comment behind it, at least.
const APART: usize = 2;

/// The text of lines, with the line ends and the byte order mark that the text before had.
pub(super) fn write(before: &str, mut lines: Vec<Line<'_>>) -> String {
    align(&mut lines, |code| code.equals, pad_equals);
    columns(&mut lines);
    align(
        &mut lines,
        |code| code.remark.map(|_| code.width()),
        |code, column| {
            let spaces = column.saturating_sub(code.width());
            code.text.push_str(&" ".repeat(spaces));
        },
    );
    // The last one decides where they differ: whatever is kept byte for byte above it, it is so afterwards too.
    let end = match before.rsplit_once('\n') {
        Some((rest, _)) if rest.ends_with('\r') => "\r\n",
        _ => "\n",
    };
    let mut out = String::with_capacity(before.len() + before.len() / 8);
    if before.starts_with('\u{feff}') {
        out.push('\u{feff}');
    }
    for line in lines {
        match line {
            Line::Blank => {}
            Line::Raw(text) => out.push_str(text),
            Line::Remark { indent, text } => {
                out.push_str(&" ".repeat(indent));
                out.push_str(text);
            }
            Line::Code(code) => {
                out.push_str(&" ".repeat(code.indent));
                out.push_str(&code.text);
                if let Some(remark) = code.remark {
                    out.push_str(&" ".repeat(APART));
                    out.push_str(remark);
                }
            }
        }
        out.push_str(end);
    }
    out
}

impl Code<'_> {
    fn width(&self) -> usize {
        self.indent + self.text.chars().count()
    }

    /// How wide the line is with the comment behind it.
    fn full_width(&self) -> usize {
        let remark = self.remark.map_or(0, |remark| APART + remark.chars().count());
        self.width() + remark
    }
}

/// Puts the cells of tables below one another. A table in which a row would move beyond the edge is left as it is.
fn columns(lines: &mut [Line<'_>]) {
    // Comments and blank lines part no table.
    let is_of_one = |a: &Line<'_>, b: &Line<'_>| match (a, b) {
        (Line::Code(a), Line::Code(b)) => !a.cells.is_empty() && !b.cells.is_empty() && a.indent == b.indent,
        (Line::Code(code), Line::Remark { .. } | Line::Blank) => !code.cells.is_empty(),
        (Line::Remark { .. } | Line::Blank, Line::Code(code)) => !code.cells.is_empty(),
        (Line::Raw(_), _) | (_, Line::Raw(_)) => false,
        _ => true,
    };
    for table in lines.chunk_by_mut(is_of_one) {
        let rows = || {
            table.iter().filter_map(|line| match line {
                Line::Code(code) => Some(code),
                _ => None,
            })
        };
        let count = rows().map(|row| row.cells.len()).max().unwrap_or(0);
        // Each cell is as far from the one before it as in the row where that is the widest.
        let mut starts: Vec<usize> = Vec::with_capacity(count);
        for column in 0..count {
            let apart = rows().filter_map(|row| {
                let start = row.cells.get(column)?;
                let before = column.checked_sub(1).and_then(|before| row.cells.get(before));
                Some(start - before.copied().unwrap_or(0))
            });
            let before = starts.last().copied().unwrap_or(0);
            starts.push(before + apart.max().unwrap_or(0));
        }
        let fits = rows().all(|row| match (row.cells.len().checked_sub(1), row.cells.last()) {
            (Some(at), Some(last)) => {
                starts.get(at).is_some_and(|start| row.full_width() - last + start <= WIDTH)
            }
            _ => true,
        });
        for line in table.iter_mut().filter(|_| fits) {
            if let Line::Code(row) = line {
                pad_cells(row, &starts);
            }
        }
    }
}

fn pad_cells(row: &mut Code<'_>, starts: &[usize]) {
    let mut moved = 0;
    for (index, (cell, start)) in row.cells.iter().zip(starts).enumerate() {
        let spaces = start.saturating_sub(cell + moved);
        // The bar before a cell moves with it.
        let at = cell + moved - if index == 0 { 0 } else { 2 };
        let before = row.text.chars().take(at).map(char::len_utf8).sum();
        row.text.insert_str(before, &" ".repeat(spaces));
        moved += spaces;
    }
}

fn pad_equals(code: &mut Code<'_>, column: usize) {
    let Some(at) = code.equals else { return };
    let before = code.text.chars().take(at).map(char::len_utf8).sum();
    code.text.insert_str(before, &" ".repeat(column.saturating_sub(at)));
}

/// Puts what lines have at a column below one another, in each run of neighbouring lines that have it. A run in which
/// a line would move beyond the edge is left as it is.
fn align(
    lines: &mut [Line<'_>],
    column: impl Fn(&Code<'_>) -> Option<usize>,
    pad: impl Fn(&mut Code<'_>, usize),
) {
    let of = |line: &Line<'_>| match line {
        Line::Code(code) => column(code),
        _ => None,
    };
    for run in lines.chunk_by_mut(|a, b| of(a).is_some() && of(b).is_some()) {
        let Some(furthest) = run.iter().filter_map(of).max() else { continue };
        let fits = run.iter().all(|line| match line {
            Line::Code(code) => {
                let moved = furthest - column(code).unwrap_or(furthest);
                moved == 0 || code.full_width() + moved <= WIDTH
            }
            _ => true,
        });
        for line in run.iter_mut().filter(|_| fits) {
            if let Line::Code(code) = line {
                pad(code, furthest);
            }
        }
    }
}
