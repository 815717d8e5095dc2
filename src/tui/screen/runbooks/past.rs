//! Draws the list of runs, those that wait first, with the chosen one in full below it.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::Line,
};

use super::{
    Act,
    draw::{PREVIEW, column},
    state,
};
use crate::{
    runbook::runs::{Run, Standing},
    text::screen,
    tui::{
        command::Action,
        layout::with_foot,
        model::Model,
        theme::{Look, Meaning},
        widget::{Canvas, Column, Table, age, fit},
    },
};

/// The columns of runs.
const RUNS: [Column; 6] = [
    column("stands", 22, 4, false, 9),
    column("runbook", 20, 1, false, 8),
    column("target", 8, 1, false, 5),
    column("by", 6, 1, false, 4),
    column("last", 5, 0, true, 7),
    column("run", 24, 1, false, 1),
];

pub(super) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    let [list, foot] = with_foot(area, PREVIEW);
    let [head, names, body] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Min(1)]).areas(list);
    let state = &model.screens.runbooks;
    let muted = canvas.style(Meaning::Muted);
    let key = model.key(Action::Runbooks(Act::Panel));
    let words = format!(" runs, those that wait to be taken up first; {key} shows the runbooks again");
    canvas.line(head, Line::styled(words, muted));
    let runs = match (&state.runs, &state.failed) {
        (Some(runs), _) => runs,
        (None, Some(why)) => return canvas.note(body, &screen(why), Meaning::Fail),
        (None, None) => return canvas.note(body, "reading the runs …", Meaning::Muted),
    };
    if runs.is_empty() {
        return canvas.note(body, "there were no runs yet", Meaning::Muted);
    }
    let table = Table::new(&RUNS, Canvas::row_width(area));
    canvas.line(names, Line::styled(format!("   {}", table.head()), muted));
    let look = canvas.look;
    canvas.list(body, &state.runs_cursor, runs.len(), |at, width| {
        runs.get(at).map(|run| row(look, model, run, &table, width)).unwrap_or_default()
    });
    if let Some(run) = state::chosen_run(model) {
        canvas.told(foot, &said(run), &facts(model, run));
    }
}

fn row<'l>(look: Look, model: &Model, run: &Run, table: &Table, width: usize) -> Line<'l> {
    let started = run.started.as_ref();
    let of = |text: Option<&str>| screen(text.unwrap_or_default()).into_owned();
    let row = table.row(&[
        screen(&run.standing.words()).into_owned(),
        of(started.map(|s| s.runbook.as_str())),
        of(started.map(|s| s.target.as_str())),
        of(run.operator.as_deref()),
        run.last_at.map(|at| age(model.now.duration_since(at).as_secs().max(0))).unwrap_or_default(),
        screen(&run.id).into_owned(),
    ]);
    let meaning = match &run.standing {
        Standing::Unknown(_) | Standing::Broken(_) => Meaning::Unknown,
        Standing::Paused | Standing::Left | Standing::Walked(_) => Meaning::Warn,
        Standing::Ended(_) | Standing::Plan => Meaning::Text,
    };
    Line::styled(fit(&row, width), look.style(meaning))
}

/// What was walked, and where it stands.
fn said(run: &Run) -> String {
    let title = run.started.as_ref().map_or(&run.id, |started| &started.title);
    format!("{}: {}", screen(title), screen(&run.standing.words()))
}

/// Which run it is, when it began, by whom and where, and for which finding.
fn facts(model: &Model, run: &Run) -> String {
    let began = run.began_at.map(|at| format!("begun {} ago", age(model.now.duration_since(at).as_secs().max(0))));
    let by = run.started.as_ref().map(|started| format!("by {} on {}", started.operator, started.host));
    let finding = run.started.as_ref().and_then(|started| Some(format!("for {}", started.finding.as_ref()?)));
    let facts = [Some(run.id.clone()), began, by, finding].into_iter().flatten().collect::<Vec<_>>();
    screen(&facts.join(", ")).into_owned()
}
