//! Reads past audits, and writes live ones down while the screens are open. All of it in tasks that may block.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};

use super::{Events, Ground};
use crate::{
    history::{History, HistoryError, Origin},
    report::Audit,
    snapshot::{Answer, Column, FaultKind, Snapshot},
    tui::{
        event::Event,
        model::Gravity,
        screen::history::{MOST, News, Shown, Traced, Wish},
    },
};

/// How often a session writes what it sees down.
const WRITTEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// How long what a session wrote is replaced by what is newer: one audit of every ten minutes stays.
const REPLACED_FOR: SignedDuration = SignedDuration::from_mins(10);

/// Where past audits of this session are read and written.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file; in words why there is none.
    pub file: Result<PathBuf, String>,
    /// Whether live audits are written down.
    pub writes: bool,
}

impl Place {
    /// No place at all.
    pub fn none() -> Self {
        Self { file: Err("no history is kept here".to_owned()), writes: false }
    }
}

/// Reads for the screen. A list is made of all findings of its audits, and can be stopped; an audit and the numbers of one
/// finding are a few thousand rows.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// Stops the reading that was begun last.
    stop: Arc<AtomicBool>,
}

impl Reader {
    /// Begins to read what the screen asks for.
    pub(super) fn begin(&mut self, ground: Option<&Arc<Ground>>, wish: Wish, events: &Events) {
        if wish == Wish::Stop {
            return self.stop.store(true, Ordering::Relaxed);
        }
        let Some(ground) = ground else { return };
        self.stop = Arc::default();
        let (place, events, stop) = (ground.history.clone(), events.clone(), Arc::clone(&self.stop));
        tokio::task::spawn_blocking(move || {
            let _ = events.send(Event::History(read(&place, wish, &stop)));
        });
    }
}

/// Reads what is asked for. No file yet is an empty history, and no error.
fn read(place: &Place, wish: Wish, stop: &AtomicBool) -> News {
    let path = match &place.file {
        Ok(path) => path,
        Err(why) => return News::Failed(why.clone()),
    };
    let told = History::read(path).and_then(|history| told(history.as_ref(), wish, stop));
    told.unwrap_or_else(|error| match error {
        HistoryError::Stopped { .. } => {
            News::Failed("reading past audits was stopped; going to them again reads them again".to_owned())
        }
        error => News::Failed(error.to_string()),
    })
}

fn told(history: Option<&History>, wish: Wish, stop: &AtomicBool) -> Result<News, HistoryError> {
    Ok(match (wish, history) {
        // To stop begins no reading, and so comes to nothing.
        (Wish::List { .. }, None) | (Wish::Stop, _) => News::Listed(Vec::new()),
        (Wish::List { target }, Some(history)) => {
            News::Listed(history.listed(&target, MOST, || !stop.load(Ordering::Relaxed))?)
        }
        (Wish::Show(id), None) => News::Failed(format!("audit {id} is not in the history any more")),
        (Wish::Show(id), Some(history)) => {
            let (audit, before) = history.with_before(id)?;
            News::Shown(Box::new(Shown::new(&audit, before.as_ref())))
        }
        (Wish::Trace { check, subject, .. }, None) => {
            News::Traced(Box::new(Traced { check, subject, series: Vec::new() }))
        }
        (Wish::Trace { target, check, subject }, Some(history)) => {
            let series = history.series(&target, &check, &subject)?;
            News::Traced(Box::new(Traced { check, subject, series }))
        }
    })
}

/// Writes the judgements of a session down.
#[derive(Debug, Default)]
pub(super) struct Keeper(Mutex<Session>);

/// What a session has written.
#[derive(Debug, Default)]
struct Session {
    /// When the first judgement was offered, by the time of the audit.
    first: Option<Timestamp>,
    /// When it wrote last, by the time of the audit.
    written: Option<Timestamp>,
    /// The audit that stands for these ten minutes, and when they began.
    stands: Option<(i64, Timestamp)>,
    /// Whether it was said that it cannot be written.
    complained: bool,
}

/// What is to be done with a judgement.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// Nothing: the last one was written a moment ago.
    Skip,
    /// Write it down beside the others.
    Beside,
    /// Write it down in place of this one.
    Instead(i64),
}

impl Session {
    fn plan(&self, at: Timestamp) -> Plan {
        if self.written.is_some_and(|written| at.duration_since(written) < WRITTEN_EVERY) {
            return Plan::Skip;
        }
        match self.stands {
            Some((id, began)) if at.duration_since(began) < REPLACED_FOR => Plan::Instead(id),
            _ => Plan::Beside,
        }
    }

    fn wrote(&mut self, id: i64, at: Timestamp, plan: &Plan) {
        self.written = Some(at);
        self.complained = false;
        if *plan == Plan::Beside {
            self.stands = Some((id, at));
        }
    }
}

