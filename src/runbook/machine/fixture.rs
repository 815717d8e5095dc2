//! Runbooks by hand, and a world in which runs are walked without doing anything.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use super::{Choice, Circumstances, Consent, Decision, Order, Refusal, Situation, choices, decide, situation};
use crate::runbook::{
    model::{
        Action, ActionKind, Condition, Danger, Expectation, Form, Item, Param, ParamKind, Phase, PhaseKind, Place,
        Runbook, Step, TargetRef, Verify,
    },
    port::Identity,
    record::{Ended, FORMAT, Mode, Outcome, Record, Seen, Stamped, Started, Verdict, Way},
    state::{State, StepStatus},
};
use crate::snapshot::SourceKind;

/// A runbook of one phase.
pub(crate) fn book(steps: Vec<Step>) -> Runbook {
    with_rollback(steps, vec![])
}

/// A runbook with steps of rolling back, too.
pub(crate) fn with_rollback(steps: Vec<Step>, back: Vec<Step>) -> Runbook {
    let phase = |title: &str, kind, steps| Phase {
        title: title.to_owned(),
        kind,
        prose: String::new(),
        steps,
        place: Place::default(),
    };
    Runbook {
        id: "x".into(),
        title: "X".into(),
        owner: None,
        reviewed: None,
        severity: None,
        estimate: None,
        danger: Danger::Dangerous,
        fixes: vec![],
        applies: BTreeMap::new(),
        params: vec![param("pid"), param("note")],
        programs: vec![],
        form: Form::Native,
        phases: vec![phase("Mitigate", PhaseKind::Mitigate, steps), phase("Roll back", PhaseKind::RollBack, back)],
        shown: "x.md".into(),
        hash: "h1".into(),
        text: String::new(),
    }
}

/// A parameter of text; `note` has a default, so that only `pid` is asked for.
fn param(name: &str) -> Param {
    Param {
        name: name.into(),
        about: String::new(),
        kind: ParamKind::Text,
        pattern: None,
        default: (name == "note").then(|| "n".to_owned()),
        secret: false,
        from: None,
        place: Place::default(),
    }
}

/// An action that changes something on the primary.
pub(crate) fn action(kind: ActionKind) -> Action {
    let target = kind.acts().then_some(TargetRef::Kind { kind: SourceKind::Postgres, role: None });
    Action {
        kind,
        danger: Danger::Change,
        target,
        timeout: Duration::from_secs(30),
        idempotent: false,
        sets: None,
        temporary: None,
        second_person: false,
        reads: vec![],
        body: "body".into(),
        place: Place::default(),
    }
}

pub(crate) fn sh() -> ActionKind {
    ActionKind::Sh { pty: false, expect: vec![0] }
}

fn condition(check: &str) -> Condition {
    Condition { check: check.into(), subject: None, expect: Expectation::Passes, says: None, place: Place::default() }
}

pub(crate) fn verify() -> Verify {
    let none = Duration::ZERO;
    Verify { condition: condition("postgres.v"), within: none, every: none, hold: none }
}

/// A step by hand.
pub(crate) fn manual(id: &str) -> Step {
    Step {
        id: id.into(),
        title: id.into(),
        prose: String::new(),
        items: vec![],
        require: vec![],
        action: None,
        verify: vec![],
        undo: None,
        branches: vec![],
        place: Place::default(),
        hash: format!("hash of {id}"),
    }
}

/// A step that runs something.
pub(crate) fn acting(id: &str) -> Step {
    of(id, sh())
}

pub(crate) fn of(id: &str, kind: ActionKind) -> Step {
    Step { action: Some(action(kind)), ..manual(id) }
}

impl Step {
    pub(crate) fn verified(mut self) -> Self {
        self.verify.push(verify());
        self
    }

    pub(crate) fn requiring(mut self) -> Self {
        self.require.push(condition("postgres.r"));
        self
    }

    pub(crate) fn undone(mut self) -> Self {
        self.undo = Some(action(sh()));
        self
    }

