//! Damage stays where it is. Every policy of policies/ is cut off behind and inside of every token, and every token is
//! taken out of it: that gives a tree and no panic, what is found in the syntax lies in the damaged member, and no name
//! is missed elsewhere but one that is gone.
//!
//! The syntax is tried at every place. Whole policies are compiled for a sample, the same one in each run; with
//! `RECOVERY=all`, for all.
#![cfg(feature = "compile")]
#![expect(
    clippy::disallowed_methods,
    reason = "the policies are files, and RECOVERY is asked for by the environment"
)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod support {
    #[allow(dead_code, reason = "only the listing of files is wanted here")]
    pub(crate) mod texts;
}

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rolec::diagnostic::{Code, Diagnostic};
use rolec::pipeline::compile;
use rolec::source::{FileId, Provenance, SourceFile, Sources, Span};
use rolec::syntax::{Outline, PartSort, Sign, Token, outline, parse};

use support::texts::{files, read, root};

/// One in so many places is compiled.
const SAMPLE: usize = 41;

/// What is done to a text at a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    Without,
    CutBehind,
    CutInside,
}

/// A file of a policy, and what is known of it while it is sound.
struct File {
    name: String,
    text: String,
    outline: Outline,
    /// Its tokens but for comments, as positions in the outline.
    tokens: Vec<usize>,
}

impl File {
    fn new(name: String, text: String) -> Self {
        let source = SourceFile::new(&name, text.clone().into_bytes(), Provenance::Given);
        let (outline, findings) = outline(&source, FileId(0));
        assert!(findings.is_empty(), "{name} is not sound");
        let is_said = |at: &usize| !matches!(outline.tokens[*at].sign, Sign::Remark | Sign::Doc);
        let tokens = (0..outline.tokens.len()).filter(is_said).collect();
        Self { name, text, outline, tokens }
    }

    /// The text damaged at a token; nothing where there is no inside of it.
    fn damaged(&self, damage: Damage, token: Token) -> Option<String> {
        let (start, end) = (token.span.start as usize, token.span.end as usize);
        Some(match damage {
            Damage::Without => format!("{}{}", &self.text[..start], &self.text[end..]),
            Damage::CutBehind => self.text[..end].to_owned(),
            Damage::CutInside => {
                let middle = start.midpoint(end);
                let is_inside = middle > start && self.text.is_char_boundary(middle);
                is_inside.then(|| self.text[..middle].to_owned())?
            }
        })
    }

    /// Where findings may lie: in the member of the token. Where a bracket is lost, in the next one too, and in the head
    /// of the container that has no end for it.
    fn allowed(&self, damage: Damage, at: usize) -> Vec<Span> {
        let token = self.outline.tokens[at];
        let parts = &self.outline.parts;
        let here = parts.iter().position(|part| part.tokens.contains(&at)).unwrap();
        let is_cut = damage != Damage::Without;
        let mut found = vec![here];
        if matches!(token.sign, Sign::Open | Sign::Close) || is_cut {
            found.push((here + 1).min(parts.len() - 1));
        }
        if parts[here].sort == PartSort::End || is_cut {
            found.extend((0..here).rev().find(|part| parts[*part].sort == PartSort::Head));
        }
        let removed = if is_cut { 0 } else { token.span.end - token.span.start };
        let moved = |at: u32| if at > token.span.start { at - removed } else { at };
        let span = |part: usize| {
            let tokens = &self.outline.tokens[parts[part].tokens.clone()];
            Span::new(moved(tokens[0].span.start), moved(tokens[tokens.len() - 1].span.end))
        };
        found.into_iter().map(span).collect()
    }

    /// What is gone from the text, token by token.
    fn removed(&self, damage: Damage, at: usize) -> BTreeSet<&str> {
        let end = if damage == Damage::Without { at + 1 } else { self.outline.tokens.len() };
        let text = |token: &Token| &self.text[token.span.start as usize..token.span.end as usize];
        self.outline.tokens[at..end].iter().map(text).map(|text| text.trim_matches('"')).collect()
    }

    fn place(&self, at: usize) -> String {
        let token = self.outline.tokens[at];
        let (line, column) =
            rolec::source::LineIndex::new(&self.text).line_column(&self.text, token.span.start);
        let text = &self.text[token.span.start as usize..token.span.end as usize];
        format!("{}:{line}:{column} `{text}`", self.name)
    }
}

