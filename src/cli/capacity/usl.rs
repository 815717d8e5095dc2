//! `capacity usl`.

use super::read::{self, Written};
use super::sheet::{Measure, Sheet};
use crate::capacity::rng::SEED;
use crate::capacity::uncertainty::{Range, significant};
use crate::capacity::usl::{self, Caution, Fit};
use crate::capacity::{CapacityError, error};

#[derive(Debug, clap::Args)]
pub(super) struct UslArgs {
    /// N and its throughput, in a steady state; six or more over the whole range, such as 8:5690
    #[arg(long, value_name = "N:THROUGHPUT", value_parser = read::point, required = true)]
    point: Vec<(f64, f64)>,
    /// The N that is planned [default: the largest that was measured]
    #[arg(long, value_name = "N", value_parser = read::number)]
    at: Option<Written>,
    /// The seed of the band, for the same numbers again
    #[arg(long, value_name = "NUMBER", default_value_t = SEED)]
    seed: u64,
}

pub(super) fn sheet(args: &UslArgs) -> Result<Sheet, CapacityError> {
    error::points("points", &args.point, 3)?;
    let mut sheet = Sheet::new(
        "Scalability",
        "X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)), peak at sqrt((1 - sigma) / kappa); nonlinear least \
         squares, band P5 to P95 from 200 fits to residuals drawn again",
        "Universal Scalability Law (N. J. Gunther)",
    );
    for (n, x) in &args.point {
        sheet.given(&format!("throughput of {}", significant(*n, 17)), *x, "", significant(*x, 17));
    }
    let fit = usl::fit(&args.point)?;
    let largest = significant(fit.largest, 17);
    let planned = sheet.or_default("planned N", args.at.as_ref(), "N", (fit.largest, &largest));
    let plain = Measure::In(String::new());
    sheet.result("lambda", fit.model.lambda, &plain);
    sheet.result("sigma (contention)", fit.model.sigma, &plain);
    sheet.result("kappa (coherency)", fit.model.kappa, &plain);
    sheet.exact("R2", fit.r2, &plain, 4);
    let n = Measure::In("N".into());
    sheet.maybe("peak at", fit.model.peak(), &n, "none: throughput grows with any N");
    if let Some(limit) = fit.model.limit() {
        sheet.result("limit of throughput", limit, &plain);
    }
    outlook(&mut sheet, &fit, planned, args)?;
    for caution in &fit.cautions {
        sheet.note(match caution {
            Caution::FewPoints => "Fewer than six points make no trustworthy fit.",
            Caution::NotMeasured => {
                "All points lie on a straight line through zero: they look multiplied, not measured."
            }
        });
    }
    sheet.note(format!("N is either concurrency or instances; do not mix both. Seed {}.", args.seed));
    Ok(sheet)
}

fn outlook(sheet: &mut Sheet, fit: &Fit, planned: f64, args: &UslArgs) -> Result<(), CapacityError> {
    let (plain, n) = (Measure::In(String::new()), Measure::In("N".into()));
    let look = usl::outlook(fit, planned)?;
    let band = usl::band(&args.point, fit, planned, args.seed)?;
    sheet.maybe("peak at P5", band.peak.0, &n, "none");
    sheet.maybe("peak at P95", band.peak.1, &n, "none");
    sheet.result("throughput at planned N", look.throughput, &plain);
    sheet.result("throughput P5", band.throughput.0, &plain);
    sheet.result("throughput P95", band.throughput.1, &plain);
    sheet.result("gain of twice as many", look.gain_of_doubling, &Measure::Share);
    // P5 to P95 is wider than the P10 to P90 that the words are made for: they are never too kind.
    let range = Range { low: band.throughput.0, middle: look.throughput, high: band.throughput.1 };
    sheet.note(format!("The throughput at the planned N is {}.", range.firmness().word()));
    if look.beyond_safe {
        sheet.note("The planned N lies beyond 80 % of the peak: more of it adds little, and soon takes away.");
    }
    if look.beyond_tested {
        sheet.note("The planned N is more than twice the largest that was measured: this is a guess, test it.");
    }
    Ok(())
}
