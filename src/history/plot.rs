//! A number over time, drawn in characters: values on the left, times below, a line between the points.

use jiff::Timestamp;

use crate::{quantity, snapshot::Unit};

/// The cells of the values on the left.
const LABEL: usize = 10;

/// The least cells that a drawing needs, across and down.
pub const LEAST: (usize, usize) = (LABEL + 22, 4);

/// How wide and high a drawing is, in cells, and whether it is of ASCII only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Its cells across, values included.
    pub width: usize,
    /// Its cells down, times included.
    pub height: usize,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
}

/// Draws points, the oldest first, on a scale from the smallest to the largest of them. Nothing where there is no point,
/// or no room.
pub fn plot(points: &[(Timestamp, f64)], unit: Unit, size: Size) -> Vec<String> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    if size.width < LEAST.0 || size.height < LEAST.1 {
        return Vec::new();
    }
    let (across, down) = (size.width - LABEL - 2, size.height - 2);
    let low = points.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
    let mut raster = Raster::new(across, down, size.ascii);
    let (right, bottom) = raster.last();
    let span = last.0.as_millisecond() - first.0.as_millisecond();
    let place = |(at, value): &(Timestamp, f64)| {
        let x = share(at.as_millisecond() - first.0.as_millisecond(), span);
        // A number that never moved lies in the middle.
        let y = if high > low { (value - low) / (high - low) } else { 0.5 };
        (step(x, right), bottom - step(y, bottom))
    };
    for pair in points.windows(2) {
        if let [from, to] = pair {
            raster.line(place(from), place(to));
        }
    }
    for point in points {
        raster.point(place(point));
    }
    let edge = if size.ascii { '|' } else { '│' };
    let label = |row: usize| match row {
        0 if high > low => quantity::show(high, unit),
        row if high > low && row + 1 == down => quantity::show(low, unit),
        row if high <= low && row == (down - 1) / 2 => quantity::show(high, unit),
        _ => String::new(),
    };
    let label = |row: usize| crate::text::shorten(&label(row), LABEL).into_owned();
    let mut rows: Vec<String> = raster
        .rows()
        .enumerate()
        .map(|(row, cells)| format!("{:>LABEL$} {edge}{}", label(row), cells.trim_end()))
        .collect();
    let (corner, rule) = if size.ascii { ('+', "-") } else { ('└', "─") };
    rows.push(format!("{:LABEL$} {corner}{}", "", rule.repeat(across)));
    rows.push(format!("{:LABEL$}  {}", "", times(first.0, last.0, across)));
    rows
}

/// The first and the last time, at both ends where there is room for both.
fn times(first: Timestamp, last: Timestamp, across: usize) -> String {
    let shown = |at: Timestamp, how: &str| at.strftime(how).to_string();
    let day = "%Y-%m-%d";
    let same_day = shown(first, day) == shown(last, day);
    let long = "%Y-%m-%d %H:%M";
    let (left, right) = match same_day {
        _ if first == last => (shown(first, long), String::new()),
        true => (shown(first, long), shown(last, "%H:%M")),
        false if across >= 36 => (shown(first, long), shown(last, long)),
        false => (shown(first, day), shown(last, day)),
    };
    let gap = across.saturating_sub(left.len() + right.len());
    if gap == 0 { left } else { format!("{left}{}{right}", " ".repeat(gap)) }
}

#[expect(clippy::cast_precision_loss, reason = "a share of a drawing")]
fn share(part: i64, whole: i64) -> f64 {
    // One point alone is the latest there is.
    if whole > 0 { part as f64 / whole as f64 } else { 1.0 }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "from 0 to the dots of a screen"
)]
fn step(share: f64, last: usize) -> usize {
    (share.clamp(0.0, 1.0) * last as f64).round() as usize
}

/// Dots: two across and four down a cell in braille, one a cell in ASCII.
struct Raster {
    cells: Vec<u8>,
    across: usize,
    ascii: bool,
}