    pub(crate) fn item(mut self, text: &str) -> Self {
        self.items.push(Item { text: text.into(), place: Place::default() });
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Action)) -> Self {
        if let Some(action) = &mut self.action {
            change(action);
        }
        self
    }

    pub(crate) fn dangerous(self) -> Self {
        self.with(|action| action.danger = Danger::Dangerous)
    }
}

/// A world that answers as it is told, and otherwise well.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) outcomes: VecDeque<Ended>,
    pub(crate) looks: VecDeque<Verdict>,
    pub(crate) holds: VecDeque<Option<bool>>,
    pub(crate) role: &'static str,
    pub(crate) reachable: bool,
}

/// A run that is walked in a world.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    pub(crate) book: Runbook,
    pub(crate) state: State,
    pub(crate) records: Vec<Stamped>,
    /// What was acted: step, way, attempt.
    pub(crate) acts: Vec<(String, Way, u32)>,
    pub(crate) world: World,
    pub(crate) now: Timestamp,
    pub(crate) second_person: bool,
}

/// The name of the target that is typed.
pub(crate) const NAME: &str = "shop on primary";

impl Walk {
    pub(crate) fn start(book: Runbook, mode: Mode) -> Self {
        let steps = book.steps().map(|(_, step)| (step.id.clone(), step.hash.clone())).collect();
        let started = Started {
            format: FORMAT,
            run: "r1".into(),
            mode,
            runbook: book.id.clone(),
            title: book.title.clone(),
            file: book.shown.clone(),
            hash: book.hash.clone(),
            steps,
            estimate_s: None,
            tool: "0".into(),
            operator: "ada".into(),
            host: "h".into(),
            target: "shop-prod".into(),
            environment: None,
            finding: None,
        };
        let world = World {
            outcomes: VecDeque::new(),
            looks: VecDeque::new(),
            holds: VecDeque::new(),
            role: "primary",
            reachable: true,
        };
        let (state, records, acts, now) = (State::default(), vec![], vec![], Timestamp::UNIX_EPOCH);
        let mut walk = Self { book, state, records, acts, world, now, second_person: false };
        walk.write(Record::Started(Box::new(started)));
        walk.write(Record::Param { name: "pid".into(), value: Some("1".into()), origin: "flag".into() });
        walk
    }

    pub(crate) fn run(steps: Vec<Step>) -> Self {
        Self::start(book(steps), Mode::Run)
    }

    pub(crate) fn write(&mut self, record: Record) {
        self.now = self.now.checked_add(SignedDuration::from_secs(1)).unwrap();
        let stamped = Stamped { at: self.now, record };
        self.state.apply(&self.book, &stamped).unwrap();
        self.records.push(stamped);
    }

    pub(crate) fn circumstances(&self) -> Circumstances {
        Circumstances {
            now: self.now,
            operator: "Ada".into(),
            second_person: self.second_person,
            shown: Some("shown".into()),
            undo_shown: Some("undo shown".into()),
            env: vec![],
        }
    }

    pub(crate) fn situation(&self) -> Situation {
        situation(&self.book, &self.state, &self.circumstances())
    }

    pub(crate) fn choices(&self) -> Vec<Choice> {
        choices(&self.book, &self.state, &self.circumstances())
    }

    pub(crate) fn orders(&self, decision: &Decision) -> Result<Vec<Order>, Refusal> {
        decide(&self.book, &self.state, decision, &self.circumstances())
    }

    /// Takes a decision and carries its orders out.
    pub(crate) fn decide(&mut self, decision: &Decision) -> Result<Vec<Order>, Refusal> {
        let orders = self.orders(decision)?;
        for order in &orders {
            if !self.carry_out(order) {
                break;
            }
        }
        Ok(orders)
    }

    /// The same, where what is decided must be possible. Prepares first where that is due.
    #[expect(clippy::needless_pass_by_value, reason = "a chain of decisions reads better")]
    pub(crate) fn does(&mut self, decision: Decision) -> &mut Self {
        self.prepare();
        if let Err(why) = self.decide(&decision) {
            panic!("{decision:?}: {why}\n{:?}", self.situation());
        }
        self
    }

