//! What a runbook says, once it is read. Pure data; [`super::document`] makes it, with every place kept.

use std::{collections::BTreeMap, time::Duration};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{check::definition::Severity, snapshot::SourceKind};

/// A place in a file, both counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// How much an action can harm. What is asked of the operator follows from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Danger {
    /// Reads only: runs on Enter.
    #[default]
    Observe,
    /// Changes something that can be taken back: confirmed.
    Change,
    /// Disrupts, or cannot be taken back: the live-resolved target is typed, a reason is asked.
    Dangerous,
}

impl Danger {
    /// The word in files and on screens.
    pub fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Change => "change",
            Self::Dangerous => "dangerous",
        }
    }

    /// Reads the word.
    pub fn read(word: &str) -> Option<Self> {
        [Self::Observe, Self::Change, Self::Dangerous].into_iter().find(|danger| danger.word() == word)
    }
}

/// A runbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Runbook {
    /// Its id: of the front matter, else the file's name.
    pub id: String,
    /// Its title: of the front matter, else the first heading.
    pub title: String,
    /// Who keeps it: a team or role.
    pub owner: Option<String>,
    /// When it was last read through.
    pub reviewed: Option<Date>,
    /// How bad the situation is that it is for.
    pub severity: Option<Severity>,
    /// How long a run takes, about.
    pub estimate: Option<Duration>,
    /// The highest danger of its steps.
    pub danger: Danger,
    /// The checks whose findings it cures.
    pub fixes: Vec<String>,
    /// Conditions on facts of sources: `postgres = ">=13"`.
    pub applies: BTreeMap<String, String>,
    /// What it needs to know.
    pub params: Vec<Param>,
    /// Programs that must be on this machine.
    pub programs: Vec<String>,
    /// Whether it is written for loadline, or a published one of the usual form (Meaning, Impact, Diagnosis, Mitigation),
    /// which is walked by hand.
    pub form: Form,
    /// The phases, in order.
    pub phases: Vec<Phase>,
    /// How messages name the file.
    pub shown: String,
    /// SHA-256 of its text, in hexadecimal digits.
    pub hash: String,
    /// Its text.
    pub text: String,
}

/// How a runbook is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// With front matter, phases and steps.
    Native,
    /// Plain prose under the usual headings: every section is a step done by hand.
    Published,
}

/// What a runbook needs to know before a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name: lower case, digits, underscores. Actions read it as `$name` (an argument, the environment variable
    /// NAME) or `:name` (SQL).
    pub name: String,
    /// What it is, for the operator.
    pub about: String,
    /// What it may be.
    pub kind: ParamKind,
    /// A regular expression that the whole value matches.
    pub pattern: Option<String>,
    /// What it is where nobody says otherwise.
    pub default: Option<String>,
    /// Never shown, never written down, asked again on resume.
    pub secret: bool,
    /// Where in a finding its value stands: `evidence.pid`, `source`, `database`, `subject`.
    pub from: Option<String>,
    /// Where it stands in the file.
    pub place: Place,
}

/// What a value may be. Every kind refuses NUL; all but `text` refuse line breaks and a leading dash.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamKind {
    /// One line of any text.
    Text,
    /// A whole number within bounds.
    Integer {
        /// The least.
        min: Option<i64>,
        /// The most.
        max: Option<i64>,
    },
    /// `90s`, `5m`; given to actions in whole milliseconds as integer text where the action says so, else as written.
    Duration,
    /// `512MiB`; given to actions in bytes.
    Size,
    /// One of these.
    Choice(Vec<String>),
    /// A name of PostgreSQL: a table, an index, a role, with or without schema. It reaches a statement only as a bound value.
    Name,
    /// A Kubernetes object's name (RFC 1123).
    Label,
    /// `https://…` or `http://…`.
    Url,
    /// A source of the target, by its name in the configuration.
    Source {
        /// Its kind.
        kind: SourceKind,
        /// `primary` or `replica`, where it matters; compared with what the server says of itself.
        role: Option<String>,
    },
}

/// A phase: a heading of the second level.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// The heading.
    pub title: String,
    /// What kind of phase it is, by its title.
    pub kind: PhaseKind,
    /// What stands before its first step, as Markdown.
    pub prose: String,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Where it begins.
    pub place: Place,
}

/// What a phase is for. Words of the usual published form (Meaning, Diagnosis, Mitigation) are understood, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseKind {
    /// When to use, Meaning.
    WhenToUse,
    /// Impact.
    Impact,
    /// Preconditions.
    Preconditions,
    /// Diagnose, Diagnosis.
    Diagnose,
    /// Mitigate, Mitigation.
    Mitigate,
    /// Verify, Verification.
    Verify,
    /// Roll back: its steps are not on the way forward; they are entered when rolling back.
    RollBack,
    /// Afterwards.
    Afterwards,
    /// Anything else.
    Other,
}

