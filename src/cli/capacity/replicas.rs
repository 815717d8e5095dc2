//! `capacity replicas`.

use super::read::{self, Written};
use super::sheet::{Measure, Sheet};
use crate::capacity::number::real;
use crate::capacity::rate::Rate;
use crate::capacity::{CapacityError, replicas};

#[derive(Debug, clap::Args)]
pub(super) struct ReplicasArgs {
    /// The load on all of them
    #[arg(long, value_name = "RATE", value_parser = read::rate)]
    reads: Rate,
    /// What one carries
    #[arg(long, value_name = "RATE", value_parser = read::rate)]
    each: Rate,
    /// Zones that they are spread over
    #[arg(long, value_name = "NUMBER")]
    zones: Option<u64>,
    /// The utilisation to stay below [default: 70%]
    #[arg(long, value_name = "SHARE", value_parser = read::share)]
    most: Option<Written>,
}

const REPLICAS: Measure = Measure::Whole("replicas");

pub(super) fn sheet(args: &ReplicasArgs) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new(
        "Replicas",
        "just enough: reads / each, rounded up; recommended: the larger of reads / (each x most) and one more than \
         just enough; with zones: the others carry the load when one is lost",
        "N + 1 redundancy",
    );
    sheet.rate("reads", &args.reads);
    sheet.rate("each", &args.each);
    let most = sheet.or_default("most", args.most.as_ref(), "share", (replicas::MOST_UTILISATION, "70%"));
    let (load, each) = (args.reads.per_second, args.each.per_second);
    let bare = replicas::just_enough(load, each)?;
    let (used, _) = replicas::utilisation(load, each, bare)?;
    sheet.result("just enough", real(bare), &REPLICAS);
    sheet.result("used at just enough", used, &Measure::Share);
    let spare = replicas::with_spare(load, each, most)?;
    let (used, rest) = replicas::utilisation(load, each, spare)?;
    sheet.result("recommended", real(spare), &REPLICAS);
    sheet.result("used at recommended", used, &Measure::Share);
    sheet.maybe("used after losing one", rest, &Measure::Share, "none is left");
    if let Some(zones) = args.zones {
        sheet.given("zones", real(zones), "zones", zones.to_string());
        let zoned = replicas::zoned(load, each, zones)?;
        // All zones together are no fewer than without zones.
        let per_zone = zoned.per_zone.max(spare.div_ceil(zones));
        sheet.result("in each zone", real(per_zone), &REPLICAS);
        sheet.result("in all zones", real(per_zone) * real(zones), &REPLICAS);
    }
    Ok(sheet)
}
