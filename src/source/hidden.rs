//! Characters that a reader cannot see or that change how others are shown. The lexer refuses them in a policy,
//! every writer escapes them: one list for both.

/// Whether a character is a control character other than tab and line feed, a format character (Unicode's
/// General_Category Cf: bidirectional controls, zero width, tags), a variation selector, a line or paragraph
/// separator, or a letter that shows nothing.
///
/// ```
/// use rolec::source::is_hidden;
///
/// assert!(is_hidden('\u{202e}'), "turns the text behind it around");
/// assert!(is_hidden('\u{1b}'), "begins an escape sequence of a terminal");
/// assert!(!is_hidden('é') && !is_hidden('\n'));
/// ```
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && c != '\n' && c != '\t';
    }
    matches!(c,
        '\u{80}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// How a character is named where it must not be shown: `U+202E`.
///
/// ```
/// assert_eq!(rolec::source::code_point('\u{202e}'), "U+202E");
/// ```
pub fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::is_hidden;

    #[test]
    fn what_is_hidden() {
        for c in
            "\0\u{1b}\r\u{7f}\u{85}\u{ad}\u{200d}\u{202e}\u{2066}\u{fe0f}\u{feff}\u{e0041}\u{2028}".chars()
        {
            assert!(is_hidden(c), "{:04x}", u32::from(c));
        }
        for c in "a \n\té日🙂\u{300}".chars() {
            assert!(!is_hidden(c), "{:04x}", u32::from(c));
        }
    }
}
