//! A text as atoms: tokens of what is sound, whole lines of what is damaged, and before each of them the comments and
//! blank lines that belong to it. Knows what the text says, not how it will look.

use std::ops::Range;

use crate::source::{LineIndex, SourceFile};
use crate::syntax::{Begins, Outline, Part, PartSort, Sign, Token};

/// Something that is written as it is.
#[derive(Debug)]
pub(super) struct Atom<'t> {
    pub(super) what: What,
    pub(super) text: &'t str,
    pub(super) begins: Begins,
    /// How many blocks it stands in.
    pub(super) level: usize,
    /// The line it was on, from 0.
    pub(super) line: usize,
    /// The comments before it.
    pub(super) remarks: Vec<Remark<'t>>,
    /// Whether a blank line stood right before it.
    pub(super) after_blank: bool,
}

/// What an atom is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Token(Sign),
    /// Whole lines, kept byte for byte.
    Raw,
    /// The end of the file.
    End,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark<'t> {
    pub(super) text: &'t str,
    pub(super) is_doc: bool,
    /// Whether it stood on the line of what is before it.
    pub(super) trails: bool,
    /// Whether a blank line stood before it.
    pub(super) after_blank: bool,
}

/// The atoms of a file, the last of which is its end.
pub(super) fn atoms<'t>(source: &'t SourceFile, outline: &Outline) -> Vec<Atom<'t>> {
    let text = source.text();
    let mut reader = Reader {
        text,
        lines: source.lines(),
        tokens: &outline.tokens,
        atoms: Vec::with_capacity(outline.tokens.len() + 1),
        remarks: Vec::new(),
        next: 0,
        end: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
        inside: false,
    };
    let units = reader.units(&outline.parts);
    let mut rest = units.as_slice();
    while let Some((unit, after)) = rest.split_first() {
        rest = if unit.is_raw { reader.raw(rest) } else { after };
        if !unit.is_raw {
            reader.sound(unit);
        }
    }
    reader.remarks_before(outline.tokens.len());
    let level = usize::from(reader.inside);
    reader.push(What::End, "", Begins::Nothing, level, text.len());
    reader.past_commas_and_braces();
    reader.atoms
}

/// A part, or characters that belong to none.
struct Unit {
    sort: PartSort,
    tokens: Range<usize>,
    is_raw: bool,
    /// The lines it is on, from 0; none where it has no text.
    lines: Option<(usize, usize)>,
}

struct Reader<'t, 'o> {
    text: &'t str,
    lines: &'t LineIndex,
    tokens: &'o [Token],
    atoms: Vec<Atom<'t>>,
    /// The comments since the last atom.
    remarks: Vec<Remark<'t>>,
    /// The next token to be read.
    next: usize,
    /// Up to where the text was read.
    end: usize,
    /// Whether we are in a catalog or an organization.
    inside: bool,
}

