//! Does a thing again whenever what would be read is not what was read, until the process is interrupted. Knows nothing
//! of what is done; which files count is told by `places`.

mod places;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use self::places::{Given, Meaning, Places};
use crate::cli::exit::Exit;
use crate::cli::files::Settings;
use crate::cli::out::{Out, complain};
use crate::cli::{files, policy};
use crate::render::sentence;
use crate::source::Sources;

/// Editors write a file in several steps; what comes within this time is one change.
const QUIET: Duration = Duration::from_millis(100);
/// Where it never gets quiet, a change is told all the same.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was done once.
pub(crate) struct Round {
    /// What was read. A file that could not be stands there without its text.
    pub(crate) sources: Sources,
    /// By which settings; none where they could not be read.
    pub(crate) settings: Option<Settings>,
    /// Whether all of it could be read.
    pub(crate) is_read: bool,
    /// How it ended.
    pub(crate) exit: Exit,
}

/// Runs `again` at once and after each change of the policy at `paths`, or of its settings. Ends where the first round
/// cannot read what it is to watch, and where nothing can be told any more.
pub(crate) fn watch(
    paths: &[PathBuf],
    config: Option<&Path>,
    out: &Out,
    mut again: impl FnMut() -> Result<Round, Exit>,
) -> Result<Exit, Exit> {
    if paths.iter().any(|path| files::is_stdin(path)) {
        return Err(complain(Exit::Usage, "standard input cannot be watched: name files or folders"));
    }
    let mut watch = Watch::of(paths, config)?;
    let mut is_first = true;
    loop {
        // What was told until now is seen by the round that follows.
        while watch.events.try_recv().is_ok() {}
        let round = again()?;
        // Later on, what is gone for a moment was told, and the watch goes on.
        if is_first && !round.is_read {
            return Ok(round.exit);
        }
        if watch.follow(&round.sources)? {
            continue;
        }
        is_first = false;
        let state = if round.exit == Exit::Clean { "clean" } else { "not clean" };
        tell(out, &format!("{state}; waiting for changes"))?;
        let changed = loop {
            let changed = watch.wait()?;
            watch.renew()?;
            // A file that is only touched is as it was.
            if !round.is_as_read(paths, config) {
                break round.named(changed, paths, config);
            }
        };
        out.clear()?;
        tell(out, &format!("changed: {changed}"))?;
    }
}

impl Round {
    /// Whether another round would read the same.
    fn is_as_read(&self, paths: &[PathBuf], config: Option<&Path>) -> bool {
        files::would_be_read(paths, &self.sources) && self.is_set(paths, config)
    }

    fn is_set(&self, paths: &[PathBuf], config: Option<&Path>) -> bool {
        Settings::of(config, paths).is_ok_and(|now| self.settings.as_ref() == Some(&now))
    }

    /// What has changed, in words. Of several files those that are as they were are left out.
    fn named(&self, changed: Changed, paths: &[PathBuf], config: Option<&Path>) -> String {
        let Some(mut changed) = changed else { return "more than can be told".to_owned() };
        let mut kept = files::as_read(&self.sources);
        if self.is_set(paths, config) {
            kept.extend(self.settings.as_ref().and_then(Settings::place));
        }
        if changed.iter().any(|path| !kept.contains(path)) {
            changed.retain(|path| !kept.contains(path));
        }
        listed(&changed)
    }
}

/// A line that parts one run from the next.
fn tell(out: &Out, message: &str) -> Result<(), Exit> {
    out.error(|writer| writeln!(writer, "{} {}", policy::now(), sentence(message)))
}

/// What happened to paths; nothing is known of them where events were lost.
type Event = Option<Vec<PathBuf>>;

/// What has changed of that which counts; nothing is known of it where events were lost.
type Changed = Option<Vec<PathBuf>>;

struct Watch {
    given: Vec<Given>,
    /// The files that those of the policy name, there or not.
    imports: BTreeSet<PathBuf>,
    places: Places,
    /// Tells of the folders of `places`, as long as it is kept.
    watcher: RecommendedWatcher,
    sender: Sender<Event>,
    events: Receiver<Event>,
}

impl Watch {
    fn of(paths: &[PathBuf], config: Option<&Path>) -> Result<Self, Exit> {
        let here = [PathBuf::from(".")];
        let paths = if paths.is_empty() { &here } else { paths };
        let given: Vec<Given> = paths.iter().map(PathBuf::as_path).chain(config).map(Given::of).collect();
        let imports = BTreeSet::new();
        let (sender, events) = mpsc::channel();
        let places = Places::of(&given, &imports);
        let watcher = watcher(&places, &sender)?;
        let mut watch = Self { given, imports, places, watcher, sender, events };
        watch.settle()?;
        Ok(watch)
    }

