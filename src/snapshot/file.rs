//! The snapshot file: one JSON object, versioned; every version ever written stays readable.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    observation::{Answer, Observation, Pairing, SourceKind, SourceRecord},
    table::Table,
};

/// The name of the format, so that a file can be told from any other JSON.
pub const FORMAT: &str = "loadline-snapshot";

/// The version written today.
pub const VERSION: u32 = 1;

/// The target as it was when the snapshot was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetRecord {
    /// Its name.
    pub name: String,
    /// `production`, `staging`, …; free words of the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

/// The load that the system was under, as the operator knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Things per second.
    pub per_second: f64,
    /// As written: `1200/s`.
    pub text: String,
}

/// All observations of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Always [`FORMAT`].
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The version of the program that wrote it.
    pub tool: String,
    /// Whom it is about.
    pub target: TargetRecord,
    /// When the run began to ask.
    pub started_at: Timestamp,
    /// When the last answer was in.
    pub finished_at: Timestamp,
    /// The wished time between two samples of a counter, in milliseconds; 0 for one sample only.
    pub window_ms: u64,
    /// The load meanwhile, where somebody said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<Load>,
    /// Whom was asked.
    pub sources: Vec<SourceRecord>,
    /// What they said.
    pub observations: Vec<Observation>,
}

/// Why a file is no snapshot that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or JSON of another shape.
    #[error("read the snapshot: {0}; expected a file written by `loadline collect -o FILE`")]
    Shape(#[from] serde_json::Error),
    /// JSON, but of something else.
    #[error(
        "read the snapshot: its format is `{0}`, expected `{FORMAT}`; give a file written by `loadline collect -o FILE`"
    )]
    Format(String),
    /// It contradicts itself, as only an edited file can.
    #[error("read the snapshot: {0}; it was changed by hand or damaged, collect it again")]
    Meaning(String),
    /// Written by a newer program.
    #[error("read the snapshot: its version is {0} and this program reads up to {VERSION}; install a newer loadline")]
    Version(u32),
}

/// The part that every version shares, read first.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    format: String,
    #[serde(default)]
    version: u32,
}

impl Snapshot {
    /// Reads any version ever written.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let head: Head = serde_json::from_str(text)?;
        match (head.format.as_str(), head.version) {
            (FORMAT, VERSION) => serde_json::from_str::<Self>(text)?.consistent(),
            (FORMAT, version) => Err(ReadError::Version(version)),
            (other, _) => Err(ReadError::Format(other.chars().take(40).collect())),
        }
    }

    /// Every answer has its source, once: an answer of nobody, or two of one, would be judged as well.
    fn consistent(self) -> Result<Self, ReadError> {
        let mut names = BTreeSet::new();
        if let Some(twice) = self.sources.iter().find(|source| !names.insert(source.name.as_str())) {
            return Err(ReadError::Meaning(format!("the source `{}` is there twice", twice.name)));
        }
        let mut seen = BTreeSet::new();
        for observation in &self.observations {
            let Observation { probe, source, database, .. } = observation;
            if !names.contains(source.as_str()) {
                return Err(ReadError::Meaning(format!(
                    "`{probe}` was answered by `{source}`, which is no source of it"
                )));
            }
            if !seen.insert((probe, source, database)) {
                return Err(ReadError::Meaning(format!("`{probe}` was answered twice by `{source}`")));
            }
        }
        Ok(self)
    }

    /// The file's text, one observation a line so that two of them can be compared by eye.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        let mut text = String::new();
        let mut head = serde_json::json!({
            "format": self.format, "version": self.version, "tool": self.tool, "target": self.target,
            "started_at": self.started_at, "finished_at": self.finished_at, "window_ms": self.window_ms,
        });
        if let Some(load) = &self.load {
            head["load"] = serde_json::to_value(load)?;
        }
        let head = serde_json::to_string(&head)?;
        // Only the brace of the head itself: the load may end in one of its own.
        text.push_str(head.strip_suffix('}').unwrap_or(&head));
        text.push_str(",\n\"sources\":[\n");
        text.push_str(&lines(&self.sources)?);
        text.push_str("\n],\n\"observations\":[\n");
        text.push_str(&lines(&self.observations)?);
        text.push_str("\n]}\n");
        Ok(text)
    }

    /// Whether answers are missing that were due: a source was away, or went away in the middle.
    pub fn is_partial(&self) -> bool {
        let lost = |o: &Observation| matches!(&o.answer, Answer::Fault(fault) if fault.kind.is_loss());
        self.sources.iter().any(|source| source.fault.is_some()) || self.observations.iter().any(lost)
    }

    /// Puts a table in place of the answer of a source to a probe; the source is added where it is not there yet.
    pub fn replace(&mut self, source: &str, kind: SourceKind, probe: &str, at: Timestamp, table: Table) {
        self.observations.retain(|o| o.probe != probe);
        self.observations.push(Observation {
            probe: probe.to_owned(),
            source: source.to_owned(),
            database: None,
            at,
            took_ms: 0,
            not_visible: None,
            pairing: Pairing::default(),
            earlier: None,
            answer: Answer::Table(table),
        });
        self.observations.sort_by(|a, b| (&a.probe, &a.source, &a.database).cmp(&(&b.probe, &b.source, &b.database)));
        self.sources.retain(|known| known.name != source);
        self.sources.push(SourceRecord {
            name: source.to_owned(),
            kind,
            address: "folders named when it was judged".to_owned(),
            facts: BTreeMap::new(),
            fault: None,
            notes: Vec::new(),
        });
    }

    /// The record of a source by name.
    pub fn source(&self, name: &str) -> Option<&SourceRecord> {
        self.sources.iter().find(|source| source.name == name)
    }
}

