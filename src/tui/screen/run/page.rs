//! The step at hand in full: why, on whom, what would run, what was seen, what can be taken back, what comes next.

use ratatui::{
    style::Modifier,
    text::{Line, Span},
};

use super::{Walk, ask, steps};
use crate::{
    quantity,
    runbook::{
        machine::{Asks, Situation},
        model::{Action, ActionKind, Danger, Step},
        record::Seen,
        state::StepState,
        words,
    },
    snapshot::Unit,
    text::{fenced, markdown as harmless, screen},
    tui::{
        model::Model,
        theme::{Look, Meaning},
        widget::{Page, wrap},
    },
};

/// The page of where a run stands.
pub(super) fn lines(look: Look, model: &Model, walk: &Walk, width: u16) -> Vec<Line<'static>> {
    let mut page = Page::new(look, width);
    if let Some(lost) = &walk.lost {
        page.text(" ", lost, Meaning::Fail);
        page.gap();
    }
    match (walk.step(), walk.situation()) {
        (_, Some(Situation::ToFinish)) => finish(&mut page, model, walk),
        (Some((step, back)), _) => of_step(&mut page, model, walk, step, back),
        (None, _) => {
            if let Some(book) = &walk.book {
                page.text(" ", &book.title, Meaning::Title);
            }
        }
    }
    page.into_lines()
}

fn of_step(page: &mut Page, model: &Model, walk: &Walk, step: &Step, back: bool) {
    let unknown = StepState::default();
    let known = walk.known().unwrap_or(&unknown);
    head(page, walk, step, back, known);
    trouble(page, walk, known);
    let why = step.prose.split("\n\n").next().unwrap_or_default();
    page.markdown(" ", why);
    items(page, step, known);
    action(page, model, walk, step, back, known);
    looks(page, walk, step, back, known);
    output(page, walk, known);
    steps::stands(page, model, walk);
    steps::next(page, walk);
    let rest = step.prose.split_once("\n\n").map_or("", |(_, rest)| rest);
    if !rest.trim().is_empty() {
        page.heading("More of the runbook");
        page.markdown(" ", rest);
    }
    let phase =
        walk.book.iter().flat_map(|book| &book.phases).find(|phase| phase.steps.iter().any(|s| s.id == step.id));
    if let Some(phase) = phase.filter(|phase| !phase.prose.trim().is_empty()) {
        page.heading(&phase.title);
        page.markdown(" ", &phase.prose);
    }
}

fn head(page: &mut Page, walk: &Walk, step: &Step, back: bool, known: &StepState) {
    let place = walk.book.as_ref().map(|book| words::place(book, step)).unwrap_or_default();
    let take_back = if back { "Take back: " } else { "" };
    let (word, meaning) = steps::status(known.status);
    let line = Line::from(vec![
        Span::raw(" "),
        Span::styled(format!("{take_back}{}", screen(&step.title)), page.style(Meaning::Title)),
        Span::styled(format!("  {place}"), page.style(Meaning::Muted)),
        Span::raw("  "),
        Span::styled(word, page.style(meaning)),
    ]);
    page.line(line);
}

/// What went wrong or is not known comes first.
fn trouble(page: &mut Page, walk: &Walk, known: &StepState) {
    match walk.asks() {
        Some(Asks::Trouble(words)) => labelled(page, "TROUBLE", words, Meaning::Fail),
        Some(Asks::Settle(words)) => labelled(page, "UNKNOWN", words, Meaning::Unknown),
        _ => return,
    }
    for seen in known.verified.iter().flat_map(|(_, seen)| seen) {
        self::seen(page, "seen", seen);
    }
    page.gap();
}

fn items(page: &mut Page, step: &Step, known: &StepState) {
    for item in &step.items {
        let ticked = known.ticked.contains(&item.text);
        let (mark, meaning) = if ticked { ("[x]", Meaning::Pass) } else { ("[ ]", Meaning::Text) };
        labelled(page, mark, &item.text, meaning);
    }
}

