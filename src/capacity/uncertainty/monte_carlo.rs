//! Uncertain inputs, drawn many times.

use super::words::Range;
use crate::capacity::error::{finite, positive};
use crate::capacity::number::quantile;
use crate::capacity::rng::Rng;
use crate::capacity::{CapacityError, Result};

/// How often the inputs are drawn.
pub const DRAWS: usize = 10_000;

/// The 90 % point of the normal distribution.
const NORMAL_P90: f64 = 1.281_551_565_545;

/// What is known of an input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// One value.
    Exact(f64),
    /// At least, most likely, at most.
    Triangular {
        /// It is never less.
        least: f64,
        /// It is this as a rule.
        likely: f64,
        /// It is never more.
        most: f64,
    },
    /// A factor up is as likely as the same factor down.
    LogNormal {
        /// Half of the time it is less.
        median: f64,
        /// One time of ten it is more.
        p90: f64,
    },
}

impl Spread {
    fn check(self) -> Result<()> {
        match self {
            Self::Exact(value) => finite("an input", value).map(|_| ()),
            Self::Triangular { least, likely, most } => {
                finite("the width of an input", most - least)?;
                if least <= likely && likely <= most {
                    return Ok(());
                }
                Err(CapacityError::new(format!("an input is {least}, {likely}, {most}"), "least, likely, most"))
            }
            Self::LogNormal { median, p90 } => {
                positive("the median of an input", median)?;
                if p90.is_finite() && p90 >= median {
                    return Ok(());
                }
                Err(CapacityError::new(format!("the P90 of an input is {p90}"), "no less than its median"))
            }
        }
    }

    fn draw(self, rng: &mut Rng) -> f64 {
        match self {
            Self::Exact(value) => value,
            Self::Triangular { least, likely, most } => {
                let (share, width) = (rng.share(), most - least);
                if share * width < likely - least {
                    least + (share * width * (likely - least)).sqrt()
                } else {
                    most - ((1.0 - share) * width * (most - likely)).sqrt()
                }
            }
            Self::LogNormal { median, p90 } => median * ((p90 / median).ln() / NORMAL_P90 * rng.normal()).exp(),
        }
    }
}

/// P10, P50 and P90 of a formula over inputs drawn [`DRAWS`] times. The same seed gives the same range.
pub fn simulate(inputs: &[Spread], seed: u64, formula: impl Fn(&[f64]) -> Result<f64>) -> Result<Range> {
    inputs.iter().try_for_each(|input| input.check())?;
    let mut rng = Rng::new(seed);
    let mut results = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let drawn: Vec<f64> = inputs.iter().map(|input| input.draw(&mut rng)).collect();
        results.push(finite("a drawn result", formula(&drawn)?)?);
    }
    let mut at =
        |share: f64| quantile(&mut results, share).ok_or_else(|| CapacityError::new("no draws", "one or more"));
    Ok(Range { low: at(0.1)?, middle: at(0.5)?, high: at(0.9)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::rng::SEED;

    fn near(value: f64, expected: f64, relative: f64) {
        assert!((value / expected - 1.0).abs() < relative, "{value} is not {expected}");
    }

    #[test]
    fn quantiles_of_known_distributions_come_out() {
        // Triangular 0, 1, 2: P10 = sqrt(0.2), P90 = 2 - sqrt(0.2).
        let triangle = Spread::Triangular { least: 0.0, likely: 1.0, most: 2.0 };
        let range = simulate(&[triangle], SEED, |x| Ok(x[0])).unwrap();
        near(range.low, 0.447, 0.03);
        near(range.middle, 1.0, 0.02);
        near(range.high, 1.553, 0.02);
        let log = simulate(&[Spread::LogNormal { median: 100.0, p90: 200.0 }], SEED, |x| Ok(x[0])).unwrap();
        near(log.low, 50.0, 0.04);
        near(log.middle, 100.0, 0.02);
        near(log.high, 200.0, 0.04);
        assert_eq!(log, simulate(&[Spread::LogNormal { median: 100.0, p90: 200.0 }], SEED, |x| Ok(x[0])).unwrap());
    }

    #[test]
    fn what_cannot_be_drawn_or_computed_is_an_error() {
        let wrong = [
            Spread::Triangular { least: 2.0, likely: 1.0, most: 3.0 },
            Spread::LogNormal { median: 0.0, p90: 1.0 },
            Spread::LogNormal { median: 2.0, p90: 1.0 },
            Spread::Exact(f64::NAN),
        ];
        for spread in wrong {
            assert!(simulate(&[spread], SEED, |x| Ok(x[0])).is_err(), "{spread:?}");
        }
        assert!(simulate(&[Spread::Exact(0.0)], SEED, |x| Ok(1.0 / x[0])).is_err());
        let exact = simulate(&[Spread::Exact(3.0)], SEED, |x| Ok(x[0])).unwrap();
        assert_eq!(exact, Range { low: 3.0, middle: 3.0, high: 3.0 });
    }
}
