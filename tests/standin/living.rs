//! A stand-in for a Kubernetes API server whose objects can be changed, with as much of its controllers as moves
//! replicas when the range of an autoscaler moves.
//!
//! It is no Kubernetes and says so in its version and in a header. It answers `kubectl`, the real one: discovery, objects
//! and lists, merge patches. The controller is the part that scaling out by hand rests on: replicas are kept
//! within the range whether or not a metric can be read, and pods become ready one after the other.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::cluster::kubeconfig;
use super::{Standin, serve};

/// How long a pod takes to become ready.
const POD: Duration = Duration::from_millis(60);

/// What it has, by path of its group: plural, kind, short name, whether in a namespace.
const RESOURCES: [(&str, &str, &str, &str, bool); 9] = [
    ("/api/v1", "namespaces", "Namespace", "ns", false),
    ("/api/v1", "nodes", "Node", "no", false),
    ("/api/v1", "pods", "Pod", "po", true),
    ("/api/v1", "services", "Service", "svc", true),
    ("/api/v1", "events", "Event", "ev", true),
    ("/apis/apps/v1", "deployments", "Deployment", "deploy", true),
    ("/apis/apps/v1", "statefulsets", "StatefulSet", "sts", true),
    ("/apis/autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa", true),
    ("/apis/policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb", true),
];

/// The stand-in, and a hand on what it has.
pub(crate) struct Living {
    standin: Standin,
    state: Arc<Mutex<State>>,
}

struct State {
    objects: Vec<Value>,
    /// How many replicas the load asks for, by autoscaler; none where its metric cannot be read.
    wishes: Vec<(String, Option<i64>)>,
    /// Since when pods of a deployment start, and how many were ready then.
    starts: Vec<(String, Instant, i64)>,
    patches: Vec<Value>,
    version: u64,
}

/// A stand-in with these objects. An autoscaler has no metric until it is given one.
pub(crate) fn living(mut objects: Vec<Value>) -> Living {
    objects.push(json!({ "kind": "Namespace", "apiVersion": "v1", "metadata": {
        "name": "kube-system", "uid": "57a4d1b0-57a4-4d1b-8057-000000000000" } }));
    let state = State { objects, wishes: Vec::new(), starts: Vec::new(), patches: Vec::new(), version: 7 };
    let state = Arc::new(Mutex::new(state));
    let shared = state.clone();
    Living { standin: serve(move |stream| converse(stream, shared.clone())), state }
}

impl Living {
    /// A kubeconfig that leads to it, by the context `lab-context`.
    pub(crate) fn kubeconfig(&self) -> String {
        kubeconfig(self.standin.port, "token")
    }

    /// How many replicas the load asks for from now on; none where the metric cannot be read.
    pub(crate) fn wishes(&self, autoscaler: &str, replicas: Option<i64>) {
        let mut state = self.lock();
        state.wishes.retain(|(name, _)| name != autoscaler);
        state.wishes.push((autoscaler.to_owned(), replicas));
    }

    /// An object as it is now.
    pub(crate) fn object(&self, kind: &str, name: &str) -> Value {
        let mut state = self.lock();
        state.reconcile();
        let found = state.objects.iter().find(|o| o["kind"] == kind && o["metadata"]["name"] == name);
        found.unwrap_or_else(|| panic!("there is no {kind} {name}")).clone()
    }

    /// What was patched, in the order in which it came.
    pub(crate) fn patches(&self) -> Vec<Value> {
        self.lock().patches.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test fails while it looks")
    }
}

impl State {
    /// What controllers do: replicas into the range first, and only then by the metric.
    fn reconcile(&mut self) {
        let autoscalers: Vec<usize> =
            (0..self.objects.len()).filter(|at| self.objects[*at]["kind"] == "HorizontalPodAutoscaler").collect();
        for at in autoscalers {
            let (spec, name) = (self.objects[at]["spec"].clone(), text(&self.objects[at]["metadata"]["name"]));
            let target = text(&spec["scaleTargetRef"]["name"]);
            let wish = self.wishes.iter().find(|(of, _)| *of == name).and_then(|(_, wish)| *wish);
            let Some(workload) =
                self.objects.iter().position(|o| o["kind"] == "Deployment" && o["metadata"]["name"] == target.as_str())
            else {
                continue;
            };
            let now = self.objects[workload]["spec"]["replicas"].as_i64().unwrap_or(1);
            let (min, max) = (spec["minReplicas"].as_i64().unwrap_or(1), spec["maxReplicas"].as_i64().unwrap_or(1));
            let desired = wish.unwrap_or(now).clamp(min, max);
            let ready = self.ready(workload);
            if desired != now {
                self.starts.retain(|(of, ..)| *of != target);
                self.starts.push((target.clone(), Instant::now(), ready.min(desired)));
            }
            self.objects[workload]["spec"]["replicas"] = json!(desired);
            let ready = self.ready(workload);
            self.objects[workload]["status"] =
                json!({ "observedGeneration": 1, "replicas": desired, "readyReplicas": ready });
            self.objects[at]["status"] = json!({
                "currentReplicas": desired, "desiredReplicas": desired, "conditions": conditions(wish, min, max),
            });
        }
    }

