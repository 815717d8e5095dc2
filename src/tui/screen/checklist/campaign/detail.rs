//! What a campaign demands of one thing: of a criterion as a section of its page, of what is none as a page of its own.

use std::fmt::Write as _;

use ratatui::text::{Line, Span};

use super::Planned;
use crate::{
    readiness::{
        campaign::{Campaign, Entry},
        checklist::{Item, days, ends},
    },
    report::one_line,
    text::{markdown as harmless, screen},
    tui::{
        command::Action,
        model::Model,
        screen::{
            Tab,
            checklist::{Act, words},
        },
        theme::{Look, Meaning},
        widget::{Page, wrap},
    },
};

/// The page of a demand that is no criterion: a load test, a resource.
pub(in crate::tui::screen::checklist) fn lines(
    model: &Model,
    look: Look,
    (campaign, entry): (&Campaign, &Entry),
    width: u16,
) -> Vec<Line<'static>> {
    let mut page = Page::new(look, width);
    let (word, meaning) = words::on_the_day(entry.stands);
    for (n, part) in wrap(&screen(&entry.title), usize::from(width).saturating_sub(9)).into_iter().enumerate() {
        let word = if n == 0 { word } else { "      " };
        page.line(Line::from(vec![
            Span::raw(" "),
            Span::styled(word, look.style(meaning)),
            Span::raw("  "),
            Span::styled(part, look.style(Meaning::Title)),
        ]));
    }
    page.text("        ", &format!("{}, a demand of the campaign itself; it blocks", entry.id), Meaning::Muted);
    page.text(" ", &format!("{}: {}", entry.stands.words(), one_line(&entry.message)), meaning);
    owed(&mut page, campaign, entry);
    page.section("What is needed", entry.needs.as_deref().unwrap_or_default());
    page.section("What to do", &entry.todo);
    let key = model.key(Action::Go(Tab::Capacity));
    let words = format!("It is measured: no person's word answers it. {key} shows what if, with another load.");
    page.section("How it is known", &words);
    page.into_lines()
}

/// What the campaign demands of a criterion.
pub(in crate::tui::screen::checklist) fn section(page: &mut Page, model: &Model, planned: &Planned, item: &Item) {
    let Some(entry) = planned.entry_of(item) else { return };
    owed(page, &planned.campaign, entry);
    let (_, meaning) = words::on_the_day(entry.stands);
    page.row("on the day", &format!("{}: {}", entry.stands.words(), one_line(&entry.message)), meaning);
    if entry.ends.is_some() && item.by_answer {
        page.text("   ", &renewal(model, &planned.campaign, item), Meaning::Text);
    }
}

fn owed(page: &mut Page, campaign: &Campaign, entry: &Entry) {
    page.heading(&format!("For {} on {}", campaign.name, campaign.date));
    page.row("owes it", &entry.owner, Meaning::Text);
    let left = words::left(days(campaign.day, entry.due));
    let (late, meaning) = if entry.overdue { ("OVERDUE: ", Meaning::Fail) } else { ("", Meaning::Text) };
    page.row("due", &format!("{late}{}, {left}", entry.due), meaning);
}

/// How an answer that ends before the day can be made to count on it. An answer of today may end too soon, too.
fn renewal(model: &Model, campaign: &Campaign, item: &Item) -> String {
    let here = format!("Here: {} says that the answer still holds", model.key(Action::Checklist(Act::Renew)));
    let latest = item.question.as_ref().and_then(|question| ends::end(&question.max_age, campaign.day).ok());
    match latest.map(|latest| (latest, days(latest, campaign.date))) {
        Some((latest, short)) if short > 0 => format!(
            "An answer of today holds until {latest} at most, {short} d short of the day. {here}; do that {short} d \
             from now, or later."
        ),
        _ => format!("{here}; give it a last day that is not before {}.", campaign.date),
    }
}

/// A demand as a line for a chat.
pub(in crate::tui::screen::checklist) fn line(entry: &Entry) -> String {
    let late = if entry.overdue { "OVERDUE " } else { "" };
    format!(
        "{} {}: {}; {}; {}, {late}due {}",
        entry.stands.words(),
        entry.id,
        entry.title,
        entry.message,
        entry.owner,
        entry.due
    )
}

/// What the campaign demands of a criterion, as an item of its Markdown.
pub(in crate::tui::screen::checklist) fn owed_markdown(planned: &Planned, item: &Item) -> Option<String> {
    let (campaign, entry) = (&planned.campaign, planned.entry_of(item)?);
    let late = if entry.overdue { "OVERDUE, " } else { "" };
    let safe = |text: &str| harmless(&one_line(text));
    Some(format!(
        "- For {} on {}: {}; owed by {}, {late}due {}\n",
        safe(&campaign.name),
        campaign.date,
        entry.stands.words(),
        safe(&entry.owner),
        entry.due
    ))
}

/// A demand as Markdown, for a ticket or a chat.
pub(in crate::tui::screen::checklist) fn markdown(campaign: &Campaign, entry: &Entry) -> String {
    let safe = |text: &str| harmless(&one_line(text));
    let late = if entry.overdue { "OVERDUE, " } else { "" };
    let mut out = format!(
        "**{} {}** ({}): {}\n\n- For {} on {}\n- Owed by {}, {late}due {}",
        entry.stands.words(),
        safe(&entry.title),
        safe(&entry.id),
        safe(&entry.message),
        safe(&campaign.name),
        campaign.date,
        safe(&entry.owner),
        entry.due
    );
    let more = [("Needed", entry.needs.as_deref().unwrap_or_default()), ("To do", entry.todo.as_str())];
    for (name, text) in more.into_iter().filter(|(_, text)| !text.is_empty()) {
        let _ = write!(out, "\n- {name}: {}", safe(text));
    }
    out + "\n"
}
