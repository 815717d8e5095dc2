//! Whatever is decided, in whatever order, with whatever outcome and however often the program crashes: nothing is done
//! that nobody asked for, and nothing that is known gets lost.
//!
//! The walk keeps books of its own, from decisions and outcomes alone, and compares.

use std::collections::{BTreeSet, HashMap};

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::{
    runbook::{
        machine::{Order, fixture::*},
        model::{ActionKind, Danger, Runbook, Step},
        record::{End, Ended, Mode, Record, Verdict, Way, Word},
        state::{State, StepStatus},
    },
    secret::Secret,
};

/// What happens to a run.
#[derive(Debug, Clone)]
enum Event {
    /// One of the decisions that are possible.
    Possible(usize),
    /// Any decision, possible or not.
    Any(usize),
    /// The step is looked at.
    Prepare,
    /// The program crashes and another takes over; so many of the last records were never written.
    Crash(usize),
    /// Time passes, in seconds.
    Pass(i64),
    /// A step that was verified no longer is.
    Regress,
    /// The target fails over.
    FailOver,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let one = prop_oneof![
        12 => (0..20_usize).prop_map(Event::Possible),
        4 => (0..20_usize).prop_map(Event::Any),
        6 => Just(Event::Prepare),
        2 => (0..4_usize).prop_map(Event::Crash),
        1 => (0..400_i64).prop_map(Event::Pass),
        1 => Just(Event::Regress),
        1 => Just(Event::FailOver),
    ];
    prop::collection::vec(one, 1..60)
}

fn ends() -> impl Strategy<Value = Vec<Ended>> {
    use Ended::{Cancelled, Failed, Succeeded, TimedOut, Unknown};
    let one = prop_oneof![4 => Just(Succeeded), 1 => Just(Failed), 1 => Just(TimedOut), 1 => Just(Cancelled), 1 => Just(Unknown)];
    prop::collection::vec(one, 0..30)
}

fn looks() -> impl Strategy<Value = Vec<Verdict>> {
    use Verdict::{Held, NotHeld, Stopped, Unknown};
    let one = prop_oneof![3 => Just(Held), 1 => Just(NotHeld), 1 => Just(Unknown), 1 => Just(Stopped)];
    prop::collection::vec(one, 0..30)
}

prop_compose! {
    fn step()(
        kind in prop_oneof![
            6 => Just(Some(sh())),
            1 => Just(None),
            1 => Just(Some(ActionKind::Wait(std::time::Duration::from_secs(1)))),
            1 => Just(Some(ActionKind::Confirm("?".into()))),
            1 => Just(Some(ActionKind::Ask("note".into()))),
            1 => Just(Some(ActionKind::Check(verify()))),
        ],
        danger in prop::sample::select(vec![Danger::Observe, Danger::Change, Danger::Dangerous]),
        marks in any::<[bool; 7]>(),
    ) -> Step {
        let mut step = kind.map_or_else(|| manual(""), |kind| of("", kind));
        let [verify, require, undo, item, idempotent, temporary, targeted] = marks;
        if verify { step = step.verified(); }
        if require { step = step.requiring(); }
        if undo && step.action.is_some() { step = step.undone(); }
        if item { step = step.item("sure"); }
        step.with(|action| {
            action.danger = danger;
            action.idempotent = idempotent;
            action.temporary = temporary.then_some(std::time::Duration::from_secs(60));
            action.sets = (idempotent && action.kind.acts()).then(|| "note".into());
            if !targeted { action.target = None; }
        })
    }
}

fn books() -> impl Strategy<Value = Runbook> {
    (prop::collection::vec(step(), 1..6), prop::collection::vec(step(), 0..2)).prop_map(|(mut steps, mut back)| {
        let all = steps.iter_mut().chain(&mut back).enumerate();
        all.for_each(|(at, step)| step.id = format!("s{at}"));
        with_rollback(steps, back)
    })
}

