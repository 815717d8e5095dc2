//! Samples of counters that are kept for the rates of later rounds: two for each question, whatever the time.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    check::probe::Probe,
    collect::asker::for_rates,
    snapshot::{Answer, Earlier, Observation},
};

type Key = (String, Option<String>);

/// What was counted before.
#[derive(Debug, Default)]
pub(super) struct Memory {
    kept: BTreeMap<Key, Kept>,
}

#[derive(Debug)]
struct Kept {
    latest: Taken,
    /// For when the latest is too young to take a rate from.
    before: Option<Earlier>,
}

#[derive(Debug)]
struct Taken {
    /// On the clock that nobody sets.
    at: Instant,
    sample: Earlier,
}

impl Memory {
    /// Gives an answer the sample of an earlier round, `least` old or more, and remembers the answer for later ones.
    pub(super) fn pair(&mut self, probe: &Probe, observation: &mut Observation, least: Duration) {
        let Answer::Table(table) = &observation.answer else { return };
        if !probe.has_counters() {
            return;
        }
        let now = Instant::now();
        let sample = || Taken { at: now, sample: Earlier { at: observation.at, table: for_rates(probe, table) } };
        let key = (observation.probe.clone(), observation.database.clone());
        let Some(kept) = self.kept.get_mut(&key) else {
            self.kept.insert(key, Kept { latest: sample(), before: None });
            return;
        };
        if now.duration_since(kept.latest.at) < least {
            // Soon after the last one, as when somebody asks for it: that one stays where later rates begin.
            observation.earlier.clone_from(&kept.before);
            return;
        }
        let taken = std::mem::replace(&mut kept.latest, sample());
        observation.earlier = Some(taken.sample.clone());
        kept.before = Some(taken.sample);
    }

    /// Forgets: what comes after an outage is not compared with what was before it.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }

    /// Forgets the questions that are asked no more, as those of a database that was dropped.
    pub(super) fn keep_only(&mut self, asked: &[Observation]) {
        let asked: BTreeSet<_> = asked.iter().map(|o| (o.probe.as_str(), o.database.as_deref())).collect();
        self.kept.retain(|(probe, database), _| asked.contains(&(probe.as_str(), database.as_deref())));
    }

    /// How many tables are kept.
    #[cfg(test)]
    pub(super) fn tables(&self) -> usize {
        self.kept.values().map(|kept| 1 + usize::from(kept.before.is_some())).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        collect::plan,
        snapshot::{Column, Kind, SourceKind, SourceRecord, Table, Unit, Value},
    };

    fn probe(id: &str) -> Probe {
        let text = "source = \"postgres\"\nquery = [{ sql = \"select 1\" }]\n[columns]\nn = { kind = \"int\", counter = true }";
        Probe { id: id.into(), ..toml::from_str(text).unwrap() }
    }

    fn observation(probe: &Probe, n: i64) -> Observation {
        let record = SourceRecord {
            name: "primary".into(),
            kind: SourceKind::Postgres,
            address: String::new(),
            facts: BTreeMap::new(),
            fault: None,
            notes: Vec::new(),
        };
        let mut table = Table::new(vec![Column::new("n", Kind::Int, Unit::Count, true)]);
        table.push(vec![Value::Int(n)]).unwrap();
        plan::observation(probe, &record, None, Answer::Table(table))
    }

    /// Asks once more after so many seconds; gives what the counter stood at in the earlier sample.
    async fn ask(memory: &mut Memory, after: u64, n: i64) -> Option<i64> {
        tokio::time::advance(Duration::from_secs(after)).await;
        let probe = probe("test.rows");
        let mut observation = observation(&probe, n);
        memory.pair(&probe, &mut observation, Duration::from_secs(10));
        observation.earlier.and_then(|earlier| earlier.table.get(0, "n").as_i64())
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_is_taken_from_the_round_before_if_that_is_old_enough() {
        let mut memory = Memory::default();
        assert_eq!(ask(&mut memory, 0, 1).await, None);
        assert_eq!(ask(&mut memory, 3, 2).await, None, "three seconds are too short");
        assert_eq!(ask(&mut memory, 7, 3).await, Some(1));
        assert_eq!(ask(&mut memory, 60, 4).await, Some(3));
        assert_eq!(ask(&mut memory, 1, 5).await, Some(3), "the latest is too young, the one before serves");
        assert_eq!(ask(&mut memory, 59, 6).await, Some(4));
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_two_tables_are_kept_of_a_question_and_none_of_what_is_asked_no_more() {
        let mut memory = Memory::default();
        for round in 0..10_000 {
            ask(&mut memory, round % 30, 1).await;
        }
        assert_eq!(memory.tables(), 2);
        let other = probe("test.other");
        memory.pair(&other, &mut observation(&other, 1), Duration::ZERO);
        assert_eq!(memory.tables(), 3);
        memory.keep_only(&[observation(&other, 1)]);
        assert_eq!(memory.tables(), 1);
        memory.clear();
        assert_eq!(memory.tables(), 0);
    }
}
