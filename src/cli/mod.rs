//! The command line: the only room that touches the clock, the environment and the terminal, and beside the language
//! server the only one that touches files. What it prints and how it exits is a contract (docs/cli.md).

mod args;
mod command;
mod exit;
mod failure;
#[expect(clippy::disallowed_methods, reason = "the one file that reads and writes files")]
mod files;
mod lines;
mod out;
mod policy;
mod progress;
mod question;
mod signing;
mod trust;
mod watch;

use std::process::ExitCode;

use clap::Parser as _;

use self::args::{Args, Verb};
use self::exit::Exit;
use self::out::Out;

/// Runs the command line with the arguments of the process.
pub fn run() -> ExitCode {
    out::tell_panics();
    std::panic::catch_unwind(verb).unwrap_or_else(|_| Exit::World.into())
}

fn verb() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        #[expect(clippy::disallowed_methods, reason = "the command line reads the arguments")]
        Err(error) => return out::usage(error, std::env::args_os()).into(),
    };
    let out = Out::new(args.color);
    let exit = match args.verb {
        Verb::Check(check) => command::check::run(&check, &out),
        Verb::Fmt(fmt) => command::fmt::run(&fmt, &out),
        Verb::Build(build) => command::build::run(&build, &out),
        Verb::Can(can) => command::can::run(&can, &out),
        Verb::Eval(eval) => command::eval::run(&eval, &out),
        Verb::Show(show) => command::show::run(&show, &out),
        Verb::Who(who) => command::who::run(&who, &out),
        Verb::What(what) => command::what::run(&what, &out),
        Verb::Matrix(matrix) => command::matrix::run(&matrix, &out),
        Verb::Diff(diff) => command::diff::run(&diff, &out),
        Verb::Plan(plan) => command::plan::run(&plan, &out),
        Verb::Suggest(suggest) => command::suggest::run(&suggest, &out),
        Verb::Export(export) => command::export::run(&export, &out),
        Verb::Test(test) => command::test::run(&test, &out),
        Verb::Role(role) => command::role::run(&role, &out),
        Verb::Assign(assign) => command::assign::run(&assign, &out),
        Verb::Unassign(unassign) => command::assign::run_unassign(&unassign, &out),
        Verb::Key(key) => command::key::run(&key.what, &out),
        Verb::New(new) => command::new::run(&new, &out),
        Verb::Catalog(catalog) => command::catalog::run(&catalog.what, &out),
        #[cfg(feature = "lsp")]
        Verb::Lsp(_) => command::lsp::run(),
        Verb::Completions(completions) => command::completions::run(&completions, &out),
        Verb::Man(man) => command::man::run(&man, &out),
    };
    exit.unwrap_or_else(|exit| exit).into()
}
