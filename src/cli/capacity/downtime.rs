//! `capacity downtime`.

use super::read::{self, Written};
use super::sheet::{Measure, Sheet};
use crate::capacity::{CapacityError, downtime};

/// An objective is a definition, not a measurement: its budget is known to the second.
const DIGITS: usize = 3;

#[derive(Debug, clap::Args)]
pub(super) struct DowntimeArgs {
    /// The availability objective
    #[arg(long, value_name = "SHARE", value_parser = read::share)]
    slo: Written,
    /// Its window in days [default: 30]
    #[arg(long, value_name = "DAYS", value_parser = read::number)]
    days: Option<Written>,
    /// An outage, to see how much of the budget it takes (exit code 30 where that is all of it)
    #[arg(long, value_name = "DURATION", value_parser = read::seconds)]
    outage: Option<Written>,
}

pub(super) fn sheet(args: &DowntimeArgs) -> Result<Sheet, CapacityError> {
    let mut sheet =
        Sheet::new("Error budget", "(1 - objective) x window", "error budgets of site reliability engineering");
    sheet.given("objective", args.slo.value, "share", args.slo.text.as_str());
    let days = sheet.or_default("window in days", args.days.as_ref(), "days", (downtime::WINDOW_DAYS, "30"));
    let budget = downtime::budget(args.slo.value, days)?;
    sheet.exact("budget", budget, &Measure::Seconds, DIGITS);
    if let Some(outage) = &args.outage {
        sheet.given("outage", outage.value, "s", outage.text.as_str());
        let used = downtime::share_used(outage.value, budget)?;
        sheet.result("used by the outage", used, &Measure::Share);
        sheet.fits = used <= 1.0;
    }
    Ok(sheet)
}
