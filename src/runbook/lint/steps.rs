//! Whether steps can be done, checked and taken back as they say.

use super::Notes;
use crate::runbook::{
    document::Facts,
    model::{Action, ActionKind, Danger, PhaseKind, Runbook, Step},
    reads,
};

/// The most actions at one point of pausing that a person walks through without leaving some out.
const MOST: usize = 9;

pub(super) fn look(book: &Runbook, facts: &Facts, notes: &mut Notes) {
    for phase in &book.phases {
        let actions = phase.steps.iter().filter(|step| step.action.is_some()).count();
        if actions > MOST {
            let title = &phase.title;
            notes.lesser(
                phase.place,
                format!("`{title}` has {actions} actions, and after {MOST} people begin to leave some out: divide it"),
            );
        }
        if phase.kind == PhaseKind::Other {
            let known = "When to use, Impact, Preconditions, Diagnose, Mitigate, Verify, Roll back, Afterwards";
            notes.lesser(phase.place, format!("`{}` is none of the usual phases: {known}", phase.title));
        }
        for step in &phase.steps {
            let no_undo = facts.steps.get(&step.id).is_some_and(|of| of.no_undo);
            back(step, no_undo, notes);
            seen(step, notes);
            for action in step.action.iter().chain(&step.undo) {
                only_reads(action, notes);
                never(action, notes);
            }
        }
    }
}

/// Whether what is done can be taken back, or the prose says why not.
fn back(step: &Step, no_undo: bool, notes: &mut Notes) {
    let Some(action) = &step.action else { return };
    if action.danger == Danger::Dangerous && step.undo.is_none() && !no_undo {
        let message = format!(
            "`{}` is dangerous and has no fence `undo`; add one, or say in the prose: There is no undo: …, and why",
            step.id
        );
        notes.grave(action.place, message);
    }
    if action.temporary.is_some() && step.undo.is_none() {
        notes.grave(action.place, format!("`{}` is temporary and has no fence `undo` that ends it", step.id));
    }
    if let Some(undo) = step.undo.as_ref().filter(|undo| undo.danger == Danger::Observe) {
        notes.grave(
            undo.place,
            format!("the undo of `{}` only reads, so that it takes nothing back; write `danger=change`", step.id),
        );
    }
}

/// Whether anybody looks if it worked.
fn seen(step: &Step, notes: &mut Notes) {
    let Some(action) = step.action.as_ref().filter(|action| action.danger > Danger::Observe) else { return };
    if step.verify.is_empty() && step.items.is_empty() && !step.prose.contains('?') {
        let message = format!(
            "nothing says whether `{}` worked; add a fence `check verify`, or a task item that tells what to look at",
            step.id
        );
        notes.lesser(action.place, message);
    }
    for verify in step.verify.iter().filter(|verify| verify.within.is_zero()) {
        let message =
            "it is looked at once, right after a change that may take its time; `within=30s` would wait for it";
        notes.lesser(verify.condition.place, message);
    }
}

/// What is marked as reading only must be known to.
fn only_reads(action: &Action, notes: &mut Notes) {
    if action.danger != Danger::Observe {
        return;
    }
    let wrong = match &action.kind {
        ActionKind::Words { lines } if action.kind.word(action.target.as_ref()) == "pgbouncer" => {
            lines.iter().find_map(|words| reads::pgbouncer(words).err())
        }
        // By a parameter the target may be either: what both refuse changes something.
        ActionKind::Words { lines } => {
            lines.iter().find_map(|words| match (reads::redis(words), reads::pgbouncer(words)) {
                (Err(why), Err(_)) => Some(why),
                _ => None,
            })
        }
        ActionKind::Kubectl { args } => reads::kubectl(args).err(),
        ActionKind::Http { method, .. } => reads::http(method).err(),
        ActionKind::Sql { statement, transaction, generates, .. } => sql(statement, *transaction, *generates),
        _ => None,
    };
    if let Some(why) = wrong {
        notes.grave(action.place, format!("it says danger observe: {why}"));
    }
}

/// What no step may do, whatever its danger.
fn never(action: &Action, notes: &mut Notes) {
    let wrong = match &action.kind {
        ActionKind::Words { lines } => lines.iter().find_map(|words| reads::redis_never(words)),
        ActionKind::Kubectl { args } => reads::kubectl_stays(args).err(),
        _ => None,
    };
    if let Some(why) = wrong {
        notes.grave(action.place, why);
    }
}

/// Functions that do something and that no read-only transaction holds back.
const ACTING: [&str; 24] = [
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_reload_conf",
    "pg_rotate_logfile",
    "pg_promote",
    "pg_switch_wal",
    "pg_create_restore_point",
    "pg_wal_replay_pause",
    "pg_wal_replay_resume",
    "pg_drop_replication_slot",
    "pg_create_physical_replication_slot",
    "pg_create_logical_replication_slot",
    "pg_replication_slot_advance",
    "pg_stat_reset",
    "pg_stat_statements_reset",
    "pg_stat_reset_shared",
    "pg_advisory_lock",
    "pg_try_advisory_lock",
    "pg_log_backend_memory_contexts",
    "pg_notify",
    "dblink_exec",
    "lo_unlink",
    "setval",
    "nextval",
];

/// Why a statement does not only read. The server's read-only transaction refuses the rest.
fn sql(statement: &str, transaction: bool, generates: bool) -> Option<String> {
    if generates {
        return Some("a query that makes statements by \\gexec runs whatever comes out; write `danger=change`".into());
    }
    if !transaction {
        return Some("`tx=no` runs outside the read-only transaction that would hold it to reading".into());
    }
    let lower = statement.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    if let Some(name) = ACTING.iter().find(|name| words.contains(name)) {
        return Some(format!("{name} acts, and a read-only transaction does not hold it back; write `danger=change`"));
    }
    let first = words.first().copied().unwrap_or_default();
    let asks = ["select", "with", "values", "table", "show", "explain"].contains(&first)
        || statement.starts_with("--")
        || statement.starts_with("/*");
    (!asks).then(|| {
        format!("{} is no question; one begins with SELECT, WITH, VALUES, TABLE, SHOW or EXPLAIN", first.to_uppercase())
    })
}
