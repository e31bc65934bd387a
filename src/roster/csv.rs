//! Comma-separated values, by RFC 4180: fields cut by `csv-core`, which says how many bytes each takes, so that every
//! field has its place. What is quoted in a way that could be read in two is refused and not guessed.

use std::io::{self, BufRead};

use csv_core::{ReadFieldResult, Reader};

use super::Making;
use super::feed::{Feed, span};
use super::fields::{Column, Field, Fields, not_utf8, unknown};
use super::reader::ROW_BYTES;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A field as it was cut.
struct Cut {
    /// Its part of the record's text.
    end: usize,
    span: Span,
    /// Whether its quotes are as the standard has them.
    is_well_quoted: bool,
    /// Whether a quote of it is open where the line ends. A field has no line end in it, so that the row ends there.
    is_open: bool,
}

/// A record as it was cut.
#[derive(Default)]
struct Record {
    text: Vec<u8>,
    fields: Vec<Cut>,
    start: u64,
    end: u64,
    /// Whether it ends with a carriage return alone, which ends no row.
    is_cut: bool,
}

impl Record {
    fn is_too_long(&self) -> bool {
        self.end - self.start > ROW_BYTES
    }

    fn span(&self) -> Span {
        span(self.start, self.end)
    }

    /// The bytes of each field.
    fn fields(&self) -> impl Iterator<Item = (&Cut, &[u8])> {
        let starts = std::iter::once(0).chain(self.fields.iter().map(|field| field.end));
        self.fields
            .iter()
            .zip(starts)
            .map(|(field, start)| (field, self.text.get(start..field.end).unwrap_or_default()))
    }
}

pub(super) fn read<R: BufRead>(feed: &mut Feed<'_, R>, making: &mut Making) -> io::Result<()> {
    let mut reader = Reader::new();
    let mut record = Record::default();
    let columns = match next(feed, &mut reader, &mut record)? {
        true => header(&record, making),
        false => {
            let finding =
                Diagnostic::new(Code::BadColumns, making.place(Span::new(0, 0)), "this file is empty");
            making.find(
                finding.help("its first line names the columns, such as `organization,principal,role`"),
            );
            None
        }
    };
    // Without its columns no row means anything.
    let Some(columns) = columns else { return Ok(()) };
    while making.goes_on(feed.at()) && next(feed, &mut reader, &mut record)? {
        row(&record, &columns, making);
    }
    Ok(())
}

/// Cuts the next record that is not empty; none at the end.
fn next<R: BufRead>(feed: &mut Feed<'_, R>, reader: &mut Reader, record: &mut Record) -> io::Result<bool> {
    // Line ends before a record are of none, and its first field does not begin with them.
    loop {
        let ends = feed.peek()?.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if ends == 0 {
            break;
        }
        feed.take(ends);
    }
    record.text.clear();
    record.fields.clear();
    record.start = feed.at();
    record.end = record.start;
    let mut used = 0;
    loop {
        if !record.is_too_long() {
            feed.mark();
        }
        let (start, first) = (feed.at(), used);
        // The last two bytes, of whatever pieces.
        let mut tail = [0_u8; 2];
        let mut is_quoted = None;
        let mut is_open = false;
        let is_last = loop {
            if record.text.len() < used + 256 {
                record.text.resize((used + 256).max(record.text.len() * 2), 0);
            }
            let mut input = feed.peek()?;
            if let Some(byte) = input.first() {
                is_quoted.get_or_insert(*byte == b'"');
            }
            if is_quoted == Some(true)
                && let Some(end) = input.iter().position(|byte| *byte == b'\n')
            {
                input = input.get(..=end).unwrap_or(input);
            }
            let room = record.text.get_mut(used..).unwrap_or_default();
            let (result, taken, written) = reader.read_field(input, room);
            let bytes = input.get(..taken).unwrap_or_default();
            for byte in bytes.last_chunk::<2>().map_or(bytes, |last| last) {
                tail = [tail[1], *byte];
            }
            used += written;
            feed.take(taken);
            record.end = feed.at();
            if record.is_too_long() {
                // It is told, and not kept.
                used = first;
            }
            match result {
                // Of a field whose quotes are closed the line end is the end.
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull
                    if is_quoted == Some(true) && tail[1] == b'\n' =>
                {
                    *reader = Reader::new();
                    is_open = true;
                    break true;
                }
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => break record_end,
                ReadFieldResult::End => return Ok(false),
            }
        };
        // Without the comma or line end behind it, which the end of the file may stand for.
        let [before, last] = tail;
        let has_end =
            feed.at() > start && matches!(last, b',' | b'\r' | b'\n') && !is_end_of_text(last, is_last);
        let closing = if has_end { before } else { last };
        let end = feed.at() - u64::from(has_end);
        let content = record.text.get(first..used).unwrap_or_default();
        let quotes = content.iter().filter(|byte| **byte == b'"').count() as u64;
        let wanted = match is_quoted {
            Some(true) => content.len() as u64 + 2 + quotes,
            _ => content.len() as u64 + quotes,
        };
        // Behind the quote that ends a field nothing stands.
        let is_closed = if is_quoted == Some(true) { closing == b'"' } else { quotes == 0 };
        let is_well_quoted = end - start == wanted && is_closed && !is_open;
        // Of a row that is too long nothing is looked at.
        if !record.is_too_long() {
            record.fields.push(Cut { end: used, span: span(start, end), is_well_quoted, is_open });
        }
        record.end = end;
        if is_last {
            record.is_cut = last == b'\r' && feed.peek()?.first() != Some(&b'\n');
            return Ok(true);
        }
    }
}

