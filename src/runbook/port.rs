//! The two capabilities of a run: looking and acting. A plan is given eyes and no hands.

use std::{collections::BTreeMap, future::Future, path::PathBuf, pin::Pin};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    model::{Condition, Runbook, TargetRef},
    record::{Outcome, Seen},
};
use crate::{
    check::finding::Finding,
    secret::Secret,
    snapshot::{Fault, Snapshot, SourceKind},
};

/// Something that is waited for.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Who a target is, as it says itself, now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// The source's name in the configuration.
    pub source: String,
    /// Its kind.
    #[schemars(with = "String")]
    pub kind: SourceKind,
    /// Its address, without secrets.
    pub address: String,
    /// The target's environment, such as `production`.
    pub environment: Option<String>,
    /// What tells it from every other: PostgreSQL's system identifier, database, role and whether it is in recovery;
    /// Redis' run id and role; the cluster's id, context and namespace. By name, in the order of names.
    pub facts: BTreeMap<String, String>,
}

impl Identity {
    /// What the operator types to confirm something dangerous: the shortest text that names the target and cannot be
    /// typed by habit, such as `shop on primary` or `cache (primary)`.
    pub fn name(&self) -> String {
        let of = |name: &str| self.facts.get(name).map(String::as_str);
        match (of("database").or_else(|| of("namespace")).or_else(|| of("context")), of("role")) {
            (Some(inner), _) => format!("{inner} on {}", self.source),
            (None, Some(role)) => format!("{} ({role})", self.source),
            (None, None) => self.source.clone(),
        }
    }
}

/// Values of parameters, by name.
#[derive(Debug, Clone, Default)]
pub struct Values {
    plain: BTreeMap<String, String>,
    secret: BTreeMap<String, Secret>,
}

impl Values {
    /// Gives a parameter its value.
    pub fn set(&mut self, name: &str, value: &str) {
        self.plain.insert(name.to_owned(), value.to_owned());
    }

    /// Gives a secret parameter its value.
    pub fn set_secret(&mut self, name: &str, value: Secret) {
        self.secret.insert(name.to_owned(), value);
    }

    /// The value, secret or not: for the action itself and for the redactor, for nothing else.
    pub fn expose(&self, name: &str) -> Option<&str> {
        self.plain.get(name).map(String::as_str).or_else(|| self.secret.get(name).map(Secret::expose))
    }

    /// The value where it is no secret.
    pub fn shown(&self, name: &str) -> Option<&str> {
        self.plain.get(name).map(String::as_str)
    }

    /// The secrets, for the redactor.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secret.values().map(Secret::expose)
    }

    /// What is no secret.
    pub fn plain(&self) -> &BTreeMap<String, String> {
        &self.plain
    }
}

/// An action with everything filled in: what hands are given. Made by `prepare`, which is pure, from an action, values
/// and a target. No value is part of any text that is parsed as code.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// What is done.
    pub what: What,
    /// How it is shown to people, secrets masked.
    pub shown: String,
    /// On which source of the target; none where no source is touched.
    pub source: Option<String>,
    /// Whether it must only read: the server is told to refuse writing where it can be told, and only commands known to
    /// read are let through.
    pub reads_only: bool,
    /// The longest that it may take.
    pub timeout: std::time::Duration,
    /// `loadline RUN/STEP`: the name by which a server shows the session, to find it again after a crash.
    pub tag: String,
}

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// `sh -eu -c SCRIPT` in a process group of its own, in a clean environment.
    Sh {
        /// The script, as in the runbook.
        script: String,
        /// The environment that is added to the clean one.
        env: BTreeMap<String, String>,
        /// On a pseudo-terminal.
        pty: bool,
        /// Exit codes that count as success.
        expect: Vec<i32>,
    },
    /// A statement with bound text values.
    Sql {
        /// The statement with `$n`.
        statement: String,
        /// The values.
        binds: Vec<String>,
        /// The database; the connection's own where left out.
        database: Option<String>,
        /// Whether it runs in a transaction.
        transaction: bool,
        /// Whether it makes the statements that are run.
        generates: bool,
    },
    /// Commands of Redis or of PgBouncer's console, in words.
    Words {
        /// The commands.
        lines: Vec<Vec<String>>,
    },
    /// A request.
    Http {
        /// The method.
        method: String,
        /// The address.
        url: String,
        /// The headers.
        headers: Vec<(String, String)>,
        /// The body.
        body: Option<String>,
        /// Status codes that count as success.
        expect: Vec<u16>,
    },
    /// kubectl, without the program and the context, which are the source's.
    Kubectl {
        /// The arguments.
        args: Vec<String>,
    },
}

/// What a look at the whole target gave.
#[derive(Debug)]
pub struct Sight {
    /// The answers.
    pub snapshot: Snapshot,
    /// What they come to, the worst first.
    pub findings: Vec<Finding>,
}

/// Looks at the world and cannot change it.
pub trait Eyes: Send + Sync {
    /// The target's name and environment.
    fn target(&self) -> (String, Option<String>);
    /// Who the target of an action is, asked live.
    fn resolve<'a>(&'a self, target: &'a TargetRef, values: &'a Values) -> Doing<'a, Result<Identity, Fault>>;
    /// What live checks say of some conditions, asked once for all of them.
    fn look<'a>(
        &'a self,
        book: &'a Runbook,
        conditions: &'a [&'a Condition],
        values: &'a Values,
    ) -> Doing<'a, Vec<Seen>>;
    /// The whole target, with all checks.
    fn survey(&self) -> Doing<'_, Result<Sight, Fault>>;
    /// The secrets of the target's connections, for the redactor.
    fn secrets(&self) -> Vec<String>;
}

/// What happens while an action runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// A process lives.
    Spawned {
        /// Its id, which is that of its group, too.
        pid: u32,
        /// When it was started, as /proc says it.
        started: Option<u64>,
    },
    /// A line of output, already redacted and harmless for a screen.
    Line(String),
}

/// Where an action's output goes, and how it is stopped.
pub struct Stage<'a> {
    /// Told of what happens.
    pub happens: &'a (dyn Fn(Happening) + Send + Sync),
    /// Becomes true when the operator stops the action.
    pub stop: tokio::sync::watch::Receiver<bool>,
    /// Takes every secret out of what is printed.
    pub redactor: &'a crate::snapshot::Redactor,
    /// The file that takes all output up to a cap, redacted.
    pub output: Option<PathBuf>,
    /// Whether the first value is wanted (`sets=`).
    pub wants_value: bool,
    /// Whether that value is a secret: then what is printed is neither shown nor kept, but as the value itself.
    pub value_is_secret: bool,
}

/// Acts. Only a session of a run or of an automatic run holds one.
pub trait Hands: Send + Sync {
    /// Does it, within its time. Never fails: what cannot be done is an outcome.
    fn act<'a>(&'a self, what: &'a Prepared, stage: Stage<'a>) -> Doing<'a, Outcome>;
    /// Why nothing may be acted now, where that is so. It is asked before anything is written down about an act.
    fn held_back(&self) -> Option<String> {
        None
    }
}
