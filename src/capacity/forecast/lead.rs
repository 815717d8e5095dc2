//! How long a remedy takes, and so when it must be begun.

use super::left::Left;
use crate::capacity::Result;
use crate::capacity::error::not_negative;

/// A remedy with its usual lead time: the action, what must be bought for it, and one cycle of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A higher maximum of an autoscaler.
    AutoscalerMaximum,
    /// A larger database instance.
    LargerDatabase,
    /// One more read replica.
    ReadReplica,
    /// Partitioned tables.
    Partitioning,
    /// Several primaries.
    Sharding,
}

impl Change {
    /// Days that it takes where nobody says otherwise: assumptions, to be replaced by the team's own experience.
    pub fn lead_days(self) -> f64 {
        match self {
            Self::AutoscalerMaximum => 1.0,
            Self::LargerDatabase | Self::ReadReplica => 14.0,
            Self::Partitioning => 60.0,
            Self::Sharding => 180.0,
        }
    }
}

/// Whether a remedy must be begun now: the early end of the time left (P10) is shorter than its lead time.
pub fn act_now(left: &Left, lead_days: f64) -> Result<bool> {
    let lead = not_negative("the lead time", lead_days)?;
    Ok(left.p10.is_some_and(|early| early < lead))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_early_end_decides() {
        let left = Left { p10: Some(100.0), middle: Some(150.0), p90: Some(220.0) };
        assert_eq!(act_now(&left, Change::Sharding.lead_days()), Ok(true));
        assert_eq!(act_now(&left, Change::Partitioning.lead_days()), Ok(false));
        assert_eq!(act_now(&Left { p10: None, ..left }, 180.0), Ok(false));
        assert!(act_now(&left, f64::NAN).is_err());
    }

    #[test]
    fn small_changes_are_quicker_than_large_ones() {
        let all = [
            Change::AutoscalerMaximum,
            Change::LargerDatabase,
            Change::ReadReplica,
            Change::Partitioning,
            Change::Sharding,
        ];
        assert!(all.map(Change::lead_days).is_sorted());
    }
}