    /// How many of a deployment's pods are ready by now.
    fn ready(&self, workload: usize) -> i64 {
        let (name, wanted) =
            (text(&self.objects[workload]["metadata"]["name"]), &self.objects[workload]["spec"]["replicas"]);
        let wanted = wanted.as_i64().unwrap_or(1);
        let Some((_, since, before)) = self.starts.iter().find(|(of, ..)| *of == name) else { return wanted };
        let started = i64::try_from(since.elapsed().as_millis() / POD.as_millis()).unwrap_or(i64::MAX);
        before.saturating_add(started).min(wanted)
    }

    fn answer(&mut self, method: &str, path: &str, query: &str, body: &str) -> (u16, Value) {
        self.reconcile();
        if let Some(document) = discovery(path) {
            return (200, document);
        }
        let Some((kind, namespace, name)) = place(path) else { return refusal(404, "NotFound", path) };
        let found = self.objects.iter().position(|o| {
            o["kind"] == kind && Some(text(&o["metadata"]["name"])) == name && at_home(o, namespace.as_deref())
        });
        match (method, name.is_some(), found) {
            ("GET", false, _) => (200, self.list(kind, namespace.as_deref(), query)),
            ("GET", true, Some(at)) => (200, self.objects[at].clone()),
            ("PATCH", true, Some(at)) => self.patch(at, body),
            (_, true, None) => refusal(404, "NotFound", &format!("{kind} {:?} not found", name.unwrap_or_default())),
            _ => refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
        }
    }

    fn list(&self, kind: &str, namespace: Option<&str>, query: &str) -> Value {
        let named = query.split('&').find_map(|pair| pair.strip_prefix("fieldSelector=metadata.name%3D"));
        let items: Vec<_> = self
            .objects
            .iter()
            .filter(|o| o["kind"] == kind && at_home(o, namespace))
            .filter(|o| named.is_none_or(|name| o["metadata"]["name"] == name))
            .collect();
        let api = RESOURCES.iter().find(|resource| resource.2 == kind).map_or("v1", |resource| version_of(resource.0));
        json!({ "kind": format!("{kind}List"), "apiVersion": api,
            "metadata": { "resourceVersion": self.version.to_string() }, "items": items })
    }

    fn patch(&mut self, at: usize, body: &str) -> (u16, Value) {
        let Ok(patch) = serde_json::from_str::<Value>(body) else {
            return refusal(400, "BadRequest", "the body of the request is no JSON");
        };
        let mut object = self.objects[at].clone();
        merge(&mut object, &patch);
        let spec = &object["spec"];
        if let Some(text) = ["minReplicas", "maxReplicas", "replicas"].iter().find(|field| spec[**field].is_string()) {
            return refusal(
                400,
                "BadRequest",
                &format!("json: cannot unmarshal string into Go field spec.{text} of type int32"),
            );
        }
        if object["kind"] == "HorizontalPodAutoscaler"
            && spec["maxReplicas"].as_i64() < Some(spec["minReplicas"].as_i64().unwrap_or(1))
        {
            let says = "spec.maxReplicas: Invalid value: must be greater than or equal to `minReplicas`";
            return refusal(422, "Invalid", says);
        }
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        self.objects[at] = object;
        self.patches.push(patch);
        self.reconcile();
        (200, self.objects[at].clone())
    }
}

