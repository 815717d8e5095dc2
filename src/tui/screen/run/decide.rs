//! From keys and answers to decisions of the engine. The engine has the last word: what it refuses is told, and has
//! changed nothing.

use std::borrow::Cow;

use super::{Act, Purpose, Walk, Wish, ask};
use crate::{
    runbook::{
        machine::{Asks, Choice, Consent, Decision, Situation},
        model::Runbook,
    },
    secret::Secret,
    tui::{
        command::Action,
        event::Effect,
        model::{Gravity, Mode, Model},
        over::Answer,
    },
};

/// Who decides, as the origin of a value that the operator gives.
const OPERATOR: &str = "operator";

/// Enter: what comes next is done, asked about first where it changes something.
pub(in crate::tui::screen) fn open(model: &mut Model) -> Vec<Effect> {
    if model.screens.run.chosen.is_some() {
        ask::begin(model);
        return Vec::new();
    }
    let Some(walk) = &model.screens.run.walk else { return Vec::new() };
    let Some(situation) = walk.situation().cloned() else {
        let why = waits(model, walk);
        model.say(Gravity::Info, why);
        return Vec::new();
    };
    match situation {
        Situation::NeedsParams(names) => ask::value(model, names.first(), None),
        Situation::ToPrepare(_) => return work(model, Wish::Prepare),
        Situation::Step { asks, .. } | Situation::RollingBack { asks, .. } => return at(model, asks),
        Situation::ToFinish => ask::close(model),
        Situation::Ended => {}
    }
    Vec::new()
}

/// Whether Enter would do something now: what stands next in a mode in which it cannot run would only be told of.
pub(in crate::tui::screen) fn opens(model: &Model) -> bool {
    let Some(walk) = &model.screens.run.walk else { return model.screens.run.chosen.is_some() };
    let runs = match walk.asks() {
        Some(Asks::Enter) => walk.may(Choice::Go),
        Some(Asks::Yes | Asks::Typed { .. } | Asks::Question(_)) => true,
        _ => false,
    };
    let is_held = runs && walk.open_items().is_empty() && locked(model).is_some();
    !is_held && super::enter_word(model).is_some()
}

/// Why nothing can be decided now.
pub(super) fn waits(model: &Model, walk: &Walk) -> Cow<'static, str> {
    let stop = || model.key(Action::Run(Act::Stop));
    match () {
        () if walk.state.ended.is_some() => format!("the run has ended; {} goes back", model.key(Action::Back)).into(),
        () if walk.lost.is_some() => "the run cannot go on here; its journal has what was done".into(),
        () if walk.left => "the run was left; take it up again among the runs of the runbooks screen".into(),
        () if walk.acts() => format!("a step runs; {} stops it", stop()).into(),
        () if walk.doing.is_some() => format!("it is being looked at; {} stops that", stop()).into(),
        () => "a moment".into(),
    }
}

fn at(model: &mut Model, asks: Asks) -> Vec<Effect> {
    let Some(walk) = &model.screens.run.walk else { return Vec::new() };
    let asks_items = !matches!(asks, Asks::Settle(_) | Asks::Trouble(_));
    if asks_items && !walk.open_items().is_empty() {
        ask::tick(model);
        return Vec::new();
    }
    match asks {
        Asks::Enter if walk.may(Choice::Go) => return go_at_once(model),
        Asks::Enter => return decide(model, Decision::Verify),
        Asks::Yes | Asks::Typed { .. } | Asks::Question(_) => confirm(model),
        Asks::Hand => ask::evidence(model, true),
        Asks::Value(name) => ask::value(model, Some(&name), None),
        Asks::Settle(_) | Asks::Trouble(_) => ask::menu(model),
    }
    Vec::new()
}

/// What only reads, or is only looked at, needs no dialog.
fn go_at_once(model: &mut Model) -> Vec<Effect> {
    if let Some(why) = locked(model) {
        model.say(Gravity::Warning, why);
        return Vec::new();
    }
    decide(model, Decision::Go(Consent::default()))
}

fn confirm(model: &mut Model) {
    match locked(model) {
        Some(why) => model.say(Gravity::Warning, why),
        None => ask::go(model),
    }
}

/// Why what stands next cannot run in this mode. The engine holds it back, too: it is given hands that are locked.
pub(super) fn locked(model: &Model) -> Option<String> {
    let walk = model.screens.run.walk.as_ref()?;
    let key = model.key(Action::Run(Act::Decide(Choice::DoneByHand)));
    match model.about.mode {
        _ if !walk.needs_hands() => None,
        Mode::Guarded => None,
        Mode::Observe { locked: false } => Some(format!(
            "OBSERVE: steps cannot run; `:unlock` lets them, or start with --guarded. Or do it by hand: {key}"
        )),
        Mode::Observe { locked: true } => {
            Some(format!("OBSERVE, opened with --read-only: steps cannot run. Do it by hand and say so: {key}"))
        }
        Mode::Replay(_) => Some(format!("a recording: nothing can run here. Do it by hand and say so: {key}")),
    }
}

