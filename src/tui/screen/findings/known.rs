//! What was known before it could no longer be measured: a row that turns `?` keeps what it last said, with its age.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::number;
use crate::check::finding::{Finding, Status};

/// What was said last.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::tui) struct Last {
    /// The status.
    pub(in crate::tui) status: Status,
    /// The deciding number with its unit, where there was one.
    pub(in crate::tui) number: Option<String>,
    /// About how many subjects it was said; of several the worst is kept.
    pub(in crate::tui) subjects: usize,
    /// When it was measured.
    pub(in crate::tui) at: Option<Timestamp>,
}

/// By check and subject of what is not known now.
pub(super) type Known = HashMap<(String, String), Last>;

/// What is remembered for a new judgement: of what it does not know, what the one before knew, or what was remembered
/// for that one.
pub(super) fn known(old: &Known, before: &[Finding], now: &[Finding]) -> Known {
    let wanted: Vec<&Finding> = now.iter().filter(|finding| finding.status == Status::Unknown).collect();
    if wanted.is_empty() {
        return Known::new();
    }
    let checks: HashSet<&str> = wanted.iter().map(|finding| finding.check.as_str()).collect();
    let mut said: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in before.iter().filter(|finding| checks.contains(finding.check.as_str())) {
        said.entry(finding.check.as_str()).or_default().push(finding);
    }
    let last = |finding: &Finding| {
        let name = (finding.check.clone(), finding.subject.clone());
        let all = said.get(finding.check.as_str()).map(Vec::as_slice).unwrap_or_default();
        let last = told(all, finding).or_else(|| old.get(&name).cloned())?;
        Some((name, last))
    };
    wanted.into_iter().filter_map(last).collect()
}

/// What the same check said of the same subject; where its source fell silent, of all subjects of that source.
fn told(said: &[&Finding], now: &Finding) -> Option<Last> {
    let is_known = |finding: &Finding| !matches!(finding.status, Status::Unknown | Status::NotApplicable);
    if let Some(same) = said.iter().find(|was| was.subject == now.subject) {
        return is_known(same).then(|| last(same, 1));
    }
    let of_source: Vec<_> = said.iter().filter(|was| was.ground.source == now.ground.source && is_known(was)).collect();
    let worst = of_source.iter().max_by_key(|was| was.status)?;
    let as_bad = of_source.iter().filter(|was| was.status == worst.status).count();
    Some(last(worst, as_bad))
}

fn last(was: &Finding, subjects: usize) -> Last {
    let number = number::number(was).map(|number| number.shown);
    Last { status: was.status, number, subjects, at: was.ground.observed_at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::audit;

    #[test]
    fn what_cannot_be_measured_keeps_what_it_said_last() {
        let audit = audit();
        let of = |check: &str| audit.findings.iter().find(|finding| finding.check == check).unwrap().clone();
        let before = [of("redis.memory-near-limit"), of("postgres.slow-statements")];
        let silent = |finding: &Finding, subject: &str| Finding {
            status: Status::Unknown,
            subject: subject.into(),
            evidence: Vec::new(),
            ..finding.clone()
        };
        let now = [silent(&before[0], "cache"), silent(&before[1], "primary")];
        let first = known(&Known::new(), &before, &now);
        let memory = &first[&("redis.memory-near-limit".to_owned(), "cache".to_owned())];
        assert_eq!((memory.status, memory.number.as_deref()), (Status::Fail, Some("100 %")));
        let statements = &first[&("postgres.slow-statements".to_owned(), "primary".to_owned())];
        assert_eq!((statements.status, statements.subjects), (Status::Warn, 1), "told of all subjects of the source");
        let later = known(&first, &now, &now);
        assert_eq!(later, first, "it is remembered for as long as it is not known again");
        assert!(known(&later, &now, &before).is_empty());
    }
}
