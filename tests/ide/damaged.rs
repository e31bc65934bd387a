//! Names of statements with a mistake, and of statements that are being typed: they are known as those of others are.

use std::collections::BTreeMap;

use rolec::ide::{self, Declarations, Sort};
use rolec::source::Span;
use rolec::workspace::Workspace;

use super::Scene;

fn spans(text: &str) -> Vec<String> {
    let scene = Scene::new(text);
    let found = ide::highlights(&scene.ws, scene.file, scene.offset);
    assert_eq!(
        ide::references(&scene.ws, scene.file, scene.offset, Declarations::Included)
            .iter()
            .filter(|place| place.file == scene.file)
            .map(|place| place.span)
            .collect::<Vec<_>>(),
        found,
    );
    let line = |span: &Span| scene.text(scene.file)[..span.start as usize].lines().count();
    found
        .iter()
        .map(|span| {
            format!(
                "{} {}",
                line(span),
                scene.text(scene.file).get(span.start as usize..span.end as usize).unwrap()
            )
        })
        .collect()
}

/// A half-typed statement of every sort, each in its place.
const TYPED: &str = "use wiki
organization o {
    role desk from reader {
        grant content.spaces: view
        grant site.export:
        grant content { pages }
    }
    role other from desk, {}
    role third from desk desk { grant site: }
    assign desk to
    assign desk to \"ada\"
    assign desk too \"ada\"
    assign third to \"ada\" from
    forbid \"f\" except desk, { site.export }
    test \"t\" {
        desk cn site.export
        \"ada\" can site.export:
        desk cannot content.
    }
}
";

#[test]
fn references_stand_in_damaged_statements_too() {
    let at = |from: &str| TYPED.replacen(from, &format!("$0{from}"), 1);
    assert_eq!(
        spans(&at("desk from")),
        ["3 desk", "8 desk", "9 desk", "10 desk", "11 desk", "12 desk", "14 desk", "16 desk", "18 desk"]
    );
    assert_eq!(spans(&at("\"ada\"")), ["11 \"ada\"", "12 \"ada\"", "13 \"ada\"", "17 \"ada\""]);
    assert_eq!(spans(&at("content.spaces")), ["4 content", "6 content", "18 content"]);
    assert_eq!(spans(&at("export:")), ["5 export", "14 export", "17 export"]);
}

/// From inside a damaged statement everything is known as from outside.
#[test]
fn what_is_typed_has_a_meaning() {
    for (from, wanted) in [
        ("desk to\n", "main.role:3:10 desk"),
        ("desk too", "main.role:3:10 desk"),
        ("desk, { site", "main.role:3:10 desk"),
        ("desk cn", "main.role:3:10 desk"),
        ("third to \"ada\" from", "main.role:9:10 third"),
        ("site.export:\n        grant", "wiki.role:9:14 site"),
        ("export:\n        grant", "wiki.role:10:9 export"),
        ("pages }", "wiki.role:7:9 pages"),
        ("site: }", "wiki.role:9:14 site"),
        ("export }", "wiki.role:10:9 export"),
        ("export:\n        desk", "wiki.role:10:9 export"),
        ("content.\n", "wiki.role:4:14 content"),
    ] {
        let scene = Scene::new(&TYPED.replacen(from, &format!("$0{from}"), 1));
        let places = ide::definition(&scene.ws, scene.file, scene.offset);
        assert_eq!(scene.told(&places), [wanted], "{from}");
        let hover = ide::hover(&scene.ws, scene.file, scene.offset).expect(from);
        assert_eq!(hover.span.start, scene.offset, "{from}");
        let tokens = ide::semantic_tokens(&scene.ws, scene.file, hover.span);
        let is_plain = |kind| matches!(kind, ide::TokenKind::Keyword | ide::TokenKind::String);
        let token = tokens.iter().find(|token| token.span == hover.span).expect(from);
        assert!(!is_plain(token.kind), "{from}: {token:?}");
        let is_ours = wanted.starts_with("main");
        assert_eq!(
            ide::prepare_rename(&scene.ws, scene.file, scene.offset).map(|found| found.span),
            Ok(hover.span),
            "{from} {is_ours}"
        );
    }
}

/// Every line of the policies that ship is damaged at its end, one at a time: its names stay where and what they were.
#[test]
fn a_damaged_line_keeps_its_names() {
    let told = |ws: &Workspace, file, cut: u32| -> BTreeMap<(u32, Sort, String), bool> {
        let start = |span: Span| if span.start > cut { span.start - 2 } else { span.start };
        let of = |name: &ide::Named<'_>| (start(name.span), name.sort, name.text.to_string());
        ide::names(ws, file).iter().map(|name| (of(name), name.symbol.is_some())).collect()
    };
    let mut count = 0;
    for (folder, files) in super::agreement::policies() {
        let mut ws = super::agreement::workspace(&files);
        for (name, text) in &files {
            if text.len() > 30_000 {
                continue;
            }
            let file = ws.file(name).unwrap();
            let is_catalog = !ws.ground().unwrap().catalogs_in(file).is_empty();
            let before = told(&ws, file, u32::MAX);
            let mut end = 0;
            for (number, line) in text.split_inclusive('\n').enumerate() {
                end += line.len();
                let words = line.split("//").next().unwrap().trim();
                if number % 5 != 0
                    || words.is_empty()
                    || words.ends_with(['{', '}'])
                    || words.starts_with("use")
                {
                    continue;
                }
                let cut = end - line.len() + line.find("//").unwrap_or(line.trim_end().len());
                let mut damaged = text.clone();
                damaged.insert_str(cut, "= ");
                ws.set(name, damaged);
                ws.update();
                let after = told(&ws, file, u32::try_from(cut).unwrap());
                let what = format!("{folder} {name}:{} {words}", number + 1);
                let keys =
                    |names: &BTreeMap<(u32, Sort, String), bool>| names.keys().cloned().collect::<Vec<_>>();
                assert_eq!(keys(&before), keys(&after), "{what}");
                // What the line declares is lost with it, and a row's levels with the row.
                let here = (end - line.len()..end).filter_map(|at| u32::try_from(at).ok());
                let here: Vec<&String> = here
                    .flat_map(|at| before.keys().filter(move |key| key.0 == at))
                    .map(|(_, _, text)| text)
                    .collect();
                let lost = before.iter().filter(|(key, is_known)| after[key] != **is_known);
                for ((_, sort, text), _) in lost {
                    // A statement of several lines.
                    let is_wide = *sort == Sort::Principal || (*sort == Sort::Level && is_catalog);
                    assert!(is_wide || here.contains(&text), "{what}: {sort:?} {text}");
                }
                count += 1;
            }
            ws.set(name, text.clone());
            ws.update();
        }
    }
    assert!(count > 200, "{count}");
}
