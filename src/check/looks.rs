//! What names look like: the key that names which a reader takes for one another share (UTS #39), the characters in
//! which two such names differ, and names of several scripts. Knows nothing of scopes and of what a name is of.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;
use unicode_security::mixed_script::AugmentedScriptSet;

use crate::check::names::{Case, fold};
use crate::source::{code_point, is_hidden};

/// What a name looks like. Names that share a key are taken for one another.
pub(super) struct Keys<'n> {
    /// As it looks without its case. Names that are the same when folded share it.
    pub(super) folded: Cow<'n, str>,
    /// As it looks as it is written, where that is something else: `I` is a stroke as `l` is, `i` is not.
    pub(super) written: Option<String>,
}

impl<'n> Keys<'n> {
    /// The same, to be kept.
    pub(super) fn kept(self) -> impl Iterator<Item = Cow<'n, str>> {
        std::iter::once(self.folded).chain(self.written.map(Cow::from))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.folded).chain(self.written.as_deref())
    }
}

/// The keys of a name. Where case tells names apart there is one, and it has the case.
pub(super) fn keys(name: &str, case: Case) -> Keys<'_> {
    if case == Case::Different {
        let folded = if is_drawn(name, case) { name.into() } else { draw(skeleton(name), case).into() };
        return Keys { folded, written: None };
    }
    if is_drawn(name, case) {
        return Keys { folded: name.into(), written: None };
    }
    if name.is_ascii() && !name.contains('%') {
        // What the skeleton would say, without its tables.
        let folded = draw_ascii(name.bytes().map(|byte| byte.to_ascii_lowercase()));
        let written = name.contains('I').then(|| draw_ascii(name.bytes()));
        return Keys { folded: folded.into(), written };
    }
    let folded = draw(skeleton(&fold(name)), case);
    let written = Some(draw(skeleton(name), case)).filter(|written| *written != folded);
    Keys { folded: folded.into(), written }
}

/// Whether a name is its own key: so are most.
fn is_drawn(name: &str, case: Case) -> bool {
    let mut before = b' ';
    for byte in name.bytes() {
        let is_changed = match byte {
            b'0' | b'1' | b'|' | b'_' | b'"' | b'`' | b'%' | b'\t' | b'I' => true,
            b'A'..=b'Z' => case == Case::Same,
            b'n' => before == b'r',
            b' ' => before == b' ',
            _ => !byte.is_ascii(),
        };
        if is_changed {
            return false;
        }
        before = byte;
    }
    before != b' ' || name.is_empty()
}

