//! Draws the list of a campaign: its head, the days, the demands.

use ratatui::text::{Line, Span};

use super::{Due, Planned, is_open};
use crate::{
    readiness::campaign::{Campaign, Entry, Stands},
    report::campaign as report,
    text::screen,
    tui::{
        screen::checklist::{State, draw as list, words},
        theme::{Look, Meaning},
        widget::{Bar, column, fit},
    },
};

/// From this width and height on, the head has room for the stage and packs as they stand today.
const ROOMY: (u16, u16) = (60, 26);

/// The verdict on the day, the load, and how much of it is done.
pub(in crate::tui::screen::checklist) fn head<'l>(
    look: Look,
    state: &State,
    planned: &Planned,
    (width, height): (u16, u16),
) -> Vec<Line<'l>> {
    let campaign = &planned.campaign;
    let style = |meaning| look.style(meaning);
    let mut first = Bar::new(width);
    first.left(Span::styled(format!(" {}", campaign.verdict.words()), style(words::verdict(campaign.verdict))));
    first.left(Span::raw(format!(
        " for {} on {}, {}",
        screen(&campaign.name),
        campaign.date,
        report::days_left(campaign)
    )));
    let load = format!(" it must carry {}", screen(&report::load(campaign)));
    let scope = if state.open_only { " only what is open of the campaign" } else { " all that the campaign demands" };
    let mut lines = vec![
        first.into_line(),
        Line::styled(fit(&load, usize::from(width)), style(Meaning::Muted)),
        list::second(look, state, scope, &counted(campaign), width),
    ];
    if width >= ROOMY.0 && height >= ROOMY.1 {
        lines.insert(2, Line::styled(fit(&today(campaign), usize::from(width)), style(Meaning::Muted)));
    }
    lines
}

/// The stage and packs, as they stand today.
fn today(campaign: &Campaign) -> String {
    let parts: Vec<_> =
        campaign.parts.iter().map(|part| format!("{} {}", screen(&part.title), part.verdict.words())).collect();
    format!(" today: {}", parts.join(", "))
}

fn counted(campaign: &Campaign) -> String {
    let open = campaign.entries.iter().filter(|entry| is_open(entry)).count();
    let overdue = campaign.entries.iter().filter(|entry| entry.overdue).count();
    format!(" {open} open of {}, {overdue} overdue, as of {} ", campaign.entries.len(), campaign.day)
}

/// A day: what is due by then, and how much of it is ready.
pub(in crate::tui::screen::checklist) fn heading<'l>(
    look: Look,
    planned: &Planned,
    due: &Due,
    folded: bool,
    width: usize,
) -> Line<'l> {
    let days = crate::readiness::checklist::days(planned.campaign.day, due.day);
    let (late, meaning) = if due.overdue { ("OVERDUE, ", Meaning::Fail) } else { ("", Meaning::Title) };
    let title = format!("{late}due {}, {}", due.day, words::left(days));
    list::heading(look, (&title, meaning), (due.ready, due.entries.len(), "ready"), folded, width)
}

/// A demand: how it will stand on the day, whether it blocks, what is demanded, who owes it.
pub(in crate::tui::screen::checklist) fn row<'l>(look: Look, entry: &Entry, width: usize) -> Line<'l> {
    let (word, meaning) = words::on_the_day(entry.stands);
    // The status takes 7 cells, the gate 5; who owes it two fifths of the rest, where there is room for both.
    let rest = width.saturating_sub(12);
    let who = if rest >= 40 { (rest * 2 / 5).min(44) } else { 0 };
    let title = column(&screen(&entry.title), rest.saturating_sub(who + usize::from(who > 0)));
    let mut spans = vec![
        Span::styled(word, look.style(meaning)),
        Span::raw(" "),
        Span::styled(if entry.gate { "gate" } else { "    " }, look.style(Meaning::Key)),
        Span::raw(" "),
        Span::raw(title),
    ];
    if who > 0 {
        let tone = match entry.stands {
            _ if entry.overdue => Meaning::Fail,
            Stands::NotReady | Stands::Unproven => meaning,
            Stands::Accepted | Stands::Ready => Meaning::Muted,
        };
        spans.push(Span::raw(" "));
        spans.push(Span::styled(fit(&screen(&words::owed(entry)), who), look.style(tone)));
    }
    Line::from(spans)
}
