//! The catalog and the default roles that ship, against the tables that they were read from (tests/data/*.csv): every
//! row, every offered level, every one of the 360 cells with its mark.

#![cfg(feature = "compile")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "compares files")]

mod support {
    #[allow(dead_code, reason = "only the reading of lines is wanted here")]
    pub(crate) mod policies;
}

use std::path::Path;

use rolec::catalog::{BUILT_IN, BuiltIn};
use rolec::pipeline::{Compilation, compile};
use rolec::source::Sources;
use rolec::table::{Row, Table, Target};
use rolec::vocab::{Actions, Form};

use support::policies::fields;

/// The columns of default-roles.csv.
const ROLES: [(&str, &str); 8] = [
    ("AwB", "admin-with-billing"),
    ("ADM", "administrator"),
    ("MGR", "manager"),
    ("HD", "help-desk"),
    ("RO", "read-only"),
    ("CR", "command-runner"),
    ("CRB", "command-runner-with-billing"),
    ("BO", "billing-only"),
];

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines of a table, without its head, as fields.
fn table_of(path: &str, head: &str) -> Vec<Vec<String>> {
    let text = file(path);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(head), "{path}");
    lines.map(fields).collect()
}

/// The table of the catalog alone, from the text that is compiled in.
fn built_in() -> Table {
    let sources = Sources::from_iter([("only.role", "use jumpcloud \"2026-11\"\n")]);
    let Compilation { findings, table, .. } = compile(sources);
    assert!(!findings.has_errors());
    table.unwrap()
}

/// A title as an id: small letters, and one dash for whatever else stands between them.
fn kebab(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// What a row offers, in the words of catalog.csv; a set of verbs has no order.
fn offered(row: Row<'_>) -> (&'static str, String) {
    let shape = row.shape();
    match shape.form() {
        Form::Ladder => ("ladder", shape.offered().join("<")),
        Form::Flag => ("flag", shape.offered().join("|")),
        Form::Verbs => ("verbs", set(shape.actions())),
    }
}

fn set<'a>(verbs: impl Iterator<Item = &'a str>) -> String {
    let mut verbs: Vec<&str> = verbs.collect();
    verbs.sort_unstable();
    verbs.join(" ")
}

#[test]
fn the_files_compiled_in_are_those_of_the_folder() {
    assert_eq!(BUILT_IN.len(), 1);
    let jumpcloud = BuiltIn::find("jumpcloud").unwrap();
    let names = ["catalog.role", "default-roles.role"];
    assert_eq!(jumpcloud.files.len(), names.len());
    for ((name, text), wanted) in jumpcloud.files.iter().zip(names) {
        assert_eq!(*name, format!("builtin:jumpcloud/{wanted}"));
        assert!(file(&format!("policies/jumpcloud/{wanted}")).as_bytes() == text.as_bytes(), "{wanted}");
    }
}

#[test]
fn the_catalog_is_the_published_table() {
    let head = "category,row,slug,kind,cells,levels,oddities";
    let lines = table_of("tests/data/catalog.csv", head);
    assert_eq!(lines.len(), 45);
    let table = built_in();
    let catalog = table.catalog_view(table.catalog("jumpcloud").unwrap()).unwrap();
    assert_eq!(catalog.version(), Some("2026-11"));
    assert_eq!(catalog.rows().count(), 45);
    for (row, line) in catalog.rows().zip(&lines) {
        let [category_title, title, slug, kind, cells, levels, _] = line.as_slice() else {
            panic!("not seven fields: {line:?}")
        };
        let category = row.category();
        assert_eq!(category.title(), Some(category_title.as_str()), "{slug}");
        assert_eq!(category.id(), kebab(category_title));
        assert_eq!(row.title(), Some(title.as_str()));
        assert_eq!(row.id(), slug);
        assert_eq!(row.id(), kebab(title));
        let levels = match levels.strip_prefix('{').and_then(|levels| levels.strip_suffix('}')) {
            Some(verbs) => set(verbs.split(' ')),
            None => levels.clone(),
        };
        assert_eq!(offered(row), (kind.as_str(), levels), "{slug}");
        assert_eq!(row.shape().offered().len(), offered_by(cells, kind), "{slug}: {cells}");
    }
    // Categories, in the order in which the table first names them.
    let mut categories: Vec<&str> = lines.iter().map(|line| &*line[0]).collect();
    categories.dedup();
    assert_eq!(categories.len(), 11);
    assert_eq!(
        catalog.categories().map(|category| category.title().unwrap()).collect::<Vec<_>>(),
        categories
    );
    let actions = catalog.rows().map(|row| row.shape().width());
    assert_eq!(actions.sum::<usize>(), 76, "permissions in all");
}

