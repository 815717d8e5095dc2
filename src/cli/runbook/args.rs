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
