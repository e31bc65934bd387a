//! Findings as SARIF 2.1.0, which code scanning and editors read. Only what the standard names is written, and nothing
//! of the run but its findings: no time, no machine, so that the same findings give the same bytes.

mod result;

use serde::Serialize;

use self::result::Result;
use crate::diagnostic::{Code, Diagnostics, Severity};
use crate::render::escape::escaped;
use crate::render::page::page;
use crate::source::Sources;

/// A log with one run.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::render::Sarif;
/// use rolec::source::Sources;
///
/// let compiled = compile(Sources::from_iter([("o.role", "use jumpclod organization o {}")]));
/// let log = Sarif::new(&compiled.sources, &compiled.findings, &[], |_| "# R0201 unknown-catalog\n\nNo such one.\n");
/// let log = serde_json::to_value(&log)?;
/// let result = &log["runs"][0]["results"][0];
/// assert_eq!((&result["ruleId"], &result["level"]), (&"R0201".into(), &"error".into()));
/// let place = &result["locations"][0]["physicalLocation"];
/// assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startColumn"]), (&"o.role".into(), &5.into()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct Sarif {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Result>,
}

#[derive(Clone, Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Clone, Debug, Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

/// A sort of finding.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: &'static str,
    short_description: Message,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Clone, Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct Help {
    text: String,
    markdown: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Clone, Debug, Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

/// A text for people.
#[derive(Clone, Debug, Serialize)]
struct Message {
    text: String,
}

impl Message {
    /// What may quote a policy: hidden characters shown, and no link in it.
    fn new(text: &str) -> Self {
        // `[text](target)` is a link in every message of SARIF.
        Self { text: escaped(text).replace("](", "\\](") }
    }
}

impl Sarif {
    /// The log of findings. `unread` are sentences on what could not be read, `pages` the pages of the findings.
    pub fn new(
        sources: &Sources,
        findings: &Diagnostics,
        unread: &[String],
        pages: impl Fn(Code) -> &'static str,
    ) -> Self {
        let mut codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
        codes.sort();
        codes.dedup();
        let notification = |text: &String| Notification { level: "error", message: Message::new(text) };
        let invocation = Invocation {
            execution_successful: unread.is_empty(),
            tool_execution_notifications: unread.iter().map(notification).collect(),
        };
        let index = |code| codes.binary_search(&code).unwrap_or_default();
        let results =
            findings.iter().map(|finding| Result::new(sources, finding, index(finding.code))).collect();
        let rules = codes.iter().map(|code| Rule::new(*code, pages(*code))).collect();
        Self {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [Run {
                tool: Tool { driver: Driver { name: "rolec", version: env!("CARGO_PKG_VERSION"), rules } },
                invocations: [invocation],
                column_kind: "unicodeCodePoints",
                results,
            }],
        }
    }
}

impl Rule {
    fn new(code: Code, markdown: &'static str) -> Self {
        let mut text = Vec::new();
        // Writing to memory does not fail.
        let _ = page(code, markdown, &mut text);
        Self {
            id: code.code(),
            name: code.slug(),
            short_description: Message::new(&opening(markdown)),
            help: Help { text: String::from_utf8_lossy(&text).into_owned(), markdown },
            default_configuration: Configuration { level: level(code.severity()) },
        }
    }
}

/// The first sentence of a page.
fn opening(markdown: &str) -> String {
    let lines = markdown.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    paragraph.split_once(". ").map_or(paragraph.clone(), |(first, _)| format!("{first}."))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, opening};

    #[test]
    fn a_quoted_policy_makes_no_link() {
        assert_eq!(
            Message::new("`[x](https://e.example)` \u{202e}").text,
            "`[x\\](https://e.example)` <U+202E>"
        );
        assert_eq!(Message::new("expected `[`, found `]`").text, "expected `[`, found `]`");
    }

    #[test]
    fn a_page_opens_with_a_sentence() {
        assert_eq!(opening("# R0001 x\n\nOne\nand one. Two.\n\n## Wrong\n"), "One and one.");
        assert_eq!(opening("# R0001 x\n\nOnly one.\n"), "Only one.");
    }
}
