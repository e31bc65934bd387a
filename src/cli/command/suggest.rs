//! `suggest`: advice on roles, and the least role for what a log says was used.

mod log;

use crate::cli::args::{Format, Suggest};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::eval::Permission;
use crate::render::{json, suggest as told};
use crate::table::Organization;
use crate::tools::ask::{self, Unasked, What};
use crate::tools::suggest::{A_SECOND, Advice, advise, cover};

pub(crate) fn run(args: &Suggest, out: &Out) -> Result<Exit, Exit> {
    let answered = match &args.from_log {
        Some(path) => log::answer(args, path, out),
        None if args.cover.is_empty() => advice(args, out),
        None => covering(args, out),
    };
    answered.map_err(|failure| failure.tell(args.format, out))
}

fn advice(args: &Suggest, out: &Out) -> Result<Exit, Failure> {
    let at = policy::time(args.at.as_deref())?;
    let table = policy::load(&args.asked, out)?;
    let organizations: Vec<Organization<'_>> = match &args.asked.org {
        Some(id) => vec![ask::organization(&table, Some(id)).map_err(|unasked| Failure::from(&unasked))?],
        None => table.organizations().collect(),
    };
    // Without any there is nothing to say, and the sentence says so.
    if organizations.is_empty() {
        ask::organization(&table, None).map_err(|unasked| Failure::from(&unasked))?;
    }
    let fewer = args.merges.map(|fewer| fewer.unwrap_or(1) as usize);
    let found: Vec<Advice<'_>> =
        organizations.into_iter().map(|one| advise(&table, one, at, fewer, A_SECOND)).collect();
    out.answer(|writer| match args.format {
        Format::Human => told::advice(&found, args.all, writer),
        Format::Json => json::write(&json::Advised::of(&found, at), writer),
    })?;
    Ok(Exit::Clean)
}

fn covering(args: &Suggest, out: &Out) -> Result<Exit, Failure> {
    let table = policy::load(&args.asked, out)?;
    let asked = || -> Result<(Organization<'_>, Vec<Permission>), Unasked> {
        let organization = ask::organization(&table, args.asked.org.as_deref())?;
        let permission = |text: &String| ask::permission(&table, organization.catalog(), &What::Text(text));
        Ok((organization, args.cover.iter().map(permission).collect::<Result<_, _>>()?))
    };
    let (organization, permissions) = asked().map_err(|unasked| Failure::from(&unasked))?;
    let found = cover(&table, organization, &permissions, A_SECOND);
    out.answer(|writer| match args.format {
        Format::Human => told::cover(&found, args.all, writer),
        Format::Json => json::write(&json::Covered::of(&found), writer),
    })?;
    Ok(Exit::Clean)
}
