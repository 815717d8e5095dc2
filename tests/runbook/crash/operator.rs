//! An operator who walks to the end and all the way back, and settles what is not known by looking at the counts.

use std::collections::BTreeMap;

use loadline::{
    runbook::{
        journal,
        machine::{Asks, Choice, Consent, Decision, Situation},
        record::{Ended, Record, Way, Word},
        session::{Session, SessionError},
    },
    secret::Secret,
};

use super::world::World;

/// Walks until the run has ended.
pub(super) async fn walk(session: &mut Session, world: &World) -> Result<(), SessionError> {
    for _ in 0..200 {
        match session.situation() {
            Situation::Ended => return Ok(()),
            Situation::ToPrepare(_) => session.prepare().await?,
            situation => {
                let decision = decision(session, world, situation);
                session.decide(decision).await?;
            }
        }
    }
    panic!("the walk does not end: {:?}", session.situation());
}

fn decision(session: &Session, world: &World, situation: Situation) -> Decision {
    let go =
        |typed: Option<String>| Decision::Go(Consent { typed, reason: Some("it is a test".into()), approved_by: None });
    let answer = |name: String| {
        let value = Secret::new(if name == "word" { "first" } else { "forty-two" });
        Decision::Answer { name, value, origin: "operator".into() }
    };
    match situation {
        Situation::NeedsParams(names) => answer(names[0].clone()),
        Situation::Step { asks: Asks::Value(name), .. } => answer(name),
        Situation::ToFinish if session.state().rolling_back => Decision::Finish,
        Situation::ToFinish => Decision::RollBack { reason: "the way back is tested, too".into() },
        Situation::Step { step, asks, may } => at_step(session, world, &step, asks, &may, go),
        Situation::RollingBack { step, asks, may } => at_step(session, world, &format!("undo-{step}"), asks, &may, go),
        Situation::ToPrepare(_) | Situation::Ended => unreachable!("dealt with above"),
    }
}

fn at_step(
    session: &Session,
    world: &World,
    step: &str,
    asks: Asks,
    may: &[Choice],
    go: impl Fn(Option<String>) -> Decision,
) -> Decision {
    match asks {
        Asks::Enter if may.first() == Some(&Choice::Verify) => Decision::Verify,
        Asks::Enter | Asks::Yes | Asks::Question(_) => go(None),
        Asks::Typed { name, .. } => go(Some(name)),
        Asks::Hand => by_hand(session, step),
        Asks::Settle(_) => settle(session, world, step),
        Asks::Trouble(_) if may.contains(&Choice::Retry) => Decision::Retry,
        Asks::Trouble(says) => panic!("{step}: {says}: {may:?}"),
        Asks::Value(_) => unreachable!("dealt with above"),
    }
}

fn by_hand(session: &Session, step: &str) -> Decision {
    let ticked = session.state().step(step).map(|known| known.ticked.clone()).unwrap_or_default();
    let items = session.book().step(step).map(|step| step.items.clone()).unwrap_or_default();
    match items.into_iter().find(|item| !ticked.contains(&item.text)) {
        Some(item) => Decision::Tick(item.text),
        None => Decision::Done { evidence: "seen".into() },
    }
}

/// The counts tell whether the last attempt was done: all before it are accounted for.
fn settle(session: &Session, world: &World, step: &str) -> Decision {
    let known = Account::read(world, session.run()).of(step);
    let executions = world.executions().get(step).copied().unwrap_or(0);
    let evidence = format!("{executions} executions, {known:?}");
    if executions > known.done { Decision::Done { evidence } } else { Decision::NotDone { evidence } }
}

/// What the journal says of one action or undo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Decisions to do it.
    pub(super) agreed: usize,
    /// Attempts that were begun.
    pub(super) intents: usize,
    /// Attempts that are known to have been done.
    pub(super) done: usize,
    /// Attempts that are known not to have been done.
    pub(super) not_done: usize,
}

impl Known {
    /// Attempts of which nothing is known.
    pub(super) fn open(self) -> usize {
        self.intents - self.done - self.not_done
    }
}

/// What the journal says of all of them; `undo-STEP` for undos.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Account(pub(super) BTreeMap<String, Known>);

impl Account {
    pub(super) fn read(world: &World, run: &str) -> Self {
        let reading = journal::read(&world.runs().join(run)).expect("the journal can be read");
        Self::from(reading.records.iter().map(|stamped| &stamped.record))
    }

    pub(super) fn from<'r>(records: impl IntoIterator<Item = &'r Record>) -> Self {
        let mut account = Self::default();
        let mut rolling_back = false;
        for record in records {
            account.enter(record, &mut rolling_back);
        }
        // What no hands do has no intent: answers, waits, what people do.
        account.0.retain(|name, _| !matches!(name.as_str(), "asked" | "waited" | "by-hand"));
        account
    }

    fn enter(&mut self, record: &Record, rolling_back: &mut bool) {
        let name = |step: &str, undo: bool| if undo { format!("undo-{step}") } else { step.to_owned() };
        match record {
            Record::Intent { step, way, .. } => self.at(&name(step, *way == Way::Undo)).intents += 1,
            Record::Outcome { step, way, outcome, .. } => {
                let known = self.at(&name(step, *way == Way::Undo));
                match outcome.ended {
                    Ended::Succeeded => known.done += 1,
                    Ended::Failed => known.not_done += 1,
                    Ended::TimedOut | Ended::Cancelled | Ended::Unknown => {}
                }
            }
            Record::Decided { what: Word::RollBack, .. } => *rolling_back = true,
            Record::Decided { step: Some(step), what, .. } => {
                let known = self.at(&name(step, *rolling_back));
                match what {
                    Word::Confirmed => known.agreed += 1,
                    Word::SettledDone { .. } => known.done += 1,
                    Word::SettledNotDone { .. } => known.not_done += 1,
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn at(&mut self, name: &str) -> &mut Known {
        self.0.entry(name.to_owned()).or_default()
    }

    /// What is known of one of them.
    pub(super) fn of(&self, name: &str) -> Known {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// Whether the world is as the journal says: nothing happened without an intent, no intent was written without a
    /// decision, nothing that is known to be done was done less, and nothing more than what is not known.
    pub(super) fn assert_true_of(&self, world: &World, when: &str) {
        let executions = world.executions();
        for name in self.0.keys().chain(executions.keys()) {
            let known = self.of(name);
            let count = executions.get(name).copied().unwrap_or(0);
            let told = format!("{when}: {name}: {count} executions, {known:?}");
            assert!(known.intents <= known.agreed, "without a decision: {told}");
            assert!(count <= known.intents, "without an intent: {told}");
            assert!(known.done <= count && count <= known.done + known.open(), "not as written: {told}");
        }
    }
}
