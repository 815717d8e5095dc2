//! Draws the model. Pure: the same model gives the same frame, whatever the time and whoever looks.
//!
//! Around every screen stand the same lines: who is looked at and what may be done, the screens, where one is and how
//! fresh all this is; and at the foot a message or the hints.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::{
    command::{Action, COMMANDS, Command},
    model::{Gravity, Hit, Mode, Model},
    over, screen as screens,
    screen::Tab,
    theme::Meaning,
    widget::{Bar, Canvas, age, cells, fit, plain, wrap},
};
use crate::text::screen;

/// The smallest screen that is of any use.
pub const LEAST: (u16, u16) = (40, 12);

/// Draws everything. Returns what can be clicked.
pub fn draw(buf: &mut Buffer, model: &Model) -> Vec<(Rect, Hit)> {
    let hits = whole(buf, model);
    if model.look.ascii {
        plain(buf);
    }
    hits
}

fn whole(buf: &mut Buffer, model: &Model) -> Vec<(Rect, Hit)> {
    let area = buf.area;
    let mut canvas = Canvas::new(buf, model.look);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(&mut canvas, model, area);
        return Vec::new();
    }
    let [identity, tabs, first, body, second, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    let line = who(&canvas, model, area.width);
    canvas.line(identity, line);
    names(&mut canvas, model, tabs);
    place(&mut canvas, model, first);
    match &model.failed {
        Some(words) => failed(&mut canvas, words, body),
        None => screens::draw(&mut canvas, model, body),
    }
    canvas.rule(second, Line::default());
    let line = last_line(&canvas, model, area.width);
    canvas.line(foot, line);
    over::draw(&mut canvas, model, area);
    canvas.hits
}

fn too_small(canvas: &mut Canvas, model: &Model, area: Rect) {
    let key = model.key(Action::Quit);
    let words = format!("{}x{} is too small; {}x{} at least. {key} quits", area.width, area.height, LEAST.0, LEAST.1);
    canvas.lines(area, wrap(&words, usize::from(area.width)).into_iter().map(Line::from));
}

fn failed(canvas: &mut Canvas, words: &str, area: Rect) {
    let style = canvas.style(Meaning::Fail);
    let width = usize::from(area.width).saturating_sub(2);
    let lines: Vec<Line> = words
        .lines()
        .flat_map(|line| wrap(&screen(line), width))
        .map(|line| Line::styled(format!(" {line}"), style))
        .collect();
    canvas.lines(area, lines);
}

/// Who is looked at, and what may be done: never hidden.
fn who<'m>(canvas: &Canvas, model: &'m Model, width: u16) -> Line<'m> {
    let style = |meaning| canvas.style(meaning);
    let (mode, meaning) = match &model.about.mode {
        Mode::Replay(of) => (format!("{} of {}", model.about.mode.word(), screen(of)), Meaning::Title),
        Mode::Guarded => (model.about.mode.word().to_owned(), Meaning::Danger),
        Mode::Observe { .. } => (model.about.mode.word().to_owned(), Meaning::Title),
    };
    let mut line = Bar::new(width);
    line.left(Span::styled(" loadline ", style(Meaning::Muted)));
    line.left(Span::styled(screen(&model.about.target).into_owned(), style(Meaning::Title)));
    if let Some(environment) = &model.about.environment {
        let meaning = if model.about.is_production() { Meaning::Production } else { Meaning::Environment };
        line.left(Span::raw(" "));
        line.left(Span::styled(format!("[{}]", screen(&environment.to_uppercase())), style(meaning)));
    }
    let versions: Vec<&str> =
        model.sources.iter().map(|source| source.about.as_str()).filter(|about| !about.is_empty()).collect();
    line.middle(Span::styled(format!("  {}", screen(&versions.join(" | "))), style(Meaning::Muted)));
    line.right(Span::styled(format!(" {mode} "), style(meaning)));
    line.into_line()
}

/// From this width on the screens are named in full.
const FULL_NAMES: u16 = 90;

/// The screens with their numbers. Where there is too little room, four letters of the others or only their numbers: each
/// can be seen and gone to at any width.
fn names(canvas: &mut Canvas, model: &Model, area: Rect) {
    let mut x = area.x + u16::from(area.width >= FULL_NAMES);
    let letters = [usize::MAX, 4, 0].into_iter().find(|most| {
        let of = |tab: Tab| 3 + letters_of(model, tab, *most).len();
        Tab::ALL.into_iter().map(of).sum::<usize>() <= usize::from(area.width) + 1
    });
    for (at, tab) in Tab::ALL.into_iter().enumerate() {
        let name =
            if area.width >= FULL_NAMES { tab.title() } else { letters_of(model, tab, letters.unwrap_or_default()) };
        let meaning = if tab == model.nav.tab() { Meaning::Selected } else { Meaning::Text };
        let mut words = Line::from(Span::styled((at + 1).to_string(), canvas.style(Meaning::Key)));
        if !name.is_empty() {
            words.push_span(Span::raw(" "));
            words.push_span(Span::styled(name, canvas.style(meaning)));
        }
        let width = u16::try_from(words.width()).unwrap_or(u16::MAX);
        let place = Rect { x, width: width.min(area.right().saturating_sub(x)), ..area };
        canvas.line(place, words);
        canvas.hits.push((place, Hit::Tab(tab)));
        x = (x + width + if area.width >= FULL_NAMES { 2 } else { 1 }).min(area.right());
    }
}

