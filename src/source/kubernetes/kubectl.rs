//! `kubectl get --raw`: one request a path, no discovery, read-only by its verb; and the kubeconfig as kubectl sees it.

use std::{process::Stdio, time::Duration};

use serde_json::Value as Json;
use tokio::process::Command;

use crate::{
    snapshot::{Fault, FaultKind},
    source::within,
    starting,
};

/// Objects a page; the API server's own default for controllers.
const PAGE: usize = 500;

/// The most pages of one list, so that a server that always names a next page cannot hold us.
const PAGES: usize = 200;

/// All items of a list, page by page.
pub(super) async fn list(
    program: &str,
    context: Option<&str>,
    path: &str,
    deadline: Duration,
) -> Result<Vec<Json>, Fault> {
    let mut items = Vec::new();
    let mut from = String::new();
    for _ in 0..PAGES {
        let mut page = get(program, context, &format!("{path}?limit={PAGE}{from}"), deadline).await?;
        let Some(Json::Array(more)) = page.get_mut("items").map(Json::take) else {
            return Err(Fault::new(FaultKind::Rubbish, format!("{path} did not answer with a list")));
        };
        items.extend(more);
        match page.pointer("/metadata/continue").and_then(Json::as_str) {
            Some(token) if !token.is_empty() => {
                let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
                from = format!("&continue={token}");
            }
            _ => return Ok(items),
        }
    }
    Err(Fault::new(FaultKind::Rubbish, format!("{path} has more than {PAGES} pages of {PAGE}")))
}

/// One answer.
pub(super) async fn get(program: &str, context: Option<&str>, path: &str, deadline: Duration) -> Result<Json, Fault> {
    let limit = format!("--request-timeout={}s", deadline.as_secs().max(1));
    json(program, context, &["get", "--raw", path, &limit], path, deadline).await
}

/// The kubeconfig, cut down to one context; without credentials, which kubectl leaves out of it.
pub(super) async fn config(program: &str, context: Option<&str>, deadline: Duration) -> Result<Json, Fault> {
    json(program, context, &["config", "view", "--minify", "-o", "json"], "the kubeconfig", deadline).await
}

/// What a command prints, as JSON.
async fn json(
    program: &str,
    context: Option<&str>,
    args: &[&str],
    what: &str,
    deadline: Duration,
) -> Result<Json, Fault> {
    let mut command = Command::new(program);
    if let Some(context) = context {
        command.arg(format!("--context={context}"));
    }
    command.args(args);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let run = async {
        // It is started at once, and what is left is to wait.
        starting::a_process(|| command.output()).await.map_err(|error| {
            Fault::new(FaultKind::Unreachable, format!("{program} could not be started: {error}"))
                .remedy("install kubectl, or give a folder of saved answers")
        })
    };
    let output = within(deadline, &format!("kubectl {}", args.join(" ")), run).await?;
    if !output.status.success() {
        return Err(refused(what, &String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Fault::new(FaultKind::Rubbish, format!("{what} did not answer with JSON: {error}")))
}

/// What kubectl complained of. It has no machine-readable form; its words are stable enough to tell these apart.
fn refused(path: &str, stderr: &str) -> Fault {
    let message = format!("{path}: {}", stderr.trim().lines().last().unwrap_or("kubectl failed without a word"));
    let has = |words: &[&str]| words.iter().any(|word| stderr.contains(word));
    if has(&["Forbidden", "forbidden"]) {
        Fault::new(FaultKind::Denied, message)
            .remedy(format!("grant get and list on {path} to this user, by a ClusterRole"))
    } else if has(&["Unauthorized", "logged in"]) {
        Fault::new(FaultKind::Unreachable, message).remedy("log in to the cluster again")
    } else if has(&["NotFound", "could not find the requested resource"]) {
        Fault::new(FaultKind::Missing, message).remedy("this cluster does not serve that kind of object")
    } else if has(&["Expired", "too old resource version", "too old to"]) {
        Fault::new(FaultKind::Gone, message).remedy("the list changed while it was read; run again")
    } else if has(&["context deadline exceeded", "Client.Timeout", "i/o timeout"]) {
        Fault::new(FaultKind::Deadline, message)
    } else if has(&["unexpected EOF", "connection reset", "connection lost"]) {
        Fault::new(FaultKind::Gone, message).remedy("the answer broke off; run again")
    } else if has(&["refused", "no such host", "does not exist", "Unable to connect"]) {
        Fault::new(FaultKind::Unreachable, message).remedy("check the context and that the API server is up")
    } else {
        Fault::new(FaultKind::Server, message)
    }
}
