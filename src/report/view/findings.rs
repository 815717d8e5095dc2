//! Findings as templates see them: one by one, and gathered by check, so that ten indexes are explained once.

use serde::Serialize;

use super::Pair;
use crate::{
    check::finding::{Finding, Status},
    quantity,
    report::{
        model::{Audit, Filter},
        words::{self, is_block, one_line, same_reason, shown},
    },
    text,
};

/// The findings that a reader wants to see.
#[derive(Serialize)]
pub(super) struct Findings<'a> {
    /// By status, for the template of findings alone.
    pub(super) groups: Vec<Group<'a>>,
    /// The same by check, the worst first.
    by_check: Vec<ByCheck<'a>>,
    /// What could not be measured, a row a reason.
    pub(super) unmeasured: Vec<Unmeasured>,
    /// Passes and what is not about this target, and whether the reader asked for them.
    quiet: Vec<Item<'a>>,
    show_quiet: bool,
}

#[derive(Serialize)]
pub(super) struct Group<'a> {
    title: &'static str,
    findings: Vec<Item<'a>>,
}

/// All findings of one check and status; what they share stands once.
#[derive(Serialize)]
struct ByCheck<'a> {
    status: &'static str,
    check: &'a str,
    title: &'a str,
    severity: String,
    items: Vec<Item<'a>>,
    why: String,
    /// Limits and remedy, where all of them have the same.
    limits: Option<Vec<String>>,
    fix: Option<String>,
    /// The commands of all of them, each once.
    commands: Vec<String>,
    links: Vec<&'a str>,
    runbooks: String,
    /// The command lines that open the best runbook for its findings, fenced; the worst ones where there are many.
    opens: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Unmeasured {
    subject: String,
    reason: String,
    checks: String,
}

#[derive(Clone, Serialize)]
struct Item<'a> {
    status: &'static str,
    check: &'a str,
    title: &'a str,
    subject: &'a str,
    message: &'a str,
    severity: String,
    evidence: Vec<Pair>,
    /// The evidence in one line.
    seen: String,
    blocks: Vec<String>,
    limits: Vec<String>,
    ground: String,
    not_visible: Option<&'a str>,
    why: Option<String>,
    fix: String,
    command: Option<String>,
    opens: Option<String>,
    links: Vec<&'a str>,
}

impl<'a> Findings<'a> {
    pub(super) fn of(audit: &'a Audit, filter: Filter) -> Self {
        let wanted = |f: &&Finding| filter.persona.is_none_or(|persona| f.personas.contains(&persona));
        let is_loud = |f: &Finding| Filter { all: false, ..filter }.shows(f);
        let (loud, quiet): (Vec<&Finding>, Vec<&Finding>) =
            audit.findings.iter().filter(wanted).partition(|f| is_loud(f));
        let of_status = |status: Status| loud.iter().copied().filter(move |f| f.status == status);
        let group = |title, status| Group { title, findings: of_status(status).map(item).collect() };
        let groups =
            [group("Over a limit", Status::Fail), group("Near a limit", Status::Warn), group("Waived", Status::Waived)];
        let judged = [Status::Fail, Status::Warn, Status::Waived];
        Self {
            groups: groups.into_iter().filter(|group| !group.findings.is_empty()).collect(),
            by_check: judged.iter().flat_map(|status| by_check(of_status(*status))).collect(),
            unmeasured: unmeasured(&loud),
            show_quiet: filter.all,
            quiet: quiet.into_iter().map(item).collect(),
        }
    }
}

/// Gathers findings by check, in order of first sight.
fn by_check<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<ByCheck<'a>> {
    let mut places = std::collections::HashMap::new();
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let at = *places.entry(finding.check.as_str()).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.into_iter().filter_map(|group| shared(&group)).collect()
}

fn shared<'a>(group: &[&'a Finding]) -> Option<ByCheck<'a>> {
    let first = *group.first()?;
    let items: Vec<Item> = group.iter().map(|finding| item(finding)).collect();
    let head = items.first()?.clone();
    Some(ByCheck {
        status: first.status.word(),
        check: &first.check,
        title: &first.title,
        why: one_line(&first.why),
        limits: items.iter().all(|item| item.limits == head.limits).then_some(head.limits),
        fix: items.iter().all(|item| item.fix == head.fix).then_some(head.fix),
        commands: commands(&items),
        severity: head.severity,
        links: head.links,
        runbooks: first.runbooks.join(", "),
        opens: opens(group),
        items,
    })
}

/// How many command lines that open a runbook stand under a check.
const OPENED: usize = 3;

fn opens(group: &[&Finding]) -> Option<String> {
    let lines: Vec<&str> = group.iter().filter_map(|f| f.opens.as_deref()).take(OPENED).collect();
    (!lines.is_empty()).then(|| text::fenced("sh", &lines.join("\n")))
}

/// Ten indexes have ten commands, and one server that is full has one.
fn commands(items: &[Item<'_>]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    items.iter().filter_map(|item| item.command.clone()).filter(|command| seen.insert(command.clone())).collect()
}

/// What could not be measured, a row a reason.
fn unmeasured(loud: &[&Finding]) -> Vec<Unmeasured> {
    let unknown: Vec<&Finding> = loud.iter().copied().filter(|f| f.status == Status::Unknown).collect();
    let row = |group: &Vec<&Finding>| {
        let first = group.first()?;
        let checks: Vec<_> = group.iter().map(|f| f.check.as_str()).collect();
        Some(Unmeasured { subject: first.subject.clone(), reason: first.message.clone(), checks: checks.join(", ") })
    };
    same_reason(&unknown).iter().filter_map(row).collect()
}

fn item(finding: &Finding) -> Item<'_> {
    let evidence: Vec<Pair> = finding
        .evidence
        .iter()
        .filter(|e| !is_block(e))
        .map(|e| Pair { name: e.name.clone(), value: shown(&e.value, e.unit) })
        .collect();
    let limit =
        |t: &crate::check::finding::Threshold| format!("{} {}, {}", t.param, quantity::show(t.value, t.unit), t.origin);
    let blocks = finding.evidence.iter().filter(|e| is_block(e));
    Item {
        status: finding.status.word(),
        check: &finding.check,
        title: &finding.title,
        subject: &finding.subject,
        message: finding.message.trim_end_matches('.'),
        severity: format!("{:?}", finding.severity).to_lowercase(),
        seen: evidence.iter().map(|pair| format!("{} {}", pair.name, pair.value)).collect::<Vec<_>>().join(" · "),
        evidence,
        blocks: blocks.map(|e| text::fenced("", e.value.as_str().unwrap_or_default())).collect(),
        limits: finding.threshold.iter().map(limit).collect(),
        ground: words::ground(finding, |at| at.to_string()),
        not_visible: finding.ground.not_visible.as_deref(),
        why: (finding.status != Status::Unknown).then(|| one_line(&finding.why)),
        fix: one_line(&finding.fix),
        command: finding.command.as_ref().map(|c| text::fenced("", c)),
        opens: opens(&[finding]),
        links: finding.links.iter().map(String::as_str).filter(|link| is_plain(link)).collect(),
    }
}

/// Whether an address can stand between angle brackets as it is.
fn is_plain(link: &str) -> bool {
    let web = link.starts_with("https://") || link.starts_with("http://");
    web && link.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`'))
}
