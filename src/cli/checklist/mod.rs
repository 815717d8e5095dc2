//! `loadline checklist`: what is demanded and how it stands; answers, approvals and accepted fails.

mod answer;
mod approve;
mod campaign;
mod list;
mod prompt;
mod renew;
mod sign;
mod waive;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{JudgeArgs, Outcome};
use crate::{snapshot::Snapshot, source::Word};

const WRITTEN: &str = "\
Answers and accepted fails are files of your repository, in the folders `attestations` and `waivers` beside loadline.toml; \
who may change them is a matter of its review. The list is one of a live system, of a snapshot (--snapshot) or of the demo \
(`loadline demo checklist`). With --stage the exit code is the verdict.";

/// The list, or one of its commands.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_help = WRITTEN)]
pub(super) struct ChecklistArgs {
    #[command(subcommand)]
    command: Option<ChecklistCommand>,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    judge: JudgeArgs,
    /// Show what holds and what does not apply, too
    #[arg(long, help_heading = "What to judge and show")]
    all: bool,
    /// How it is written
    #[arg(long, value_enum, default_value = "human", help_heading = "What to judge and show")]
    format: ListFormat,
    /// Judge by a campaign: a file with its name, date, load and owners; the exit code is its verdict
    #[arg(long, value_name = "FILE", help_heading = "Readiness")]
    campaign: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For a terminal
    Human,
    /// To be read and ticked on a forge
    Markdown,
    /// One object, by the schema of `loadline schema checklist`
    Json,
    /// For a spreadsheet
    Csv,
}

#[derive(Debug, Subcommand)]
enum ChecklistCommand {
    /// Answer the question of a criterion
    Answer(AnswerArgs),
    /// Approve an answer as the second person
    Approve(ApproveArgs),
    /// Say that an answer still holds, with new dates
    Renew(RenewArgs),
    /// Accept a fail for a time
    Waive(WaiveArgs),
    /// Write the whole list into a file, with lines to sign
    Export(ExportArgs),
}

/// Where the files are that people sign.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Where")]
struct SignArgs {
    /// The target of the configuration file, where targets have folders of their own
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// The folder of answers [default: `attestations` beside the configuration file]
    #[arg(long, value_name = "DIR")]
    attestations: Option<PathBuf>,
    /// The folder of accepted fails [default: `waivers` beside the configuration file]
    #[arg(long, value_name = "DIR")]
    waivers: Option<PathBuf>,
    /// A folder of own checks and packs, laid over the embedded ones
    #[arg(long, value_name = "DIR")]
    checks: Vec<PathBuf>,
    /// The configuration file
    #[arg(long, value_name = "FILE", env = "LOADLINE_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct AnswerArgs {
    /// The criterion: <pack>.<criterion>
    criterion: String,
    /// The answer; yes is good
    #[arg(long, value_enum)]
    answer: Option<Word>,
    /// Who answers
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The last day on which it holds [default: the latest that the question allows]
    #[arg(long, value_name = "DATE|180d")]
    expires: Option<String>,
    /// What it rests on: words or a link; may be given several times
    #[arg(long, value_name = "TEXT|URL")]
    evidence: Vec<String>,
    /// A file that it rests on, kept with its SHA-256; may be given several times
    #[arg(long, value_name = "FILE")]
    evidence_file: Vec<PathBuf>,
    /// What else to know; of n-a, why it does not apply
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    sign: SignArgs,
}

#[derive(Debug, Args)]
struct ApproveArgs {
    /// The criterion: <pack>.<criterion>
    criterion: String,
    /// Who approves; another person than the one who answered
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    sign: SignArgs,
}

#[derive(Debug, Args)]
struct RenewArgs {
    /// The criterion: <pack>.<criterion>
    criterion: String,
    /// Who says that it still holds
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The last day on which it holds [default: the latest that the question allows]
    #[arg(long, value_name = "DATE|180d")]
    expires: Option<String>,
    /// The evidence of the answer was looked at again and still holds
    #[arg(long, conflicts_with_all = ["evidence", "evidence_file"])]
    evidence_holds: bool,
    /// New evidence instead: words or a link; may be given several times
    #[arg(long, value_name = "TEXT|URL")]
    evidence: Vec<String>,
    /// A new file of evidence, kept with its SHA-256; may be given several times
    #[arg(long, value_name = "FILE")]
    evidence_file: Vec<PathBuf>,
    #[command(flatten)]
    sign: SignArgs,
}

#[derive(Debug, Args)]
struct WaiveArgs {
    /// The check or criterion whose fail is accepted
    check: String,
    /// Why it is accepted
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The last day on which it is accepted, at most a year away
    #[arg(long, value_name = "DATE|30d")]
    expires: Option<String>,
    /// The subjects that are meant; `*` and `?` stand for any characters
    #[arg(long, value_name = "PATTERN", default_value = "*")]
    subject: String,
    /// Where the work to be done is written down
    #[arg(long, value_name = "TEXT|URL")]
    ticket: Option<String>,
    /// Who approved it
    #[arg(long, value_name = "NAME")]
    approved_by: Option<String>,
    /// The name of the file, without its ending [default: from check and subject]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    sign: SignArgs,
}

#[derive(Debug, Args)]
struct ExportArgs {
    #[command(flatten)]
    judge: JudgeArgs,
    /// The file, by its ending: .md, .json or .csv
    #[arg(short, long, value_name = "FILE", required = true, help_heading = "What to judge and show")]
    output: PathBuf,
}

pub(super) fn run(args: &ChecklistArgs, recorded: Option<&Snapshot>) -> Outcome {
    match &args.command {
        None => list::run(&args.list, recorded),
        Some(ChecklistCommand::Answer(args)) => answer::run(args),
        Some(ChecklistCommand::Approve(args)) => approve::run(args),
        Some(ChecklistCommand::Renew(args)) => renew::run(args),
        Some(ChecklistCommand::Waive(args)) => waive::run(args),
        Some(ChecklistCommand::Export(args)) => list::export(args, recorded),
    }
}
