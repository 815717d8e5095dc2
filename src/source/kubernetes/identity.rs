//! Which cluster a context leads to.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value as Json;

use super::{Place, kubectl};
use crate::snapshot::{Fault, FaultKind};

/// Context, cluster, namespace, and the uid of the namespace that every cluster has.
pub(super) async fn who(place: &Place, deadline: Duration) -> Result<BTreeMap<String, String>, Fault> {
    let Place::Kubectl { program, context } = place else {
        let Place::Folder(folder) = place else { return Ok(BTreeMap::new()) };
        let files = ("folder".to_owned(), format!("{}: saved answers, no cluster", folder.display()));
        return Ok(BTreeMap::from([files]));
    };
    let context = context.as_deref();
    let config = kubectl::config(program, context, deadline).await?;
    let mut facts = of_config(&config)?;
    let version = kubectl::get(program, context, "/version", deadline).await?;
    if let Some(version) = version.get("gitVersion").and_then(Json::as_str) {
        facts.insert("server".to_owned(), version.trim_start_matches('v').to_owned());
    }
    // Names of contexts, and addresses too, can mean another cluster tomorrow; this uid cannot.
    let uid = match kubectl::get(program, context, "/api/v1/namespaces/kube-system", deadline).await {
        Ok(namespace) => namespace.pointer("/metadata/uid").and_then(Json::as_str).map(str::to_owned),
        Err(fault) if fault.kind == FaultKind::Denied => {
            Some("not visible; grant get on the namespace kube-system".to_owned())
        }
        Err(fault) => return Err(fault),
    };
    facts.extend(uid.map(|uid| ("cluster_uid".to_owned(), uid)));
    Ok(facts)
}

/// What a kubeconfig cut down to one context says.
fn of_config(config: &Json) -> Result<BTreeMap<String, String>, Fault> {
    let text = |path: &str| config.pointer(path).and_then(Json::as_str).filter(|text| !text.is_empty());
    let (Some(context), Some(cluster)) = (text("/contexts/0/name"), text("/clusters/0/cluster/server")) else {
        return Err(Fault::new(FaultKind::Rubbish, "the kubeconfig names no context with a cluster")
            .remedy("see `kubectl config get-contexts`, and name one: --kubernetes CONTEXT"));
    };
    Ok(BTreeMap::from([
        ("context".to_owned(), context.to_owned()),
        ("cluster".to_owned(), cluster.to_owned()),
        ("namespace".to_owned(), text("/contexts/0/context/namespace").unwrap_or("default").to_owned()),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_has_a_cluster_and_a_namespace() {
        let config = serde_json::json!({
            "contexts": [{ "name": "prod", "context": { "cluster": "c", "namespace": "shop" } }],
            "clusters": [{ "name": "c", "cluster": { "server": "https://10.0.0.1:6443" } }],
        });
        let facts = of_config(&config).unwrap();
        let facts: Vec<_> = facts.iter().map(|(name, value)| format!("{name} {value}")).collect();
        assert_eq!(facts, ["cluster https://10.0.0.1:6443", "context prod", "namespace shop"]);
        let fault = of_config(&serde_json::json!({ "contexts": null })).unwrap_err();
        assert!(fault.remedy.unwrap().contains("get-contexts"));
    }
}
