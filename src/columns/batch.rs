//! Columns of ids to a column of bits: cut into blocks of 64, each by the fastest loop there is.

use crate::columns::gather;
use crate::columns::rows::{Rows, Several, UNKNOWN};
use crate::columns::scalar;
use crate::vocab::PrincipalId;

/// By which loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// The one that runs everywhere.
    Scalar,
    /// Eight pairs at a time, where the processor can; else the other.
    Wide,
}

/// Columns of fewer pairs stay on one thread, and a thread gets as many at once.
#[cfg(feature = "parallel")]
const SHARE: usize = 1 << 16;

/// Whether each principal holds what the key at the same position asks for: 64 answers a word, the first lowest. The
/// shorter column says how many; behind them no bit is set.
pub fn decide(rows: &Rows<'_>, principals: &[PrincipalId], keys: &[u32], several: &[Several]) -> Vec<u64> {
    let count = principals.len().min(keys.len());
    let (principals, keys) =
        (principals.get(..count).unwrap_or_default(), keys.get(..count).unwrap_or_default());
    let mut answers = vec![0; count.div_ceil(64)];
    #[cfg(feature = "parallel")]
    if count >= 2 * SHARE {
        use rayon::prelude::*;
        let shares = principals.par_chunks(SHARE).zip(keys.par_chunks(SHARE));
        answers.par_chunks_mut(SHARE / 64).zip(shares).for_each(|(answers, (principals, keys))| {
            fill(Path::Wide, rows, principals, keys, several, answers)
        });
        return answers;
    }
    fill(Path::Wide, rows, principals, keys, several, &mut answers);
    answers
}

/// The same by a loop of one's choice, on this thread, into words that are there. Words without a pair are left alone.
pub fn fill(
    path: Path,
    rows: &Rows<'_>,
    principals: &[PrincipalId],
    keys: &[u32],
    several: &[Several],
    answers: &mut [u64],
) {
    let count = principals.len().min(keys.len()).min(answers.len() * 64);
    let (principals, principals_left) = principals.get(..count).unwrap_or_default().as_chunks::<64>();
    let (keys, keys_left) = keys.get(..count).unwrap_or_default().as_chunks::<64>();
    blocks(path, rows, several, principals, keys, answers);
    if let Some(answers) = answers.get_mut(keys.len()..)
        && !keys_left.is_empty()
    {
        let (mut who, mut key) = ([PrincipalId(u32::MAX); 64], [UNKNOWN; 64]);
        who.iter_mut().zip(principals_left).for_each(|(slot, id)| *slot = *id);
        key.iter_mut().zip(keys_left).for_each(|(slot, id)| *slot = *id);
        blocks(path, rows, several, &[who], &[key], answers);
    }
}

fn blocks(
    path: Path,
    rows: &Rows<'_>,
    several: &[Several],
    principals: &[[PrincipalId; 64]],
    keys: &[[u32; 64]],
    answers: &mut [u64],
) {
    // Blocks of one region in a row; a key of another region in them is answered one by one.
    let region_of = |keys: &[u32; 64]| {
        let region = keys.iter().find_map(|key| rows.region_of(*key));
        region.or_else(|| rows.regions().first())
    };
    let (mut principals, mut answers) = (principals, answers);
    let together =
        |one: &[u32; 64], next: &[u32; 64]| rows.regions().len() < 2 || region_of(one) == region_of(next);
    for keys in keys.chunk_by(together) {
        let count = keys.len().min(answers.len());
        let (own, behind) = principals.split_at_checked(count).unwrap_or_default();
        let (now, later) = answers.split_at_mut(count);
        (principals, answers) = (behind, later);
        let Some(region) = keys.first().and_then(region_of) else {
            now.fill(0);
            continue;
        };
        let near = rows.near(region);
        if path == Path::Wide && gather::blocks(rows, &near, several, own, keys, now) {
            continue;
        }
        for ((answers, principals), keys) in now.iter_mut().zip(own).zip(keys) {
            *answers = scalar::block(rows, &near, several, principals, keys);
        }
    }
}
