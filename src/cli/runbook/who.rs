//! Who walks a runbook, and where.

use crate::cli::CliError;

/// Who is named, else the user of the operating system.
pub(super) fn operator(named: Option<&str>) -> String {
    let named = named.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    named.or_else(|| whoami::username().ok()).unwrap_or_else(|| "unknown".to_owned())
}

/// The name of this machine.
pub(super) fn host() -> String {
    whoami::hostname().unwrap_or_else(|_| "unknown".to_owned())
}

/// Where a command waits for its target and its operator.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Runtime::new().map_err(|error| CliError::Internal(format!("start the runtime: {error}")))
}
