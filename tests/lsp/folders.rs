//! Which files make a policy, and what becomes of it when they come and go: as `rolec check FOLDER` would have it.

use serde_json::{Value, json};

use crate::client::{Client, Folder, capabilities};

const CATALOG: &str = "catalog wiki { category content { pages: verbs open, print } }\n";
const ROLES: &str =
    "use \"vendor/wiki.role\"\norganization acme { role editor { grant content.pages: print } }\n";

fn watched(client: &mut Client, folder: &Folder, changes: &[(&str, u32)]) {
    let changes: Vec<Value> =
        changes.iter().map(|(name, kind)| json!({ "uri": folder.uri(name), "type": kind })).collect();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
}

const CREATED: u32 = 1;
const CHANGED: u32 = 2;
const DELETED: u32 = 3;

fn clean(name: &str) -> (String, Vec<String>) {
    (name.to_owned(), Vec::new())
}

fn found(name: &str, findings: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), findings.iter().map(|finding| (*finding).to_owned()).collect())
}

/// What `rolec check FOLDER` finds: names and codes.
fn checked(folder: &Folder) -> Vec<(String, String)> {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_rolec"))
        .args(["check", ".", "--format", "json"])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = |finding: &Value| {
        (finding["file"].as_str().unwrap().to_owned(), finding["code"].as_str().unwrap().to_owned())
    };
    document["findings"].as_array().unwrap().iter().map(finding).collect()
}

#[test]
fn a_folder_is_one_policy_as_it_is_for_check() {
    let folder = Folder::new(&[
        ("a.role", "use wiki\norganization acme { role editor { grant content.page: write } }\n"),
        ("deep/er/catalog.role", CATALOG),
        ("ignored/broken.role", "}}}"),
        (".hidden/broken.role", "}}}"),
        (".gitignore", "ignored\n"),
        ("notes.txt", "}}}"),
        ("b.role", "use nothing\n"),
        ("c.role", "\u{feff}use wiki\norganization x { role y { grant content.page: write } }\n"),
    ]);
    std::fs::write(folder.path("d.role"), b"use wiki\n// \xff").unwrap();
    let mut client = Client::new(&[&folder]);
    let mut told: Vec<(String, String)> = client
        .published()
        .into_iter()
        .flat_map(|(name, findings)| findings.into_iter().map(move |f| (name.clone(), f[..5].to_owned())))
        .collect();
    let mut wanted = checked(&folder);
    told.sort();
    wanted.sort();
    assert_eq!(told, wanted);
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(client.leave(), 0);
}

/// What lies in `vendor` is read only where it is imported.
fn with_import() -> Folder {
    Folder::new(&[
        ("roles.role", ROLES),
        ("vendor/wiki.role", CATALOG),
        ("vendor/other.role", "}"),
        (".ignore", "vendor\n"),
    ])
}

#[test]
fn what_is_imported_is_read_and_what_is_open_wins() {
    let folder = with_import();
    let mut client =
        Client::begin(json!({ "processId": null, "capabilities": capabilities(), "rootUri": folder.root() }));
    assert_eq!(client.published(), []);
    let (wiki, roles) = (folder.uri("vendor/wiki.role"), folder.uri("roles.role"));
    client.open(&wiki, &CATALOG.replace("pages", "sheets"));
    assert_eq!(client.published(), [clean("wiki.role"), found("roles.role", &["R0204 1:48-1:53"])]);
    client.close(&wiki);
    assert_eq!(client.published(), [clean("roles.role")]);
    // An import that is written as one types, to the end.
    client.open(&roles, ROLES);
    client.published();
    client.replace(&roles, 2, &ROLES.replace("vendor/wiki", "vendor/wi"));
    let (name, findings) = client.published().remove(0);
    assert_eq!((&*name, findings.is_empty()), ("roles.role", false));
    client.replace(&roles, 3, ROLES);
    assert_eq!(client.published(), [clean("roles.role")]);
    // The file goes, and comes back.
    folder.remove("vendor/wiki.role");
    watched(&mut client, &folder, &[("vendor/wiki.role", DELETED)]);
    assert_eq!(client.published().len(), 1);
    folder.write("vendor/wiki.role", CATALOG);
    watched(&mut client, &folder, &[("vendor/wiki.role", CREATED)]);
    assert_eq!(client.published(), [clean("roles.role")]);
    assert_eq!(client.leave(), 0);
}

