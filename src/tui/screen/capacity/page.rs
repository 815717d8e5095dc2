//! One row in words: in a line, in cells of a table, and on a page with formula, inputs, range and source.

use super::{
    factor::Name,
    state::{self, Row},
};
use crate::{
    outlook::{Figure, Line as FigureLine, after, rate},
    quantity,
    readiness::{
        bottleneck::{Grade, Grows},
        whatif::{Fate, State},
    },
    report::breaks::{in_days, times},
    text::screen,
    tui::{
        model::Model,
        theme::{Look, Meaning},
        widget::Page,
    },
};

/// A resource in the cells of a table.
pub(super) struct Cells {
    pub(super) state: &'static str,
    pub(super) meaning: Meaning,
    pub(super) now: String,
    pub(super) then: String,
    pub(super) breaks: String,
    pub(super) reached: String,
}

/// What a state means for colours.
pub(super) fn meaning(state: State) -> Meaning {
    match state {
        State::Over => Meaning::Fail,
        State::Near => Meaning::Warn,
        State::Holds => Meaning::Pass,
        State::Untold => Meaning::Unknown,
    }
}

pub(super) fn cells(model: &Model, fate: &Fate) -> Cells {
    Cells {
        state: fate.state.word(),
        meaning: meaning(fate.state),
        now: percent(fate.now),
        then: fate.then.map_or_else(|| "?".to_owned(), percent),
        breaks: breaks(model, fate),
        reached: reached(model, fate),
    }
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 1000.0 { ">999 %".to_owned() } else { format!("{percent:.0} %") }
}

/// The load at which it breaks, as a multiple and, where today's load is known, as a rate; or the days left.
fn breaks(model: &Model, fate: &Fate) -> String {
    match (fate.of.grows, fate.of.grade, fate.breaks_at) {
        (Grows::Time, ..) => fate.days.map_or_else(|| "cannot be told".to_owned(), |days| days_left(model, days)),
        (_, Grade::Static, Some(at)) => format!("{}x, any load", times(at)),
        (_, Grade::LoadTest, Some(at)) => format!("{}x carried", times(at)),
        (_, _, Some(at)) => match model.screens.capacity.today() {
            Some((today, like)) => format!("{}x, {}", times(at), rate(today * at, like)),
            None => format!("{}x", times(at)),
        },
        (_, _, None) => "cannot be told".to_owned(),
    }
}

/// The days that are left, and the load they hold for where it is not today's: other screens speak of today's.
fn days_left(model: &Model, days: f64) -> String {
    if days <= 0.0 {
        return "full now".to_owned();
    }
    let left = in_days(days);
    match times(load(model)).as_str() {
        "1" => format!("in {left}"),
        load => format!("{left} at {load}x"),
    }
}

