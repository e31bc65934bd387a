//! Renames: what they edit, what they refuse, and that the policy means the same after them.

use std::collections::BTreeMap;

use rolec::ide;
use rolec::workspace::Workspace;

use super::{Scene, edited};

/// The texts after a rename.
fn renamed(scene: &Scene, new: &str) -> Result<BTreeMap<String, String>, String> {
    let edits = ide::rename(&scene.ws, scene.file, scene.offset, new)?;
    let given = scene.ws.files().iter().map(|file| {
        let name = scene.ws.sources().file(*file).unwrap().name().to_owned();
        (name, edited(scene.text(*file), *file, &edits))
    });
    Ok(given.collect())
}

fn after(text: &str, new: &str) -> String {
    let scene = Scene::new(text);
    let texts = renamed(&scene, new).unwrap_or_else(|refused| panic!("{text}: {refused}"));
    let name = scene.ws.sources().file(scene.file).unwrap().name();
    texts[name].clone()
}

fn refused(text: &str, new: &str) -> String {
    let scene = Scene::new(text);
    renamed(&scene, new).expect_err(text)
}

#[test]
fn every_place_is_edited() {
    assert_eq!(
        after(
            "use wiki organization o { role $0desk {} role two from desk {} assign \"desk\" to \"a\"
            forbid \"f\" except role desk { site.export: on } test \"t\" { desk cannot site.export } }",
            "Help Desk"
        ),
        "use wiki organization o { role \"Help Desk\" {} role two from \"Help Desk\" {} assign \"Help Desk\" to \"a\"
            forbid \"f\" except role \"Help Desk\" { site.export: on } test \"t\" { role \"Help Desk\" cannot site.export } }"
    );
    assert_eq!(
        after(
            "use wiki organization o { role \"A B\" {} test \"t\" { role \"A $0B\" cannot site.export } }",
            "ab"
        ),
        "use wiki organization o { role ab {} test \"t\" { role ab cannot site.export } }"
    );
    // A principal stands in quotes always, and quotes in its name are escaped.
    assert_eq!(
        after(
            "use wiki organization o { role r {} assign r to service \"$0x\", \"y\" test \"t\" { \"x\" cannot site.export } }",
            "a\"b"
        ),
        "use wiki organization o { role r {} assign r to service \"a\\\"b\", \"y\" test \"t\" { \"a\\\"b\" cannot site.export } }"
    );
    assert_eq!(
        after("use wiki organization o { role r { grant content { page$0s: create } } }", "\"all pages\""),
        "use wiki organization o { role r { grant content { \"all pages\": create } } }"
    );
    assert_eq!(
        after("//- c.role\nuse c catalog c { kind $0k = flag category a { r: k s: k } }", "ladder"),
        "use c catalog c { kind \"ladder\" = flag category a { r: \"ladder\" s: \"ladder\" } }"
    );
    assert_eq!(after("use wi$0ki organization o {}", "handbook"), "use handbook organization o {}");
    assert_eq!(
        after("use wiki organization o {} organization o$0 {}", "from"),
        "use wiki organization \"from\" {} organization \"from\" {}"
    );
    // The only role that a forbid at the top means.
    assert_eq!(
        after("use wiki forbid \"f\" except $0r { site.export: on } organization o { role r {} }", "s"),
        "use wiki forbid \"f\" except s { site.export: on } organization o { role s {} }"
    );
    // A difference of case to itself is none to another.
    assert_eq!(
        after("use wiki organization o { role $0r {} }", "R"),
        "use wiki organization o { role R {} }"
    );
}

