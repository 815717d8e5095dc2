//! What was measured and what it was compared with, in a line.

use crate::{
    check::{
        evaluate::Single,
        finding::{Evidence, Finding, Status, Threshold},
        library::Check,
        params::Overrides,
        rule::Ref,
    },
    quantity,
    report::{one_line, shown},
    text,
};

/// The longest line, in columns.
const LONGEST: usize = 400;

/// How many measured values of something that is well are shown.
const VALUES: usize = 3;

/// As one line of bounded length.
pub(super) fn line(words: &str) -> String {
    text::shorten(&one_line(words), LONGEST).into_owned()
}

/// The worst of the findings of some statuses, and how many more there are.
pub(super) fn worst(findings: &[Finding], of: &[Status]) -> Option<String> {
    let mut found: Vec<&Finding> = findings.iter().filter(|finding| of.contains(&finding.status)).collect();
    // Stable, so that of equals the first stays first.
    found.sort_by_key(|finding| std::cmp::Reverse((finding.status, finding.severity)));
    let (first, rest) = found.split_first()?;
    let thresholds = compared(&first.threshold);
    let more = if rest.is_empty() { String::new() } else { format!("; and {} more", rest.len()) };
    Some(format!("{}: {}{thresholds}{more}", first.subject, first.message))
}

/// What is well: of one subject its values, of several how many there are; and what they were compared with.
pub(super) fn well(single: &Single, check: &Check, overrides: &Overrides) -> String {
    let Some(first) = &single.first_pass else {
        return worst(&single.findings, &[Status::Warn, Status::NotApplicable]).unwrap_or_default();
    };
    let params = overrides.applied(&check.def, Some(&first.subject));
    let mut named: Vec<&str> = check
        .reads()
        .filter_map(|read| match read {
            Ref::Param(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    named.sort_unstable();
    named.dedup();
    let threshold = |name: &str| {
        let applied = params.get(name)?;
        Some(Threshold {
            param: name.to_owned(),
            value: applied.value,
            unit: applied.unit,
            origin: applied.origin.clone(),
        })
    };
    let thresholds: Vec<_> = named.into_iter().filter_map(threshold).collect();
    let measured = match single.passed {
        // A check's message is worded for what is wrong; of what is well, the values speak.
        1 => format!("{}: {}", first.subject, values(&first.evidence)),
        n => format!("{n} looked at, all well"),
    };
    format!("{measured}{}", compared(&thresholds))
}

fn values(evidence: &[Evidence]) -> String {
    let known = evidence.iter().filter(|e| !e.value.is_null());
    let words: Vec<_> = known.take(VALUES).map(|e| format!("{} {}", e.name, shown(&e.value, e.unit))).collect();
    if words.is_empty() { "all well".to_owned() } else { words.join(", ") }
}

fn compared(thresholds: &[Threshold]) -> String {
    let words: Vec<_> = thresholds.iter().map(|t| format!("{} {}", t.param, quantity::show(t.value, t.unit))).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}
