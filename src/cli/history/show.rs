//! One past audit, and what changed since the one before it.

use anstyle::Style;
use serde::Serialize;

use super::{Desk, HistoryFormat, ShowArgs, json};
use crate::{
    check::finding::Status,
    cli::{Outcome, output, sources},
    exit::Exit,
    history::{PastAudit, PastFinding},
    report::{
        changes::{Comparison, Look, compare, human as changed, past_line},
        lines::Lines,
    },
    text,
};

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    audit: &'a PastAudit,
    since: Option<&'a Comparison>,
}

pub(super) fn run(args: &ShowArgs) -> Outcome {
    let desk = Desk::open(&args.place)?;
    let id = desk.audit_id(&args.id)?;
    let (audit, before) = desk.history()?.with_before(id).map_err(sources::usage)?;
    let since = before.map(|before| compare(&before, &audit));
    match args.format {
        HistoryFormat::Human => output::data(&human(&audit, since.as_ref(), args.all))?,
        HistoryFormat::Json => json(&Shown { version: VERSION, audit: &audit, since: since.as_ref() })?,
    }
    Ok(Exit::Ready)
}

fn human(audit: &PastAudit, since: Option<&Comparison>, all: bool) -> String {
    let (width, colour) = (output::width(), output::is_colourful());
    let mut lines = Lines::new(width, colour);
    lines.wrapped("", "  ", &past_line(&audit.past));
    lines.line("");
    let quiet = |finding: &&PastFinding| !matches!(finding.status, Status::Pass | Status::NotApplicable);
    for finding in audit.findings.iter().filter(|finding| all || quiet(finding)) {
        let head = format!("{} {}", text::screen(&finding.check), text::screen(&finding.subject));
        let message = text::screen(&finding.message);
        lines.wrapped("  ", "          ", &format!("{:7} {head}: {message}", finding.status.word()));
    }
    if audit.past.left_off > 0 {
        lines.line(&format!("  and {} that were too many to be kept", audit.past.left_off));
    }
    lines.line("");
    lines.line(&lines.paint("Since the audit before", Style::new().bold()));
    let mut text = lines.into_text();
    match since {
        Some(since) => text.push_str(&changed(since, Look { width, colour, all: false })),
        None => text.push_str("there is none before it\n"),
    }
    text
}
