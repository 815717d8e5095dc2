//! How one criterion stands: what was measured, what a person answered, and what is accepted.

use std::collections::BTreeMap;

use wildmatch::WildMatch;

use super::{
    answers::{Answers, Waiver},
    headroom,
    model::{Assessed, Basis},
    pack::{Asked, HoldsFor, RuleOf},
    packs::{Criterion, Pack},
};
use crate::{
    check::{
        evaluate::{Bench, Rows},
        finding::{Finding, Status},
        library::Check,
        params::Overrides,
        relation::Relation,
    },
    snapshot::SourceKind,
};

/// How many things a criterion stands on are shown.
const SHOWN: usize = 3;

/// What was measured for a criterion.
struct Measured {
    status: Status,
    message: String,
    ground: Vec<Basis>,
}

impl Measured {
    fn plain(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), ground: Vec::new() }
    }
}

/// The worse of two statuses for a criterion. What is not measured is worse than an accepted fail or a
/// warning, because it may hide a fail; what does not apply is the weakest word of all.
fn badness(status: Status) -> u8 {
    match status {
        Status::NotApplicable => 0,
        Status::Pass => 1,
        Status::Warn => 2,
        Status::Waived => 3,
        Status::Unknown => 4,
        Status::Fail => 5,
    }
}

/// How a criterion stands.
pub(super) fn assess(
    bench: &Bench,
    pack: &Pack,
    criterion: &Criterion,
    overrides: &Overrides,
    findings: &[Finding],
    answers: &Answers,
) -> Assessed {
    let def = &criterion.def;
    let measured = measure(bench, criterion, overrides, findings, answers);
    let answered = def.attest.as_ref().map(|question| (question.asked, answers.to(&criterion.id, question)));
    let (mut chosen, attestation) = match (measured, answered) {
        (Some(measured), None) => (measured, None),
        (None, Some((_, answered))) => (Measured::plain(answered.status, answered.message), answered.attestation),
        (None, None) => (Measured::plain(Status::Unknown, "nothing that is there answers this"), None),
        (Some(measured), Some((Asked::Instead, answered))) => instead(measured, answered),
        (Some(measured), Some((Asked::Also, answered))) => {
            let plain = Measured::plain(answered.status, answered.message);
            let worse = badness(plain.status) > badness(measured.status)
                || (measured.status == Status::Pass && plain.status == Status::Pass);
            let ground = measured.ground.clone();
            (if worse { Measured { ground, ..plain } } else { measured }, answered.attestation)
        }
    };
    if chosen.status == Status::Waived && !def.waivable {
        // Who accepts a finding does not thereby accept what must never be accepted.
        chosen.status = Status::Fail;
    }
    let waiver = waiver(criterion, &chosen, answers);
    if let (Status::Fail, Some(waiver)) = (chosen.status, &waiver) {
        chosen.status = Status::Waived;
        chosen.message = format!("{}; accepted by {}: {}", chosen.message, waiver.owner, waiver.reason);
    }
    Assessed {
        id: criterion.id.clone(),
        pack: pack.def.id.clone(),
        title: def.title.clone(),
        kind: def.kind,
        level: def.level.clone(),
        counts: def.counts,
        rank: criterion.rank,
        domain: def.domain.clone(),
        gate: def.gate,
        weight: def.weight,
        status: chosen.status,
        message: chosen.message,
        ground: chosen.ground,
        why: def.why.trim().to_owned(),
        fix: def.fix.trim().to_owned(),
        needs: (chosen.status == Status::Unknown).then(|| def.needs.clone()).flatten(),
        question: def.attest.as_ref().map(|question| question.question.clone()),
        attestation,
        waiver,
        rows: def.rows.clone(),
    }
}

/// The waiver that accepts the criterion's fail, or that accepted what it stands on; the one that ends first.
fn waiver(criterion: &Criterion, chosen: &Measured, answers: &Answers) -> Option<Waiver> {
    let of = |check: &str, subject: &str| answers.waiver(check, subject).map(|(_, waiver)| waiver.clone());
    match chosen.status {
        Status::Fail if criterion.def.waivable => of(&criterion.id, "*"),
        Status::Waived => {
            let accepted = chosen.ground.iter().filter(|b| b.status == Status::Waived);
            accepted.filter_map(|b| of(&b.check, &b.subject)).min_by_key(|waiver| waiver.expires)
        }
        _ => None,
    }
}

/// What is measured wins; an answer stands in for what could not be.
fn instead(measured: Measured, answered: super::answers::Answered) -> (Measured, Option<super::answers::Attestation>) {
    if measured.status != Status::Unknown || answered.attestation.is_none() {
        return (measured, answered.attestation);
    }
    (Measured { ground: measured.ground, ..Measured::plain(answered.status, answered.message) }, answered.attestation)
}

