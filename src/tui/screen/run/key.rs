//! The commands of the run screen.

use std::borrow::Cow;

use super::{Walk, Wish, ask, begin, decide};
use crate::{
    runbook::{
        machine::{Asks, Choice, Situation},
        record::When,
        session::Work,
    },
    tui::{
        command::{Action, Command},
        event::Effect,
        model::{Gravity, Model},
        nav::Place,
    },
};

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Something of the engine's choices.
    Decide(Choice),
    /// All that may be decided.
    Menu,
    /// An item is made sure of.
    Tick,
    /// Something is written down.
    Note,
    /// The command is copied.
    Copy,
    /// What runs is stopped.
    Stop,
    /// To the run that is under way.
    Show,
}

const fn of(choice: Choice) -> Action {
    Action::Run(Act::Decide(choice))
}

/// The commands of this screen.
pub static COMMANDS: &[Command] = &[
    Command::new("run-stop", &["S"], "stop what runs", Action::Run(Act::Stop)).hinted("stop"),
    Command::new("run", &["0"], "to the run that is under way", Action::Run(Act::Show)).hinted("run"),
    Command::new("run-menu", &["."], "all that may be decided about the run", Action::Run(Act::Menu)).hinted("choices"),
    Command::new("run-verify", &["v"], "look at the live check of the step now", of(Choice::Verify)).hinted("verify"),
    Command::new("run-done", &["e"], "it was done by hand, with evidence", of(Choice::DoneByHand)).hinted("by hand"),
    Command::new("run-skip", &["s"], "leave the step out, with a reason", of(Choice::Skip)).hinted("skip"),
    Command::new("run-copy", &["c"], "copy the command of the step", Action::Run(Act::Copy)),
    Command::new("run-note", &["n"], "write something into the record", Action::Run(Act::Note)).hinted("note"),
    Command::new("run-abort", &["a"], "give the run up, with a reason", of(Choice::Abort)).hinted("abort"),
    Command::new("run-tick", &["t"], "an item of the step is made sure of", Action::Run(Act::Tick)),
    Command::new("run-not-done", &["x"], "it was not done, with evidence", of(Choice::MarkNotDone)),
    Command::new("run-retry", &["ctrl-r"], "look at the step again, then decide once more", of(Choice::Retry)),
    Command::new("run-defer", &["d"], "leave the step for later, with a reason", of(Choice::Defer)),
    Command::new("run-override", &["o"], "go on all the same, with a reason", of(Choice::Override)),
    Command::new("run-roll-back", &["u"], "take back all that was done", of(Choice::RollBack)),
    Command::new("run-take-back", &["b"], "take back one change alone", of(Choice::TakeBack)),
    Command::new("run-go-to", &["J"], "go on at another step, with a reason", of(Choice::GoTo)),
    Command::new("run-pause", &["P"], "stop for now; the run can be taken up again", of(Choice::Pause)),
    Command::new("run-finish", &["F"], "close the run", of(Choice::Finish)),
];

/// Whether a command belongs to where one is.
pub(in crate::tui::screen) fn is_here(model: &Model, act: Act) -> bool {
    let here = *model.nav.place() == Place::Run;
    match act {
        Act::Show => !here,
        _ => here,
    }
}

/// Why a command cannot be done now.
pub(in crate::tui::screen) fn why_not(model: &Model, act: Act) -> Option<Cow<'static, str>> {
    let state = &model.screens.run;
    let Some(walk) = &state.walk else {
        return match act {
            Act::Show if state.chosen.is_some() || state.choosing.is_some() => None,
            Act::Stop if state.choosing.is_some() => None,
            _ => Some("no run is under way".into()),
        };
    };
    match act {
        Act::Show => (!walk.is_open()).then(|| "no run is under way".into()),
        Act::Stop => (!runs(walk)).then(|| "nothing runs".into()),
        Act::Copy => (command(walk).is_none()).then(|| "the step has no command".into()),
        _ if walk.situation().is_none() => Some(decide::waits(model, walk)),
        Act::Menu | Act::Note => None,
        Act::Tick => walk.open_items().is_empty().then(|| "there is nothing to tick".into()),
        Act::Decide(choice) => (!may(walk, choice))
            .then(|| format!("not possible here; {} shows what is", model.key(Action::Run(Act::Menu))).into()),
    }
}

