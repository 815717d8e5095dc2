//! What `sslmode` and its companions ask for, decided before any connection is made.

use std::path::PathBuf;

use super::env::Env;
use super::error::ConnInfoError;
use super::origin::{Origin, Settings};
use super::target::word;

/// Whether and how strictly to encrypt (`sslmode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SslMode {
    /// Clear text only.
    Disable,
    /// Clear text, and TLS when the server refuses that.
    Allow,
    /// TLS when the server offers it, else clear text.
    #[default]
    Prefer,
    /// TLS or nothing.
    Require,
    /// TLS with a certificate from a known root.
    VerifyCa,
    /// TLS with a certificate from a known root that names the host.
    VerifyFull,
}

/// What is checked about the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Nothing: protection against listeners, not against impostors.
    Nothing,
    /// That a known root signed it.
    Chain,
    /// That a known root signed it and that it names the host.
    ChainAndName,
}

/// Whom to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Roots {
    /// Nobody in particular; only with [`Check::Nothing`].
    Nobody,
    /// The certificates in this file.
    File(PathBuf),
    /// The roots of the operating system.
    System,
}

/// The client's own certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCert {
    /// The certificate chain, PEM.
    pub cert: PathBuf,
    /// The private key, PEM, not encrypted.
    pub key: PathBuf,
}

/// The versions of TLS that are left between the user's bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsVersions {
    /// 1.2 and 1.3.
    Both,
    /// 1.2 only.
    Only12,
    /// 1.3 only.
    Only13,
}

/// Everything about TLS, as paths: the files are read when a connection is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SslInfo {
    /// Whether to encrypt.
    pub mode: SslMode,
    /// What to check.
    pub check: Check,
    /// Whom to trust.
    pub roots: Roots,
    /// What to show the server.
    pub client: Option<ClientCert>,
    /// Whether the host name is sent in clear before encryption starts.
    pub sni: bool,
    /// Start TLS at once, without asking first (PostgreSQL 17 and later).
    pub direct: bool,
    /// Which versions will do.
    pub versions: TlsVersions,
}

pub(super) fn resolve(settings: &Settings, env: &Env) -> Result<SslInfo, ConnInfoError> {
    let mode = mode(settings, env)?;
    let roots = roots(settings, env, mode)?;
    let check = match (mode, &roots) {
        (SslMode::VerifyFull, _) => Check::ChainAndName,
        (SslMode::VerifyCa, _) | (SslMode::Require, Roots::File(_)) => Check::Chain,
        _ => Check::Nothing,
    };
    let versions = versions(settings)?;
    let direct = word(settings, "sslnegotiation", &[("postgres", false), ("direct", true)], "postgres or direct")?
        .unwrap_or(false);
    if direct && matches!(mode, SslMode::Disable | SslMode::Allow | SslMode::Prefer) {
        return Err(value("sslnegotiation", settings, "postgres unless sslmode is require or stricter"));
    }
    let sni = word(settings, "sslsni", &[("0", false), ("1", true)], "0 or 1")?.unwrap_or(true);
    Ok(SslInfo { mode, check, roots, client: client(settings, env)?, sni, direct, versions })
}

fn value(name: &'static str, settings: &Settings, expected: &'static str) -> ConnInfoError {
    ConnInfoError::Value { name, origin: settings.origin(name), expected }
}

fn mode(settings: &Settings, env: &Env) -> Result<SslMode, ConnInfoError> {
    let table = [
        ("disable", SslMode::Disable),
        ("allow", SslMode::Allow),
        ("prefer", SslMode::Prefer),
        ("require", SslMode::Require),
        ("verify-ca", SslMode::VerifyCa),
        ("verify-full", SslMode::VerifyFull),
    ];
    let expected = "disable, allow, prefer, require, verify-ca or verify-full";
    let given = word(settings, "sslmode", &table, expected)?;
    // With the system's roots anybody with any public certificate passes unless the name is checked.
    if settings.value("sslrootcert") == Some("system") {
        return match given {
            None | Some(SslMode::VerifyFull) => Ok(SslMode::VerifyFull),
            Some(_) => Err(value("sslmode", settings, "verify-full when sslrootcert is system")),
        };
    }
    // The variable from before sslmode: ignoring it would quietly give clear text to who asked for TLS.
    let old = env.var("PGREQUIRESSL").is_some_and(|value| value.starts_with('1'));
    Ok(given.unwrap_or(if old { SslMode::Require } else { SslMode::default() }))
}

fn roots(settings: &Settings, env: &Env, mode: SslMode) -> Result<Roots, ConnInfoError> {
    if matches!(mode, SslMode::Disable | SslMode::Allow | SslMode::Prefer) {
        return Ok(Roots::Nobody);
    }
    if settings.value("sslrootcert") == Some("system") {
        return Ok(Roots::System);
    }
    if let Some(path) = given_file(settings, env, "sslrootcert")? {
        return Ok(Roots::File(path));
    }
    match (usual_file(env, "root.crt"), mode) {
        (Some(path), _) => Ok(Roots::File(path)),
        (None, SslMode::VerifyFull) => Ok(Roots::System),
        (None, SslMode::VerifyCa) => Err(ConnInfoError::NoRoot),
        (None, _) => Ok(Roots::Nobody),
    }
}

fn client(settings: &Settings, env: &Env) -> Result<Option<ClientCert>, ConnInfoError> {
    let wanted = word(settings, "sslcertmode", &[("disable", false), ("allow", true)], "disable or allow")?;
    if wanted == Some(false) {
        return Ok(None);
    }
    let Some(cert) = given_file(settings, env, "sslcert")?.or_else(|| usual_file(env, "postgresql.crt")) else {
        return Ok(None);
    };
    let key = match given_file(settings, env, "sslkey")? {
        Some(key) => key,
        None => usual_file(env, "postgresql.key").ok_or_else(|| ConnInfoError::NoFile {
            name: "sslkey",
            origin: Origin::Default,
            path: env.in_home(".postgresql/postgresql.key").unwrap_or_default(),
        })?,
    };
    Ok(Some(ClientCert { cert, key }))
}

fn given_file(settings: &Settings, env: &Env, name: &'static str) -> Result<Option<PathBuf>, ConnInfoError> {
    let Some((path, origin)) = settings.get(name) else {
        return Ok(None);
    };
    let path = PathBuf::from(path);
    if env.exists(&path) { Ok(Some(path)) } else { Err(ConnInfoError::NoFile { name, origin: origin.clone(), path }) }
}

fn usual_file(env: &Env, name: &str) -> Option<PathBuf> {
    env.in_home(".postgresql").map(|dir| dir.join(name)).filter(|path| env.exists(path))
}

/// Which versions are left between the bounds. Versions before 1.2 are never spoken, whatever the lower bound says.
fn versions(settings: &Settings) -> Result<TlsVersions, ConnInfoError> {
    let table = [("TLSv1", 0), ("TLSv1.0", 0), ("TLSv1.1", 1), ("TLSv1.2", 2), ("TLSv1.3", 3)];
    let expected = "TLSv1.2 or TLSv1.3";
    let low = word(settings, "ssl_min_protocol_version", &table, expected)?.unwrap_or(2);
    let high = word(settings, "ssl_max_protocol_version", &table, expected)?.unwrap_or(3);
    if high < 2 || low > high {
        return Err(value("ssl_max_protocol_version", settings, "TLSv1.2 or TLSv1.3 and not below the minimum"));
    }
    Ok(match (low, high) {
        (3, _) => TlsVersions::Only13,
        (_, 2) => TlsVersions::Only12,
        _ => TlsVersions::Both,
    })
}
