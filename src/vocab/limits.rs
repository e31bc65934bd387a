//! The limits of the language, one constant each. Wide enough for a cloud's catalog; there so that hostile input
//! meets a finding and not an exhausted machine.

/// Bytes of one source file.
pub const FILE_BYTES: usize = 64 << 20;
/// Bytes of one id, title or principal.
pub const NAME_BYTES: usize = 512;
/// Open braces at one place. The language itself needs three.
pub const NESTING: usize = 32;
/// Actions of one row: what [`Actions`](super::Actions) holds.
pub const ROW_ACTIONS: usize = 128;
/// Rows of one catalog.
pub const CATALOG_ROWS: usize = 1 << 20;
/// Roles and templates of one policy.
pub const ROLES: usize = 1 << 24;
/// Findings of one sort (lexical ones) that one file may give before the rest is counted only.
pub const TEXT_FINDINGS: usize = 64;
