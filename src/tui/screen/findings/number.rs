//! The number that decides a finding: the evidence that its threshold is about.

use crate::{
    check::finding::{Evidence, Finding, Threshold},
    report::words,
    snapshot::{Unit, Value},
};

/// A deciding number.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::tui) struct Number {
    /// What it is called in the evidence.
    pub(in crate::tui) name: String,
    /// As it was measured, in base units.
    pub(in crate::tui) value: f64,
    /// With its unit, as people read it.
    pub(in crate::tui) shown: String,
}

/// The number of a finding; nothing where none decides.
pub(in crate::tui) fn number(finding: &Finding) -> Option<Number> {
    let (evidence, value) = evidence(finding)?;
    let shown = words::shown(&evidence.value, evidence.unit);
    Some(Number { name: called(evidence), value, shown })
}

/// The name of a piece of evidence as people read it: its unit stands with its value.
pub(super) fn called(evidence: &Evidence) -> String {
    let suffix = match evidence.unit {
        Unit::Seconds => "_s",
        Unit::Milliseconds => "_ms",
        Unit::Bytes => "_bytes",
        _ => "",
    };
    let name = evidence.name.strip_suffix(suffix).filter(|name| !name.is_empty()).unwrap_or(&evidence.name);
    name.replace('_', " ")
}

/// Only the value: what comparing many findings needs.
pub(super) fn value(finding: &Finding) -> Option<f64> {
    evidence(finding).map(|(_, value)| value)
}

/// The threshold that the number is held against.
pub(super) fn threshold(finding: &Finding) -> Option<&Threshold> {
    let (evidence, _) = evidence(finding)?;
    thresholds(finding).find(|threshold| threshold.unit == evidence.unit)
}

/// The name of the evidence that decides.
pub(super) fn name(finding: &Finding) -> Option<&str> {
    evidence(finding).map(|(evidence, _)| evidence.name.as_str())
}

/// Thresholds that can decide: what a rule asks before it judges at all (`min_calls`) cannot.
fn thresholds(finding: &Finding) -> impl Iterator<Item = &Threshold> {
    finding.threshold.iter().filter(|threshold| !threshold.param.starts_with("min_"))
}

fn evidence(finding: &Finding) -> Option<(&Evidence, f64)> {
    let of = |unit: Unit| finding.evidence.iter().find_map(|e| numeric(e).filter(|_| e.unit == unit));
    let compared = thresholds(finding).filter(|threshold| threshold.unit != Unit::Count).find_map(|t| of(t.unit));
    let share = || if finding.threshold.is_empty() { of(Unit::Ratio) } else { None };
    // A check names first what it is about.
    compared.or_else(share).or_else(|| finding.evidence.first().and_then(numeric))
}

fn numeric(evidence: &Evidence) -> Option<(&Evidence, f64)> {
    let is_number = matches!(evidence.value, Value::Int(_) | Value::Double(_)) && evidence.unit != Unit::Id;
    let value = evidence.value.as_f64().filter(|value| is_number && value.is_finite())?;
    Some((evidence, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::audit;

    #[test]
    fn the_number_is_what_the_threshold_is_about() {
        let audit = audit();
        let of = |check: &str| {
            let finding = audit.findings.iter().find(|finding| finding.check == check).unwrap();
            number(finding).map(|number| format!("{} {}", number.name, number.shown))
        };
        assert_eq!(of("redis.memory-near-limit").unwrap(), "share 100 %");
        assert_eq!(of("postgres.lock-chains").unwrap(), "longest wait 32.6 s");
        assert_eq!(of("postgres.slow-statements-lifetime").unwrap(), "mean 401 ms", "not the calls it takes at least");
        assert_eq!(of("pgbouncer.pool-saturation").unwrap(), "share 100 %", "a rule without a threshold");
        assert_eq!(of("plan.coverage"), None, "words decide");
    }
}
