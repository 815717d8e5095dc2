//! Which input matters most.

use crate::capacity::error::{finite, inner_share};
use crate::capacity::{CapacityError, Result};

/// How far each input is moved where nobody says otherwise.
pub const SWING: f64 = 0.2;

/// What moving one input does to the result.
#[derive(Debug, Clone, PartialEq)]
pub struct Influence {
    /// The input.
    pub input: String,
    /// The result with less of it.
    pub with_less: f64,
    /// The result with more of it.
    pub with_more: f64,
}

impl Influence {
    /// The distance between both results.
    pub fn swing(&self) -> f64 {
        (self.with_more - self.with_less).abs()
    }
}

/// The result when each input alone is less and more by a share; the input that dominates comes first.
pub fn sensitivity(
    inputs: &[(&str, f64)],
    share: f64,
    formula: impl Fn(&[f64]) -> Result<f64>,
) -> Result<Vec<Influence>> {
    let share = inner_share("the share by which inputs move", share)?;
    if inputs.is_empty() {
        return Err(CapacityError::new("no inputs", "one or more"));
    }
    let moved = |at: usize, factor: f64| {
        let mut values: Vec<f64> = inputs.iter().map(|(_, value)| *value).collect();
        values[at] *= factor;
        finite("the result", formula(&values)?)
    };
    let influence = |(at, (name, _)): (usize, &(&str, f64))| {
        Ok(Influence {
            input: (*name).to_owned(),
            with_less: moved(at, 1.0 - share)?,
            with_more: moved(at, 1.0 + share)?,
        })
    };
    let mut all = inputs.iter().enumerate().map(influence).collect::<Result<Vec<_>>>()?;
    all.sort_by(|a, b| b.swing().total_cmp(&a.swing()));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::growth::months_to;

    #[test]
    fn the_dominant_input_comes_first() {
        let inputs = [("capacity over today", 10.0), ("monthly growth", 0.3)];
        let table = sensitivity(&inputs, SWING, |x| months_to(x[0], x[1])).unwrap();
        assert_eq!(table[0].input, "monthly growth");
        assert!((table[0].with_less - months_to(10.0, 0.24).unwrap()).abs() < 1e-9);
        assert!(table[0].with_more < table[0].with_less, "more growth, less time");
        assert!(table[0].swing() > table[1].swing());
    }

    #[test]
    fn nothing_to_move_is_an_error() {
        assert!(sensitivity(&[], SWING, |_| Ok(1.0)).is_err());
        assert!(sensitivity(&[("x", 1.0)], 1.0, |x| Ok(x[0])).is_err());
        assert!(sensitivity(&[("x", 0.0)], SWING, |x| Ok(1.0 / x[0])).is_err());
    }
}
