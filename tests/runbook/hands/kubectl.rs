//! The real kubectl against the stand-in of an API server.

use loadline::{
    runbook::{port::What, record::Ended},
    source::{Endpoint, KubernetesPlace},
};

use super::{Act, program};
use crate::standin::cluster::{Answers, cluster, kubeconfig};

fn on_standin(args: &[&str], port: u16, folder: &tempfile::TempDir) -> Act {
    let config = folder.path().join("kubeconfig");
    std::fs::write(&config, kubeconfig(port, "a-token-of-the-lab")).unwrap();
    let place = KubernetesPlace::Kubectl { program: "kubectl".into(), context: Some("lab-context".into()) };
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    Act::new(What::Kubectl { args }).on(Endpoint::Kubernetes(place)).var("KUBECONFIG", config.to_str().unwrap())
}

#[test]
fn it_reads_by_the_context_of_the_target() {
    let folder = tempfile::tempdir().unwrap();
    let standin = cluster(Vec::new(), Answers::Well);
    let came = on_standin(&["get", "--raw", "/version"], standin.port, &folder).reads_only().run();
    assert_eq!(came.outcome.ended, Ended::Succeeded, "{came:?}");
    assert!(came.outcome.value.unwrap().contains("v1.32.4"));
    assert!(came.outcome.says.contains("/kubectl)"), "{}", came.outcome.says);
}

#[test]
fn what_does_not_only_read_is_refused_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    let came = on_standin(&["-n", "shop", "delete", "pod", "web-1"], 1, &folder).reads_only().run();
    assert_eq!((came.outcome.ended, came.spawned.len()), (Ended::Failed, 0));
    assert!(came.outcome.says.contains("kubectl delete is not known to only read"), "{}", came.outcome.says);
}

#[test]
fn a_refusal_is_a_failure_and_a_lost_answer_is_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let standin = cluster(Vec::new(), Answers::Refusal(401));
    let came = on_standin(&["get", "--raw", "/version"], standin.port, &folder).run();
    assert_eq!(came.outcome.ended, Ended::Failed, "{came:?}");

    let lost = program(folder.path(), "kubectl", "#!/bin/sh\necho 'error: unexpected EOF' >&2\nexit 1\n");
    let act = |args: &[&str]| {
        let place = KubernetesPlace::Kubectl { program: lost.clone(), context: None };
        Act::new(What::Kubectl { args: args.iter().map(|arg| (*arg).to_owned()).collect() })
            .on(Endpoint::Kubernetes(place))
    };
    assert_eq!(act(&["scale", "deploy/web", "--replicas=3"]).run().outcome.ended, Ended::Unknown);
    assert_eq!(act(&["get", "pods"]).run().outcome.ended, Ended::Failed, "reading again harms nobody");
}

#[test]
fn a_folder_cannot_be_acted_on_and_a_missing_program_is_told() {
    let place = KubernetesPlace::Folder("/nowhere".into());
    let args = vec!["get".to_owned(), "pods".to_owned()];
    let came = Act::new(What::Kubectl { args: args.clone() }).on(Endpoint::Kubernetes(place)).run();
    assert!(came.outcome.says.contains("a folder of saved answers"), "{}", came.outcome.says);
    let place = KubernetesPlace::Kubectl { program: "kubectl-of-nobody".into(), context: None };
    let came = Act::new(What::Kubectl { args }).on(Endpoint::Kubernetes(place)).run();
    assert!(came.outcome.says.contains("there is no program kubectl-of-nobody"), "{}", came.outcome.says);
}

#[test]
fn login_helpers_get_what_they_need_and_its_secrets_stay_hidden() {
    let folder = tempfile::tempdir().unwrap();
    let shows = program(folder.path(), "kubectl", "#!/bin/sh\nenv | sort\n");
    let place = KubernetesPlace::Kubectl { program: shows, context: None };
    let act = Act::new(What::Kubectl { args: vec!["get".into(), "pods".into()] }).on(Endpoint::Kubernetes(place));
    let came = act
        .var("AWS_PROFILE", "prod")
        .var("AWS_SECRET_ACCESS_KEY", "correct-horse")
        .var("https_proxy", "http://proxy:3128")
        .var("PGPASSWORD", "battery-staple")
        .run();
    let text = came.outcome.excerpt;
    assert!(text.contains("AWS_PROFILE=prod") && text.contains("https_proxy=http://proxy:3128"), "{text}");
    assert!(text.contains("AWS_SECRET_ACCESS_KEY=[redacted]") && !text.contains("PGPASSWORD"), "{text}");
}
