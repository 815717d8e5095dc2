//! What is ahead: growth and its dates, required capacity, the roadmap, the cost curve; by the plan, the
//! bottlenecks and the formulas of [`crate::capacity`]. Pure: days are counted from the end of the asking.

mod cost;
mod load;
mod model;
mod read;
mod road;

pub use model::{
    CostAt, CostCurve, CostItem, CostNow, CostPoint, Growth, Milestone, Outlook, PhaseLine, Reached, Required,
    Saturation, StatedLine, TestRun, TrafficLine,
};

use super::bottleneck::{Bottleneck, Need};
use crate::check::evaluate::Bench;

/// The probes that the outlook reads, besides those that checks and packs ask: what it shows as stated, and what it
/// works with.
pub fn probes() -> impl Iterator<Item = &'static str> {
    let worked_with = [
        "plan.summary",
        "plan.traffic",
        "plan.phases",
        "plan.costs",
        "plan.cost-items",
        "plan.scenarios",
        "loadtest.runs",
    ];
    read::STATED.into_iter().chain(worked_with)
}

impl Outlook {
    /// What lies ahead of the target of a snapshot.
    pub fn of(bench: &Bench, bottlenecks: &[Bottleneck], need: Option<&Need>) -> Self {
        let plan = read::plan(bench);
        let (traffic, growth) = (load::traffic(bench), load::growth(bench, need));
        let costs = cost::curves(bench);
        let milestones = road::milestones(bench, bottlenecks, growth.as_ref(), &costs);
        Self {
            title: plan.text("title"),
            currency: plan.text("currency"),
            budget: plan.text("budget_text"),
            required: load::required(bench, need, growth.as_ref()),
            cost_items: cost::items(bench),
            stated: read::stated(bench),
            runs: read::runs(bench),
            traffic,
            growth,
            milestones,
            costs,
        }
    }
}

#[cfg(test)]
mod tests;
