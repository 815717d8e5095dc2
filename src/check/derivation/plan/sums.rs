//! Parts and their sum.

use super::{
    say,
    table::{COLUMNS, Compared, Sections, compare, quantity},
};
use crate::check::{
    derivation::{Asked, Derivation, row::Row},
    relation::Relation,
};

pub(in super::super) const SUMS: Derivation = Derivation {
    id: "plan.compared-sums",
    about: "Parts added or multiplied, against the total that is stated",
    inputs: &["plan.cost-items", "plan.cost-total", "plan.caches", "plan.limits"],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&SUMS, asked, |plan| {
        let mut all = items(plan);
        all.extend(plan.rows("plan.caches").into_iter().filter_map(cache));
        all.extend(plan.rows("plan.limits").into_iter().filter_map(each));
        all
    })
}

/// The items of the bill, at least and at most.
fn items(plan: &Sections) -> Vec<Compared> {
    let end = |column: &'static str| {
        let total = quantity(plan.one("plan.cost-total")?, column)?;
        let parts: Vec<_> = plan.rows("plan.cost-items").into_iter().filter_map(|row| quantity(row, column)).collect();
        let sum: f64 = parts.iter().map(|part| part.value).sum();
        let written = parts.iter().map(|part| say::count(part.value)).collect::<Vec<_>>().join(" + ");
        let how = format!("{written} = {}, the total says {}", say::count(sum), say::count(total.value));
        let what = if column == "low" { "lowest cost" } else { "highest cost" };
        let found = Compared::numbers("total", what, total.value, sum, how).texts(&total.text, written);
        (!parts.is_empty()).then_some(Compared { tolerance: total.tolerance, ..found })
    };
    [end("low"), end("high")].into_iter().flatten().collect()
}

/// Memory of a cache: its working set and what it needs beyond that.
fn cache(row: Row) -> Option<Compared> {
    let (set, over, memory) = (quantity(row, "working_set")?, quantity(row, "overhead")?, quantity(row, "memory")?);
    let due = crate::capacity::cache::size(set.value, over.value).ok()?.as_share;
    let how = format!("{} x (1 + {}) = {}, it gets {}", set.text, over.text, say::size(due), memory.text);
    let found = Compared::numbers("cache", row.text("layer"), memory.value, due, how).texts(&memory.text, &set.text);
    Some(Compared { tolerance: memory.tolerance, other_tolerance: set.tolerance, ..found })
}

/// So many users of a resource with so much each, against what is used of it.
fn each(row: Row) -> Option<Compared> {
    let (n, each, used) = (quantity(row, "count")?, quantity(row, "each")?, quantity(row, "used")?);
    let ceiling = quantity(row, "ceiling");
    let (value, text) = match (used.measure.as_str(), &ceiling) {
        ("share", Some(ceiling)) => {
            let value = used.value * ceiling.value;
            let shown = say::measured(value, &ceiling.measure, &ceiling.text);
            (value, format!("{} of {} = {shown}", used.text, ceiling.text))
        }
        _ => (used.value, used.text.clone()),
    };
    let due = n.high * each.high;
    let shown = say::measured(due, &each.measure, &each.text);
    let factor = say::times(value, due);
    let how = format!("{} x {} = {shown} at most, {text} is used: {factor} times apart", n.text, each.text);
    let found = Compared::numbers("each", row.text("resource"), value, due, how).texts(text, shown);
    Some(Compared { tolerance: used.tolerance, other_tolerance: each.tolerance, ..found })
}
