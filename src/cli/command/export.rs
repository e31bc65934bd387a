//! `export`: a policy in the languages of other engines.

use std::path::Path;

use crate::cli::args::{Engine, Export};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::reference::Reference;
use crate::render::export::{cedar, rego};
use crate::render::json;

const BROKEN: &str = "nothing is written while the policy has errors";

pub(crate) fn run(args: &Export, out: &Out) -> Result<Exit, Exit> {
    export(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn export(args: &Export, out: &Out) -> Result<Exit, Failure> {
    let guard = args.trusted.guard();
    if args.table.is_none() {
        guard.text("the policy")?;
    }
    if args.engine == Engine::Cedar {
        let at = policy::time(args.at.as_deref())?;
        let table = match &args.table {
            Some(path) => policy::table(path, guard, out)?,
            None => policy::with_rows(&args.policy, &args.rows, BROKEN)?.table,
        };
        let written =
            cedar::export(&table, at).map_err(|error| Failure::of(Reason::World, error.to_string()))?;
        return folder(
            args.output.as_deref(),
            &[
                ("schema.cedarschema", written.schema.as_bytes()),
                ("policies.cedar", written.policies.as_bytes()),
                ("entities.json", &written.entities),
            ],
        );
    }
    if args.table.is_some() {
        let message = "rego and json are written from the sources, which a compiled table has none of: name them with `-p`";
        return Err(Failure::of(Reason::Usage, message));
    }
    if args.at.is_some() {
        return Err(Failure::of(Reason::Usage, "`--at` is for cedar: rego and json hold all times"));
    }
    let mut built = policy::with_rows(&args.policy, &args.rows, BROKEN)?;
    if let Some(path) = &args.output {
        files::refuse_source(&built.sources, path, "")?;
    }
    let reference = Reference::with(&built.sources, &built.rows.again()?);
    let reference = reference
        .map_err(|gap| Failure::of(Reason::Policy, format!("the policy cannot be followed: {gap}")))?;
    let document = json::Exported::of(&reference);
    if args.engine == Engine::Json && args.output.is_none() {
        out.answer(|writer| json::write(&document, writer))?;
        return Ok(Exit::Clean);
    }
    let mut data = Vec::new();
    json::write(&document, &mut data).map_err(|error| Failure::of(Reason::World, error.to_string()))?;
    match (args.engine, &args.output) {
        (Engine::Json, Some(path)) => files::write(path, &data).map(|()| Exit::Clean),
        _ => {
            folder(args.output.as_deref(), &[("policy.rego", rego::POLICY.as_bytes()), ("data.json", &data)])
        }
    }
}

/// Writes files into a folder, all or none, and makes it where it is missing.
fn folder(folder: Option<&Path>, written: &[(&str, &[u8])]) -> Result<Exit, Failure> {
    let Some(folder) = folder else { return Err(Failure::of(Reason::Usage, "name a folder with `-o`")) };
    files::fill(folder, written)?;
    Ok(Exit::Clean)
}