/// A comma ends a field and no record: where a record ends with one, it ends with the file, inside of quotes.
fn is_end_of_text(last: u8, is_last: bool) -> bool {
    last == b',' && is_last
}

/// The columns that the first record names; none where they are not all known.
fn header(record: &Record, making: &mut Making) -> Option<Vec<Column>> {
    let before = making.roster.findings.len();
    let mut columns: Vec<Column> = Vec::new();
    let mut places: Vec<Span> = Vec::new();
    if record.is_too_long() {
        making.too_long(record.span());
        return None;
    }
    if record.is_cut {
        making.cut(record);
        return None;
    }
    if let Some(field) = record.fields.iter().find(|field| field.is_open) {
        making.badly_quoted(field);
        return None;
    }
    for (field, bytes) in record.fields() {
        let place = making.place(field.span);
        let name = match std::str::from_utf8(bytes) {
            Ok(name) => name,
            Err(error) => {
                making.find(not_utf8("field", bytes, error, place));
                continue;
            }
        };
        match Column::find(name) {
            None => making.find(unknown(Code::BadColumns, place, "column", name)),
            Some(column) => match columns.iter().position(|known| *known == column) {
                Some(first) => {
                    let first = making.place(places.get(first).copied().unwrap_or_default());
                    let message = format!("the column `{name}` is there twice");
                    making.find(Diagnostic::new(Code::BadColumns, place, message).also(first, "first here"));
                }
                None => {
                    columns.push(column);
                    places.push(field.span);
                }
            },
        }
    }
    let missing: Vec<String> = Column::ALL
        .into_iter()
        .filter(|column| column.is_needed() && !columns.contains(column))
        .map(|column| format!("`{}`", column.name()))
        .collect();
    if !missing.is_empty() {
        let word = if missing.len() == 1 { "column" } else { "columns" };
        let message = format!(
            "the {word} {} {} missing",
            missing.join(", "),
            if missing.len() == 1 { "is" } else { "are" }
        );
        let finding = Diagnostic::new(Code::BadColumns, making.place(record.span()), message);
        making.find(finding.help("the first line names the columns of all that follow"));
    }
    (making.roster.findings.len() == before).then_some(columns)
}

fn row(record: &Record, columns: &[Column], making: &mut Making) {
    if record.is_too_long() {
        making.too_long(record.span());
        return;
    }
    if record.is_cut {
        making.cut(record);
        return;
    }
    let place = making.place(record.span());
    if let Some(field) = record.fields.iter().find(|field| !field.is_well_quoted) {
        making.badly_quoted(field);
        return;
    }
    if record.fields.len() != columns.len() {
        let (here, wanted) = (record.fields.len(), columns.len());
        let word = if here == 1 { "field" } else { "fields" };
        let message = format!("this row has {here} {word}, and the first line names {wanted} columns");
        making.find(Diagnostic::new(Code::BadRow, place, message));
        return;
    }
    let mut fields = Fields { span: record.span(), ..Fields::default() };
    let mut is_text = true;
    for ((field, bytes), column) in record.fields().zip(columns) {
        match std::str::from_utf8(bytes) {
            Ok(text) => fields.set(*column, Field { text, span: field.span }),
            Err(error) => {
                making.find(not_utf8("field", bytes, error, making.place(field.span)));
                is_text = false;
            }
        }
    }
    if is_text {
        making.add(&fields);
    }
}

impl Making {
    /// Two rows, or one that somebody has written into: nobody is to guess.
    fn cut(&mut self, record: &Record) {
        let place = self.place(span(record.end, record.end + 1));
        self.find(
            Diagnostic::new(Code::BadRow, place, "a carriage return (U+000D) alone ends no row")
                .help("end rows with a line feed, as `CSV UTF-8` has them; in a field it is none either"),
        );
    }

    fn badly_quoted(&mut self, field: &Cut) {
        let message = if field.is_open {
            "the quotes of this field are not closed on its line"
        } else {
            "the quotes of this field are not in pairs"
        };
        let finding = Diagnostic::new(Code::BadRow, self.place(field.span), message);
        self.find(finding.help(
            "a field with a quote or a comma is put in quotes, a quote in it is written twice, and it has no line end",
        ));
    }

    pub(super) fn too_long(&mut self, span: Span) {
        let message = format!("this row is longer than {ROW_BYTES} bytes");
        // Its first byte: of nothing at the start of a file it is the file that is told.
        let start = Span::new(span.start, span.start.saturating_add(1));
        self.find(
            Diagnostic::new(Code::BadRow, self.place(start), message)
                .help("is a line end missing? a row ends with its line"),
        );
    }
}
