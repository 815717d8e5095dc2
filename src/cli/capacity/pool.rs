//! `capacity pool`.

use super::read::{self, Written};
use super::sheet::{Measure, Sheet};
use crate::capacity::number::real;
use crate::capacity::rate::Rate;
use crate::capacity::{CapacityError, pool};

#[derive(Debug, clap::Args)]
pub(super) struct PoolArgs {
    /// Cores of the database server; hyper-threads and burstable shares are no cores
    #[arg(long, value_name = "NUMBER")]
    cores: u64,
    /// Its disks that must move a head; 0 for data in memory and solid-state or network storage [default: 0]
    #[arg(long, value_name = "NUMBER")]
    spindles: Option<u64>,
    /// Transactions, over all instances
    #[arg(long, value_name = "RATE", value_parser = read::rate, requires = "hold")]
    rate: Option<Rate>,
    /// How long one holds a connection, in the mean
    #[arg(long, value_name = "DURATION", value_parser = read::seconds, requires = "rate")]
    hold: Option<Written>,
    /// How long it may wait for one [default: 5ms]
    #[arg(long, value_name = "DURATION", value_parser = read::seconds, requires = "rate")]
    wait: Option<Written>,
    /// The share of transactions that must not wait longer [default: 95%]
    #[arg(long, value_name = "SHARE", value_parser = read::share, requires = "rate")]
    quantile: Option<Written>,
    /// Busy connections at the 95th percentile, as observed
    #[arg(long, value_name = "NUMBER", value_parser = read::number, requires = "rate")]
    observed: Option<Written>,
    /// Application instances that share the connections
    #[arg(long, value_name = "NUMBER", requires = "rate")]
    instances: Option<u64>,
    /// Threads of an instance that each need several connections at once
    #[arg(long, value_name = "NUMBER", requires = "per_thread")]
    threads: Option<u64>,
    /// Connections that one of them needs at once
    #[arg(long, value_name = "NUMBER", requires = "threads")]
    per_thread: Option<u64>,
}

const CONNECTIONS: Measure = Measure::Whole("connections");

pub(super) fn sheet(args: &PoolArgs) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new(
        "Database connections",
        "ceiling: cores x 2 + spindles; busy: rate x hold (Little); need: the fewest connections whose wait stays \
         within its budget (Erlang C), and no fewer than were seen busy",
        "PostgreSQL wiki and HikariCP on pool sizes (ceiling); queueing theory, M/M/c (need)",
    );
    sheet.given("cores", real(args.cores), "cores", args.cores.to_string());
    let spindles = args.spindles.map(|spindles| Written { value: real(spindles), text: spindles.to_string() });
    sheet.or_default("spindles", spindles.as_ref(), "disks", (0.0, "0"));
    let ceiling = pool::ceiling(args.cores, args.spindles.unwrap_or(0))?;
    sheet.result("ceiling", real(ceiling), &CONNECTIONS);
    let mut of_instance = None;
    if let (Some(rate), Some(hold)) = (&args.rate, &args.hold) {
        of_instance = need(&mut sheet, args, rate, hold, ceiling)?;
    } else {
        sheet.note(
            "The ceiling is about all active connections of the server together, not about one instance, \
             and knows no load: give --rate and --hold for the need.",
        );
    }
    if let (Some(threads), Some(each)) = (args.threads, args.per_thread) {
        lock(&mut sheet, threads, each, of_instance)?;
    }
    Ok(sheet)
}

/// Compares the part of an instance, where it is known, with what keeps its threads from locking each other out.
fn lock(sheet: &mut Sheet, threads: u64, each: u64, of_instance: Option<u64>) -> Result<(), CapacityError> {
    sheet.given("threads", real(threads), "threads", threads.to_string());
    sheet.given("connections of a thread", real(each), "connections", each.to_string());
    let least = pool::least_without_lock(threads, each)?;
    sheet.result("least without a lock", real(least), &CONNECTIONS);
    if of_instance.is_some_and(|part| part < least) {
        sheet.fits = false;
        sheet.note("The part of an instance is too small: its threads can lock each other out.");
    }
    Ok(())
}

/// Works out the need; returns what each instance gets where their number is known.
fn need(
    sheet: &mut Sheet,
    args: &PoolArgs,
    rate: &Rate,
    hold: &Written,
    ceiling: u64,
) -> Result<Option<u64>, CapacityError> {
    sheet.rate("rate", rate);
    sheet.given("hold", hold.value, "s", hold.text.as_str());
    let wait = sheet.or_default("wait", args.wait.as_ref(), "s", (0.005, "5ms"));
    let quantile = sheet.or_default("quantile", args.quantile.as_ref(), "share", (0.95, "95%"));
    if let Some(observed) = &args.observed {
        sheet.given("observed busy", observed.value, "connections", observed.text.as_str());
    }
    let observed = args.observed.as_ref().map(|observed| observed.value);
    let demand = pool::Demand { rate: rate.per_second, hold: hold.value, wait, quantile, observed };
    let advice = pool::advise(&demand, ceiling)?;
    sheet.result("busy on average", advice.busy, &Measure::In("connections".into()));
    sheet.result("with headroom", real(advice.with_headroom), &CONNECTIONS);
    sheet.result("within the wait", real(advice.within_wait), &CONNECTIONS);
    sheet.result("need", real(advice.need), &CONNECTIONS);
    let size = advice.recommended();
    if let Some(size) = size {
        sheet.result("recommended", real(size), &CONNECTIONS);
    } else {
        sheet.fits = false;
        sheet.none("recommended", &CONNECTIONS, "none: the need is above the ceiling");
        sheet.note(
            "More connections than the server serves well make each slower: scale the database, or hold \
             connections for a shorter time.",
        );
    }
    sheet.result("utilisation at need", advice.queue.utilisation, &Measure::Share);
    sheet.result("mean wait at need", advice.queue.mean_wait(), &Measure::Seconds);
    sheet.result("wait at the quantile", advice.queue.wait_quantile(quantile)?, &Measure::Seconds);
    sheet.note(
        "Erlang C takes arrivals at random and a hold time that does not grow with the connections; on a \
         busy server it does.",
    );
    let (Some(instances), Some(size)) = (args.instances, size) else { return Ok(None) };
    sheet.given("instances", real(instances), "instances", instances.to_string());
    let part = pool::per_instance(size, instances)?;
    sheet.result("for each instance", real(part), &CONNECTIONS);
    Ok(Some(part))
}
