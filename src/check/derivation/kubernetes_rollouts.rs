//! What happens to the requests of a Deployment while it is rolled out or its node is drained, and what ties its
//! users to one of its pods.

use std::collections::BTreeMap;

use super::{
    Asked, Derivation,
    kubernetes_workloads::texts,
    row::{Row, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

const DEPLOYMENTS: &str = "kubernetes.deployments";
const BUDGETS: &str = "kubernetes.disruption-budgets";
const SERVICES: &str = "kubernetes.services";

pub(super) const KUBERNETES_ROLLOUTS: Derivation = Derivation {
    id: "kubernetes.rollouts",
    about: "A Deployment, how it is replaced, and what protects it while nodes are drained",
    inputs: &[DEPLOYMENTS, BUDGETS, SERVICES],
    columns: &[
        ("namespace", Kind::Text, Unit::Count),
        ("name", Kind::Text, Unit::Count),
        ("replicas", Kind::Int, Unit::Count),
        ("strategy", Kind::Text, Unit::Count),
        // Whether the strategy lets all pods go at once.
        ("all_at_once", Kind::Bool, Unit::Count),
        // Containers without a readiness probe, by name.
        ("unready", Kind::Text, Unit::Count),
        ("budget", Kind::Bool, Unit::Count),
        // A service that sends each client to the same pod, by name.
        ("sticky", Kind::Text, Unit::Count),
        // Claims and folders of the node that its pods mount.
        ("volumes", Kind::Text, Unit::Count),
    ],
    derive,
};

/// Labels as Kubernetes writes them.
type Labels = BTreeMap<String, String>;

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all(DEPLOYMENTS)
        .iter()
        .map(|deployments| {
            let budgets = asked.one(BUDGETS, deployments.source.as_deref(), None);
            let services = asked.one(SERVICES, deployments.source.as_deref(), None);
            let mut found: BTreeMap<(String, String), Vec<Row>> = BTreeMap::new();
            for row in rows(deployments) {
                found.entry((row.text("namespace"), row.text("name"))).or_default().push(row);
            }
            let inputs: Vec<_> = std::iter::once(deployments).chain(budgets).chain(services).collect();
            let cells = found.values().filter_map(|containers| cells(containers, budgets, services)).collect();
            KUBERNETES_ROLLOUTS.relation(&inputs, cells)
        })
        .collect()
}

fn cells(containers: &[Row], budgets: Option<&Relation>, services: Option<&Relation>) -> Option<Vec<Value>> {
    let first = containers.first()?;
    let pods = labels(&first.text("labels"));
    let meant = |row: &Row| row.text("namespace") == first.text("namespace");
    let replicas = first.int("replicas").unwrap_or(1);
    let unready: Vec<_> = containers.iter().filter(|row| !is_probed(row)).map(|row| row.text("container")).collect();
    let budget = budgets.map(|b| rows(b).filter(meant).any(|budget| selects(&labels(&budget.text("selector")), &pods)));
    let sticky = services.map(|services| {
        let sticky = rows(services).filter(meant).filter(|service| service.text("affinity") == "ClientIP");
        // A service without a selector sends to nobody by itself.
        let ours = sticky.filter(|service| {
            let selector = labels(&service.text("selector"));
            !selector.is_empty() && selects(&selector, &pods)
        });
        ours.map(|service| service.text("name")).collect::<Vec<_>>().join(", ")
    });
    let volumes: Vec<_> = ["claims", "host_paths"].iter().flat_map(|column| texts(&first.value(column))).collect();
    Some(vec![
        first.value("namespace"),
        first.value("name"),
        Value::Int(replicas),
        first.value("strategy"),
        Value::Bool(all_at_once(&first.text("max_unavailable"), replicas)),
        Value::text(unready.join(", ")),
        budget.map_or(Value::Null, Value::Bool),
        sticky.map_or(Value::Null, Value::text),
        Value::text(volumes.join(", ")),
    ])
}

fn is_probed(container: &Row) -> bool {
    ["ready_http", "ready_tcp", "ready_exec", "ready_grpc"].iter().any(|column| !container.text(column).is_empty())
}

/// `maxUnavailable` as a number of pods or a share of them, rounded down; left out it is 25 %.
fn all_at_once(max_unavailable: &str, replicas: i64) -> bool {
    let number = |text: &str| text.trim().parse::<i64>().ok();
    let pods = match max_unavailable.strip_suffix('%') {
        Some(share) => number(share).map(|share| replicas.saturating_mul(share) / 100),
        None => number(max_unavailable),
    };
    pods.is_some_and(|pods| pods >= replicas.max(1))
}

fn labels(json: &str) -> Labels {
    serde_json::from_str(json).unwrap_or_default()
}

/// An empty selector selects every pod of its namespace, by the manual of policy/v1.
fn selects(selector: &Labels, labels: &Labels) -> bool {
    selector.iter().all(|(name, value)| labels.get(name) == Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_down_and_left_out_it_is_a_quarter() {
        assert!(!all_at_once("", 1));
        assert!(!all_at_once("25%", 3));
        assert!(all_at_once("100%", 3));
        assert!(all_at_once("1", 1));
        assert!(!all_at_once("1", 2));
    }

    #[test]
    fn a_budget_must_select_the_pods() {
        let pod = labels(r#"{"app":"web","tier":"front"}"#);
        assert!(selects(&labels(r#"{"app":"web"}"#), &pod));
        assert!(!selects(&labels(r#"{"app":"api"}"#), &pod));
        assert!(selects(&labels("{}"), &pod));
    }
}