fn action(page: &mut Page, model: &Model, walk: &Walk, step: &Step, back: bool, known: &StepState) {
    if let Some((identity, at)) = &known.identity {
        labelled(page, "target", &words::target(identity), Meaning::Title);
        let seconds = model.now.duration_since(*at).as_secs();
        if seconds > 60 {
            labelled(page, "", &format!("asked {} ago", crate::tui::widget::age(seconds)), Meaning::Stale);
        }
    }
    let action = if back { step.undo.as_ref() } else { step.action.as_ref() };
    match action {
        Some(action) => {
            danger(page, action);
            let shown = walk.stand.as_ref().map(|stand| &stand.runs);
            runs(page, "runs", shown, action);
        }
        None if step.verify.is_empty() => labelled(page, "by hand", "people do this step", Meaning::Text),
        None => {}
    }
    if let Some(undo) = step.undo.as_ref().filter(|_| !back) {
        runs(page, "undo", walk.stand.as_ref().map(|stand| &stand.undo), undo);
    }
    for branch in &step.branches {
        labelled(page, "or", &format!("{} (runbook {})", branch.text, branch.runbook), Meaning::Muted);
    }
}

fn danger(page: &mut Page, action: &Action) {
    if !action.kind.acts() {
        return;
    }
    let meaning = match action.danger {
        Danger::Observe => Meaning::Pass,
        Danger::Change => Meaning::Warn,
        Danger::Dangerous => Meaning::Danger,
    };
    let temporary = action.temporary.map(|time| format!("; to be taken back within {}", words::shown(time)));
    let words = format!(
        "{}: {}{}; at most {}",
        action.danger.word(),
        words::harm(action.danger),
        temporary.unwrap_or_default(),
        words::shown(action.timeout)
    );
    labelled(page, "danger", &words, meaning);
}

/// What would run, every line of it, never cut: it is what the operator says yes to.
fn runs(page: &mut Page, label: &str, shown: Option<&Result<Option<String>, String>>, action: &Action) {
    match (shown, &action.kind) {
        (Some(Ok(Some(shown))), _) => command(page, label, shown),
        (Some(Err(why)), _) => labelled(page, label, &format!("cannot be said yet: {why}"), Meaning::Warn),
        (_, ActionKind::Wait(time)) => labelled(page, "waits", &words::shown(*time), Meaning::Text),
        (_, ActionKind::Confirm(question)) => labelled(page, "asks", question, Meaning::Text),
        (_, ActionKind::Ask(name)) => labelled(page, "asks", &format!("the value of {name}"), Meaning::Text),
        (_, ActionKind::Check(_)) => {}
        _ => command(page, label, &action.body),
    }
}

/// The cells of a label.
const LABEL: usize = 9;

fn command(page: &mut Page, label: &str, text: &str) {
    let room = page.width().saturating_sub(LABEL + 3).max(10);
    let mut label = label;
    for part in text.trim_end().lines() {
        let indent: String = part.chars().take_while(|c| *c == ' ').take(room / 2).collect();
        for words in wrap(&screen(part.trim_start()), room.saturating_sub(indent.len()).max(10)) {
            let line = Line::from(vec![
                Span::styled(format!(" {label:LABEL$} "), page.style(Meaning::Muted)),
                Span::styled(format!("{indent}{words}"), page.style(Meaning::Accent)),
            ]);
            page.line(line);
            label = "";
        }
    }
}

/// A label with words that wrap beside it.
pub(super) fn labelled(page: &mut Page, label: &str, words: &str, meaning: Meaning) {
    let room = page.width().saturating_sub(LABEL + 3).max(10);
    let style = page.style(meaning);
    let mark = if matches!(meaning, Meaning::Fail | Meaning::Unknown) { style } else { page.style(Meaning::Muted) };
    for (n, part) in wrap(&screen(words), room).into_iter().enumerate() {
        let label = if n == 0 { label } else { "" };
        let line = Line::from(vec![Span::styled(format!(" {label:LABEL$} "), mark), Span::styled(part, style)]);
        page.line(line);
    }
}

