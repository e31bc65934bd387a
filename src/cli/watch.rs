//! Does a thing again whenever files change, until the process is interrupted.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher as _};

use crate::cli::exit::Exit;
use crate::cli::files::SETTINGS;
use crate::cli::out::{complain, failed};

/// Editors write a file in several steps; what comes within this time is one change.
const QUIET: Duration = Duration::from_millis(100);

/// Runs `again` at once and after each change below `paths`. Never ends well: only an error ends it.
pub(crate) fn watch(paths: &[PathBuf], mut again: impl FnMut() -> Result<Exit, Exit>) -> Result<Exit, Exit> {
    let (sender, changes) = mpsc::channel();
    let cannot = |error: notify::Error| complain(Exit::World, &format!("cannot watch: {error}"));
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let is_change = event.is_ok_and(|event| {
            let counts = |path: &PathBuf| {
                path.extension().is_some_and(|extension| extension == "role") || path.ends_with(SETTINGS)
            };
            !event.kind.is_access() && event.paths.iter().any(counts)
        });
        if is_change {
            // Nobody listens any more where the loop below has ended.
            let _ = sender.send(());
        }
    })
    .map_err(cannot)?;
    let here = [PathBuf::from(".")];
    for path in if paths.is_empty() { &here[..] } else { paths } {
        // An editor replaces a file: its folder is what stays.
        let folder = match (path.is_dir(), path.parent()) {
            (false, Some(parent)) if !parent.as_os_str().is_empty() => parent,
            (false, _) => std::path::Path::new("."),
            (true, _) => path,
        };
        watcher.watch(folder, RecursiveMode::Recursive).map_err(cannot)?;
    }
    loop {
        // A file that is gone for a moment is told, and the watch goes on.
        let ended = again();
        let state = match ended {
            Ok(Exit::Clean) => "clean",
            Ok(_) | Err(_) => "not clean",
        };
        use std::io::Write as _;
        writeln!(std::io::stderr().lock(), "{state}; waiting for changes").map_err(|error| failed(&error))?;
        if changes.recv().is_err() {
            return Err(complain(Exit::World, "the watch ended"));
        }
        while changes.recv_timeout(QUIET).is_ok() {}
    }
}
