//! Reproducible chance.
//!
//! Own code on purpose: reports print their seed, so the stream behind a seed must never change with a library's
//! version. `SplitMix64` (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014) is a dozen lines
//! and good enough for resampling; it is no source of secrets.

use super::number::real;

/// The seed where nobody wishes another one.
pub const SEED: u64 = 20_240_229;

/// A stream of numbers that is the same for the same seed, on every machine.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 (included) to 1 (excluded), evenly.
    pub fn share(&mut self) -> f64 {
        // The upper 53 bits, so that every value is exact.
        real(self.next() >> 11) / 9_007_199_254_740_992.0
    }

    /// A number from the normal distribution with mean 0 and deviation 1 (Box and Muller, 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }

    /// One of a list; none of an empty one.
    pub fn pick(&mut self, values: &[f64]) -> Option<f64> {
        let len = u64::try_from(values.len()).ok()?;
        let at = usize::try_from(self.next().checked_rem(len)?).ok()?;
        values.get(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // The first outputs for the seed 1234567, as printed with the reference implementation.
        let mut rng = Rng::new(1_234_567);
        assert_eq!(rng.next(), 6_457_827_717_110_365_317);
        assert_eq!(rng.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn shares_and_normals_are_spread_as_they_should() {
        let mut rng = Rng::new(SEED);
        let shares: f64 = (0..20_000).map(|_| rng.share()).sum::<f64>() / 20_000.0;
        assert!((shares - 0.5).abs() < 0.01, "{shares}");
        let squares: f64 = (0..20_000).map(|_| rng.normal().powi(2)).sum::<f64>() / 20_000.0;
        assert!((squares - 1.0).abs() < 0.05, "{squares}");
        assert_eq!(rng.pick(&[]), None);
    }
}
