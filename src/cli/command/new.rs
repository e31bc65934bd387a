//! `new`: a policy folder to start from, that passes `check` and `test`.

use std::path::Path;

use crate::cli::args::{Format, New};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files;
use crate::cli::out::{Out, complain};
use crate::render::escaped_line;

/// The files of the folder, kept as files of their own so that tests check them as they are.
const FILES: &[(&str, &str)] = &[
    ("templates.role", include_str!("new/templates.role")),
    ("roles.role", include_str!("new/roles.role")),
    ("people.role", include_str!("new/people.role")),
    ("tests.role", include_str!("new/tests.role")),
];

pub(crate) fn run(args: &New, out: &Out) -> Result<Exit, Exit> {
    make(args, out).map_err(|failure| failure.tell(Format::Human, out))
}

fn make(args: &New, out: &Out) -> Result<Exit, Failure> {
    let shown = args.dir.display().to_string();
    let typed = typed(&shown);
    files::is_fillable(&args.dir)?;
    let texts: Vec<(&str, &[u8])> = FILES.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    files::fill(&args.dir, &texts)?;
    out.answer(|writer| {
        writeln!(writer, "made {} with {}", escaped_line(&shown), list())?;
        writeln!(
            writer,
            "next: put your people into people.role, then `rolec check {0}` and `rolec test {0}`",
            escaped_line(&typed)
        )
    })?;
    // What was made must be clean, whatever the catalog became.
    let sources = files::sources(std::slice::from_ref(&args.dir));
    let is_read = |name: &str| match &sources {
        Ok(sources) => sources.iter().any(|(_, file)| Path::new(file.name()).ends_with(name)),
        Err(_) => false,
    };
    let hidden: Vec<&str> = FILES.iter().map(|(name, _)| *name).filter(|name| !is_read(name)).collect();
    if !hidden.is_empty() {
        let message = format!(
            "an ignore file hides {} of the new folder from `rolec check`: let it pass over other names, or name the files",
            hidden.join(", ")
        );
        return Err(Failure::of(Reason::World, message));
    }
    let compiled = crate::pipeline::compile(sources.map_err(|(_, failure)| failure)?);
    if compiled.table.is_none() {
        let message = "the new folder does not pass `rolec check`: please report this";
        return Err(complain(Exit::Findings, message).into());
    }
    Ok(Exit::Clean)
}

fn list() -> String {
    FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// A path as one types it into a shell: quoted where a shell would read something else, and never an option.
fn typed(path: &str) -> String {
    let path = if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@%:,".contains(c);
    if !path.is_empty() && path.chars().all(is_plain) {
        return path;
    }
    format!("'{}'", path.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn paths_are_typed_as_the_shell_takes_them() {
        for (path, shown) in [
            ("policy", "policy"),
            ("a/b-c_d.e", "a/b-c_d.e"),
            ("ünsere", "ünsere"),
            ("nd 5/ü", "'nd 5/ü'"),
            ("-x", "./-x"),
            ("- x", "'./- x'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("~", "'~'"),
            ("a*", "'a*'"),
            ("", "''"),
        ] {
            assert_eq!(typed(path), shown);
        }
    }
}
