//! Filling Redis up and emptying it again, for the ailments of a full store.

use std::fmt::Write as _;

use super::super::options::Part;
use super::super::redis;
use super::super::servers::Lab;

/// Values of 20 kB: enough of them to overfill 64 MB, and still many.
const KEYS: u32 = 3500;
const VALUE: usize = 20_000;

/// Writes more than the store may hold. What it refuses is what the ailment is about.
pub(super) fn overfill(lab: &Lab) {
    let value = "x".repeat(VALUE);
    let mut lines = String::with_capacity(KEYS as usize * (VALUE + 32));
    for number in 0..KEYS {
        writeln!(lines, "SET cart:{number} {value}").expect("a string takes text");
    }
    lab.redis_lines(&lines);
}

/// Removes what was written, forgets the counters of errors and evictions, and makes it a cache in good use again.
pub(super) fn empty(lab: &Lab) {
    lab.redis(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
    let lines: String = (0..KEYS).fold(String::new(), |lines, number| lines + &format!("UNLINK cart:{number}\n"));
    lab.redis_lines(&lines);
    lab.redis(&["CONFIG", "RESETSTAT"]);
    redis::warm(lab);
}

/// How many commands were refused for want of memory.
pub(super) fn refused(lab: &Lab) -> u32 {
    let errors = lab.redis_info("errorstat_OOM");
    errors.strip_prefix("count=").and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// Memory in use, in per cent of what there may be.
pub(super) fn fullness(lab: &Lab) -> f64 {
    let bytes = |field| lab.redis_info_at(Part::Redis, field).parse::<f64>().expect("Redis counts its bytes");
    100.0 * bytes("used_memory") / bytes("maxmemory")
}
