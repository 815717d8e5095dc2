//! How a statement ended, as honestly as it can be known.

use tokio_postgres::error::DbError;

use crate::runbook::record::Ended;

/// How it ended, and in which words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) ended: Ended,
    pub(super) says: String,
}

/// How far a statement had come when something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Inside its transaction, before the commit.
    Inside,
    /// The commit was sent.
    Commit,
    /// Outside of a transaction.
    Outside,
}

/// Why we stopped waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Its time was up.
    Late,
    /// The operator stopped it.
    Stopped,
}

/// Where the session can be looked for, and what is at stake.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) phase: Phase,
    pub(super) reads: bool,
    pub(super) pid: Option<i32>,
    pub(super) tag: String,
    pub(super) place: String,
}

impl Ending {
    pub(super) fn not_done(says: impl Into<String>) -> Self {
        Self { ended: Ended::Failed, says: says.into() }
    }
}

impl Context {
    /// The server said something; `why` is set where we had asked it to stop.
    pub(super) fn said(&self, error: &DbError, why: Option<Why>) -> Ending {
        let words = words(error);
        let cancelled = error.code().code() == "57014";
        if is_farewell(error) && self.phase == Phase::Commit {
            return self.lost(&words);
        }
        match self.phase {
            _ if self.reads => Ending::not_done(words),
            Phase::Inside | Phase::Commit => Ending::not_done(format!("{words}; its transaction was rolled back")),
            Phase::Outside if cancelled => {
                let ended = if why == Some(Why::Stopped) { Ended::Cancelled } else { Ended::TimedOut };
                let says = format!("{words}; it ran outside of a transaction: what it had done by then may stay");
                Ending { ended, says }
            }
            Phase::Outside if is_farewell(error) => self.lost(&words),
            Phase::Outside => {
                let rest = "it ran outside of a transaction: look for what it left, such as an invalid index";
                Ending::not_done(format!("{words}; {rest}"))
            }
        }
    }

    /// The connection went away.
    pub(super) fn lost(&self, words: &str) -> Ending {
        if self.reads {
            return Ending::not_done(format!("the connection to {} was lost: {words}; it only read", self.place));
        }
        let rest = match self.phase {
            Phase::Inside => "its transaction cannot have been committed, but it runs until the server notices",
            Phase::Commit => "whether the commit arrived is not known",
            Phase::Outside => "whether it was done is not known, and it may still run",
        };
        let says = format!("the connection to {} was lost: {words}; {rest}; {}", self.place, self.look());
        Ending { ended: Ended::Unknown, says }
    }

    /// It did not end although the server was asked to stop it.
    pub(super) fn silent(&self, why: Why) -> Ending {
        let (ended, what) = match why {
            Why::Late => (Ended::TimedOut, "it did not end in time"),
            Why::Stopped => (Ended::Cancelled, "it was stopped"),
        };
        if self.reads {
            return Ending { ended, says: format!("{what}, and the server did not say that it ended; it only reads") };
        }
        let says = format!("{what}, and the server did not say whether it ended; {}", self.look());
        Ending { ended, says }
    }

    /// It ended well, but too late: what it did is rolled back.
    pub(super) fn taken_back(why: Why) -> Ending {
        let what = match why {
            Why::Late => "it ended only after its time",
            Why::Stopped => "it was stopped when it was about to end",
        };
        Ending::not_done(format!("{what}; its transaction was rolled back"))
    }

    fn look(&self) -> String {
        let pid = self.pid.map(|pid| format!("process {pid} or ")).unwrap_or_default();
        format!("look in pg_stat_activity for {pid}application_name `{}`", self.tag)
    }
}

/// Whether the server ends the session with these words.
fn is_farewell(error: &DbError) -> bool {
    let code = error.code().code();
    matches!(code, "57P01" | "57P02" | "57P03" | "57P05" | "25P03") || code.starts_with("08")
}

/// What the server said, its code, and what it said beyond that.
fn words(error: &DbError) -> String {
    let mut words = format!("the server said \"{}\" (SQLSTATE {})", error.message(), error.code().code());
    for more in [error.detail(), error.hint()].into_iter().flatten() {
        words.push_str("; ");
        words.push_str(more.trim_end_matches('.'));
    }
    if error.code().code() == "55P03" {
        words.push_str("; a lock is in the way: see which session holds it");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(phase: Phase, reads: bool) -> Context {
        Context { phase, reads, pid: Some(77), tag: "loadline r/s".into(), place: "h:1/shop as app".into() }
    }

    #[test]
    fn only_what_may_have_been_done_is_unknown() {
        for (phase, reads, ended, says) in [
            (Phase::Inside, true, Ended::Failed, "it only read"),
            (Phase::Inside, false, Ended::Unknown, "cannot have been committed"),
            (Phase::Commit, false, Ended::Unknown, "whether the commit arrived"),
            (Phase::Outside, false, Ended::Unknown, "may still run"),
        ] {
            let ending = context(phase, reads).lost("reset");
            assert_eq!(ending.ended, ended, "{phase:?} {reads}");
            assert!(ending.says.contains(says), "{ending:?}");
            assert_eq!(ending.says.contains("process 77 or application_name `loadline r/s`"), ended == Ended::Unknown);
        }
        assert_eq!(context(Phase::Inside, false).silent(Why::Late).ended, Ended::TimedOut);
        assert_eq!(context(Phase::Inside, false).silent(Why::Stopped).ended, Ended::Cancelled);
        assert_eq!(Context::taken_back(Why::Late).ended, Ended::Failed);
    }
}
