//! Scaling rules of a fleet against each other, and hardware against what it carries.

use super::{
    say,
    table::{Compared, Quantity, Sections, quantity, whole},
};
use crate::{capacity::hysteresis::after_scale_in, check::derivation::row::Row};

pub(super) fn scaling(plan: &Sections) -> Vec<Compared> {
    let mut all: Vec<_> = hardware(plan).into_iter().collect();
    for fleet in plan.rows("plan.instances") {
        let name = fleet.text("name");
        let Some(out) = quantity(fleet, "scale_out") else {
            continue;
        };
        if let Some(band) = quantity(fleet, "band") {
            let how = format!("it is to stay within {} and scales out at {}", band.text, out.text);
            all.push(Compared::numbers("band", &name, out.value, band.high, how).texts(&out.text, &band.text));
        }
        all.extend(hysteresis(fleet, &out));
        all.extend(alerts(plan, fleet, &out));
    }
    all
}

/// Scaling in must not cross the threshold at which it scales out.
fn hysteresis(fleet: Row, out: &Quantity) -> Option<Compared> {
    let (down, min) = (quantity(fleet, "scale_in")?, quantity(fleet, "min")?);
    let n = whole(min.low) + 1;
    let after = after_scale_in(down.value, n).ok()?;
    let how = format!(
        "scaling in from {n} at {} leaves {}, and it scales out at {}",
        down.text,
        say::percent(after),
        out.text
    );
    Some(Compared::numbers("hysteresis", fleet.text("name"), after, out.value, how).texts(&down.text, &out.text))
}

/// An alert on what scaling looks at leaves scaling room to work.
fn alerts(plan: &Sections, fleet: Row, out: &Quantity) -> Vec<Compared> {
    let metric = fleet.text("metric");
    let alerts = plan.rows("plan.alerts").into_iter().filter(|row| !metric.is_empty() && row.text("sli") == metric);
    let compared = |row: Row<'_>| {
        let above = quantity(row, "above").filter(|above| above.measure == "share")?;
        let band = quantity(fleet, "band").map(|band| format!(", the target band is {}", band.text));
        let how =
            format!("it scales out at {metric} {} and alerts at {}{}", out.text, above.text, band.unwrap_or_default());
        let found = Compared::numbers("alert-near", fleet.text("name"), out.value, above.value, how);
        Some(found.texts(&out.text, &above.text))
    };
    alerts.filter_map(compared).collect()
}

/// The smallest and the largest machine of the sizing table, and what an instance of each carries.
fn hardware(plan: &Sections) -> Option<Compared> {
    let read = |row: Row<'_>| {
        let (load, n, cores) = (quantity(row, "load")?, quantity(row, "instances")?, quantity(row, "vcpu")?);
        let each = load.value / n.value;
        Some((cores.value, each, format!("{} ({} vCPU)", row.text("type"), cores.text), load.text))
    };
    // A row that asks for less than one instance says nothing about what one carries.
    let whole = |row: &Row| quantity(*row, "instances").is_some_and(|n| n.value >= 1.0);
    let mut rows: Vec<_> = plan.rows("plan.sizing").into_iter().filter(whole).filter_map(read).collect();
    rows.sort_by(|one, other| one.0.total_cmp(&other.0));
    let ((few, least, small, like), (many, most, large, _)) = (rows.first()?, rows.last()?);
    if many <= few {
        return None;
    }
    let how = format!(
        "{small} carries {} and {large} {}: {} times the cores, {} times the load",
        say::rate(*least, like),
        say::rate(*most, like),
        say::figure(many / few),
        say::figure(most / least)
    );
    Some(Compared::numbers("hardware", "sizing table", many / few, most / least, how).texts(small, large))
}
