//! The roadmap: for 2x, 10x, 100x and the plan's own steps, what is full before, and what the step takes.

use super::{
    cost, load,
    model::{CostCurve, Growth, Milestone, PhaseLine, Saturation},
    read::{Row, rows},
};
use crate::{
    check::evaluate::Bench,
    readiness::bottleneck::{Bottleneck, Grade, Grows},
};

/// All milestones, the nearest first.
pub(super) fn milestones(
    bench: &Bench,
    bottlenecks: &[Bottleneck],
    growth: Option<&Growth>,
    costs: &[CostCurve],
) -> Vec<Milestone> {
    let phases: Vec<PhaseLine> = rows(bench, "plan.phases").iter().map(phase).collect();
    let own = phases.iter().filter_map(|phase| phase.multiple).filter(|multiple| *multiple > 1.0);
    let mut multiples: Vec<f64> = crate::outlook::MULTIPLES.into_iter().chain(own).collect();
    multiples.sort_by(f64::total_cmp);
    multiples.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let one = |multiple: f64| {
        let of_load = || bottlenecks.iter().filter(|b| fills(b));
        let fits = |phase: &&PhaseLine| phase.multiple.is_some_and(|m| m.total_cmp(&multiple).is_eq());
        let phases: Vec<PhaseLine> = phases.iter().filter(fits).cloned().collect();
        let unpriced = phases.iter().all(|phase| phase.cost.is_none());
        Milestone {
            multiple,
            reached: growth.and_then(|growth| load::reached(bench, growth.monthly, multiple)),
            saturates: saturates(bottlenecks, multiple),
            undecided: of_load().filter(|b| b.headroom.is_none()).count(),
            known: of_load().filter(|b| b.headroom.is_some()).count(),
            cost: if unpriced { costs.iter().find_map(|curve| cost::of_multiple(curve, multiple)) } else { None },
            phases,
        }
    };
    multiples.into_iter().map(one).collect()
}

/// Whether load fills it. Limits that were only set against each other tell nothing of load.
fn fills(bottleneck: &Bottleneck) -> bool {
    bottleneck.grows == Grows::Traffic && bottleneck.grade != Grade::Static
}

/// What is full before a multiple, the first to saturate first.
fn saturates(bottlenecks: &[Bottleneck], multiple: f64) -> Vec<Saturation> {
    let full = |b: &&Bottleneck| fills(b) && b.headroom.is_some_and(|at| at < multiple);
    let mut full: Vec<_> = bottlenecks
        .iter()
        .filter(full)
        .filter_map(|b| {
            Some(Saturation {
                resource: b.resource.clone(),
                subject: b.subject.clone(),
                at: b.headroom?,
                grade: b.grade,
                fix: b.fix.clone(),
            })
        })
        .collect();
    full.sort_by(|a, b| a.at.total_cmp(&b.at));
    full
}

fn phase(row: &Row) -> PhaseLine {
    let gate = [("load", "load"), ("p95", "p95"), ("errors", "errors"), ("soak", "for")];
    let of_gate = gate
        .iter()
        .filter_map(|(column, word)| row.text(&format!("gate_{column}_text")).map(|value| format!("{word} {value}")));
    let chaos = row.text("gate_chaos").map(|chaos| format!("while broken on purpose: {chaos}"));
    let gate: Vec<String> = of_gate.chain(chaos).collect();
    PhaseLine {
        name: row.text("name").unwrap_or_default(),
        multiple: row.number("multiple"),
        by: row.text("by"),
        changes: row.list("changes"),
        gate: (!gate.is_empty()).then(|| gate.join(", ")),
        cost: row.text("cost_text"),
        prerequisites: row.list("prerequisites"),
    }
}