/// When growth is there, in months and by its day.
fn reached(model: &Model, fate: &Fate) -> String {
    let Some(months) = fate.months else { return String::new() };
    if fate.breaks_at.is_some_and(|at| at < 1.0) {
        return "now".to_owned();
    }
    let from = model.audit.as_ref().map(|audit| audit.snapshot.finished_at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let day = from.and_then(|from| after(from, months)).map(|day| day.strftime(", %Y-%m").to_string());
    format!("{} months{}", crate::capacity::uncertainty::significant(months, 2), day.unwrap_or_default())
}

/// The use that would be, in the unit of the resource.
fn used_then(fate: &Fate) -> Option<f64> {
    fate.then.map(|then| then * fate.ceiling)
}

/// A row as a line for a chat.
pub(super) fn line(model: &Model, row: &Row) -> String {
    match row {
        Row::Change(name) => {
            let base = state::base(model);
            let value = base.with(name, &model.screens.capacity.changes);
            let value = value.map_or_else(|| "not known".to_owned(), |value| name.show(value));
            format!("what if: {} {value}", name.words())
        }
        Row::Resource(_, fate) => {
            let cells = cells(model, fate);
            format!(
                "{} {}: {} of its safe ceiling now, {} at {}; breaks at {} ({})",
                cells.state,
                row.key(),
                cells.now,
                cells.then,
                at_load(model),
                cells.breaks,
                fate.of.grade.words()
            )
        }
        Row::Figure(line) => {
            let what_if = line.what_if.as_ref().map(|figure| format!("; what if: {}", words(figure)));
            format!("{}: {}{}", line.title(), words(&line.plan), what_if.unwrap_or_default())
        }
    }
}

/// A figure with its word for how sure it is.
pub(super) fn words(figure: &Figure) -> String {
    figure.word.map_or_else(|| "-".to_owned(), |word| format!("{} {word}", figure.text))
}

/// The load that is looked at, as a multiple of today's.
fn load(model: &Model) -> f64 {
    state::base(model).looked_at(&model.screens.capacity.changes).multiple
}

/// The load that is looked at, in words.
pub(super) fn at_load(model: &Model) -> String {
    let load = load(model);
    let rate = model.screens.capacity.today().map(|(today, like)| format!(" ({})", rate(today * load, like)));
    format!("{}x of today's load{}", times(load), rate.unwrap_or_default())
}

/// The page of a row.
pub(super) fn lines(look: Look, model: &Model, row: &Row, width: u16) -> Vec<ratatui::text::Line<'static>> {
    let mut page = Page::new(look, width);
    match row {
        Row::Change(name) => change(&mut page, model, name),
        Row::Resource(at, fate) => resource(&mut page, model, *at, fate),
        Row::Figure(line) => figure(&mut page, model, line),
    }
    page.into_lines()
}

fn change(page: &mut Page, model: &Model, name: &Name) {
    let state = &model.screens.capacity;
    let base = state::base(model);
    page.heading(&name.words());
    page.text(" ", name.about(), Meaning::Text);
    page.heading("Values");
    match base.of(name) {
        Some((value, origin)) => page.row("as it is", &format!("{}   {origin}", name.show(value)), Meaning::Text),
        None => page.row("as it is", "not known; nobody states it", Meaning::Unknown),
    }
    let changed = state.changes.get(name).map_or_else(|| "not changed".to_owned(), |value| name.show(value));
    page.row("what if", &changed, Meaning::Accent);
    page.row("resources", &format!("are looked at under {}", at_load(model)), Meaning::Text);
    if let Some(figures) = state.figures.as_ref().filter(|_| state.is_current()) {
        for moved in &figures.outlook.sensitivity {
            for input in moved.inputs.iter().filter(|input| name.words().starts_with(&input.input)) {
                page.heading(&format!("If it is 20 % less, or 20 % more: {}", moved.result));
                page.text("   ", &format!("{} now; {}", moved.text, input.text), Meaning::Text);
            }
        }
    }
    if matches!(name, Name::Load | Name::Peak | Name::Months) {
        page.heading("Formula");
        page.text("   ", LOAD_FORMULA, Meaning::Text);
    }
}

const LOAD_FORMULA: &str = "multiple = load (or (1 + growth) ^ months) x peak factor / the plan's peak factor. What was \
                            measured is taken to be today's highest load, so that the peak factor counts only where it \
                            is changed.";

