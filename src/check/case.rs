//! Runs the cases of a check: given answers, expected findings.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    definition::{Case, Given},
    evaluate,
    finding::{Finding, Status},
    library::{Check, Library, inputs},
    params::{Override, Overrides},
};
use crate::snapshot::{
    Answer, Column, Earlier, FORMAT, Fault, FaultKind, Observation, Pairing, Snapshot, SourceKind, SourceRecord, Table,
    TargetRecord, VERSION, Value,
};

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The case's name.
    pub name: String,
    /// What differs from the expectation; none for a success.
    pub failure: Option<String>,
}

/// Runs all cases of a check.
pub fn run(library: &Library, check: &Check) -> Vec<Outcome> {
    check
        .def
        .cases
        .iter()
        .map(|case| Outcome { name: case.name.clone(), failure: one(library, check, case).err() })
        .collect()
}

/// Statuses of `rules` that no case expects: rules that nobody has seen fire.
pub fn unproven(check: &Check) -> Vec<Status> {
    let mut missing: Vec<Status> = check.def.rules.iter().map(|rule| rule.status).chain([Status::Pass]).collect();
    missing.sort_unstable();
    missing.dedup();
    missing.retain(|status| !check.def.cases.iter().any(|case| case.expect.iter().any(|e| e.status == *status)));
    missing
}

fn one(library: &Library, check: &Check, case: &Case) -> Result<(), String> {
    let snapshot = snapshot_of(library, Some(check), &case.given)?;
    let overrides = case.params.iter().map(|(param, value)| Override {
        check: check.def.id.clone(),
        subject: None,
        param: param.clone(),
        value: value.clone(),
        origin: format!("case {}", case.name),
    });
    let overrides = Overrides::new(overrides.collect());
    library.check_overrides(&overrides).map_err(|errors| errors.join("; "))?;
    let found = evaluate::judge(library, &overrides, &snapshot, |c| c.def.id == check.def.id);
    let fits = found.len() == case.expect.len()
        && found.iter().zip(&case.expect).all(|(finding, expect)| {
            finding.status == expect.status
                && expect.subject.as_ref().is_none_or(|s| *s == finding.subject)
                && expect.says.as_ref().is_none_or(|s| finding.message.contains(s))
        });
    if fits { Ok(()) } else { Err(difference(&found, case)) }
}

fn difference(found: &[Finding], case: &Case) -> String {
    let expected = case.expect.iter().map(|e| {
        let subject = e.subject.as_deref().unwrap_or("(any subject)");
        let says = e.says.as_ref().map(|s| format!(" saying `{s}`")).unwrap_or_default();
        format!("  expected {} {subject}{says}", e.status.word())
    });
    let got = found.iter().map(|f| format!("  found    {} {}: {}", f.status.word(), f.subject, f.message));
    expected.chain(got).collect::<Vec<_>>().join("\n")
}

/// The snapshot of what is given; where a probe is not named, it is the check's own.
pub(crate) fn snapshot_of(library: &Library, check: Option<&Check>, given: &[Given]) -> Result<Snapshot, String> {
    let own = check.map(|check| inputs(&check.from)).unwrap_or_default();
    let mut sources: BTreeMap<String, SourceKind> = BTreeMap::new();
    let mut observations = Vec::new();
    for given in given {
        let probe = match (&given.probe, own.as_slice()) {
            (Some(probe), _) => probe.as_str(),
            (None, [only]) => only,
            (None, _) => {
                return Err(format!("say which probe answers: one of {}", own.join(", ")));
            }
        };
        let kind = library.probe(probe).ok_or_else(|| format!("no probe `{probe}`"))?.source;
        sources.insert(given.source.clone(), kind);
        observations.push(observation(library, probe, given)?);
    }
    let sources = sources.into_iter().map(|(name, kind)| SourceRecord {
        name,
        kind,
        address: "case".into(),
        facts: BTreeMap::new(),
        fault: None,
        notes: Vec::new(),
    });
    Ok(Snapshot {
        format: FORMAT.into(),
        version: VERSION,
        tool: "case".into(),
        target: TargetRecord { name: "case".into(), environment: None },
        started_at: Timestamp::UNIX_EPOCH,
        finished_at: Timestamp::UNIX_EPOCH,
        window_ms: 10_000,
        load: None,
        sources: sources.collect(),
        observations,
    })
}

fn observation(library: &Library, id: &str, given: &Given) -> Result<Observation, String> {
    let probe = library.probe(id).ok_or_else(|| format!("no probe `{id}`"))?;
    let table = |rows: &[BTreeMap<String, Value>]| -> Result<Table, String> {
        let columns =
            probe.columns.iter().map(|(name, def)| Column::new(name, def.kind, def.unit, def.counter)).collect();
        let mut table = Table::new(columns);
        for row in rows {
            if let Some(unknown) = row.keys().find(|name| !probe.columns.contains_key(*name)) {
                return Err(format!("`{unknown}` is no column of {id}"));
            }
            let cells = probe.columns.iter().map(|(name, def)| {
                let given = row.get(name).cloned().unwrap_or(Value::Null);
                if given.is_null() { def.when_null.clone().unwrap_or(Value::Null) } else { given }
            });
            table.push(cells.collect()).map_err(|error| error.to_string())?;
        }
        Ok(table)
    };
    let start = Timestamp::UNIX_EPOCH;
    let at = start.checked_add(SignedDuration::from_secs(10)).unwrap_or(start);
    Ok(Observation {
        probe: id.to_owned(),
        source: given.source.clone(),
        database: given.database.clone(),
        at,
        took_ms: 1,
        not_visible: given.not_visible.clone(),
        pairing: Pairing {
            key: probe.key.clone(),
            resets: probe.resets.clone(),
            since: probe.since.clone(),
            new_rows_from_zero: probe.new_rows_from_zero,
        },
        earlier: given.earlier.as_deref().map(table).transpose()?.map(|table| Earlier { at: start, table }),
        answer: match &given.fault {
            Some(fault) => Answer::Fault(Fault::new(FaultKind::Server, fault.clone())),
            None => Answer::Table(table(&given.rows)?),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The embedded library, or everything that is wrong with it.
    fn library() -> Library {
        Library::load(&crate::assets::embedded()).unwrap_or_else(|errors| {
            let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
            panic!("{}", errors.join("\n\n"))
        })
    }

    #[test]
    fn every_case_of_every_embedded_check_holds() {
        let library = library();
        let failures: Vec<_> = library
            .checks()
            .flat_map(|check| run(&library, check).into_iter().map(|outcome| (check.file.clone(), outcome)))
            .filter_map(|(file, outcome)| Some(format!("{file}, case `{}`:\n{}", outcome.name, outcome.failure?)))
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    }

    #[test]
    fn every_embedded_check_has_cases_for_each_of_its_statuses() {
        let library = library();
        let missing: Vec<_> = library
            .checks()
            .filter(|check| !unproven(check).is_empty())
            .map(|check| format!("{}: no case expects {:?}", check.file, unproven(check)))
            .collect();
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }
}