    pub(crate) fn go(&mut self) -> &mut Self {
        self.does(Decision::Go(Consent::default()))
    }

    pub(crate) fn prepare(&mut self) -> &mut Self {
        if let Situation::ToPrepare(step) = self.situation() {
            self.carry_out(&Order::Prepare(step));
        }
        self
    }

    /// Another program takes the run up.
    pub(crate) fn resume(&mut self) -> &mut Self {
        let (operator, host, tool, hash) = ("ada".into(), "h".into(), "0".into(), "h1".into());
        self.write(Record::Resumed { operator, host, tool, hash, changed: vec![] });
        self
    }

    /// The journal as it was after so many records.
    pub(crate) fn cut(&self, records: usize) -> Self {
        let mut walk = self.clone();
        walk.records.truncate(records);
        walk.state = State::fold(&walk.book, &walk.records).unwrap();
        walk
    }

    pub(crate) fn pass(&mut self, time: SignedDuration) -> &mut Self {
        self.now = self.now.checked_add(time).unwrap();
        self
    }

    pub(crate) fn status(&self, step: &str) -> StepStatus {
        self.state.status(step)
    }

    fn carry_out(&mut self, order: &Order) -> bool {
        match order {
            Order::Write(record) => self.write(record.clone()),
            Order::Prepare(step) => self.look_before(step),
            Order::Act { step, way, attempt } => {
                self.acts.push((step.clone(), *way, *attempt));
                return self.ends(step, *way, *attempt);
            }
            Order::Wait { step } => return self.ends(step, Way::Act, 0),
            Order::Verify(step) => {
                let verdict = self.world.looks.pop_front().unwrap_or(Verdict::Held);
                let seen = vec![seen(Some(verdict == Verdict::Held))];
                self.write(Record::Verified { step: step.clone(), verdict, seen, took_ms: 1 });
            }
            Order::Keep { .. } | Order::Survey => {}
        }
        true
    }

    fn ends(&mut self, step: &str, way: Way, attempt: u32) -> bool {
        let ended = self.world.outcomes.pop_front().unwrap_or(Ended::Succeeded);
        let outcome = outcome(ended);
        self.write(Record::Outcome { step: step.to_owned(), attempt, way, outcome });
        ended == Ended::Succeeded
    }

    fn look_before(&mut self, step: &str) {
        let text = self.book.step(step).unwrap().clone();
        let undo = self.state.next_undo().is_some_and(|undo| undo.step == step);
        let action = if undo { text.undo } else { text.action };
        if action.is_some_and(|action| action.target.is_some()) {
            let record = if self.world.reachable {
                Record::Resolved { step: step.to_owned(), identity: identity(self.world.role) }
            } else {
                Record::Unresolved { step: step.to_owned(), says: "no route".into() }
            };
            self.write(record);
        }
        for _ in text.require.iter().filter(|_| !undo) {
            let holds = self.world.holds.pop_front().unwrap_or(Some(true));
            self.write(Record::Required { step: step.to_owned(), seen: seen(holds) });
        }
    }
}

pub(crate) fn outcome(ended: Ended) -> Outcome {
    let says = format!("{ended:?}");
    let value = Some(" v \n".into());
    Outcome { ended, says, took_ms: 1, excerpt: String::new(), printed: 0, output: None, value }
}

pub(crate) fn seen(holds: Option<bool>) -> Seen {
    Seen { condition: "postgres.r: passes".into(), holds, says: "7 of 5".into() }
}

pub(crate) fn identity(role: &str) -> Identity {
    let facts = [("database", "shop"), ("role", role), ("system", "71")];
    Identity {
        source: "primary".into(),
        kind: SourceKind::Postgres,
        address: "127.0.0.1:1".into(),
        environment: None,
        facts: facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    }
}
