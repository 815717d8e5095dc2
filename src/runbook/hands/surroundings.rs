//! The environment of what is started: clean, but for what is listed here, and what reaches the target.

use std::collections::BTreeMap;

use crate::{
    config::SourceConfig,
    source::{
        Endpoint, KubernetesPlace,
        postgres::conninfo::{Check, ConnInfo, Endpoint as Host, Roots, SslMode},
    },
};

/// What every program is given of the operator's environment.
const KEPT: [&str; 7] = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "KUBECONFIG", "TMPDIR"];

/// What kubectl is given beside: its login helpers find the operator's account by these, as they do for the audit.
const FOR_KUBECTL: [&str; 11] = [
    "AWS_",
    "AZURE_",
    "CLOUDSDK_",
    "GOOGLE_",
    "KUBE",
    "SSL_CERT_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "USE_GKE_",
    "XDG_",
];

/// Where programs are looked for if the operator's environment does not say.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// What every program is given.
pub(super) fn clean(vars: &BTreeMap<String, String>, pty: bool) -> BTreeMap<String, String> {
    let kept = vars.iter().filter(|(name, _)| KEPT.contains(&name.as_str()));
    let mut env: BTreeMap<String, String> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    env.entry("PATH".into()).or_insert_with(|| PATH.into());
    env.insert("TERM".into(), if pty { "xterm" } else { "dumb" }.into());
    env
}

/// What kubectl is given.
pub(super) fn for_kubectl(vars: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let upper = |name: &str| name.to_ascii_uppercase();
    let kept = vars.iter().filter(|(name, _)| FOR_KUBECTL.iter().any(|prefix| upper(name).starts_with(prefix)));
    let mut env = clean(vars, false);
    env.extend(kept.map(|(name, value)| (name.clone(), value.clone())));
    env
}

/// Values of variables whose names say that they are secrets, for the redactor.
pub(super) fn secrets(env: &BTreeMap<String, String>) -> impl Iterator<Item = String> {
    let secret = |name: &str| {
        let name = name.to_ascii_uppercase();
        ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "ACCESS_KEY", "REDISCLI_AUTH"].iter().any(|end| name.ends_with(end))
    };
    env.iter().filter(move |(name, value)| secret(name) && value.len() > 3).map(|(_, value)| value.clone())
}

/// What reaches a source, in the variables that its own programs read.
pub(super) fn reaching(source: &SourceConfig, tag: &str, reads_only: bool) -> BTreeMap<String, String> {
    match &source.endpoint {
        Endpoint::Postgres(info) => postgres(info, tag, reads_only),
        // The console knows neither start-up options nor transactions.
        Endpoint::PgBouncer(info) => postgres(info, tag, false),
        Endpoint::Redis(info) => redis(info),
        Endpoint::Kubernetes(KubernetesPlace::Kubectl { context: Some(context), .. }) => {
            BTreeMap::from([("KUBE_CONTEXT".into(), context.clone())])
        }
        _ => BTreeMap::new(),
    }
}

fn postgres(info: &ConnInfo, tag: &str, reads_only: bool) -> BTreeMap<String, String> {
    let mut env = BTreeMap::new();
    let mut set = |name: &str, value: String| {
        if !value.is_empty() {
            env.insert(name.to_owned(), value);
        }
    };
    let all = |part: &dyn Fn(&crate::source::postgres::conninfo::HostSpec) -> String| {
        info.hosts().iter().map(part).collect::<Vec<_>>().join(",")
    };
    set(
        "PGHOST",
        all(&|host| match &host.endpoint {
            Host::Name(name) | Host::Address { name: Some(name), .. } => name.clone(),
            Host::Address { name: None, addr } => addr.to_string(),
            Host::Socket(folder) => folder.display().to_string(),
        }),
    );
    if info.hosts().iter().any(|host| matches!(host.endpoint, Host::Address { name: Some(_), .. })) {
        set(
            "PGHOSTADDR",
            all(&|host| match &host.endpoint {
                Host::Address { addr, .. } => addr.to_string(),
                Host::Name(_) | Host::Socket(_) => String::new(),
            }),
        );
    }
    set("PGPORT", all(&|host| host.port.to_string()));
    set("PGUSER", info.user().to_owned());
    set("PGDATABASE", info.database().to_owned());
    set("PGAPPNAME", tag.to_owned());
    let passwords: Vec<_> = info.hosts().iter().filter_map(|host| host.password.as_ref()).collect();
    // libpq takes one password for all hosts from the environment; where they differ, the password file has them.
    if let Some(first) = passwords.first().filter(|first| passwords.iter().all(|other| other == *first)) {
        set("PGPASSWORD", first.expose().to_owned());
    }
    let guard = if reads_only { "-c default_transaction_read_only=on" } else { "" };
    set("PGOPTIONS", format!("{} {guard}", info.options().unwrap_or_default()).trim().to_owned());
    tls(info, &mut set);
    env
}

fn tls(info: &ConnInfo, set: &mut impl FnMut(&str, String)) {
    let ssl = info.ssl();
    let mode = match (ssl.mode, ssl.check) {
        (SslMode::Disable, _) => "disable",
        (SslMode::Allow, _) => "allow",
        (SslMode::Prefer, _) => "prefer",
        (SslMode::Require, _) => "require",
        (SslMode::VerifyCa, Check::ChainAndName) | (SslMode::VerifyFull, _) => "verify-full",
        (SslMode::VerifyCa, _) => "verify-ca",
    };
    set("PGSSLMODE", mode.into());
    match &ssl.roots {
        Roots::File(path) => set("PGSSLROOTCERT", path.display().to_string()),
        Roots::System => set("PGSSLROOTCERT", "system".into()),
        Roots::Nobody => {}
    }
    if let Some(client) = &ssl.client {
        set("PGSSLCERT", client.cert.display().to_string());
        set("PGSSLKEY", client.key.display().to_string());
    }
}

fn redis(info: &::redis::ConnectionInfo) -> BTreeMap<String, String> {
    use ::redis::ConnectionAddr;
    let mut env = BTreeMap::new();
    let mut set = |name: &str, value: String| env.insert(name.to_owned(), value);
    match info.addr() {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
            set("REDIS_HOST", host.clone());
            set("REDIS_PORT", port.to_string());
        }
        ConnectionAddr::Unix(path) => {
            set("REDIS_SOCKET", path.display().to_string());
        }
        _ => {}
    }
    if let Some(user) = info.redis_settings().username() {
        set("REDIS_USER", user.to_owned());
    }
    // redis-cli reads its password here, so that it need not stand in its arguments.
    if let Some(password) = info.redis_settings().password() {
        set("REDISCLI_AUTH", password.to_owned());
    }
    env
}
