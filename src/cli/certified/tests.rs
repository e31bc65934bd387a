//! What no policy does: a table that is not as its sources say.

#![allow(clippy::disallowed_methods, reason = "looks at what was written")]

use tempfile::TempDir;

use super::{Refused, certify_staged};
use crate::cli::files::{self, RowFiles, Staged};
use crate::diagnostic::Code;
use crate::pipeline::compile;
use crate::source::{Provenance, SourceFile, Sources};
use crate::table::Table;

const POLICY: &str = "catalog wiki { category content { spaces: ladder none < read < write } }
use wiki
organization acme {
    role editor { grant content.spaces: write }
    assign editor to \"ana@acme.example\"
}
";

fn sources(text: &str) -> Sources {
    Sources::from_iter([("acme.role", text)])
}

/// A table beside its place, and its bytes.
fn staged(folder: &TempDir, text: &str, alone: bool) -> (files::Staged, Vec<u8>) {
    let table = compile(sources(text)).table.unwrap();
    let bytes = if alone { table.decisions().to_bytes(None) } else { table.to_bytes() };
    (Staged::begin(&folder.path().join("acme.rolec"), &bytes).unwrap(), bytes)
}

/// The table of one policy beside the sources of another: a compiler that takes `write` for `read` would give it.
#[test]
fn a_table_of_other_sources_is_not_written() {
    let other = POLICY.replace("spaces: write", "spaces: read");
    for alone in [false, true] {
        let folder = TempDir::new().unwrap();
        let write = || Ok(staged(&folder, POLICY, alone));
        let Err(Refused::Defect(finding)) = certify_staged(write, &sources(&other), &mut RowFiles::default())
        else {
            panic!("it was certified");
        };
        assert_eq!(finding.code, Code::CompilerDefect);
        assert!(finding.message.contains("cells differ"), "{}", finding.message);
        assert!(finding.help.iter().any(|help| help.contains("`ana@acme.example` of organization `acme`")
            || help.contains("role `editor`")));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left over");
    }
}

/// Bytes that change on their way to the disk.
#[test]
fn a_table_that_is_not_read_back_is_not_written() {
    let folder = TempDir::new().unwrap();
    let write = |is_known: bool| {
        let (mut staged, written) = staged(&folder, POLICY, false);
        let mut bytes = written.clone();
        bytes[300] ^= 1;
        staged.rewrite_start(&bytes).unwrap();
        Ok((staged, if is_known { bytes } else { written }))
    };
    // On their way to the disk, or by somebody else.
    let refused = certify_staged(|| write(false), &sources(POLICY), &mut RowFiles::default());
    assert!(matches!(refused, Err(Refused::Failed(_))));
    // Before that.
    let refused = certify_staged(|| write(true), &sources(POLICY), &mut RowFiles::default());
    assert!(matches!(refused, Err(Refused::Defect(finding)) if finding.message.contains("refused")));
}

#[test]
fn what_cannot_be_followed_certifies_nothing() {
    let folder = TempDir::new().unwrap();
    let mut all = sources(POLICY);
    all.push(SourceFile::new("rows.csv", Vec::new(), Provenance::Rows));
    let write = || Ok(staged(&folder, POLICY, false));
    let Ok((_, bytes, certified)) = certify_staged(write, &all, &mut RowFiles::default()) else {
        panic!("refused")
    };
    assert_eq!(certified.certificate, None);
    assert!(certified.gap.is_some_and(|gap| gap.to_string().contains("rows.csv")));
    assert_eq!(Table::from_bytes(&bytes).unwrap().certificate(), None);
}

#[test]
fn a_certified_table_has_its_certificate_and_is_the_same_else() {
    let folder = TempDir::new().unwrap();
    let (staged, before) = staged(&folder, POLICY, false);
    let write = || Ok((staged, before.clone()));
    let Ok((staged, bytes, certified)) = certify_staged(write, &sources(POLICY), &mut RowFiles::default())
    else {
        panic!("refused");
    };
    files::finish(staged).unwrap();
    let after = std::fs::read(folder.path().join("acme.rolec")).unwrap();
    assert_eq!(after, bytes, "what is signed is what is written");
    let table = Table::from_bytes(&after).unwrap();
    assert!(certified.certificate.is_some());
    assert_eq!(table.certificate(), certified.certificate);
    assert_eq!(table.to_bytes(), after);
    assert_eq!(table.with_certificate(None).to_bytes(), before);
}
