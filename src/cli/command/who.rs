//! `who`: everybody who holds a permission, or can come to it.

use std::collections::BTreeMap;

use crate::cli::args::{Format, WhoHolds};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::eval::Permission;
use crate::render::{json, listing, reach};
use crate::table::{Organization, Table};
use crate::tools::ask::{self, Unasked, What};
use crate::tools::listing::who;
use crate::tools::reach::{beyond, reachable};
use crate::vocab::CatalogId;

pub(crate) fn run(args: &WhoHolds, out: &Out) -> Result<Exit, Exit> {
    answer(args, out).map_err(|failure| failure.tell(args.format, out))
}

fn answer(args: &WhoHolds, out: &Out) -> Result<Exit, Failure> {
    let period = policy::period(&args.times)?;
    let table = policy::load(&args.asked, out)?;
    let organizations = organizations(&table, args.asked.org.as_deref());
    let organizations = organizations.map_err(|unasked| Failure::from(&unasked))?;
    let is_json = args.format == Format::Json;
    let Some(text) = &args.permission else {
        let found: Vec<_> = organizations.iter().map(|one| beyond(&table, *one, period)).collect();
        out.answer(|writer| match is_json {
            true => json::write(&json::WhoClimbs::of(&table, &found, period), writer),
            false => reach::beyond(&table, &found, period, writer),
        })?;
        return Ok(Exit::Clean);
    };
    let asked = permissions(&table, &organizations, text).map_err(|unasked| Failure::from(&unasked))?;
    if args.reachable {
        let found = asked.iter().filter_map(|(one, permission)| reachable(&table, *one, *permission, period));
        let found: Vec<_> = found.collect();
        out.answer(|writer| match is_json {
            true => json::write(&json::WhoReaches::of(&table, &found, period), writer),
            false => reach::reachable(&table, &found, period, writer),
        })?;
    } else {
        let found = asked.iter().filter_map(|(one, permission)| who(&table, *one, *permission, period));
        let found: Vec<_> = found.collect();
        out.answer(|writer| match is_json {
            true => json::write(&json::WhoHolds::of(&found, period), writer),
            false => listing::who(&found, period, writer),
        })?;
    }
    Ok(Exit::Clean)
}

/// The organization that is named; without one, all of them.
fn organizations<'t>(table: &'t Table, id: Option<&str>) -> Result<Vec<Organization<'t>>, Unasked> {
    let all: Vec<Organization<'_>> = table.organizations().collect();
    match id {
        Some(id) => ask::organization(table, Some(id)).map(|one| vec![one]),
        // Without any there is nothing to list, and the sentence says so.
        None if all.is_empty() => ask::organization(table, None).map(|_| Vec::new()),
        None => Ok(all),
    }
}

/// The permission in each organization whose catalog has it; an error where none has.
fn permissions<'t>(
    table: &'t Table,
    organizations: &[Organization<'t>],
    text: &str,
) -> Result<Vec<(Organization<'t>, Permission)>, Unasked> {
    let mut found = Vec::new();
    // Each catalog is asked once, however many organizations have it.
    let mut asked: BTreeMap<CatalogId, Result<Permission, Unasked>> = BTreeMap::new();
    for organization in organizations {
        let catalog = organization.catalog();
        let permission =
            asked.entry(catalog.key()).or_insert_with(|| ask::permission(table, catalog, &What::Text(text)));
        if let Ok(permission) = permission {
            found.push((*organization, *permission));
        }
    }
    let errors =
        asked.into_iter().filter_map(|(catalog, asked)| Some((table.catalog_view(catalog)?, asked.err()?)));
    match ask::in_no_catalog(errors.collect()) {
        Some(error) if found.is_empty() => Err(error),
        _ => Ok(found),
    }
}
