//! How many database connections: a rule of thumb, a need, and an observation, side by side.
//!
//! The rule (cores x 2 + spindles) is about the cores of the **database** server and about all its active connections
//! together, whatever the number of application instances. It knows neither arrivals nor hold times, spindles mean
//! nothing on solid-state or network storage, and hyper-threads are no cores. So it serves as a ceiling here and never
//! as the answer.

use super::error::{positive, some};
use super::number::whole_up;
use super::queueing::{self, Queue};
use super::{CapacityError, Result, little};

/// The share of a pool that may be busy on average; the rest is headroom for bursts.
pub const BUSY_SHARE: f64 = 0.7;

/// Active connections that a database server serves well: cores x 2 + spindles (PostgreSQL wiki, "Number of Database
/// Connections"; `HikariCP`, "About Pool Sizing").
pub fn ceiling(cores: u64, spindles: u64) -> Result<u64> {
    let twice = some("the number of cores", cores)?.checked_mul(2);
    twice
        .and_then(|twice| twice.checked_add(spindles))
        .ok_or_else(|| CapacityError::new(format!("{cores} cores"), "a number of cores that exists"))
}

/// Connections below which threads that each need several at once can lock each other out:
/// threads x (connections per thread - 1) + 1 (`HikariCP`, "About Pool Sizing").
pub fn least_without_lock(threads: u64, per_thread: u64) -> Result<u64> {
    let threads = some("the number of threads", threads)?;
    let more = some("the connections of a thread", per_thread)? - 1;
    threads
        .checked_mul(more)
        .and_then(|product| product.checked_add(1))
        .ok_or_else(|| CapacityError::new(format!("{threads} threads"), "a number of threads that exists"))
}

/// What a pool is asked to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demand {
    /// Transactions per second, over all instances.
    pub rate: f64,
    /// Mean seconds that one holds a connection.
    pub hold: f64,
    /// Seconds that it may wait for one.
    pub wait: f64,
    /// The share of transactions that must not wait longer.
    pub quantile: f64,
    /// Busy connections at the 95th percentile, where somebody has observed them.
    pub observed: Option<f64>,
}

/// The three numbers, and what follows from them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Advice {
    /// Connections busy on average: rate x hold.
    pub busy: f64,
    /// The same with headroom: no more than 70 % busy.
    pub with_headroom: u64,
    /// The fewest that keep the wait within its budget.
    pub within_wait: u64,
    /// What the database server serves well.
    pub ceiling: u64,
    /// The fewest that meet the budget and are no fewer than were seen busy.
    pub need: u64,
    /// How so many behave.
    pub queue: Queue,
}

impl Advice {
    /// The size to configure, over all instances; none where the need is above the ceiling, and the database must be
    /// scaled or transactions shortened first.
    pub fn recommended(&self) -> Option<u64> {
        (self.need <= self.ceiling).then_some(self.need)
    }
}

/// Sizes a pool, or finds that the server cannot serve it.
pub fn advise(demand: &Demand, ceiling: u64) -> Result<Advice> {
    let busy = little::concurrency(demand.rate, demand.hold)?;
    let smallest = queueing::smallest(demand.rate, demand.hold, demand.wait, demand.quantile)?;
    let observed = match demand.observed {
        Some(observed) => whole_up("the connections seen busy", positive("the connections seen busy", observed)?)?,
        None => 0,
    };
    let need = smallest.servers.max(observed);
    Ok(Advice {
        busy,
        with_headroom: whole_up("the connections with headroom", busy / BUSY_SHARE)?,
        within_wait: smallest.servers,
        ceiling: some("the ceiling", ceiling)?,
        need,
        queue: Queue::new(demand.rate, demand.hold, need)?,
    })
}

/// The part of a pool that each of n instances may open, rounded down so that the sum stays within it.
pub fn per_instance(pool: u64, instances: u64) -> Result<u64> {
    let part = pool / some("the number of instances", instances)?;
    if part == 0 {
        let what = format!("{pool} connections for {instances} instances");
        return Err(CapacityError::new(what, "one or more for each, or a pooler that all instances share"));
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(rate: f64) -> Demand {
        Demand { rate, hold: 0.020, wait: 0.005, quantile: 0.95, observed: None }
    }

    #[test]
    fn the_rule_of_thumb_and_the_lock() {
        assert_eq!(ceiling(8, 1), Ok(17));
        assert_eq!(least_without_lock(3, 4), Ok(10));
        assert_eq!(least_without_lock(50, 1), Ok(1));
        assert!(ceiling(0, 1).is_err() && ceiling(u64::MAX, 1).is_err() && least_without_lock(3, 0).is_err());
    }

    #[test]
    fn the_smallest_that_waits_little_enough_is_recommended() {
        let advice = advise(&demand(500.0), 17).unwrap();
        assert_eq!((advice.busy, advice.with_headroom, advice.need), (10.0, 15, 15));
        assert_eq!(advice.recommended(), Some(15));
    }

    #[test]
    fn a_need_above_the_ceiling_has_no_recommendation() {
        let advice = advise(&demand(1000.0), 17).unwrap();
        assert!(advice.need > 17, "{advice:?}");
        assert_eq!(advice.recommended(), None);
    }

    #[test]
    fn what_was_seen_busy_is_needed() {
        let seen = Demand { observed: Some(16.2), ..demand(500.0) };
        let advice = advise(&seen, 17).unwrap();
        assert_eq!((advice.within_wait, advice.recommended(), advice.queue.servers), (15, Some(17), 17));
        let seen = Demand { observed: Some(18.0), ..demand(500.0) };
        assert_eq!(advise(&seen, 17).unwrap().recommended(), None);
    }

    #[test]
    fn instances_share_a_pool() {
        assert_eq!(per_instance(17, 4), Ok(4));
        assert!(per_instance(3, 4).is_err() && per_instance(3, 0).is_err());
    }
}
