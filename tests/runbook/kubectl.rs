//! The lines of the runbooks for autoscalers, word for word, by the real kubectl, against the stand-in.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::standin::living::{Living, living};
use crate::support::{Folder, loadline};

/// A deployment of pods with a pool of ten connections each, and its autoscaler.
pub(crate) fn scaled(name: &str, min: i64, max: i64, replicas: i64) -> Vec<Value> {
    let container = json!({
        "name": "app", "image": "shop/app:1", "resources": { "requests": { "cpu": "250m", "memory": "256Mi" } },
        "readinessProbe": { "httpGet": { "path": "/ready", "port": 8080 } },
        "env": [{ "name": "DB_POOL_SIZE", "value": "10" }],
    });
    let labels = json!({ "app": name });
    vec![
        json!({
            "kind": "HorizontalPodAutoscaler", "apiVersion": "autoscaling/v2",
            "metadata": { "namespace": "shop", "name": name, "labels": { "team": "shop" } },
            "spec": {
                "minReplicas": min, "maxReplicas": max,
                "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": name },
                "metrics": [{ "type": "Resource", "resource": {
                    "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 70 } } }],
            },
        }),
        json!({
            "kind": "Deployment", "apiVersion": "apps/v1",
            "metadata": { "namespace": "shop", "name": name },
            "spec": { "replicas": replicas, "selector": { "matchLabels": labels },
                "template": { "metadata": { "labels": labels }, "spec": { "containers": [container] } } },
        }),
        json!({
            "kind": "PodDisruptionBudget", "apiVersion": "policy/v1",
            "metadata": { "namespace": "shop", "name": name },
            "spec": { "maxUnavailable": 1, "selector": { "matchLabels": labels } },
        }),
    ]
}

fn kubectl(cluster: &Living, home: &Folder, words: &str) -> (bool, String) {
    let output = Command::new("kubectl")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("KUBECONFIG", home.write("kubeconfig", &cluster.kubeconfig()))
        .arg("--context=lab-context")
        .args(words.split_whitespace())
        .output()
        .expect("kubectl starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn lines_that_read_get_what_the_runbooks_say_that_they_get() {
    let (cluster, home) = (living(scaled("web", 3, 12, 3)), Folder::new());
    for (line, says) in [
        ("get hpa web --namespace=shop --output=jsonpath={.spec.minReplicas}", "3"),
        ("get hpa web --namespace=shop --output=jsonpath={.spec.maxReplicas}", "12"),
        ("get pods --all-namespaces --field-selector=status.phase=Pending", "No resources found"),
        ("describe hpa web --namespace=shop", "FailedGetResourceMetric"),
        ("get hpa web --namespace=shop --output=jsonpath={.metadata.labels}", "\"team\":\"shop\""),
        ("get deployment web --namespace=shop --output=jsonpath={.spec.replicas}", "3"),
        ("version --output=json", "v1.32.4+stand-in"),
    ] {
        let (well, said) = kubectl(&cluster, &home, line);
        assert!(well && said.contains(says), "kubectl {line}: {said}");
    }
    let (well, said) = kubectl(&cluster, &home, "get hpa other --namespace=shop");
    assert!(!well && said.contains("not found"), "{said}");
}

#[test]
fn a_raised_minimum_moves_replicas_although_no_metric_can_be_read() {
    let (cluster, home) = (living(scaled("web", 3, 12, 3)), Folder::new());
    let patch = "patch hpa web --namespace=shop --type=merge --patch={\"spec\":{\"minReplicas\":6,\"maxReplicas\":12}}";
    let (well, said) = kubectl(&cluster, &home, patch);
    assert!(well && said.contains("patched"), "{said}");
    let end = Instant::now() + Duration::from_secs(10);
    while cluster.object("Deployment", "web")["status"]["readyReplicas"] != 6 {
        assert!(Instant::now() < end, "{}", cluster.object("Deployment", "web"));
        std::thread::sleep(Duration::from_millis(20));
    }
    let status = cluster.object("HorizontalPodAutoscaler", "web")["status"].clone();
    assert_eq!(status["currentReplicas"], 6);
    assert_eq!(status["conditions"][1]["reason"], "FailedGetResourceMetric");
    assert_eq!(cluster.patches().len(), 1);
}

#[test]
fn a_minimum_above_the_maximum_is_refused_and_changes_nothing() {
    let (cluster, home) = (living(scaled("web", 3, 12, 3)), Folder::new());
    let (well, said) =
        kubectl(&cluster, &home, "patch hpa web --namespace=shop --type=merge --patch={\"spec\":{\"minReplicas\":20}}");
    assert!(!well && said.contains("must be greater than or equal to `minReplicas`"), "{said}");
    assert_eq!(cluster.object("HorizontalPodAutoscaler", "web")["spec"]["minReplicas"], 3);
    assert!(cluster.patches().is_empty());
}

#[test]
fn an_audit_sees_what_a_patch_has_changed_and_names_the_runbook() {
    let (cluster, home) = (living(scaled("web", 3, 12, 12)), Folder::new());
    cluster.wishes("web", Some(20));
    let audit = || {
        let run = loadline("audit --window 0 --format json --only kubernetes.* --kubernetes cluster=lab-context");
        run.env("KUBECONFIG", home.write("kubeconfig", &cluster.kubeconfig())).run().report()
    };
    let before = audit();
    let found = before.one("kubernetes.autoscaler-at-maximum");
    assert_eq!((&found["status"], &found["runbooks"][0]), (&json!("fail"), &json!("autoscaler-at-maximum")));
    let evidence = |name: &str| {
        let all = found["evidence"].as_array().into_iter().flatten();
        all.clone().find(|one| one["name"] == name).map(|one| one["value"].clone())
    };
    assert_eq!((evidence("namespace"), evidence("name")), (Some(json!("shop")), Some(json!("web"))), "{found}");
    assert!(
        kubectl(&cluster, &home, "patch hpa web --namespace=shop --type=merge --patch={\"spec\":{\"maxReplicas\":24}}")
            .0
    );
    let after = audit();
    assert_eq!(after.statuses("kubernetes.autoscaler-at-maximum"), ["pass"], "{}", after.lines());
    assert_eq!(cluster.object("Deployment", "web")["spec"]["replicas"], 20);
}
