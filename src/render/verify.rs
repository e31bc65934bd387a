//! What `verify` says of a table, for people: whether it is as its sources say, what is not, and what is in its file.
//!
//! ```
//! use rolec::render::json::OutlinedTable;
//! use rolec::render::verify;
//! use rolec::tools::outline::Outline;
//!
//! let mut out = Vec::new();
//! verify::outline(&OutlinedTable::of("acme.rolec", &Outline::of(rolec::example::TABLE)?), &mut out)?;
//! assert!(String::from_utf8(out)?.starts_with("acme.rolec: "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io::{self, Write};

use crate::render::escape::one_line;
use crate::render::json::{CertificateOf, OutlinedTable, SealOf};
use crate::tools::certify::Verified;

/// Writes whether a table is as its sources say.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::reference::Reference;
/// use rolec::render::verify::verified;
/// use rolec::source::Sources;
/// use rolec::table::Table;
/// use rolec::tools::certify::{Verified, certify};
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let cells = certify(&Reference::of(&compiled.sources)?, &table);
/// let mut out = Vec::new();
/// verified("acme.rolec", &Verified { cells, stored: None, explains: None }, &mut out)?;
/// assert!(String::from_utf8(out)?.ends_with(" cells of `acme.rolec` are as the sources say\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verified(name: &str, verified: &Verified, out: &mut dyn Write) -> io::Result<()> {
    let stored = verified.stored;
    match &verified.cells {
        Ok(answers) if verified.is_forged() => {
            let worked_out =
                answers.certificate().map_or_else(|| "of no cell".to_owned(), |it| format!("of {it}"));
            one_line(out, &format!("not certified: the certificate in `{name}` is not that of its cells"))?;
            if let Some(stored) = stored {
                one_line(out, &format!("  in the file: of {stored}"))?;
            }
            one_line(out, &format!("  worked out: {worked_out}"))?;
        }
        Ok(answers) => {
            let cells = answers.cells();
            one_line(out, &format!("certified: {cells} cells of `{name}` are as the sources say"))?;
        }
        Err(found) => {
            let (count, cells) = (found.count(), found.cells());
            let plural = if count == 1 { "difference" } else { "differences" };
            one_line(out, &format!("not certified: {count} {plural} in {cells} cells of `{name}`"))?;
            for difference in found.told() {
                one_line(out, &format!("  {difference}"))?;
            }
            let more = count - found.told().len() as u64;
            if more > 0 {
                one_line(out, &format!("  and {more} more"))?;
            }
        }
    }
    if let (Ok(_), Some(first)) = (&verified.cells, &verified.explains) {
        one_line(out, &format!("what decides nothing is said otherwise by the sources, {first} first"))?;
    }
    Ok(())
}

/// Writes what is in the file of a table.
///
/// ```
/// use rolec::render::json::OutlinedTable;
/// use rolec::render::verify::outline;
/// use rolec::tools::outline::Outline;
///
/// let mut out = Vec::new();
/// outline(&OutlinedTable::of("acme.rolec", &Outline::of(rolec::example::TABLE)?), &mut out)?;
/// let text = String::from_utf8(out)?;
/// assert!(text.contains("layout version 3\n") && text.contains("\ncertificate     none\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn outline(document: &OutlinedTable, out: &mut dyn Write) -> io::Result<()> {
    let OutlinedTable { table, length, layout, .. } = document;
    one_line(out, &format!("{table}: {length} bytes, layout version {layout}"))?;
    writeln!(out, "{:<15} {}", "catalogs hash", document.catalogs_hash)?;
    let certificate = match &document.certificate {
        Some(CertificateOf { cells, hash }) => format!("{cells} cells, hash {hash}"),
        None => "none".to_owned(),
    };
    writeln!(out, "{:<15} {certificate}", "certificate")?;
    if let Some(SealOf { version, until, signers }) = &document.seal {
        let until =
            until.as_ref().map_or_else(|| "without an end".to_owned(), |until| format!("until {until}"));
        writeln!(out, "{:<15} version {version}, {until}", "signed")?;
        for signer in signers {
            writeln!(out, "  {:<13} {signer}", "by")?;
        }
    }
    writeln!(out, "\n{:<15} {:>12} {:>12}  checksum", "section", "begins", "length")?;
    for section in &document.sections {
        let (begins, length) = (section.begins, section.length);
        writeln!(out, "{:<15} {begins:>12} {length:>12}  {}", section.name, section.checksum)?;
        for part in section.parts.iter().flatten() {
            writeln!(out, "  {:<13} {:>12} {:>12}", part.name, part.begins, part.length)?;
        }
    }
    let counts = &document.counts;
    writeln!(out)?;
    for (what, count) in [
        ("catalogs", Some(counts.catalogs)),
        ("categories", counts.categories),
        ("rows", counts.rows),
        ("permissions", Some(counts.permissions)),
        ("templates", counts.templates),
        ("organizations", Some(counts.organizations)),
        ("roles", counts.roles),
        ("principals", Some(counts.principals)),
        ("assignments", counts.assignments),
        ("steps", Some(counts.steps)),
        ("files", counts.files),
    ] {
        if let Some(count) = count {
            writeln!(out, "{what:<15} {count:>12}")?;
        }
    }
    Ok(())
}
