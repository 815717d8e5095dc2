//! What both kinds of eyes share: the checks, and how conditions are judged by them.

use std::sync::{PoisonError, RwLock};

use crate::{
    check::{
        evaluate::{self, Bench},
        library::Library,
        params::Overrides,
        probe::Probe,
    },
    runbook::{
        condition::{self, Compiled},
        model::{Condition, Runbook},
        port::{Sight, Values},
        record::Seen,
    },
    snapshot::Snapshot,
};

/// The checks, and the thresholds that are applied.
pub(super) struct Lookout {
    /// Conditions are compiled into it; nothing else changes.
    library: RwLock<Library>,
    overrides: Overrides,
}

/// Conditions that are ready, and what must be asked to judge them.
pub(super) struct Wanted {
    pub(super) compiled: Vec<Result<Compiled, String>>,
    pub(super) probes: Vec<Probe>,
    /// Whether some of them rest on how counters change.
    pub(super) window: bool,
}

impl Lookout {
    pub(super) fn new(library: Library, overrides: Overrides) -> Self {
        Self { library: RwLock::new(library), overrides }
    }

    /// Compiles conditions, each under a name of its own.
    pub(super) fn wanted(&self, book: &Runbook, conditions: &[&Condition]) -> Wanted {
        // A panic in here leaves nothing half done that the next look would trip over.
        let mut library = self.library.write().unwrap_or_else(PoisonError::into_inner);
        let name = |condition: &Condition| {
            format!("{}-{}-{}-{}", book.id, condition.check, condition.place.line, condition.place.column)
        };
        let compiled: Vec<_> =
            conditions.iter().map(|one| condition::compile(&mut library, book, one, &name(one))).collect();
        let ready = || compiled.iter().flatten();
        let checks = ready().filter_map(|one| one.check(&library));
        let probes = library.probes_of(checks).into_iter().cloned().collect();
        let window = ready().any(|one| one.needs_window(&library));
        Wanted { compiled, probes, window }
    }

    /// Judges what was wanted by what was asked.
    pub(super) fn judge(
        &self,
        wanted: &Wanted,
        conditions: &[&Condition],
        snapshot: &Snapshot,
        values: &Values,
    ) -> Vec<Seen> {
        let library = self.library.read().unwrap_or_else(PoisonError::into_inner);
        let bench = Bench::new(&library, snapshot);
        let judge = |(compiled, condition): (&Result<Compiled, String>, &&Condition)| match compiled {
            Ok(compiled) => condition::judge(compiled, &bench, &self.overrides, values),
            Err(mistake) => Seen {
                condition: condition::words(condition, values),
                holds: None,
                says: format!("this condition cannot be judged: {mistake}"),
            },
        };
        wanted.compiled.iter().zip(conditions).map(judge).collect()
    }

    /// All probes of all checks.
    pub(super) fn probes(&self) -> Vec<Probe> {
        let library = self.library.read().unwrap_or_else(PoisonError::into_inner);
        library.probes_of(library.checks()).into_iter().cloned().collect()
    }

    /// What all checks say of a snapshot.
    pub(super) fn sight(&self, snapshot: Snapshot) -> Sight {
        let library = self.library.read().unwrap_or_else(PoisonError::into_inner);
        let findings = evaluate::judge(&library, &self.overrides, &snapshot, |_| true);
        Sight { snapshot, findings }
    }
}
