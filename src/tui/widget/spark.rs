//! A row of small bars: how a number moved.

use crate::tui::theme::Look;

const BARS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const PLAIN: [&str; 8] = ["_", "_", ".", "-", "-", "=", "=", "#"];

/// The latest numbers as bars, the newest at the right, scaled from 0 to `top` or to the largest of them. A number that
/// is not known leaves a gap.
pub fn spark(numbers: &[Option<f64>], width: usize, top: Option<f64>, look: Look) -> String {
    let shown = &numbers[numbers.len().saturating_sub(width)..];
    let largest = shown.iter().flatten().copied().fold(0.0_f64, f64::max);
    let top = top.unwrap_or(largest).max(largest).max(f64::MIN_POSITIVE);
    let bars = if look.ascii { PLAIN } else { BARS };
    let bar = |number: &Option<f64>| match number {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 7")]
        Some(number) => bars[((number / top * 7.0).round().clamp(0.0, 7.0)) as usize],
        None => " ",
    };
    let text: String = shown.iter().map(bar).collect();
    " ".repeat(width.saturating_sub(shown.len())) + &text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stands_at_the_right_and_a_gap_stays_a_gap() {
        let look = Look::default();
        assert_eq!(spark(&[Some(0.0), None, Some(4.0), Some(8.0)], 5, None, look), " ▁ ▅█");
        assert_eq!(spark(&[Some(1.0), Some(2.0), Some(3.0)], 2, Some(6.0), look), "▃▅");
        assert_eq!(spark(&[Some(0.0), Some(0.0)], 2, None, look), "▁▁");
        assert_eq!(spark(&[], 2, None, look), "  ");
    }
}
