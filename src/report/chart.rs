//! Charts in text, for Markdown: bars inside fences that any reader shows in columns.
//!
//! The name of a fence (`chart-headroom`) tells the HTML report where its own drawing goes.

use std::fmt::Write as _;

use textwrap::core::display_width;

use super::words::{money, times};
use crate::{
    readiness::{
        bottleneck::{Bottleneck, Grade, Grows},
        model::LevelReadiness,
        outlook::CostCurve,
    },
    text,
};

/// Columns of a bar.
const BAR: usize = 40;

/// Columns of a label.
const LABEL: usize = 34;

/// The most bars of a chart; what is further from its limit interests nobody.
pub(super) const MOST: usize = 12;

/// The names of the fences.
pub(super) const HEADROOM: &str = "chart-headroom";
/// See [`HEADROOM`].
pub(super) const STAGES: &str = "chart-stages";
/// See [`HEADROOM`]; the number of the curve follows.
pub(super) const COST: &str = "chart-cost";

/// What a headroom chart shows: resources that fill with load and whose headroom is known, on one scale.
pub(super) struct HeadroomScale<'a> {
    pub(super) bars: Vec<(&'a Bottleneck, f64)>,
    /// What is needed, where the plan says so.
    pub(super) needed: Option<f64>,
    /// The multiple at the right end.
    pub(super) end: f64,
}

/// The bars, the nearest to its limit first; a bar beyond the scale is cut there. None where none is known.
pub(super) fn headroom_scale(bottlenecks: &[Bottleneck], needed: Option<f64>) -> Option<HeadroomScale<'_>> {
    let known = bottlenecks.iter().filter(|b| b.grows == Grows::Traffic && b.grade != Grade::Static);
    let bars: Vec<_> = known.filter_map(|b| Some((b, b.headroom?.max(0.0)))).take(MOST).collect();
    let longest = bars.iter().map(|(_, headroom)| *headroom).reduce(f64::max)?;
    // One resource with room for a thousand times would make all others invisible.
    let end = longest.min(needed.unwrap_or(2.0).max(2.0) * 1.5).max(needed.unwrap_or(1.0)).max(2.0);
    Some(HeadroomScale { bars, needed, end })
}

/// Headroom against 1x and what is needed.
pub(super) fn headroom(bottlenecks: &[Bottleneck], needed: Option<f64>) -> String {
    let Some(scale) = headroom_scale(bottlenecks, needed) else { return String::new() };
    let marks: Vec<usize> = [Some(1.0), scale.needed].into_iter().flatten().map(|m| column(m, scale.end)).collect();
    let mut out = String::new();
    for (bottleneck, headroom) in &scale.bars {
        let mut bar: Vec<char> = bar(*headroom, scale.end).chars().collect();
        for mark in &marks {
            if let Some(c) = bar.get_mut((*mark).min(BAR - 1)).filter(|c| **c == ' ') {
                *c = '|';
            }
        }
        let bar: String = bar.into_iter().collect();
        let beyond = if *headroom > scale.end { ">" } else { "" };
        let name = format!("{} ({})", bottleneck.resource, bottleneck.subject);
        let _ = writeln!(out, "{} {bar}{beyond} {}", label(&name), times(*headroom));
    }
    let needed = needed.map(|needed| format!(", | at {} is what is needed", times(needed))).unwrap_or_default();
    let _ = write!(out, "{} 0x to {}; | at 1x is today's load{needed}", label(""), times(scale.end));
    text::fenced(HEADROOM, &out)
}

/// Scores of stages between 0 and 100.
pub(super) fn stages(levels: &[LevelReadiness]) -> String {
    let mut out = String::new();
    for level in levels {
        let name = format!("{} {}", level.id, level.title);
        let words = interval_words(level.score.low, level.score.high);
        let _ = writeln!(
            out,
            "{} {} {words} {}",
            label(&name),
            interval(level.score.low, level.score.high),
            level.verdict.words()
        );
    }
    let _ = write!(out, "{} 0 to 100; # is known to hold, - is not measured", label(""));
    if levels.is_empty() { String::new() } else { text::fenced(STAGES, &out) }
}

/// The cost of volumes.
pub(super) fn cost(curve: &CostCurve, currency: Option<&str>) -> String {
    let Some(end) = curve.points.iter().map(|p| p.cost).reduce(f64::max) else { return String::new() };
    let mut out = String::new();
    for point in &curve.points {
        let name = format!("{} {}", point.volume, curve.metric);
        let _ = writeln!(out, "{} {} {}", label(&name), bar(point.cost, end), money(point.cost, currency));
    }
    text::fenced(COST, out.trim_end())
}

/// `[######----------    ]`: to `low` it is known to hold, to `high` nobody knows.
pub(super) fn interval(low: f64, high: f64) -> String {
    let (low, high) = (column_down(low, 100.0), column(high, 100.0));
    let high = high.max(low);
    format!("[{}{}{}]", "#".repeat(low), "-".repeat(high - low), " ".repeat(BAR - high))
}

/// `62-75`, rounded so that it never promises more than is so.
pub(super) fn interval_words(low: f64, high: f64) -> String {
    format!("{:.0}-{:.0}", (low + 1e-9).floor(), (high - 1e-9).ceil().max(0.0))
}

/// A bar as long as its share of the scale.
fn bar(value: f64, end: f64) -> String {
    let filled = column(value, end);
    format!("{}{}", "#".repeat(filled), " ".repeat(BAR - filled))
}

fn column(value: f64, end: f64) -> usize {
    at(value, end, f64::round)
}

fn column_down(value: f64, end: f64) -> usize {
    at(value + 1e-9, end, f64::floor)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "between 0 and 40"
)]
fn at(value: f64, end: f64, round: fn(f64) -> f64) -> usize {
    round((value / end.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0) * BAR as f64) as usize
}

/// A label of one width, whatever is in it.
fn label(name: &str) -> String {
    let clean = text::screen(name);
    let short = text::shorten(&clean, LABEL);
    format!("{short}{}", " ".repeat(LABEL.saturating_sub(display_width(&short))))
}
