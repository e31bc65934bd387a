//! The page of a finding for people, and the list of all findings. The pages are Markdown, written so that little has
//! to be done for a terminal; nothing of a policy is in them.
//!
//! ```
//! use rolec::render::page;
//!
//! let mut list = Vec::new();
//! page::all(&mut list)?;
//! assert!(String::from_utf8_lossy(&list).starts_with("R0001  error    invalid-utf8\n"));
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, Write};

use crate::diagnostic::Code;

/// Writes a page: its headings as a manual has them, its texts indented and without their fences.
///
/// ```
/// use rolec::diagnostic::Code;
/// use rolec::render::page::page;
///
/// let mut out = Vec::new();
/// page(Code::UnknownRow, "# R0204 unknown-row\n\n## How to mend\n\nRead it again.\n", &mut out)?;
/// assert_eq!(out, b"error[R0204]: unknown-row\n\nHOW TO MEND\n\nRead it again.\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn page(code: Code, markdown: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut is_fenced = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if is_fenced && !line.is_empty() {
            writeln!(out, "    {line}")?;
        } else if is_fenced {
            writeln!(out)?;
        } else if line.starts_with("# ") {
            // As the finding itself was headed.
            writeln!(out, "{}[{code}]: {}", code.severity(), code.slug())?;
        } else if let Some(heading) = line.strip_prefix("## ") {
            writeln!(out, "{}", heading.to_uppercase())?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Writes all findings there are, a line each.
///
/// ```
/// let mut out = Vec::new();
/// rolec::render::page::all(&mut out)?;
/// assert!(String::from_utf8_lossy(&out).contains("\nR0405  note     flags-under-spread (with --pedantic)\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn all(out: &mut dyn Write) -> io::Result<()> {
    for code in Code::ALL {
        let asked = if code.is_pedantic() { " (with --pedantic)" } else { "" };
        writeln!(out, "{code}  {:<7}  {}{asked}", code.severity().word(), code.slug())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::diagnostic::Code;

    #[test]
    fn a_page_reads_like_a_manual() {
        let markdown = "# R0408 repeated-level\n\nA `word` twice.\n\n## Wrong\n\n```role warning R0408\n\
                        use c\n\n# no heading\n```\n\nSo # it is.\n";
        let mut out = Vec::new();
        assert!(page(Code::RepeatedLevel, markdown, &mut out).is_ok());
        assert_eq!(
            String::from_utf8_lossy(&out),
            "warning[R0408]: repeated-level\n\nA `word` twice.\n\nWRONG\n\n    use c\n\n    # no heading\n\n\
             So # it is.\n"
        );
    }
}
