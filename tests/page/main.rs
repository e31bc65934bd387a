//! The page that `matrix --format html` writes, in a real browser: its cells against `eval`, its filter, its keyboard,
//! what a screen reader gets, what it loads, and what becomes of a hostile policy. Where there is no Chromium this is
//! said aloud; with `CI=true` it fails. `CHROMIUM` names the program; `scripts/chromium` finds or installs one.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::indexing_slicing, reason = "a test fails by a panic")]
#![allow(clippy::disallowed_methods, reason = "pages are files")]

mod cells;
mod devtools;
mod sha256;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use devtools::{Browser, chromium};
use sha256::{base64, sha256};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The standard output of the binary, run at the root of the repository.
pub(crate) fn rolec(args: &[&str], stdin: String) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolec"))
        .args(args)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    // Answers come while questions are still asked.
    let feed = std::thread::spawn(move || to.write_all(stdin.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Pages, and the browser that shows them.
pub(crate) struct Shown {
    pub(crate) browser: Browser,
    folder: TempDir,
}

impl Shown {
    /// None, said aloud, where there is no browser.
    fn begin() -> Option<Self> {
        let Some(program) = chromium() else {
            let is_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
            assert!(!is_ci, "there is no Chromium: run scripts/chromium, or set CHROMIUM");
            // By the handle, which the harness does not capture.
            let _ =
                writeln!(std::io::stderr(), "SKIPPED: there is no Chromium (scripts/chromium installs one)");
            return None;
        };
        Some(Self { browser: Browser::open(&program), folder: TempDir::with_prefix("rolec-page-").unwrap() })
    }

    /// Writes a page with these arguments, and opens it with a filter.
    pub(crate) fn open(&mut self, args: &[&str], filter: &str) {
        let path = self.folder.path().join("page.html");
        rolec(&[&["matrix", "-o", path.to_str().unwrap()], args].concat(), String::new());
        self.browser.visit(&format!("file://{}#{filter}", path.display()));
    }

    fn count(&mut self) -> String {
        self.browser.text("document.getElementById('count').textContent")
    }

    /// The rows that are seen, as `category.row`.
    fn rows(&mut self) -> Value {
        self.browser.value(
            "[...document.querySelectorAll('tbody tr:has(td)')].filter(row => row.checkVisibility())
               .map(row => `${row.parentNode.dataset.category}.${row.querySelector('code').textContent}`)",
        )
    }

    /// The columns that are seen.
    fn columns(&mut self) -> Value {
        self.browser.value(
            "[...document.querySelectorAll('thead th div > bdi')].filter(name => name.checkVisibility())
               .map(name => name.textContent)",
        )
    }
}

const ACME: [&str; 2] = ["-p", "policies/acme"];

#[test]
fn every_cell_is_what_eval_says() {
    let Some(mut shown) = Shown::begin() else { return };
    let mut checked = 0;
    for policy in ["acme", "helvetia-bank", "northwind-msp", "orders-app"] {
        let path = format!("policies/{policy}");
        checked += cells::hold(&mut shown, &["-p", &path], None);
        checked += cells::hold(&mut shown, &["-p", &path], Some("2026-12-01"));
    }
    // Before some of them begin.
    checked += cells::hold(&mut shown, &["-p", "policies/acme"], Some("2026-10-31"));
    assert!(checked > 5_000, "{checked}");
}

#[test]
fn the_filter_of_the_address_and_of_the_form() {
    let Some(mut shown) = Shown::begin() else { return };
    shown.open(&ACME, "");
    assert_eq!(shown.count(), "45 of 45 rows, 18 of 18 roles");
    shown.open(&ACME, "text=remote+assist&role=tier1");
    let assists = json!(["device-management.remote-assist", "device-management.remote-assist-sessions"]);
    assert_eq!((shown.rows(), shown.columns()), (assists, json!(["tier1"])));
    assert_eq!(shown.count(), "2 of 45 rows, 1 of 18 roles");
    assert_eq!(shown.browser.text("document.getElementById('text').value"), "remote assist");
    // Somebody hands another one on while it is open.
    shown.browser.value("new Promise(done => { addEventListener('hashchange', () => setTimeout(done), { once: true }); location.hash = 'category=associations'; })");
    assert_eq!(shown.rows(), json!(["associations.associations"]));
    assert_eq!(shown.count(), "1 of 45 rows, 18 of 18 roles");
    // What is no choice chooses nothing.
    shown.open(&ACME, "category=nowhere&role=nobody&other=1");
    assert_eq!(shown.count(), "45 of 45 rows, 18 of 18 roles");

    shown.browser.value("document.getElementById('text').focus()");
    shown.browser.type_text("Billing");
    assert_eq!(shown.rows(), json!(["core-administration.billing-management"]));
    assert_eq!(shown.browser.text("location.hash"), "#text=Billing");
    shown.browser.value("document.querySelector('button').click()");
    assert_eq!(
        (shown.count(), shown.browser.text("location.hash")),
        ("45 of 45 rows, 18 of 18 roles".into(), String::new())
    );
    shown.open(&ACME, "role=patch-runner");
    shown.browser.value("document.getElementById('held').click()");
    let held = [
        "associations.associations",
        "command-automation.commands",
        "command-automation.run-command",
        "device-management.devices",
    ];
    assert_eq!(shown.rows(), json!(held), "as `what role:patch-runner` lists them");
    shown.open(&ACME, "text=nothing-is-called-so");
    assert_eq!(shown.count(), "0 of 45 rows, 0 of 18 roles");

    // People are found by the roles that they have in the period.
    shown.open(&["-p", "policies/acme", "--people", "--during", "2026-12"], "role=tier1");
    assert_eq!(shown.columns(), json!(["ana@acme.example", "mei@acme.example", "raj@acme.example"]));
    assert_eq!(shown.count(), "45 of 45 rows, 3 of 15 people");
    shown.open(&["-p", "policies/acme", "--people", "--during", "2026-12"], "text=reports");
    let eve = "[...document.querySelectorAll('.scroll tr:not([hidden]) td:has(sup)')].map(cell => cell.innerText.trim())";
    assert_eq!(shown.browser.value(eve), json!(["view*"]), "until she is an auditor no more");
    assert_eq!(
        shown.browser.text("document.querySelector('.note').textContent"),
        "* in a part of the time only"
    );
    // One filter for the tables of all organizations.
    shown.open(&["-p", "policies/northwind-msp"], "role=help-desk&category=associations");
    assert_eq!(shown.columns(), json!(vec!["help-desk"; 6]));
    assert_eq!(shown.rows(), json!(vec!["associations.associations"; 6]));
}

#[test]
fn the_keyboard_and_the_origin() {
    let Some(mut shown) = Shown::begin() else { return };
    shown.open(&ACME, "category=device-management&role=tier1");
    let browser = &mut shown.browser;
    // One cell of the table is on the way of Tab, and it is one that is seen.
    assert_eq!(browser.value("document.querySelectorAll('td[tabindex=\"0\"]').length"), 1);
    browser.value("document.querySelector('button').focus()");
    let mut presses = 0;
    while !browser.is("document.activeElement.tagName === 'TD'") {
        presses += 1;
        assert!(presses < 4, "the table is not reached");
        browser.press("Tab", false);
    }
    let at = "document.activeElement.parentNode.querySelector('code').textContent";
    assert_eq!(browser.text(at), "mobile-device-management");
    for (key, row) in [
        ("ArrowDown", "volume-purchase-program"),
        ("ArrowUp", "mobile-device-management"),
        ("ArrowUp", "mobile-device-management"),
        ("ArrowLeft", "mobile-device-management"),
        ("PageDown", "device-support"),
        ("Home", "device-support"),
        ("PageUp", "mobile-device-management"),
    ] {
        browser.press(key, false);
        assert_eq!(browser.text(at), row, "{key}");
    }
    browser.press("End", true);
    assert_eq!(browser.text(at), "device-support");
    browser.press("Home", true);
    browser.press("ArrowDown", false);
    browser.press("ArrowDown", false);
    assert_eq!(browser.text(at), "remote-assist");

    // What is focused says where it comes from, within the window, until Escape.
    let shown_tips = "[...document.querySelectorAll('[role=tooltip]')].filter(tip => tip.checkVisibility()).map(tip => tip.textContent)";
    let origin = browser.value(shown_tips);
    assert_eq!(origin.as_array().unwrap().len(), 1, "{origin}");
    let line = origin[0].as_str().unwrap();
    assert!(line.starts_with("remote-assist: full, at policies/acme/acme.role:"), "{line}");
    assert!(browser.is("(() => { const at = document.activeElement.lastElementChild.getBoundingClientRect(); return at.left >= 0 && at.top >= 0 && at.right <= innerWidth && at.bottom <= innerHeight; })()"));
    browser.press("Escape", false);
    assert_eq!(browser.value(shown_tips), json!([]));
    // What is pointed at too, and one at a time.
    browser.point_at("document.querySelector('tr:not([hidden]) td:not([hidden])')");
    assert!(browser.value(shown_tips).as_array().unwrap().len() == 1);
    assert!(
        browser.value(shown_tips)[0].as_str().unwrap().contains("grant device-management: view"),
        "the one that is pointed at"
    );
    browser.press("Escape", false);
    assert_eq!(browser.value(shown_tips), json!([]));
    // Of a column at the edge it stays in the window.
    browser.visit("about:blank");
    shown.open(&ACME, "");
    let browser = &mut shown.browser;
    browser.value("[...document.querySelector('tbody tr:has(td)').cells].at(-1).focus()");
    assert_eq!(browser.value(shown_tips).as_array().unwrap().len(), 1);
    assert!(
        browser.is("document.activeElement.lastElementChild.getBoundingClientRect().right <= innerWidth")
    );
}

/// What a screen reader is told.
#[test]
fn names_roles_and_descriptions() {
    let Some(mut shown) = Shown::begin() else { return };
    shown.open(&ACME, "text=devices&role=tier1");
    let tree = shown.browser.call("Accessibility.getFullAXTree", json!({}));
    let nodes: Vec<&Value> =
        tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] == false).collect();
    let of = |role: &str| -> Vec<(String, String)> {
        // The space between a label's text and its field is sometimes told with the text.
        let told =
            |node: &Value, field: &str| node[field]["value"].as_str().unwrap_or_default().trim().to_owned();
        let found = nodes.iter().filter(|node| node["role"]["value"] == role);
        found.map(|node| (told(node, "name"), told(node, "description"))).collect()
    };
    let names = |role: &str| of(role).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names("searchbox"), ["Rows that mention"]);
    assert_eq!(names("combobox"), ["Category", "Role"]);
    assert_eq!(names("checkbox"), ["Only where something is held"]);
    assert_eq!(names("columnheader"), ["Row", "tier1 Tier 1 Support role"]);
    assert!(names("rowheader").iter().any(|name| name == "Devices devices"), "{:?}", names("rowheader"));
    assert_eq!(names("grid").len(), 1);
    assert!(names("grid")[0].starts_with("What each of these roles holds"), "{:?}", names("grid"));
    assert_eq!(of("status").len(), 1);
    let cells = of("gridcell");
    assert!(!cells.is_empty());
    for (name, description) in cells {
        assert!(["view", "none", "off", "on"].contains(&name.as_str()), "{name}");
        assert!(description.contains(", at ") || description.contains("floor"), "{description}");
    }
    // Text stands out from what is behind it, in the light and in the dark: 4.5 to 1, as WCAG asks.
    for scheme in ["light", "dark"] {
        let wanted = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        shown.browser.call("Emulation.setEmulatedMedia", wanted);
        shown.open(&ACME, "");
        let faint = shown.browser.value(CONTRAST);
        assert_eq!(faint["faint"], json!([]), "{scheme}");
        assert!(faint["seen"].as_u64().unwrap() >= 7, "{faint}");
    }
}

