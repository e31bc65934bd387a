//! `catalog`: what there is to grant, listed, searched and compared.

use std::path::{Path, PathBuf};

use crate::catalog::BUILT_IN;
use crate::cli::args::{CatalogVerb, Format};
use crate::cli::exit::Exit;
use crate::cli::files;
use crate::cli::out::{Out, complain};
use crate::cli::policy;
use crate::render::{comparison, json, listing};
use crate::source::{Provenance, SourceFile, Sources};
use crate::table::{Catalog, Table};
use crate::tools::ask;
use crate::tools::catalogs::{compare, search};

pub(crate) fn run(verb: &CatalogVerb, out: &Out) -> Result<Exit, Exit> {
    match verb {
        CatalogVerb::List { found, format } => list(&found.policy, *format, out),
        CatalogVerb::Show { catalog, found, format } => {
            let table = table_of(catalog, &found.policy, out)?;
            let catalog = only(&table, catalog)?;
            rows(catalog, catalog.rows().collect(), *format, out)
        }
        CatalogVerb::Search { words, catalog, found, format } => {
            let table = table_of(catalog, &found.policy, out)?;
            let catalog = only(&table, catalog)?;
            let found = search(catalog, &words.join(" "));
            rows(catalog, found, *format, out)
        }
        CatalogVerb::Compare { old, new, found, format } => {
            let (old_table, new_table) =
                (table_of(old, &found.policy, out)?, table_of(new, &found.policy, out)?);
            let changes = compare(only(&old_table, old)?, only(&new_table, new)?);
            out.answer(|writer| match format {
                Format::Json => json::write(&json::Compared::of(&changes), writer),
                Format::Human => comparison::comparison(&changes, writer),
            })?;
            Ok(if changes.is_empty() { Exit::Clean } else { Exit::Findings })
        }
    }
}

fn list(paths: &[PathBuf], format: Format, out: &Out) -> Result<Exit, Exit> {
    let mut sources = if paths.is_empty() { Sources::new() } else { files::sources(paths)? };
    for built_in in BUILT_IN {
        add_built_in(built_in.id, &mut sources);
    }
    let table = policy::compiled(sources, out)?;
    out.answer(|writer| match format {
        Format::Human => listing::catalogs(table.catalogs(), writer),
        Format::Json => {
            let catalogs =
                table.catalogs().map(|catalog| json::CatalogOf::of(catalog, catalog.rows())).collect();
            json::write(&json::Catalogs { version: json::VERSION, catalogs }, writer)
        }
    })?;
    Ok(Exit::Clean)
}

fn rows<'t>(
    catalog: Catalog<'t>,
    rows: Vec<crate::table::Row<'t>>,
    format: Format,
    out: &Out,
) -> Result<Exit, Exit> {
    out.answer(|writer| match format {
        Format::Human => listing::rows(&rows, writer),
        Format::Json => {
            let catalogs = vec![json::CatalogOf::of(catalog, rows.into_iter())];
            json::write(&json::Catalogs { version: json::VERSION, catalogs }, writer)
        }
    })?;
    Ok(Exit::Clean)
}

/// The table of a catalog: a built-in one by its id, else one of the policy, else the file or folder of that name.
fn table_of(name: &str, policy: &[PathBuf], out: &Out) -> Result<Table, Exit> {
    let mut sources = Sources::new();
    let is_built_in = add_built_in(name, &mut sources);
    if !policy.is_empty() {
        let mut sources = files::sources(policy)?;
        if is_built_in {
            add_built_in(name, &mut sources);
        }
        let table = policy::compiled(sources, out)?;
        if table.catalog(name).is_some() || !is_path(name) {
            return Ok(table);
        }
    }
    if !is_built_in {
        if !is_path(name) {
            let known = BUILT_IN.iter().map(|known| (known.id, None));
            return Err(complain(Exit::Undecided, &unknown(name, known)));
        }
        sources = files::sources(&[PathBuf::from(name)])?;
    }
    policy::compiled(sources, out)
}

/// Whether a name is meant as a path rather than as an id.
fn is_path(name: &str) -> bool {
    Path::new(name).exists() || name.contains(['/', '\\', '.'])
}

/// No catalog is called so.
fn unknown<'n>(name: &str, known: impl Iterator<Item = (&'n str, Option<&'n str>)>) -> String {
    let mut known: Vec<(&str, Option<&str>)> = known.collect();
    known.sort_unstable();
    known.dedup_by_key(|(id, _)| *id);
    let quoted = |ids: &mut dyn Iterator<Item = &str>| -> String {
        ids.map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" or ")
    };
    let near = ask::near(name, known.iter().copied());
    if near.is_empty() {
        let known = quoted(&mut known.iter().map(|(id, _)| *id));
        format!("there is no catalog `{name}`: name {known}, or a file that holds one")
    } else {
        format!(
            "there is no catalog `{name}`; did you mean {}?",
            quoted(&mut near.iter().map(String::as_str))
        )
    }
}

/// Adds the files of a built-in catalog, the first of which is the catalog.
fn add_built_in(id: &str, sources: &mut Sources) -> bool {
    let Some(built_in) = BUILT_IN.iter().find(|known| known.id == id) else { return false };
    for (name, text) in built_in.files {
        sources.push(SourceFile::new(*name, text.as_bytes().to_vec(), Provenance::BuiltIn));
    }
    true
}

/// The catalog that was named: by its id, else the only one of a file.
fn only<'t>(table: &'t Table, name: &str) -> Result<Catalog<'t>, Exit> {
    if let Some(catalog) = table.catalog(name).and_then(|key| table.catalog_view(key)) {
        return Ok(catalog);
    }
    let mut catalogs = table.catalogs();
    let message = match (catalogs.next(), catalogs.next()) {
        (Some(only), None) if is_path(name) => return Ok(only),
        (None, _) if is_path(name) => format!("`{name}` holds no catalog"),
        (Some(_), Some(_)) if is_path(name) => {
            format!("`{name}` holds several catalogs: give the id of one, and `-p {name}`")
        }
        _ => {
            let built_in = BUILT_IN.iter().map(|known| (known.id, None));
            unknown(name, table.catalogs().map(|known| (known.id(), known.title())).chain(built_in))
        }
    };
    Err(complain(Exit::Undecided, &message))
}
