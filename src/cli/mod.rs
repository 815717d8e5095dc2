//! The command line: its words in one place, one small file a command.

mod audit;
mod campaign;
mod capacity;
mod check;
mod check_proof;
mod checklist;
mod collect;
mod demo;
mod diff;
mod history;
mod judged;
mod last_view;
mod meta;
mod output;
mod progress;
mod report;
mod runbook;
mod screens;
mod sources;

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::{
    check::definition::Persona,
    exit::Exit,
    exit::FailOn,
    report::Format,
    snapshot::{Load, Snapshot},
};

/// Audits a running system: what limits it, on what ground, and what to do about it.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    propagate_version = true,
    after_help = "Without a command the screens open, over the target that is configured."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Look at a system on interactive screens; what `loadline` alone does
    Screens(Box<screens::ScreensArgs>),
    /// Ask a live system, or read a snapshot, and say what is wrong with it
    Audit(AuditArgs),
    /// Ask a live system, or read a snapshot, and write a report for people: stage, limits, roadmap, cost
    Report(ReportArgs),
    /// Ask a live system and keep the answers in a file, without judging them
    Collect(CollectArgs),
    /// What the plan of a target comes to, and what if; or one formula on numbers; no server needed
    Capacity(capacity::CapacityArgs),
    /// List what is demanded and how it stands; answer, approve and accept
    Checklist(Box<checklist::ChecklistArgs>),
    /// Past audits: a list, one of them, a number over time
    History(history::HistoryArgs),
    /// What changed between two snapshots or past audits; not measured any more is never better
    Diff(diff::DiffArgs),
    /// See, test and write checks
    Check(CheckArgs),
    /// Procedures for findings: walk one step by step, preview it, and see what was done
    Runbook(Box<runbook::RunbookArgs>),
    /// Run a command on a recorded, ailing system inside the program; no server needed
    #[command(disable_help_flag = true)]
    Demo(DemoArgs),
    /// Print the JSON Schema of a format
    Schema(SchemaArgs),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all of them into a folder
    Man {
        /// The folder
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

/// Whom to ask.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Whom to ask")]
struct SourceArgs {
    /// The target of the configuration file [default: its `default`, or its only one]
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    /// A PostgreSQL server; give it once for each server [default: $DATABASE_URL, or libpq's environment]
    #[arg(long, value_name = "[NAME=]URL")]
    postgres: Vec<String>,
    /// The admin console of a PgBouncer [default: $PGBOUNCER_URL]
    #[arg(long, value_name = "[NAME=]URL")]
    pgbouncer: Vec<String>,
    /// A Redis server [default: $REDIS_URL]
    #[arg(long, value_name = "[NAME=]URL")]
    redis: Vec<String>,
    /// A kubeconfig context, or a folder of saved `kubectl get -o json` answers
    #[arg(long, value_name = "[NAME=]CONTEXT|DIR")]
    kubernetes: Vec<String>,
    /// Databases to look into; `*` for all [default: the connection's own]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    databases: Vec<String>,
    /// The folder of people's answers [default: `attestations` beside the configuration file]
    #[arg(long, value_name = "DIR")]
    attestations: Option<PathBuf>,
    /// The folder of accepted fails [default: `waivers` beside the configuration file]
    #[arg(long, value_name = "DIR")]
    waivers: Option<PathBuf>,
    /// The configuration file [default: ./loadline.toml, then loadline/loadline.toml in the XDG folder]
    #[arg(long, value_name = "FILE", env = "LOADLINE_CONFIG")]
    config: Option<PathBuf>,
}

/// How to ask.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How to ask")]
struct AskArgs {
    /// The time between two samples of counters; 0 for one sample, and no rates
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    window: std::time::Duration,
    /// The longest that the run may take [default: the window and 30s]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    budget: Option<std::time::Duration>,
    /// The longest that connecting to one source may take
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = duration)]
    connect_timeout: std::time::Duration,
    /// Leave the literals in query texts; they can hold personal data and passwords
    #[arg(long)]
    keep_literals: bool,
    /// The load that the system is under meanwhile, such as 800/s or 40K/h; kept in the snapshot for --history
    #[arg(long, value_name = "RATE", value_parser = load)]
    load: Option<Load>,
    /// No progress on standard error
    #[arg(long, short)]
    quiet: bool,
}

