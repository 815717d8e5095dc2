//! Capacity, dates, roadmap and cost in words, every number with its ground.

use serde::Serialize;

use super::{Pair, limits::exact};
use crate::{
    quantity,
    readiness::{
        Outlook,
        bottleneck::Grade,
        outlook::{CostAt, CostCurve, CostItem, Milestone, PhaseLine, Reached, StatedLine, TestRun},
    },
    report::{
        chart,
        model::Audit,
        words::{money, one_line, times},
    },
    snapshot::Unit,
};

/// What lies ahead.
#[derive(Default, Serialize)]
pub(super) struct Ahead {
    /// `10 % a month (the plan's growth a month)`.
    growth: Option<String>,
    dates: Vec<When>,
    traffic: Vec<Traffic>,
    required: Vec<Required>,
    milestones: Vec<Step>,
    costs: Vec<Curve>,
    budget: Option<String>,
    cost_items: Vec<Pair>,
    runs: Vec<Run>,
}

#[derive(Serialize)]
struct When {
    multiple: String,
    months: String,
    on: String,
}

#[derive(Serialize)]
struct Traffic {
    metric: String,
    now: String,
    peak: String,
    target: String,
    by: String,
}

#[derive(Serialize)]
struct Required {
    metric: String,
    capacity: String,
    ground: String,
    test_rate: Option<String>,
}

#[derive(Serialize)]
struct Step {
    multiple: String,
    when: Option<String>,
    /// How many are full before, and those of them that the milestone before still carries.
    full: usize,
    saturates: Vec<Full>,
    /// Whether any headroom is known.
    is_known: bool,
    /// How many limits this rests on, in a sentence.
    known: String,
    phases: Vec<Phase>,
    cost: Option<String>,
}

#[derive(Serialize)]
struct Full {
    resource: String,
    subject: String,
    at: String,
    grade: &'static str,
    fix: String,
}

#[derive(Serialize)]
struct Phase {
    name: String,
    by: Option<String>,
    changes: Vec<String>,
    gate: Option<String>,
    cost: Option<String>,
    prerequisites: String,
}

#[derive(Serialize)]
struct Curve {
    metric: String,
    unit: String,
    points: Vec<Point>,
    exponent: Option<String>,
    reading: String,
    now: Option<String>,
    chart: String,
}

#[derive(Serialize)]
struct Point {
    volume: String,
    cost: String,
    each: String,
}

#[derive(Serialize)]
struct Run {
    name: String,
    kind: String,
    started: String,
    multiple: String,
    rps: String,
    p95: String,
    errors: String,
    gates: String,
}

impl Ahead {
    pub(super) fn of(audit: &Audit) -> Self {
        let Some(outlook) = &audit.outlook else { return Self::default() };
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        let growth = outlook.growth.as_ref();
        Self {
            growth: growth.map(|g| format!("{} a month ({})", quantity::show(g.monthly, Unit::Ratio), g.origin)),
            dates: growth.map(|g| g.reached.iter().map(when).collect()).unwrap_or_default(),
            traffic: outlook
                .traffic
                .iter()
                .map(|t| Traffic {
                    metric: t.metric.clone(),
                    now: or_dash(&t.now),
                    peak: or_dash(&t.peak),
                    target: or_dash(&t.target),
                    by: or_dash(&t.by),
                })
                .collect(),
            required: outlook.required.iter().map(required).collect(),
            milestones: steps(outlook),
            costs: outlook.costs.iter().map(|curve| cost(outlook, curve)).collect(),
            budget: outlook.budget.as_deref().map(|budget| stated(outlook, budget)),
            cost_items: outlook.cost_items.iter().map(|item| bill(outlook, item)).collect(),
            runs: outlook.runs.iter().map(run).collect(),
        }
    }
}

pub(super) fn pair(line: &StatedLine) -> Pair {
    Pair { name: line.name.clone(), value: one_line(&line.words) }
}

/// What a thousand users cost, and on which ground; of another metric where no curve counts users.
pub(super) fn cost_of_users(audit: &Audit) -> Option<(String, String)> {
    let outlook = audit.outlook.as_ref()?;
    let is_people = |curve: &&CostCurve| ["user", "dau", "mau"].iter().any(|word| curve.metric.contains(word));
    let curve = outlook.costs.iter().find(is_people).or(outlook.costs.first())?;
    if let Some(now) = &curve.now {
        let words = format!("{} a month for {}", money(now.each, outlook.currency.as_deref()), curve.unit);
        return Some((words, format!("at today's {} {}: {}", now.volume, curve.metric, now.cost.ground)));
    }
    let (first, last) = (curve.points.first()?, curve.points.last()?);
    let of = |each: f64| money(each, outlook.currency.as_deref());
    let words = match curve.points.len() {
        1 => format!("{} a month for {} at {}", of(first.each), curve.unit, first.volume),
        _ => format!(
            "from {} a month for {} at {} to {} at {}",
            of(first.each),
            curve.unit,
            first.volume,
            of(last.each),
            last.volume
        ),
    };
    Some((words, "the plan's cost curve; it does not say how many there are today".into()))
}

fn when(reached: &Reached) -> When {
    When {
        multiple: exact(reached.multiple),
        months: format!("{:.1} months", reached.months),
        on: reached.on.map_or_else(|| "beyond the calendar".into(), |day| format!("about {day}")),
    }
}

fn required(required: &crate::readiness::outlook::Required) -> Required {
    let per = if required.rate { "/s" } else { "" };
    let shown = |number: f64| format!("{}{per}", quantity::show(round(number), Unit::Count));
    Required {
        metric: required.metric.clone(),
        capacity: shown(required.capacity),
        ground: required.ground.clone(),
        test_rate: required.test_rate.map(shown),
    }
}

