//! When a source is asked what. Pure: the time is given.

use std::time::Duration;

use tokio::time::Instant;

use super::{Options, backoff};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Everything there is to judge.
    Audit,
    /// The counters of an audit once more, so that there are rates soon after the first.
    Second,
    /// What moves from second to second.
    Live,
}

/// The times of one source.
#[derive(Debug)]
pub(super) struct Rhythm {
    every: Duration,
    audit: Duration,
    window: Duration,
    /// Whether anything is asked of it in live rounds.
    lively: bool,
    audit_at: Instant,
    second_at: Option<Instant>,
    live_at: Instant,
    /// When a source that fails is tried again; nothing else is asked of it until then.
    retry_at: Option<Instant>,
    tries: u32,
    wanted: bool,
    paused: bool,
}

impl Rhythm {
    /// A source that is to be asked everything at once.
    pub(super) fn new(options: &Options, lively: bool, now: Instant) -> Self {
        Self {
            every: options.live.max(Options::CLOSEST),
            audit: options.audit.max(Options::CLOSEST),
            window: options.window,
            lively,
            audit_at: now,
            second_at: None,
            live_at: now,
            retry_at: None,
            tries: 0,
            wanted: false,
            paused: false,
        }
    }

    /// What is due next, and when; nothing while it is paused.
    pub(super) fn next(&self, now: Instant) -> Option<(Instant, Due)> {
        if self.wanted {
            return Some((now, Due::Audit));
        }
        if self.paused {
            return None;
        }
        if let Some(at) = self.retry_at {
            return Some((at, Due::Audit));
        }
        let second = self.second_at.map(|at| (at, Due::Second));
        let live = self.lively.then_some((self.live_at, Due::Live));
        // Of what is due at the same time, the first asks the rest as well.
        [Some((self.audit_at, Due::Audit)), second, live].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// Everything is asked at once, paused or not, failing or not.
    pub(super) fn want(&mut self) {
        self.wanted = true;
    }

    /// Rounds begin no more, or again.
    pub(super) fn pause(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Another time between live rounds.
    pub(super) fn live_every(&mut self, every: Duration, now: Instant) {
        self.every = every.max(Options::CLOSEST);
        self.live_at = self.live_at.min(now + self.every);
    }

    /// A round begins. A wish is fulfilled once.
    pub(super) fn begin(&mut self, due: Due) {
        if due == Due::Audit {
            self.wanted = false;
        }
    }

    /// A round of another kind had a live one within it, after which the next is due at this time.
    pub(super) fn lived(&mut self, due: Instant) {
        self.live_at = self.live_at.max(due);
    }

    /// An audit round is done. `unpaired` says that counters of it have no earlier sample.
    pub(super) fn audited(&mut self, started: Instant, now: Instant, unpaired: bool) {
        self.retry_at = None;
        self.tries = 0;
        self.audit_at = rested(started, now, self.audit);
        // Counted from the end: what was asked in this round is taken down there, and an audit may take longer than the
        // window lasts.
        let second = (unpaired && !self.window.is_zero()).then_some(now + self.window);
        // Asked again soon after the first, the second round comes when it was due.
        self.second_at = match (self.second_at, second) {
            (Some(due), Some(_)) if due > now => Some(due),
            (_, second) => second,
        };
    }

    /// The counters of an audit were asked once more.
    pub(super) fn seconded(&mut self) {
        self.second_at = None;
    }

    /// A live round is done.
    pub(super) fn sampled(&mut self, started: Instant, now: Instant) {
        self.live_at = rested(started, now, self.every);
    }

    /// The source failed; gives how often in a row, and how long it is left alone.
    pub(super) fn failed(&mut self, source: &str, now: Instant) -> (u32, Duration) {
        self.tries = self.tries.saturating_add(1);
        self.second_at = None;
        let wait = backoff::wait(self.tries, source);
        self.retry_at = Some(now + wait);
        (self.tries, wait)
    }

    /// What was asked is dropped; the next rounds come in their time.
    pub(super) fn cancelled(&mut self, due: Due, now: Instant) {
        match due {
            Due::Audit => self.audit_at = now + self.audit,
            Due::Second => self.second_at = None,
            Due::Live => {}
        }
        self.live_at = now + self.every;
    }

    /// A source that fails, and whose try was dropped, is left alone as long as after the last one.
    pub(super) fn retry_later(&mut self, source: &str, now: Instant) -> Option<Duration> {
        self.retry_at?;
        let wait = backoff::wait(self.tries, source);
        self.retry_at = Some(now + wait);
        Some(wait)
    }
}

/// The next time of what began and ended so: after its interval, but never is a source asked for more than half of the
/// time.
pub(super) fn rested(started: Instant, ended: Instant, interval: Duration) -> Instant {
    (started + interval).max(ended + ended.duration_since(started))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn rhythm(now: Instant) -> Rhythm {
        Rhythm::new(&Options::default(), true, now)
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_audit_is_at_once_its_second_sample_soon_and_then_it_is_a_minute() {
        let start = Instant::now();
        let mut rhythm = rhythm(start);
        assert_eq!(rhythm.next(start), Some((start, Due::Audit)));
        rhythm.audited(start, start + seconds(1), true);
        rhythm.lived(start + seconds(2));
        assert_eq!(rhythm.next(start), Some((start + seconds(2), Due::Live)));
        rhythm.sampled(start + seconds(12), start + seconds(12));
        let why = "the window counts from the end of the first, which took a second";
        assert_eq!(rhythm.next(start), Some((start + seconds(11), Due::Second)), "{why}");
        rhythm.seconded();
        rhythm.sampled(start + seconds(58), start + seconds(58));
        assert_eq!(rhythm.next(start), Some((start + seconds(60), Due::Audit)), "an audit comes before a live round");
        rhythm.audited(start + seconds(60), start + seconds(60), false);
        rhythm.lived(start + seconds(62));
        assert_eq!(rhythm.next(start), Some((start + seconds(62), Due::Live)), "rates are there: no second round");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_source_is_not_asked_for_more_than_half_of_the_time() {
        let start = Instant::now();
        let mut rhythm = rhythm(start);
        rhythm.audited(start, start, false);
        rhythm.sampled(start, start + seconds(5));
        assert_eq!(rhythm.next(start), Some((start + seconds(10), Due::Live)));
        rhythm.audited(start, start + seconds(40), false);
        rhythm.sampled(start + seconds(90), start + seconds(90));
        assert_eq!(rhythm.next(start), Some((start + seconds(80), Due::Audit)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_that_fails_is_asked_nothing_until_its_next_try_but_for_a_wish() {
        let start = Instant::now();
        let mut rhythm = rhythm(start);
        let (tries, wait) = rhythm.failed("primary", start);
        assert_eq!((tries, rhythm.next(start)), (1, Some((start + wait, Due::Audit))));
        let (tries, longer) = rhythm.failed("primary", start);
        assert!(tries == 2 && longer > wait);
        rhythm.want();
        assert_eq!(rhythm.next(start), Some((start, Due::Audit)));
        rhythm.begin(Due::Audit);
        assert_eq!(rhythm.next(start), Some((start + longer, Due::Audit)));
        rhythm.audited(start, start, false);
        assert_eq!(rhythm.failed("primary", start).0, 1, "a whole round ends the row");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_stops_all_but_a_wish() {
        let start = Instant::now();
        let mut rhythm = rhythm(start);
        rhythm.pause(true);
        assert_eq!(rhythm.next(start), None);
        rhythm.want();
        assert_eq!(rhythm.next(start), Some((start, Due::Audit)));
        rhythm.begin(Due::Audit);
        rhythm.audited(start, start, false);
        assert_eq!(rhythm.next(start + seconds(600)), None);
        rhythm.pause(false);
        let (at, _) = rhythm.next(start + seconds(600)).unwrap();
        assert!(at <= start + seconds(600), "what was due meanwhile is asked at once");
    }

    #[tokio::test(start_paused = true)]
    async fn a_shorter_interval_counts_from_now_and_has_a_floor() {
        let start = Instant::now();
        let mut rhythm = rhythm(start);
        rhythm.audited(start, start, false);
        rhythm.lived(start + seconds(2));
        rhythm.live_every(Duration::ZERO, start);
        assert_eq!(rhythm.next(start), Some((start + Options::CLOSEST, Due::Live)));
    }
}
