//! The starts of a text's lines, for turning an offset into a line and a column.

/// Where each line of a text begins. A line ends after `\n`.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the lines of a text.
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let after = ends.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
        Self { starts: std::iter::once(0).chain(after).collect() }
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
        let before = text.get(start..offset as usize).unwrap_or_default();
        let before = if start == 0 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (count(line + 1), count(before.chars().count() + 1))
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
}