/// Which checks, and by which thresholds.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which checks")]
struct ChooseArgs {
    /// Only these: an id with `*` and `?`, or `domain:…`, `source:…`, `tag:…`
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    only: Vec<String>,
    /// A folder of own checks, laid over the embedded ones
    #[arg(long, value_name = "DIR")]
    checks: Vec<PathBuf>,
    /// A threshold: CHECK.PARAM=VALUE, such as postgres.replication-lag.warn=10s
    #[arg(long, value_name = "CHECK.PARAM=VALUE")]
    set: Vec<String>,
}

/// A snapshot, live or recorded, and by what it is judged.
#[derive(Debug, Clone, Args)]
struct JudgeArgs {
    #[command(flatten)]
    sources: SourceArgs,
    #[command(flatten)]
    ask: AskArgs,
    #[command(flatten)]
    choose: ChooseArgs,
    /// Judge this snapshot instead of a live system
    #[arg(long, value_name = "FILE", help_heading = "What to judge and show", conflicts_with_all = ["postgres", "pgbouncer", "redis", "kubernetes"])]
    snapshot: Option<PathBuf>,
    /// Earlier snapshots of the same target under other loads: headroom is then fitted and not drawn through one point
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "What to judge and show")]
    history: Vec<PathBuf>,
    /// Be judged by this stage of growth; the exit code is then its verdict [default: the plan's]
    #[arg(long, value_name = "STAGE", help_heading = "Readiness")]
    stage: Option<String>,
    /// The pack whose levels are the stages [default: the first there is]; of the checklist, packs to list
    #[arg(long, value_name = "PACK", help_heading = "Readiness")]
    pack: Option<String>,
    /// Fail (exit code 30) where the lower end of the score is below this, from 0 to 100
    #[arg(long, value_name = "SCORE", help_heading = "Readiness", value_parser = score)]
    min_score: Option<f64>,
}

#[derive(Debug, Args)]
struct AuditArgs {
    #[command(flatten)]
    judge: JudgeArgs,
    /// Keep the answers in a file as well, to judge them again with --snapshot
    #[arg(long, value_name = "FILE", conflicts_with = "snapshot", help_heading = "What to judge and show")]
    save_snapshot: Option<PathBuf>,
    /// How standard output is written [default: human, or nothing where -o is given]
    #[arg(long, value_enum, help_heading = "What to judge and show")]
    format: Option<Format>,
    /// Write a file as well, by its ending: .md, .html, .json, .txt; may be given several times
    #[arg(short, long, value_name = "FILE", help_heading = "What to judge and show")]
    output: Vec<PathBuf>,
    /// Show only what this reader wants to hear of; it changes no verdict
    #[arg(long, value_enum, help_heading = "What to judge and show")]
    persona: Option<Persona>,
    /// Show passes and checks that do not apply, too
    #[arg(long, help_heading = "What to judge and show")]
    all: bool,
    /// From which status on the run fails (exit code 30)
    #[arg(long, value_enum, default_value = "fail", help_heading = "What to judge and show")]
    fail_on: FailOn,
    /// Do not keep this audit in the history; only live audits of all checks are kept
    #[arg(long, help_heading = "What to judge and show")]
    no_history: bool,
}

#[derive(Debug, Args)]
struct ReportArgs {
    #[command(flatten)]
    judge: JudgeArgs,
    /// The template: report, executive, brief, audit, or one of your own by its name
    #[arg(long, value_name = "NAME", default_value = report::WHOLE, help_heading = "What to judge and show")]
    template: String,
    /// A folder of own templates, laid over the embedded ones file by file
    #[arg(long, value_name = "DIR", help_heading = "What to judge and show")]
    templates: Vec<PathBuf>,
    /// Write one page for a browser instead of Markdown; it loads nothing and runs nothing
    #[arg(long, help_heading = "What to judge and show")]
    html: bool,
    /// The file, .md or .html; standard output where left out
    #[arg(short, long, value_name = "FILE", help_heading = "What to judge and show")]
    output: Option<PathBuf>,
    /// Show only findings that this reader wants to hear of; it changes no verdict
    #[arg(long, value_enum, help_heading = "What to judge and show")]
    persona: Option<Persona>,
    /// Show passes and checks that do not apply, too
    #[arg(long, help_heading = "What to judge and show")]
    all: bool,
}

