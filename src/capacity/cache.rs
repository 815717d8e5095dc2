//! How large a cache must be.

use super::Result;
use super::error::{finite, not_negative, positive};

/// The share of all data that is usually hot: from and to.
pub const HOT_SHARE: (f64, f64) = (0.10, 0.20);

/// The bytes that are usually hot: 10 to 20 % of the data. A rule of thumb, to be replaced by a measurement.
pub fn working_set(data: f64) -> Result<(f64, f64)> {
    let data = positive("the size of the data", data)?;
    Ok((data * HOT_SHARE.0, data * HOT_SHARE.1))
}

/// A cache size, in both ways in which an overhead is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// The overhead is added to the working set: working set x (1 + overhead).
    pub as_share: f64,
    /// The overhead is the factor itself: working set x overhead. None below 1, where it cannot be meant so.
    pub as_factor: Option<f64>,
}

/// The size of a cache for a working set, both in bytes.
///
/// An overhead of 1.5 is read by some as "half as much again" and by the formula as two and a half times: both results
/// are given, and whoever shows them must say which one was taken.
pub fn size(working_set: f64, overhead: f64) -> Result<Size> {
    let set = positive("the working set", working_set)?;
    let overhead = not_negative("the overhead", overhead)?;
    Ok(Size {
        as_share: finite("the cache size", set * (1.0 + overhead))?,
        as_factor: (overhead >= 1.0).then_some(set * overhead),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hot_part_of_the_data() {
        let (from, to) = working_set(100e9).unwrap();
        assert!((from - 10e9).abs() < 1.0 && (to - 20e9).abs() < 1.0);
        assert!(working_set(0.0).is_err());
    }

    #[test]
    fn both_readings_of_an_overhead() {
        assert_eq!(size(10e9, 0.5), Ok(Size { as_share: 15e9, as_factor: None }));
        assert_eq!(size(10e9, 1.5), Ok(Size { as_share: 25e9, as_factor: Some(15e9) }));
        assert!(size(10e9, -0.5).is_err() && size(f64::NAN, 0.5).is_err());
    }
}
