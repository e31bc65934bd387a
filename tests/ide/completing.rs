//! Completions: what fits at a place, and nothing else, in text that is damaged by being typed.

use rolec::ide::{self, Completion};

use super::{Scene, edited};

fn proposed(text: &str) -> Vec<Completion> {
    let scene = Scene::new(text);
    ide::completions(&scene.ws, scene.file, scene.offset)
}

fn labels(text: &str) -> Vec<String> {
    proposed(text).into_iter().map(|found| found.label).collect()
}

/// A policy around a place in an organization, with members before and behind.
fn inside(text: &str) -> String {
    format!(
        "use wiki\norganization o \"O\" {{\n    role desk from reader {{ grant site.members: edit }}\n    role two from desk {{}}\n    \
        {text}\n    assign desk to \"ana\", service \"bot\"\n    test \"t\" {{ desk can content.spaces }}\n}}\n"
    )
}

const TOP: [&str; 7] =
    ["organization", "template", "forbid", "require", "use", "default template", "catalog"];
/// The same, in a file that says which catalog it uses.
const USING: [&str; 6] = ["organization", "template", "forbid", "require", "default template", "catalog"];
const IN_ORGANIZATION: [&str; 5] = ["role", "assign", "forbid", "require", "test"];

#[test]
fn words_by_their_places() {
    let cases: &[(&str, &[&str])] = &[
        ("$0", &TOP),
        ("use wiki\n\nor$0", &USING),
        ("us$0e wiki", &TOP),
        ("or$0\n\nuse wiki", &USING),
        ("use wiki\norganization o {\n    $0\n}", &IN_ORGANIZATION),
        ("use wiki\norganization o { role r {}\n    $0", &IN_ORGANIZATION),
        ("use wiki\norganization o { role r {} }\n$0", &USING),
        ("use wiki\norganization o {} organization $0", &["o"]),
        ("use wiki\norganization o \"O\" $0{}", &["direct", "managed"]),
        // What an organization is is said once, in whatever file.
        ("use wiki\norganization o $0{}\norganization p managed {}", &["direct", "managed"]),
        ("use wiki\norganization o $0{}\norganization \"o\" managed {}", &[]),
        ("//- a.role\nuse wiki\norganization o $0{}\n//- b.role\nuse wiki\norganization o direct {}", &[]),
        ("use wiki\norganization o {\n    role r {\n        $0\n    }\n}", &["grant", "description"]),
        ("use wiki\norganization o { role r { description \"d\"\n $0 } }", &["grant"]),
        ("use wiki\norganization o { role r { description \"d\" $0 } }", &["grant"]),
        ("use wiki\norganization o { role r { description \"d\" gr$0 } }", &["grant"]),
        (
            "use wiki\norganization o {\n    role r {}\n    assign r to \"a\"\n    $0\n}",
            &["role", "assign", "forbid", "require", "test", "from", "until", "because"],
        ),
        ("use wiki\norganization o { role r $0 {} }", &["from"]),
        ("use wiki\ndefault $0", &["template"]),
        ("use wiki\ncatalog c \"C\" $0 {}", &["version"]),
        ("use wiki\ncatalog c {\n    $0\n}", &["category", "kind", "limit", "super", "ids"]),
        ("use wiki\ncatalog c { kind k = $0 }", &["ladder", "verbs", "flag"]),
        ("use wiki\ncatalog c { kind k = flag category a { r: $0 } }", &["k", "ladder", "verbs", "flag"]),
        ("use wiki\ncatalog c { kind k = verbs x, y category a {\n r: k $0\n } }", &["without"]),
        ("use wiki\ncatalog c { kind k = verbs x, y, z category a {\n r: k without x, $0\n } }", &["y", "z"]),
        (
            "use wiki\ncatalog c { category a { r: flag { escalating $0 } } }",
            &["to", "only managed", "note", "caveat"],
        ),
        (
            "use wiki\ncatalog c { category a { r: flag { escalating to $0 } } category note { x: flag } }",
            &["a", "note"],
        ),
        (
            "use wiki\ncatalog c { category a { r: flag { escalating to note.x, a.$0 } s: flag } category note { x: flag } }",
            &["r", "s"],
        ),
        ("use wiki\ncatalog c { limit $0 }", &["custom-roles"]),
        ("use wiki\ncatalog c { ids $0 }", &["case-sensitive"]),
        ("use wiki\ncatalog c { super $0 }\n//- d.role\nuse c template t {}", &["t"]),
        // Catalogs, their files, their versions.
        ("use $0", &["wiki", "jumpcloud"]),
        ("use wiki $0", &["3"]),
        ("//- a/b.role\nuse \"$0\"", &["../wiki.role"]),
        // What cannot be guessed: new names, titles, times, comments.
        ("use wiki\norganization o { role $0 {} }", &[]),
        ("use wiki\norganization o { role r \"$0\" {} }", &[]),
        ("use wiki // $0", &[]),
        ("use wiki organization o { role r {} assign r to \"a\" from $0 }", &[]),
    ];
    let told = |(text, wanted): &(&str, &[&str])| {
        let found = labels(text);
        (found != *wanted).then(|| format!("{text}\n  found {found:?}\n wanted {wanted:?}"))
    };
    let wrong: Vec<String> = cases.iter().filter_map(told).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_that_fit() {
    let cases: &[(&str, &[&str])] = &[
        // Not itself, nor what starts from it, nor what is named already.
        ("role three from $0 {}", &["desk", "two", "owner", "reader", "nothing"]),
        ("role three from owner, $0 {}", &["desk", "two", "reader"]),
        ("role three from owner, re$0", &["desk", "two", "reader"]),
        ("assign $0", &["desk", "two", "owner", "reader"]),
        ("assign desk $0", &["to"]),
        ("assign two to $0", &["ana", "bot", "service"]),
        ("assign two to \"ana\", $0", &["bot", "service"]),
        ("assign two to \"ana\", \"b$0", &["bot"]),
        ("assign two to service $0", &["bot"]),
        ("assign two to \"ana\" $0", &["from", "until", "because"]),
        ("assign two to \"ana\" until 2027-01-01 $0", &["from", "because"]),
        ("forbid \"f\" $0 {}", &["except"]),
        ("forbid \"f\" except owner, $0", &["desk", "two", "reader"]),
        // Rows and categories that are not said yet, before and behind.
        ("role r { grant $0 }", &["content", "site", "all"]),
        ("role r { grant all: view grant $0\n grant site: view }", &["content", "site"]),
        (
            "role r { grant site: view grant $0\n grant site { export: on members: none } }",
            &["content", "all"],
        ),
        ("role r { grant content {\n $0\n } }", &["spaces", "pages"]),
        ("role r { grant content {\n sp$0\n pages: create\n } }", &["spaces"]),
        ("role r { grant content {\n pages: create\n $0\n } }", &["spaces"]),
        ("role r { grant content {\n spaces, $0\n } }", &["pages"]),
        ("role r { grant site.$0 }", &["export", "members"]),
        ("role r { grant site {\n export: on\n }\n grant site.$0\n }", &["members"]),
        // Levels that the row offers.
        ("role r { grant content { spaces: $0 } }", &["none", "view", "full"]),
        ("role r { grant content { spaces: $0\n pages: create\n } }", &["none", "view", "full"]),
        ("role r { grant content { pages: $0 } }", &["none", "create", "update", "delete", "full"]),
        ("role r { grant content { pages: create, $0 } }", &["update", "delete"]),
        ("role r { grant content { pages: create, up$0 } }", &["update", "delete"]),
        ("role r { grant site { export, members: $0 } }", &[]),
        ("role r { grant content.spaces: $0 }", &["none", "view", "full"]),
        ("role r { grant content.spaces: view $0 }", &["unconfirmed"]),
        ("role r { grant site: $0 }", &["off", "on", "none", "view", "edit", "full"]),
        (
            "role r { grant all: fu$0 }",
            &["none", "full", "view", "off", "on", "create", "update", "delete", "edit"],
        ),
        // A test's lines.
        ("test \"t\" {\n $0\n}", &["desk", "two", "owner", "reader", "ana", "bot", "only", "cases"]),
        (
            "test \"t\" {\n desk can content.spaces\n tw$0\n}",
            &["desk", "two", "owner", "reader", "ana", "bot", "only", "cases"],
        ),
        ("test \"t\" { desk $0 }", &["can", "cannot"]),
        ("test \"t\" { desk can $0 }", &["content", "site"]),
        ("test \"t\" { desk can site.$0 }", &["export", "members"]),
        ("test \"t\" { desk can site.members: $0 }", &["view", "edit", "full"]),
        ("test \"t\" { desk can site.members: view, $0 }", &["edit", "full"]),
        (
            "test \"t\" {\n desk can site.members\n $0 }",
            &["desk", "two", "owner", "reader", "ana", "bot", "only", "cases"],
        ),
        (
            "test \"t\" { desk can site.members $0 }",
            &["at", "desk", "two", "owner", "reader", "ana", "bot", "only", "cases"],
        ),
        ("test \"t\" { desk can site.members at $0 }", &[]),
        ("forbid \"f\" {\n $0\n}", &["content", "site"]),
        ("forbid \"f\" { site.members: full\n site.$0 }", &["export"]),
        ("forbid \"f\" { site.members: $0 }", &["view", "edit", "full"]),
    ];
    let told = |(text, wanted): &(&str, &[&str])| {
        let found = labels(&inside(text));
        (found != *wanted).then(|| format!("{text}\n  found {found:?}\n wanted {wanted:?}"))
    };
    let wrong: Vec<String> = cases.iter().filter_map(told).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_bases_give_is_told() {
    let detail = |text: &str| -> Vec<String> {
        let told = proposed(&inside(text)).into_iter();
        told.map(|found| format!("{}: {}", found.label, found.detail.unwrap_or_default())).collect()
    };
    assert_eq!(
        detail("role r from desk { grant site { members: $0 } }"),
        ["none: below the edit given", "view: below the edit given", "edit: given already", "full: "]
    );
    assert_eq!(detail("role r { grant site { members: $0 } }"), ["none: ", "view: ", "edit: ", "full: "]);
    assert_eq!(
        detail("role r from owner { grant content { pages: $0 } }"),
        [
            "none: ",
            "create: given already",
            "update: given already",
            "delete: given already",
            "full: given already"
        ]
    );
}

#[test]
fn a_proposal_is_written_so_that_it_reads_back() {
    let take = |text: &str, label: &str| {
        let scene = Scene::new(text);
        let all = ide::completions(&scene.ws, scene.file, scene.offset);
        let found =
            all.iter().find(|found| found.label == label).unwrap_or_else(|| panic!("{text}: {all:?}"));
        edited(scene.text(scene.file), scene.file, std::slice::from_ref(&found.edit))
    };
    for (text, label, wanted) in [
        ("assign Bil$0", "Billing Reader", "assign \"Billing Reader\""),
        ("assign \"Bil$0\" to \"x\"", "Billing Reader", "assign \"Billing Reader\" to \"x\""),
        ("assign \"Bil$0 to", "Billing Reader", "assign \"Billing Reader\" to"),
        ("assign r to a$0", "🙂 ana", "assign r to \"🙂 ana\""),
        ("assign r to $0", "bot", "assign r to service \"bot\""),
        ("test \"t\" { Bil$0 }", "Billing Reader", "test \"t\" { role \"Billing Reader\" }"),
        ("test \"t\" { role Bil$0 }", "Billing Reader", "test \"t\" { role \"Billing Reader\" }"),
        ("role r { grant site { members: vi$0ew } }", "edit", "role r { grant site { members: edit } }"),
    ] {
        let around = |text: &str| {
            format!(
                "use wiki\r\norganization o {{\r\n role \"Billing Reader\" {{}}\r\n assign reader to \"🙂 ana\", service \"bot\"\r\n {text}\r\n}}"
            )
        };
        assert_eq!(take(&around(text), label), around(wanted), "{text}");
    }
}

/// Behind the words of tests and requirements stands what fits there, and what is said already is not said again.
#[test]
fn sets_tables_and_requirements() {
    let all = |text: &str| labels(&inside(text));
    let has = |text: &str, wanted: &[&str], other: &[&str]| {
        let found = all(text);
        for label in wanted {
            assert!(found.iter().any(|found| found == label), "{text}: no {label} in {found:?}");
        }
        for label in other {
            assert!(!found.iter().any(|found| found == label), "{text}: {label} in {found:?}");
        }
    };
    has("test \"x\" { $0 }", &["only", "cases", "desk", "ana"], &["can"]);
    has("test \"x\" { only $0 }", &["desk", "reader", "ana"], &["can", "only"]);
    has("test \"x\" { only desk, $0 }", &["two", "reader"], &["desk", "ana", "service"]);
    has("test \"x\" { only \"ana\", $0 }", &["bot", "service"], &["desk", "ana"]);
    has("test \"x\" { only desk $0 }", &["can"], &["cannot", "desk"]);
    has("test \"x\" { only desk can $0 }", &["content", "site"], &["desk"]);
    has("test \"x\" { cases desk, $0 }", &["two", "ana", "service"], &["desk"]);
    has("test \"x\" { cases desk, two $0 }", &["at"], &["can", "desk"]);
    has("test \"x\" { cases desk, two {\n $0\n } }", &["content", "site"], &["desk", "only"]);
    has("test \"x\" { cases desk, two {\n site.members: $0\n } }", &["none", "edit"], &["at"]);
    has("test \"x\" { cases desk, two {\n site.members: none | $0\n } }", &["none", "edit"], &["at"]);
    has("test \"x\" { cases desk {\n site.members: none\n site.$0\n } }", &[], &["members"]);
    has("require \"r\" $0", &["at least", "at most", "from", "until", "except"], &["role", "to"]);
    has("require \"r\" at $0", &["least", "most"], &["except"]);
    has("require \"r\" at least 2 $0", &["at most", "from", "except"], &["at least"]);
    has("require \"r\" at least 2 except desk, $0", &["two", "reader"], &["desk", "ana"]);
    has("require \"r\" at least 2 { $0 }", &["role", "content", "site"], &["desk"]);
    has(
        "require \"r\" at least 2 {\n        role desk\n        role $0\n    }",
        &["two", "reader"],
        &["desk"],
    );
    has("require \"r\" at least 2 {\n site.members: $0\n }", &["edit"], &["none"]);
}
