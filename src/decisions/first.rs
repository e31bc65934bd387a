//! Whether rows and steps stand as they are written: in the order in which somebody has need of them, by number, and equal
//! rows once. Whoever wrote them in another order wrote what nobody asks for a second way. Part of `check`.

use xxhash_rust::xxh3::xxh3_64;

use crate::decisions::error::{Damage, List};
use crate::decisions::index::{Index, rows_of, words_of};
use crate::decisions::line::{NONE, STEPS};

/// Rows and steps of a catalog, as far as they were met.
struct Met {
    /// Where its rows begin and end.
    rows: std::ops::Range<u32>,
    words: u32,
    /// Where the next row begins that nobody had yet.
    row: u32,
    /// Where the next steps begin, and where all end.
    step: usize,
    steps: usize,
}

/// Looks at everybody by number. So many steps are those of each catalog's principals; all else was checked.
pub(in crate::decisions) fn in_order(index: &Index<'_>, steps: &[usize]) -> Result<(), Damage> {
    let mut all: Vec<Met> = Vec::with_capacity(index.catalogs.len());
    let mut step = 0;
    for (catalog, count) in index.catalogs.iter().zip(steps) {
        let (begins, ends) = rows_of(catalog);
        all.push(Met {
            rows: begins..ends,
            words: words_of(catalog) as u32,
            row: begins,
            step,
            steps: step + count,
        });
        step += count;
    }
    // Most are of the catalog of whoever was before them.
    let mut last = 0;
    for (principal, row) in index.rows.iter().enumerate() {
        let row = u32::from_le(*row);
        let wrong = Damage { list: List::Principals, index: principal };
        if row & STEPS == 0 {
            last = met(&mut all, last, row).ok_or(wrong)?;
            continue;
        }
        let mut of = None;
        let mut count = 0;
        for step in index.steps_of(row) {
            count += 1;
            if step.row != NONE {
                last = met(&mut all, last, step.row).ok_or(wrong)?;
                of = Some(last);
            }
        }
        // Where nothing is ever in force, no row tells the catalog.
        let begins = (row & !STEPS) as usize;
        let of = of.or_else(|| Some(all.partition_point(|it| it.steps <= begins)));
        let of = of.and_then(|of| all.get_mut(of)).filter(|it| it.step == begins);
        of.ok_or(Damage { list: List::Steps, index: begins })?.step += count;
    }
    for met in &all {
        if met.row != met.rows.end {
            return Err(Damage { list: List::Rows, index: met.row as usize });
        }
    }
    Ok(())
}

/// Whether no two rows of a catalog are the same.
pub(in crate::decisions) fn rows_once(index: &Index<'_>) -> Result<(), Damage> {
    for catalog in index.catalogs {
        let (begins, ends) = rows_of(catalog);
        once(index.bits.get(begins as usize..ends as usize), words_of(catalog))
            .map_err(|at| Damage { list: List::Rows, index: begins as usize + at })?;
    }
    Ok(())
}

/// Meets a row, which is one of some catalog's, most likely of the last one's; gives the number of the catalog. None where
/// another row stands before it that nobody has had.
#[inline]
fn met(all: &mut [Met], last: usize, row: u32) -> Option<usize> {
    let is_of = all.get(last).is_some_and(|it| it.rows.contains(&row));
    let of = if is_of { last } else { all.partition_point(|it| it.rows.end <= row) };
    let it = all.get_mut(of)?;
    if row == it.row {
        it.row = it.row.saturating_add(it.words);
    }
    (row < it.row).then_some(of)
}

/// Nothing where no two rows are the same; else where one of them begins.
fn once(rows: Option<&[u64]>, words: usize) -> Result<(), usize> {
    let rows = rows.unwrap_or_default();
    let row = |at: usize| rows.get(at * words..).and_then(|rows| rows.get(..words)).unwrap_or_default();
    let mut all: Vec<(u64, u32)> = rows
        .chunks_exact(words.max(1))
        .zip(0..)
        .map(|(row, at)| (xxh3_64(bytemuck::must_cast_slice(row)), at))
        .collect();
    all.sort_unstable_by(|one, other| {
        one.0.cmp(&other.0).then_with(|| row(one.1 as usize).cmp(row(other.1 as usize)))
    });
    let mut pairs = all.iter().zip(all.iter().skip(1));
    let same = pairs.find(|(one, other)| one.0 == other.0 && row(one.1 as usize) == row(other.1 as usize));
    same.map_or(Ok(()), |(_, other)| Err(other.1 as usize * words))
}

#[cfg(test)]
mod tests {
    use super::once;

    #[test]
    fn each_row_comes_once() {
        assert_eq!(once(None, 1), Ok(()));
        assert_eq!(once(Some(&[]), 3), Ok(()));
        assert_eq!(once(Some(&[7]), 1), Ok(()));
        assert_eq!(once(Some(&[7, 7]), 1), Err(1));
        assert_eq!(once(Some(&[7, 7]), 2), Ok(()));
        assert_eq!(once(Some(&[1, 2, 1, 3, 2, 1]), 2), Ok(()));
        assert_eq!(once(Some(&[1, 2, 1, 3, 1, 2]), 2), Err(4));
        assert_eq!(once(Some(&[5, 1, 2, 3, 9, 9, 9, 1, 2, 3, 5, 0]), 3), Ok(()));
        assert_eq!(once(Some(&[0, 9, 9, 1, 2, 3, 9, 9, 9, 1, 2, 3]), 3), Err(9));
    }
}