/// The sorts of text whose contrast is below 4.5, and how many were looked at.
const CONTRAST: &str = r"(() => {
  const parts = color => color.match(/[\d.]+/g).map(Number);
  const light = color => {
    const [r, g, b] = parts(color).map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (parts(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const sorts = ['h1', 'caption', 'thead small', 'tbody code', 'td.none', 'td.some', 'td.all', '.risk'];
  const found = sorts.map(sort => [sort, document.querySelector(sort)]).filter(([, element]) => element);
  const ratio = element => {
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05);
  };
  return { seen: found.length, faint: found.filter(([, element]) => ratio(element) < 4.5).map(([sort]) => sort) };
})()";

#[test]
fn without_script_and_in_print() {
    let Some(mut shown) = Shown::begin() else { return };
    shown.browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    shown.open(&ACME, "");
    let browser = &mut shown.browser;
    assert!(!browser.is("document.getElementById('filter').checkVisibility()"), "a filter that does nothing");
    assert_eq!(browser.value("document.querySelectorAll('.scroll td').length"), 45 * 18);
    assert!(browser.is(
        "[...document.querySelectorAll('.scroll td')].every(cell => cell.checkVisibility() && cell.tabIndex === 0)"
    ));
    browser.value("document.querySelector('td').focus()");
    assert!(
        browser.is("document.querySelector('td [role=tooltip]').checkVisibility()"),
        "the origin needs no script"
    );
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": false }));
    shown.open(&ACME, "role=tier1");
    let browser = &mut shown.browser;
    browser.value("document.querySelector('td:not([hidden])').focus()");
    // Paper is light, whatever the reader's scheme.
    let dark = json!([{ "name": "prefers-color-scheme", "value": "dark" }]);
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print", "features": dark }));
    for (element, is_seen) in
        [("#filter", false), ("[role=tooltip]", false), ("#count", true), ("table", true)]
    {
        let seen = browser
            .is(&format!("[...document.querySelectorAll('{element}')].some(it => it.checkVisibility())"));
        assert_eq!(seen, is_seen, "{element} in print");
    }
    let style = |browser: &mut Browser, element: &str, property: &str| {
        browser.text(&format!("getComputedStyle(document.querySelector('{element}')).{property}"))
    };
    assert_eq!(style(browser, "thead", "display"), "table-header-group", "the head comes on every page");
    assert_eq!(style(browser, ".scroll", "overflow"), "visible", "nothing is cut off");
    assert_eq!(style(browser, "thead th", "position"), "static");
    assert_eq!(style(browser, "body", "backgroundColor"), "rgb(255, 255, 255)");
    assert_eq!(browser.value(CONTRAST)["faint"], json!([]));
}

