//! `role`: roles added, copied, renamed and removed.

use crate::cli::args::{RoleArgs, RoleVerb};
use crate::cli::command::edit;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::edit::{Change, Mentions};

pub(crate) fn run(args: &RoleArgs, out: &Out) -> Result<Exit, Exit> {
    let (RoleVerb::New { edits, .. }
    | RoleVerb::Copy { edits, .. }
    | RoleVerb::Rename { edits, .. }
    | RoleVerb::Remove { edits, .. }) = &args.what;
    change(&args.what, out).map_err(|failure| failure.tell(edits.format, out))
}

fn change(verb: &RoleVerb, out: &Out) -> Result<Exit, Failure> {
    match verb {
        RoleVerb::New { id, title, description, from, edits } => {
            let id = policy::role(id)?;
            let from = from.iter().map(|base| policy::role(base)).collect::<Result<Vec<String>, _>>()?;
            let from: Vec<&str> = from.iter().map(String::as_str).collect();
            let (title, description) = (title.as_deref(), description.as_deref());
            edit::run(edits, None, &Change::New { id: &id, title, description, from: &from }, out)
        }
        RoleVerb::Copy { role, to, title, edits } => {
            let (role, to, title) = (policy::role(role)?, policy::role(to)?, title.as_deref());
            edit::run(edits, None, &Change::Copy { role: &role, to: &to, title }, out)
        }
        RoleVerb::Rename { role, to, title, edits } => {
            let (role, to, title) = (policy::role(role)?, policy::role(to)?, title.as_deref());
            edit::run(edits, None, &Change::Rename { role: &role, to: &to, title }, out)
        }
        RoleVerb::Remove { role, replace_with, with_mentions, at, edits } => {
            let role = policy::role(role)?;
            let replace_with = replace_with.as_deref().map(policy::role).transpose()?;
            let mentions = if *with_mentions { Mentions::Remove } else { Mentions::Refuse };
            let replace_with = replace_with.as_deref();
            edit::run(edits, at.as_deref(), &Change::Remove { role: &role, replace_with, mentions }, out)
        }
    }
}
