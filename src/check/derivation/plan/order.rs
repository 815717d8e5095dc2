//! What must rise in a row: percentiles, thresholds, hardware with what it carries.

use super::{
    order_scale, order_tests, say,
    table::{COLUMNS, Compared, Quantity, Sections, compare, quantity},
};
use crate::check::{
    derivation::{Asked, Derivation, row::Row},
    relation::Relation,
};

pub(in super::super) const ORDER: Derivation = Derivation {
    id: "plan.compared-order",
    about: "Percentiles, thresholds, scaling rules and hardware, each against what must be smaller or larger",
    inputs: &["plan.slis", "plan.slos", "plan.alerts", "plan.tests", "plan.sizing", "plan.instances", "plan.phases"],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&ORDER, asked, |plan| {
        let mut all = order_tests::tests(plan);
        all.extend(plan.rows("plan.slos").into_iter().flat_map(thresholds));
        all.extend(plan.rows("plan.slos").into_iter().filter_map(|row| alerts(plan, row)));
        all.extend(pages(plan));
        all.extend(gates(plan));
        all.extend(order_scale::scaling(plan));
        all
    })
}

/// Target, attention, warning, critical and the caller's timeout, the mildest first.
fn thresholds(row: Row) -> Vec<Compared> {
    let falls = row.text("target_sense") == "above";
    let steps: Vec<(&str, Quantity)> = ["target", "attention", "warning", "critical", "timeout"]
        .into_iter()
        .filter(|column| !(falls && *column == "timeout"))
        .filter_map(|column| Some((column, quantity(row, column)?)))
        .collect();
    let compared = |pair: &[(&str, Quantity)]| {
        let [(mild, one), (bad, next)] = pair else {
            return None;
        };
        // Of what must stay high, the worse threshold is the lower one.
        let (stated, other) = if falls { (next.value, one.value) } else { (one.value, next.value) };
        let how = format!("{mild} {} stands before {bad} {}", one.text, next.text);
        Some(Compared::numbers("threshold", row.text("name"), stated, other, how).texts(&one.text, &next.text))
    };
    steps.windows(2).filter_map(compared).collect()
}

/// The first alert of an indicator, against its objective: one that comes late is no warning.
fn alerts(plan: &Sections, slo: Row) -> Option<Compared> {
    let target = quantity(slo, "target").filter(|_| slo.text("target_sense") != "above")?;
    let sli = Some(slo.text("sli")).filter(|sli| !sli.is_empty())?;
    let of = plan.rows("plan.alerts").into_iter().filter(|row| row.text("sli") == sli);
    let above = of.filter_map(|row| quantity(row, "above")).filter(|above| above.measure == target.measure);
    let first = above.min_by(|one, other| one.value.total_cmp(&other.value))?;
    let how = format!(
        "the objective is {}, the first alert fires above {}: {} times of it",
        target.text,
        first.text,
        say::figure(first.value / target.value)
    );
    Some(Compared::numbers("alert", slo.text("name"), first.value, target.value, how).texts(&first.text, &target.text))
}

/// Nobody is woken before there was a warning.
fn pages(plan: &Sections) -> Vec<Compared> {
    let alerts = plan.rows("plan.alerts");
    let of = |severity: &str| -> Vec<Row> {
        alerts.iter().filter(|row| row.text("severity") == severity && !row.text("sli").is_empty()).copied().collect()
    };
    let mut all = Vec::new();
    for page in of("page") {
        for warn in of("warn").into_iter().filter(|warn| warn.text("sli") == page.text("sli")) {
            if let (Some(woken), Some(warned)) = (quantity(page, "above"), quantity(warn, "above")) {
                let how = format!("it warns above {} and pages above {}", warned.text, woken.text);
                let found = Compared::numbers("page", page.text("sli"), warned.value, woken.value, how);
                all.push(found.texts(&warned.text, &woken.text));
            }
        }
    }
    all
}

/// A gate is no looser than what is measured today, nor than the objective.
fn gates(plan: &Sections) -> Vec<Compared> {
    let about_p95 = |row: &Row| {
        let sli = plan.rows("plan.slis").into_iter().find(|sli| sli.text("name") == row.text("sli"));
        let measures = sli.map(|sli| sli.text("measures")).unwrap_or_default();
        [row.text("name"), row.text("sli"), measures].iter().any(|text| text.contains("p95"))
    };
    let slos: Vec<_> = plan.rows("plan.slos").into_iter().filter(about_p95).collect();
    let mut all = Vec::new();
    for phase in plan.rows("plan.phases") {
        let Some(gate) = quantity(phase, "gate_p95") else {
            continue;
        };
        for (column, word) in [("current", "today's p95"), ("target", "the objective")] {
            for level in slos.iter().filter_map(|row| quantity(*row, column)).filter(|level| level.measure == "time") {
                let how = format!(
                    "the gate asks for a p95 below {}, {word} is {}: {} times looser",
                    gate.text,
                    level.text,
                    say::figure(gate.value / level.value)
                );
                let found = Compared::numbers("gate", phase.text("name"), gate.value, level.value, how);
                all.push(found.texts(&gate.text, &level.text));
            }
        }
    }
    all
}
