//! A matrix as text. What is wider than a page is written in blocks of columns below one another, each with the rows'
//! names.

use std::io::{self, Write};

use crate::render::escape::{escaped_line, one_line};
use crate::render::matrix::{head, level, mark, meanings};
use crate::table::Row;
use crate::tools::ask::bare_or_quoted;
use crate::tools::listing::{Cell, Column, Matrix};

/// In columns of text. One that is wider by itself is written all the same.
const PAGE: usize = 110;

/// Writes matrices as text, a `-` where nothing is held.
///
/// ```
/// use rolec::render::matrix::text;
/// use rolec::table::Table;
/// use rolec::tools::listing::roles;
///
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let acme = table.organizations().next().unwrap();
/// let mut matrix = roles(&table, acme);
/// matrix.rows.retain(|row| row.category().id() == "content");
/// let mut out = Vec::new();
/// text(&[matrix], &mut out)?;
/// let shown = "acme (direct)
///
///           editor          owner                   reader
/// Content
///   spaces  write           write                   read
///   pages   create, update  create, update, delete  -
/// ";
/// assert_eq!(String::from_utf8(out)?, shown);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn text(matrices: &[Matrix<'_>], out: &mut dyn Write) -> io::Result<()> {
    for (index, matrix) in matrices.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let (id, kind) = head(matrix);
        one_line(out, &format!("{id} {kind}"))?;
        if matrix.columns.is_empty() {
            one_line(out, "  nobody")?;
        }
        write_blocks(matrix, out)?;
    }
    Ok(())
}

fn write_blocks(matrix: &Matrix<'_>, out: &mut dyn Write) -> io::Result<()> {
    let ids = matrix.rows.iter().map(|row| width(&bare_or_quoted(row.id()))).max().unwrap_or(0);
    let mut columns: Vec<(&Column<'_>, String, usize)> = Vec::new();
    let mut marks: Vec<&str> = Vec::new();
    for column in &matrix.columns {
        let name = name(column);
        let mut widest = width(&name);
        for row in &matrix.rows {
            let cell = matrix.cell(column, *row);
            widest = widest.max(width(&shown(*row, cell)));
            if !marks.contains(&mark(cell)) {
                marks.push(mark(cell));
            }
        }
        columns.push((column, name, widest));
    }
    let mut rest = columns.as_slice();
    while !rest.is_empty() {
        let mut wide = 2 + ids;
        let fits = |(.., width): &&(&Column<'_>, String, usize)| {
            wide += 2 + width;
            wide <= PAGE
        };
        let (block, after) = rest.split_at(rest.iter().take_while(fits).count().max(1));
        write_block(matrix, block, ids, out)?;
        rest = after;
    }
    for (index, (mark, meaning)) in meanings(&marks).enumerate() {
        let blank = if index == 0 { "\n" } else { "" };
        writeln!(out, "{blank}{mark:<2} {meaning}")?;
    }
    Ok(())
}

/// A cell with its mark.
fn shown(row: Row<'_>, cell: Cell) -> String {
    level(row, cell) + mark(cell)
}

fn write_block(
    matrix: &Matrix<'_>,
    columns: &[(&Column<'_>, String, usize)],
    ids: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = format!("  {:ids$}", "");
    for (_, name, width) in columns {
        line += &format!("  {}", padded(name, *width));
    }
    writeln!(out, "\n{}", line.trim_end())?;
    let mut category = None;
    for row in &matrix.rows {
        let of = row.category();
        if category != Some(of.key()) {
            category = Some(of.key());
            one_line(out, of.title().unwrap_or(of.id()))?;
        }
        writeln!(out, "{}", written(matrix, *row, columns, ids))?;
    }
    Ok(())
}

fn written(
    matrix: &Matrix<'_>,
    row: Row<'_>,
    columns: &[(&Column<'_>, String, usize)],
    ids: usize,
) -> String {
    let mut line = format!("  {}", padded(&escaped_line(&bare_or_quoted(row.id())), ids));
    for (column, _, width) in columns {
        line += &format!("  {}", padded(&escaped_line(&shown(row, matrix.cell(column, row))), *width));
    }
    line.truncate(line.trim_end().len());
    line
}

/// A column's name, with nothing hidden in it.
fn name(column: &Column<'_>) -> String {
    match column {
        Column::Role(role) => escaped_line(&bare_or_quoted(role.id())).into_owned(),
        Column::Person(person) => escaped_line(person.principal.name()).into_owned(),
    }
}

fn width(text: &str) -> usize {
    escaped_line(text).chars().count()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text:<width$}")
}