    /// Watches what counts now. A folder that took the place of another is another one, so each is watched anew; the
    /// old ones are watched until then.
    fn renew(&mut self) -> Result<(), Exit> {
        self.places = Places::of(&self.given, &self.imports);
        self.watcher = watcher(&self.places, &self.sender)?;
        self.settle()
    }

    /// A folder may come between the look and the watch: looks again until nothing is new.
    fn settle(&mut self) -> Result<(), Exit> {
        /// Folders may come for ever; those that are missed then are seen with the next change.
        const LOOKS: usize = 8;
        for _ in 0..LOOKS {
            let now = Places::of(&self.given, &self.imports);
            if now.folders() == self.places.folders() {
                self.places = now;
                break;
            }
            self.watcher = watcher(&now, &self.sender)?;
            self.places = now;
        }
        Ok(())
    }

    /// Watches also what the files that were read name; whether that changed since it was read.
    fn follow(&mut self, sources: &Sources) -> Result<bool, Exit> {
        self.imports = places::imports(sources);
        let now = Places::of(&self.given, &self.imports);
        let is_watched = now.folders().is_subset(self.places.folders());
        if is_watched {
            self.places = now;
            return Ok(false);
        }
        self.renew()?;
        Ok(!files::are_as_read(sources))
    }

    /// Waits until something that counts has changed.
    fn wait(&mut self) -> Result<Changed, Exit> {
        loop {
            let mut seen = BTreeSet::new();
            let mut is_lost = false;
            let mut take = |event: Event| match event {
                Some(paths) => seen.extend(paths),
                None => is_lost = true,
            };
            let ended = |_| complain(Exit::World, "the watch ended");
            take(self.events.recv().map_err(ended)?);
            let begun = Instant::now();
            let mut last = begun;
            while begun.elapsed() < PATIENCE {
                match self.events.recv_timeout(QUIET.saturating_sub(last.elapsed())) {
                    Ok(event) => {
                        // In the folders above there is never quiet, and little of it counts.
                        let is_of_note = |path: &PathBuf| self.places.meaning(path) != Meaning::Nothing;
                        if event.as_ref().is_none_or(|paths| paths.iter().any(is_of_note)) {
                            last = Instant::now();
                        }
                        take(event);
                    }
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
                }
            }
            if is_lost {
                return Ok(None);
            }
            let of = |wanted: Meaning| -> Vec<PathBuf> {
                seen.iter().filter(|path| self.places.meaning(path) == wanted).cloned().collect()
            };
            let changed = of(Meaning::Change);
            if !changed.is_empty() {
                return Ok(Some(changed));
            }
            let new = of(Meaning::Look);
            if new.is_empty() {
                continue;
            }
            let known = self.places.files().clone();
            self.renew()?;
            if *self.places.files() != known {
                return Ok(Some(new));
            }
        }
    }
}

/// A watcher over the folders that count, each by itself.
fn watcher(places: &Places, sender: &Sender<Event>) -> Result<RecommendedWatcher, Exit> {
    let sender = sender.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let event = match event {
            Ok(event) if event.need_rescan() => None,
            // That a file is read is no change: we read them ourselves.
            Ok(event) if event.kind.is_access() => return,
            Ok(event) => Some(event.paths),
            Err(_) => None,
        };
        // Nobody listens any more where the watch has ended.
        let _ = sender.send(event);
    })
    .map_err(|error| cannot_watch(&error))?;
    for folder in places.folders() {
        match watcher.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => {}
            // Gone since we looked: the folder above tells. Or closed to us: so is what happens in it.
            Err(_) if folder.read_dir().is_err() => {}
            Err(error) => return Err(cannot_watch(&error)),
        }
    }
    Ok(watcher)
}

/// In words of our own: the library's end in a list of paths.
fn cannot_watch(error: &notify::Error) -> Exit {
    let message = match &error.kind {
        notify::ErrorKind::Io(error) => error.to_string(),
        notify::ErrorKind::MaxFilesWatch => {
            "there are more folders than the system lets one watch; name fewer, or raise the limit".to_owned()
        }
        notify::ErrorKind::Generic(message) => message.clone(),
        other => format!("{other:?}"),
    };
    complain(Exit::World, &format!("cannot watch: {message}"))
}

/// Paths as people write them, the first few of many.
fn listed(paths: &[PathBuf]) -> String {
    const SHOWN: usize = 3;
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let shown = |path: &PathBuf| {
        let path = path.strip_prefix(&here).unwrap_or(path);
        if path.as_os_str().is_empty() { ".".to_owned() } else { path.display().to_string() }
    };
    let mut text = paths.iter().take(SHOWN).map(shown).collect::<Vec<_>>().join(", ");
    if let Some(more) = paths.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text += &format!(" and {more} more");
    }
    text
}
