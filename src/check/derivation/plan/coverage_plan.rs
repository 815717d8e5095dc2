//! What the rest of a plan lacks: mitigations, gates, targets, recovery, whole sections.

use super::{
    say,
    table::{Compared, Sections, quantity, words},
};

use crate::{capacity::cost::interpolate, check::derivation::row::Row};

/// The sections of a complete plan: the prompt of the roadmap asks for each.
const SECTIONS: [&str; 20] = [
    "assessment",
    "phases",
    "horizontal scaling",
    "database",
    "caching",
    "l1 cache",
    "hit ratio targets",
    "load testing",
    "autoscaling",
    "vpa",
    "rate limits",
    "load shedding",
    "graceful degradation",
    "bulkheads",
    "edge",
    "monitoring",
    "paging thresholds",
    "cost projection",
    "cost optimisation",
    "runbook",
];

/// What every grading of a launch must look at.
const GRADED: [&str; 2] = ["cost", "demo"];

pub(super) fn rest(plan: &Sections) -> Vec<Compared> {
    let mut all = bottlenecks(plan);
    all.extend(phases(plan));
    all.extend(listed(plan, "plan.sections", "section-missing", &SECTIONS));
    all.extend(listed(plan, "plan.rubric", "rubric-missing", &GRADED));
    all.extend(traffic(plan));
    all.extend(percentile(plan));
    all.extend(recovery(plan));
    all.extend(caches(plan));
    all
}

fn bottlenecks(plan: &Sections) -> Vec<Compared> {
    let mut all = Vec::new();
    for row in plan.rows("plan.bottlenecks") {
        let name = row.text("name");
        let none = words(row, "mitigations").is_empty();
        all.push(Compared::fact("bottleneck-without-mitigation", &name, none, "nothing is done about this bottleneck"));
        let lost = row.text("runbook").is_empty();
        all.push(Compared::fact("bottleneck-without-runbook", &name, lost, "this bottleneck has no runbook"));
    }
    all
}

fn phases(plan: &Sections) -> Vec<Compared> {
    let mut all = Vec::new();
    for row in plan.rows("plan.phases") {
        let missing = ["gate_load", "gate_p95", "gate_errors"].iter().all(|column| quantity(row, column).is_none());
        all.push(Compared::fact("phase-without-gate", row.text("name"), missing, "no load test ends this phase"));
    }
    all
}

/// What a list must name; an empty list says nothing about it.
fn listed(plan: &Sections, section: &str, rule: &'static str, due: &[&str]) -> Option<Compared> {
    let there: Vec<_> = plan.rows(section).iter().map(|row| row.text("name").to_lowercase()).collect();
    let missing: Vec<_> = due.iter().copied().filter(|word| !there.iter().any(|there| there == word)).collect();
    let what = section.trim_start_matches("plan.");
    let how = format!("{} of {} are missing: {}", missing.len(), due.len(), missing.join(", "));
    (!there.is_empty()).then(|| Compared::fact(rule, what, !missing.is_empty(), how))
}

/// Every measure of traffic says now, target and date; and a cost curve over it has the target on it.
fn traffic(plan: &Sections) -> Vec<Compared> {
    let mut all = Vec::new();
    for row in plan.rows("plan.traffic") {
        let metric = row.text("metric");
        let lacks = |column: &&str| match *column {
            "by" => row.text("by").is_empty(),
            column => quantity(row, column).is_none(),
        };
        let missing: Vec<_> = ["now", "target", "by"].into_iter().filter(lacks).collect();
        let how = format!("{metric} lacks {}", missing.join(", "));
        all.push(Compared::fact("traffic-incomplete", &metric, !missing.is_empty(), how));
        let costs = plan.rows("plan.costs").into_iter().filter(|cost| cost.text("metric") == metric);
        let mut points: Vec<_> =
            costs.filter_map(|cost| Some((quantity(cost, "volume")?.value, quantity(cost, "cost")?.value))).collect();
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        if let (Some(target), false) = (quantity(row, "target"), points.is_empty()) {
            let there = points.iter().any(|(volume, _)| (volume / target.value - 1.0).abs() < 0.05);
            let guess = interpolate(&points, target.value).ok().flatten();
            let guess = guess.map_or_else(String::new, |cost| format!("; its neighbours give {}", say::count(cost)));
            let how = format!("the cost table has no row for the target of {} {metric}{guess}", target.text);
            all.push(Compared::fact("cost-without-target", &metric, !there, how).texts(&target.text, ""));
        }
    }
    all
}

/// Where an objective is about the 95th percentile, a test that gives percentiles gives that one.
fn percentile(plan: &Sections) -> Vec<Compared> {
    let about = |text: String| text.contains("p95");
    let asked = plan.rows("plan.slos").iter().any(|row| about(row.text("name")) || about(row.text("sli")))
        || plan.rows("plan.slis").iter().any(|row| about(row.text("measures")));
    let tests = plan.rows("plan.tests").into_iter().filter(|row| quantity(*row, "p99").is_some());
    let compared = |row: Row<'_>| {
        let lost = quantity(row, "p95").is_none();
        Compared::fact("test-without-p95", row.text("name"), lost, "objectives are about p95, and this test has none")
    };
    tests.filter(|_| asked).map(compared).collect()
}

fn recovery(plan: &Sections) -> Vec<Compared> {
    let Some(row) = plan.one("plan.recovery") else {
        return Vec::new();
    };
    let every = quantity(row, "backups_every").filter(|_| !row.is("pitr"));
    let implied =
        every.map_or_else(String::new, |every| format!("; a backup every {} means at least that", every.text));
    let fact = |rule, column: &str, how: String| Compared::fact(rule, "recovery", quantity(row, column).is_none(), how);
    vec![
        fact("rpo-missing", "rpo", format!("how much data may be lost (RPO) is not stated{implied}")),
        fact("rto-missing", "rto", "how long recovery may take (RTO) is not stated".into()),
    ]
}

fn caches(plan: &Sections) -> Vec<Compared> {
    let target = |row: Row<'_>| {
        let lost = quantity(row, "hit_target").is_none();
        Compared::fact("cache-without-target", row.text("layer"), lost, "no hit ratio is aimed at")
    };
    plan.rows("plan.caches").into_iter().map(target).collect()
}