#[derive(Debug, Args)]
struct CollectArgs {
    #[command(flatten)]
    sources: SourceArgs,
    #[command(flatten)]
    ask: AskArgs,
    #[command(flatten)]
    choose: ChooseArgs,
    /// The file; standard output where left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct CheckArgs {
    #[command(subcommand)]
    command: CheckCommand,
}

#[derive(Debug, Subcommand)]
enum CheckCommand {
    /// List all checks
    List {
        #[command(flatten)]
        choose: ChooseArgs,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Show a check: why, how it is measured, its thresholds and where they come from
    Show {
        /// Its id
        id: String,
        #[command(flatten)]
        choose: ChooseArgs,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Look for mistakes in a file or a folder, or in all checks
    Lint {
        /// The file or folder
        path: Option<PathBuf>,
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Write a new check that already works, to be changed
    New {
        /// Its id: <source>.<name>
        id: String,
        /// The folder [default: checks in loadline's XDG folder]
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Run the recorded cases of a check, or of all
    Test {
        /// Its id
        id: Option<String>,
        #[command(flatten)]
        choose: ChooseArgs,
        #[command(flatten)]
        config: ConfigArg,
    },
}

/// Where the configuration is, for commands that ask nobody.
#[derive(Debug, Clone, Default, Args)]
struct ConfigArg {
    /// The configuration file
    #[arg(long, value_name = "FILE", env = "LOADLINE_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct DemoArgs {
    /// The command and its arguments [default: audit]
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

#[derive(Debug, Args)]
struct SchemaArgs {
    /// The format
    #[arg(value_enum)]
    format: meta::SchemaOf,
}

fn score(text: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is no score; expected a number from 0 to 100");
    text.parse().ok().filter(|score| (0.0..=100.0).contains(score)).ok_or_else(wrong)
}

fn load(text: &str) -> Result<Load, String> {
    let rate = crate::capacity::rate::Rate::read(text).map_err(|error| error.to_string())?;
    let positive = rate.per_second > 0.0;
    positive
        .then(|| Load { per_second: rate.per_second, text: text.to_owned() })
        .ok_or_else(|| format!("`{text}` is no load; expected a rate above 0, such as 800/s"))
}

fn duration(text: &str) -> Result<std::time::Duration, String> {
    let seconds = crate::quantity::parse(text, crate::snapshot::Unit::Seconds)?;
    std::time::Duration::try_from_secs_f64(seconds)
        .map_err(|_| format!("`{text}` is no duration; expected for example 10s"))
}

/// Why a command did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The operator can mend it.
    #[error("{0}")]
    Usage(String),
    /// The operator cannot.
    #[error("{0}")]
    Internal(String),
}

/// A command's outcome.
pub(crate) type Outcome = Result<Exit, CliError>;

/// Runs the program on the arguments of the process.
pub fn run() -> Exit {
    dispatch(&Cli::parse(), None)
}

/// Runs one command; a recorded snapshot, where there is one, stands for the live system.
fn dispatch(cli: &Cli, recorded: Option<&Snapshot>) -> Exit {
    let Some(command) = &cli.command else {
        return dispatch(&Cli::parse_from(["loadline", "screens"]), recorded);
    };
    let outcome = match command {
        Command::Screens(args) => screens::run(args),
        Command::Audit(args) => audit::run(args, recorded),
        Command::Report(args) => report::run(args, recorded),
        Command::Collect(args) => collect::run(args, recorded),
        Command::Capacity(args) => capacity::run(args, recorded),
        Command::Checklist(args) => checklist::run(args, recorded),
        Command::History(args) => history::run(args, recorded),
        Command::Diff(args) => diff::run(args),
        Command::Check(args) => check::run(&args.command),
        Command::Runbook(args) => runbook::run(args, recorded),
        Command::Demo(args) => demo::run(args),
        Command::Schema(args) => meta::schema(args.format),
        Command::Completions { shell } => meta::completions(*shell, &mut Cli::command()),
        Command::Man { out } => meta::man(out.as_deref(), Cli::command()),
    };
    outcome.unwrap_or_else(|error| {
        output::complain(&error.to_string());
        match error {
            CliError::Usage(_) => Exit::Usage,
            CliError::Internal(_) => Exit::Internal,
        }
    })
}

/// Parses the words after `demo` as a command line of their own.
fn parse_again(words: &[OsString]) -> Cli {
    let words = std::iter::once(OsString::from("loadline demo")).chain(words.iter().cloned());
    Cli::parse_from(words)
}
