//! What is done with bytes that nobody has looked at, a function for each door of the program. A target returns, or panics
//! where a promise is broken; it touches no file. Every promise stands in the reference or on docs/ARCHITECTURE.md.

use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::{Arc, Mutex};

use rolec::cli::doors;
use rolec::decisions::Decisions;
use rolec::lint::Moment;
use rolec::lsp::{Setup, serve};
use rolec::pipeline::{Compilation, compile, compile_with};
use rolec::reference::Reference;
use rolec::render::{Color, Human, json};
use rolec::roster::{Form, read};
use rolec::source::{FileId, Provenance, SourceFile, Sources};
use rolec::syntax::{Sign, signs};
use rolec::table::Table;
use rolec::told;
use rolec::tools::certify;
use rolec::tools::format as style;
use rolec::vocab::Time;
use rolec::workspace::Workspace;

use crate::forge::forge;

/// A target of fuzzing.
pub type Target = fn(&[u8]);

/// All of them, by the names of their binaries and of the folders of their corpora.
pub const ALL: [(&str, Target); 12] = [
    ("arguments", arguments),
    ("certify", certify),
    ("edits", edits),
    ("eval", eval),
    ("forged", forged),
    ("format", format),
    ("rows", rows),
    ("rpc", rpc),
    ("settings", settings),
    ("table", table),
    ("text", text),
    ("tokens", tokens),
];

/// Bytes as a policy: every token stands in the text, what is found is shown without raw controls, and a table is one
/// that its reader takes.
pub fn text(bytes: &[u8]) {
    let source = SourceFile::new("a.role", bytes.to_vec(), Provenance::Given);
    lossless(source.text());
    let mut sources = Sources::new();
    sources.push(source);
    checked(&compile(sources));
}

/// Words of the language in any order: far more of them fit somewhere than of mere bytes.
pub fn tokens(bytes: &[u8]) {
    let text = spelled(bytes);
    lossless(&text);
    checked(&compile(Sources::from_iter([("a.role", text)])));
}

/// Bytes as the file of a table.
pub fn table(bytes: &[u8]) {
    if let Ok(table) = Table::from_bytes(bytes) {
        assert_eq!(table.to_bytes(), bytes, "two ways to write one table");
    }
    let _ = Decisions::from_bytes(bytes).map(|decisions| asked(&decisions));
    let _ = Decisions::read(&mut &*bytes, bytes.len() as u64);
}

/// A table with some of its bytes changed, and all checksums made to fit. Three bytes are a change: where, and to what; or
/// all bytes are a file, where they begin as one.
pub fn forged(bytes: &[u8]) {
    let mut whole = if Table::is_begun(bytes) {
        bytes.to_vec()
    } else {
        let mut whole = rolec::example::TABLE.to_vec();
        for change in bytes.chunks_exact(3) {
            let at = usize::from(change[0]) << 8 | usize::from(change[1]);
            let at = at % whole.len();
            whole[at] = change[2];
        }
        whole
    };
    forge(&mut whole);
    if let Ok(table) = Table::from_bytes(&whole) {
        // The line of the header that says more than decisions is its writer's.
        assert_eq!(table.to_bytes()[128..], whole[128..], "two ways to write one table");
        asked(table.decisions());
    }
    let _ = Decisions::from_bytes(&whole).map(|decisions| asked(&decisions));
}

/// Words of the language around a catalog: what compiles is worked out once more from its trees, cell by cell.
pub fn certify(bytes: &[u8]) {
    let text = format!("{CATALOG}{}", spelled(bytes));
    let compiled = compile(Sources::from_iter([("a.role", text)]));
    let Some(table) = &compiled.table else { return };
    let reference = Reference::of(&compiled.sources);
    let reference = reference.unwrap_or_else(|gap| panic!("a policy without errors has a gap: {gap}"));
    let again =
        Table::from_bytes(&table.to_bytes()).unwrap_or_else(|error| panic!("what was written: {error}"));
    if let Err(found) = certify::certify(&reference, &again) {
        panic!("{:#?}", found.told());
    }
}

