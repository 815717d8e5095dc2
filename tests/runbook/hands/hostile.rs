//! Hostile values change no command.

use loadline::{
    runbook::{port::What, record::Ended},
    source::{Endpoint, KubernetesPlace},
};

use super::{Act, HOSTILE, recorded, recorder};

#[test]
fn a_script_gets_values_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let program = recorder(folder.path(), "recorder");
    for value in HOSTILE.into_iter().chain(["two\nlines", "--help", "-rf"]) {
        let script = format!("cd '{}'; '{program}' \"$VALUE\" \"--like=$VALUE\"", folder.path().display());
        let came = Act::sh(&script).param("VALUE", value).run();
        assert_eq!(came.outcome.ended, Ended::Succeeded, "{came:?}");
        assert_eq!(recorded(folder.path()), [value.to_owned(), format!("--like={value}")]);
        assert!(!folder.path().join("pwned").exists(), "{value}");
    }
}

#[test]
fn a_value_with_nul_starts_nothing() {
    let came = Act::sh("echo ran").param("VALUE", "a\0b").run();
    assert_eq!((came.outcome.ended, came.spawned.len()), (Ended::Failed, 0));
    assert!(came.outcome.says.contains("nul byte"), "{}", came.outcome.says);
}

#[test]
fn kubectl_gets_values_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let program = recorder(folder.path(), "kubectl");
    for value in HOSTILE {
        let context = format!("ctx {value}");
        let place = KubernetesPlace::Kubectl { program: program.clone(), context: Some(context.clone()) };
        let patch = serde_json::json!({ "metadata": { "annotations": { "a": value } } }).to_string();
        let args = ["-n", "shop", "patch", "hpa", value, "-p", &patch].map(str::to_owned).to_vec();
        let came = Act::new(What::Kubectl { args: args.clone() }).on(Endpoint::Kubernetes(place)).run();
        assert_eq!(came.outcome.ended, Ended::Succeeded, "{came:?}");
        let (first, rest) = (recorded(folder.path())[..2].to_vec(), recorded(folder.path())[2..].to_vec());
        assert_eq!(first, [format!("--context={context}"), "--request-timeout=60s".to_owned()]);
        assert_eq!(rest, args);
    }
}

#[test]
fn a_value_cannot_lead_kubectl_to_another_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let program = recorder(folder.path(), "kubectl");
    for value in ["--context=other", "--kubeconfig=/x", "-shttps://x", "--as=admin", "--token=x"] {
        let place = KubernetesPlace::Kubectl { program: program.clone(), context: None };
        let args = ["get", "pods", value].map(str::to_owned).to_vec();
        let came = Act::new(What::Kubectl { args }).on(Endpoint::Kubernetes(place)).run();
        assert_eq!((came.outcome.ended, came.spawned.len()), (Ended::Failed, 0), "{value}");
        assert!(!folder.path().join("argv").exists());
    }
}
