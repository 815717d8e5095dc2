//! Secrets out of records. Every text that comes from outside passes here before it is written; what ties records
//! together (ids of steps, names of parameters, hashes, the words of the runbook) is left as it is.

use std::collections::BTreeMap;

use crate::{
    runbook::{
        port::{Eyes, Identity, Values},
        record::{Outcome, Record, Seen, Started, Word},
    },
    snapshot::Redactor,
};

/// Knows the secrets of the target's connections and of the parameters.
pub(super) fn redactor(eyes: &dyn Eyes, values: &Values) -> Redactor {
    let secrets = eyes.secrets().into_iter().chain(values.secrets().map(str::to_owned));
    Redactor::new(secrets, true)
}

/// The record without secrets.
pub(super) fn record(record: Record, redactor: &Redactor) -> Record {
    let m = Mask(redactor);
    match record {
        Record::Started(started) => Record::Started(Box::new(m.started(*started))),
        Record::Resumed { operator, host, tool, hash, changed } => Record::Resumed {
            operator: m.text(&operator),
            host: m.text(&host),
            tool,
            hash,
            changed: changed.iter().map(|text| m.text(text)).collect(),
        },
        Record::Param { name, value, origin } => Record::Param { name, value, origin: m.text(&origin) },
        Record::Resolved { step, identity } => Record::Resolved { step, identity: m.identity(identity) },
        Record::Unresolved { step, says } => Record::Unresolved { step, says: m.text(&says) },
        Record::Required { step, seen } => Record::Required { step, seen: m.seen(&seen) },
        Record::Decided { step, what, by, approved_by, reason } => Record::Decided {
            step,
            what: m.word(what),
            by: m.text(&by),
            approved_by: m.some(approved_by),
            reason: m.some(reason),
        },
        Record::UndoRegistered { step, shown, due } => Record::UndoRegistered { step, shown: m.text(&shown), due },
        Record::Intent { step, attempt, way, shown, env, identity, timeout_ms } => Record::Intent {
            step,
            attempt,
            way,
            shown: m.text(&shown),
            env,
            identity: identity.map(|identity| m.identity(identity)),
            timeout_ms,
        },
        Record::Spawned { step, pid, started } => Record::Spawned { step, pid, started },
        Record::Outcome { step, attempt, way, outcome } => {
            Record::Outcome { step, attempt, way, outcome: m.outcome(outcome) }
        }
        Record::Sample { step, seen } => Record::Sample { step, seen: m.seen(&seen) },
        Record::Verified { step, verdict, seen, took_ms } => {
            Record::Verified { step, verdict, seen: seen.iter().map(|seen| m.seen(seen)).collect(), took_ms }
        }
        Record::Regressed { step, seen } => Record::Regressed { step, seen: m.seen(&seen) },
        Record::Snapshot { when, file, findings } => Record::Snapshot { when, file, findings: m.pairs(&findings) },
        Record::SnapshotFailed { when, why } => Record::SnapshotFailed { when, why: m.text(&why) },
        Record::Ended { how } => Record::Ended { how },
    }
}

struct Mask<'r>(&'r Redactor);

impl Mask<'_> {
    fn text(&self, text: &str) -> String {
        self.0.line(text)
    }

    fn some(&self, text: Option<String>) -> Option<String> {
        text.map(|text| self.text(&text))
    }

    fn pairs(&self, pairs: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| (self.text(key), self.text(value))).collect()
    }

    fn started(&self, started: Started) -> Started {
        Started {
            file: self.text(&started.file),
            operator: self.text(&started.operator),
            host: self.text(&started.host),
            finding: self.some(started.finding),
            ..started
        }
    }

    fn identity(&self, identity: Identity) -> Identity {
        // The source's name finds it again; the rest is what a server says of itself.
        Identity { address: self.text(&identity.address), facts: self.pairs(&identity.facts), ..identity }
    }

    fn seen(&self, seen: &Seen) -> Seen {
        Seen { condition: self.text(&seen.condition), holds: seen.holds, says: self.text(&seen.says) }
    }

    fn outcome(&self, outcome: Outcome) -> Outcome {
        Outcome {
            says: self.text(&outcome.says),
            excerpt: self.text(&outcome.excerpt),
            value: self.some(outcome.value),
            ..outcome
        }
    }

    fn word(&self, word: Word) -> Word {
        match word {
            Word::DoneByHand { evidence } => Word::DoneByHand { evidence: self.text(&evidence) },
            Word::SettledDone { evidence } => Word::SettledDone { evidence: self.text(&evidence) },
            Word::SettledNotDone { evidence } => Word::SettledNotDone { evidence: self.text(&evidence) },
            Word::Note { text } => Word::Note { text: self.text(&text) },
            // The item is the runbook's own text, by which it is found again.
            other => other,
        }
    }
}