/// The key of a skeleton, or of ASCII that was made none yet. `m` stands for the skeleton's `rn`, so that ASCII keeps
/// its length. Beyond UTS #39: `_` looks as `-` does, white space is one space and none at the ends, and an `i` has
/// its dot.
fn draw(chars: impl Iterator<Item = char>, case: Case) -> String {
    let mut out = String::with_capacity(chars.size_hint().0);
    for c in chars {
        let c = match c {
            '0' => 'O',
            '1' | '|' | 'I' => 'l',
            '_' => '-',
            '`' => '\'',
            '"' => {
                out.push('\'');
                '\''
            }
            c => c,
        };
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if c == '\u{307}' && out.ends_with(['i', 'j']) {
            // An `i` with one dot more.
        } else if case == Case::Different {
            add(&mut out, c);
        } else {
            c.to_lowercase().for_each(|c| add(&mut out, c));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The same for ASCII whose case tells nothing: most names, and each is drawn whenever its scope is checked.
fn draw_ascii(bytes: impl Iterator<Item = u8>) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.size_hint().0);
    let mut before = b' ';
    for byte in bytes {
        let c = match byte {
            b'0' => b'o',
            b'1' | b'|' | b'I' => b'l',
            b'_' => b'-',
            b'`' => b'\'',
            b'"' => {
                out.push(b'\'');
                b'\''
            }
            b'\t'..=b'\r' => b' ',
            byte => byte.to_ascii_lowercase(),
        };
        match (before, c) {
            (b' ', b' ') => continue,
            (b'r', b'n') => {
                out.pop();
                out.push(b'm');
                // As `add` sees it: an `m` of two letters ends as no `r`.
                before = b'm';
                continue;
            }
            _ => out.push(c),
        }
        before = c;
    }
    while out.last() == Some(&b' ') {
        out.pop();
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Adds a letter to a key.
fn add(key: &mut String, c: char) {
    if c == 'n' && key.ends_with('r') {
        key.pop();
        key.push('m');
    } else {
        key.push(c);
    }
}

/// Whether two names look the same to the letter, so that only their code points tell them apart.
pub(super) fn is_same_to_the_eye(one: &str, other: &str) -> bool {
    !(one.is_ascii() && other.is_ascii()) && skeleton(one).eq(skeleton(other))
}

/// The characters in which two names differ, by their code points.
pub(super) fn contrast(one: &str, other: &str) -> String {
    /// Pairs that are told one by one.
    const PAIRS: usize = 3;
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len() == other.len() {
        let mut pairs: Vec<(char, char)> =
            one.iter().zip(&other).filter(|(a, b)| a != b).map(|(a, b)| (*a, *b)).collect();
        // Beside others those of case say nothing.
        let is_of_case = |(a, b): &(char, char)| a.to_lowercase().eq(b.to_lowercase());
        if !pairs.iter().all(is_of_case) {
            pairs.retain(|pair| !is_of_case(pair));
        }
        if pairs.len() <= PAIRS && !pairs.iter().any(|(a, b)| is_combining_mark(*a) || is_combining_mark(*b))
        {
            let told: Vec<String> =
                pairs.iter().map(|(a, b)| format!("{} against {}", points(&[*a]), points(&[*b]))).collect();
            return told.join(", ");
        }
    }
    let mut start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let is_mark = |chars: &[char]| chars.get(start).is_some_and(|c| is_combining_mark(*c));
    if is_mark(&one) || is_mark(&other) {
        // A mark is shown with its letter.
        start = start.saturating_sub(1);
    }
    let (one, other) = (one.get(start..).unwrap_or_default(), other.get(start..).unwrap_or_default());
    let same = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle = |chars: &[char]| points(chars.get(..chars.len() - same).unwrap_or_default());
    format!("{} against {}", middle(one), middle(other))
}

/// Characters and their code points.
fn points(chars: &[char]) -> String {
    /// Code points that are written out.
    const SHOWN: usize = 6;
    if chars.is_empty() {
        return "nothing".to_owned();
    }
    let text: String = chars.iter().take(SHOWN).collect();
    let points: Vec<String> = chars.iter().take(SHOWN).map(|c| code_point(*c)).collect();
    let more = if chars.len() > SHOWN { " …" } else { "" };
    format!("`{text}` {}{more}", points.join(" "))
}

/// Which part of a name is of one script.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// All of it.
    Whole,
    /// Each of its words: a title, an address may have a word of another language.
    Word,
}

/// Two characters of a name that are of different scripts, in words. Latin beside Chinese, Japanese or Korean is how
/// these are written.
pub(super) fn mixed(name: &str, unit: Unit) -> Option<String> {
    if name.is_ascii() {
        return None;
    }
    match unit {
        Unit::Whole => mixed_in(name),
        Unit::Word => name.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).find_map(mixed_in),
    }
}

/// The first character of a name that no script has: private, not assigned, or put where one could not be read.
pub(super) fn of_no_script(name: &str) -> Option<String> {
    let found = name.chars().find(|c| !c.is_ascii() && !is_hidden(*c) && has_no_script(*c))?;
    Some(points(&[found]))
}

fn has_no_script(c: char) -> bool {
    c == char::REPLACEMENT_CHARACTER || AugmentedScriptSet::for_char(c).is_empty()
}

fn mixed_in(word: &str) -> Option<String> {
    // What is hidden or of no script has a finding of its own.
    let chars = || word.chars().filter(|c| c.is_ascii() || !(is_hidden(*c) || has_no_script(*c)));
    let mut common = AugmentedScriptSet::default();
    chars().for_each(|c| common.intersect_with(AugmentedScriptSet::for_char(c)));
    if !common.is_empty() {
        return None;
    }
    let latin = AugmentedScriptSet::for_char('a');
    let is_apart = |a: AugmentedScriptSet, b: AugmentedScriptSet| {
        let mut both = a;
        both.intersect_with(b);
        both.is_empty()
    };
    let mut others = AugmentedScriptSet::default();
    let sets = chars().map(|c| (c, AugmentedScriptSet::for_char(c)));
    sets.clone().filter(|(_, set)| is_apart(*set, latin)).for_each(|(_, set)| others.intersect_with(set));
    if others.hanb || others.jpan || others.kore {
        return None;
    }
    let (first, of_first) = sets.clone().find(|(_, set)| !set.is_all())?;
    let (other, of_other) = sets.clone().find(|(_, set)| is_apart(of_first, *set))?;
    let (first, other) = (points(&[first]), points(&[other]));
    Some(format!("{first} is {of_first}, {other} is {of_other}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a test fails by a panic")]

    use super::*;

    #[test]
    fn ascii_is_drawn_as_all_else() {
        for name in [
            "",
            " ",
            "a",
            "arn",
            "rrn n",
            "Rn",
            " a \t b ",
            "I|1l0O",
            "a_b\"`c",
            "person-10@x",
            "r n",
            "\x0b\x7f",
        ] {
            let all = name.bytes().map(char::from);
            assert_eq!(draw_ascii(name.bytes()), draw(all, Case::Same), "{name:?}");
        }
    }

    fn is_alike(one: &str, other: &str, case: Case) -> bool {
        let (one, other) = (keys(one, case), keys(other, case));
        one.iter().any(|key| other.iter().any(|other| key == other))
    }

    #[test]
    fn what_looks_alike() {
        let alike = [
            ("auditor", "аuditor"),
            ("auditor", "АUDITOR"),
            ("help-desk", "help_desk"),
            ("help-desk", "help–desk"),
            ("tier1", "tierl"),
            ("tierI", "tierl"),
            ("tier0", "tierO"),
            ("admin", "adrnin"),
            ("ace", "асе"),
            ("HELP", "НЕLР"),
            ("RN", "RΝ"),
            ("mail", "maiΙ"),
            ("file", "ﬁle"),
            ("İdris", "idris"),
            ("a b", " a  b "),
            ("don't", "don’t"),
            ("50%", "5०%"),
        ];
        for (one, other) in alike {
            assert!(is_alike(one, other, Case::Same), "{one} {other}");
        }
        for (one, other) in [("auditor", "editor"), ("Tier 1", "Tier 2"), ("tieri", "tierl"), ("é", "e")] {
            assert!(!is_alike(one, other, Case::Same), "{one} {other}");
        }
        for (one, other, is) in [("a", "A", false), ("A", "А", true), ("a", "А", false), ("l", "I", true)] {
            assert_eq!(is_alike(one, other, Case::Different), is, "{one} {other}");
        }
    }

    /// The short ways say what the tables say.
    #[test]
    fn ascii_is_as_its_skeleton() {
        let ascii: Vec<char> = (' '..='~').collect();
        for a in &ascii {
            for b in &ascii {
                let name = format!("{a}{b}x");
                for case in [Case::Same, Case::Different] {
                    let keys = keys(&name, case);
                    let slow = |name: &str| draw(skeleton(name), case);
                    match case {
                        Case::Same => assert_eq!(*keys.folded, slow(&fold(&name)), "{name}"),
                        Case::Different => assert_eq!(*keys.folded, slow(&name), "{name}"),
                    }
                    if let Some(written) = keys.written {
                        assert_eq!(written, slow(&name), "{name}");
                    } else if case == Case::Same {
                        assert_eq!(*keys.folded, slow(&name), "{name}");
                    }
                }
            }
        }
    }

    #[test]
    fn how_they_differ() {
        for (one, other, told) in [
            ("аudit", "audit", "`а` U+0430 against `a` U+0061"),
            ("helр", "Help", "`р` U+0440 against `p` U+0070"),
            ("sе\u{301}", "sé", "`е\u{301}` U+0435 U+0301 against `é` U+00E9"),
            (
                "e\u{301}é",
                "ée\u{301}",
                "`e\u{301}é` U+0065 U+0301 U+00E9 against `ée\u{301}` U+00E9 U+0065 U+0301",
            ),
            ("a  b", "a b", "` ` U+0020 against nothing"),
            ("abcdef-", "-", "`abcdef` U+0061 U+0062 U+0063 U+0064 U+0065 U+0066 against nothing"),
            ("abcdefg-", "-", "`abcdef` U+0061 U+0062 U+0063 U+0064 U+0065 U+0066 … against nothing"),
            (
                "аоа",
                "aoa",
                "`а` U+0430 against `a` U+0061, `о` U+043E against `o` U+006F, `а` U+0430 against `a` U+0061",
            ),
        ] {
            assert_eq!(contrast(one, other), told);
        }
    }

    #[test]
    fn scripts() {
        for name in ["аuditor", "Αdmin", "bоb@x", "отдел-it"] {
            assert!(mixed(name, Unit::Whole).is_some(), "{name}");
        }
        for name in ["Über-Ämter", "аудитор", "IT管理者", "µ-2", "naïve", "e\u{301}", "サーバーadmin"]
        {
            assert_eq!(mixed(name, Unit::Whole), None, "{name}");
        }
        assert_eq!(mixed("Администратор VPN", Unit::Word), None);
        assert_eq!(mixed("ana@пример.example", Unit::Word), None);
        let told = mixed("Chief Аuditor", Unit::Word);
        assert_eq!(told.as_deref(), Some("`А` U+0410 is Cyrillic, `u` U+0075 is Latin"));
    }

    #[test]
    fn characters_of_no_script() {
        for name in ["\u{ffff}\u{e000}", "a\u{378}b", "\u{fdd0}", "x\u{fffd}"] {
            assert!(of_no_script(name).is_some(), "{name:?}");
            assert_eq!(mixed(name, Unit::Whole), None, "{name:?}");
        }
        // Hidden ones have a finding of their own.
        for name in ["a\u{61c}b", "a\u{180e}b", "a\u{2800}b", "Über-Ämter 🙂 日本"] {
            assert_eq!((of_no_script(name), mixed(name, Unit::Word)), (None, None), "{name:?}");
        }
    }
}
