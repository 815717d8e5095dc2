//! Pieces of lines: text that fits, ages, marks of a status, a line with a left and a right end.

use ratatui::text::{Line, Span};
use textwrap::core::display_width;

use crate::{check::finding::Status, tui::theme::Meaning};

/// Text cut to a number of cells, with a mark where something was cut off.
pub fn fit(text: &str, cells: usize) -> String {
    if display_width(text) <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let width = display_width(c.encode_utf8(&mut [0; 4]));
        if used + width + 1 > cells {
            break;
        }
        out.push(c);
        used += width;
    }
    if cells > 0 {
        out.push('…');
    }
    out
}

/// Text cut in its middle to a number of cells: long names differ at their ends.
pub fn middle(text: &str, cells: usize) -> String {
    if display_width(text) <= cells {
        return text.to_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let head = fit(text, cells / 2 + 1);
    let room = cells.saturating_sub(display_width(&head));
    let mut tail = Vec::new();
    let mut used = 0;
    for c in text.chars().rev() {
        let width = display_width(c.encode_utf8(&mut [0; 4]));
        if used + width > room {
            break;
        }
        tail.push(c);
        used += width;
    }
    head + &tail.into_iter().rev().collect::<String>()
}

/// Text that fits, filled up with spaces: a column.
pub fn column(text: &str, cells: usize) -> String {
    let fitted = fit(text, cells);
    let used = display_width(&fitted);
    format!("{fitted}{}", " ".repeat(cells.saturating_sub(used)))
}

/// The same, with the spaces before it: a column of numbers.
pub fn column_right(text: &str, cells: usize) -> String {
    let fitted = fit(text, cells);
    let used = display_width(&fitted);
    format!("{}{fitted}", " ".repeat(cells.saturating_sub(used)))
}

/// The cells that a text takes.
pub fn cells(text: &str) -> usize {
    display_width(text)
}

/// A text in lines of some width, in cells.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    textwrap::wrap(text, width.max(1)).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// An age in the fewest words: `4s`, `12m`, `3h`, `5d`.
pub fn age(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// The word of a status in a column of six, and what it means for colours.
pub fn status(status: Status) -> (&'static str, Meaning) {
    match status {
        Status::Fail => ("FAIL  ", Meaning::Fail),
        Status::Warn => ("WARN  ", Meaning::Warn),
        Status::Unknown => ("?     ", Meaning::Unknown),
        Status::Waived => ("WAIVED", Meaning::Waived),
        Status::Pass => ("PASS  ", Meaning::Pass),
        Status::NotApplicable => ("N/A   ", Meaning::Muted),
    }
}

/// A line whose right end always shows, whose left end comes next, and whose middle takes what is left.
pub struct Bar<'a> {
    left: Vec<Span<'a>>,
    middle: Option<Span<'a>>,
    right: Vec<Span<'a>>,
    width: usize,
}

impl<'a> Bar<'a> {
    /// An empty line of some width, in cells.
    pub fn new(width: u16) -> Self {
        Self { left: Vec::new(), middle: None, right: Vec::new(), width: usize::from(width) }
    }

    /// Adds to the left end.
    pub fn left(&mut self, span: Span<'a>) {
        self.left.push(span);
    }

    /// What stands behind the left end, where there is room.
    pub fn middle(&mut self, span: Span<'a>) {
        self.middle = Some(span);
    }

    /// Adds to the right end, which always shows.
    pub fn right(&mut self, span: Span<'a>) {
        self.right.push(span);
    }

    /// The line.
    pub fn into_line(self) -> Line<'a> {
        let cells = |spans: &[Span]| spans.iter().map(Span::width).sum::<usize>();
        let right = cells(&self.right);
        let mut room = self.width.saturating_sub(right);
        let mut spans = Vec::new();
        for span in self.left.into_iter().chain(self.middle) {
            let fitted = fit(&span.content, room);
            room -= display_width(&fitted);
            spans.push(Span::styled(fitted, span.style));
        }
        spans.push(Span::raw(" ".repeat(room)));
        spans.extend(self.right);
        Line::from(spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_fits_whatever_its_letters() {
        assert_eq!(fit("primary", 7), "primary");
        assert_eq!(fit("primary", 4), "pri…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!(fit("x", 0), "");
        assert_eq!(column("日本語", 8), "日本語  ");
    }

    #[test]
    fn a_name_is_cut_in_its_middle() {
        assert_eq!(middle("primary/shop: orders_pkey", 40), "primary/shop: orders_pkey");
        assert_eq!(middle("primary/shop: orders_pkey", 15), "primary…rs_pkey");
        assert_eq!(middle("日本語日本語日本語", 8), "日本…語");
        assert_eq!(middle("abc", 1), "…");
        assert_eq!(middle("abc", 0), "");
    }

    #[test]
    fn ages_are_short() {
        let shown: Vec<_> = [4, 59, 60, 3_599, 3_600, 90_000, 200_000].into_iter().map(age).collect();
        assert_eq!(shown, ["4s", "59s", "1m", "59m", "1h", "25h", "2d"]);
    }
}
