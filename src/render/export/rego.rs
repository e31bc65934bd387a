//! A policy as Rego: one short policy, the same for everybody, and a document of data. It is written from what
//! [`Reference`](crate::reference::Reference) says and not from a table, so that an engine which reads it is asked about
//! another account of the sources than the table's.

/// `policy.rego`: the rules, which ask `data.json`, the document of [`Exported`](crate::render::json::Exported).
///
/// ```
/// use rolec::render::export::rego;
///
/// assert!(rego::POLICY.contains("default allow := false"));
/// ```
pub const POLICY: &str = include_str!("policy.rego");
