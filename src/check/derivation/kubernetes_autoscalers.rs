//! Autoscalers beside what they scale.
//!
//! A share of a request can only be computed where every container has that request, sidecars
//! included: one without it stops the metric for the whole pod.

use super::{
    Asked, Derivation,
    kubernetes_workloads::{Resource, Workloads, texts, workloads},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) const KUBERNETES_AUTOSCALERS: Derivation = Derivation {
    id: "kubernetes.autoscalers",
    about: "Each autoscaler: whether its target is there, and which containers lack the request its metric needs",
    inputs: &["kubernetes.hpas", "kubernetes.deployments", "kubernetes.statefulsets"],
    columns: &[
        ("namespace", Kind::Text, Unit::Count),
        ("name", Kind::Text, Unit::Count),
        ("target", Kind::Text, Unit::Count),
        // found, missing, or unread for kinds that we do not read.
        ("target_state", Kind::Text, Unit::Count),
        // The resources whose share it scales by; empty for none.
        ("utilisation", Kind::Text, Unit::Count),
        // `app: cpu, proxy: cpu`; empty for none.
        ("missing", Kind::Text, Unit::Count),
        ("missing_count", Kind::Int, Unit::Count),
        // The condition ScalingActive; empty where no controller has spoken.
        ("active", Kind::Text, Unit::Count),
    ],
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all("kubernetes.hpas")
        .iter()
        .filter_map(|hpas| {
            let source = hpas.source.as_deref();
            let deployments = asked.one("kubernetes.deployments", source, None)?;
            let stateful = asked.one("kubernetes.statefulsets", source, None)?;
            let found = [("Deployment", workloads(deployments)), ("StatefulSet", workloads(stateful))];
            let rows = (0..hpas.table.rows()).map(|at| row(hpas, at, &found));
            Some(KUBERNETES_AUTOSCALERS.relation(&[hpas, deployments, stateful], rows.collect()))
        })
        .collect()
}

fn row(hpas: &Relation, at: usize, found: &[(&str, Workloads)]) -> Vec<Value> {
    let text = |column: &str| hpas.get(at, column).as_str().unwrap_or_default().to_owned();
    let kind = text("target_kind");
    let key = (text("namespace"), text("target_name"));
    let of_kind = found.iter().find(|(name, _)| *name == kind);
    let target = of_kind.and_then(|(_, workloads)| workloads.get(&key));
    let state = match (of_kind, target) {
        (None, _) => "unread",
        (_, None) => "missing",
        (_, Some(_)) => "found",
    };
    let needs = needs(hpas, at);
    let mut names: Vec<_> = needs.iter().map(|need| need.name).collect();
    names.dedup();
    let missing: Vec<String> = needs
        .iter()
        .flat_map(|need| {
            let lacking = target.map(|t| t.missing(need.resource, need.only.as_deref()));
            lacking.unwrap_or_default().into_iter().map(move |container| format!("{container}: {}", need.name))
        })
        .collect();
    vec![
        Value::text(text("namespace")),
        Value::text(text("name")),
        Value::text(format!("{kind}/{}", text("target_name"))),
        Value::text(state),
        Value::text(names.join(", ")),
        Value::text(missing.join(", ")),
        Value::Int(i64::try_from(missing.len()).unwrap_or(i64::MAX)),
        Value::text(text("active")),
    ]
}

/// A request that an autoscaler's metric is a share of.
struct Need {
    name: &'static str,
    resource: Resource,
    /// The containers it is about; all of the pod where none are named.
    only: Option<Vec<String>>,
}

fn needs(hpas: &Relation, at: usize) -> Vec<Need> {
    let both = [("cpu", Resource::Cpu), ("memory", Resource::Memory)];
    // Without any metric the server fills in 80 % of the CPU request.
    let by_default = texts(&hpas.get(at, "metric_types")).is_empty();
    let mut needs = Vec::new();
    for (name, resource) in both {
        let whole_pod =
            !hpas.get(at, &format!("{name}_target")).is_null() || (by_default && matches!(resource, Resource::Cpu));
        if whole_pod {
            needs.push(Need { name, resource, only: None });
            continue;
        }
        let containers = texts(&hpas.get(at, &format!("{name}_containers")));
        if !containers.is_empty() {
            needs.push(Need { name, resource, only: Some(containers) });
        }
    }
    needs
}
