//! `man`: the manual, from the same arguments that clap reads: a page for the program, for each verb, and for each verb
//! of a verb. What the help says below its options becomes sections of their own.

use std::io::{self, Write};

use clap::{Arg, Command, CommandFactory as _};
use clap_mangen::Man as Page;

use crate::cli::args::{Args, Format, Man};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::files;
use crate::cli::out::{Out, failed};
use crate::vocab::Time;

/// Where the date of the pages is from: no clock, so that the same version gives the same pages.
const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) fn run(args: &Man, out: &Out) -> Result<Exit, Exit> {
    let tell = |failure: Failure| failure.tell(Format::Human, out);
    let pages = pages().map_err(|error| failed(&error))?;
    match &args.dir {
        None => {
            let (_, whole) = pages.into_iter().next().unwrap_or_default();
            out.answer(|writer| writer.write_all(&whole))?;
        }
        Some(dir) => {
            let pages: Vec<(String, Vec<u8>)> =
                pages.into_iter().map(|(name, text)| (format!("{name}.1"), text)).collect();
            let named: Vec<(&str, &[u8])> =
                pages.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
            files::fill(dir, &named).map_err(tell)?;
        }
    }
    Ok(Exit::Clean)
}

/// Every page with its name, that of the whole program first.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut command = Args::command();
    // Names what is below by its way: `rolec-catalog-list`.
    command.build();
    let mut pages = Vec::new();
    let mut open = vec![command];
    while let Some(command) = open.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        open.extend(command.get_subcommands().filter(|verb| !verb.is_hide_set()).cloned());
        let mut text = Vec::new();
        page(command, &mut text)?;
        pages.push((name, text));
    }
    pages.sort_unstable();
    Ok(pages)
}

fn page(command: Command, out: &mut dyn Write) -> io::Result<()> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (has_verbs, is_whole) = (command.has_subcommands(), command.get_name() == "rolec");
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let synopsis = synopsis(&command);
    let page = Page::new(command);
    // Written here: clap's leaves out a date that is empty, and takes the next field for one.
    let date = released(CHANGELOG, VERSION).unwrap_or_default();
    writeln!(out, ".TH \"{name}\" \"1\" \"{date}\" \"rolec {VERSION}\" \"rolec manual\"")?;
    page.render_name_section(out)?;
    // Written here: clap's shows an option without its value.
    out.write_all(synopsis.as_bytes())?;
    page.render_description_section(out)?;
    let mut sections = Sections::default();
    help.split("\n\n").for_each(|paragraph| sections.take(paragraph));
    out.write_all(sections.prose.as_bytes())?;
    page.render_options_section(out)?;
    if has_verbs {
        page.render_subcommands_section(out)?;
    }
    out.write_all(sections.status.as_bytes())?;
    out.write_all(sections.examples.as_bytes())?;
    if !is_whole {
        writeln!(out, ".SH \"SEE ALSO\"\n.BR rolec (1)")?;
    }
    Ok(())
}

/// How the program is called: each option with its value, then what stands by itself.
fn synopsis(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let mut text = format!(".SH SYNOPSIS\n\\fB{}\\fR", roff(name));
    let shown = |arg: &&Arg| !arg.is_hide_set();
    for option in command.get_opts().chain(command.get_arguments().filter(is_switch)).filter(shown) {
        let short = option.get_short().map(|short| format!("\\fB\\-{short}\\fR"));
        let long = option.get_long().map(|long| format!("\\fB{}\\fR", roff(&format!("--{long}"))));
        let called: Vec<String> = short.into_iter().chain(long).collect();
        let value = if is_switch(&option) { String::new() } else { format!(" {}", value(option)) };
        text += &bracketed(&format!("{}{value}", called.join("|")), option.is_required_set());
    }
    for argument in command.get_positionals().filter(shown) {
        text += &bracketed(&value(argument), argument.is_required_set());
    }
    if command.has_subcommands() {
        text += " \\fICOMMAND\\fR";
    }
    text + "\n"
}

/// Whether an argument is an option without a value.
fn is_switch(arg: &&Arg) -> bool {
    !arg.is_positional() && !arg.get_action().takes_values()
}

fn bracketed(text: &str, is_required: bool) -> String {
    if is_required { format!(" {text}") } else { format!(" [{text}]") }
}

/// The value of an argument, by its name.
fn value(arg: &Arg) -> String {
    let named =
        arg.get_value_names().unwrap_or_default().iter().map(|name| format!("\\fI{}\\fR", roff(name)));
    let mut text = named.collect::<Vec<_>>().join(" ");
    let count = arg.get_num_args();
    if !arg.is_positional() && count.is_some_and(|count| count.min_values() == 0) {
        text = format!("[{text}]");
    }
    if count.is_some_and(|count| count.max_values() > 1) {
        text += "...";
    }
    text
}

/// What the help says below its options, as roff.
#[derive(Default)]
struct Sections {
    prose: String,
    status: String,
    examples: String,
}

impl Sections {
    fn take(&mut self, paragraph: &str) {
        let paragraph = paragraph.trim_matches('\n');
        if let Some(lines) = paragraph.strip_prefix("Examples:\n") {
            self.examples += ".SH EXAMPLES\n";
            self.examples += &literal(lines);
        } else if let Some(listed) = paragraph.strip_prefix("Exit status: ") {
            self.status += ".SH \"EXIT STATUS\"\n";
            for (status, meaning) in statuses(listed.trim_end_matches('.')) {
                self.status += &format!(".TP\n.B {}\n{}\n", roff(status), roff(meaning));
            }
        } else if !paragraph.is_empty() {
            let (first, rest) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
            self.prose += &format!(".PP\n{}\n", roff(first));
            if !rest.is_empty() {
                self.prose += ".PP\n";
                self.prose += &literal(rest);
            }
        }
    }
}

