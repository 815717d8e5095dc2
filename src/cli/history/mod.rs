//! `loadline history`: past audits, one of them, a number over time. `loadline diff` is beside it.

mod list;
mod remember;
mod show;
mod target;
mod trend;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{ConfigArg, Outcome, output, sources};
use crate::{
    config,
    exit::Exit,
    history::{History, Past, PastAudit},
    snapshot::Snapshot,
};

pub(super) use remember::remember;

/// Past audits.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct HistoryArgs {
    #[command(subcommand)]
    command: Option<HistoryCommand>,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Subcommand)]
enum HistoryCommand {
    /// Show a past audit, and what changed since the one before it
    Show(ShowArgs),
    /// Show how a number of a finding moved
    Trend(TrendArgs),
}

/// Where past audits are.
#[derive(Debug, Clone, Args)]
pub(super) struct PlaceArgs {
    /// The file of past audits [default: of the configuration, or loadline/history.sqlite in the XDG state folder]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) config: ConfigArg,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// The target [default: the configuration's, or the only one that has past audits]
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    /// The most audits to list, the latest first
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// How it is written
    #[arg(long, value_enum, default_value = "human")]
    format: HistoryFormat,
    #[command(flatten)]
    place: PlaceArgs,
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// Its number in the list, or `last`
    #[arg(value_name = "ID")]
    id: String,
    /// Show passes and checks that do not apply, too
    #[arg(long)]
    all: bool,
    /// How it is written
    #[arg(long, value_enum, default_value = "human")]
    format: HistoryFormat,
    #[command(flatten)]
    place: PlaceArgs,
}

#[derive(Debug, Args)]
struct TrendArgs {
    /// The check
    check: String,
    /// What it is about, as its finding says
    subject: String,
    /// The number, as the finding's evidence names it [default: its first]
    number: Option<String>,
    /// The target [default: the configuration's, or the only one that has past audits]
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value = "human")]
    format: HistoryFormat,
    #[command(flatten)]
    place: PlaceArgs,
}

/// How past audits are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum HistoryFormat {
    /// For a terminal
    Human,
    /// For programs
    Json,
}

pub(super) fn run(args: &HistoryArgs, recorded: Option<&Snapshot>) -> Outcome {
    if recorded.is_some() {
        output::talk(
            "the demo is one recording and has no history; `loadline history` shows the past audits of your own targets",
        );
        return Ok(Exit::Ready);
    }
    match &args.command {
        None => list::run(&args.list),
        Some(HistoryCommand::Show(args)) => show::run(args),
        Some(HistoryCommand::Trend(args)) => trend::run(args),
    }
}

/// The history with where it is, opened to be read.
pub(super) struct Desk {
    file: sources::File,
    path: PathBuf,
    history: Option<History>,
}

impl Desk {
    /// Opens the history that is meant.
    ///
    /// # Errors
    /// A configuration or file that cannot be read, or a configuration that wants no history.
    pub(super) fn open(place: &PlaceArgs) -> Result<Self, super::CliError> {
        let file = sources::file(place.config.config.as_deref())?;
        let path = config::history_file(place.file.as_deref(), file.as_ref()).map_err(sources::usage)?;
        let path = path.ok_or_else(|| {
            super::CliError::Usage(
                "the configuration wants no history (`history = \"off\"`); --file FILE reads one".into(),
            )
        })?;
        let history = History::read(&path).map_err(sources::usage)?;
        Ok(Self { file, path, history })
    }

    /// The history, where there is one.
    ///
    /// # Errors
    /// None yet.
    pub(super) fn history(&self) -> Result<&History, super::CliError> {
        self.history.as_ref().ok_or_else(|| {
            let path = self.path.display();
            super::CliError::Usage(format!("there are no past audits in {path}; `loadline audit` writes each down"))
        })
    }

    /// The past audit of a number, or the latest (`last`).
    pub(super) fn audit(&self, asked: &str) -> Result<PastAudit, super::CliError> {
        let id = self.audit_id(asked)?;
        self.history()?.audit(id).map_err(sources::usage)
    }

    /// The number of the past audit that is meant.
    fn audit_id(&self, asked: &str) -> Result<i64, super::CliError> {
        if asked == LAST { Ok(self.last()?.id.unwrap_or_default()) } else { number(asked) }
    }

    /// The latest audit of the target that is meant where none is named.
    fn last(&self) -> Result<Past, super::CliError> {
        let target = target::find(self, None)?;
        let latest = self.history()?.latest(&target).map_err(sources::usage)?;
        latest.ok_or_else(|| super::CliError::Usage(format!("there are no past audits of `{target}`")))
    }
}

/// The word for the latest audit.
pub(super) const LAST: &str = "last";

fn number(asked: &str) -> Result<i64, super::CliError> {
    let wrong = || {
        super::CliError::Usage(format!(
            "`{asked}` is no past audit; expected its number as `loadline history` lists it, or `{LAST}`"
        ))
    };
    asked.parse().map_err(|_| wrong())
}

/// Data as JSON.
fn json(of: &impl serde::Serialize) -> Result<(), super::CliError> {
    let text = serde_json::to_string_pretty(of).map_err(|error| super::CliError::Internal(error.to_string()))?;
    output::data(&(text + "\n"))
}