/// What the walk remembers by itself.
#[derive(Default)]
struct Own {
    /// Steps with an attempt of which nobody knows what it did, and whether the operator asked for another since.
    unknown: HashMap<(String, Way), bool>,
    /// The steps that act forward and are taken back for good.
    back: BTreeSet<String>,
}

fn texts() -> [&'static str; 3] {
    ["", "because", NAME]
}

/// Any decision there is, with particulars that fit or do not.
fn any_decision(walk: &Walk, n: usize) -> Decision {
    let text = why(texts()[n % 3]);
    let steps: Vec<_> = walk.book.steps().map(|(_, step)| step.id.clone()).collect();
    let step = steps[n % steps.len()].clone();
    let consent = Consent { typed: Some(why(texts()[n % 3])), reason: Some(why("r")), approved_by: Some(why("bob")) };
    match n % 17 {
        0 => Decision::Go(Consent::default()),
        1 => Decision::Go(consent),
        2 => Decision::Tick(why("sure")),
        3 => Decision::Answer { name: why("note"), value: Secret::new(text), origin: why("operator") },
        4 => Decision::Done { evidence: text },
        5 => Decision::NotDone { evidence: text },
        6 => Decision::Verify,
        7 => Decision::Retry,
        8 => Decision::Skip { reason: text },
        9 => Decision::Defer { reason: text },
        10 => Decision::Override { reason: text },
        11 => Decision::RollBack { reason: text },
        12 => Decision::TakeBack { step, reason: text },
        13 => Decision::GoTo { step, reason: text },
        14 => Decision::Note(text),
        15 => Decision::Pause,
        _ => Decision::Finish,
    }
}

/// A decision that is among the choices.
fn possible(walk: &Walk, n: usize) -> Option<Decision> {
    let may: Vec<_> = walk.choices().into_iter().filter(|choice| *choice != Choice::Abort).collect();
    let choice = may.get(n % may.len().max(1))?;
    let reason = why("because");
    let forward: Vec<_> = walk.book.forward().map(|step| step.id.clone()).collect();
    let step = forward[n % forward.len()].clone();
    let consent = Consent { typed: Some(typed(walk)), reason: Some(why("r")), approved_by: Some(why("bob")) };
    Some(match choice {
        Choice::Go => Decision::Go(consent),
        Choice::Verify => Decision::Verify,
        Choice::MarkDone | Choice::DoneByHand => Decision::Done { evidence: reason },
        Choice::MarkNotDone => Decision::NotDone { evidence: reason },
        Choice::Retry => Decision::Retry,
        Choice::Override => Decision::Override { reason },
        Choice::Skip => Decision::Skip { reason },
        Choice::Defer => Decision::Defer { reason },
        Choice::RollBack => Decision::RollBack { reason },
        Choice::TakeBack => {
            let step = walk.state.standing().next().unwrap().step.clone();
            Decision::TakeBack { step, reason }
        }
        Choice::GoTo => Decision::GoTo { step, reason },
        Choice::Pause => Decision::Pause,
        Choice::Abort => Decision::Abort { reason },
        Choice::Finish => Decision::Finish,
    })
}

fn typed(walk: &Walk) -> String {
    match walk.situation() {
        Situation::Step { asks: Asks::Typed { name, .. }, .. }
        | Situation::RollingBack { asks: Asks::Typed { name, .. }, .. } => name,
        _ => String::new(),
    }
}

