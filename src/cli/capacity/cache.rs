//! `capacity cache`.

use super::read::{self, Written};
use super::sheet::{Measure, Sheet};
use crate::capacity::{CapacityError, cache, redis};

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("from").required(true).args(["working_set", "data", "keys"]))]
pub(super) struct CacheArgs {
    /// What is read often
    #[arg(long, value_name = "SIZE", value_parser = read::bytes)]
    working_set: Option<Written>,
    /// All data, of which 10 to 20 % are taken to be read often
    #[arg(long, value_name = "SIZE", value_parser = read::bytes)]
    data: Option<Written>,
    /// The share that is added to the working set [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = read::factor, conflicts_with = "keys")]
    overhead: Option<Written>,
    /// Number of keys in Redis
    #[arg(long, value_name = "NUMBER", value_parser = read::number, requires = "key", requires = "value")]
    keys: Option<Written>,
    /// Mean length of a key's name
    #[arg(long, value_name = "SIZE", value_parser = read::bytes, requires = "keys")]
    key: Option<Written>,
    /// Mean size of a value
    #[arg(long, value_name = "SIZE", value_parser = read::bytes, requires = "keys")]
    value: Option<Written>,
    /// Replication backlog, client buffers and the buffer of the append-only file [default: 0]
    #[arg(long, value_name = "SIZE", value_parser = read::bytes, requires = "keys")]
    buffers: Option<Written>,
    /// Resident over used memory [default: 1.25]
    #[arg(long, value_name = "TIMES", value_parser = read::number, requires = "keys")]
    fragmentation: Option<Written>,
    /// The share of the data that is written anew while a save runs: up to 100%, 0 without persistence [default: 100%]
    #[arg(long, value_name = "SHARE", value_parser = read::share)]
    copy_on_write: Option<Written>,
}

pub(super) fn sheet(args: &CacheArgs) -> Result<Sheet, CapacityError> {
    match (&args.working_set, &args.data, &args.keys, &args.key, &args.value) {
        (Some(set), ..) => from_set(args, set),
        (None, Some(data), ..) => from_data(args, data),
        (None, None, Some(keys), Some(key), Some(value)) => from_keys(args, keys, key, value),
        _ => Err(CapacityError::new(
            "nothing to size a cache by",
            "--working-set, --data, or --keys with --key and --value",
        )),
    }
}

const FORMULA: &str =
    "working set x (1 + overhead); the host of a Redis with persistence: that x (1 + copy-on-write share)";
const RULE: &str = "rule of thumb; measure the hit ratio";

fn from_set(args: &CacheArgs, set: &Written) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new("Size of a cache", FORMULA, RULE);
    sheet.given("working set", set.value, "bytes", set.text.as_str());
    let overhead = sheet.or_default("overhead", args.overhead.as_ref(), "share", (0.5, "0.5"));
    let copied = copied(&mut sheet, args);
    let size = cache::size(set.value, overhead)?;
    sheet.result("cache size", size.as_share, &Measure::Bytes);
    sheet.result("memory of the host", redis::host(size.as_share, copied, 0.0)?, &Measure::Bytes);
    if let Some(other) = size.as_factor {
        sheet.result("overhead as a factor", other, &Measure::Bytes);
        sheet.note("An overhead of 1 or more is often meant as the factor itself: check which of both sizes is meant.");
    }
    Ok(sheet)
}

fn from_data(args: &CacheArgs, data: &Written) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new("Size of a cache", format!("working set: 10 to 20 % of the data; {FORMULA}"), RULE);
    sheet.given("data", data.value, "bytes", data.text.as_str());
    let overhead = sheet.or_default("overhead", args.overhead.as_ref(), "share", (0.5, "0.5"));
    let copied = copied(&mut sheet, args);
    let (low, high) = cache::working_set(data.value)?;
    for (word, set) in [("from", low), ("to", high)] {
        let size = cache::size(set, overhead)?.as_share;
        sheet.result(format!("working set {word}"), set, &Measure::Bytes);
        sheet.result(format!("cache size {word}"), size, &Measure::Bytes);
        sheet.result(format!("memory of the host {word}"), redis::host(size, copied, 0.0)?, &Measure::Bytes);
    }
    Ok(sheet)
}

fn from_keys(args: &CacheArgs, keys: &Written, key: &Written, value: &Written) -> Result<Sheet, CapacityError> {
    let mut sheet = Sheet::new(
        "Memory of a Redis",
        "data set: keys x (name + value + 70 bytes); maxmemory: (data set + buffers) x fragmentation; host: \
         maxmemory x (1 + copy-on-write share), the system's own memory not counted",
        "Redis FAQ on the memory of a key (50 to 90 bytes); compare used_memory_dataset / keys where a server runs",
    );
    for (name, number, unit) in [("keys", keys, "keys"), ("key", key, "bytes"), ("value", value, "bytes")] {
        sheet.given(name, number.value, unit, number.text.as_str());
    }
    let buffers = sheet.or_default("buffers", args.buffers.as_ref(), "bytes", (0.0, "0"));
    let default = (redis::FRAGMENTATION, "1.25");
    let fragmentation = sheet.or_default("fragmentation", args.fragmentation.as_ref(), "times", default);
    let memory = redis::memory(&redis::Contents {
        keys: keys.value,
        key: key.value,
        value: value.value,
        overhead: redis::KEY_OVERHEAD,
        buffers,
        fragmentation,
        copy_on_write: copied(&mut sheet, args),
        system: 0.0,
    })?;
    sheet.result("data set", memory.dataset, &Measure::Bytes);
    sheet.result("maxmemory", memory.maxmemory, &Measure::Bytes);
    sheet.result("memory of the host", memory.host, &Measure::Bytes);
    Ok(sheet)
}

/// The worst case where nobody says otherwise: heavy writes during a save copy everything.
fn copied(sheet: &mut Sheet, args: &CacheArgs) -> f64 {
    sheet.or_default("copy-on-write", args.copy_on_write.as_ref(), "share", (1.0, "100%"))
}
