//! How long a source that fails is left alone: 1, 2, 4 … 30 seconds.

use std::time::Duration;

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(30);

/// The wait before the next try after so many in a row, a little shorter for some sources than for others: those that
/// failed together, because what they share has failed, do not come back all in one moment.
pub(super) fn wait(tries: u32, source: &str) -> Duration {
    let doubled = 1_u64.checked_shl(tries.saturating_sub(1).min(10)).unwrap_or(u64::MAX);
    let whole = Duration::from_secs(doubled).min(LONGEST);
    // FNV-1a: spreads names well enough, and is the same in every run.
    let mixed = source
        .bytes()
        .chain(tries.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let twentieths = u32::from(mixed.to_le_bytes()[0]) % 5;
    whole * (20 - twentieths) / 20
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_half_a_minute() {
        let seconds: Vec<f64> = (1..=8).map(|tries| wait(tries, "primary").as_secs_f64()).collect();
        for (at, whole) in [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0].into_iter().enumerate() {
            assert!(seconds[at] <= whole && seconds[at] >= whole * 0.8, "{seconds:?}");
        }
        assert!(wait(u32::MAX, "primary") <= LONGEST);
    }

    #[test]
    fn not_all_come_back_in_one_moment() {
        let waits: std::collections::BTreeSet<_> = (0..20).map(|n| wait(6, &format!("replica-{n}"))).collect();
        assert!(waits.len() > 2, "{waits:?}");
    }
}
