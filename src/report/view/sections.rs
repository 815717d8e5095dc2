//! The twelve sections that a complete scaling plan must have; criteria, findings and statements of the plan
//! are gathered into them by what they answer, by their words, by their domain.

use serde::Serialize;

use super::{Pair, ahead::pair, ladder::place};
use crate::{
    check::finding::{Finding, Status},
    readiness::{model::Assessed, pack::CriterionKind},
    report::{
        model::{Audit, Filter},
        words::one_line,
    },
};

/// How many findings a section names; all of them stand under Findings.
const FINDINGS: usize = 8;

/// A section, and what belongs to it.
struct Def {
    id: &'static str,
    title: &'static str,
    /// Rows of the catalogue that demand this section.
    rows: &'static [&'static str],
    /// Words of ids and titles; those of eight letters and more also as the beginning of a word.
    words: &'static [&'static str],
    domains: &'static [&'static str],
    /// Sections of the plan.
    plan: &'static [&'static str],
    /// What fills it, where there is nothing yet.
    fill: &'static str,
}

/// In the order of the report.
const SECTIONS: [Def; 12] = [
    Def {
        id: "assessment",
        title: "Scalability assessment",
        rows: &["R-008"],
        words: &["bottleneck", "headroom", "saturation"],
        domains: &["capacity"],
        plan: &["bottlenecks", "limits"],
        fill: "a snapshot of all sources over two samples, and load tests beside it",
    },
    Def {
        id: "phases",
        title: "Scaling phases",
        rows: &["R-009"],
        words: &["phase", "phases", "roadmap", "milestone"],
        domains: &[],
        plan: &[],
        fill: "`phases` in the target's plan: multiple, changes, gate, cost",
    },
    Def {
        id: "horizontal",
        title: "Horizontal scaling",
        rows: &["R-010", "R-011", "R-012"],
        words: &["stateless", "session", "sessions", "sticky", "affinity", "horizontal", "zones", "regions"],
        domains: &["compute", "architecture"],
        plan: &["instances", "sizing"],
        fill: "a kubernetes source, `instances` and `sizing` in the plan, and answers about sessions",
    },
    Def {
        id: "database",
        title: "Database path",
        rows: &["R-013", "R-014", "R-015", "R-016"],
        words: &["replica", "replicas", "pooler", "pooling", "query", "queries", "sharding", "shards"],
        domains: &[
            "database",
            "replication",
            "connections",
            "pooling",
            "queries",
            "locks",
            "schema",
            "vacuum",
            "integrity",
            "durability",
            "backup",
        ],
        plan: &["pools", "patterns"],
        fill: "postgres and pgbouncer sources, `pools` in the plan, and a date for what comes after replicas",
    },
    Def {
        id: "caching",
        title: "Caching hierarchy",
        rows: &["R-017", "R-018", "R-019", "R-020", "R-021"],
        words: &["cache", "caches", "caching", "eviction", "invalidation"],
        domains: &["cache", "memory"],
        plan: &["caches"],
        fill: "a redis source, and `caches` in the plan: layer, time to live, invalidation, hit target",
    },
    Def {
        id: "load-testing",
        title: "Load testing",
        rows: &["R-022", "R-023", "R-024", "R-025"],
        words: &["loadtest", "load-test", "soak", "stress", "chaos", "breakpoint"],
        domains: &["testing"],
        plan: &["tests"],
        fill: "a loadtest source with results of k6, Artillery, JMeter, Locust or others, and `tests` in the plan",
    },
    Def {
        id: "autoscaling",
        title: "Autoscaling",
        rows: &["R-026", "R-027", "R-028", "R-029", "R-030"],
        words: &["autoscaler", "autoscaling", "hpa", "vpa", "cooldown"],
        domains: &["autoscaling"],
        plan: &[],
        fill: "a kubernetes source; scale-up and scale-down triggers and their windows",
    },
    Def {
        id: "traffic",
        title: "Traffic management",
        rows: &["R-031", "R-032", "R-033", "R-034"],
        words: &["limiting", "ratelimit", "shedding", "degradation", "degrades", "bulkhead", "circuit", "gateway"],
        domains: &["network"],
        plan: &[],
        fill: "answers about rate limits, load shedding, graceful degradation and bulkheads",
    },
    Def {
        id: "edge",
        title: "CDN and edge",
        rows: &["R-035", "R-036", "R-037"],
        words: &["cdn", "edge", "static", "assets", "compression"],
        domains: &[],
        plan: &[],
        fill: "cache headers of public pages, and a `cdn` layer in the plan's `caches`",
    },
    Def {
        id: "monitoring",
        title: "Monitoring, SLOs and alerts",
        rows: &["R-038", "R-039", "R-040"],
        words: &["monitoring", "slo", "slos", "sli", "slis", "alert", "alerts", "dashboard", "paging", "tracing"],
        domains: &["monitoring", "latency", "errors"],
        plan: &["workloads", "slis", "slos", "alerts"],
        fill: "`slis`, `slos` and `alerts` in the plan, each objective with its alert",
    },
    Def {
        id: "cost",
        title: "Cost",
        rows: &["R-041", "R-042"],
        words: &["cost", "costs", "budget", "spend"],
        domains: &["cost"],
        plan: &[],
        fill: "`costs` in the plan: what at least three volumes cost a month; `cost_items` for the bill",
    },
    Def {
        id: "runbook",
        title: "Runbook for manual scaling",
        rows: &["R-043"],
        words: &["runbook", "runbooks", "rehearsed", "on-call", "drill"],
        domains: &["process", "delivery", "recovery"],
        plan: &["recovery"],
        fill: "a rehearsed runbook that scales by hand when autoscaling fails, and `recovery` in the plan",
    },
];

