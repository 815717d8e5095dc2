//! `loadline runbook`: procedures for findings, walked step by step. One file a command.

mod args;
mod begin;
mod desk;
mod fill;
mod finding;
mod lint;
mod list;
mod log;
mod plan;
mod resume;
mod run;
mod runs;
mod shelf;
mod show;
mod talk;
mod walk;
mod world;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use self::args::{BeginArgs, LogArgs, LogFormat, PlanArgs, ResumeArgs, RunArgs, RunsArg};
use super::{ConfigArg, Outcome, output, sources};
use crate::{assets, config, runbook::library::Books, snapshot::Snapshot};

const CODES: &str = "\
Exit codes of run and resume: 0 completed and verified, 10 completed except for what was deferred or must still be taken \
back, 20 paused or an outcome is not known, 30 given up or rolled back, 2 usage, 1 internal.";

/// The group.
#[derive(Debug, Args)]
pub(super) struct RunbookArgs {
    #[command(subcommand)]
    command: RunbookCommand,
}

#[derive(Debug, Subcommand)]
enum RunbookCommand {
    /// List all runbooks, or those that cure what a check finds
    List(ListArgs),
    /// Show a runbook: what it needs to know, its phases and steps
    Show(ShowArgs),
    /// Look for mistakes in a file or a folder, or in all runbooks
    Lint(LintArgs),
    /// Walk a runbook step by step; every step that changes something is confirmed, and everything is written down
    #[command(after_help = CODES)]
    Run(Box<RunArgs>),
    /// Look ahead at a whole run: what it would ask, do and check, on whom; nothing is run
    Plan(Box<PlanArgs>),
    /// Take up a run again that was paused or interrupted
    #[command(after_help = CODES)]
    Resume(Box<ResumeArgs>),
    /// List the runs there were, or tell one of them: as a timeline, as the record of the incident, or as data
    Log(LogArgs),
}

/// Which runbooks there are.
#[derive(Debug, Clone, Default, Args)]
struct BooksArg {
    /// A folder of own runbooks, laid over the embedded ones
    #[arg(long, value_name = "DIR", help_heading = "Where")]
    runbooks: Vec<PathBuf>,
    /// A folder of own checks, laid over the embedded ones
    #[arg(long, value_name = "DIR", help_heading = "Where")]
    checks: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct ListArgs {
    /// Only those that cure what this check finds, the best first
    #[arg(long, value_name = "CHECK")]
    check: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    books: BooksArg,
    #[command(flatten)]
    config: ConfigArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ListFormat {
    /// For a terminal
    Human,
    /// One object
    Json,
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// Its id
    id: String,
    /// The file as it is
    #[arg(long)]
    markdown: bool,
    #[command(flatten)]
    books: BooksArg,
    #[command(flatten)]
    config: ConfigArg,
}

#[derive(Debug, Args)]
struct LintArgs {
    /// The file or folder
    path: Option<PathBuf>,
    #[command(flatten)]
    books: BooksArg,
    #[command(flatten)]
    config: ConfigArg,
}

pub(super) fn run(args: &RunbookArgs, recorded: Option<&Snapshot>) -> Outcome {
    match &args.command {
        RunbookCommand::List(args) => list::run(args),
        RunbookCommand::Show(args) => show::run(args),
        RunbookCommand::Lint(args) => lint::run(args),
        RunbookCommand::Run(args) => run::run(args, recorded),
        RunbookCommand::Plan(args) => plan::run(args, recorded),
        RunbookCommand::Resume(args) => resume::run(args),
        RunbookCommand::Log(args) => log::run(args),
    }
}

/// Where a command waits for its target and its operator.
fn runtime() -> Result<tokio::runtime::Runtime, super::CliError> {
    tokio::runtime::Runtime::new().map_err(|error| super::CliError::Internal(format!("start the runtime: {error}")))
}

/// All runbooks: the embedded ones with the user's folders over them. Broken files are named and hide no other.
fn books(file: &sources::File, args: &BooksArg) -> Result<Books, super::CliError> {
    let folders = config::runbook_folders(file.as_ref(), &args.runbooks);
    let (files, unread) = assets::runbooks::layered(&folders).map_err(sources::usage)?;
    Ok(Books::load(&files, &unread))
}

/// Names the files that cannot be walked.
/// All runbooks that a configuration names.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn all_books(file: &sources::File) -> Result<Books, super::CliError> {
    books(file, &BooksArg::default())
}

fn name_broken(books: &Books) {
    for broken in books.broken() {
        let count = broken.mistakes.len();
        let mistakes = if count == 1 { "1 mistake".to_owned() } else { format!("{count} mistakes") };
        let shown = crate::text::screen(&broken.shown).into_owned();
        output::talk(&format!("{shown} is left out: {mistakes}; `loadline runbook lint {shown}` shows them"));
    }
}
