//! When something that fills up will be full: trend, level shifts, the time left with its uncertainty, lead times.
//!
//! Points are (day, value), one for each complete day (its maximum or 95th percentile), in rising order. The threshold
//! is the usable capacity, after its safety factor, not the nominal one.

mod choose;
mod lead;
mod left;
mod shift;
mod trend;

pub use choose::{ENOUGH_DAYS, Forecast};
pub use lead::{Change, act_now};
pub use left::{Left, RUNS};
pub use shift::last_ramp;
pub use trend::{Kind, Trend, log_linear, theil_sen};