fn lines<T: Serialize>(items: &[T]) -> Result<String, serde_json::Error> {
    let lines: Result<Vec<_>, _> = items.iter().map(serde_json::to_string).collect();
    Ok(lines?.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Snapshot {
        Snapshot {
            format: FORMAT.into(),
            version: VERSION,
            tool: "0.1.0".into(),
            target: TargetRecord { name: "shop".into(), environment: None },
            started_at: Timestamp::UNIX_EPOCH,
            finished_at: Timestamp::UNIX_EPOCH,
            window_ms: 0,
            load: None,
            sources: Vec::new(),
            observations: Vec::new(),
        }
    }

    #[test]
    fn a_snapshot_comes_back_as_it_was() {
        let text = empty().write().unwrap();
        assert!(!text.contains("load\""), "{text}");
        assert_eq!(Snapshot::read(&text).unwrap(), empty());
        let loaded = Snapshot { load: Some(Load { per_second: 20.0, text: "1200/min".into() }), ..empty() };
        assert_eq!(Snapshot::read(&loaded.write().unwrap()).unwrap(), loaded);
    }

    #[test]
    fn an_answer_of_nobody_is_refused() {
        let record = SourceRecord {
            name: "primary".into(),
            kind: crate::snapshot::SourceKind::Postgres,
            address: "here".into(),
            facts: std::collections::BTreeMap::new(),
            fault: None,
            notes: Vec::new(),
        };
        let observation = Observation {
            probe: "p".into(),
            source: "primary".into(),
            database: None,
            at: Timestamp::UNIX_EPOCH,
            took_ms: 0,
            not_visible: None,
            pairing: crate::snapshot::Pairing::default(),
            earlier: None,
            answer: crate::snapshot::Answer::Table(crate::snapshot::Table::default()),
        };
        let whole = Snapshot { sources: vec![record], observations: vec![observation], ..empty() };
        assert!(Snapshot::read(&whole.write().unwrap()).is_ok());
        let nobody = Snapshot { sources: Vec::new(), ..whole.clone() };
        assert!(
            matches!(Snapshot::read(&nobody.write().unwrap()), Err(ReadError::Meaning(m)) if m.contains("no source"))
        );
        let mut twice = whole.clone();
        twice.observations.extend(whole.observations);
        assert!(matches!(Snapshot::read(&twice.write().unwrap()), Err(ReadError::Meaning(m)) if m.contains("twice")));
    }

    #[test]
    fn another_format_or_a_newer_version_is_refused_in_words() {
        let text = empty().write().unwrap();
        let newer = Snapshot::read(&text.replace("\"version\":1", "\"version\":7")).unwrap_err();
        assert!(newer.to_string().contains("its version is 7"), "{newer}");
        assert!(Snapshot::read("{\"format\":\"sarif\"}").unwrap_err().to_string().contains("`sarif`"));
        assert!(Snapshot::read("hello").unwrap_err().to_string().contains("collect -o"));
    }
}
