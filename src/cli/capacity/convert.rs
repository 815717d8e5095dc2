//! `capacity convert`.

use super::read;
use super::sheet::{Measure, Sheet};
use crate::capacity::rate::Rate;
use crate::capacity::uncertainty::DIGITS;
use crate::capacity::{CapacityError, throughput};

/// More digits than this are no reading.
const MOST_DIGITS: usize = 6;

/// Two statements that differ do so by a few percent.
const RATIO_DIGITS: usize = 4;

#[derive(Debug, clap::Args)]
pub(super) struct ConvertArgs {
    /// The rate, such as 1M/day
    #[arg(value_name = "RATE", value_parser = read::rate)]
    rate: Rate,
    /// A second statement of the same quantity: do both agree?
    #[arg(long, value_name = "RATE", value_parser = read::rate)]
    with: Option<Rate>,
}

pub(super) fn sheet(args: &ConvertArgs) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new("A rate in all units", "a month has 30 days, a year 365", "arithmetic");
    sheet.rate("rate", &args.rate);
    // A conversion is exact: as many digits as the rate was printed with.
    let digits = args.rate.printed.digits.clamp(DIGITS, MOST_DIGITS);
    for (per, value) in throughput::in_all_units(args.rate.per_second)? {
        sheet.exact(format!("per {}", per.word()), value, &Measure::Rate(per), digits);
    }
    if let Some(other) = &args.with {
        sheet.rate("with", other);
        let ratio = other.per_second / args.rate.per_second;
        sheet.exact("the other over this", ratio, &Measure::In(String::new()), RATIO_DIGITS);
        if args.rate.agrees(other) {
            sheet.note("Both agree within half a unit of the last digit that each prints.");
        } else {
            sheet.fits = false;
            sheet
                .note("They do not agree: the difference is more than half a unit of the last digit that each prints.");
        }
    }
    Ok(sheet)
}
