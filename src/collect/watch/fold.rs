//! From the parts of the sources to one snapshot of the target. Pure.

use std::time::Duration;

use jiff::Timestamp;

use super::Part;
use crate::snapshot::{FORMAT, Load, Observation, Snapshot, TargetRecord, VERSION};

/// All that is known of a target now. The times are those of its oldest and its latest answer; `began`, when watching
/// began, stands for them while there is none.
pub fn fold(
    target: &TargetRecord,
    parts: &[Part],
    window: Duration,
    load: Option<&Load>,
    began: Timestamp,
) -> Snapshot {
    let mut observations: Vec<Observation> = parts.iter().flat_map(Part::observations).cloned().collect();
    // As in a snapshot that was collected once: by probe, then source, then database.
    observations.sort_by(|a, b| (&a.probe, &a.source, &a.database).cmp(&(&b.probe, &b.source, &b.database)));
    let times = || observations.iter().map(|observation| observation.at);
    let two_samples = observations.iter().any(|observation| observation.earlier.is_some());
    Snapshot {
        format: FORMAT.to_owned(),
        version: VERSION,
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        target: target.clone(),
        started_at: times().min().unwrap_or(began),
        finished_at: times().max().unwrap_or(began),
        window_ms: if two_samples { u64::try_from(window.as_millis()).unwrap_or(u64::MAX) } else { 0 },
        load: load.cloned(),
        sources: parts.iter().map(|part| part.record().clone()).collect(),
        observations,
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;
    use crate::{
        check::probe::Probe,
        snapshot::{Answer, Earlier, Fault, FaultKind, Pairing, SourceKind, SourceRecord, Table},
    };

    fn record(name: &str) -> SourceRecord {
        SourceRecord {
            name: name.into(),
            kind: SourceKind::Postgres,
            address: String::new(),
            facts: std::collections::BTreeMap::new(),
            fault: None,
            notes: Vec::new(),
        }
    }

    fn probes() -> Vec<Probe> {
        let probe = |id: &str| {
            let text = "source = \"postgres\"\nquery = [{ sql = \"select 1\" }]\n[columns]\nn = { kind = \"int\" }";
            Probe { id: id.into(), ..toml::from_str(text).unwrap() }
        };
        vec![probe("test.a"), probe("test.b")]
    }

    fn answer(source: &str, probe: &str, second: i64, earlier: bool) -> Observation {
        let at = Timestamp::UNIX_EPOCH + second.seconds();
        Observation {
            probe: probe.into(),
            source: source.into(),
            database: None,
            at,
            took_ms: 1,
            not_visible: None,
            pairing: Pairing::default(),
            earlier: earlier.then(|| Earlier { at: Timestamp::UNIX_EPOCH, table: Table::default() }),
            answer: Answer::Table(Table::default()),
        }
    }

    fn folded(parts: &[Part]) -> Snapshot {
        let target = TargetRecord { name: "shop".into(), environment: Some("production".into()) };
        fold(&target, parts, Duration::from_secs(10), None, Timestamp::UNIX_EPOCH)
    }

    fn faults(snapshot: &Snapshot, source: &str) -> Vec<FaultKind> {
        let of = snapshot.observations.iter().filter(|observation| observation.source == source);
        of.filter_map(|observation| match &observation.answer {
            Answer::Fault(fault) => Some(fault.kind),
            Answer::Table(_) => None,
        })
        .collect()
    }

    #[test]
    fn what_was_not_asked_and_who_fails_is_unknown_beside_the_answers_of_others() {
        let gone = Fault::new(FaultKind::Gone, "closed");
        let parts = [
            Part::answered(
                record("zeta"),
                vec![answer("zeta", "test.b", 9, false), answer("zeta", "test.a", 7, false)],
            ),
            Part::pending(record("new"), &probes()),
            Part::failed(record("dead"), &probes(), &gone),
        ];
        let snapshot = folded(&parts);
        assert_eq!(faults(&snapshot, "zeta"), []);
        assert_eq!(faults(&snapshot, "new"), [FaultKind::Pending, FaultKind::Pending]);
        assert_eq!(faults(&snapshot, "dead"), [FaultKind::Gone, FaultKind::Gone]);
        assert!(snapshot.is_partial());
        assert_eq!(snapshot.source("dead").and_then(|source| source.fault.clone()), Some(gone));
        let names: Vec<_> = snapshot.sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(names, ["zeta", "new", "dead"], "the order of the target");
        let order: Vec<_> = snapshot.observations.iter().map(|o| (o.probe.as_str(), o.source.as_str())).collect();
        assert!(order.is_sorted(), "{order:?}");
        assert_eq!(Snapshot::read(&snapshot.write().unwrap()).unwrap(), snapshot, "a file like any other");
    }

    #[test]
    fn a_part_has_one_answer_to_each_question_and_the_window_counts_once_there_are_two_samples() {
        let mut part =
            Part::answered(record("a"), vec![answer("a", "test.a", 1, false), answer("a", "test.b", 3, false)]);
        let first = folded(std::slice::from_ref(&part));
        assert_eq!((first.window_ms, first.observations.len()), (0, 2));
        for second in 10..100 {
            part.take(record("a"), vec![answer("a", "test.b", second, true)]);
        }
        let later = folded(&[part]);
        assert_eq!((later.window_ms, later.observations.len()), (10_000, 2));
        assert_eq!(later.started_at, Timestamp::UNIX_EPOCH + 1.seconds());
        assert_eq!(later.finished_at, Timestamp::UNIX_EPOCH + 99.seconds());
    }
}
