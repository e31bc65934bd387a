//! The cells of a page as the browser has them, each action of each asked of `rolec eval` again.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{Shown, rolec};

/// Every table of the page: organization, columns, and each row with its cells.
const TABLES: &str = "[...document.querySelectorAll('section')].map(section => ({
  org: section.querySelector('h2 bdi').textContent,
  columns: [...section.querySelectorAll('.scroll thead th div > bdi')].map(name => name.textContent),
  rows: [...section.querySelectorAll('.scroll tbody tr:has(td)')].map(row => ({
    category: row.parentNode.dataset.category,
    row: row.querySelector('code').textContent,
    levels: [...row.querySelectorAll('td')].map(cell => cell.firstChild.data),
  })),
}))";

/// Holds a page against `eval`: of roles, or of people at a time. Gives how many cells there were.
pub(crate) fn hold(shown: &mut Shown, policy: &[&str], at: Option<&str>) -> usize {
    let people: Vec<&str> = at.map(|at| vec!["--people", "--at", at]).unwrap_or_default();
    shown.open(&[policy, &people].concat(), "");
    let tables = shown.browser.value(TABLES);
    let shapes = shapes(policy);
    let who = if at.is_some() { "principal" } else { "role" };
    let (mut lines, mut cells) = (String::new(), Vec::new());
    for table in tables.as_array().unwrap() {
        for row in table["rows"].as_array().unwrap() {
            let id = (row["category"].as_str().unwrap(), row["row"].as_str().unwrap());
            let (form, actions) = &shapes[&(id.0.to_owned(), id.1.to_owned())];
            let levels = row["levels"].as_array().unwrap();
            assert_eq!(levels.len(), table["columns"].as_array().unwrap().len());
            for (column, level) in table["columns"].as_array().unwrap().iter().zip(levels) {
                for action in actions {
                    let at = at.unwrap_or("2026-12-01");
                    let asked = json!({ "org": table["org"], who: column, "category": id.0, "row": id.1, "action": action, "at": at });
                    lines += &format!("{asked}\n");
                }
                cells.push((
                    format!("{} {column} {id:?}", table["org"]),
                    form,
                    actions,
                    level.as_str().unwrap(),
                ));
            }
        }
    }
    let answers = rolec(&[&["eval"], policy].concat(), lines);
    let mut answers = answers.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    for (place, form, actions, level) in &cells {
        let mut held: Vec<&str> = Vec::new();
        for action in *actions {
            let answer = answers.next().unwrap();
            assert!(
                ["granted", "not-granted", "nothing-in-force"].contains(&answer["reason"].as_str().unwrap()),
                "{answer}"
            );
            held.extend((answer["decision"] == "allow").then_some(action.as_str()));
        }
        let wanted = match (form.as_str(), held.last()) {
            ("flag", None) => "off".to_owned(),
            (_, None) => "none".to_owned(),
            ("verbs", Some(_)) => held.join(", "),
            (_, Some(highest)) => (*highest).to_owned(),
        };
        assert_eq!(*level, wanted, "{place}");
    }
    assert!(answers.next().is_none() && !cells.is_empty());
    cells.len()
}

/// The form and the actions of each row.
fn shapes(policy: &[&str]) -> BTreeMap<(String, String), (String, Vec<String>)> {
    let listed = rolec(&[&["catalog", "list", "--format", "json"], policy].concat(), String::new());
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let catalogs = listed["catalogs"].as_array().unwrap().iter();
    catalogs
        .flat_map(|catalog| catalog["rows"].as_array().unwrap())
        .map(|row| {
            let actions = row["actions"].as_array().unwrap().iter().map(text).collect();
            ((text(&row["category"]), text(&row["row"])), (text(&row["form"]), actions))
        })
        .collect()
}
