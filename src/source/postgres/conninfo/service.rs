//! Service files: named sets of parameters.

use std::path::{Path, PathBuf};

use super::env::Env;
use super::error::ConnInfoError;
use super::origin::{Origin, Settings};
use super::params::{self, Role};

/// Where the system's service file is when `PGSYSCONFDIR` does not say.
///
/// libpq has one directory compiled in; these are the ones of the common packages.
const SYSTEM_DIRS: [&str; 3] = ["/etc/postgresql-common", "/etc/sysconfig/pgsql", "/etc"];

/// Fills in what the service says and nobody above has said.
///
/// The user's file comes first; when it has no such section, the system's file is asked, as in libpq.
pub(super) fn fill(settings: &mut Settings, service: &str, origin: Origin, env: &Env) -> Result<(), ConnInfoError> {
    let mut searched = Vec::new();
    for path in candidates(env) {
        searched.push(path.display().to_string());
        if env.exists(&path) {
            let text = env.files.read(&path).map_err(|source| ConnInfoError::Read { path: path.clone(), source })?;
            if fill_from(settings, service, &path, &text)? {
                return Ok(());
            }
        }
    }
    Err(ConnInfoError::NoService { service: service.to_owned(), origin, searched })
}

fn candidates(env: &Env) -> Vec<PathBuf> {
    let user = match env.var("PGSERVICEFILE") {
        Some(path) => Some(PathBuf::from(path)),
        None => env.in_home(".pg_service.conf"),
    };
    let system: Vec<PathBuf> = match env.var("PGSYSCONFDIR") {
        Some(dir) => vec![PathBuf::from(dir)],
        None => SYSTEM_DIRS.iter().map(PathBuf::from).collect(),
    };
    user.into_iter().chain(system.into_iter().map(|dir| dir.join("pg_service.conf"))).collect()
}

/// Reads the first section of that name; false when there is none.
fn fill_from(settings: &mut Settings, service: &str, path: &Path, text: &str) -> Result<bool, ConnInfoError> {
    let mut found = false;
    for (index, raw) in text.lines().enumerate() {
        let line = raw.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(section) = line.strip_prefix('[') {
            if found {
                return Ok(true);
            }
            found = section.split(']').next() == Some(service) && section.contains(']');
            continue;
        }
        if found {
            let fault = |what: String| ConnInfoError::ServiceFile { path: path.to_owned(), line: index + 1, what };
            let (name, value) = entry(line).map_err(fault)?;
            let origin = Origin::ServiceFile { path: path.to_owned(), service: service.to_owned(), line: index + 1 };
            settings.fill(name, value.to_owned(), origin);
        }
    }
    Ok(found)
}

/// One `key=value` line. The value is never part of a complaint: it may be a password.
fn entry(line: &str) -> Result<(&'static str, &str), String> {
    if line.starts_with("ldap://") || line.starts_with("ldaps://") {
        return Err("LDAP lookups are not supported; write the parameters into the file".to_owned());
    }
    let (key, value) = line.split_once('=').ok_or("a line without \"=\"; write key=value")?;
    if key.ends_with(char::is_whitespace) {
        return Err("a space before \"=\", which libpq refuses; write key=value without spaces".to_owned());
    }
    if key == "service" || key == "servicefile" {
        return Err("a service inside a service; write its parameters instead".to_owned());
    }
    let param = params::find(key).ok_or_else(|| "an unknown parameter; correct its name".to_owned())?;
    match param.role {
        Role::Refused(why) => Err(format!("{key}: {why}; remove it")),
        _ => Ok((param.name, value)),
    }
}
