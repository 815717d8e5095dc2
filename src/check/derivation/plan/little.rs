//! Little's law: what is in flight is throughput times latency, in any stable system.

use super::{
    say,
    table::{COLUMNS, Compared, compare, quantity},
};
use crate::{
    capacity::little::time,
    check::{
        derivation::{Asked, Derivation, row::Row},
        relation::Relation,
    },
};

pub(in super::super) const LITTLE: Derivation = Derivation {
    id: "plan.compared-little",
    about: "Requests in flight over throughput, against the latency that a test reports",
    inputs: &["plan.tests"],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&LITTLE, asked, |plan| plan.rows("plan.tests").into_iter().filter_map(test).collect())
}

/// The mean lies between the median and the 99th percentile, so what the law gives must lie there too.
fn test(row: Row) -> Option<Compared> {
    let (users, load) = (quantity(row, "users")?, quantity(row, "load")?);
    let first = |columns: &[&str]| columns.iter().find_map(|column| quantity(row, column));
    let low = first(&["mean", "p50"])?.low;
    let high = first(&["mean", "p99", "p95", "max"])?.high;
    let (least, most) = (time(users.low, load.high).ok()?, time(users.high, load.low).ok()?);
    let implied = f64::midpoint(least, most);
    let against = if most < low {
        low
    } else if least > high {
        high
    } else {
        implied
    };
    let range = if (low - high).abs() < f64::EPSILON {
        format!("{} reported", say::time(low))
    } else {
        format!("{} to {} reported", say::time(low), say::time(high))
    };
    let how = format!("{} in flight / {} = {}, {range}", users.text, load.text, say::time(implied));
    Some(Compared::numbers("latency", row.text("name"), implied, against, how).texts(&users.text, range))
}
