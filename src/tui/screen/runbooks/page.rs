//! One runbook in full: what it is for, what it needs to know, its phases and steps with their danger and commands.

use ratatui::text::{Line, Span};

use crate::{
    runbook::{
        model::{Action, ActionKind, Danger, Form, Phase, PhaseKind, Runbook, Step},
        port::Values,
        words,
    },
    text::screen,
    tui::{
        theme::{Look, Meaning},
        widget::{Page, wrap},
    },
};

pub(super) fn lines(look: Look, book: &Runbook, width: u16) -> Vec<Line<'static>> {
    let mut page = Page::new(look, width);
    page.text(" ", &book.title, Meaning::Title);
    page.text(" ", &facts(book), Meaning::Muted);
    if let Some(words) = cures(book) {
        page.text(" ", &words, Meaning::Muted);
    }
    let needs = book.applies.iter().map(|(kind, condition)| format!("{kind} {condition}"));
    let needs: Vec<_> = needs.chain(book.programs.iter().cloned()).collect();
    if !needs.is_empty() {
        page.text(" ", &format!("needs {}", needs.join(", ")), Meaning::Muted);
    }
    if !book.params.is_empty() {
        page.heading("What it needs to know");
        for param in &book.params {
            let secret = if param.secret { ", secret" } else { "" };
            let words = format!("{} ({}{secret})", param.about, param.expected());
            page.row(&param.name, &words, Meaning::Text);
        }
    }
    let mut number = 0;
    for phase in &book.phases {
        of_phase(&mut page, phase, &mut number);
    }
    page.into_lines()
}

/// Which checks it is for, where there are any.
pub(super) fn cures(book: &Runbook) -> Option<String> {
    (!book.fixes.is_empty()).then(|| format!("for {}", book.fixes.join(", ")))
}

/// What it is called, how dangerous it is, how long it takes, and who keeps it.
pub(super) fn facts(book: &Runbook) -> String {
    let mut facts = vec![book.id.clone()];
    match book.form {
        Form::Native => facts.push(format!("{}: {}", book.danger.word(), words::harm(book.danger))),
        Form::Published => facts.push("walked by hand: nothing in it runs".to_owned()),
    }
    facts.extend(book.estimate.map(|time| format!("about {}", words::shown(time))));
    facts.extend(book.owner.as_ref().map(|owner| format!("kept by {owner}")));
    facts.extend(book.reviewed.map(|day| format!("read through on {day}")));
    facts.join(", ")
}

fn of_phase(page: &mut Page, phase: &Phase, number: &mut usize) {
    let back = if phase.kind == PhaseKind::RollBack { " (not on the way forward)" } else { "" };
    page.heading(&format!("{}{back}", phase.title));
    page.markdown("   ", &phase.prose);
    for step in &phase.steps {
        *number += 1;
        of_step(page, step, *number);
    }
}

fn of_step(page: &mut Page, step: &Step, number: usize) {
    let (word, meaning) = match step.action.as_ref() {
        Some(action) if action.kind.acts() => (action.danger.word(), danger(action.danger)),
        Some(action) => (action.kind.word(None), Meaning::Muted),
        None => ("by hand", Meaning::Muted),
    };
    page.gap();
    page.line(Line::from(vec![
        Span::raw(format!("   {number}. ")),
        Span::styled(screen(&step.title).into_owned(), page.style(Meaning::Title)),
        Span::styled(format!("  [{word}]"), page.style(meaning)),
    ]));
    page.markdown("      ", &step.prose);
    for item in &step.items {
        page.text("      ", &format!("[ ] {}", item.text), Meaning::Text);
    }
    if let Some(action) = &step.action {
        of_action(page, "", action);
    }
    let values = Values::default();
    for verify in step.verifications() {
        page.text("      ", &format!("then {}", words::verify_words(verify, &values)), Meaning::Text);
    }
    if let Some(undo) = &step.undo {
        of_action(page, "undo: ", undo);
    }
}

fn danger(danger: Danger) -> Meaning {
    match danger {
        Danger::Observe => Meaning::Pass,
        Danger::Change => Meaning::Warn,
        Danger::Dangerous => Meaning::Danger,
    }
}

/// The command as it is written, its values not filled in.
fn of_action(page: &mut Page, what: &str, action: &Action) {
    match &action.kind {
        ActionKind::Wait(time) => page.text("      ", &format!("wait {}", words::shown(*time)), Meaning::Text),
        ActionKind::Confirm(question) => page.text("      ", &format!("asks: {question}"), Meaning::Text),
        ActionKind::Ask(name) => page.text("      ", &format!("asks for {name}"), Meaning::Text),
        ActionKind::Check(_) => {}
        kind => {
            let language = kind.word(action.target.as_ref());
            let words = format!("{what}{language}, within {}", words::shown(action.timeout));
            page.text("      ", &words, Meaning::Muted);
            let room = page.width().saturating_sub(9).max(10);
            for line in action.body.trim_end().lines() {
                for part in wrap(&screen(line), room) {
                    page.line(Line::styled(format!("        {part}"), page.style(Meaning::Accent)));
                }
            }
        }
    }
}
