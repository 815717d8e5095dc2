//! The only place where values meet commands. A value becomes an environment variable, a whole word, a bound value, a
//! whole string within JSON, or a field of a query: never a part of a text that is parsed as code.

mod fill;
mod show;
#[cfg(test)]
mod tests;

use super::{
    machine::Refusal,
    model::{Action, Danger, Runbook},
    port::{Identity, Prepared, Values},
};
use fill::Lookup;

/// What an action is prepared with, besides values.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The runbook: what its parameters may be.
    pub book: &'a Runbook,
    /// The run's id.
    pub run: &'a str,
    /// The step's id.
    pub step: &'a str,
    /// Who the target is, where it is resolved. Without one the action can be shown, and has no source to act on.
    pub identity: Option<&'a Identity>,
}

/// An action with everything filled in, and how it is shown. Each value is checked once more.
///
/// # Errors
/// A parameter without a value, a value that does not fit its parameter or its place, and an action that needs no
/// preparing because nothing runs.
pub fn prepare(action: &Action, values: &Values, context: &Context<'_>) -> Result<Prepared, Refusal> {
    let real = Lookup { book: context.book, values, masked: false };
    let masked = Lookup { masked: true, ..real };
    let what = fill::what(action, &real)?;
    let shown = show::shown(action, &fill::what(action, &masked)?, context);
    let source = action.target.as_ref().and(context.identity);
    Ok(Prepared {
        what,
        shown,
        source: source.map(|identity| identity.source.clone()),
        reads_only: action.danger == Danger::Observe,
        timeout: action.timeout,
        tag: format!("loadline {}/{}", context.run, context.step),
    })
}

/// Whether an environment variable means something to a shell, to a program that is started, or to what reaches the
/// target: no parameter may take its place.
pub fn is_reserved(variable: &str) -> bool {
    const NAMES: [&str; 37] = [
        "PATH",
        "HOME",
        "LANG",
        "TERM",
        "KUBECONFIG",
        "IFS",
        "ENV",
        "BASH_ENV",
        "CDPATH",
        "OPTIND",
        "PWD",
        "OLDPWD",
        "PPID",
        "PS1",
        "PS2",
        "PS4",
        "SHELL",
        "SHELLOPTS",
        "TMPDIR",
        "USER",
        "LOGNAME",
        "UID",
        "EUID",
        "PGHOST",
        "PGHOSTADDR",
        "PGPORT",
        "PGUSER",
        "PGDATABASE",
        "PGPASSWORD",
        "PGPASSFILE",
        "PGSERVICE",
        "PGSERVICEFILE",
        "PGOPTIONS",
        "REDIS_HOST",
        "REDIS_PORT",
        "REDISCLI_AUTH",
        "KUBE_CONTEXT",
    ];
    const BEGINNINGS: [&str; 6] = ["LD_", "DYLD_", "LC_", "PGSSL", "GIT_", "BASH_"];
    NAMES.contains(&variable) || BEGINNINGS.iter().any(|beginning| variable.starts_with(beginning))
}
