//! `completions`: for the shells that clap knows.

use clap::CommandFactory as _;

use crate::cli::args::{Args, Completions};
use crate::cli::exit::Exit;
use crate::cli::out::Out;

pub(crate) fn run(args: &Completions, out: &Out) -> Result<Exit, Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "rolec", &mut text);
    out.answer(|writer| writer.write_all(&text))?;
    Ok(Exit::Clean)
}
