//! Filling Redis up and emptying it again, for the ailments of a full store.

use super::super::options::Part;
use super::super::redis;
use super::super::servers::Lab;

/// Values of 20 kB, enough of them to overfill 64 MB, and then small ones for the gaps.
const ROUNDS: [Round; 2] =
    [Round { key: "cart", keys: 3500, value: 20_000 }, Round { key: "coupon", keys: 3000, value: 200 }];

struct Round {
    key: &'static str,
    keys: u32,
    value: usize,
}

/// Writes more than the store may hold. What it refuses is what the ailment is about.
pub(super) fn overfill(lab: &Lab) {
    for Round { key, keys, value } in ROUNDS {
        let value = "x".repeat(value);
        let lines: Vec<String> = (0..keys).map(|number| format!("SET {key}:{number} {value}\n")).collect();
        // Each by a client of its own: the buffers of the one before are room for more.
        lab.redis_lines(&lines.concat());
    }
}

/// Removes what was written, forgets the counters of errors and evictions, and makes it a cache in good use again.
pub(super) fn empty(lab: &Lab) {
    lab.redis(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
    for Round { key, keys, .. } in ROUNDS {
        let lines: Vec<String> = (0..keys).map(|number| format!("UNLINK {key}:{number}\n")).collect();
        lab.redis_lines(&lines.concat());
    }
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
