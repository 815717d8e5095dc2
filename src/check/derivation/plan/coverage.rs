//! What belongs together and is there only in part: indicators, objectives, alerts.

use super::{
    coverage_plan,
    table::{COLUMNS, Compared, Sections, compare, quantity},
};
use crate::check::{
    derivation::{Asked, Derivation, row::Row},
    relation::Relation,
};

pub(in super::super) const COVERAGE: Derivation = Derivation {
    id: "plan.compared-coverage",
    about: "Indicators, objectives and alerts, bottlenecks, phases and sections: what each lacks",
    inputs: &[
        "plan.workloads",
        "plan.slis",
        "plan.slos",
        "plan.alerts",
        "plan.tests",
        "plan.traffic",
        "plan.costs",
        "plan.caches",
        "plan.bottlenecks",
        "plan.phases",
        "plan.recovery",
        "plan.sections",
        "plan.rubric",
    ],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&COVERAGE, asked, |plan| {
        let mut all = indicators(plan);
        all.extend(plan.rows("plan.slos").into_iter().flat_map(|row| objective(plan, row)));
        all.extend(plan.rows("plan.alerts").into_iter().flat_map(|row| alert(plan, row)));
        all.extend(coverage_plan::rest(plan));
        all
    })
}

/// The names in a column, without empty ones.
fn names(plan: &Sections, section: &str, column: &str) -> Vec<String> {
    plan.rows(section).iter().map(|row| row.text(column)).filter(|name| !name.is_empty()).collect()
}

/// Every indicator has an objective and an alert; every workload an indicator.
fn indicators(plan: &Sections) -> Vec<Compared> {
    let (held, watched) = (names(plan, "plan.slos", "sli"), names(plan, "plan.alerts", "sli"));
    let slis = names(plan, "plan.slis", "name");
    let mut all = Vec::new();
    for sli in &slis {
        let objective = held.contains(sli);
        all.push(Compared::fact("sli-without-slo", sli, !objective, format!("the indicator {sli} has no objective")));
        let alert = watched.contains(sli);
        all.push(Compared::fact("sli-without-alert", sli, !alert, format!("the indicator {sli} has no alert")));
    }
    let of_workloads = names(plan, "plan.slis", "workload");
    for row in plan.rows("plan.workloads") {
        let name = row.text("name");
        let none = super::table::words(row, "slis").is_empty() && !of_workloads.contains(&name);
        all.push(Compared::fact("workload-without-sli", &name, none, format!("the workload {name} has no indicator")));
    }
    all
}

fn objective(plan: &Sections, row: Row) -> Vec<Compared> {
    let (name, sli) = (row.text("name"), row.text("sli"));
    let known = names(plan, "plan.slis", "name").contains(&sli);
    let how = if sli.is_empty() { "it names no indicator".into() } else { format!("no indicator is called {sli}") };
    let mut all = vec![Compared::fact("slo-without-sli", &name, !known, how)];
    let watched = names(plan, "plan.alerts", "sli").contains(&sli);
    if !known {
        all.push(Compared::fact("slo-without-alert", &name, !watched, format!("the objective {name} has no alert")));
    }
    let idle = row.text("decision").is_empty();
    all.push(Compared::fact("slo-without-decision", &name, idle, "no decision hangs on it"));
    all.extend(band(row, &name));
    all
}

/// Between the objective and the warning nobody is told to do anything, unless the plan says from where on.
fn band(row: Row, name: &str) -> Option<Compared> {
    let (target, warning) = (quantity(row, "target")?, quantity(row, "warning")?);
    let attention = quantity(row, "attention");
    let how = format!("good {}, a warning from {} on: between them it is neither", target.text, warning.text);
    let found = Compared::numbers("band", name, warning.value, target.value, how).texts(&warning.text, &target.text);
    Some(Compared { bad: attention.is_none(), ..found })
}

fn alert(plan: &Sections, row: Row) -> Vec<Compared> {
    let (name, sli) = (row.text("name"), row.text("sli"));
    let mut all = Vec::new();
    if !sli.is_empty() {
        let slos: Vec<_> = plan.rows("plan.slos").into_iter().filter(|slo| slo.text("sli") == sli).collect();
        let how = format!("it watches {sli}, for which there is no objective");
        all.push(Compared::fact("alert-without-slo", &name, slos.is_empty(), how));
        let level = quantity(row, "above").or_else(|| quantity(row, "below"));
        for (level, target) in level.iter().zip(slos.iter().filter_map(|slo| quantity(*slo, "target"))) {
            let how = format!(
                "it fires at {} (a {}), the objective of {sli} is {} (a {})",
                level.text, level.measure, target.text, target.measure
            );
            all.push(Compared::fact("alert-other-unit", &name, level.measure != target.measure, how));
        }
    }
    if row.text("severity") == "page" {
        let lost = row.text("runbook").is_empty() && row.text("action").is_empty();
        all.push(Compared::fact(
            "page-without-action",
            &name,
            lost,
            "it wakes somebody and names neither action nor runbook",
        ));
    }
    all
}
