//! What breaks first: how far each limited resource is from its ceiling. The number comes first and always shows.

use ratatui::text::{Line, Span};

use crate::{
    quantity,
    readiness::bottleneck::{Bottleneck, Grows},
    report::{Audit, breaks},
    snapshot::Unit,
    text::screen,
    tui::{
        theme::Meaning,
        widget::{Canvas, cells, column, column_right, middle},
    },
};

/// What stands above or before the limits.
const TITLE: &str = " Breaks first";

/// The nearest limits, as many as are wanted, the heading before the first of them.
pub(super) fn lines(canvas: &Canvas, audit: &Audit, width: u16, most: usize) -> Vec<Line<'static>> {
    let words = [TITLE].into_iter().chain(std::iter::repeat(""));
    let rows = nearest(audit, most).zip(words).map(|(bottleneck, word)| {
        let mut spans = vec![Span::styled(column(word, 13), canvas.style(Meaning::Title))];
        spans.extend(limit(canvas, bottleneck, usize::from(width).saturating_sub(14)));
        Line::from(spans)
    });
    rows.collect()
}

/// The same, the heading in a line of its own: names have the room of it.
pub(super) fn section(canvas: &Canvas, audit: &Audit, width: u16, most: usize) -> Vec<Line<'static>> {
    let rows = nearest(audit, most).map(|b| Line::from(limit(canvas, b, usize::from(width).saturating_sub(1))));
    let rows: Vec<_> = rows.collect();
    let title = (!rows.is_empty()).then(|| Line::styled(TITLE, canvas.style(Meaning::Title)));
    title.into_iter().chain(rows).collect()
}

fn nearest(audit: &Audit, most: usize) -> impl Iterator<Item = &Bottleneck> {
    audit.bottlenecks.iter().filter(|b| breaks::is_told(b)).take(most)
}

/// The cells of the number: `5.15x`, `18 days`, `1,234 days`.
const NUMBER: usize = 9;

fn limit(canvas: &Canvas, b: &Bottleneck, width: usize) -> Vec<Span<'static>> {
    let (number, over) = far(b);
    let (word, meaning) = match b.margin {
        _ if over => ("over now", Meaning::Fail),
        // Less than what the plan needs.
        Some(margin) if margin < 1.0 => ("too near", Meaning::Warn),
        _ => ("", Meaning::Accent),
    };
    let name = format!("{} of {}", screen(&b.resource), screen(&b.subject));
    let room = width.saturating_sub(NUMBER + 12);
    let figures = figures(b, room.saturating_sub(cells(&name)));
    let room = room.saturating_sub(cells(&figures));
    vec![
        Span::styled(column_right(&number, NUMBER), canvas.style(meaning)),
        Span::styled(format!("  {}", column(word, 8)), canvas.style(meaning)),
        Span::raw(format!("  {}", column(&middle(&name, room), room))),
        Span::styled(figures, canvas.style(Meaning::Muted)),
    ]
}

/// What is used of what, and how that is known: as much of it as leaves the name whole.
fn figures(b: &Bottleneck, room: usize) -> String {
    let used = format!("  {} of {}", show(b, b.used), show(b, b.ceiling));
    let all = format!("{used}, {}", b.grade.words());
    [all, used].into_iter().find(|figures| cells(figures) <= room).unwrap_or_default()
}

/// How far it is from its ceiling, and whether it is over it.
fn far(b: &Bottleneck) -> (String, bool) {
    match (b.grows, b.headroom, b.days_left) {
        (Grows::Traffic, Some(headroom), _) => (format!("{}x", breaks::times(headroom.max(0.0))), headroom < 1.0),
        (_, _, Some(days)) if days < 1.0 => (quantity::show(days.max(0.0) * 86_400.0, Unit::Seconds), days <= 0.0),
        (_, _, Some(days)) => (format!("{} days", quantity::show(days.floor(), Unit::Count)), false),
        _ => ("?".to_owned(), false),
    }
}

fn show(b: &Bottleneck, number: f64) -> String {
    quantity::show(if number >= 10.0 { number.floor() } else { number }, b.unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::audit;

    #[test]
    fn the_number_shows_at_every_width() {
        let audit = audit();
        let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 1, 1));
        let canvas = Canvas::new(&mut buffer, crate::tui::theme::Look::default());
        for width in [40, 60, 80, 120, 200] {
            let text: Vec<String> = super::lines(&canvas, &audit, width, 4).iter().map(ToString::to_string).collect();
            for (line, number) in
                text.iter().zip(["0.8x  over now", "0.84x  over now", "18 days  too near", "5.15x  too near"])
            {
                assert!(line.contains(number), "{width}: {line}");
                assert!(super::cells(line) <= usize::from(width), "{width}: {line}");
            }
        }
    }
}