/// Takes a decision and holds everything that comes of it against the walk's own books.
fn decide(walk: &mut Walk, own: &mut Own, decision: &Decision) -> Result<(), TestCaseError> {
    let before = walk.clone();
    let Ok(orders) = walk.orders(decision) else { return Ok(()) };
    note_before(&before, own, decision);
    for (at, order) in orders.iter().enumerate() {
        if let Order::Act { step, way, attempt } = order {
            agreed(&before, decision, step, *way)?;
            let again = own.unknown.get(&(step.clone(), *way));
            prop_assert!(again != Some(&false), "{step} acts again after an unknown outcome");
            let intent = &orders[at - 1];
            let fits = matches!(intent, Order::Write(Record::Intent { step: of, attempt: n, way: w, .. })
                if of == step && n == attempt && w == way);
            prop_assert!(fits, "{intent:?} before {order:?}");
            registered(&before, &orders[..at], step, *way)?;
        }
        if let Order::Write(Record::Ended { how }) = order {
            ended(&before, own, *how)?;
        }
    }
    let known = walk.records.len();
    walk.decide(decision).map_err(|why| TestCaseError::fail(why.0))?;
    for stamped in &walk.records[known..] {
        note(walk, own, &stamped.record);
    }
    Ok(())
}

/// Nothing acts but on the operator's word for just that, given to a target that was just asked.
fn agreed(before: &Walk, decision: &Decision, step: &str, way: Way) -> Result<(), TestCaseError> {
    let Decision::Go(consent) = decision else {
        return Err(TestCaseError::fail(format!("{decision:?} acts")));
    };
    let mode = before.state.started.as_ref().unwrap().mode;
    prop_assert!(matches!(mode, Mode::Run | Mode::Auto), "{mode:?} acts");
    prop_assert_eq!(before.state.current.as_deref(), Some(step));
    let text = before.book.step(step).unwrap();
    let action = if way == Way::Act { text.action.as_ref() } else { text.undo.as_ref() }.unwrap();
    let undo = before.state.next_undo().filter(|undo| undo.step == step);
    prop_assert_eq!(undo.is_some(), way == Way::Undo);
    let none = crate::runbook::state::StepState::default();
    let known = undo.map(|undo| &undo.state).or_else(|| before.state.step(step)).unwrap_or(&none);
    if action.target.is_some() {
        let (identity, at) = known.identity.as_ref().unwrap();
        prop_assert!(before.now.duration_since(*at) < SignedDuration::from_secs(300));
        prop_assert_eq!(known.moved.as_ref(), None);
        if action.danger == Danger::Dangerous {
            prop_assert_eq!(consent.typed.clone(), Some(identity.name()));
            prop_assert!(consent.reason.is_some());
        }
    }
    if way == Way::Act {
        prop_assert!(text.items.iter().all(|item| known.ticked.contains(&item.text)));
        let met =
            known.required.len() == text.require.len() && known.required.iter().all(|seen| seen.holds == Some(true));
        prop_assert!(met || known.accepted);
    }
    Ok(())
}

/// The way back is known before the way there is taken.
fn registered(before: &Walk, earlier: &[Order], step: &str, way: Way) -> Result<(), TestCaseError> {
    let text = before.book.step(step).unwrap();
    if way == Way::Undo || text.undo.is_none() || before.book.backward().any(|other| other.id == step) {
        return Ok(());
    }
    let registered =
        |order: &Order| matches!(order, Order::Write(Record::UndoRegistered { step: of, .. }) if of == step);
    prop_assert!(earlier.iter().any(registered), "{step} acts without a registered undo");
    Ok(())
}

fn ended(before: &Walk, own: &Own, how: End) -> Result<(), TestCaseError> {
    if how == End::Aborted {
        return Ok(());
    }
    let forward = before.book.forward().map(|step| step.id.as_str());
    for step in forward {
        let open = own.unknown.contains_key(&(step.to_owned(), Way::Act)) && !own.back.contains(step);
        prop_assert!(!open, "the run ends as {how:?} with {step} unknown");
        let status = before.state.status(step);
        if how != End::RolledBack {
            prop_assert!(!matches!(status, StepStatus::Regressed | StepStatus::Failed | StepStatus::VerifyFailed));
        }
    }
    if how == End::Completed {
        prop_assert_eq!(before.state.temporary().count(), 0);
    }
    Ok(())
}