/// Lines that stay as they are.
fn literal(lines: &str) -> String {
    let lines: Vec<String> = lines.lines().map(|line| roff(line.trim_start()) + "\n").collect();
    format!(".RS 4\n.nf\n{}.fi\n.RE\n", lines.concat())
}

/// Exit statuses with their meanings, from `0 clean, 1 findings; 2 usage`. A meaning may have commas of its own.
fn statuses(listed: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = listed;
    while let Some((status, after)) = rest.split_once(' ') {
        let begins = |at: usize| {
            let next = after.get(at..).unwrap_or_default().trim_start_matches([',', ';']).trim_start();
            next.split_once(' ').is_some_and(|(word, _)| word.parse::<u8>().is_ok())
        };
        let end = after.match_indices([',', ';']).map(|(at, _)| at).find(|at| begins(*at));
        let (meaning, next) = after.split_at_checked(end.unwrap_or(after.len())).unwrap_or((after, ""));
        found.push((status, meaning));
        rest = next.trim_start_matches([',', ';']).trim_start();
    }
    found
}

/// A line of text as roff: what it would take for a request or for typography is spelled out.
fn roff(line: &str) -> String {
    let mut text = String::with_capacity(line.len() + 8);
    if line.starts_with(['.', '\'']) {
        text += "\\&";
    }
    for c in line.chars() {
        match c {
            '\\' => text += "\\e",
            '-' => text += "\\-",
            '\'' => text += "\\(aq",
            '`' => text += "\\(ga",
            '^' => text += "\\(ha",
            '~' => text += "\\(ti",
            '"' => text += "\\(dq",
            c => text.push(c),
        }
    }
    text
}

/// The day on which a version was released, from its heading in the changelog; none where it was not yet.
fn released<'c>(changelog: &'c str, version: &str) -> Option<&'c str> {
    let heading = changelog.lines().find(|line| {
        line.starts_with('#') && line.split_whitespace().any(|word| word.trim_matches(['[', ']']) == version)
    })?;
    let is_day = |word: &&str| word.len() == "2026-12-31".len() && Time::parse(word).is_ok();
    heading.split_whitespace().map(|word| word.trim_matches(['(', ')'])).find(is_day)
}

#[cfg(test)]
mod tests {
    use super::{pages, released, roff, statuses};

    #[test]
    fn the_date_is_that_of_the_release() {
        let changelog =
            "# Changelog\n\n## Unreleased\n\n### 0.3.0\n\n## 0.2.0 - 2026-12-31\n\n## [0.1.0] (2026-11-01)\n";
        assert_eq!(released(changelog, "0.3.0"), None);
        assert_eq!(released(changelog, "0.2.0"), Some("2026-12-31"));
        assert_eq!(released(changelog, "0.1.0"), Some("2026-11-01"));
        assert_eq!(released(changelog, "1.0.0"), None);
    }

    #[test]
    fn a_meaning_keeps_its_commas() {
        assert_eq!(
            statuses("0 listed, also where nobody is, 2 usage; 4 an unknown name, or none"),
            [("0", "listed, also where nobody is"), ("2", "usage"), ("4", "an unknown name, or none")]
        );
    }

    #[test]
    fn text_is_no_request() {
        assert_eq!(roff(".TH \\ 'a'"), "\\&.TH \\e \\(aqa\\(aq");
        assert_eq!(roff("a-b `c`"), "a\\-b \\(gac\\(ga");
    }

    /// Every page says how the program ends and shows it at work: a verb without that is not finished.
    #[test]
    fn every_page_has_its_sections() {
        let pages = pages().unwrap();
        assert_eq!(pages[0].0, "rolec");
        for (name, text) in &pages {
            let text = String::from_utf8(text.clone()).unwrap();
            assert!(text.contains(&format!(".SH NAME\n{} \\- ", name.replace('-', "\\-"))), "{name}: {text}");
            for section in ["SYNOPSIS", "DESCRIPTION", "OPTIONS", "\"EXIT STATUS\"", "EXAMPLES"] {
                assert_eq!(
                    text.matches(&format!("\n.SH {section}\n")).count(),
                    1,
                    "{name}: {section}\n{text}"
                );
            }
            assert!(text.contains("\n.TP\n.B 0\n"), "{name}");
        }
        let text = |page: &str| {
            let (_, text) = pages.iter().find(|(name, _)| name == page).unwrap();
            String::from_utf8(text.clone()).unwrap()
        };
        let can = text("rolec-can");
        let (_, can) = can.split_once(".SH SYNOPSIS\n").unwrap();
        let line = can.lines().next().unwrap();
        assert!(
            line.starts_with("\\fBrolec can\\fR [") && line.contains("[\\fB\\-\\-at\\fR \\fITIME\\fR]"),
            "{line}"
        );
        assert!(text("rolec-check").contains("\\fB\\-\\-explain\\fR [\\fICODE\\fR]"));
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        for name in ["rolec-can", "rolec-catalog", "rolec-catalog-compare"] {
            assert!(names.contains(&name), "{names:?}");
        }
    }
}
