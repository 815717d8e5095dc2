//! Charts as drawings inside a page: colours from the page's style, a title for readers who do not see them.

use std::fmt::Write as _;

use super::{
    chart::{headroom_scale, interval_words},
    model::Audit,
    words::{money, times},
};
use crate::{readiness::outlook::CostCurve, text};

/// The width of a drawing, its labels and its bars, in its own units.
const WIDTH: f64 = 860.0;
const LABEL: f64 = 280.0;
const BAR: f64 = 470.0;

/// The height of a row, and of the bar in it.
const ROW: f64 = 26.0;
const THICK: f64 = 14.0;

/// Text inside a drawing.
fn escaped(words: &str) -> String {
    text::shorten(&text::screen(words), 42).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

struct Drawing {
    out: String,
    rows: f64,
}

impl Drawing {
    fn new() -> Self {
        Self { out: String::new(), rows: 0.0 }
    }

    fn top(&self) -> f64 {
        self.rows * ROW
    }

    fn bar(&mut self, class: &str, from: f64, to: f64) {
        let (x, width) = (LABEL + BAR * from.clamp(0.0, 1.0), BAR * (to - from).clamp(0.0, 1.0));
        let y = self.top() + (ROW - THICK) / 2.0;
        let _ = write!(
            self.out,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{THICK}\"/>"
        );
    }

    /// The label on the left and the value on the right; ends the row.
    fn row(&mut self, label: &str, value: &str) {
        let y = self.top() + ROW / 2.0 + 4.0;
        let _ = write!(
            self.out,
            "<text x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{}</text><text x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
            LABEL - 10.0,
            escaped(label),
            LABEL + BAR + 8.0,
            escaped(value)
        );
        self.rows += 1.0;
    }

    /// A line across all rows, with words under it.
    fn mark(&mut self, at: f64, words: &str) {
        let x = LABEL + BAR * at.clamp(0.0, 1.0);
        let bottom = self.top();
        let _ = write!(
            self.out,
            "<line class=\"mark\" x1=\"{x:.1}\" y1=\"0\" x2=\"{x:.1}\" y2=\"{bottom:.1}\"/><text x=\"{x:.1}\" \
             y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            bottom + 14.0,
            escaped(words)
        );
    }

    fn finish(self, title: &str) -> String {
        let height = self.rows * ROW + 20.0;
        format!(
            "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\"><title>{}</title>{}</svg>\n",
            escaped(title),
            self.out
        )
    }
}

/// Headroom against today's load and what is needed.
pub(super) fn headroom(audit: &Audit) -> Option<String> {
    let scale = headroom_scale(&audit.bottlenecks, audit.need.as_ref().and_then(|need| need.multiple))?;
    let mut drawing = Drawing::new();
    for (bottleneck, headroom) in &scale.bars {
        let enough = headroom >= &scale.needed.unwrap_or(1.0);
        drawing.bar(if enough { "good" } else { "bad" }, 0.0, headroom / scale.end);
        let beyond = if *headroom > scale.end { ">" } else { "" };
        drawing.row(
            &format!("{} ({})", bottleneck.resource, bottleneck.subject),
            &format!("{beyond}{}", times(*headroom)),
        );
    }
    drawing.mark(1.0 / scale.end, "1x, today");
    if let Some(needed) = scale.needed.filter(|needed| (needed - 1.0) / scale.end > 0.2) {
        drawing.mark(needed / scale.end, &format!("{} needed", times(needed)));
    }
    Some(drawing.finish("At which multiple of today's load each resource is at its safe ceiling"))
}

/// Scores of stages: what is known to hold, and what is not measured.
pub(super) fn stages(audit: &Audit) -> Option<String> {
    let readiness = audit.readiness.as_ref()?;
    let mut drawing = Drawing::new();
    for level in &readiness.stages {
        let score = &level.score;
        drawing.bar("none", 0.0, 1.0);
        drawing.bar("known", 0.0, score.low / 100.0);
        drawing.bar("open", score.low / 100.0, score.high / 100.0);
        drawing.row(
            &format!("{} {}: {}", level.id, level.title, level.verdict.words()),
            &interval_words(score.low, score.high),
        );
    }
    Some(drawing.finish("Score of each stage from 0 to 100: what holds, and what is not measured"))
}

/// A cost curve: cost over volume, both on scales of equal factors.
pub(super) fn cost(curve: &CostCurve, currency: Option<&str>) -> Option<String> {
    const HEIGHT: f64 = 220.0;
    let (first, last) = (curve.points.first()?, curve.points.last()?);
    let costs = || curve.points.iter().map(|p| p.cost.ln());
    let (low, high) = (costs().reduce(f64::min)?, costs().reduce(f64::max)?);
    let span = (last.amount / first.amount).ln();
    let at = |part: f64, whole: f64| if whole.is_finite() && whole > 0.0 { part / whole } else { 0.5 };
    let place = |amount: f64, cost: f64| {
        let x = 100.0 + 640.0 * at((amount / first.amount).ln(), span);
        (x, HEIGHT - 40.0 - 150.0 * at(cost.ln() - low, high - low))
    };
    let (mut line, mut points) = (String::new(), String::new());
    for point in &curve.points {
        let (x, y) = place(point.amount, point.cost);
        let _ = write!(line, "{x:.1},{y:.1} ");
        let _ = write!(
            points,
            "<circle class=\"known\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/><text x=\"{x:.1}\" y=\"{:.1}\" \
             text-anchor=\"middle\">{}</text><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            y - 10.0,
            escaped(&money(point.cost, currency)),
            HEIGHT - 12.0,
            escaped(&point.volume)
        );
    }
    Some(format!(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {WIDTH:.0} {HEIGHT:.0}\"><title>{}</title><polyline \
         class=\"curve\" points=\"{}\"/>{points}</svg>\n",
        escaped(&format!("What {} cost a month; both scales are of equal factors", curve.metric)),
        line.trim_end()
    ))
}
