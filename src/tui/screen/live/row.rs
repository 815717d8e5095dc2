//! What a row of any panel can do: be named, filtered, shown in a line, and opened.

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::text::{Line, Span};

use super::{board::Board, detail::Detail, series::Series};
use crate::{
    snapshot::Value,
    text::screen,
    tui::{
        theme::{Look, Meaning},
        widget::{Column, Table, column, column_right, spark},
    },
};

/// A row of a panel.
pub(super) trait Row {
    /// What tells it from all others of its panel, from round to round.
    fn name(&self) -> String;
    /// The source that it comes from.
    fn source(&self) -> &str;
    /// All of its text, for filters: words, and `field:value`.
    fn text(&self) -> String;
    /// Its cells, as many as its panel has columns. Called for rows on the screen only.
    fn cells(&self, shown: &Shown) -> Vec<Cell>;
    /// Everything about it.
    fn detail(&self, board: &Board) -> Detail;
    /// The number of it that is kept over time, if there is one.
    fn number(&self) -> Option<Point> {
        None
    }
}

/// A number that is kept over time: its name, when it was so, and what it was.
pub(super) type Point = (String, Timestamp, Option<f64>);

/// What cells are made with.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    /// Colours and marks.
    pub(super) look: Look,
    /// The rows of all panels.
    pub(super) board: &'a Board,
    /// How numbers moved.
    pub(super) series: &'a Series,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Words, already harmless.
    Text(String, Meaning),
    /// How a number moved, by its name, scaled to a most where there is one.
    Moves(String, Option<f64>),
    /// A share of one as a bar with words behind it.
    Share(Option<f64>, String, Meaning),
}

impl Cell {
    /// Words of our own.
    pub(super) fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into(), Meaning::Text)
    }

    /// Words from outside, made harmless.
    pub(super) fn outside(words: &str) -> Self {
        Self::Text(screen(words).into_owned(), Meaning::Text)
    }

    /// The same with another meaning.
    pub(super) fn means(self, meaning: Meaning) -> Self {
        match self {
            Self::Text(words, _) => Self::Text(words, meaning),
            other => other,
        }
    }
}

#[cfg(test)]
thread_local! {
    /// How many rows were made into lines.
    pub(super) static FORMATTED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// A row as a line. What is stale is muted throughout.
pub(super) fn line(row: &dyn Row, table: &Table, columns: &[Column], shown: &Shown, stale: bool) -> Line<'static> {
    #[cfg(test)]
    FORMATTED.set(FORMATTED.get() + 1);
    let cells = row.cells(shown);
    let mut spans = Vec::new();
    for (at, width) in table.columns() {
        let (Some(cell), Some(of)) = (cells.get(at), columns.get(at)) else { continue };
        let (words, meaning) = match cell {
            Cell::Text(words, meaning) if of.right => (column_right(words, width), *meaning),
            Cell::Text(words, meaning) => (column(words, width), *meaning),
            Cell::Moves(name, top) => (moves(shown, name, *top, width), Meaning::Accent),
            Cell::Share(share, words, meaning) => (bar(*share, words, width), *meaning),
        };
        if !spans.is_empty() {
            spans.push(Span::raw(" "));
        }
        spans.push(Span::styled(words, shown.look.style(if stale { Meaning::Stale } else { meaning })));
    }
    Line::from(spans)
}

/// How a number moved. One sample is no movement: scaled to itself it would be a full bar, whatever it is.
fn moves(shown: &Shown, name: &str, top: Option<f64>, width: usize) -> String {
    let points = shown.series.get(name).map(|ring| ring.latest(width)).unwrap_or_default();
    if points.iter().flatten().nth(1).is_none() {
        return " ".repeat(width);
    }
    spark(&points, width, top, shown.look)
}

/// A bar before words: `[####------] 4 of 10`. It takes what the words leave; where that is too little, the words alone.
fn bar(share: Option<f64>, words: &str, width: usize) -> String {
    /// The cells of words that bars of one column leave room for.
    const WORDS: usize = 10;
    let room = width.saturating_sub(WORDS.max(words.len()) + 3);
    let Some(share) = share.filter(|_| room >= 4) else { return column(words, width) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "cells")]
    let full = (share.clamp(0.0, 1.0) * room as f64).round() as usize;
    column(&format!("[{}{}] {words}", "#".repeat(full), "-".repeat(room - full)), width)
}

/// The text of a cell of a table; empty for NULL.
pub(super) fn text_of(value: &Value) -> Arc<str> {
    match value {
        Value::Text(text) => Arc::clone(text),
        _ => "".into(),
    }
}

/// How long ago something was, in whole seconds.
pub(super) fn seconds_since(at: Timestamp, now: Timestamp) -> i64 {
    now.duration_since(at).as_secs().max(0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn nothing_is_drawn_of_how_a_number_moved_before_there_are_two_samples() {
        let (board, mut series) = (Board::default(), Series::default());
        let mut drawn = |second: i64, value: Option<f64>| {
            let at = Timestamp::from_second(second).unwrap();
            series.push("n", at, Duration::from_secs(2), value);
            let shown = Shown { look: Look::default(), board: &board, series: &series };
            moves(&shown, "n", None, 4)
        };
        assert_eq!(drawn(2, Some(7.0)), "    ");
        assert_eq!(drawn(4, None), "    ", "a gap is no sample");
        assert_eq!(drawn(6, Some(14.0)), " ▅ █");
    }

    #[test]
    fn a_bar_says_its_number_too_and_gives_way_to_it() {
        assert_eq!(bar(Some(0.5), "5 of 10", 23), "[#####-----] 5 of 10   ");
        assert_eq!(bar(Some(7.0), "70 of 10", 23), "[##########] 70 of 10  ");
        assert_eq!(bar(Some(0.5), "5 of 10", 12), "5 of 10     ");
        assert_eq!(bar(None, "5", 23).trim(), "5");
    }
}
