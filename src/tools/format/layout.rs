//! Atoms to lines: a statement a line, its blocks further in, and a line that is too long broken where people would.
//! Decides where lines begin and how deep; how they stand below one another is `write`'s business.

use crate::syntax::{Begins, Sign};
use crate::tools::format::atoms::{Atom, Remark, What};
use crate::tools::format::{INDENT, WIDTH};

/// A line of the formatted text.
#[derive(Debug)]
pub(super) enum Line<'t> {
    Blank,
    Code(Code<'t>),
    /// A comment by itself.
    Remark {
        indent: usize,
        text: &'t str,
    },
    /// Whole lines, kept byte for byte.
    Raw(&'t str),
}

/// A line that says something.
#[derive(Debug)]
pub(super) struct Code<'t> {
    pub(super) indent: usize,
    pub(super) text: String,
    /// How many characters stand before its `=`, where it is a `kind`.
    pub(super) equals: Option<usize>,
    /// How many characters stand before each cell, where it is a row of a table.
    pub(super) cells: Vec<usize>,
    /// The comment behind it.
    pub(super) remark: Option<&'t str>,
}

/// The lines of a file's atoms.
pub(super) fn lines(atoms: Vec<Atom<'_>>) -> Vec<Line<'_>> {
    let blocks = blocks(&atoms);
    let mut layout = Layout { atoms, blocks, lines: Vec::new(), wants_no_blank: true };
    let mut at = 0;
    while at < layout.atoms.len() {
        layout.above(at);
        at = layout.statement(at);
    }
    layout.lines
}

/// What becomes of a brace's block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    /// No brace, or one whose block stands on lines of its own.
    Open,
    /// It stands on the line of its head, up to the closing brace at this place.
    Inline(usize),
}

/// Which blocks may stand on the line of their head: those that their writer put there, with one statement at most
/// and no comments; and empty ones.
fn blocks(atoms: &[Atom<'_>]) -> Vec<Block> {
    struct Begun {
        at: usize,
        line: usize,
        statements: usize,
        is_inline: bool,
    }
    let mut blocks = vec![Block::Open; atoms.len()];
    let mut begun: Vec<Begun> = Vec::new();
    for (at, atom) in atoms.iter().enumerate() {
        if let Some(block) = begun.last_mut() {
            block.statements += usize::from(atom.begins == Begins::Statement && !is_close(atom));
            block.is_inline &= atom.remarks.is_empty() && atom.what != What::Raw;
        }
        match atom.what {
            What::Token(Sign::Open) => {
                begun.push(Begun { at, line: atom.line, statements: 0, is_inline: true });
            }
            What::Token(Sign::Close) => {
                let Some(block) = begun.pop() else { continue };
                let is_empty = block.at + 1 == at;
                let is_inline =
                    block.is_inline && (is_empty || block.statements <= 1 && block.line == atom.line);
                if is_inline && let Some(slot) = blocks.get_mut(block.at) {
                    *slot = Block::Inline(at);
                }
                if let Some(outer) = begun.last_mut() {
                    outer.is_inline &= is_inline;
                }
            }
            _ => {}
        }
    }
    blocks
}

fn is_close(atom: &Atom<'_>) -> bool {
    atom.what == What::Token(Sign::Close)
}

struct Layout<'t> {
    atoms: Vec<Atom<'t>>,
    blocks: Vec<Block>,
    lines: Vec<Line<'t>>,
    /// Whether no blank line may follow: at the start, below an opening brace, between a `///` and what it is about.
    wants_no_blank: bool,
}

/// A line in the making.
#[derive(Default)]
struct Draft {
    indent: usize,
    text: String,
    width: usize,
    equals: Option<usize>,
    cells: Vec<usize>,
}

