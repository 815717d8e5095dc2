//! What lies between two audits, as Markdown for a ticket or a chat.

use std::fmt::Write as _;

use super::{Comparison, details, name, step, verdict};
use crate::text::markdown as harmless;

/// Renders a comparison. What is as before is counted, or told where `all` is wanted.
pub fn markdown(comparison: &Comparison, all: bool) -> String {
    let mut out = format!("# What changed on {}\n\n", harmless(&comparison.after.target));
    out.push_str("| | when (UTC) | verdict | findings |\n| --- | --- | --- | --- |\n");
    for (word, past) in [("from", &comparison.before), ("to", &comparison.after)] {
        let _ = writeln!(
            out,
            "| {word} {} | {} | {} | {} |",
            harmless(&name(past)),
            past.at.strftime("%Y-%m-%d %H:%M:%S"),
            harmless(&verdict(past)),
            past.summary.line()
        );
    }
    for note in comparison.notes() {
        let _ = write!(out, "\nNote: {}.\n", harmless(&note));
    }
    let _ = write!(out, "\n**{}**\n", comparison.tally.words());
    let same: &[_] = if all { &comparison.same } else { &[] };
    for (heading, rows) in comparison.parts().into_iter().chain([("As before", same)]).filter(|(_, r)| !r.is_empty()) {
        let _ = write!(out, "\n## {heading} ({})\n\n", rows.len());
        for row in rows {
            let (check, subject) = (harmless(&row.check), harmless(&row.subject));
            let _ = write!(out, "- {}: {check}, {subject}: {}", step(row).replace('>', "&gt;"), harmless(&row.message));
            let details = details(row).map(|details| format!(" ({})", harmless(&details))).unwrap_or_default();
            let _ = writeln!(out, "{details}");
        }
    }
    if !all && !comparison.same.is_empty() {
        let _ = write!(out, "\n{} findings are as before.\n", comparison.same.len());
    }
    out
}
