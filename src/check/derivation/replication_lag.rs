//! How far a replica is behind, in bytes and seconds, from what both sides say.

use super::row::Row;
use crate::snapshot::Value;

/// A page of WAL (`XLOG_BLCKSZ` as it is built everywhere). The primary's background writer flushes whole
/// pages first, so that WAL may end in the middle of a record for seconds; no replica can replay a part of
/// one. Less than a page behind is such an unfinished record, unless replay is paused.
const WAL_PAGE: i64 = 8_192;

/// How far a replica is behind.
pub(super) struct Lag {
    /// WAL that exists and is not replayed.
    pub(super) bytes: Value,
    /// WAL that the replica has not received.
    pub(super) unreceived: Value,
    /// WAL that it has received and not replayed.
    pub(super) unreplayed: Value,
    /// How old the oldest of it is: at least, at most.
    pub(super) seconds: Option<(f64, f64)>,
}

/// What the seconds are worked out from.
#[derive(Debug, Clone, Copy, Default)]
struct Signs {
    /// Bytes behind.
    behind: i64,
    /// Bytes received and not replayed, in one answer of the replica.
    unreplayed: i64,
    /// The primary's measured delay; absent when all was replayed for a while.
    measured: Option<f64>,
    /// Age of the last replayed commit: the lag is never longer.
    replay_age: Option<f64>,
    /// Whether replay stands still by order.
    paused: bool,
    /// Whether it receives nothing.
    cut_off: bool,
    /// What the two samples show.
    window: Option<Window>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    seconds: f64,
    /// All WAL of the first sample is replayed by now.
    fresh: bool,
    /// Replay has moved at all.
    moved: bool,
}

impl Lag {
    /// From the row that its sender has about it and its own, where they are there.
    pub(super) fn of(sender: Option<&Row>, replica: Option<&Row>) -> Self {
        let current = sender.and_then(|s| s.int("current_lsn"));
        let received = replica.and_then(|r| r.int("receive_lsn"));
        let replayed = sender.and_then(|s| s.int("replay_lsn")).max(replica.and_then(|r| r.int("replay_lsn")));
        let end = current.max(received);
        let behind = gap(end, replayed);
        let unreplayed = gap(received, replica.and_then(|r| r.int("replay_lsn")));
        let signs = Signs {
            behind: behind.unwrap_or_default(),
            unreplayed: unreplayed.unwrap_or_default(),
            measured: sender.and_then(|s| s.number("replay_lag_s")),
            replay_age: replica.and_then(|r| r.number("replay_age_s")),
            paused: replica.is_some_and(|r| r.is("paused")),
            cut_off: replica.is_some_and(|r| r.denies("streaming")),
            window: window(sender, replica, replayed),
        };
        Self {
            bytes: whole(behind),
            unreceived: whole(gap(current, received)),
            unreplayed: whole(unreplayed),
            seconds: behind.and_then(|_| signs.seconds()),
        }
    }
}

/// What happened between the samples; none without a second one.
#[expect(clippy::cast_precision_loss, reason = "positions far below 2^53")]
fn window(sender: Option<&Row>, replica: Option<&Row>, replayed: Option<i64>) -> Option<Window> {
    // The end of the WAL as the first sample saw it, from the side that knows it best.
    let (end, end_column) = sender.map(|s| (s, "current_lsn")).or_else(|| replica.map(|r| (r, "receive_lsn")))?;
    let (replay, replay_column) = (replica.or(sender)?, "replay_lsn");
    let end_before = end.number(end_column)? - end.grown(end_column)?;
    let moved = replay.grown(replay_column)? > 0.0;
    Some(Window { seconds: end.window()?, fresh: replayed? as f64 >= end_before, moved })
}

