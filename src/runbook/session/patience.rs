//! How long a look must hold, and how long to look for it. Pure: times are counted from the first look.

use std::time::Duration;

use crate::runbook::{model::Verify, record::Verdict};

/// The least time between two looks.
pub(super) const BREATH: Duration = Duration::from_millis(100);

/// What is known of one condition that is waited for.
#[derive(Debug, Clone)]
pub(super) struct Patience {
    within: Duration,
    every: Duration,
    hold: Duration,
    holds: Option<bool>,
    since: Option<Duration>,
}

/// What the looks so far come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// It is over.
    Over(Verdict),
    /// To look again after this time.
    Look(Duration),
}

impl Patience {
    pub(super) fn new(verify: &Verify) -> Self {
        let Verify { within, every, hold, .. } = *verify;
        Self { within, every, hold, holds: None, since: None }
    }

    /// Takes in what a look that ended at this time said.
    pub(super) fn see(&mut self, at: Duration, holds: Option<bool>) {
        self.holds = holds;
        self.since = if holds == Some(true) { self.since.or(Some(at)) } else { None };
    }

    fn held(&self, at: Duration) -> bool {
        self.since.is_some_and(|since| at.saturating_sub(since) >= self.hold)
    }

    /// Whether time is up. What holds when its time is up may hold on until it has held for long enough.
    fn is_over(&self, at: Duration) -> bool {
        self.since.is_none() && at >= self.within
    }

    fn next(&self, at: Duration) -> Duration {
        let end = self.since.map_or(self.within, |since| since + self.hold);
        // Held already, and waiting for others: there is no end of its own to look at.
        let end = if self.held(at) { Duration::MAX } else { end };
        self.every.min(end.saturating_sub(at))
    }
}

/// The longest that waiting for all of them may take.
pub(super) fn longest(all: &[Patience]) -> Duration {
    all.iter().map(|one| one.within + one.hold).max().unwrap_or_default()
}

/// What to do after a look at all of them that ended at this time: all must have held for long enough at once.
pub(super) fn next(all: &[Patience], at: Duration) -> Next {
    if all.iter().all(|one| one.held(at)) {
        return Next::Over(Verdict::Held);
    }
    let over: Vec<_> = all.iter().filter(|one| one.is_over(at)).collect();
    if over.iter().any(|one| one.holds == Some(false)) {
        return Next::Over(Verdict::NotHeld);
    }
    // What could not be measured is no success, however long one looks.
    if !over.is_empty() {
        return Next::Over(Verdict::Unknown);
    }
    Next::Look(all.iter().map(|one| one.next(at)).min().unwrap_or_default().max(BREATH))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::model::{Condition, Expectation, Place};

    fn patience(within: u64, every: u64, hold: u64) -> Patience {
        let secs = Duration::from_secs;
        let condition = Condition {
            check: "a.b".into(),
            subject: None,
            expect: Expectation::Passes,
            says: None,
            place: Place::default(),
        };
        Patience::new(&Verify { condition, within: secs(within), every: secs(every), hold: secs(hold) })
    }

    /// Looks at the given seconds, and says what comes after the last of them.
    fn after(one: &Patience, looks: &[(u64, Option<bool>)]) -> Next {
        let mut one = one.clone();
        let mut next = Next::Look(Duration::ZERO);
        for (at, holds) in looks {
            assert!(matches!(next, Next::Look(_)), "it is over before {at}");
            one.see(Duration::from_secs(*at), *holds);
            next = super::next(std::slice::from_ref(&one), Duration::from_secs(*at));
        }
        next
    }

    fn look(secs: u64) -> Next {
        Next::Look(Duration::from_secs(secs))
    }

    #[test]
    fn one_look_decides_where_nothing_is_waited_for() {
        let one = patience(0, 5, 0);
        assert_eq!(after(&one, &[(0, Some(true))]), Next::Over(Verdict::Held));
        assert_eq!(after(&one, &[(0, Some(false))]), Next::Over(Verdict::NotHeld));
        assert_eq!(after(&one, &[(0, None)]), Next::Over(Verdict::Unknown));
    }

    #[test]
    fn it_must_hold_without_a_break() {
        let one = patience(30, 5, 8);
        assert_eq!(after(&one, &[(0, Some(true))]), look(5));
        assert_eq!(after(&one, &[(0, Some(true)), (5, Some(true))]), look(3), "the end of holding is looked at");
        assert_eq!(after(&one, &[(0, Some(true)), (8, Some(true))]), Next::Over(Verdict::Held));
        assert_eq!(after(&one, &[(0, Some(true)), (5, Some(false)), (8, Some(true))]), look(5));
        assert_eq!(after(&one, &[(0, Some(true)), (5, None), (8, Some(true))]), look(5), "unknown breaks it");
    }

    #[test]
    fn time_is_up_for_what_does_not_hold_and_for_what_is_unknown() {
        let one = patience(12, 5, 0);
        assert_eq!(after(&one, &[(0, None), (5, Some(false)), (10, Some(false))]), look(2));
        assert_eq!(after(&one, &[(0, None), (12, Some(false))]), Next::Over(Verdict::NotHeld));
        assert_eq!(after(&one, &[(0, Some(false)), (12, None)]), Next::Over(Verdict::Unknown));
    }

    #[test]
    fn what_holds_when_time_is_up_may_hold_on() {
        let one = patience(10, 5, 4);
        assert_eq!(after(&one, &[(0, None), (9, Some(true)), (11, Some(true))]), look(2));
        assert_eq!(after(&one, &[(9, Some(true)), (13, Some(true))]), Next::Over(Verdict::Held));
        assert_eq!(after(&one, &[(9, Some(true)), (11, Some(false))]), Next::Over(Verdict::NotHeld));
        assert_eq!(after(&patience(0, 5, 4), &[(0, Some(true)), (4, Some(true))]), Next::Over(Verdict::Held));
    }

    #[test]
    fn all_must_hold_at_once() {
        let at = Duration::from_secs;
        let mut all = [patience(60, 5, 0), patience(60, 5, 0)];
        all[0].see(at(0), Some(true));
        all[1].see(at(0), Some(false));
        assert_eq!(next(&all, at(0)), look(5));
        all[0].see(at(5), Some(false));
        all[1].see(at(5), Some(true));
        assert_eq!(next(&all, at(5)), look(5), "never both at once");
        all[0].see(at(10), Some(true));
        all[1].see(at(10), Some(true));
        assert_eq!(next(&all, at(10)), Next::Over(Verdict::Held));
        assert_eq!(longest(&all), at(60));
    }
}
