//! How far a replica is behind, in bytes and seconds, from what both sides say.

use super::row::Row;
use crate::snapshot::Value;

/// How far a replica is behind.
pub(super) struct Lag {
    /// WAL that exists and is not replayed.
    pub(super) bytes: Value,
    /// WAL that the replica has not received.
    pub(super) unreceived: Value,
    /// WAL that it has received and not replayed.
    pub(super) unreplayed: Value,
    /// How old the oldest of it is.
    pub(super) seconds: Option<f64>,
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
            cut_off: replica.is_some_and(|r| !r.is("streaming")),
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
    fn seconds(self) -> Option<f64> {
        let Self { measured, replay_age, .. } = self;
        let no_longer = |seconds: f64| replay_age.map_or(seconds, |age| seconds.min(age));
        if self.cut_off {
            // What there is to receive nobody here knows.
            return replay_age;
        }
        if self.behind <= 0 {
            return Some(0.0);
        }
        if self.paused {
            let newest = self.window.filter(|w| w.fresh).map(|w| w.seconds);
            return newest.map_or(replay_age, |window| Some(no_longer(window)));
        }
        match self.window {
            // Whatever is missing was written since the first sample.
            Some(w) if w.fresh => Some(no_longer(measured.unwrap_or_default()).min(w.seconds)),
            Some(w) if w.moved => Some(measured.map(no_longer).or(replay_age).unwrap_or_default().max(w.seconds)),
            Some(w) => Some(replay_age.or(measured).unwrap_or_default().max(w.seconds)),
            // One sample: an idle primary is told from a replay that stands still only by whether the
            // replica itself holds WAL that it has not replayed.
            None if self.unreplayed > 0 => replay_age.or(measured),
            None if replay_age.is_some() => Some(no_longer(measured.unwrap_or_default())),
            None => measured,
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

    fn seconds(change: impl Fn(&mut Signs)) -> Option<f64> {
        let mut signs = Signs { behind: 100, replay_age: Some(600.0), ..Signs::default() };
        change(&mut signs);
        signs.seconds()
    }

    fn window(fresh: bool, moved: bool) -> Option<Window> {
        Some(Window { seconds: 10.0, fresh, moved })
    }

    #[test]
    fn an_idle_primary_is_no_lag() {
        assert_eq!(seconds(|s| s.behind = 0), Some(0.0));
        // A first write after ten quiet minutes, on its way.
        assert_eq!(seconds(|s| s.window = window(true, false)), Some(0.0));
        assert_eq!(seconds(|_| ()), Some(0.0));
        // Nor is a replay that was paused when there was nothing to replay.
        let paused = |s: &mut Signs| {
            s.paused = true;
            s.behind = 0;
        };
        assert_eq!(seconds(paused), Some(0.0));
    }

    #[test]
    fn a_replay_that_stands_still_is_as_old_as_its_last_commit() {
        let stuck = |s: &mut Signs| {
            s.window = window(false, false);
            s.measured = Some(0.001);
        };
        assert_eq!(seconds(stuck), Some(600.0));
        assert_eq!(seconds(|s| s.paused = true), Some(600.0));
        assert_eq!(seconds(|s| s.cut_off = true), Some(600.0));
        let one_sample = |s: &mut Signs| {
            s.unreplayed = 100;
            s.measured = Some(0.001);
        };
        assert_eq!(seconds(one_sample), Some(600.0));
    }

    #[test]
    fn a_replay_that_moves_is_as_late_as_the_primary_measured() {
        let late = |s: &mut Signs| {
            s.window = window(false, true);
            s.measured = Some(20.0);
        };
        assert_eq!(seconds(late), Some(20.0));
        let quick = |s: &mut Signs| {
            s.window = window(true, true);
            s.measured = Some(0.2);
        };
        assert_eq!(seconds(quick), Some(0.2));
        // What the first sample knew of is not replayed: it is at least as old as the window.
        let slow = |s: &mut Signs| {
            s.window = window(false, true);
            s.measured = Some(0.2);
        };
        assert_eq!(seconds(slow), Some(10.0));
    }

    #[test]
    fn what_only_the_primary_says_is_unknown_while_it_has_measured_nothing() {
        let blind = |s: &mut Signs| s.replay_age = None;
        assert_eq!(seconds(blind), None);
    }
}
