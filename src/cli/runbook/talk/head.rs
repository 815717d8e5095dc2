//! How a run begins for its operator: what is walked, on whom, for what, and what the runbook says beforehand.

use super::scene::Look;
use crate::{report::lines::Lines, runbook::model::Runbook, text};

/// What stands above a run.
pub(crate) struct Head<'a> {
    /// The target.
    pub(crate) target: &'a str,
    /// The owner's word for where it runs.
    pub(crate) environment: Option<&'a str>,
    /// The finding that it is for, as `check: subject`.
    pub(crate) finding: Option<&'a str>,
    /// What the finding says.
    pub(crate) message: Option<&'a str>,
}

/// The text above a run.
pub(crate) fn head(book: &Runbook, head: &Head<'_>, look: Look) -> String {
    let mut lines = Lines::new(look.width, look.colour);
    let environment = head.environment.map(|e| format!(" [{}]", e.to_uppercase())).unwrap_or_default();
    let title = format!("{} on {}{environment}", book.title, head.target);
    lines.line(&lines.paint(&text::screen(&title), anstyle::Style::new().bold()));
    if let Some(finding) = head.finding {
        lines.wrapped("  for ", "      ", &text::screen(finding));
    }
    if let Some(message) = head.message {
        lines.wrapped("      ", "      ", &text::screen(message));
    }
    for phase in book.phases.iter().filter(|phase| phase.steps.is_empty() && !phase.prose.trim().is_empty()) {
        lines.line("");
        lines.line(&lines.paint(&text::screen(&phase.title), anstyle::Style::new().bold()));
        prose(&mut lines, &phase.prose);
    }
    lines.into_text()
}

/// Words of the runbook, line by line as they stand in it.
pub(crate) fn prose(lines: &mut Lines, prose: &str) {
    for line in prose.trim().lines() {
        let line = text::screen(line);
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        lines.wrapped(&format!("  {indent}"), &format!("  {indent}"), line.trim_start());
    }
}
