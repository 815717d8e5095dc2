//! Parts of a system that the lab has no servers for.

use serde_json::{Value, json};

use super::system::System;

impl System {
    /// A baseline load test with this p95 in milliseconds.
    pub(super) fn baseline(self, p95: f64) -> Self {
        let columns = [
            ("name", "text"),
            ("kind", "text"),
            ("chaos", "text"),
            ("fault", "text"),
            ("age", "double"),
            ("p95", "double"),
        ];
        let run = json!({ "name": "base", "kind": "baseline", "chaos": "", "fault": "", "age": 86400.0, "p95": p95 });
        self.observe("loadtest.runs", "tests", &columns, &[run])
    }

    /// What the plan says of parts of the architecture.
    pub(super) fn plan(self, parts: &[(&str, bool)]) -> Self {
        let rows: Vec<_> = parts.iter().map(|(name, present)| json!({ "name": name, "present": present })).collect();
        self.observe("plan.components", "plan", &[("name", "text"), ("present", "bool")], &rows)
    }

    /// A cluster with one deployment, and what is around it.
    pub(super) fn cluster(self, of: &Cluster) -> Self {
        let labels = r#"{"app":"web"}"#;
        let deployment = json!({
            "namespace": "shop", "name": "web", "replicas": 3, "container": "app", "cpu_request": 250.0,
            "strategy": of.strategy, "max_unavailable": "25%", "labels": labels, "claims": of.claims, "host_paths": [],
            "ready_http": of.ready_http, "ready_tcp": "", "ready_exec": "", "ready_grpc": "", "through": "",
            "through_pod": "", "sidecars": [], "sidecars_with_cpu": [], "sidecars_with_memory": [],
        });
        let hpa = json!({
            "namespace": "shop", "name": "web", "target_kind": "Deployment", "target_name": "web", "min": 2, "max": 10,
            "desired": 3, "cpu_target": 70, "metric_types": ["Resource"], "cpu_containers": [], "memory_containers": [],
            "able": "True", "able_reason": "", "able_message": "", "active": of.hpa_active, "active_reason": "",
            "active_message": "", "limited": "False", "limited_reason": "",
        });
        let service = json!({
            "namespace": "shop", "name": "web", "type": "ClusterIP", "affinity": of.affinity, "selector": labels,
        });
        let budget = json!({ "namespace": "shop", "name": "web", "selector": labels });
        let hpas = if of.hpa { vec![hpa] } else { Vec::new() };
        self.list_of("kubernetes.deployments", std::slice::from_ref(&deployment), &deployment)
            .list_of("kubernetes.statefulsets", &[], &deployment)
            .list_of("kubernetes.hpas", &hpas, &json!({ "namespace": "", "name": "" }))
            .list_of("kubernetes.services", &[service], &Value::Null)
            .list_of("kubernetes.disruption-budgets", &[budget], &Value::Null)
    }

    fn list_of(self, probe: &str, rows: &[Value], else_like: &Value) -> Self {
        let like = rows.first().unwrap_or(else_like).as_object().expect("a row is an object").clone();
        let kind = |value: &Value| match value {
            Value::Array(_) => "list",
            Value::Number(number) if number.is_f64() => "double",
            Value::Number(_) => "int",
            _ => "text",
        };
        let columns: Vec<_> = like.iter().map(|(name, value)| (name.as_str(), kind(value))).collect();
        self.observe(probe, "cluster", &columns, rows)
    }
}

/// What may be wrong with the cluster.
pub(super) struct Cluster {
    pub(super) strategy: &'static str,
    pub(super) claims: &'static [&'static str],
    pub(super) ready_http: &'static str,
    pub(super) affinity: &'static str,
    pub(super) hpa: bool,
    pub(super) hpa_active: &'static str,
}

impl Cluster {
    /// Nothing is.
    pub(super) const WELL: Self = Self {
        strategy: "RollingUpdate",
        claims: &[],
        ready_http: "8080",
        affinity: "None",
        hpa: true,
        hpa_active: "True",
    };
}