impl PhaseKind {
    /// What kind of phase has this title.
    pub fn of(title: &str) -> Self {
        match title.trim().to_lowercase().as_str() {
            "when to use" | "meaning" => Self::WhenToUse,
            "impact" => Self::Impact,
            "preconditions" => Self::Preconditions,
            "diagnose" | "diagnosis" => Self::Diagnose,
            "mitigate" | "mitigation" => Self::Mitigate,
            "verify" | "verification" => Self::Verify,
            "roll back" | "rollback" => Self::RollBack,
            "afterwards" => Self::Afterwards,
            _ => Self::Other,
        }
    }
}

/// A step: a heading of the third level.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `id=` of its action, else the slug of its heading. Never a number: journals survive insertions.
    pub id: String,
    /// The heading.
    pub title: String,
    /// Its prose and illustrations as Markdown, without the fences that are walked and without its task items.
    pub prose: String,
    /// What the operator ticks by hand.
    pub items: Vec<Item>,
    /// What must hold before the action.
    pub require: Vec<Condition>,
    /// What is done; none for a step that people do.
    pub action: Option<Action>,
    /// What must hold afterwards.
    pub verify: Vec<Verify>,
    /// What takes the action back.
    pub undo: Option<Action>,
    /// Links to other runbooks: where to go on if this is not it.
    pub branches: Vec<Branch>,
    /// Where it begins.
    pub place: Place,
    /// SHA-256 of what is walked (action, undo, verify, items), in hexadecimal digits: an old journal resumes at this
    /// step only where it is the same.
    pub hash: String,
}

/// A task-list item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What the operator makes sure of.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A way into another runbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The words of the link.
    pub text: String,
    /// The id of the runbook.
    pub runbook: String,
    /// Where it stands.
    pub place: Place,
}

/// Something that is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// How much it can harm.
    pub danger: Danger,
    /// On what; none for what touches no source.
    pub target: Option<TargetRef>,
    /// The longest that it may take.
    pub timeout: Duration,
    /// Whether doing it twice does no more than once: then a retry is offered first.
    pub idempotent: bool,
    /// The parameter that takes what it prints (trimmed), or the first column of the first row.
    pub sets: Option<String>,
    /// After how long the change must be taken back: it stands in the ledger of temporary changes until it is.
    pub temporary: Option<Duration>,
    /// Whether a second person must agree, whatever is configured.
    pub second_person: bool,
    /// The parameters that it reads.
    pub reads: Vec<String>,
    /// The body of its fence as written.
    pub body: String,
    /// Where the fence begins.
    pub place: Place,
}

/// The kinds of action.
#[derive(Debug, Clone, PartialEq)]
pub enum ActionKind {
    /// A script for `sh -eu`; parameters are environment variables.
    Sh {
        /// On a pseudo-terminal, for programs that ask back.
        pty: bool,
        /// Exit codes that count as success.
        expect: Vec<i32>,
    },
    /// One statement; parameters are bound.
    Sql {
        /// The statement, `:name` turned into `$n`.
        statement: String,
        /// The parameters, in the order of `$n`.
        binds: Vec<String>,
        /// Whether it runs inside a transaction of its own; `no` for CREATE INDEX CONCURRENTLY and VACUUM.
        transaction: bool,
        /// Written with a last line `\gexec`: the statement makes statements (quoted by the server itself, with
        /// `format('%I')`), and those are run.
        generates: bool,
        /// The parameter that names the database; the connection's own where left out.
        database: Option<String>,
    },
    /// Commands of Redis, or of PgBouncer's console, a line each; a word that is `$name` becomes the value, as one word.
    Words {
        /// The lines, in words.
        lines: Vec<Vec<String>>,
    },
    /// One request.
    Http {
        /// GET, POST, …
        method: String,
        /// The address; a parameter stands as a whole `$name`, or as the whole value of a query field (`?a=$name`).
        url: String,
        /// Headers; a value may be `$name`.
        headers: Vec<(String, String)>,
        /// The body; within JSON, a string that is `$name` becomes the value.
        body: Option<String>,
        /// Status codes that count as success.
        expect: Vec<u16>,
    },
    /// kubectl with an explicit context. A word that is `$name`, or `--flag=$name`, becomes the value; within a word that is JSON,
    /// a string that is `$name` becomes the value.
    Kubectl {
        /// The arguments, without the program.
        args: Vec<String>,
    },
    /// Time passes.
    Wait(Duration),
    /// The operator gives the value of a parameter.
    Ask(String),
    /// The operator says yes to a question.
    Confirm(String),
    /// The live check itself ticks the step.
    Check(Verify),
}

