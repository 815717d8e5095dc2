//! One criterion: what is demanded and why, how it is known, the answer so far, and what would answer it.

use ratatui::text::{Line, Span};

use super::{Act, campaign, words};
use crate::{
    readiness::{
        checklist::{Item, State},
        model::Assessed,
    },
    report::one_line,
    text::{markdown as harmless, screen},
    tui::{
        command::Action,
        model::Model,
        theme::{Look, Meaning},
        widget::{Page, status, wrap},
    },
};

pub(super) fn lines(model: &Model, look: Look, item: &Item, width: u16) -> Vec<Line<'static>> {
    let mut page = Page::new(look, width);
    let known = model.audit.as_ref().and_then(|audit| audit.readiness.as_ref());
    let assessed = known.and_then(|readiness| readiness.criteria.iter().find(|of| of.id == item.id));
    let (word, meaning) = words::word(item);
    for (n, part) in wrap(&screen(&item.title), usize::from(width).saturating_sub(9)).into_iter().enumerate() {
        let word = if n == 0 { word } else { "      " };
        page.line(Line::from(vec![
            Span::raw(" "),
            Span::styled(word, look.style(meaning)),
            Span::raw("  "),
            Span::styled(part, look.style(Meaning::Title)),
        ]));
    }
    page.text("        ", &place(item, assessed), Meaning::Muted);
    page.text(" ", &format!("{}: {}", item.state.words(), one_line(&item.message)), meaning);
    todo(&mut page, model, item);
    if let Some(planned) = model.screens.checklist.known_campaign() {
        campaign::section(&mut page, model, planned, item);
    }
    question(&mut page, item);
    if let Some(assessed) = assessed {
        answer(&mut page, item, assessed);
        measured(&mut page, item, assessed);
        page.section("Why it is demanded", &assessed.why);
        page.section("Source", &source(model, assessed));
    }
    page.into_lines()
}

fn place(item: &Item, assessed: Option<&Assessed>) -> String {
    let mut words = vec![item.id.clone()];
    words.extend(item.level.as_ref().map(|level| format!("level {level}")));
    words.push(item.domain.clone());
    words.extend(assessed.map(|assessed| format!("weight {}", assessed.weight)));
    words.push(if item.gate { "a gate: a fail blocks" } else { "no gate" }.into());
    words.join(", ")
}

fn todo(page: &mut Page, model: &Model, item: &Item) {
    let here = signed(item).map(|(act, words)| {
        let why_not = super::no_place(model, act);
        let words = || format!("{} {words}", model.key(Action::Checklist(act)));
        format!("Here: {}.", why_not.map_or_else(words, str::to_owned))
    });
    let lines = [here.unwrap_or_default(), item.todo.trim().to_owned()];
    let mut lines = lines.iter().filter(|line| !line.is_empty()).peekable();
    if lines.peek().is_some() {
        page.heading("What to do");
        lines.for_each(|line| page.text("   ", line, Meaning::Text));
    }
}

/// What can be signed about an item as it stands, and what its key does.
fn signed(item: &Item) -> Option<(Act, &'static str)> {
    match item.state {
        State::Unanswered | State::Expired | State::Stale | State::Flawed if item.question.is_some() => {
            Some((Act::Answer, "answers it"))
        }
        State::Waits => Some((Act::Approve, "approves it, by another person than the one who answered")),
        State::ExpiresSoon if item.by_answer => Some((Act::Renew, "says that it still holds")),
        State::Fails => Some((Act::Waive, "accepts the fail for a time")),
        _ => None,
    }
}

fn question(page: &mut Page, item: &Item) {
    let Some(question) = &item.question else { return };
    page.section("Question for a person; yes is good", &question.text);
    if !question.evidence.is_empty() {
        page.row("evidence wanted", &question.evidence, Meaning::Text);
    }
    page.row("holds at most", &question.max_age, Meaning::Text);
    let second = if question.two_person { "yes, another one than who answers" } else { "no" };
    page.row("second person", second, Meaning::Text);
}