/// In ASCII: part of a line, and a point.
const LINE: u8 = 1;
const POINT: u8 = 2;

/// The bits of the dots of a braille cell, by row and column.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

impl Raster {
    fn new(across: usize, down: usize, ascii: bool) -> Self {
        Self { cells: vec![0; across * down], across, ascii }
    }

    /// The last dot across and down.
    fn last(&self) -> (usize, usize) {
        let down = self.cells.len() / self.across.max(1);
        if self.ascii { (self.across - 1, down - 1) } else { (self.across * 2 - 1, down * 4 - 1) }
    }

    fn dot(&mut self, (x, y): (usize, usize), mark: u8) {
        let (cell, bits) =
            if self.ascii { (y * self.across + x, mark) } else { (y / 4 * self.across + x / 2, DOTS[y % 4][x % 2]) };
        if let Some(cell) = self.cells.get_mut(cell) {
            *cell |= bits;
        }
    }

    fn point(&mut self, at: (usize, usize)) {
        self.dot(at, POINT);
    }

    /// A straight line, a dot a step along its longer side.
    fn line(&mut self, from: (usize, usize), to: (usize, usize)) {
        let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1));
        let between = |from: usize, to: usize, at: usize| {
            let part = from.abs_diff(to) * at / steps.max(1);
            if to >= from { from + part } else { from - part }
        };
        for at in 0..=steps {
            self.dot((between(from.0, to.0, at), between(from.1, to.1, at)), LINE);
        }
    }

    fn rows(&self) -> impl Iterator<Item = String> {
        let ascii = self.ascii;
        let cell = move |bits: &u8| match (ascii, *bits) {
            (_, 0) => ' ',
            (true, bits) if bits & POINT != 0 => '*',
            (true, _) => '.',
            (false, bits) => char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' '),
        };
        self.cells.chunks(self.across.max(1)).map(move |row| row.iter().map(cell).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_hours(hours)
    }

    fn drawn(points: &[(Timestamp, f64)], width: usize, height: usize, ascii: bool) -> String {
        plot(points, Unit::Ratio, Size { width, height, ascii }).join("\n")
    }

    #[test]
    fn a_line_rises_from_the_oldest_to_the_newest_with_its_scale() {
        let points = [(at(0), 0.5), (at(10), 0.75), (at(20), 1.0)];
        let expected = [
            "     100 % |                                   *",
            "           |                           ........",
            "           |                  *........",
            "           |            ......",
            "           |      ......",
            "      50 % |*.....",
            "           +------------------------------------",
            "            2026-01-01 00:00               20:00",
        ];
        assert_eq!(plot(&points, Unit::Ratio, Size { width: 48, height: 8, ascii: true }), expected);
        insta::assert_snapshot!(drawn(&points, 48, 6, false));
    }

    #[test]
    fn one_point_and_a_number_that_never_moved_are_drawn_too() {
        insta::assert_snapshot!(drawn(&[(at(0), 0.5)], 40, 5, true));
        insta::assert_snapshot!(drawn(&[(at(0), 0.5), (at(72), 0.5)], 40, 5, true));
    }

    #[test]
    fn where_there_is_no_room_nothing_is_drawn_and_a_row_is_never_wider() {
        let points: Vec<_> = (0..500).map(|n| (at(n), f64::from(u32::try_from(n % 17).unwrap()))).collect();
        assert!(drawn(&points, 10, 10, false).is_empty() && drawn(&points, 80, 2, false).is_empty());
        assert!(drawn(&[], 80, 20, false).is_empty());
        for width in 32..120 {
            for ascii in [true, false] {
                let rows = plot(&points, Unit::Bytes, Size { width, height: 9, ascii });
                assert_eq!(rows.len(), 9);
                assert!(rows.iter().all(|row| row.chars().count() <= width), "{width}: {rows:#?}");
            }
        }
    }
}
