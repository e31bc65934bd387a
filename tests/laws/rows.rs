//! Assignments in the text of a policy, and the same ones as rows of a file beside it.

use std::fmt::Write as _;

use proptest::prelude::*;

use rolec::diagnostic::Diagnostics;
use rolec::lint::Moment;
use rolec::model::Model;
use rolec::pipeline::{Compilation, compile_with};
use rolec::roster::{Form, read};
use rolec::source::{SourceFile, Sources};
use rolec::tools::print::print;
use rolec::vocab::PrincipalKind;

use crate::support::generated;
use crate::support::law::{Tried, compiled, errors, law, layout, shown};

/// One assignment as a row has it.
struct Row {
    fields: [(&'static str, String); 7],
}

/// The assignments of a model, organization by organization as the text has them.
fn rows(model: &Model) -> Vec<Row> {
    let mut rows = Vec::new();
    for organization in &model.organizations {
        let mut all: Vec<_> = organization
            .principals
            .iter()
            .flat_map(|principal| principal.assignments.iter().map(move |it| (it.place, principal, it)))
            .collect();
        all.sort_by_key(|(place, ..)| *place);
        rows.extend(all.into_iter().map(|(_, principal, it)| {
            let kind = if principal.kind == PrincipalKind::Service { "service" } else { "person" };
            let time = |time: Option<rolec::vocab::Time>| time.map_or(String::new(), |time| time.to_string());
            Row {
                fields: [
                    ("organization", organization.id.to_string()),
                    ("principal", principal.name.to_string()),
                    ("kind", kind.to_owned()),
                    ("role", model.roles(organization).get(it.role).unwrap().id.to_string()),
                    ("from", time(it.from())),
                    ("until", time(it.until())),
                    ("because", it.because().unwrap_or_default().to_owned()),
                ],
            }
        }));
    }
    rows
}

fn csv(rows: &[Row]) -> String {
    let mut text = "organization,principal,kind,role,from,until,because\r\n".to_owned();
    for row in rows {
        let fields: Vec<String> =
            row.fields.iter().map(|(_, text)| format!("\"{}\"", text.replace('"', "\"\""))).collect();
        writeln!(text, "{}\r", fields.join(",")).unwrap();
    }
    text
}

fn lines(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let fields: Vec<String> = row
            .fields
            .iter()
            .rev()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| format!("\"{name}\":{}", serde_json::to_string(text).unwrap()))
            .collect();
        writeln!(text, "{{{}}}", fields.join(", ")).unwrap();
    }
    text
}

fn beside(files: &[(String, String)], name: &str, form: Form, rows: &str) -> Compilation {
    let mut sources = Sources::from_iter(files.iter().map(|(name, text)| (name.clone(), text.clone())));
    let file = sources.push(SourceFile::unread(name));
    let (roster, lines) = read(rows.as_bytes(), form, file, &mut |_| ()).unwrap();
    assert!(roster.findings().is_empty(), "{:#?}\n{rows}", roster.findings());
    sources.replace(file, SourceFile::of_rows(name, lines));
    compile_with(sources, vec![roster], Moment::default())
}

/// What is found, without its places.
fn found(findings: &Diagnostics) -> Vec<(String, String)> {
    let mut found: Vec<_> =
        findings.iter().map(|finding| (finding.code.to_string(), finding.message.clone())).collect();
    found.sort();
    found
}

/// The same table but for positions, and the same findings but for their places and fixes.
#[test]
fn rows_mean_what_the_text_would() {
    let tried = std::cell::Cell::new(0);
    law("rows", 300, &(generated::policy(), layout()), |(policy, layout)| {
        let first = compiled(&policy.files(layout));
        let Some(model) = &first.model else { return Ok(Tried::Void) };
        // What only an escape can write is no name of a row: without its escapes it is another one.
        let printed = print(model, &first.sources).into_iter();
        let files: Vec<_> = printed.map(|(name, text)| (name, text.replace("\\u{", "u{"))).collect();
        let in_text = compiled(&files);
        let (Some(model), Some(table)) = (&in_text.model, &in_text.table) else { return Ok(Tried::Void) };
        let all = rows(model);
        // What is printed has a line for each assignment.
        let bare: Vec<(String, String)> = files
            .iter()
            .map(|(name, text)| {
                let others = text.lines().filter(|line| !line.trim_start().starts_with("assign "));
                (name.clone(), others.fold(String::new(), |text, line| text + line + "\n"))
            })
            .collect();
        for (name, form, rows) in [("p.csv", Form::Csv, csv(&all)), ("p.jsonl", Form::Lines, lines(&all))] {
            let texts = || format!("{}\n######## and beside\n{}\n{rows}", shown(&files), shown(&bare));
            let from_rows = beside(&bare, name, form, &rows);
            let errors = errors(&from_rows);
            prop_assert!(errors.is_empty(), "{errors:#?}\n{}", texts());
            let other = from_rows.table.as_ref().unwrap();
            prop_assert!(table.difference(other).is_none(), "{:?}\n{}", table.difference(other), texts());
            let (text, rows) = (found(&in_text.findings), found(&from_rows.findings));
            prop_assert!(text == rows, "{text:#?}\n{rows:#?}\n{}", texts());
        }
        tried.set(tried.get() + all.len());
        Ok(Tried::Held)
    });
    assert!(tried.get() > 500, "{} rows only", tried.get());
}
