//! Which probes are for which server, and what stands where an answer is missing.

use std::collections::BTreeMap;

use crate::{
    check::{
        probe::{Probe, Query},
        version::Requirement,
    },
    clock,
    snapshot::{Answer, Fault, FaultKind, Observation, Pairing, SourceRecord, Value},
};

type Facts = BTreeMap<String, Value>;

/// The wording for this server: the first whose conditions hold.
pub(super) fn wording<'p>(probe: &'p Probe, facts: &Facts) -> Result<&'p Query, Fault> {
    let holds = |query: &&Query| query.when.iter().all(|(fact, requirement)| fact_holds(facts, fact, requirement));
    probe.query.iter().find(holds).ok_or_else(|| {
        let wanted: Vec<_> =
            probe.query.iter().flat_map(|q| q.when.iter().map(|(fact, r)| format!("{fact} {r}"))).collect();
        let has = facts.get("server").and_then(Value::as_str).unwrap_or("unknown");
        let missing = Fault::new(FaultKind::Missing, format!("needs {}; this server is {has}", wanted.join(" or ")));
        match extension(&wanted) {
            Some(name) => missing.remedy(format!("create extension {name} in the audited database, as a superuser")),
            None => missing,
        }
    })
}

/// The extension that is missing, where one is.
fn extension(wanted: &[String]) -> Option<&str> {
    wanted.iter().find_map(|w| w.strip_prefix("extension.")?.split(' ').next())
}

fn fact_holds(facts: &Facts, fact: &str, requirement: &str) -> bool {
    let version = facts.get(fact).and_then(Value::as_str).unwrap_or_default();
    Requirement::parse(requirement).is_ok_and(|requirement| requirement.holds(version))
}

/// What the role cannot see of a probe's answer, with what to grant.
pub(super) fn not_visible(probe: &Probe, facts: &Facts) -> Option<String> {
    let right = probe.rights.as_ref()?;
    if facts.get(right).and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let user = facts.get("user").and_then(Value::as_str).unwrap_or("this role");
    let name = right.strip_prefix("member.").unwrap_or(right);
    let grant = probe.grant.as_ref().map(|grant| format!("; {}", grant.replace("{user}", user))).unwrap_or_default();
    Some(format!("{user} sees only its own sessions and statistics (not a member of {name}){grant}"))
}

/// An observation without an answer yet.
pub(super) fn observation(probe: &Probe, record: &SourceRecord, database: Option<&str>, answer: Answer) -> Observation {
    Observation {
        probe: probe.id.clone(),
        source: record.name.clone(),
        database: database.map(str::to_owned),
        at: clock::now(),
        took_ms: 0,
        not_visible: not_visible(probe, &record.facts).filter(|_| matches!(answer, Answer::Table(_))),
        pairing: Pairing {
            key: probe.key.clone(),
            resets: probe.resets.clone(),
            since: probe.since.clone(),
            new_rows_from_zero: probe.new_rows_from_zero,
        },
        earlier: None,
        answer,
    }
}

/// A fault for every probe that this server was due to answer and has not.
pub(super) fn fill(observations: &mut Vec<Observation>, record: &SourceRecord, probes: &[Probe], fault: &Fault) {
    for probe in probes.iter().filter(|probe| probe.is_for(record)) {
        if !observations.iter().any(|o| o.probe == probe.id) {
            observations.push(observation(probe, record, None, Answer::Fault(fault.clone())));
        }
    }
}
