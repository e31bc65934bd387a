//! `catalog`: what there is to grant, listed, searched and compared.

use std::path::{Path, PathBuf};

use crate::catalog::BUILT_IN;
use crate::cli::args::{CatalogVerb, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Reason};
use crate::cli::files;
use crate::cli::out::Out;
use crate::cli::policy;
use crate::diagnostic::either;
use crate::render::{comparison, json, listing, sentence};
use crate::source::{Provenance, SourceFile, Sources};
use crate::table::{Catalog, Row, Table};
use crate::tools::ask::{self, Patience};
use crate::tools::catalogs::search;
use crate::tools::diff::catalogs::compare;

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
        CatalogVerb::List { found, format } => list(&found.policy, *format, out),
        CatalogVerb::Show { catalog, found, format } => {
            let table = table_of(catalog, &found.policy)?;
            let catalog = only(&table, catalog)?;
            rows(&[(catalog, catalog.rows().collect())], *format, out)
        }
        CatalogVerb::Search { words, catalog, found, format } => {
            let table = match (catalog, found.policy.as_slice()) {
                (Some(catalog), policy) => table_of(catalog, policy)?,
                (None, []) => policy::compiled(with_built_in(Sources::new()), BROKEN)?,
                (None, policy) => policy::compiled(read(policy)?, BROKEN)?,
            };
            let searched: Vec<Catalog<'_>> = match catalog {
                Some(catalog) => vec![only(&table, catalog)?],
                None => table.catalogs().collect(),
            };
            let text = words.join(" ");
            let found: Vec<_> = searched.iter().map(|catalog| (*catalog, search(*catalog, &text))).collect();
            if found.iter().all(|(_, rows)| rows.is_empty()) {
                let ids: Vec<&str> = searched.iter().map(|catalog| catalog.id()).collect();
                let message = format!("no row has all of these words: {} was searched", ids.join(", "));
                out.error(|writer| writeln!(writer, "{}", sentence(&message)))?;
            }
            rows(&found, *format, out)
        }
        CatalogVerb::Compare { old, new, found, format } => {
            let (old_table, new_table) = (table_of(old, &found.policy)?, table_of(new, &found.policy)?);
            let changes = compare(only(&old_table, old)?, only(&new_table, new)?);
            out.answer(|writer| match format {
                Format::Json => json::write(&json::Compared::of(&changes), writer),
                Format::Human => comparison::comparison(&changes, writer),
            })?;
            Ok(if changes.is_empty() { Exit::Clean } else { Exit::Findings })
        }
    }
}

fn list(paths: &[PathBuf], format: Format, out: &Out) -> Result<Exit, Failure> {
    let sources = match paths {
        [] => Sources::new(),
        _ => read(paths)?,
    };
    let table = policy::compiled(with_built_in(sources), BROKEN)?;
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

fn read(paths: &[PathBuf]) -> Result<Sources, Failure> {
    files::sources(paths).map_err(|(_, failure)| failure)
}

/// Files with those of all built-in catalogs.
fn with_built_in(mut sources: Sources) -> Sources {
    for built_in in BUILT_IN {
        add_built_in(built_in.id, &mut sources);
    }
    sources
}

fn rows(found: &[(Catalog<'_>, Vec<Row<'_>>)], format: Format, out: &Out) -> Result<Exit, Failure> {
    out.answer(|writer| match format {
        Format::Human => listing::rows(found, writer),
        Format::Json => {
            let of = |(catalog, rows): &(Catalog<'_>, Vec<Row<'_>>)| {
                json::CatalogOf::of(*catalog, rows.iter().copied())
            };
            let catalogs = found.iter().map(of).collect();
            json::write(&json::Catalogs { version: json::VERSION, catalogs }, writer)
        }
    })?;
    Ok(Exit::Clean)
}

/// The table of a catalog: a built-in one by its id, else one of the policy, else the file or folder of that name.
fn table_of(name: &str, policy: &[PathBuf]) -> Result<Table, Failure> {
    let mut sources = Sources::new();
    let is_built_in = add_built_in(name, &mut sources);
    if !policy.is_empty() {
        let mut sources = read(policy)?;
        if is_built_in {
            add_built_in(name, &mut sources);
        }
        let table = policy::compiled(sources, BROKEN)?;
        if table.catalog(name).is_some() || !is_path(name) {
            return Ok(table);
        }
    }
    if !is_built_in {
        if !is_path(name) {
            let known = BUILT_IN.iter().map(|known| (known.id, None));
            return Err(unknown(name, known));
        }
        sources = read(&[PathBuf::from(name)])?;
    }
    policy::compiled(sources, BROKEN)
}

/// Whether a name is meant as a path rather than as an id.
fn is_path(name: &str) -> bool {
    Path::new(name).exists() || name.contains(['/', '\\', '.'])
}

/// No catalog is called so.
fn unknown<'n>(name: &str, known: impl Iterator<Item = (&'n str, Option<&'n str>)>) -> Failure {
    let mut known: Vec<(&str, Option<&str>)> = known.collect();
    known.sort_unstable();
    known.dedup_by_key(|(id, _)| *id);
    let near = ask::near(name, known.iter().copied(), &Patience::default());
    let message = if near.is_empty() {
        let known: Vec<&str> = known.iter().map(|(id, _)| *id).collect();
        format!("there is no catalog `{name}`: name {}, or a file that holds one", either(&known))
    } else {
        format!("there is no catalog `{name}`; did you mean {}?", either(&near))
    };
    Failure::of(Reason::Undecided, message).with_near(near)
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
fn only<'t>(table: &'t Table, name: &str) -> Result<Catalog<'t>, Failure> {
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
            let known = table.catalogs().map(|known| (known.id(), known.title())).chain(built_in);
            return Err(unknown(name, known));
        }
    };
    Err(Failure::of(Reason::Undecided, message))
}
