//! Utilisation: load over capacity, against the utilisation or headroom that is stated.

use super::{
    say,
    table::{COLUMNS, Compared, Sections, compare, quantity},
};
use crate::check::{
    derivation::{Asked, Derivation, row::Row},
    relation::Relation,
};

pub(in super::super) const UTILISATION: Derivation = Derivation {
    id: "plan.compared-utilisation",
    about: "Load over capacity against stated utilisation and headroom",
    inputs: &["plan.instances", "plan.tests", "plan.scenarios"],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&UTILISATION, asked, |plan| {
        let mut all: Vec<_> = plan.rows("plan.tests").into_iter().filter_map(|row| test(plan, row)).collect();
        all.extend(plan.rows("plan.instances").into_iter().filter_map(fleet));
        all.extend(plan.rows("plan.scenarios").into_iter().filter_map(|row| scenario(plan, row)));
        all
    })
}

/// What one instance carries when it is full: that of its type, or the only one that the plan states.
pub(super) fn capacity(plan: &Sections, kind: &str) -> Option<super::table::Quantity> {
    let fleets = plan.rows("plan.instances");
    let of_type = fleets.iter().find(|row| !kind.is_empty() && row.text("type") == kind);
    of_type.into_iter().chain(&fleets).find_map(|row| quantity(*row, "capacity"))
}

/// What a test shows of one instance at full utilisation (the utilisation law: U = X D).
fn test(plan: &Sections, row: Row) -> Option<Compared> {
    let (load, n, busy) = (quantity(row, "load")?, quantity(row, "instances")?, quantity(row, "utilisation")?);
    let claimed = capacity(plan, &row.text("type"))?;
    let shown = load.value / n.value / busy.value;
    let how = format!(
        "{} on {} instances at {} is {} for one that is full; the plan counts on {}: {} times apart",
        load.text,
        say::count(n.value),
        busy.text,
        say::rate(shown, &claimed.text),
        claimed.text,
        say::times(claimed.value, shown)
    );
    Some(Compared::numbers("test", row.text("name"), claimed.value, shown, how).texts(&claimed.text, &busy.text))
}

fn fleet(row: Row) -> Option<Compared> {
    let (load, n, one) = (quantity(row, "load")?, quantity(row, "count")?, quantity(row, "capacity")?);
    used(row, &row.text("name"), &load, n.value, &one)
}

fn scenario(plan: &Sections, row: Row) -> Option<Compared> {
    let load = quantity(row, "peak").or_else(|| quantity(row, "load"))?;
    used(row, &row.text("name"), &load, quantity(row, "instances")?.value, &capacity(plan, "")?)
}

/// The share that is used, stated directly or as what stays free.
fn used(row: Row, what: &str, load: &super::table::Quantity, n: f64, one: &super::table::Quantity) -> Option<Compared> {
    let free = quantity(row, "headroom").map(|free| (1.0 - free.value, format!("{} headroom", free.text)));
    let busy = || quantity(row, "utilisation").map(|busy| (busy.value, format!("{} utilisation", busy.text)));
    let (stated, text) = free.or_else(busy)?;
    let share = load.value / (n * one.value);
    let how = format!(
        "{} on {} x {} uses {} and leaves {}; the plan says {text}",
        load.text,
        say::count(n),
        one.text,
        say::percent(share),
        say::percent(1.0 - share)
    );
    Some(Compared::numbers("share", what, stated, share, how).texts(text, &load.text))
}