#[test]
#[cfg(unix)]
fn a_link_is_the_file_that_it_leads_to_and_leads_nowhere_else() {
    let folder = with_import();
    let outside = Folder::new(&[("wiki.role", CATALOG)]);
    let (link, wiki) = (folder.path("vendor/link.role"), folder.path("vendor/wiki.role"));
    std::os::unix::fs::symlink(&wiki, &link).unwrap();
    folder.write(
        "more.role",
        &ROLES.replace("vendor/wiki", "vendor/link").replace("editor", "other").replace("print", "open"),
    );
    let mut client = Client::new(&[&folder]);
    assert_eq!(client.published(), []);
    assert_eq!(checked(&folder), []);
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(outside.path("wiki.role"), &link).unwrap();
    watched(&mut client, &folder, &[("vendor/link.role", CREATED)]);
    // A part of the policy that is not known: nothing is said that may be wrong.
    assert_eq!(client.published(), []);
    assert_eq!(checked(&folder), []);
    assert_eq!(client.leave(), 0);
}

#[test]
fn files_come_change_and_go_on_disk() {
    let folder = Folder::new(&[("catalog.role", CATALOG)]);
    let mut wishes = capabilities();
    wishes["workspace"]["didChangeWatchedFiles"] = json!({ "dynamicRegistration": true });
    let mut client = Client::with(wishes, &[&folder]);
    let asked = client.wait_for(|message| message["method"] == "client/registerCapability");
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    assert_eq!(registration["registerOptions"]["watchers"][0]["globPattern"], "**/*.role");
    assert_eq!(registration["registerOptions"]["watchers"][1]["globPattern"], "**/rolec.toml");
    client.send(&json!({ "jsonrpc": "2.0", "id": asked["id"], "result": null }));

    let roles = "use wiki\norganization acme { role editor { grant content.sheets: print } }\n";
    folder.write("new/roles.role", roles);
    watched(&mut client, &folder, &[("new/roles.role", CREATED)]);
    assert_eq!(client.published(), [found("roles.role", &["R0204 1:48-1:54"])]);
    folder.write("new/roles.role", &roles.replace("sheets", "pages"));
    watched(&mut client, &folder, &[("new/roles.role", CHANGED)]);
    assert_eq!(client.published(), [clean("roles.role")]);
    folder.write("new/roles.role", "}");
    watched(&mut client, &folder, &[("new/roles.role", CHANGED)]);
    assert_eq!(client.published().len(), 1);
    // What goes is told as well, and a folder goes with all that is in it.
    std::fs::remove_dir_all(folder.path("new")).unwrap();
    watched(&mut client, &folder, &[("new", DELETED)]);
    assert_eq!(client.published(), [clean("roles.role")]);
    // What is open in the editor is what it is there.
    client.open(&folder.uri("catalog.role"), CATALOG);
    client.published();
    folder.write("catalog.role", "}");
    watched(&mut client, &folder, &[("catalog.role", CHANGED)]);
    assert_eq!(client.published(), []);
    client.close(&folder.uri("catalog.role"));
    assert_eq!(client.published().len(), 1);
    // Nonsense from outside is passed over.
    let nonsense =
        json!({ "changes": [{ "uri": "x:y", "type": 1 }, { "uri": "file:///no/where", "type": 9 }] });
    client.notify("workspace/didChangeWatchedFiles", nonsense);
    assert_eq!(client.published(), []);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_file_that_was_never_written_is_one_of_its_folder() {
    let folder = Folder::new(&[("catalog.role", CATALOG)]);
    let mut client = Client::new(&[&folder]);
    let uri = folder.uri("new.role");
    client.open(&uri, "use wiki\norganization acme { role editor { grant content.pages: print } }\n");
    assert_eq!(client.published(), [clean("new.role")]);
    client.replace(&uri, 2, "use wiki\norganization acme { role editor { grant content.x: print } }\n");
    assert_eq!(client.published(), [found("new.role", &["R0204 1:48-1:49"])]);
    client.close(&uri);
    assert_eq!(client.published(), [clean("new.role")]);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_document_of_no_folder_is_a_policy_of_its_own() {
    let folder =
        Folder::new(&[("catalog.role", CATALOG), ("ignored/x.role", "use wiki\n"), (".ignore", "ignored\n")]);
    let other = with_import();
    other.write("more.role", "}");
    let mut client = Client::new(&[&folder]);
    let roles = other.uri("roles.role");
    client.open(&roles, ROLES);
    assert_eq!(client.published(), [clean("roles.role")], "with what it imports, and nothing else");
    client.open("untitled:Untitled-1", "use wiki\n");
    assert_eq!(client.published(), [found("untitled:Untitled-1", &["R0201 0:4-0:8"])]);
    client.open(&folder.uri("ignored/x.role"), "use wiki\n");
    assert_eq!(
        client.published(),
        [found("x.role", &["R0201 0:4-0:8"])],
        "`check` would not read it with the others"
    );
    client.close("untitled:Untitled-1");
    assert_eq!(client.published(), [clean("untitled:Untitled-1")]);

    // A folder comes into the editor, and goes again.
    let event = |added: Value, removed: Value| json!({ "event": { "added": added, "removed": removed } });
    let policy = json!([{ "uri": other.root(), "name": "policy" }]);
    client.notify("workspace/didChangeWorkspaceFolders", event(policy.clone(), json!([])));
    let published = client.published();
    assert_eq!((published.len(), &*published[0].0), (1, "more.role"));
    client.notify("workspace/didChangeWorkspaceFolders", event(json!([]), policy));
    assert_eq!(client.published(), [clean("more.role")]);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_file_of_two_folders_is_told_of_once() {
    let folder = Folder::new(&[
        ("inner/catalog.role", CATALOG),
        ("inner/roles.role", "use wiki\norganization a { role x { grant content.sheets: open } }\n"),
        ("outer.role", "use wiki\norganization b { role y { grant content.pages: open } }\n"),
    ]);
    let folders =
        json!([{ "uri": folder.root(), "name": "outer" }, { "uri": folder.uri("inner"), "name": "inner" }]);
    let mut client = Client::begin(json!({
        "processId": null, "rootUri": null, "capabilities": capabilities(), "workspaceFolders": folders,
    }));
    assert_eq!(client.published(), [found("roles.role", &["R0204 1:40-1:46"])]);
    client.open(&folder.uri("inner/catalog.role"), &CATALOG.replace("pages", "sheets"));
    let published = client.published();
    let names: Vec<&str> = published.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["catalog.role", "roles.role", "outer.role"], "{published:?}");
    assert_eq!(published[1].1, [""; 0]);
    assert_eq!(client.leave(), 0);
}

#[test]
fn the_settings_of_the_policy_hold_in_the_editor_too() {
    let roles = "use wiki\norganization acme { role editor { grant content.pages: open, open } assign editor to \"a\" }\n";
    let folder = Folder::new(&[
        ("catalog.role", CATALOG),
        ("roles.role", roles),
        ("rolec.toml", "[lints]\nrepeated-level = \"allow\"\n"),
    ]);
    let mut client = Client::new(&[&folder]);
    assert_eq!(client.published(), []);
    folder.write("rolec.toml", "[lints]\nrepeated-level = \"deny\"\n");
    watched(&mut client, &folder, &[("rolec.toml", CHANGED)]);
    assert_eq!(client.published(), [found("roles.role", &["R0408 1:61-1:65"])]);
    folder.write("rolec.toml", "[lints]\nrepeated-level = \"allow\"\n");
    watched(&mut client, &folder, &[("rolec.toml", CHANGED)]);
    assert_eq!(client.published(), [clean("roles.role")]);
    folder.remove("rolec.toml");
    watched(&mut client, &folder, &[("rolec.toml", DELETED)]);
    assert_eq!(client.published(), [found("roles.role", &["R0408 1:61-1:65"])]);
    assert_eq!(client.leave(), 0);
}

/// `rolec.toml` marks the root of a policy: each is what `rolec check` in its folder has.
#[test]
fn a_folder_with_settings_is_a_policy_of_its_own() {
    let roles = "use wiki\norganization acme { role editor { grant content.pages: print, print } assign editor to \"a\" }\n";
    let folder = Folder::new(&[
        ("catalog.role", CATALOG),
        ("one/rolec.toml", ""),
        ("one/catalog.role", CATALOG),
        ("one/deep/roles.role", roles),
        ("two/rolec.toml", "[lints]\nrepeated-level = \"allow\"\n"),
        ("two/catalog.role", CATALOG),
        ("two/roles.role", roles),
        ("two/inner/rolec.toml", "[lints]\nrepeated-level = \"deny\"\n"),
        ("two/inner/roles.role", "use other\n"),
    ]);
    let mut client = Client::new(&[&folder]);
    let mut told = client.published();
    told.sort_by(|a, b| b.1.cmp(&a.1));
    assert_eq!(
        told,
        [found("roles.role", &["R0408 1:62-1:67"]), found("roles.role", &["R0201 0:4-0:9"])],
        "`one`, and `two/inner`"
    );
    let in_one = std::process::Command::new(env!("CARGO_BIN_EXE_rolec"))
        .args(["check", "one", "--format", "json"])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&in_one.stdout).unwrap();
    let codes: Vec<&Value> =
        document["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["R0408"]);
    // A file that was never written is one of the innermost.
    let new = folder.uri("two/inner/new.role");
    client.open(&new, CATALOG);
    assert_eq!(client.published(), [clean("new.role")]);
    client.close(&new);
    client.published();
    // Without its settings a folder is a part of what is around it.
    folder.remove("two/inner/rolec.toml");
    watched(&mut client, &folder, &[("two/inner/rolec.toml", DELETED)]);
    assert_eq!(client.published(), []);
    folder.remove("one/rolec.toml");
    watched(&mut client, &folder, &[("one/rolec.toml", DELETED)]);
    let twice: Vec<(String, usize)> =
        client.published().into_iter().map(|(name, findings)| (name, findings.len())).collect();
    assert!(twice.iter().any(|(name, count)| name == "catalog.role" && *count > 0), "{twice:?}");
    folder.write("one/rolec.toml", "[lints]\nrepeated-level = \"allow\"\n");
    watched(&mut client, &folder, &[("one/rolec.toml", CREATED)]);
    let published = client.published();
    assert!(published.iter().all(|(_, findings)| findings.is_empty()), "{published:?}");
    assert_eq!(client.leave(), 0);
}

/// The settings file is no file of the policy, but what is wrong in it is told in its place, as `rolec check` does.
#[test]
fn what_the_settings_say_wrongly_is_told() {
    let folder = Folder::new(&[
        ("catalog.role", CATALOG),
        ("rolec.toml", "[lints]\n# \u{1f642}\nunasigned-role = \"deny\"\n"),
        ("inner/rolec.toml", "[lints\n"),
        ("inner/catalog.role", CATALOG),
    ]);
    let mut client = Client::new(&[&folder]);
    let mut told = client.published();
    told.sort();
    assert_eq!(told, [found("rolec.toml", &["R0921 2:0-2:14"]), found("rolec.toml", &["R0922 0:6-0:6"])]);
    assert!(checked(&folder).contains(&("rolec.toml".to_owned(), "R0921".to_owned())));
    let mend = |client: &mut Client, name: &str, text: &str| {
        folder.write(name, text);
        watched(client, &folder, &[(name, CHANGED)]);
        client.published()
    };
    // Each is told of alone, and once.
    let right = "[lints]\nunassigned-role = \"deny\"\n";
    assert_eq!(mend(&mut client, "rolec.toml", right), [clean("rolec.toml")]);
    assert_eq!(mend(&mut client, "rolec.toml", right), []);
    // A folder that is no policy of its own any more has no settings to be wrong.
    folder.remove("inner/rolec.toml");
    folder.remove("inner/catalog.role");
    watched(&mut client, &folder, &[("inner/rolec.toml", DELETED), ("inner/catalog.role", DELETED)]);
    assert_eq!(client.published(), [clean("rolec.toml")]);
    assert_eq!(client.leave(), 0);

    // Who asks is told too.
    folder.write("rolec.toml", "[lint]\n");
    let mut wishes = capabilities();
    wishes["textDocument"] = json!({ "diagnostic": {} });
    let mut client = Client::with(wishes, &[&folder]);
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    assert_eq!(all["items"][0]["uri"], folder.uri("rolec.toml"));
    assert_eq!(all["items"][0]["items"][0]["code"], "R0921");
    let one = json!({ "textDocument": { "uri": folder.uri("rolec.toml") } });
    let one = client.request("textDocument/diagnostic", one).unwrap();
    assert_eq!(one["items"], all["items"][0]["items"]);
    assert_eq!(client.leave(), 0);
}
