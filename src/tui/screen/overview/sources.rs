//! The sources: who does not answer and since when, who is old, when the next try is.

use ratatui::text::{Line, Span};

use crate::{
    check::finding::{Finding, Status},
    text::screen,
    tui::{
        command::Action,
        model::{Freshness, Model, SourceState},
        theme::Meaning,
        widget::{Bar, Canvas, age, column, middle},
    },
};

/// Sources that do not answer, are old, or are asked for the first time.
pub(super) fn troubled(canvas: &Canvas, model: &Model, width: u16, most: usize) -> Vec<Line<'static>> {
    let all: Vec<_> = model.sources.iter().map(|source| (source, state(model, source))).collect();
    let troubled: Vec<_> = all.into_iter().filter(|(_, (_, meaning))| *meaning != Meaning::Pass).collect();
    let shown = if troubled.len() > most { most.saturating_sub(1) } else { troubled.len() };
    let mut lines: Vec<_> = troubled.iter().take(shown).map(|(source, _)| line(canvas, model, source, width)).collect();
    if troubled.len() > shown {
        let more = format!(" and {} more sources are not fresh", troubled.len() - shown);
        lines.push(Line::styled(more, canvas.style(Meaning::Unknown)));
    }
    lines
}

/// All sources, under a heading.
pub(super) fn all(canvas: &Canvas, model: &Model, width: u16, most: usize) -> Vec<Line<'static>> {
    let heading = if model.is_recorded() { " Sources, as they were recorded" } else { " Sources" };
    let mut lines = vec![Line::styled(heading, canvas.style(Meaning::Title))];
    // Those that fail first: the list may be cut.
    let mut sources: Vec<&SourceState> = model.sources.iter().collect();
    sources.sort_by_key(|source| state(model, source).1 == Meaning::Pass);
    lines.extend(sources.iter().take(most).map(|source| line(canvas, model, source, width)));
    if sources.len() > most {
        let more = format!("   and {} more", sources.len() - most);
        lines.push(Line::styled(more, canvas.style(Meaning::Muted)));
    }
    lines
}

/// What so many findings are that are unknown because a source is silent: why it is, and what they said last.
pub(super) fn silence(model: &Model, first: &Finding, many: usize) -> (String, String) {
    let name = first.ground.source.as_deref().unwrap_or_default();
    let fault = model.source(name).and_then(|source| source.fault.as_ref());
    let words = fault.map_or_else(|| "no answer".to_owned(), |fault| screen(&fault.words).into_owned());
    let of_it =
        |finding: &&Finding| finding.ground.source.as_deref() == Some(name) && finding.status == Status::Unknown;
    let said = |status: Status| {
        let last = |finding: &Finding| model.screens.findings.last(finding).map(|last| last.status);
        let n = model.worst().iter().filter(of_it).filter(|finding| last(finding) == Some(status)).count();
        (n > 0).then(|| format!("{n} said {} before", status.word()))
    };
    let before = [Status::Fail, Status::Warn].into_iter().filter_map(said);
    let facts: Vec<_> = [format!("{many} are not known")].into_iter().chain(before).collect();
    (format!("{}: {words}", screen(name)), format!("{}; {} lists them", facts.join(", "), model.key(Action::Open)))
}

/// The word of how a source stands.
fn state(model: &Model, source: &SourceState) -> (&'static str, Meaning) {
    if model.is_recorded() {
        return if source.fault.is_some() { ("DOWN", Meaning::Fail) } else { ("ok", Meaning::Pass) };
    }
    let freshness = source.freshness(model.now);
    if source.lost.is_some() && matches!(freshness, Freshness::Fresh | Freshness::Aging) {
        return ("partly", Meaning::Unknown);
    }
    match freshness {
        Freshness::Never => ("asking", Meaning::Muted),
        Freshness::Fresh => ("ok", Meaning::Pass),
        Freshness::Aging => ("aging", Meaning::Stale),
        Freshness::Stale => ("STALE", Meaning::Stale),
        Freshness::Failed => ("DOWN", Meaning::Fail),
    }
}

/// A source in a line: its ages always show, its words take what is left.
fn line(canvas: &Canvas, model: &Model, source: &SourceState, width: u16) -> Line<'static> {
    let (word, meaning) = state(model, source);
    let times = times(model, source);
    let name = screen(&source.name).into_owned();
    let words = match (&source.fault, source.asking) {
        (None, _) if source.lost.is_some() => {
            format!("{name}: {}", screen(source.lost.as_deref().unwrap_or_default()))
        }
        (Some(fault), _) => format!("{name}: {}", screen(&fault.words)),
        (None, Some((done, of))) if source.answered_at.is_none() => format!("{name}: {done} of {of} answers"),
        (None, _) if source.about.is_empty() => name,
        (None, _) => format!("{name}: {}", screen(&source.about)),
    };
    let room = usize::from(width).saturating_sub(11 + times.len());
    let mut bar = Bar::new(width);
    bar.left(Span::styled(format!("   {} ", column(word, 6)), canvas.style(meaning)));
    bar.left(Span::raw(middle(&words, room)));
    bar.right(Span::styled(format!(" {times}"), canvas.style(Meaning::Muted)));
    bar.into_line()
}

/// How old its last answer is, and when it is asked again.
fn times(model: &Model, source: &SourceState) -> String {
    if model.is_recorded() {
        return String::new();
    }
    let seconds = |at| model.now.duration_since(at).as_secs();
    let last = match source.answered_at {
        Some(at) => format!("{} old", age(seconds(at).max(0))),
        None => "never answered".to_owned(),
    };
    let next = source.fault.as_ref().and_then(|fault| fault.next).map(|at| {
        let wait = -seconds(at);
        if wait <= 0 { ", trying".to_owned() } else { format!(", next try in {}", age(wait)) }
    });
    format!("{last}{}", next.unwrap_or_default())
}
