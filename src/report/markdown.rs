//! The audit as a Markdown report, by a template in which everything is escaped unless it says otherwise.

use serde::Serialize;
use tera::{Context, Tera};

use super::{
    model::{Audit, Filter},
    words::{self, is_block, one_line, same_reason, shown, window},
};
use crate::{
    check::finding::{Finding, Status},
    quantity,
    snapshot::Value,
    text,
};

const TEMPLATE: &str = include_str!("../../templates/audit.md");

/// Why a report could not be written: a fault in its template.
#[derive(Debug, thiserror::Error)]
#[error("write the report by templates/audit.md: {0}")]
pub struct TemplateError(#[from] tera::Error);

#[derive(Serialize)]
struct Source {
    name: String,
    kind: &'static str,
    version: String,
    role: String,
    address: String,
    fault: String,
}

#[derive(Serialize)]
struct Group<'a> {
    title: &'static str,
    findings: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Unmeasured {
    subject: String,
    reason: String,
    checks: String,
}

#[derive(Serialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Item<'a> {
    status: &'static str,
    check: &'a str,
    title: &'a str,
    subject: &'a str,
    message: &'a str,
    severity: String,
    evidence: Vec<Pair>,
    blocks: Vec<String>,
    limits: Vec<String>,
    ground: String,
    not_visible: Option<&'a str>,
    why: Option<String>,
    fix: String,
    command: Option<String>,
    links: &'a [String],
}

/// Renders an audit.
///
/// # Errors
/// A fault in the template.
pub fn markdown(audit: &Audit, filter: Filter) -> Result<String, TemplateError> {
    let mut tera = Tera::default();
    tera.set_escape_fn(|input, output| output.write_all(text::markdown(input).as_bytes()));
    tera.autoescape_on([".md"]);
    tera.add_raw_template("audit.md", TEMPLATE)?;
    let loud: Vec<_> = audit.findings.iter().filter(|f| Filter { all: false, ..filter }.shows(f)).collect();
    let quiet: Vec<_> = audit
        .findings
        .iter()
        .filter(|f| filter.persona.is_none_or(|p| f.personas.contains(&p)) && !loud.contains(f))
        .collect();
    let group = |title, status: Status| Group {
        title,
        findings: loud.iter().filter(|f| f.status == status).map(|f| item(f)).collect(),
    };
    let groups =
        [group("Over a limit", Status::Fail), group("Near a limit", Status::Warn), group("Waived", Status::Waived)];
    let mut context = Context::new();
    context.insert("audit", audit);
    context.insert("summary", &audit.summary.line());
    context.insert("window", &window(audit));
    context.insert("started", &audit.snapshot.started_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    context.insert("sources", &audit.snapshot.sources.iter().map(source).collect::<Vec<_>>());
    let notes = audit
        .snapshot
        .sources
        .iter()
        .flat_map(|source| source.notes.iter().map(|note| Pair { name: source.name.clone(), value: note.clone() }));
    context.insert("notes", &notes.collect::<Vec<_>>());
    context.insert("groups", &groups.into_iter().filter(|g| !g.findings.is_empty()).collect::<Vec<_>>());
    context.insert("unmeasured", &unmeasured(&loud));
    context.insert("quiet", &quiet.into_iter().map(item).collect::<Vec<_>>());
    Ok(tera.render("audit.md", &context)?.trim_end().to_owned() + "\n")
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

fn source(source: &super::model::SourceLine) -> Source {
    let fact = |name: &str| source.facts.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Source {
        name: source.name.clone(),
        kind: source.kind.word(),
        version: fact("server"),
        role: fact("role"),
        address: source.address.clone(),
        fault: source.fault.as_ref().map(|f| format!("{}: {}", f.kind.words(), f.message)).unwrap_or_default(),
    }
}

fn item(finding: &Finding) -> Item<'_> {
    let ground = &finding.ground;
    Item {
        status: finding.status.word(),
        check: &finding.check,
        title: &finding.title,
        subject: &finding.subject,
        message: finding.message.trim_end_matches('.'),
        severity: format!("{:?}", finding.severity).to_lowercase(),
        evidence: finding
            .evidence
            .iter()
            .filter(|e| !is_block(e))
            .map(|e| Pair { name: e.name.clone(), value: shown(&e.value, e.unit) })
            .collect(),
        blocks: finding
            .evidence
            .iter()
            .filter(|e| is_block(e))
            .map(|e| text::fenced("", e.value.as_str().unwrap_or_default()))
            .collect(),
        limits: finding
            .threshold
            .iter()
            .map(|t| format!("{} {}, {}", t.param, quantity::show(t.value, t.unit), t.origin))
            .collect(),
        ground: words::ground(finding, |at| at.to_string()),
        not_visible: ground.not_visible.as_deref(),
        why: (finding.status != Status::Unknown).then(|| one_line(&finding.why)),
        fix: one_line(&finding.fix),
        command: finding.command.as_ref().map(|c| text::fenced("", c)),
        links: &finding.links,
    }
}
