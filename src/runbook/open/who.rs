//! Who walks a runbook, and where.

/// Who is named, else the user of the operating system.
pub fn operator(named: Option<&str>) -> String {
    let named = named.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    named.or_else(|| whoami::username().ok()).unwrap_or_else(|| "unknown".to_owned())
}

/// The name of this machine.
pub fn host() -> String {
    whoami::hostname().unwrap_or_else(|_| "unknown".to_owned())
}
