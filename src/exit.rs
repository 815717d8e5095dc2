//! What a run says to the shell. "Incomplete" and "failed" never share a number.

use std::process::ExitCode;

use crate::{
    check::finding::{Finding, Status},
    history::Tally,
    readiness::score::Verdict,
    runbook::record::End,
};

/// The outcome of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to object to.
    Ready,
    /// Ready, by accepted fails.
    ReadyWithWaivers,
    /// Something could not be measured, and nothing failed.
    Unproven,
    /// Something is at or above `--fail-on`.
    NotReady,
    /// The command line, a configuration or a check file is wrong.
    Usage,
    /// Something went wrong that the operator cannot mend.
    Internal,
    /// A signal told the program to end, and this is its number.
    Signalled(u8),
}

/// From which status on a finding makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum FailOn {
    /// Over a limit.
    #[default]
    Fail,
    /// Near a limit already.
    Warn,
    /// Never: the exit code only tells of errors.
    Never,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Ready => 0,
            Self::ReadyWithWaivers => 10,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Unproven => 20,
            Self::NotReady => 30,
            // As a shell says it of a program that did not catch the signal.
            Self::Signalled(signal) => 128u8.saturating_add(signal),
        }
    }

    /// The outcome of an audit that asks for a stage, or for a least score.
    pub fn of_readiness(verdict: Verdict, low: f64, min_score: Option<f64>) -> Self {
        let of_verdict = match verdict {
            Verdict::Ready => Self::Ready,
            Verdict::ReadyWithWaivers => Self::ReadyWithWaivers,
            Verdict::Unproven => Self::Unproven,
            Verdict::NotReady => Self::NotReady,
        };
        if min_score.is_some_and(|least| low < least) { Self::NotReady } else { of_verdict }
    }

    /// The outcome of an audit, from all its findings: a display filter has no say in it.
    pub fn of(findings: &[Finding], fail_on: FailOn) -> Self {
        let any = |status: Status| findings.iter().any(|finding| finding.status == status);
        let failed = any(Status::Fail) || (fail_on == FailOn::Warn && any(Status::Warn));
        match fail_on {
            FailOn::Never => Self::Ready,
            _ if failed => Self::NotReady,
            _ if any(Status::Unknown) => Self::Unproven,
            _ => Self::Ready,
        }
    }
}

impl Exit {
    /// The outcome of holding two audits against each other.
    pub fn of_changes(tally: Tally) -> Self {
        match tally {
            Tally { new: 0, worse: 0, unmeasured: 0, .. } => Self::Ready,
            Tally { new: 0, worse: 0, .. } => Self::Unproven,
            _ => Self::NotReady,
        }
    }
}

impl Exit {
    /// The outcome of a run of a runbook; one that has not ended is paused, or something in it is not known.
    pub fn of_run(ended: Option<End>) -> Self {
        match ended {
            Some(End::Completed) => Self::Ready,
            Some(End::CompletedExceptDeferred) => Self::ReadyWithWaivers,
            Some(End::Aborted | End::RolledBack) => Self::NotReady,
            None => Self::Unproven,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worse_and_what_is_not_measured_any_more_share_no_code() {
        let cases = [((0, 0, 0, 3), 0), ((0, 0, 1, 3), 20), ((1, 0, 1, 3), 30), ((0, 1, 0, 0), 30)];
        for ((new, worse, unmeasured, better), code) in cases {
            assert_eq!(Exit::of_changes(Tally { new, worse, unmeasured, better }).code(), code);
        }
    }

    #[test]
    fn a_run_of_a_runbook_says_how_it_ended() {
        let cases = [
            (Some(End::Completed), 0),
            (Some(End::CompletedExceptDeferred), 10),
            (None, 20),
            (Some(End::Aborted), 30),
            (Some(End::RolledBack), 30),
        ];
        for (ended, code) in cases {
            assert_eq!(Exit::of_run(ended).code(), code, "{ended:?}");
        }
        let documented = include_str!("../docs/runbooks.md");
        for code in [0, 10, 20, 30, 2, 1] {
            assert!(documented.contains(&format!("\n| {code} | ")), "{code} is not in docs/runbooks.md");
        }
    }
}
