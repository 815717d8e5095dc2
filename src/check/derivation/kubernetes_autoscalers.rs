//! Autoscalers beside what they scale.
//!
//! A share of a request can only be computed where every container has that request, sidecars
//! included: one without it stops the metric for the whole pod.

use super::{
    Asked, Derivation,
    kubernetes_workloads::{Resource, Scaled, scaled, texts},
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
    scaled(asked).map(|scaled| scaled.relation(&KUBERNETES_AUTOSCALERS, |at| row(&scaled, at))).collect()
}

fn row(scaled: &Scaled, at: usize) -> Vec<Value> {
    let (hpas, aim) = (scaled.hpas, scaled.aim(at));
    let text = |column: &str| hpas.get(at, column).as_str().unwrap_or_default().to_owned();
    let target = aim.workload;
    let state = match (aim.is_read, target) {
        (false, _) => "unread",
        (true, None) => "missing",
        (true, Some(_)) => "found",
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
        Value::text(aim.namespace.as_str()),
        Value::text(text("name")),
        Value::text(format!("{}/{}", aim.kind, aim.name)),
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
