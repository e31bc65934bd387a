//! Actions: the fixes of findings, and rewrites after which the policy means the same.

use rolec::diagnostic::Code;
use rolec::ide;
use rolec::source::Span;
use rolec::vocab::OrganizationId;
use rolec::workspace::Workspace;

use super::{Scene, edited};

fn act(text: &str, title: &str) -> String {
    let scene = Scene::new(text);
    let actions = ide::actions(&scene.ws, scene.file, Span::new(scene.offset, scene.offset));
    let action = actions.iter().find(|action| action.title == title).unwrap_or_else(|| panic!("{actions:?}"));
    edited(scene.text(scene.file), scene.file, &action.edits)
}

#[test]
fn fixes_are_offered_where_they_are() {
    let text = "use wiki organization o { role r { grant content.pag$0e: create } role s from reder {} }";
    let scene = Scene::new(text);
    let actions = ide::actions(&scene.ws, scene.file, Span::new(scene.offset, scene.offset));
    let told: Vec<_> = actions.iter().map(|action| (action.title.as_str(), action.of.unwrap().0)).collect();
    assert_eq!(told, [("write `pages`", Code::UnknownRow)]);
    assert!(actions[0].is_preferred);
    let all = ide::actions(&scene.ws, scene.file, Span::new(0, 1000));
    assert_eq!(all.len(), 2);
}

#[test]
fn a_spread_is_spelt_out() {
    assert_eq!(
        act(
            "use wiki\norganization o {\n    role r from owner {\n        grant si$0te: edit\n    }\n}",
            "spell out the rows of this spread"
        ),
        "use wiki\norganization o {\n    role r from owner {\n        grant site {\n            export: off\n            members: edit\n        }\n    }\n}"
    );
    assert_eq!(
        act(
            "use wiki\ntemplate r {\n    grant site: ed$0it { // why\n        export: on\n    }\n}",
            "spell out the rows of this spread"
        ),
        "use wiki\ntemplate r {\n    grant site {\n        members: edit\n        tenants: off // why\n        export: on\n    }\n}"
    );
}

#[test]
fn what_a_spread_lowers_can_be_kept() {
    assert_eq!(
        act(
            "use wiki\norganization o {\n    role r from owner {\n        grant a$0ll: view\n    }\n}",
            "keep `members` at `full`, as it was"
        ),
        "use wiki\norganization o {\n    role r from owner {\n        grant site.members: full\n        grant all: view\n    }\n}"
    );
}

/// In the policies that ship: whatever spread is spelt out, every role holds what it held.
#[test]
fn a_rewritten_policy_means_the_same() {
    let mut count = 0;
    for (title, files) in super::agreement::policies() {
        let ws = super::agreement::workspace(&files);
        let held = |ws: &Workspace| -> Vec<String> {
            let findings = || ws.files().iter().flat_map(|file| ws.findings(*file)).collect::<Vec<_>>();
            let table = ws.table().unwrap_or_else(|| panic!("{title}: {:#?}", findings()));
            let all = table.organizations().flat_map(|one| one.assignable().map(move |role| (one, role)));
            let cells = |(one, role): (rolec::table::Organization<'_>, rolec::table::Role<'_>)| {
                let rows = one.catalog().rows();
                let held =
                    rows.map(|row| table.cell(one.key(), row.key()).and_then(|cell| cell.held(role.key())));
                format!("{} {} {:?}", one.id(), role.id(), held.collect::<Vec<_>>())
            };
            all.map(cells).collect()
        };
        let before = held(&ws);
        for file in ws.files() {
            let source = ws.sources().file(*file).unwrap();
            let whole = Span::new(0, u32::try_from(source.text().len()).unwrap());
            let rewrites = ide::actions(&ws, *file, whole).into_iter().filter(|action| action.of.is_none());
            for action in rewrites.filter(|action| action.title.starts_with("spell")).take(6) {
                let mut after = Workspace::default();
                for (name, text) in &files {
                    after.set(name, text.clone());
                }
                after.set(source.name(), edited(source.text(), *file, &action.edits));
                after.update();
                assert!(after.organization(OrganizationId(0)).is_some() || before.is_empty());
                assert_eq!(held(&after), before, "{title}: {action:?}");
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}