fn conditions(wish: Option<i64>, min: i64, max: i64) -> Value {
    let (active, reason, says) = match wish {
        Some(_) => ("True", "ValidMetricFound", "the HPA was able to successfully calculate a replica count"),
        None => ("False", "FailedGetResourceMetric", "unable to fetch metrics from resource metrics API"),
    };
    let (limited, why) = match wish {
        Some(wish) if wish > max => ("True", "TooManyReplicas"),
        Some(wish) if wish < min => ("True", "TooFewReplicas"),
        _ => ("False", "DesiredWithinRange"),
    };
    json!([
        { "type": "AbleToScale", "status": "True", "reason": "ReadyForNewScale", "message": "" },
        { "type": "ScalingActive", "status": active, "reason": reason, "message": says },
        { "type": "ScalingLimited", "status": limited, "reason": why, "message": "" },
    ])
}

/// RFC 7386.
fn merge(object: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *object = patch.clone();
        return;
    };
    if !object.is_object() {
        *object = json!({});
    }
    for (key, change) in changes {
        match change {
            Value::Null => drop(object.as_object_mut().map(|fields| fields.remove(key))),
            change => merge(&mut object[key.as_str()], change),
        }
    }
}

fn at_home(object: &Value, namespace: Option<&str>) -> bool {
    namespace.is_none_or(|namespace| object["metadata"]["namespace"] == namespace)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn version_of(path: &str) -> &str {
    path.strip_prefix("/apis/").unwrap_or("v1")
}

/// Kind, namespace and name of a path.
fn place(path: &str) -> Option<(&'static str, Option<String>, Option<String>)> {
    RESOURCES.iter().find_map(|(group, plural, kind, ..)| {
        let words: Vec<&str> = path.strip_prefix(group)?.strip_prefix('/')?.split('/').collect();
        let owned = |word: &str| Some(word.to_owned());
        match words.as_slice() {
            ["namespaces", namespace, of, rest @ ..] if of == plural && rest.len() < 2 => {
                Some((*kind, owned(namespace), rest.first().and_then(|name| owned(name))))
            }
            [of, rest @ ..] if of == plural && rest.len() < 2 => {
                Some((*kind, None, rest.first().and_then(|name| owned(name))))
            }
            _ => None,
        }
    })
}

/// What it says of itself.
fn discovery(path: &str) -> Option<Value> {
    let groups = || {
        ["/apis/apps/v1", "/apis/autoscaling/v2", "/apis/policy/v1"].map(|path| {
            let whole = version_of(path);
            let (name, version) = whole.split_once('/').expect("a group has a version");
            let version = json!({ "groupVersion": whole, "version": version });
            json!({ "name": name, "versions": [version], "preferredVersion": version })
        })
    };
    match path {
        "/version" => {
            Some(json!({ "major": "1", "minor": "32", "gitVersion": "v1.32.4+stand-in", "platform": "none" }))
        }
        "/api" => Some(json!({ "kind": "APIVersions", "versions": ["v1"] })),
        "/apis" => Some(json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups() })),
        _ if RESOURCES.iter().any(|resource| resource.0 == path) => {
            let resources: Vec<_> = RESOURCES
                .iter()
                .filter(|resource| resource.0 == path)
                .map(|(_, plural, kind, short, namespaced)| {
                    json!({ "name": plural, "singularName": kind.to_lowercase(), "namespaced": namespaced, "kind": kind,
                        "verbs": ["get", "list", "patch"], "shortNames": [short] })
                })
                .collect();
            Some(
                json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version_of(path), "resources": resources }),
            )
        }
        _ => None,
    }
}

/// A refusal in the words of an API server.
fn refusal(code: u16, reason: &str, message: &str) -> (u16, Value) {
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code,
    });
    (code, status)
}

async fn converse(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some((head, body)) = request(&mut stream).await else { return };
    let mut words = head.split(' ');
    let (method, wanted) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = wanted.split_once('?').unwrap_or((wanted, ""));
    let (code, answer) = match state.lock() {
        Ok(mut state) => state.answer(method, path, query, &body),
        Err(_) => refusal(500, "InternalError", "the stand-in has failed"),
    };
    let answer = answer.to_string();
    let head = format!(
        "HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nServer: loadline stand-in, no Kubernetes\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// The first line and headers, and the body.
async fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut bytes_in, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(end) = bytes_in.windows(4).position(|end| end == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes_in[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if bytes_in.len() >= end + 4 + length.unwrap_or(0) {
                return Some((head, String::from_utf8_lossy(&bytes_in[end + 4..]).into_owned()));
            }
        }
        match stream.read(&mut piece).await {
            Ok(bytes) if bytes > 0 => bytes_in.extend_from_slice(&piece[..bytes]),
            _ => return None,
        }
    }
}
