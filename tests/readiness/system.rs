//! A recorded system, changed in memory: what one server would say otherwise, and what people answer.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::lab::{Lab, Options, Role, Server};
use crate::support::{Folder, Run, loadline};

/// The whole lab at work, recorded once for all tests.
static RECORDED: LazyLock<Value> = LazyLock::new(record);

fn record() -> Value {
    let lab = Lab::start(Options::full());
    lab.traffic(100);
    thread::sleep(Duration::from_secs(3));
    lab.traffic(0);
    // Index scans on the replica, as many as an application makes that reads from it.
    let reads = "select count((select name from customers where id = g)) from generate_series(1, 8000) g";
    lab.sql(Server::Replica, reads);
    let folder = Folder::new();
    let file = folder.file("snapshot.json");
    loadline("collect --quiet --window 1s -o")
        .arg(&file)
        .with("--postgres", format!("primary={}", lab.primary_url(Role::Monitor)))
        .with("--postgres", format!("replica={}", lab.replica_url(Role::Monitor)))
        .with("--pgbouncer", format!("pooler={}", lab.console_url(Role::Monitor)))
        .with("--redis", format!("cache={}", lab.redis_url()))
        .run()
        .expect(0);
    serde_json::from_str(&folder.read("snapshot.json")).expect("a snapshot is JSON")
}

/// The marks of all questions by criterion, worked out from their words as the format says: the first 64 bits of
/// their SHA-256.
static MARKS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let report = System::recorded().audit("4").report();
    let criteria = report.0["readiness"]["criteria"].as_array().expect("criteria");
    let mark = |question: &str| {
        let words: Vec<_> = question.split_whitespace().collect();
        let digest = Sha256::digest(words.join(" "));
        digest.iter().take(8).fold(String::new(), |mark, byte| format!("{mark}{byte:02x}"))
    };
    criteria.iter().filter_map(|c| Some((c["id"].as_str()?.to_owned(), mark(c["question"].as_str()?)))).collect()
});

/// A system to be judged.
#[derive(Clone)]
pub(super) struct System {
    snapshot: Value,
    answers: BTreeMap<String, &'static str>,
    waived: Vec<&'static str>,
}

impl System {
    /// The lab as it was, and nobody has answered anything.
    pub(super) fn recorded() -> Self {
        Self { snapshot: RECORDED.clone(), answers: BTreeMap::new(), waived: Vec::new() }
    }

    /// The same where every question about the stages was answered with yes.
    pub(super) fn answered() -> Self {
        let stages = MARKS.keys().filter(|id| id.starts_with("stages."));
        Self { answers: stages.map(|id| (id.clone(), "yes")).collect(), ..Self::recorded() }
    }

    /// The answer of a person to a question about the stages; empty takes it back.
    pub(super) fn answer(mut self, criterion: &str, answer: &'static str) -> Self {
        self.answers.insert(format!("stages.{criterion}"), answer);
        self
    }

    /// A live waiver of a criterion.
    pub(super) fn waive(mut self, criterion: &'static str) -> Self {
        self.waived.push(criterion);
        self
    }

    /// Without a source and all that it said.
    pub(super) fn without(mut self, source: &str) -> Self {
        self.list("sources").retain(|record| record["name"] != source);
        self.list("observations").retain(|observation| observation["source"] != source);
        self
    }

    /// An answer to a probe, in place of any before. `columns` are names with their kinds.
    pub(super) fn observe(mut self, probe: &str, source: &str, columns: &[(&str, &str)], rows: &[Value]) -> Self {
        let kind = probe.split('.').next().expect("a probe is of a source").to_owned();
        if !self.list("sources").iter().any(|record| record["name"] == source) {
            self.list("sources").push(json!({ "name": source, "kind": kind, "address": "test" }));
        }
        let at = self.snapshot["finished_at"].clone();
        self.list("observations").retain(|o| o["probe"] != probe || o["source"] != source);
        let answer = json!({ "table": table(columns, rows) });
        let observation =
            json!({ "probe": probe, "source": source, "at": at, "took_ms": 1, "pairing": {}, "answer": answer });
        self.list("observations").push(observation);
        self
    }

    /// A probe that was not answered.
    pub(super) fn fault(mut self, probe: &str, source: &str) -> Self {
        for observation in self.list("observations") {
            if observation["probe"] == probe && observation["source"] == source {
                observation["answer"] = json!({ "fault": { "kind": "unreachable", "message": "connection refused" } });
            }
        }
        self
    }