/// Something that may be decided, as a key or a menu names it.
pub(super) fn wants(model: &mut Model, choice: Choice) -> Vec<Effect> {
    let Some(walk) = &model.screens.run.walk else { return Vec::new() };
    match choice {
        Choice::Go => return go(model),
        Choice::Verify => return decide(model, Decision::Verify),
        Choice::Retry => return decide(model, Decision::Retry),
        Choice::Pause => return decide(model, Decision::Pause),
        Choice::MarkDone | Choice::DoneByHand if !walk.open_items().is_empty() => ask::tick(model),
        Choice::MarkDone | Choice::DoneByHand => ask::evidence(model, true),
        Choice::MarkNotDone => ask::evidence(model, false),
        Choice::Override | Choice::Skip | Choice::Defer | Choice::RollBack | Choice::Abort => ask::why(model, choice),
        Choice::TakeBack => ask::which(model, choice, standing(walk)),
        Choice::GoTo => ask::which(model, choice, forward(walk)),
        Choice::Finish => ask::close(model),
    }
    Vec::new()
}

fn go(model: &mut Model) -> Vec<Effect> {
    match model.screens.run.walk.as_ref().and_then(Walk::asks).cloned() {
        Some(Asks::Enter) => go_at_once(model),
        Some(Asks::Yes | Asks::Typed { .. } | Asks::Question(_)) => {
            confirm(model);
            Vec::new()
        }
        // A value that is there is agreed to; whatever else is asked, the engine says what it lacks.
        _ => decide(model, Decision::Go(Consent::default())),
    }
}

fn standing(walk: &Walk) -> Vec<String> {
    walk.state.standing().map(|undo| undo.step.clone()).collect()
}

fn forward(walk: &Walk) -> Vec<String> {
    walk.book.iter().flat_map(|book| book.forward()).map(|step| step.id.clone()).collect()
}

/// Hands a decision to the session.
pub(super) fn decide(model: &mut Model, decision: Decision) -> Vec<Effect> {
    work(model, Wish::Decide(decision))
}

fn work(model: &mut Model, wish: Wish) -> Vec<Effect> {
    let Some(walk) = &model.screens.run.walk else { return Vec::new() };
    if walk.busy || !walk.is_open() {
        let why = waits(model, walk);
        model.say(Gravity::Info, why);
        return Vec::new();
    }
    if let Some(walk) = &mut model.screens.run.walk {
        walk.busy = true;
    }
    vec![Effect::Run(wish)]
}

/// Takes the answer of a dialog about the run.
pub(super) fn answered(model: &mut Model, purpose: &Purpose, answer: Answer) -> Vec<Effect> {
    let mut values = answer.values.into_iter();
    let mut next = || values.next().unwrap_or_default();
    match purpose {
        Purpose::Go => consent(model, &mut next),
        Purpose::Close => decide(model, Decision::Finish),
        Purpose::Menu(choices) => choices.get(answer.row).map_or_else(Vec::new, |choice| wants(model, *choice)),
        Purpose::Why(choice) => {
            let reason = next();
            why(*choice, reason).map_or_else(Vec::new, |decision| decide(model, decision))
        }
        Purpose::Which(choice, steps) => {
            if let Some(step) = steps.get(answer.row) {
                ask::why_step(model, *choice, step.clone());
            }
            Vec::new()
        }
        Purpose::WhyStep(choice, step) => {
            let (step, reason) = (step.clone(), next());
            decide(
                model,
                match choice {
                    Choice::TakeBack => Decision::TakeBack { step, reason },
                    _ => Decision::GoTo { step, reason },
                },
            )
        }
        Purpose::Evidence { done: true } => decide(model, Decision::Done { evidence: next() }),
        Purpose::Evidence { done: false } => decide(model, Decision::NotDone { evidence: next() }),
        Purpose::Value(name) => value(model, name, next()),
        Purpose::Tick(items) => match items.get(answer.row) {
            Some(item) => decide(model, Decision::Tick(item.clone())),
            None => Vec::new(),
        },
        Purpose::Note => decide(model, Decision::Note(next())),
        Purpose::Survivors => work(model, Wish::EndSurvivors),
        Purpose::Book { .. } | Purpose::Other(_) | Purpose::Begin => Vec::new(),
    }
}

fn why(choice: Choice, reason: String) -> Option<Decision> {
    Some(match choice {
        Choice::Override => Decision::Override { reason },
        Choice::Skip => Decision::Skip { reason },
        Choice::Defer => Decision::Defer { reason },
        Choice::RollBack => Decision::RollBack { reason },
        Choice::Abort => Decision::Abort { reason },
        _ => return None,
    })
}

/// The operator's word for what stands next: the mode may have changed while the dialog stood there.
fn consent(model: &mut Model, next: &mut dyn FnMut() -> String) -> Vec<Effect> {
    if let Some(why) = locked(model) {
        model.say(Gravity::Warning, why);
        return Vec::new();
    }
    let typed = match model.screens.run.walk.as_ref().and_then(Walk::asks) {
        Some(Asks::Typed { second_person, .. }) => Some(*second_person),
        _ => None,
    };
    let consent = match typed {
        None => Consent::default(),
        Some(second) => Consent { typed: Some(next()), reason: Some(next()), approved_by: second.then(&mut *next) },
    };
    decide(model, Decision::Go(consent))
}

/// A value is held against its parameter before anything is made of it.
fn value(model: &mut Model, name: &str, value: String) -> Vec<Effect> {
    let book = model.screens.run.walk.as_ref().and_then(|walk| walk.book.clone());
    if let Some(Err(why)) = book.as_deref().and_then(|book: &Runbook| book.param(name)).map(|param| param.check(&value))
    {
        ask::value(model, Some(&name.to_owned()), Some(why));
        return Vec::new();
    }
    let (name, value) = (name.to_owned(), Secret::new(value));
    decide(model, Decision::Answer { name, value, origin: OPERATOR.to_owned() })
}
