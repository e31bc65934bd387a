//! Text to tokens, losslessly: the texts of all tokens in order are the text. The only file that names logos.
//!
//! Each kind that the grammar sees has one character; `grammar/role.pest` is written over those characters.

use logos::Logos;

macro_rules! kinds {
    (
        words { $($(#[$doc:meta])* $word:ident = $text:literal $letter:literal,)* }
        marks { $($mark:ident = $sign:literal $letter_of_mark:literal,)* }
    ) => {
        /// What a token is.
        #[expect(clippy::enum_variant_names, reason = "`kind` is a word of the language")]
        #[derive(Logos, Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[logos(utf8 = true)]
        pub(crate) enum Kind {
            $(#[token($text)] $word,)*
            $(#[token($sign)] $mark,)*
            /// An id of ASCII letters, digits, `-` and `_` that is no word of the language.
            #[regex("[A-Za-z0-9_-]+", priority = 2)]
            Word,
            #[regex(r#""([^"\\\r\n]|\\[^\r\n])*""#, priority = 4)]
            String,
            /// A string that its line ends before its closing quote.
            #[regex(r#""([^"\\\r\n]|\\[^\r\n])*\\?"#, priority = 3)]
            UnclosedString,
            #[regex("[0-9]+", priority = 5)]
            Number,
            #[regex("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", priority = 20)]
            Date,
            #[regex(
                r"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][Tt][0-9][0-9:]*(\.[0-9]+)?([Zz]|[+\-][0-9:]+)?",
                priority = 21
            )]
            Time,
            /// `///`: documents the member below.
            #[regex(r"///([^/\r\n][^\r\n]*)?", priority = 8, allow_greedy = true)]
            Doc,
            #[regex(r"//[^\r\n]*", priority = 6, allow_greedy = true)]
            Comment,
            #[regex(r"[ \t\r\n]+")]
            Space,
            /// A character that the language has no use for.
            Unknown,
        }

        impl Kind {
            /// Every word of the language with its kind.
            pub(crate) const WORDS: &'static [(&'static str, Self)] = &[$(($text, Self::$word),)*];

            /// The character that stands for the kind in the grammar's input; `None` for what the grammar
            /// does not see.
            pub(crate) fn letter(self) -> Option<u8> {
                Some(match self {
                    $(Self::$word => $letter,)*
                    $(Self::$mark => $letter_of_mark,)*
                    Self::Word => b'_',
                    Self::String | Self::UnclosedString => b'"',
                    Self::Number => b'#',
                    Self::Date => b'@',
                    Self::Time => b'~',
                    Self::Doc | Self::Comment | Self::Space | Self::Unknown => return None,
                })
            }
        }
    };
}

// Reserved words have small letters, the words that are words of the language only in their place have capitals:
// so the grammar names both sets as ranges.
kinds! {
    words {
        Use = "use" b'u',
        Catalog = "catalog" b'c',
        Template = "template" b't',
        Organization = "organization" b'o',
        Role = "role" b'r',
        Grant = "grant" b'g',
        Assign = "assign" b'a',
        Forbid = "forbid" b'f',
        Test = "test" b'x',
        From = "from" b'm',
        To = "to" b'p',
        Until = "until" b'l',
        Because = "because" b'b',
        At = "at" b'h',
        Can = "can" b'n',
        Cannot = "cannot" b'k',
        Only = "only" b'y',
        Except = "except" b'e',
        All = "all" b'z',
        Nothing = "nothing" b'q',
        Service = "service" b's',
        Default = "default" b'd',
        In = "in" b'i',
        With = "with" b'w',
        Require = "require" b'v',
        Version = "version" b'V',
        Kind = "kind" b'K',
        Ladder = "ladder" b'L',
        Verbs = "verbs" b'B',
        Flag = "flag" b'F',
        Category = "category" b'C',
        Without = "without" b'W',
        Escalating = "escalating" b'E',
        Managed = "managed" b'M',
        Direct = "direct" b'D',
        Note = "note" b'N',
        Caveat = "caveat" b'Q',
        Limit = "limit" b'I',
        Super = "super" b'S',
        Ids = "ids" b'J',
        CaseSensitive = "case-sensitive" b'X',
        Description = "description" b'P',
        Unconfirmed = "unconfirmed" b'U',
        Cases = "cases" b'H',
        Least = "least" b'A',
        Most = "most" b'G',
    }
    marks {
        Open = "{" b'{',
        Close = "}" b'}',
        Colon = ":" b':',
        Comma = "," b',',
        Dot = "." b'.',
        Less = "<" b'<',
        Equals = "=" b'=',
        Bar = "|" b'|',
    }
}

/// One token: what it is and the bytes it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// All tokens of a text, white space and comments among them.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    let mut lexer = Kind::lexer(text);
    std::iter::from_fn(move || {
        let start = lexer.span().end;
        let kind = match passed(lexer.remainder()) {
            Some((kind, length)) => {
                lexer.bump(length);
                kind
            }
            None => lexer.next()?.unwrap_or(Kind::Unknown),
        };
        Some(Token { kind, start, end: lexer.span().end })
    })
}