fn steps(outlook: &Outlook) -> Vec<Step> {
    let before = std::iter::once(0.0).chain(outlook.milestones.iter().map(|milestone| milestone.multiple));
    outlook.milestones.iter().zip(before).map(|(milestone, before)| step(outlook, milestone, before)).collect()
}

/// To a tenth, and to a whole number from 100 on: no estimate is finer.
fn round(number: f64) -> f64 {
    if number.abs() >= 100.0 { number.round() } else { (number * 10.0).round() / 10.0 }
}

fn step(outlook: &Outlook, milestone: &Milestone, before: f64) -> Step {
    let known = match (milestone.known, milestone.undecided) {
        (0, 0) => "no limit that fills with load was measured".to_owned(),
        (0, unknown) => format!("{unknown} limits fill with load, and of none is the headroom known"),
        (known, 0) => format!("the headroom of {known} limits is known"),
        (known, unknown) => {
            format!("the headroom of {known} limits is known, that of {unknown} more is not, and they may come first")
        }
    };
    let full = |s: &crate::readiness::outlook::Saturation| Full {
        resource: s.resource.clone(),
        subject: s.subject.clone(),
        // What a test carried is no ceiling: beyond it nothing is proven.
        at: if s.grade == Grade::LoadTest { format!("carried up to {}", times(s.at)) } else { times(s.at) },
        grade: s.grade.words(),
        fix: one_line(&s.fix),
    };
    let reached = milestone.reached.as_ref().map(when);
    Step {
        multiple: exact(milestone.multiple),
        when: reached.map(|when| format!("in {}, {}", when.months, when.on)),
        full: milestone.saturates.len(),
        saturates: milestone.saturates.iter().filter(|s| s.at >= before).map(full).collect(),
        is_known: milestone.known > 0,
        known,
        phases: milestone.phases.iter().map(|p| phase(outlook, p)).collect(),
        cost: milestone.cost.as_ref().map(|cost| cost_at(outlook, cost)),
    }
}

fn phase(outlook: &Outlook, phase: &PhaseLine) -> Phase {
    Phase {
        name: phase.name.clone(),
        by: phase.by.clone(),
        changes: phase.changes.iter().map(|change| one_line(change)).collect(),
        gate: phase.gate.clone(),
        cost: phase.cost.as_deref().map(|cost| stated(outlook, cost)),
        prerequisites: phase.prerequisites.join(", "),
    }
}

/// Money as the plan writes it, with its currency where it writes none.
fn stated(outlook: &Outlook, words: &str) -> String {
    match &outlook.currency {
        Some(currency) if words.chars().all(|c| !c.is_alphabetic()) => format!("{words} {currency}"),
        _ => words.to_owned(),
    }
}

fn bill(outlook: &Outlook, item: &CostItem) -> Pair {
    let of = |cost: f64| money(cost, outlook.currency.as_deref());
    let value = match (item.low, item.high) {
        (Some(low), Some(high)) if high > low => format!("{} to {}", of(low), of(high)),
        (Some(one), _) | (_, Some(one)) => of(one),
        (None, None) => "not stated".into(),
    };
    Pair { name: item.name.clone(), value }
}

/// An estimate has two significant digits; more would promise what nobody knows.
fn two_digits(amount: f64, round: fn(f64) -> f64) -> f64 {
    let step = 10_f64.powf(amount.abs().max(1.0).log10().floor() - 1.0);
    round(amount / step) * step
}

fn cost_at(outlook: &Outlook, cost: &CostAt) -> String {
    let of = |cost: f64| money(cost, outlook.currency.as_deref());
    let range = if cost.high > cost.low {
        format!("{} to {}", of(two_digits(cost.low, f64::floor)), of(two_digits(cost.high, f64::ceil)))
    } else {
        of(cost.low)
    };
    format!("{range} a month ({})", cost.ground)
}

fn cost(outlook: &Outlook, curve: &CostCurve) -> Curve {
    let of = |cost: f64| money(cost, outlook.currency.as_deref());
    let exponent = curve.exponent.zip(curve.r2);
    Curve {
        metric: curve.metric.clone(),
        unit: curve.unit.clone(),
        points: curve
            .points
            .iter()
            .map(|p| Point { volume: p.volume.clone(), cost: of(p.cost), each: of(p.each) })
            .collect(),
        exponent: exponent.map(|(exponent, r2)| {
            format!("{exponent:.2} (R2 of the logarithms {r2:.3}, {} points)", curve.points.len())
        }),
        reading: curve.reading.clone(),
        now: curve.now.as_ref().map(|now| {
            format!(
                "today's {} {} cost {}, which is {} for {}",
                now.volume,
                curve.metric,
                cost_at(outlook, &now.cost),
                of(now.each),
                curve.unit
            )
        }),
        chart: chart::cost(curve, outlook.currency.as_deref()),
    }
}

fn run(run: &TestRun) -> Run {
    let dash = || "-".to_owned();
    let gates = match (&run.fault, run.gates) {
        (Some(fault), _) => format!("not read: {}", one_line(fault)),
        (None, 0) => "no thresholds, so nothing is shown".into(),
        (None, n) => format!("{} of {n} crossed", run.gates_failed),
    };
    Run {
        name: run.name.clone(),
        kind: run.kind.clone(),
        started: run.started.clone(),
        multiple: run.multiple.map_or_else(dash, exact),
        rps: run.rps.map_or_else(dash, |rps| quantity::show(round(rps), Unit::Count)),
        p95: run.p95_ms.map_or_else(dash, |ms| quantity::show(ms, Unit::Milliseconds)),
        errors: run.error_rate.map_or_else(dash, |share| quantity::show(share, Unit::Ratio)),
        gates,
    }
}
