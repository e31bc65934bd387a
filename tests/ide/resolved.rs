//! Definitions, references and highlights.

use rolec::ide::{self, Declarations};

use super::Scene;

fn definition(text: &str) -> Vec<String> {
    let scene = Scene::new(text);
    scene.told(&ide::definition(&scene.ws, scene.file, scene.offset))
}

fn references(text: &str) -> Vec<String> {
    let scene = Scene::new(text);
    scene.told(&ide::references(&scene.ws, scene.file, scene.offset, Declarations::Included))
}

#[test]
fn a_name_leads_to_where_it_is_declared() {
    let cases: &[(&str, &[&str])] = &[
        ("use wi$0ki", &["wiki.role:2:9 wiki"]),
        ("use \"./wi$0ki.role\"", &["wiki.role:2:9 wiki"]),
        ("use wiki organization o { role r from read$0er {} }", &["wiki.role:20:10 reader"]),
        // An organization's own role stands before a template.
        ("use wiki organization o { role r {} assign $0r to \"a\" }", &["main.role:1:32 r"]),
        ("use wiki organization o { role r { grant con$0tent: view } }", &["wiki.role:4:14 content"]),
        (
            "use wiki organization o { role r { grant content { pa$0ges: create } } }",
            &["wiki.role:7:9 pages"],
        ),
        ("use wiki organization o { role r { grant content.pages$0: create } }", &["wiki.role:7:9 pages"]),
        // A level: the word in the row's kind, or in the row itself.
        ("use wiki organization o { role r { grant site { members: ed$0it } } }", &["wiki.role:3:39 edit"]),
        (
            "use wiki organization o { role r { grant content { pages: up$0date } } }",
            &["wiki.role:7:38 update"],
        ),
        // What has no word of its own leads to the kind.
        ("use wiki organization o { role r { grant site { export: o$0n } } }", &["wiki.role:10:26 flag"]),
        // A spread may speak of several kinds.
        ("use wiki organization o { role r { grant all: v$0iew } }", &["wiki.role:3:32 view"]),
        (
            "use wiki organization o { role r { grant site: fu$0ll } }",
            &["wiki.role:10:26 flag", "wiki.role:3:46 full", "wiki.role:12:18 flag"],
        ),
        // Where it is opened again; where a principal is named again.
        ("use wiki organization o \"O\" {} organization $0o {}", &["main.role:1:23 o"]),
        (
            "use wiki organization o { role r {} assign r to \"é🙂\" test \"t\" { \"é$0🙂\" can site.export } }",
            &["main.role:1:49 \"é🙂\""],
        ),
        // A forbid in an organization, and one at the top.
        (
            "use wiki forbid \"f\" except r$0 { site.export: on } organization o { role r {} }",
            &["main.role:1:72 r"],
        ),
        ("use wiki forbid \"f\" except own$0er { site.export: on }", &["wiki.role:18:18 owner"]),
        // In the catalog itself.
        ("//- c.role\nuse c catalog c { kind k = flag category a { r: $0k } super t }", &["c.role:1:24 k"]),
        (
            "//- c.role\nuse c catalog c { category a { r: flag } super $0t } template t {}",
            &["c.role:1:61 t"],
        ),
        // Into what came with the program.
        (
            "use jumpcloud organization o { role r from help-de$0sk {} }",
            &["builtin:jumpcloud/default-roles.role:228:18 help-desk"],
        ),
        // Nothing there, and no such thing.
        ("use wiki $0 organization o {}", &[]),
        ("use wiki organization o { role r from re$0der {} }", &[]),
        ("use wiki organization o { role r \"ti$0tle\" {} }", &[]),
    ];
    let told = |(text, wanted): &(&str, &[&str])| {
        let found = definition(text);
        (found != *wanted).then(|| format!("{text}\n  found {found:?}\n wanted {wanted:?}"))
    };
    let wrong: Vec<String> = cases.iter().filter_map(told).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn references_are_found_in_all_files() {
    let text = "//- a.role\nuse wiki organization o { role desk from reader {} role \"two\" from $0desk {} }
//- b.role\nuse wiki organization o { assign desk to \"a\" test \"t\" { desk can content.spaces } }
organization p { role desk {} assign desk to \"a\" }
//- c.role\nuse wiki forbid \"f\" except \"d\\u{65}sk\" { site.export: on }";
    let wanted = [
        "a.role:1:32 desk",
        "a.role:1:68 desk",
        "b.role:1:34 desk",
        "b.role:1:57 desk",
        "c.role:1:28 \"d\\u{65}sk\"",
    ];
    assert_eq!(references(text), wanted);
    let scene = Scene::new(text);
    let others = ide::references(&scene.ws, scene.file, scene.offset, Declarations::Excluded);
    assert_eq!(scene.told(&others), wanted[1..]);
    let here = ide::highlights(&scene.ws, scene.file, scene.offset);
    assert_eq!(scene.spans(&here), wanted[..2]);
}

#[test]
fn references_of_rows_levels_and_catalogs() {
    let text = "use wiki organization o { role r { grant site { mem$0bers: edit } grant content: edit }
test \"t\" { r can site.members: edit } }";
    assert_eq!(
        references(text),
        ["main.role:1:49 members", "main.role:2:23 members", "wiki.role:11:9 members"]
    );
    // Of a kind's level: the rows of the kind, the spreads that reach one.
    let level = text.replace("$0", "").replacen("edit", "ed$0it", 1);
    assert_eq!(
        references(&level),
        [
            "main.role:1:58 edit",
            "main.role:1:80 edit",
            "main.role:2:32 edit",
            "wiki.role:3:39 edit",
            "wiki.role:6:40 edit"
        ]
    );
    assert_eq!(
        references("//- a.role\nuse \"wiki.role\"\n//- b.role\nuse w$0iki"),
        ["a.role:1:5 \"wiki.role\"", "b.role:1:5 wiki", "wiki.role:1:5 wiki", "wiki.role:2:9 wiki"]
    );
}