fn note_before(before: &Walk, own: &mut Own, decision: &Decision) {
    let Some(step) = before.state.current.clone() else { return };
    let way = if before.state.next_undo().is_some() { Way::Undo } else { Way::Act };
    match decision {
        Decision::Retry => {
            own.unknown.entry((step, way)).and_modify(|again| *again = true);
        }
        Decision::Done { .. } | Decision::NotDone { .. } => {
            own.unknown.remove(&(step.clone(), way));
            if way == Way::Undo && matches!(decision, Decision::Done { .. }) {
                own.back.insert(step);
            }
        }
        _ => {}
    }
}

fn note(walk: &Walk, own: &mut Own, record: &Record) {
    let waits = |step: &str| {
        let action = walk.book.step(step).and_then(|step| step.action.as_ref());
        action.is_some_and(|action| matches!(action.kind, ActionKind::Wait(_)))
    };
    match record {
        Record::Intent { step, .. } => {
            own.back.remove(step);
        }
        Record::Outcome { step, way, outcome, .. } if !waits(step) => match outcome.ended {
            Ended::Succeeded => {
                own.unknown.remove(&(step.clone(), *way));
                if *way == Way::Undo {
                    own.back.insert(step.clone());
                }
            }
            Ended::Failed => {
                own.unknown.entry((step.clone(), *way)).and_modify(|again| *again = false);
            }
            _ => {
                own.unknown.insert((step.clone(), *way), false);
            }
        },
        Record::Verified { step, verdict: Verdict::Held, .. } => {
            own.unknown.remove(&(step.clone(), Way::Act));
        }
        _ => {}
    }
}

/// The last records were never written, and another program takes over. The books are made anew from what is there.
fn crash(walk: &mut Walk, own: &mut Own, lost: usize) -> Result<(), TestCaseError> {
    // What was written before an act is on the disk when it begins: a record of the past is never lost with what came
    // of it still known, so that only the tail goes.
    let kept = walk.records.len().saturating_sub(lost).max(2);
    *walk = walk.cut(kept);
    if walk.state.ended.is_some_and(|(how, _)| how != End::CompletedExceptDeferred) {
        return Ok(());
    }
    let before = walk.state.clone();
    walk.resume();
    for (id, step) in &before.steps {
        let now = walk.state.step(id).unwrap();
        match step.status {
            StepStatus::Running => prop_assert_eq!(now.status, StepStatus::OutcomeUnknown),
            status => prop_assert_eq!(now.status, status),
        }
        prop_assert_eq!((now.attempts, &now.outcome, &now.reason), (step.attempts, &step.outcome, &step.reason));
    }
    prop_assert_eq!(walk.state.standing().count(), before.standing().count());
    *own = remembered(walk);
    Ok(())
}

/// The books as a reader of the journal would keep them.
fn remembered(walk: &Walk) -> Own {
    let mut own = Own::default();
    let mut open: Option<(String, Way)> = None;
    let mut replay = walk.cut(0);
    for stamped in &walk.records {
        let record = &stamped.record;
        if let Record::Decided { step: Some(step), what, .. } = record {
            let way =
                if replay.state.next_undo().is_some_and(|undo| undo.step == *step) { Way::Undo } else { Way::Act };
            match what {
                Word::Retry => {
                    own.unknown.entry((step.clone(), way)).and_modify(|again| *again = true);
                }
                Word::DoneByHand { .. } | Word::SettledDone { .. } | Word::SettledNotDone { .. } => {
                    own.unknown.remove(&(step.clone(), way));
                    if way == Way::Undo && !matches!(what, Word::SettledNotDone { .. }) {
                        own.back.insert(step.clone());
                    }
                }
                _ => {}
            }
        }
        match record {
            Record::Intent { step, way, .. } => open = Some((step.clone(), *way)),
            Record::Outcome { .. } => open = None,
            Record::Resumed { .. } => {
                own.unknown.extend(open.take().map(|which| (which, false)));
                own.unknown.values_mut().for_each(|again| *again = false);
            }
            _ => {}
        }
        note(walk, &mut own, record);
        replay.state.apply(&walk.book, stamped).unwrap();
        replay.records.push(stamped.clone());
    }
    own
}