/// One section of the report.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    number: usize,
    id: &'static str,
    title: &'static str,
    /// `3 fail, 1 warn, 5 not measured, 12 pass`; empty where nothing belongs here.
    summary: String,
    /// Demands that fail, are near a limit, or are accepted.
    bad: Vec<Row>,
    /// Titles of what is not measured, and of what holds.
    unknown: Vec<String>,
    good: Vec<String>,
    /// Findings, the worst first.
    findings: Vec<Row>,
    more_findings: usize,
    /// What the plan states.
    stated: Vec<Pair>,
    /// What would fill it; only where nothing is there.
    fill: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Row {
    status: &'static str,
    title: String,
    message: String,
    place: String,
}

/// All twelve.
pub(super) fn all(audit: &Audit, filter: Filter) -> Vec<Section> {
    let criteria = || audit.readiness.iter().flat_map(|readiness| &readiness.criteria);
    let mut demands: [Vec<&Assessed>; 12] = Default::default();
    for criterion in criteria().filter(|c| c.kind == CriterionKind::Demand) {
        // The name of the pack is left out: it would draw all of a pack into one section.
        let id = criterion.id.split_once('.').map_or(criterion.id.as_str(), |(_, id)| id);
        let words = format!("{id} {}", criterion.title);
        demands[home(&criterion.rows, &words, &criterion.domain)].push(criterion);
    }
    let mut findings: [Vec<&Finding>; 12] = Default::default();
    let loud = Filter { all: false, ..filter };
    for finding in audit.findings.iter().filter(|f| f.status != Status::Unknown && loud.shows(f)) {
        findings[home(&[], &finding.check, &finding.domain)].push(finding);
    }
    let parts = SECTIONS.iter().zip(demands).zip(findings);
    parts.enumerate().map(|(at, ((def, demands), found))| section(audit, at + 1, def, &demands, &found)).collect()
}

/// The section of something, by the rows it answers, by its words, by its domain; the assessment takes the rest.
fn home(rows: &[String], words: &str, domain: &str) -> usize {
    let words = words.to_lowercase();
    let tokens: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).collect();
    let by_rows = || SECTIONS.iter().position(|s| rows.iter().any(|row| s.rows.contains(&row.as_str())));
    let by_words = || ORDER.iter().copied().find(|at| says(&SECTIONS[*at], &words, &tokens));
    let by_domain = || SECTIONS.iter().position(|s| s.domains.contains(&domain));
    by_rows().or_else(by_words).or_else(by_domain).unwrap_or(0)
}

