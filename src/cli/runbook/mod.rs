//! `loadline runbook`: procedures for findings, walked step by step. One file a command.

mod log;
mod runs;
mod talk;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ConfigArg, Outcome};

/// The group.
#[derive(Debug, Args)]
pub(super) struct RunbookArgs {
    #[command(subcommand)]
    command: RunbookCommand,
}

#[derive(Debug, Subcommand)]
enum RunbookCommand {
    /// List the runs there were, or tell one of them: as a timeline, as the record of the incident, or as data
    Log(LogArgs),
}

/// Where runs are kept.
#[derive(Debug, Clone, Default, Args)]
struct RunsArg {
    /// The folder of runs [default: `runs` of the configuration, else loadline/runs in the XDG state folder]
    #[arg(long, value_name = "DIR", help_heading = "Where")]
    runs: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct LogArgs {
    /// The run: its id, or a beginning or ending that no other has; `last` for the latest
    run: Option<String>,
    /// The record of the incident, as Markdown
    #[arg(long, conflicts_with = "format")]
    markdown: bool,
    /// How it is written
    #[arg(long, value_enum, default_value = "human")]
    format: LogFormat,
    /// The file for it: .md for the record, .json for data; standard output where left out
    #[arg(short, long, value_name = "FILE", requires = "run")]
    output: Option<PathBuf>,
    /// A folder of own templates, laid over the embedded ones file by file
    #[arg(long, value_name = "DIR")]
    templates: Vec<PathBuf>,
    #[command(flatten)]
    runs: RunsArg,
    #[command(flatten)]
    config: ConfigArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LogFormat {
    /// For a terminal
    Human,
    /// The record of the incident
    Markdown,
    /// One object, by the schema of `loadline schema run`; of the list, one of all runs
    Json,
}

pub(super) fn run(args: &RunbookArgs) -> Outcome {
    match &args.command {
        RunbookCommand::Log(args) => log::run(args),
    }
}