    /// Another value in every row of a column.
    pub(super) fn cell(mut self, probe: &str, source: &str, column: &str, value: &Value) -> Self {
        let mut changed = 0;
        for observation in self.list("observations") {
            if observation["probe"] != probe || observation["source"] != source {
                continue;
            }
            let columns = observation["answer"]["table"]["columns"].as_array_mut().expect("a table has columns");
            let column = columns.iter_mut().find(|c| c["name"] == column).expect("the column is there");
            for cell in column["values"].as_array_mut().expect("values") {
                *cell = value.clone();
                changed += 1;
            }
        }
        assert!(changed > 0, "{source} gave no answer to {probe}");
        self
    }

    /// The audit for a stage, over all that was said so far.
    pub(super) fn audit(&self, stage: &str) -> Run {
        let folder = Folder::new();
        let snapshot = self.clone().with_answers().snapshot;
        let file = folder.write("snapshot.json", &snapshot.to_string());
        loadline("audit --format json --stage").arg(stage).with("--snapshot", file).run()
    }

    /// The verdict must be this one, by its exit code, and a gate that decides it must be told.
    pub(super) fn must_be(&self, stage: &str, code: i32, because_of: Option<&str>) {
        let run = self.audit(stage);
        let readiness = &run.report().0["readiness"];
        let why = format!("stage {stage}: {} {}", readiness["verdict"], readiness["because"]);
        assert_eq!(run.code, code, "{why}\n{:?}", Self::gates(readiness));
        let Some(gate) = because_of else { return };
        let list = match code {
            30 => "gates_failed",
            20 => "gates_unknown",
            _ => "gates_waived",
        };
        let levels = readiness["stages"].as_array().expect("stages");
        let level = levels.iter().find(|level| level["id"] == stage).expect("the stage");
        let id = json!([format!("stages.{gate}")]);
        assert_eq!(level[list], id, "{why}");
    }

    fn gates(readiness: &Value) -> Vec<String> {
        let criteria = readiness["criteria"].as_array().expect("criteria");
        let bad = criteria.iter().filter(|c| c["pack"] == "stages" && c["status"] != "pass");
        bad.map(|c| format!("{} {} {}: {}", c["level"], c["status"], c["id"], c["message"])).collect()
    }

    fn list(&mut self, name: &str) -> &mut Vec<Value> {
        self.snapshot[name].as_array_mut().expect("a snapshot has lists")
    }

    fn with_answers(self) -> Self {
        let day = self.snapshot["finished_at"].as_str().expect("when it ended")[..10].to_owned();
        let answer = |(id, answer): (&String, &&str)| {
            json!({
                "criterion": id, "answer": answer, "by": "platform team", "approved_by": "database team", "on": day,
                "expires": "2999-01-01", "mark": MARKS[id], "evidence": "seen", "file": "test.toml",
            })
        };
        let given: Vec<_> = self.answers.iter().filter(|(_, answer)| !answer.is_empty()).map(answer).collect();
        let waiver = |id: &&str| {
            json!({
                "check": format!("stages.{id}"), "reason": "accepted", "owner": "platform team", "on": day,
                "expires": "2999-01-01", "file": "test.toml",
            })
        };
        let accepted: Vec<_> = self.waived.iter().map(waiver).collect();
        let texts = |names: &[&'static str]| names.iter().map(|name| (*name, "text")).collect::<Vec<_>>();
        let answers = texts(&[
            "criterion",
            "answer",
            "by",
            "on",
            "expires",
            "approved_by",
            "mark",
            "evidence",
            "note",
            "fault",
            "file",
        ]);
        let waivers =
            texts(&["check", "subject", "reason", "owner", "on", "expires", "approved_by", "ticket", "fault", "file"]);
        let system =
            if given.is_empty() { self } else { self.observe("attestation.answers", "answers", &answers, &given) };
        if accepted.is_empty() { system } else { system.observe("attestation.waivers", "answers", &waivers, &accepted) }
    }
}

/// A table as a snapshot file holds it: columns, with every distinct text once.
fn table(columns: &[(&str, &str)], rows: &[Value]) -> Value {
    let column = |(name, kind): &(&str, &str)| {
        let cells = rows.iter().map(|row| row[*name].clone());
        if *kind != "text" {
            return json!({ "name": name, "kind": kind, "values": cells.collect::<Vec<_>>() });
        }
        let (mut words, mut values) = (Vec::new(), Vec::new());
        for cell in cells {
            values.push(if cell.is_null() { Value::Null } else { json!(words.len()) });
            words.extend((!cell.is_null()).then_some(cell));
        }
        json!({ "name": name, "kind": kind, "words": words, "values": values })
    };
    json!({ "rows": rows.len(), "columns": columns.iter().map(column).collect::<Vec<_>>() })
}
