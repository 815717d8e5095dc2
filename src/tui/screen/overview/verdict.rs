//! The verdict in a few lines: the stage that is aimed at, the ladder, what stands in the way.

use ratatui::text::{Line, Span};

use crate::{
    check::finding::Status,
    readiness::{Readiness, model::LevelReadiness, score::Verdict},
    report::Audit,
    text::screen,
    tui::{
        command::Action,
        model::Model,
        screen::Tab,
        theme::Meaning,
        widget::{Bar, Canvas, cells, column, fit, status},
    },
};

/// What a verdict means for colours.
fn meaning(verdict: Verdict) -> Meaning {
    match verdict {
        Verdict::Ready => Meaning::Pass,
        Verdict::ReadyWithWaivers => Meaning::Waived,
        Verdict::Unproven => Meaning::Unknown,
        Verdict::NotReady => Meaning::Fail,
    }
}

/// The verdict, the ladder, and what decides: as many of these lines as are wanted.
pub(super) fn lines(canvas: &Canvas, audit: &Audit, width: u16, lines: usize) -> Vec<Line<'static>> {
    let Some(readiness) = &audit.readiness else { return Vec::new() };
    let because = fit(&screen(&readiness.because), usize::from(width).saturating_sub(2));
    let all = [
        aimed(canvas, readiness, width),
        ladder(canvas, readiness, width),
        Line::styled(format!(" {because}"), canvas.style(meaning(readiness.verdict))),
    ];
    all.into_iter().take(lines).collect()
}

/// The verdict on the stage that is aimed at.
fn aimed(canvas: &Canvas, readiness: &Readiness, width: u16) -> Line<'static> {
    let stage = format!(" Stage {} {}: ", screen(&readiness.stage.id), screen(&readiness.stage.title));
    let verdict = readiness.verdict.words();
    let used = cells(&stage) + cells(verdict);
    let score = readiness.score.words();
    // Where there is no room for the word, the numbers stay.
    let word = if used + cells(&score) + 8 <= usize::from(width) { "score " } else { "" };
    let score = format!("  {word}{score}");
    let reached = readiness.stage_reached.as_ref().map_or("none", |stage| &stage.id);
    let room = usize::from(width).saturating_sub(used + cells(&score));
    let reached = ["   stage reached: ", "   reached: "].map(|words| format!("{words}{}", screen(reached)));
    let mut bar = Bar::new(width);
    bar.left(Span::styled(stage, canvas.style(Meaning::Title)));
    bar.left(Span::styled(verdict, canvas.style(meaning(readiness.verdict))));
    bar.left(Span::raw(score));
    if let Some(words) = reached.into_iter().find(|words| cells(words) <= room) {
        bar.left(Span::styled(words, canvas.style(Meaning::Muted)));
    }
    bar.into_line()
}

/// How much is said of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Words,
    Marks,
    Numbers,
}

/// All stages with their verdicts, the one that is aimed at in brackets; where there is too little room, of the others
/// the verdict as a mark only, and then without their names.
fn ladder(canvas: &Canvas, readiness: &Readiness, width: u16) -> Line<'static> {
    let of = |said| readiness.stages.iter().map(|level| (rung(level, readiness, said), level)).collect::<Vec<_>>();
    let fits = |rungs: &Vec<(String, &LevelReadiness)>| {
        rungs.iter().map(|(text, _)| cells(text) + 3).sum::<usize>() <= usize::from(width) + 1
    };
    let shown = [Said::Words, Said::Marks].into_iter().map(of).find(fits).unwrap_or_else(|| of(Said::Numbers));
    let mut spans = vec![Span::raw(" ")];
    for (n, (text, level)) in shown.into_iter().enumerate() {
        if n > 0 {
            spans.push(Span::styled(" > ", canvas.style(Meaning::Muted)));
        }
        spans.push(Span::styled(text, canvas.style(meaning(level.verdict))));
    }
    Line::from(spans)
}

fn rung(level: &LevelReadiness, readiness: &Readiness, said: Said) -> String {
    let long = said == Said::Words;
    let aimed = level.id == readiness.stage.id;
    let (id, title) = (screen(&level.id), screen(&level.title));
    let word = match level.verdict {
        Verdict::ReadyWithWaivers if long || aimed => "ok by waivers",
        Verdict::Ready | Verdict::ReadyWithWaivers => "ok",
        verdict if long || aimed => verdict.words(),
        Verdict::Unproven => "?",
        Verdict::NotReady => "no",
    };
    let name = if aimed || said != Said::Numbers { format!("{id} {title} {word}") } else { format!("{id} {word}") };
    if aimed { format!("[{name}]") } else { name }
}

/// The gates of the stage that is aimed at which fail or are not measured, the failing first.
pub(super) fn gates(canvas: &Canvas, model: &Model, audit: &Audit, width: u16, most: usize) -> Vec<Line<'static>> {
    let Some(readiness) = &audit.readiness else { return Vec::new() };
    let Some(level) = readiness.stages.iter().find(|level| level.id == readiness.stage.id) else { return Vec::new() };
    let of = |status: Status, ids: &'_ [String]| ids.iter().map(move |id| (status, id.clone())).collect::<Vec<_>>();
    let all = [of(Status::Fail, &level.gates_failed), of(Status::Unknown, &level.gates_unknown)].concat();
    if all.is_empty() {
        return Vec::new();
    }
    let title =
        |id: &str| readiness.criteria.iter().find(|c| c.id == *id).map_or_else(|| id.to_owned(), |c| c.title.clone());
    let room = usize::from(width).saturating_sub(11);
    let mut lines = vec![Line::styled(" In the way", canvas.style(Meaning::Title))];
    for (state, id) in all.iter().take(most) {
        let (word, meaning) = status(*state);
        lines.push(Line::from(vec![
            Span::raw("   "),
            Span::styled(word, canvas.style(meaning)),
            Span::raw(" "),
            Span::raw(fit(&screen(&title(id)), room)),
        ]));
    }
    if all.len() > most {
        let key = model.key(Action::Go(Tab::Checklist));
        let more = format!("   and {} more: {key} shows the checklist", all.len() - most);
        lines.push(Line::styled(more, canvas.style(Meaning::Muted)));
    }
    lines
}

/// The domains with their scores, the weakest first.
pub(super) fn domains(canvas: &Canvas, audit: &Audit, most: usize) -> Vec<Line<'static>> {
    let domains = audit.readiness.as_ref().map(|readiness| readiness.domains.as_slice()).unwrap_or_default();
    if domains.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::styled(" Domains, the weakest first", canvas.style(Meaning::Title))];
    lines.extend(
        domains
            .iter()
            .take(most)
            .map(|domain| Line::raw(format!("   {} {}", column(&screen(&domain.domain), 20), domain.score.words()))),
    );
    lines
}