/// A statement with a mistake keeps up with the others, so that it is right once it is mended.
#[test]
fn damaged_statements_are_edited_too() {
    assert_eq!(
        after(
            "use wiki\norganization o {\n role $0q {}\n assign q too \"a\"\n assign q to \"b\"\n assign q to\n test \"t\" { q cn x }\n}",
            "z z"
        ),
        "use wiki\norganization o {\n role \"z z\" {}\n assign \"z z\" too \"a\"\n assign \"z z\" to \"b\"\n assign \"z z\" to\n test \"t\" { role \"z z\" cn x }\n}"
    );
    // A template, from another file and organization.
    assert_eq!(
        after(
            "use wiki template $0low {} organization o { role r from low, { } }\norganization p { assign low to from }",
            "high"
        ),
        "use wiki template high {} organization o { role r from high, { } }\norganization p { assign high to from }"
    );
    // What stands in another organization is another role.
    assert_eq!(
        after(
            "use wiki organization o { role $0q {} }\norganization p {\n role q {}\n rle q {}\n assign q too \"a\"\n}",
            "z"
        ),
        "use wiki organization o { role z {} }\norganization p {\n role q {}\n rle q {}\n assign q too \"a\"\n}"
    );
}

#[test]
fn what_a_damaged_statement_may_name_is_not_guessed() {
    let told = |line: u32| {
        format!(
            "in `main.role:{line}` `q` stands in a statement with a mistake, and may mean this or something else: mend that first"
        )
    };
    for (text, line) in [
        ("use wiki\norganization o {\n role $0q {}\n see q\n}", 4),
        ("use wiki\norganization o {\n role $0q {}\n assign x to q\n}", 4),
        ("use wiki\norganization o {\n role $0q {}\n test \"t\" {\n x cn q\n }\n}", 5),
        ("use wiki\norganization o {\n role $0q {}\n assign x to \"a\" until \"q\n}", 4),
        ("use wiki\nassign q to \"a\"\norganization o {\n role $0q {}\n}", 2),
        // A line that lacks its end takes up the `role` of the next as a level, and what is damaged is its meaning only.
        (
            "use wiki\norganization o {\n role $0q {}\n test \"t\" {\n  role \"q\" can site.members:\n  role \"q\" cannot site.export\n }\n}",
            6,
        ),
        // One word too many, so that the name stands where another would.
        ("use wiki\norganization o {\n role $0q {}\n assign foo \"q\" to \"x\"\n}", 4),
        ("use wiki\norganization foo o { assign q to \"x\" }\norganization o {\n role $0q {}\n}", 2),
        ("use c\ncatalog c {\n kind $0q = flag\n category a {\n r \"R\": foo q\n }\n}", 5),
        (
            "use c\ncatalog c { category $0q { x: flag } }\norganization o {\n role d {}\n test \"t\" {\n d cannot foo q.x\n }\n}",
            6,
        ),
    ] {
        assert_eq!(refused(text, "z"), told(line), "{text}");
    }
    // A title or a reason names nothing.
    let scene = Scene::new(
        "use wiki\norganization o {\n role $0q {}\n role x \"q\" too {}\n assign x to \"a\" from because \"q\"\n test \"q\" { x cn y }\n}",
    );
    assert!(renamed(&scene, "z").is_ok());
}

