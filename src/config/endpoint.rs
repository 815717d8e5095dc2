//! From what a person writes of a source to an endpoint that can be connected to.

use std::path::Path;

use redis::IntoConnectionInfo;

use super::file::SourceFile;
use crate::{
    snapshot::SourceKind,
    source::{
        Endpoint, KubernetesPlace,
        postgres::conninfo::{ConnInfo, Env},
    },
};

/// Attestations are no source that a target names; they stand in folders beside the configuration.
const NO_SOURCE: &str = "attestations are read from the folders `attestations` and `waivers`, not as a source";
/// Why a plan is no source that is written down.
const NO_ADDRESS: &str = "a plan has no address: write [targets.NAME.plan], and it is asked under the name `plan`";

/// Journals belong to the machine of the operator, and are found there.
const NO_RUNS: &str = "runs are read from the folder `runs` of the configuration, not as a source";

/// The endpoint of one text: a URL or connection string, a kubeconfig context or a folder.
pub(super) fn of_text(kind: SourceKind, text: &str, env: &Env) -> Result<Endpoint, String> {
    let postgres = || ConnInfo::resolve(Some(text), None, env).map_err(|error| error.to_string());
    Ok(match kind {
        SourceKind::Postgres => Endpoint::Postgres(postgres()?),
        SourceKind::PgBouncer => Endpoint::PgBouncer(console(postgres()?, Some(text))),
        SourceKind::Redis => Endpoint::Redis(redis_info(text)?),
        SourceKind::Kubernetes => Endpoint::Kubernetes(cluster(text, env)),
        SourceKind::Attestation => return Err(NO_SOURCE.into()),
        SourceKind::Plan => return Err(NO_ADDRESS.into()),
        SourceKind::LoadTest => Endpoint::LoadTest(text.into()),
        SourceKind::Runs => return Err(NO_RUNS.into()),
    })
}

/// The endpoint of a source in the configuration file; paths in it are relative to the file.
pub(super) fn of_file(of: &SourceFile, base: &Path, env: &Env) -> Result<Endpoint, String> {
    let variable = |variable: &Option<String>| match variable {
        Some(name) => env.var(name).map(|v| Some(v.to_owned())).ok_or_else(|| format!("the environment has no {name}")),
        None => Ok(None),
    };
    let url = variable(&of.url_env)?.or_else(|| of.url.clone());
    let password = variable(&of.password_env)?;
    let postgres = || {
        let info = ConnInfo::resolve(url.as_deref(), of.service.as_deref(), env).map_err(|error| error.to_string())?;
        Ok::<_, String>(match &password {
            Some(password) => info.with_password(password),
            None => info,
        })
    };
    Ok(match of.kind {
        SourceKind::Postgres => Endpoint::Postgres(postgres()?),
        SourceKind::PgBouncer => Endpoint::PgBouncer(console(postgres()?, url.as_deref())),
        SourceKind::Redis => {
            let info = redis_info(url.as_deref().ok_or("a redis source needs url or url_env")?)?;
            Endpoint::Redis(match password {
                Some(password) => {
                    let settings = info.redis_settings().clone().set_password(password);
                    info.set_redis_settings(settings)
                }
                None => info,
            })
        }
        SourceKind::Kubernetes => Endpoint::Kubernetes(match &of.folder {
            Some(folder) => KubernetesPlace::Folder(base.join(folder)),
            None => kubectl(of.context.clone(), env),
        }),
        SourceKind::Attestation => return Err(NO_SOURCE.into()),
        SourceKind::Plan => return Err(NO_ADDRESS.into()),
        SourceKind::Runs => return Err(NO_RUNS.into()),
        SourceKind::LoadTest => {
            let folder = of.folder.as_deref().ok_or("a loadtest source needs folder")?;
            Endpoint::LoadTest(base.join(folder))
        }
    })
}

/// A folder where there is one of that name, or where it looks like a path; else a context.
fn cluster(text: &str, env: &Env) -> KubernetesPlace {
    let path = Path::new(text);
    if text.contains('/') || path.is_dir() {
        KubernetesPlace::Folder(path.to_owned())
    } else {
        kubectl(Some(text.to_owned()).filter(|text| !text.is_empty()), env)
    }
}

fn kubectl(context: Option<String>, env: &Env) -> KubernetesPlace {
    KubernetesPlace::Kubectl { program: env.var("KUBECTL").unwrap_or("kubectl").to_owned(), context }
}

/// The console is the database `pgbouncer`, whatever the environment says of databases.
fn console(info: ConnInfo, text: Option<&str>) -> ConnInfo {
    let says_database = text.is_some_and(|text| text.contains("/pgbouncer") || text.contains("dbname="));
    if says_database { info } else { info.with_database("pgbouncer") }
}

fn redis_info(url: &str) -> Result<redis::ConnectionInfo, String> {
    url.into_connection_info().map_err(|error| {
        // The client's error may repeat the URL, and with it the password.
        let what =
            error.detail().map_or_else(|| "it cannot be read".into(), |detail| format!("{error}").replace(detail, ""));
        format!(
            "this is no Redis URL ({}); expected redis://[USER:PASSWORD@]HOST:PORT[/DB] or rediss://…",
            what.replace(url, "…").trim()
        )
    })
}
