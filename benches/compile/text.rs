//! The contender: pest over the text itself, with the grammar beside this file. Gives how many nodes it made, so that
//! none is left out.

use pest::Parser as _;

mod derived {
    #[derive(pest_derive::Parser)]
    #[grammar = "../benches/compile/text.pest"]
    pub(super) struct Text;
}

/// Parses a file; gives how many nodes its tree has.
pub(crate) fn parse(text: &str) -> usize {
    match derived::Text::parse(derived::Rule::file, text) {
        Ok(tree) => tree.flatten().count(),
        Err(error) => panic!("the contender's grammar refuses the corpus: {error}"),
    }
}