impl<'t> Layout<'t> {
    fn atom(&self, at: usize) -> Option<&Atom<'t>> {
        self.atoms.get(at)
    }

    fn block(&self, at: usize) -> Block {
        self.blocks.get(at).copied().unwrap_or(Block::Open)
    }

    /// The comments and the blank lines above an atom. A comment on the line of the atom before it was written there.
    fn above(&mut self, at: usize) {
        let Some(atom) = self.atoms.get_mut(at) else { return };
        let remarks = std::mem::take(&mut atom.remarks);
        let (level, after_blank) = (atom.level + usize::from(is_close(atom)), atom.after_blank);
        let closes = is_close(atom) || atom.what == What::End;
        self.own_lines(&remarks, level * INDENT);
        if after_blank && !closes {
            self.blank();
        }
    }

    fn own_lines(&mut self, remarks: &[Remark<'t>], indent: usize) {
        for remark in remarks.iter().filter(|remark| !remark.trails) {
            if remark.after_blank {
                self.blank();
            }
            self.lines.push(Line::Remark { indent, text: remark.text });
            self.wants_no_blank = remark.is_doc;
        }
    }

    fn blank(&mut self) {
        if !self.wants_no_blank {
            self.lines.push(Line::Blank);
        }
        self.wants_no_blank = true;
    }

    /// Writes what begins at an atom, up to where the next line begins; gives the atom there.
    fn statement(&mut self, start: usize) -> usize {
        let Some(atom) = self.atom(start) else { return start + 1 };
        match atom.what {
            What::End => return start + 1,
            What::Raw => {
                let text = atom.text;
                self.lines.push(Line::Raw(text));
                self.wants_no_blank = false;
                return start + 1;
            }
            What::Token(_) => {}
        }
        let first = atom.level * INDENT;
        let mut end = self.end_of_line(start);
        while (self.has_remarks(start, end) || first + self.width(start, end) > WIDTH)
            && self.open_first_block(start, end)
        {
            end = self.end_of_line(start);
        }
        // What goes on below a head stands further in than the block of it.
        let opens = end
            .checked_sub(1)
            .is_some_and(|last| self.atom(last).is_some_and(|atom| atom.what == What::Token(Sign::Open)));
        let hang = first + if opens { 2 * INDENT } else { INDENT };
        let before = self.lines.len();
        self.fill(start, end, first, hang);
        // Columns are those of rows that stand on a line each, below their head.
        let has_block =
            (start..end).any(|at| self.atom(at).is_some_and(|atom| atom.what == What::Token(Sign::Open)));
        if has_block || self.lines.len() > before + 1 {
            for line in self.lines.iter_mut().skip(before) {
                if let Line::Code(code) = line {
                    code.cells.clear();
                }
            }
        }
        self.wants_no_blank = opens;
        end
    }

    /// The atom before which the line that begins at an atom ends, if it may be as long as it likes.
    fn end_of_line(&self, start: usize) -> usize {
        let mut inside = 0_usize;
        let mut at = start;
        while let Some(atom) = self.atom(at) {
            let begins = atom.begins == Begins::Statement || !matches!(atom.what, What::Token(_));
            if at > start && inside == 0 && (begins || is_close(atom)) {
                return at;
            }
            match (atom.what, self.block(at)) {
                (What::Token(Sign::Open), Block::Inline(_)) => inside += 1,
                (What::Token(Sign::Open), Block::Open) => return at + 1,
                (What::Token(Sign::Close), _) => inside = inside.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// Whether a comment stands between the atoms of a line.
    fn has_remarks(&self, start: usize, end: usize) -> bool {
        (start + 1..end).any(|at| self.atom(at).is_some_and(|atom| !atom.remarks.is_empty()))
    }

    /// Puts the outermost block of a line on lines of its own, if there is one that is not empty.
    fn open_first_block(&mut self, start: usize, end: usize) -> bool {
        let is_full = |at: &usize| matches!(self.block(*at), Block::Inline(close) if close > at + 1);
        let found = (start..end).find(is_full);
        if let Some(slot) = found.and_then(|at| self.blocks.get_mut(at)) {
            *slot = Block::Open;
        }
        found.is_some()
    }

    /// Whether a space stands before an atom that does not begin a line.
    fn is_spaced(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.atom(before)).map(|atom| atom.what);
        let What::Token(sign) = self.atom(at).map_or(What::End, |atom| atom.what) else { return false };
        let is_glued = matches!(sign, Sign::Comma | Sign::Colon | Sign::Dot)
            || before == Some(What::Token(Sign::Dot))
            || (before == Some(What::Token(Sign::Open)) && sign == Sign::Close);
        !is_glued
    }

    /// How wide atoms are on one line.
    fn width(&self, start: usize, end: usize) -> usize {
        let width = |at: usize| {
            let text = self.atom(at).map_or(0, |atom| atom.text.chars().count());
            text + usize::from(at > start && self.is_spaced(at))
        };
        (start..end).map(width).sum()
    }

    /// Writes the atoms of a line: on one, if they fit; else as many on each as there is room for. A comment between
    /// them ends its line.
    fn fill(&mut self, start: usize, end: usize, first: usize, hang: usize) {
        let mut draft = Draft { indent: first, ..Draft::default() };
        let mut at = start;
        while at < end {
            let next = self
                .next_break(at, end, |begins| matches!(begins, Begins::Clause | Begins::Item | Begins::Cell));
            if at > start && self.atom(at).is_some_and(|atom| !atom.remarks.is_empty()) {
                self.end_draft(std::mem::take(&mut draft), at);
                let remarks = self.atoms.get_mut(at).map(|atom| std::mem::take(&mut atom.remarks));
                self.wants_no_blank = true;
                self.own_lines(&remarks.unwrap_or_default(), hang);
                draft.indent = hang;
            }
            if !draft.text.is_empty() && !self.fits(&draft, at, next) {
                self.end_draft(std::mem::take(&mut draft), at);
                draft.indent = hang;
            }
            if draft.text.is_empty() && !self.fits(&draft, at, next) {
                let mut rest = at;
                while rest < next {
                    let piece = self.next_break(rest, next, |begins| begins == Begins::Rest);
                    if !draft.text.is_empty() && !self.fits(&draft, rest, piece) {
                        self.end_draft(std::mem::take(&mut draft), rest);
                        draft.indent = hang;
                    }
                    self.append(&mut draft, rest, piece);
                    rest = piece;
                }
            } else {
                self.append(&mut draft, at, next);
            }
            at = next;
        }
        self.end_draft(draft, end);
    }

    /// Where a line may next be broken, or must be.
    fn next_break(&self, at: usize, end: usize, may: impl Fn(Begins) -> bool) -> usize {
        let breaks =
            |at: &usize| self.atom(*at).is_some_and(|atom| may(atom.begins) || !atom.remarks.is_empty());
        (at + 1..end).find(breaks).unwrap_or(end)
    }

    fn fits(&self, draft: &Draft, start: usize, end: usize) -> bool {
        let space = usize::from(!draft.text.is_empty() && self.is_spaced(start));
        draft.indent + draft.width + space + self.width(start, end) <= WIDTH
    }

    fn append(&self, draft: &mut Draft, start: usize, end: usize) {
        for (at, atom) in (start..end).filter_map(|at| Some((at, self.atom(at)?))) {
            if !draft.text.is_empty() && self.is_spaced(at) {
                draft.text.push(' ');
                draft.width += 1;
            }
            if atom.what == What::Token(Sign::Equals) {
                draft.equals = Some(draft.width);
            }
            if atom.begins == Begins::Cell {
                draft.cells.push(draft.width);
            }
            draft.text.push_str(atom.text);
            draft.width += atom.text.chars().count();
        }
    }

    /// Ends a line before an atom, with the comment that stood on it.
    fn end_draft(&mut self, draft: Draft, next: usize) {
        let Draft { indent, text, equals, cells, .. } = draft;
        let equals = equals.filter(|_| text.starts_with("kind "));
        let trailing = self.atom(next).and_then(|atom| atom.remarks.first());
        let remark = trailing.filter(|remark| remark.trails).map(|remark| remark.text);
        self.lines.push(Line::Code(Code { indent, text, equals, cells, remark }));
    }
}