fn measure(
    bench: &Bench,
    criterion: &Criterion,
    overrides: &Overrides,
    findings: &[Finding],
    answers: &Answers,
) -> Option<Measured> {
    let def = &criterion.def;
    let mut parts = Vec::new();
    for id in &def.checks {
        let Some(check) = bench.library().check(id) else { continue };
        let own = !def.params.is_empty();
        let mut judged = if own { bench.check(check, &def.overrides()) } else { Vec::new() };
        answers.accept(&mut judged);
        let found = if own { judged.iter().collect::<Vec<_>>() } else { findings.iter().collect() };
        parts.push(of_check(bench, criterion, check, &found));
    }
    if let (Some(rule), Some(check)) = (&def.rule, &criterion.rule) {
        parts.push(of_rule(bench, criterion, rule, check, overrides));
    }
    let mut parts = parts.into_iter();
    let first = parts.next()?;
    Some(parts.fold(first, |mut one, mut other| {
        if badness(other.status) > badness(one.status) {
            std::mem::swap(&mut one, &mut other);
        }
        one.ground.append(&mut other.ground);
        one.ground.sort_by_key(|basis| std::cmp::Reverse(badness(basis.status)));
        one.ground.truncate(SHOWN);
        one
    }))
}

/// The kinds of source that a check needs and the target does not have. Rows that came without them speak for
/// themselves: a derivation over several kinds knows what it can do without.
fn missing_source(bench: &Bench, check: &Check) -> Option<String> {
    if bench.relations(&check.from).iter().any(|relation| relation.table.rows() > 0) {
        return None;
    }
    let has = |kind| bench.snapshot().sources.iter().any(|source| source.kind == kind);
    let missing: Vec<_> =
        bench.library().sources_of(check).into_iter().filter(|kind| !has(*kind)).map(SourceKind::word).collect();
    (!missing.is_empty()).then(|| format!("this target has no {} source", missing.join(" and no ")))
}

fn of_check(bench: &Bench, criterion: &Criterion, check: &Check, findings: &[&Finding]) -> Measured {
    if let Some(missing) = missing_source(bench, check) {
        return Measured::plain(Status::Unknown, missing);
    }
    if let Some(unasked) = bench.unasked(&check.from) {
        return Measured::plain(Status::Unknown, unasked);
    }
    let fits = |subject: &str| criterion.def.subject.as_ref().is_none_or(|p| WildMatch::new(p).matches(subject));
    let mut found: Vec<&Finding> =
        findings.iter().copied().filter(|f| f.check == check.def.id && fits(&f.subject)).collect();
    found.sort_by_key(|finding| std::cmp::Reverse(badness(finding.status)));
    let Some(worst) = found.first() else {
        return Measured::plain(Status::Unknown, format!("{} said nothing", check.def.id));
    };
    let ground = found.iter().take(SHOWN).map(|f| basis(f, &check.def.id)).collect();
    let message = format!("{}: {}", worst.subject, worst.message);
    if worst.status == Status::NotApplicable && !criterion.def.may_not_apply {
        return Measured { status: Status::Unknown, message: format!("nothing to judge it by: {message}"), ground };
    }
    Measured { status: worst.status, message, ground }
}

fn basis(finding: &Finding, check: &str) -> Basis {
    Basis {
        check: check.to_owned(),
        subject: finding.subject.clone(),
        status: finding.status,
        message: finding.message.clone(),
    }
}

fn of_rule(bench: &Bench, criterion: &Criterion, rule: &RuleOf, check: &Check, overrides: &Overrides) -> Measured {
    if let Some(missing) = missing_source(bench, check) {
        return Measured::plain(Status::Unknown, missing);
    }
    // A gate never holds on a headroom that one point, or no load at all, speaks for.
    let gate = criterion.def.gate;
    let doubt = |relation: &Relation, row| gate.then(|| headroom::doubt(check, relation, row)).flatten();
    let rows = bench.rows(check, overrides, &doubt);
    let ground = |status: Status| {
        let mut shown: Vec<_> = rows.findings.iter().filter(|f| f.status != Status::NotApplicable).collect();
        shown.sort_by_key(|f| (f.status != status, std::cmp::Reverse(badness(f.status))));
        shown.into_iter().take(SHOWN).map(|f| basis(f, &check.from)).collect::<Vec<_>>()
    };
    let Some(status) = decided(rule.holds_for, &rows) else {
        let status = rule.empty.unwrap_or(Status::Unknown);
        let message = rule.empty_message.clone().unwrap_or_else(|| format!("{} has nothing to look at", check.from));
        return Measured::plain(status, message);
    };
    let message = rows.findings.iter().find(|f| f.status == status).map(|f| match f.subject.as_str() {
        "target" | "plan" => f.message.clone(),
        subject => format!("{subject}: {}", f.message),
    });
    Measured { status, message: message.unwrap_or_default(), ground: ground(status) }
}

/// What the rows come to; nothing where none is what the rule is about.
fn decided(holds_for: HoldsFor, rows: &Rows) -> Option<Status> {
    let judged: BTreeMap<Status, usize> =
        rows.counts.iter().filter(|(status, _)| **status != Status::NotApplicable).map(|(s, n)| (*s, *n)).collect();
    match holds_for {
        HoldsFor::Every => judged.keys().copied().max_by_key(|status| badness(*status)),
        HoldsFor::Some if judged.contains_key(&Status::Pass) => Some(Status::Pass),
        // None is good; where one of them is unknown, it might be.
        HoldsFor::Some if judged.contains_key(&Status::Unknown) => Some(Status::Unknown),
        HoldsFor::Some => judged.keys().copied().min_by_key(|status| badness(*status)),
    }
}
