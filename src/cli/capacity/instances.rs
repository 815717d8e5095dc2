//! `capacity instances`.

use super::read;
use super::sheet::{Measure, Sheet};
use crate::capacity::number::real;
use crate::capacity::rate::Rate;
use crate::capacity::{CapacityError, throughput};

#[derive(Debug, clap::Args)]
pub(super) struct InstancesArgs {
    /// The volume
    #[arg(long, value_name = "RATE", value_parser = read::rate)]
    load: Rate,
    /// What one instance carries
    #[arg(long, value_name = "RATE", value_parser = read::rate)]
    each: Rate,
    /// Instances that there are, or that a plan states
    #[arg(long, value_name = "NUMBER")]
    have: Option<u64>,
}

pub(super) fn sheet(args: &InstancesArgs) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new(
        "Instances for a volume",
        "load / each, rounded up, both for the same time",
        "linear scaling; what coordination costs shows `loadline capacity usl`",
    );
    sheet.rate("load", &args.load);
    sheet.rate("each", &args.each);
    let (load, each) = (args.load.per_second, args.each.per_second);
    let need = throughput::instances(load, each)?;
    sheet.result("instances", real(need), &Measure::Whole("instances"));
    sheet.result("used", throughput::use_of(load, need, each)?, &Measure::Share);
    sheet.result("load per second", load, &Measure::Rate(crate::capacity::rate::Per::Second));
    sheet.result("each per second", each, &Measure::Rate(crate::capacity::rate::Per::Second));
    if let Some(have) = args.have {
        sheet.given("have", real(have), "instances", have.to_string());
        let used = throughput::use_of(load, have, each)?;
        sheet.result("used of what there is", used, &Measure::Share);
        sheet.result(
            "capacity of what there is",
            throughput::linear(have, args.each.printed.value)?,
            &Measure::Rate(args.each.per),
        );
        if have < need {
            sheet.fits = false;
            sheet.note("There are fewer instances than the load needs.");
        } else if used * throughput::SUSPICIOUS_TIMES < 1.0 {
            sheet.note("That is more than ten times the load: one of the numbers may be for another time unit.");
        }
    }
    sheet.note("A mean over a day hides its peak: size by the busiest hour where it is known.");
    Ok(sheet)
}
