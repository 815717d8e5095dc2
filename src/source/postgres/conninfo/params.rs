//! The parameters of libpq, and what becomes of each.

use super::error::ConnInfoError;
use super::origin::Origin;

/// What loadline does with a parameter.
#[derive(Clone, Copy)]
pub(super) enum Role {
    /// It has its effect.
    Used,
    /// It is accepted and has no effect, and nobody is worse off.
    Ignored,
    /// It is refused: ignoring it would weaken or change the connection.
    Refused(&'static str),
    /// It is refused unless it has this harmless value.
    OnlyIf(&'static [&'static str], &'static str),
}

/// One parameter.
pub(super) struct Param {
    pub(super) name: &'static str,
    pub(super) env: Option<&'static str>,
    pub(super) role: Role,
}

const fn used(name: &'static str, env: &'static str) -> Param {
    Param { name, env: Some(env), role: Role::Used }
}

const fn typed(name: &'static str, role: Role) -> Param {
    Param { name, env: None, role }
}

const fn guarded(name: &'static str, env: &'static str, role: Role) -> Param {
    Param { name, env: Some(env), role }
}

const NO_CRL: Role = Role::Refused("certificate revocation lists are not supported");
const NO_OAUTH: Role = Role::Refused("OAuth is not supported");
const NO_SCRAM_KEY: Role = Role::Refused("SCRAM keys are not supported, only passwords");

/// All parameters of libpq up to version 18.
///
/// `PGOPTIONS` is missing on purpose: poolers refuse startup options, and a variable set for `psql` long ago must not be
/// what makes an audit fail. `service` is missing because it names a layer and is not a value of one.
pub(super) const PARAMS: &[Param] = &[
    used("host", "PGHOST"),
    used("hostaddr", "PGHOSTADDR"),
    used("port", "PGPORT"),
    used("dbname", "PGDATABASE"),
    used("user", "PGUSER"),
    used("password", "PGPASSWORD"),
    used("passfile", "PGPASSFILE"),
    used("sslmode", "PGSSLMODE"),
    used("sslrootcert", "PGSSLROOTCERT"),
    used("sslcert", "PGSSLCERT"),
    used("sslkey", "PGSSLKEY"),
    used("sslcertmode", "PGSSLCERTMODE"),
    used("sslsni", "PGSSLSNI"),
    used("sslnegotiation", "PGSSLNEGOTIATION"),
    used("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
    used("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
    used("connect_timeout", "PGCONNECT_TIMEOUT"),
    used("application_name", "PGAPPNAME"),
    used("target_session_attrs", "PGTARGETSESSIONATTRS"),
    used("channel_binding", "PGCHANNELBINDING"),
    typed("options", Role::Used),
    guarded("gssencmode", "PGGSSENCMODE", Role::OnlyIf(&["disable", "prefer"], "GSSAPI encryption is not supported")),
    guarded("require_auth", "PGREQUIREAUTH", Role::Refused("the login method cannot be restricted here")),
    guarded("requirepeer", "PGREQUIREPEER", Role::Refused("the owner of the server's socket is not checked here")),
    guarded("sslcrl", "PGSSLCRL", NO_CRL),
    guarded("sslcrldir", "PGSSLCRLDIR", NO_CRL),
    typed("replication", Role::OnlyIf(&["false", "off", "no", "0"], "an audit asks questions and does not replicate")),
    typed("scram_client_key", NO_SCRAM_KEY),
    typed("scram_server_key", NO_SCRAM_KEY),
    typed("oauth_issuer", NO_OAUTH),
    typed("oauth_client_id", NO_OAUTH),
    typed("oauth_client_secret", NO_OAUTH),
    typed("oauth_scope", NO_OAUTH),
    typed("sslpassword", Role::Refused("encrypted client keys are not supported")),
    typed("authtype", Role::Ignored),
    typed("client_encoding", Role::Ignored),
    typed("fallback_application_name", Role::Ignored),
    typed("gssdelegation", Role::Ignored),
    typed("gsslib", Role::Ignored),
    typed("keepalives", Role::Ignored),
    typed("keepalives_count", Role::Ignored),
    typed("keepalives_idle", Role::Ignored),
    typed("keepalives_interval", Role::Ignored),
    typed("krbsrvname", Role::Ignored),
    typed("load_balance_hosts", Role::Ignored),
    typed("max_protocol_version", Role::Ignored),
    typed("min_protocol_version", Role::Ignored),
    typed("sslcompression", Role::Ignored),
    typed("sslkeylogfile", Role::Ignored),
    typed("tcp_user_timeout", Role::Ignored),
    typed("tty", Role::Ignored),
];

/// Finds a parameter by its name.
pub(super) fn find(name: &str) -> Option<&'static Param> {
    PARAMS.iter().find(|param| param.name == name)
}

/// The complaint about a name that nobody knows.
///
/// `after_password` says that the name follows a password in the string. Then it is likely the tail of a password with
/// a space or an ampersand in it, and must not be repeated.
pub(super) fn unknown(name: &str, origin: Origin, after_password: bool) -> ConnInfoError {
    let looks_like_a_name =
        name.len() <= 32 && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_name_char);
    let name = if after_password {
        "after the password (quote or encode the password if it is part of it)".to_owned()
    } else if looks_like_a_name {
        format!("\"{name}\"")
    } else {
        "with an unreadable name".to_owned()
    };
    let used = PARAMS.iter().filter(|param| matches!(param.role, Role::Used)).map(|param| param.name);
    let known = std::iter::once("service").chain(used).collect::<Vec<_>>().join(", ");
    ConnInfoError::Unknown { name, origin, known }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// Whether a value of this parameter is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    matches!(name, "password" | "sslpassword" | "scram_client_key" | "scram_server_key" | "oauth_client_secret")
}
