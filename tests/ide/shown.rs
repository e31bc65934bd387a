//! Outlines, searches, tokens, folds, selections, hints, lenses, links.

use rolec::ide::{self, Command, Outline, TokenKind};
use rolec::lint::Moment;
use rolec::source::Span;
use rolec::vocab::Time;
use rolec::workspace::Workspace;

use super::Scene;

const POLICY: &str = "use wiki
use wiki

// One remark,
// and another.
template desk \"Desk\" from reader {
    grant site: edit {
        members: full
    }
}

organization acme \"Acme\" {
    role editor from desk {
        grant content: view
        grant site.members: view
    }
    role chief from owner { grant all: view }
    role alone { grant content.pages: create }
    role same from desk {}
    assign editor to \"ana\", service \"bot\" until 2026-01-01
    assign chief to \"ana\", \"bo\"
    forbid \"f\" except chief { site.export: on }
    test \"t\" { editor can site.members: view }
    test \"u\" { editor can site.members: edit editor can site.export }
}
";

const ALL: Span = Span { start: 0, end: u32::MAX };

fn scene() -> Scene {
    Scene::new(POLICY.strip_prefix("use wiki\n").unwrap())
}

fn drawn(outlines: &[Outline], depth: usize, out: &mut String) {
    for outline in outlines {
        assert!(outline.whole.start <= outline.name_span.start && outline.name_span.end <= outline.whole.end);
        out.push_str(&format!(
            "{}{:?} {} {}\n",
            "  ".repeat(depth),
            outline.kind,
            outline.name,
            outline.detail
        ));
        for child in &outline.children {
            assert!(outline.whole.start <= child.whole.start && child.whole.end <= outline.whole.end);
        }
        drawn(&outline.children, depth + 1, out);
    }
}

#[test]
fn outlines() {
    let scene = scene();
    let mut found = String::new();
    drawn(&ide::document_symbols(&scene.ws, scene.file), 0, &mut found);
    assert_eq!(
        found,
        "Template desk Desk
Organization acme Acme
  Role editor 
  Role chief 
  Role alone 
  Role same 
  Assignment editor to ana, bot
  Assignment chief to ana, bo
  Forbid f 
  Test t 
  Test u 
"
    );
    let mut wiki = String::new();
    drawn(&ide::document_symbols(&scene.ws, scene.ws.file("wiki.role").unwrap()), 0, &mut wiki);
    assert!(wiki.starts_with(
        "Catalog wiki Team Wiki\n  Kind steps \n  Category content Content\n    Row spaces Spaces\n"
    ));
}

#[test]
fn searches() {
    let scene = scene();
    let names = |query: &str| -> Vec<String> {
        let found = ide::workspace_symbols(&scene.ws, query).into_iter();
        found.map(|found| format!("{:?} {}", found.kind, found.name)).collect()
    };
    assert_eq!(names("edi"), ["Role editor"]);
    assert_eq!(names("edtr"), ["Role editor"]);
    assert_eq!(names("MEMB")[0], "Row members");
    // By its title, letters that stand together first.
    assert_eq!(names("team w"), ["Catalog wiki"]);
    assert_eq!(names("bo"), ["Principal bo", "Principal bot"]);
    assert_eq!(names("xyz"), [""; 0]);
    assert!(names("").len() > 20);
}

