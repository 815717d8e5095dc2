//! `loadline capacity`: what a plan comes to; with a word more, one formula on numbers from the command line.

mod cache;
mod convert;
mod cost;
mod downtime;
mod growth;
mod instances;
mod pool;
mod read;
mod render;
mod replicas;
mod required;
mod sheet;
mod usl;
mod whatif;
mod whatif_human;

use clap::{Args, CommandFactory, Subcommand, ValueEnum};

use super::{Cli, CliError, Outcome, output};
use crate::capacity::CapacityError;
use crate::exit::Exit;
use crate::snapshot::Snapshot;
use sheet::Sheet;

const WRITTEN: &str = "\
Rates are written 800/s, 4000/min, 40K/h, 1M/day, 100M/month or 2B/year (a month has 30 days, a year 365), sizes 10GiB, \
durations 20ms, shares 95%. Estimates are shown with no more digits than are known; JSON has full values. Exit code 30: \
what was asked for does not fit.";

/// What to work out.
#[derive(Debug, Args)]
#[command(after_help = WRITTEN)]
pub(super) struct CapacityArgs {
    #[command(subcommand)]
    command: Option<CapacityCommand>,
    #[command(flatten)]
    whatif: whatif::WhatIfArgs,
    /// How standard output is written
    #[arg(long, value_enum, global = true, default_value = "human")]
    format: SheetFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SheetFormat {
    /// For a person
    Human,
    /// For a document
    Markdown,
    /// For a program, with full values
    Json,
}

#[derive(Debug, Subcommand)]
enum CapacityCommand {
    /// The capacity to have for a peak, its growth and a safety factor
    Required(required::RequiredArgs),
    /// Months to a multiple of today's load, or the growth that a target implies
    Growth(growth::GrowthArgs),
    /// Database connections: what the server serves well, what the load needs
    Pool(pool::PoolArgs),
    /// Replicas for a load, also after losing one, or a zone
    Replicas(replicas::ReplicasArgs),
    /// The size of a cache, from its working set or from its keys
    Cache(cache::CacheArgs),
    /// Instances for a volume
    Instances(instances::InstancesArgs),
    /// What a volume costs: curves through (volume, cost) points
    Cost(cost::CostArgs),
    /// The error budget of an availability objective
    Downtime(downtime::DowntimeArgs),
    /// The Universal Scalability Law through load test points: where throughput peaks
    Usl(usl::UslArgs),
    /// A rate per second, minute, hour, day, week, month and year
    Convert(convert::ConvertArgs),
}

pub(super) fn run(args: &CapacityArgs, recorded: Option<&Snapshot>) -> Outcome {
    let Some(command) = &args.command else {
        return whatif::run(&args.whatif, recorded, args.format)?.map_or_else(help, Ok);
    };
    let sheet = sheet(command).map_err(|error| CliError::Usage(error.to_string()))?;
    output::data(&match args.format {
        SheetFormat::Human => render::human(&sheet, output::width()),
        SheetFormat::Markdown => render::markdown(&sheet),
        SheetFormat::Json => render::json(&sheet),
    })?;
    Ok(if sheet.fits { Exit::Ready } else { Exit::NotReady })
}

fn sheet(command: &CapacityCommand) -> Result<Sheet, CapacityError> {
    match command {
        CapacityCommand::Required(args) => required::sheet(args),
        CapacityCommand::Growth(args) => growth::sheet(args),
        CapacityCommand::Pool(args) => pool::sheet(args),
        CapacityCommand::Replicas(args) => replicas::sheet(args),
        CapacityCommand::Cache(args) => cache::sheet(args),
        CapacityCommand::Instances(args) => instances::sheet(args),
        CapacityCommand::Cost(args) => cost::sheet(args),
        CapacityCommand::Downtime(args) => downtime::sheet(args),
        CapacityCommand::Usl(args) => usl::sheet(args),
        CapacityCommand::Convert(args) => convert::sheet(args),
    }
}

/// The words that there are.
fn help() -> Outcome {
    let mut root = Cli::command();
    root.build();
    let help = root.find_subcommand_mut("capacity").map(clap::Command::render_long_help);
    let help = help.ok_or_else(|| CliError::Internal("the command has no help".into()))?;
    output::data(&help.ansi().to_string())?;
    Ok(Exit::Ready)
}
