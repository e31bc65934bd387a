//! Hovers, and that the origins they tell are those that the table tells.

use rolec::ide::{self, Cell, Deciding};
use rolec::model::{Roles, Target};
use rolec::table;
use rolec::tools::explain;
use rolec::vocab::{OrganizationId, OrganizationKind, RowId};

use super::Scene;

fn hover(text: &str) -> String {
    let scene = Scene::new(text);
    ide::hover(&scene.ws, scene.file, scene.offset).map(|hover| hover.markdown).unwrap_or_default()
}

#[test]
fn of_every_sort() {
    let policy = "use wiki
template desk \"Desk\" from reader { grant site: view { members: edit } }
/// Does the work.
organization acme \"Acme\" {
    role editor from desk, reader {
        description \"Keeps the pages.\"
        grant content: full { spaces: view }
        grant site { members: view unconfirmed \"a guess\" }
    }
    assign editor to \"ana\", service \"bot\" from 2026-01-01 until 2027-01-01 because \"HR-1\"
    test \"t\" { editor can site.members: view \"ana\" cannot site.export }
}
";
    let at = |needle: &str, after: usize| {
        let start = policy.find(needle).unwrap_or_else(|| panic!("{needle}")) + after;
        hover(&format!("{}$0{}", &policy[..start], &policy[start..]))
    };
    let cases: &[(&str, usize, &str)] = &[
        (
            "members: view unc",
            1,
            "**Members** · row `site.members`\n\n\
            kind `steps`: `none` < `view` < `edit` < `full`\n\n\
            **Escalating**: who holds its top may come to hold everything.\n\n\
            *Caveat:* Takes effect at the next sign-in.\n\n\
            ---\n\n\
            **`view`** in `editor`, `edit` inherited\n\n\
            - `view`: `members: view`, `main.role:8`, unconfirmed: a guess",
        ),
        (
            "view }",
            1,
            "level `view` of row `content.spaces`\n\n\
            kind `steps`: `none` < `view` < `full`, without `edit`\n\n\
            *Note:* A space has pages.\n\n\
            ---\n\n\
            **`view`** in `editor`\n\n\
            - `view`: `spaces: view`, `main.role:7`",
        ),
        (
            "full {",
            1,
            "level `full`, for every row in reach that knows it\n\n\
            ---\n\n\
            in `editor` it sets 1 of 2 rows, the others have lines of their own\n\n\
            1 above what it starts from: `content.pages` `none` → `create, update, delete`",
        ),
        (
            "editor from",
            1,
            "role `editor` of `acme`\n\nKeeps the pages.\n\n\
            starts from `desk`, `reader` · held by 1 person and 1 service account\n\n\
            gives\n\n\
            - Content: `spaces` view, `pages` create, update, delete\n\
            - Site: `members` view",
        ),
        (
            "\"bot\"",
            3,
            "**bot** · service account in `acme`\n\n\
            - `editor` from 2026-01-01 until before 2027-01-01 because “HR-1”, here",
        ),
        (
            "acme \"",
            1,
            "**Acme** · organization `acme`\n\nDoes the work.\n\n\
            direct · catalog `wiki` · 1 of 10 custom roles its own · 1 person · 1 service account",
        ),
        (
            "export",
            1,
            "**Export** · row `site.export`\n\nflag: `off` or `on`\n\n---\n\n\
            ana in `acme`, while it holds\n\n- `off` by `editor`",
        ),
    ];
    for (needle, after, wanted) in cases {
        assert_eq!(at(needle, *after), *wanted, "{needle}");
    }
}

/// Each part as the table tells it: actions, the line, the way.
fn by_table(part: &explain::Part<'_>) -> String {
    let what = match &part.deciding {
        explain::Deciding::Entry(role, entry) => {
            let target = match entry.target {
                table::Target::All => "all".to_owned(),
                table::Target::Category(id) => format!("category {}", id.0),
                table::Target::Row(id) => format!("row {}", id.0),
            };
            format!("{} {target}: {}", role.id(), entry.level)
        }
        explain::Deciding::Floor(role) => format!("{} floor", role.id()),
        explain::Deciding::OnlyManaged => "only managed".to_owned(),
    };
    let way: Vec<&str> = part.way.iter().map(|role| role.id()).collect();
    let also: Vec<&str> = part.also.iter().map(|role| role.id()).collect();
    format!("{:?} {what} {way:?} {also:?}", part.actions)
}

