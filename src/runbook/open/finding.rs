//! How runs name the findings that they are for.

use crate::check::finding::{Finding, Status};

/// How a finding is named, in journals, lists and on the command line: `check: subject`.
pub fn name(finding: &Finding) -> String {
    format!("{}: {}", finding.check, finding.subject)
}

/// Whether there is something to cure: it fails or warns.
pub fn is_bad(finding: &Finding) -> bool {
    matches!(finding.status, Status::Fail | Status::Warn)
}

/// Findings that fail or warn, in their order.
pub fn bad(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| is_bad(finding))
}
