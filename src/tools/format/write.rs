//! Lines to text: what stands below one another in columns, line ends, the byte order mark. Decides nothing about
//! where lines begin.

use crate::tools::format::WIDTH;
use crate::tools::format::layout::{Code, Line};

/// The spaces between a line and the comment behind it, at least.
const APART: usize = 2;

/// The text of lines, with the line ends and the byte order mark that the text before had.
pub(super) fn write(before: &str, mut lines: Vec<Line<'_>>) -> String {
    align(&mut lines, |code| code.equals, pad_equals);
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
