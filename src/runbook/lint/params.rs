//! Whether parameters are declared well, used, and kept out of where they would harm.

use std::collections::BTreeSet;

use super::{Around, Notes};
use crate::{
    check::definition::CheckDef,
    runbook::model::{Action, ActionKind, Condition, Expectation, Param, ParamKind, Runbook, Step},
};

/// Variables of the environment that are there already, or that change what programs do.
const TAKEN: [&str; 28] = [
    "PATH",
    "HOME",
    "LANG",
    "TERM",
    "KUBECONFIG",
    "USER",
    "LOGNAME",
    "SHELL",
    "PWD",
    "OLDPWD",
    "IFS",
    "ENV",
    "PS1",
    "PS2",
    "PS4",
    "TZ",
    "TMPDIR",
    "EDITOR",
    "PAGER",
    "PSQLRC",
    "REDIS_HOST",
    "REDIS_PORT",
    "REDISCLI_AUTH",
    "UID",
    "EUID",
    "PPID",
    "OPTARG",
    "OPTIND",
];
const TAKEN_BEGINNINGS: [&str; 4] = ["PG", "LD_", "LC_", "KUBERNETES_"];

pub(super) fn look(book: &Runbook, around: &Around<'_>, notes: &mut Notes) {
    let used = used(book);
    for param in &book.params {
        let name = &param.name;
        let upper = name.to_uppercase();
        if TAKEN.contains(&upper.as_str()) || TAKEN_BEGINNINGS.iter().any(|begin| upper.starts_with(begin)) {
            let message = format!(
                "parameter `{name}` would stand in the environment as {upper}, which programs know as something else; give it another name"
            );
            notes.grave(param.place, message);
        }
        if !used.contains(name) {
            notes.lesser(param.place, format!("parameter `{name}` is never used"));
        }
        if let Some(Err(why)) = param.default.as_ref().map(|default| param.check(default)) {
            notes.grave(param.place, format!("the default of `{name}` is no value of it: {why}"));
        }
        from(param, book, around, notes);
        if param.secret {
            secret(param, book, notes);
        }
    }
    order(book, notes);
}

/// All names that something reads.
fn used(book: &Runbook) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (_, step) in book.steps() {
        for action in actions(step) {
            used.extend(action.reads.iter().cloned());
            if let ActionKind::Ask(name) = &action.kind {
                used.insert(name.clone());
            }
        }
        for condition in conditions(step) {
            let subject = condition.subject.as_deref().and_then(|subject| subject.strip_prefix('$'));
            used.extend(subject.map(str::to_owned));
            let texts = match &condition.expect {
                Expectation::Holds(expression) => vec![expression.as_str()],
                _ => Vec::new(),
            };
            for text in texts.into_iter().chain(condition.says.as_deref()) {
                used.extend(book.params.iter().filter(|p| mentions(text, &p.name)).map(|p| p.name.clone()));
            }
        }
    }
    used
}

/// Whether a text has `params.NAME`.
fn mentions(text: &str, name: &str) -> bool {
    let whole = |at: usize| !text[at..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let reference = format!("params.{name}");
    text.match_indices(&reference).any(|(at, found)| whole(at + found.len()))
}

fn actions(step: &Step) -> impl Iterator<Item = &Action> {
    step.action.iter().chain(&step.undo)
}

/// All conditions of a step.
pub(super) fn conditions(step: &Step) -> impl Iterator<Item = &Condition> {
    let own = step.action.iter().filter_map(|action| match &action.kind {
        ActionKind::Check(verify) => Some(&verify.condition),
        _ => None,
    });
    step.require.iter().chain(own).chain(step.verify.iter().map(|verify| &verify.condition))
}

/// Whether a finding of the checks that are fixed has what the parameter is taken from.
fn from(param: &Param, book: &Runbook, around: &Around<'_>, notes: &mut Notes) {
    let Some(name) = param.from.as_deref().and_then(|from| from.strip_prefix("evidence.")) else { return };
    let checks: Vec<&CheckDef> = around
        .library
        .checks()
        .map(|check| &check.def)
        .filter(|def| book.fixes.contains(&def.id) || def.runbooks.contains(&book.id))
        .collect();
    if checks.is_empty() {
        let message = format!(
            "`{}` comes from a finding's evidence, and no check leads to this runbook; name it in `fixes`",
            param.name
        );
        return notes.lesser(param.place, message);
    }
    if !checks.iter().any(|def| def.evidence.iter().any(|evidence| evidence == name)) {
        let known: BTreeSet<&str> = checks.iter().flat_map(|def| def.evidence.iter().map(String::as_str)).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        notes.grave(
            param.place,
            format!("`{}`: no finding that leads here has `{name}` in its evidence; there are {known}", param.name),
        );
    }
}

/// A secret must not stand where other users of the machine, or logs of others, can read it.
fn secret(param: &Param, book: &Runbook, notes: &mut Notes) {
    let word = format!("${}", param.name);
    for action in book.steps().flat_map(|(_, step)| actions(step)) {
        let place = match &action.kind {
            ActionKind::Kubectl { args } if args.iter().any(|arg| arg.contains(&word)) => {
                "the arguments of a process, which everybody on the machine can read"
            }
            ActionKind::Http { url, .. } if url.contains(&word) => {
                "an address, which servers and proxies write into their logs; send it as a header"
            }
            _ => continue,
        };
        notes.grave(action.place, format!("the secret `{}` would stand in {place}", param.name));
    }
}

/// A value that a step sets must be there before a step reads it.
fn order(book: &Runbook, notes: &mut Notes) {
    let steps: Vec<&Step> = book.forward().collect();
    for (at, step) in steps.iter().enumerate() {
        let Some(name) = step.action.as_ref().and_then(|action| action.sets.as_ref()) else { continue };
        let otherwise = book.param(name).is_some_and(|param| {
            param.default.is_some() || param.from.is_some() || matches!(param.kind, ParamKind::Source { .. })
        });
        let reads = |step: &&Step| step.action.as_ref().is_some_and(|action| action.reads.contains(name));
        if let Some(before) = steps[..at].iter().find(|step| !otherwise && reads(step)) {
            let message = format!("`{}` reads `{name}`, which `{}` sets only afterwards", before.id, step.id);
            notes.lesser(before.place, message);
        }
    }
}
