//! Statements of a plan set against each other: one derivation for each kind of contradiction.
//!
//! Every row is one comparison, also where the two agree: what was stated, what else follows from the
//! plan, how far apart they are and the arithmetic in words. The thresholds stand in the checks.

mod capacity;
mod costs;
mod coverage;
mod coverage_plan;
mod dates;
mod growth;
mod limits;
mod limits_time;
mod little;
mod logic;
mod logic_pairs;
mod order;
mod order_scale;
mod order_tests;
mod say;
mod sums;
mod table;
mod units;
mod utilisation;

pub(super) use capacity::CAPACITY;
pub(super) use costs::COSTS;
pub(super) use coverage::COVERAGE;
pub(super) use dates::DATES;
pub(super) use growth::GROWTH;
pub(super) use limits::LIMITS;
pub(super) use little::LITTLE;
pub(super) use logic::LOGIC;
pub(super) use order::ORDER;
pub(super) use sums::SUMS;
pub(super) use units::UNITS;
pub(super) use utilisation::UTILISATION;
