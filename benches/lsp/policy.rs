//! The generated policy, and the places in it that are edited.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;

/// How many files use the template.
pub(crate) const USERS: usize = 100;
/// Of each organization.
pub(crate) const ROLES: usize = 16;
pub(crate) const TEMPLATES: &str = "templates.role";
/// Line and column of the template's name.
pub(crate) const TEMPLATE_AT: (u32, u32) = (1, 9);

/// What the roles of an organization differ in: no two are alike, or there would be more advice than policy.
const DEVICES: [&str; 5] = [
    "devices",
    "mobile-device-management",
    "volume-purchase-program",
    "remote-assist",
    "remote-assist-sessions",
];
const CATEGORIES: [&str; 9] = [
    "user-management",
    "groups-management",
    "application-management",
    "command-automation",
    "core-administration",
    "directory-integration-management",
    "monitoring-analytics",
    "saas-and-asset-management",
    "associations",
];

/// Files of about 200 lines each; the templates are the last.
pub(crate) fn files(count: usize) -> Vec<(String, String)> {
    let office = |n: usize| (name(n), format!("use jumpcloud\n{}", organization(n)));
    let templates =
        "use jumpcloud\ntemplate front-line from help-desk {\n    grant device-management: view\n}\n";
    let offices = (0..count.saturating_sub(1)).map(office);
    let mut files: Vec<(String, String)> = offices.collect();
    files.push((TEMPLATES.to_owned(), templates.to_owned()));
    files
}

pub(crate) fn name(number: usize) -> String {
    format!("region-{}/office-{number}.role", number % 10)
}

/// Several in one file.
pub(crate) fn organizations(numbers: Range<usize>) -> String {
    let mut text = "use jumpcloud\ntemplate front-line from help-desk {}\n".to_owned();
    numbers.for_each(|number| text.push_str(&organization(number)));
    text
}

/// One of so many lines.
pub(crate) fn one_organization(lines: usize) -> String {
    let mut text = "use jumpcloud\ntemplate front-line from help-desk {}\n".to_owned();
    let organization = organization(0);
    text.push_str(organization.trim_end().trim_end_matches('}'));
    for number in text.lines().count()..lines {
        writeln!(text, "    assign role-{} to \"person-{number}@office.example\"", number % ROLES).unwrap();
    }
    text.push_str("}\n");
    text
}

fn organization(number: usize) -> String {
    let mut text = format!("organization office-{number} \"Office {number}\" {{\n");
    for role in 0..ROLES {
        let base = if number < USERS && role == 0 { " from front-line" } else { "" };
        writeln!(text, "    /// What the people of desk {role} may do.").unwrap();
        writeln!(text, "    role role-{role} \"Desk {role}\"{base} {{").unwrap();
        text.push_str("        grant device-management: view {\n");
        writeln!(text, "            {}: full", DEVICES[role % DEVICES.len()]).unwrap();
        text.push_str("        }\n");
        text.push_str("        // Nothing but looking.\n");
        text.push_str("        grant access-management: view\n");
        writeln!(text, "        grant {}: view", CATEGORIES[role % CATEGORIES.len()]).unwrap();
        text.push_str("    }\n\n");
    }
    for person in 0..40 {
        let role = person % ROLES;
        writeln!(text, "    assign role-{role} to \"person-{person}@office-{number}.example\"").unwrap();
    }
    text.push_str("}\n");
    text
}

/// Line and column of a level within a role.
pub(crate) fn level_at(text: &str, role: usize) -> (u32, u32) {
    let head = format!("    role role-{role} ");
    let start = text.lines().position(|line| line.starts_with(&head)).unwrap();
    (u32::try_from(start + 5).unwrap(), 33)
}

/// A folder of files, removed with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(files: &[(String, String)]) -> Self {
        let root = std::env::temp_dir().join(format!("rolec-bench-{}-{}", std::process::id(), files.len()));
        std::fs::create_dir_all(&root).unwrap();
        let folder = Self(root.canonicalize().unwrap());
        for (name, text) in files {
            let path = folder.0.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    pub(crate) fn uri(&self, name: &str) -> String {
        format!("file://{}", self.0.join(name).to_str().unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that is left over hurts nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
