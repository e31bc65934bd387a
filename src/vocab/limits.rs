//! The limits of the language, one constant each. Wide enough for a cloud's catalog; there so that hostile input
//! meets a finding and not an exhausted machine.
//!
//! ```
//! use rolec::vocab::limits;
//!
//! assert!(limits::FILE_BYTES > limits::NAME_BYTES);
//! assert!(limits::ROLES > limits::CATALOG_ROWS && limits::OPEN_BRACES > limits::NESTING);
//! assert_eq!(limits::ROW_ACTIONS, u128::BITS as usize);
//! assert!(limits::TEXT_FINDINGS < limits::CODE_FINDINGS && limits::ROW_FINDINGS < limits::CODE_FINDINGS);
//! # #[cfg(feature = "compile")]
//! # {
//! use rolec::diagnostic::Code;
//! use rolec::pipeline::compile;
//! use rolec::source::Sources;
//!
//! let deep = "{".repeat(limits::NESTING + 1);
//! let strange = "%\n".repeat(limits::TEXT_FINDINGS + 10);
//! let found = compile(Sources::from_iter([("deep.role", deep), ("strange.role", strange)])).findings;
//! assert!(found.iter().any(|finding| finding.code == Code::TooDeep));
//! let told = found.iter().filter(|finding| finding.code == Code::UnknownCharacter).count();
//! assert!(told <= limits::TEXT_FINDINGS + 1);
//! # }
//! ```

/// Bytes of one source file.
pub const FILE_BYTES: usize = 64 << 20;
/// Bytes of one id, title or principal.
pub const NAME_BYTES: usize = 512;
/// Open braces around one place of a member. The language itself needs three.
pub const NESTING: usize = 32;
/// Open braces around one place of a file, those of members that are never closed among them. So many members without an
/// end are explained one by one.
pub const OPEN_BRACES: usize = 8 * NESTING;
/// Actions of one row: what [`Actions`](super::Actions) holds.
pub const ROW_ACTIONS: usize = 128;
/// Rows of one catalog.
pub const CATALOG_ROWS: usize = 1 << 20;
/// Roles and templates of one policy.
pub const ROLES: usize = 1 << 24;
/// Findings of one sort (lexical ones) that one file may give before the rest is counted only.
pub const TEXT_FINDINGS: usize = 64;
/// Findings of one code that are made while a file is parsed. The rest is counted: a megabyte of text that is none would have
/// hundreds of thousands, which nobody reads, and hundreds of megabytes of them.
pub const CODE_FINDINGS: usize = 1_000;
/// Findings of one severity that one file of rows may give before the rest is counted only.
pub const ROW_FINDINGS: usize = 100;