impl Signs {
    /// How long it is behind, at least and at most.
    fn seconds(self) -> Option<(f64, f64)> {
        let exactly = |seconds: f64| Some((seconds, seconds));
        let between = |least: f64, most: Option<f64>| most.map(|most| (least, most.max(least)));
        let no_longer = |seconds: f64| self.replay_age.map_or(seconds, |age| seconds.min(age));
        if self.cut_off {
            // What there is to receive nobody here knows.
            return between(0.0, self.replay_age);
        }
        let unfinished = self.behind < WAL_PAGE && !self.paused;
        if self.behind <= 0 || unfinished {
            return exactly(0.0);
        }
        match self.window {
            // Whatever is missing was written since the first sample.
            Some(w) if w.fresh && self.paused => between(0.0, Some(no_longer(w.seconds))),
            Some(w) if w.fresh => exactly(no_longer(self.measured.unwrap_or_default()).min(w.seconds)),
            Some(w) if w.moved && self.measured.is_some() => exactly(no_longer(self.measured?).max(w.seconds)),
            // It stands still. When the first of what is missing was written, nobody notes; it was
            // after the last commit that was replayed.
            Some(w) => between(w.seconds, self.replay_age.or(self.measured).or(Some(0.0))),
            // One sample: an idle primary is told from a replay that stands still only by whether the
            // replica itself holds WAL that it has not replayed.
            None if self.paused || self.unreplayed > 0 => between(0.0, self.replay_age.or(self.measured)),
            None if self.replay_age.is_some() => exactly(no_longer(self.measured.unwrap_or_default())),
            None => self.measured.and_then(exactly),
        }
    }
}

/// How much of the one is not in the other. The two sides are asked a moment apart: never negative.
fn gap(end: Option<i64>, reached: Option<i64>) -> Option<i64> {
    Some(end?.saturating_sub(reached?).max(0))
}

fn whole(number: Option<i64>) -> Value {
    number.map_or(Value::Null, Value::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(change: impl Fn(&mut Signs)) -> Option<(f64, f64)> {
        let mut signs = Signs { behind: 100_000, replay_age: Some(600.0), ..Signs::default() };
        change(&mut signs);
        signs.seconds()
    }

    fn window(fresh: bool, moved: bool) -> Window {
        Window { seconds: 10.0, fresh, moved }
    }

    #[test]
    fn an_idle_primary_is_no_lag() {
        assert_eq!(seconds(|s| s.behind = 0), Some((0.0, 0.0)));
        // A first write after ten quiet minutes, on its way.
        let first = |s: &mut Signs| s.window = Some(window(true, false));
        assert_eq!(seconds(first), Some((0.0, 0.0)));
        assert_eq!(seconds(|_| ()), Some((0.0, 0.0)));
        // The half of a record that was flushed up to the end of a page stands still, and nobody lags.
        let half = |s: &mut Signs| {
            s.behind = 208;
            s.unreplayed = 208;
            s.window = Some(window(false, false));
        };
        assert_eq!(seconds(half), Some((0.0, 0.0)));
        // Nor is a replay that was paused when there was nothing to replay.
        let paused = |s: &mut Signs| {
            s.paused = true;
            s.behind = 0;
        };
        assert_eq!(seconds(paused), Some((0.0, 0.0)));
    }

    #[test]
    fn a_replay_that_stands_still_is_no_older_than_its_last_commit() {
        let stuck = |s: &mut Signs| {
            s.window = Some(window(false, false));
            s.measured = Some(0.001);
        };
        assert_eq!(seconds(stuck), Some((10.0, 600.0)));
        let paused = |s: &mut Signs| {
            s.paused = true;
            s.window = Some(window(true, false));
        };
        assert_eq!(seconds(paused), Some((0.0, 10.0)));
        assert_eq!(seconds(|s| s.cut_off = true), Some((0.0, 600.0)));
        let one_sample = |s: &mut Signs| {
            s.unreplayed = 100;
            s.measured = Some(0.001);
        };
        assert_eq!(seconds(one_sample), Some((0.0, 600.0)));
    }

    #[test]
    fn a_replay_that_moves_is_as_late_as_the_primary_measured() {
        let late = |s: &mut Signs| {
            s.window = Some(window(false, true));
            s.measured = Some(20.0);
        };
        assert_eq!(seconds(late), Some((20.0, 20.0)));
        let quick = |s: &mut Signs| {
            s.window = Some(window(true, true));
            s.measured = Some(0.2);
        };
        assert_eq!(seconds(quick), Some((0.2, 0.2)));
        // What the first sample knew of is not replayed: it is at least as old as the window.
        let slow = |s: &mut Signs| {
            s.window = Some(window(false, true));
            s.measured = Some(0.2);
        };
        assert_eq!(seconds(slow), Some((10.0, 10.0)));
    }

    #[test]
    fn what_only_the_primary_says_is_unknown_while_it_has_measured_nothing() {
        let blind = |s: &mut Signs| s.replay_age = None;
        assert_eq!(seconds(blind), None);
        let stuck = |s: &mut Signs| {
            s.replay_age = None;
            s.window = Some(window(false, false));
        };
        assert_eq!(seconds(stuck), Some((10.0, 10.0)));
    }
}
