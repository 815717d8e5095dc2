//! Bottlenecks as rows, and what is said where none is known.

use serde::Serialize;

use crate::{
    quantity,
    readiness::bottleneck::{Bottleneck, Grade, Grows},
    report::{
        chart,
        model::Audit,
        words::{one_line, times},
    },
    snapshot::Unit,
};

/// What is limited.
#[derive(Serialize)]
pub(super) struct Limits {
    /// The nearest to its limit first.
    rows: Vec<Row>,
    /// What the plan needs of every resource, and where that comes from.
    need: Option<String>,
    /// Fenced bars, or nothing where no headroom is known.
    chart: String,
}

#[derive(Serialize)]
struct Row {
    resource: String,
    subject: String,
    used: String,
    ceiling: String,
    /// When it is full: `at 1.3x of today's load`, `in 12 d`.
    full: String,
    interval: Option<String>,
    /// Nothing where nobody states it.
    needed: Option<String>,
    /// Whether it lasts; nothing where that is not known.
    lasts: Option<bool>,
    grade: &'static str,
    grade_means: &'static str,
    ground: String,
    fix: String,
    advice: Option<String>,
    check: String,
}

impl Limits {
    pub(super) fn of(audit: &Audit) -> Self {
        let needed = audit.need.as_ref().map(|need| {
            let load = need.multiple.map(|m| format!("{} of today's load", exact(m)));
            let time = format!("{} for what fills with time", quantity::show(need.days * 86_400.0, Unit::Seconds));
            format!("{} ({})", load.into_iter().chain([time]).collect::<Vec<_>>().join(", "), need.origin)
        });
        Self {
            rows: audit.bottlenecks.iter().map(|bottleneck| row(audit, bottleneck)).collect(),
            need: needed,
            chart: chart::headroom(&audit.bottlenecks, audit.need.as_ref().and_then(|need| need.multiple)),
        }
    }
}

/// A multiple that somebody stated.
pub(super) fn exact(multiple: f64) -> String {
    format!("{}x", quantity::show(multiple, Unit::Count))
}

/// At which load or day a resource is at its safe ceiling.
pub(super) fn full(bottleneck: &Bottleneck) -> String {
    let days = bottleneck.days_left.map(|days| quantity::show(days.max(0.0) * 86_400.0, Unit::Seconds));
    let by_growth = days.as_ref().map(|days| format!(", in {days} by the plan's growth")).unwrap_or_default();
    match (bottleneck.grows, bottleneck.headroom, days) {
        (Grows::Traffic, Some(headroom), _) if bottleneck.grade == Grade::Static => {
            format!("at {} of what may be asked for, whatever the load", times(headroom))
        }
        (Grows::Traffic, Some(headroom), _) if bottleneck.grade == Grade::LoadTest => {
            format!("not before {} of today's load, which a test carried", times(headroom))
        }
        (Grows::Traffic, Some(headroom), _) if headroom < 1.0 => {
            format!("now (safe up to {} of today's load)", times(headroom))
        }
        (Grows::Traffic, Some(headroom), _) => format!("at {} of today's load{by_growth}", times(headroom)),
        (Grows::Traffic, None, _) => "not known: its use does not tell how it grows with load".into(),
        (Grows::Time, _, Some(days)) => format!("in {days}"),
        (Grows::Time, _, None) => "not known: no rate of growth was measured".into(),
    }
}

fn row(audit: &Audit, bottleneck: &Bottleneck) -> Row {
    let need = audit.need.as_ref();
    let needed = match bottleneck.grows {
        Grows::Traffic => need.and_then(|need| need.multiple).map(exact),
        Grows::Time => need.map(|need| quantity::show(need.days * 86_400.0, Unit::Seconds)),
    };
    let advice = bottleneck.advice.as_ref();
    Row {
        resource: bottleneck.resource.clone(),
        subject: bottleneck.subject.clone(),
        used: quantity::show(bottleneck.used, bottleneck.unit),
        ceiling: quantity::show(bottleneck.ceiling, bottleneck.unit),
        full: full(bottleneck),
        interval: bottleneck.headroom_interval.map(|(low, high)| format!("{} to {}", times(low), times(high))),
        needed,
        lasts: bottleneck.margin.map(|margin| margin >= 1.0),
        grade: bottleneck.grade.words(),
        grade_means: grade_means(bottleneck),
        ground: bottleneck.ground.clone(),
        fix: one_line(&bottleneck.fix),
        advice: advice.map(|a| format!("{}: first {}; then {}; finally {}", a.symptom, a.first, a.then, a.finally)),
        check: bottleneck.check.clone(),
    }
}

fn grade_means(bottleneck: &Bottleneck) -> &'static str {
    match bottleneck.grade {
        Grade::LoadTest => "a load test carried it",
        Grade::Fitted => "a curve through several load levels",
        Grade::OnePoint if bottleneck.grows == Grows::Time => "one rate of growth, measured once: an estimate",
        Grade::OnePoint => "a line from idle through one measurement: an estimate",
        Grade::Static => "limits compared with each other, without any load",
    }
}
