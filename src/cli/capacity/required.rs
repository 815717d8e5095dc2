//! `capacity required`.

use super::read::{self, Written};
use super::sheet::{Measure, Sheet};
use crate::capacity::rate::Rate;
use crate::capacity::{CapacityError, demand};

#[derive(Debug, clap::Args)]
pub(super) struct RequiredArgs {
    /// Today's peak
    #[arg(long, value_name = "RATE", value_parser = read::rate)]
    peak: Rate,
    /// By how many times it grows [default: 1]
    #[arg(long, value_name = "TIMES", value_parser = read::number)]
    growth: Option<Written>,
    /// The margin above the peak [default: 1.5]
    #[arg(long, value_name = "TIMES", value_parser = read::number)]
    safety: Option<Written>,
    /// By how many times a spike exceeds the peak
    #[arg(long, value_name = "TIMES", value_parser = read::number)]
    spike: Option<Written>,
    /// Users of today, for the targets of stress and spike tests
    #[arg(long, value_name = "NUMBER", value_parser = read::number)]
    users: Option<Written>,
}

pub(super) fn sheet(args: &RequiredArgs) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new(
        "Required capacity",
        "peak x growth x safety; a load test drives 3 times the grown peak",
        "capacity planning by peak and safety factor; the factors are conventions",
    );
    sheet.rate("peak", &args.peak);
    let growth = sheet.or_default("growth", args.growth.as_ref(), "times", (1.0, "1"));
    let safety = sheet.or_default("safety", args.safety.as_ref(), "times", (demand::SAFETY, "1.5"));
    let (peak, per) = (args.peak.printed.value, Measure::Rate(args.peak.per));
    let grown = demand::required(peak, growth, 1.0)?;
    sheet.result("required capacity", demand::required(peak, growth, safety)?, &per);
    sheet.result("load test", demand::test_rate(grown)?, &per);
    if let Some(spike) = &args.spike {
        sheet.given("spike", spike.value, "times", spike.text.as_str());
        sheet.result("spike peak", demand::spike(grown, spike.value)?, &per);
    }
    if let Some(users) = &args.users {
        sheet.given("users", users.value, "users", users.text.as_str());
        let (from, to) = demand::stress_users(users.value)?;
        let unit = Measure::In("users".into());
        sheet.result("stress test from", from, &unit);
        sheet.result("stress test to", to, &unit);
        sheet.result("spike test", demand::spike_users(users.value)?, &unit);
    }
    Ok(sheet)
}