/// What a live check said, in a line.
pub(super) fn seen(page: &mut Page, label: &str, seen: &Seen) {
    let meaning = match seen.holds {
        Some(true) => Meaning::Pass,
        Some(false) => Meaning::Fail,
        None => Meaning::Unknown,
    };
    labelled(page, label, &words::seen_words(seen), meaning);
}

/// What must hold before, and what must hold afterwards.
fn looks(page: &mut Page, walk: &Walk, step: &Step, back: bool, known: &StepState) {
    for seen in &known.required {
        self::seen(page, "before", seen);
    }
    if back {
        return;
    }
    let values = ask::plain(walk);
    for verify in step.verifications() {
        labelled(page, "then", &words::verify_words(verify, &values), Meaning::Text);
    }
    let troubled = matches!(walk.asks(), Some(Asks::Trouble(_) | Asks::Settle(_)));
    for seen in known.verified.iter().filter(|_| !troubled).flat_map(|(_, seen)| seen) {
        self::seen(page, "seen", seen);
    }
}

/// How the last attempt ended, and what it printed.
fn output(page: &mut Page, walk: &Walk, known: &StepState) {
    if let Some(outcome) = &known.outcome {
        let took = quantity::show(milliseconds(outcome.took_ms), Unit::Milliseconds);
        labelled(page, "ended", &format!("{} after {took}", outcome.says), Meaning::Text);
    }
    let (of, lines) = &walk.printed;
    let mine = walk.state.last.as_ref() == Some(of) || walk.step().is_some_and(|(step, _)| step.id == *of);
    // While it is being printed it stands below, as it comes.
    if lines.is_empty() || !mine || walk.acts() {
        return;
    }
    let title = walk.book.as_ref().and_then(|book| book.step(of)).map_or(of.as_str(), |step| step.title.as_str());
    page.heading(&format!("Output of {title}"));
    dropped(page, walk);
    for line in lines {
        page.verbatim(line, Meaning::Text);
    }
}

/// How much of what was printed is not here any more, and where it is.
pub(super) fn dropped(page: &mut Page, walk: &Walk) {
    if walk.dropped > 0 {
        page.text("   ", &format!("{} lines before this are in the run's folder only", walk.dropped), Meaning::Muted);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a time that is shown")]
fn milliseconds(took: u64) -> f64 {
    took as f64
}

/// What stands before a run is closed.
fn finish(page: &mut Page, model: &Model, walk: &Walk) {
    page.text(" ", "All steps rest. Enter closes the run.", Meaning::Title);
    page.gap();
    steps::all(page, walk, false);
    output(page, walk, &StepState::default());
    steps::stands(page, model, walk);
}

/// The step at hand as Markdown, for a ticket or a chat.
pub(super) fn markdown(model: &Model) -> Option<String> {
    let walk = model.screens.run.walk.as_ref()?;
    let (book, (step, back)) = (walk.book.as_ref()?, walk.step()?);
    let take_back = if back { "Take back: " } else { "" };
    let mut parts = vec![
        format!("**{}** on {}", harmless(&book.title), harmless(&model.about.target)),
        format!("{take_back}{}, {}", harmless(&step.title), words::place(book, step)),
    ];
    let known = walk.known();
    if let Some((identity, _)) = known.and_then(|known| known.identity.as_ref()) {
        parts.push(format!("Target: {}", harmless(&words::target(identity))));
    }
    if let Some(Ok(Some(shown))) = walk.stand.as_ref().map(|stand| &stand.runs) {
        parts.push(fenced("", shown));
    }
    let line = |word: &str, seen: &Seen| format!("- {word}: {}", harmless(&words::seen_words(seen)));
    let before = known.into_iter().flat_map(|known| &known.required).map(|seen| line("before", seen));
    let after = known.and_then(|known| known.verified.as_ref()).into_iter().flat_map(|(_, seen)| seen);
    let looks: Vec<_> = before.chain(after.map(|seen| line("seen", seen))).collect();
    parts.extend((!looks.is_empty()).then(|| looks.join("\n")));
    Some(parts.join("\n\n") + "\n")
}

/// What stands out beside a title.
pub(super) fn bold(page: &Page) -> ratatui::style::Style {
    page.style(Meaning::Text).add_modifier(Modifier::BOLD)
}
