//! A probe as its file says it: one question to one kind of source, and what its answer means.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::snapshot::{Kind, SourceKind, SourceRecord, Unit, Value};

/// One question. Shared ones are files of `checks/probes/`; a check may also hold one of its own.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// `<source>.<name>`; a probe inside a check takes the check's id.
    #[serde(default)]
    pub id: String,
    /// Which kind of source is asked.
    pub source: SourceKind,
    /// What is asked, in one line.
    #[serde(default)]
    pub about: String,
    /// Which servers of the kind: all, or only those in one replication role.
    #[serde(default)]
    pub on: On,
    /// Asked once a server, or in every database of it.
    #[serde(default)]
    pub each: Each,
    /// The longest it may take.
    #[serde(default = "default_deadline")]
    pub deadline: String,
    /// A fact of the source that must be true for the answer to be complete, such as
    /// `member.pg_read_all_stats`. Without it the answer is partial and no pass may rest on it.
    #[serde(default)]
    pub rights: Option<String>,
    /// What the operator grants where `rights` is missing. `{user}` stands for the role.
    #[serde(default)]
    pub grant: Option<String>,
    /// Whether no rows are an answer, or a sign that nothing was measured.
    #[serde(default)]
    pub rows: Rows,
    /// Columns that name a row, to pair the two samples.
    #[serde(default)]
    pub key: Vec<String>,
    /// Columns that change when counters are reset.
    #[serde(default)]
    pub resets: Vec<String>,
    /// The column that says since when counters count.
    #[serde(default)]
    pub since: Option<String>,
    /// A row missing in the first sample began at zero after it; only for complete listings.
    #[serde(default)]
    pub new_rows_from_zero: bool,
    /// The wordings of the question; the first whose conditions hold is asked.
    pub query: Vec<Query>,
    /// What the answer's columns are.
    pub columns: BTreeMap<String, ColumnDef>,
}

fn default_deadline() -> String {
    "5s".into()
}

/// Which servers a probe is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum On {
    /// All.
    #[default]
    Any,
    /// Those that take writes.
    Primary,
    /// Those that follow another.
    Replica,
}

/// How often a probe is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Once a server.
    #[default]
    Server,
    /// Once in each of the target's databases on it.
    Database,
}

/// Whether an empty answer is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Rows {
    /// No rows are a fine answer: nobody is blocked.
    #[default]
    Any,
    /// There is always at least one: none means not measured.
    Some,
}

/// One wording of the question. Exactly one of `sql`, `show`, `command`, `path`, `table` is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Conditions on facts of the source, all of which must hold: `server = ">=14"`,
    /// `"extension.pg_stat_statements" = ">=1.8"`.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
    /// postgres: one SELECT, run inside a read-only transaction.
    #[serde(default)]
    pub sql: Option<String>,
    /// pgbouncer: what follows SHOW on its admin console.
    #[serde(default)]
    pub show: Option<String>,
    /// redis: one command of the read-only allow-list, word by word.
    #[serde(default)]
    pub command: Option<Vec<String>>,
    /// redis: how the answer is laid out.
    #[serde(default)]
    pub shape: Shape,
    /// redis: what the lines of `shape = "lines"` begin with, before their number: `slave`, `db`.
    #[serde(default)]
    pub prefix: Option<String>,
    /// kubernetes: the API path of a list.
    #[serde(default)]
    pub path: Option<String>,
    /// kubernetes: the kind of the listed objects, to find them in a folder.
    #[serde(default)]
    pub kind: Option<String>,
    /// kubernetes: a JSONPath to parts of an object that each become a row; columns may then
    /// start with `@` for the part, as `$` stands for the object.
    #[serde(default)]
    pub split: Option<String>,
    /// plan, loadtest, attestation, runs: which table is meant.
    #[serde(default)]
    pub table: Option<String>,
}

/// How a Redis answer is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// INFO: `field:value` lines become one row.
    #[default]
    Info,
    /// INFO: lines such as `slave0:ip=…,port=…` become a row each; `prefix` names them.
    Lines,
    /// CONFIG GET: name, value, name, value become one row.
    Pairs,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnDef {
    /// What it holds.
    pub kind: Kind,
    /// What its numbers count.
    #[serde(default)]
    pub unit: Unit,
    /// Whether it only grows until a reset, so that rules may use its delta and rate.
    #[serde(default)]
    pub counter: bool,
    /// What it means.
    #[serde(default)]
    pub about: String,
    /// What NULL or a missing field means here, where it means something; without it, unknown.
    #[serde(default)]
    pub when_null: Option<Value>,
    /// The field that, where the answer has it, makes NULL unknown again in spite of `when_null`.
    #[serde(default)]
    pub unless: Option<String>,
    /// What the text is, where it needs more redaction than any text.
    #[serde(default)]
    pub holds: Holds,
    /// redis, loadtest: the field's name where it differs from the column's. kubernetes: a JSONPath.
    #[serde(default)]
    pub field: Option<String>,
}

/// What a text column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Ordinary text.
    #[default]
    Text,
    /// A statement: its literals and comments are redacted.
    Sql,
    /// A Kubernetes quantity (`250m`, `1Gi`), read into a number.
    Quantity,
    /// An instant (RFC 3339), read into seconds of age at the time of asking.
    Age,
}

impl Probe {
    /// The longest it may take.
    pub fn deadline(&self) -> std::time::Duration {
        let seconds = crate::quantity::parse(&self.deadline, Unit::Seconds).unwrap_or(5.0);
        std::time::Duration::from_secs_f64(seconds.clamp(0.1, 600.0))
    }

    /// Whether it is for this server. A server whose role is not known is asked everything.
    pub fn is_for(&self, record: &SourceRecord) -> bool {
        let role = record.facts.get("role").and_then(Value::as_str);
        let fits = match (self.on, role) {
            (On::Any, _) | (_, None) => true,
            (On::Primary, Some(role)) => role == "primary",
            (On::Replica, Some(role)) => role == "replica",
        };
        self.source == record.kind && fits
    }

    /// Whether a second sample of it says more than the first.
    pub fn has_counters(&self) -> bool {
        self.columns.values().any(|column| column.counter)
    }
}