/// Words are tried in this order: a soak test of the cache is a load test.
const ORDER: [usize; 12] = [1, 5, 6, 7, 8, 11, 9, 10, 2, 4, 3, 0];

fn says(def: &Def, text: &str, tokens: &[&str]) -> bool {
    let is_in = |token: &&str, word: &str| *token == word || (word.len() >= 8 && token.starts_with(word));
    def.words.iter().any(|word| text.contains(word) && (word.contains('-') || tokens.iter().any(|t| is_in(t, word))))
}

fn section(audit: &Audit, number: usize, def: &Def, demands: &[&Assessed], findings: &[&Finding]) -> Section {
    let of = |statuses: &[Status]| demands.iter().filter(|c| statuses.contains(&c.status)).copied().collect::<Vec<_>>();
    let titles = |statuses: &[Status]| of(statuses).iter().map(|c| c.title.clone()).collect::<Vec<_>>();
    let mut bad = of(&[Status::Fail, Status::Warn, Status::Waived]);
    bad.sort_by_key(|c| std::cmp::Reverse(c.status));
    let stated = stated(audit, def);
    let has_own = match def.id {
        "assessment" => !audit.bottlenecks.is_empty(),
        "phases" => audit.outlook.as_ref().is_some_and(|o| o.milestones.iter().any(|m| !m.phases.is_empty())),
        "cost" => audit.outlook.as_ref().is_some_and(|o| !o.costs.is_empty()),
        "load-testing" => audit.outlook.as_ref().is_some_and(|o| !o.runs.is_empty()),
        _ => false,
    };
    let known = demands.iter().any(|c| c.status != Status::Unknown);
    Section {
        number,
        id: def.id,
        title: def.title,
        summary: summary(demands),
        bad: bad
            .iter()
            .map(|c| Row {
                status: c.status.word(),
                title: c.title.clone(),
                message: one_line(&c.message),
                place: format!("{}{}", place(c), if c.gate { ", gate" } else { "" }),
            })
            .collect(),
        unknown: titles(&[Status::Unknown]),
        good: titles(&[Status::Pass]),
        findings: findings
            .iter()
            .take(FINDINGS)
            .map(|f| Row {
                status: f.status.word(),
                title: f.check.clone(),
                message: one_line(&f.message),
                place: f.subject.clone(),
            })
            .collect(),
        more_findings: findings.len().saturating_sub(FINDINGS),
        fill: (!known && stated.is_empty() && findings.is_empty() && !has_own).then_some(def.fill),
        stated,
    }
}

fn summary(demands: &[&Assessed]) -> String {
    let names = [
        (Status::Fail, "fail"),
        (Status::Warn, "near a limit"),
        (Status::Waived, "waived"),
        (Status::Unknown, "not measured"),
        (Status::Pass, "hold"),
        (Status::NotApplicable, "do not apply"),
    ];
    let count = |status: Status| demands.iter().filter(|c| c.status == status).count();
    let parts = names.iter().map(|(status, word)| (count(*status), word)).filter(|(n, _)| *n > 0);
    parts.map(|(n, word)| format!("{n} {word}")).collect::<Vec<_>>().join(", ")
}

/// What the plan states that belongs here: whole sections, and parts of the architecture by their name.
fn stated(audit: &Audit, def: &Def) -> Vec<Pair> {
    let lines = audit.outlook.iter().flat_map(|outlook| &outlook.stated);
    let part = |name: &str| SECTIONS.get(home(&[], name, "")).is_some_and(|section| section.id == def.id);
    let mine = lines.filter(|line| match line.section.as_str() {
        "components" => part(&line.name),
        "caches" if line.name.eq_ignore_ascii_case("cdn") => def.id == "edge",
        section => def.plan.contains(&section),
    });
    mine.map(|line| {
        let Pair { name, value } = pair(line);
        Pair { name: format!("{}: {name}", line.section), value }
    })
    .collect()
}
