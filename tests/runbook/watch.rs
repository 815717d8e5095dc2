//! Who starts what: a program is run under watch, and every process that it starts is told.
//!
//! Two nets. Programs that could change something are found in a folder before all others, and record their words
//! before they become the real ones; and /proc is asked again and again for descendants, which also finds what is
//! started by its full path. The first misses nothing that goes by the search path, the second may miss what lives for less
//! than a millisecond.

#![allow(clippy::unwrap_used, reason = "a set-up that fails is a failed test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use loadline::runbook::reads;

/// Programs by which a step could change something.
const PROGRAMS: [&str; 9] = ["bash", "curl", "kubectl", "pgbouncer", "psql", "redis-cli", "sh", "ssh", "systemctl"];

/// A watch that can be kept over several runs.
pub(crate) struct Watch {
    folder: tempfile::TempDir,
}

/// What was seen of one run.
#[derive(Debug)]
pub(crate) struct Watched {
    /// How it ended and what it printed.
    pub(crate) output: Output,
    /// The commands that went by the search path, in words.
    pub(crate) commands: Vec<Vec<String>>,
    /// The command lines of descendants, as /proc showed them.
    pub(crate) processes: BTreeSet<Vec<String>>,
}

impl Watch {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        std::fs::write(&log, "").unwrap();
        for name in PROGRAMS {
            let path = folder.path().join(name);
            let real = real(name).map_or_else(|| "exit 127".to_owned(), |real| format!("exec '{real}' \"$@\""));
            // One write a record, so that two at once do not mix.
            let text = format!(
                "#!/bin/sh\nrecord=$(printf '%s\\037' '{name}' \"$@\" | tr '\\n' ' ')\nprintf '%s\\n' \"$record\" >> '{}'\n{real}\n",
                log.display()
            );
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self { folder }
    }

    /// Runs a program to its end.
    pub(crate) fn run(&self, command: &mut Command) -> Watched {
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", self.folder.path().display()));
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (root, ended) = (child.id(), AtomicBool::new(false));
        let (output, processes) = std::thread::scope(|scope| {
            let looking = scope.spawn(|| {
                let mut seen = BTreeSet::new();
                while !ended.load(Ordering::Relaxed) {
                    seen.extend(descendants(root));
                    std::thread::sleep(Duration::from_micros(500));
                }
                seen
            });
            let output = child.wait_with_output().unwrap();
            ended.store(true, Ordering::Relaxed);
            (output, looking.join().unwrap())
        });
        let ours = self.folder.path().to_str().unwrap().to_owned();
        // The recorders themselves, and a process between fork and exec, which still has its parent's words.
        let parent = words(root);
        let own: Vec<String> = std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|w| w.to_str().unwrap().into())
            .collect();
        let processes = processes.into_iter().filter(|words| !words.is_empty() && *words != own && *words != parent);
        let processes = processes.filter(|words| !words.iter().take(2).any(|word| word.starts_with(&ours)));
        let processes = processes.filter(|words| words.first().is_none_or(|word| word != "tr")).collect();
        Watched { output, commands: self.take(), processes }
    }

    fn take(&self) -> Vec<Vec<String>> {
        let log = self.folder.path().join("log");
        let text = std::fs::read_to_string(&log).unwrap();
        std::fs::write(&log, "").unwrap();
        text.lines().map(|line| line.trim_end_matches('\u{1f}').split('\u{1f}').map(str::to_owned).collect()).collect()
    }
}

impl Watched {
    /// What could have changed something: every command but those of kubectl that only read.
    pub(crate) fn changing(&self) -> Vec<&Vec<String>> {
        let all = self.commands.iter().chain(&self.processes);
        all.filter(|words| {
            let name = words.first().map(|word| word.rsplit('/').next().unwrap_or_default());
            let args = words.get(1..).unwrap_or_default();
            name != Some("kubectl") || reads::kubectl(args).is_err()
        })
        .collect()
    }
}

/// Where a program is.
fn real(name: &str) -> Option<String> {
    let path = std::env::var("PATH").unwrap_or_default();
    let found = path.split(':').map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())?;
    Some(found.to_str()?.to_owned())
}

/// The command lines of all that descend from a process now.
fn descendants(root: u32) -> Vec<Vec<String>> {
    let entries = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parents: BTreeMap<u32, u32> = pids.filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let descends = |pid: &u32| {
        let ancestors = std::iter::successors(parents.get(pid).copied(), |pid| parents.get(pid).copied());
        ancestors.take(64).any(|ancestor| ancestor == root)
    };
    parents.keys().filter(|pid| descends(pid)).map(|pid| words(*pid)).collect()
}

fn parent(pid: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

fn words(pid: u32) -> Vec<String> {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = line.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned());
    words.filter(|word| !word.is_empty()).collect()
}

#[test]
fn what_is_started_is_seen_by_name_and_by_path() {
    let watch = Watch::new();
    let sleep = real("sleep").expect("there is a sleep");
    let script = format!("kubectl --context=x delete pod 'a b'; kubectl get pods --context y >&2; '{sleep}' 0.3; true");
    let seen = watch.run(Command::new("/bin/sh").args(["-c", &script]).env("KUBECONFIG", "/nowhere"));
    let kubectl = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    assert_eq!(
        seen.commands,
        [
            kubectl(&["kubectl", "--context=x", "delete", "pod", "a b"]),
            kubectl(&["kubectl", "get", "pods", "--context", "y"])
        ]
    );
    let slept = vec![sleep, "0.3".to_owned()];
    assert!(seen.processes.contains(&slept), "{seen:?}");
    let changing = seen.changing();
    assert!(changing.contains(&&slept) && changing.contains(&&seen.commands[0]), "{changing:?}");
    assert!(!changing.contains(&&seen.commands[1]), "reading changes nothing");
    assert!(seen.output.status.success());
}

#[test]
fn an_audit_of_a_cluster_starts_nothing_but_what_reads() {
    use crate::standin::cluster::{Answers, cluster, kubeconfig};
    let (folder, standin) = (tempfile::tempdir().unwrap(), cluster(Vec::new(), Answers::Well));
    let config = folder.path().join("kubeconfig");
    std::fs::write(&config, kubeconfig(standin.port, "a-token-of-the-lab")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    command.args(["audit", "--kubernetes", "lab-context", "--window", "0"]).env("KUBECONFIG", config);
    let seen = Watch::new().run(command.current_dir(folder.path()));
    assert!(!seen.commands.is_empty(), "{}", String::from_utf8_lossy(&seen.output.stderr));
    assert!(seen.changing().is_empty(), "{:?}", seen.changing());
}
