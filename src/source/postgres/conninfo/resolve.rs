//! The layers: connection string, service file, environment, defaults.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::secret::Secret;

use super::env::Env;
use super::error::ConnInfoError;
use super::hosts::{self, HostSpec};
use super::info::ConnInfo;
use super::keyvalue::{self, Pair};
use super::origin::{Origin, Settings};
use super::params::{self, PARAMS, Role};
use super::passfile::{PassFile, Wanted};
use super::{ssl, target, uri};

impl ConnInfo {
    /// Finds out where to connect, from a string and a service name that may both be missing.
    ///
    /// The service name given here goes before one in the string, and both before `PGSERVICE`.
    pub fn resolve(text: Option<&str>, service: Option<&str>, env: &Env) -> Result<Self, ConnInfoError> {
        let mut settings = Settings::default();
        let named = explicit(&mut settings, text.unwrap_or_default())?;
        let service = match (service, named) {
            (Some(name), _) => Some((name.to_owned(), Origin::ServiceArgument)),
            (None, Some(name)) => Some((name, Origin::ConnectionString)),
            (None, None) => env.var("PGSERVICE").map(|name| (name.to_owned(), Origin::Environment("PGSERVICE"))),
        };
        if let Some((name, origin)) = service.filter(|(name, _)| !name.is_empty()) {
            super::service::fill(&mut settings, &name, origin, env)?;
        }
        environment(&mut settings, env);
        guard(&settings)?;
        build(&settings, env)
    }
}

/// The string's own parameters; gives back the service that it names.
fn explicit(settings: &mut Settings, text: &str) -> Result<Option<String>, ConnInfoError> {
    let mut service = None;
    let mut after_password = false;
    for (key, value) in split(text)? {
        if key == "service" {
            service = Some(value);
            continue;
        }
        let Some(param) = params::find(&key) else {
            return Err(params::unknown(&key, Origin::ConnectionString, after_password));
        };
        after_password = params::is_secret(param.name);
        settings.set(param.name, value, Origin::ConnectionString);
    }
    Ok(service)
}

fn split(text: &str) -> Result<Vec<Pair>, ConnInfoError> {
    if let Some(rest) = uri::strip_scheme(text.trim()) {
        return uri::parse(rest);
    }
    if let Some((scheme, _)) = text.trim_start().split_once("://")
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    {
        return Err(ConnInfoError::Scheme { scheme: scheme.to_owned() });
    }
    if !text.trim().is_empty() && !text.contains('=') {
        return Err(ConnInfoError::Form);
    }
    keyvalue::parse(text)
}

fn environment(settings: &mut Settings, env: &Env) {
    for param in PARAMS {
        if let Some(name) = param.env
            && let Some(value) = env.var(name)
        {
            settings.fill(param.name, value.to_owned(), Origin::Environment(name));
        }
    }
}

/// Refuses what cannot be honoured and must not be ignored.
fn guard(settings: &Settings) -> Result<(), ConnInfoError> {
    for (name, value, origin) in settings.iter() {
        let why = match params::find(name).map(|param| param.role) {
            Some(Role::Refused(why)) => why,
            Some(Role::OnlyIf(harmless, why)) if !harmless.contains(&value) => why,
            _ => continue,
        };
        return Err(ConnInfoError::Unsupported { name, origin: origin.clone(), why });
    }
    Ok(())
}

fn build(settings: &Settings, env: &Env) -> Result<ConnInfo, ConnInfoError> {
    let mut notes = Vec::new();
    let user = settings
        .value("user")
        .map(str::to_owned)
        .or_else(|| env.os_user.clone())
        .filter(|user| !user.is_empty())
        .ok_or(ConnInfoError::NoUser)?;
    let database = settings.value("dbname").map_or_else(|| user.clone(), str::to_owned);
    let mut hosts = hosts::resolve(settings, env)?;
    let mut origins: BTreeMap<&'static str, Origin> = settings
        .iter()
        .filter(|(name, ..)| params::find(name).is_some_and(|param| matches!(param.role, Role::Used)))
        .map(|(name, _, origin)| (name, origin.clone()))
        .collect();
    for name in ["host", "port", "dbname", "user", "sslmode"] {
        origins.entry(name).or_insert(Origin::Default);
    }
    origins.insert("host", hosts::origin(settings));
    if let Some(origin) = passwords(&mut hosts, &user, &database, settings, env, &mut notes)? {
        origins.insert("password", origin);
    }
    let ssl = ssl::resolve(settings, env)?;
    if let (ssl::Roots::File(path), Origin::Default) = (&ssl.roots, settings.origin("sslrootcert")) {
        origins.insert("sslrootcert", Origin::DefaultFile(path.clone()));
    }
    notes.extend(remarks(env, &ssl));
    Ok(ConnInfo {
        user,
        database,
        application_name: settings.value("application_name").unwrap_or("loadline").to_owned(),
        options: settings.value("options").map(str::to_owned),
        connect_timeout: connect_timeout(settings)?,
        ssl,
        channel_binding: target::channel_binding(settings)?,
        target: target::target(settings)?,
        hosts,
        origins,
        notes,
    })
}

/// Gives every host its password; the origin is the first one's.
fn passwords(
    hosts: &mut [HostSpec],
    user: &str,
    database: &str,
    settings: &Settings,
    env: &Env,
    notes: &mut Vec<String>,
) -> Result<Option<Origin>, ConnInfoError> {
    if let Some((password, origin)) = settings.get("password") {
        for host in hosts {
            host.password = Some(Secret::new(password));
        }
        return Ok(Some(origin.clone()));
    }
    let file = PassFile::open(settings, env, notes)?;
    let mut first = None;
    for host in hosts {
        let name = host.passfile_name();
        if let Some((password, origin)) = file.find(Wanted { host: &name, port: host.port, database, user }) {
            host.password = Some(password);
            first.get_or_insert(origin);
        }
    }
    Ok(first)
}

fn remarks(env: &Env, ssl: &ssl::SslInfo) -> Vec<String> {
    let mut notes = Vec::new();
    if env.var("PGOPTIONS").is_some_and(|value| !value.is_empty()) {
        notes.push("PGOPTIONS is ignored, because poolers refuse startup options".to_owned());
    }
    let crl = env.in_home(".postgresql/root.crl").filter(|path| env.exists(path));
    if let (Some(path), true) = (crl, ssl.check != ssl::Check::Nothing) {
        notes.push(format!("revocation list {} is ignored", path.display()));
    }
    notes
}

/// Zero and negative mean no limit, as in libpq.
fn connect_timeout(settings: &Settings) -> Result<Option<Duration>, ConnInfoError> {
    let Some((text, origin)) = settings.get("connect_timeout") else {
        return Ok(None);
    };
    let seconds: i32 = text.trim().parse().map_err(|_| ConnInfoError::Value {
        name: "connect_timeout",
        origin: origin.clone(),
        expected: "a whole number of seconds",
    })?;
    Ok(u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs))
}