/// How many signs are on paper: those that the streams of the PDF show, each four digits of a glyph.
fn signs_on_paper(browser: &mut Browser) -> u64 {
    let pdf = browser.call("Page.printToPDF", json!({ "preferCSSPageSize": true }));
    let data = pdf["data"].as_str().unwrap();
    assert!(data.starts_with("JVBERi"), "a PDF");
    let digits = browser.value(&format!(
        r"(async () => {{
           const bytes = Uint8Array.from(atob('{data}'), sign => sign.charCodeAt(0));
           const text = new TextDecoder('latin1').decode(bytes);
           let digits = 0;
           for (const found of text.matchAll(/\/Length (\d+)[^]{{0,80}}?>>\s*stream\r?\n/g)) {{
             const start = found.index + found[0].length;
             const part = new Blob([bytes.slice(start, start + Number(found[1]))]);
             const shown = await new Response(part.stream().pipeThrough(new DecompressionStream('deflate'))).text().catch(() => '');
             if (!shown.includes(' Tf')) continue;
             for (const [, hex] of shown.matchAll(/<([0-9A-Fa-f]+)>/g)) digits += hex.length;
           }}
           return digits;
         }})()"
    ));
    digits.as_u64().unwrap() / 4
}

/// Puts a sign more into each cell of a column, where it is printed; gives how many cells that are.
const MORE: &str = "(index => {
  const section = document.querySelector('section');
  const rows = [...section.querySelectorAll('tbody tr:has(td)')].filter(row => !row.hidden);
  const of = table => [...table.tHead.rows[0].cells].length - 1;
  let count = 0;
  const printed = section.classList.contains('wide') ? '.paper > table' : '.scroll > table';
  let start = 0;
  for (const table of section.querySelectorAll(printed)) {
    const at = index - start;
    start += of(table);
    if (at < 0 || at >= of(table)) continue;
    for (const row of rows.filter(row => table.contains(row))) {
      row.cells[at + 1].firstChild.data += 'x';
      count += 1;
    }
  }
  return count;
})";

