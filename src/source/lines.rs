//! The starts of a text's lines, for turning an offset into a line and a column.

/// Where each line of a text begins. A line ends after `\n`.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Offsets inside of long lines and the characters of the line before each, so that no column is counted from far.
    marks: Vec<(u32, u32)>,
}

impl Default for LineIndex {
    /// The first line of a text that is read through and not kept: whoever reads it says where lines begin.
    fn default() -> Self {
        Self { starts: vec![0], marks: Vec::new() }
    }
}

impl LineIndex {
    /// The same for a text whose first character stands behind a byte order mark.
    pub fn behind_mark() -> Self {
        Self { starts: vec![3], marks: Vec::new() }
    }
}

/// Where each line feed stands, eight bytes looked at in one.
fn each_end(bytes: &[u8], mut found: impl FnMut(usize)) {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word) ^ 0x0a0a_0a0a_0a0a_0a0a;
        // The highest bit of each byte that is none now.
        let mut marks = !(((word & LOW) + LOW) | word) & !LOW;
        while marks != 0 {
            found(index * 8 + marks.trailing_zeros() as usize / 8);
            marks &= marks - 1;
        }
    }
    let from = bytes.len() - rest.len();
    rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n').for_each(|(at, _)| found(from + at));
}

/// The bytes from one mark to the next.
const STEP: usize = 4096;

impl LineIndex {
    /// Finds the lines of a text.
    pub fn new(text: &str) -> Self {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut starts: Vec<u32> = Vec::with_capacity(text.len() / 32);
        starts.push(0);
        each_end(text.as_bytes(), |at| starts.push(number(at + 1)));
        starts.shrink_to_fit();
        let mut index = Self { starts, marks: Vec::new() };
        for line in 0..index.count() {
            let marks = index.marks_of(text, line);
            index.marks.extend(marks);
        }
        index
    }

    /// Says that the next line begins at an offset.
    pub fn begin_line(&mut self, at: u32) {
        self.starts.push(at);
    }

    /// Says how many characters of the last line stand before an offset, where that is not the number of its bytes.
    pub fn mark(&mut self, at: u32, chars: u32) {
        self.marks.push((at, chars));
    }

    /// Where a line (from 0) begins.
    pub fn start(&self, line: usize) -> Option<u32> {
        self.starts.get(line).copied()
    }

    /// Line and column of an offset where there is no text: behind a mark each byte is one character.
    pub fn line_column_by_marks(&self, offset: u32) -> (u32, u32) {
        let line = self.line(offset);
        let start = self.start(line).unwrap_or(0);
        let near = self.marks.partition_point(|(at, _)| *at <= offset).checked_sub(1);
        let mark = near.and_then(|near| self.marks.get(near)).filter(|(at, _)| *at >= start);
        let (from, chars) = mark.copied().unwrap_or((start, 0));
        let line = u32::try_from(line + 1).unwrap_or(u32::MAX);
        (line, chars.saturating_add(offset.saturating_sub(from)).saturating_add(1))
    }

    fn marks_of(&self, text: &str, line: usize) -> Vec<(u32, u32)> {
        let start = self.starts.get(line).map_or(0, |start| *start as usize);
        let end = self.starts.get(line + 1).map_or(text.len(), |next| *next as usize);
        if end - start <= STEP {
            return Vec::new();
        }
        let (mut at, mut chars, mut marks) = (start, 0, Vec::new());
        while at + STEP < end {
            let next = (at + STEP..end).find(|at| text.is_char_boundary(*at)).unwrap_or(end);
            chars += text.get(at..next).unwrap_or_default().chars().count();
            at = next;
            marks.push((u32::try_from(at).unwrap_or(u32::MAX), u32::try_from(chars).unwrap_or(u32::MAX)));
        }
        marks
    }

    /// How many lines there are; an empty text has one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line of an offset, from 0.
    pub fn line(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The bytes of a line (from 0), its line end left out.
    pub fn line_range(&self, text: &str, line: usize) -> Option<std::ops::Range<usize>> {
        let start = *self.starts.get(line)? as usize;
        let end = self.starts.get(line + 1).map_or(text.len(), |next| *next as usize);
        let body = text.get(start..end)?;
        let body = body.strip_suffix('\n').map_or(body, |cut| cut.strip_suffix('\r').unwrap_or(cut));
        Some(start..start + body.len())
    }

    /// Line and column of an offset, both from 1; the column counts characters, a leading BOM not among them.
    pub fn line_column(&self, text: &str, offset: u32) -> (u32, u32) {
        let line = self.line(offset);
        let start = self.starts.get(line).map_or(0, |start| *start as usize);
        let near = self.marks.partition_point(|(at, _)| *at <= offset).checked_sub(1);
        let mark = near.and_then(|near| self.marks.get(near)).filter(|(at, _)| *at as usize > start);
        let (from, chars) = mark.map_or((start, 0), |(at, chars)| (*at as usize, *chars as usize));
        let between = text.get(from..offset as usize).unwrap_or_default();
        let is_marked = start == 0 && offset > 0 && text.starts_with('\u{feff}');
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (count(line + 1), count(chars + between.chars().count() + 1 - usize::from(is_marked)))
    }
}

#[cfg(test)]
mod tests {
    use super::LineIndex;

    #[test]
    fn lines_and_columns() {
        let text = "\u{feff}ab\r\né!\n";
        let lines = LineIndex::new(text);
        assert_eq!(lines.count(), 3);
        assert_eq!(lines.line_column(text, 3), (1, 1));
        assert_eq!(lines.line_column(text, 4), (1, 2));
        assert_eq!(lines.line_column(text, 9), (2, 2));
        assert_eq!(lines.line_column(text, 11), (3, 1));
        assert_eq!(lines.line_range(text, 0), Some(0..5));
        assert_eq!(lines.line_range(text, 2), Some(11..11));
    }

    #[test]
    fn every_line_feed_ends_a_line() {
        let mut state = 1_u64;
        for length in 0..200 {
            let mut text = String::new();
            for _ in 0..length {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // A line feed and what differs from it in one bit, and letters of several bytes.
                text.push(
                    ['\n', '\u{b}', '\u{8a}', '\u{48a}', 'J', '\0', '\t', '\n'][(state >> 61) as usize],
                );
            }
            let ends = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
            assert_eq!(LineIndex::new(&text).starts, [0].into_iter().chain(ends).collect::<Vec<_>>());
        }
    }

    #[test]
    fn columns_of_long_lines() {
        for text in
            ["x\n".to_owned() + &"é!".repeat(9000) + "\nend", "\u{feff}".to_owned() + &"aé".repeat(7000)]
        {
            let lines = LineIndex::new(&text);
            for (at, _) in text.char_indices().step_by(97) {
                let line = text.get(..at).unwrap().matches('\n').count();
                let before =
                    text.get(..at).unwrap().rsplit('\n').next().unwrap().trim_start_matches('\u{feff}');
                let offset = u32::try_from(at).unwrap();
                let wanted =
                    (u32::try_from(line + 1).unwrap(), u32::try_from(before.chars().count() + 1).unwrap());
                assert_eq!(lines.line_column(&text, offset), wanted, "{at}");
            }
        }
    }
}