fn happen(walk: &mut Walk, own: &mut Own, event: &Event) -> Result<(), TestCaseError> {
    match event {
        Event::Possible(n) => {
            if let Some(decision) = possible(walk, *n) {
                return decide(walk, own, &decision);
            }
        }
        Event::Any(n) => return decide(walk, own, &any_decision(walk, *n)),
        Event::Prepare => {
            walk.prepare();
            let items = matches!(walk.situation(), Situation::Step { .. });
            if items {
                decide(walk, own, &Decision::Tick(why("sure")))?;
            }
        }
        Event::Crash(lost) => return crash(walk, own, *lost),
        Event::Pass(seconds) => {
            walk.pass(SignedDuration::from_secs(*seconds));
        }
        Event::Regress => {
            let verified = walk.state.steps.iter().find(|(_, step)| step.status == StepStatus::Verified);
            if let Some((step, _)) = verified.filter(|_| walk.state.ended.is_none()) {
                let step = step.clone();
                walk.write(Record::Regressed { step, seen: seen(Some(false)) });
            }
        }
        Event::FailOver => walk.world.role = if walk.world.role == "primary" { "replica" } else { "primary" },
    }
    Ok(())
}

/// Every journal, cut anywhere, is a state with a situation; reading it and having written it come to the same.
fn readable(walk: &Walk) -> Result<(), TestCaseError> {
    let mut state = State::default();
    for (at, stamped) in walk.records.iter().enumerate() {
        state.apply(&walk.book, stamped).map_err(|why| TestCaseError::fail(why.0))?;
        let cut = walk.cut(at + 1);
        prop_assert_eq!(&cut.state, &state);
        let over = matches!(cut.situation(), Situation::Ended);
        prop_assert_eq!(cut.choices().is_empty(), over, "{:?}", cut.situation());
    }
    prop_assert_eq!(&state, &walk.state);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_done_that_nobody_asked_for_and_nothing_is_lost(
        book in books(),
        mode in prop::sample::select(vec![Mode::Run, Mode::Run, Mode::Run, Mode::Auto, Mode::Instruct]),
        happenings in events(),
        outcomes in ends(),
        looks in looks(),
        holds in prop::collection::vec(prop::sample::select(vec![Some(true), Some(true), Some(false), None]), 0..20),
    ) {
        let mut walk = Walk::start(book, mode);
        walk.world.outcomes.extend(outcomes);
        walk.world.looks.extend(looks);
        walk.world.holds.extend(holds);
        let mut own = Own::default();
        for event in &happenings {
            happen(&mut walk, &mut own, event)?;
        }
        if mode == Mode::Instruct {
            prop_assert!(walk.acts.is_empty());
        }
        readable(&walk)?;
    }

    /// Whoever always takes the first choice that leads on comes to an end: no run is stuck.
    #[test]
    fn every_run_comes_to_an_end(book in books(), outcomes in ends(), looks in looks(), back in any::<bool>()) {
        let mut walk = Walk::start(book, Mode::Run);
        walk.world.outcomes.extend(outcomes);
        walk.world.looks.extend(looks);
        let mut own = Own::default();
        for turn in 0..200 {
            if walk.state.ended.is_some() {
                return Ok(());
            }
            happen(&mut walk, &mut own, &Event::Prepare)?;
            if back && turn == 8 {
                decide(&mut walk, &mut own, &Decision::RollBack { reason: why("r") })?;
                continue;
            }
            if let Situation::Step { asks: Asks::Value(name), .. } = walk.situation() {
                decide(&mut walk, &mut own, &Decision::Answer { name, value: Secret::new("v"), origin: why("operator") })?;
                continue;
            }
            if let Some(decision) = possible(&walk, 0) {
                decide(&mut walk, &mut own, &decision)?;
            }
        }
        prop_assert!(false, "{:?} {:?}", walk.situation(), walk.choices());
    }
}