#[test]
fn nothing_is_cut_off_on_paper() {
    let Some(mut shown) = Shown::begin() else { return };
    // People and levels with long names, one more than three tables hold.
    let name = "a-name-that-goes-on-and-on-without-a-blank-".repeat(4);
    let people: String = (0..31).map(|at| format!("assign r to \"{name}{at}\"\n")).collect();
    let policy = format!(
        "use k catalog k {{ category c {{ {name}: verbs {name}one, {name}two b: flag }} }}\n\
         organization o {{ role r {{ grant all: full }}\n{people} }}\n"
    );
    std::fs::write(shown.folder.path().join("long.role"), policy).unwrap();
    let long = shown.folder.path().join("long.role").display().to_string();
    for (args, columns, tables) in [
        (vec!["-p", "policies/helvetia-bank", "--org", "helvetia"], 25, 3),
        (vec!["-p", &long, "--people"], 31, 4),
        (vec!["-p", "policies/acme", "--people", "--role", "tier1", "--at", "2026-12-01"], 3, 0),
    ] {
        shown.open(&args, "");
        let browser = &mut shown.browser;
        let wide = browser.value("document.querySelectorAll('section.wide').length");
        assert_eq!(
            (&wide, browser.value("document.querySelectorAll('.paper').length")),
            (&json!(u32::from(tables > 0)), json!(tables)),
            "{args:?}"
        );
        assert!(!browser.is("[...document.querySelectorAll('.paper')].some(it => it.checkVisibility())"));
        // So that no head is printed twice, wherever a page ends.
        browser.value(
            "document.querySelectorAll('thead').forEach(head => { head.style.display = 'table-row-group'; })",
        );
        let mut before = signs_on_paper(browser);
        for column in [0, columns / 2, columns - 1] {
            let more = browser.value(&format!("{MORE}({column})")).as_u64().unwrap();
            assert!(more > 0, "column {column} is printed by no table: {args:?}");
            let after = signs_on_paper(browser);
            assert_eq!(after - before, more, "column {column} of {args:?}");
            before = after;
        }
    }
    // The filter holds on paper: what is narrow then is one table.
    shown.open(&["-p", "policies/acme"], "role=tier1&text=devices");
    let browser = &mut shown.browser;
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let cells = |browser: &mut Browser| {
        browser.value("[...document.querySelectorAll('td')].filter(cell => cell.checkVisibility()).length")
    };
    let rows = browser.value("[...document.querySelectorAll('.scroll tbody tr:has(td)')].filter(row => row.checkVisibility()).length");
    assert_eq!(cells(browser), rows, "one column");
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "" }));
    shown.open(&["-p", "policies/acme"], "category=device-management");
    let browser = &mut shown.browser;
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let rows = browser.value("[...document.querySelectorAll('.scroll tbody tr:has(td)')].filter(row => !row.hidden && !row.parentNode.hidden).length");
    assert_eq!(cells(browser), json!(rows.as_u64().unwrap() * 18), "each cell once");
    assert_eq!(browser.value("document.body.scrollWidth <= document.documentElement.clientWidth"), true);
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "" }));
}

