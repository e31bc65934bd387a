//! A policy as files, laid out by a number: which file, which opening of an organization, which block, in which order,
//! in which of several spellings. Whatever the number, the meaning is the same. Shares nothing with the printer of the
//! library, nor its idea of what must be quoted.

use std::fmt::Write as _;

use super::{
    Assertion, Assignment, Catalog, Category, Described, Entry, Forbid, Form, Line, Organization, Policy,
    Requirement, Role, Row, Shape, Subject, Target, Test,
};

impl Policy {
    /// The files of a layout, each a name and a text.
    pub(crate) fn files(&self, layout: u64) -> Vec<(String, String)> {
        let mut writer = Writer { random: layout };
        let mut files = Vec::new();
        for (number, catalog) in self.catalogs.iter().enumerate() {
            files.extend(writer.catalog_files(number, catalog));
        }
        writer.shuffle(&mut files);
        files
    }
}

/// Bare where it is surely no reserved word, number or date.
fn id(text: &str) -> String {
    const LEVELS: [&str; 8] = ["none", "full", "off", "on", "view", "edit", "list", "own"];
    let is_plain = |text: &str| {
        let bytes = text.as_bytes();
        let [first, .., last] = bytes else { return false };
        first.is_ascii_alphabetic() && last.is_ascii_digit() && bytes.iter().all(u8::is_ascii_alphanumeric)
    };
    if is_plain(text) || LEVELS.contains(&text) { text.to_owned() } else { string(text) }
}

fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\t' | '\n' | '\u{200b}' | '\u{202e}' => write!(out, "\\u{{{:X}}}", u32::from(c)).unwrap(),
            c => out.push(c),
        }
    }
    out + "\""
}

fn list<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.into_iter().map(id).collect();
    words.join(", ")
}

fn head(word: &str, it: &Described) -> String {
    let docs: String = it.doc.iter().map(|line| format!("/// {line}\n")).collect();
    let title = it.title.as_ref().map(|title| format!(" {}", string(title)));
    format!("{docs}{word}{}{}", id(&it.id), title.unwrap_or_default())
}

fn shape(shape: &Shape) -> String {
    let words: Vec<String> = shape.words.iter().map(|word| id(word)).collect();
    match shape.form {
        Form::Flag => "flag".to_owned(),
        Form::Verbs => format!("verbs {}", words.join(", ")),
        Form::Ladder => format!("ladder {}", words.join(" < ")),
    }
}

struct Writer {
    random: u64,
}

