//! Periods in words, as answers say them. Reads no clock and no assignment.

use crate::vocab::Period;

/// A stretch of a period: `throughout`, or where in it the stretch begins and ends.
pub(super) fn within(stretch: Period, period: Period) -> String {
    let from = Some(stretch.from()).filter(|from| *from != period.from());
    let until = stretch.until().filter(|until| Some(*until) != period.until());
    match (from, until) {
        (None, None) => "throughout".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (Some(from), Some(until)) => format!("from {from} until {until}"),
    }
}

#[cfg(test)]
mod tests {
    use super::within;
    use crate::vocab::Period;

    #[test]
    fn only_what_the_period_does_not_say_is_said() {
        let within = |stretch: Period| within(stretch, Period::parse("2026-10").unwrap());
        let period = |from: &str, until: &str| {
            let time = |text: &str| crate::vocab::Time::parse(text).ok();
            Period::new(time(from), time(until)).unwrap()
        };
        assert_eq!(within(period("2026-10-01", "2026-11-01")), "throughout");
        assert_eq!(within(period("2026-10-02", "2026-11-01")), "from 2026-10-02");
        assert_eq!(within(period("2026-10-01", "2026-10-31")), "until 2026-10-31");
        assert_eq!(within(period("2026-10-02", "2026-10-31")), "from 2026-10-02 until 2026-10-31");
    }
}
