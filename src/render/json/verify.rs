//! What `verify` says of a table, for programs.

use serde::Serialize;

use crate::decisions::{Certificate, Header};
use crate::render::json::VERSION;
use crate::tools::certify::{Difference, Verified};
use crate::tools::outline::Outline;

/// Whether a table is as its sources say.
///
/// ```
/// use rolec::pipeline::compile;
/// use rolec::reference::Reference;
/// use rolec::render::json::VerifiedTable;
/// use rolec::source::Sources;
/// use rolec::table::Table;
/// use rolec::tools::certify::{Verified, certify};
///
/// let compiled = compile(Sources::from_iter([("acme.role", rolec::example::POLICY)]));
/// let table = Table::from_bytes(rolec::example::TABLE)?;
/// let cells = certify(&Reference::of(&compiled.sources)?, &table);
/// let verified = Verified { cells, stored: table.certificate(), explains: None };
/// let document = VerifiedTable::of("acme.rolec", &verified);
/// assert!(document.certified && document.certificate.is_none() && document.differences.is_empty());
/// assert_eq!(document.worked_out.map(|it| it.cells), Some(document.cells));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VerifiedTable {
    /// The version of this shape.
    pub version: u32,
    /// The file as it was given.
    pub table: String,
    /// Whether every cell is as the sources say, and the certificate in the file, where there is one, is theirs.
    pub certified: bool,
    /// How many cells were compared.
    pub cells: u64,
    /// The certificate in the file; null where it was built without.
    pub certificate: Option<CertificateOf>,
    /// The certificate that was worked out; null where cells differ, or where there are none.
    pub worked_out: Option<CertificateOf>,
    /// How many differences there are.
    pub differing: u64,
    /// The first 100 of them.
    pub differences: Vec<DifferenceOf>,
    /// The first thing that decides nothing and is said otherwise by the sources, as in ``role `tier1` ``: titles, reasons,
    /// what a role is made from. Left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explains_otherwise: Option<String>,
}

/// A certificate.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CertificateOf {
    /// How many cells were compared.
    pub cells: u64,
    /// The hash of what they answer: 32 hexadecimal digits.
    pub hash: String,
}

/// The seal behind a table.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SealOf {
    /// The version of the table that was signed.
    pub version: u64,
    /// Until when it is to be used; null where it has no end.
    pub until: Option<String>,
    /// The ids of the keys.
    pub signers: Vec<String>,
}

/// What a table says otherwise than its sources.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DifferenceOf {
    /// `catalog`, `row`, `permission`, `template`, `organization`, `role`, `principal`, `assignments` (the roles that a
    /// principal has), `number of`, or `places of`.
    pub what: &'static str,
    /// What that is called.
    pub name: String,
    /// The organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The category of the row, where it is a cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// From when on, of a principal who holds other things at other times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What the table says: the actions held, or what tells it from others of its name; null where it does not know it.
    pub table: Option<Vec<String>>,
    /// The same by the sources.
    pub sources: Option<Vec<String>>,
}

/// The file of a table from outside.
///
/// ```
/// use rolec::render::json::OutlinedTable;
/// use rolec::tools::outline::Outline;
///
/// let document = OutlinedTable::of("acme.rolec", &Outline::of(rolec::example::TABLE)?);
/// assert_eq!((document.layout, document.sections.len()), (3, 2));
/// assert_eq!(document.sections[1].parts.as_ref().map(Vec::len), Some(7));
/// # Ok::<(), rolec::table::LoadError>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OutlinedTable {
    /// The version of this shape.
    pub version: u32,
    /// The file as it was given.
    pub table: String,
    /// The version of the layout.
    pub layout: u32,
    /// Bytes of the file.
    pub length: u64,
    /// The hash of the catalogs: 16 hexadecimal digits.
    pub catalogs_hash: String,
    /// The certificate; null where it was built without.
    pub certificate: Option<CertificateOf>,
    /// Who has signed it: each signature is that of its key. Whether a key is to be trusted is not said. Left out where nobody
    /// has signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<SealOf>,
    /// The sections, in their order.
    pub sections: Vec<SectionOf>,
    /// How much there is of everything. What only the provenance knows is left out where that was left out.
    pub counts: CountsIn,
}

