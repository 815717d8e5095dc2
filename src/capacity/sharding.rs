//! When a single primary is no longer enough, and what moves when a shard is added.

use super::error::{at_least, not_negative, some};
use super::number::real;
use super::{CapacityError, Result, growth};

/// A limit of a single primary: writes, WAL, CPU, storage, vacuum, connections, largest table, restore time.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// What is limited.
    pub name: String,
    /// Its use today.
    pub current: f64,
    /// What may be used of it, after its safety factor; in the unit of the use.
    pub usable: f64,
    /// Its growth in a month, as a share; 0 where it does not grow.
    pub monthly: f64,
}

impl Limit {
    /// Months until it is reached: 0 where it is already, none where it never is.
    pub fn months_left(&self) -> Result<Option<f64>> {
        let current = super::error::positive("the use", self.current)?;
        let ratio = super::error::positive("the usable limit", self.usable)? / current;
        if ratio <= 1.0 {
            return Ok(Some(0.0));
        }
        if not_negative("the monthly growth", self.monthly)? == 0.0 {
            return Ok(None);
        }
        growth::months_to(ratio, self.monthly).map(Some)
    }
}

/// A cheaper step that raises a limit: index, pool, cache, replicas, archiving, a larger machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What is done.
    pub name: String,
    /// The limit that it raises, by name.
    pub limit: String,
    /// By how many times.
    pub times: f64,
}

/// The limit that comes first, and when work must begin.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// The name of the limit.
    pub limit: String,
    /// Months until it is reached.
    pub reached_in: f64,
    /// Months until sharding must begin; negative where that has passed.
    pub begin_in: f64,
}

/// The date of sharding: the least of all limits, minus the lead time in months. None where no limit is ever reached.
pub fn due(limits: &[Limit], lead_months: f64) -> Result<Option<Due>> {
    if limits.is_empty() {
        return Err(CapacityError::new("no limits", "one or more"));
    }
    let lead = not_negative("the lead time", lead_months)?;
    let mut first: Option<Due> = None;
    for limit in limits {
        if let Some(months) = limit.months_left()?
            && first.as_ref().is_none_or(|first| months < first.reached_in)
        {
            first = Some(Due { limit: limit.name.clone(), reached_in: months, begin_in: months - lead });
        }
    }
    Ok(first)
}

/// The limits after a step.
pub fn after(limits: &[Limit], step: &Step) -> Result<Vec<Limit>> {
    let times = at_least("what a step gains", step.times, 1.0)?;
    if !limits.iter().any(|limit| limit.name == step.limit) {
        return Err(CapacityError::new(format!("no limit is called {}", step.limit), "a step that raises a limit"));
    }
    let raised = |limit: &Limit| {
        let factor = if limit.name == step.limit { times } else { 1.0 };
        Limit { usable: limit.usable * factor, ..limit.clone() }
    };
    Ok(limits.iter().map(raised).collect())
}

/// The share of keys that move from n to n + 1 shards by remainder: n / (n + 1).
pub fn moved_by_remainder(shards: u64) -> Result<f64> {
    let shards = real(some("the number of shards", shards)?);
    Ok(shards / (shards + 1.0))
}

/// The share of keys that move from n to n + 1 shards by consistent hashing: 1 / (n + 1).
pub fn moved_by_consistent_hashing(shards: u64) -> Result<f64> {
    Ok(1.0 / (real(some("the number of shards", shards)?) + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(name: &str, current: f64, usable: f64, monthly: f64) -> Limit {
        Limit { name: name.into(), current, usable, monthly }
    }

    fn limits() -> Vec<Limit> {
        vec![
            limit("writes", 100.0, 200.0, 0.3),
            limit("storage", 10.0, 100.0, 0.3),
            limit("connections", 50.0, 100.0, 0.0),
        ]
    }

    #[test]
    fn the_first_limit_and_its_lead_time_decide() {
        let due = due(&limits(), 6.0).unwrap().unwrap();
        assert_eq!(due.limit, "writes");
        assert!((due.reached_in - 2.642).abs() < 5e-4 && (due.begin_in + 3.358).abs() < 5e-4, "{due:?}");
        assert_eq!(super::due(&limits()[2..], 6.0), Ok(None), "what does not grow is never full");
        assert!(super::due(&[], 6.0).is_err() && super::due(&[limit("a", 0.0, 1.0, 0.1)], 6.0).is_err());
        assert_eq!(limit("full", 9.0, 8.0, 0.0).months_left(), Ok(Some(0.0)));
    }

    #[test]
    fn a_step_buys_time_until_the_next_limit() {
        let step = Step { name: "larger machine".into(), limit: "writes".into(), times: 10.0 };
        let later = due(&after(&limits(), &step).unwrap(), 6.0).unwrap().unwrap();
        assert_eq!(later.limit, "storage");
        assert!((later.reached_in - 8.776).abs() < 5e-4);
        assert!(after(&limits(), &Step { limit: "writs".into(), ..step }).is_err());
    }

    #[test]
    fn a_fifth_shard_moves_most_or_little() {
        assert_eq!(moved_by_remainder(4), Ok(0.8));
        assert_eq!(moved_by_consistent_hashing(4), Ok(0.2));
        assert!(moved_by_remainder(0).is_err());
    }
}
