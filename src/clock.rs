//! The one place that reads the clock.

use jiff::Timestamp;

/// The time now, in whole milliseconds: finer would only make files longer.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
