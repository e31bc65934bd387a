//! A set of sorts of findings.

use crate::diagnostic::Code;

/// A set of sorts of findings, small enough to be copied: nobody looks further for what nobody is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Codes([u64; WORDS]);

const WORDS: usize = Code::ALL.len().div_ceil(64);

impl Codes {
    /// None.
    pub(crate) const NONE: Self = Self([0; WORDS]);

    /// Those of which something holds.
    pub(crate) fn of(is_one: impl Fn(Code) -> bool) -> Self {
        let mut codes = Self::NONE;
        for code in Code::ALL.iter().copied().filter(|code| is_one(*code)) {
            let number = code as usize;
            codes.0.iter_mut().skip(number / 64).take(1).for_each(|word| *word |= 1 << (number % 64));
        }
        codes
    }

    /// Those that are not among others.
    pub(crate) fn without(self, others: Self) -> Self {
        Self(std::array::from_fn(|at| {
            let word = |codes: Self| codes.0.get(at).copied().unwrap_or_default();
            word(self) & !word(others)
        }))
    }

    /// Whether a sort is among them.
    pub(crate) fn has(self, code: Code) -> bool {
        let number = code as usize;
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::Codes;
    use crate::diagnostic::Code;

    #[test]
    fn a_set_has_what_it_was_made_of() {
        for one in Code::ALL {
            let codes = Codes::of(|code| code == *one);
            assert!(Code::ALL.iter().all(|code| codes.has(*code) == (code == one)), "{one}");
            let others = Codes::of(|_| true).without(codes);
            assert!(Code::ALL.iter().all(|code| others.has(*code) == (code != one)), "{one}");
        }
        assert!(Code::ALL.iter().all(|code| !Codes::NONE.has(*code) && Codes::of(|_| true).has(*code)));
    }
}
