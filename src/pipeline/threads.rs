//! Work on many things side by side. The only file that names rayon: the pool that is in force is the caller's, or else
//! as many threads as there are cores. What is worked out never hangs on their number.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

/// Less text than this is read sooner than threads are woken.
pub(super) const LARGE: usize = 256 << 10;

/// What each of some things gives, in their order: side by side where there is much to do. `state` is what one thread
/// remembers from one thing to the next.
pub(super) fn each<T: Send, S, R: Send>(
    all: Vec<T>,
    is_large: bool,
    state: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, T) -> R + Sync + Send,
) -> Vec<R> {
    if is_large {
        // One state for each run of things that a thread takes, which is few runs: they are cut where threads are idle.
        return all.into_par_iter().map_init(state, work).collect();
    }
    let mut state = state();
    all.into_iter().map(|one| work(&mut state, one)).collect()
}

/// What two works give, side by side where there is much to do.
pub(super) fn both<A: Send, B: Send>(
    is_large: bool,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if is_large { rayon::join(one, other) } else { (one(), other()) }
}

#[cfg(test)]
mod tests {
    use rayon::ThreadPoolBuilder;

    use crate::pipeline::{Compilation, compile, compile_table};
    use crate::source::Sources;

    const ACME: [(&str, &str); 5] = [
        ("acme", include_str!("../../policies/acme/acme.role")),
        ("people", include_str!("../../policies/acme/people.role")),
        ("rules", include_str!("../../policies/acme/rules.role")),
        ("tests", include_str!("../../policies/acme/tests.role")),
        ("templates", include_str!("../../policies/acme/templates.role")),
    ];

    /// Many organizations like Acme, some with a mistake in them where there are to be any.
    fn many(has_mistakes: bool) -> Sources {
        let mut sources = Sources::new();
        for number in 0..24 {
            for (name, text) in ACME.iter().filter(|(name, _)| number == 0 || *name != "templates") {
                let mut text = text.replace("acme", &format!("acme-{number}"));
                if has_mistakes && number % 5 == 1 {
                    text = text
                        .replace("assign tier2", "assign tier-two")
                        .replace("device-management {", "device {");
                }
                sources.add(format!("{name}{number}.role"), text);
            }
        }
        sources
    }

    fn on(threads: usize, work: impl FnOnce() -> Compilation + Send) -> Compilation {
        ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        for has_mistakes in [false, true] {
            let bytes: usize = many(has_mistakes).iter().map(|(_, source)| source.text().len()).sum();
            assert!(bytes >= super::LARGE, "{bytes} bytes are not worked on side by side");
            let one = on(1, || compile(many(has_mistakes)));
            assert_eq!(one.findings.has_errors(), has_mistakes);
            assert!(one.findings.len() > 20 && one.table.is_some() != has_mistakes);
            let other = on(3, || compile(many(has_mistakes)));
            let alone = on(2, || compile_table(many(has_mistakes), Vec::new()));
            for compiled in [&other, &alone] {
                assert!(compiled.findings.iter().eq(one.findings.iter()));
                let bytes = |compiled: &Compilation| compiled.table.as_ref().map(|table| table.to_bytes());
                assert_eq!(bytes(compiled), bytes(&one));
            }
            assert!(alone.model.is_none());
        }
    }
}
