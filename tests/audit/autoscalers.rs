//! The checks of autoscalers, over a cluster that ails and one that does not. The cluster is the stand-in; the
//! database whose connections are counted is real.

use serde_json::{Value, json};

use crate::lab::{Lab, Options, Role};
use crate::standin::cluster::{Answers, cluster, kubeconfig};
use crate::support::{Folder, Report, loadline};

/// An autoscaler of a deployment of the same name, by CPU.
fn autoscaler(name: &str, min: i64, max: i64, current: i64, conditions: &Value) -> Value {
    json!({
        "kind": "HorizontalPodAutoscaler", "apiVersion": "autoscaling/v2",
        "metadata": { "namespace": "shop", "name": name },
        "spec": {
            "minReplicas": min, "maxReplicas": max,
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": name },
            "metrics": [{ "type": "Resource", "resource": {
                "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 70 } } }],
        },
        "status": {
            "currentReplicas": current, "desiredReplicas": current, "conditions": conditions,
            "currentMetrics": [{ "type": "Resource", "resource": { "name": "cpu", "current": { "averageUtilization": 60 } } }],
        },
    })
}

fn conditions(active: (&str, &str), limited: (&str, &str)) -> Value {
    json!([
        { "type": "AbleToScale", "status": "True", "reason": "ReadyForNewScale", "message": "" },
        { "type": "ScalingActive", "status": active.0, "reason": active.1, "message": "" },
        { "type": "ScalingLimited", "status": limited.0, "reason": limited.1, "message": "" },
    ])
}

fn well() -> Value {
    conditions(("True", "ValidMetricFound"), ("False", "DesiredWithinRange"))
}

/// A deployment of one container with a pool of ten connections.
fn deployment(name: &str, requests: &Value) -> Value {
    let container = json!({
        "name": "app", "image": "shop/app:1", "resources": { "requests": requests },
        "readinessProbe": { "httpGet": { "path": "/ready", "port": 8080 } },
        "env": [{ "name": "DB_POOL_SIZE", "value": "10" }, { "name": "DB_PASSWORD", "value": "hunter2-in-the-manifest" }],
    });
    json!({
        "kind": "Deployment", "apiVersion": "apps/v1",
        "metadata": { "namespace": "shop", "name": name },
        "spec": { "template": { "spec": { "containers": [container] } } },
        "status": { "observedGeneration": 1, "readyReplicas": 12 },
    })
}

fn audit(objects: Vec<Value>) -> Report {
    let lab = Lab::start(Options::postgres());
    let standin = cluster(objects, Answers::Well);
    let folder = Folder::new();
    let run = loadline("audit --window 0 --format json --only kubernetes.* --kubernetes cluster=lab-context")
        .env("KUBECONFIG", folder.write("kubeconfig", &kubeconfig(standin.port, "token")))
        .with("--postgres", format!("primary={}", lab.primary_url(Role::Monitor)))
        .run();
    assert!(!run.stdout.contains("hunter2") && !run.stderr.contains("hunter2"), "an environment value came out: {run}");
    run.report()
}

#[test]
fn an_ailing_cluster() {
    let set = json!({ "cpu": "250m", "memory": "256Mi" });
    let full = conditions(("True", "ValidMetricFound"), ("True", "TooManyReplicas"));
    let blind = conditions(("False", "FailedGetResourceMetric"), ("False", "DesiredWithinRange"));
    let report = audit(vec![
        autoscaler("web", 3, 12, 12, &full),
        autoscaler("search", 2, 6, 2, &blind),
        autoscaler("quiet", 1, 4, 1, &well()),
        deployment("web", &set),
        deployment("search", &json!({ "memory": "256Mi" })),
        deployment("quiet", &set),
    ]);
    let found: Vec<_> = report
        .findings()
        .iter()
        .filter(|f| f["status"] == "fail" || f["status"] == "warn" || f["status"] == "unknown")
        .map(|f| ["check", "status", "subject"].map(|name| f[name].as_str().unwrap_or_default()))
        .collect();
    let expected = [
        ["kubernetes.autoscaler-at-maximum", "fail", "shop/web"],
        ["kubernetes.autoscaler-without-metric", "fail", "shop/search"],
        ["kubernetes.autoscaler-request-missing", "fail", "shop/search"],
        ["kubernetes.autoscaler-minimum-one", "warn", "shop/quiet"],
        ["kubernetes.connection-budget", "fail", "pods -> postgres"],
    ];
    for one in expected {
        assert!(found.contains(&one), "{one:?} is missing: {found:?}");
    }
    assert_eq!(found.len(), expected.len(), "nothing else ails: {found:?}");
    let budget = report.one("kubernetes.connection-budget")["message"].to_string();
    assert!(budget.contains("220 connections") && budget.contains("97 on primary"), "12, 6 and 4 pods of 10: {budget}");
}

#[test]
fn a_healthy_cluster() {
    let set = json!({ "cpu": "250m", "memory": "256Mi" });
    let report = audit(vec![autoscaler("web", 2, 6, 3, &well()), deployment("web", &set)]);
    let objects = |f: &&Value| f["status"] != "pass" && f["status"] != "not-applicable";
    let found: Vec<_> = report.findings().iter().filter(objects).collect();
    assert!(found.is_empty(), "{found:?}");
    for check in ["at-maximum", "without-metric", "request-missing", "minimum-one"] {
        assert_eq!(report.statuses(&format!("kubernetes.autoscaler-{check}")), ["pass"], "{}", report.lines());
    }
    assert_eq!(report.statuses("kubernetes.connection-budget"), ["pass"], "{}", report.lines());
}
