//! Verdict, score interval and coverage. After the design's part 5; the reasons, with the flaws of what
//! other programs do, are those of an interval: what was not measured can neither help nor silently hurt.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::finding::Status;

/// Below this coverage nothing is proven. The design's figure.
pub const COVERAGE_DUE: f64 = 0.9;

/// One criterion as the score sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// How much it counts.
    pub weight: f64,
    /// Whether a fail blocks.
    pub gate: bool,
    /// How it stands.
    pub status: Status,
    /// The last day of its waiver.
    pub waived_until: Option<Date>,
}

/// What is said of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Verdict {
    /// A gate fails.
    #[serde(rename = "NOT READY")]
    NotReady,
    /// No gate fails, but one is not measured, or too little is known.
    #[serde(rename = "UNPROVEN")]
    Unproven,
    /// All gates hold, some by an accepted fail.
    #[serde(rename = "READY WITH WAIVERS")]
    ReadyWithWaivers,
    /// All gates hold.
    #[serde(rename = "READY")]
    Ready,
}

impl Verdict {
    /// Its words on screens and in reports.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotReady => "NOT READY",
            Self::Unproven => "UNPROVEN",
            Self::ReadyWithWaivers => "READY WITH WAIVERS",
            Self::Ready => "READY",
        }
    }

    /// Whether a level with this verdict counts as reached.
    pub fn is_reached(self) -> bool {
        matches!(self, Self::Ready | Self::ReadyWithWaivers)
    }
}

/// The score of some criteria, as an interval, with how much of it is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// If everything unknown were bad; from 0 to 100. CI compares this one.
    pub low: f64,
    /// If everything unknown were good.
    pub high: f64,
    /// `low` if accepted fails were no fails.
    pub low_if_waived: f64,
    /// The share of the weight that is known, from 0 to 1.
    pub coverage: f64,
    /// How many criteria apply.
    pub applicable: usize,
    /// How many of them are known.
    pub known: usize,
}

/// The worth of a status: 1 for a pass, a half for a warning, nothing for a fail, also an accepted one.
fn worth(status: Status) -> f64 {
    match status {
        Status::Pass => 1.0,
        Status::Warn => 0.5,
        Status::Fail | Status::Waived | Status::Unknown | Status::NotApplicable => 0.0,
    }
}

impl Score {
    /// The score of some criteria: with w the weights and v the worths, over those that apply,
    /// `low = Σwv(known)/Σw`, `coverage = Σw(known)/Σw`, `high = low + 1 - coverage`. Of nothing, 0 to 100.
    pub fn of(items: &[Item]) -> Self {
        let sum = |part: &dyn Fn(&Item) -> f64| -> f64 { items.iter().filter(|i| applies(i)).map(part).sum() };
        let all = sum(&|i| i.weight);
        let known = |i: &Item| i.status != Status::Unknown;
        let of_all = |part: f64| if all > 0.0 { part / all } else { 0.0 };
        let low = of_all(sum(&|i| i.weight * worth(i.status)));
        let waived = of_all(sum(&|i| if i.status == Status::Waived { i.weight } else { 0.0 }));
        let coverage = of_all(sum(&|i| if known(i) { i.weight } else { 0.0 }));
        Self {
            low: 100.0 * low,
            high: 100.0 * (low + 1.0 - coverage).min(1.0),
            low_if_waived: 100.0 * (low + waived),
            coverage,
            applicable: items.iter().filter(|i| applies(i)).count(),
            known: items.iter().filter(|i| applies(i) && known(i)).count(),
        }
    }

    /// `62-75, coverage 87 %`: rounded so that it never promises more than is so.
    pub fn words(&self) -> String {
        format!("{:.0}-{:.0}, coverage {:.0} %", down(self.low), up(self.high), down(100.0 * self.coverage))
    }
}

/// Down to a whole number, but not for the last bit of a floating sum.
fn down(number: f64) -> f64 {
    (number + 1e-9).floor()
}

fn up(number: f64) -> f64 {
    // Never -0, which would be written with its sign.
    (number - 1e-9).ceil() + 0.0
}

fn applies(item: &Item) -> bool {
    item.status != Status::NotApplicable
}