impl Writer {
    /// splitmix64.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 0
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    fn shuffled<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        self.shuffle(&mut items);
        items
    }

    /// A name as a list of them is written, in any order.
    fn names(&mut self, names: &[String]) -> String {
        let names = self.shuffled(names);
        list(names.iter().map(String::as_str))
    }

    fn words(&mut self, words: &[&'static str]) -> String {
        list(self.shuffled(words))
    }

    fn catalog_files(&mut self, number: usize, catalog: &Catalog) -> Vec<(String, String)> {
        let is_word = id(&catalog.head.id) == catalog.head.id;
        // A catalog whose id is no word is found by its path only.
        let by_path = !is_word || self.below(4) == 0;
        let folder = ["", "x/", "x/y/"][self.below(3)];
        let name = format!("{folder}{}{number}.role", ["a", "z"][self.below(2)]);
        let count = 1 + self.below(3);
        let mut files: Vec<(String, Vec<String>)> = vec![(name.clone(), vec![self.catalog(catalog)])];
        for file in 0..count {
            let folder = ["", "x/", "q/"][self.below(3)];
            files.push((format!("{folder}{}{number}-{file}.role", ["b", "m"][self.below(2)]), Vec::new()));
        }
        let mut members: Vec<String> = Vec::new();
        for role in &catalog.templates {
            let word = if role.is_default { "default template " } else { "template " };
            members.push(self.role(word, catalog, role));
        }
        members.extend(catalog.forbids.iter().map(|forbid| self.forbid(catalog, forbid)));
        members.extend(catalog.requires.iter().map(|requirement| self.require(catalog, requirement)));
        for organization in &catalog.organizations {
            members.extend(self.openings(catalog, organization));
        }
        for member in members {
            let file = self.below(files.len());
            files[file].1.push(member);
        }
        let version = catalog.version.as_ref().filter(|_| self.flip());
        let version = version.map(|version| format!(" {}", string(version))).unwrap_or_default();
        let mut written = Vec::new();
        for (file, mut members) in files {
            let up = "../".repeat(file.matches('/').count());
            let used = if by_path { string(&format!("{up}{name}")) } else { catalog.head.id.clone() };
            members.push(format!("use {used}{version}"));
            self.shuffle(&mut members);
            written.push((file, members.join("\n") + "\n"));
        }
        written
    }

    fn catalog(&mut self, catalog: &Catalog) -> String {
        let mut members: Vec<String> = Vec::new();
        members.extend(catalog.is_case_sensitive.then(|| "ids case-sensitive".to_owned()));
        let kinds = catalog.kinds.iter();
        members.extend(kinds.map(|(name, levels)| format!("kind {} = {}", id(name), shape(levels))));
        members.extend(catalog.categories.iter().map(|category| self.category(catalog, category)));
        members.extend(catalog.limit.map(|limit| format!("limit custom-roles {limit}")));
        members.extend(catalog.super_role.as_ref().map(|role| format!("super {}", id(role))));
        self.shuffle(&mut members);
        let version = catalog.version.as_ref().map(|version| format!(" version {}", string(version)));
        let head = head("catalog ", &catalog.head);
        format!("{head}{} {{\n{}\n}}", version.unwrap_or_default(), members.join("\n"))
    }

    fn category(&mut self, catalog: &Catalog, category: &Category) -> String {
        let mut rows: Vec<String> = category.rows.iter().map(|it| row(catalog, it)).collect();
        self.shuffle(&mut rows);
        format!("{} {{\n{}\n}}", head("category ", &category.head), rows.join("\n"))
    }

    fn role(&mut self, word: &str, catalog: &Catalog, role: &Role) -> String {
        let bases = match role.bases.as_slice() {
            [] if self.below(4) == 0 => " from nothing".to_owned(),
            [] => String::new(),
            bases => format!(" from {}", self.names(bases)),
        };
        let mut statements: Vec<String> = Vec::new();
        statements.extend(role.description.map(|text| format!("description {}", string(text))));
        for category in 0..catalog.categories.len() {
            let name = id(&catalog.categories[category].head.id);
            let of_it = |entry: &&Entry| match entry.target {
                Target::All => false,
                Target::Category(it) | Target::Row(it, _) => it == category,
            };
            let said: Vec<Entry> = role.entries.iter().filter(of_it).cloned().collect();
            // Each entry by itself, or in the one block of its category.
            let mut block: Vec<String> = Vec::new();
            let mut spread = String::new();
            for entry in self.shuffled(&said) {
                let level = self.level(&entry);
                match entry.target {
                    Target::Category(_) if self.flip() => spread = format!(": {level}"),
                    Target::Row(_, row) => {
                        let row = id(&catalog.categories[category].rows[row].head.id);
                        match self.flip() {
                            true => block.push(format!("{row}: {level}")),
                            false => statements.push(format!("grant {name}.{row}: {level}")),
                        }
                    }
                    _ => statements.push(format!("grant {name}: {level}")),
                }
            }
            if !block.is_empty() || !spread.is_empty() {
                statements.push(format!("grant {name}{spread} {{\n{}\n}}", block.join("\n")));
            }
        }
        let all =
            role.entries.iter().filter(|entry| entry.target == Target::All).cloned().collect::<Vec<_>>();
        for entry in all {
            statements.push(format!("grant all: {}", self.level(&entry)));
        }
        self.shuffle(&mut statements);
        format!("{}{bases} {{\n{}\n}}", head(word, &role.head), statements.join("\n"))
    }

    fn level(&mut self, entry: &Entry) -> String {
        let words = self.words(&entry.words);
        match entry.unconfirmed {
            None => words,
            Some(None) => format!("{words} unconfirmed"),
            Some(Some(basis)) => format!("{words} unconfirmed {}", string(basis)),
        }
    }

    fn openings(&mut self, catalog: &Catalog, it: &Organization) -> Vec<String> {
        let mut members: Vec<String> =
            it.roles.iter().map(|role| self.role("role ", catalog, role)).collect();
        members.extend(it.forbids.iter().map(|forbid| self.forbid(catalog, forbid)));
        members.extend(it.requires.iter().map(|requirement| self.require(catalog, requirement)));
        for assignment in &it.assignments {
            members.extend(self.assignment(assignment));
        }
        members.extend(it.tests.iter().map(|test| self.test(catalog, test)));
        let mut openings: Vec<Vec<String>> = vec![Vec::new(); 1 + self.below(3)];
        for member in members {
            let opening = self.below(openings.len());
            openings[opening].push(member);
        }
        // Title, kind and remarks in one of them.
        let speaking = self.below(openings.len());
        let mut written = Vec::new();
        for (number, mut members) in openings.into_iter().enumerate() {
            self.shuffle(&mut members);
            let head = if number == speaking {
                let kind = match it.is_managed {
                    true => " managed",
                    false if self.flip() => " direct",
                    false => "",
                };
                format!("{}{kind}", head("organization ", &it.head))
            } else {
                format!("organization {}", id(&it.head.id))
            };
            written.push(format!("{head} {{\n{}\n}}", members.join("\n")));
        }
        written
    }

    /// One line for all, or one for each.
    fn assignment(&mut self, it: &Assignment) -> Vec<String> {
        let mut clauses: Vec<String> = Vec::new();
        clauses.extend(it.from.map(|at| format!(" from {at}")));
        clauses.extend(it.until.map(|at| format!(" until {at}")));
        clauses.extend(it.because.map(|text| format!(" because {}", string(text))));
        self.shuffle(&mut clauses);
        let principals: Vec<String> = self.shuffled(&it.principals).into_iter().map(principal).collect();
        let word = if self.flip() { "role " } else { "" };
        let line = |who: &str| format!("assign {word}{} to {who}{}", id(&it.role), clauses.concat());
        if self.flip() {
            vec![line(&principals.join(", "))]
        } else {
            principals.iter().map(|who| line(who)).collect()
        }
    }

    fn forbid(&mut self, catalog: &Catalog, it: &Forbid) -> String {
        let except = match it.exceptions.as_slice() {
            [] => String::new(),
            names => format!(" except {}", self.names(names)),
        };
        let mut lines: Vec<String> = Vec::new();
        for (row, words) in &it.conditions {
            lines.push(format!("{}: {}", path(catalog, *row), self.words(words)));
        }
        self.shuffle(&mut lines);
        format!("forbid {}{except} {{\n{}\n}}", string(it.title), lines.join("\n"))
    }

    fn require(&mut self, catalog: &Catalog, it: &Requirement) -> String {
        let mut clauses: Vec<String> = vec![format!(" at most {}", it.most)];
        if !it.exceptions.is_empty() {
            clauses.push(format!(" except {}", self.names(&it.exceptions)));
        }
        clauses.extend(it.from.map(|at| format!(" from {at}")));
        self.shuffle(&mut clauses);
        let mut lines: Vec<String> = it.roles.iter().map(|name| format!("role {}", id(name))).collect();
        for (row, words) in &it.conditions {
            lines.push(format!("{}: {}", path(catalog, *row), self.words(words)));
        }
        self.shuffle(&mut lines);
        format!("require {}{} {{\n{}\n}}", string(it.title), clauses.concat(), lines.join("\n"))
    }

    fn test(&mut self, catalog: &Catalog, it: &Test) -> String {
        let lines: Vec<String> = it.lines.iter().map(|line| self.line(catalog, line)).collect();
        format!("test {} {{\n{}\n}}", string(it.title), lines.join("\n"))
    }

    fn line(&mut self, catalog: &Catalog, it: &Line) -> String {
        match it {
            Line::One(line) => {
                let verdict = if line.can { "can" } else { "cannot" };
                self.assertion(catalog, line, &format!("{} {verdict}", subject(&line.subject)))
            }
            Line::Only(subjects, line) => {
                let subjects = self.shuffled(subjects);
                let listed = subjects.iter().map(subject).collect::<Vec<_>>().join(", ");
                self.assertion(catalog, line, &format!("only {listed} can"))
            }
            // In their order: what is asserted first is told first.
            Line::Cases(cases) => {
                let listed = cases.subjects.iter().map(subject).collect::<Vec<_>>().join(", ");
                let at = cases.at.map(|at| format!(" at {at}")).unwrap_or_default();
                let rows = cases.rows.iter().map(|(row, cells)| {
                    let cells: Vec<String> = cells.iter().map(|words| self.words(words)).collect();
                    format!("{}: {}", path(catalog, *row), cells.join(" | "))
                });
                format!("cases {listed}{at} {{\n{}\n}}", rows.collect::<Vec<_>>().join("\n"))
            }
        }
    }

    fn assertion(&mut self, catalog: &Catalog, it: &Assertion, claim: &str) -> String {
        let level = if it.words.is_empty() { String::new() } else { format!(": {}", self.words(&it.words)) };
        let at = it.at.map(|at| format!(" at {at}")).unwrap_or_default();
        format!("{claim} {}{level}{at}", path(catalog, it.row))
    }
}