/// Whether something is under way that can be stopped.
fn runs(walk: &Walk) -> bool {
    walk.is_open() && walk.busy && walk.doing.is_some() && !walk.stopping
}

/// Marking an unknown outcome as done is the same word as done by hand.
fn may(walk: &Walk, choice: Choice) -> bool {
    walk.may(choice) || choice == Choice::DoneByHand && walk.may(Choice::MarkDone)
}

fn command(walk: &Walk) -> Option<String> {
    walk.stand.as_ref()?.runs.clone().ok().flatten()
}

/// Does a command.
pub(in crate::tui::screen) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    match act {
        Act::Decide(choice) => return decide::wants(model, choice),
        Act::Menu => ask::menu(model),
        Act::Tick => ask::tick(model),
        Act::Note => ask::note(model),
        Act::Copy => {
            let text = model.screens.run.walk.as_ref().and_then(command);
            return text.map(|text| vec![Effect::Copy(text)]).unwrap_or_default();
        }
        Act::Stop => return stop(model),
        Act::Show => model.nav.enter(Place::Run),
    }
    Vec::new()
}

/// Stops what takes time, and says what comes of that.
fn stop(model: &mut Model) -> Vec<Effect> {
    let Some(walk) = &mut model.screens.run.walk else { return begin::stop(model) };
    walk.stopping = true;
    let words = match &walk.doing {
        Some((Work::Surveying(When::Before), _)) => "stopping; the run is paused before its first step",
        Some((Work::Surveying(When::After), _)) => "stopping; the run is closed without a look at the whole target",
        Some((Work::Watching, _)) => "stopping; whether what was verified still holds is left open",
        _ => "stopping; how it ended is written down",
    };
    model.say(Gravity::Warning, words);
    vec![Effect::Run(Wish::Stop)]
}

/// What Enter does here, in a word for the hints; nothing where it does nothing.
pub(in crate::tui::screen) fn enter_word(model: &Model) -> Option<&'static str> {
    let state = &model.screens.run;
    if state.chosen.is_some() {
        return Some("begin …");
    }
    let walk = state.walk.as_ref()?;
    Some(match walk.situation()? {
        Situation::NeedsParams(_) => "give values",
        Situation::ToPrepare(_) => "look at it",
        Situation::ToFinish => "close …",
        Situation::Ended => return None,
        Situation::Step { asks, .. } | Situation::RollingBack { asks, .. } => match asks {
            Asks::Settle(_) | Asks::Trouble(_) => "what now",
            _ if !walk.open_items().is_empty() => "tick",
            Asks::Enter if walk.may(Choice::Go) && walk.needs_hands() => "run it",
            Asks::Enter => "look",
            Asks::Yes | Asks::Typed { .. } => "run …",
            Asks::Question(_) => "answer",
            Asks::Value(_) => "give value",
            Asks::Hand => "done …",
        },
    })
}

/// What is asked, behind the word of Enter.
pub(super) fn asked(walk: &Walk) -> String {
    match walk.asks() {
        Some(Asks::Typed { name, second_person }) => {
            let second = if *second_person { ", and a second person" } else { "" };
            format!(" (asks for `{}` and a reason{second})", crate::text::screen(name))
        }
        Some(Asks::Yes) => " (asks first)".to_owned(),
        Some(Asks::Question(question)) => format!(": {}", crate::text::screen(question)),
        Some(Asks::Value(name)) => format!(" of {name}"),
        Some(Asks::Settle(_)) => ": was it done?".to_owned(),
        _ => String::new(),
    }
}