fn answer(page: &mut Page, item: &Item, assessed: &Assessed) {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    if let Some(given) = &assessed.attestation {
        page.heading("Answer so far");
        let until = format!("{}{}", day(item.until.or(given.expires)), ends(item));
        let rows = [
            ("answer", given.answer.clone()),
            ("by", format!("{}, on {}", given.by, day(given.on))),
            ("until", until),
            ("approved by", given.approved_by.clone().unwrap_or_default()),
            ("evidence", given.evidence.clone()),
            ("note", given.note.clone()),
            ("file", given.file.clone()),
            ("cannot be read", given.fault.clone().unwrap_or_default()),
        ];
        for (name, value) in rows.iter().filter(|(_, value)| !value.trim().is_empty()) {
            page.row(name, value, Meaning::Text);
        }
    }
    if let Some(waiver) = &assessed.waiver {
        page.heading("Accepted");
        let until = format!("{}{}", day(waiver.expires), ends(item));
        let ticket = waiver.ticket.clone().unwrap_or_default();
        let rows = [
            ("by", &waiver.owner),
            ("until", &until),
            ("reason", &waiver.reason),
            ("ticket", &ticket),
            ("file", &waiver.file),
        ];
        for (name, value) in rows.iter().filter(|(_, value)| !value.trim().is_empty()) {
            page.row(name, value, Meaning::Text);
        }
    }
}

fn ends(item: &Item) -> String {
    item.days_left.map(|days| format!(" ({})", words::left(days))).unwrap_or_default()
}

fn measured(page: &mut Page, item: &Item, assessed: &Assessed) {
    page.heading("How it is known");
    let sources = item.sources.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
    let how = match (item.checks.is_empty(), sources.is_empty(), item.question.is_some()) {
        (false, ..) => format!("by {}", item.checks.join(", ")),
        (true, false, _) => format!("by a rule over what {sources} says"),
        (true, true, true) => "by a person's word: no probe can see it".to_owned(),
        (true, true, false) => "by nothing that is there".to_owned(),
    };
    page.text("   ", &how, Meaning::Text);
    for basis in &assessed.ground {
        let (word, meaning) = status(basis.status);
        page.text("   ", &format!("{word} {}: {}", basis.subject, one_line(&basis.message)), meaning);
    }
    if let Some(needs) = &assessed.needs {
        page.section(
            "What would answer it",
            &format!("{needs}{}", if item.question.is_some() { "; or a person" } else { "" }),
        );
    }
}

fn source(model: &Model, assessed: &Assessed) -> String {
    let file = model.audit.as_ref().and_then(|audit| audit.packs.iter().find(|pack| pack.id == assessed.pack));
    let pack = file.map_or_else(|| assessed.pack.clone(), |pack| format!("{} ({})", pack.title, pack.file));
    let rows = assessed.rows.join(", ");
    if rows.is_empty() { pack } else { format!("{pack}, rows {rows}") }
}

/// All of an item as Markdown, for a ticket or a chat.
pub(super) fn markdown(item: &Item) -> String {
    let safe = |text: &str| harmless(&one_line(text));
    let mut parts = vec![format!(
        "**{} {}** ({}): {}\n",
        item.status.word(),
        safe(&item.title),
        safe(&item.id),
        safe(&item.message)
    )];
    if let Some(question) = &item.question {
        parts.push(format!("\n- Question: {}", safe(&question.text)));
    }
    if let Some(by) = &item.answered_by {
        let until = item.until.map(|day| format!(", until {day}")).unwrap_or_default();
        parts.push(format!("\n- Answered by {}{until}", safe(by)));
    }
    if !item.todo.is_empty() {
        parts.push(format!("\n- To do: {}", safe(&item.todo)));
    }
    parts.concat() + "\n"
}