/// The short name of a screen, of one that is not at hand no more than so many letters.
fn letters_of(model: &Model, tab: Tab, most: usize) -> &'static str {
    let name = tab.short();
    if tab == model.nav.tab() { name } else { name.get(..most).unwrap_or(name) }
}

/// Where one is, and how fresh what is shown is.
fn place(canvas: &mut Canvas, model: &Model, area: Rect) {
    let (words, meaning) = freshness(model);
    let inner: Vec<String> = model.nav.path()[1..].iter().map(|place| screen(&place.word()).into_owned()).collect();
    let width = usize::from(area.width);
    let right = format!(" {words} ");
    let style = canvas.style(Meaning::Muted);
    canvas.rule(area, Line::default());
    if !inner.is_empty() {
        let trail = format!(" {} > {} ", model.nav.tab().title(), inner.join(" > "));
        let shown = fit(&trail, width.saturating_sub(cells(&right) + 6));
        canvas.line(
            Rect { x: area.x + 2, width: area.width - 2, ..area },
            Line::styled(shown, canvas.style(Meaning::Title)),
        );
    }
    let used = u16::try_from(cells(&right)).unwrap_or(u16::MAX).min(area.width);
    let at = Rect { x: area.right().saturating_sub(used + 2), width: used, ..area };
    let meaning = if meaning == Meaning::Muted { style } else { canvas.style(meaning) };
    canvas.line(at, Line::styled(right, meaning));
}

/// How old what was judged is, and how many sources do not answer.
fn freshness(model: &Model) -> (String, Meaning) {
    let Some(audit) = &model.audit else {
        return match (&model.failed, model.is_recorded()) {
            (Some(_), _) => ("nothing to show".into(), Meaning::Fail),
            (None, true) => ("reading …".into(), Meaning::Muted),
            (None, false) => ("asking …".into(), Meaning::Muted),
        };
    };
    let at = audit.snapshot.finished_at;
    if model.is_recorded() {
        return (format!("as of {}", at.strftime("%Y-%m-%d %H:%M UTC")), Meaning::Muted);
    }
    let latest = model.sources.iter().filter_map(|source| source.answered_at).max().unwrap_or(at);
    let seconds = model.now.duration_since(latest).as_secs().max(0);
    let faults = model.sources.iter().filter(|source| source.fault.is_some()).count();
    let stale = seconds > i64::try_from(model.every.as_secs()).unwrap_or(i64::MAX).saturating_mul(5) + 5;
    let (word, meaning) = match (model.paused, faults) {
        (true, _) => ("paused".to_owned(), Meaning::Warn),
        (false, 0) => ("ok".to_owned(), if stale { Meaning::Warn } else { Meaning::Muted }),
        (false, 1) => ("1 source down".to_owned(), Meaning::Fail),
        (false, n) => (format!("{n} sources down"), Meaning::Fail),
    };
    (format!("{} old  {word}", age(seconds)), meaning)
}

/// A message where there is one, else the hints.
fn last_line<'m>(canvas: &Canvas, model: &'m Model, width: u16) -> Line<'m> {
    let style = |meaning| canvas.style(meaning);
    if let Some(message) = model.message() {
        let (word, meaning) = match message.gravity {
            Gravity::Info => ("", Meaning::Text),
            Gravity::Warning => ("WARNING ", Meaning::Warn),
            Gravity::Error => ("ERROR ", Meaning::Fail),
        };
        let dismiss = message.gravity.lasts().is_none().then(|| format!("  ({})", model.key(Action::Back)));
        let dismiss = dismiss.unwrap_or_default();
        let room = usize::from(width).saturating_sub(word.len() + dismiss.len() + 2);
        return Line::from(vec![
            Span::raw(" "),
            Span::styled(word, style(meaning)),
            Span::raw(fit(&screen(&message.text), room)),
            Span::styled(dismiss, style(Meaning::Muted)),
        ]);
    }
    hints(canvas, model, usize::from(width))
}

/// The commands that would do something here and now, with a key and a word each.
pub(super) fn hinted(model: &Model) -> impl Iterator<Item = (&'static Command, &str, &'static str)> {
    COMMANDS.iter().filter_map(|command| {
        let hint = screens::enter_word(model).filter(|_| command.id == "open").or(command.hint)?;
        // Why a command cannot be done is asked last: it is what takes longest.
        let key = model.keymap.keys(command).first().copied()?;
        (command.is_here(model) && command.why_not(model).is_none()).then_some((command, key, hint))
    })
}

/// The hints that there is room for. How to get help and out always is.
fn hints<'m>(canvas: &Canvas, model: &'m Model, width: usize) -> Line<'m> {
    let must = |command: &Command| matches!(command.id, "help" | "quit" | "open" | "back");
    let mut hints: Vec<(&str, &str, bool)> =
        hinted(model).map(|(command, key, hint)| (key, hint, must(command))).collect();
    let cells = |(key, hint, _): &(&str, &str, bool)| key.len() + hint.len() + 4;
    while hints.iter().map(cells).sum::<usize>() > width {
        let Some(last) = hints.iter().rposition(|(.., must)| !must) else { break };
        hints.remove(last);
    }
    let mut spans = vec![Span::raw(" ")];
    for (key, hint, _) in hints {
        spans.push(Span::styled(key, canvas.style(Meaning::Key)));
        spans.push(Span::raw(format!(" {hint}   ")));
    }
    Line::from(spans)
}
