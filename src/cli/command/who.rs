//! `who`: everybody who holds a permission.

use std::collections::BTreeMap;

use crate::cli::args::{Format, WhoHolds};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::eval::Permission;
use crate::render::{json, listing};
use crate::table::{Organization, Table};
use crate::tools::ask::{self, Unasked, What};
use crate::tools::listing::{Holders, who};
use crate::vocab::{CatalogId, Period};

pub(crate) fn run(args: &WhoHolds, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn answer(args: &WhoHolds, out: &Out) -> Result<Exit, Failure> {
    let period = policy::period(&args.times)?;
    let table = policy::load(&args.asked)?;
    let found = match &args.asked.org {
        Some(id) => ask::organization(&table, Some(id))
            .and_then(|one| holders(&table, &[one], &args.permission, period)),
        None => {
            let all: Vec<Organization<'_>> = table.organizations().collect();
            // Without any there is nothing to list, and the sentence says so.
            if all.is_empty() {
                ask::organization(&table, None).map(|_| Vec::new())
            } else {
                holders(&table, &all, &args.permission, period)
            }
        }
    };
    let found = found.map_err(|unasked| Failure::from(&unasked))?;
    out.answer(|writer| match args.format {
        Format::Json => json::write(&json::WhoHolds::of(&found, period), writer),
        Format::Human => listing::who(&found, period, writer),
    })?;
    Ok(Exit::Clean)
}

/// The holders in each organization whose catalog has the permission; an error where none has it.
fn holders<'t>(
    table: &'t Table,
    organizations: &[Organization<'t>],
    text: &str,
    period: Period,
) -> Result<Vec<Holders<'t>>, Unasked> {
    let mut found = Vec::new();
    // Each catalog is asked once, however many organizations have it.
    let mut asked: BTreeMap<CatalogId, Result<Permission, Unasked>> = BTreeMap::new();
    for organization in organizations {
        let catalog = organization.catalog();
        let permission =
            asked.entry(catalog.key()).or_insert_with(|| ask::permission(table, catalog, &What::Text(text)));
        if let Ok(permission) = permission {
            found.extend(who(table, *organization, *permission, period));
        }
    }
    let errors =
        asked.into_iter().filter_map(|(catalog, asked)| Some((table.catalog_view(catalog)?, asked.err()?)));
    match ask::in_no_catalog(errors.collect()) {
        Some(error) if found.is_empty() => Err(error),
        _ => Ok(found),
    }
}
