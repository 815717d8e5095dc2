//! What stands before the operator, as text: where the run is, why, on whom, what would run, and what was seen. Pure.

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;

use super::head::prose;
use crate::{
    quantity,
    report::lines::Lines,
    runbook::{
        machine::Asks,
        model::{Action, ActionKind, Danger, Phase, Runbook, Step},
        port::{Prepared, Values},
        state::{State, StepState},
        words::{harm, place, seen_words, shown, target, verify_words},
    },
    snapshot::Unit,
    text,
};

/// A step, or an undo, that waits for the operator.
pub(crate) struct Scene<'a> {
    /// The runbook.
    pub(crate) book: &'a Runbook,
    /// What the run has come to.
    pub(crate) state: &'a State,
    /// The phase.
    pub(crate) phase: &'a Phase,
    /// The step.
    pub(crate) step: &'a Step,
    /// Whether it is the step's undo that waits.
    pub(crate) taking_back: bool,
    /// What is asked.
    pub(crate) asks: &'a Asks,
    /// What would run, or why that cannot be said.
    pub(crate) ran: Result<Option<Prepared>, String>,
    /// What would take it back.
    pub(crate) undo: Result<Option<Prepared>, String>,
    /// Values of parameters that are no secrets.
    pub(crate) values: &'a Values,
    /// The time.
    pub(crate) now: Timestamp,
}

/// How wide and how colourful.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Columns of the terminal.
    pub(crate) width: usize,
    /// Whether colours repeat what words already say.
    pub(crate) colour: bool,
}

/// The text of a scene.
pub(crate) fn show(scene: &Scene<'_>, look: Look) -> String {
    let mut page = Page { lines: Lines::new(look.width, look.colour) };
    let pending = StepState::default();
    let known = known(scene).unwrap_or(&pending);
    page.head(scene);
    if scene.phase.steps.first().is_some_and(|first| first.id == scene.step.id) && !scene.taking_back {
        prose(&mut page.lines, &scene.phase.prose);
    }
    prose(&mut page.lines, &scene.step.prose);
    page.items(scene.step, known);
    page.action(scene, known);
    page.trouble(scene, known);
    page.standing(scene);
    page.lines.into_text()
}

/// What is known of the step, or of taking it back.
fn known<'a>(scene: &Scene<'a>) -> Option<&'a StepState> {
    if scene.taking_back {
        return scene.state.undo.iter().rev().find(|undo| undo.step == scene.step.id).map(|undo| &undo.state);
    }
    scene.state.steps.get(&scene.step.id)
}

struct Page {
    lines: Lines,
}

impl Page {
    fn head(&mut self, scene: &Scene<'_>) {
        let place = place(scene.book, scene.step);
        let title = text::screen(&scene.step.title).into_owned();
        let back = if scene.taking_back { "Take back: " } else { "" };
        let head = format!("{}, {place}: {back}{title}", text::screen(&scene.phase.title));
        self.lines.line("");
        self.lines.line(&self.lines.paint(&head, Style::new().bold()));
    }

    fn items(&mut self, step: &Step, known: &StepState) {
        for (at, item) in step.items.iter().enumerate() {
            let mark = if known.ticked.contains(&item.text) { "[x]" } else { "[ ]" };
            self.lines.wrapped(&format!("  {mark} {}. ", at + 1), "         ", &text::screen(&item.text));
        }
    }

    fn action(&mut self, scene: &Scene<'_>, known: &StepState) {
        let step = scene.step;
        let action = if scene.taking_back { step.undo.as_ref() } else { step.action.as_ref() };
        if let Some((identity, at)) = &known.identity {
            self.field("target", &target(identity));
            let seconds = scene.now.as_second() - at.as_second();
            if seconds > 60 {
                self.field("", &format!("asked {} ago", seconds_shown(seconds)));
            }
        }
        if let Some(action) = action {
            self.danger(action);
            self.runs("runs", &scene.ran, action);
        } else if scene.step.verify.is_empty() {
            self.field("by hand", "this step is done by people");
        }
        if let Some(undo) = step.undo.as_ref().filter(|_| !scene.taking_back) {
            self.runs("undo", &scene.undo, undo);
        }
        for seen in &known.required {
            self.field("before", &seen_words(seen));
        }
        if !scene.taking_back {
            for verify in step.verifications() {
                self.field("then", &verify_words(verify, scene.values));
            }
        }
    }

    fn danger(&mut self, action: &Action) {
        let colour = match action.danger {
            Danger::Observe => AnsiColor::Green,
            Danger::Change => AnsiColor::Yellow,
            Danger::Dangerous => AnsiColor::Red,
        };
        if !action.kind.acts() {
            return;
        }
        let word = self.lines.paint(action.danger.word(), Style::new().bold().fg_color(Some(colour.into())));
        let says = harm(action.danger);
        let temporary =
            action.temporary.map(|time| format!("; to be taken back within {}", shown(time))).unwrap_or_default();
        self.field("danger", &format!("{word}: {says}{temporary}; at most {}", shown(action.timeout)));
    }

    /// What would run, every line of it, never cut: it is what the operator says yes to.
    fn runs(&mut self, label: &str, ran: &Result<Option<Prepared>, String>, action: &Action) {
        match ran {
            Ok(Some(prepared)) => {
                for (at, line) in prepared.shown.lines().enumerate() {
                    let label = if at == 0 { label } else { "" };
                    self.lines.line(&format!("  {label:8} {}", text::screen(line)));
                }
            }
            Ok(None) => match &action.kind {
                ActionKind::Wait(time) => self.field("waits", &shown(*time)),
                ActionKind::Confirm(_) | ActionKind::Ask(_) | ActionKind::Check(_) => {}
                _ => self.field(label, &text::screen(&action.body)),
            },
            Err(why) => self.field(label, &format!("cannot be said yet: {}", text::screen(why))),
        }
    }

    /// What went wrong, and what was seen of it.
    fn trouble(&mut self, scene: &Scene<'_>, known: &StepState) {
        let (word, words) = match scene.asks {
            Asks::Trouble(words) => ("TROUBLE", words),
            Asks::Settle(words) => ("UNKNOWN", words),
            _ => return,
        };
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let label = self.lines.paint(word, red);
        self.lines.wrapped(&format!("  {label} "), "           ", &text::screen(words));
        if let Some(outcome) = known.outcome.as_ref().filter(|outcome| !outcome.excerpt.trim().is_empty()) {
            for line in outcome.excerpt.lines().rev().take(12).collect::<Vec<_>>().into_iter().rev() {
                self.lines.line(&format!("  {:8} | {}", "", text::screen(line)));
            }
        }
        for seen in known.verified.iter().flat_map(|(_, seen)| seen) {
            self.field("seen", &seen_words(seen));
        }
    }

    /// What can be taken back, the latest first.
    fn standing(&mut self, scene: &Scene<'_>) {
        let standing: Vec<_> = scene.state.standing().collect();
        for undo in standing.iter().rev() {
            let title = scene.book.step(&undo.step).map_or(undo.step.as_str(), |step| step.title.as_str());
            let due = undo.due.map(|due| format!(", due {}", due.strftime("%H:%M UTC"))).unwrap_or_default();
            self.field("stands", &format!("{}{due}", text::screen(title)));
        }
    }

    /// Words that are harmless already.
    fn field(&mut self, label: &str, words: &str) {
        self.lines.wrapped(&format!("  {label:8} "), "           ", words);
    }
}

#[expect(clippy::cast_precision_loss, reason = "an age of a run in seconds")]
fn seconds_shown(seconds: i64) -> String {
    quantity::show(seconds as f64, Unit::Seconds)
}
