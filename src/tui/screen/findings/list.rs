//! Which findings are shown, in which order. A hundred thousand take longer than a key may, so that a long list is made
//! in a task; the old one stays until the new one is there.

use std::sync::Arc;

use super::{Sort, Trend, known, known::Known, trend};
use crate::{
    check::finding::{Finding, Status},
    report::Audit,
    tui::filter::Filter,
};

/// So many findings are looked at within a key.
pub(super) const AT_ONCE: usize = 3_000;

/// A list that is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Which one it is: a later one makes it void.
    pub(super) number: u64,
    /// The judgement.
    pub(super) audit: Arc<Audit>,
    /// What is the same for every list of a judgement, where it has been worked out.
    pub(super) moved: Option<Moved>,
    /// The judgement before, to work it out from, and what was remembered then.
    pub(super) before: Option<Arc<Audit>>,
    pub(super) known: Arc<Known>,
    /// What was typed.
    pub(super) text: String,
    /// The order.
    pub(super) sort: Sort,
    /// Whether what is in order or does not apply is shown, too.
    pub(super) all: bool,
    /// The rows of a list that this one only narrows, in their order.
    pub(super) among: Option<Arc<Vec<u32>>>,
}

/// What is the same for every list of a judgement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moved {
    /// How findings moved, beside the findings.
    pub(super) trends: Arc<Vec<Trend>>,
    /// What was known before.
    pub(super) known: Arc<Known>,
}

/// A list that was made.
#[derive(Debug)]
pub struct Listed {
    pub(super) number: u64,
    pub(super) audit: Arc<Audit>,
    pub(super) moved: Moved,
    pub(super) shown: Arc<Vec<u32>>,
}

impl Job {
    /// How many findings it looks at.
    pub(super) fn len(&self) -> usize {
        let fresh = if self.moved.is_none() { self.audit.findings.len() } else { 0 };
        self.among.as_ref().map_or(self.audit.findings.len(), |among| among.len()).max(fresh)
    }

    /// Makes the list.
    pub fn run(self) -> Listed {
        let findings = &self.audit.findings;
        let moved = self.moved.unwrap_or_else(|| {
            let before = self.before.as_ref().map(|before| before.findings.as_slice());
            let trends = before.map(|before| trend::trends(before, findings)).unwrap_or_default();
            let known = known::known(&self.known, before.unwrap_or_default(), findings);
            Moved { trends: Arc::new(trends), known: Arc::new(known) }
        });
        let filter = Filter::read(&self.text);
        let mut shown = filter.of(findings, &moved.trends, self.among.as_ref().map(|among| among.as_slice()));
        if !self.all && !filter.names_statuses() {
            shown.retain(|at| !is_quiet(&findings[*at as usize]));
        }
        if self.among.is_none() {
            sort(&mut shown, findings, &moved.trends, self.sort);
        }
        Listed { number: self.number, audit: self.audit, moved, shown: Arc::new(shown) }
    }
}

/// Whether there is nothing to be done about a finding, so that it can be hidden.
pub(super) fn is_quiet(finding: &Finding) -> bool {
    matches!(finding.status, Status::Pass | Status::NotApplicable)
}

/// Sorts; what is equal stays as the judgement has it, the worst first.
fn sort(shown: &mut [u32], findings: &[Finding], trends: &[Trend], by: Sort) {
    let of = |at: &u32| &findings[*at as usize];
    let trend = |at: &u32| trends.get(*at as usize).copied().unwrap_or_default();
    match by {
        Sort::Worst => {}
        Sort::Check => shown.sort_by(|a, b| of(a).check.cmp(&of(b).check)),
        Sort::Subject => shown.sort_by(|a, b| of(a).subject.cmp(&of(b).subject)),
        Sort::Domain => shown.sort_by(|a, b| of(a).domain.cmp(&of(b).domain)),
        // What was never measured is older than anything.
        Sort::Age => shown.sort_by_key(|at| of(at).ground.observed_at),
        Sort::Change => shown.sort_by_key(|at| trend(at).rank()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::audit;

    fn job(text: &str, sort: Sort) -> Job {
        Job {
            number: 1,
            audit: audit(),
            moved: None,
            before: None,
            known: Arc::default(),
            text: text.into(),
            sort,
            all: false,
            among: None,
        }
    }

    fn checks(job: Job) -> Vec<String> {
        let listed = job.run();
        listed.shown.iter().map(|at| listed.audit.findings[*at as usize].check.clone()).collect()
    }

    #[test]
    fn what_is_in_order_is_hidden_unless_it_is_asked_for() {
        let summary = audit().summary;
        let bad = summary.fail + summary.warn + summary.unknown + summary.waived;
        assert_eq!(checks(job("", Sort::Worst)).len(), bad);
        assert_eq!(checks(Job { all: true, ..job("", Sort::Worst) }).len(), audit().findings.len());
        assert_eq!(checks(job("is:pass", Sort::Worst)).len(), summary.pass);
    }

    #[test]
    fn equal_rows_stay_the_worst_first() {
        let sorted = checks(job("", Sort::Check));
        assert!(sorted.is_sorted());
        let listed = job("", Sort::Domain).run();
        let of = |at: &u32| &listed.audit.findings[*at as usize];
        assert!(listed.shown.is_sorted_by_key(|at| of(at).domain.clone()));
        let memory: Vec<_> = listed.shown.iter().filter(|at| of(at).domain == "queries").collect();
        assert!(memory.len() > 1 && memory.is_sorted(), "within a domain they stand as they were judged");
    }

    #[test]
    fn a_narrower_list_is_made_of_the_wider_one() {
        let wide = job("is:fail", Sort::Check).run();
        let among = Some(Arc::clone(&wide.shown));
        let narrow = Job { among, ..job("is:fail pool", Sort::Check) };
        assert_eq!(checks(narrow), checks(job("is:fail pool", Sort::Check)));
    }
}
