//! What the screen knows, and when the report is made anew.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{Purpose, Wish};
use crate::{
    report::Audit,
    tui::{
        event::Effect,
        model::Model,
        over::{Field, Form, Grade},
        screen,
        typed::Typed,
        widget::{Markdown, Scroll},
    },
};

/// The widest that text becomes: longer lines are hard to read.
const WIDEST: usize = 100;

/// From this width on the headings stand beside the text.
pub(super) const BESIDE: u16 = 132;

/// The time between two reports that are made without being asked for.
const CALM: Duration = Duration::from_secs(10);

/// A report.
#[derive(Debug)]
pub struct Written {
    /// The template.
    pub template: String,
    /// What it is about.
    pub audit: Arc<Audit>,
    /// As Markdown.
    pub text: Arc<str>,
    /// Laid out.
    pub laid: Arc<Markdown>,
    /// The templates that there are.
    pub names: Vec<String>,
}

/// What the screen knows.
#[derive(Debug)]
pub struct State {
    /// The template that is chosen.
    pub template: String,
    /// The templates that there are, once they are read.
    pub names: Vec<String>,
    /// The report.
    pub written: Option<Arc<Written>>,
    /// The same, laid out for the width of the screen.
    pub laid: Option<Arc<Markdown>>,
    /// Whether it is being made.
    pub making: bool,
    /// When it was last asked for.
    pub asked_at: Option<Timestamp>,
    /// Why it cannot be made.
    pub error: Option<String>,
    /// How far it is scrolled.
    pub scroll: Scroll,
    /// What is searched for.
    pub search: Typed,
    /// The lines on which it was found.
    pub found: Vec<usize>,
    /// Which of them one is at.
    pub at: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            template: "report".into(),
            names: Vec::new(),
            written: None,
            laid: None,
            making: false,
            asked_at: None,
            error: None,
            scroll: Scroll::default(),
            search: Typed::default(),
            found: Vec::new(),
            at: 0,
        }
    }
}

/// The width of the text on a screen of some width.
pub(super) fn text_width(screen: u16) -> usize {
    usize::from(screen).saturating_sub(3).clamp(1, WIDEST)
}

fn laying(model: &Model) -> (usize, bool) {
    (text_width(model.size.0), model.look.ascii)
}

/// Whether there is a newer audit than the one of the report.
pub(super) fn is_old(model: &Model) -> bool {
    match (&model.screens.report.written, &model.audit) {
        (Some(written), Some(audit)) => !Arc::ptr_eq(&written.audit, audit),
        _ => false,
    }
}

/// Whether it may be replaced without being asked for: nobody reads in it, and it was not made just now.
pub(super) fn may_move(model: &Model) -> bool {
    let state = &model.screens.report;
    let reads = state.scroll.first() > 0 || !state.search.value().is_empty();
    let calm = state.asked_at.is_none_or(|at| model.now.duration_since(at).unsigned_abs() >= CALM);
    !reads && (calm || state.written.is_none())
}

/// Asks for the report of the newest audit.
pub(super) fn make(model: &mut Model) -> Vec<Effect> {
    let Some(audit) = model.audit.clone() else { return Vec::new() };
    let laid = laying(model);
    let state = &mut model.screens.report;
    (state.making, state.asked_at) = (true, Some(model.now));
    let persona = model.about.persona;
    vec![Effect::Report(Wish::Make { template: state.template.clone(), audit, persona, laid })]
}

/// It is made.
pub(super) fn made(model: &mut Model, written: Arc<Written>) -> Vec<Effect> {
    let state = &mut model.screens.report;
    // A slow answer to an earlier wish is of no interest.
    if written.template != state.template {
        return Vec::new();
    }
    let other = state.written.as_ref().is_none_or(|before| before.template != written.template);
    (state.making, state.error) = (false, None);
    state.names.clone_from(&written.names);
    state.laid = Some(Arc::clone(&written.laid));
    state.written = Some(written);
    if other {
        state.scroll.reset();
    }
    super::find::search_again(model);
    resized(model)
}

/// It is laid out anew; what stood at the top of the screen stays near there.
pub(super) fn laid(model: &mut Model, laid: Arc<Markdown>) {
    let state = &mut model.screens.report;
    if let Some(before) = &state.laid {
        let at = state.scroll.first();
        let last = before.headings().iter().rposition(|heading| heading.line <= at);
        let line = last.and_then(|n| laid.headings().get(n)).map_or(0, |heading| heading.line);
        let beyond = last.and_then(|n| before.headings().get(n)).map_or(0, |heading| at - heading.line);
        state.scroll.to(if at == 0 { 0 } else { line + beyond });
    }
    state.laid = Some(laid);
    super::find::search_again(model);
}

/// The terminal has another size: the text is laid out for it, in a task, for it may be long.
pub(in crate::tui::screen) fn resized(model: &mut Model) -> Vec<Effect> {
    let wanted = laying(model);
    let state = &model.screens.report;
    let fits = state.laid.as_ref().is_none_or(|laid| laid.width() == wanted.0);
    match &state.written {
        Some(written) if !fits && model.nav.tab() == screen::Tab::Report => {
            vec![Effect::Report(Wish::Lay { text: Arc::clone(&written.text), laid: wanted })]
        }
        _ => Vec::new(),
    }
}

/// Where the report is written unless somebody says otherwise.
pub(super) fn default_path(model: &Model) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let target: String = model.about.target.chars().map(plain).take(60).collect();
    let at = model.audit.as_ref().map_or(model.now, |audit| audit.snapshot.finished_at);
    format!("loadline-{}-{}.md", target.trim_matches('-'), at.strftime("%Y-%m-%d"))
}

/// The form that asks for a file.
pub(super) fn form(path: &str, error: Option<String>) -> Form {
    let purpose = screen::Purpose::Report(Purpose::Write);
    let mut form = Form::new("Write the report to a file", "write", Grade::Plain, purpose)
        .field(Field::text("file (.md, or .html for a browser)", path));
    form.error = error;
    form
}

/// Asks for the file.
pub(super) fn write(model: &Model, path: &str, over: bool) -> Vec<Effect> {
    let Some(written) = &model.screens.report.written else { return Vec::new() };
    let (text, audit) = (Arc::clone(&written.text), Arc::clone(&written.audit));
    vec![Effect::Report(Wish::Write { path: path.trim().to_owned(), text, audit, over })]
}