/// The verdict on some criteria.
pub fn verdict(items: &[Item]) -> Verdict {
    let gate = |status: Status| items.iter().any(|item| item.gate && item.status == status);
    let score = Score::of(items);
    match () {
        () if gate(Status::Fail) => Verdict::NotReady,
        // Nothing that applies proves nothing.
        () if score.applicable == 0 || gate(Status::Unknown) => Verdict::Unproven,
        () if score.coverage + 1e-9 < COVERAGE_DUE => Verdict::Unproven,
        () if gate(Status::Waived) => Verdict::ReadyWithWaivers,
        () => Verdict::Ready,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item(weight: f64, gate: bool, status: Status) -> Item {
        Item { weight, gate, status, waived_until: None }
    }

    fn items() -> impl Strategy<Value = Vec<Item>> {
        let status = prop::sample::select(vec![
            Status::Pass,
            Status::Warn,
            Status::Fail,
            Status::Unknown,
            Status::Waived,
            Status::NotApplicable,
        ]);
        let one = (0.5..5.0, any::<bool>(), status).prop_map(|(weight, gate, status)| item(weight, gate, status));
        prop::collection::vec(one, 0..20)
    }

    fn with(mut all: Vec<Item>, at: usize, status: Status) -> Vec<Item> {
        if let Some(item) = all.get_mut(at) {
            item.status = status;
        }
        all
    }

    proptest! {
        #[test]
        fn an_unknown_never_raises_low(all in items(), at in 0usize..20) {
            prop_assume!(at < all.len() && all[at].status != Status::NotApplicable);
            let unknown = with(all.clone(), at, Status::Unknown);
            prop_assert!(Score::of(&unknown).low <= Score::of(&all).low + 1e-9);
            prop_assert!(Score::of(&unknown).high + 1e-9 >= Score::of(&all).low);
        }

        #[test]
        fn a_failing_gate_never_improves_a_verdict(all in items(), weight in 0.5..5.0) {
            let before = verdict(&all);
            let mut more = all;
            more.push(item(weight, true, Status::Fail));
            prop_assert!(verdict(&more) <= before);
            prop_assert_eq!(verdict(&more), Verdict::NotReady);
        }

        #[test]
        fn a_fail_never_helps(all in items(), at in 0usize..20) {
            prop_assume!(at < all.len() && all[at].status != Status::NotApplicable);
            let failed = with(all.clone(), at, Status::Fail);
            prop_assert!(Score::of(&failed).low <= Score::of(&all).low + 1e-9);
            if all[at].gate {
                prop_assert_eq!(verdict(&failed), Verdict::NotReady);
            }
        }

        #[test]
        fn waiving_never_hides(all in items(), at in 0usize..20) {
            prop_assume!(at < all.len());
            let failed = with(all.clone(), at, Status::Fail);
            let waived = with(all, at, Status::Waived);
            prop_assert!((Score::of(&failed).low - Score::of(&waived).low).abs() < 1e-9, "an accepted fail earns nothing");
            if waived[at].gate {
                prop_assert_ne!(verdict(&waived), Verdict::Ready, "and a waived gate is always told");
            }
        }

        #[test]
        fn the_order_never_matters(all in items()) {
            let mut back = all.clone();
            back.reverse();
            prop_assert_eq!(verdict(&back), verdict(&all));
            prop_assert!((Score::of(&back).low - Score::of(&all).low).abs() < 1e-9);
        }

        #[test]
        fn the_interval_holds_what_the_unknown_could_be(all in items()) {
            let as_if = |status| {
                let told = all.iter().map(|i| if i.status == Status::Unknown { Item { status, ..*i } } else { *i });
                Score::of(&told.collect::<Vec<_>>()).low
            };
            let score = Score::of(&all);
            prop_assume!(score.applicable > 0);
            prop_assert!((as_if(Status::Fail) - score.low).abs() < 1e-6);
            prop_assert!((as_if(Status::Pass) - score.high).abs() < 1e-6);
        }
    }

    #[test]
    fn nothing_that_applies_is_unproven() {
        assert_eq!(verdict(&[]), Verdict::Unproven);
        assert_eq!(verdict(&[item(1.0, true, Status::NotApplicable)]), Verdict::Unproven);
        assert_eq!(Score::of(&[]).words(), "0-100, coverage 0 %");
    }

    #[test]
    fn too_little_coverage_is_unproven_and_nine_tenths_is_enough() {
        let known = |n: usize| {
            let mut all = vec![item(1.0, false, Status::Pass); n];
            all.resize(10, item(1.0, false, Status::Unknown));
            verdict(&all)
        };
        assert_eq!(known(8), Verdict::Unproven);
        assert_eq!(known(9), Verdict::Ready);
    }

    #[test]
    fn a_warning_counts_half_and_does_not_block() {
        let all = [item(1.0, true, Status::Warn), item(1.0, true, Status::Pass)];
        assert_eq!(verdict(&all), Verdict::Ready);
        assert_eq!(Score::of(&all).words(), "75-75, coverage 100 %");
    }
}
