//! What the plan needs of every resource: by how much load may grow, and how long what fills must last.

use super::arithmetic::{MONTH, grown};
use crate::{
    check::{evaluate::Bench, relation::Relation},
    quantity,
    readiness::bottleneck::Need,
    snapshot::Unit,
};

/// The section of the plan that holds growth and horizon.
pub(super) const SUMMARY: &str = "plan.summary";
/// The section that says today's traffic and the one aimed at.
pub(super) const TRAFFIC: &str = "plan.traffic";

/// How long what fills with time must last where no plan says so: a quarter, our judgement.
pub(in crate::readiness) const DAYS: f64 = 90.0;

impl Need {
    /// What the plan in the snapshot needs; nothing where it has none, or names neither traffic nor growth.
    pub(in crate::readiness) fn of(bench: &Bench) -> Option<Self> {
        let summary = bench.relations(SUMMARY).iter().find(|relation| relation.table.rows() > 0);
        let number = |column: &str| {
            let number = summary.and_then(|summary| summary.get(0, column).as_f64());
            number.filter(|number| *number > 0.0)
        };
        let (growth, months) = (number("growth"), number("months"));
        let by_target = bench.relations(TRAFFIC).iter().filter_map(target).max_by(|a, b| a.0.total_cmp(&b.0));
        let wanted = by_target.or_else(|| by_growth(number("peak_factor"), growth, months));
        if wanted.is_none() && growth.is_none() && months.is_none() {
            return None;
        }
        let days = months.map_or(DAYS, |months| months * MONTH);
        let horizon = match months {
            Some(months) => format!("what fills with time must last the plan's {} months", shown(months)),
            None => format!("what fills with time must last {DAYS} days, because the plan names no months"),
        };
        let (multiple, origin) = match wanted {
            Some((multiple, origin)) => (Some(multiple), origin),
            None => (None, "the plan names neither a target nor how load grows until then".to_owned()),
        };
        Some(Self { multiple, growth, days, origin: format!("{origin}; {horizon}") })
    }
}

fn shown(number: f64) -> String {
    quantity::show(number, Unit::Count)
}

/// The largest multiple that the traffic of the plan aims at.
fn target(traffic: &Relation) -> Option<(f64, String)> {
    let of = |row: usize| {
        let text = |column: &str| traffic.get(row, column).as_str().unwrap_or_default().to_owned();
        let (now, target) = (traffic.get(row, "now").as_f64()?, traffic.get(row, "target").as_f64()?);
        let multiple = target / now;
        let same = text("now_measure") == text("target_measure");
        let origin = format!("{} from {} to {}, says the plan", text("metric"), text("now_text"), text("target_text"));
        (same && now > 0.0 && multiple.is_finite() && multiple > 0.0).then_some((multiple, origin))
    };
    (0..traffic.table.rows()).filter_map(of).max_by(|a, b| a.0.total_cmp(&b.0))
}

/// The multiple by the plan's peak and its growth until its horizon.
fn by_growth(peak: Option<f64>, growth: Option<f64>, months: Option<f64>) -> Option<(f64, String)> {
    let grows = growth.zip(months);
    if peak.is_none() && grows.is_none() {
        return None;
    }
    let (growth, months) = grows.unwrap_or_default();
    let multiple = grown(peak.unwrap_or(1.0), growth, months)?;
    let peak = peak.map(|peak| format!("a peak of {}x", shown(peak)));
    let growth = grows.map(|(growth, months)| {
        format!("{} a month for {} months", quantity::show(growth, Unit::Ratio), shown(months))
    });
    let words: Vec<_> = peak.into_iter().chain(growth).collect();
    Some((multiple, format!("{}, says the plan", words.join(" and "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readiness::headroom::tests::{Plan, bench_of};

    fn need(plan: &Plan) -> Option<Need> {
        let (library, snapshot) = bench_of(plan, &[]);
        Need::of(&Bench::new(&library, &snapshot))
    }

    #[test]
    fn the_largest_target_of_the_plan_counts() {
        let need = need(&Plan {
            summary: vec![("growth", 0.1), ("months", 12.0), ("peak_factor", 3.0)],
            traffic: vec![("requests", 100.0, 250.0), ("users", 1000.0, 4000.0)],
        })
        .unwrap();
        assert_eq!(need.multiple, Some(4.0));
        assert!((need.days - 364.8).abs() < 1e-9, "{need:?}");
        assert!(need.origin.contains("users from 1000 to 4000"), "{need:?}");
    }

    #[test]
    fn without_a_target_peak_and_growth_count() {
        let summary = vec![("growth", 0.1), ("months", 12.0), ("peak_factor", 3.0)];
        let with = need(&Plan { summary, traffic: vec![] }).unwrap();
        assert!((with.multiple.unwrap() - 9.415).abs() < 0.001, "{with:?}");
        let growth_only = need(&Plan { summary: vec![("growth", 0.1)], traffic: vec![] }).unwrap();
        assert_eq!((growth_only.multiple, growth_only.days), (None, DAYS));
    }

    #[test]
    fn no_plan_needs_nothing() {
        assert_eq!(need(&Plan { summary: vec![], traffic: vec![] }), None);
    }
}