#[test]
fn colours() {
    let text = "use wiki // a\n/// d\norganization o { role r from reader { grant site { members: full } } assign r to \"é🙂\" until 2026-01-01 }";
    let mut ws = Workspace::new(Moment { now: Some(Time::parse("2026-06-01").unwrap()) });
    ws.set("wiki.role", super::WIKI);
    ws.set("main.role", text);
    ws.update();
    let file = ws.file("main.role").unwrap();
    let tokens = ide::semantic_tokens(&ws, file, ALL);
    let told: Vec<String> = tokens
        .iter()
        .map(|token| {
            let mark = if token.modifiers.is_declared { "!" } else { "" };
            let ended = if token.modifiers.is_ended { "~" } else { "" };
            format!(
                "{} {:?}{mark}{ended}",
                &text[token.span.start as usize..token.span.end as usize],
                token.kind
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "use Keyword",
            "wiki Catalog",
            "// a Comment",
            "/// d Documentation",
            "organization Keyword",
            "o Organization!",
            "role Keyword",
            "r Role!",
            "from Keyword",
            "reader Template",
            "grant Keyword",
            "site Category",
            "members Row",
            "full Level",
            "assign Keyword",
            "r Role",
            "to Keyword",
            "\"é🙂\" Principal!~",
            "until Keyword",
            "2026-01-01 Number"
        ]
    );
    // A range gives the tokens of its lines, as the whole gives them.
    let line = u32::try_from(text.find("organization").unwrap()).unwrap();
    let part = ide::semantic_tokens(&ws, file, Span::new(line + 3, line + 30));
    let whole: Vec<_> = tokens
        .iter()
        .filter(|token| line <= token.span.start && token.span.start < line + 30)
        .copied()
        .collect();
    assert_eq!(part, whole);
    // What lowers is marked.
    let scene = scene();
    let lowering = ide::semantic_tokens(&scene.ws, scene.file, ALL);
    let lowering: Vec<Span> =
        lowering.iter().filter(|token| token.modifiers.is_lowering).map(|token| token.span).collect();
    assert_eq!(scene.spans(&lowering), ["main.role:16:40 view"]);
    assert!(
        ide::semantic_tokens(&scene.ws, scene.file, ALL).iter().any(|token| token.kind == TokenKind::Number)
    );
    // A word with letters that need quotes is one name, whatever the pieces of it are.
    ws.set(
        "main.role",
        "use wiki organization o { role aérole b { } role r { grant viewégrant.members: full } }",
    );
    ws.update();
    let tokens = ide::semantic_tokens(&ws, file, ALL);
    assert!(tokens.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{tokens:?}");
}

#[test]
fn folds_and_selections() {
    let scene = Scene::new(POLICY);
    let text = scene.text(scene.file);
    let folds: Vec<String> = ide::folding(&scene.ws, scene.file)
        .iter()
        .map(|fold| {
            let line = |at: u32| text[..at as usize].matches('\n').count() + 1;
            format!("{:?} {}-{}", fold.kind, line(fold.span.start), line(fold.span.end))
        })
        .collect();
    assert_eq!(folds, ["Uses 1-2", "Comment 4-5", "Block 6-10", "Block 7-9", "Block 12-25", "Block 13-16"]);
    let at = u32::try_from(text.find("members: full").unwrap()).unwrap() + 10;
    let chain = ide::selection(&scene.ws, scene.file, at);
    let told: Vec<&str> = chain.iter().map(|span| &text[span.start as usize..span.end as usize]).collect();
    assert_eq!(
        told[..5],
        [
            "full",
            "members: full",
            "{\n        members: full\n    }",
            "grant site: edit {\n        members: full\n    }",
            "{\n    grant site: edit {\n        members: full\n    }\n}"
        ]
    );
    assert!(told[5].starts_with("template desk") && told[5].ends_with('}'));
    assert_eq!(told[6..], [text]);
    let at = u32::try_from(text.find("can site.members: view").unwrap()).unwrap() + 5;
    let chain = ide::selection(&scene.ws, scene.file, at);
    let told: Vec<&str> = chain.iter().map(|span| &text[span.start as usize..span.end as usize]).collect();
    assert_eq!(told[0], "site");
    assert_eq!(told[1], "editor can site.members: view");
    assert!(told[2].starts_with('{') && told[3].starts_with("test \"t\""));
    assert!(told[told.len() - 2].starts_with("organization") && told[told.len() - 2].ends_with('}'));
}

#[test]
fn hints() {
    let scene = scene();
    let text = scene.text(scene.file);
    let told: Vec<String> = ide::hints(&scene.ws, scene.file, ALL)
        .iter()
        .map(|hint| {
            let line = text[..hint.offset as usize].rsplit('\n').next().unwrap().trim();
            format!("{line} «{}» {}", hint.text, hint.tooltip.replace('\n', ", "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "grant site: edit «2 at the floor» at the floor:, export: off, tenants: off",
            "members: full «over none» members: full instead of none",
            "grant content: view «1 at the floor» at the floor:, pages: none",
            "grant site.members: view «over full» members: view instead of full",
            "role chief from owner { grant all: view «lowered 4» lowered:, spaces: full → view, \
             pages: create, update, delete → none, export: on → off, members: full → view",
        ]
    );
    // A range has its own only.
    let at = u32::try_from(text.find("members: full").unwrap()).unwrap();
    assert_eq!(ide::hints(&scene.ws, scene.file, Span::new(at, at + 20)).len(), 1);
}

#[test]
fn no_hints_where_a_base_is_not_known() {
    let scene = Scene::new(
        "use wiki\ntemplate lost from nowhere { grant site: edit }\n\
         organization acme { role editor from lost { grant site: edit } role other from reader { grant site: edit } }\n",
    );
    let text = scene.text(scene.file);
    let hints = ide::hints(&scene.ws, scene.file, ALL);
    let other = u32::try_from(text.find("role other").unwrap()).unwrap();
    assert!(!hints.is_empty() && hints.iter().all(|hint| hint.offset > other), "{hints:?}");
}

#[test]
fn lenses() {
    let scene = scene();
    let told = |ws: &Workspace| -> Vec<String> {
        let lenses = ide::lenses(ws, ws.file("main.role").unwrap());
        lenses
            .iter()
            .map(|lens| match &lens.command {
                Command::ShowRole { role, organization } => {
                    format!("{role} of {}: {}", organization.as_deref().unwrap_or("all"), lens.title)
                }
                Command::RunTest { title, organization } => {
                    format!("{title} of {organization}: {}", lens.title)
                }
            })
            .collect()
    };
    assert_eq!(
        told(&scene.ws),
        [
            "desk of all: +3 against reader · nobody",
            "editor of acme: −2 against desk · 1 person · 1 service account",
            "chief of acme: −7 against owner · 2 people",
            "alone of acme: 1 action · nobody",
            "same of acme: as desk · nobody",
            "t of acme: passes",
            "u of acme: fails: 2 lines",
        ]
    );
    // Who held it only in the past is not counted; an organization with an error has no results.
    let mut ws = Workspace::new(Moment { now: Some(Time::parse("2026-06-01").unwrap()) });
    ws.set("wiki.role", super::WIKI);
    ws.set("main.role", scene.text(scene.file).replace("site.export: on", "site.export: full"));
    ws.set("other.role", "use wiki organization other { role r from nobody {} }");
    ws.update();
    let found = told(&ws);
    assert_eq!(found[1], "editor of acme: −2 against desk · nobody");
    // The other organization's error is its own.
    assert_eq!(found[5], "t of acme: passes");
    ws.set("main.role", "use wiki organization acme { test \"bare\" { } }");
    ws.update();
    assert_eq!(told(&ws), ["bare of acme: asserts nothing"]);
    ws.set("main.role", scene.text(scene.file).replace("site.export: on", "site.export: maybe"));
    ws.update();
    assert_eq!(told(&ws)[5], "t of acme: run test");
}

#[test]
fn links() {
    let scene = Scene::new(
        "//- a.role\nuse wiki \"3\"\n//- b.role\nuse \"wiki.role\"\n//- c.role\nuse jumpcloud\n//- d.role\nuse nothing",
    );
    let targets = |name: &str| -> Vec<String> {
        let file = scene.ws.file(name).unwrap();
        let links = ide::links(&scene.ws, file).into_iter();
        links.map(|link| scene.ws.sources().file(link.target).unwrap().name().to_owned()).collect()
    };
    assert_eq!(targets("a.role"), ["wiki.role"]);
    assert_eq!(targets("b.role"), ["wiki.role"]);
    assert_eq!(targets("c.role"), ["builtin:jumpcloud/catalog.role"]);
    assert_eq!(targets("d.role"), [""; 0]);
    assert_eq!(targets("wiki.role"), [""; 0]);
}

/// The protocol has no token over several lines: a string that is broken over one is cut there.
#[test]
fn no_token_goes_over_the_end_of_a_line() {
    for end in ["\n", "\r\n"] {
        let policy = "use wiki\norganization o {\n role r {}\n test \"t\" {\n \"an\na@x\" can site.export\n \"b\n\" can site.export\n }\n}\n";
        let scene = Scene::new(&policy.replace('\n', end));
        let text = scene.text(scene.file);
        let tokens = ide::semantic_tokens(&scene.ws, scene.file, ALL);
        let words: Vec<&str> =
            tokens.iter().map(|token| &text[token.span.start as usize..token.span.end as usize]).collect();
        assert!(words.iter().all(|word| !word.is_empty() && !word.contains(['\n', '\r'])), "{words:?}");
        assert!(words.contains(&"\"an") && words.contains(&"\"b"), "{words:?}");
    }
}
