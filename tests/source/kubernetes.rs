//! A cluster through the user's own `kubectl`, and the same objects in a folder.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::standin::cluster::{Answers, cluster, kubeconfig};
use crate::support::{Folder, Run, loadline};

const CHECK: &str = "kubernetes.lab-ceiling";
const TOKEN: &str = "hunter2-Zx9-token";

/// Seven autoscalers, of which `web-3` can go no further.
fn autoscalers() -> Vec<Value> {
    let one = |n: i32| {
        json!({
            "kind": "HorizontalPodAutoscaler", "apiVersion": "autoscaling/v2",
            "metadata": { "namespace": "shop", "name": format!("web-{n}") },
            "spec": { "minReplicas": 2, "maxReplicas": 10 },
            "status": { "currentReplicas": if n == 3 { 10 } else { n } },
        })
    };
    (1..=7).map(one).collect()
}

fn audit(place: &Path, kubeconfig: &Path) -> Run {
    let run = loadline("audit --format json --window 0 --only").arg(CHECK).env("KUBECONFIG", kubeconfig);
    let run = run.with("--checks", Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/checks"));
    let run = run.with("--kubernetes", place).run();
    assert!(!run.stdout.contains(TOKEN) && !run.stderr.contains(TOKEN), "the token came out\n{run}");
    run
}

/// Asks a stand-in on this port.
fn ask(port: u16) -> Run {
    let there = Command::new("kubectl").args(["version", "--client"]).stdout(Stdio::null()).status();
    assert!(there.is_ok_and(|status| status.success()), "kubectl is not installed: scripts/test says how to get it");
    let folder = Folder::new();
    audit(Path::new("lab-context"), &folder.write("kubeconfig", &kubeconfig(port, TOKEN)))
}

#[test]
fn a_cluster_is_read_to_its_last_page() {
    let whole = cluster(autoscalers(), Answers::Well);
    let expected = ask(whole.port).expect(30).report();
    let failed =
        expected.of(CHECK).into_iter().find(|finding| finding["status"] == "fail").expect("one is at its ceiling");
    assert_eq!(failed["subject"], "kubernetes: shop/web-3");
    assert_eq!(expected.source("kubernetes")["facts"]["server"], "1.32.4");
    assert_eq!(failed["ground"]["rows"], 7);
    for size in [1, 3, 6] {
        let paged = cluster(autoscalers(), Answers::Pages(size));
        let report = ask(paged.port).expect(30).report();
        assert_eq!(report.conclusions("kubernetes"), expected.conclusions("kubernetes"), "{size} a page");
        assert_eq!(report.of(CHECK)[0]["ground"]["rows"], 7, "{size} a page");
    }
}

#[test]
fn each_refusal_is_what_it_is() {
    let table = [
        (Answers::Refusal(401), "not reachable", "log in"),
        (Answers::Refusal(403), "denied", "grant get and list"),
        (Answers::Refusal(404), "not there", "does not serve"),
        (Answers::ExpiredPages, "connection lost", "run again"),
        (Answers::Refusal(500), "answered with an error", "etcdserver"),
        (Answers::Late, "no answer in time", "3 s"),
        (Answers::Truncated, "connection lost", ""),
        (Answers::HalfJson, "answered rubbish", "JSON"),
        (Answers::NoList, "answered rubbish", "list"),
    ];
    for (answers, fault, says) in table {
        let standin = cluster(autoscalers(), answers);
        let run = ask(standin.port);
        assert!(run.took < Duration::from_secs(12), "{answers:?}\n{run}");
        let report = run.expect(20).report();
        let finding = report.one(CHECK);
        let message = finding["message"].as_str().unwrap();
        assert_eq!(finding["status"], "unknown", "{answers:?}");
        assert!(message.starts_with(fault) && message.contains(says), "{answers:?}: {message}");
    }
    let gone = cluster(autoscalers(), Answers::Well).port;
    let report = ask(gone).expect(20).report();
    assert_eq!(report.source("kubernetes")["fault"]["kind"], "unreachable", "{}", report.lines());
}

#[test]
fn a_folder_of_saved_answers_gives_the_same_findings() {
    let live = cluster(autoscalers(), Answers::Well);
    let expected = ask(live.port).expect(30).report().conclusions("kubernetes");
    let (json, yaml, mixed) = (Folder::new(), Folder::new(), Folder::new());
    let list = |items: &[Value]| json!({ "kind": "HorizontalPodAutoscalerList", "apiVersion": "autoscaling/v2", "items": items });
    json.write("hpa.json", &list(&autoscalers()).to_string());
    yaml.write("all.yaml", &manifests(&autoscalers()));
    mixed.write("some.yml", &manifests(&autoscalers()[..4]));
    mixed.write("rest.json", &json!({ "kind": "List", "apiVersion": "v1", "items": autoscalers()[4..] }).to_string());
    mixed.write("README.md", "no answer");
    for folder in [json, yaml, mixed] {
        let report = audit(folder.path(), Path::new("/dev/null")).expect(30).report();
        assert_eq!(report.conclusions("kubernetes"), expected);
    }
    let none = Folder::new();
    none.write("pods.json", &json!({ "kind": "PodList", "apiVersion": "v1", "items": [] }).to_string());
    let report = audit(none.path(), Path::new("/dev/null")).expect(20).report();
    let message = report.one(CHECK)["message"].as_str().unwrap().to_owned();
    assert!(message.contains("kubectl get horizontalpodautoscalers"), "what was not saved is not empty: {message}");
    none.write("broken.yaml", "kind: [\n");
    let report = audit(none.path(), Path::new("/dev/null")).expect(20).report();
    let fault = &report.source("kubernetes")["fault"];
    assert!(fault["kind"] == "rubbish" && fault["message"].as_str().unwrap().contains("broken.yaml"), "{fault}");
}

/// As people write them: YAML, one document after the other.
fn manifests(objects: &[Value]) -> String {
    let mut text = String::new();
    for object in objects {
        let (name, current) = (&object["metadata"]["name"], &object["status"]["currentReplicas"]);
        writeln!(
            text,
            "---\n# {name}\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  namespace: shop\n  \
             name: {name}\nspec: {{ minReplicas: 2, maxReplicas: 10 }}\nstatus:\n  currentReplicas: {current}"
        )
        .expect("a text takes text");
    }
    text
}
