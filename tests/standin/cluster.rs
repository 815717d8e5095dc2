//! A stand-in for a Kubernetes API server.
//!
//! It is no Kubernetes: there is no API server that a test could start on one machine without a download. It
//! answers the requests that are made through `kubectl get --raw`, in the words of a real one, and can be told to
//! refuse, to be slow, to break off and to answer page by page. `kubectl` itself is the real one.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Standin, serve};

/// How it answers when it is asked for its autoscalers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    Well,
    /// So many objects a page.
    Pages(usize),
    /// As pages, and the second one is too old by the time it is asked for.
    ExpiredPages,
    /// A refusal by its HTTP code.
    Refusal(u16),
    /// Nothing for longer than anybody waits.
    Late,
    /// It says how long the answer is and hangs up half-way.
    Truncated,
    /// Half of the JSON, as if that were all.
    HalfJson,
    /// Something that is no list.
    NoList,
}

const LIST: &str = "/apis/autoscaling/v2/horizontalpodautoscalers";

/// The other lists that it has.
const OTHERS: [(&str, &str); 4] = [
    ("/api/v1/services", "Service"),
    ("/apis/apps/v1/deployments", "Deployment"),
    ("/apis/apps/v1/statefulsets", "StatefulSet"),
    ("/apis/policy/v1/poddisruptionbudgets", "PodDisruptionBudget"),
];

/// A kubeconfig that leads to the stand-in on this port, by the context `lab-context`.
pub(crate) fn kubeconfig(port: u16, token: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: lab\n  cluster: {{ server: 'http://127.0.0.1:{port}' }}\n\
         users:\n- name: auditor\n  user: {{ token: {token} }}\n\
         contexts:\n- name: lab-context\n  context: {{ cluster: lab, user: auditor }}\n"
    )
}

/// A stand-in with these objects. What it is told to do wrong, it does when it is asked for its autoscalers.
pub(crate) fn cluster(objects: Vec<Value>, answers: Answers) -> Standin {
    let objects = Arc::new(objects);
    serve(move |stream| converse(stream, objects.clone(), answers))
}

async fn converse(mut stream: TcpStream, objects: Arc<Vec<Value>>, answers: Answers) {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece).await {
            Ok(bytes) if bytes > 0 => head.extend_from_slice(&piece[..bytes]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let wanted = head.split(' ').nth(1).unwrap_or_default();
    let (path, query) = wanted.split_once('?').unwrap_or((wanted, ""));
    let (code, body) = match path {
        _ if !head.starts_with("GET ") => refusal(405),
        "/version" if answers == Answers::Refusal(401) => refusal(401),
        "/version" => (200, json!({ "major": "1", "minor": "32", "gitVersion": "v1.32.4" }).to_string()),
        LIST => list(&of_kind(&objects, "HorizontalPodAutoscaler"), query, answers),
        _ => match OTHERS.iter().find(|(other, _)| *other == path) {
            Some((_, kind)) => list(&of_kind(&objects, kind), query, Answers::Well),
            None => refusal(404),
        },
    };
    if path == LIST && answers == Answers::Late {
        tokio::time::sleep(Duration::from_secs(30)).await;
    }
    let truncated = path == LIST && answers == Answers::Truncated;
    let length = if truncated { body.len() * 2 } else { body.len() };
    let head = format!(
        "HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body.as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn of_kind(objects: &[Value], kind: &str) -> Vec<Value> {
    objects.iter().filter(|object| object["kind"] == kind).cloned().collect()
}

fn list(objects: &[Value], query: &str, answers: Answers) -> (u16, String) {
    let parameter = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    // A token as real ones are: it has characters that must be escaped in a query.
    let from: usize =
        parameter("continue").map_or(0, |token| token.trim_start_matches("at%2B%3D").parse().expect("our own token"));
    let size = match answers {
        Answers::Pages(size) => size,
        Answers::ExpiredPages if from > 0 => return refusal(410),
        Answers::ExpiredPages => 1,
        Answers::Refusal(code) => return refusal(code),
        Answers::NoList => return (200, json!({ "kind": "Healthz", "ok": true }).to_string()),
        _ => objects.len(),
    };
    let limit: usize = parameter("limit").and_then(|limit| limit.parse().ok()).expect("a list is asked for in pages");
    let end = objects.len().min(from + size.min(limit));
    let token = if end < objects.len() { format!("at+={end}") } else { String::new() };
    let page = json!({
        "kind": "HorizontalPodAutoscalerList",
        "apiVersion": "autoscaling/v2",
        "metadata": { "resourceVersion": "7", "continue": token },
        "items": objects[from..end],
    });
    let text = page.to_string();
    let cut = if answers == Answers::HalfJson { text.len() / 2 } else { text.len() };
    (200, text[..cut].to_owned())
}

/// A refusal in the words of an API server.
fn refusal(code: u16) -> (u16, String) {
    let (reason, message) = match code {
        401 => ("Unauthorized", "Unauthorized"),
        403 => (
            "Forbidden",
            "horizontalpodautoscalers.autoscaling is forbidden: User \"auditor\" cannot list resource \
             \"horizontalpodautoscalers\" in API group \"autoscaling\" at the cluster scope",
        ),
        404 => ("NotFound", "the server could not find the requested resource"),
        410 => ("Expired", "The provided continue parameter is too old to display a consistent list result."),
        500 => ("InternalError", "Internal error occurred: etcdserver: request timed out"),
        _ => ("MethodNotAllowed", "the server does not allow this method on the requested resource"),
    };
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code,
    });
    (code, status.to_string())
}
