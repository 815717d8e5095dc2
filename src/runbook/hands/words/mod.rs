//! Commands in words: Redis', and those of PgBouncer's console. A word stays one word, whatever is in it.

mod console;
mod redis;
mod reply;

use std::time::Instant;

use super::{
    not_done, outcome,
    output::{Output, Pipe},
};
use crate::{
    config::SourceConfig,
    runbook::{
        port::{Prepared, Stage, What},
        record::{Ended, Outcome},
    },
    source::Endpoint,
};

/// How the commands ended.
struct Ending {
    ended: Ended,
    says: String,
}

impl Ending {
    fn not_done(says: impl Into<String>) -> Self {
        Self { ended: Ended::Failed, says: says.into() }
    }
}

/// Sends the commands, one after the other, up to the first that fails.
pub(super) async fn act(source: &SourceConfig, prepared: &Prepared, stage: Stage<'_>) -> Outcome {
    let What::Words { lines } = &prepared.what else { return not_done("these are no commands in words") };
    if lines.is_empty() {
        return not_done("there is no command to send");
    }
    let started = Instant::now();
    let mut output = Output::new(&stage);
    let mut print = |line: &str| output.push(Pipe::Out, format!("{line}\n").as_bytes());
    let ending = match &source.endpoint {
        Endpoint::Redis(info) => redis::run(info, prepared, lines, stage.stop.clone(), &mut print).await,
        Endpoint::PgBouncer(info) => console::run(info, prepared, lines, stage.stop.clone(), &mut print).await,
        _ => Ending::not_done(format!("{} takes no commands in words; Redis and PgBouncer do", source.name)),
    };
    let printed = output.finish();
    outcome(ending.ended, stage.redactor.text(&ending.says), started.elapsed(), printed)
}

/// Becomes ready when the operator stops the action.
async fn stopped(mut stop: tokio::sync::watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        // Nobody can stop it any more.
        std::future::pending::<()>().await;
    }
}

/// What was done before a command that was not, and how many were not begun.
fn before(done: usize, of: usize) -> String {
    match (done, of) {
        (_, 1) => String::new(),
        (0, of) => format!("command 1 of {of} (the rest was not sent): "),
        (done, of) => format!("command {} of {of} ({done} before it were done; the rest was not sent): ", done + 1),
    }
}

/// So many commands, in words.
fn done(of: usize) -> String {
    if of == 1 { "done".to_owned() } else { format!("{of} commands were done") }
}
