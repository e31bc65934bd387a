//! The arguments that say when: a moment, or a period.

use clap::Args as ClapArgs;

#[derive(Debug, ClapArgs)]
pub(crate) struct Times {
    /// A date or an RFC 3339 time; without it and without a period, now
    #[arg(long, value_name = "TIME", conflicts_with_all = ["during", "from", "until"])]
    pub(crate) at: Option<String>,

    /// A period instead, at any moment of it: a year, a month such as `2026-10`, or a day
    #[arg(long, value_name = "PERIOD", conflicts_with_all = ["from", "until"])]
    pub(crate) during: Option<String>,

    /// A period that begins then; without `--until` it does not end
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,

    /// A period that ends before then; without `--from` it has no beginning
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
}
