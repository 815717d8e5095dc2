//! Draws the run: on a wide screen the steps stand beside the one at hand, on a narrow one in a line above it. While
//! something runs, its output and what the live checks say take the lower part.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::{Act, Walk, end, key, page, steps};
use crate::{
    runbook::{record::Mode as How, session::Work},
    text::screen,
    tui::{
        command::Action,
        model::Model,
        screen::findings,
        theme::Meaning,
        widget::{Bar, Canvas, Page, Scroll, age, cells, fit},
    },
};

/// The cells of the list of steps, where it stands beside.
const STEPS: u16 = 50;

/// From this size on the steps are a list beside the one at hand.
const SPLIT: (u16, u16) = (120, 20);

/// Draws it.
pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    let state = &model.screens.run;
    let Some(walk) = &state.walk else {
        let open = model.key(Action::Open);
        let words = match (&state.chosen, &state.choosing) {
            (Some(chosen), _) => format!("{}: {open} asks whether to begin", screen(&chosen.book.title)),
            (None, Some(id)) => {
                let key = model.key(Action::Run(Act::Stop));
                format!("asking who the target of {} is …; {key} stops that", screen(id))
            }
            (None, None) => {
                let key = model.key(Action::Findings(findings::Act::Runbook));
                format!("no run is under way; {key} on a finding, or {open} on a runbook, begins one")
            }
        };
        return canvas.note(area, &words, Meaning::Muted);
    };
    if walk.state.ended.is_some() {
        return end::draw(canvas, model, walk, area);
    }
    let [head, strip, body] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Min(1)]).areas(area);
    let line = title(canvas, model, walk, area.width);
    canvas.line(head, line);
    if area.width < SPLIT.0 || area.height < SPLIT.1 {
        let line = steps::strip(canvas.look, walk, usize::from(area.width));
        canvas.line(strip, line);
        return at_hand(canvas, model, walk, body);
    }
    let [left, _, right] =
        Layout::horizontal([Constraint::Length(STEPS), Constraint::Length(2), Constraint::Min(1)]).areas(body);
    let mut list = Page::new(canvas.look, left.width);
    let at = steps::all(&mut list, walk, true);
    let lines = list.into_lines();
    canvas.page(left, &around(at, lines.len(), left.height), &lines);
    at_hand(canvas, model, walk, right);
}

/// So many lines are shown around the one at hand.
fn around(at: usize, len: usize, height: u16) -> Scroll {
    let first = at.saturating_sub(usize::from(height) / 2).min(len.saturating_sub(usize::from(height)));
    Scroll::at(first)
}

/// What is walked, how, and for how long.
fn title<'l>(canvas: &Canvas, model: &Model, walk: &Walk, width: u16) -> Line<'l> {
    let mut bar = Bar::new(width);
    let title = walk.book.as_ref().map_or_else(|| "taking a run up …".to_owned(), |book| book.title.clone());
    bar.left(Span::styled(format!(" {}", screen(&title)), canvas.style(Meaning::Title)));
    if walk.mode() == Some(How::Instruct) {
        bar.left(Span::styled("  by hand", canvas.style(Meaning::Accent)));
    }
    if let Some(finding) = walk.state.started.as_ref().and_then(|started| started.finding.as_ref()) {
        bar.middle(Span::styled(format!("  for {}", screen(finding)), canvas.style(Meaning::Muted)));
    }
    let since = walk.state.began_at.map(|at| format!(" for {} ", age(model.now.duration_since(at).as_secs().max(0))));
    bar.right(Span::styled(since.unwrap_or_default(), canvas.style(Meaning::Muted)));
    bar.into_line()
}

/// The step at hand, with what is going on below it, and what Enter does at the foot.
fn at_hand(canvas: &mut Canvas, model: &Model, walk: &Walk, area: Rect) {
    let [body, foot] = Layout::vertical([Constraint::Min(1), Constraint::Length(1)]).areas(area);
    let line = now(canvas, model, walk, area.width);
    canvas.line(foot, line);
    let lines = page::lines(canvas.look, model, walk, body.width.saturating_sub(1));
    let happening = happening(canvas, walk, body.width.saturating_sub(1));
    if happening.is_empty() {
        return canvas.page(body, &walk.scroll, &lines);
    }
    let below = u16::try_from(happening.len()).unwrap_or(u16::MAX).clamp(3, (body.height / 2).max(3));
    let [high, rule, low] =
        Layout::vertical([Constraint::Min(1), Constraint::Length(1), Constraint::Length(below)]).areas(body);
    canvas.page(high, &Scroll::default(), &lines);
    let words = Line::styled(" live ", canvas.style(Meaning::Title));
    canvas.rule(rule, words);
    canvas.page(low, &walk.output, &happening);
}