#[test]
fn what_would_mean_something_else_is_refused() {
    let two = "use wiki organization o { role $0one {} role two {} role \"Straße\" {} assign one to \"a\" }";
    for (text, new, wanted) in [
        (two, "two", "there is a role `two` already"),
        (two, "TWO", "`TWO` differs from a role `two` only by case or Unicode form"),
        (two, "STRASSE", "`STRASSE` differs from a role `Straße` only by case or Unicode form"),
        (two, "reader", "there is a template `reader` already"),
        (two, "Reader", "`Reader` differs from a template `reader` only by case or Unicode form"),
        (two, "  ", "a name has at least one character"),
        (two, "\"a", "`\"a` is no name: a quote is missing or one too many"),
        (
            "//- wiki.role\nuse w catalog w { category a { r: flag } } template $0t {} organization o { role r {} }",
            "r",
            "there is a role `r` in organization `o` already",
        ),
        (
            "use wiki template $0t {} organization o { role b {} }",
            "B",
            "`B` differs from a role `b` in organization `o` only by case or Unicode form",
        ),
        (
            "use wiki organization o { role r {} assign $0r to \"a\" }\nforbid \"f\" except owner, s { site.export: on } organization p { role s {} }",
            "s",
            "the forbid \"f\" passes over `s` in every organization, and would over this role",
        ),
        (
            "use wiki organization o { role $0s {} } forbid \"f\" except s { site.export: on } organization p { role s {} }",
            "t",
            "a rule at the top names `s`, in organization `p` too: change it first",
        ),
        (
            "use wiki organization o { role s {} } forbid \"f\" except $0s { site.export: on } organization p { role s {} }",
            "t",
            "`s` is a role of several organizations: rename it in each of them",
        ),
        (
            "use wiki organization o { role r {} assign r to \"a\", \"b$0\" }",
            "A",
            "`A` differs from a principal `a` only by case or Unicode form",
        ),
        ("use wiki organization o {} organization $0p {}", "o", "there is an organization `o` already"),
        (
            "use wiki organization o { role r { grant content: vi$0ew } }",
            "x",
            "`view` is a level: kinds compare levels by their names",
        ),
        ("use \"wiki$0.role\"", "x", "a path names a file, and is not renamed with what is in it"),
        ("use wi$0ki", "a b", "`use` takes what stands in quotes as a path, and `a b` would need them"),
        ("use wi$0ki", "jumpcloud", "`jumpcloud` is a built-in catalog"),
        ("use jumpcl$0oud", "x", "`jumpcloud` comes with a built-in catalog"),
        (
            "use jumpcloud organization o { role r from help-desk$0 {} }",
            "x",
            "`help-desk` comes with a built-in catalog",
        ),
        ("use wiki organization o { role r from $0x {} }", "y", "`x` means nothing here"),
        ("use wiki $0 organization o {}", "x", "there is no name here"),
        (
            "use wiki organization o { role r { grant site.$0members: edit } }",
            "Export",
            "`Export` differs from a row `export` only by case or Unicode form",
        ),
        (
            "use wiki organization o { role r { grant $0site: edit } }",
            "content",
            "there is a category `content` already",
        ),
    ] {
        assert_eq!(refused(text, new), wanted, "{text} to {new}");
    }
}

/// Ids that differ by case only are different where a catalog says so.
#[test]
fn case_counts_where_the_catalog_says_so() {
    let text = "//- wiki.role\nuse w catalog w { ids case-sensitive category a { r: flag s$0: flag } }";
    let scene = Scene::new(text);
    assert!(renamed(&scene, "R").is_ok());
    assert!(renamed(&scene, "r").is_err());
}

/// In the policies that ship: each thing gets another name, and what it means is the same but for that name.
#[test]
fn a_renamed_policy_means_the_same() {
    let mut count = 0;
    for (folder, files) in super::agreement::policies() {
        let mut ws = Workspace::default();
        for (name, text) in &files {
            ws.set(name, text.clone());
        }
        ws.update();
        let findings =
            |ws: &Workspace| -> usize { ws.files().iter().map(|file| ws.findings(*file).count()).sum() };
        let before = findings(&ws);
        let mut seen = std::collections::HashSet::new();
        for file in ws.files().to_vec() {
            for name in ide::names(&ws, file) {
                let Some(symbol) = name.symbol.clone().filter(|_| name.is_declared) else { continue };
                // Every sort of thing, a few of each policy: each is a compile.
                let few = format!("{:?}", name.sort);
                if seen.iter().filter(|known: &&String| **known == few || known.starts_with(&few)).count()
                    >= 3
                {
                    continue;
                }
                let Ok(edits) = ide::rename(&ws, file, name.span.start, "Something Else 🙂") else {
                    continue;
                };
                seen.insert(format!("{few} {symbol:?}"));
                assert!(edits.iter().any(|edit| edit.place.span == name.span), "{folder}: {symbol:?}");
                let mut after = Workspace::default();
                for id in ws.files() {
                    let source = ws.sources().file(*id).unwrap();
                    if !source.name().starts_with("builtin:") {
                        after.set(source.name(), edited(source.text(), *id, &edits));
                    }
                }
                after.update();
                assert_eq!(findings(&after), before, "{folder}: {symbol:?}");
                assert_eq!(after.has_errors(), ws.has_errors(), "{folder}: {symbol:?}");
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}
