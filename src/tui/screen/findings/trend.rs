//! How a finding moved since the judgement before.

use std::collections::HashMap;

use super::number;
use crate::check::finding::{Finding, Status};

/// How a finding moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trend {
    /// Its status or its number is worse.
    Worse,
    /// It was not there.
    New,
    /// Its number is larger, and whether that is good cannot be told.
    Up,
    /// Its number is smaller, and whether that is good cannot be told.
    Down,
    /// Its status or its number is better.
    Better,
    /// It is as it was.
    #[default]
    Same,
}

impl Trend {
    /// Its word; nothing where it is as it was, so that what moved stands out.
    pub fn word(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::New => "new",
            Self::Up => "up",
            Self::Down => "down",
            Self::Better => "better",
            Self::Same => "",
        }
    }

    /// Its place where what changed comes first.
    pub(super) fn rank(self) -> u8 {
        self as u8
    }
}

/// How much a number must move to be told, as a share of it: less is noise.
const NOISE: f64 = 0.02;

/// How findings moved, beside the findings.
pub(super) fn trends(before: &[Finding], now: &[Finding]) -> Vec<Trend> {
    let mut by_name: HashMap<(&str, &str), &Finding> = HashMap::with_capacity(before.len());
    by_name.extend(before.iter().map(|finding| ((finding.check.as_str(), finding.subject.as_str()), finding)));
    let was = |finding: &Finding| by_name.get(&(finding.check.as_str(), finding.subject.as_str())).copied();
    now.iter().map(|finding| was(finding).map_or(Trend::New, |was| moved(was, finding))).collect()
}

fn moved(was: &Finding, now: &Finding) -> Trend {
    match (rank(was.status), rank(now.status)) {
        // What can no longer be measured has not become better, whatever it was.
        (was, None) if was.is_some() => return Trend::Worse,
        (None, Some(now)) => return if now == 0 { Trend::Better } else { Trend::Worse },
        (Some(was), Some(now)) if now > was => return Trend::Worse,
        (Some(was), Some(now)) if now < was => return Trend::Better,
        _ => {}
    }
    let (Some(before), Some(value)) = (number::value(was), number::value(now)) else { return Trend::Same };
    if (value - before).abs() <= NOISE * before.abs().max(value.abs()) {
        return Trend::Same;
    }
    let rises = value > before;
    match (harms_when_larger(now, value), rises) {
        (Some(harms), _) if harms == rises => Trend::Worse,
        (Some(_), _) => Trend::Better,
        (None, true) => Trend::Up,
        (None, false) => Trend::Down,
    }
}

/// How bad a status is; nothing where it is not known. A fail that is accepted fails as before: signing it makes nothing
/// better.
fn rank(status: Status) -> Option<u8> {
    match status {
        Status::Pass | Status::NotApplicable => Some(0),
        Status::Warn => Some(1),
        Status::Fail | Status::Waived => Some(2),
        Status::Unknown => None,
    }
}

/// Whether a larger number is a worse one: told from the side of its limit on which it stands, and what that came to.
fn harms_when_larger(finding: &Finding, value: f64) -> Option<bool> {
    let limit = number::threshold(finding)?.value;
    match finding.status {
        Status::Fail | Status::Warn | Status::Waived => Some(value >= limit),
        Status::Pass => Some(value < limit),
        Status::Unknown | Status::NotApplicable => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{snapshot::Value, tui::fixture::audit};

    fn finding(check: &str) -> Finding {
        audit().findings.iter().find(|finding| finding.check == check).unwrap().clone()
    }

    fn with(mut finding: Finding, name: &str, value: f64) -> Finding {
        finding.evidence.iter_mut().filter(|e| e.name == name).for_each(|e| e.value = Value::Double(value));
        finding
    }

    #[test]
    fn a_finding_moves_by_its_status_or_its_number() {
        let now = finding("postgres.slow-statements");
        let of = |was: Finding| trends(&[was], std::slice::from_ref(&now))[0];
        assert_eq!(of(now.clone()), Trend::Same);
        assert_eq!(of(with(now.clone(), "mean_ms", 405.0)), Trend::Same, "a hair is noise");
        assert_eq!(of(with(now.clone(), "mean_ms", 200.0)), Trend::Worse, "slower, and slow is over its limit");
        assert_eq!(of(with(now.clone(), "mean_ms", 800.0)), Trend::Better);
        assert_eq!(of(Finding { status: Status::Fail, ..now.clone() }), Trend::Better);
        assert_eq!(of(Finding { status: Status::Pass, ..now.clone() }), Trend::Worse);
        assert_eq!(of(Finding { subject: "another".into(), ..now.clone() }), Trend::New);
    }

    #[test]
    fn an_unknown_never_improves_on_a_pass_and_an_accepted_fail_stays_one() {
        let pass = Finding { status: Status::Pass, ..finding("redis.memory-near-limit") };
        let unknown = Finding { status: Status::Unknown, ..pass.clone() };
        assert_eq!(trends(std::slice::from_ref(&pass), &[unknown]), [Trend::Worse]);
        let fail = finding("redis.memory-near-limit");
        let waived = Finding { status: Status::Waived, ..fail.clone() };
        assert_eq!(trends(&[fail], &[waived]), [Trend::Same]);
    }

    #[test]
    fn a_fail_that_cannot_be_measured_any_more_is_not_better() {
        let fail = finding("redis.memory-near-limit");
        let unknown = Finding { status: Status::Unknown, ..fail.clone() };
        assert_eq!(trends(std::slice::from_ref(&fail), std::slice::from_ref(&unknown)), [Trend::Worse]);
        assert_eq!(trends(std::slice::from_ref(&unknown), &[fail]), [Trend::Worse]);
        assert_eq!(trends(std::slice::from_ref(&unknown), std::slice::from_ref(&unknown)), [Trend::Same]);
    }

    #[test]
    fn without_a_limit_a_number_only_moves() {
        let now = finding("postgres.slots-retaining-wal");
        assert_eq!(trends(&[with(now.clone(), "retained_bytes", 1.0)], &[now]), [Trend::Up]);
    }
}
