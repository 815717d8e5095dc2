//! The words of `loadline runbook`.

use std::path::PathBuf;

use clap::Args;

use super::BooksArg;
use crate::cli::{ConfigArg, SourceArgs};

/// Where runs are kept.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct RunsArg {
    /// The folder of runs [default: `runs` of the configuration, else loadline/runs in the XDG state folder]
    #[arg(long, value_name = "DIR", help_heading = "Where")]
    pub(super) runs: Option<PathBuf>,
}

/// Which runbook, for what, on whom.
#[derive(Debug, Clone, Args)]
pub(super) struct BeginArgs {
    /// The runbook [default: the best for the finding]
    #[arg(value_name = "ID")]
    pub(super) id: Option<String>,
    /// The finding that it is for: 'CHECK: SUBJECT', a check that has only one, or the number in the list; values of
    /// parameters are filled in from it
    #[arg(long = "for", value_name = "FINDING")]
    pub(super) finding: Option<String>,
    /// The value of a parameter; a secret only from the environment, NAME=env:VARIABLE
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// Look at this snapshot instead of a live system; nothing can be run on it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["postgres", "pgbouncer", "redis", "kubernetes"])]
    pub(super) snapshot: Option<PathBuf>,
    #[command(flatten)]
    pub(super) sources: SourceArgs,
    #[command(flatten)]
    pub(super) books: BooksArg,
}

/// Who walks a runbook, how carefully, and where it is kept.
#[derive(Debug, Args)]
pub(super) struct WalkArgs {
    /// Who runs it [default: the user of the operating system]
    #[arg(long, value_name = "NAME")]
    pub(super) operator: Option<String>,
    /// A second person must agree to dangerous steps, as `second_person = true` of the target says it
    #[arg(long)]
    pub(super) second_person: bool,
    /// Take no snapshot of the whole target before and after; the record then cannot say what was fixed
    #[arg(long)]
    pub(super) no_survey: bool,
    #[command(flatten)]
    pub(super) runs: RunsArg,
}

/// A run.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) begin: BeginArgs,
    /// Go on at this step: its id or heading; what lies before it is left as it is
    #[arg(long, value_name = "STEP")]
    pub(super) start_at: Option<String>,
    /// Ask nobody; only for runbooks without a dangerous or a human step. Any trouble stops it
    #[arg(long, conflicts_with = "instruct")]
    pub(super) auto: bool,
    /// Run nothing: show what to do by hand, and take pasted results; checks are looked at live where they can be
    #[arg(long)]
    pub(super) instruct: bool,
    #[command(flatten)]
    pub(super) walk: WalkArgs,
}

/// A preview.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    pub(super) begin: BeginArgs,
    /// How it is written
    #[arg(long, value_enum, default_value = "human")]
    pub(super) format: PlanFormat,
    /// Keep no record of it; with one, it is the evidence of a rehearsal
    #[arg(long)]
    pub(super) no_record: bool,
    /// Who looks ahead [default: the user of the operating system]
    #[arg(long, value_name = "NAME")]
    pub(super) operator: Option<String>,
    #[command(flatten)]
    pub(super) runs: RunsArg,
}

/// How a preview is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum PlanFormat {
    /// For a terminal
    Human,
    /// One object, by the schema of `loadline schema plan`
    Json,
}

/// Taking a run up again.
#[derive(Debug, Args)]
pub(super) struct ResumeArgs {
    /// The run: its id, or a beginning or ending that no other has [default: the latest that has not ended]
    #[arg(value_name = "RUN")]
    pub(super) run: Option<String>,
    /// List the runs that can be gone on with
    #[arg(long, conflicts_with = "run")]
    pub(super) list: bool,
    /// Walk the text as it was when the run began, whatever became of the runbook since
    #[arg(long)]
    pub(super) original: bool,
    /// The value of a parameter that has none yet; a secret only from the environment, NAME=env:VARIABLE
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    #[command(flatten)]
    pub(super) sources: SourceArgs,
    #[command(flatten)]
    pub(super) books: BooksArg,
    #[command(flatten)]
    pub(super) walk: WalkArgs,
}

/// The runs there were.
#[derive(Debug, Args)]
pub(super) struct LogArgs {
    /// The run: its id, or a beginning or ending that no other has; `last` for the latest
    pub(super) run: Option<String>,
    /// The record of the incident, as Markdown
    #[arg(long, conflicts_with = "format")]
    pub(super) markdown: bool,
    /// How it is written
    #[arg(long, value_enum, default_value = "human")]
    pub(super) format: LogFormat,
    /// The file for it: .md for the record, .json for data; standard output where left out
    #[arg(short, long, value_name = "FILE", requires = "run")]
    pub(super) output: Option<PathBuf>,
    /// A folder of own templates, laid over the embedded ones file by file
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) runs: RunsArg,
    #[command(flatten)]
    pub(super) config: ConfigArg,
}

/// How the record of a run is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum LogFormat {
    /// For a terminal
    Human,
    /// The record of the incident
    Markdown,
    /// One object, by the schema of `loadline schema run`; of the list, one of all runs
    Json,
}