impl Keeper {
    /// Writes a judgement down where it is time to. It takes a while: never on the task that draws.
    pub(super) fn keep(&self, ground: &Ground, snapshot: &Snapshot, audit: &Audit, events: &Events) {
        let Ok(path) = &ground.history.file else { return };
        if !ground.history.writes || is_unfinished(snapshot) {
            return;
        }
        // While one is being written, perhaps waiting for another program, the next one need not wait for it.
        let Ok(mut session) = self.0.try_lock() else { return };
        let at = audit.snapshot.finished_at;
        let first = *session.first.get_or_insert(at);
        if lacks_rates(snapshot) && at.duration_since(first) < WRITTEN_EVERY {
            return;
        }
        let plan = session.plan(at);
        let written = History::open(path).and_then(|mut history| match plan {
            Plan::Skip => Ok(None),
            Plan::Beside => history.record(audit, Origin::Screens).map(Some),
            Plan::Instead(id) => history.record_instead(audit, Origin::Screens, id).map(Some),
        });
        match written {
            Ok(None) => {}
            Ok(Some(id)) => {
                session.wrote(id, at, &plan);
                let _ = events.send(Event::History(News::Kept));
            }
            // Once, and again only after it went well in between: a full disk must not talk every minute.
            Err(error) => {
                session.written = Some(at);
                if !std::mem::replace(&mut session.complained, true) {
                    let words = format!("these audits are not kept in the history: {error}");
                    let _ = events.send(Event::Said(Gravity::Warning, words));
                }
            }
        }
    }
}

/// Whether somebody was not asked yet: an audit of that would look as if much were gone.
fn is_unfinished(snapshot: &Snapshot) -> bool {
    let pending = |answer: &Answer| matches!(answer, Answer::Fault(fault) if fault.kind == FaultKind::Pending);
    snapshot.observations.iter().any(|observation| pending(&observation.answer))
}

/// Whether counters were read once only: what rests on their rates is not known yet. A session that takes no second sample
/// is kept without them after a while.
fn lacks_rates(snapshot: &Snapshot) -> bool {
    let counts = |answer: &Answer| match answer {
        Answer::Table(table) => table.columns().iter().any(Column::counter),
        Answer::Fault(_) => false,
    };
    snapshot.observations.iter().any(|observation| observation.earlier.is_none() && counts(&observation.answer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::name_of;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn a_session_leaves_one_audit_of_every_ten_minutes() {
        let mut session = Session::default();
        let mut written = Vec::new();
        for half in 0..60 {
            let now = at(0) + SignedDuration::from_secs(half * 30);
            match session.plan(now) {
                Plan::Skip => {}
                plan @ Plan::Beside => {
                    written.push(now);
                    session.wrote(i64::try_from(written.len()).unwrap(), now, &plan);
                }
                plan @ Plan::Instead(id) => {
                    assert_eq!(id, i64::try_from(written.len()).unwrap());
                    *written.last_mut().unwrap() = now;
                    session.wrote(id, now, &plan);
                }
            }
        }
        assert_eq!(written, [at(9), at(19), at(29)], "each the latest of its ten minutes");
    }

    #[test]
    fn what_a_session_keeps_is_read_back_and_a_broken_file_is_said_once() {
        let mut ground = super::super::demo_ground();
        let snapshot = ground.latest().unwrap();
        let audit = ground.judge(&snapshot).unwrap();
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("history.sqlite");
        ground.history = Place { file: Ok(file.clone()), writes: true };
        let (events, mut heard): (Events, _) = tokio::sync::mpsc::unbounded_channel();
        let keeper = Keeper::default();
        let (on, off) = (AtomicBool::new(false), AtomicBool::new(true));
        let list = |place: &Place| read(place, Wish::List { target: name_of(&audit) }, &on);
        assert!(matches!(list(&ground.history), News::Listed(all) if all.is_empty()));
        let mut once = (*snapshot).clone();
        once.observations.iter_mut().for_each(|observation| observation.earlier = None);
        keeper.keep(&ground, &once, &audit, &events);
        assert!(heard.try_recv().is_err(), "before the second sample nothing is written");
        keeper.keep(&ground, &snapshot, &audit, &events);
        keeper.keep(&ground, &snapshot, &audit, &events);
        assert!(matches!(heard.try_recv(), Ok(Event::History(News::Kept))));
        assert!(heard.try_recv().is_err(), "a moment later nothing is written");
        let News::Listed(all) = list(&ground.history) else { panic!() };
        assert_eq!((all.len(), all[0].past.origin), (1, Some(Origin::Screens)));
        let stopped = read(&ground.history, Wish::List { target: name_of(&audit) }, &off);
        assert!(matches!(&stopped, News::Failed(words) if words.contains("was stopped")), "{stopped:?}");
        let News::Shown(shown) = read(&ground.history, Wish::Show(all[0].past.id.unwrap()), &on) else { panic!() };
        assert!(shown.since.is_none() && !shown.rows.is_empty());
        let finding = audit.findings.iter().find(|f| f.check == "redis.memory-near-limit").unwrap();
        let (check, subject) = (finding.check.clone(), finding.subject.clone());
        let trace = Wish::Trace { target: name_of(&audit), check, subject };
        let News::Traced(traced) = read(&ground.history, trace, &on) else { panic!() };
        assert!(traced.series.iter().any(|series| series.points.len() == 1));

        let broken = home.path().join("broken.sqlite");
        #[expect(clippy::disallowed_methods, reason = "the file of the test")]
        std::fs::write(&broken, "no database at all, and long enough to be looked at".repeat(50)).unwrap();
        ground.history.file = Ok(broken);
        assert!(matches!(list(&ground.history), News::Failed(words) if words.contains("broken.sqlite")));
        let (keeper, mut later) = (Keeper::default(), audit.clone());
        for _ in 0..3 {
            later.snapshot.finished_at += SignedDuration::from_mins(2);
            keeper.keep(&ground, &snapshot, &later, &events);
        }
        assert!(
            matches!(heard.try_recv(), Ok(Event::Said(Gravity::Warning, words)) if words.contains("broken.sqlite"))
        );
        assert!(heard.try_recv().is_err(), "said once");
    }
}