fn row(catalog: &Catalog, row: &Row) -> String {
    let kind = row.kind.as_deref().map_or_else(|| shape(&row.shape), id);
    let dropped = row.shape.words.iter().zip(&row.dropped).filter(|(_, dropped)| **dropped);
    let dropped = list(dropped.map(|(word, _)| *word));
    let without = if dropped.is_empty() { dropped } else { format!(" without {dropped}") };
    let mut options: Vec<String> = Vec::new();
    options.extend(row.escalating.as_ref().map(|to| {
        let to: Vec<String> = to.iter().map(|to| path(catalog, *to)).collect();
        let to = to.join(", ");
        if to.is_empty() { "escalating".to_owned() } else { format!("escalating to {to}") }
    }));
    options.extend(row.only_managed.then(|| "only managed".to_owned()));
    options.extend(row.notes.iter().map(|note| format!("note {}", string(note))));
    options.extend(row.caveats.iter().map(|caveat| format!("caveat {}", string(caveat))));
    format!("{}: {kind}{without} {{ {} }}", head("", &row.head), options.join(" "))
}

fn path(catalog: &Catalog, (category, row): (usize, usize)) -> String {
    let category = &catalog.categories[category];
    format!("{}.{}", id(&category.head.id), id(&category.rows[row].head.id))
}

fn subject(it: &Subject) -> String {
    match it {
        Subject::Role(name) => format!("role {}", id(name)),
        Subject::Principal(name, is_service) => principal((*name, *is_service)),
    }
}

fn principal((name, is_service): (&str, bool)) -> String {
    format!("{}{}", if is_service { "service " } else { "" }, string(name))
}
