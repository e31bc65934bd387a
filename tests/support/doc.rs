//! The tables of docs/ARCHITECTURE.md, and the list of crates in Cargo.toml, as data.

use std::collections::{BTreeMap, BTreeSet};

/// What the page says of rooms and crates.
pub(crate) struct Rooms {
    /// Room to what it may import.
    imports: BTreeMap<String, Vec<String>>,
    /// Crate to the places that may name it: a room, or a room and a file in it.
    homes: BTreeMap<String, Vec<(String, Option<String>)>>,
    /// Flags of cargo to the crates that are linked with them.
    builds: Vec<(String, BTreeSet<String>)>,
}

impl Rooms {
    pub(crate) fn read(page: &str) -> Self {
        let mut rooms = Self { imports: BTreeMap::new(), homes: BTreeMap::new(), builds: Vec::new() };
        for line in table(page, "| room |") {
            let [_, names, imports, crates, _, _] = line.as_slice() else { panic!("four columns: {line:?}") };
            for room in ticked(names) {
                assert!(!room.ends_with('/') && !rooms.imports.contains_key(&room), "{room} is listed twice");
                for (name, file) in crates_of(crates) {
                    rooms.homes.entry(name).or_default().push((room.clone(), file));
                }
                rooms.imports.insert(room, ticked(imports));
            }
        }
        for line in table(page, "| cargo flags |") {
            let [_, flags, crates, _] = line.as_slice() else { panic!("two columns: {line:?}") };
            let [flags] = <[String; 1]>::try_from(ticked(flags)).unwrap();
            rooms.builds.push((flags, ticked(crates).into_iter().collect()));
        }
        for (room, imports) in &rooms.imports {
            for import in imports {
                assert!(rooms.imports.contains_key(import), "{room} imports {import}, which is no room");
                assert!(import != room, "{room} needs no leave to import itself");
            }
        }
        rooms
    }

    /// All rooms; all tools are `tools/*`.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.imports.keys().map(String::as_str)
    }

    pub(crate) fn is_room(&self, name: &str) -> bool {
        self.imports.contains_key(name)
    }

    pub(crate) fn imports(&self, room: &str) -> impl Iterator<Item = &str> {
        self.imports[listed(room)].iter().map(String::as_str)
    }

    /// Whether a room may import another. A tool is never among what a tool may import, so no tool imports another.
    pub(crate) fn may_import(&self, from: &str, to: &str) -> bool {
        self.imports.get(listed(from)).is_some_and(|imports| imports.iter().any(|name| name == listed(to)))
    }

    pub(crate) fn crates(&self) -> impl Iterator<Item = &str> {
        self.homes.keys().map(String::as_str)
    }

    /// Whether a crate may be named in a file of a room.
    pub(crate) fn is_home(&self, name: &str, room: Option<&str>, file: &str) -> bool {
        let Some(room) = room.map(listed) else { return false };
        self.homes[name].iter().any(|(home, only)| {
            home == room && only.as_ref().is_none_or(|only| file == format!("{home}/{only}"))
        })
    }

    pub(crate) fn builds(&self) -> impl Iterator<Item = (&str, BTreeSet<String>)> {
        self.builds.iter().map(|(flags, crates)| (flags.as_str(), crates.clone()))
    }
}

/// The room as the table lists it.
fn listed(room: &str) -> &str {
    if room.starts_with("tools/") { "tools/*" } else { room }
}

/// The lines of the one table that begins so, split at their bars.
fn table(page: &str, head: &str) -> Vec<Vec<String>> {
    assert_eq!(page.lines().filter(|line| line.starts_with(head)).count(), 1, "one table {head}");
    let lines = page.lines().skip_while(|line| !line.starts_with(head)).skip(2);
    let lines = lines.take_while(|line| line.starts_with('|'));
    lines.map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// What stands between back ticks.
fn ticked(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// `` `logos` (token.rs), `serde` ``: crates, each with the one file where it is at home.
fn crates_of(cell: &str) -> Vec<(String, Option<String>)> {
    let pieces = cell.split(',').filter(|piece| piece.contains('`'));
    pieces
        .map(|piece| {
            let [name] = <[String; 1]>::try_from(ticked(piece)).unwrap();
            let file = piece.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
            (name, file.map(|(file, _)| file.to_owned()))
        })
        .collect()
}

/// The crates under `[dependencies]`, those of some systems only too.
pub(crate) fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut is_inside = false;
    let lines = manifest.lines().filter(|line| {
        if line.starts_with('[') {
            let of_system = line.starts_with("[target.") && line.ends_with(".dependencies]");
            is_inside = *line == "[dependencies]" || of_system;
            return false;
        }
        is_inside && !line.starts_with('#')
    });
    lines.filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim().to_owned()).collect()
}
