//! Assignments of a Parquet file as JSON lines, a line for each of its rows: so that what is told of a row names its number
//! and shows what it says, and the rules for rows are those of [`Form::Lines`](super::Form::Lines). What is no text and
//! no moment stays what it is, for those rules to refuse.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::thread;

use parquet::basic::{LogicalType, TimeUnit};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::Type;

use super::reader::ROW_BYTES;

/// Bytes of the description at the end of a file. Its reader goes down as deep as groups of columns lie in one another,
/// and a group has five bytes at least.
const FOOTER_BYTES: u32 = 1 << 18;
/// Bytes of the stack on which it does.
const STACK_BYTES: usize = 1 << 28;

use crate::vocab::Time;

/// Writes each row of a Parquet file as a line of JSON, in their order. `progress` is told now and then how many bytes
/// were written.
///
/// A date or a timestamp becomes the text that stands for it; of a timestamp that names no zone, one without a zone.
///
/// # Errors
/// Where the file cannot be read, is no whole Parquet file, says more than 4 GiB, or cannot be written to.
///
/// ```
/// use rolec::roster::{Form, lines_of_parquet, read};
/// use rolec::source::FileId;
///
/// let mut lines = Vec::new();
/// let file = std::fs::File::open("tests/rows/duckdb.parquet")?;
/// lines_of_parquet(file, &mut lines, &mut |_| ())?;
/// assert!(lines.starts_with(br#"{"organization":"store","principal":"zoe@store.example","#));
///
/// let (roster, _) = read(&*lines, Form::Lines, FileId(0), &mut |_| ())?;
/// assert_eq!(roster.len(), 2);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn lines_of_parquet(
    file: File,
    to: &mut (impl Write + Send),
    progress: &mut (dyn FnMut(u64) + Send),
) -> io::Result<()> {
    has_short_footer(&file)?;
    // A damaged file may lead the reader of its parts into a panic: that is a file that cannot be read.
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK_BYTES);
        let reader = reader.spawn_scoped(scope, || lines(file, to, progress))?;
        reader.join().unwrap_or_else(|_| Err(damaged("its parts do not fit together")))
    })
}

/// Refuses a file whose end says that its description is longer than any that is meant well.
fn has_short_footer(mut file: &File) -> io::Result<()> {
    let mut end = [0; 8];
    if file.seek(SeekFrom::End(-8)).is_ok() {
        file.read_exact(&mut end)?;
    }
    file.rewind()?;
    let [one, two, three, four, ..] = end;
    let length = u32::from_le_bytes([one, two, three, four]);
    if end.ends_with(b"PAR1") && length > FOOTER_BYTES {
        return Err(io::Error::other(format!(
            "the description at its end has {length} bytes, and {FOOTER_BYTES} at most are read: write it with fewer \
             columns or larger groups of rows"
        )));
    }
    Ok(())
}

fn damaged(why: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("this is no whole Parquet file: {why}"))
}

fn lines(file: File, to: &mut impl Write, progress: &mut (dyn FnMut(u64) + Send)) -> io::Result<()> {
    let of = |error: ParquetError| match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => damaged(error),
        },
        ParquetError::General(why) | ParquetError::EOF(why) => damaged(why),
        error => damaged(error),
    };
    let reader = SerializedFileReader::new(file).map_err(of)?;
    let of_file = reader.metadata().file_metadata();
    let columns: Vec<Option<Clock>> =
        of_file.schema().get_fields().iter().map(|column| Clock::of(column)).collect();
    let (mut line, mut written) = (String::new(), 0_u64);
    for row in reader.get_row_iter(None).map_err(of)? {
        let row = row.map_err(of)?;
        line.clear();
        for (column, (name, field)) in row.get_column_iter().enumerate() {
            line.push_str(if line.is_empty() { "{" } else { "," });
            line.push_str(&json(name)?);
            line.push(':');
            line.push_str(&value(field, columns.get(column).copied().flatten())?);
            // What is longer than a row may be is refused by its length, and need not be written to its end.
            if line.len() as u64 > ROW_BYTES {
                break;
            }
        }
        line.push_str(if line.is_empty() { "{}\n" } else { "}\n" });
        let before = written;
        written += line.len() as u64;
        if written > u64::from(u32::MAX) {
            return Err(io::Error::other("a file of assignments has at most 4 GiB: part it into several"));
        }
        to.write_all(line.as_bytes())?;
        if before >> 20 != written >> 20 {
            progress(written);
        }
    }
    Ok(())
}

/// What the numbers of a column of moments count.
#[derive(Clone, Copy)]
struct Clock {
    /// Of a second.
    parts: i64,
    /// Whether they count from a moment that is the same everywhere.
    is_utc: bool,
}

impl Clock {
    fn of(column: &Type) -> Option<Self> {
        let Some(LogicalType::Timestamp(stamp)) = column.get_basic_info().logical_type_ref() else {
            return None;
        };
        let parts = match stamp.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        Some(Self { parts, is_utc: stamp.is_adjusted_to_u_t_c })
    }

    /// The text of a moment.
    fn text(self, count: i64) -> String {
        let (second, part) = (count.div_euclid(self.parts), count.rem_euclid(self.parts));
        let whole = Time(second).to_string();
        let mut text = match whole.strip_suffix('Z') {
            Some(whole) => whole.to_owned(),
            None => format!("{whole}T00:00:00"),
        };
        if part != 0 {
            let digits = self.parts.ilog10() as usize;
            let _ = write!(text, ".{part:0digits$}");
        }
        if self.is_utc {
            text.push('Z');
        }
        text
    }
}

fn json(text: &str) -> io::Result<String> {
    Ok(serde_json::to_string(text)?)
}

/// A field as JSON. A number stays one; all else that is no text is a list of one text, which no column may have.
fn value(field: &Field, clock: Option<Clock>) -> io::Result<String> {
    let utc = |parts| clock.unwrap_or(Clock { parts, is_utc: true });
    match field {
        Field::Null => Ok("null".to_owned()),
        Field::Str(text) => json(text),
        // Some writers do not say that their bytes are text.
        Field::Bytes(bytes) => match bytes.as_utf8() {
            Ok(text) => json(text),
            Err(_) => Ok(format!("[{}]", json("bytes that are no UTF-8")?)),
        },
        Field::Date(days) => json(&Time(i64::from(*days) * 86_400).to_string()),
        Field::TimestampMillis(count) => json(&utc(1_000).text(*count)),
        Field::TimestampMicros(count) => json(&utc(1_000_000).text(*count)),
        Field::Long(count) => match clock {
            Some(clock) => json(&clock.text(*count)),
            None => Ok(count.to_string()),
        },
        Field::Byte(_)
        | Field::Short(_)
        | Field::Int(_)
        | Field::UByte(_)
        | Field::UShort(_)
        | Field::UInt(_) => Ok(field.to_string()),
        other => Ok(format!("[{}]", json(&other.to_string())?)),
    }
}