/// A text in the canonical style is what it was, and formatting it again changes nothing.
pub fn format(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let formatted = style::format(text);
    if formatted.is_refused {
        return;
    }
    let said = |text: &str, is_remark: bool| -> Vec<String> {
        let all = signs(text).filter(|(sign, _)| (*sign == Sign::Remark) == is_remark);
        all.map(|(_, span)| text[span.start as usize..span.end as usize].trim_end().to_owned()).collect()
    };
    for is_remark in [false, true] {
        assert_eq!(
            said(text, is_remark),
            said(&formatted.text, is_remark),
            "formatted to\n{}",
            formatted.text
        );
    }
    let again = style::format(&formatted.text);
    assert_eq!(formatted.text, again.text, "formatted twice");
    let sources = |text: &str| Sources::from_iter([("a.role", text)]);
    assert_eq!(style::same_policy(sources(text), sources(&formatted.text)), Ok(()), "another policy");
}

/// The policy of the examples in two files, edited: after every edit what a workspace knows is what a compiler finds that
/// sees it for the first time. Four bytes are an edit: where, how much goes, and which word comes.
pub fn edits(bytes: &[u8]) {
    let cut = rolec::example::POLICY.find("organization ").unwrap_or(0);
    let (first, second) = rolec::example::POLICY.split_at(cut);
    let mut texts = [first.to_owned(), second.to_owned()];
    let names = ["a.role", "b.role"];
    let mut workspace = Workspace::new(Moment::default());
    names.iter().zip(&texts).for_each(|(name, text)| workspace.set(name, text.clone()));
    workspace.update();
    for edit in bytes.chunks_exact(4).take(24) {
        let which = usize::from(edit[3] & 1);
        let text = &mut texts[which];
        let place = usize::from(edit[0]) << 3 | usize::from(edit[1] >> 5);
        let from = (0..=place % (text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let to = (from + usize::from(edit[1] & 31)).min(text.len());
        let to = (to..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        text.replace_range(from..to, WORDS[usize::from(edit[2]) % WORDS.len()]);
        workspace.set(names[which], text.clone());
        workspace.update();
        let fresh = compile(Sources::from_iter(names.iter().copied().zip(texts.iter().map(String::as_str))));
        let told = |sources: &Sources, finding: &rolec::diagnostic::Diagnostic| {
            let place = finding.primary.place;
            let name = sources.file(place.file).map_or("", SourceFile::name).to_owned();
            (name, place.span.start, place.span.end, finding.code.slug(), finding.message.clone())
        };
        let mut wanted: Vec<_> = fresh.findings.iter().map(|finding| told(&fresh.sources, finding)).collect();
        let files: Vec<FileId> = workspace.sources().iter().map(|(id, _)| id).collect();
        let mut found: Vec<_> = files
            .into_iter()
            .flat_map(|id| workspace.findings(id).map(|finding| told(workspace.sources(), finding)))
            .collect();
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "found in {texts:#?}");
        let bytes = |table: Option<Table>| table.map(|table| table.to_bytes());
        assert!(bytes(workspace.table()) == bytes(fresh.table), "another table of {texts:#?}");
    }
}

/// A conversation with the language server: the bytes as they are, or where they begin so, each line a message in its
/// frame. It has a text open and no folder.
pub fn rpc(bytes: &[u8]) {
    let mut input = Vec::new();
    let mut frame = |body: &[u8]| {
        input.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
        input.extend_from_slice(body);
    };
    frame(br#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}"#);
    frame(br#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#);
    let opened = "use jumpcloud\\norganization o { role r { grant all: view } assign r to \\\"ana\\\" }\\n";
    let open = format!(
        r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{{"textDocument":{{"uri":"untitled:a.role","languageId":"role","version":1,"text":"{opened}"}}}}}}"#
    );
    frame(open.as_bytes());
    match bytes.strip_prefix(b"lines\n") {
        Some(lines) => lines.split(|byte| *byte == b'\n').take(64).for_each(frame),
        None => input.extend_from_slice(bytes),
    }
    // Folders are on disk: none of them is to be walked.
    if [&b"olders"[..], b"file:", b"rootPath", b"\\u"]
        .iter()
        .any(|word| input.windows(word.len()).any(|it| it == *word))
    {
        return;
    }
    let output = Shared::default();
    let ending = serve(io::Cursor::new(input), output.clone(), Setup::default());
    assert!(ending.is_ok(), "the server ends: {ending:?}");
    let written = output.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let written = String::from_utf8_lossy(&written);
    assert!(!written.contains("a defect of rolec"), "the server found a defect of its own:\n{written}");
    assert!(written.contains("capabilities"), "`initialize` is answered");
}

/// Lines of `eval`: an answer to each, a JSON object, and none allows what is malformed.
pub fn eval(bytes: &[u8]) {
    let output = doors::eval(example(), bytes, Time(1_790_000_000));
    let output = String::from_utf8(output).unwrap_or_else(|error| panic!("not UTF-8: {error}"));
    let asked =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.iter().all(u8::is_ascii_whitespace)).count();
    assert!(output.lines().count() <= asked, "more answers than lines");
    assert!(output.lines().count() + 1 >= asked, "fewer answers than lines");
    for line in output.lines() {
        assert!(line.starts_with('{') && line.ends_with('}') && shows_no_control(line), "{line}");
        assert!(!line.contains(r#""malformed""#) || line.contains(r#""deny""#), "{line}");
    }
}

/// Arguments, parted by line ends: read, or refused in words.
pub fn arguments(bytes: &[u8]) {
    let parts = bytes.split(|byte| *byte == b'\n').take(64).map(argument);
    let all = std::iter::once(OsString::from("rolec")).chain(parts);
    match doors::arguments(all) {
        Ok(args) => assert!(args.starts_with("Args"), "{args}"),
        Err(said) => assert!(!said.trim().is_empty(), "refused without a word"),
    }
}

/// Files of assignments beside a policy: the first byte says which form.
pub fn rows(bytes: &[u8]) {
    let Some((form, rows)) = bytes.split_first() else { return };
    let form = if form.is_multiple_of(2) { Form::Csv } else { Form::Lines };
    let mut sources = Sources::from_iter([("acme.role", rolec::example::POLICY)]);
    let file = sources.push(SourceFile::unread("people"));
    let read = read(rows, form, file, &mut |_| ());
    let (roster, lines) = read.unwrap_or_else(|error| panic!("a list in memory is read: {error}"));
    sources.replace(file, SourceFile::of_rows("people", lines));
    checked(&compile_with(sources, vec![roster], Moment::default()));
}

/// `rolec.toml`: which findings are told, and how gravely.
pub fn settings(bytes: &[u8]) {
    let mut sources = Sources::new();
    let file = sources.add("rolec.toml", bytes);
    let Some(source) = sources.file(file) else { return };
    let (_, findings) = told::settings(source, file);
    shown(&sources, &findings);
}

/// The words that texts are made of, by number: those of the language, and names that others may speak of.
const WORDS: [&str; 96] = [
    " ",
    "\n",
    "{",
    "}",
    "(",
    ")",
    ",",
    ":",
    "<",
    ".",
    "=",
    "\"",
    "\"a\"",
    "\"b b\"",
    "// c\n",
    "/// d\n",
    "a",
    "b",
    "c",
    "s",
    "t",
    "r0",
    "r1",
    "none",
    "view",
    "full",
    "on",
    "off",
    "update",
    "ladder none < view < full",
    "verbs view, update",
    "flag",
    "use ",
    "catalog ",
    "category ",
    "kind ",
    "organization ",
    "template ",
    "default ",
    "role ",
    "from ",
    "until ",
    "grant ",
    "all",
    "assign ",
    " to ",
    "service ",
    "forbid ",
    "unless ",
    "require ",
    "at least ",
    "at most ",
    "test ",
    "expect ",
    "can ",
    "cannot ",
    "managed",
    "direct",
    "only managed",
    "escalating",
    " to ",
    "without ",
    "super ",
    "limit custom-roles ",
    "ids ",
    "case-sensitive",
    "title",
    "doc",
    "note ",
    "caveat ",
    "because ",
    "unconfirmed ",
    "1",
    "20",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "small",
    "one",
    "two",
    "one.wide",
    "two.words",
    "two.switch",
    "use small\n",
    "organization o {\n",
    "role r0 { grant all: view }\n",
    "role r1 from r0 { grant one { wide: full } }\n",
    "template t { grant two: full }\n",
    "assign r0 to \"a\"\n",
    "assign r1 to \"a\", service \"b\" until 2026-01-01\n",
    "grant two { words: view, update  switch: on }\n",
    "}\n",
    "\u{202e}",
    "é",
    "\u{feff}",
    "\r",
    "\0",
];

/// A catalog that texts may speak of.
const CATALOG: &str = "catalog small {
    category one { wide: ladder none < view < full  narrow: ladder none < view < full without view
        raised: ladder none < view < full without none }
    category two { words: verbs view, update  switch: flag { only managed } }
}
";

/// A text of the words that bytes number.
fn spelled(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| WORDS[usize::from(*byte) % WORDS.len()]).collect()
}

/// The tokens of a text stand in it one behind the other, and between them is only white space and the mark at the start.
fn lossless(text: &str) {
    let mut end = 0;
    for (_, span) in signs(text) {
        let (from, to) = (span.start as usize, span.end as usize);
        assert!(end <= from && from < to && to <= text.len(), "tokens overlap at {from}");
        let between = text[end..from].trim_start_matches('\u{feff}');
        assert!(between.chars().all(|it| matches!(it, ' ' | '\t' | '\r' | '\n')), "{between:?} is lost");
        end = to;
    }
}

/// A compilation: either errors or a table that its reader takes as it is; and its findings can be shown.
fn checked(compiled: &Compilation) {
    assert_eq!(compiled.findings.has_errors(), compiled.table.is_none(), "errors, or a table");
    if let Some(table) = &compiled.table {
        let bytes = table.to_bytes();
        let again = Table::from_bytes(&bytes).unwrap_or_else(|error| panic!("what was written: {error}"));
        assert!(again == *table, "another table");
        asked(table.decisions());
    }
    assert!(compiled.findings.iter().all(|finding| finding.code.slug() != "compiler-defect"), "a defect");
    shown(&compiled.sources, &compiled.findings);
}

/// Findings as people and as programs get them.
fn shown(sources: &Sources, findings: &rolec::diagnostic::Diagnostics) {
    let mut human = Vec::new();
    let drawn = Human { sources, color: Color::Never }.render(findings, &mut human);
    assert!(drawn.is_ok(), "a list in memory can be written");
    let mut document = Vec::new();
    let written = json::write(&json::Findings::new(sources, findings), &mut document);
    assert!(written.is_ok(), "a list in memory can be written");
    for output in [human, document] {
        let output = String::from_utf8(output).unwrap_or_else(|error| panic!("not UTF-8: {error}"));
        assert!(shows_no_control(&output), "a raw control character in\n{}", output.escape_debug());
    }
}

/// Nothing that a terminal obeys.
fn shows_no_control(text: &str) -> bool {
    let is_hidden = |it: char| matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    text.chars().all(|it| it == '\n' || !(it.is_control() || is_hidden(it)))
}

/// Asks decisions by names that are there and are not, and by every number near those that there are.
fn asked(decisions: &Decisions) {
    let index = decisions.index();
    for (organization, principal) in [("acme", "ana@acme.example"), ("acme", "bot"), ("o", "a"), ("", "")] {
        for permission in ["content.pages:create", "content.pages", "one.wide:view", ""] {
            for at in [Time(i64::MIN), Time(0), Time(i64::MAX)] {
                let _ = index.decide(organization, principal, permission, at);
            }
        }
        let _ = (index.principal(organization, principal), index.organization(organization));
    }
    for number in [0, 1, 2, 1 << 31, u32::MAX] {
        let _ = index.held(rolec::vocab::PrincipalId(number), Time(0));
        let _ = index.principals(rolec::vocab::OrganizationId(number));
        let _ = index.rows_of(rolec::vocab::CatalogId(number));
        if let Some(key) = index.key(rolec::vocab::CatalogId(number), "content.pages:create") {
            let _ = index.decide_key(rolec::vocab::PrincipalId(number), key, Time(0));
        }
    }
}

/// The table of the examples, read once.
fn example() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        Table::from_bytes(rolec::example::TABLE).unwrap_or_else(|error| panic!("the example: {error}"))
    })
}

/// An argument; where arguments are bytes, any.
#[cfg(unix)]
fn argument(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStringExt as _;
    OsString::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn argument(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// Where a server writes.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