/// The policies that ship. The built-in catalog goes by another name: its damaged text would be taken for another one
/// beside it.
fn policies() -> Vec<Vec<File>> {
    let mut policies: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for path in files("policies", "role") {
        let name = path.strip_prefix(root().join("policies")).unwrap().display().to_string();
        let policy = name.split('/').next().unwrap().to_owned();
        let text = read(&path);
        let text = if policy == "jumpcloud" { text.replace("jumpcloud", "portal") } else { text };
        policies.entry(policy).or_default().push(File::new(name, text));
    }
    policies.into_values().collect()
}

fn is_syntax(code: Code) -> bool {
    code.code() < "R0200"
}

fn is_name(code: Code) -> bool {
    code.code().starts_with("R02")
}

fn is_within(finding: &Diagnostic, allowed: &[Span]) -> bool {
    let span = finding.primary.place.span;
    allowed.iter().any(|allowed| allowed.start <= span.start && span.end <= allowed.end)
}

/// Damages every policy at every token and tells which findings of the syntax lie elsewhere.
fn syntax(damage: Damage) {
    let mut wrong = String::new();
    let mut tried = 0;
    for file in policies().iter().flatten() {
        for at in &file.tokens {
            let Some(text) = file.damaged(damage, file.outline.tokens[*at]) else { continue };
            tried += 1;
            let source = SourceFile::new(&file.name, text.into_bytes(), Provenance::Given);
            let (_, findings) = parse(&source, FileId(0));
            let allowed = file.allowed(damage, *at);
            let elsewhere = findings.iter().filter(|finding| !is_within(finding, &allowed));
            for finding in elsewhere {
                let line = source.lines().line_column(source.text(), finding.primary.place.span.start).0;
                let _ = writeln!(wrong, "{damage:?} {}: {line}: {}", file.place(*at), finding.message);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(tried > 3000, "only {tried} places were tried");
}

#[test]
fn a_token_less_is_told_in_its_member() {
    syntax(Damage::Without);
}

#[test]
fn a_text_cut_behind_a_token_is_told_in_its_last_member() {
    syntax(Damage::CutBehind);
}

#[test]
fn a_text_cut_inside_of_a_token_is_told_in_its_last_member() {
    syntax(Damage::CutInside);
}

#[test]
fn no_name_is_missed_elsewhere_but_one_that_is_gone() {
    let step = if std::env::var("RECOVERY").is_ok_and(|wanted| wanted == "all") { 1 } else { SAMPLE };
    let mut wrong = String::new();
    let (mut count, mut tried) = (0, 0);
    for policy in policies() {
        for (index, file) in policy.iter().enumerate() {
            for at in &file.tokens {
                for damage in [Damage::Without, Damage::CutBehind, Damage::CutInside] {
                    count += 1;
                    let Some(text) = file.damaged(damage, file.outline.tokens[*at]) else { continue };
                    if count % step == 0 {
                        tried += 1;
                        missed(&policy, index, *at, damage, &text, &mut wrong);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(tried > 300, "only {tried} places were tried");
}

/// Compiles a policy of which one file is damaged, and tells which names are missed for no reason.
fn missed(policy: &[File], index: usize, at: usize, damage: Damage, text: &str, wrong: &mut String) {
    let texts = policy
        .iter()
        .enumerate()
        .map(|(other, file)| (file.name.as_str(), if other == index { text } else { file.text.as_str() }));
    let compiled = compile(Sources::from_iter(texts));
    // A text that is right says something else: nothing is damaged.
    if !compiled.findings.iter().any(|finding| is_syntax(finding.code)) {
        return;
    }
    let file = &policy[index];
    let (allowed, removed) = (file.allowed(damage, at), file.removed(damage, at));
    for finding in compiled.findings.iter().filter(|finding| is_name(finding.code)) {
        let source = compiled.sources.file(finding.primary.place.file).unwrap();
        let name = source.slice(finding.primary.place.span).trim_matches('"');
        let is_here = source.name() == file.name && is_within(finding, &allowed);
        // A catalog by the path of its file is gone where its head is.
        let is_path =
            finding.code == Code::UnknownCatalog && file.name.ends_with(name.trim_start_matches("../"));
        let is_gone = removed.contains(name) || (is_path && removed.contains("catalog"));
        if !is_here && !is_gone {
            let _ = writeln!(wrong, "{damage:?} {}: {}: {}", file.place(at), source.name(), finding.message);
        }
    }
}