/// What is printed and seen while something is under way.
fn happening(canvas: &Canvas, walk: &Walk, width: u16) -> Vec<Line<'static>> {
    let Some((work, _)) = walk.doing.as_ref().filter(|_| walk.busy) else { return Vec::new() };
    let mut page = Page::new(canvas.look, width);
    match work {
        Work::Acting { .. } => {
            page::dropped(&mut page, walk);
            for line in &walk.printed.1 {
                page.verbatim(line, Meaning::Text);
            }
            if walk.printed.1.is_empty() {
                page.text(" ", "nothing printed yet", Meaning::Muted);
            }
        }
        Work::Verifying { .. } => {
            for seen in &walk.seen {
                page::seen(&mut page, "seen", seen);
            }
            if walk.seen.is_empty() {
                page.text(" ", "the first look is under way", Meaning::Muted);
            }
        }
        Work::Surveying(_) | Work::Preparing(_) | Work::Watching | Work::Waiting { .. } => {}
    }
    page.into_lines()
}

/// The last line: what is going on and for how long, or what Enter does.
fn now<'l>(canvas: &Canvas, model: &Model, walk: &Walk, width: u16) -> Line<'l> {
    let style = |meaning| canvas.style(meaning);
    let room = usize::from(width).saturating_sub(2);
    if !walk.is_open() {
        let words = if walk.lost.is_some() { "it cannot go on here" } else { "left; it can be taken up again" };
        return Line::styled(format!(" {}", fit(words, room)), style(Meaning::Warn));
    }
    if walk.busy || walk.stand.is_none() {
        let (words, since) = match &walk.doing {
            Some((work, since)) => (doing(walk, work), model.now.duration_since(*since).as_secs().max(0)),
            None if walk.stand.is_some() => return Line::styled(" a moment …", style(Meaning::Warn)),
            None => return Line::styled(" opening …", style(Meaning::Warn)),
        };
        let stopping = if walk.stopping { "stopping: " } else { "" };
        let words = fit(&format!("{stopping}{} for {} so far", screen(&words), age(since)), room);
        return Line::styled(format!(" {words}"), style(Meaning::Warn));
    }
    if let Some(why) = super::decide::locked(model) {
        return Line::styled(format!(" {}", fit(&why, room)), style(Meaning::Warn));
    }
    let Some(word) = key::enter_word(model) else { return Line::default() };
    let asked = key::asked(walk);
    let key = model.key(Action::Open);
    Line::from(vec![
        Span::styled(format!(" {key} "), style(Meaning::Key)),
        Span::styled(fit(&format!("{word}{asked}"), room.saturating_sub(cells(&key) + 2)), style(Meaning::Title)),
    ])
}

/// What takes time, with the step's heading.
fn doing(walk: &Walk, work: &Work) -> String {
    let title = |id: &String| {
        let step = walk.book.as_ref().and_then(|book| book.step(id));
        step.map_or_else(|| id.clone(), |step| format!("`{}`", step.title))
    };
    match work {
        Work::Acting { step, within } => {
            format!("{} runs, {} at most,", title(step), crate::runbook::words::shown(*within))
        }
        Work::Waiting { step, lasts } => format!("{} waits {},", title(step), crate::runbook::words::shown(*lasts)),
        Work::Verifying { step, within } if within.is_zero() => format!("looking whether {} has worked", title(step)),
        Work::Verifying { step, within } => {
            format!("looking whether {} has worked, {} at most,", title(step), crate::runbook::words::shown(*within))
        }
        Work::Preparing(step) => format!("asking for the target and preconditions of {}", title(step)),
        Work::Surveying(_) | Work::Watching => work.words().trim_end_matches(" …").to_owned(),
    }
}
