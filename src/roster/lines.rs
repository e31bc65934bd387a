//! JSON lines: an object a line, its fields strings. A field that is not known is refused, as one that is there twice is.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Making;
use super::feed::{Feed, span};
use super::fields::{Column, Field, Fields, not_utf8, unknown};
use super::reader::ROW_BYTES;
use crate::diagnostic::{Code, Diagnostic};

/// The fields of a line, in its order.
struct Object<'l>(Vec<(Cow<'l, str>, &'l RawValue)>);

/// A string, borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Text<'l>(#[serde(borrow)] Cow<'l, str>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::with_capacity(Column::ALL.len());
                while let Some((Text(name), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    // Each has a place of its own and may have a finding.
                    if fields.len() == MOST {
                        return Err(serde::de::Error::custom("it has too many fields"));
                    }
                    fields.push((name, value));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// As many fields as a line may have, known or not.
const MOST: usize = 64;

pub(super) fn read<R: BufRead>(feed: &mut Feed<'_, R>, making: &mut Making) -> io::Result<()> {
    let mut line = Vec::new();
    while making.goes_on(feed.at()) {
        line.clear();
        let start = feed.at();
        let Some(is_whole) = next(feed, &mut line)? else { break };
        if !is_whole {
            making.too_long(span(start, feed.at()));
        } else if !line.iter().all(u8::is_ascii_whitespace) {
            row(feed, &line, start, making);
        }
    }
    Ok(())
}

/// Reads a line without its end: none at the end of the file, `false` where it was too long to keep.
fn next<R: BufRead>(feed: &mut Feed<'_, R>, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    let start = feed.at();
    let mut is_whole = true;
    loop {
        let bytes = feed.peek()?;
        if bytes.is_empty() {
            return Ok((feed.at() > start).then_some(is_whole));
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let rest = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
        if line.len() as u64 + rest.len() as u64 > ROW_BYTES {
            is_whole = false;
            line.clear();
        }
        if is_whole {
            line.extend_from_slice(rest);
        }
        let count = rest.len() + usize::from(end.is_some());
        feed.take(count);
        if end.is_some() {
            return Ok(Some(is_whole));
        }
    }
}

fn row<R: BufRead>(feed: &mut Feed<'_, R>, line: &[u8], start: u64, making: &mut Making) {
    let body = line.trim_ascii_end();
    let at = |from: usize, to: usize| span(start + from as u64, start + to as u64);
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) => {
            let from = error.valid_up_to();
            feed.mark_in(start, body, from);
            let place = making.place(at(from, from + 1));
            making.find(not_utf8("line", body, error, place));
            return;
        }
    };
    let Object(given) =
        match serde_json::from_str::<Object<'_>>(text) {
            Ok(object) => object,
            Err(error) => {
                // Of something that is no object all is meant, of what is no JSON the place where it ceases to be.
                let broken = error.column().saturating_sub(1).min(text.len());
                let (from, to) =
                    if error.is_data() { (0, text.len()) } else { (broken, (broken + 1).min(text.len())) };
                feed.mark_in(start, body, from);
                let told = error.to_string();
                let told = told.rsplit_once(" at line ").map_or(told.as_str(), |(told, _)| told);
                let place = making.place(at(from, to));
                let finding =
                    Diagnostic::new(Code::BadRow, place, format!("this line is no JSON object: {told}"));
                making.find(finding.help(
                    "a line is one object, such as {\"organization\": …, \"principal\": …, \"role\": …}",
                ));
                return;
            }
        };
    let mut texts: Vec<(Column, Cow<'_, str>, (usize, usize))> = Vec::with_capacity(given.len());
    let mut is_known = true;
    let mut ended = 0;
    for (name, value) in &given {
        // Both are parts of the line.
        let from = (value.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
        let to = from + value.get().len();
        let between = std::mem::replace(&mut ended, to)..from;
        let column = match Column::find(name) {
            Some(column) if texts.iter().all(|(known, ..)| *known != column) => column,
            column => {
                let (from, to) = quoted(text, between);
                feed.mark_in(start, body, from);
                let place = making.place(at(from, to));
                making.find(match column {
                    Some(_) => {
                        Diagnostic::new(Code::BadRow, place, format!("`{name}` is said twice in this line"))
                    }
                    None => unknown(Code::BadRow, place, "field", name),
                });
                is_known = false;
                continue;
            }
        };
        feed.mark_in(start, body, from);
        let place = making.place(at(from, to));
        match serde_json::from_str::<Option<Text<'_>>>(value.get()) {
            Ok(said) => texts.push((column, said.map_or(Cow::Borrowed(""), |Text(said)| said), (from, to))),
            Err(_) => {
                let fault = if value.get().starts_with('"') {
                    "has an escape that is no character"
                } else {
                    "is no string"
                };
                making.find(Diagnostic::new(Code::BadRow, place, format!("`{name}` {fault}")));
                is_known = false;
            }
        }
    }
    let mut fields = Fields { span: at(0, text.len()), ..Fields::default() };
    for (column, text, (from, to)) in &texts {
        fields.set(*column, Field { text, span: at(*from, *to) });
    }
    if is_known {
        making.add(&fields);
    }
}

/// The name that stands between two values of an object, in its quotes: nothing else does that has any.
fn quoted(text: &str, between: Range<usize>) -> (usize, usize) {
    let name = text.get(between.clone()).unwrap_or_default();
    let (from, to) = (name.find('"').unwrap_or(0), name.rfind('"').map_or(name.len(), |at| at + 1));
    (between.start + from, between.start + to)
}
