//! What is printed, compiled again.

use proptest::prelude::*;

use rolec::catalog::BUILT_IN;
use rolec::tools::format::format;
use rolec::tools::print::print;

use crate::support::generated;
use crate::support::law::{Trial, Tried, compiled, difference, errors, law, layout, shown};
use crate::support::picture::{decisions, moments, whole};
use crate::support::policies::{corpus_files, shipped_files};

/// Prints what was compiled and compiles it again: everything that the table and the model hold must come back, but
/// for places, file names and how the line of a test was written. Printing that again gives the same text.
fn print_and_compile(files: &[(String, String)]) -> Trial {
    let first = compiled(files);
    let (Some(model), Some(table)) = (&first.model, &first.table) else { return Ok(Tried::Void) };
    let printed = print(model, &first.sources);
    let texts = || format!("{}\n######## is printed as\n{}", shown(files), shown(&printed));
    let second = compiled(&printed);
    let errors = errors(&second);
    prop_assert!(errors.is_empty(), "{errors:#?}\n{}", texts());
    let (Some(model_again), Some(table_again)) = (&second.model, &second.table) else { panic!("no table") };
    let (left, right) = (whole(model, table), whole(model_again, table_again));
    prop_assert!(left == right, "{}{}", difference(&left, &right), texts());
    let all = moments(table);
    prop_assert!(decisions(table, &all) == decisions(table_again, &all), "{}", texts());
    let again = print(model_again, &second.sources);
    prop_assert!(printed == again, "{}\n######## and then as\n{}", texts(), shown(&again));
    // Formatted, compiled, printed and formatted again it is the same text, and compiled the same bytes.
    let formatted = styled(&printed);
    let third = compiled(&formatted);
    let (Some(model), Some(table)) = (&third.model, &third.table) else { panic!("no table of\n{}", texts()) };
    let again = styled(&print(model, &third.sources));
    prop_assert!(formatted == again, "{}\n######## and then as\n{}", shown(&formatted), shown(&again));
    let bytes = compiled(&again).table.map(|table| table.to_bytes());
    prop_assert!(bytes == Some(table.to_bytes()), "other bytes of\n{}", shown(&formatted));
    Ok(Tried::Held)
}

/// Files in the canonical style.
fn styled(files: &[(String, String)]) -> Vec<(String, String)> {
    files.iter().map(|(name, text)| (name.clone(), format(text).text)).collect()
}

#[test]
fn what_is_printed_is_the_same_policy() {
    law("printing", 500, &(generated::policy(), layout()), |(policy, layout)| {
        print_and_compile(&policy.files(layout))
    });
}

/// The policies that ship, those of the corpus, and a built-in catalog whose own files are among those given.
#[test]
fn real_policies_are_printed_as_the_same() {
    let built_in = BUILT_IN.iter().map(|it| {
        let files = it.files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        (it.id.to_owned(), files.collect())
    });
    let all: Vec<_> = shipped_files().into_iter().chain(corpus_files()).chain(built_in).collect();
    for (name, files) in &all {
        match print_and_compile(files) {
            Ok(tried) => assert_eq!(tried, Tried::Held, "{name} does not compile"),
            Err(error) => panic!("{name}: {error}"),
        }
    }
    assert!(all.len() >= 10, "{} policies only", all.len());
}