impl ActionKind {
    /// The language of its fence.
    pub fn word(&self, target: Option<&TargetRef>) -> &'static str {
        match self {
            Self::Sh { .. } => "sh",
            Self::Sql { .. } => "sql",
            Self::Words { .. } if matches!(target, Some(TargetRef::Kind { kind: SourceKind::PgBouncer, .. })) => {
                "pgbouncer"
            }
            Self::Words { .. } => "redis",
            Self::Http { .. } => "http",
            Self::Kubectl { .. } => "kubectl",
            Self::Wait(_) => "wait",
            Self::Ask(_) => "ask",
            Self::Confirm(_) => "confirm",
            Self::Check(_) => "check",
        }
    }

    /// Whether hands are needed; the others are done by asking the operator or by looking.
    pub fn acts(&self) -> bool {
        !matches!(self, Self::Wait(_) | Self::Ask(_) | Self::Confirm(_) | Self::Check(_))
    }
}

/// On what an action acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetRef {
    /// The source that a parameter names.
    Param(String),
    /// The only source of a kind, and of a role where one is named: `postgres`, `postgres/primary`.
    Kind {
        /// The kind.
        kind: SourceKind,
        /// `primary` or `replica`.
        role: Option<String>,
    },
}

/// What a live check must say.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The check.
    pub check: String,
    /// Which subjects: a pattern with `*`, or `$name`; all where left out.
    pub subject: Option<String>,
    /// What must be true of them.
    pub expect: Expectation,
    /// What to say where it does not hold (Tera, as messages of checks); the finding's own message where left out.
    pub says: Option<String>,
    /// Where it stands.
    pub place: Place,
}

impl Condition {
    /// The parameters that it may read: its subject, and every `params.NAME`. A check has parameters of its own, which are
    /// named alike.
    pub fn reads(&self) -> impl Iterator<Item = &str> {
        let rule = match &self.expect {
            Expectation::Holds(expression) => Some(expression.as_str()),
            _ => None,
        };
        let subject = self.subject.as_deref().and_then(|subject| subject.strip_prefix('$'));
        subject.into_iter().chain(rule.into_iter().chain(self.says.as_deref()).flat_map(mentioned))
    }
}

/// The names that stand after `params.`.
fn mentioned(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("params.").map(|(at, word)| {
        let rest = &text[at + word.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

/// What must be true of findings or rows. Unknown never satisfies.
#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// `passes`: every finding is a pass.
    Passes,
    /// `does not fail`: passes and warnings.
    DoesNotFail,
    /// `fails`: at least one finding fails or warns: the runbook is the right one.
    Fails,
    /// A CEL expression that is true of every row; `params.NAME` also reads numeric parameters of the runbook.
    Holds(String),
}

/// A condition with patience.
#[derive(Debug, Clone, PartialEq)]
pub struct Verify {
    /// What must hold.
    pub condition: Condition,
    /// The longest to wait for it; zero for one look.
    pub within: Duration,
    /// How often to look.
    pub every: Duration,
    /// How long it must hold without a break.
    pub hold: Duration,
}

impl Step {
    /// What verifying it looks at: the condition of a check step, and its verify fences.
    pub fn verifications(&self) -> impl Iterator<Item = &Verify> {
        let own = match self.action.as_ref().map(|action| &action.kind) {
            Some(ActionKind::Check(verify)) => Some(verify),
            _ => None,
        };
        own.into_iter().chain(&self.verify)
    }

    /// The parameter that gets its value here.
    pub fn gives(&self) -> Option<&str> {
        let action = self.action.as_ref()?;
        match &action.kind {
            ActionKind::Ask(name) => Some(name),
            _ => action.sets.as_deref(),
        }
    }

    /// The parameters that its action, its undo, its preconditions and what verifies it read, each once: what could not be
    /// taken back for want of a value is not begun.
    pub fn reads(&self) -> Vec<&str> {
        let conditions = self.require.iter().chain(self.verifications().map(|verify| &verify.condition));
        let conditions = conditions.flat_map(Condition::reads);
        let target = self.action.as_ref().and_then(|action| match &action.target {
            Some(TargetRef::Param(name)) => Some(name.as_str()),
            _ => None,
        });
        let action = self.action.iter().chain(&self.undo).flat_map(|action| &action.reads).map(String::as_str);
        let mut names: Vec<_> = action.chain(target).chain(conditions).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Runbook {
    /// All steps in order.
    pub fn steps(&self) -> impl Iterator<Item = (&Phase, &Step)> {
        self.phases.iter().flat_map(|phase| phase.steps.iter().map(move |step| (phase, step)))
    }

    /// The steps on the way forward: all but those of rolling back.
    pub fn forward(&self) -> impl Iterator<Item = &Step> {
        self.steps().filter(|(phase, _)| phase.kind != PhaseKind::RollBack).map(|(_, step)| step)
    }

    /// The steps of rolling back, offered after what was registered is taken back.
    pub fn backward(&self) -> impl Iterator<Item = &Step> {
        self.steps().filter(|(phase, _)| phase.kind == PhaseKind::RollBack).map(|(_, step)| step)
    }

    /// A step.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps().map(|(_, step)| step).find(|step| step.id == id)
    }

    /// A parameter.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }
}
