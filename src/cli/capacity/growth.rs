//! `capacity growth`.

use super::read::{self, Written};
use super::sheet::{Measure, Sheet};
use crate::capacity::{CapacityError, growth};

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("way").required(true).args(["monthly", "from"]))]
pub(super) struct GrowthArgs {
    /// Growth in a month
    #[arg(long, value_name = "SHARE", value_parser = read::share)]
    monthly: Option<Written>,
    /// Multiples of today's load
    #[arg(long, value_name = "TIMES", value_parser = read::number, value_delimiter = ',', default_value = "2,10,100",
        conflicts_with = "from")]
    times: Vec<Written>,
    /// The load now
    #[arg(long, value_name = "NUMBER", value_parser = read::number, requires = "to", requires = "months",
        conflicts_with = "monthly")]
    from: Option<Written>,
    /// The load that is the target
    #[arg(long, value_name = "NUMBER", value_parser = read::number, requires = "from")]
    to: Option<Written>,
    /// Months until then
    #[arg(long, value_name = "NUMBER", value_parser = read::number, requires = "from")]
    months: Option<Written>,
}

pub(super) fn sheet(args: &GrowthArgs) -> Result<Sheet, CapacityError> {
    match (&args.monthly, &args.from, &args.to, &args.months) {
        (Some(monthly), ..) => times(monthly, &args.times),
        (None, Some(from), Some(to), Some(months)) => implied(from, to, months),
        _ => {
            Err(CapacityError::new("neither a growth nor a target is given", "--monthly, or --from, --to and --months"))
        }
    }
}

fn times(monthly: &Written, times: &[Written]) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new("Months to a multiple", "ln(multiple) / ln(1 + monthly growth)", "compound growth");
    sheet.given("monthly growth", monthly.value, "share", monthly.text.as_str());
    for multiple in times {
        let months = growth::months_to(multiple.value, monthly.value)?;
        sheet.result(format!("{} times", multiple.text), months, &Measure::In("months".into()));
    }
    let year = growth::multiple_after(monthly.value, 12.0)?;
    sheet.result("after a year", year, &Measure::In("times".into()));
    Ok(sheet)
}

fn implied(from: &Written, to: &Written, months: &Written) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new("Growth that a target implies", "(target / now)^(1 / months) - 1", "compound growth");
    for (name, number, unit) in [("now", from, ""), ("target", to, ""), ("months", months, "months")] {
        sheet.given(name, number.value, unit, number.text.as_str());
    }
    let monthly = growth::implied_monthly(from.value, to.value, months.value)?;
    sheet.result("monthly growth", monthly, &Measure::Share);
    if monthly > 0.0 {
        let doubling = growth::months_to(2.0, monthly)?;
        sheet.result("doubles every", doubling, &Measure::In("months".into()));
    }
    Ok(sheet)
}
