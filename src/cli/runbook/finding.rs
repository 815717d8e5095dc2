//! The finding that a runbook is opened for: named by check and subject, by its check alone, or by its number in the
//! list.

use crate::{
    check::finding::{Finding, Status},
    cli::CliError,
    runbook::open::finding::{bad, is_bad, name},
    text,
};

/// The finding that is meant.
///
/// # Errors
/// None, or several: then they are listed. One that is in order: then there is nothing to cure.
pub(super) fn pick<'f>(findings: &'f [Finding], asked: &str) -> Result<&'f Finding, CliError> {
    let bad: Vec<&Finding> = bad(findings).collect();
    if let Ok(number) = asked.parse::<usize>() {
        let found = number.checked_sub(1).and_then(|at| bad.get(at));
        return found
            .copied()
            .ok_or_else(|| CliError::Usage(format!("--for {number}: {}\n{}", count(&bad), listed(&bad))));
    }
    let exact: Vec<&Finding> = findings.iter().filter(|finding| name(finding) == asked).collect();
    let of_check: Vec<&Finding> = findings.iter().filter(|finding| finding.check == asked).collect();
    let is_bad = |finding: &&&Finding| is_bad(finding);
    match (exact.iter().find(is_bad), exact.first()) {
        (Some(finding), _) => return Ok(finding),
        (None, Some(finding)) => return Err(in_order(finding)),
        (None, None) => {}
    }
    let candidates: Vec<&Finding> = of_check.iter().filter(is_bad).copied().collect();
    match (candidates.as_slice(), of_check.first()) {
        ([only], _) => Ok(only),
        ([], Some(finding)) => Err(in_order(finding)),
        ([], None) => {
            Err(CliError::Usage(format!("--for {asked}: no finding is called so; {}\n{}", count(&bad), listed(&bad))))
        }
        (several, _) => Err(CliError::Usage(format!(
            "--for {asked}: {} findings of it are not in order; name one:\n{}",
            several.len(),
            several.iter().map(|finding| format!("  --for '{}'", shown(finding))).collect::<Vec<_>>().join("\n")
        ))),
    }
}

fn in_order(finding: &Finding) -> CliError {
    let words = match finding.status {
        Status::Unknown => "could not be measured, so that nothing can be filled in from it",
        _ => "is in order now, so that there is nothing to cure",
    };
    let message = text::screen(&finding.message).into_owned();
    CliError::Usage(format!(
        "--for: `{}` {words} ({}: {message}); name the runbook and leave --for out to walk it all the same",
        shown(finding),
        finding.status.word()
    ))
}

fn shown(finding: &Finding) -> String {
    text::screen(&name(finding)).into_owned()
}

fn count(bad: &[&Finding]) -> String {
    match bad.len() {
        0 => "no finding fails or warns".to_owned(),
        1 => "one finding fails or warns:".to_owned(),
        n => format!("{n} findings fail or warn:"),
    }
}

fn listed(bad: &[&Finding]) -> String {
    let line =
        |(at, finding): (usize, &&Finding)| format!("  {}. {} {}", at + 1, finding.status.word(), shown(finding));
    bad.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{definition::Severity, finding::Ground};

    fn finding(check: &str, subject: &str, status: Status) -> Finding {
        Finding {
            check: check.into(),
            title: String::new(),
            domain: String::new(),
            status,
            severity: Severity::High,
            personas: vec![],
            subject: subject.into(),
            message: "so it is".into(),
            evidence: vec![],
            threshold: vec![],
            ground: Ground {
                probe: String::new(),
                source: None,
                database: None,
                observed_at: None,
                window_s: None,
                counting_since: None,
                not_visible: None,
                rows: 0,
                rows_in_all: None,
            },
            why: String::new(),
            fix: String::new(),
            command: None,
            links: vec![],
            runbooks: vec![],
            opens: None,
        }
    }

    #[test]
    fn a_finding_is_named_in_full_by_its_check_or_by_its_number() {
        let findings = [
            finding("a.one", "x", Status::Fail),
            finding("a.two", "x", Status::Warn),
            finding("a.two", "y: z", Status::Fail),
            finding("a.well", "x", Status::Pass),
            finding("a.dark", "x", Status::Unknown),
        ];
        let subject = |asked: &str| pick(&findings, asked).map(name).map_err(|error| error.to_string());
        assert_eq!(subject("a.one").unwrap(), "a.one: x");
        assert_eq!(subject("a.two: y: z").unwrap(), "a.two: y: z");
        assert_eq!(subject("2").unwrap(), "a.two: x");
        for (asked, part) in [
            ("a.two", "--for 'a.two: y: z'"),
            ("a.three", "  3. FAIL a.two: y: z"),
            ("0", "3 findings fail or warn"),
            ("4", "1. FAIL a.one: x"),
            ("a.well", "in order now"),
            ("a.dark: x", "could not be measured"),
        ] {
            let error = subject(asked).unwrap_err();
            assert!(error.contains(part), "{asked}: {error}");
        }
        assert!(pick(&[], "1").unwrap_err().to_string().contains("no finding fails or warns"));
    }
}
