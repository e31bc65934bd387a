//! How long a decision takes, and whether it is right. Knows no engine. A contender that is too slow for all questions
//! is asked fewer of them, and the figure says how many.

use std::fmt;
use std::hint::black_box;
use std::str::FromStr;
use std::time::Instant;

/// As long as a run over the questions may take, in nanoseconds.
const RUN: f64 = 2e9;
/// As long as a run takes at least, so that the clock is fine enough: questions are asked again.
const FINE: f64 = 1e7;
/// The fewest questions, however slow the contender.
const FEWEST: usize = 32;

/// What was found of a contender.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    /// Of one decision: the median of the runs.
    pub(crate) nanoseconds: f64,
    /// How many runs.
    pub(crate) runs: usize,
    /// How many questions were asked, the first of all, each compared.
    pub(crate) asked: usize,
    pub(crate) of: usize,
    /// Answers that were not the model's.
    pub(crate) wrong: usize,
    /// From names in memory, or from the bytes of a table, to ready.
    pub(crate) seconds: f64,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { nanoseconds, runs, asked, of, wrong, seconds } = self;
        write!(f, "{nanoseconds} {runs} {asked} {of} {wrong} {seconds}")
    }
}

impl FromStr for Figure {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let words: Vec<&str> = text.split(' ').collect();
        let [nanoseconds, runs, asked, of, wrong, seconds] = words[..] else { return Err(()) };
        let float = |word: &str| word.parse::<f64>().map_err(|_| ());
        let number = |word: &str| word.parse::<usize>().map_err(|_| ());
        Ok(Self {
            nanoseconds: float(nanoseconds)?,
            runs: number(runs)?,
            asked: number(asked)?,
            of: number(of)?,
            wrong: number(wrong)?,
            seconds: float(seconds)?,
        })
    }
}

/// Builds a contender, compares its answers, and measures it.
pub(crate) fn measure<Q: fmt::Debug, D: FnMut(&Q) -> bool>(
    questions: &[Q],
    truth: &[bool],
    build: impl FnOnce() -> D,
) -> Figure {
    assert_eq!(questions.len(), truth.len());
    let started = Instant::now();
    let mut decide = black_box(build());
    let seconds = started.elapsed().as_secs_f64();

    // A first look at as many as a run may take.
    let started = Instant::now();
    let (mut asked, mut wrong) = (0, 0);
    for (question, expected) in questions.iter().zip(truth) {
        if decide(question) != *expected {
            if wrong < 3 {
                eprintln!("wrong, not {expected}: {question:?}");
            }
            wrong += 1;
        }
        asked += 1;
        if asked >= FEWEST && started.elapsed().as_nanos() as f64 > RUN {
            break;
        }
    }
    let questions = &questions[..asked];
    let each = started.elapsed().as_nanos() as f64 / asked as f64;
    let times = (FINE / (each * asked as f64)).ceil().max(1.0) as usize;
    let runs = if each * asked as f64 > RUN / 8.0 { 5 } else { 15 };
    let mut took: Vec<f64> = (0..runs)
        .map(|_| {
            let started = Instant::now();
            for _ in 0..times {
                black_box(questions.iter().filter(|question| decide(question)).count());
            }
            started.elapsed().as_nanos() as f64 / (times * asked) as f64
        })
        .collect();
    took.sort_by(f64::total_cmp);
    Figure { nanoseconds: took[runs / 2], runs, asked, of: truth.len(), wrong, seconds }
}
