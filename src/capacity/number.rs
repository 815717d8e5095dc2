//! Counting, and what lies in the middle of a list.

use super::{CapacityError, Result};

/// The part of a whole that is not worth a machine: constants such as 333,333 are themselves rounded.
const FORGIVEN: f64 = 1e-5;

/// The largest count that a float still holds exactly (2^53).
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// A count as a float.
#[expect(clippy::cast_precision_loss, reason = "counts of points, servers and shards are far below 2^53")]
pub(crate) fn real(count: u64) -> f64 {
    count as f64
}

/// A length as a float.
#[expect(clippy::cast_precision_loss, reason = "no list is longer than 2^53")]
pub(crate) fn length<T>(list: &[T]) -> f64 {
    list.len() as f64
}

/// So many whole things as are needed; an excess of one in 100,000 asks for no further one.
pub(crate) fn whole_up(name: &str, value: f64) -> Result<u64> {
    let whole = (value * (1.0 - FORGIVEN)).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
    if (0.0..=LARGEST).contains(&whole) {
        Ok(whole as u64)
    } else {
        Err(CapacityError::new(format!("{name} comes to {value}"), "a count from 0 to 2^53"))
    }
}

/// A place in a list, from a share of its length.
fn place(len: usize, share: f64) -> (usize, f64) {
    #[expect(clippy::cast_precision_loss, reason = "no list is longer than 2^53")]
    let at = share.clamp(0.0, 1.0) * (len.saturating_sub(1)) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the length")]
    let low = at.floor() as usize;
    (low, at - at.floor())
}

/// A quantile of a list, linear between neighbours; none of an empty list.
///
/// An infinity in the list stands for "never" and stays one: a quantile that would mix it in is infinite.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let (low, rest) = place(values.len(), share);
    let below = *values.get(low)?;
    let above = *values.get(low + 1).unwrap_or(&below);
    Some(if rest == 0.0 || above.total_cmp(&below).is_eq() { below } else { below + rest * (above - below) })
}

/// The median, found without sorting everything; none of an empty list.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    let half = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let even = values.len().is_multiple_of(2);
    let (below, middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let middle = *middle;
    if !even {
        return Some(middle);
    }
    below.iter().copied().max_by(f64::total_cmp).map(|lower| f64::midpoint(lower, middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_constant_costs_no_machine_and_a_real_excess_does() {
        assert_eq!(whole_up("n", 1e6 / 333_333.0), Ok(3));
        assert_eq!(whole_up("n", 3.001), Ok(4));
        assert_eq!(whole_up("n", 0.0), Ok(0));
        assert!(whole_up("n", f64::NAN).is_err() && whole_up("n", 1e17).is_err() && whole_up("n", -1.5).is_err());
    }

    #[test]
    fn quantiles_lie_between_neighbours_and_never_stays_never() {
        let mut values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&mut values, 0.5), Some(2.5));
        assert_eq!(quantile(&mut values, 1.0), Some(4.0));
        assert_eq!(quantile(&mut [], 0.5), None);
        let mut never = [1.0, f64::INFINITY, f64::INFINITY];
        assert_eq!(quantile(&mut never, 0.0), Some(1.0));
        assert_eq!(quantile(&mut never, 0.25), Some(f64::INFINITY));
        assert_eq!(quantile(&mut never, 0.75), Some(f64::INFINITY));
    }

    #[test]
    fn the_median_of_even_and_odd_lists() {
        assert_eq!(median(&mut [5.0, 1.0, 3.0]), Some(3.0));
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
