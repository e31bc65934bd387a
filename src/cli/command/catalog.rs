//! `catalog`: what there is to grant, listed, searched and compared.

use std::path::{Path, PathBuf};

use crate::catalog::BUILT_IN;
use crate::cli::args::{CatalogVerb, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::render::{json, listing};
use crate::source::{Provenance, SourceFile, Sources};
use crate::table::{Catalog, Table};
use crate::tools::catalogs::{compare, search};

/// What errors in the files mean here.
const BROKEN: &str = "nothing is told of a catalog while its files have errors";

pub(crate) fn run(verb: &CatalogVerb, out: &Out) -> Result<Exit, Exit> {
    let format = match verb {
        CatalogVerb::List { format, .. }
        | CatalogVerb::Show { format, .. }
        | CatalogVerb::Search { format, .. }
        | CatalogVerb::Compare { format, .. } => *format,
    };
    answer(verb, out).map_err(|failure| failure.tell(format, out))
}

fn answer(verb: &CatalogVerb, out: &Out) -> Result<Exit, Failure> {
    match verb {
        CatalogVerb::List { policy, format } => list(policy, *format, out),
        CatalogVerb::Show { catalog, format } => {
            let table = table_of(catalog)?;
            let catalog = only(&table, catalog)?;
            rows(catalog, catalog.rows().collect(), *format, out)
        }
        CatalogVerb::Search { text, catalog, format } => {
            let table = table_of(catalog)?;
            let catalog = only(&table, catalog)?;
            let found = search(catalog, text);
            rows(catalog, found, *format, out)
        }
        CatalogVerb::Compare { old, new, format } => {
            let (old_table, new_table) = (table_of(old)?, table_of(new)?);
            let changes = compare(only(&old_table, old)?, only(&new_table, new)?);
            out.answer(|writer| match format {
                Format::Json => json::write(&json::Compared::of(&changes), writer),
                Format::Human => listing::changes(&changes, writer),
            })?;
            Ok(if changes.is_empty() { Exit::Clean } else { Exit::Findings })
        }
    }
}

fn list(paths: &[PathBuf], format: Format, out: &Out) -> Result<Exit, Failure> {
    let mut sources = match paths {
        [] => Sources::new(),
        _ => files::sources(paths).map_err(|(_, failure)| failure)?,
    };
    for built_in in BUILT_IN {
        add_built_in(built_in.id, &mut sources);
    }
    let table = policy::compiled(sources, BROKEN)?;
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
) -> Result<Exit, Failure> {
    out.answer(|writer| match format {
        Format::Human => listing::rows(&rows, writer),
        Format::Json => {
            let catalogs = vec![json::CatalogOf::of(catalog, rows.into_iter())];
            json::write(&json::Catalogs { version: json::VERSION, catalogs }, writer)
        }
    })?;
    Ok(Exit::Clean)
}

/// The table of a catalog: a built-in one by its id, else the file or folder of that name.
fn table_of(name: &str) -> Result<Table, Failure> {
    let mut sources = Sources::new();
    if !add_built_in(name, &mut sources) {
        if !Path::new(name).exists() && !name.contains(['/', '\\', '.']) {
            let known: Vec<String> = BUILT_IN.iter().map(|known| format!("`{}`", known.id)).collect();
            let message =
                format!("there is no catalog `{name}`: built in are {}; or name a file", known.join(", "));
            return Err(Failure::of(Reason::Undecided, message));
        }
        sources = files::sources(&[PathBuf::from(name)]).map_err(|(_, failure)| failure)?;
    }
    policy::compiled(sources, BROKEN)
}

/// Adds the files of a built-in catalog, the first of which is the catalog.
fn add_built_in(id: &str, sources: &mut Sources) -> bool {
    let Some(built_in) = BUILT_IN.iter().find(|known| known.id == id) else { return false };
    for (name, text) in built_in.files {
        sources.push(SourceFile::new(*name, text.as_bytes().to_vec(), Provenance::BuiltIn));
    }
    true
}

/// The catalog that was named: the only one of a file, the built-in one of an id.
fn only<'t>(table: &'t Table, name: &str) -> Result<Catalog<'t>, Failure> {
    if let Some(catalog) = table.catalog(name).and_then(|key| table.catalog_view(key)) {
        return Ok(catalog);
    }
    let mut catalogs = table.catalogs();
    match (catalogs.next(), catalogs.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Failure::of(Reason::Undecided, format!("`{name}` holds no catalog"))),
        (Some(_), Some(_)) => Err(Failure::of(Reason::Undecided, format!("`{name}` holds several catalogs"))),
    }
}