#[test]
fn a_role_with_blanks_is_chosen_as_it_is() {
    let Some(mut shown) = Shown::begin() else { return };
    let policy = "use k catalog k { category c { p: flag } }\n\
        organization o { role \"two  spaces\" { grant c.p: on } role \" lead\" { grant c.p: on } }\n";
    std::fs::write(shown.folder.path().join("blank.role"), policy).unwrap();
    let path = shown.folder.path().join("blank.role").display().to_string();
    for (role, address) in [("two  spaces", "two++spaces"), (" lead", "+lead")] {
        shown.open(&["-p", &path], &format!("role={address}"));
        assert_eq!(shown.columns(), json!([role]));
        shown.open(&["-p", &path], "");
        let choose = format!(
            "[...document.getElementById('role').options].find(it => it.textContent === {}).selected = true; document.getElementById('role').dispatchEvent(new Event('input', {{ bubbles: true }}))",
            json!(role)
        );
        shown.browser.value(&choose);
        assert_eq!(shown.columns(), json!([role]));
        assert_eq!(shown.browser.text("location.hash"), format!("#role={address}"));
    }
}

#[test]
fn nothing_is_loaded_and_nothing_of_a_policy_runs() {
    let Some(mut shown) = Shown::begin() else { return };
    let bad = "</td></script><script>pwned=1</script><img src=x onerror=pwned=1> \\\" ' onfocus=pwned=1 x='";
    let policy = format!(
        "use c\ncatalog c \"{bad}\" {{ category \"a'b<c>\" \"{bad}\" {{ \"{{r}}&amp;<b>\" \"{bad}\": flag {{ escalating note \"{bad}\" caveat \"{bad}\" }} }} }}\n\
         organization o \"{bad}\" {{ role \"</th><script>\" \"{bad}\" {{ grant all: on }} assign \"</th><script>\" to \"<b>&lt;'x@y\" because \"{bad}\" }}\n"
    );
    std::fs::write(shown.folder.path().join("bad.role"), policy).unwrap();
    let path = shown.folder.path().join("bad.role").display().to_string();
    let plain = bad.replace("\\\"", "\"");
    for people in [&[][..], &["--people", "--during", "2026"]] {
        shown.open(&[&["-p", &path], people].concat(), "role=%3C%2Fth%3E%3Cscript%3E");
        let browser = &mut shown.browser;
        assert!(browser.is("typeof pwned === 'undefined'"));
        assert_eq!(
            browser.value("document.querySelectorAll('script, img, b').length"),
            1,
            "the page's own script"
        );
        // It is all there, as text.
        let titles = browser.value("[...document.querySelectorAll('bdi')].map(it => it.textContent)");
        let shown_titles = titles.as_array().unwrap().iter().filter(|title| **title == *plain).count();
        assert!(shown_titles >= 3, "{titles}");
        assert_eq!(browser.text("document.querySelector('code').textContent"), "{r}&amp;<b>");
        assert_eq!(browser.text("document.querySelector('tbody').dataset.category"), "a'b<c>");
        assert_eq!(
            browser.text("document.getElementById('count').textContent.slice(0, 20)"),
            "1 of 1 rows, 1 of 1 "
        );
        assert_eq!(browser.told("Runtime.exceptionThrown"), Vec::<Value>::new());
        let complaints = browser.told("Log.entryAdded");
        assert!(complaints.iter().all(|it| it["entry"]["level"] != "error"), "{complaints:?}");
    }
    let browser = &mut shown.browser;
    let requests = browser.told("Network.requestWillBeSent");
    let is_own = |it: &&Value| {
        let address = it["request"]["url"].as_str().unwrap();
        address.starts_with("file://") && address.contains("/page.html") || address == "about:blank"
    };
    let others: Vec<&Value> = requests.iter().filter(|it| !is_own(it)).collect();
    assert!(others.is_empty() && !requests.is_empty(), "{others:?}");
    // The browser would not let it: neither by a request, nor by an element, nor by a script of its text.
    let refused = browser.value(
        "(async () => {
           const refused = [];
           addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
           await fetch('http://127.0.0.1:9/').catch(() => {});
           const [image, script] = [new Image(), document.createElement('script')];
           image.src = 'http://127.0.0.1:9/x.png';
           script.textContent = 'pwned = 1';
           document.body.append(image, script);
           document.body.insertAdjacentHTML('beforeend', '<p onclick=\"pwned = 1\" style=\"color: red\">x</p>');
           document.body.lastElementChild.click();
           await new Promise(done => setTimeout(done, 50));
           return [typeof pwned, ...new Set(refused)].sort();
         })()",
    );
    let wanted =
        ["connect-src", "img-src", "script-src-attr", "script-src-elem", "style-src-attr", "undefined"];
    assert_eq!(refused, json!(wanted));
}

/// Where there is no browser this still holds: the hashes that the page names are those of its style and script.
#[test]
fn the_hashes_are_those_of_the_style_and_the_script() {
    let page = rolec(&["matrix", "-p", "policies/acme", "--format", "html"], String::new());
    let between = |from: &str, to: &str| {
        let (_, rest) = page.split_once(from).unwrap();
        rest.split_once(to).unwrap().0
    };
    for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
        let content = between(&format!("<{element}>"), &format!("</{element}>"));
        let wanted = format!("'sha256-{}'", base64(&sha256(content.as_bytes())));
        assert_eq!(between(&format!("{directive} "), ";"), wanted, "page.{element}: the constant in html.rs");
    }
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("//cdn"));
    // 45 rows and 18 roles; 76 and 40 come to four times that.
    assert!(page.len() < 256 << 10, "{} bytes", page.len());
}
