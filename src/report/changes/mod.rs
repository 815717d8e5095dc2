//! What lies between two audits, for people and programs.

mod human;
mod markdown;

use serde::Serialize;

use crate::{
    check::finding::Status,
    history::{Change, Kind, Past, PastAudit, PastFinding, Tally, Verdict, changes, changes::Moved},
};

pub use human::{Look, human, past_line};
pub use markdown::markdown;

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
const VERSION: u32 = 1;

/// Two audits, and what became of each finding that is worth a word.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The version of this format.
    pub version: u32,
    /// The first audit.
    pub before: Past,
    /// The second audit.
    pub after: Past,
    /// How many findings became what.
    pub tally: Tally,
    /// Fails and warnings that were not told of before.
    pub new: Vec<Row>,
    /// Fails and warnings that are graver.
    pub worse: Vec<Row>,
    /// What was concluded before and is not measured any more.
    pub unmeasured: Vec<Row>,
    /// Fails and warnings that are weaker or gone, and measured.
    pub better: Vec<Row>,
    /// Fails, warnings and what is not measured, as before.
    pub same: Vec<Row>,
}

/// What became of a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The check.
    pub check: String,
    /// What it is about.
    pub subject: String,
    /// What was concluded before; none where it was not told of.
    pub before: Option<Status>,
    /// What is concluded now; none where it is not told of any more.
    pub after: Option<Status>,
    /// What is said now, or was said last.
    pub message: String,
    /// How its number moved.
    pub number: Option<Moved>,
    /// The limits before and now, where others were applied: then the system may be as it was.
    pub limits: Option<(String, String)>,
}

/// Compares two audits.
pub fn compare(before: &PastAudit, after: &PastAudit) -> Comparison {
    let all = changes(&before.findings, &after.findings);
    let mut comparison = Comparison {
        version: VERSION,
        before: before.past.clone(),
        after: after.past.clone(),
        tally: Tally::default(),
        new: Vec::new(),
        worse: Vec::new(),
        unmeasured: Vec::new(),
        better: Vec::new(),
        same: Vec::new(),
    };
    for change in all {
        let then = change.before.and_then(|at| before.findings.get(at));
        let now = change.after.and_then(|at| after.findings.get(at));
        // Among findings that were left off may be the one that seems to be gone.
        let cut = change.kind == Kind::Better && now.is_none() && after.past.left_off > 0;
        let kind = if cut { Kind::Unmeasured } else { change.kind };
        let Some(row) = row(&change, then, now) else { continue };
        let rows = match kind {
            Kind::New => &mut comparison.new,
            Kind::Worse => &mut comparison.worse,
            Kind::Unmeasured => &mut comparison.unmeasured,
            Kind::Better => &mut comparison.better,
            Kind::Same if is_quiet(row.after) => continue,
            Kind::Same => &mut comparison.same,
        };
        rows.push(row);
    }
    comparison.tally = Tally {
        new: comparison.new.len(),
        worse: comparison.worse.len(),
        unmeasured: comparison.unmeasured.len(),
        better: comparison.better.len(),
    };
    comparison
}

/// What is in order, and was, is worth no word.
fn is_quiet(after: Option<Status>) -> bool {
    !matches!(after, Some(Status::Fail | Status::Warn | Status::Unknown | Status::Waived))
}

fn row(change: &Change, then: Option<&PastFinding>, now: Option<&PastFinding>) -> Option<Row> {
    let told = now.or(then)?;
    let limits = then.zip(now).filter(|_| change.other_limits);
    Some(Row {
        check: told.check.clone(),
        subject: told.subject.clone(),
        before: then.map(|finding| finding.status),
        after: now.map(|finding| finding.status),
        message: told.message.clone(),
        number: change.moved.clone(),
        limits: limits.map(|(then, now)| (then.limits.clone(), now.limits.clone())),
    })
}

impl Comparison {
    /// The parts that are shown one by one, with their headings, what needs an eye first.
    pub fn parts(&self) -> [(&'static str, &[Row]); 4] {
        [
            ("New", &self.new),
            ("Worse", &self.worse),
            ("Not measured any more, which is never better", &self.unmeasured),
            ("Better", &self.better),
        ]
    }

    /// What is to be known before it is believed: other targets, the wrong order, findings that were left off.
    pub fn notes(&self) -> Vec<String> {
        let (before, after) = (&self.before, &self.after);
        let mut notes = Vec::new();
        if before.target != after.target {
            notes.push(format!("these are two targets: {} and {}", before.target, after.target));
        }
        if before.at > after.at {
            notes.push("the first is the later one: better and worse are told from it towards the past".to_owned());
        }
        let verdict = |past: &Past| past.verdict.as_ref().map(|verdict| verdict.stage.clone());
        if let (Some(then), Some(now)) = (verdict(before), verdict(after))
            && then != now
        {
            notes.push(format!("their verdicts are on different stages: {then} and {now}"));
        }
        for past in [before, after].into_iter().filter(|past| past.left_off > 0) {
            notes.push(format!("{} findings of {} were too many to be kept", past.left_off, name(past)));
        }
        notes
    }
}

/// What an audit is called: its number in the history, or its time.
pub fn name(past: &Past) -> String {
    past.id
        .map_or_else(|| format!("the audit of {}", past.at.strftime("%Y-%m-%d %H:%M UTC")), |id| format!("audit {id}"))
}

/// What a past audit came to, in a line: `UNPROVEN stage 2 (Growth), score 67-88, coverage 79 %`.
pub fn verdict(past: &Past) -> String {
    past.verdict.as_ref().map_or_else(
        || "no verdict".to_owned(),
        |verdict| {
            let interval = interval(verdict);
            let coverage = crate::quantity::show(verdict.coverage, crate::snapshot::Unit::Ratio);
            let title = if verdict.title.is_empty() { String::new() } else { format!(" ({})", verdict.title) };
            format!("{} stage {}{title}, score {interval}, coverage {coverage}", verdict.words, verdict.stage)
        },
    )
}

/// The score of a verdict: `62-75`.
pub fn interval(verdict: &Verdict) -> String {
    super::chart::interval_words(verdict.low, verdict.high)
}

/// `WARN -> FAIL`, `FAIL -> gone`, `none -> WARN`.
pub fn step(row: &Row) -> String {
    let (before, after) = (row.before.map_or("none", Status::word), row.after.map_or("gone", Status::word));
    format!("{before} -> {after}")
}

/// What is to be added to the message: how its number moved, and other limits.
pub fn details(row: &Row) -> Option<String> {
    let limits = row.limits.as_ref().map(|(then, now)| {
        let or_none = |limits: &str| if limits.is_empty() { "none".to_owned() } else { limits.to_owned() };
        format!("other limits are applied: {} -> {}", or_none(then), or_none(now))
    });
    let parts: Vec<_> = row.number.as_ref().map(Moved::words).into_iter().chain(limits).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// One object for programs, indented.
///
/// # Errors
/// None in practice: every number that is kept is finite.
pub fn json(comparison: &Comparison) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(comparison)? + "\n")
}

#[cfg(test)]
mod tests;