/// How many levels the cells of the published table offer: one that is not `N/A` each, a check box two, and the empty
/// set of verbs one more. A blank cell is merged with the one above, and a slip is read as what it stands for.
fn offered_by(cells: &str, kind: &str) -> usize {
    match (cells, kind) {
        ("(blank)", _) => 3,
        ("Checkbox Selection", "flag") => 2,
        (cells, "verbs") => cells.split('/').count() + 1,
        // N/A has a slash of its own.
        (cells, _) => cells.replace("N/A", "-").split('/').filter(|cell| *cell != "-").count(),
    }
}

#[test]
fn what_a_row_offers_beyond_its_kind_is_counted() {
    let table = built_in();
    let catalog = table.catalog_view(table.catalog("jumpcloud").unwrap()).unwrap();
    let count = |levels: &[&str]| catalog.rows().filter(|row| row.shape().offered() == levels).count();
    assert_eq!(count(&["none", "view", "full"]), 24);
    assert_eq!(count(&["none", "view"]), 6);
    assert_eq!(count(&["none", "full"]), 4);
    assert_eq!(count(&["view", "full"]), 1);
    assert_eq!(count(&["off", "on"]), 8);
    assert_eq!(count(&["none", "view", "create", "update", "delete"]), 2);
    let managed: Vec<&str> = catalog.rows().filter(|row| row.is_only_managed()).map(Row::id).collect();
    assert_eq!(managed, ["event-logs"]);
    assert_eq!(catalog.super_role().unwrap().id(), "admin-with-billing");
    assert_eq!(catalog.custom_role_limit(), Some(20));
}

/// The level of a cell, in the words of default-roles.csv: F V N, on off, letters of verbs.
fn level(cell: &str, row: Row<'_>) -> Actions {
    let shape = row.shape();
    let words: Vec<&str> = match cell {
        "F" => vec!["full"],
        "V" => vec!["view"],
        "N" | "-" => vec!["none"],
        "on" | "off" => vec![cell],
        verbs => verbs
            .chars()
            .map(|letter| match letter {
                'C' => "create",
                'U' => "update",
                'D' => "delete",
                'V' => "view",
                other => panic!("{}: {other}", row.id()),
            })
            .collect(),
    };
    shape.exact(&words).unwrap_or_else(|error| panic!("{}: {cell}: {error:?}", row.id()))
}

#[test]
fn the_default_roles_are_as_gathered() {
    let head = ROLES.iter().fold("row".to_owned(), |head, (short, _)| head + "," + short);
    let lines = table_of("tests/data/default-roles.csv", &head);
    let table = built_in();
    let catalog = table.catalog_view(table.catalog("jumpcloud").unwrap()).unwrap();
    assert_eq!(lines.len(), catalog.rows().count());
    let mut templates: Vec<&str> = ROLES.iter().map(|(_, id)| *id).collect();
    templates.sort_unstable();
    assert_eq!(catalog.templates().map(|role| role.id()).collect::<Vec<_>>(), templates);
    let mut cells = 0;
    let mut marks = [0; 4];
    for (column, (short, id)) in ROLES.iter().enumerate() {
        let role = table.role_view(table.template(id).unwrap()).unwrap();
        assert!(role.is_default());
        assert_eq!(role.bases().count(), 0);
        // Each row by name, once: no cell rests on a spread.
        assert_eq!(role.entries().len(), lines.len(), "{id}");
        for (row, line) in catalog.rows().zip(&lines) {
            assert_eq!(row.id(), line[0]);
            let written = &line[column + 1];
            let cell = written.trim_end_matches(['?', '~', '!']);
            let place = format!("{short}, {}: {written}", row.id());
            let entry = role.entries().iter().find(|entry| entry.target == Target::Row(row.key()));
            let entry = entry.unwrap_or_else(|| panic!("{place}"));
            assert_eq!(role.actions(row.key()), level(cell, row), "{place}");
            let (sort, mark) = match written.strip_prefix(cell).unwrap() {
                "" => (0, None),
                "?" => (1, Some("")),
                "~" => (2, Some("third-party summary")),
                "!" => (3, None),
                other => panic!("{place}: {other}"),
            };
            assert_eq!(entry.unconfirmed.as_deref(), mark, "{place}");
            marks[sort] += 1;
            cells += 1;
        }
    }
    assert_eq!(cells, 360);
    // As default-roles.role says of itself: the vendor's text, guesses, third-party summaries, forced.
    assert_eq!(marks, [199, 74, 79, 8]);
}

#[test]
fn the_super_role_and_the_kinds_of_rows_are_kept() {
    let text = "catalog shop {
    kind access = ladder none < view < full
    super chief
    category sales {
        orders: access
        export: flag
    }
}
use shop
default template clerk {}
default template chief {}
";
    let table = compile(Sources::from_iter([("shop.role", text)])).table.unwrap();
    let shop = table.catalogs().next().unwrap();
    assert_eq!(shop.super_role().map(|role| role.id()), Some("chief"));
    let kinds: Vec<_> = shop.rows().map(|row| (row.id(), row.kind())).collect();
    assert_eq!(kinds, [("orders", Some("access")), ("export", None)]);
}