/// A section of a file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SectionOf {
    /// `decisions` or `provenance`.
    pub name: &'static str,
    /// Its first byte.
    pub begins: u64,
    /// Its bytes.
    pub length: u64,
    /// Its checksum: 16 hexadecimal digits.
    pub checksum: String,
    /// Its own sections; left out where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<PartOfSection>>,
}

/// A section of the provenance.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PartOfSection {
    /// Its name.
    pub name: &'static str,
    /// Its first byte.
    pub begins: u64,
    /// Its bytes.
    pub length: u64,
}

/// How much there is of everything.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CountsIn {
    /// Catalogs.
    pub catalogs: usize,
    /// Categories of all catalogs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<usize>,
    /// Rows of all catalogs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// Permissions of all catalogs, by all their names.
    pub permissions: usize,
    /// Templates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub templates: Option<usize>,
    /// Organizations.
    pub organizations: usize,
    /// Roles of all organizations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<usize>,
    /// Principals of all organizations.
    pub principals: usize,
    /// Assignments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignments: Option<usize>,
    /// Stretches of time of those who hold other things at other times.
    pub steps: usize,
    /// Files of the sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<usize>,
}

impl VerifiedTable {
    /// What came out of a table of that name.
    pub fn of(table: &str, verified: &Verified) -> Self {
        let (cells, differing, differences) = match &verified.cells {
            Ok(answers) => (answers.cells(), 0, Vec::new()),
            Err(found) => (found.cells(), found.count(), found.told().iter().map(DifferenceOf::of).collect()),
        };
        Self {
            version: VERSION,
            table: table.to_owned(),
            certified: verified.is_certified(),
            cells,
            certificate: verified.stored.map(CertificateOf::of),
            worked_out: verified.worked_out().map(CertificateOf::of),
            differing,
            differences,
            explains_otherwise: verified.explains.clone(),
        }
    }
}

impl CertificateOf {
    fn of(certificate: Certificate) -> Self {
        Self { cells: certificate.cells(), hash: format!("{:032x}", certificate.hash()) }
    }
}

impl DifferenceOf {
    fn of(difference: &Difference) -> Self {
        let Difference { what, name, organization, row, from, found, wanted } = difference.clone();
        let (category, row) = row.map(|[category, row]| (category, row)).unzip();
        let from = from.map(|from| from.to_string());
        Self { what, name, organization, category, row, from, table: found, sources: wanted }
    }
}

impl OutlinedTable {
    /// The file of that name.
    pub fn of(table: &str, outline: &Outline) -> Self {
        let Outline { header, decisions, sections, whole } = outline;
        let parts = sections.iter().map(|(section, range)| PartOfSection {
            name: section.name(),
            begins: range.start as u64,
            length: range.len() as u64,
        });
        let parts: Vec<PartOfSection> = parts.collect();
        let section = |name, section: &crate::decisions::Section, parts| SectionOf {
            name,
            begins: section.range.start,
            length: section.range.end - section.range.start,
            checksum: format!("{:016x}", section.checksum),
            parts,
        };
        let provenance = header.provenance.as_ref().map(|it| section("provenance", it, Some(parts)));
        Self {
            version: VERSION,
            table: table.to_owned(),
            layout: Header::VERSION,
            length: header.length,
            catalogs_hash: format!("{:016x}", header.catalogs),
            certificate: header.certificate.map(CertificateOf::of),
            seal: None,
            sections: [section("decisions", &header.decisions, None)].into_iter().chain(provenance).collect(),
            counts: CountsIn {
                catalogs: decisions.catalogs,
                categories: whole.map(|it| it.categories),
                rows: whole.map(|it| it.rows),
                permissions: decisions.permissions,
                templates: whole.map(|it| it.templates),
                organizations: decisions.organizations,
                roles: whole.map(|it| it.roles),
                principals: decisions.principals,
                assignments: whole.map(|it| it.assignments),
                steps: decisions.steps,
                files: whole.map(|it| it.files),
            },
        }
    }
}
