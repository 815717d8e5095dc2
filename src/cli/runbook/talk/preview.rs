//! A preview as text: everything that a run would ask, do and look at, in its order.

use anstyle::Style;

use super::scene::Look;
use crate::{
    quantity,
    report::lines::Lines,
    runbook::{
        plan::{Known, ParamPreview, Preview, StepPreview, Totals},
        record::Seen,
        words,
    },
    snapshot::Unit,
    text,
};

/// The text of a preview.
pub(crate) fn preview(preview: &Preview, look: Look) -> String {
    let mut page = Page { lines: Lines::new(look.width, look.colour) };
    page.head(preview);
    page.heading("Parameters", !preview.params.is_empty());
    preview.params.iter().for_each(|param| page.param(param));
    page.heading("Programs", !preview.programs.is_empty());
    for program in &preview.programs {
        let place = program.path.as_deref().unwrap_or("MISSING on this machine");
        page.line(&format!("  {}: {place}", program.name));
    }
    page.targets(preview);
    let mut phase = "";
    let mut number = 0;
    for step in &preview.steps {
        if step.phase != phase {
            phase = &step.phase;
            page.heading(phase, true);
        }
        number += usize::from(!step.is_back);
        page.step(step, (!step.is_back).then_some(number));
    }
    page.totals(&preview.totals);
    page.heading("What cannot be known yet", !preview.unknown.is_empty());
    for unknown in &preview.unknown {
        page.wrapped("  - ", "    ", unknown);
    }
    page.line("");
    page.line("Nothing was run, and nothing was changed.");
    page.lines.into_text()
}

struct Page {
    lines: Lines,
}

impl Page {
    fn head(&mut self, preview: &Preview) {
        let environment = preview.environment.as_ref().map(|e| format!(" [{}]", e.to_uppercase())).unwrap_or_default();
        let head = format!("{} on {}{environment}", preview.title, preview.target);
        self.lines.line(&self.lines.paint(&text::screen(&head), Style::new().bold()));
        self.line(&format!("  runbook {} ({})", preview.runbook, preview.file));
        if let Some(finding) = &preview.finding {
            self.wrapped("  for ", "      ", finding);
        }
    }

    fn heading(&mut self, title: &str, is_due: bool) {
        if is_due {
            self.lines.line("");
            self.lines.line(&self.lines.paint(&text::screen(title), Style::new().bold()));
        }
    }

    fn line(&mut self, words: &str) {
        self.lines.line(&text::screen(words));
    }

    fn wrapped(&mut self, first: &str, next: &str, words: &str) {
        self.lines.wrapped(first, next, &text::screen(words));
    }

    fn param(&mut self, param: &ParamPreview) {
        let value = match (&param.value, param.is_secret, param.is_missing) {
            (Some(value), ..) => format!("= {value} (from {})", param.origin),
            (None, true, false) => format!("is a secret (from {})", param.origin),
            (None, ..) => format!("has no value yet: {}", param.origin),
        };
        self.wrapped(&format!("  {} ", param.name), "      ", &format!("{value}; {}", param.about));
    }

    /// Everybody that would be acted on, once.
    fn targets(&mut self, preview: &Preview) {
        let mut seen = Vec::new();
        for step in &preview.steps {
            let Some(Known::Is(identity)) = &step.target else { continue };
            if !seen.contains(&identity) {
                self.heading("Targets", seen.is_empty());
                self.wrapped("  ", "    ", &words::target(identity));
                seen.push(identity);
            }
        }
    }

    fn step(&mut self, step: &StepPreview, number: Option<usize>) {
        let number = number.map_or("back".to_owned(), |number| number.to_string());
        let danger = step.danger.as_deref().unwrap_or("by hand");
        self.wrapped(&format!("  {number:>4}. "), "        ", &format!("{} [{danger}]", step.title));
        match &step.target {
            Some(Known::Is(identity)) => self.field("target", &identity.name()),
            Some(Known::NotYet(why)) => self.field("target", &format!("NOT KNOWN: {why}")),
            None => {}
        }
        for (label, runs) in [("runs", &step.runs), ("undo", &step.undo)] {
            match runs {
                Some(Known::Is(shown)) => self.code(label, shown),
                Some(Known::NotYet(why)) => self.code(label, &format!("not known yet: {why}")),
                None => {}
            }
        }
        if step.second_person {
            self.field("asks", "a second person must agree");
        }
        if let Some(seconds) = step.temporary_s {
            self.field("until", &format!("to be taken back within {}", shown(seconds.saturating_mul(1000))));
        }
        for item in &step.items {
            self.field("[ ]", item);
        }
        self.seen("before", &step.required);
        self.seen("after", &step.verified);
    }

    /// What a check says now: before the steps above it are done.
    fn seen(&mut self, label: &str, seen: &[Seen]) {
        for seen in seen {
            self.field(label, &format!("{} (now, before earlier steps)", words::seen_words(seen)));
        }
    }

    fn field(&mut self, label: &str, words: &str) {
        self.wrapped(&format!("        {label:7} "), "                ", words);
    }

    /// Code is never wrapped: it is there to be read as it runs.
    fn code(&mut self, label: &str, code: &str) {
        for (at, line) in code.lines().enumerate() {
            let label = if at == 0 { label } else { "" };
            self.line(&format!("        {label:7} {line}"));
        }
    }

    fn totals(&mut self, totals: &Totals) {
        self.heading("In all", true);
        let Totals { steps, observe, change, dangerous, by_hand, .. } = totals;
        self.wrapped(
            "  ",
            "  ",
            &format!("{steps} steps: {observe} that only look, {change} that change something, {dangerous} dangerous, {by_hand} by hand"),
        );
        if totals.change + totals.dangerous > 0 {
            let words = format!(
                "{} of those that change something cannot be taken back by a command; {} must be taken back after a time",
                totals.without_undo, totals.temporary
            );
            self.wrapped("  ", "  ", &words);
        }
        let estimate = totals.estimate_ms.map(|ms| format!("estimated {}; ", shown(ms))).unwrap_or_default();
        let longest = shown(totals.longest_ms);
        self.wrapped("  ", "  ", &format!("{estimate}actions and verifications take at most {longest} together"));
    }
}

#[expect(clippy::cast_precision_loss, reason = "durations, shown in three places")]
fn shown(ms: u64) -> String {
    quantity::show(ms as f64, Unit::Milliseconds)
}