impl<'t> Reader<'t, '_> {
    /// The parts and the unknown characters between them. What shares a line with damage is raw too: in damaged text
    /// line ends say what was meant, so none is moved there.
    fn units(&self, parts: &[Part]) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::with_capacity(parts.len());
        let mut next = 0;
        for part in parts {
            self.unknown(next..part.tokens.start, &mut units);
            next = part.tokens.end.max(next);
            units.push(self.unit(part.sort, part.tokens.clone(), part.is_damaged));
        }
        self.unknown(next..self.tokens.len(), &mut units);
        let shares = |a: Option<(usize, usize)>, b: Option<(usize, usize)>| match (a, b) {
            (Some((_, end)), Some((start, _))) => end == start,
            _ => false,
        };
        let mut last: Option<(usize, usize)> = None;
        for unit in &mut units {
            unit.is_raw |= shares(last, unit.lines);
            if unit.lines.is_some() {
                last = unit.lines.filter(|_| unit.is_raw);
            }
        }
        last = None;
        for unit in units.iter_mut().rev() {
            unit.is_raw |= shares(unit.lines, last);
            if unit.lines.is_some() {
                last = unit.lines.filter(|_| unit.is_raw);
            }
        }
        units
    }

    fn unknown(&self, range: Range<usize>, units: &mut Vec<Unit>) {
        for at in range {
            if self.tokens.get(at).is_some_and(|token| token.sign == Sign::Unknown) {
                units.push(self.unit(PartSort::Member, at..at + 1, true));
            }
        }
    }

    fn unit(&self, sort: PartSort, tokens: Range<usize>, is_raw: bool) -> Unit {
        let of = self.tokens.get(tokens.clone()).unwrap_or_default();
        let lines = of.first().zip(of.last());
        let lines = lines.map(|(first, last)| {
            (self.lines.line(first.span.start), self.lines.line(last.span.end.saturating_sub(1)))
        });
        Unit { sort, tokens, is_raw, lines }
    }

    fn line_of(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(0, |token| self.lines.line(token.span.start))
    }

    fn slice(&self, token: Token) -> &'t str {
        self.text.get(token.span.start as usize..token.span.end as usize).unwrap_or_default()
    }

    /// The line ends between what was read and a byte.
    fn breaks(&self, start: usize) -> usize {
        self.text.get(self.end..start).unwrap_or_default().matches('\n').count()
    }

    fn push(&mut self, what: What, text: &'t str, begins: Begins, level: usize, start: usize) {
        let after_blank = self.breaks(start) > 1;
        let line = self.lines.line(u32::try_from(start).unwrap_or(u32::MAX));
        let remarks = std::mem::take(&mut self.remarks);
        self.atoms.push(Atom { what, text, begins, level, line, remarks, after_blank });
        self.end = start + text.len();
    }

    /// Reads the comments up to a token.
    fn remarks_before(&mut self, next: usize) {
        while self.next < next {
            if let Some(token) = self.tokens.get(self.next).copied() {
                self.remark(token);
            }
            self.next += 1;
        }
    }

    fn remark(&mut self, token: Token) {
        let breaks = self.breaks(token.span.start as usize);
        let is_first = self.atoms.is_empty() && self.remarks.is_empty();
        let text = self.slice(token).trim_end_matches([' ', '\t']);
        self.remarks.push(Remark {
            text,
            is_doc: token.sign == Sign::Doc,
            trails: breaks == 0 && !is_first,
            after_blank: breaks > 1,
        });
        self.end = token.span.start as usize + text.len();
    }

    fn sound(&mut self, unit: &Unit) {
        if unit.sort == PartSort::End {
            self.inside = false;
        }
        let mut level = usize::from(self.inside);
        self.remarks_before(unit.tokens.start);
        for token in self.tokens.get(unit.tokens.clone()).unwrap_or_default().iter().copied() {
            self.next += 1;
            if matches!(token.sign, Sign::Remark | Sign::Doc) {
                self.remark(token);
                continue;
            }
            if token.sign == Sign::Close {
                level = level.saturating_sub(1);
            }
            let text = self.slice(token);
            self.push(What::Token(token.sign), text, token.begins, level, token.span.start as usize);
            if token.sign == Sign::Open {
                level += 1;
            }
        }
        if unit.sort == PartSort::Head {
            self.inside = true;
        }
    }

    /// Takes the raw unit at the start of some and those that share lines with it, as one; gives the rest.
    fn raw<'u>(&mut self, units: &'u [Unit]) -> &'u [Unit] {
        let mut rest = units;
        let mut lines: Option<(usize, usize)> = None;
        let mut first = None;
        let mut level = 0;
        while let Some((unit, after)) = rest.split_first() {
            match (lines, unit.lines) {
                (Some((_, end)), Some((start, _))) if start != end => break,
                _ if !unit.is_raw => break,
                (None, found) => lines = found,
                (Some((start, _)), Some((_, end))) => lines = Some((start, end)),
                (Some(_), None) => {}
            }
            if first.is_none() && unit.lines.is_some() {
                first = Some(unit.tokens.start);
                level = usize::from(self.inside && unit.sort != PartSort::End);
            }
            match unit.sort {
                PartSort::Head => self.inside = true,
                PartSort::End => self.inside = false,
                PartSort::Member => {}
            }
            rest = after;
        }
        let (Some((mut start, end)), Some(mut first)) = (lines, first) else { return rest };
        // The comments on its lines and right above belong to it.
        let read = self.next;
        let above = |first: usize| first.checked_sub(1).filter(|above| *above >= read);
        while let Some(at) = above(first).filter(|at| self.line_of(*at) == start) {
            first = at;
        }
        while let Some(above) = above(first) {
            let alone = above.checked_sub(1).is_none_or(|before| self.line_of(before) < self.line_of(above));
            if !alone || self.line_of(above) + 1 != start {
                break;
            }
            (first, start) = (above, start - 1);
        }
        self.remarks_before(first);
        let range = |line| self.lines.line_range(self.text, line).unwrap_or_default();
        let from = range(start).start.max(if start == 0 { self.end } else { 0 });
        let to = range(end).end;
        self.push(What::Raw, self.text.get(from..to).unwrap_or_default(), Begins::Statement, level, from);
        self.next = self.tokens.partition_point(|token| (token.span.start as usize) < to);
        rest
    }

    /// A comment before a comma or an opening brace goes behind it: these end their lines.
    fn past_commas_and_braces(&mut self) {
        let mut carried: Vec<Remark<'t>> = Vec::new();
        for atom in &mut self.atoms {
            if !carried.is_empty() {
                for remark in &mut atom.remarks {
                    remark.trails = false;
                }
                carried.append(&mut atom.remarks);
                std::mem::swap(&mut carried, &mut atom.remarks);
            }
            // A `///` says something of what stands below it: it stays above that.
            if matches!(atom.what, What::Token(Sign::Comma | Sign::Open))
                && atom.remarks.iter().all(|remark| !remark.is_doc)
            {
                carried.append(&mut atom.remarks);
            }
        }
    }
}