/// White space, a comment or a string at the beginning of a text, and its length: what the lexer says of them too, but
/// most of a text are these, and to be passed over they need not be read letter by letter. None where the lexer is to say
/// what stands there.
fn passed(text: &str) -> Option<(Kind, usize)> {
    let bytes = text.as_bytes();
    match bytes {
        [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] => {
            let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            Some((Kind::Space, 1 + rest.iter().take_while(is_space).count()))
        }
        [b'/', b'/', rest @ ..] => {
            let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
            let length = bytes.iter().position(is_end).unwrap_or(bytes.len());
            let is_doc = rest.first() == Some(&b'/') && rest.get(1) != Some(&b'/');
            Some((if is_doc { Kind::Doc } else { Kind::Comment }, length))
        }
        [b'"', rest @ ..] => {
            let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\r' | b'\n'))?;
            (rest.get(end) == Some(&b'"')).then_some((Kind::String, end + 2))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use logos::Logos as _;

    use super::{Kind, Token, tokens};

    fn kinds(text: &str) -> Vec<Kind> {
        tokens(text).map(|token| token.kind).filter(|kind| *kind != Kind::Space).collect()
    }

    #[test]
    fn tokens_rebuild_the_text() {
        for text in [
            "",
            "role tier1 \"Tier 1\" { // x\r\n\t/// y\n}",
            "\"open \\",
            "\u{feff}é;\0 \"\\u{41}\" 2026-11-01T10:00:00+02:00 :",
            "a\rb",
        ] {
            let mut end = 0;
            for token in tokens(text) {
                assert_eq!(token.start, end, "{text:?}");
                end = token.end;
            }
            assert_eq!(end, text.len(), "{text:?}");
        }
    }

    #[test]
    fn what_is_passed_over_is_what_the_lexer_says() {
        const PIECES: [&str; 16] =
            ["/", "//", "///", "\n", "\r", " ", "\t", "\"", "\\", "a", "é", "role", "{", "\0", ".", "2026"];
        let mut state = 1_u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text += PIECES[(state >> 60) as usize];
            }
            let said = Kind::lexer(&text).spanned().map(|(kind, range)| Token {
                kind: kind.unwrap_or(Kind::Unknown),
                start: range.start,
                end: range.end,
            });
            assert!(tokens(&text).eq(said), "{text:?}");
        }
    }

    #[test]
    fn words_numbers_and_times() {
        use Kind::{Colon, Comment, Date, Doc, Number, Role, String, Time, UnclosedString, Word};
        assert_eq!(kinds("role roles 20 20a 2026-11-01"), [Role, Word, Number, Word, Date]);
        assert_eq!(kinds("2026-11-01T10:00:00Z 2026-11-01x"), [Time, Word]);
        assert_eq!(kinds("2026-11-01: a"), [Date, Colon, Word]);
        assert_eq!(kinds("\"a\\\"b\" \"c"), [String, UnclosedString]);
        assert_eq!(kinds("// a\n/// b\n//// c\n///"), [Comment, Doc, Comment, Doc]);
    }

    #[test]
    fn every_kind_has_a_letter_of_its_own() {
        let mut letters: Vec<u8> = Kind::WORDS.iter().filter_map(|(_, kind)| kind.letter()).collect();
        let count = letters.len();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), count);
    }

    #[test]
    fn a_long_token_is_no_deep_recursion() {
        let text = format!("\"{}\" {}", "x".repeat(1 << 20), "y".repeat(1 << 20));
        assert_eq!(kinds(&text), [Kind::String, Kind::Word]);
    }
}
