//! Entities as Cedar reads them: its form, not ours.

use serde::Serialize;

/// An entity.
#[doc(hidden)] // Cedar's documents say what it is
#[derive(Clone, Debug, Serialize)]
pub struct CedarEntity {
    pub uid: CedarId,
    pub attrs: CedarAttributes,
    pub parents: Vec<CedarId>,
}

/// Its name.
#[doc(hidden)]
#[derive(Clone, Debug, Serialize)]
pub struct CedarId {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub id: String,
}

/// What it has.
#[doc(hidden)]
#[derive(Clone, Debug, Default, Serialize)]
pub struct CedarAttributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<bool>,
}

impl CedarEntity {
    pub(in crate::render) fn new(kind: &'static str, id: String) -> Self {
        Self { uid: CedarId { kind, id }, attrs: CedarAttributes::default(), parents: Vec::new() }
    }
}
