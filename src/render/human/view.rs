//! What codespan sees of the files: only the lines that a finding points at, as they are drawn, under their real
//! numbers and columns. Its `Files` asks by line index, and nothing says that all lines of a file must be there.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::diagnostic::{Label, LabelStyle};
use codespan_reporting::files::{Error, Files};

use super::window::Window;
use crate::diagnostic::Diagnostic;
use crate::render::sentence;
use crate::render::spot::{Spot, line_text};
use crate::source::{FileId, Provenance, Sources};

/// How many places of a finding are drawn.
const MOST_PLACES: usize = 9;

/// A finding's places as codespan takes them.
pub(super) struct View {
    /// The lines.
    pub(super) files: Excerpts,
    /// The places in them. None where there is nothing to show.
    pub(super) labels: Vec<Label<usize>>,
    /// How many places were too many.
    pub(super) left_out: usize,
}

/// Some lines of some files.
pub(super) struct Excerpts(Vec<Excerpt>);

/// Some lines of a file.
struct Excerpt {
    name: String,
    /// The lines as drawn, each with a newline.
    text: String,
    /// In their order.
    lines: Vec<Line>,
}

struct Line {
    /// Its place in the file, from 0.
    index: usize,
    /// Its part of the excerpt's text.
    range: Range<usize>,
    /// The columns of the marks that start in it, by byte of the excerpt's text.
    columns: Vec<(usize, u32)>,
}

/// A place to draw.
struct Mark<'a> {
    file: FileId,
    spot: Spot<'a>,
    line: usize,
    style: LabelStyle,
    text: &'a str,
}

impl View {
    pub(super) fn of(sources: &Sources, diagnostic: &Diagnostic) -> Self {
        let places = std::iter::once((LabelStyle::Primary, &diagnostic.primary))
            .chain(diagnostic.secondary.iter().map(|label| (LabelStyle::Secondary, label)));
        let marks: Vec<Mark<'_>> = places
            .clone()
            .take(MOST_PLACES)
            .filter_map(|(style, label)| {
                let spot = Spot::of(sources, label.place)?;
                Some(Mark { file: label.place.file, spot, line: spot.line(), style, text: &label.text })
            })
            .collect();
        let mut view = Self {
            files: Excerpts(Vec::new()),
            labels: Vec::new(),
            left_out: places.count().saturating_sub(MOST_PLACES),
        };
        if !matches!(marks.as_slice(), [only] if only.is_of_whole_file()) {
            view.draw(&marks);
        }
        view
    }

    fn draw(&mut self, marks: &[Mark<'_>]) {
        // The files in the order in which the finding names them.
        let mut files: Vec<FileId> = Vec::new();
        for mark in marks {
            if !files.contains(&mark.file) {
                files.push(mark.file);
            }
        }
        for (id, file) in files.into_iter().enumerate() {
            let of_file: Vec<&Mark<'_>> = marks.iter().filter(|mark| mark.file == file).collect();
            let (excerpt, ranges) = Excerpt::of(&of_file);
            self.files.0.push(excerpt);
            self.labels.extend(
                of_file
                    .iter()
                    .zip(ranges)
                    .map(|(mark, range)| Label::new(mark.style, id, range).with_message(sentence(mark.text))),
            );
        }
    }
}

impl Mark<'_> {
    /// Whether a caret would say nothing: an empty span at the start of a file, with nothing to say about it or
    /// nothing to see.
    fn is_of_whole_file(&self) -> bool {
        let is_text = self.spot.file.provenance() != Provenance::Rows;
        let blank = || is_text && self.spot.file.text().trim_start_matches('\u{feff}').trim().is_empty();
        (self.spot.end == 0 && self.text.is_empty()) || blank()
    }
}

impl Excerpt {
    /// The lines of a file's marks, and where each mark stands in the excerpt's text.
    fn of(marks: &[&Mark<'_>]) -> (Self, Vec<Range<usize>>) {
        let mut excerpt = Self { name: String::new(), text: String::new(), lines: Vec::new() };
        let mut ranges = vec![0..0; marks.len()];
        let Some(file) = marks.first().map(|mark| mark.spot.file) else { return (excerpt, ranges) };
        excerpt.name = sentence(file.name()).into_owned();

        let mut by_line: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, mark) in marks.iter().enumerate() {
            by_line.entry(mark.line).or_default().push(index);
        }
        // Where one line lies between two, codespan draws it and not a break.
        let between: Vec<usize> = by_line
            .keys()
            .zip(by_line.keys().skip(1))
            .filter(|(line, next)| *line + 2 == **next)
            .map(|(line, _)| line + 1)
            .collect();
        by_line.extend(between.into_iter().map(|line| (line, Vec::new())));

        for (index, on_line) in by_line {
            let on_line = || on_line.iter().filter_map(|at| Some((*at, *marks.get(*at)?)));
            let marked: Vec<Range<usize>> = on_line().map(|(_, mark)| mark.spot.in_line()).collect();
            let window = Window::new(line_text(file, index), &marked);
            let start = excerpt.text.len();
            let mut columns = Vec::new();
            for ((at, mark), marked) in on_line().zip(&marked) {
                let place = window.place(marked);
                let place = start + place.start..start + place.end;
                columns.push((place.start, mark.spot.first().column));
                if let Some(range) = ranges.get_mut(at) {
                    *range = place;
                }
            }
            excerpt.text.push_str(&window.text);
            excerpt.lines.push(Line { index, range: start..excerpt.text.len(), columns });
            excerpt.text.push('\n');
        }
        (excerpt, ranges)
    }

    fn line(&self, index: usize) -> Result<&Line, Error> {
        let max = self.lines.last().map_or(0, |line| line.index);
        let found = self.lines.binary_search_by_key(&index, |line| line.index);
        found.ok().and_then(|at| self.lines.get(at)).ok_or(Error::LineTooLarge { given: index, max })
    }
}

impl Excerpts {
    fn get(&self, id: usize) -> Result<&Excerpt, Error> {
        self.0.get(id).ok_or(Error::FileMissing)
    }
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.get(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.get(id)?.text)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let lines = &self.get(id)?.lines;
        let after = lines.partition_point(|line| line.range.start <= byte);
        Ok(after.checked_sub(1).and_then(|at| lines.get(at)).map_or(0, |line| line.index))
    }

    fn line_range(&'a self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        Ok(self.get(id)?.line(line)?.range.clone())
    }

    fn column_number(&'a self, id: usize, line: usize, byte: usize) -> Result<usize, Error> {
        let columns = &self.get(id)?.line(line)?.columns;
        Ok(columns.iter().find(|(start, _)| *start == byte).map_or(1, |(_, column)| *column as usize))
    }
}
