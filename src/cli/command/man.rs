//! `man`: the manual, from the same arguments that clap reads.

use clap::CommandFactory as _;

use crate::cli::args::{Args, Format, Man};
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::out::{Out, complain, failed};

pub(crate) fn run(args: &Man, out: &Out) -> Result<Exit, Exit> {
    let command = Args::command();
    let Some(dir) = &args.dir else {
        let page = page(command)?;
        out.answer(|writer| writer.write_all(&page))?;
        return Ok(Exit::Clean);
    };
    if !dir.is_dir() {
        return Err(complain(Exit::World, &format!("`{}` is no folder", dir.display())));
    }
    let mut pages = vec![("rolec".to_owned(), page(command.clone())?)];
    for verb in command.get_subcommands() {
        pages.push((format!("rolec-{}", verb.get_name()), page(verb.clone())?));
    }
    for (name, text) in pages {
        files::write(&dir.join(format!("{name}.1")), &text)
            .map_err(|failure| failure.tell(Format::Human, out))?;
    }
    Ok(Exit::Clean)
}

fn page(command: clap::Command) -> Result<Vec<u8>, Exit> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text).map_err(|error| failed(&error))?;
    Ok(text)
}
