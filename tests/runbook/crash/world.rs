//! A target that is a file with a line an execution, eyes that read it, and hands that run real shells.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
};

use loadline::{
    runbook::{
        document,
        model::{Condition, Runbook, TargetRef},
        port::{Doing, Eyes, Hands, Happening, Identity, Prepared, Sight, Stage, Values, What},
        record::{Ended, Mode, Outcome, Seen},
        session::{Event, Opening, Session, SessionError},
    },
    snapshot::{FORMAT, Fault, FaultKind, Snapshot, TargetRecord, VERSION},
};
use tokio::io::{AsyncBufReadExt as _, BufReader};

const TEXT: &str = include_str!("counted.md");

/// A folder with the runs and the file of counts.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) folder: PathBuf,
}

/// Told of an action that has ended, before its outcome is known to the driver.
pub(super) type Ending = Arc<dyn Fn() + Send + Sync>;

impl World {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(super) fn runs(&self) -> PathBuf {
        self.folder.join("runs")
    }

    fn count(&self) -> PathBuf {
        self.folder.join("count")
    }

    /// How often each step was executed.
    pub(super) fn executions(&self) -> BTreeMap<String, usize> {
        let text = std::fs::read_to_string(self.count()).unwrap_or_default();
        let mut all = BTreeMap::new();
        for line in text.lines() {
            *all.entry(line.to_owned()).or_default() += 1;
        }
        all
    }

    fn opening(&self) -> Opening {
        let count = self.count().to_string_lossy().into_owned();
        Opening {
            mode: Mode::Run,
            operator: "ann".into(),
            host: "box".into(),
            folder: self.runs(),
            finding: None,
            values: vec![("count".into(), count, "flag".into())],
            second_person: false,
            survey: true,
            stop: tokio::sync::watch::channel(false).0,
        }
    }

    pub(super) async fn start(
        &self,
        listen: impl Fn(Event) + Send + Sync + 'static,
        ending: Ending,
    ) -> Result<Session, SessionError> {
        let (eyes, hands) = (Arc::new(self.clone()), Arc::new(Shells { ending }));
        Session::start(book(), eyes, Some(hands), self.opening(), listen).await
    }

    pub(super) async fn resume(
        &self,
        run: &str,
        listen: impl Fn(Event) + Send + Sync + 'static,
        ending: Ending,
    ) -> Result<Session, SessionError> {
        let (eyes, hands) = (Arc::new(self.clone()), Arc::new(Shells { ending }));
        Session::resume(book(), eyes, Some(hands), self.opening(), run, listen).await
    }

    /// Takes up a run that was copied from another world, with the values that it has.
    pub(super) async fn resume_as_it_was(&self, run: &str, ending: Ending) -> Result<Session, SessionError> {
        let (eyes, hands) = (Arc::new(self.clone()), Arc::new(Shells { ending }));
        let opening = Opening { values: Vec::new(), ..self.opening() };
        Session::resume(book(), eyes, Some(hands), opening, run, |_| {}).await
    }

    /// The only run, where one has begun.
    pub(super) fn run(&self) -> Option<String> {
        let runs = loadline::runbook::runs::list(&self.runs()).expect("runs can be listed");
        assert!(runs.len() <= 1, "{runs:?}");
        runs.into_iter().next().map(|run| run.id)
    }
}

pub(super) fn book() -> Arc<Runbook> {
    Arc::new(document::read("counted.md", TEXT).expect("the runbook of this test can be read"))
}

impl Eyes for World {
    fn target(&self) -> (String, Option<String>) {
        ("counts".into(), None)
    }

    fn resolve<'a>(&'a self, _: &'a TargetRef, _: &'a Values) -> Doing<'a, Result<Identity, Fault>> {
        Box::pin(async { Err(Fault::new(FaultKind::Missing, "no step has a target")) })
    }

    /// A condition `counted.STEP` holds once the step was executed.
    fn look<'a>(&'a self, _: &'a Runbook, conditions: &'a [&'a Condition], _: &'a Values) -> Doing<'a, Vec<Seen>> {
        Box::pin(async {
            let counts = self.executions();
            let seen = |condition: &&Condition| {
                let count = counts.get(condition.check.trim_start_matches("counted.")).copied().unwrap_or(0);
                Seen { condition: condition.check.clone(), holds: Some(count > 0), says: format!("{count} times") }
            };
            conditions.iter().map(seen).collect()
        })
    }

    fn survey(&self) -> Doing<'_, Result<Sight, Fault>> {
        Box::pin(async {
            let at = "2026-11-21T05:15:00Z".parse().expect("an instant");
            let target = TargetRecord { name: "counts".into(), environment: None };
            let snapshot = Snapshot {
                format: FORMAT.into(),
                version: VERSION,
                tool: "0".into(),
                target,
                started_at: at,
                finished_at: at,
                window_ms: 0,
                load: None,
                sources: Vec::new(),
                observations: Vec::new(),
            };
            Ok(Sight { snapshot, findings: Vec::new() })
        })
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Runs shells, each in a group of its own.
struct Shells {
    ending: Ending,
}

impl Hands for Shells {
    fn act<'a>(&'a self, what: &'a Prepared, stage: Stage<'a>) -> Doing<'a, Outcome> {
        Box::pin(async move {
            let What::Sh { script, env, .. } = &what.what else { panic!("only shells are run here") };
            let mut command = tokio::process::Command::new("sh");
            command.args(["-eu", "-c", script]).env_clear().env("PATH", "/usr/bin:/bin").envs(env);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
            let mut child = command.spawn().expect("a shell starts");
            let pid = child.id().expect("it has an id");
            (stage.happens)(Happening::Spawned { pid, started: started(pid) });
            let mut lines = BufReader::new(child.stdout.take().expect("a pipe was asked for")).lines();
            let mut first = None;
            while let Ok(Some(line)) = lines.next_line().await {
                (stage.happens)(Happening::Line(line.clone()));
                first.get_or_insert(line);
            }
            let status = child.wait().await.expect("the shell ends");
            (self.ending)();
            Outcome {
                ended: if status.success() { Ended::Succeeded } else { Ended::Failed },
                says: status.to_string(),
                took_ms: 0,
                excerpt: first.clone().unwrap_or_default(),
                printed: 0,
                output: None,
                value: first,
            }
        })
    }
}

/// When a process was started, as /proc says it.
fn started(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(19)?.parse().ok()
}
