//! Admin roles as a small typed language.
//!
#![cfg_attr(feature = "compile", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "compile"), doc = "Loads and asks compiled tables of admin roles.")]
//!
//! # The policy of the examples
//!
//! The examples of these pages ask one policy. `rolec::example::POLICY` is its text, `rolec::example::TABLE` the same
//! compiled:
//!
//! ```text
#![doc = include_str!("example/acme.role")]
//! ```

// pest's derive names it where pest is built without std.
#[cfg(feature = "compile")]
extern crate alloc;

#[doc(hidden)] // the policy that the examples of the documentation ask
pub mod example;

/// Text as given: files, places, lines.
pub mod source;

/// The field's words as types.
pub mod vocab;

/// Work on many things side by side.
#[cfg(feature = "compile")]
mod threads;

/// Findings as data.
#[cfg(feature = "compile")]
pub mod diagnostic;

/// Assignments that stand in a file of data.
#[cfg(feature = "compile")]
pub mod roster;

/// What there is to grant.
#[cfg(feature = "compile")]
pub mod catalog;

/// Text to syntax tree.
#[cfg(feature = "compile")]
#[doc(hidden)] // an inside of the compiler, public for benches: it carries no promise
pub mod syntax;

/// The checked policy.
#[cfg(feature = "compile")]
pub mod model;

/// Syntax trees to the model.
#[cfg(feature = "compile")]
#[doc(hidden)] // an inside of the compiler, public for benches: it carries no promise
pub mod check;

/// Advice on what compiles.
#[cfg(feature = "compile")]
pub mod lint;

/// The model to a table.
#[cfg(feature = "compile")]
#[doc(hidden)] // an inside of the compiler, public for benches: it carries no promise
pub mod lower;

/// All decisions of a policy, laid out to be asked.
pub mod decisions;

/// Signed tables, and whom to trust.
#[cfg(feature = "sign")]
pub mod sign;

/// The decision table, read side.
pub mod table;

/// Many questions at once, over plain slices.
#[doc(hidden)] // an inside of the evaluator, public for benches: it carries no promise
pub mod columns;

/// Requests, the evaluator, its answers.
pub mod eval;

/// A table put in place of another while threads ask it.
pub mod reload;

/// What everybody holds, worked out once more from the syntax trees.
#[cfg(feature = "compile")]
#[doc(hidden)] // the second opinion on a table, public for those who ask both: it carries no promise
pub mod reference;

/// Which findings are told, and how gravely.
#[cfg(feature = "compile")]
pub mod told;

/// The whole compiler on one page.
#[cfg(feature = "compile")]
pub mod pipeline;

/// Many files while they are edited.
#[cfg(feature = "compile")]
pub mod workspace;

/// What is built on the compiler and the table.
#[cfg(feature = "compile")]
pub mod tools;

/// What a cursor points at.
#[cfg(feature = "compile")]
#[doc(hidden)] // the inside of the language server: it carries no promise
pub mod ide;

/// Roles and assignments changed in the text.
#[cfg(feature = "compile")]
pub mod edit;

/// Findings and answers as text and JSON.
#[cfg(feature = "render")]
pub mod render;

/// How the files of a policy are found.
#[cfg(any(feature = "cli", feature = "lsp"))]
mod found;

/// The language server.
#[cfg(feature = "lsp")]
#[doc(hidden)] // public for the binary: it carries no promise
pub mod lsp;

/// The command line.
#[cfg(feature = "cli")]
#[doc(hidden)] // public for the binary: it carries no promise
pub mod cli;
