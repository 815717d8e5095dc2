//! Scripts, and what every program's end comes to.

use std::{
    collections::BTreeMap, fmt::Write as _, os::unix::process::ExitStatusExt as _, path::Path, process::ExitStatus,
    time::Duration,
};

use super::{
    RealHands, not_done, outcome,
    process::{self, End, Program, Ran},
    surroundings,
};
use crate::runbook::{
    port::{Prepared, Stage},
    reads,
    record::{Ended, Outcome},
};

/// A script as a runbook has it.
pub(super) struct Script<'a> {
    pub(super) text: &'a str,
    pub(super) env: &'a BTreeMap<String, String>,
    pub(super) pty: bool,
    pub(super) expect: &'a [i32],
}

impl RealHands {
    pub(super) async fn sh(&self, script: Script<'_>, prepared: &Prepared, stage: Stage<'_>) -> Outcome {
        let source = match self.source(prepared) {
            Ok(source) => source,
            Err(outcome) => return outcome,
        };
        let mut env = surroundings::clean(&self.vars, script.pty);
        env.extend(source.iter().flat_map(|source| surroundings::reaching(source, &prepared.tag, prepared.reads_only)));
        if let Some(name) = script.env.keys().find(|name| env.contains_key(*name) || reads::is_reserved(name)) {
            return not_done(format!(
                "the parameter {} would replace the variable {name}, on which programs rely; give it another name",
                name.to_lowercase()
            ));
        }
        env.extend(script.env.iter().map(|(name, value)| (name.clone(), value.clone())));
        let path = match process::find("sh", &env) {
            Ok(path) => path,
            Err(why) => return not_done(why),
        };
        let args = ["-eu", "-c", script.text].map(str::to_owned).to_vec();
        let program = Program { path, args, env, pty: script.pty };
        let ran = self.run(&program, prepared.timeout, stage).await;
        ended(&program.path, ran, script.expect, prepared.timeout, self.grace)
    }

    /// Runs a program with everything secret in its environment known to the redactor.
    pub(super) async fn run(&self, program: &Program, timeout: Duration, stage: Stage<'_>) -> Ran {
        let redactor = stage.redactor.with(surroundings::secrets(&program.env));
        process::run(program, timeout, self.grace, Stage { redactor: &redactor, ..stage }).await
    }
}

/// What the end of a program comes to.
pub(super) fn ended(path: &Path, ran: Ran, expect: &[i32], timeout: Duration, grace: Duration) -> Outcome {
    let seconds = crate::quantity::duration;
    let path = path.display();
    let ((ended, mut says), left) = match &ran.end {
        End::NotStarted(error) => ((Ended::Failed, format!("{path} could not be started: {error}")), ""),
        End::Lost(error) => ((Ended::Unknown, format!("{path} ended, and how is not known: {error}")), ""),
        End::Ended(status) => {
            let (ended, says) = exited(*status, expect);
            ((ended, format!("{says} ({path})")), "it left processes running")
        }
        End::TimedOut => {
            let says = format!("over its time of {}: ended with all its processes ({path})", seconds(timeout));
            ((Ended::TimedOut, says), "processes that could not be ended")
        }
        End::Stopped => {
            let says = format!("stopped by the operator: ended with all its processes ({path})");
            ((Ended::Cancelled, says), "processes that could not be ended")
        }
    };
    if ran.killed {
        let _ = write!(says, "; it did not heed TERM and was killed after {}", seconds(grace));
    }
    if !ran.left.is_empty() {
        let pids: Vec<String> = ran.left.iter().map(u32::to_string).collect();
        let _ = write!(says, "; {left}: {}", pids.join(", "));
    }
    outcome(ended, says, ran.took, ran.printed)
}

fn exited(status: ExitStatus, expect: &[i32]) -> (Ended, String) {
    if let Some(signal) = status.signal() {
        let says = format!("killed by signal {signal}: how far it came is not known");
        return (Ended::Unknown, says);
    }
    let code = status.code().unwrap_or(-1);
    if expect.contains(&code) || (expect.is_empty() && code == 0) {
        return (Ended::Succeeded, format!("exit code {code}"));
    }
    let why = match code {
        126 => ": a command of it cannot be executed",
        127 => ": a command of it was not found in PATH",
        129..=192 => ": a command of it was killed by a signal",
        _ => "",
    };
    let wanted: Vec<String> = expect.iter().map(i32::to_string).collect();
    let wanted = if wanted.is_empty() { "0".to_owned() } else { wanted.join(" or ") };
    (Ended::Failed, format!("exit code {code}, expected {wanted}{why}"))
}
