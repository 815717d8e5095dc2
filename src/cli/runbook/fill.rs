//! Values of parameters that flags give, each with where it comes from.

use crate::{
    cli::CliError,
    runbook::{
        model::{Param, Runbook},
        open::Known,
    },
    source::postgres::conninfo::Env,
};

/// Marks a value that is read from the environment, which is the only way for a secret to come by flag.
const FROM_ENV: &str = "env:";

/// The values of flags, checked.
///
/// # Errors
/// A flag that names no parameter, a secret in clear, or a value that does not fit.
pub(super) fn flags(book: &Runbook, set: &[String], env: &Env) -> Result<Vec<Known>, CliError> {
    let mut all: Vec<Known> = Vec::new();
    for text in set {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            // What has no name may be a secret: it is not repeated.
            CliError::Usage("--set: expected NAME=VALUE, the name of a parameter and its value".into())
        })?;
        let Some(param) = book.param(name) else {
            let names: Vec<_> = book.params.iter().map(|param| param.name.as_str()).collect();
            let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(CliError::Usage(format!("--set: {} has no parameter `{name}`; it has {known}", book.id)));
        };
        let (value, origin) = of_flag(param, value, env)?;
        let value = param.check(&value).map_err(|why| CliError::Usage(format!("--set {name}: {why}")))?;
        if all.iter().any(|(known, ..)| known == name) {
            return Err(CliError::Usage(format!("--set {name} is given twice")));
        }
        all.push((name.to_owned(), value, origin));
    }
    Ok(all)
}

fn of_flag(param: &Param, value: &str, env: &Env) -> Result<(String, String), CliError> {
    if !param.secret {
        return Ok((value.to_owned(), "flag".to_owned()));
    }
    let name = &param.name;
    let Some(variable) = value.strip_prefix(FROM_ENV) else {
        return Err(CliError::Usage(format!(
            "--set {name}: it is a secret, and everybody on this machine can read a command line; \
             give --set {name}={FROM_ENV}VARIABLE, or answer when you are asked"
        )));
    };
    let value = env.var(variable).filter(|value| !value.is_empty());
    let value = value.ok_or_else(|| CliError::Usage(format!("--set {name}: the environment has no {variable}")))?;
    Ok((value.to_owned(), format!("environment variable {variable}")))
}
