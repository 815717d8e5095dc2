//! What is asked in live rounds: the questions whose answers move from second to second.

use std::time::Duration;

use crate::check::probe::Probe;

/// A probe of the live rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveProbe {
    /// Its id.
    pub id: &'static str,
    /// How often it is asked.
    pub pace: Pace,
}

/// How often a live probe is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// In every live round.
    Round,
    /// In every so many rounds: its answer is large.
    Rounds(u32),
    /// In the first round after so long: what it asks about moves slowly, or asking costs a process.
    Every(Duration),
}

const fn each(id: &'static str) -> LiveProbe {
    LiveProbe { id, pace: Pace::Round }
}

/// The probes of the live rounds that the screens show.
pub const PROBES: &[LiveProbe] = &[
    each("postgres.activity"),
    each("postgres.connections"),
    each("postgres.databases"),
    each("postgres.replication-senders"),
    each("postgres.replica-status"),
    LiveProbe { id: "postgres.statements-counters", pace: Pace::Rounds(5) },
    each("pgbouncer.pools"),
    each("pgbouncer.stats"),
    each("pgbouncer.lists"),
    each("redis.info"),
    each("redis.replicas"),
    LiveProbe { id: "kubernetes.hpas", pace: Pace::Every(Duration::from_secs(15)) },
];

impl Pace {
    /// Whether it is due in the round of this number, counted from 0, when it was last asked so long ago.
    pub fn is_due(self, round: u64, ago: Option<Duration>) -> bool {
        match self {
            Self::Round => true,
            Self::Rounds(rounds) => ago.is_none() || round.is_multiple_of(u64::from(rounds.max(1))),
            Self::Every(time) => ago.is_none_or(|ago| ago >= time),
        }
    }

    /// The time from one asking to the next, with so long between the rounds.
    pub fn period(self, every: Duration) -> Duration {
        match self {
            Self::Round => every,
            Self::Rounds(rounds) => every * rounds.max(1),
            Self::Every(time) => time.max(every),
        }
    }
}

/// How many questions a source is asked in a minute: so many with each pace in live rounds, so many in an audit.
pub fn per_minute(live: &[(Pace, usize)], every: Duration, audited: usize, audit: Duration) -> f64 {
    let rate = |questions: usize, period: Duration| {
        if period.is_zero() {
            return 0.0;
        }
        f64::from(u32::try_from(questions).unwrap_or(u32::MAX)) * 60.0 / period.as_secs_f64()
    };
    let rounds: f64 = live.iter().map(|(pace, questions)| rate(*questions, pace.period(every))).sum();
    rounds + rate(audited, audit)
}

/// The live ones of some probes, each with its pace.
pub(super) fn of(probes: &[Probe], live: &[LiveProbe]) -> Vec<(Probe, Pace)> {
    let pace = |probe: &Probe| live.iter().find(|live| live.id == probe.id).map(|live| live.pace);
    probes.iter().filter_map(|probe| Some((probe.clone(), pace(probe)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{assets, check::library::Library};

    #[test]
    fn every_live_probe_is_one_that_there_is() {
        let library = Library::load(&assets::embedded()).unwrap();
        for live in PROBES {
            assert!(library.probe(live.id).is_some(), "{}", live.id);
        }
    }

    #[test]
    fn what_is_large_waits_for_its_round_and_what_is_slow_for_its_time() {
        let seconds = |n| Some(Duration::from_secs(n));
        let due: Vec<u64> = (0..11).filter(|round| Pace::Rounds(5).is_due(*round, seconds(1))).collect();
        assert_eq!(due, [0, 5, 10]);
        assert!(Pace::Rounds(5).is_due(3, None), "what was never asked is asked at once");
        let slow = Pace::Every(Duration::from_secs(15));
        assert!(slow.is_due(1, None) && slow.is_due(1, seconds(15)) && !slow.is_due(1, seconds(14)));
    }

    #[test]
    fn the_questions_of_a_minute_are_those_of_its_rounds() {
        let live = [(Pace::Round, 4), (Pace::Rounds(5), 1), (Pace::Every(Duration::from_secs(15)), 1)];
        let (two, minute) = (Duration::from_secs(2), Duration::from_secs(60));
        // 4 in each of 30 rounds, 1 in each of 6 of them, 4 by the quarter of a minute, 20 in one audit.
        assert!((per_minute(&live, two, 20, minute) - (120.0 + 6.0 + 4.0 + 20.0)).abs() < 1e-9);
        assert!(per_minute(&live, Duration::ZERO, 0, Duration::ZERO).is_finite());
    }
}
