//! Memory of a Redis server, from its keys upwards.

use super::Result;
use super::error::{at_least, finite, not_negative, positive};

/// Bytes that a key costs beside its name and value: between about 50 and 90 with an expiry (Redis FAQ: a million
/// small pairs take about 85 MB).
pub const KEY_OVERHEAD: f64 = 70.0;

/// What the allocator's fragmentation adds; between 1.1 and 1.4 as a rule.
pub const FRAGMENTATION: f64 = 1.25;

/// What is to be kept, and what the server needs beside it. Sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contents {
    /// Number of keys.
    pub keys: f64,
    /// Mean length of a key's name.
    pub key: f64,
    /// Mean size of a value.
    pub value: f64,
    /// What a key costs beside them, see [`KEY_OVERHEAD`].
    pub overhead: f64,
    /// Replication backlog, client buffers and the buffer of the append-only file together.
    pub buffers: f64,
    /// Resident over used memory, see [`FRAGMENTATION`].
    pub fragmentation: f64,
    /// The share of the data that is written anew while a save runs: 0 without persistence, up to 1.
    pub copy_on_write: f64,
    /// What the operating system keeps for itself.
    pub system: f64,
}

/// Bytes that follow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Memory {
    /// The keys alone: keys x (name + value + overhead).
    pub dataset: f64,
    /// The limit to configure: (dataset + buffers) x fragmentation.
    pub maxmemory: f64,
    /// The memory of the host: maxmemory x (1 + copy-on-write) + system.
    pub host: f64,
}

/// Sizes a Redis server and its host.
pub fn memory(contents: &Contents) -> Result<Memory> {
    let key = positive("the length of a key", contents.key)?;
    let each = key
        + not_negative("the size of a value", contents.value)?
        + not_negative("the overhead of a key", contents.overhead)?;
    let dataset = positive("the number of keys", contents.keys)? * each;
    let used = dataset + not_negative("the size of the buffers", contents.buffers)?;
    let maxmemory = used * at_least("the fragmentation", contents.fragmentation, 1.0)?;
    Ok(Memory {
        dataset: finite("the data set", dataset)?,
        maxmemory: finite("maxmemory", maxmemory)?,
        host: host(maxmemory, contents.copy_on_write, contents.system)?,
    })
}

/// The memory of the host for a `maxmemory`: what a save copies comes on top.
pub fn host(maxmemory: f64, copy_on_write: f64, system: f64) -> Result<f64> {
    let copied = not_negative("the copy-on-write share", copy_on_write)?;
    let system = not_negative("the memory of the system", system)?;
    finite("the memory of the host", positive("maxmemory", maxmemory)? * (1.0 + copied) + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Contents = Contents {
        keys: 1e6,
        key: 8.0,
        value: 7.0,
        overhead: KEY_OVERHEAD,
        buffers: 0.0,
        fragmentation: 1.0,
        copy_on_write: 0.0,
        system: 0.0,
    };

    #[test]
    fn a_million_small_pairs_take_85_megabytes() {
        let memory = memory(&SMALL).unwrap();
        assert_eq!(memory, Memory { dataset: 85e6, maxmemory: 85e6, host: 85e6 });
    }

    #[test]
    fn persistence_can_double_the_host() {
        let set = crate::capacity::cache::size(10e9, 0.5).unwrap().as_share;
        assert_eq!((set, host(set, 1.0, 0.0).unwrap()), (15e9, 30e9));
        let with = memory(&Contents { buffers: 15e6, fragmentation: 1.4, copy_on_write: 1.0, system: 1e9, ..SMALL });
        let with = with.unwrap();
        assert!((with.maxmemory - 140e6).abs() < 1.0 && (with.host - 1280e6).abs() < 1.0, "{with:?}");
        assert!(memory(&Contents { fragmentation: 0.9, ..SMALL }).is_err());
        assert!(memory(&Contents { keys: 0.0, ..SMALL }).is_err());
    }
}