fn resource(page: &mut Page, model: &Model, at: usize, fate: &Fate) {
    let (of, cells) = (&fate.of, cells(model, fate));
    let show = |number: f64| quantity::show(number, of.unit);
    page.heading(&format!("{} of {}", of.resource, of.subject));
    let first = if at == 0 { "it breaks first. " } else { "" };
    page.text(
        " ",
        &format!("{}: {first}{} of its safe ceiling at {}", cells.state, cells.then, at_load(model)),
        cells.meaning,
    );
    page.heading("Values");
    page.row("used when measured", &format!("{} ({} of the safe ceiling)", show(of.used), cells.now), Meaning::Text);
    page.row("used without load", &show(of.idle), Meaning::Text);
    page.row("safe ceiling", &show(of.ceiling), Meaning::Text);
    if (fate.ceiling - of.ceiling).abs() > of.ceiling * 1e-9 {
        page.row(
            "safe ceiling, what if",
            &format!("{} ({}x)", show(fate.ceiling), times(fate.ceiling / of.ceiling)),
            Meaning::Accent,
        );
    }
    if let Some(used) = used_then(fate) {
        page.row("used, what if", &format!("{} ({})", show(used), cells.then), Meaning::Accent);
    }
    page.row("breaks at", &cells.breaks, Meaning::Accent);
    if let Some((low, high)) = of.headroom_interval {
        page.row("range of that", &format!("{}x to {}x, as it is", times(low), times(high)), Meaning::Text);
    }
    match cells.reached.as_str() {
        "" => {}
        reached => page.row("by growth", &format!("{reached}; {GROWTH_FORMULA}"), Meaning::Text),
    }
    page.heading("Formula");
    page.text("   ", formula(fate), Meaning::Text);
    page.heading("Ground");
    page.row("how well known", of.grade.words(), Meaning::Text);
    page.text("   ", &of.ground, Meaning::Muted);
    page.row("check", &of.check, Meaning::Text);
    page.section("What to do", &of.fix);
    if let Some(advice) = &of.advice {
        page.heading("What to try");
        for (word, text) in [("first", &advice.first), ("then", &advice.then), ("finally", &advice.finally)] {
            page.row(word, text, Meaning::Text);
        }
    }
}

const GROWTH_FORMULA: &str = "ln(multiple) / ln(1 + growth)";

fn formula(fate: &Fate) -> &'static str {
    match (fate.of.grows, fate.of.grade) {
        (Grows::Time, _) => {
            "days = (ceiling - used) / pace, where the pace was read between two samples and is taken to follow load; \
             the bar does not move with load"
        }
        (_, Grade::Static) => "limits set against each other: ceiling / used, whatever the load",
        (_, Grade::Fitted) => {
            "breaks at the multiple that several load levels were fitted to; use = idle + (ceiling - idle) x load / \
             that multiple; a change of the ceiling moves the multiple by as much as it is farther from idle"
        }
        (_, Grade::LoadTest) => "a load test carried this multiple; beyond it nobody has looked",
        (_, Grade::OnePoint) => {
            "breaks at (ceiling - idle) / (used - idle); use = idle + (used - idle) x load: a line through one \
             measurement, no more"
        }
    }
}

fn figure(page: &mut Page, model: &Model, line: &FigureLine) {
    page.heading(&line.title());
    let state = &model.screens.capacity;
    if !state.is_current() {
        page.text(" ", "being worked out anew; these are the figures before the last change", Meaning::Stale);
    }
    one(page, "By the plan", &line.plan);
    if let Some(what_if) = &line.what_if {
        one(page, "What if", what_if);
    }
    page.heading("Formula");
    page.text("   ", line.formula, Meaning::Text);
    if let Some(figures) = &state.figures {
        page.heading("Ranges");
        page.text("   ", &figures.outlook.legend(), Meaning::Muted);
    }
}

fn one(page: &mut Page, heading: &str, figure: &Figure) {
    page.heading(heading);
    let meaning = if figure.value.is_some() { Meaning::Accent } else { Meaning::Unknown };
    page.row("value", &words(figure), meaning);
    if let (Some(low), Some(high)) = (figure.low.filter(|low| Some(*low) != figure.high), figure.high) {
        let short = |value: f64| crate::capacity::uncertainty::significant(value, 3);
        page.row("range, P10 to P90", &format!("{} to {}, in base units", short(low), short(high)), Meaning::Text);
    }
    if let Some(note) = &figure.note {
        page.row("note", note, Meaning::Text);
    }
    for input in &figure.inputs {
        page.row(&input.name, &format!("{}   {}: {}", input.text, input.origin.word(), input.from), Meaning::Text);
    }
    for need in &figure.needs {
        page.row("needs", &screen(need), Meaning::Unknown);
    }
}
