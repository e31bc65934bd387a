//! Each public item shows a use of itself: an example in its documentation, which runs as a test and asserts
//! something. A method and a constant may be shown by the example of what they belong to.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "reads the sources")]

mod support {
    pub(crate) mod public;
    #[allow(dead_code, reason = "what it reads of imports is for another test")]
    pub(crate) mod rust;
}

use rolec::diagnostic::{Diagnostic, Severity};
use rolec::example::{POLICY, TABLE};
use rolec::pipeline::compile;
use rolec::source::Sources;
use support::public::{Crate, Kind, Public};
use support::rust::{File, Token, tokens};

/// The examples in a documentation that run and assert something.
fn examples(docs: &str) -> Vec<Vec<Token>> {
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in docs.lines() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(words), None) => open = Some((matches!(words.trim(), "" | "rust"), String::new())),
            (Some(_), Some(_)) => {
                found.extend(open.take().filter(|(runs, _)| *runs).map(|(_, code)| tokens(&code)))
            }
            (None, Some((_, code))) => *code += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    let asserts = |token: &Token| matches!(token, Token::Word(word) if word.starts_with("assert"));
    found.retain(|example| example.iter().any(asserts));
    found
}

/// Whether a member is called or named: behind a dot or a `::`. Of which type is not known here: a member of the same
/// name of another type passes for it.
fn uses(examples: &[Vec<Token>], name: &str) -> bool {
    examples.iter().any(|example| {
        example.windows(2).any(|pair| {
            matches!(&pair[0], Token::Path | Token::Sign('.')) && pair[1] == Token::Word(name.to_owned())
        })
    })
}

/// What has no example.
fn missing(seen: &[Public]) -> Vec<String> {
    let path = |module: &str, name: &str| [module, name].join("::").trim_start_matches("::").to_owned();
    let mut missing = Vec::new();
    for item in seen {
        let own = examples(&item.docs);
        let of_module = || {
            let module = seen
                .iter()
                .find(|other| other.kind == Kind::Module && path(&other.module, &other.name) == item.module);
            module.is_some_and(|module| uses(&examples(&module.docs), &item.name))
        };
        if own.is_empty() && !(item.kind == Kind::Constant && of_module()) {
            missing.push(path(&item.module, &item.name));
        }
        for (name, docs) in &item.members {
            if examples(docs).is_empty() && !uses(&own, name) {
                missing.push(path(&path(&item.module, &item.name), name));
            }
        }
    }
    missing
}

#[test]
fn every_public_item_has_an_example() {
    let files = File::all("src");
    let seen = Crate::read(&files).seen();
    let missing = missing(&seen);
    assert!(
        missing.is_empty(),
        "{} without an example that asserts something:\n{}",
        missing.len(),
        missing.join("\n")
    );
    let members: usize = seen.iter().map(|item| item.members.len()).sum();
    assert!(
        seen.len() > 120 && members > 150,
        "{} items and {members} members only: are they found?",
        seen.len()
    );
}

/// `BLESS=1` writes it anew.
#[test]
fn the_compiled_example_is_that_of_its_text() {
    let compiled = compile(Sources::from_iter([("acme.role", POLICY)]));
    // A policy for examples may be advised on.
    let is_advice = |finding: &Diagnostic| finding.severity() == Severity::Note;
    assert!(compiled.findings.iter().all(is_advice), "{:?}", compiled.findings);
    let bytes = compiled.table.unwrap().to_bytes();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/example/acme.rolec"), &bytes).unwrap();
    } else {
        assert!(bytes == TABLE, "src/example/acme.rolec is out of date: BLESS=1 cargo test --test examples");
    }
}

/// The reader sees what rustdoc shows, and the rule tells what lacks an example: else the other test would be content
/// with anything.
#[test]
fn what_has_no_example_is_told() {
    let texts = [
        (
            "lib.rs",
            r#"//! Root.
            /// Seen.
            pub mod seen;
            #[doc(hidden)]
            pub mod inside;
            pub(crate) mod own;
            #[cfg(test)]
            pub mod tests { pub struct OfTests; }
            "#,
        ),
        (
            "seen/mod.rs",
            r#"//! ```
            //! assert!(shop::seen::MOST > 1);
            //! ```
            mod part;
            pub use self::part::{Shown, Told as Renamed};
            #[doc(hidden)]
            pub use crate::own::Hidden;
            pub const MOST: usize = 2;
            pub const LEAST: [usize; 1] = [1];
            /// ```
            /// let x = shop::seen::silent();
            /// ```
            pub fn silent() {}
            /// ```no_run
            /// assert!(shop::seen::idle());
            /// ```
            pub const fn idle() -> [u8; 2] { [0; 2] }
            pub(crate) fn kept() {}
            macro_rules! ids { ($($(#[$doc:meta])* $name:ident;)*) => {$(
                $(#[$doc])*
                ///
                /// ```
                #[doc = concat!("assert!(", stringify!($name), "(1).at() == 1);")]
                /// ```
                pub struct $name(u32);
                impl $name { pub fn at(self) -> u32 { self.0 } pub fn lost(self) {} }
            )*}; }
            ids! { /// One.
                One; }
            "#,
        ),
        (
            "seen/part.rs",
            r#"//! Private.
            /// ```
            /// assert_eq!(Shown::new().named(), "x");
            /// ```
            #[derive(Clone)]
            pub struct Shown<'a>(&'a str);
            macro_rules! named { ($name:ident, $what:literal) => { impl $name<'_> {
                pub fn named(&self) -> &str { self.0 }
                pub fn unnamed(&self) {}
            } }; }
            named!(Shown, "x");
            impl<'a> Shown<'a> { pub fn new() -> Self { Self("x") } fn own(&self) {} }
            impl<'a> Iterator for Shown<'a> { type Item = u8; fn next(&mut self) -> Option<u8> { None } }
            pub enum Told { Yes }
            pub struct Unreached;
            "#,
        ),
        ("inside.rs", "//! Inside.\npub struct Inside;"),
        (
            "own.rs",
            "//! Own.\npub struct Hidden;\nimpl crate::seen::Shown<'_> { pub fn elsewhere(&self) {} }",
        ),
    ];
    let files: Vec<File> =
        texts.into_iter().map(|(name, text)| File::new(name.to_owned(), text.to_owned())).collect();
    assert_eq!(
        missing(&Crate::read(&files).seen()),
        [
            "seen::$name::lost",
            "seen::LEAST",
            "seen::Renamed",
            "seen::Shown::elsewhere",
            "seen::Shown::unnamed",
            "seen::idle",
            "seen::silent",
        ]
    );
}