fn by_model(part: &ide::Part<'_>) -> String {
    let what = match part.deciding {
        Deciding::Entry(role, entry) => {
            let target = match entry.target {
                Target::All => "all".to_owned(),
                Target::Category(id) => format!("category {}", id.0),
                Target::Row(id) => format!("row {}", id.0),
            };
            format!("{} {target}: {}", role.id, entry.level)
        }
        Deciding::Floor(role) => format!("{} floor", role.id),
        Deciding::OnlyManaged => "only managed".to_owned(),
    };
    let way: Vec<&str> = part.way.iter().map(|role| &*role.id).collect();
    let also: Vec<&str> = part.also.iter().map(|role| &*role.id).collect();
    format!("{:?} {what} {way:?} {also:?}", part.actions)
}

/// Through a template, a spread and a join to the line that says it, or to none.
#[test]
fn the_way_to_a_level_is_told() {
    let text = "use wiki template a from reader {} template b { grant all: view }
organization o managed { role r from a, b {} role s from r { grant site.export: on } role t { grant site {} }
test \"t\" { s can content.sp$0aces: view s cannot site.tenants t cannot content.pages } }";
    assert!(
        hover(text).ends_with(
            "**`view`** in `s`\n\n\
        - `view`: `grant content: view`, `wiki.role:20`, by `r` → `a` → `reader`; `b` too"
        ) || hover(text).ends_with(
            "**`view`** in `s`\n\n\
        - `view`: `spaces: view`, `wiki.role:20`, by `r` → `a` → `reader`; `b` too"
        ),
        "{}",
        hover(text)
    );
    let tenants = text.replace("$0", "").replace("site.tenants", "site.ten$0ants");
    assert!(
        hover(&tenants).ends_with(
            "**`off`** in `s`\n\n\
        - not `on`: `grant all: view`, `main.role:1`, by `r` → `b`\n\
        - not `on`: no line, the row's floor, by `r` → `a` → `reader`"
        ),
        "{}",
        hover(&tenants)
    );
    let direct = tenants.replace(" managed", "");
    assert!(hover(&direct).ends_with("- not `on`: the row is there in managed organizations only"));
}

/// While something else is damaged, or what a role starts from is not known.
#[test]
fn damage_elsewhere_takes_no_hover_away() {
    let text = "use wiki organization o { role a from nobody {} role b { grant content { spaces vi } grant site.mem$0bers: edit } assign }";
    assert!(hover(text).ends_with("**`edit`** in `b`\n\n- `view`, `edit`: `members: edit`, `main.role:1`"));
    let unknown =
        text.replace("$0", "").replace("a from nobody {", "a from nobody { grant site.mem$0bers: edit ");
    assert!(hover(&unknown).ends_with("in `a`: not all that it starts from is known"));
}

#[test]
fn origins_are_those_of_the_table() {
    let mut cells = 0;
    for (title, files) in super::agreement::policies() {
        let ws = super::agreement::workspace(&files);
        let (model, whole) = (ws.model(), ws.table().unwrap());
        for (at, organization) in model.organizations.iter().enumerate() {
            // One organization's table alone answers as that of all.
            let table = ws.table_of(OrganizationId::at(at)).unwrap();
            let key = table.organization(&organization.id).unwrap();
            let of_whole = whole.organization(&organization.id).unwrap();
            let catalog = model.catalog(organization.catalog).unwrap();
            let roles = Roles { templates: &model.shared.templates, own: &organization.roles };
            let named = organization.roles.iter().chain(&model.shared.templates);
            for role in named.filter(|role| role.catalog == organization.catalog) {
                let of_table = table.role_view(table.role(key, &role.id).unwrap()).unwrap();
                let again = whole.role_view(whole.role(of_whole, &role.id).unwrap()).unwrap();
                for (row, index) in catalog.rows.iter().zip(0..) {
                    let id = RowId(index);
                    let there = of_table.catalog().row(id).unwrap();
                    assert_eq!(there.id(), &*row.id);
                    for kind in [OrganizationKind::Direct, OrganizationKind::Managed] {
                        let cell = Cell { roles, role, id, row, kind };
                        let ours: Vec<String> = cell.deciding(row.shape.top()).iter().map(by_model).collect();
                        let parts = explain::deciding(of_table, there, row.shape.top(), kind);
                        let theirs: Vec<String> = parts.iter().map(by_table).collect();
                        assert_eq!(ours, theirs, "{title}: {} {}", role.id, row.id);
                        cells += 1;
                    }
                    assert_eq!(of_table.actions(id), again.actions(id), "{title}: {} {}", role.id, row.id);
                }
            }
        }
    }
    assert!(cells > 10_000, "{cells}");
}
