//! On what the figures were taken, in one line.

use std::fs;
use std::process::Command;
use std::time::SystemTime;

use rolec::vocab::Time;

/// Date, processor, cores, system and compiler, as far as they are told.
pub(crate) fn line() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let date = Time(i64::try_from(now).unwrap_or_default()).to_string();
    let date = date.split('T').next().unwrap_or_default();
    let processor = said("/proc/cpuinfo", "model name", ':').unwrap_or_else(|| "a processor".to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let system =
        said("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(|| std::env::consts::OS.to_owned());
    let compiler = Command::new("rustc").arg("-V").output().ok();
    let compiler = compiler.and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    let memory = said("/proc/meminfo", "MemTotal", ':').and_then(|said| {
        let kilobytes: f64 = said.split(' ').next()?.parse().ok()?;
        Some(format!("{:.0} GB", kilobytes / 1e6))
    });
    let memory = memory.unwrap_or_else(|| "some memory".to_owned());
    format!("{date}, {processor}, {cores} cores, {memory}, {system}, {}", compiler.trim())
}

/// What a file of the system says of something.
fn said(file: &str, name: &str, mark: char) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(mark)?.1.trim().trim_matches('"').to_owned())
}
